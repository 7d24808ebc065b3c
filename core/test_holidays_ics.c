/* test_holidays_ics.c: files of holidays, good and bad: the days that come out, and what is said of those
 * that do not. Also the files that ship, against days that everybody can look up. */
#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "core/holidays_ics.h"
#include "web/asset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define EVENT(inside) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" inside "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
#define TWO(one, two) EVENT(one "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n" two)

static int
make(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int
drop(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *
as_text(struct arena *a, const struct holidays_ics *f)
{
    struct calendar k;
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "%d-%d:", f->first_year, f->last_year);
    assert_null(calendar_make(a, CALENDAR_SAT_SUN, f->days, f->n, f->first_year, f->last_year, &k));
    for (size_t i = 0; i < k.n; i++) {
        char iso[DATE_TEXT];
        date_iso(k.days[i].day, iso);
        buf_printf(&b, " %s %s", iso, str_or(k.days[i].name, "-"));
    }
    return buf_text(&b);
}

static void
test_good(void **state)
{
    static const struct {
        const char *file, *want;
    } cases[] = {
        {EVENT("DTSTART;VALUE=DATE:20260501\r\nSUMMARY:Labour Day"), "2026-2026: 2026-05-01 Labour Day"},
        {EVENT("DTSTART:20260501"), "2026-2026: 2026-05-01 -"},
        {EVENT("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Noël\\, fermé"),
         "2026-2026: 2026-12-24 Noël, fermé 2026-12-25 Noël, fermé 2026-12-26 Noël, fermé"},
        {EVENT("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261224\r\nSUMMARY:One"), "2026-2026: 2026-12-24 One"},
        {EVENT("DTSTART;VALUE=DATE:20261231\r\nDURATION:P2D\r\nSUMMARY:New Year"), "2026-2027: 2026-12-31 New Year 2027-01-01 New Year"},
        {EVENT("DTSTART;VALUE=DATE:20260501\r\nSUMMARY:A very\r\n  long name\r\n  , folded"), "2026-2026: 2026-05-01 A very long name , folded"},
        {EVENT("DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY;COUNT=2\r\nSUMMARY:Leap"), "2024-2028: 2024-02-29 Leap 2028-02-29 Leap"},
        {EVENT("DTSTART;VALUE=DATE:20241128\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20261231\r\nSUMMARY:Thanks"),
         "2024-2026: 2024-11-28 Thanks 2025-11-27 Thanks 2026-11-26 Thanks"},
        {EVENT("DTSTART;VALUE=DATE:20240101\r\nRRULE:FREQ=YEARLY;UNTIL=20260101\r\nEXDATE;VALUE=DATE:20250101\r\nRDATE;VALUE=DATE:20250102\r\nSUMMARY:X"),
         "2024-2026: 2024-01-01 X 2025-01-02 X 2026-01-01 X"},
        {EVENT("DTSTART;VALUE=DATE:20240601\r\nRDATE;VALUE=DATE:20240603,20240605\r\nSUMMARY:X"), "2024-2024: 2024-06-01 X 2024-06-03 X 2024-06-05 X"},
        /* without end: as far as the other days of the file go */
        {TWO("DTSTART;VALUE=DATE:19700101\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:New", "DTSTART;VALUE=DATE:20250418\r\nSUMMARY:Good\r\nRDATE;VALUE=DATE:20260403"),
         "2025-2026: 2025-01-01 New 2025-04-18 Good 2026-01-01 New 2026-04-03 Good"},
        {TWO("DTSTART;VALUE=DATE:20260501\r\nSUMMARY:Kept", "DTSTART;VALUE=DATE:20260601\r\nSTATUS:CANCELLED\r\nSUMMARY:Not"), "2026-2026: 2026-05-01 Kept"},
        {TWO("DTSTART;VALUE=DATE:20260501\r\nSUMMARY:A", "DTSTART;VALUE=DATE:20260501\r\nSUMMARY:B"), "2026-2026: 2026-05-01 A, B"},
        {"\xEF\xBB\xBF" "begin:vcalendar\nbegin:vevent\ndtstart;value=date:20260501\nsummary:x\nend:vevent\nend:vcalendar\n", "2026-2026: 2026-05-01 x"},
        {EVENT("DTSTART;VALUE=DATE:20260501\r\nSUMMARY:One\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P1D\r\nEND:VALARM"), "2026-2026: 2026-05-01 One"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct holidays_ics f;
        err_t e = holidays_ics_read(*state, "x.ics", cases[i].file, strlen(cases[i].file), &f);
        if (e)
            print_error("%zu: %s\n", i, err_line(*state, e));
        assert_null(e);
        assert_string_equal(as_text(*state, &f), cases[i].want);
        assert_false(f.endless);
    }
}

static void
test_endless(void **state)
{
    static const char file[] = EVENT("DTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:X");
    struct holidays_ics f;
    assert_null(holidays_ics_read(*state, "x.ics", file, sizeof file - 1, &f));
    assert_true(f.endless);
    assert_int_equal(f.n, 81);
    assert_int_equal(f.first_year, 2020);
    assert_int_equal(f.last_year, HOLIDAYS_ICS_LAST);
}

static void
test_bad(void **state)
{
    static const struct {
        const char *file, *want; /* a part of what is said */
    } cases[] = {
        {"", "x.ics: The file is empty"},
        {"date,name\n2026-01-01,New Year\n", "x.ics, line 1: This is no iCalendar file"},
        {"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no holiday in it"},
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n", "cut off"},
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "line 3: END:VCALENDAR stands without"},
        {"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", "line 3: END:VCALENDAR stands without"},
        {"BEGIN:VCALENDAR\nEND:VCALENDAR\nhello\n", "line 3: This line stands outside"},
        {"BEGIN:VCALENDAR\nBEGIN:A\nBEGIN:B\nBEGIN:C\nBEGIN:D\n", "line 5: Parts of a calendar"},
        {"BEGIN:VCALENDAR\n\xFF\nEND:VCALENDAR\n", "not text in UTF-8"},
        {EVENT("SUMMARY:No day"), "line 3, event \"No day\": It needs one DTSTART"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nDTSTART;VALUE=DATE:20260102"), "one DTSTART"},
        {EVENT("DTSTART:20260101T090000\r\nSUMMARY:Nine"), "event \"Nine\": DTSTART has a time of day"},
        {EVENT("DTSTART;TZID=Europe/Berlin:20260101T000000"), "time of day"},
        {EVENT("DTSTART;VALUE=DATE:20260230"), "line 3"},
        {EVENT("DTSTART;VALUE=DATE:tomorrow"), "line 3"},
        {EVENT("DTSTART;VALUE=DATE:16010101"), "1601-01-01 lies outside the years"},
        {EVENT("DTSTART;VALUE=DATE:20260105\r\nDTEND;VALUE=DATE:20260101"), "It lasts -4 days"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20261231"), "It lasts 364 days"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nDURATION:PT8H"), "DURATION"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nDURATION:P99999999999W"), "line 3"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=WEEKLY"), "another rule than the year"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=SECONDLY"), "another rule than the year"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY\r\nRRULE:FREQ=YEARLY"), "more than one RRULE"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=SOMETIMES"), "line 3"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nRECURRENCE-ID;VALUE=DATE:20260101"), "RECURRENCE-ID is not read"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nRDATE;VALUE=PERIOD:20260101T000000Z/P1D"), "RDATE"},
        {EVENT("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY;COUNT=100000;BYDAY=MO,TU,WE,TH,FR,SA,SU"), "at most 5000 days"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct holidays_ics f = {.n = 77};
        err_t e = holidays_ics_read(*state, "x.ics", cases[i].file, strlen(cases[i].file), &f);
        assert_non_null(e);
        if (!strstr(err_line(*state, e), cases[i].want))
            print_error("%zu: %s\n", i, err_line(*state, e));
        assert_non_null(strstr(err_line(*state, e), cases[i].want));
        assert_string_equal(e->field, "file");
        assert_int_equal(f.n, 77);
    }
}

