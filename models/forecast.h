/* forecast.h: when will the target be reached? The recruitment forecast, as pure functions: no
 * clock, no globals, no locale, no files. The same study gives the same bytes, always.
 *
 * Model (Anisimov & Fedorov 2007): site i recruits as a Poisson process while it is open, with rate
 * lambda_i ~ Gamma(alpha, rate beta), mu = alpha / beta. On top of it, in the recommended method:
 * alpha and mu integrated over their posterior (33 x 9 nodes), events discounted by age with a
 * half-life of 90 days, and a trial-wide drift of the rate (mean one, sd 0.5).
 *
 * Units: time is in days, as a double; day number d (base/date.h) spans [d, d + 1), and what is
 * known to have happened on day d happened at d + 0.5. "From the cut" means days after `cut`. Rates
 * are patients per site and day. Not finite means "there is none": alpha may be INFINITY (no more
 * spread between sites than chance gives: legal), a quantile INFINITY (beyond the horizon), NAN not
 * known.
 *
 * Memory: everything returned lives in the arena given, and refers to the study's arrays, which
 * must outlive it. Nothing here is shared between calls; two threads may work on two studies. A
 * struct fc_scene holds working space and belongs to one thread at a time.
 *
 * Who calls it: features/recruitment (pages, the command), through fc_forecast() or piecewise. */
#ifndef MODELS_FORECAST_H
#define MODELS_FORECAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* ---- what goes in ---------------------------------------------------------------------------- */

enum fc_method {
    FC_RECOMMENDED, /* nodes, discounted events, drift, matched count */
    FC_PLUGIN,      /* the textbook: alpha, beta at their maximum, matched count */
    FC_BAYES,       /* nodes, matched count; no discounting, no drift */
    FC_EXACT,       /* FC_PLUGIN with the exact distribution of the count, up to 2,000 to enrol */
    FC_BAYES_EXACT  /* FC_BAYES with the exact distribution at every node: slow, for reference */
};

/* A stretch of time in which a site can enrol, [from, to), absolute days; INFINITY: open end. */
struct fc_span {
    double from, to;
};

/* How a site that is not open at the cut will open. Days are absolute; for a planned day that has
 * passed already, FC_OPENS_SLIP conditions on the site not being open yet. */
enum fc_opens {
    FC_OPENS_NOT,     /* no opening to come beyond what `open` says */
    FC_OPENS_UNIFORM, /* uniform on [a, b] */
    FC_OPENS_GAMMA,   /* a + Gamma(shape, rate) */
    FC_OPENS_SLIP     /* planned on a, slipping by the law learned from the sites already open */
};

struct fc_opening {
    enum fc_opens law;
    double a, b, shape, rate;
    double closes; /* absolute day of a known closing; 0: none */
};

struct fc_site {
    const char *label;   /* never NULL */
    const char *country; /* "" when not known; never NULL */
    /* Past and known future, in order, not overlapping. A suspension is a gap; a closure is an end;
     * a fixed opening to come is a span that begins after the cut. */
    const struct fc_span *open;
    size_t n_open;
    /* Times of enrolment, in order. Those after the cut are not looked at. */
    const double *event;
    size_t n_event;
    /* The opening is not known: `open` begins at the first event, left out of the count. */
    bool first_left_out;
    struct fc_opening opening; /* for a site with no span before the cut */
    bool has_planned;          /* `planned` was the planned day of the opening that took place */
    double planned;
    int64_t cap; /* most this site may enrol, 0: none. Not used by the recommended path. */
};

/* 0 means the default everywhere. */
struct fc_options {
    enum fc_method method;
    double half_life; /* days; default 90; INFINITY: no discounting. Recommended method only. */
    double drift_sd;  /* default 0.5; negative: none. Recommended method only. */
    double level;     /* of the intervals in the site table; default 0.8 */
};

struct fc_study {
    double cut; /* what lies after it is not known: as-of day + 1 */
    int64_t target;
    bool has_deadline;
    double deadline;  /* absolute: deadline day + 1, as the day counts in full */
    double plan_rate; /* planned mean rate per site and day; 0: no plan */
    struct fc_options opt;
    const struct fc_site *site;
    size_t n_site;
};

/* Why there is no forecast. FC_OK is 0. */
enum fc_refusal {
    FC_OK,
    FC_BAD_INPUT,   /* a number that cannot be: not finite, negative target, spans out of order */
    FC_NO_EVENTS,   /* no plan and fewer than two enrolled, or first enrolments only */
    FC_NO_EXPOSURE, /* no plan and no site has been open for any time */
    FC_NO_SITES     /* no site is open and none is to open: the target is never reached */
};
/* What is missing, and what would help: one or two plain sentences. */
const char *fc_refusal_text(enum fc_refusal r);

