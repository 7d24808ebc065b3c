/* test_weeks.c: what a week holds, and where the time of one thing goes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/date.h"
#include "features/load/weeks.h"

enum { HOUR = 60 };

static int32_t
on(const char *iso)
{
    int32_t day = 0;
    assert_true(date_parse(iso, &day));
    return day;
}

static void
calendar(struct arena *a, struct calendar *k)
{
    struct calendar_day days[] = {{on("2026-12-25"), "Christmas Day"}, {on("2027-01-01"), "New Year"}};
    assert_null(calendar_make(a, CALENDAR_SAT_SUN, days, 2, 2024, 2028, k));
}

static void
test_capacity(void **state)
{
    struct arena *a = arena_new(0);
    struct calendar k;
    calendar(a, &k);
    struct weeks_span away[] = {{on("2028-02-28"), on("2028-02-29")}, {on("2026-12-30"), on("2027-01-04")}};
    struct weeks_person p = {40 * HOUR, &k, away, 2};
    assert_int_equal(weeks_monday(on("2026-11-29")), on("2026-11-23"));
    assert_int_equal(weeks_monday(on("2027-01-01")), on("2026-12-28")); /* over the year's end */
    assert_int_equal(weeks_capacity(&p, on("2026-12-07")), 40 * HOUR);
    assert_int_equal(weeks_capacity(&p, on("2026-12-21")), 32 * HOUR); /* Christmas on a Friday */
    assert_int_equal(weeks_capacity(&p, on("2026-12-28")), 16 * HOUR); /* Mon, Tue; New Year is not taken twice */
    assert_int_equal(weeks_capacity(&p, on("2028-02-28")), 24 * HOUR); /* a leap day away */
    struct weeks_span all = {on("2026-12-01"), on("2026-12-31")};
    struct weeks_person none = {40 * HOUR, &k, &all, 1};
    assert_int_equal(weeks_capacity(&none, on("2026-12-07")), 0);
    arena_free(a);
}

static int32_t
sum(const int32_t *x, size_t n)
{
    int32_t s = 0;
    for (size_t i = 0; i < n; i++)
        s += x[i];
    return s;
}

static void
test_spread(void **state)
{
    struct arena *a = arena_new(0);
    struct calendar k;
    calendar(a, &k);
    struct weeks_person p = {40 * HOUR, &k, NULL, 0};
    int32_t monday = on("2026-11-23"), x[8] = {0};
    /* eight hours for a Tuesday: Tue, Mon, and Fri and Thu of the week before */
    weeks_spread(&p, &(struct weeks_part){on("2026-11-23"), on("2026-12-08"), 8 * HOUR}, monday, 8, x);
    assert_int_equal(x[1], 4 * HOUR);
    assert_int_equal(x[2], 4 * HOUR);
    /* a day that is over: now */
    int32_t y[8] = {0};
    weeks_spread(&p, &(struct weeks_part){on("2026-11-24"), on("2026-11-02"), 8 * HOUR}, monday, 8, y);
    assert_int_equal(y[0], 8 * HOUR);
    assert_int_equal(sum(y, 8), 8 * HOUR);
    /* a Saturday, and today: no worked day before it, so the Monday after */
    int32_t z[8] = {0};
    weeks_spread(&p, &(struct weeks_part){on("2026-11-28"), on("2026-11-28"), HOUR}, monday, 8, z);
    assert_int_equal(z[1], HOUR);
    /* over the year's end: Mon 4 Jan, then Thu 31 and Wed 30 Dec, for Friday is a holiday; nothing is lost */
    int32_t v[8] = {0};
    weeks_spread(&p, &(struct weeks_part){on("2026-11-24"), on("2027-01-04"), 301}, monday, 8, v);
    assert_int_equal(v[5], 200);
    assert_int_equal(v[6], 101);
    /* outside the weeks, and nothing to do */
    int32_t o[1] = {0};
    weeks_spread(&p, &(struct weeks_part){on("2026-11-24"), on("2027-03-04"), HOUR}, monday, 1, o);
    weeks_spread(&p, &(struct weeks_part){on("2026-11-24"), on("2026-11-25"), 0}, monday, 1, o);
    assert_int_equal(o[0], 0);
    arena_free(a);
}

/* Away until after its day: when she is back; with no end of it, on its day. Nothing is ever lost. */
static void
test_away(void **state)
{
    struct arena *a = arena_new(0);
    struct calendar k;
    calendar(a, &k);
    struct weeks_span away = {on("2026-11-23"), on("2026-12-06")}, ever = {on("2026-01-01"), on("2028-01-01")};
    struct weeks_person p = {40 * HOUR, &k, &away, 1}, q = {40 * HOUR, &k, &ever, 1};
    int32_t monday = on("2026-11-23"), x[4] = {0}, y[4] = {0};
    weeks_spread(&p, &(struct weeks_part){on("2026-11-24"), on("2026-11-27"), 90}, monday, 4, x);
    assert_int_equal(x[2], 90);
    weeks_spread(&q, &(struct weeks_part){on("2026-11-24"), on("2026-11-27"), 90}, monday, 4, y);
    assert_int_equal(y[0], 90);
    arena_free(a);
}

static void
test_room(void **state)
{
    struct weeks_week w[] = {{.capacity = 600, .planned = 580}, {.capacity = 0}, {.capacity = 600, .planned = 700}, {.capacity = 600, .planned = 540}};
    assert_int_equal(weeks_room(w, 4, 0, 20), 0);
    assert_int_equal(weeks_room(w, 4, 0, 60), 3);
    assert_int_equal(weeks_room(w, 4, 1, 0), 3); /* a week away has no room, even for nothing */
    assert_int_equal(weeks_room(w, 4, 0, 61), 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_capacity), cmocka_unit_test(test_spread), cmocka_unit_test(test_away),
                                       cmocka_unit_test(test_room)};
    return cmocka_run_group_tests_name("weeks", tests, NULL, NULL);
}
