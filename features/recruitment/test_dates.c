/* test_dates.c: dates as people write them, and columns of them. */
#include "base/arena.h"
#include "base/str.h"
#include "features/recruitment/dates.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

/* 15 July 2024 for every case that does not say otherwise. */
static struct dates_rule
rule_today(void)
{
    struct dates_rule r = {0};
    assert_true(date_parse("2024-07-15", &r.today));
    return r;
}

/* "2024-03-12", "2024-03" or the error's text. */
static const char *
reading(struct arena *a, const char *text, unsigned order, const struct dates_rule *rule)
{
    struct dates_value v = {.day = -99};
    err_t e = dates_read(a, text, order, rule, &v);
    if (e) {
        assert_int_equal(v.day, -99);
        assert_int_equal(e->code, E_BAD_INPUT);
        return e->text;
    }
    char iso[DATE_TEXT];
    date_iso(v.day, iso);
    iso[v.precision == DATE_MONTH ? 7 : 10] = '\0';
    return arena_strdup(a, iso);
}

static void
one_reading(void **state)
{
    static const struct {
        const char *text, *iso;
    } cases[] = {
        {"2024-03-12", "2024-03-12"},
        {" 2024-3-2 ", "2024-03-02"},
        {"2024/03/12", "2024-03-12"},
        {"2024.03.12", "2024-03-12"},
        {"20240312", "2024-03-12"},
        {"2013-12-31T04:32", "2013-12-31"},
        {"2013-12-31T04:32:11.5+02:00", "2013-12-31"},
        {"2012-08-05 00:00:00", "2012-08-05"},
        {"2024-03", "2024-03"},
        {"03/2024", "2024-03"},
        {"3.2024", "2024-03"},
        {"03-2024", "2024-03"},
        {"Mar 2024", "2024-03"},
        {"March, 2024", "2024-03"},
        {"2024 Mar", "2024-03"},
        {"Mar-24", "2024-03"},
        {"Mar '24", "2024-03"},
        {"12-Mar-2024", "2024-03-12"},
        {"12-Mar-24", "2024-03-12"},
        {"12 March 2024", "2024-03-12"},
        {"12th of March, 2024", "2024-03-12"},
        {"March 12, 2024", "2024-03-12"},
        {"Mar 12 2024 4:05 PM", "2024-03-12"},
        {"12MAR2024", "2024-03-12"},
        {"12MAR2024:14:30:00", "2024-03-12"},
        {"12MAR24", "2024-03-12"},
        {"2024-Mar-12", "2024-03-12"},
        {"2024-03-UN", "2024-03"},
        {"UN-MAR-2024", "2024-03"},
        {"UNK/03/2024", "2024-03"},
        {"25/03/2024", "2024-03-25"},
        {"03/25/2024", "2024-03-25"},
        {"25032024", "2024-03-25"},
        {"29.02.2024", "2024-02-29"},
        /* years of two digits: the hundred years that end with 2024 */
        {"31-Dec-23", "2023-12-31"},
        {"31-Dec-25", "1925-12-31"},
        {"25.07.99", "1999-07-25"},
        /* months in seven languages */
        {"12. März 2024", "2024-03-12"},
        {"3. Jänner 2024", "2024-01-03"},
        {"5 Mrz 2024", "2024-03-05"},
        {"31. Dez. 2023", "2023-12-31"},
        {"1er mars 2024", "2024-03-01"},
        {"14 févr. 2024", "2024-02-14"},
        {"15 août 2023", "2023-08-15"},
        {"1 DÉC. 2023", "2023-12-01"},
        {"12 de marzo de 2024", "2024-03-12"},
        {"7 ene 2024", "2024-01-07"},
        {"9 setiembre 2023", "2023-09-09"},
        {"12 gennaio 2024", "2024-01-12"},
        {"1º giugno 2024", "2024-06-01"},
        {"8 lug 2023", "2023-07-08"},
        {"12 de março de 2024", "2024-03-12"},
        {"2 out 2023", "2023-10-02"},
        {"30 dez 2023", "2023-12-30"},
        {"12 maart 2024", "2024-03-12"},
        {"4 mrt 2024", "2024-03-04"},
        {"6 mei 2024", "2024-05-06"},
        {"maio 2024", "2024-05"},
        {"Okt 2023", "2023-10"},
    };
    struct arena *a = arena_new(0);
    struct dates_rule rule = rule_today();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = reading(a, cases[i].text, 0, &rule);
        if (strcmp(got, cases[i].iso) != 0)
            fail_msg("%s gave %s instead of %s", cases[i].text, got, cases[i].iso);
    }
    arena_free(a);
}