/* ---- estimation ------------------------------------------------------------------------------ */

enum fc_basis {
    FC_BASIS_DATA,          /* at least 20 enrolled at 3 sites: data and the prior of alpha */
    FC_BASIS_DATA_FEW,      /* the same with less data, as no plan is given */
    FC_BASIS_PLAN_AND_DATA, /* 5 to 19 enrolled: prior ln mu ~ N(ln plan, 0.5^2), and data */
    FC_BASIS_PLAN           /* under 5 enrolled or 21 days: ln mu ~ N(ln plan, 0.7^2) alone */
};

/* Counts and exposures of the sites, past only. Arrays are as long as the study's list of sites. */
struct fc_counts {
    size_t n;
    double *count, *tau; /* days; discounted where the fit discounts */
    double sum_count, sum_tau;
    size_t n_exposed; /* sites with tau > 0 */
};

/* The maximum of the likelihood (FORECAST 1.1). All NAN when there are no events to fit. */
struct fc_mle {
    double alpha; /* INFINITY: Poisson */
    double beta;  /* days; INFINITY with alpha */
    double mu;    /* per site and day */
    double log_likelihood;
    double se_ln_mu, se_ln_alpha; /* NAN where the likelihood is too flat to say */
    double dean_s, dean_z;        /* S > 0: sites differ by more than chance; z its score test */
};

/* Weighted points of (alpha, mu), the heaviest first; weights sum to 1. One point, possibly at
 * infinity, for plug-in. */
struct fc_nodes {
    size_t n;
    double *alpha, *mu, *weight;
};

struct fc_fit {
    const struct fc_study *study;
    enum fc_basis basis;
    const char *basis_text; /* "data: 64 enrolled at 9 sites" */
    int64_t enrolled;       /* up to the cut, first enrolments too */
    size_t sites_exposed;   /* open for some time before the cut */
    size_t sites_open;      /* open at the cut */
    double elapsed;         /* days from the first opening to the cut */
    double half_life;       /* INFINITY: not discounted */
    double drift_sd;        /* 0: none */
    struct fc_counts counts;
    struct fc_mle mle; /* of `counts` */
    struct fc_nodes nodes;
};

/* Estimates from the past. `ret` in `a`. Refuses as enum fc_refusal says, but never FC_NO_SITES. */
enum fc_refusal fc_fit(struct arena *a, const struct fc_study *s, const struct fc_fit **ret);

/* ---- the future ------------------------------------------------------------------------------ */

/* The law of slips (actual - planned opening, days): a + Gamma(shape, rate). */
struct fc_slip {
    double a, shape, rate;
    size_t n; /* openings it was learned from; 0: the default Gamma(2, 2/45 d) */
};
/* Learned from at least 5 openings of the country, else of the study, else the default. */
struct fc_slip fc_slip_learn(const struct fc_study *s, const char *country);

/* A fit and a future, ready for questions. The future may be another than the fit's own: `s` may
 * close, delay or add sites and move target and deadline, as long as its first sites are those the
 * fit was made from, in the same order (a what-if does not refit). */
struct fc_scene;
enum fc_refusal fc_scene_new(struct arena *a, const struct fc_fit *fit, const struct fc_study *s,
                             struct fc_scene **ret);

/* P(the target is reached within t days from the cut). 1 when it is reached already. */
double fc_cdf(struct fc_scene *sc, double t);
/* Days from the cut by which the target is reached with probability p in (0, 1); 0 when it is
 * reached already, INFINITY when beyond the horizon. */
double fc_quantile(struct fc_scene *sc, double p);
/* The same for n probabilities in ascending order: cheaper than one by one. */
void fc_quantiles(struct fc_scene *sc, size_t n, const double *p, double *ret_days);
/* Days from the cut after which we stop looking: 60 times the straight line's remaining time, at
 * least ten years. */
double fc_horizon(const struct fc_scene *sc);
/* Mean days to completion, or NAN: given only where at most 1 in 100,000 lies past the horizon, as
 * otherwise it is made of what nobody knows. */
double fc_mean(struct fc_scene *sc);
/* Mean and variance of the number enrolled between the cut and t days from it, were recruitment not
 * to stop at the target. */
