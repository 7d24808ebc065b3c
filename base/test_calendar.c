/* test_calendar.c: business days: the known vectors, the ends of years and of the calendar, and every
 * sum against counting day by day. */
#include "base/arena.h"
#include "base/calendar.h"
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WEEK = CALENDAR_SAT_SUN, FRI_SAT = 1 << 4 | 1 << 5 };

static int
make(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int
drop(void **state)
{
    arena_free(*state);
    return 0;
}

static int32_t
on(const char *iso)
{
    int32_t day;
    assert_true(date_parse(iso, &day));
    return day;
}

/* Christmas as three countries keep it, and two holidays on weekends. */
static struct calendar
christmas(struct arena *a)
{
    struct calendar_day days[] = {
        {on("2026-01-01"), "New Year"}, {on("2025-12-26"), "Boxing Day"}, {on("2025-12-25"), "Christmas"},
        {on("2025-12-25"), "Christmas"}, {on("2024-02-29"), "Leap"},      {on("2025-11-01"), "All Saints"},
        {on("2025-12-25"), "Nativity"},
    };
    struct calendar k;
    assert_null(calendar_make(a, WEEK, days, 7, 2024, 2026, &k));
    return k;
}

static void
test_vectors(void **state)
{
    static const struct {
        const char *from, *to;
        int64_t n;
    } cases[] = {
        {"2025-03-07", "2025-03-14", 5},   {"2025-03-08", "2025-03-14", 5},   {"2025-12-19", "2026-01-07", 10},
        {"2025-12-24", "2025-12-24", 0},   {"2025-12-25", "2025-12-25", 0},   {"2025-03-08", "2025-03-08", 0},
        {"2026-01-07", "2025-12-19", -10}, {"2025-03-09", "2025-03-07", -1},  {"2025-03-10", "2025-03-07", -1},
        {"2025-12-24", "2025-12-29", 1},   {"2025-12-31", "2026-01-02", 1},   {"2026-01-02", "2025-12-31", -1},
        {"2024-02-28", "2024-03-01", 1},   {"2024-03-01", "2024-02-28", -1},  {"2025-02-28", "2025-03-03", 1},
        {"2025-10-31", "2025-11-03", 1},   {"2025-12-26", "2025-12-24", -1},  {"2025-12-26", "2025-12-29", 1},
    };
    struct calendar k = christmas(*state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct calendar_sum sum;
        char text[DATE_TEXT];
        assert_true(calendar_add(&k, on(cases[i].from), cases[i].n, &sum));
        date_iso(sum.day, text);
        assert_string_equal(text, cases[i].to);
        assert_int_equal(sum.n, cases[i].n);
        assert_false(sum.guessed);
    }
}

static void
test_why(void **state)
{
    struct calendar k = christmas(*state);
    const char *name = "untouched";
    assert_int_equal(k.n, 5);
    assert_int_equal(k.n_off, 4);
    assert_int_equal(calendar_why(&k, on("2025-12-24"), &name), CALENDAR_WORKED);
    assert_null(name);
    assert_int_equal(calendar_why(&k, on("2025-12-25"), &name), CALENDAR_HOLIDAY);
    assert_string_equal(name, "Christmas, Nativity");
    assert_int_equal(calendar_why(&k, on("2025-11-01"), &name), CALENDAR_WEEKEND);
    assert_string_equal(name, "All Saints");
    assert_int_equal(calendar_why(&k, on("2025-12-27"), NULL), CALENDAR_WEEKEND);
    assert_int_equal(calendar_why(&k, on("2030-12-25"), &name), CALENDAR_WORKED);
}

static void
test_years_not_known(void **state)
{
    struct calendar k = christmas(*state), none;
    struct calendar_sum sum;
    assert_true(calendar_add(&k, on("2026-12-31"), 1, &sum));
    assert_true(sum.guessed);
    assert_true(calendar_add(&k, on("2026-12-30"), 1, &sum));
    assert_false(sum.guessed);
    assert_true(calendar_add(&k, on("2023-12-31"), 1, &sum)); /* the event's own year does not matter */
    assert_false(sum.guessed);
    assert_true(calendar_add(&k, on("2024-01-01"), -1, &sum));
    assert_true(sum.guessed);
    assert_true(calendar_count(&k, on("2026-12-31"), on("2027-01-04")).guessed);
    assert_false(calendar_count(&k, on("2027-01-04"), on("2027-01-04")).guessed);
    assert_null(calendar_make(*state, WEEK, NULL, 0, 0, 0, &none));
    assert_true(calendar_add(&none, on("2025-12-24"), 1, &sum));
    assert_int_equal(sum.day, on("2025-12-25"));
    assert_true(sum.guessed);
    assert_true(calendar_add(&none, on("2025-12-24"), 0, &sum));
    assert_false(sum.guessed);
}

static void
test_ends_of_the_calendar(void **state)
{
    struct calendar k = christmas(*state);
    struct calendar_sum sum = {.day = 77};
    int32_t first = on("0001-01-01"), last = on("9999-12-31");
    assert_false(calendar_add(&k, last, 1, &sum));
    assert_false(calendar_add(&k, first, -1, &sum));
    assert_false(calendar_add(&k, 0, INT64_MAX, &sum));
    assert_false(calendar_add(&k, 0, INT64_MIN, &sum));
    assert_false(calendar_add(&k, 0, 10000000, &sum));
    assert_int_equal(sum.day, 77);
    struct calendar_sum all = calendar_count(&k, first, last);
    assert_true(calendar_add(&k, first, all.n, &sum));
    assert_int_equal(sum.day, last); /* 9999-12-31 is a Friday */
    assert_true(calendar_add(&k, last, -all.n, &sum));
    assert_int_equal(sum.day, first);
    assert_int_equal(calendar_count(&k, last, first).n, -all.n);
}

/* Every answer is what counting day by day gives. */
static void
test_as_by_hand(void **state)
{
    static const unsigned weekends[] = {WEEK, FRI_SAT, 0, 1, CALENDAR_WEEKDAYS & ~4U};
    for (size_t w = 0; w < sizeof weekends / sizeof *weekends; w++) {
        struct calendar_day days[40];
        struct calendar k;
        int32_t from = on("2023-12-01");
        for (int i = 0; i < 40; i++)
            days[i] = (struct calendar_day){from + (i * i * 7 + i * 3) % 500 + (i % 5 == 0), NULL};
        assert_null(calendar_make(*state, weekends[w], days, 40, 2023, 2026, &k));
        for (int32_t event = from; event < from + 120; event++) {
            int64_t n = 0;
            for (int32_t day = event + 1; day < event + 400; day++) {
                struct calendar_sum sum;
                bool worked = calendar_why(&k, day, NULL) == CALENDAR_WORKED;
                n += worked;
                assert_int_equal(calendar_count(&k, event, day).n, n);
                if (!worked)
                    continue;
                assert_true(calendar_add(&k, event, n, &sum));
                assert_int_equal(sum.day, day);
            }
            n = 0;
            for (int32_t day = event - 1; day > event - 100; day--) {
                struct calendar_sum sum;
                bool worked = calendar_why(&k, day, NULL) == CALENDAR_WORKED;
                n -= worked;
                assert_int_equal(calendar_count(&k, event, day).n, n);
                if (!worked)
                    continue;
                assert_true(calendar_add(&k, event, n, &sum));
                assert_int_equal(sum.day, day);
            }
        }
    }
}

static void
test_union(void **state)
{
    struct calendar x = christmas(*state), y, both;
    struct calendar_day days[] = {{on("2025-12-25"), "Christmas"}, {on("2025-12-24"), "Eve"}, {on("2028-05-01"), "May"}};
    struct calendar_sum sum;
    const char *name;
    assert_null(calendar_make(*state, FRI_SAT, days, 3, 2025, 2028, &y));
    assert_null(calendar_union(*state, &x, &y, &both));
    assert_int_equal(both.weekend, WEEK | FRI_SAT);
    assert_int_equal(both.first_year, 2025);
    assert_int_equal(both.last_year, 2026);
    assert_int_equal(calendar_why(&both, on("2025-12-24"), &name), CALENDAR_HOLIDAY);
    assert_int_equal(calendar_why(&both, on("2025-12-25"), &name), CALENDAR_HOLIDAY);
    assert_string_equal(name, "Christmas, Nativity");
    assert_int_equal(calendar_why(&both, on("2028-05-01"), &name), CALENDAR_HOLIDAY);
    assert_true(calendar_add(&both, on("2025-12-23"), 1, &sum));
    assert_int_equal(sum.day, on("2025-12-29"));
    assert_false(sum.guessed);
    assert_null(calendar_make(*state, CALENDAR_WEEKDAYS & ~(unsigned)WEEK, NULL, 0, 0, 0, &y));
    assert_non_null(calendar_union(*state, &x, &y, &both));
}

static void
test_refused(void **state)
{
    struct calendar k = {.weekend = 99};
    struct calendar_day day = {on("2025-05-01"), "May"};
    assert_non_null(calendar_make(*state, CALENDAR_WEEKDAYS, NULL, 0, 0, 0, &k));
    assert_non_null(calendar_make(*state, 1 << 7, NULL, 0, 0, 0, &k));
    assert_non_null(calendar_make(*state, WEEK, &day, 1, 0, 0, &k));
    assert_non_null(calendar_make(*state, WEEK, &day, 1, 2026, 2027, &k));
    assert_non_null(calendar_make(*state, WEEK, &day, 1, 2020, 2024, &k));
    assert_non_null(calendar_make(*state, WEEK, &day, 1, 2026, 2020, &k));
    assert_non_null(calendar_make(*state, WEEK, &day, 1, 2020, 10000, &k));
    assert_int_equal(k.weekend, 99);
}

static void
test_weekend_words(void **state)
{
    static const struct {
        const char *text, *again;
    } good[] = {{"sat,sun", "sat,sun"}, {"Sat, FRI", "fri,sat"}, {"none", "none"}, {"sun", "sun"}, {" fri , sat ", "fri,sat"}};
    static const char *const bad[] = {"", "sat,", ",sat", "saturday", "sat sun", "mon,tue,wed,thu,fri,sat,sun", "no", "sat,,sun"};
    unsigned w = 99;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(calendar_weekend_parse(good[i].text, &w));
        assert_string_equal(calendar_weekend_words(*state, w), good[i].again);
    }
    w = 99;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(calendar_weekend_parse(bad[i], &w));
    assert_int_equal(w, 99);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_vectors, make, drop),
        cmocka_unit_test_setup_teardown(test_why, make, drop),
        cmocka_unit_test_setup_teardown(test_years_not_known, make, drop),
        cmocka_unit_test_setup_teardown(test_ends_of_the_calendar, make, drop),
        cmocka_unit_test_setup_teardown(test_as_by_hand, make, drop),
        cmocka_unit_test_setup_teardown(test_union, make, drop),
        cmocka_unit_test_setup_teardown(test_refused, make, drop),
        cmocka_unit_test_setup_teardown(test_weekend_words, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
