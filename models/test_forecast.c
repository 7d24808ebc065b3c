/* test_forecast.c: the forecast against published and independently computed numbers (FORECAST
 * section 2: V1, V2, V3, V13, V14), with the tolerances of its section 6. */
#include "models/special.h"
#include "models/test_study.h"

#include <string.h>

static const double v1_tau[] = {180, 150, 135, 90, 60};
static const int v1_n[] = {9, 4, 12, 1, 3};
enum { V1_SITES = 5, V1_STILL = 51 };
static const double five[] = {0.05, 0.1, 0.5, 0.9, 0.95};

static void
test_v1_fit(void **state)
{
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, V1_SITES, v1_tau, v1_n, V1_STILL, FC_PLUGIN);
    const struct fc_fit *f;
    test_scene(a, &s, &f);
    test_near(fc_like_value(&f->counts, 2, 0.05), -12.8770033807, 1e-10, "log L(2, 40)");
    test_near(f->mle.alpha, 6.59203868657, 1e-7, "alpha");
    test_near(f->mle.beta, 142.119543073, 1e-7, "beta");
    test_near(f->mle.mu, 0.0463837593622, 1e-7, "mu");
    test_near(f->mle.log_likelihood, -12.3709851267, 1e-10, "log L");
    test_near(f->mle.dean_s, 23.002379536, 1e-10, "S");
    test_near(f->mle.dean_z, 1.18433060, 1e-8, "z");
    arena_free(a);
}

/* Standard errors against second differences of the likelihood itself. */
static void
test_v1_errors(void **state)
{
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, V1_SITES, v1_tau, v1_n, V1_STILL, FC_PLUGIN);
    const struct fc_fit *f;
    test_scene(a, &s, &f);
    double h = 1e-3, at[3][3];
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 3; k++)
            at[i][k] = fc_like_value(&f->counts, f->mle.alpha * exp((i - 1) * h),
                                     f->mle.mu * exp((k - 1) * h));
    }
    double aa = (at[2][1] - 2 * at[1][1] + at[0][1]) / (h * h);
    double mm = (at[1][2] - 2 * at[1][1] + at[1][0]) / (h * h);
    double am = (at[2][2] - at[2][0] - at[0][2] + at[0][0]) / (4 * h * h);
    double det = aa * mm - am * am;
    test_near(f->mle.se_ln_mu, sqrt(-aa / det), 1e-4, "se ln mu");
    test_near(f->mle.se_ln_alpha, sqrt(-mm / det), 1e-4, "se ln alpha");
    arena_free(a);
}

static void
test_v1_sites(void **state)
{
    static const double mean[] = {.0484045101, .0362592608, .0670903195, .0327074515, .0474572550};
    static const double weight[] = {.44120, .48651, .51285, .61227, .70315};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, V1_SITES, v1_tau, v1_n, V1_STILL, FC_PLUGIN);
    struct fc_site_row *row;
    assert_int_equal(fc_sites(a, &s, &row), FC_OK);
    for (int i = 0; i < V1_SITES; i++) {
        test_within(row[i].rate, mean[i], 1e-9, "posterior mean");
        test_within(row[i].prior_weight, weight[i], 5.1e-6, "weight of the prior");
        double shape = 6.59203868657 + v1_n[i], rate = 142.119543073 + v1_tau[i];
        test_near(special_gamma_p(shape, rate * row[i].rate_low), 0.1, 1e-6, "low end");
        test_near(special_gamma_q(shape, rate * row[i].rate_high), 0.1, 1e-6, "high end");
    }
    arena_free(a);
}

/* Quantiles 5, 10, 50, 90, 95 % and P(220), and how near they must come. */
static const struct {
    enum fc_method method;
    double days[5], p220, days_by, days_relative, p_by;
} v1_rows[] = {
    {FC_EXACT,
     {160.203807, 171.856934, 219.697880, 280.318849, 300.335348},
     .502875502721,
     1e-3,
     0,
     1e-10},
    {FC_PLUGIN,
     {160.214417, 171.858313, 219.682496, 280.346672, 300.395847},
     .503021586889,
     1e-3,
     0,
     1e-10},
    {FC_BAYES_EXACT, {150.9743, 164.4629, 223.1046, 304.8744, 333.6935}, .476743, 0, 2e-4, 1e-4},
    {FC_BAYES, {151.0075, 164.4493, 223.0355, 305.0640, 334.0484}, .477284, 0, 2e-4, 1e-4},
};

