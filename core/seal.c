/* seal.c: the Merkle tree over the record. See seal.h. Node hashing follows RFC 9162, section 2.1. */
#include "core/seal.h"

#include "base/date.h"
#include "base/str.h"
#include "base/view.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/keys.h"
#include "db/db.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { HASH = 32, LEVELS = 64 };

/* ---- the tree ---- */

/* Roots of the complete subtrees from the left, largest first: one a set bit of `size`. */
struct frontier {
    int64_t size;
    size_t n;
    unsigned char node[LEVELS][HASH];
};

static void
node_hash(const unsigned char *left, const unsigned char *right, unsigned char *ret)
{
    crypto_hash_sha256_state s;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, (const unsigned char *)"\x01", 1);
    crypto_hash_sha256_update(&s, left, HASH);
    crypto_hash_sha256_update(&s, right, HASH);
    crypto_hash_sha256_final(&s, ret);
}

static void
frontier_add(struct frontier *f, const unsigned char *leaf)
{
    memcpy(f->node[f->n++], leaf, HASH);
    for (int64_t size = f->size; size & 1; size >>= 1) {
        node_hash(f->node[f->n - 2], f->node[f->n - 1], f->node[f->n - 2]);
        f->n--;
    }
    f->size++;
}

static void
frontier_root(const struct frontier *f, unsigned char *ret)
{
    if (f->n == 0) {
        crypto_hash_sha256(ret, (const unsigned char *)"", 0);
        return;
    }
    memcpy(ret, f->node[f->n - 1], HASH);
    for (size_t i = f->n - 1; i > 0; i--)
        node_hash(f->node[i - 1], ret, ret);
}

/* ---- a leaf ---- */

struct row { /* the columns of a record row, and its body */
    int64_t id, at, person, study, comp, thing_id;
    bool person_null, study_null, thing_null;
    const char *who, *action, *kind, *thing, *log, *body;
    const unsigned char *salt;
    size_t salt_len;
};

static void
member_int(struct buf *b, const char *key, int64_t i, bool null)
{
    buf_printf(b, "%s\"%s\":", b->len > 1 ? "," : "", key);
    if (null)
        buf_str(b, "null");
    else
        buf_printf(b, "%lld", (long long)i);
}

static void
member_text(struct buf *b, const char *key, const char *text)
{
    buf_printf(b, ",\"%s\":", key);
    if (text)
        view_json_string(b, text);
    else
        buf_str(b, "null");
}

/* Canonical JSON: the keys in this order, no spaces, strings as view_json_string writes them. */
static void
leaf_hash(struct arena *a, const struct row *r, unsigned char *ret)
{
    struct buf b;
    buf_init(&b, a);
    buf_char(&b, '{');
    member_int(&b, "id", r->id, false);
    member_int(&b, "at", r->at, false);
    member_int(&b, "person", r->person, r->person_null);
    member_text(&b, "who", r->who);
    member_text(&b, "action", r->action);
    member_int(&b, "study", r->study, r->study_null);
    member_int(&b, "compartment", r->comp, false);
    member_text(&b, "kind", r->kind);
    member_int(&b, "thing_id", r->thing_id, r->thing_null);
    member_text(&b, "thing", r->thing);
    member_text(&b, "log", r->log);
    buf_char(&b, '}');
    unsigned char inner[HASH];
    crypto_hash_sha256_state s;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, r->salt, r->salt_len);
    crypto_hash_sha256_update(&s, (const unsigned char *)r->body, strlen(r->body));
    crypto_hash_sha256_final(&s, inner);
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, (const unsigned char *)"", 1); /* 0x00 */
    crypto_hash_sha256_update(&s, (const unsigned char *)b.data, b.len);
    crypto_hash_sha256_update(&s, inner, HASH);
    crypto_hash_sha256_final(&s, ret);
}

/* Both queries that read rows have the same columns; this copies them from either. */
#define ROW_OF(x)                                                                                  \
    (struct row)                                                                                   \
    {                                                                                              \
        .id = (x)->id, .at = (x)->at, .person = (x)->person, .study = (x)->study,                  \
        .comp = (x)->comp, .thing_id = (x)->thing_id, .person_null = (x)->person_null,             \
        .study_null = (x)->study_null, .thing_null = (x)->thing_id_null, .who = (x)->who,          \
        .action = (x)->action, .kind = (x)->kind, .thing = (x)->thing, .log = (x)->log,            \
        .body = (x)->body, .salt = (x)->salt, .salt_len = (x)->salt_len                            \
    }