static void
orders(void **state)
{
    static const struct {
        const char *text;
        unsigned possible;
        const char *ymd, *dmy, *mdy; /* a date, or words of the error */
    } cases[] = {
        {"12.03.2024", DATES_DMY | DATES_MDY, "12 Mar 2024 or 3 Dec 2024", "2024-03-12", "future"},
        {"03/04/2024", DATES_DMY | DATES_MDY, "can be", "2024-04-03", "2024-03-04"},
        {"3/12/23", DATES_DMY | DATES_MDY, "can be", "2023-12-03", "2023-03-12"},
        {"03/12/23", DATES_ANY, "2003-12-23", "2023-12-03", "2023-03-12"},
        {"24-03-9", DATES_YMD, "2024-03-09", "2024-03-09", "2024-03-09"},
        {"25/03/2024", DATES_DMY, "2024-03-25", "2024-03-25", "no month 25"},
        {"03/25/2024", DATES_MDY, "2024-03-25", "no month 25", "2024-03-25"},
        {"12032023", DATES_DMY | DATES_MDY, "can be", "2023-03-12", "2023-12-03"},
        {"2024-03-12", DATES_ANY, "2024-03-12", "2024-03-12", "2024-03-12"},
        {"12/2023", DATES_ANY, "2023-12", "2023-12", "2023-12"},
        {"31/04/2023", 0, "April 2023 has days 1 to 30", "April 2023 has days 1 to 30",
         "no month 31"},
    };
    struct arena *a = arena_new(0);
    struct dates_rule rule = rule_today();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const want[] = {cases[i].ymd, cases[i].dmy, cases[i].mdy};
        unsigned possible = dates_orders(a, cases[i].text, &rule);
        if (possible != cases[i].possible)
            fail_msg("%s: orders %u instead of %u", cases[i].text, possible, cases[i].possible);
        for (int k = 0; k < 3; k++) {
            const char *got = reading(a, cases[i].text, 1u << k, &rule);
            if (!strstr(got, want[k]))
                fail_msg("%s in order %u: \"%s\", not \"%s\"", cases[i].text, 1u << k, got,
                         want[k]);
        }
    }
    arena_free(a);
}

static void
refused(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "not a date"},
        {"soon", "not a date"},
        {"n/a", "not a date"},
        {"2024-02-31", "February 2024 has days 1 to 29"},
        {"2023-02-29", "February 2023 has days 1 to 28"},
        {"31/04/2023", "April 2023 has days 1 to 30"},
        {"2024-03-00", "March 2024 has days 1 to 31"},
        {"2024-13-01", "no month 13"},
        {"2024-00-01", "no month 0"},
        {"2024-25-03", "no month 25"},
        {"2024", "only a year"},
        {"UN/UN/2024", "only a year"},
        {"12 Mar", "no year"},
        {"24-Mar", "no year"},
        {"Mar 24", "no year"},
        {"March", "not a date"},
        {"03/24", "four digits"},
        {"45362", "bare number"},
        {"82888", "bare number"},
        {"45362.5", "not a date"},
        {"2024.3", "not a date"},
        {"2024-07-16", "in the future"},
        {"Aug 2024", "in the future"},
        {"2204-03-12", "in the future"},
        {"1824-03-12", "before 1900"},
        {"12.03.0024", "before 1900"},
        {"03/04/2024", "3 Apr 2024 or 4 Mar 2024"},
        {"2024-03-12 or so", "not a date"},
        {"2024-03-12-01", "not a date"},
        {"01-701-1015", "not a date"},
        {"1900-02-29", "February 1900 has days 1 to 28"},
        {"2024-03-12 (est.)", "not a date"},
        {"<2024-03-12", "not a date"},
        {"12:30", "not a date"},
        {"1234567890", "not a date"},
        {"-5", "not a date"},
        {"1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16-17-18-19-20-21-22-23-24-25-26", "not a date"},
    };
    struct arena *a = arena_new(0);
    struct dates_rule rule = rule_today();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = reading(a, cases[i].text, 0, &rule);
        if (!strstr(got, cases[i].says))
            fail_msg("%s: \"%s\" does not say \"%s\"", cases[i].text, got, cases[i].says);
    }
    arena_free(a);
}

static void
rules(void **state)
{
    struct arena *a = arena_new(0);
    struct dates_rule rule = rule_today();
    rule.numerals = true;
    assert_string_equal(reading(a, "82888", 0, &rule), "1988-08-28");
    assert_string_equal(reading(a, "082888", 0, &rule), "1988-08-28");
    assert_string_equal(reading(a, "280888", DATES_DMY, &rule), "1988-08-28");
    assert_string_equal(reading(a, "880828", 0, &rule), "1988-08-28");
    assert_non_null(strstr(reading(a, "10203", 0, &rule), "can be"));
    assert_non_null(strstr(reading(a, "999999", 0, &rule), "not a date"));
    rule.numerals = false;
    rule.future = true;
    assert_string_equal(reading(a, "2030-01-01", 0, &rule), "2030-01-01");
    assert_string_equal(reading(a, "31-Dec-43", 0, &rule), "2043-12-31");
    assert_string_equal(reading(a, "31-Dec-45", 0, &rule), "1945-12-31");
    assert_non_null(strstr(reading(a, "2044-07-16", 0, &rule), "20 years"));
    rule.first_year = 1950;
    assert_non_null(strstr(reading(a, "31-Dec-45", 0, &rule), "before 1950"));
    arena_free(a);
}

