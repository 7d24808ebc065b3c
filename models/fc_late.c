/* fc_late.c: sites still to open: the law of the opening day, and what it makes of the exposure
 * (FORECAST 1.7). Called by fc_scene.c. Also the law of slips, learned from sites already open. */
#include "models/fc.h"
#include "models/special.h"

#include <math.h>
#include <string.h>

static const double default_shape = 2, default_rate = 2.0 / 45;
enum { ENOUGH_SLIPS = 5 };

/* Gamma by moments, from the least slip (or 0) on. NULL country: all. */
static struct fc_slip
slip_from(const struct fc_study *s, const char *country)
{
    double least = 0, sum = 0, squares = 0;
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        n = 0;
        for (size_t i = 0; i < s->n_site; i++) {
            const struct fc_site *site = &s->site[i];
            if (!site->has_planned || !site->n_open || site->open[0].from >= s->cut ||
                (country && strcmp(country, site->country) != 0))
                continue;
            double slip = site->open[0].from - site->planned;
            n++;
            if (pass == 0) {
                least = fmin(least, slip);
            } else {
                sum += slip - least;
                squares += (slip - least) * (slip - least);
            }
        }
    }
    double mean = fmax(sum / (double)n, 0.5); /* half a day: the grain of the dates */
    double variance = (squares - sum * sum / (double)n) / fmax(1, (double)n - 1);
    double shape = fmax(0.5, fmin(50, mean * mean / fmax(variance, 1e-9)));
    return (struct fc_slip){least, shape, shape / mean, n};
}

struct fc_slip
fc_slip_learn(const struct fc_study *s, const char *country)
{
    struct fc_slip slip = slip_from(s, country);
    if (slip.n < ENOUGH_SLIPS)
        slip = slip_from(s, NULL);
    if (slip.n < ENOUGH_SLIPS)
        slip = (struct fc_slip){0, default_shape, default_rate, 0};
    return slip;
}

/* A gamma slip whose planned day has passed is conditioned on "not open yet". Far out in its tail
 * what remains is exponential. */
static void
settle_gamma(struct fc_late *l)
{
    if (l->a < 0 && special_gamma_q(l->shape, -l->rate * l->a) < 1e-10) {
        l->a = 0;
        l->shape = 1;
    }
}

struct fc_late
fc_late_of(const struct fc_study *s, const struct fc_site *site)
{
    const struct fc_opening *o = &site->opening;
    struct fc_late l = {
        .law = o->law, .a = o->a - s->cut, .b = o->b - s->cut, .shape = o->shape, .rate = o->rate};
    l.closes = o->closes != 0 ? o->closes - s->cut : INFINITY;
    if (o->law == FC_OPENS_SLIP) {
        struct fc_slip slip = fc_slip_learn(s, site->country);
        l.law = FC_OPENS_GAMMA;
        l.a += slip.a;
        l.shape = slip.shape;
        l.rate = slip.rate;
    }
    if (l.law == FC_OPENS_UNIFORM) {
        l.a = fmax(0, l.a);
        l.b = fmax(l.a, l.b);
    } else if (l.law == FC_OPENS_GAMMA) {
        settle_gamma(&l);
    }
    return l;
}

static void
uniform_moments(const struct fc_late *l, double t, double *ret_e1, double *ret_e2)
{
    double x = fmax(0, t - l->a), y = fmax(0, t - l->b), width = l->b - l->a;
    if (width <= 1e-9 * (1 + t)) {
        *ret_e1 = x;
        *ret_e2 = x * x;
    } else {
        *ret_e1 = (x * x - y * y) / (2 * width);
        *ret_e2 = (x * x * x - y * y * y) / (3 * width);
    }
}

/* P(s < Gamma(k) <= x), from whichever tail is the smaller. */
static double
gamma_between(double k, double s, double x)
{
    return s > k ? special_gamma_q(k, s) - special_gamma_q(k, x)
                 : special_gamma_p(k, x) - special_gamma_p(k, s);
}

static void
gamma_moments(const struct fc_late *l, double t, double *ret_e1, double *ret_e2)
{
    double x = t - l->a, k = l->shape, h = l->rate, seen = fmax(0, -h * l->a);
    *ret_e1 = *ret_e2 = 0;
    if (x <= 0 || h * x <= seen)
        return;
    double p0 = gamma_between(k, seen, h * x), p1 = gamma_between(k + 1, seen, h * x);
    double p2 = gamma_between(k + 2, seen, h * x), left = special_gamma_q(k, seen);
    *ret_e1 = fmax(0, (x * p0 - k / h * p1) / left);
    *ret_e2 = fmax(0, (x * x * p0 - 2 * x * (k / h) * p1 + k * (k + 1) / (h * h) * p2) / left);
}

void
fc_late_moments(const struct fc_late *l, double t, double *ret_e1, double *ret_e2)
{
    double until = fmin(t, l->closes);
    if (l->law == FC_OPENS_UNIFORM)
        uniform_moments(l, until, ret_e1, ret_e2);
    else
        gamma_moments(l, until, ret_e1, ret_e2);
}

static void
uniform_points(const struct fc_late *l, double until, struct fc_late_points *p, const double *x,
               const double *w)
{
    double end = fmin(until, l->b), width = l->b - l->a;
    if (end <= l->a && width > 0)
        return;
    p->n = width > 0 ? FC_LATE_NODES : 1;
    for (size_t i = 0; i < p->n; i++) {
        double u = width > 0 ? l->a + (end - l->a) * x[i] : l->a;
        p->d[i] = fmax(0, until - u);
        p->w[i] = width > 0 ? w[i] * (end - l->a) / width : 1;
    }
}

/* In v with slip = seen + (reach) v^2, so that a shape down to 1/2 has no pole. */
static void
gamma_points(const struct fc_late *l, double until, struct fc_late_points *p, const double *x,
             const double *w)
{
    double k = l->shape, seen = fmax(0, -l->a), most = (k + 12 * sqrt(k) + 40) / l->rate;
    double reach = fmin(until - l->a, seen + most) - seen;
    if (reach <= 0)
        return;
    double left = log(special_gamma_q(k, l->rate * seen)) + special_ln_gamma(k);
    p->n = FC_LATE_NODES;
    for (size_t i = 0; i < p->n; i++) {
        double y = seen + reach * x[i] * x[i], z = l->rate * y;
        p->d[i] = fmax(0, until - l->a - y);
        p->w[i] = w[i] * 2 * x[i] * reach * l->rate * exp((k - 1) * log(z) - z - left);
    }
}

void
fc_late_points(const struct fc_late *l, double t, struct fc_late_points *ret)
{
    double x[FC_LATE_NODES], w[FC_LATE_NODES];
    special_legendre(FC_LATE_NODES, x, w);
    ret->n = 0;
    if (l->law == FC_OPENS_UNIFORM)
        uniform_points(l, fmin(t, l->closes), ret, x, w);
    else
        gamma_points(l, fmin(t, l->closes), ret, x, w);
}
