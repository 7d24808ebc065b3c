/* fc_count.c: how many will be enrolled: the tail of a sum of negative binomial counts, matched by
 * one, exactly by recursion, or by Fourier inversion of its generating function (FORECAST 1.3).
 * Called by fc_time.c; pure arithmetic. */
#include "models/fc.h"
#include "models/special.h"

#include <complex.h>
#include <math.h>

double
fc_count_tail(double m, double mean, double excess)
{
    if (m <= 0)
        return 1;
    if (!(mean > 0))
        return 0;
    double a = mean * mean / excess;
    if (!(excess > 0) || a > 1e13) /* the relative difference in variance is m / a */
        return special_gamma_p(m, mean);
    double v = mean + excess;
    return special_beta(m, a, excess / v, mean / v);
}

/* S_j = sum_i r_i q_i^j for j = 1 .. m - 1; returns ln g_0. */
static double
power_sums(size_t n, const double *r, const double *q, size_t m, double *s)
{
    double ln_g0 = 0;
    for (size_t j = 0; j < m; j++)
        s[j] = 0;
    for (size_t i = 0; i < n; i++) {
        double term = r[i];
        ln_g0 += r[i] * log1p(-q[i]);
        for (size_t j = 1; j < m && term > 1e-320; j++) {
            term *= q[i];
            s[j] += term;
        }
    }
    return ln_g0;
}

/* All terms are positive, so nothing cancels; g is carried with a common factor e^-scale, renewed
 * before it overflows. */
double
fc_count_exact(size_t n, const double *r, const double *q, size_t m, double *work)
{
    if (m == 0)
        return 1;
    double *s = work, *g = work + m + 1;
    double scale = power_sums(n, r, q, m, s), sum = 1;
    g[0] = 1;
    for (size_t k = 1; k < m; k++) {
        double next = 0;
        for (size_t j = 1; j <= k; j++)
            next += s[j] * g[k - j];
        g[k] = next / (double)k;
        sum += g[k];
        if (sum > 1e250) {
            for (size_t j = 0; j <= k; j++)
                g[j] *= 1e-250;
            sum *= 1e-250;
            scale += 250 * M_LN10;
        }
    }
    return fmax(0, 1 - exp(scale + log(sum)));
}

/* The generating function at z. */
static double complex
generating(const struct fc_pgf *g, double complex z)
{
    double complex ln = 0, away = 1 - z, product = 1;
    if (isinf(g->alpha))
        ln = -g->mean * away;
    else
        for (size_t i = 0; i < g->n; i++)
            ln += g->r[i] * (log1p(-g->q[i]) - clog(1 - g->q[i] * z));
    for (size_t i = 0; i < g->n_late; i++) {
        const struct fc_late_points *l = &g->late[i];
        double complex sum = 0;
        double open = 0;
        for (size_t k = 0; k < l->n; k++) {
            double complex f = isinf(g->alpha)
                                   ? cexp(-g->mu * l->d[k] * away)
                                   : cexp(-g->alpha * clog(1 + l->d[k] / g->beta * away));
            sum += l->w[k] * f;
            open += l->w[k];
        }
        product *= sum + (1 - open);
    }
    return cexp(ln) * product;
}

double
fc_count_pgf(const struct fc_pgf *g, size_t m)
{
    if (m == 0)
        return 1;
    size_t points = 2 * (size_t)fmax((double)m, fmin(g->scale, 20000)) + 32;
    double radius = pow(10, -9.0 / (double)points), sum = 0;
    /* sum of the first m coefficients: the inner sum over them is a geometric series */
    for (size_t j = 0; j <= points / 2; j++) {
        double complex z = radius * cexp(2 * M_PI * I * (double)j / (double)points);
        double complex turn = 1 / z;
        double complex series = (1 - cpow(turn, (double)m)) / (1 - turn);
        double both = j == 0 || 2 * j == points ? 1 : 2;
        sum += both * creal(generating(g, z) * series);
    }
    return fmax(0, fmin(1, 1 - sum / (double)points));
}
