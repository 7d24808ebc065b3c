/* test_lines.c: lists as people paste them, and calendars as programs write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "features/ownwork/lines.h"

#include <string.h>

static struct arena *mem;

static int32_t
day(const char *iso)
{
    int32_t d = 0;
    assert_true(date_parse(iso, &d));
    return d;
}

static void
days_as_people_write_them(void **state)
{
    static const struct {
        const char *text, *iso; /* iso NULL: no day */
    } cases[] = {
        {"2026-12-01", "2026-12-01"}, {"1.12.2026", "2026-12-01"},    {"01/12/2026", "2026-12-01"},   {"1/12/26", "2026-12-01"},
        {"1 Dec 2026", "2026-12-01"}, {"1 December 2026", "2026-12-01"}, {"Tue 1 Dec 2026", "2026-12-01"}, {"Dec 1, 2026", "2026-12-01"},
        {"1 Dec", "2026-12-01"},      {"23 Nov", "2027-11-23"},       {"1.12.", "2026-12-01"},        {"today", "2026-11-24"},
        {"Tomorrow", "2026-11-25"},   {"29 Feb", "2028-02-29"},       {"1st of December", NULL},      {"31 Nov 2026", NULL},
        {"12/13/2026", NULL},         {"13/12/2026", "2026-12-13"},   {"soon", NULL},                 {"5", NULL},
        {"", NULL},                   {"2026-02-30", NULL},           {"1 2 3 4 5 6", NULL},          {"Sept 9", "2027-09-09"},
        {"99999999999999999999 1 1", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t found;
        char iso[DATE_TEXT] = "no day";
        if (lines_day(mem, cases[i].text, day("2026-11-24"), &found))
            date_iso(found, iso);
        if (strcmp(iso, str_or(cases[i].iso, "no day")) != 0)
            fail_msg("%s: %s", cases[i].text, iso);
    }
}

static struct own_line *
lines(const char *text, size_t want)
{
    struct own_line *x;
    size_t n;
    assert_null(lines_read(mem, text, day("2026-11-24"), &x, &n));
    assert_int_equal(n, want);
    return x;
}

static void
lists_as_people_paste_them(void **state)
{
    struct own_line *x = lines("What\tWho\tDue\r\nSend the drug log\tAnn Ray\t1 Dec 2026\r\n\r\n# later\r\n"
                               "- Answer 3 queries; Bo; 2026-12-02\r\n\xE2\x80\xA2 Call, write, and file, Cy Dee, Dec 3, 2026\r\n"
                               "Order kits | 4 Dec\r\n", 4);
    static const char *const want[][3] = {{"Send the drug log", "Ann Ray", "2026-12-01"}, {"Answer 3 queries", "Bo", "2026-12-02"},
                                          {"Call, write, and file", "Cy Dee", "2026-12-03"}, {"Order kits", NULL, "2026-12-04"}};
    for (size_t i = 0; i < 4; i++) {
        assert_null(x[i].refused);
        assert_string_equal(x[i].what, want[i][0]);
        assert_true(str_eq(x[i].who, want[i][1]));
        assert_string_equal(x[i].day, want[i][2]);
    }
    assert_int_equal(x[1].number, 5);
}

static void
each_refused_line_says_why(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"Send the log", "No day"},
        {"Send the log; Ann; soon", "No day"},
        {"; Ann; 2026-12-01", "does not say what"},
        {"Send; Ann; 2024-12-01", "more than a year"},
        {"Send; Ann; 2146-12-01", "hundred years"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct own_line *x = lines(cases[i].text, 1);
        if (!x[0].refused || !strstr(x[0].refused, cases[i].says))
            fail_msg("%s: %s", cases[i].text, str_or(x[0].refused, "taken"));
    }
    struct own_line *x = lines("Send; Ann; 2026-12-01\nSEND; Ann; 1 Dec", 2);
    assert_null(x[0].refused);
    assert_string_equal(x[1].refused, "It says the same as line 1.");
    char *many = arena_alloc(mem, 501 * 20 + 1);
    for (int i = 0; i < 501; i++)
        memcpy(many + i * 20, "Send x; A; 1/12/26 \n", 20);
    many[501 * 20] = '\0';
    struct own_line *all;
    size_t n;
    err_t e = lines_read(mem, many, day("2026-11-24"), &all, &n);
    assert_true(e && e->code == E_TOO_LARGE);
    char *wide = arena_alloc(mem, 1300);
    memset(wide, 'a', 1200);
    strcpy(wide + 1200, "; Ann; 2026-12-01");
    assert_non_null(lines(wide, 1)[0].refused);
}