/* ---- checkpoints ---- */

static const char *
signed_text(struct arena *a, int64_t size, int64_t at, const unsigned char *root,
            const unsigned char *frontier, size_t frontier_n)
{
    return arena_printf(a, "rapport checkpoint %lld %lld %s %s", (long long)size, (long long)at,
                        str_hex(a, root, HASH), str_hex(a, frontier, frontier_n));
}

static err_t
frontier_load(struct ctx *c, struct frontier *ret)
{
    struct core_record_checkpoint_last_row row;
    bool found;
    TRY(db_maybe(c, &CORE_RECORD_CHECKPOINT_LAST, DB_NONE, &row, &found));
    *ret = (struct frontier){0};
    if (!found)
        return NULL;
    if (row.frontier_len % HASH || row.frontier_len / HASH > LEVELS)
        return err_new(c->mem, E_TAMPERED, "The last checkpoint of the record is damaged. Run: rapport audit verify");
    ret->size = row.size;
    ret->n = row.frontier_len / HASH;
    memcpy(ret->node, row.frontier, row.frontier_len);
    return NULL;
}

static err_t
checkpoint_add(struct ctx *c, const struct frontier *f)
{
    unsigned char root[HASH], signature[KEY_SIGNATURE];
    frontier_root(f, root);
    const char *text = signed_text(c->mem, f->size, c->now, root, f->node[0], f->n * HASH);
    crypto_sign_detached(signature, NULL, (const unsigned char *)text, strlen(text),
                         c->inst->keys->sign);
    return db_run(c, &CORE_RECORD_CHECKPOINT_ADD,
                  DB_IN(db_int(f->size), db_time(c->now), db_blob(root, HASH),
                        db_blob(f->node[0], f->n * HASH), db_blob(signature, sizeof signature)),
                  NULL);
}

err_t
seal_publish_key(struct ctx *c)
{
    return setting_set(c, "record_key", str_hex(c->mem, c->inst->keys->public_key, KEY_PUBLIC));
}

struct seal_job {
    int64_t most, done;
};

