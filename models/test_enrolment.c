/* test_enrolment.c: from rows to a study, and from a forecast to its view. */
#include "models/enrolment.h"
#include "models/forecast_json.h"
#include "models/test_study.h"

#include "base/view.h"

#include <string.h>

static int32_t
day(const char *iso)
{
    int32_t d;
    assert_true(date_parse(iso, &d));
    return d;
}

static struct enrolment_row
row(const char *site, const char *date)
{
    struct enrolment_row r = {.site = site, .country = ""};
    assert_true(date_parse_partial(date, &r.precision, &r.day));
    return r;
}

static struct enrolment
assemble(struct arena *a, const struct enrolment_input *in)
{
    struct enrolment e;
    assert_true(enrolment_assemble(a, in, &e));
    return e;
}

static void
test_first_opens(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment_row rows[] = {row("A", "2020-03-10"), row("B", "2020-03-01"),
                                   row("A", "2020-03-04"), row("A", "2020-03-20")};
    struct enrolment e =
        assemble(a, &(struct enrolment_input){.row = rows, .n_row = 4, .target = 9});
    assert_int_equal(e.as_of, day("2020-03-20"));
    assert_true(e.study.cut == day("2020-03-21"));
    assert_int_equal(e.study.n_site, 2);
    const struct fc_site *s = &e.study.site[0];
    assert_string_equal(s->label, "A");
    assert_true(s->first_left_out && s->n_open == 1 && s->n_event == 3);
    assert_true(s->open[0].from == day("2020-03-04") + 0.5 && isinf(s->open[0].to));
    assert_true(s->event[0] < s->event[1] && s->event[2] == day("2020-03-20") + 0.5);
    struct fc_counts c;
    fc_data_counts(a, &e.study, INFINITY, &c);
    assert_true(c.count[0] == 2 && c.tau[0] == 16.5 && c.count[1] == 0 && c.tau[1] == 19.5);
    arena_free(a);
}

/* What comes after the as-of day is not there, be it a row or a site's first. */
static void
test_as_of(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment_row rows[] = {row("A", "2020-03-04"), row("A", "2020-03-10"),
                                   row("A", "2020-03-11"), row("B", "2020-03-11")};
    struct enrolment_input in = {
        .row = rows, .n_row = 4, .target = 9, .has_as_of = true, .as_of = day("2020-03-10")};
    struct enrolment e = assemble(a, &in);
    assert_int_equal(e.study.n_site, 1);
    assert_int_equal(e.study.site[0].n_event, 2);
    assert_int_equal(e.funnel.enrolled, 2);
    in.n_row = 0;
    in.has_as_of = false;
    assert_false(enrolment_assemble(a, &in, &e));
    arena_free(a);
}

static void
test_months(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment_row rows[] = {row("A", "2020-04"), row("A", "2020-04"), row("A", "2020-04-20"),
                                   row("A", "2020-04"), row("A", "2020-02")};
    struct enrolment e =
        assemble(a, &(struct enrolment_input){.row = rows, .n_row = 5, .target = 9});
    const double *t = e.study.site[0].event;
    static const char *const want[] = {"2020-02-15", "2020-04-06", "2020-04-16", "2020-04-20",
                                       "2020-04-26"};
    for (int i = 0; i < 5; i++)
        test_within(t[i], day(want[i]) + 0.5, 0, want[i]);
    arena_free(a);
}

/* As many in a month as there are days: one on each, in the order of the rows. */
static void
test_month_full(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment_row rows[31];
    for (int i = 0; i < 31; i++)
        rows[i] = row(i % 2 ? "odd" : "even", "2021-01");
    struct enrolment e =
        assemble(a, &(struct enrolment_input){.row = rows, .n_row = 31, .target = 99});
    for (int i = 0; i < 16; i++)
        assert_true(e.study.site[0].event[i] == day("2021-01-01") + 2 * i + 0.5);
    assert_int_equal(e.as_of, day("2021-01-31"));
    arena_free(a);
}

static void
test_funnel(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment_row rows[] = {row("A", "2020-03-01"), row("A", "2020-03-02"),
                                   row("A", "2020-03-05"), row("B", "2020-03-03"),
                                   row("C", "2020-03-04")};
    rows[0].status = ENROLMENT_SCREENED;
    rows[1].status = ENROLMENT_SCREEN_FAILED;
    rows[4].status = ENROLMENT_SCREENED; /* C has enrolled nobody: it is not known to be open */
    struct enrolment e =
        assemble(a, &(struct enrolment_input){.row = rows, .n_row = 5, .target = 9});
    assert_int_equal(e.study.n_site, 2);
    assert_true(e.funnel.screened == 2 && e.funnel.failed == 1 && e.funnel.enrolled == 2);
    assert_true(e.site_funnel[0].screened == 1 && e.site_funnel[0].failed == 1);
    assert_true(e.site_funnel[1].enrolled == 1 && e.site_funnel[1].screened == 0);
    assert_int_equal(e.study.site[0].n_event, 1);
    arena_free(a);
}

