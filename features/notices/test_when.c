/* test_when.c: when a person is told, on days of 23, 24 and 25 hours. Expected moments by Python's zoneinfo. */
#include "base/arena.h"
#include "features/notices/when.h"
#include "features/notices/wish.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int64_t
at(const char *iso)
{
    int64_t us;
    assert_true(time_parse(iso, &us));
    return us;
}

static void
next_time_of_day(void **state)
{
    static const struct {
        const char *zone;
        int minute;
        const char *after, *want;
    } cases[] = {
        {"Europe/Berlin", 420, "2026-01-10T05:59:59Z", "2026-01-10T06:00:00Z"},
        {"Europe/Berlin", 420, "2026-01-10T06:00:00Z", "2026-01-11T06:00:00Z"}, /* after, not at */
        {"Europe/Berlin", 420, "2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z"}, /* 23 hours later */
        {"Europe/Berlin", 420, "2026-10-24T05:00:00Z", "2026-10-25T06:00:00Z"}, /* 25 hours later */
        {"Europe/Berlin", 150, "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"}, /* 02:30 is left out: 03:30 */
        {"Europe/Berlin", 150, "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"}, /* 02:30 comes twice: the first */
        {"Europe/Berlin", 150, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}, /* and once only */
        {"America/New_York", 420, "2026-03-07T12:00:00Z", "2026-03-08T11:00:00Z"},
        {"America/New_York", 420, "2026-10-31T11:00:00Z", "2026-11-01T12:00:00Z"},
        {"Australia/Lord_Howe", 420, "2026-04-04T00:00:00Z", "2026-04-04T20:30:00Z"}, /* half an hour */
        {"Asia/Kolkata", 420, "2026-06-01T01:29:00Z", "2026-06-01T01:30:00Z"},
        {"Pacific/Kiritimati", 420, "2026-01-01T00:00:00Z", "2026-01-01T17:00:00Z"},
        {"Europe/Berlin", 420, "2028-02-28T12:00:00Z", "2028-02-29T06:00:00Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[TIME_TEXT], want[TIME_TEXT];
        const struct tz *z = tz_find(cases[i].zone);
        assert_non_null(z);
        time_iso(when_next(z, cases[i].minute, at(cases[i].after)), text);
        time_iso(at(cases[i].want), want);
        assert_string_equal(text, want);
    }
}

static void
every_day_once(void **state)
{
    static const char *const zones[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran", "UTC"};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        const struct tz *z = tz_find(zones[i]);
        int64_t t = at("2026-01-01T00:00:00Z");
        int32_t day = tz_day(z, when_next(z, 420, t));
        for (int n = 0; n < 3 * 365; n++, day++) {
            t = when_next(z, 420, t);
            assert_int_equal(tz_day(z, t), day);
        }
    }
}

static void
quiet_hours(void **state)
{
    const struct tz *z = tz_find("Europe/Berlin");
    struct when_quiet night = {21 * 60, 7 * 60}, noon = {12 * 60, 13 * 60}, none = {WHEN_NEVER, WHEN_NEVER};
    assert_int_equal(when_loud(z, night, at("2026-01-10T19:59:00Z")), at("2026-01-10T19:59:00Z"));
    assert_int_equal(when_loud(z, night, at("2026-01-10T20:00:00Z")), at("2026-01-11T06:00:00Z"));
    assert_int_equal(when_loud(z, night, at("2026-01-11T05:59:59Z")), at("2026-01-11T06:00:00Z"));
    assert_int_equal(when_loud(z, night, at("2026-01-11T06:00:00Z")), at("2026-01-11T06:00:00Z"));
    assert_int_equal(when_loud(z, night, at("2026-03-28T23:00:00Z")), at("2026-03-29T05:00:00Z")); /* a short night */
    assert_int_equal(when_loud(z, night, at("2026-10-24T22:00:00Z")), at("2026-10-25T06:00:00Z")); /* a long one */
    assert_int_equal(when_loud(z, noon, at("2026-01-10T11:30:00Z")), at("2026-01-10T12:00:00Z"));
    assert_int_equal(when_loud(z, none, at("2026-01-10T23:30:00Z")), at("2026-01-10T23:30:00Z"));
    struct wish early = {WISH_DAILY, 6 * 60, night, "Europe/Berlin", z};
    assert_int_equal(wish_due(&early, at("2026-01-10T12:00:00Z")), at("2026-01-11T06:00:00Z")); /* quiet wins */
}

static void
times_as_text(void **state)
{
    static const char *const bad[] = {"", "7:00", "24:00", "07:60", "07:000", "07.00", "ab:cd", "07:0"};
    int m = -1;
    assert_true(when_parse("07:05", &m));
    assert_int_equal(m, 425);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(when_parse(bad[i], &m));
    struct arena *a = arena_new(0);
    assert_string_equal(when_text(a, 425), "07:05");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(next_time_of_day), cmocka_unit_test(every_day_once),
                                       cmocka_unit_test(quiet_hours), cmocka_unit_test(times_as_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
