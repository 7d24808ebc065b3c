/* fc_forecast.c: the whole forecast of a study in one call, with its challengers and curve. See
 * forecast.h. Called by features/recruitment. */
#include "base/arena.h"
#include "models/fc.h"

#include <math.h>

const double fc_levels[FC_N_LEVELS] = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95};
static const double plugin_levels[3] = {0.1, 0.5, 0.9}, recent_days = 90;

static double
line_days(double still, double count, double days)
{
    return still <= 0 ? 0 : count > 0 && days > 0 ? still * days / count : INFINITY;
}

struct fc_challengers
fc_challengers_of(struct arena *a, const struct fc_study *s)
{
    double elapsed = s->cut - fc_data_began(s), window = fmin(recent_days, 0.5 * elapsed);
    double all = 0, recent = 0;
    for (size_t i = 0; i < s->n_site; i++) {
        size_t n = fc_data_events(&s->site[i], s->cut);
        all += (double)n;
        recent += (double)(n - fc_data_events(&s->site[i], s->cut - window));
    }
    double still = fmax(0, (double)s->target - all);
    struct fc_challengers c = {
        line_days(still, all, elapsed), line_days(still, recent, window), {NAN, NAN, NAN}};
    struct fc_study textbook = *s;
    textbook.opt.method = FC_PLUGIN;
    struct fc_fit fit;
    struct fc_scene *sc;
    if (!fc_fit_as(a, &textbook, FC_PLUGIN, false, &fit) && !fc_scene_new(a, &fit, &textbook, &sc))
        fc_quantiles(sc, 3, plugin_levels, c.plugin);
    return c;
}

/* Up to 60 dates, a whole number of days apart, until nine in ten outcomes are in (or fewer, where
 * that is beyond the horizon), and the deadline. */
static void
curve_dates(struct arena *a, const struct fc_result *r, struct fc_curve *ret)
{
    double end = 0;
    for (int i = 0; i < FC_N_LEVELS - 1; i++) {
        if (isfinite(r->days[i]))
            end = r->days[i];
    }
    if (!isfinite(r->days[0]))
        end = r->horizon;
    if (r->study->has_deadline)
        end = fmax(end, r->study->deadline - r->study->cut);
    double step = fmax(1, ceil(end / FC_CURVE_DATES));
    size_t n = (size_t)ceil(end / step);
    ret->n = n;
    ret->t = arena_alloc(a, n * sizeof *ret->t);
    ret->count = arena_alloc(a, n * FC_N_LEVELS * sizeof *ret->count);
    for (size_t i = 0; i < n; i++)
        ret->t[i] = step * (double)(i + 1);
}

/* A deadline at or before the cut is a matter of record. */
static void
at_deadline(struct fc_scene *sc, struct fc_result *r)
{
    const struct fc_study *s = r->study;
    r->deadline_probability = r->deadline_enrolled = NAN;
    if (!s->has_deadline)
        return;
    double t = s->deadline - s->cut, mean = 0, variance;
    if (t > 0) {
        fc_moments(sc, t, &mean, &variance);
        r->deadline_probability = fc_cdf(sc, t);
        r->deadline_enrolled = (double)r->fit->enrolled + mean;
        return;
    }
    r->deadline_enrolled = 0;
    for (size_t i = 0; i < s->n_site; i++)
        r->deadline_enrolled += (double)fc_data_events(&s->site[i], s->deadline);
    r->deadline_probability = r->deadline_enrolled >= (double)s->target;
}

enum fc_refusal
fc_forecast(struct arena *a, const struct fc_study *s, const struct fc_result **ret)
{
    struct fc_result *r = arena_alloc(a, sizeof *r);
    struct fc_scene *sc;
    r->study = s;
    enum fc_refusal refusal = fc_fit(a, s, &r->fit);
    refusal = refusal ? refusal : fc_scene_new(a, r->fit, s, &sc);
    refusal = refusal ? refusal : fc_sites(a, s, &r->site);
    if (refusal)
        return refusal;
    r->n_site = s->n_site;
    r->horizon = fc_horizon(sc);
    fc_quantiles(sc, FC_N_LEVELS, fc_levels, r->days);
    r->never_by_horizon = fmax(0, 1 - fc_cdf(sc, r->horizon));
    r->mean = fc_mean(sc);
    at_deadline(sc, r);
    r->challengers = fc_challengers_of(a, s);
    if (r->days[0] > 0) {
        curve_dates(a, r, &r->curve);
        fc_fan(sc, r->curve.n, r->curve.t, FC_N_LEVELS, fc_levels, r->curve.count);
    }
    r->checks = fc_checks_run(a, r->fit, sc);
    *ret = r;
    return FC_OK;
}
