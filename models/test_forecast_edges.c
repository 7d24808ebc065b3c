/* test_forecast_edges.c: the forecast at its edges: legal but odd studies, refusals, the rules of
 * what data and prior are used, monotone quantiles, the same bytes on repeat, many sites. */
#include "models/test_study.h"

#include <string.h>

static const double levels[] = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99};
enum { N_LEVELS = sizeof levels / sizeof *levels };

/* A whole forecast that must be there and hold together. */
static const struct fc_result *
whole(struct arena *a, const struct fc_study *s)
{
    const struct fc_result *r;
    assert_int_equal(fc_forecast(a, s, &r), FC_OK);
    for (int i = 1; i < FC_N_LEVELS; i++)
        assert_true(r->days[i] >= r->days[i - 1]);
    assert_true(r->never_by_horizon >= 0 && r->never_by_horizon <= 1);
    for (size_t i = 0; i < r->n_site; i++) {
        const struct fc_site_row *row = &r->site[i];
        assert_true(row->rate >= 0 && row->rate_low <= row->rate && row->rate <= row->rate_high);
        assert_true(row->prior_weight > 0 && row->prior_weight <= 1);
        assert_true(row->rank_low <= row->rank_high && row->rank_high <= (int64_t)r->n_site);
        assert_true(isnan(row->still_recruiting) ||
                    (row->still_recruiting >= 0 && row->still_recruiting <= 1));
    }
    for (size_t i = 0; i < r->curve.n * FC_N_LEVELS; i++) {
        assert_true(r->curve.count[i] >= r->fit->enrolled && r->curve.count[i] <= s->target);
        assert_true(i % FC_N_LEVELS == 0 || r->curve.count[i] >= r->curve.count[i - 1]);
        assert_true(i < FC_N_LEVELS || r->curve.count[i] >= r->curve.count[i - FC_N_LEVELS]);
    }
    assert_true(r->curve.n <= FC_CURVE_DATES);
    return r;
}

static void
test_odd_studies(void **state)
{
    static const double tau[] = {100, 100, 100, 100};
    static const double zero_tau[] = {0, 100, 60, 0};
    static const int zeros[] = {0, 0, 0, 0}, one[] = {25}, some[] = {0, 4, 3, 0},
                     even[] = {5, 5, 5, 5};
    static const struct {
        const char *what;
        size_t n_site;
        const double *tau;
        const int *n;
        int64_t still;
        double plan;
    } cases[] = {
        {"all counts zero, with a plan", 4, tau, zeros, 50, 0.01},
        {"one site", 1, tau, one, 50, 0},
        {"tau 0 at some sites", 4, zero_tau, some, 10, 0},
        {"alpha infinite", 4, tau, even, 40, 0},
        {"20,000 still to enrol", 4, tau, even, 20000, 0},
        {"one still to enrol", 4, tau, even, 1, 0},
        {"a plan against the data", 4, tau, some, 30, 5},
    };
    static const enum fc_method methods[] = {FC_RECOMMENDED, FC_BAYES, FC_PLUGIN, FC_EXACT};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < sizeof methods / sizeof *methods; k++) {
            if (cases[i].n == zeros && k >= 2)
                continue; /* no plug-in without events: test_refusals */
            struct arena *a = arena_new(0);
            struct fc_study s = test_study(a, cases[i].n_site, cases[i].tau, cases[i].n,
                                           cases[i].still, methods[k]);
            s.plan_rate = cases[i].plan;
            const struct fc_result *r = whole(a, &s);
            if (!(r->days[3] > 0 && isfinite(r->days[3])))
                fail_msg("%s, method %d: median %g", cases[i].what, (int)methods[k], r->days[3]);
            arena_free(a);
        }
    }
}

