/* special.c: see special.h. */
#include "models/special.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

static const double half_ln_2pi = 0.918938533204672741780;

/* ln Gamma(x) less Stirling's (x - 1/2) ln x - x + ln(2 pi) / 2, for x >= 10. */
static double
stirling_tail(double x)
{
    double z = 1 / (x * x);
    double far = 1.0 / 1680 - z * (1.0 / 1188 - z * (691.0 / 360360 - z / 156));
    return (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * far))) / x;
}

/* The same for any x > 0: below 10 through the recurrence of Gamma. */
static double
stirling_rest(double x)
{
    if (x >= 10)
        return stirling_tail(x);
    double k = ceil(10 - x), y = x + k, powers = 1, product = 1;
    for (double v = x; v < y - 0.5; v++) {
        powers *= y;
        product *= v;
    }
    return stirling_tail(y) + (x - 0.5) * log(y / x) + log(powers / product) - k;
}

/* ln(1 + d), to within 1e-13 / a: the quicker log where that will do; for d near -1 from 1 + d as
 * it is known better. */
static double
ln_ratio(double a, double d, double one_more)
{
    return d < -0.5 ? log(one_more) : a < 1000 ? log(1 + d) : log1p(d);
}

/* x^a y^b / B(a, b), free of cancellation: with z = b x - a y the exponents are a f(z/a) + b
 * f(-z/b), f(d) = ln(1 + d) - d. 0 below e^-100: nobody asks how unlikely that is. */
static double
beta_power(double a, double b, double x, double y)
{
    double z = b * x - a * y, da = z / a, db = -z / b;
    double e =
        a * (ln_ratio(a, da, (a + b) * x / a) - da) + b * (ln_ratio(b, db, (a + b) * y / b) - db);
    if (e < -100)
        return 0;
    e += stirling_rest(a + b) - stirling_rest(a) - stirling_rest(b);
    return exp(e - half_ln_2pi) * sqrt(a / (a + b) * b);
}

/* The continued fraction, for x at or below the mean, by its forward recurrence: one division a
 * step, and two steps' values compared crosswise instead of divided. */
static double
beta_fraction(double a, double b, double x, double y)
{
    double z = a * y - b * x, down = 1 / (a + 1);
    double top = a * (z + 1) * down, bottom = 1, top_before = 1, bottom_before = 0;
    for (double m = 1; m < 1e6; m++) {
        double r = x * down, side = m * (b - m) * r; /* down = 1 / (a + 2 m - 1) */
        double an = (a + m - 1) * (a + b + m - 1) * side * r;
        down = 1 / (a + 2 * m + 1);
        double bn = m + side + (a + m) * (z + 1 + m * (2 - x)) * down;
        double top_next = bn * top + an * top_before;
        double bottom_next = bn * bottom + an * bottom_before;
        top_before = top;
        bottom_before = bottom;
        top = top_next;
        bottom = bottom_next;
        double across = top * bottom_before;
        if (fabs(across - top_before * bottom) < 1e-14 * fabs(across))
            break;
        if (fabs(top) > 1e100) {
            top *= 1e-100, bottom *= 1e-100;
            top_before *= 1e-100, bottom_before *= 1e-100;
        }
    }
    return top / bottom;
}

double
special_beta(double a, double b, double x, double y)
{
    if (x <= 0)
        return 0;
    if (y <= 0)
        return 1;
    if (b * x <= a * y) {
        double p = beta_power(a, b, x, y);
        return p == 0 ? 0 : p / beta_fraction(a, b, x, y);
    }
    double p = beta_power(b, a, y, x);
    return p == 0 ? 1 : 1 - p / beta_fraction(b, a, y, x);
}

/* GSL's _e functions call the global error handler, which aborts, on a domain error or where they
 * do not converge: hence the clipped arguments. Far below the mean P is 0, far above it is 1,
 * before the argument itself could trouble anyone. */
double
special_gamma_p(double a, double x)
{
    if (!(x > 0))
        return 0;
    if (x > a + 40 * sqrt(a) + 800)
        return 1;
    gsl_sf_result r = {0};
    gsl_sf_gamma_inc_P_e(a, x, &r);
    return r.val;
}