static struct enrolment_opening
opening(const char *site, const char *opens, const char *closed)
{
    struct enrolment_opening o = {
        .site = site, .country = "", .has_opens = opens, .has_closed = closed};
    o.opens_on = opens ? day(opens) : 0;
    o.closed_on = closed ? day(closed) : 0;
    return o;
}

static void
test_openings(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment_row rows[] = {row("A", "2020-02-10"), row("B", "2020-02-10"),
                                   row("E", "2020-03-01"), row("E", "2020-01-05")};
    struct enrolment_opening opens[] = {
        opening("A", "2020-03-01", NULL),
        opening("A", "2020-01-01", "2020-02-20"), /* suspended */
        opening("B", "2020-02-01", "2020-02-28"), /* closed */
        opening("C", "2020-05-01", "2020-12-31"), /* planned */
        opening("D", NULL, NULL),                 /* nothing known */
        opening("E", "2020-02-01", "2020-02-10"), /* contradicts */
    };
    struct enrolment_input in = {.row = rows,
                                 .n_row = 4,
                                 .opening = opens,
                                 .n_opening = 6,
                                 .target = 9,
                                 .has_as_of = true,
                                 .as_of = day("2020-03-31")};
    struct enrolment e = assemble(a, &in);
    assert_int_equal(e.study.n_site, 5);
    const struct fc_site *s = e.study.site;
    assert_true(s[0].n_open == 2 && !s[0].first_left_out &&
                s[0].open[0].from == day("2020-01-01") && s[0].open[0].to == day("2020-02-21") &&
                s[0].open[1].from == day("2020-03-01"));
    assert_true(s[1].n_open == 1 && s[1].open[0].to == day("2020-02-29"));
    assert_true(s[2].n_open == 0 && s[2].opening.law == FC_OPENS_SLIP &&
                s[2].opening.a == day("2020-05-01") && s[2].opening.closes == day("2021-01-01"));
    assert_true(s[3].n_open == 0 && s[3].opening.law == FC_OPENS_NOT);
    assert_true(s[4].first_left_out && s[4].open[0].from == day("2020-01-05") + 0.5 &&
                s[4].open[0].to == day("2020-03-02"));
    assert_int_equal(e.notes.n, 2);
    assert_string_equal(e.notes.item[0].name, "enrolled_before_opening");
    assert_string_equal(e.notes.item[1].name, "enrolled_after_closing");
    in.openings_are_sure = true;
    e = assemble(a, &in);
    assert_true(e.study.site[2].n_open == 1 && e.study.site[2].open[0].from == day("2020-05-01"));
    arena_free(a);
}

static void
test_planned(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment_opening opens[] = {opening("A", "2020-02-01", NULL), opening("B", NULL, NULL)};
    opens[0].has_planned = opens[1].has_planned = true;
    opens[0].planned_on = day("2020-01-15");
    opens[1].planned_on = day("2020-03-15"); /* overdue */
    opens[0].cap = 12;
    struct enrolment e = assemble(a, &(struct enrolment_input){.opening = opens,
                                                               .n_opening = 2,
                                                               .target = 9,
                                                               .has_as_of = true,
                                                               .as_of = day("2020-04-01")});
    assert_true(e.study.site[0].has_planned && e.study.site[0].planned == day("2020-01-15"));
    assert_int_equal(e.study.site[0].cap, 12);
    assert_true(e.study.site[1].opening.law == FC_OPENS_SLIP &&
                e.study.site[1].opening.a == day("2020-03-15"));
    arena_free(a);
}

/* One label in two countries is two sites; where one of the two has no country it is one. */
static void
test_countries(void **state)
{
    struct arena *a = arena_new(0);
    struct enrolment_row rows[] = {row("01", "2020-02-10"), row("01", "2020-02-11"),
                                   row("01", "2020-02-12"), row("02", "2020-02-12"),
                                   row("02", "2020-02-13")};
    rows[0].country = "FR";
    rows[1].country = "DE";
    rows[4].country = "FR";
    struct enrolment e =
        assemble(a, &(struct enrolment_input){.row = rows, .n_row = 5, .target = 9});
    assert_int_equal(e.study.n_site, 3);
    assert_string_equal(e.study.site[2].country, "FR");
    assert_int_equal(e.study.site[2].n_event, 2);
    arena_free(a);
}

static const char *const root_keys[] = {
    "as_of",      "target",   "enrolled",    "sites_open", "basis", "method", "fit",
    "completion", "deadline", "challengers", "sites",      "curve", "checks"};
