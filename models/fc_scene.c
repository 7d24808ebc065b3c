/* fc_scene.c: a fit and a future: which sites will collect how much exposure by when, and what the
 * count's mean and variance then are (FORECAST 1.3, 1.6). Sites with the same known future are
 * summed once for each node, so that a date costs no more than the number of different futures.
 * Called by fc_time.c. */
#include "base/arena.h"
#include "models/fc.h"

#include <math.h>
#include <string.h>

static const double spared_weight = 5e-5, fan_weight = 1e-3;
static const double horizon_least = 10 * 365.25, horizon_times = 60;

static size_t
spans_ahead(const struct fc_site *site, double cut, const struct fc_span **ret)
{
    size_t first = 0;
    while (first < site->n_open && site->open[first].to <= cut)
        first++;
    *ret = site->open + first;
    return site->n_open - first;
}

static bool
same_future(const struct fc_group *g, const struct fc_span *span, size_t n, double cut)
{
    if (g->n_span != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (fmax(g->span[i].from, cut) != fmax(span[i].from, cut) || g->span[i].to != span[i].to)
            return false;
    }
    return true;
}

static size_t
find_group(struct fc_scene *sc, const struct fc_span *span, size_t n)
{
    size_t g = 0;
    while (g < sc->n_group && !same_future(&sc->group[g], span, n, sc->s->cut))
        g++;
    if (g == sc->n_group)
        sc->group[sc->n_group++] = (struct fc_group){span, n};
    return g;
}

static void
sort_sites(struct arena *a, struct fc_scene *sc)
{
    size_t n = sc->s->n_site;
    sc->group = arena_alloc(a, n * sizeof *sc->group);
    sc->late = arena_alloc(a, n * sizeof *sc->late);
    sc->member_site = arena_alloc(a, n * sizeof *sc->member_site);
    sc->member_group = arena_alloc(a, n * sizeof *sc->member_group);
    for (size_t i = 0; i < n; i++) {
        const struct fc_site *site = &sc->s->site[i];
        const struct fc_span *span;
        size_t ahead = spans_ahead(site, sc->s->cut, &span);
        if (ahead) {
            sc->member_site[sc->n_member] = i;
            sc->member_group[sc->n_member++] = find_group(sc, span, ahead);
        } else if (!site->n_open && site->opening.law != FC_OPENS_NOT) {
            sc->late[sc->n_late++] = fc_late_of(sc->s, site);
        }
    }
}

/* A site's count and exposure, 0 for one that the fit has not seen. */
static void
seen_of(const struct fc_fit *f, size_t i, double *ret_count, double *ret_tau)
{
    *ret_count = i < f->counts.n ? f->counts.count[i] : 0;
    *ret_tau = i < f->counts.n ? f->counts.tau[i] : 0;
}

static void
sum_rates(struct arena *a, struct fc_scene *sc)
{
    const struct fc_nodes *v = &sc->fit->nodes;
    sc->c1 = arena_alloc(a, sc->n_used * sc->n_group * sizeof *sc->c1);
    sc->c2 = arena_alloc(a, sc->n_used * sc->n_group * sizeof *sc->c2);
    sc->d = arena_alloc(a, sc->n_group * sizeof *sc->d);
    sc->rate = arena_alloc(a, (sc->n_group + 1) * sizeof *sc->rate);
    for (size_t j = 0; j < sc->n_used; j++) {
        double *c1 = sc->c1 + j * sc->n_group, *c2 = sc->c2 + j * sc->n_group;
        double alpha = v->alpha[j], beta = alpha / v->mu[j];
        for (size_t k = 0; k < sc->n_member; k++) {
            double n, tau;
            seen_of(sc->fit, sc->member_site[k], &n, &tau);
            double per = 1 / (beta + tau);
            double mean = isinf(alpha) ? v->mu[j] : (alpha + n) * per;
            c1[sc->member_group[k]] += mean;
            c2[sc->member_group[k]] += isinf(alpha) ? 0 : mean * per;
        }
        for (size_t g = 0; g < sc->n_group; g++)
            sc->rate[g] += v->weight[j] * c1[g];
        sc->rate[sc->n_group] += v->weight[j] * v->mu[j];
    }
}

/* How far down the list of nodes to go: what is spared moves no probability by more than its
 * weight. */
static void
choose_nodes(struct fc_scene *sc)
{
    const struct fc_nodes *v = &sc->fit->nodes;
    double spared = 0;
    sc->n_used = v->n;
    while (sc->n_used > 1 && spared + v->weight[sc->n_used - 1] < spared_weight)
        spared += v->weight[--sc->n_used];
    sc->n_fan = sc->n_used;
    while (sc->n_fan > 1 && v->weight[sc->n_fan - 1] < fan_weight)
        sc->n_fan--;
}