double
special_gamma_q(double a, double x)
{
    if (!(x > 0))
        return 1;
    if (x > a + 40 * sqrt(a) + 800)
        return 0;
    gsl_sf_result r = {0};
    gsl_sf_gamma_inc_Q_e(a, x, &r);
    return r.val;
}

double
special_ln_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* Newton in ln x, started from Wilson and Hilferty's cube or, near zero, from the first term of the
 * series; halved back into the bracket when it leaps out. */
double
special_gamma_quantile(double a, double p)
{
    double z = special_normal_quantile(p), w = 1 - 1 / (9 * a) + z / (3 * sqrt(a));
    double ln_first = (log(p) + special_ln_gamma(a + 1)) / a;
    double u = w > 0.3 ? log(a) + 3 * log(w) : ln_first;
    double lo = -690, hi = log(a + 40 * sqrt(a) + 700);
    if (ln_first < lo)
        return 0;
    if (u > hi)
        u = hi;
    for (int i = 0; i < 100; i++) {
        double x = exp(u), f = special_gamma_p(a, x) - p;
        if (f > 0)
            hi = u;
        else
            lo = u;
        double slope = exp(a * u - x - special_ln_gamma(a));
        double next = slope > 0 ? u - f / slope : u;
        if (!(next > lo && next < hi))
            next = 0.5 * (lo + hi);
        if (fabs(next - u) < 1e-13)
            break;
        u = next;
    }
    return exp(u);
}

/* Digamma and trigamma: asymptotic from 8 or 10 on, the recurrence below; the digamma's is gathered
 * into one fraction. A third of the time of GSL's, and a fit asks for thousands. */
double
special_psi(double x)
{
    double top = 0, bottom = 1;
    for (; x < 8; x++) { /* sum of 1 / x */
        top = top * x + bottom;
        bottom *= x;
    }
    double z = 1 / (x * x);
    double far = 1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12));
    double series = z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * far)));
    return log(x) - 0.5 / x - series - top / bottom;
}

double
special_psi1(double x)
{
    double sum = 0;
    for (; x < 10; x++)
        sum += 1 / (x * x);
    double z = 1 / (x * x);
    double far = 1.0 / 30 - z * (5.0 / 66 - z * (691.0 / 2730 - z * 7 / 6));
    double series = z * (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42 - z * far)));
    return sum + (1 + series + 0.5 / x) / x;
}

double
special_normal_p(double z)
{
    return 0.5 * erfc(-z * M_SQRT1_2);
}

double
special_normal_quantile(double p)
{
    return gsl_cdf_ugaussian_Pinv(p);
}

double
special_chi2_q(double x, double df)
{
    return special_gamma_q(0.5 * df, 0.5 * x);
}

double
special_binomial_two_sided(double k, double n)
{
    double low = k < n ? special_beta(n - k, k + 1, 0.5, 0.5) : 1; /* P(K <= k) */
    double high = k > 0 ? special_beta(k, n - k + 1, 0.5, 0.5) : 1;
    return fmin(1, 2 * fmin(low, high));
}

double
special_kolmogorov_q(double d, double n)
{
    double root = sqrt(n), x = d * (root + 0.12 + 0.11 / root), sum = 0;
    if (x < 0.2)
        return 1;
    for (int k = 1; k <= 100; k++) {
        double term = exp(-2 * k * k * x * x);
        sum += k % 2 ? term : -term;
        if (term < 1e-17)
            break;
    }
    return fmax(0, fmin(1, 2 * sum));
}

void
special_legendre(int n, double *ret_x, double *ret_w)
{
    for (int i = 0; i < n; i++) {
        double x = cos(M_PI * (i + 0.75) / (n + 0.5)), slope = 1;
        for (int turn = 0; turn < 20; turn++) {
            double p0 = 1, p1 = x;
            for (int k = 2; k <= n; k++) {
                double p2 = ((2 * k - 1) * x * p1 - (k - 1) * p0) / k;
                p0 = p1;
                p1 = p2;
            }
            slope = n * (x * p1 - p0) / (x * x - 1);
            double step = p1 / slope;
            x -= step;
            if (fabs(step) < 1e-16)
                break;
        }
        ret_x[i] = 0.5 * (1 - x);
        ret_w[i] = 1 / ((1 - x * x) * slope * slope);
    }
}
