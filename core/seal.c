/* seal.c: sealing the record. See seal.h; the check is in seal_verify.c. */
#include "core/seal.h"

#include "base/str.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/seal_leaf.h"
#include "db/db.h"

#include <sodium.h>
#include <string.h>

/* PostgreSQL commits in another order than it gives out ids: a row may appear this many ids behind
 * the newest sealed one and still be sealed at once. What is further behind waits for a full look. */
enum { BEHIND = 2000, FULL_ONE_IN = 500 };

err_t
seal_check_key(struct ctx *c)
{
    const char *published;
    TRY(setting_get(c, "record_key", &published));
    if (published && !str_eq(published, str_hex(c->mem, c->inst->keys->public_key, KEY_PUBLIC)))
        return err_new(c->mem, E_CONFIG, "The key file is not the one whose public key this database "
                                         "has. Put back the copy you keep, or name it with --keys.");
    return NULL;
}

err_t
seal_publish_key(struct ctx *c)
{
    TRY(seal_check_key(c));
    return setting_set(c, "record_key", str_hex(c->mem, c->inst->keys->public_key, KEY_PUBLIC));
}

/* The tree as the last checkpoint left it; `ret_last` its signature, NULL when there is none. */
static err_t
tree_load(struct ctx *c, struct merkle *ret, const unsigned char **ret_last)
{
    struct core_record_checkpoint_last_row row;
    bool found;
    TRY(db_maybe(c, &CORE_RECORD_CHECKPOINT_LAST, DB_NONE, &row, &found));
    *ret = (struct merkle){0};
    *ret_last = NULL;
    if (!found)
        return NULL;
    if (row.frontier_len % MERKLE_HASH || row.frontier_len / MERKLE_HASH > MERKLE_LEVELS ||
        row.signature_len != KEY_SIGNATURE)
        return err_new(c->mem, E_TAMPERED, "The last checkpoint of the record is damaged. Run: rapport audit verify");
    ret->size = row.size;
    ret->n = row.frontier_len / MERKLE_HASH;
    memcpy(ret->node, row.frontier, row.frontier_len);
    *ret_last = row.signature;
    return NULL;
}

static err_t
checkpoint_add(struct ctx *c, const struct merkle *m, const unsigned char *previous)
{
    unsigned char root[MERKLE_HASH], signature[KEY_SIGNATURE];
    merkle_root(m, root);
    const char *text = seal_leaf_signed(c->mem, &(struct seal_point){m->size, c->now, root, m->node[0],
                                                                     m->n * MERKLE_HASH, previous});
    crypto_sign_detached(signature, NULL, (const unsigned char *)text, strlen(text),
                         c->inst->keys->sign);
    return db_run(c, &CORE_RECORD_CHECKPOINT_ADD,
                  DB_IN(db_int(m->size), db_time(c->now), db_blob(root, sizeof root),
                        db_blob(m->node[0], m->n * MERKLE_HASH), db_blob(signature, sizeof signature)),
                  NULL);
}

struct seal_job {
    int64_t most, done;
};

static err_t
unsealed(struct ctx *c, int64_t most, struct core_record_unsealed_row **ret, size_t *ret_n)
{
    struct core_record_leaf_newest_row newest;
    TRY(db_one(c, &CORE_RECORD_LEAF_NEWEST, DB_NONE, &newest));
    bool full = randombytes_uniform(FULL_ONE_IN) == 0;
    return db_list(c, &CORE_RECORD_UNSEALED,
                   DB_IN(db_int(full ? 0 : newest.record - BEHIND), db_int(most)), ret, ret_n);
}

/* A long body is not in the list of rows, lest many of them fill the memory. */
static err_t
leaf_of(struct ctx *c, struct seal_row *r, unsigned char *ret)
{
    struct core_record_body_row body;
    if (!r->body) {
        TRY(db_one(c, &CORE_RECORD_BODY, DB_IN(db_int(r->id)), &body));
        r->body = body.body;
    }
    seal_leaf_hash(c->mem, r, ret);
    return NULL;
}

static err_t
seal_work(struct ctx *c, void *arg)
{
    struct seal_job *job = arg;
    job->done = 0;
    struct core_record_unsealed_row *rows;
    size_t n;
    TRY(unsealed(c, job->most, &rows, &n));
    if (n == 0)
        return NULL;
    struct merkle m;
    const unsigned char *last;
    TRY(seal_check_key(c));
    TRY(tree_load(c, &m, &last));
    for (size_t i = 0; i < n; i++) {
        struct seal_row r = SEAL_ROW(&rows[i]);
        unsigned char leaf[MERKLE_HASH];
        struct arena_mark mark = arena_save(c->mem);
        TRY(leaf_of(c, &r, leaf));
        arena_restore(c->mem, mark);
        TRY(db_run(c, &CORE_RECORD_LEAF_ADD,
                   DB_IN(db_int(m.size), db_int(r.id), db_blob(leaf, sizeof leaf)), NULL));
        merkle_add(&m, leaf);
    }
    TRY(checkpoint_add(c, &m, last));
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
