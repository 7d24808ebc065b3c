/* fc_time.c: when the target is reached, and how many by when: the distribution of the completion
 * time, its quantiles and mean, and the fan of counts (FORECAST 1.3, 1.4). Called through
 * forecast.h. */
#include "models/fc.h"
#include "models/root.h"
#include "models/special.h"

#include <math.h>

enum { MEAN_NODES = 12, FAN_TRIES = 40 };
static const double never_most = 1e-5, quantile_tolerance = 1e-8; /* in ln t */

static double
exact_tail(struct fc_scene *sc, const struct fc_date *date, size_t node)
{
    const struct fc_nodes *v = &sc->fit->nodes;
    double alpha = v->alpha[node], mu = v->mu[node], beta = alpha / mu, mean, excess;
    size_t m = (size_t)sc->m, n = 0;
    fc_scene_count(sc, date, node, &mean, &excess);
    if (isinf(alpha) && sc->n_late == 0)
        return fc_count_tail(sc->m, mean, 0);
    for (size_t k = 0; k < sc->n_member; k++) {
        size_t i = sc->member_site[k];
        bool seen = i < sc->fit->counts.n;
        double d = sc->d[sc->member_group[k]], tau = seen ? sc->fit->counts.tau[i] : 0;
        double count = seen ? sc->fit->counts.count[i] : 0;
        if (d <= 0)
            continue;
        sc->r[n] = alpha + count;
        sc->q[n++] = d / (beta + tau + d);
    }
    if (sc->n_late == 0)
        return fc_count_exact(n, sc->r, sc->q, m, sc->work);
    for (size_t i = 0; i < sc->n_late; i++)
        fc_late_points(&sc->late[i], date->t, &sc->points[i]);
    struct fc_pgf g = {.n = n, .r = sc->r, .q = sc->q, .mean = mean - mu * date->e1};
    g.scale = mean + 12 * sqrt(mean + excess);
    g.n_late = sc->n_late;
    g.late = sc->points;
    g.alpha = alpha;
    g.beta = beta;
    g.mu = mu;
    return fc_count_pgf(&g, m);
}

/* The mixture over the n heaviest nodes. */
static double
cdf_over(struct fc_scene *sc, double t, size_t n, bool exact)
{
    if (sc->m <= 0)
        return 1;
    if (!(t > 0))
        return 0;
    struct fc_date date = fc_scene_at(sc, t);
    const struct fc_nodes *v = &sc->fit->nodes;
    double p = 0, weight = 0;
    for (size_t j = 0; j < n; j++) {
        double mean, excess, tail;
        if (exact) {
            tail = exact_tail(sc, &date, j);
        } else {
            fc_scene_count(sc, &date, j, &mean, &excess);
            tail = fc_count_tail(sc->m, mean, excess);
        }
        p += v->weight[j] * tail;
        weight += v->weight[j];
    }
    return fmin(1, p / weight);
}

double
fc_cdf(struct fc_scene *sc, double t)
{
    return cdf_over(sc, t, sc->n_used, sc->exact);
}

void
fc_moments(struct fc_scene *sc, double t, double *ret_mean, double *ret_variance)
{
    struct fc_date date = fc_scene_at(sc, fmax(0, t));
    const struct fc_nodes *v = &sc->fit->nodes;
    double weight = 0, first = 0, second = 0;
    for (size_t j = 0; j < sc->n_used; j++) {
        double mean, excess;
        fc_scene_count(sc, &date, j, &mean, &excess);
        weight += v->weight[j];
        first += v->weight[j] * mean;
        second += v->weight[j] * (mean + excess + mean * mean);
    }
    first /= weight;
    *ret_mean = first;
    *ret_variance = fmax(0, second / weight - first * first);
}

struct crossing {
    struct fc_scene *sc;
    double logit;
    bool rough; /* few nodes, matched count */
};

/* In ln t and the logit of the probability the curve is close to a straight line. */
static double
logit(double p)
{
    return fmax(-700, fmin(700, log(p / (1 - p))));
}