static void
test_too_large(void **state)
{
    struct holidays_ics f;
    struct buf b;
    buf_init(&b, *state);
    buf_str(&b, "BEGIN:VCALENDAR\n");
    for (int i = 0; i <= HOLIDAYS_ICS_EVENTS; i++)
        buf_str(&b, "BEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n");
    buf_str(&b, "END:VCALENDAR\n");
    err_t e = holidays_ics_read(*state, "x.ics", b.data, b.len, &f);
    assert_non_null(e);
    assert_int_equal(e->code, E_TOO_LARGE);
    for (int i = 0; b.len <= HOLIDAYS_ICS_BYTES; i++)
        buf_str(&b, "                                                          \n");
    e = holidays_ics_read(*state, "x.ics", b.data, b.len, &f);
    assert_non_null(e);
    assert_non_null(strstr(err_line(*state, e), "bytes"));
}

/* ---- what ships ---- */

static bool
is_off(struct arena *a, const char *country, const char *iso, const char **ret_name)
{
    const struct asset *file = asset_find(arena_printf(a, "holidays/%s.ics", country));
    struct holidays_ics f;
    struct calendar k;
    int32_t day;
    assert_non_null(file);
    assert_null(holidays_ics_read(a, file->name, file->data, file->size, &f));
    assert_null(calendar_make(a, 0, f.days, f.n, f.first_year, f.last_year, &k));
    assert_true(date_parse(iso, &day));
    return calendar_why(&k, day, ret_name) == CALENDAR_HOLIDAY;
}