static err_t
seal_work(struct ctx *c, void *arg)
{
    struct seal_job *job = arg;
    job->done = 0;
    struct frontier f;
    TRY(frontier_load(c, &f));
    struct core_record_unsealed_row *rows;
    size_t n;
    TRY(db_list(c, &CORE_RECORD_UNSEALED, DB_IN(db_int(job->most)), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        struct row r = ROW_OF(&rows[i]);
        unsigned char leaf[HASH];
        leaf_hash(c->mem, &r, leaf);
        TRY(db_run(c, &CORE_RECORD_LEAF_ADD,
                   DB_IN(db_int(f.size), db_int(r.id), db_blob(leaf, HASH)), NULL));
        frontier_add(&f, leaf);
    }
    if (n)
        TRY(checkpoint_add(c, &f));
    job->done = (int64_t)n;
    return NULL;
}

err_t
seal_run(struct ctx *c, int64_t most, int64_t *ret_n)
{
    struct seal_job job = {.most = most};
    err_t e = db_write(c, seal_work, &job);
    if (e && e->code == E_CONFLICT) { /* another process sealed at the same time */
        *ret_n = 0;
        return NULL;
    }
    TRY(e);
    *ret_n = job.done;
    return NULL;
}

/* ---- the check ---- */

struct check {
    struct ctx *c;
    struct arena *scratch;
    struct seal_report *report;
    struct frontier f;
    const struct core_record_checkpoints_row *points;
    size_t n_points, next_point;
    int64_t against_size;
    unsigned char against_root[HASH];
    bool against, against_met;
};

static err_t
bad_row(struct ctx *c, int64_t id, const char *what)
{
    return err_new(c->mem, E_TAMPERED, "Record row %lld does not hold: %s.", (long long)id, what);
}

/* At each size that has a checkpoint, the root must be the one that was signed. */
static err_t
check_point(struct check *k)
{
    struct ctx *c = k->c;
    unsigned char root[HASH];
    frontier_root(&k->f, root);
    if (k->against && k->f.size == k->against_size) {
        if (memcmp(root, k->against_root, HASH) != 0)
            return err_new(c->mem, E_TAMPERED,
                           "The first %lld rows are not those of the checkpoint given with --against.",
                           (long long)k->f.size);
        k->against_met = true;
    }
    while (k->next_point < k->n_points && k->points[k->next_point].size == k->f.size) {
        const struct core_record_checkpoints_row *p = &k->points[k->next_point++];
        const char *text = signed_text(c->mem, p->size, p->at, root, p->frontier, p->frontier_len);
        if (p->root_len != HASH || memcmp(root, p->root, HASH) != 0 ||
            p->signature_len != KEY_SIGNATURE || p->frontier_len != k->f.n * HASH ||
            memcmp(p->frontier, k->f.node[0], p->frontier_len) != 0 ||
            crypto_sign_verify_detached(p->signature, (const unsigned char *)text, strlen(text),
                                        c->inst->keys->public_key) != 0)
            return err_new(c->mem, E_TAMPERED,
                           "The checkpoint after row %lld does not hold: its root or signature differs.",
                           (long long)p->size);
        k->report->checkpoints++;
    }
    return NULL;
}

static err_t
check_row(void *arg, const void *data)
{
    struct check *k = arg;
    const struct core_record_all_row *x = data;
    struct ctx *c = k->c;
    k->report->records++;
    if (!x->salt || !x->body)
        return bad_row(c, x->id, "its body is missing");
    if (x->idx_null)
        return k->next_point < k->n_points || c->now - x->at > (int64_t)3600 * 1000000
                   ? bad_row(c, x->id, "it was never sealed")
                   : NULL;
    if (x->idx != k->f.size)
        return err_new(c->mem, E_TAMPERED, "Record row %lld does not hold: leaf %lld is missing before it.",
                       (long long)x->id, (long long)k->f.size);
    struct row r = ROW_OF(x);
    unsigned char leaf[HASH];
    struct arena_mark mark = arena_save(k->scratch);
    leaf_hash(k->scratch, &r, leaf);
    arena_restore(k->scratch, mark);
    if (x->hash_len != HASH || memcmp(leaf, x->hash, HASH) != 0)
        return bad_row(c, x->id, "its content is not what was sealed");
    frontier_add(&k->f, leaf);
    k->report->sealed++;
    return check_point(k);
}

static err_t
parse_against(struct check *k, const char *against)
{
    size_t n;
    char **part = str_split(k->c->mem, str_squeeze(k->c->mem, against), ' ', &n);
    if (n < 2 || !str_int(part[0], &k->against_size) || !str_unhex(part[1], k->against_root, HASH))
        return err_new(k->c->mem, E_BAD_INPUT,
                       "The checkpoint cannot be read. It is the line that \"rapport audit verify\" "
                       "prints: a number and 64 hexadecimal digits.");
    k->against = true;
    return NULL;
}

static void
free_arena(void *a)
{
    arena_free(a);
}

err_t
seal_verify(struct ctx *c, const char *against, struct seal_report *ret)
{
    struct seal_report report = {0};
    struct check k = {.c = c, .report = &report, .scratch = arena_new(0)};
    arena_defer(c->mem, free_arena, k.scratch);
    if (against)
        TRY(parse_against(&k, against));
    struct core_record_checkpoints_row *points;
    TRY(db_list(c, &CORE_RECORD_CHECKPOINTS, DB_NONE, &points, &k.n_points));
    k.points = points;
    TRY(db_each(c, &CORE_RECORD_ALL, DB_NONE, check_row, &k));
    if (k.next_point < k.n_points)
        return err_new(c->mem, E_TAMPERED,
                       "The record ends at row %lld, but a checkpoint was signed for %lld: rows are missing.",
                       (long long)k.f.size, (long long)k.points[k.n_points - 1].size);
    if (k.against && !k.against_met)
        return err_new(c->mem, E_TAMPERED,
                       "The record has %lld sealed rows, the checkpoint given with --against has %lld: "
                       "the trail was cut off.",
                       (long long)k.f.size, (long long)k.against_size);
    if (k.f.size > 0 && (k.n_points == 0 || k.points[k.n_points - 1].size != k.f.size))
        return err_new(c->mem, E_TAMPERED, "The end of the record has no signed checkpoint.");
    if (k.f.size) {
        unsigned char root[HASH];
        frontier_root(&k.f, root);
        memcpy(report.root, str_hex(c->mem, root, HASH), 65);
    }
    *ret = report;
    return NULL;
}
