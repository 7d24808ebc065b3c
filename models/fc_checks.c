/* fc_checks.c: does the model fit, and what must be said beside the forecast (FORECAST 1.10). Each
 * check is a function that adds one plain sentence, or none where the data are too few for it.
 * Tests look at undiscounted counts. Called by fc_forecast.c and pages. */
#include "base/arena.h"
#include "models/fc.h"
#include "models/special.h"

#include <math.h>

enum {
    MAX_CHECKS = 10,
    MAX_CELLS = 12,
    MONTHS = 6,
    AGE_EVENTS = 10,
    PIT_SITES = 10,
    MONTH_EVENTS = 10
};
static const double p_lean = 0.05, p_shape = 0.01, month = 30, cell_least = 5, never_said = 0.01;

struct look {
    struct arena *a;
    const struct fc_study *s;
    const struct fc_fit *fit;
    struct fc_scene *sc; /* may be NULL */
    struct fc_counts raw;
    struct fc_mle mle; /* of raw */
    struct fc_checks *out;
};

static void
say(struct look *l, const char *name, bool ok, double p, double value, const char *text)
{
    l->out->item[l->out->n++] = (struct fc_check){name, ok, text, p, value};
}

static void
check_enough(struct look *l)
{
    if (l->fit->enrolled < 20)
        say(l, "few_enrolled", false, NAN, (double)l->fit->enrolled,
            "Fewer than 20 people are enrolled: the dates are rough.");
}

static void
check_spread(struct look *l)
{
    if (isnan(l->mle.dean_z) || l->raw.n_exposed < 3)
        return;
    double p = special_normal_p(-l->mle.dean_z);
    say(l, "sites_differ", true, p, l->mle.dean_z,
        p < p_lean ? "Sites differ in their rates by more than chance; the forecast allows for it."
                   : "Sites do not differ in their rates by more than chance would make them.");
}

/* P(N_i = 0), P(N_i = 1), ... under the fitted model, one after the other. */
static double
next_probability(const struct fc_mle *m, double tau, double k, double p)
{
    double x = m->mu * tau;
    if (k < 0)
        return isinf(m->alpha) ? exp(-x) : exp(-m->alpha * log1p(x / m->alpha));
    return isinf(m->alpha) ? p * x / (k + 1) : p * (m->alpha + k) / (k + 1) * x / (m->alpha + x);
}

/* Sites with 0, 1, 2, ... enrolled against what the model expects; neighbouring cells are joined
 * until 5 are expected in each. */
static void
check_occupancy(struct look *l)
{
    if (isnan(l->mle.mu))
        return;
    double seen[MAX_CELLS] = {0}, expected[MAX_CELLS] = {0};
    for (size_t i = 0; i < l->raw.n; i++) {
        if (!(l->raw.tau[i] > 0))
            continue;
        double p = 1, rest = 1;
        for (int k = 0; k < MAX_CELLS - 1; k++) {
            p = next_probability(&l->mle, l->raw.tau[i], k - 1, p);
            expected[k] += p;
            rest -= p;
        }
        expected[MAX_CELLS - 1] += fmax(0, rest);
        seen[(int)fmin(MAX_CELLS - 1, l->raw.count[i])]++;
    }
    double chi2 = 0, o = 0, e = 0, left = (double)l->raw.n_exposed;
    int cells = 0;
    for (int k = 0; k < MAX_CELLS; k++) {
        o += seen[k];
        e += expected[k];
        if (k < MAX_CELLS - 1 && (e < cell_least || left - e < cell_least))
            continue;
        chi2 += e > 0 ? (o - e) * (o - e) / e : 0;
        cells++;
        left -= e;
        o = e = 0;
    }
    if (cells < 4) /* two parameters were fitted */
        return;
    double p = special_chi2_q(chi2, cells - 3);
    say(l, "site_counts", p >= p_shape, p, chi2,
        p >= p_shape ? "The numbers enrolled per site are spread as the model expects."
                     : "The numbers enrolled per site are not spread as the model expects.");
}

static double
mid_p(const struct fc_mle *m, double tau, double count)
{
    double p = 1, below = 0;
    for (double k = 0; k <= count; k++) {
        p = next_probability(m, tau, k - 1, p);
        below += k < count ? p : 0.5 * p;
    }
    return below;
}

static void
check_pit(struct look *l)
{
    if (isnan(l->mle.mu) || l->raw.n_exposed < PIT_SITES)
        return;
    double *u = arena_alloc(l->a, l->raw.n * sizeof *u), far = 0;
    size_t n = 0;
    for (size_t i = 0; i < l->raw.n; i++) {
        if (!(l->raw.tau[i] > 0))
            continue;
        double x = mid_p(&l->mle, l->raw.tau[i], l->raw.count[i]);
        size_t at = n++;
        for (; at > 0 && u[at - 1] > x; at--)
            u[at] = u[at - 1];
        u[at] = x;
    }
    for (size_t i = 0; i < n; i++)
        far = fmax(far, fabs(u[i] - ((double)i + 0.5) / (double)n) + 0.5 / (double)n);
    double p = special_kolmogorov_q(far, (double)n);
    say(l, "site_rates", p >= p_shape, p, far,
        p >= p_shape ? "Fast and slow sites are as common as the model expects."
                     : "There are more very fast or very slow sites than the model expects.");
}

