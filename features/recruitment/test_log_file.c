/* test_log_file.c: the CSV of an enrolment log and of its sites, read and forecast. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/view.h"
#include "features/recruitment/log_file.h"

static const char small_log[] = "subject,Date,SITE,arm,country,status\n"
                                "1,2020-01-10,A,x,FR,screened\n"
                                "1,2020-01-12,A,x,FR,\n"
                                "2,2020-01-20,A,x,FR,enrolled\n"
                                "3,2020-01-25,B,y,FR,screen_failed\n"
                                "4,2020-02-02,B,y,FR,Enrolled\n"
                                "5,2020-02-15,A,y,FR,enrolled\n"
                                "6,2020-03-01,B,y,FR,enrolled\n"
                                "7,2020-03-20,A,y,FR,enrolled\n";
static const char small_sites[] = "site;country;opens_on;closed_on;cap\n"
                                  "A;FR;2020-01-02;;\n"
                                  "B;FR;2020-01-15;;30\n"
                                  "C;FR;2020-05-01;;\n";

static err_t
read_text(struct arena *a, const char *log, const char *sites, const struct log_options *o,
          struct enrolment *ret)
{
    return log_read(a, log, strlen(log), sites, sites ? strlen(sites) : 0, o, ret);
}

static void
test_read(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment e;
    assert_null(read_text(a, small_log, NULL, &(struct log_options){.target = 20}, &e));
    assert_int_equal(e.study.n_site, 2);
    assert_true(e.study.site[0].first_left_out);
    assert_true(e.funnel.screened == 1 && e.funnel.failed == 1 && e.funnel.enrolled == 6);
    assert_null(read_text(
        a, small_log, small_sites,
        &(struct log_options){.target = 20, .as_of = "2020-03-01", .deadline = "2020-12-31"}, &e));
    assert_int_equal(e.study.n_site, 3);
    assert_false(e.study.site[0].first_left_out);
    assert_int_equal(e.funnel.enrolled, 5);
    assert_int_equal(e.study.site[1].cap, 30);
    assert_true(e.study.has_deadline && e.study.deadline - e.study.cut == 305);
    arena_free(a);
}

static void
test_forecast(void **state)
{
    struct arena *a = arena_new(0);
    struct view *v = NULL, *again = NULL;
    struct log_options o = {.target = 20, .deadline = "2020-12-31"};
    assert_null(log_forecast(a, small_log, sizeof small_log - 1, small_sites,
                             sizeof small_sites - 1, &o, &v));
    assert_string_equal(view_get_text(v, "as_of"), "2020-03-20");
    assert_string_equal(view_get_text(v, "basis"), "data: 6 enrolled at 2 sites, no plan given");
    assert_string_equal(view_at(v, "deadline.date")->text, "2020-12-31");
    assert_string_equal(view_at(v, "sites.2.site")->text, "C");
    assert_int_equal(view_at(v, "sites.2.rank_low")->type, V_NULL);
    bool slip = false;
    const struct view *checks = view_get(v, "checks");
    for (const struct view_item *i = checks->kids.first; i; i = i->next)
        slip |= strcmp(view_get_text(&i->value, "name"), "openings_slip") == 0;
    assert_true(slip);
    assert_null(log_forecast(a, small_log, sizeof small_log - 1, small_sites,
                             sizeof small_sites - 1, &o, &again));
    struct buf one, two;
    buf_init(&one, a);
    buf_init(&two, a);
    view_json_pretty(&one, v);
    view_json_pretty(&two, again);
    assert_string_equal(buf_text(&one), buf_text(&two));
    arena_free(a);
}

/* What is wrong, where, and how it is said. */
static void
test_errors(void **state)
{
    static const char ok[] = "site,date\nA,2020-01-01\nA,2020-02-01\nA,2020-02-09\n";
    static const struct {
        const char *log, *sites, *method, *as_of;
        const char *field, *place, *says;
    } cases[] = {
        {"", NULL, NULL, NULL, NULL, "the log", "empty"},
        {"site,day\nA,2020-01-01\n", NULL, NULL, NULL, "date", "the log, line 1",
         "no column \"date\""},
        {"site,date,date\nA,2020-01-01\n", NULL, NULL, NULL, "date", "the log, line 1",
         "two columns"},
        {"site,date\nA,2020-01-01\n,2020-01-01\n", NULL, NULL, NULL, "site", "the log, line 3",
         "missing"},
        {"site,date\nA,2020-02-30\n", NULL, NULL, NULL, "date", "the log, line 2",
         "\"2020-02-30\""},
        {"site,date\nA,2020\n", NULL, NULL, NULL, "date", "the log, line 2",
         "a year is not enough"},
        {"site,date\nA\n", NULL, NULL, NULL, "date", "the log, line 2", "it should be a date"},
        {"site,date,status\nA,2020-01-01,maybe\n", NULL, NULL, NULL, "status", "the log, line 2",
         "\"maybe\""},
        {"site,date\n", NULL, NULL, NULL, NULL, "the log", "no row"},
        {ok, "opens_on\n2020-01-01\n", NULL, NULL, "site", "the sites file, line 1",
         "no column \"site\""},
        {ok, "site,opens_on\nA,2020-01\n", NULL, NULL, "opens_on", "the sites file, line 2",
         "\"2020-01\""},
        {ok, "site,opens_on,closed_on\nA,2020-02-01,2020-01-01\n", NULL, NULL, "closed_on",
         "the sites file, line 2", "before it opens"},
        {ok, "site,cap\nA,-3\n", NULL, NULL, "cap", "the sites file, line 2", "whole number"},
        {ok, NULL, "magic", NULL, "method", NULL, "\"magic\""},
        {ok, NULL, NULL, "tomorrow", "as-of", NULL, "\"tomorrow\""},
        {ok, NULL, NULL, "2020-01-15", NULL, NULL,
         "too few enrolments"}, /* one enrolment: refused */
        {ok, "site,opens_on,closed_on\nA,2020-01-01,2020-02-09\n", NULL, NULL, NULL, NULL,
         "No site is open"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        struct view *v = NULL;
        struct log_options o = {.target = 20, .method = cases[i].method, .as_of = cases[i].as_of};
        err_t e = log_forecast(a, cases[i].log, strlen(cases[i].log), cases[i].sites,
                               cases[i].sites ? strlen(cases[i].sites) : 0, &o, &v);
        if (!e)
            fail_msg("row %zu was taken", i);
        assert_null(v);
        if (!strstr(e->text, cases[i].says))
            fail_msg("row %zu says: %s", i, e->text);
        if (cases[i].field)
            assert_string_equal(e->field, cases[i].field);
        if (cases[i].place)
            assert_string_equal(e->place, cases[i].place);
        arena_free(a);
    }
}

static void
test_options(void **state)
{
    static const struct log_options bad[] = {{.target = 0},
                                             {.target = -4},
                                             {.target = 20, .level = 1},
                                             {.target = 20, .level = -0.1},
                                             {.target = 20, .deadline = "2020-13-01"},
                                             {.target = 20, .plan_rate = -1}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena *a = arena_new(0);
        struct enrolment e;
        err_t err = read_text(a, small_log, NULL, &bad[i], &e);
        assert_non_null(err);
        assert_int_equal(err->code, E_USAGE);
        arena_free(a);
    }
}

/* The order of the columns and of the rows, and the separator, do not matter. */
static void
test_order(void **state)
{
    static const char turned[] = "status;site;date\nenrolled;A;2020-03-20\nenrolled;B;2020-03-01\n"
                                 ";A;2020-02-15\nenrolled;B;2020-02-02\nenrolled;A;2020-01-20\n"
                                 "enrolled;A;2020-01-12\n";
    struct arena *a = arena_new(0);
    struct enrolment one, two;
    struct log_options o = {.target = 20};
    assert_null(read_text(a, small_log, NULL, &o, &one));
    assert_null(read_text(a, turned, NULL, &o, &two));
    for (size_t i = 0; i < 2; i++) {
        const struct fc_site *x = &one.study.site[i], *y = &two.study.site[i];
        assert_string_equal(x->label, y->label);
        assert_int_equal(x->n_event, y->n_event);
        assert_memory_equal(x->event, y->event, x->n_event * sizeof *x->event);
    }
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),   cmocka_unit_test(test_forecast),
        cmocka_unit_test(test_errors), cmocka_unit_test(test_options),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests_name("log_file", tests, NULL, NULL);
}
