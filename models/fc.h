/* fc.h: what the files of the forecast share. Not for callers: they read forecast.h. */
#ifndef MODELS_FC_H
#define MODELS_FC_H

#include "models/forecast.h"

struct arena;

/* ---- fc_data.c: from the study to counts and exposures ---- */

bool fc_data_valid(const struct fc_study *s);
/* Options with the defaults filled in, and what the method does not use switched off. */
struct fc_options fc_data_options(const struct fc_study *s);
/* True where alpha and mu are put at their maximum instead of integrated. */
bool fc_data_is_plugin(enum fc_method m);
/* Events at or before `upto`, the first one too. */
size_t fc_data_events(const struct fc_site *site, double upto);
/* Days that a site was, or is known to be going to be, open in (from, to]. */
double fc_data_exposure(const struct fc_site *site, double from, double to);
bool fc_data_open_at(const struct fc_site *site, double when);
/* The first opening of the study, or the cut when there is none before it. */
double fc_data_began(const struct fc_study *s);
/* n_i and tau_i; discounted by `half_life` unless it is INFINITY (FORECAST 1.1, 1.5). */
void fc_data_counts(struct arena *a, const struct fc_study *s, double half_life,
                    struct fc_counts *ret);

/* ---- fc_like.c: the likelihood ---- */

/* Prior of ln mu; flat unless `given`. */
struct fc_prior {
    bool given;
    double ln_mu, sd;
};
/* The full log-likelihood of FORECAST 1.1; alpha may be INFINITY. */
double fc_like_value(const struct fc_counts *c, double alpha, double mu);
/* sum over sites of lnG(alpha + n) - lnG(alpha) - n ln alpha. */
double fc_like_gammas(const struct fc_counts *c, double alpha);
/* Log-likelihood without the terms free of alpha and mu; `gammas` as above. */
double fc_like_kernel(const struct fc_counts *c, double alpha, double ln_mu, double gammas);
/* The ln mu that maximises likelihood times prior for this alpha, by Newton from `start`;
 * `ret_curvature` gets the second derivative there (negative). */
double fc_like_mode(const struct fc_counts *c, double alpha, const struct fc_prior *p, double start,
                    double *ret_curvature);
struct fc_mle fc_like_mle(const struct fc_counts *c);

/* ---- fc_nodes.c: the posterior of (alpha, mu) as weighted points ---- */

struct fc_nodes fc_nodes_make(struct arena *a, const struct fc_counts *c, const struct fc_prior *p);
struct fc_nodes fc_nodes_single(struct arena *a, double alpha, double mu);

/* ---- fc_fit.c ---- */

/* A fit of the same study by another method, for challengers and the site table. With `keep_data`
 * the counts are used even where the rules would have the plan speak alone. */
enum fc_refusal fc_fit_as(struct arena *a, const struct fc_study *s, enum fc_method method,
                          bool keep_data, struct fc_fit *ret);

/* ---- fc_alive.c: silent closure (FORECAST 1.8) ---- */

/* P(alive) of every site into ret[n_site], as struct fc_site_row's still_recruiting. `raw` is
 * undiscounted. */
void fc_alive(struct arena *a, const struct fc_fit *raw, double *ret);

/* ---- fc_count.c: distribution of a sum of counts ---- */

enum { FC_EXACT_MAX = 2000, FC_EXACT_WORK = 200000, FC_LATE_NODES = 40 };

/* A site still to open: its exposure as points with weights (what is missing to 1: not open). */
struct fc_late_points {
    size_t n;
    double d[FC_LATE_NODES], w[FC_LATE_NODES];
};
/* P(sum >= m) by the Fourier inversion of the generating function on a circle: for sums with
 * factors that are not negative binomial. alpha may be INFINITY (then r, q are not looked at and
 * `mean` is the mean of the Poisson part); `scale` is mean + 12 sd of the sum. */
struct fc_pgf {
    size_t n;
    const double *r, *q;
    double mean, scale;
    size_t n_late;
    const struct fc_late_points *late;
    double alpha, beta, mu;
};
double fc_count_pgf(const struct fc_pgf *g, size_t m);

/* ---- fc_late.c: sites still to open (FORECAST 1.7) ---- */

/* Time until opening, from the cut: law fixed at `a` (GAMMA with shape 0), or as named. */
struct fc_late {
    enum fc_opens law;
    double a, b, shape, rate;
    double closes; /* from the cut; INFINITY */
};
struct fc_late fc_late_of(const struct fc_study *s, const struct fc_site *site);
/* E[d], E[d^2] for the exposure d collected by t days from the cut. */
void fc_late_moments(const struct fc_late *l, double t, double *ret_e1, double *ret_e2);
void fc_late_points(const struct fc_late *l, double t, struct fc_late_points *ret);

/* ---- fc_scene.c: exposures to come, and moments of the count ---- */

struct fc_group { /* sites with the same known future */
    const struct fc_span *span;
    size_t n_span;
};

struct fc_scene {
    const struct fc_fit *fit;
    const struct fc_study *s;
    double m; /* still to enrol */
    double horizon, p_horizon;
    size_t n_used; /* nodes that are asked: the heaviest, all but 5e-5 of the weight */
    size_t n_fan;  /* those of weight 1e-3 and more: for fans, and to find one's way */
    size_t n_group;
    struct fc_group *group;
    double *c1, *c2; /* [node * n_group + group]: posterior mean and variance of the group's rate */
    double *rate;    /* of each group, averaged over the nodes; then that of a site still to open */
    double *d;       /* exposure of each group at the date of fc_scene_at */
    size_t n_late;
    struct fc_late *late;
    bool exact;
    size_t n_member; /* exact: the sites of the groups, one by one */
    size_t *member_site, *member_group;
    double *r, *q, *work;
    struct fc_late_points *points;
};

struct fc_date { /* what does not depend on the node */
    double t, e1, e2, e1_squared, drift;
};
/* Sets sc->d and returns the rest. */
struct fc_date fc_scene_at(struct fc_scene *sc, double t);
/* Mean, and variance less mean, of the count at a date for a node, drift included (1.3, 1.6). */
void fc_scene_count(const struct fc_scene *sc, const struct fc_date *date, size_t node,
                    double *ret_mean, double *ret_excess);

#endif