static void
test_target_reached(void **state)
{
    static const double tau[] = {100, 80};
    static const int n[] = {12, 15};
    for (int64_t over = 0; over <= 5; over += 5) {
        struct arena *a = arena_new(0);
        struct fc_study s = test_study(a, 2, tau, n, -over, FC_RECOMMENDED);
        s.has_deadline = true;
        s.deadline = 30;
        const struct fc_result *r;
        assert_int_equal(fc_forecast(a, &s, &r), FC_OK);
        for (int i = 0; i < FC_N_LEVELS; i++)
            assert_true(r->days[i] == 0);
        assert_true(r->mean == 0 && r->never_by_horizon == 0 && r->deadline_probability == 1);
        assert_true(r->challengers.line_overall == 0 && r->challengers.plugin[1] == 0);
        assert_int_equal(r->curve.n, 0);
        arena_free(a);
    }
}

/* At or before the cut a deadline is a matter of record. */
static void
test_past_deadline(void **state)
{
    static const double tau[] = {100, 100, 100};
    static const int n[] = {10, 10, 10}; /* at days -95, -85, ... */
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 3, tau, n, 5, FC_RECOMMENDED);
    s.has_deadline = true;
    s.deadline = -50;
    const struct fc_result *r = whole(a, &s);
    assert_true(r->deadline_enrolled == 15 && r->deadline_probability == 0);
    s.target = 15;
    assert_int_equal(fc_forecast(a, &s, &r), FC_OK);
    assert_true(r->deadline_probability == 1);
    arena_free(a);
}

static void
test_refusals(void **state)
{
    static const double tau[] = {100, 100}, none[] = {0, 0}, back[] = {-5, 100};
    static const int n[] = {10, 10}, one[] = {1, 0}, zero[] = {0, 0};
    struct arena *a = arena_new(0);
    const struct fc_result *r = NULL;
    struct fc_study s = test_study(a, 2, tau, one, 50, FC_RECOMMENDED);
    assert_int_equal(fc_forecast(a, &s, &r), FC_NO_EVENTS);
    s = test_study(a, 2, tau, zero, 50, FC_PLUGIN);
    s.plan_rate = 0.01; /* the textbook has no use for a plan */
    assert_int_equal(fc_forecast(a, &s, &r), FC_NO_EVENTS);
    s = test_study(a, 2, none, n, 50, FC_RECOMMENDED);
    assert_int_equal(fc_forecast(a, &s, &r), FC_NO_EXPOSURE);
    s = test_study(a, 2, back, n, 50, FC_RECOMMENDED);
    assert_int_equal(fc_forecast(a, &s, &r),
                     FC_BAD_INPUT); /* events before an opening in the future */
    s = test_study(a, 2, tau, n, 50, FC_RECOMMENDED);
    s.target = -1;
    assert_int_equal(fc_forecast(a, &s, &r), FC_BAD_INPUT);
    s = test_study(a, 2, tau, n, 50, FC_RECOMMENDED);
    struct fc_span shut[] = {{-100, -1}};
    struct fc_site *site = arena_copy(a, s.site, 2 * sizeof *site);
    site[0].open = site[1].open = shut;
    s.site = site;
    assert_int_equal(fc_forecast(a, &s, &r), FC_NO_SITES);
    assert_null(r);
    s.n_site = 0;
    assert_int_equal(fc_forecast(a, &s, &r), FC_NO_EVENTS);
    for (int k = FC_OK; k <= FC_NO_SITES; k++)
        assert_true(strlen(fc_refusal_text((enum fc_refusal)k)) > 10);
    arena_free(a);
}

/* First enrolments alone, each its site's opening, say nothing of a rate. */
static void
test_first_only(void **state)
{
    static const double tau[] = {100, 90, 80};
    static const int n[] = {1, 1, 1};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 3, tau, n, 20, FC_RECOMMENDED);
    struct fc_site *site = arena_copy(a, s.site, 3 * sizeof *site);
    for (int i = 0; i < 3; i++)
        site[i].first_left_out = true;
    s.site = site;
    const struct fc_result *r;
    assert_int_equal(fc_forecast(a, &s, &r), FC_NO_EVENTS);
    site[0].first_left_out = false;
    r = whole(a, &s);
    assert_int_equal(r->fit->enrolled, 3);
    assert_true(r->fit->counts.sum_count < 1 && r->fit->mle.mu > 0);
    arena_free(a);
}

