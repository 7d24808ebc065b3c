/* fc_data.c: from a study to the counts and exposures its likelihood is made of
 * (FORECAST 1.1, 1.5), and whether the study's numbers can be at all. Called by the other files of
 * the forecast. */
#include "base/arena.h"
#include "models/fc.h"

#include <math.h>

static bool
valid_opening(const struct fc_opening *o)
{
    switch (o->law) {
    case FC_OPENS_NOT:
        return true;
    case FC_OPENS_UNIFORM:
        return isfinite(o->a) && isfinite(o->b) && o->a <= o->b;
    case FC_OPENS_GAMMA:
        return isfinite(o->a) && o->shape >= 0.5 && isfinite(o->shape) && o->rate > 0 &&
               isfinite(o->rate);
    case FC_OPENS_SLIP:
        return isfinite(o->a);
    }
    return false;
}

static bool
valid_site(const struct fc_site *site)
{
    double last = -INFINITY;
    for (size_t i = 0; i < site->n_open; i++) {
        const struct fc_span *o = &site->open[i];
        if (!isfinite(o->from) || isnan(o->to) || o->from < last || o->to < o->from)
            return false;
        last = o->to;
    }
    last = -INFINITY;
    for (size_t i = 0; i < site->n_event; i++) {
        if (!isfinite(site->event[i]) || site->event[i] < last)
            return false;
        last = site->event[i];
    }
    return site->label && site->country && valid_opening(&site->opening);
}

bool
fc_data_valid(const struct fc_study *s)
{
    const struct fc_options *o = &s->opt;
    if (!isfinite(s->cut) || s->target < 0 || (s->has_deadline && !isfinite(s->deadline)))
        return false;
    if (!(s->plan_rate >= 0) || !isfinite(s->plan_rate) || !(o->half_life >= 0) ||
        isnan(o->drift_sd) || !(o->level >= 0 && o->level < 1))
        return false;
    for (size_t i = 0; i < s->n_site; i++) {
        if (!valid_site(&s->site[i]))
            return false;
    }
    return true;
}

struct fc_options
fc_data_options(const struct fc_study *s)
{
    struct fc_options o = s->opt;
    bool full = o.method == FC_RECOMMENDED;
    o.half_life = !full ? INFINITY : o.half_life == 0 ? 90 : o.half_life;
    o.drift_sd = !full || o.drift_sd < 0 ? 0 : o.drift_sd == 0 ? 0.5 : o.drift_sd;
    o.level = o.level == 0 ? 0.8 : o.level;
    return o;
}

bool
fc_data_is_plugin(enum fc_method m)
{
    return m == FC_PLUGIN || m == FC_EXACT;
}

size_t
fc_data_events(const struct fc_site *site, double upto)
{
    size_t n = site->n_event;
    while (n > 0 && site->event[n - 1] > upto)
        n--;
    return n;
}

double
fc_data_exposure(const struct fc_site *site, double from, double to)
{
    double sum = 0;
    for (size_t i = 0; i < site->n_open; i++)
        sum += fmax(0, fmin(site->open[i].to, to) - fmax(site->open[i].from, from));
    return sum;
}

bool
fc_data_open_at(const struct fc_site *site, double when)
{
    for (size_t i = 0; i < site->n_open; i++) {
        if (site->open[i].from <= when && site->open[i].to > when)
            return true;
    }
    return false;
}

double
fc_data_began(const struct fc_study *s)
{
    double began = s->cut;
    for (size_t i = 0; i < s->n_site; i++) {
        if (s->site[i].n_open)
            began = fmin(began, s->site[i].open[0].from);
    }
    return began;
}

/* Integral of 2^(-(cut - y) / H) over the open time before the cut. */
static double
discounted_exposure(const struct fc_site *site, double cut, double half_life)
{
    double sum = 0, unit = half_life / M_LN2;
    for (size_t i = 0; i < site->n_open; i++) {
        double from = site->open[i].from, to = fmin(site->open[i].to, cut);
        if (to > from)
            sum += unit * (exp2(-(cut - to) / half_life) - exp2(-(cut - from) / half_life));
    }
    return sum;
}

static double
discounted_count(const struct fc_site *site, double cut, double half_life)
{
    size_t n = fc_data_events(site, cut);
    double sum = 0;
    for (size_t i = site->first_left_out ? 1 : 0; i < n; i++)
        sum += exp2(-(cut - site->event[i]) / half_life);
    return sum;
}

void
fc_data_counts(struct arena *a, const struct fc_study *s, double half_life, struct fc_counts *ret)
{
    struct fc_counts c = {.n = s->n_site};
    c.count = arena_alloc(a, c.n * sizeof *c.count);
    c.tau = arena_alloc(a, c.n * sizeof *c.tau);
    for (size_t i = 0; i < c.n; i++) {
        const struct fc_site *site = &s->site[i];
        c.tau[i] = isinf(half_life) ? fc_data_exposure(site, -INFINITY, s->cut)
                                    : discounted_exposure(site, s->cut, half_life);
        /* A site without exposure has no likelihood: what it enrolled says nothing of its rate. */
        c.count[i] = c.tau[i] > 0 ? discounted_count(site, s->cut, half_life) : 0;
        c.sum_tau += c.tau[i];
        c.sum_count += c.count[i];
        c.n_exposed += c.tau[i] > 0;
    }
    *ret = c;
}