/* The Fourier inversion that sites still to open call for costs m times the points of all sites. */
static bool
wants_exact(const struct fc_scene *sc)
{
    enum fc_method method = sc->fit->study->opt.method;
    double points = (double)(sc->n_member + FC_LATE_NODES * sc->n_late);
    return (method == FC_EXACT || method == FC_BAYES_EXACT) && sc->m <= FC_EXACT_MAX &&
           (sc->n_late == 0 || sc->m * points <= FC_EXACT_WORK);
}

enum fc_refusal
fc_scene_new(struct arena *a, const struct fc_fit *fit, const struct fc_study *s,
             struct fc_scene **ret)
{
    if (!fc_data_valid(s) || s->n_site < fit->counts.n)
        return FC_BAD_INPUT;
    struct fc_scene *sc = arena_alloc(a, sizeof *sc);
    sc->fit = fit;
    sc->s = s;
    sc->m = fmax(0, (double)(s->target - fit->enrolled));
    sort_sites(a, sc);
    if (sc->m > 0 && sc->n_group == 0 && sc->n_late == 0)
        return FC_NO_SITES;
    choose_nodes(sc);
    sum_rates(a, sc);
    double line = fit->enrolled > 0 ? sc->m * fit->elapsed / (double)fit->enrolled : 0;
    sc->horizon = fmax(horizon_least, horizon_times * line);
    sc->p_horizon = NAN;
    sc->exact = wants_exact(sc);
    if (sc->exact) {
        sc->r = arena_alloc(a, sc->n_member * sizeof *sc->r);
        sc->q = arena_alloc(a, sc->n_member * sizeof *sc->q);
        sc->work = arena_alloc(a, (2 * (size_t)sc->m + 2) * sizeof *sc->work);
        sc->points = arena_alloc(a, sc->n_late * sizeof *sc->points);
    }
    *ret = sc;
    return FC_OK;
}

double
fc_horizon(const struct fc_scene *sc)
{
    return sc->horizon;
}

/* A group's exposure by t, and the integral of time over it. */
static double
group_exposure(const struct fc_group *group, double cut, double t, double *ret_moment)
{
    double d = 0, moment = 0;
    for (size_t i = 0; i < group->n_span; i++) {
        double from = fmax(group->span[i].from - cut, 0), to = fmin(group->span[i].to - cut, t);
        if (to > from) {
            d += to - from;
            moment += 0.5 * (to - from) * (to + from);
        }
    }
    *ret_moment = moment;
    return d;
}

/* The drift's variance is s^2 t / (t + R/2) for sites that go on recruiting until t. Where sites
 * close before, its t is twice the mean time of the expected enrolments (which is t when the rate
 * is even): once all are closed, time adds no more doubt, and P(T <= t) cannot fall. */
struct fc_date
fc_scene_at(struct fc_scene *sc, double t)
{
    double s2 = sc->fit->drift_sd * sc->fit->drift_sd, mean = 0, moment = 0, m;
    struct fc_date date = {.t = t};
    for (size_t g = 0; g < sc->n_group; g++) {
        sc->d[g] = group_exposure(&sc->group[g], sc->s->cut, t, &m);
        mean += sc->rate[g] * sc->d[g];
        moment += sc->rate[g] * m;
    }
    for (size_t i = 0; i < sc->n_late; i++) {
        double e1, e2, until = fmin(t, sc->late[i].closes);
        fc_late_moments(&sc->late[i], t, &e1, &e2);
        date.e1 += e1;
        date.e2 += e2;
        date.e1_squared += e1 * e1;
        mean += sc->rate[sc->n_group] * e1;
        moment += sc->rate[sc->n_group] * (until * e1 - 0.5 * e2);
    }
    double reach = mean > 0 ? fmin(t, 2 * moment / mean) : t;
    date.drift = reach > 0 ? s2 * reach / (reach + 0.5 * sc->fit->elapsed) : 0;
    return date;
}

void
fc_scene_count(const struct fc_scene *sc, const struct fc_date *date, size_t node, double *ret_mean,
               double *ret_excess)
{
    const double *c1 = sc->c1 + node * sc->n_group, *c2 = sc->c2 + node * sc->n_group;
    double mean = 0, excess = 0;
    for (size_t g = 0; g < sc->n_group; g++) {
        mean += sc->d[g] * c1[g];
        excess += sc->d[g] * sc->d[g] * c2[g];
    }
    if (sc->n_late) {
        double mu = sc->fit->nodes.mu[node], alpha = sc->fit->nodes.alpha[node];
        mean += mu * date->e1;
        excess += mu * mu * ((1 + 1 / alpha) * date->e2 - date->e1_squared);
    }
    *ret_mean = mean;
    *ret_excess = excess * (1 + date->drift) + mean * mean * date->drift;
}