static void
test_basis(void **state)
{
    static const double tau[] = {100, 100, 100}, brief[] = {15, 15, 15};
    static const int many[] = {8, 7, 6}, few[] = {3, 3, 2}, hardly[] = {2, 1, 1};
    static const struct {
        const double *tau;
        const int *n;
        size_t n_site;
        double plan;
        enum fc_basis basis;
        const char *text;
    } cases[] = {
        {tau, many, 3, 0, FC_BASIS_DATA, "data: 21 enrolled at 3 sites"},
        {tau, many, 3, 0.05, FC_BASIS_DATA, "data: 21 enrolled at 3 sites"},
        {tau, few, 3, 0, FC_BASIS_DATA_FEW, "data: 8 enrolled at 3 sites, no plan given"},
        {tau, many, 1, 0, FC_BASIS_DATA_FEW, "data: 8 enrolled at 1 site, no plan given"},
        {tau, few, 3, 0.05, FC_BASIS_PLAN_AND_DATA, "plan and data: 8 enrolled at 3 sites"},
        {tau, hardly, 3, 0.05, FC_BASIS_PLAN, "plan: too early for data, 4 enrolled at 3 sites"},
        {brief, many, 3, 0.05, FC_BASIS_PLAN, "plan: too early for data, 21 enrolled at 3 sites"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        struct fc_study s =
            test_study(a, cases[i].n_site, cases[i].tau, cases[i].n, 30, FC_RECOMMENDED);
        s.plan_rate = cases[i].plan;
        const struct fc_fit *f;
        test_scene(a, &s, &f);
        assert_int_equal(f->basis, cases[i].basis);
        assert_string_equal(f->basis_text, cases[i].text);
        arena_free(a);
    }
}

/* The plan alone: ln mu ~ N(ln plan, 0.7^2), whatever the few data say. */
static void
test_plan_alone(void **state)
{
    static const double tau[] = {100, 100};
    static const int n[] = {2, 1};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 2, tau, n, 50, FC_RECOMMENDED);
    s.plan_rate = 0.04;
    const struct fc_fit *f;
    test_scene(a, &s, &f);
    double ln_mu = 0, square = 0, ln_alpha = 0;
    for (size_t j = 0; j < f->nodes.n; j++) {
        ln_mu += f->nodes.weight[j] * log(f->nodes.mu[j]);
        square += f->nodes.weight[j] * log(f->nodes.mu[j]) * log(f->nodes.mu[j]);
        ln_alpha += f->nodes.weight[j] * log(f->nodes.alpha[j]);
    }
    test_within(ln_mu, log(0.04), 1e-6, "mean of ln mu");
    test_within(sqrt(square - ln_mu * ln_mu), 0.7, 1e-4, "sd of ln mu");
    test_within(ln_alpha, 0.5, 1e-4, "mean of ln alpha");
    arena_free(a);
}

/* A prior that is flat is the limit of one that is wide; one that is tight takes over. */
static void
test_prior(void **state)
{
    static const double tau[] = {100, 80, 120};
    static const int n[] = {8, 3, 14};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 3, tau, n, 50, FC_BAYES);
    const struct fc_fit *f;
    test_scene(a, &s, &f);
    double mean[3] = {0};
    struct fc_prior wide = {true, 0, 100}, tight = {true, log(0.5), 0.01};
    struct fc_nodes v[] = {f->nodes, fc_nodes_make(a, &f->counts, &wide),
                           fc_nodes_make(a, &f->counts, &tight)};
    for (int k = 0; k < 3; k++) {
        double sum = 0;
        for (size_t j = 0; j < v[k].n; j++) {
            mean[k] += v[k].weight[j] * log(v[k].mu[j]);
            sum += v[k].weight[j];
            assert_true(j == 0 || v[k].weight[j] <= v[k].weight[j - 1]);
        }
        test_within(sum, 1, 1e-12, "weights");
    }
    test_within(mean[1], mean[0], 1e-3, "wide");
    test_within(mean[2], log(0.5), 0.01, "tight");
    arena_free(a);
}