/* Events in the first and in the second half of each site's open time. */
static void
check_age(struct look *l)
{
    double first = 0, second = 0;
    for (size_t i = 0; i < l->s->n_site; i++) {
        const struct fc_site *site = &l->s->site[i];
        size_t n = fc_data_events(site, l->s->cut);
        for (size_t k = site->first_left_out ? 1 : 0; k < n && l->raw.tau[i] > 0; k++) {
            bool early = fc_data_exposure(site, -INFINITY, site->event[k]) <= 0.5 * l->raw.tau[i];
            first += early;
            second += !early;
        }
    }
    if (first + second < AGE_EVENTS)
        return;
    double p = special_binomial_two_sided(second, first + second);
    bool even = p >= p_lean;
    const char *text = even             ? "Sites recruit at an even pace over their open time."
                       : second < first ? "Sites slow down with age: dates lean early."
                                        : "Sites speed up with age: dates lean late.";
    say(l, "rates_slow_with_age", even, p, second / fmax(first, 0.5), text);
}

/* ---- forecasts of one month, made as if in the past ---- */

/* The sites that were open by then, and what they went on to enrol. */
static struct fc_study
as_of(struct look *l, double cut, double *ret_after)
{
    struct fc_study past = *l->s;
    struct fc_site *sites = arena_alloc(l->a, l->s->n_site * sizeof *sites);
    past.cut = cut;
    past.has_deadline = false;
    past.target = INT64_MAX / 2;
    past.site = sites;
    past.n_site = 0;
    *ret_after = 0;
    for (size_t i = 0; i < l->s->n_site; i++) {
        const struct fc_site *site = &l->s->site[i];
        if (!site->n_open || site->open[0].from >= cut)
            continue;
        sites[past.n_site++] = *site;
        *ret_after += (double)(fc_data_events(site, cut + month) - fc_data_events(site, cut));
    }
    return past;
}

/* False: nothing to forecast from. */
static bool
month_ahead(struct look *l, double cut, double *ret_mid, double *ret_score)
{
    double after;
    struct fc_study past = as_of(l, cut, &after);
    struct fc_fit fit;
    struct fc_scene *sc;
    enum fc_method method = fc_data_is_plugin(l->s->opt.method) ? FC_PLUGIN : l->s->opt.method;
    past.opt.method = method == FC_BAYES_EXACT ? FC_BAYES : method;
    if (fc_fit_as(l->a, &past, past.opt.method, false, &fit) || fit.enrolled < MONTH_EVENTS ||
        fc_scene_new(l->a, &fit, &past, &sc))
        return false;
    sc->m = after;
    double this = fc_cdf(sc, month);
    sc->m = after + 1;
    double more = fc_cdf(sc, month);
    *ret_mid = 1 - 0.5 * (this + more);
    *ret_score = log(fmax(this - more, 1e-12));
    return true;
}

static void
check_months(struct look *l)
{
    int n = 0, missed = 0;
    double score = 0;
    for (int k = 1; k <= MONTHS; k++) {
        double cut = l->s->cut - month * k, mid, one;
        struct arena_mark mark = arena_save(l->a);
        bool done = cut - fc_data_began(l->s) >= 2 * month && month_ahead(l, cut, &mid, &one);
        arena_restore(l->a, mark);
        if (!done)
            break;
        n++;
        missed += mid < 0.1 || mid > 0.9;
        score += one;
    }
    if (n < 3)
        return;
    double p = missed ? special_beta(missed, n - missed + 1, 0.2, 0.8) : 1;
    say(l, "one_month_ahead", p >= p_lean, p, score / n,
        arena_printf(l->a,
                     "Of the last %d one-month forecasts, %d held what happened (80 %% should).%s",
                     n, n - missed, p >= p_lean ? "" : " Trust the ranges less."));
}

/* ---- what must be said ---- */

static void
check_openings(struct look *l)
{
    size_t n = 0, learned = 0;
    for (size_t i = 0; i < l->s->n_site; i++) {
        const struct fc_site *site = &l->s->site[i];
        if (site->n_open || site->opening.law != FC_OPENS_SLIP)
            continue;
        n++;
        learned += fc_slip_learn(l->s, site->country).n > 0;
    }
    if (n == 0)
        return;
    bool ok = learned == n;
    say(l, "openings_slip", ok, NAN, (double)n,
        ok ? arena_printf(l->a, "Openings to come (%zu) are taken to slip as those so far have.", n)
           : arena_printf(
                 l->a,
                 "Openings to come (%zu) are taken to slip by 45 days on average, as too few "
                 "have been seen to learn from.",
                 n));
}

static void
check_never(struct look *l)
{
    if (!l->sc || !(l->sc->m > 0))
        return;
    double never = 1 - fc_cdf(l->sc, l->sc->horizon);
    if (never <= never_said)
        return;
    say(l, "may_never_reach", false, NAN, never,
        arena_printf(l->a,
                     "The target may never be reached: %.0f %% of the outcomes are more than "
                     "%.0f years away.",
                     100 * never, l->sc->horizon / 365.25));
}

static void
check_exact(struct look *l)
{
    enum fc_method m = l->s->opt.method;
    if (l->sc && (m == FC_EXACT || m == FC_BAYES_EXACT) && !l->sc->exact)
        say(l, "exact_too_large", false, NAN, l->sc->m,
            "Counting exactly would take too long here; the matched count was used.");
}

struct fc_checks
fc_checks_run(struct arena *a, const struct fc_fit *fit, struct fc_scene *sc)
{
    struct fc_checks out = {0, arena_alloc(a, MAX_CHECKS * sizeof *out.item)};
    struct look l = {.a = a, .s = fit->study, .fit = fit, .sc = sc, .out = &out};
    fc_data_counts(a, l.s, INFINITY, &l.raw);
    l.mle = fc_like_mle(&l.raw);
    check_enough(&l);
    check_age(&l);
    check_months(&l);
    check_spread(&l);
    check_occupancy(&l);
    check_pit(&l);
    check_openings(&l);
    check_never(&l);
    check_exact(&l);
    return out;
}
