/* kept.c: see kept.h. A result is a tree of structs; it is kept as one stretch of bytes, written
 * and read back by the same walk, so that the two cannot differ. Called by forecast.c. */
#include "features/recruitment/kept.h"

#include "base/str.h"
#include "core/inst.h"
#include "core/keep.h"

#include <sodium.h>
#include <string.h>

/* ---- the key: everything the engine looks at ---- */

static void
add(crypto_generichash_state *h, const void *data, size_t n)
{
    if (n)
        crypto_generichash_update(h, data, n);
}
#define ADD(h, x) add(h, &(x), sizeof(x))

static void
add_text(crypto_generichash_state *h, const char *s)
{
    add(h, s, strlen(s) + 1);
}

/* Field by field: what lies between fields of a struct is not defined. */
static void
add_site(crypto_generichash_state *h, const struct fc_site *s)
{
    add_text(h, s->label);
    add_text(h, s->country);
    ADD(h, s->n_open);
    for (size_t i = 0; i < s->n_open; i++) {
        ADD(h, s->open[i].from);
        ADD(h, s->open[i].to);
    }
    ADD(h, s->n_event);
    add(h, s->event, s->n_event * sizeof *s->event);
    ADD(h, s->first_left_out);
    ADD(h, s->opening.law);
    ADD(h, s->opening.a);
    ADD(h, s->opening.b);
    ADD(h, s->opening.shape);
    ADD(h, s->opening.rate);
    ADD(h, s->opening.closes);
    ADD(h, s->has_planned);
    ADD(h, s->planned);
    ADD(h, s->cap);
}

static void
key_of(const struct fc_study *s, unsigned char ret[static KEEP_KEY])
{
    crypto_generichash_state h;
    crypto_generichash_init(&h, NULL, 0, KEEP_KEY);
    add_text(&h, "forecast");
    ADD(&h, s->cut);
    ADD(&h, s->target);
    ADD(&h, s->has_deadline);
    ADD(&h, s->deadline);
    ADD(&h, s->plan_rate);
    ADD(&h, s->opt.method);
    ADD(&h, s->opt.half_life);
    ADD(&h, s->opt.drift_sd);
    ADD(&h, s->opt.level);
    ADD(&h, s->n_site);
    for (size_t i = 0; i < s->n_site; i++)
        add_site(&h, &s->site[i]);
    crypto_generichash_final(&h, ret, KEEP_KEY);
}

/* ---- the bytes ---- */

struct tape {
    struct arena *mem;
    struct buf out;          /* when writing */
    const unsigned char *in; /* when reading */
    size_t at;
};

static void
bytes(struct tape *t, void *p, size_t n)
{
    if (!t->in) {
        buf_add(&t->out, p, n);
    } else {
        memcpy(p, t->in + t->at, n);
        t->at += n;
    }
}

/* What `p` points at: written as it is, read into new memory. */
static void *
array(struct tape *t, const void *p, size_t n)
{
    if (n == 0)
        return NULL;
    void *to = t->in ? arena_alloc(t->mem, n) : (void *)(uintptr_t)p;
    bytes(t, to, n);
    return to;
}

static const char *
text(struct tape *t, const char *s)
{
    size_t n = s && !t->in ? strlen(s) + 1 : 0;
    bytes(t, &n, sizeof n);
    return array(t, s, n);
}

static void
walk_fit(struct tape *t, struct fc_fit *f)
{
    f->basis_text = text(t, f->basis_text);
    f->counts.count = array(t, f->counts.count, f->counts.n * sizeof *f->counts.count);
    f->counts.tau = array(t, f->counts.tau, f->counts.n * sizeof *f->counts.tau);
    f->nodes.alpha = array(t, f->nodes.alpha, f->nodes.n * sizeof *f->nodes.alpha);
    f->nodes.mu = array(t, f->nodes.mu, f->nodes.n * sizeof *f->nodes.mu);
    f->nodes.weight = array(t, f->nodes.weight, f->nodes.n * sizeof *f->nodes.weight);
}

/* Writes a result, or reads one; `r` holds copies whose pointers may be set. */
static void
walk(struct tape *t, const struct fc_study *s, struct fc_result *r)
{
    bytes(t, r, sizeof *r);
    struct fc_fit *fit = arena_alloc(t->mem, sizeof *fit);
    if (!t->in)
        *fit = *r->fit;
    bytes(t, fit, sizeof *fit);
    walk_fit(t, fit);
    fit->study = s;
    r->fit = fit;
    r->study = s;
    r->site = array(t, r->site, r->n_site * sizeof *r->site);
    for (size_t i = 0; t->in && i < r->n_site; i++) { /* in the order of the study's sites */
        r->site[i].label = s->site[i].label;
        r->site[i].country = s->site[i].country;
    }
    r->curve.t = array(t, r->curve.t, r->curve.n * sizeof *r->curve.t);
    r->curve.count = array(t, r->curve.count, r->curve.n * FC_N_LEVELS * sizeof *r->curve.count);
    struct fc_check *from = r->checks.item;
    r->checks.item = array(t, from, r->checks.n * sizeof *from);
    for (size_t i = 0; i < r->checks.n; i++) {
        const char *name = text(t, r->checks.item[i].name);
        const char *words = text(t, r->checks.item[i].text);
        if (t->in)
            r->checks.item[i].name = name, r->checks.item[i].text = words;
    }
}

/* A refusal is kept too: one byte, and no result. */
static void
keep(struct ctx *c, const unsigned char *key, enum fc_refusal refusal, const struct fc_study *s,
     const struct fc_result *result)
{
    struct tape t = {.mem = c->mem};
    buf_init(&t.out, c->mem);
    unsigned char why = (unsigned char)refusal;
    bytes(&t, &why, 1);
    if (result) {
        struct fc_result copy = *result;
        walk(&t, s, &copy);
    }
    keep_put(c->inst->keep, key, t.out.data, t.out.len);
}

enum fc_refusal
kept_forecast(struct ctx *c, const struct fc_study *s, const struct fc_result **ret)
{
    unsigned char key[KEEP_KEY], why;
    struct tape t = {.mem = c->mem};
    const void *data;
    size_t n;
    if (!c->inst->keep)
        return fc_forecast(c->mem, s, ret);
    key_of(s, key);
    if (keep_get(c->inst->keep, key, c->mem, &data, &n)) {
        t.in = data;
        bytes(&t, &why, 1);
        if (why == FC_OK) {
            struct fc_result *r = arena_alloc(c->mem, sizeof *r);
            walk(&t, s, r);
            *ret = r;
        }
        return (enum fc_refusal)why;
    }
    const struct fc_result *result = NULL;
    enum fc_refusal refusal = fc_forecast(c->mem, s, &result);
    keep(c, key, refusal, s, result);
    if (result)
        *ret = result;
    return refusal;
}