static double
crossing_at(void *arg, double ln_t)
{
    struct crossing *c = arg;
    struct fc_scene *sc = c->sc;
    double p = c->rough ? cdf_over(sc, exp(ln_t), sc->n_fan, false) : fc_cdf(sc, exp(ln_t));
    return logit(p) - c->logit;
}

/* ln t at which the mean count would be m, were it to go on as in the next 30 days: a place to
 * start from. */
static double
first_guess(struct fc_scene *sc)
{
    double mean, variance;
    fc_moments(sc, 30, &mean, &variance);
    double t = mean > 0 ? 30 * sc->m / mean : sc->horizon / 10;
    return log(fmax(1e-3, fmin(t, sc->horizon / 2)));
}

static double
p_horizon(struct fc_scene *sc)
{
    if (isnan(sc->p_horizon))
        sc->p_horizon = fc_cdf(sc, sc->horizon);
    return sc->p_horizon;
}

/* The root in ln t, bracketed from `start` outwards; the horizon when the curve stays below. */
static double
find_crossing(struct crossing *c, double start, double tolerance)
{
    double low = start, top = log(c->sc->horizon), f_low = crossing_at(c, low), high = low,
           f_high = f_low;
    for (double step = 0.35; f_low > 0 && low > -60; step *= 2) {
        high = low;
        f_high = f_low;
        low -= step;
        f_low = crossing_at(c, low);
    }
    for (double step = 0.35; f_high < 0 && high < top; step *= 2) {
        low = high;
        f_low = f_high;
        high = fmin(top, high + step);
        f_high = crossing_at(c, high);
    }
    return f_high < 0 ? top : root_brent(crossing_at, c, low, f_low, high, f_high, tolerance);
}

/* From a rough root to the root: secant steps, the first along the rough curve. False where they do
 * not settle at once, as near a kink. */
static bool
polish(const struct crossing *rough, double u, double *ret)
{
    struct crossing fine = *rough, along = *rough;
    const double apart = 1e-3;
    fine.rough = false;
    double slope = (crossing_at(&along, u + apart) - crossing_at(&along, u - apart)) / (2 * apart);
    double f = crossing_at(&fine, u);
    for (int i = 0; i < 8 && slope > 0; i++) {
        double step = -f / slope, next = u + step;
        if (!(fabs(step) < 0.5))
            return false;
        if (fabs(step) < quantile_tolerance) {
            *ret = next;
            return true;
        }
        double f_next = crossing_at(&fine, next);
        slope = (f_next - f) / step;
        u = next;
        f = f_next;
    }
    return false;
}

void
fc_quantiles(struct fc_scene *sc, size_t n, const double *p, double *ret_days)
{
    double start = sc->m > 0 ? first_guess(sc) : 0;
    for (size_t i = 0; i < n; i++) {
        if (sc->m <= 0 || p_horizon(sc) < p[i]) {
            ret_days[i] = sc->m <= 0 ? 0 : INFINITY;
            continue;
        }
        struct crossing c = {sc, logit(p[i]), true};
        double u = find_crossing(&c, start, 1e-3);
        start = u;
        if (!polish(&c, u, &u)) {
            c.rough = false;
            u = find_crossing(&c, start, quantile_tolerance);
        }
        ret_days[i] = fmin(exp(u), sc->horizon);
    }
}

double
fc_quantile(struct fc_scene *sc, double p)
{
    double days;
    fc_quantiles(sc, 1, &p, &days);
    return days;
}

/* Integral of 1 - P(T <= t), over pieces that double in length: T's scale is its median. By the
 * matched count, whose mean differs by some 1e-5. */
double
fc_mean(struct fc_scene *sc)
{
    if (sc->m <= 0)
        return 0;
    if (1 - p_horizon(sc) > never_most)
        return NAN;
    double x[MEAN_NODES], w[MEAN_NODES], sum = 0;
    special_legendre(MEAN_NODES, x, w);
    double from = 0, width = 0.25 * fc_quantile(sc, 0.5);
    while (from < sc->horizon) {
        double to = fmin(sc->horizon, from + width);
        for (int i = 0; i < MEAN_NODES; i++)
            sum += (to - from) * w[i] *
                   (1 - cdf_over(sc, from + (to - from) * x[i], sc->n_used, false));
        if (from >= 4 * width)
            width *= 2;
        from = to;
    }
    return sum;
}