static void
test_v1_times(void **state)
{
    for (size_t r = 0; r < sizeof v1_rows / sizeof *v1_rows; r++) {
        struct arena *a = arena_new(0);
        struct fc_study s = test_study(a, V1_SITES, v1_tau, v1_n, V1_STILL, v1_rows[r].method);
        struct fc_scene *sc = test_scene(a, &s, NULL);
        double days[5];
        fc_quantiles(sc, 5, five, days);
        for (int k = 0; k < 5; k++)
            test_within(days[k], v1_rows[r].days[k],
                        v1_rows[r].days_by + v1_rows[r].days_relative * v1_rows[r].days[k],
                        "quantile");
        test_within(fc_cdf(sc, 220), v1_rows[r].p220, v1_rows[r].p_by, "P(220)");
        arena_free(a);
    }
}

static void
test_v1_close(void **state)
{
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, V1_SITES, v1_tau, v1_n, V1_STILL, FC_EXACT), other = s;
    struct fc_site *site = arena_copy(a, s.site, V1_SITES * sizeof *site);
    struct fc_span now = {-135, 0}, later = {-135, 60};
    const struct fc_fit *fit;
    struct fc_scene *sc;
    test_scene(a, &s, &fit);
    other.site = site;
    site[2].open = &now;
    assert_int_equal(fc_scene_new(a, fit, &other, &sc), FC_OK);
    test_near(fc_cdf(sc, 220), .050332264364, 1e-10, "site 3 closed now");
    site[2].open = &later;
    assert_int_equal(fc_scene_new(a, fit, &other, &sc), FC_OK);
    test_near(fc_cdf(sc, 220), .118492486157, 1e-10, "site 3 closed after 60 d");
    arena_free(a);
}

/* Sites still to open, U(30, 90): exactly, and matched within 1e-3. */
static void
test_v1_openings(void **state)
{
    static const double want[] = {.502875502721, .769412, .920485, .979041444179};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, V1_SITES, v1_tau, v1_n, V1_STILL, FC_EXACT), other = s;
    struct fc_study rough = test_study(a, V1_SITES, v1_tau, v1_n, V1_STILL, FC_PLUGIN);
    struct fc_site *site = arena_alloc(a, (V1_SITES + 3) * sizeof *site);
    memcpy(site, s.site, V1_SITES * sizeof *site);
    other.site = site;
    const struct fc_fit *exact, *matched;
    struct fc_scene *sc;
    test_scene(a, &s, &exact);
    test_scene(a, &rough, &matched);
    for (size_t k = 0; k <= 3; k++) {
        if (k)
            site[V1_SITES + k - 1] = (struct fc_site){
                .label = "new", .country = "", .opening = {FC_OPENS_UNIFORM, 30, 90, 0, 0, 0}};
        other.n_site = V1_SITES + k;
        assert_int_equal(fc_scene_new(a, exact, &other, &sc), FC_OK);
        test_within(fc_cdf(sc, 220), want[k], k == 0 || k == 3 ? 1e-10 : 5e-7, "new sites");
        assert_int_equal(fc_scene_new(a, matched, &other, &sc), FC_OK);
        test_within(fc_cdf(sc, 220), want[k], 1e-3, "new sites, matched");
    }
    arena_free(a);
}

static const double v2_tau[] = {120, 120, 120, 120, 120, 120};
static const int v2_n[] = {2, 8, 5, 0, 3, 12};

