/* forecast_json.c: see forecast_json.h. */
#include "models/forecast_json.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/view.h"

#include <math.h>

static const double days_in_month = 365.25 / 12;
static const double last_date = 2932896; /* 9999-12-31 */

static const char *const level_keys[FC_N_LEVELS] = {"0.05", "0.1", "0.25", "0.5",
                                                    "0.75", "0.9", "0.95"};
enum { LEVEL_10 = 1, LEVEL_50 = 3, LEVEL_90 = 5 };

static const char *const method_names[] = {
    [FC_RECOMMENDED] = "recommended",
    [FC_PLUGIN] = "plugin",
    [FC_BAYES] = "bayes",
    [FC_EXACT] = "exact",
    [FC_BAYES_EXACT] = "bayes_exact",
};

bool
forecast_json_method(const char *name, enum fc_method *ret)
{
    for (int m = FC_RECOMMENDED; m <= FC_EXACT; m++) {
        if (str_eq(name, method_names[m])) {
            *ret = (enum fc_method)m;
            return true;
        }
    }
    return false;
}

/* The day that a moment falls on; null when there is none. */
static void
put_date(struct view *map, const char *key, double when)
{
    char iso[DATE_TEXT];
    double day = floor(when);
    if (!isfinite(day) || fabs(day) > last_date) {
        view_null(map, key);
        return;
    }
    date_iso((int32_t)day, iso);
    view_textf(map, key, "%s", iso);
}

/* Half-life and drift are null where the method has none. */
static void
put_fit(struct view *map, const struct fc_fit *f)
{
    view_real(map, "alpha", f->mle.alpha);
    view_real(map, "beta_days", f->mle.beta);
    view_real(map, "mu_per_day", f->mle.mu);
    view_real(map, "log_likelihood", f->mle.log_likelihood);
    view_real(map, "half_life_days", f->half_life);
    view_real(map, "drift_sd", f->drift_sd > 0 ? f->drift_sd : NAN);
}

static void
put_completion(struct view *map, const struct fc_result *r)
{
    view_real(map, "mean", r->mean);
    struct view *dates = view_map(map, "quantiles");
    for (int i = 0; i < FC_N_LEVELS; i++)
        put_date(dates, level_keys[i], r->study->cut + r->days[i]);
    struct view *days = view_map(map, "days");
    for (int i = 0; i < FC_N_LEVELS; i++)
        view_real(days, level_keys[i], r->days[i]);
    view_real(map, "never_by_horizon", r->never_by_horizon);
}

static void
put_deadline(struct view *root, const struct fc_result *r)
{
    if (!r->study->has_deadline) {
        view_null(root, "deadline");
        return;
    }
    struct view *map = view_map(root, "deadline");
    put_date(map, "date", r->study->deadline - 1);
    view_real(map, "probability", r->deadline_probability);
    view_real(map, "expected_enrolled", r->deadline_enrolled);
}

static void
put_challengers(struct view *map, const struct fc_challengers *c)
{
    view_real(map, "line_overall_days", c->line_overall);
    view_real(map, "line_last90_days", c->line_last90);
    struct view *plugin = view_map(map, "plugin_days");
    view_real(plugin, level_keys[LEVEL_10], c->plugin[0]);
    view_real(plugin, level_keys[LEVEL_50], c->plugin[1]);
    view_real(plugin, level_keys[LEVEL_90], c->plugin[2]);
}

static void
put_rank(struct view *map, const char *key, int64_t rank)
{
    if (rank)
        view_int(map, key, rank);
    else
        view_null(map, key);
}

static void
put_site(struct view *map, const struct fc_site_row *s)
{
    view_text(map, "site", s->label);
    view_text(map, "country", s->country);
    view_int(map, "enrolled", s->enrolled);
    view_real(map, "open_days", s->open_days);
    view_real(map, "rate_per_month", s->rate * days_in_month);
    view_real(map, "rate_low", s->rate_low * days_in_month);
    view_real(map, "rate_high", s->rate_high * days_in_month);
    view_real(map, "prior_weight", s->prior_weight);
    put_rank(map, "rank_low", s->rank_low);
    put_rank(map, "rank_high", s->rank_high);
    view_real(map, "still_recruiting", s->still_recruiting);
}

static void
put_curve(struct view *list, const struct fc_result *r)
{
    static const int shown[] = {LEVEL_10, LEVEL_50, LEVEL_90};
    for (size_t i = 0; i < r->curve.n; i++) {
        struct view *map = view_add_map(list);
        put_date(map, "date", r->study->cut - 1 + r->curve.t[i]); /* counted to that day's end */
        for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
            view_int(map, level_keys[shown[k]], r->curve.count[i * FC_N_LEVELS + (size_t)shown[k]]);
    }
}

static void
put_checks(struct view *list, const struct fc_checks *c)
{
    for (size_t i = 0; c && i < c->n; i++) {
        struct view *map = view_add_map(list);
        view_text(map, "name", c->item[i].name);
        view_bool(map, "ok", c->item[i].ok);
        view_text(map, "text", c->item[i].text);
    }
}

struct view *
forecast_json(struct arena *a, const struct fc_result *r, const struct fc_checks *notes)
{
    struct view *root = view_map_new(a);
    put_date(root, "as_of", r->study->cut - 1);
    view_int(root, "target", r->study->target);
    view_int(root, "enrolled", r->fit->enrolled);
    view_int(root, "sites_open", (int64_t)r->fit->sites_open);
    view_text(root, "basis", r->fit->basis_text);
    view_text(root, "method", method_names[r->study->opt.method]);
    put_fit(view_map(root, "fit"), r->fit);
    put_completion(view_map(root, "completion"), r);
    put_deadline(root, r);
    put_challengers(view_map(root, "challengers"), &r->challengers);
    struct view *sites = view_list(root, "sites");
    for (size_t i = 0; i < r->n_site; i++)
        put_site(view_add_map(sites), &r->site[i]);
    put_curve(view_list(root, "curve"), r);
    struct view *checks = view_list(root, "checks");
    put_checks(checks, notes);
    put_checks(checks, &r->checks);
    return root;
}
