/* test_holidays.c: calendars in their versions, on both engines: those that ship, somebody's own, what is
 * in force, what a date was computed with; and the words of due dates. */
#include "base/date.h"
#include "base/str.h"
#include "core/holidays.h"
#include "core/holidays_ics.h"
#include "core/keep.h"
#include "core/test_case.h"

#include <string.h>

#define FILE_OF(day, name) "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:" day "\r\nSUMMARY:" name "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

static int32_t
on(const char *iso)
{
    int32_t day;
    assert_true(date_parse(iso, &day));
    return day;
}

static err_t
ship(struct ctx *c, void *arg)
{
    return holidays_ship(c);
}

struct own {
    const char *country, *data, *version;
    unsigned weekend;
    bool use;
};

static err_t
bring(struct ctx *c, void *arg)
{
    struct own *o = arg;
    struct holidays_file f = {.country = o->country, .name = "own.ics", .data = o->data, .n = strlen(o->data), .weekend = o->weekend};
    const char *version;
    TRY(holidays_add(c, &f, &version, NULL));
    o->version = arena_strdup(c->mem, version);
    return o->use ? holidays_use(c, o->country, version) : NULL;
}

static err_t
use(struct ctx *c, void *arg)
{
    const struct own *o = arg;
    return holidays_use(c, o->country, o->version);
}

static err_t
with_reason(struct core_case *k, db_work *work, void *arg)
{
    return record_transaction(&k->c, &(struct record_work){"calendar.use", "the ministry's own list", "test", work, arg});
}

static void
shipped(void **state)
{
    struct core_case *k = case_use(state);
    struct holidays h;
    bool due;
    assert_ok(holidays_ship_due(&k->c, &due));
    assert_true(due);
    assert_ok(case_write(k, "calendar.ship", ship, NULL));
    assert_ok(holidays_ship_due(&k->c, &due));
    assert_false(due);
    int64_t rows = case_number(k, "select count(*) from record");
    assert_int_equal(rows, 1);
    assert_ok(case_write(k, "calendar.ship", ship, NULL)); /* nothing is left to do, nothing is recorded */
    assert_int_equal(case_number(k, "select count(*) from record"), rows);
    assert_int_equal(case_number(k, "select count(*) from calendar where in_force = 1"), 12);
    assert_ok(holidays_of(&k->c, "DE", &h));
    assert_true(str_starts(h.version, "DE-"));
    assert_int_equal(strlen(h.version), 19);
    assert_int_equal(h.calendar.first_year, 2020);
    assert_int_equal(h.calendar.last_year, 2035);
    const char *name;
    assert_int_equal(calendar_why(&h.calendar, on("2026-04-03"), &name), CALENDAR_HOLIDAY);
    assert_string_equal(name, "Good Friday");
    struct calendar_sum sum;
    assert_ok(holidays_due(&k->c, on("2025-12-19"), 10, HOLIDAYS_BUSINESS_DAYS, &h, &sum));
    assert_int_equal(sum.day, on("2026-01-07"));
    assert_false(sum.guessed);
}

static void
versions_stay(void **state)
{
    struct core_case *k = case_use(state);
    struct holidays before, h;
    assert_ok(case_write(k, "calendar.ship", ship, NULL));
    assert_ok(holidays_of(&k->c, "DE", &before));
    struct own own = {"DE", FILE_OF("20260504", "Our day"), NULL, CALENDAR_SAT_SUN, false};
    assert_ok(case_write(k, "calendar.add", bring, &own));
    const char *version = own.version;
    assert_ok(holidays_of(&k->c, "DE", &h)); /* not in force yet */
    assert_string_equal(h.version, before.version);
    assert_err(case_write(k, "calendar.use", use, &own), E_REASON);
    assert_ok(with_reason(k, use, &own));
    assert_ok(holidays_of(&k->c, "DE", &h));
    assert_string_equal(h.version, version);
    assert_int_equal(h.calendar.n, 1);
    /* the old one can still be computed with */
    assert_ok(holidays_at(&k->c, before.version, &h));
    assert_int_equal(h.calendar.n, before.calendar.n);
    assert_string_equal(h.country[0], "DE");
    /* the same file again is the same version, and nothing happened */
    int64_t rows = case_number(k, "select count(*) from record");
    assert_ok(case_write(k, "calendar.add", bring, &own));
    assert_string_equal(own.version, version);
    assert_int_equal(case_number(k, "select count(*) from record"), rows);
    assert_int_equal(case_number(k, "select count(*) from calendar where country = 'DE'"), 2);
    /* and with another weekend another */
    own.weekend = 1 << 4 | 1 << 5;
    assert_ok(case_write(k, "calendar.add", bring, &own));
    assert_true(str_starts(own.version, "DE-fri.sat-"));
    /* a newer one that ships does not take its place */
    case_raw(k, "delete from calendar_days where calendar_id in (select id from calendar where country = 'DE' and shipped = 1);"
                "delete from calendar where country = 'DE' and shipped = 1", NULL);
    assert_ok(case_write(k, "calendar.ship", ship, NULL));
    assert_ok(holidays_of(&k->c, "DE", &h));
    assert_string_equal(h.version, version);
    own.version = "DE-0000000000000000";
    assert_err(with_reason(k, use, &own), E_NOT_FOUND);
    own = (struct own){.country = "FR", .version = version};
    assert_err(with_reason(k, use, &own), E_NOT_FOUND);
    assert_int_equal(case_number(k, "select count(*) from calendar where country = 'DE' and in_force = 1"), 1);
}

