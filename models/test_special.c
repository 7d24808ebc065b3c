/* test_special.c: special functions against values worked out to 70 digits from the finite sums
 * that they are for whole arguments, and against each other. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gsl/gsl_sf_psi.h>

#include "models/root.h"
#include "models/special.h"

static void
close_to(double got, double want, double relative, const char *what, size_t row)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%s, row %zu: got %.17g, want %.17g", what, row, got, want);
}

/* P(N >= m) and P(N < m) for the negative binomial of shape a and mean `mean`. */
static const struct {
    double m, a, mean, upper, lower;
} beta_cases[] = {
    {1, 0.5, 0.7, 3.5450277563209720e-01, 6.4549722436790280e-01},
    {1, 4, 1e-6, 9.9999937500031247e-07, 9.9999900000062503e-01},
    {3, 0.01, 2, 3.7473398931395285e-02, 9.6252660106860477e-01},
    {30, 0.5, 25, 2.7769944675124647e-01, 7.2230055324875353e-01},
    {30, 4, 10, 6.7440530396228734e-03, 9.9325594696037711e-01},
    {30, 4, 90, 9.4974345263263815e-01, 5.0256547367361806e-02},
    {51, 60.285, 40, 1.0329704169190849e-01, 8.9670295830809155e-01},
    {400, 3.7, 150, 8.4996071335603947e-03, 9.9150039286643965e-01},
    {400, 3.7, 420, 4.6814858376366830e-01, 5.3185141623633170e-01},
    {400, 40, 250, 1.0897916279537382e-03, 9.9891020837204625e-01},
    {400, 1000, 400, 5.0337205046508327e-01, 4.9662794953491673e-01},
    {400, 1e8, 330, 1.0321882321278804e-04, 9.9989678117678726e-01},
    {400, 1e8, 480, 9.9992066193940332e-01, 7.9338060596623563e-05},
    {2000, 6.2, 1500, 1.8907469449688971e-01, 8.1092530550311026e-01},
    {2000, 1e6, 1800, 1.9303096456967165e-06, 9.9999806969035432e-01},
    {2000, 1e12, 2000, 5.0297354843528230e-01, 4.9702645156471770e-01},
    {2000, 1e12, 2200, 9.9999283007476036e-01, 7.1699252396173341e-06},
    {20000, 5.5, 21000, 4.8814595222318513e-01, 5.1185404777681487e-01},
    {20000, 1e4, 19000, 1.3277183105090786e-05, 9.9998672281689494e-01},
    {20000, 1e12, 19500, 1.8327007632504226e-04, 9.9981672992367498e-01},
    {20000, 1e12, 20400, 9.9753935383799075e-01, 2.4606461620092128e-03},
};

static void
test_beta(void **state)
{
    for (size_t i = 0; i < sizeof beta_cases / sizeof *beta_cases; i++) {
        double m = beta_cases[i].m, a = beta_cases[i].a, v = beta_cases[i].mean + a;
        double x = beta_cases[i].mean / v, y = a / v;
        /* the argument's own rounding is worth some 1e-16 times the steepness */
        close_to(special_beta(m, a, x, y), beta_cases[i].upper, 1e-11, "upper", i);
        close_to(special_beta(a, m, y, x), beta_cases[i].lower, 1e-11, "lower", i);
    }
}

static void
test_beta_ends(void **state)
{
    assert_true(special_beta(3, 4, 0, 1) == 0);
    assert_true(special_beta(3, 4, 1, 0) == 1);
    assert_true(special_beta(20000, 40, 0.01, 0.99) == 0); /* underflows quietly */
    assert_true(special_beta(40, 20000, 0.99, 0.01) == 1);
    assert_true(fabs(special_beta(0.3, 0.3, 0.5, 0.5) - 0.5) < 1e-14);
    double before = 0;
    for (double x = 0.01; x < 1; x += 0.01) {
        double p = special_beta(7.5, 0.2, x, 1 - x);
        assert_true(p > before && p < 1);
        before = p;
    }
}

static const struct {
    double a, x, p, q;
} gamma_cases[] = {
    {1, 1e-5, 9.9999500001666663e-06, 9.9999000004999983e-01},
    {2, 0.04, 7.7898328158386215e-04, 9.9922101671841612e-01},
    {3, 9.5, 9.9583636696249667e-01, 4.1636330375033458e-03},
    {30, 12.5, 1.8774147181835919e-05, 9.9998122585281812e-01},
    {30, 61.25, 9.9999647809321257e-01, 3.5219067874521172e-06},
    {400, 330, 1.0321618161983774e-04, 9.9989678381838021e-01},
    {400, 480, 9.9992066468255658e-01, 7.9335317443400829e-05},
    {20000, 19500, 1.8327005188799395e-04, 9.9981672994811199e-01},
    {20000, 20400, 9.9753935405635430e-01, 2.4606459436456764e-03},
};

