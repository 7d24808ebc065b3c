/* fc_sites.c: the league table of sites (FORECAST 1.2): shrunken rates, the weight of the prior,
 * rank ranges and P(still recruiting). Undiscounted. The posterior of a site's rate, a mixture of
 * gammas over the nodes, is matched in mean and variance by one gamma, from which interval and
 * ranks come; the interval comes from the mixture itself where its variance, relative to the
 * squared mean, is over 1.25 times that of its nodes. */
#include "base/arena.h"
#include "models/fc.h"
#include "models/root.h"
#include "models/special.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double mixture_weight = 1e-3, mixed_from = 1.25;
enum { DRAWS_LEAST = 128, DRAWS_MOST = 1000, DRAWS_BUDGET = 60000, GAMMA_TRIES = 100 };

struct posterior {
    double mean, variance;
    bool mixed; /* wider than its nodes by so much that one gamma is no likeness of it */
};

/* The posterior of one site's rate at one node is Gamma(shape, rate); at alpha = infinity the point
 * mu. */
static double
node_mean(const struct fc_fit *raw, size_t i, size_t j, double *ret_variance)
{
    const struct fc_nodes *v = &raw->nodes;
    double per = 1 / (v->alpha[j] / v->mu[j] + raw->counts.tau[i]);
    double mean = isinf(v->alpha[j]) ? v->mu[j] : (v->alpha[j] + raw->counts.count[i]) * per;
    *ret_variance = isinf(v->alpha[j]) ? 0 : mean * per;
    return mean;
}

static struct posterior
shrink(const struct fc_fit *raw, size_t i, double *ret_weight)
{
    const struct fc_nodes *v = &raw->nodes;
    double first = 0, second = 0, spread = 0, weight = 0;
    for (size_t j = 0; j < v->n; j++) {
        double variance, mean = node_mean(raw, i, j, &variance);
        double beta = v->alpha[j] / v->mu[j];
        first += v->weight[j] * mean;
        second += v->weight[j] * (mean * mean + variance);
        spread += v->weight[j] * variance / (mean * mean);
        weight += v->weight[j] * (isinf(beta) ? 1 : beta / (beta + raw->counts.tau[i]));
    }
    double all = fmax(0, second - first * first);
    *ret_weight = fmin(1, weight);
    return (struct posterior){first, all, v->n > 1 && all > mixed_from * spread * first * first};
}

static double
matched_quantile(const struct posterior *p, double prob)
{
    if (!(p->variance > 1e-16 * p->mean * p->mean))
        return p->mean;
    return special_gamma_quantile(p->mean * p->mean / p->variance, prob) * p->variance / p->mean;
}

struct mixture {
    const struct fc_fit *raw;
    size_t i;
    double prob;
};

static double
mixture_at(void *arg, double ln_rate)
{
    const struct mixture *m = arg;
    const struct fc_nodes *v = &m->raw->nodes;
    double sum = 0, weight = 0, rate = exp(ln_rate);
    for (size_t j = 0; j < v->n && v->weight[j] >= mixture_weight; j++) {
        double variance, mean = node_mean(m->raw, m->i, j, &variance);
        sum += v->weight[j] * (variance > 0
                                   ? special_gamma_p(mean * mean / variance, rate * mean / variance)
                                   : rate >= mean);
        weight += v->weight[j];
    }
    return sum / weight - m->prob;
}

static double
mixture_quantile(const struct fc_fit *raw, size_t i, double prob)
{
    struct mixture m = {raw, i, prob};
    double high = log(raw->nodes.mu[0]), low = high, f_high = mixture_at(&m, high), f_low = f_high;
    while (f_high < 0 && high < 600) {
        low = high, f_low = f_high;
        high += 1;
        f_high = mixture_at(&m, high);
    }
    while (f_low > 0 && low > -600) {
        high = low, f_high = f_low;
        low -= 1;
        f_low = mixture_at(&m, low);
    }
    return exp(root_brent(mixture_at, &m, low, f_low, high, f_high, 1e-6));
}

/* ---- ranks: draws by counter, so that the order of work does not matter ---- */

static uint64_t
mix64(uint64_t x) /* SplitMix64's finaliser (Steele, Lea & Flood 2014) */
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

static double
uniform(uint64_t key, uint64_t count) /* in (0, 1) */
{
    return ((double)(mix64(key ^ mix64(count)) >> 12) + 0.5) * 0x1p-52;
}

/* Marsaglia & Tsang (2000), with their power of a uniform for shapes under 1. */
static double
gamma_draw(double shape, uint64_t key)
{
    double boost = shape < 1 ? pow(uniform(key, 0), 1 / shape) : 1;
    double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (uint64_t i = 1; i < GAMMA_TRIES; i++) {
        double z = special_normal_quantile(uniform(key, 2 * i)), v = 1 + c * z;
        v = v * v * v;
        if (v > 0 && log(uniform(key, 2 * i + 1)) < 0.5 * z * z + d - d * v + d * log(v))
            return boost * d * v;
    }
    return boost * d;
}

struct drawn {
    double rate;
    uint32_t row;
};

static int
fastest_first(const void *x, const void *y)
{
    const struct drawn *a = x, *b = y;
    if (a->rate != b->rate)
        return a->rate < b->rate ? 1 : -1;
    return (a->row > b->row) - (a->row < b->row);
}