static void
refused(void **state)
{
    struct core_case *k = case_use(state);
    struct own own = {"ZZ", FILE_OF("20260504", "x"), NULL, CALENDAR_SAT_SUN, false};
    assert_err(case_write(k, "calendar.add", bring, &own), E_BAD_INPUT);
    own = (struct own){"DE", "not a calendar", NULL, CALENDAR_SAT_SUN, false};
    assert_err(case_write(k, "calendar.add", bring, &own), E_BAD_INPUT);
    own = (struct own){"DE", FILE_OF("20260504", "x"), NULL, CALENDAR_WEEKDAYS, false};
    assert_err(case_write(k, "calendar.add", bring, &own), E_BAD_INPUT);
    assert_int_equal(case_number(k, "select count(*) from calendar"), 0);
    assert_int_equal(case_number(k, "select count(*) from record"), 0);
}

static void
both_and_none(void **state)
{
    struct core_case *k = case_use(state);
    struct holidays h, again;
    assert_ok(case_write(k, "calendar.ship", ship, NULL));
    assert_ok(holidays_of_both(&k->c, "DE", "FR", &h));
    assert_int_equal(calendar_why(&h.calendar, on("2026-07-14"), NULL), CALENDAR_HOLIDAY); /* France's */
    assert_int_equal(calendar_why(&h.calendar, on("2026-04-03"), NULL), CALENDAR_HOLIDAY); /* Germany's */
    assert_string_equal(holidays_words(k->mem, &h), "holidays of Germany and France");
    assert_ok(holidays_at(&k->c, h.version, &again));
    assert_int_equal(again.calendar.n, h.calendar.n);
    assert_string_equal(again.version, h.version);
    assert_string_equal(holidays_words(k->mem, &again), "holidays of Germany and France");
    assert_ok(holidays_of_both(&k->c, "DE", "DE", &h));
    assert_null(h.country[1]);
    assert_ok(holidays_of_both(&k->c, NULL, "DE", &h));
    assert_string_equal(h.country[0], "DE");
    assert_ok(holidays_of(&k->c, "TD", &h));
    assert_string_equal(h.version, "TD-sat.sun");
    assert_true(h.missing[0]);
    assert_string_equal(holidays_words(k->mem, &h), "Saturdays and Sundays only: no holidays are known for Chad");
    assert_ok(holidays_at(&k->c, "TD-sat.sun", &again));
    assert_string_equal(holidays_words(k->mem, &again), "Saturdays and Sundays only: no holidays are known for Chad");
    assert_ok(holidays_of_both(&k->c, "TD", "US", &h));
    assert_string_equal(holidays_words(k->mem, &h), "holidays of the United States: none are known for Chad");
    assert_ok(holidays_at(&k->c, h.version, &again));
    assert_string_equal(again.version, h.version);
    assert_ok(holidays_of(&k->c, NULL, &h));
    assert_string_equal(h.version, "sat.sun");
    assert_string_equal(holidays_words(k->mem, &h), "Saturdays and Sundays only: no country is given");
    static const char *const bad[] = {"", "DE-", "DE-0123456789abcdef", "x", "DE-sat.sun+", "+", "sat.sun+x+y", "mon.tue.wed.thu.fri.sat.sun"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(holidays_at(&k->c, bad[i], &h), E_NOT_FOUND);
}

static void
kept_by_version(void **state)
{
    struct core_case *k = case_use(state);
    struct holidays h, again;
    k->inst.keep = keep_new(k->mem, 1 << 20);
    assert_ok(case_write(k, "calendar.ship", ship, NULL));
    assert_ok(holidays_of(&k->c, "SE", &h));
    size_t used = keep_used(k->inst.keep);
    assert_true(used > 0);
    assert_ok(holidays_of(&k->c, "SE", &again));
    assert_int_equal(keep_used(k->inst.keep), used);
    assert_int_equal(h.calendar.n, again.calendar.n);
    for (size_t i = 0; i < h.calendar.n; i++) {
        assert_int_equal(h.calendar.days[i].day, again.calendar.days[i].day);
        assert_string_equal(h.calendar.days[i].name, again.calendar.days[i].name);
    }
    /* another process changes what is in force: the next question sees it */
    struct own own = {"SE", FILE_OF("20260504", "Our day"), NULL, CALENDAR_SAT_SUN, true};
    assert_ok(with_reason(k, bring, &own));
    assert_ok(holidays_of(&k->c, "SE", &again));
    assert_int_equal(again.calendar.n, 1);
}

static void
words(void **state)
{
    struct core_case *k = case_use(state);
    struct holidays de, none;
    assert_ok(case_write(k, "calendar.ship", ship, NULL));
    assert_ok(holidays_of(&k->c, "DE", &de));
    assert_ok(holidays_of(&k->c, "TD", &none));
    const struct {
        const char *anchor, *want;
        int64_t n;
        enum holidays_unit unit;
        const struct holidays *h;
        bool guessed;
    } cases[] = {
        {"visit end", "visit end + 10 business days, holidays of Germany", 10, HOLIDAYS_BUSINESS_DAYS, &de, false},
        {"visit", "visit − 5 business days, holidays of Germany", -5, HOLIDAYS_BUSINESS_DAYS, &de, false},
        {"question", "question + 1 business day, holidays of Germany", 1, HOLIDAYS_BUSINESS_DAYS, &de, false},
        {"awareness", "awareness + 15 calendar days", 15, HOLIDAYS_CALENDAR_DAYS, NULL, false},
        {"known", "known + 24 hours", 24, HOLIDAYS_HOURS, NULL, false},
        {"visit end", "visit end", 0, HOLIDAYS_BUSINESS_DAYS, &de, false},
        {"visit end", "visit end + 2 business days, Saturdays and Sundays only: no holidays are known for Chad", 2, HOLIDAYS_BUSINESS_DAYS, &none, true},
        {"{n} %s", "{n} %s + 3 calendar days", 3, HOLIDAYS_CALENDAR_DAYS, NULL, false},
        {"end", "end + 4 business days, holidays of Germany; holidays are known for 2020 to 2035 only, in other years weekends alone were skipped",
         4, HOLIDAYS_BUSINESS_DAYS, &de, true},
        {"x", "x − 9223372036854775808 hours", INT64_MIN, HOLIDAYS_HOURS, NULL, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(holidays_reason(k->mem, cases[i].anchor, cases[i].n, cases[i].unit, cases[i].h, cases[i].guessed),
                            cases[i].want);
    enum holidays_unit u;
    for (int i = 0; i < 3; i++) {
        assert_true(holidays_unit_find(holidays_unit_word((enum holidays_unit)i), &u));
        assert_int_equal(u, i);
    }
    assert_false(holidays_unit_find("weeks", &u));
    assert_false(holidays_unit_find(NULL, &u));
}

static void
due(void **state)
{
    struct core_case *k = case_use(state);
    struct calendar_sum sum;
    int32_t day = on("2024-02-28");
    assert_ok(holidays_due(&k->c, day, 2, HOLIDAYS_CALENDAR_DAYS, NULL, &sum));
    assert_int_equal(sum.day, on("2024-03-01"));
    assert_ok(holidays_due(&k->c, day, 24, HOLIDAYS_HOURS, NULL, &sum));
    assert_int_equal(sum.day, on("2024-02-29"));
    assert_ok(holidays_due(&k->c, day, 23, HOLIDAYS_HOURS, NULL, &sum));
    assert_int_equal(sum.day, day);
    assert_ok(holidays_due(&k->c, day, -1, HOLIDAYS_HOURS, NULL, &sum));
    assert_int_equal(sum.day, on("2024-02-27"));
    assert_err(holidays_due(&k->c, day, INT64_MAX, HOLIDAYS_CALENDAR_DAYS, NULL, &sum), E_BAD_INPUT);
    assert_err(holidays_due(&k->c, day, -1000000, HOLIDAYS_CALENDAR_DAYS, NULL, &sum), E_BAD_INPUT);
    assert_err(holidays_due(&k->c, day, INT64_MIN, HOLIDAYS_CALENDAR_DAYS, NULL, &sum), E_BAD_INPUT);
    struct holidays none;
    assert_ok(holidays_of(&k->c, NULL, &none));
    assert_err(holidays_due(&k->c, day, 3000000, HOLIDAYS_BUSINESS_DAYS, &none, &sum), E_BAD_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(shipped), BOTH(versions_stay), BOTH(refused), BOTH(both_and_none), BOTH(kept_by_version), BOTH(words), BOTH(due),
    };
    return cmocka_run_group_tests_name("holidays", tests, NULL, NULL);
}