/* All open, common exposure: T is beta-prime, so that matched and exact are one. */
static void
test_v2(void **state)
{
    static const double days[] = {110.453306758, 119.912759913, 160.010644935, 213.540473769,
                                  231.845118865};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 6, v2_tau, v2_n, 40, FC_PLUGIN);
    const struct fc_fit *f;
    struct fc_scene *sc = test_scene(a, &s, &f);
    test_near(f->mle.alpha, 1.61412599464, 1e-7, "alpha");
    test_near(f->mle.beta, 38.7390238715, 1e-7, "beta");
    test_near(f->mle.mu, 1.0 / 24, 1e-9, "mu");
    double got[5], mean, variance;
    fc_quantiles(sc, 5, five, got);
    for (int k = 0; k < 5; k++)
        test_near(got[k], days[k], 1e-7, "quantile");
    test_near(fc_cdf(sc, 160), .499881910755, 1e-7, "P(160)");
    test_near(fc_mean(sc), 164.135996105, 1e-6, "mean");
    fc_moments(sc, 158.739023871, &mean, &variance); /* t = B doubles the exposure: q = 1/2 */
    test_near(mean, 39.6847559679, 1e-7, "A");
    test_near(variance, 2 * mean, 1e-7, "variance");
    s.opt.method = FC_EXACT;
    test_near(fc_cdf(test_scene(a, &s, NULL), 160), .499881910755, 1e-7, "P(160), exact");
    arena_free(a);
}

static void
test_v2_deviation(void **state)
{
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 6, v2_tau, v2_n, 40, FC_PLUGIN);
    struct fc_scene *sc = test_scene(a, &s, NULL);
    double second = 0, step = 0.5; /* E T^2 = integral of 2 t (1 - P) */
    for (double t = 0.5 * step; t < 3000; t += step)
        second += 2 * t * (1 - fc_cdf(sc, t)) * step;
    double mean = fc_mean(sc);
    test_near(sqrt(second - mean * mean), 37.5004333969, 1e-5, "sd");
    arena_free(a);
}

static void
test_v3(void **state)
{
    static const double tau[] = {100, 100, 110, 100};
    static const int n[] = {5, 5, 6, 5};
    struct arena *a = arena_new(0);
    struct fc_study s = test_study(a, 4, tau, n, 30, FC_PLUGIN);
    const struct fc_fit *f;
    struct fc_scene *sc = test_scene(a, &s, &f);
    test_within(f->mle.dean_s, -20.82, 0.005, "S");
    assert_true(isinf(f->mle.alpha) && isinf(f->mle.beta));
    test_near(f->mle.mu, 21.0 / 410, 1e-12, "mu");
    test_near(f->mle.log_likelihood, -7.06562061725, 1e-10, "log L");
    assert_true(isnan(f->mle.se_ln_alpha));
    /* four sites at a known rate: the count is Poisson */
    test_near(fc_cdf(sc, 150), special_gamma_p(30, 4 * 150 * 21.0 / 410), 1e-12, "Poisson");
    s.opt.method = FC_EXACT;
    test_near(fc_cdf(test_scene(a, &s, NULL), 150), special_gamma_p(30, 4 * 150 * 21.0 / 410),
              1e-12, "Poisson, exact");
    arena_free(a);
}

static struct fc_study
v13(struct arena *a)
{
    static const double age1[] = {2, 5, 9, 14, 22, 40, 61}, age2[] = {1, 3, 8, 30},
                        age3[] = {6, 50};
    static const double *const age[] = {age1, age2, age3, NULL};
    static const double tau[] = {100, 80, 60, 40};
    static const int n[] = {7, 4, 2, 0};
    struct fc_study s = test_study(a, 4, tau, n, 30, FC_RECOMMENDED);
    struct fc_site *site = arena_copy(a, s.site, 4 * sizeof *site);
    for (int i = 0; i < 4; i++) {
        double *event = arena_alloc(a, (size_t)n[i] * sizeof *event);
        for (int k = 0; k < n[i]; k++)
            event[k] = age[i][k] - tau[i];
        site[i].event = event;
    }
    s.site = site;
    return s;
}

