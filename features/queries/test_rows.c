/* test_rows.c: what the rows of an EDC's export say, and which are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"
#include "features/queries/rows.h"

static int32_t today;

static struct sheet_book
book(struct arena *a, const char *text)
{
    struct sheet_book b;
    assert_true(date_parse("2026-11-24", &today));
    assert_null(sheet_read(a, text, strlen(text), NULL, &b));
    return b;
}

static void
test_columns(void **state)
{
    struct arena *a = arena_new(0);
    struct rows_columns k;
    struct sheet_book b = book(a, "Query ID,Site Number,Date Opened,Response date,Other\n1,101,2026-01-05,,x\n2,101,2026-01-06,,x\n");
    assert_null(rows_find(a, b.sheets, NULL, 0, &k));
    assert_int_equal(k.at[ROWS_ID], 0);
    assert_int_equal(k.at[ROWS_SITE], 1);
    assert_int_equal(k.at[ROWS_OPENED], 2);
    assert_int_equal(k.at[ROWS_ANSWERED], 3);
    assert_int_equal(k.at[ROWS_CLOSED], -1);
    const char *map[] = {"ID=other", "ANSWERED="};
    assert_null(rows_find(a, b.sheets, map, 2, &k));
    assert_int_equal(k.at[ROWS_ID], 4);
    assert_int_equal(k.at[ROWS_ANSWERED], -1);
    const char *wrong[] = {"ID=nothing"};
    assert_string_equal(rows_find(a, b.sheets, wrong, 1, &k)->field, "map");
    b = book(a, "Query ID,Query number,Site,Opened\n1,1,101,2026-01-05\n2,2,101,2026-01-06\n");
    assert_non_null(strstr(rows_find(a, b.sheets, NULL, 0, &k)->text, "Query ID or Query number"));
    b = book(a, "Query ID,Colour,Opened\n1,red,2026-01-05\n2,blue,2026-01-06\n");
    assert_string_equal(rows_find(a, b.sheets, NULL, 0, &k)->field, "map");
    arena_free(a);
}

static err_t
row(struct arena *a, const char *values, struct rows_query *q)
{
    struct rows_columns k;
    unsigned order;
    struct sheet_book b = book(a, arena_printf(a, "id,subject,opened,answered,closed,status\n9,S1,2026-01-02,,,Open\n%s\n", values));
    assert_null(rows_find(a, b.sheets, NULL, 0, &k));
    assert_null(rows_order(a, b.sheets, &k, today, NULL, &order));
    return rows_read(a, &k, &b.sheets->rows[2], order, today, q);
}

static void
test_states(void **state)
{
    struct arena *a = arena_new(0);
    struct rows_query q;
    assert_null(row(a, "1,S1,2026-01-05,,,Open", &q));
    assert_int_equal(q.state, ROWS_IS_OPEN);
    assert_null(row(a, "1,S1,2026-01-05,2026-01-07,,Answered", &q));
    assert_int_equal(q.state, ROWS_IS_ANSWERED);
    assert_string_equal(rows_since(&q), "2026-01-07");
    assert_null(row(a, "1,S1,2026-01-05,2026-01-07,NA,Re-opened", &q)); /* the status goes before the days */
    assert_int_equal(q.state, ROWS_IS_OPEN);
    assert_string_equal(rows_since(&q), "2026-01-05");
    assert_null(row(a, "1,S1,2026-01-05,,,Closed", &q));
    assert_int_equal(q.state, ROWS_IS_CLOSED);
    assert_null(row(a, "1,S1,2026-01-05,,2026-01-09,", &q)); /* without a status the days say it */
    assert_int_equal(q.state, ROWS_IS_CLOSED);
    arena_free(a);
}

static void
test_refused(void **state)
{
    struct arena *a = arena_new(0);
    struct rows_query q;
    assert_string_equal(row(a, ",S1,2026-01-05,,,Open", &q)->field, "id");
    assert_string_equal(row(a, "1,,2026-01-05,,,Open", &q)->field, "subject");
    assert_string_equal(row(a, "1,S1,,,,Open", &q)->field, "opened");
    assert_string_equal(row(a, "1,S1,2026-02-30,,,Open", &q)->field, "opened");
    assert_string_equal(row(a, "1,S1,2026-01,,,Open", &q)->field, "opened");
    assert_string_equal(row(a, "1,S1,2027-01-05,,,Open", &q)->field, "opened"); /* it has not come */
    assert_string_equal(row(a, "1,S1,2026-01-05,2026-01-04,,Answered", &q)->field, "answered");
    assert_string_equal(row(a, "1,S1,2026-01-05,,2026-01-04,Closed", &q)->field, "closed");
    assert_string_equal(row(a, "1,S1,2026-01-05,,,Answered", &q)->field, "status");
    assert_string_equal(row(a, "1,S1,2026-01-05,,,Purple", &q)->field, "status");
    arena_free(a);
}

static void
test_order(void **state)
{
    struct arena *a = arena_new(0);
    struct rows_columns k;
    unsigned order;
    struct rows_query q;
    struct sheet_book b = book(a, "id,site,opened\n1,101,03/04/2026\n2,101,05/06/2026\n");
    assert_null(rows_find(a, b.sheets, NULL, 0, &k));
    assert_string_equal(rows_order(a, b.sheets, &k, today, NULL, &order)->field, "dates");
    assert_null(rows_order(a, b.sheets, &k, today, "mdy", &order));
    assert_null(rows_read(a, &k, &b.sheets->rows[1], order, today, &q));
    assert_string_equal(q.opened, "2026-03-04");
    b = book(a, "id,site,opened\n1,101,03/04/2026\n2,101,25/06/2026\n");
    assert_null(rows_order(a, b.sheets, &k, today, NULL, &order)); /* one of them settles it */
    assert_null(rows_read(a, &k, &b.sheets->rows[1], order, today, &q));
    assert_string_equal(q.opened, "2026-04-03");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_columns), cmocka_unit_test(test_states), cmocka_unit_test(test_refused), cmocka_unit_test(test_order)};
    return cmocka_run_group_tests_name("rows of queries", tests, NULL, NULL);
}
