/* fc_alive.c: is a silent site still recruiting? (FORECAST 1.8, known as Pareto/NBD elsewhere.) A
 * site stops unseen at hazard delta a day of its clock (its open time); with k = alpha + n, the
 * last event at x of tau, alive A = e^(-delta tau) (beta+tau)^-k,  dead B = int_x^tau delta
 * e^(-delta y) (beta+y)^-k dy, both here relative to (beta+x)^-k, with y = (beta+x) e^u - beta. ln
 * delta ~ N(ln(0.25/R), 0.7^2) is updated by all sites together. alpha and mu stand at the centre
 * of their nodes. Called by fc_sites.c. */
#include "base/arena.h"
#include "models/fc.h"
#include "models/special.h"

#include <math.h>

enum { N_U = 24, N_HAZARD = 17 };
static const double closing_in_trial = 0.25, hazard_sd = 0.7, hazard_reach = 4;

struct silence {          /* one site, prepared for any delta */
    double tau, ln_alive; /* -k ln((beta+tau)/(beta+x)) */
    double from;          /* beta + x */
    double y[N_U], w[N_U];
};

static void
centre(const struct fc_nodes *v, double *ret_alpha, double *ret_beta)
{
    double ln_alpha = 0, ln_mu = 0;
    for (size_t j = 0; j < v->n; j++) {
        ln_alpha += v->weight[j] * log(fmin(v->alpha[j], 1e6)); /* the Poisson limit, near enough */
        ln_mu += v->weight[j] * log(v->mu[j]);
    }
    *ret_alpha = exp(ln_alpha);
    *ret_beta = exp(ln_alpha - ln_mu);
}

static void
prepare(const struct fc_site *site, double cut, double alpha, double beta, double n,
        const double *node, const double *weight, struct silence *ret)
{
    size_t events = fc_data_events(site, cut);
    double last = n > 0 ? fc_data_exposure(site, -INFINITY, site->event[events - 1]) : 0;
    double k = alpha + n;
    ret->tau = fc_data_exposure(site, -INFINITY, cut);
    last = fmin(last, ret->tau);
    ret->from = beta + last;
    double most = log((beta + ret->tau) / ret->from);
    ret->ln_alive = -k * most;
    double reach = k > 1 ? fmin(most, 40 / (k - 1)) : most;
    for (int i = 0; i < N_U; i++) {
        double u = reach * node[i];
        ret->y[i] = ret->from * exp(u) - beta;
        ret->w[i] = reach * weight[i] * exp(-(k - 1) * u);
    }
}

/* P(alive) for a hazard; adds the site's log-likelihood to `io_ln`. */
static double
alive_given(const struct silence *s, double hazard, double *io_ln)
{
    double alive = exp(s->ln_alive - hazard * s->tau), dead = 0;
    for (int i = 0; i < N_U; i++)
        dead += s->w[i] * exp(-hazard * s->y[i]);
    dead *= hazard * s->from;
    if (!(alive + dead > 0))
        return 0;
    *io_ln += log(alive + dead);
    return alive / (alive + dead);
}

static void
mix(struct arena *a, const struct silence *s, size_t n, double length, double *ret)
{
    double *p = arena_alloc(a, N_HAZARD * n * sizeof *p), ln[N_HAZARD], most = -INFINITY, sum = 0;
    for (int h = 0; h < N_HAZARD; h++) {
        double z = -hazard_reach + 2 * hazard_reach * h / (N_HAZARD - 1);
        double hazard = closing_in_trial / length * exp(hazard_sd * z);
        ln[h] = -0.5 * z * z;
        for (size_t i = 0; i < n; i++)
            p[(size_t)h * n + i] = alive_given(&s[i], hazard, &ln[h]);
        most = fmax(most, ln[h]);
    }
    for (int h = 0; h < N_HAZARD; h++)
        sum += exp(ln[h] - most);
    for (size_t i = 0; i < n; i++) {
        ret[i] = 0;
        for (int h = 0; h < N_HAZARD; h++)
            ret[i] += exp(ln[h] - most) / sum * p[(size_t)h * n + i];
    }
}

void
fc_alive(struct arena *a, const struct fc_fit *raw, double *ret)
{
    const struct fc_study *s = raw->study;
    struct silence *open = arena_alloc(a, s->n_site * sizeof *open);
    double *p = arena_alloc(a, s->n_site * sizeof *p), alpha, beta, node[N_U], weight[N_U];
    size_t n = 0;
    special_legendre(N_U, node, weight);
    centre(&raw->nodes, &alpha, &beta);
    for (size_t i = 0; i < s->n_site; i++) {
        if (fc_data_open_at(&s->site[i], s->cut))
            prepare(&s->site[i], s->cut, alpha, beta, raw->counts.count[i], node, weight,
                    &open[n++]);
    }
    if (n && raw->elapsed > 0)
        mix(a, open, n, raw->elapsed, p);
    n = 0;
    for (size_t i = 0; i < s->n_site; i++) {
        bool is_open = fc_data_open_at(&s->site[i], s->cut);
        bool known = raw->counts.tau[i] > 0 && raw->sites_exposed > 1;
        ret[i] = !known ? NAN : is_open ? p[n] : 0;
        n += is_open;
    }
}
