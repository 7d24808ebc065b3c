/* test_base.c: the base room: memory, text, views and JSON, dates and zones, CSV, errors. */
#include "base/arena.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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

static void
count(void *n)
{
    ++*(int *)n;
}

static void
test_arena_restores_and_defers(void **state)
{
    struct arena *a = *state;
    int closed = 0;
    char *kept = arena_strdup(a, "kept");
    struct arena_mark mark = arena_save(a);
    arena_defer(a, count, &closed);
    for (int i = 0; i < 1000; i++) {
        unsigned char *p = arena_alloc(a, 999);
        for (int k = 0; k < 999; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xAA, 999);
    }
    assert_true(arena_used(a) > 999 * 1000);
    arena_restore(a, mark);
    assert_int_equal(closed, 1);
    assert_string_equal(kept, "kept");
    assert_true(arena_used(a) < 1000);
    unsigned char *again = arena_alloc(a, 64);
    assert_int_equal(again[0] | again[63], 0);
    assert_false(arena_full(a));
    arena_alloc(a, 2 << 20);
    assert_true(arena_full(a));
}

static void
test_arena_reset_runs_defers_last_first(void **state)
{
    struct arena *a = *state;
    int n = 0;
    arena_defer(a, count, &n);
    arena_defer(a, count, &n);
    arena_reset(a);
    assert_int_equal(n, 2);
    assert_int_equal(arena_used(a), 0);
    arena_reset(a);
    assert_int_equal(n, 2);
}

static void
test_numbers_are_read_whole(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } cases[] = {
        {"0", true, 0}, {"-7", true, -7}, {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN}, {"9223372036854775808", false, 0}, {"", false, 0},
        {" 1", false, 0}, {"1 ", false, 0}, {"+1", false, 0}, {"1.0", false, 0}, {"-", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t got = 42;
        assert_int_equal(str_int(cases[i].text, &got), cases[i].ok);
        assert_true(got == (cases[i].ok ? cases[i].value : 42));
    }
    double x = 1;
    assert_true(str_real("0.8", &x) && x == 0.8);
    assert_false(str_real("nan", &x) || str_real("1e999", &x) || str_real("0x10", &x) || str_real("1,5", &x));
}

static void
test_reals_print_shortest(void **state)
{
    struct arena *a = *state;
    assert_string_equal(str_from_real(a, 0.1), "0.1");
    assert_string_equal(str_from_real(a, 1.0 / 3), "0.3333333333333333");
    assert_string_equal(str_from_real(a, -2), "-2");
    assert_string_equal(str_from_real(a, 1.0 / 0.0), "null");
}

static void
test_text_helpers(void **state)
{
    struct arena *a = *state;
    size_t n;
    char **part = str_split(a, "a,,b", ',', &n);
    assert_int_equal(n, 3);
    assert_string_equal(part[1], "");
    assert_string_equal(part[2], "b");
    assert_string_equal(str_squeeze(a, "  a \t b\n"), "a b");
    const char *plain = "at 5 @ noon, a@b, @x.org";
    assert_ptr_equal(str_without_addresses(a, plain), plain);
    assert_string_equal(str_without_addresses(a, "Ask j.o\\_e+x@mail.example.org. Or <b@c.de>"),
                        "Ask [e-mail address left out]. Or <[e-mail address left out]>");
    assert_string_equal(str_short(a, "Z\xC3\xBCrich", 2), "Z\xE2\x80\xA6");
    assert_string_equal(str_short(a, "Leeds", 5), "Leeds");
    assert_string_equal(str_trim(a, " x y "), "x y");
    unsigned char raw[2];
    assert_true(str_unhex("0aFf", raw, 2) && raw[0] == 10 && raw[1] == 255);
    assert_false(str_unhex("0a", raw, 2) || str_unhex("0a0g", raw, 2));
    assert_string_equal(str_hex(a, raw, 2), "0aff");
}