static void
columns(void **state)
{
    static const struct {
        const char *values[5];
        bool numerals;
        enum dates_finding finding;
        unsigned orders;
        const char *says;
    } cases[] = {
        {{"", NULL, "abc"}, false, DATES_NONE, DATES_ANY, "No value"},
        {{"2024-03-12", "2024-04", ""}, false, DATES_FIXED, DATES_ANY, "one way"},
        {{"12-Mar-24", "Apr 2024"}, false, DATES_FIXED, DATES_ANY, "one way"},
        {{"03/04/2024", "25/03/2024"}, false, DATES_SETTLED, DATES_DMY, "25/03/2024"},
        {{"6/19/2019", "6/20/2019", "7/1/2019"}, false, DATES_SETTLED, DATES_MDY, "6/19/2019"},
        {{"99/12/31", "98/01/02"}, false, DATES_SETTLED, DATES_YMD, "99/12/31"},
        {{"03/04/2024", "05/06/2024"},
         false,
         DATES_AMBIGUOUS,
         DATES_DMY | DATES_MDY,
         "Is 03/04/2024 3 Apr 2024 or 4 Mar 2024?"},
        {{"05/05/2024", "03/04/2024"},
         false,
         DATES_AMBIGUOUS,
         DATES_DMY | DATES_MDY,
         "Is 03/04/2024"},
        {{"03/12/23", "04/11/23"},
         false,
         DATES_AMBIGUOUS,
         DATES_ANY,
         "23 Dec 2003 or 3 Dec 2023 or 12 Mar 2023"},
        {{"05/05/2024", "06.06.2024"}, false, DATES_SETTLED, DATES_DMY, "day first"},
        {{"25/03/2024", "03/25/2024"},
         false,
         DATES_CONTRADICTORY,
         0,
         "25/03/2024 cannot have the month first, 03/25/2024 cannot have the day first"},
        /* a value that is no date at all decides nothing */
        {{"25/03/2024", "33/33/2024", "?"}, false, DATES_SETTLED, DATES_DMY, "day first"},
        {{"82888", "82988", "101089"}, true, DATES_SETTLED, DATES_MDY, "month first"},
        {{"82888"}, false, DATES_NONE, DATES_ANY, "No value"},
    };
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dates_rule rule = rule_today();
        struct dates_column c;
        rule.numerals = cases[i].numerals;
        dates_find(a, cases[i].values, 5, &rule, &c);
        if (c.finding != cases[i].finding || c.orders != cases[i].orders ||
            !strstr(c.text, cases[i].says))
            fail_msg("case %zu: %d, %u, %s", i, (int)c.finding, c.orders, c.text);
        assert_int_equal(c.n_readings > 0, c.finding == DATES_AMBIGUOUS);
    }
    arena_free(a);
}

static void
column_details(void **state)
{
    static const char *const values[] = {"2024-03-12", "03/12/2023", "05/11/2024", "x", "", NULL};
    struct arena *a = arena_new(0);
    struct dates_rule rule = rule_today();
    struct dates_column c;
    dates_find(a, values, 6, &rule, &c);
    assert_int_equal(c.finding, DATES_AMBIGUOUS);
    assert_int_equal(c.n, 4);
    assert_int_equal(c.n_dates, 3);
    assert_string_equal(c.not_a_date, "x");
    assert_true(c.mixed);
    assert_int_equal(c.n_readings, 2);
    assert_string_equal(c.readings[0].label, "day first");
    assert_string_equal(c.readings[0].example, "03/12/2023 is 3 Dec 2023");
    assert_int_equal(c.readings[0].n_future, 1); /* 5 Nov 2024 */
    assert_int_equal(c.readings[1].n_future, 0);
    dates_find(a, values, 1, &rule, &c);
    assert_false(c.mixed);
    arena_free(a);
}

/* Every string of a few date letters is read or refused, in every order, and never both ways. */
static void
any_letters(void **state)
{
    static const char *const letters[] = {"0", "1", "2", "9", "3",   "-", "/",
                                          ".", " ", "T", ":", "Mar", "é", "'"};
    struct arena *a = arena_new(0);
    struct dates_rule rule = rule_today();
    uint32_t seed = 12345;
    size_t read = 0;
    for (int i = 0; i < 200000; i++) {
        char text[48] = "";
        size_t n = 1 + (seed >> 8) % 11;
        for (size_t k = 0; k < n; k++) {
            seed = seed * 1664525 + 1013904223;
            strcat(text, letters[(seed >> 16) % (sizeof letters / sizeof *letters)]);
        }
        rule.numerals = i & 1;
        struct arena_mark m = arena_save(a);
        struct dates_value v;
        unsigned set = dates_orders(a, text, &rule);
        for (unsigned order = 1; order <= 4; order *= 2) {
            err_t e = dates_read(a, text, order, &rule, &v);
            if (!e && !set)
                fail_msg("%s was read though no order fits", text);
            if (!e && v.day > rule.today)
                fail_msg("%s gave a day in the future", text);
            read += !e;
        }
        arena_restore(a, m);
    }
    assert_true(read > 1000);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_reading), cmocka_unit_test(orders),  cmocka_unit_test(refused),
        cmocka_unit_test(rules),       cmocka_unit_test(columns), cmocka_unit_test(column_details),
        cmocka_unit_test(any_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