void fc_moments(struct fc_scene *sc, double t, double *ret_mean, double *ret_variance);
/* Quantiles of the number enrolled in all by each date, clipped at the target: ret[i * n_p + j] for
 * t[i] days from the cut and probability p[j] (ascending). Always by the matched count, and the
 * nodes of weight 1e-3 and more. */
void fc_fan(struct fc_scene *sc, size_t n_t, const double *t, size_t n_p, const double *p,
            int64_t *ret);

/* ---- the count, by itself -------------------------------------------------------------------- */

/* P(N >= m) for the negative binomial with mean `mean` and variance mean + excess; Poisson when
 * excess is 0 (FORECAST 1.3). */
double fc_count_tail(double m, double mean, double excess);
/* P(sum of NB(r_i, q_i) >= m) exactly, by the recursion k g_k = sum_j S_j g_(k-j); `work` has room
 * for 2 m + 2 numbers. q_i in [0, 1). */
double fc_count_exact(size_t n, const double *r, const double *q, size_t m, double *work);

/* ---- sites ----------------------------------------------------------------------------------- */

/* The league table (FORECAST 1.2): undiscounted, as slow trials would lose their data. Alpha and mu
 * are integrated over nodes, or plugged in for FC_PLUGIN and FC_EXACT. */
struct fc_site_row {
    const char *label, *country;
    int64_t enrolled; /* first enrolment counted */
    double open_days; /* exposure up to the cut */
    bool open;        /* at the cut */
    double rate;      /* posterior mean, per day; for a site never open the centre of mu */
    double rate_low, rate_high; /* central interval at the study's level */
    double prior_weight; /* share of `rate` that is the study's mean rather than the site's own */
    int64_t rank_low, rank_high; /* 1 is the fastest; same level; 0 for a site not open so far */
    /* P(still recruiting), from the silent-closure model (1.8), the closing hazard integrated over
     * its posterior and alpha, mu at the centre of theirs. 0 for a site known not to be open at the
     * cut, NAN for one never open so far and where there is only one site. */
    double still_recruiting;
};
/* Rows in the order of the study's sites. Ranks by draws from the posterior with a fixed,
 * counter-based generator. Refuses as fc_fit. */
enum fc_refusal fc_sites(struct arena *a, const struct fc_study *s, struct fc_site_row **ret);

/* ---- checks and challengers ------------------------------------------------------------------ */

struct fc_check {
    const char *name; /* "rates_slow_with_age" */
    bool ok;
    const char *text; /* a plain sentence */
    double p;         /* of the test behind it, or NAN */
    double value;     /* what the test looked at: a score, a ratio; or NAN */
};
struct fc_checks {
    size_t n;
    struct fc_check *item;
};
/* Those of FORECAST 1.10 that the data are enough for, and what must be said of this forecast (few
 * enrolled, default slip, never reaching). `sc` may be NULL. */
struct fc_checks fc_checks_run(struct arena *a, const struct fc_fit *fit, struct fc_scene *sc);

/* Straight lines and the textbook, to stand beside the forecast. Days from the cut; INFINITY when
 * the rate is 0 (or beyond the horizon), 0 when the target is reached already. */
struct fc_challengers {
    double line_overall; /* enrolled over days since the first opening */
    double line_last90;  /* the last 90 days, or half the elapsed time if that is shorter */
    double plugin[3];    /* 10, 50 and 90 %; NAN when the textbook model cannot be fitted */
};
struct fc_challengers fc_challengers_of(struct arena *a, const struct fc_study *s);

/* ---- all of it ------------------------------------------------------------------------------- */

enum { FC_N_LEVELS = 7, FC_CURVE_DATES = 60 };
extern const double fc_levels[FC_N_LEVELS]; /* .05 .1 .25 .5 .75 .9 .95 */

struct fc_curve {
    size_t n;
    double *t;      /* days from the cut, whole */
    int64_t *count; /* n x FC_N_LEVELS, enrolled in all */
};

struct fc_result {
    const struct fc_study *study;
    const struct fc_fit *fit;
    double days[FC_N_LEVELS];
    double mean; /* NAN: see fc_mean */
    double never_by_horizon, horizon;
    double deadline_probability, deadline_enrolled; /* NAN without a deadline */
    struct fc_challengers challengers;
    size_t n_site;
    struct fc_site_row *site;
    struct fc_curve curve;
    struct fc_checks checks;
};
/* The whole forecast of one study. `ret` in `a`, untouched on refusal. */
enum fc_refusal fc_forecast(struct arena *a, const struct fc_study *s,
                            const struct fc_result **ret);

#endif