#define ICS(body) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n" body "END:VCALENDAR\r\n"

static struct own_line *
entries(const char *text, size_t want)
{
    struct own_line *x;
    size_t n;
    assert_null(feed_ics_read(mem, text, strlen(text), day("2026-11-24"), tz_find("Europe/Berlin"), &x, &n));
    assert_int_equal(n, want);
    return x;
}

static void
calendars_as_programs_write_them(void **state)
{
    struct own_line *x = entries(
        ICS("BEGIN:VTODO\r\nUID:a\r\nSUMMARY:Send the log\\, signed\r\nDUE;VALUE=DATE:20261201\r\nORGANIZER;CN=\"Ann Ray\":mailto:ann@example.org\r\nEND:VTODO\r\n"
            "BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:Call\r\nDTSTART:20261201T233000Z\r\nEND:VEVENT\r\n"
            "BEGIN:VEVENT\r\nUID:c\r\nSUMMARY:Weekly\r\nDTSTART;VALUE=DATE:20260105\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n"
            "BEGIN:VEVENT\r\nUID:d\r\nSUMMARY:Long ago\r\nDTSTART;VALUE=DATE:20250105\r\nEND:VEVENT\r\n"
            "BEGIN:VEVENT\r\nUID:e\r\nSUMMARY:Gone\r\nSTATUS:CANCELLED\r\nDTSTART;VALUE=DATE:20261205\r\nEND:VEVENT\r\n"
            "BEGIN:VTODO\r\nUID:f\r\nSUMMARY:Kept\r\nSTATUS:COMPLETED\r\nDUE;VALUE=DATE:20261206\r\nEND:VTODO\r\n"
            "BEGIN:VTODO\r\nUID:g\r\nSUMMARY:Some day\r\nEND:VTODO\r\n"
            "BEGIN:VEVENT\r\nUID:h\r\nDTSTART;VALUE=DATE:20261207\r\nEND:VEVENT\r\n"
            "BEGIN:VTODO\r\nUID:i\r\nSUMMARY:Endless\r\nDUE;VALUE=DATE:20200101\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEND:VTODO\r\n"), 7);
    assert_string_equal(x[0].what, "Send the log, signed");
    assert_string_equal(x[0].who, "Ann Ray");
    assert_string_equal(x[0].day, "2026-12-01");
    assert_string_equal(x[0].uid, "a");
    assert_string_equal(x[1].day, "2026-12-02"); /* half past midnight in Berlin */
    assert_string_equal(x[2].day, "2026-11-30"); /* the next Monday */
    assert_int_equal(x[3].state, LINE_CANCELLED);
    assert_int_equal(x[4].state, LINE_DONE);
    assert_string_equal(x[5].refused, "It has no day.");
    assert_string_equal(x[6].refused, "It does not say what is due.");
}

static void
what_recurs_has_an_end(void **state)
{
    struct own_line *x = entries(ICS("BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Rounds\r\nDTSTART;VALUE=DATE:20060105\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"), 1);
    assert_null(x[0].refused);
    assert_string_equal(x[0].day, "2026-11-24");
    x = entries(ICS("BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:Tick\r\nDTSTART:20200105T000000Z\r\nRRULE:FREQ=SECONDLY;COUNT=90000000\r\nEND:VEVENT\r\n"), 1);
    assert_string_equal(x[0].refused, "It recurs too often to be read.");
}

static void
what_is_no_calendar_is_refused(void **state)
{
    static const char *const bad[] = {"", "<html>Sign in</html>", "BEGIN:VCARD\r\nEND:VCARD\r\n", "BEGIN:VCALENDAR\xff",
                                      "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct own_line *x;
        size_t n;
        err_t e = feed_ics_read(mem, bad[i], strlen(bad[i]), 0, tz_find("UTC"), &x, &n);
        assert_true(e && e->code == E_BAD_INPUT);
    }
    entries(ICS(""), 0);
}

int
main(void)
{
    mem = arena_new(0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_as_people_write_them),
        cmocka_unit_test(lists_as_people_paste_them),
        cmocka_unit_test(each_refused_line_says_why),
        cmocka_unit_test(calendars_as_programs_write_them),
        cmocka_unit_test(what_recurs_has_an_end),
        cmocka_unit_test(what_is_no_calendar_is_refused),
    };
    int rc = cmocka_run_group_tests_name("lists and calendars", tests, NULL, NULL);
    arena_free(mem);
    return rc;
}