static uint64_t
next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static struct fc_study
many_sites(struct arena *a, size_t n_site, int64_t still)
{
    double *tau = arena_alloc(a, n_site * sizeof *tau);
    int *n = arena_alloc(a, n_site * sizeof *n);
    uint64_t seed = 7;
    for (size_t i = 0; i < n_site; i++) {
        tau[i] = 30 + (double)(next(&seed) % 300);
        n[i] = (int)(next(&seed) % 4 * (next(&seed) % 3));
    }
    struct fc_study s = test_study(a, n_site, tau, n, still, FC_RECOMMENDED);
    struct fc_site *site = arena_copy(a, s.site, n_site * sizeof *site);
    for (size_t i = 0; i < n_site; i += 5) { /* each with a closing of its own, or still to open */
        struct fc_span *span = arena_copy(a, site[i].open, sizeof *span);
        span->to = 20 + (double)i;
        site[i].open = span;
        if (i % 10 == 0)
            site[i] = (struct fc_site){.label = "late",
                                       .country = "",
                                       .opening = {.law = FC_OPENS_SLIP, .a = (double)i / 10 - 20}};
    }
    s.site = site;
    return s;
}

static void
test_monotone(void **state)
{
    struct arena *a = arena_new(0);
    struct fc_study s = many_sites(a, 60, 300);
    struct fc_scene *sc = test_scene(a, &s, NULL);
    double days[N_LEVELS], before = 0;
    fc_quantiles(sc, N_LEVELS, levels, days);
    for (int i = 0; i < N_LEVELS; i++) {
        assert_true(days[i] > (i ? days[i - 1] : 0));
        test_within(fc_cdf(sc, days[i]), levels[i], 1e-6, "P at its own quantile");
        test_near(fc_quantile(sc, levels[i]), days[i], 1e-6, "one by one");
    }
    for (double t = 1; t < 4 * days[N_LEVELS - 1]; t *= 1.05) {
        double p = fc_cdf(sc, t);
        assert_true(p >= before - 1e-12 && p <= 1);
        before = p;
    }
    arena_free(a);
}

/* The fan holds the counts whose tails its own definition asks for. */
static void
test_fan(void **state)
{
    static const double tau[] = {180, 150, 135, 90, 60};
    static const int n[] = {9, 4, 12, 1, 3};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 5, tau, n, 51, FC_PLUGIN);
    const struct fc_fit *fit;
    struct fc_scene *sc = test_scene(a, &s, &fit);
    double t[] = {1, 10, 60, 150, 220, 300, 900};
    int64_t got[7 * FC_N_LEVELS];
    fc_fan(sc, 7, t, FC_N_LEVELS, fc_levels, got);
    for (int i = 0; i < 7; i++) {
        struct fc_date date = fc_scene_at(sc, t[i]);
        double mean, excess;
        fc_scene_count(sc, &date, 0, &mean, &excess);
        for (int k = 0; k < FC_N_LEVELS; k++) {
            int64_t q = 0; /* the least count with P(N <= q) >= p, clipped at the target */
            while (q < 51 && 1 - fc_count_tail((double)q + 1, mean, excess) < fc_levels[k])
                q++;
            assert_int_equal(got[i * FC_N_LEVELS + k], 29 + q);
        }
    }
    arena_free(a);
}