static void
test_folding(void **state)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"Hôpital  St-Luc.", "hopital st luc"}, {"St. Mary's", "st marys"}, {"ÅNGSTRÖM", "angstrom"},
        {"Straße", "strasse"}, {"ﬁne", "fine"}, {"", ""}, {" - ", ""}, {"Αθήνα", "αθηνα"}, {"Łódź", "łodz"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(utf8_fold(*state, cases[i].text), cases[i].folded);
    assert_true(utf8_valid("a\xC3\xA9", 3));
    assert_false(utf8_valid("a\xC3", 2));
    assert_false(utf8_valid("a\0b", 3));
    assert_false(utf8_valid("\xED\xA0\x80", 3));
    assert_string_equal(utf8_cut(*state, "ééé", 2), "éé…");
    assert_string_equal(utf8_cut(*state, "éé", 2), "éé");
}

static void
test_view_as_json(void **state)
{
    struct view *v = view_map_new(*state);
    view_text(v, "name", "A \"quoted\" <b>\n");
    view_int(v, "n", -3);
    view_real(v, "x", 0.0 / 0.0);
    struct view *list = view_list(v, "list");
    view_add_int(list, 1);
    view_text(view_add_map(list), "k", NULL);
    view_text(v, "name", "later");
    struct buf b;
    buf_init(&b, *state);
    view_json(&b, v);
    assert_string_equal(buf_text(&b), "{\"name\":\"later\",\"n\":-3,\"x\":null,\"list\":[1,{\"k\":null}]}");
    assert_int_equal(view_at(v, "list.0")->i, 1);
    assert_null(view_at(v, "list.9"));
    assert_false(view_truth(view_get(v, "x")));
    buf_init(&b, *state);
    view_json_string(&b, "</script>\x01\"\\");
    assert_string_equal(buf_text(&b), "\"\\u003c/script\\u003e\\u0001\\\"\\\\\"");
}

static void
test_dates(void **state)
{
    int32_t day = 0;
    char iso[DATE_TEXT];
    assert_true(date_parse("1970-01-01", &day) && day == 0);
    assert_true(date_parse("2024-02-29", &day));
    assert_false(date_parse("2023-02-29", &day) || date_parse("2024-13-01", &day) || date_parse("2024-1-1", &day) || date_parse("2024-01-01x", &day));
    for (int32_t d = -200000; d < 200000; d += 37) {
        date_iso(d, iso);
        assert_true(date_parse(iso, &day) && day == d);
    }
    enum date_precision precision;
    assert_true(date_parse_partial("2021-08", &precision, &day) && precision == DATE_MONTH);
    date_iso(date_last_day(day, DATE_MONTH), iso);
    assert_string_equal(iso, "2021-08-31");
    assert_string_equal(date_words_iso(*state, "2021-08"), "Aug 2021");
    assert_string_equal(date_words_iso(*state, "soon"), "soon");
    assert_true(date_parse("2026-11-23", &day));
    assert_int_equal(date_weekday(day), 0);
    assert_true(date_parse("2024-01-31", &day));
    date_iso(date_add_months(day, 1), iso);
    assert_string_equal(iso, "2024-02-29");
    date_iso(date_add_months(day, -11), iso);
    assert_string_equal(iso, "2023-02-28");
}