/* ---- the fan ---- */

struct fan { /* the mixture of counts at one date, as negative binomials */
    size_t n;
    double *weight, *mean, *excess;
    double mean_all, variance_all;
};

static void
fan_at(struct fc_scene *sc, double t, struct fan *f)
{
    struct fc_date date = fc_scene_at(sc, t);
    const struct fc_nodes *v = &sc->fit->nodes;
    double sum = 0, first = 0, second = 0;
    f->n = 0;
    for (size_t j = 0; j < sc->n_fan; j++) {
        double mean, excess;
        fc_scene_count(sc, &date, j, &mean, &excess);
        f->weight[f->n] = v->weight[j];
        f->mean[f->n] = mean;
        f->excess[f->n++] = excess;
        sum += v->weight[j];
        first += v->weight[j] * mean;
        second += v->weight[j] * (mean + excess + mean * mean);
    }
    for (size_t j = 0; j < f->n; j++)
        f->weight[j] /= sum;
    f->mean_all = first / sum;
    f->variance_all = second / sum - f->mean_all * f->mean_all;
}

/* P(N >= x), for x that need not be whole. */
static double
fan_tail(const struct fan *f, double x)
{
    double p = 0;
    for (size_t j = 0; j < f->n; j++)
        p += f->weight[j] * fc_count_tail(x, f->mean[j], f->excess[j]);
    return p;
}

/* The real x at which P(N >= x) = 1 - p, so that the quantile is ceil(x) - 1. Wilson and Hilferty:
 * the cube root of such a count is close to normal, so steps are taken in (cube root, normal
 * score), first with that line's slope, then with the slope seen. */
static double
fan_solve(const struct fan *f, double p, double most)
{
    double z = special_normal_quantile(p), shape = f->mean_all * f->mean_all / f->variance_all;
    double root = cbrt(f->mean_all), slope = 3 * sqrt(shape) / root;
    double low = 0, high = cbrt(most), u = root * (1 - 1 / (9 * shape)) + z / slope;
    double u_before = 0, z_before = 0;
    for (int i = 0; i < FAN_TRIES; i++) {
        if (!(u > low && u < high))
            u = 0.5 * (low + high);
        double tail = fan_tail(f, u * u * u);
        double at = special_normal_quantile(fmax(1e-300, fmin(1 - 1e-16, 1 - tail)));
        if (at > z)
            high = u;
        else
            low = u;
        if (i > 0 && u != u_before && at != z_before && (at - z_before) / (u - u_before) > 0)
            slope = (at - z_before) / (u - u_before);
        u_before = u;
        z_before = at;
        u += (z - at) / slope;
        if (3 * u * u * fabs(u - u_before) < 0.005 || 3 * high * high * (high - low) < 0.005)
            break;
    }
    return u * u * u;
}

static int64_t
fan_quantile(const struct fan *f, double p, double m, double tail_m)
{
    if (!(f->mean_all > 0) || m <= 0)
        return 0;
    if (tail_m >= 1 - p)
        return (int64_t)m;
    if (fan_tail(f, 1) <= 1 - p)
        return 0;
    return (int64_t)fmax(0, fmin(m, ceil(fan_solve(f, p, m)) - 1));
}

void
fc_fan(struct fc_scene *sc, size_t n_t, const double *t, size_t n_p, const double *p, int64_t *ret)
{
    double weight[300], mean[300], excess[300]; /* 33 x 9 nodes at most */
    struct fan f = {0, weight, mean, excess, 0, 0};
    for (size_t i = 0; i < n_t; i++) {
        fan_at(sc, fmax(0, t[i]), &f);
        double tail_m = fan_tail(&f, sc->m);
        for (size_t j = 0; j < n_p; j++)
            ret[i * n_p + j] = sc->fit->enrolled + fan_quantile(&f, p[j], sc->m, tail_m);
    }
}