static void
test_same_bytes(void **state)
{
    struct arena *a = arena_new(0), *b = arena_new(0);
    struct fc_study s = many_sites(a, 120, 200);
    const struct fc_result *one = whole(a, &s), *two = whole(b, &s);
    assert_memory_equal(one->days, two->days, sizeof one->days);
    assert_memory_equal(&one->never_by_horizon, &two->never_by_horizon, sizeof(double));
    assert_int_equal(one->curve.n, two->curve.n);
    assert_memory_equal(one->curve.count, two->curve.count,
                        one->curve.n * FC_N_LEVELS * sizeof *one->curve.count);
    for (size_t i = 0; i < one->n_site; i++) {
        assert_memory_equal(&one->site[i].rate, &two->site[i].rate, 3 * sizeof(double));
        assert_int_equal(one->site[i].rank_low, two->site[i].rank_low);
        assert_int_equal(one->site[i].rank_high, two->site[i].rank_high);
        assert_memory_equal(&one->site[i].still_recruiting, &two->site[i].still_recruiting,
                            sizeof(double));
    }
    arena_free(b);
    arena_free(a);
}

static void
test_2000_sites(void **state)
{
    struct arena *a = arena_new(0);
    struct fc_study s = many_sites(a, 2000, 20000);
    const struct fc_result *r = whole(a, &s);
    assert_int_equal(r->n_site, 2000);
    assert_true(r->days[3] > 0 && !arena_full(a));
    arena_free(a);
}

/* Matched near exact with openings to come and closings among few sites that enrol little: some
 * 3e-3; within 1e-3 as things usually are (V1 in test_forecast.c). */
static void
test_matched(void **state)
{
    for (size_t n = 10; n <= 60; n += 25) {
        struct arena *a = arena_new(0);
        struct fc_study s = many_sites(a, n, 60), e;
        s.opt.method = FC_PLUGIN;
        e = s;
        e.opt.method = FC_EXACT;
        struct fc_scene *matched = test_scene(a, &s, NULL), *exact = test_scene(a, &e, NULL);
        for (int k = 1; k < N_LEVELS; k += 3) {
            double t = fc_quantile(matched, levels[k]);
            test_within(fc_cdf(exact, t), levels[k], 5e-3, "matched");
        }
        arena_free(a);
    }
}

/* What closes, slips or comes later cannot make the target come sooner; beyond the horizon it is
 * infinite. */
static void
test_futures(void **state)
{
    static const double tau[] = {100, 100, 100};
    static const int n[] = {10, 10, 10};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 3, tau, n, 30, FC_RECOMMENDED), other = s;
    const struct fc_fit *fit;
    double open = fc_quantile(test_scene(a, &s, &fit), 0.5);
    struct fc_site *site = arena_alloc(a, 4 * sizeof *site);
    memcpy(site, s.site, 3 * sizeof *site);
    struct fc_span gap[] = {{-100, 10}, {60, INFINITY}}, ends[] = {{-100, 30}},
                   fixed[] = {{50, INFINITY}};
    other.site = site;
    struct fc_scene *sc;
    site[0].open = gap;
    site[0].n_open = 2;
    assert_int_equal(fc_scene_new(a, fit, &other, &sc), FC_OK);
    double suspended = fc_quantile(sc, 0.5);
    assert_true(suspended > open);
    other.n_site = 4;
    site[3] = (struct fc_site){.label = "d", .country = "", .open = fixed, .n_open = 1};
    assert_int_equal(fc_scene_new(a, fit, &other, &sc), FC_OK);
    double sure = fc_quantile(sc, 0.5);
    site[3] =
        (struct fc_site){.label = "d", .country = "", .opening = {.law = FC_OPENS_SLIP, .a = 50}};
    assert_int_equal(fc_scene_new(a, fit, &other, &sc), FC_OK);
    double slips = fc_quantile(sc, 0.5);
    assert_true(sure < slips && slips < suspended);
    for (int i = 0; i < 3; i++) {
        site[i].open = ends;
        site[i].n_open = 1;
    }
    other.n_site = 3;
    assert_int_equal(fc_scene_new(a, fit, &other, &sc), FC_OK);
    assert_true(isinf(fc_quantile(sc, 0.95)) && isnan(fc_mean(sc)));
    assert_true(fc_cdf(sc, fc_horizon(sc)) < 0.3);
    assert_true(fc_cdf(sc, 30) > 0 &&
                fc_cdf(sc, 30) == fc_cdf(sc, 300)); /* all closed: nothing more */
    arena_free(a);
}