static void
test_times(void **state)
{
    char text[TIME_TEXT];
    int64_t us;
    time_iso(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
    assert_true(time_parse("2026-11-23T20:50:23.000001Z", &us));
    time_iso(us, text);
    assert_string_equal(text, "2026-11-23T20:50:23.000001Z");
    assert_false(time_parse("2026-11-23T24:00:00Z", &us) || time_parse("2026-11-23 20:50:23Z", &us));
}

static void
test_zones(void **state)
{
    static const struct {
        const char *zone, *utc;
        int32_t seconds;
    } cases[] = {
        {"UTC", "2026-07-01T00:00:00Z", 0}, {"Europe/Berlin", "2026-07-01T00:00:00Z", 7200},
        {"Europe/Berlin", "2026-12-01T00:00:00Z", 3600}, {"Europe/Berlin", "2050-03-27T00:59:59Z", 3600},
        {"Europe/Berlin", "2050-03-27T01:00:00Z", 7200}, {"America/New_York", "1990-01-01T00:00:00Z", -18000},
        {"Australia/Sydney", "2045-01-01T00:00:00Z", 39600}, {"Asia/Kolkata", "2026-01-01T00:00:00Z", 19800},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct tz *z = tz_find(cases[i].zone);
        int64_t us;
        if (!z)
            skip(); /* a machine without zone files */
        assert_true(time_parse(cases[i].utc, &us));
        assert_int_equal(tz_offset(z, us, NULL), cases[i].seconds);
    }
    assert_null(tz_find("../etc/passwd"));
    assert_null(tz_find("No/Such"));
    int64_t us;
    int32_t day;
    assert_true(time_parse("2026-12-31T23:30:00Z", &us) && date_parse("2027-01-01", &day));
    assert_int_equal(tz_day(tz_find("Europe/Berlin"), us), day);
}

static err_t
parse(struct arena *a, const char *text, struct csv *ret)
{
    const char *note;
    return csv_parse(a, text, strlen(text), 0, ret, &note);
}

static void
test_csv_in(void **state)
{
    struct csv csv;
    assert_null(parse(*state, "\xEF\xBB\xBF" "a;b\r\n\"x;\"\"y\"\"\n2\";3\n\n4", &csv));
    assert_int_equal(csv.n, 3);
    assert_int_equal(csv.separator, ';');
    assert_string_equal(csv.rows[0].cell[0], "a");
    assert_string_equal(csv.rows[1].cell[0], "x;\"y\"\n2");
    assert_int_equal(csv.rows[2].line, 5);
    assert_int_equal(csv.rows[2].n, 1);
    err_t e = parse(*state, "a,b\n\"open", &csv);
    assert_non_null(e);
    assert_string_equal(e->place, "line 2");
    const char *note;
    assert_null(csv_parse(*state, "M\xFCller\n", 7, ',', &csv, &note));
    assert_string_equal(csv.rows[0].cell[0], "Müller");
    assert_non_null(note);
    assert_null(csv_parse(*state, "\xFF\xFEh\0i\0", 6, ',', &csv, &note));
    assert_string_equal(csv.rows[0].cell[0], "hi");
    assert_non_null(csv_parse(*state, "a\0b", 3, ',', &csv, &note));
    static const char zero[] = "\xFF\xFE" "a\0,\0\0\0\0\0b\0\n\0" "c\0"; /* U+0000 is no separator */
    assert_non_null(csv_parse(*state, zero, sizeof zero - 1, 0, &csv, &note));
}

static void
test_csv_out_is_safe_in_a_spreadsheet(void **state)
{
    struct buf b;
    buf_init(&b, *state);
    const char *cells[] = {"=1+1", "-5", "a,b", "say \"x\"", NULL, "@x"};
    for (size_t i = 0; i < 6; i++)
        csv_cell(&b, cells[i]);
    csv_end(&b);
    csv_cell(&b, NULL);
    csv_int(&b, 7);
    csv_end(&b);
    assert_string_equal(buf_text(&b), "\"'=1+1\",-5,\"a,b\",\"say \"\"x\"\"\",,\"'@x\"\r\n\"\",7\r\n");
}

static void
test_errors_keep_their_place(void **state)
{
    struct arena *a = *state, *other = arena_new(0);
    err_t e = err_at(other, err_field(other, E_BAD_INPUT, "day", "no such day: %d", 31), "line %d", 2);
    e = err_join(other, err_at(other, e, "%s", "file.csv"), err_new(other, E_CONFLICT, "second"));
    err_t kept = err_keep(a, e);
    arena_free(other);
    assert_string_equal(err_line(a, kept), "file.csv, line 2: no such day: 31");
    assert_string_equal(kept->field, "day");
    assert_int_equal(kept->next->code, E_CONFLICT);
    assert_int_equal(err_status(E_REASON), 422);
    assert_int_equal(err_exit(E_USAGE), 2);
    assert_null(err_at(a, NULL, "nowhere"));
}

int
main(void)
{
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, make, drop)
    const struct CMUnitTest tests[] = {
        CASE(test_arena_restores_and_defers), CASE(test_arena_reset_runs_defers_last_first),
        CASE(test_numbers_are_read_whole), CASE(test_reals_print_shortest), CASE(test_text_helpers),
        CASE(test_folding), CASE(test_view_as_json), CASE(test_dates), CASE(test_times), CASE(test_zones),
        CASE(test_csv_in), CASE(test_csv_out_is_safe_in_a_spreadsheet), CASE(test_errors_keep_their_place),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