static void
test_shipped_days(void **state)
{
    static const struct {
        const char *country, *day, *name; /* NULL: worked */
    } facts[] = {
        {"DE", "2026-10-03", "National Holiday"}, {"DE", "2026-04-03", "Good Friday"}, {"DE", "2026-12-26", "Boxing Day"},
        {"DE", "2026-12-24", NULL},               {"DE", "2025-10-31", NULL},          {"DE", "2024-05-09", "Ascension Day"},
        {"FR", "2026-07-14", "Bastille Day"},     {"FR", "2026-04-03", NULL},          {"FR", "2026-05-08", "Victory Day"},
        {"GB", "2026-05-04", "Early May bank holiday"}, {"GB", "2026-08-31", "Summer bank holiday"}, {"GB", "2026-12-28", "Boxing Day (substitute day)"},
        {"GB", "2022-09-19", "Queen Elizabeth's Funeral Day"}, {"GB", "2023-05-08", "King Charles III's Coronation"}, {"GB", "2022-05-30", NULL},
        {"GB", "2022-06-02", "Spring bank holiday"}, {"GB", "2020-05-04", NULL},       {"GB", "2020-05-08", "Early May bank holiday (VE day)"},
        {"US", "2026-11-26", "Thanksgiving Day"}, {"US", "2026-11-27", NULL},          {"US", "2026-07-03", "Independence Day (substitute day)"},
        {"US", "2028-11-10", "Veterans Day (substitute day)"}, {"US", "2020-06-19", NULL}, {"US", "2021-06-18", "Juneteenth (substitute day)"},
        {"US", "2026-01-19", "Martin Luther King Jr. Day"}, {"US", "2021-12-31", "New Year's Day (substitute day)"}, {"US", "2026-11-03", NULL},
        {"NL", "2026-04-27", "King's Day"},       {"NL", "2025-04-26", "King's Day"},  {"NL", "2026-05-05", NULL},
        {"BE", "2026-07-21", "National Holiday"}, {"ES", "2026-10-12", "Fiesta Nacional de España"}, {"ES", "2026-04-06", NULL},
        {"IT", "2026-06-02", "Republic Day"},     {"IT", "2025-10-04", NULL},          {"IT", "2026-04-03", NULL},
        {"CH", "2026-08-01", "Bundesfeiertag"},   {"CH", "2026-05-14", "Ascension Day"}, {"CH", "2026-05-01", NULL},
        {"AT", "2026-10-26", "National Holiday"}, {"AT", "2026-04-03", NULL},          {"AT", "2026-06-04", "Corpus Christi"},
        {"PL", "2026-11-11", "Independence Day"}, {"PL", "2025-12-24", "Christmas Eve"}, {"PL", "2024-12-24", NULL},
        {"SE", "2026-06-19", NULL},               {"SE", "2026-06-20", "Midsummer Day"}, {"SE", "2026-06-06", "National Day"}, {"SE", "2026-12-24", NULL},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const char *name = NULL;
        bool off = is_off(*state, facts[i].country, facts[i].day, &name);
        if (off != (facts[i].name != NULL))
            print_error("%s %s\n", facts[i].country, facts[i].day);
        assert_int_equal(off, facts[i].name != NULL);
        if (off)
            assert_string_equal(name, facts[i].name);
        arena_reset(*state);
    }
}

static void
test_shipped_whole(void **state)
{
    size_t n;
    const struct asset *file = asset_under("holidays/", &n);
    assert_int_equal(n, 12);
    for (size_t i = 0; i < n; i++) {
        struct holidays_ics f;
        assert_null(holidays_ics_read(*state, file[i].name, file[i].data, file[i].size, &f));
        assert_int_equal(f.first_year, 2020);
        assert_int_equal(f.last_year, 2035);
        assert_true(str_starts(f.name, "Public holidays of "));
        assert_false(str_empty(f.note));
        assert_null(strchr(f.note, '\\'));
        int in[16] = {0};
        for (size_t d = 0; d < f.n; d++) {
            int y, m, day;
            date_to_civil(f.days[d].day, &y, &m, &day);
            in[y - 2020]++;
            assert_false(str_empty(f.days[d].name));
        }
        for (int y = 0; y < 16; y++)
            assert_true(in[y] >= 8 && in[y] <= 17);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_good, make, drop),
        cmocka_unit_test_setup_teardown(test_endless, make, drop),
        cmocka_unit_test_setup_teardown(test_bad, make, drop),
        cmocka_unit_test_setup_teardown(test_too_large, make, drop),
        cmocka_unit_test_setup_teardown(test_shipped_days, make, drop),
        cmocka_unit_test_setup_teardown(test_shipped_whole, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