static void
test_slip(void **state)
{
    struct arena *a = arena_new(0);
    struct fc_study s = {0};
    struct fc_slip d = fc_slip_learn(&s, "");
    assert_true(d.n == 0 && d.shape == 2 && d.rate == 2.0 / 45 && d.a == 0);
    struct fc_site *site = arena_alloc(a, 8 * sizeof *site);
    for (int i = 0; i < 8; i++) { /* six of France slip by 10, 20 .. 60 days, two of Spain by 0 */
        struct fc_span *span = arena_alloc(a, sizeof *span);
        *span = (struct fc_span){-100, INFINITY};
        site[i] = (struct fc_site){.label = "",
                                   .country = i < 6 ? "FR" : "ES",
                                   .open = span,
                                   .n_open = 1,
                                   .has_planned = true,
                                   .planned = i < 6 ? -110 - 10 * i : -100};
    }
    s.site = site;
    s.n_site = 8;
    struct fc_slip fr = fc_slip_learn(&s, "FR"), es = fc_slip_learn(&s, "ES");
    assert_int_equal(fr.n, 6);
    test_near(fr.shape / fr.rate, 35, 1e-12, "mean slip");
    test_near(fr.shape / (fr.rate * fr.rate), 350, 1e-12, "variance of slips");
    assert_int_equal(es.n, 8); /* too few of its own: all countries */
    /* a planned day long past: what is left of the slip is exponential, mean 22.5 d */
    s.n_site = 0;
    struct fc_site late = {
        .label = "", .country = "", .opening = {.law = FC_OPENS_SLIP, .a = -2000}};
    struct fc_late l = fc_late_of(&s, &late);
    double e1, e2;
    fc_late_moments(&l, 1000, &e1, &e2);
    test_within(1000 - e1, 22.5, 0.01, "left of the slip");
    arena_free(a);
}

/* A site silent for long is doubted, the more the faster it was. */
static void
test_alive(void **state)
{
    static const double tau[] = {200, 200, 200, 200};
    static const int n[] = {10, 10, 0, 10};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 4, tau, n, 30, FC_RECOMMENDED);
    struct fc_site *site = arena_copy(a, s.site, 4 * sizeof *site);
    double silent[10];
    for (int k = 0; k < 10; k++)
        silent[k] = -195 + 5 * k;
    struct fc_span shut = {-200, -20};
    site[1].event = silent;
    site[3].open = &shut;
    s.site = site;
    struct fc_site_row *row;
    assert_int_equal(fc_sites(a, &s, &row), FC_OK);
    assert_true(row[0].still_recruiting > 0.95);
    assert_true(row[1].still_recruiting < 0.1);
    assert_true(row[2].still_recruiting > row[1].still_recruiting && row[2].still_recruiting < 1);
    assert_true(row[3].still_recruiting == 0);
    s.n_site = 1;
    assert_int_equal(fc_sites(a, &s, &row), FC_OK);
    assert_true(isnan(row[0].still_recruiting));
    arena_free(a);
}

static void
test_ranks(void **state)
{
    static const double tau[] = {300, 300, 300};
    static const int n[] = {3, 60, 12};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 3, tau, n, 30, FC_RECOMMENDED);
    struct fc_site_row *row, *wide;
    assert_int_equal(fc_sites(a, &s, &row), FC_OK);
    assert_true(row[1].rank_low == 1 && row[1].rank_high == 1);
    assert_true(row[0].rank_low >= 2 && row[0].rank_high == 3);
    s.opt.level = 0.99;
    assert_int_equal(fc_sites(a, &s, &wide), FC_OK);
    for (int i = 0; i < 3; i++) {
        assert_true(wide[i].rate_low < row[i].rate_low && wide[i].rate_high > row[i].rate_high);
        assert_true(wide[i].rank_low <= row[i].rank_low && wide[i].rank_high >= row[i].rank_high);
    }
    arena_free(a);
}