static void
test_v13(void **state)
{
    static const double count[] = {3.88196397626, 2.35160168663, 1.58562866767, 0};
    static const double tau[] = {69.7335851644, 59.7236963676, 48.0468704032, 34.4255138257};
    static const double days[] = {96.2965, 115.411, 242.777, 628.409, 861.739};
    struct arena *a = arena_new(0);
    struct fc_study s = v13(a);
    const struct fc_fit *f;
    struct fc_scene *sc = test_scene(a, &s, &f);
    for (int i = 0; i < 4; i++) {
        test_within(f->counts.count[i], count[i], 1e-10, "discounted count");
        test_near(f->counts.tau[i], tau[i], 1e-11, "discounted exposure");
    }
    assert_true(f->elapsed == 100 && f->half_life == 90 && f->drift_sd == 0.5);
    double got[5];
    fc_quantiles(sc, 5, five, got);
    for (int k = 0; k < 5; k++)
        test_near(got[k], days[k], 2e-4, "quantile");
    test_within(fc_cdf(sc, 200), .3800688, 2e-5, "P(200)");
    arena_free(a);
}

static void
test_v14(void **state)
{
    static const struct {
        struct fc_opening law;
        double t, e1, e2;
    } cases[] = {
        {{FC_OPENS_UNIFORM, 30, 90, 0, 0, 0}, 60, 7.5, 150},
        {{FC_OPENS_UNIFORM, 30, 90, 0, 0, 0}, 220, 160, 25900},
        {{FC_OPENS_GAMMA, 20, 0, 3, .05, 0}, 60, 4.36035098, 84.2448277},
        {{FC_OPENS_GAMMA, 20, 0, 3, .05, 0}, 220, 140.066284, 20796.8765},
    };
    struct fc_study s = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fc_site site = {.label = "", .country = "", .opening = cases[i].law};
        struct fc_late l = fc_late_of(&s, &site);
        struct fc_late_points p;
        double e1, e2, sum1 = 0, sum2 = 0;
        fc_late_moments(&l, cases[i].t, &e1, &e2);
        test_near(e1, cases[i].e1, 1e-8, "E1");
        test_near(e2, cases[i].e2, 1e-8, "E2");
        fc_late_points(&l, cases[i].t, &p); /* the law as points has the same moments */
        for (size_t k = 0; k < p.n; k++) {
            sum1 += p.w[k] * p.d[k];
            sum2 += p.w[k] * p.d[k] * p.d[k];
        }
        test_near(sum1, e1, 1e-9, "E1 of points");
        test_near(sum2, e2, 1e-9, "E2 of points");
    }
}

/* The exact recursion and the Fourier inversion are two ways to one number; so is a single site. */
static void
test_exact_ways(void **state)
{
    double r[] = {2.5, 0.3, 7, 11.25}, q[] = {0.2, 0.9, 0.35, 0.05}, work[2 * 200 + 2];
    for (size_t m = 1; m <= 200; m += 13) {
        double exact = fc_count_exact(4, r, q, m, work);
        struct fc_pgf g = {4, r, q, 0, 60, 0, NULL, 1, 1, 1};
        test_within(fc_count_pgf(&g, m), exact, 1e-9, "inversion");
        test_within(fc_count_exact(1, r, q, m, work), special_beta((double)m, r[0], q[0], 1 - q[0]),
                    1e-12, "one site");
    }
    assert_true(fc_count_exact(4, r, q, 0, work) == 1);
}

static void
test_exact_large(void **state)
{
    enum { M = 2000, I = 50 };
    static double r[I], q[I],
        work[2 * M + 2]; /* ln g_0 is near -1,500: far below what exp can hold */
    for (int i = 0; i < I; i++) {
        r[i] = 60;
        q[i] = 0.4;
    }
    test_near(fc_count_exact(I, r, q, M, work), special_beta(M, 60 * I, 0.4, 0.6), 1e-9,
              "3,000 NB(.4)");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_v1_fit),      cmocka_unit_test(test_v1_errors),
        cmocka_unit_test(test_v1_sites),    cmocka_unit_test(test_v1_times),
        cmocka_unit_test(test_v1_close),    cmocka_unit_test(test_v1_openings),
        cmocka_unit_test(test_v2),          cmocka_unit_test(test_v2_deviation),
        cmocka_unit_test(test_v3),          cmocka_unit_test(test_v13),
        cmocka_unit_test(test_v14),         cmocka_unit_test(test_exact_ways),
        cmocka_unit_test(test_exact_large),
    };
    return cmocka_run_group_tests_name("forecast", tests, NULL, NULL);
}