static const char *const site_keys[] = {
    "site",      "country",      "enrolled", "open_days", "rate_per_month",  "rate_low",
    "rate_high", "prior_weight", "rank_low", "rank_high", "still_recruiting"};
static const char *const fit_keys[] = {"alpha",          "beta_days",      "mu_per_day",
                                       "log_likelihood", "half_life_days", "drift_sd"};
static const char *const completion_keys[] = {"mean", "quantiles", "days", "never_by_horizon"};
static const char *const level_keys[] = {"0.05", "0.1", "0.25", "0.5", "0.75", "0.9", "0.95"};
static const char *const deadline_keys[] = {"date", "probability", "expected_enrolled"};
static const char *const challenger_keys[] = {"line_overall_days", "line_last90_days",
                                              "plugin_days"};
static const char *const curve_keys[] = {"date", "0.1", "0.5", "0.9"};
static const char *const check_keys[] = {"name", "ok", "text"};

static void
has_keys(const struct view *map, const char *const *keys, size_t n)
{
    assert_non_null(map);
    assert_int_equal(map->type, V_MAP);
    assert_int_equal(map->kids.n, n);
    const struct view_item *item = map->kids.first;
    for (size_t i = 0; i < n; i++, item = item->next)
        assert_string_equal(item->key, keys[i]);
}
#define HAS_KEYS(map, keys) has_keys(map, keys, sizeof keys / sizeof *keys)

static struct view *
forecast_of(struct arena *a, const int *n, size_t n_site)
{
    static const double tau[] = {180, 150, 135, 90, 60};
    struct fc_study *s = arena_alloc(a, sizeof *s);
    *s = test_study(a, n_site, tau, n, 51, FC_RECOMMENDED);
    s->has_deadline = true;
    s->deadline = 220;
    const struct fc_result *r;
    assert_int_equal(fc_forecast(a, s, &r), FC_OK);
    return forecast_json(a, r, NULL);
}

static void
test_json(void **state)
{
    static const int n[] = {9, 4, 12, 1, 3};
    struct arena *a = arena_new(0);
    const struct view *v = forecast_of(a, n, 5);
    HAS_KEYS(v, root_keys);
    HAS_KEYS(view_get(v, "fit"), fit_keys);
    HAS_KEYS(view_get(v, "completion"), completion_keys);
    HAS_KEYS(view_at(v, "completion.quantiles"), level_keys);
    HAS_KEYS(view_at(v, "completion.days"), level_keys);
    HAS_KEYS(view_get(v, "deadline"), deadline_keys);
    HAS_KEYS(view_get(v, "challengers"), challenger_keys);
    HAS_KEYS(view_at(v, "sites.0"), site_keys);
    HAS_KEYS(view_at(v, "curve.0"), curve_keys);
    HAS_KEYS(view_at(v, "checks.0"), check_keys);
    assert_string_equal(view_get_text(v, "as_of"), "1969-12-31");         /* the cut is day 0 */
    assert_string_equal(view_at(v, "deadline.date")->text, "1970-08-08"); /* day 219 */
    assert_string_equal(view_get_text(v, "basis"), "data: 29 enrolled at 5 sites");
    assert_int_equal(view_get_int(v, "enrolled"), 29);
    assert_int_equal(view_get_int(v, "sites_open"), 5);
    /* a quantile's date is the day on which cut + days falls */
    const struct view *days = view_get(view_at(v, "completion.days"), "0.5");
    int32_t at = day(view_get_text(view_at(v, "completion.quantiles"), "0.5"));
    assert_true(at <= days->real && days->real < at + 1);
    arena_free(a);
}

static void
test_json_null(void **state)
{
    static const int n[] = {2, 2};
    struct arena *a = arena_new(0);
    const struct view *v = forecast_of(a, n, 2);
    assert_int_equal(view_at(v, "fit.alpha")->type, V_NULL);
    assert_int_equal(view_at(v, "fit.beta_days")->type, V_NULL);
    assert_int_equal(view_at(v, "completion.mean")->type, V_NULL);
    struct buf b;
    buf_init(&b, a);
    view_json_pretty(&b, v);
    assert_null(strstr(buf_text(&b), "inf"));
    assert_null(strstr(buf_text(&b), "nan"));
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_opens), cmocka_unit_test(test_as_of),
        cmocka_unit_test(test_months),      cmocka_unit_test(test_month_full),
        cmocka_unit_test(test_funnel),      cmocka_unit_test(test_openings),
        cmocka_unit_test(test_planned),     cmocka_unit_test(test_countries),
        cmocka_unit_test(test_json),        cmocka_unit_test(test_json_null),
    };
    return cmocka_run_group_tests_name("enrolment", tests, NULL, NULL);
}
