/* fc_fit.c: what the past says: which data and prior to use (the rules of FORECAST 1.10), and the
 * estimates from them. Called by whoever asks for a forecast, and by the checks for past cuts. */
#include "base/arena.h"
#include "models/fc.h"

#include <math.h>

static const double plan_sd = 0.5, plan_sd_alone = 0.7;
enum { FEW_FOR_PLAN = 5, FEW_FOR_DATA = 20, SITES_FOR_DATA = 3, DAYS_FOR_PLAN = 21 };

const char *
fc_refusal_text(enum fc_refusal r)
{
    switch (r) {
    case FC_OK:
        return "Nothing is missing.";
    case FC_BAD_INPUT:
        return "A number of this study cannot be right: a negative target, or days out of order.";
    case FC_NO_EVENTS:
        return "There are too few enrolments to go by and no plan. A planned rate, two enrolments "
               "at "
               "one site, or the opening days of the sites would do.";
    case FC_NO_EXPOSURE:
        return "No site has been open for any time yet, and there is no plan to go by.";
    case FC_NO_SITES:
        return "No site is open and none is planned to open, so the target cannot be reached.";
    }
    return "";
}

static void
count_sites(const struct fc_study *s, struct fc_fit *f)
{
    for (size_t i = 0; i < s->n_site; i++) {
        const struct fc_site *site = &s->site[i];
        f->enrolled += (int64_t)fc_data_events(site, s->cut);
        f->sites_exposed += fc_data_exposure(site, -INFINITY, s->cut) > 0;
        f->sites_open += fc_data_open_at(site, s->cut);
    }
    f->elapsed = s->cut - fc_data_began(s);
}

static const char *
basis_words(struct arena *a, const struct fc_fit *f)
{
    const char *at = f->sites_exposed == 1 ? "site" : "sites";
    long long n = (long long)f->enrolled;
    switch (f->basis) {
    case FC_BASIS_DATA:
        return arena_printf(a, "data: %lld enrolled at %zu %s", n, f->sites_exposed, at);
    case FC_BASIS_DATA_FEW:
        return arena_printf(a, "data: %lld enrolled at %zu %s, no plan given", n, f->sites_exposed,
                            at);
    case FC_BASIS_PLAN_AND_DATA:
        return arena_printf(a, "plan and data: %lld enrolled at %zu %s", n, f->sites_exposed, at);
    case FC_BASIS_PLAN:
        return arena_printf(a, "plan: too early for data, %lld enrolled at %zu %s", n,
                            f->sites_exposed, at);
    }
    return "";
}

static enum fc_basis
choose_basis(const struct fc_fit *f, bool plan)
{
    bool enough = f->enrolled >= FEW_FOR_DATA && f->sites_exposed >= SITES_FOR_DATA;
    if (!plan)
        return enough ? FC_BASIS_DATA : FC_BASIS_DATA_FEW;
    if (f->enrolled < FEW_FOR_PLAN || f->elapsed < DAYS_FOR_PLAN)
        return FC_BASIS_PLAN;
    /* Without events that count, as with first enrolments only, data alone would say nothing. */
    return f->enrolled >= FEW_FOR_DATA && f->counts.sum_count > 0 ? FC_BASIS_DATA
                                                                  : FC_BASIS_PLAN_AND_DATA;
}

static enum fc_refusal
refuse(const struct fc_fit *f)
{
    if (!(f->counts.sum_tau > 0))
        return f->enrolled < 2 ? FC_NO_EVENTS : FC_NO_EXPOSURE;
    return f->enrolled < 2 || !(f->counts.sum_count > 0) ? FC_NO_EVENTS : FC_OK;
}

static void
forget_data(struct fc_counts *c)
{
    for (size_t i = 0; i < c->n; i++)
        c->count[i] = c->tau[i] = 0;
    c->sum_count = c->sum_tau = 0;
    c->n_exposed = 0;
}

enum fc_refusal
fc_fit_as(struct arena *a, const struct fc_study *s, enum fc_method method, bool keep_data,
          struct fc_fit *ret)
{
    struct fc_study as = *s;
    as.opt.method = method;
    struct fc_options o = fc_data_options(&as);
    bool plugin = fc_data_is_plugin(method), plan = s->plan_rate > 0 && !plugin;
    struct fc_fit f = {.study = s, .half_life = o.half_life, .drift_sd = o.drift_sd};
    count_sites(s, &f);
    fc_data_counts(a, s, o.half_life, &f.counts);
    f.basis = choose_basis(&f, plan);
    if (!plan && refuse(&f))
        return refuse(&f);
    f.basis_text = basis_words(a, &f);
    f.mle = fc_like_mle(&f.counts);
    struct fc_prior prior = {.given = f.basis == FC_BASIS_PLAN || f.basis == FC_BASIS_PLAN_AND_DATA,
                             .ln_mu = plan ? log(s->plan_rate) : 0,
                             .sd = f.basis == FC_BASIS_PLAN ? plan_sd_alone : plan_sd};
    if (f.basis == FC_BASIS_PLAN && !keep_data)
        forget_data(&f.counts);
    f.nodes =
        plugin ? fc_nodes_single(a, f.mle.alpha, f.mle.mu) : fc_nodes_make(a, &f.counts, &prior);
    *ret = f;
    return FC_OK;
}

enum fc_refusal
fc_fit(struct arena *a, const struct fc_study *s, const struct fc_fit **ret)
{
    if (!fc_data_valid(s))
        return FC_BAD_INPUT;
    struct fc_fit *f = arena_alloc(a, sizeof *f);
    enum fc_refusal r = fc_fit_as(a, s, s->opt.method, false, f);
    if (!r)
        *ret = f;
    return r;
}