/* The rank that `below` of the draws do not reach, by counting; `count` is room for n + 1. */
static int64_t
rank_at(const uint32_t *ranks, size_t draws, size_t below, uint32_t *count, size_t n)
{
    memset(count, 0, (n + 1) * sizeof *count);
    for (size_t k = 0; k < draws; k++)
        count[ranks[k]]++;
    size_t r = 0, seen = 0;
    while (seen <= below)
        seen += count[++r];
    return (int64_t)r;
}

/* ranks[row * draws + draw] */
static void
draw_ranks(struct arena *a, const struct posterior *p, size_t n, size_t draws, uint32_t *ranks)
{
    struct drawn *order = arena_alloc(a, n * sizeof *order);
    for (size_t k = 0; k < draws; k++) {
        for (size_t i = 0; i < n; i++) {
            double shape =
                p[i].mean * p[i].mean / fmax(p[i].variance, 1e-12 * p[i].mean * p[i].mean);
            uint64_t key = mix64((uint64_t)k << 32 | i);
            order[i] = (struct drawn){gamma_draw(shape, key) * p[i].mean / shape, (uint32_t)i};
        }
        qsort(order, n, sizeof *order, fastest_first);
        for (size_t i = 0; i < n; i++)
            ranks[order[i].row * draws + k] = (uint32_t)i + 1;
    }
}

static void
rank_rows(struct arena *a, const struct posterior *p, const size_t *row_of, size_t n, double level,
          struct fc_site_row *rows)
{
    if (n == 0)
        return;
    size_t draws = DRAWS_BUDGET / n;
    draws = draws < DRAWS_LEAST ? DRAWS_LEAST : draws > DRAWS_MOST ? DRAWS_MOST : draws;
    uint32_t *ranks = arena_alloc(a, n * draws * sizeof *ranks);
    draw_ranks(a, p, n, draws, ranks);
    uint32_t *count = arena_alloc(a, (n + 1) * sizeof *count);
    size_t tail = (size_t)floor(0.5 * (1 - level) * (double)(draws - 1));
    for (size_t i = 0; i < n; i++) {
        const uint32_t *mine = ranks + i * draws;
        rows[row_of[i]].rank_low = rank_at(mine, draws, tail, count, n);
        rows[row_of[i]].rank_high = rank_at(mine, draws, draws - 1 - tail, count, n);
    }
}

/* A site never open has the rate of any site: the centre of the nodes, as the mean of a long tail
 * says little. */
static double
any_rate(const struct fc_nodes *v)
{
    double sum = 0;
    for (size_t j = 0; j < v->n; j++)
        sum += v->weight[j] * log(v->mu[j]);
    return v->n == 1 ? v->mu[0] : exp(sum);
}

static void
fill_interval(const struct fc_fit *raw, size_t i, double level, const struct posterior *p,
              struct fc_site_row *r)
{
    double low = 0.5 * (1 - level), high = 0.5 * (1 + level);
    r->rate_low = p->mixed ? mixture_quantile(raw, i, low) : matched_quantile(p, low);
    r->rate_high = p->mixed ? mixture_quantile(raw, i, high) : matched_quantile(p, high);
}

static void
fill_rows(const struct fc_study *s, const struct fc_fit *raw, double level, struct posterior *p,
          struct fc_site_row *rows)
{
    size_t last = SIZE_MAX; /* a site never open, as the next one will be like it */
    for (size_t i = 0; i < s->n_site; i++) {
        const struct fc_site *site = &s->site[i];
        struct fc_site_row *r = &rows[i];
        r->label = site->label;
        r->country = site->country;
        r->enrolled = (int64_t)fc_data_events(site, s->cut);
        r->open_days = raw->counts.tau[i];
        r->open = fc_data_open_at(site, s->cut);
        p[i] = shrink(raw, i, &r->prior_weight);
        r->rate = p[i].mean;
        if (r->open_days > 0) {
            fill_interval(raw, i, level, &p[i], r);
            continue;
        }
        r->rate = last == SIZE_MAX ? any_rate(&raw->nodes) : rows[last].rate;
        if (last == SIZE_MAX)
            fill_interval(raw, i, level, &p[i], r);
        r->rate_low = last == SIZE_MAX ? r->rate_low : rows[last].rate_low;
        r->rate_high = last == SIZE_MAX ? r->rate_high : rows[last].rate_high;
        last = i;
    }
}

enum fc_refusal
fc_sites(struct arena *a, const struct fc_study *s, struct fc_site_row **ret)
{
    if (!fc_data_valid(s))
        return FC_BAD_INPUT;
    struct fc_options o = fc_data_options(s);
    enum fc_method method = fc_data_is_plugin(o.method) ? FC_PLUGIN : FC_BAYES;
    struct fc_fit raw;
    enum fc_refusal refusal = fc_fit_as(a, s, method, true, &raw);
    if (refusal)
        return refusal;
    struct fc_site_row *rows = arena_alloc(a, s->n_site * sizeof *rows);
    struct posterior *p = arena_alloc(a, s->n_site * sizeof *p);
    size_t *row_of = arena_alloc(a, s->n_site * sizeof *row_of), n = 0;
    double *alive = arena_alloc(a, s->n_site * sizeof *alive);
    fill_rows(s, &raw, o.level, p, rows);
    fc_alive(a, &raw, alive);
    for (size_t i = 0; i < s->n_site; i++) {
        rows[i].still_recruiting = alive[i];
        if (raw.counts.tau[i] > 0) {
            p[n] = p[i];
            row_of[n++] = i;
        }
    }
    rank_rows(a, p, row_of, n, o.level, rows);
    *ret = rows;
    return FC_OK;
}