static void
test_gamma(void **state)
{
    for (size_t i = 0; i < sizeof gamma_cases / sizeof *gamma_cases; i++) {
        double a = gamma_cases[i].a, x = gamma_cases[i].x;
        close_to(special_gamma_p(a, x), gamma_cases[i].p, 1e-10, "p", i);
        close_to(special_gamma_q(a, x), gamma_cases[i].q, 1e-10, "q", i);
    }
    assert_true(special_gamma_p(5, 0) == 0 && special_gamma_q(5, 0) == 1);
    assert_true(special_gamma_p(5, 1e9) == 1 && special_gamma_q(5, 1e9) == 0);
    assert_true(special_gamma_p(5, INFINITY) == 1);
}

static void
test_gamma_quantile(void **state)
{
    static const double shapes[] = {1e-3, 0.2, 0.7, 1, 4.5, 60, 1e4, 1e8};
    static const double levels[] = {1e-6, 0.025, 0.1, 0.5, 0.9, 0.975, 1 - 1e-6};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
            double x = special_gamma_quantile(shapes[i], levels[k]);
            if (x > 0)
                close_to(special_gamma_p(shapes[i], x), levels[k], 1e-9 + 2e-12 * sqrt(shapes[i]),
                         "quantile", i * 10 + k);
            else
                assert_true(special_gamma_p(shapes[i], 1e-300) > levels[k]);
        }
    }
}

static void
test_tests(void **state)
{
    close_to(special_chi2_q(3.841458820694124, 1), 0.05, 1e-12, "chi2", 0);
    close_to(special_binomial_two_sided(2, 10), 0.109375, 1e-12, "binomial", 0); /* 2 * 56 / 1024 */
    assert_true(special_binomial_two_sided(5, 10) == 1);
    close_to(special_binomial_two_sided(0, 10), 2.0 / 1024, 1e-12, "binomial", 1);
    close_to(special_normal_quantile(0.975), 1.959963984540054, 1e-14, "normal", 0);
    close_to(special_normal_p(-1.959963984540054), 0.025, 1e-14, "normal", 1);
    assert_true(fabs(special_kolmogorov_q(1.358 / sqrt(1e6), 1e6) - 0.05) < 1e-3);
    close_to(special_psi(1), -0.57721566490153286, 1e-14, "psi", 0);
    close_to(special_psi1(1), M_PI * M_PI / 6, 1e-14, "psi1", 0);
    close_to(special_psi1(0.5), M_PI * M_PI / 2, 1e-14, "psi1", 1);
    for (double x = 1e-3; x < 1e6; x *= 1.7) {
        gsl_sf_result r;
        gsl_sf_psi_e(x, &r);
        assert_true(fabs(special_psi(x) - r.val) < 1e-14 * fmax(fabs(r.val), 10));
        gsl_sf_psi_1_e(x, &r);
        close_to(special_psi1(x), r.val, 1e-13, "psi1 of GSL", 0);
    }
    close_to(special_ln_gamma(0.5), 0.5 * log(M_PI), 1e-14, "lngamma", 0);
}

static void
test_legendre(void **state)
{
    double x[24], w[24], sum = 0, power = 0;
    special_legendre(24, x, w);
    for (int i = 0; i < 24; i++) {
        sum += w[i];
        power += w[i] * pow(x[i], 40);
    }
    close_to(sum, 1, 1e-14, "weights", 0);
    close_to(power, 1.0 / 41, 1e-13, "x^40", 0);
}

static double
cubic(void *arg, double x)
{
    ++*(int *)arg;
    return x * x * x - 2;
}

static void
test_root(void **state)
{
    int calls = 0;
    double x = root_brent(cubic, &calls, -10, -1002, 10, 998, 1e-13);
    close_to(x, cbrt(2), 1e-13, "cube root", 0);
    assert_true(calls < 60);
    assert_true(root_brent(cubic, &calls, cbrt(2), 0, 10, 998, 1e-13) == cbrt(2));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beta),  cmocka_unit_test(test_beta_ends),
        cmocka_unit_test(test_gamma), cmocka_unit_test(test_gamma_quantile),
        cmocka_unit_test(test_tests), cmocka_unit_test(test_legendre),
        cmocka_unit_test(test_root),
    };
    return cmocka_run_group_tests_name("special", tests, NULL, NULL);
}