static const struct fc_check *
find_check(const struct fc_checks *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++) {
        if (strcmp(c->item[i].name, name) == 0)
            return &c->item[i];
    }
    return NULL;
}

/* Ten sites whose events lie at `power` of evenly spread times: 1 is even, 3 crowds them early. */
static struct fc_checks
checks_of(struct arena *a, double power, int n)
{
    struct fc_site *site = arena_alloc(a, 10 * sizeof *site);
    static struct fc_span span = {-300, INFINITY};
    for (int i = 0; i < 10; i++) {
        double *event = arena_alloc(a, (size_t)n * sizeof *event);
        for (int k = 0; k < n; k++)
            event[k] = -300 + 300 * pow((k + 0.05 + 0.09 * i) / n, power);
        site[i] = (struct fc_site){.label = "",
                                   .country = "",
                                   .open = &span,
                                   .n_open = 1,
                                   .event = event,
                                   .n_event = (size_t)n};
    }
    struct fc_study s = {.target = 10 * n + 50, .site = site, .n_site = 10};
    const struct fc_fit *f;
    struct fc_scene *sc = test_scene(a, &s, &f);
    return fc_checks_run(a, f, sc);
}

static void
test_checks(void **state)
{
    struct arena *a = arena_new(0);
    struct fc_checks even = checks_of(a, 1, 6), early = checks_of(a, 3, 6),
                     late = checks_of(a, 0.4, 6);
    assert_true(find_check(&even, "rates_slow_with_age")->ok);
    assert_false(find_check(&early, "rates_slow_with_age")->ok);
    assert_string_equal(find_check(&early, "rates_slow_with_age")->text,
                        "Sites slow down with age: dates lean early.");
    assert_string_equal(find_check(&late, "rates_slow_with_age")->text,
                        "Sites speed up with age: dates lean late.");
    assert_true(find_check(&even, "one_month_ahead")->ok);
    assert_true(isfinite(find_check(&even, "one_month_ahead")->value));
    assert_false(find_check(&even, "site_rates")->ok); /* all alike to the last patient */
    assert_null(find_check(&even, "few_enrolled"));
    struct fc_checks few = checks_of(a, 1, 1);
    assert_false(find_check(&few, "few_enrolled")->ok);
    struct fc_study large = many_sites(a, 60, 2001);
    large.opt.method = FC_EXACT;
    assert_false(find_check(&whole(a, &large)->checks, "exact_too_large")->ok);
    arena_free(a);
}

static void
test_challengers(void **state)
{
    static const double tau[] = {400, 200}; /* 40 over 400 d; 9 + 5 of them in the last 90 */
    static const int n[] = {40, 11};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 2, tau, n, 102, FC_RECOMMENDED);
    struct fc_challengers c = fc_challengers_of(a, &s);
    test_near(c.line_overall, 102 * 400 / 51.0, 1e-12, "overall");
    test_near(c.line_last90, 102 * 90 / 14.0, 1e-12, "last 90");
    s.opt.method = FC_PLUGIN;
    test_near(c.plugin[1], fc_quantile(test_scene(a, &s, NULL), 0.5), 1e-9, "plug-in median");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_odd_studies),   cmocka_unit_test(test_target_reached),
        cmocka_unit_test(test_past_deadline), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_first_only),    cmocka_unit_test(test_basis),
        cmocka_unit_test(test_plan_alone),    cmocka_unit_test(test_prior),
        cmocka_unit_test(test_monotone),      cmocka_unit_test(test_fan),
        cmocka_unit_test(test_same_bytes),    cmocka_unit_test(test_2000_sites),
        cmocka_unit_test(test_matched),       cmocka_unit_test(test_futures),
        cmocka_unit_test(test_slip),          cmocka_unit_test(test_alive),
        cmocka_unit_test(test_ranks),         cmocka_unit_test(test_checks),
        cmocka_unit_test(test_challengers),
    };
    return cmocka_run_group_tests_name("forecast edges", tests, NULL, NULL);
}
