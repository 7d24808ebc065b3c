/* fc_nodes.c: the posterior of (alpha, mu) as weighted points (FORECAST 1.4). Prior ln alpha ~
 * N(0.5, 1), ln mu flat or normal. 33 points in ln alpha over +-4 sd; for each, 9 of Gauss-Hermite
 * in ln mu about its own mode. Points of weight under 1e-9 are dropped; the heaviest come first. */
#include "base/arena.h"
#include "models/fc.h"

#include <math.h>
#include <stdlib.h>

enum { N_ALPHA = 33, N_MU = 9 };
static const double prior_mean = 0.5, prior_sd = 1.0, reach = 4.0, drop_below = 1e-9;
static const double far_below = 40 /* in logs */, wide = 0.45;

/* Gauss-Hermite: integral of f(x) exp(-x^2). Abscissa and weight. */
static const double hermite[N_MU][2] = {{-3.190993201781527607231, 3.96069772632643819e-5},
                                        {-2.266580584531843111802, 4.943624275536947217e-3},
                                        {-1.468553289216667931667, 8.8474527394376573288e-2},
                                        {-0.723551018752837573323, 0.432651559002555750200},
                                        {0, 0.720235215606050957125},
                                        {0.723551018752837573323, 0.432651559002555750200},
                                        {1.468553289216667931667, 8.8474527394376573288e-2},
                                        {2.266580584531843111802, 4.943624275536947217e-3},
                                        {3.190993201781527607231, 3.96069772632643819e-5}};

struct ridge { /* the posterior along ln mu for one alpha */
    double alpha, gammas, prior, ln_mu, sd;
    double laplace; /* log of its mass, roughly */
};

struct point {
    size_t at; /* in the order made */
    double alpha, mu, weight;
};

static double
log_posterior(const struct fc_counts *c, const struct fc_prior *p, const struct ridge *r,
              double ln_mu)
{
    double z = p->given ? (ln_mu - p->ln_mu) / p->sd : 0;
    return fc_like_kernel(c, r->alpha, ln_mu, r->gammas) + r->prior - 0.5 * z * z;
}

static void
find_ridge(const struct fc_counts *c, const struct fc_prior *p, int i, double start,
           struct ridge *r)
{
    double z = -reach + 2 * reach * i / (N_ALPHA - 1), curvature;
    r->alpha = exp(prior_mean + prior_sd * z);
    r->prior = -0.5 * z * z;
    r->gammas = fc_like_gammas(c, r->alpha);
    r->ln_mu = fc_like_mode(c, r->alpha, p, start, &curvature);
    r->sd = 1 / sqrt(-curvature);
    r->laplace = log_posterior(c, p, r, r->ln_mu) + log(r->sd);
}

/* The ridges from the middle outwards, each way until the mass is far too small to matter and
 * falling. Those not looked at have a laplace of -INFINITY. Returns the most there is. */
static double
find_ridges(const struct fc_counts *c, const struct fc_prior *p, struct ridge ret[static N_ALPHA])
{
    double start = c->sum_count > 0 ? log(c->sum_count / c->sum_tau) : p->ln_mu;
    for (int i = 0; i < N_ALPHA; i++)
        ret[i].laplace = -INFINITY;
    find_ridge(c, p, N_ALPHA / 2, start, &ret[N_ALPHA / 2]);
    double most = ret[N_ALPHA / 2].laplace;
    for (int way = -1; way <= 1; way += 2) {
        for (int i = N_ALPHA / 2 + way; i >= 0 && i < N_ALPHA; i += way) {
            const struct ridge *before = &ret[i - way];
            if (before->laplace < most - far_below && i != N_ALPHA / 2 + way &&
                before->laplace < ret[i - 2 * way].laplace)
                break;
            find_ridge(c, p, i, before->ln_mu, &ret[i]);
            most = fmax(most, ret[i].laplace);
        }
    }
    return most;
}

static struct fc_nodes
nodes_new(struct arena *a, size_t n)
{
    struct fc_nodes v = {.n = n};
    v.alpha = arena_alloc(a, n * sizeof *v.alpha);
    v.mu = arena_alloc(a, n * sizeof *v.mu);
    v.weight = arena_alloc(a, n * sizeof *v.weight);
    return v;
}

static int
heaviest_first(const void *x, const void *y)
{
    const struct point *a = x, *b = y;
    if (a->weight != b->weight)
        return a->weight < b->weight ? 1 : -1;
    return (a->at > b->at) - (a->at < b->at);
}

/* The points whose share of the sum is large enough, with weights that sum to 1. */
static struct fc_nodes
pruned(struct arena *a, struct point *point, size_t n)
{
    double sum = 0, kept = 0;
    for (size_t i = 0; i < n; i++)
        sum += point[i].weight;
    qsort(point, n, sizeof *point, heaviest_first);
    while (n > 1 && point[n - 1].weight < drop_below * sum)
        n--;
    for (size_t i = 0; i < n; i++)
        kept += point[i].weight;
    struct fc_nodes v = nodes_new(a, n);
    for (size_t i = 0; i < n; i++) {
        v.alpha[i] = point[i].alpha;
        v.mu[i] = point[i].mu;
        v.weight[i] = point[i].weight / kept;
    }
    return v;
}

/* Every ridge, or every other one where the posterior of ln alpha is so wide that the sum is as
 * good: the trapezoidal rule errs by 2 e^(-2 (pi sd / h)^2) on a normal curve, 1e-7 at the least sd
 * here. */
static int
stride_of(const struct ridge *ridges, double most)
{
    double sum = 0, first = 0, second = 0, step = 2 * reach * prior_sd / (N_ALPHA - 1);
    for (int i = 0; i < N_ALPHA; i++) {
        double w = exp(ridges[i].laplace - most);
        sum += w;
        first += w * i;
        second += w * i * i;
    }
    double variance = second / sum - first / sum * (first / sum);
    return step * sqrt(fmax(0, variance)) >= wide ? 2 : 1;
}

struct fc_nodes
fc_nodes_make(struct arena *a, const struct fc_counts *c, const struct fc_prior *p)
{
    struct ridge ridges[N_ALPHA];
    struct point point[N_ALPHA * N_MU];
    double most = find_ridges(c, p, ridges);
    size_t n = 0;
    for (int i = 0, stride = stride_of(ridges, most); i < N_ALPHA; i += stride) {
        const struct ridge *r = &ridges[i];
        if (r->laplace < most + log(drop_below) - 5) /* 5: the Laplace form may be off */
            continue;
        for (int k = 0; k < N_MU; k++) {
            double x = hermite[k][0], ln_mu = r->ln_mu + M_SQRT2 * r->sd * x;
            double mass = exp(x * x + log_posterior(c, p, r, ln_mu) - most);
            point[n] = (struct point){n, r->alpha, exp(ln_mu), hermite[k][1] * r->sd * mass};
            n++;
        }
    }
    return pruned(a, point, n);
}

struct fc_nodes
fc_nodes_single(struct arena *a, double alpha, double mu)
{
    struct fc_nodes v = nodes_new(a, 1);
    v.alpha[0] = alpha;
    v.mu[0] = mu;
    v.weight[0] = 1;
    return v;
}
