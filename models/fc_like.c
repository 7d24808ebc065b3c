/* fc_like.c: the likelihood of the sites' counts, its maximum, and Dean's test (FORECAST 1.1). In
 * terms of mu = alpha / beta and alpha, site i gives, with x = mu tau_i,
 *   lnG(alpha+n) - lnG(alpha) - n ln alpha + n ln mu - (alpha+n) ln(1 + x/alpha)
 * and terms free of both: a form that does not cancel however large alpha is. */
#include "models/fc.h"
#include "models/root.h"
#include "models/special.h"

#include <math.h>

static const double ln_alpha_least = -5, ln_alpha_most = 9;
static const double root_tolerance = 1e-9;

double
fc_like_gammas(const struct fc_counts *c, double alpha)
{
    double sum = 0, base = special_ln_gamma(alpha), ln_alpha = log(alpha);
    for (size_t i = 0; i < c->n; i++) {
        if (c->count[i] > 0)
            sum += special_ln_gamma(alpha + c->count[i]) - base - c->count[i] * ln_alpha;
    }
    return sum;
}

double
fc_like_kernel(const struct fc_counts *c, double alpha, double ln_mu, double gammas)
{
    double per = exp(ln_mu) / alpha, sum = gammas + c->sum_count * ln_mu;
    for (size_t i = 0; i < c->n; i++)
        sum -= (alpha + c->count[i]) * log(1 + per * c->tau[i]); /* half the time of log1p */
    return sum;
}

double
fc_like_value(const struct fc_counts *c, double alpha, double mu)
{
    double sum = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (c->tau[i] > 0)
            sum += (c->count[i] > 0 ? c->count[i] * log(c->tau[i]) : 0) -
                   special_ln_gamma(c->count[i] + 1);
    }
    if (isinf(alpha))
        return sum + c->sum_count * log(mu) - mu * c->sum_tau;
    return sum + fc_like_kernel(c, alpha, log(mu), fc_like_gammas(c, alpha));
}

double
fc_like_mode(const struct fc_counts *c, double alpha, const struct fc_prior *p, double start,
             double *ret_curvature)
{
    double u = start, d2 = -1;
    for (int turn = 0; turn < 100; turn++) {
        double mu = exp(u), fitted = 0, slope = 0;
        for (size_t i = 0; i < c->n; i++) {
            double x = mu * c->tau[i], share = 1 / (alpha + x);
            double f = (alpha + c->count[i]) * x * share;
            fitted += f;
            slope += f * share;
        }
        double d1 = c->sum_count - fitted;
        d2 = -slope * alpha;
        if (p->given) {
            d1 -= (u - p->ln_mu) / (p->sd * p->sd);
            d2 -= 1 / (p->sd * p->sd);
        }
        double step = fmax(-2, fmin(2, -d1 / d2));
        u += step;
        if (fabs(step) < 1e-9)
            break;
    }
    *ret_curvature = d2;
    return u;
}

struct profile {
    const struct fc_counts *c;
    double ln_mu;
};

/* alpha times the slope of the likelihood in alpha, with ln mu at its best for that alpha. */
static double
profile_slope(void *arg, double ln_alpha)
{
    struct profile *p = arg;
    const struct fc_counts *c = p->c;
    double alpha = exp(ln_alpha), curvature;
    p->ln_mu = fc_like_mode(c, alpha, &(struct fc_prior){0}, p->ln_mu, &curvature);
    double sum = 0, base = special_psi(alpha), per = exp(p->ln_mu) / alpha;
    for (size_t i = 0; i < c->n; i++) {
        if (c->count[i] > 0)
            sum += special_psi(alpha + c->count[i]) - base;
        sum -= log1p(per * c->tau[i]);
    }
    return sum * alpha;
}

/* From the Hessian in (ln mu, ln alpha), where it is positive definite and not flat. At the maximum
 * the slopes are 0, so that second derivatives in ln alpha are alpha^2 times those in alpha. */
static void
standard_errors(const struct fc_counts *c, struct fc_mle *m)
{
    double a = m->alpha, mm = 0, aa = 0, am = 0, base = special_psi1(a);
    for (size_t i = 0; i < c->n; i++) {
        double n = c->count[i], x = m->mu * c->tau[i], s = a + x;
        mm += (a + n) * x * a / (s * s);
        am += a * x * (n - x) / (s * s);
        aa += a * a * ((n > 0 ? special_psi1(a + n) - base : 0) + x / (a * s) - (x - n) / (s * s));
    }
    aa = -aa;
    am = -am;
    double det = mm * aa - am * am;
    if (!(aa > 0.01) || !(det > 1e-3 * mm * aa))
        return;
    m->se_ln_mu = sqrt(aa / det);
    m->se_ln_alpha = sqrt(mm / det);
}

static void
dean(const struct fc_counts *c, struct fc_mle *m)
{
    double mu = c->sum_count / c->sum_tau, s = 0, v = 0;
    for (size_t i = 0; i < c->n; i++) {
        double x = mu * c->tau[i], d = c->count[i] - x;
        s += d * d - c->count[i];
        v += x * x;
    }
    m->dean_s = s;
    m->dean_z = s / sqrt(2 * v);
}

/* The ln alpha where the profile's slope crosses 0, sought outwards from the moment estimate; above
 * `ln_alpha_most`, where sites differ by less than 1 %, INFINITY. */
static double
best_ln_alpha(struct profile *p, double dean_s)
{
    double squares = 0, mu = exp(p->ln_mu);
    for (size_t i = 0; i < p->c->n; i++)
        squares += mu * p->c->tau[i] * mu * p->c->tau[i];
    double u = fmax(ln_alpha_least, fmin(ln_alpha_most, log(squares / dean_s)));
    double f = profile_slope(p, u), other = u, f_other = f;
    for (double step = 0.5; (f > 0) == (f_other > 0); step *= 2) {
        u = other;
        f = f_other;
        if (f > 0 && u >= ln_alpha_most)
            return INFINITY;
        if (!(f > 0) && u <= ln_alpha_least)
            return ln_alpha_least;
        other = f > 0 ? fmin(ln_alpha_most, u + step) : fmax(ln_alpha_least, u - step);
        f_other = profile_slope(p, other);
    }
    return root_brent(profile_slope, p, u, f, other, f_other, root_tolerance);
}

struct fc_mle
fc_like_mle(const struct fc_counts *c)
{
    struct fc_mle m = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (!(c->sum_count > 0) || !(c->sum_tau > 0))
        return m;
    dean(c, &m);
    m.mu = c->sum_count / c->sum_tau;
    m.alpha = m.beta = INFINITY;
    m.se_ln_mu = 1 / sqrt(c->sum_count);
    struct profile p = {c, log(m.mu)};
    double u = m.dean_s > 0 ? best_ln_alpha(&p, m.dean_s) : INFINITY;
    if (isfinite(u)) {
        profile_slope(&p, u);
        m.alpha = exp(u);
        m.mu = exp(p.ln_mu);
        m.beta = m.alpha / m.mu;
        m.se_ln_mu = NAN;
        standard_errors(c, &m);
    }
    m.log_likelihood = fc_like_value(c, m.alpha, m.mu);
    return m;
}
