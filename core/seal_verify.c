/* seal_verify.c: the check of the record: everything is computed again. See seal.h.
 *
 * Rows come in batches of one statement each, so that no single statement runs for long; all of them
 * read one snapshot. */
#include "base/str.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/seal.h"
#include "core/seal_leaf.h"
#include "db/db.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

enum { BATCH = 2000 };
static const int64_t UNSEALED_US = (int64_t)3600 * 1000000;

/* A sum of hashes that does not depend on the order: of what bodies name, and of the trail. */
struct sum {
    uint64_t part[4], n;
};

struct check {
    struct ctx *c;
    struct arena *scratch;
    struct seal_report *report;
    struct merkle tree;
    const struct core_record_checkpoints_row *points;
    size_t n_points, next_point, seen; /* seen: rows of the batch */
    struct sum named, trail;
    unsigned char key[KEY_PUBLIC];
    int64_t against_size, after;
    unsigned char against_root[MERKLE_HASH], against_key[KEY_PUBLIC];
    bool against, against_has_key, against_met;
    const char *last_kind;
    int64_t last_thing, last_record;
};

static err_t
bad_row(struct ctx *c, int64_t id, const char *what)
{
    return err_new(c->mem, E_TAMPERED, "Record row %lld does not hold: %s.", (long long)id, what);
}

/* ---- the trail against the bodies ---- */

static void
sum_add(struct check *k, struct sum *s, const char *kind, int64_t thing, int64_t record)
{
    unsigned char hash[MERKLE_HASH];
    const char *text = arena_printf(k->scratch, "%s %lld %lld", kind, (long long)thing, (long long)record);
    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    for (size_t i = 0; i < 4; i++) {
        uint64_t part;
        memcpy(&part, hash + i * sizeof part, sizeof part);
        s->part[i] += part;
    }
    s->n++;
}

static err_t
sum_body(struct check *k, int64_t id, const char *body)
{
    json_t *root = json_loads(body, JSON_REJECT_DUPLICATES, NULL), *thing;
    json_t *things = json_object_get(root, "things");
    bool ok = json_is_array(things);
    size_t i;
    json_array_foreach(things, i, thing)
    {
        const char *kind = json_string_value(json_array_get(thing, 0));
        json_t *number = json_array_get(thing, 1);
        ok = ok && kind && json_is_integer(number);
        if (ok)
            sum_add(k, &k->named, kind, json_integer_value(number), id);
    }
    json_decref(root);
    return ok ? NULL : bad_row(k->c, id, "its body cannot be read");
}

static err_t
check_trail_row(void *arg, const void *data)
{
    struct check *k = arg;
    const struct core_trail_all_row *x = data;
    struct arena_mark mark = arena_save(k->scratch);
    sum_add(k, &k->trail, x->kind, x->thing, x->record);
    arena_restore(k->scratch, mark);
    k->last_kind = arena_strdup(k->scratch, x->kind);
    k->last_thing = x->thing;
    k->last_record = x->record;
    k->seen++;
    return NULL;
}

static err_t
check_trail(struct check *k)
{
    k->last_kind = "";
    do {
        k->seen = 0;
        const char *kind = arena_strdup(k->c->mem, k->last_kind);
        arena_reset(k->scratch);
        TRY(db_each(k->c, &CORE_TRAIL_ALL,
                    DB_IN(db_text(kind), db_int(k->last_thing), db_int(k->last_record), db_int(BATCH)),
                    check_trail_row, k));
    } while (k->seen == BATCH);
    if (memcmp(&k->named, &k->trail, sizeof k->named) != 0)
        return err_new(k->c->mem, E_TAMPERED,
                       "The table that says which rows speak of what (trail: %llu rows) is not what the rows "
                       "themselves say (%llu): histories of things may lack rows or show wrong ones.",
                       (unsigned long long)k->trail.n, (unsigned long long)k->named.n);
    return NULL;
}

/* ---- checkpoints ---- */

static bool
point_holds(const struct check *k, size_t i, const unsigned char *root)
{
    const struct core_record_checkpoints_row *p = &k->points[i];
    if (p->root_len != MERKLE_HASH || memcmp(root, p->root, MERKLE_HASH) != 0 ||
        p->signature_len != KEY_SIGNATURE || p->frontier_len != k->tree.n * MERKLE_HASH ||
        memcmp(p->frontier, k->tree.node[0], p->frontier_len) != 0)
        return false;
    if (i && k->points[i - 1].signature_len != KEY_SIGNATURE)
        return false;
    struct seal_point point = {p->size, p->at, root, p->frontier, p->frontier_len,
                               i ? k->points[i - 1].signature : NULL};
    const char *text = seal_leaf_signed(k->scratch, &point);
    return crypto_sign_verify_detached(p->signature, (const unsigned char *)text, strlen(text), k->key) == 0;
}

/* At each size that has a checkpoint, the root must be the one that was signed. */
static err_t
check_points(struct check *k)
{
    struct ctx *c = k->c;
    unsigned char root[MERKLE_HASH];
    bool meets = k->against && k->tree.size == k->against_size;
    bool point = k->next_point < k->n_points && k->points[k->next_point].size == k->tree.size;
    if (!meets && !point)
        return NULL;
    merkle_root(&k->tree, root);
    if (meets && memcmp(root, k->against_root, MERKLE_HASH) != 0)
        return err_new(c->mem, E_TAMPERED,
                       "The first %lld rows are not those of the checkpoint given with --against.",
                       (long long)k->tree.size);
    k->against_met |= meets;
    if (!point)
        return NULL;
    if (!point_holds(k, k->next_point, root))
        return err_new(c->mem, E_TAMPERED,
                       "The checkpoint over %lld rows does not hold: it, its signature or the checkpoint "
                       "before it was changed.",
                       (long long)k->tree.size);
    k->next_point++;
    k->report->checkpoints++;
    return NULL;
}

/* ---- rows ---- */

static err_t
check_leaf(struct check *k, const struct core_record_sealed_row *x)
{
    struct ctx *c = k->c;
    if (x->idx != k->tree.size)
        return err_new(c->mem, E_TAMPERED, "Record row %lld does not hold: leaf %lld, before it, is missing.",
                       (long long)x->record, (long long)k->tree.size);
    if (x->id_null)
        return bad_row(c, x->record, "it is gone, though it was sealed");
    if (!x->body || x->salt_len != SEAL_SALT)
        return bad_row(c, x->id, "its body or the salt is missing or damaged");
    struct seal_row r = SEAL_ROW(x);
    unsigned char leaf[MERKLE_HASH];
    seal_leaf_hash(k->scratch, &r, leaf);
    if (x->hash_len != MERKLE_HASH || memcmp(leaf, x->hash, MERKLE_HASH) != 0)
        return bad_row(c, x->id, "its content is not what was sealed");
    TRY(sum_body(k, x->id, x->body));
    merkle_add(&k->tree, leaf);
    k->report->sealed++;
    k->report->records++;
    return check_points(k);
}

static err_t
check_sealed_row(void *arg, const void *data)
{
    struct check *k = arg;
    k->seen++;
    struct arena_mark mark = arena_save(k->scratch);
    err_t e = check_leaf(k, data);
    arena_restore(k->scratch, mark);
    return e;
}

static err_t
check_loose_row(void *arg, const void *data)
{
    struct check *k = arg;
    const struct core_record_loose_row *x = data;
    k->seen++;
    k->after = x->id;
    k->report->records++;
    if (!x->body || x->salt_len != SEAL_SALT)
        return bad_row(k->c, x->id, "its body or the salt is missing or damaged");
    if (k->c->now - x->at > UNSEALED_US)
        return bad_row(k->c, x->id, "it was never sealed");
    struct arena_mark mark = arena_save(k->scratch);
    err_t e = sum_body(k, x->id, x->body);
    arena_restore(k->scratch, mark);
    return e;
}

static err_t
check_rows(struct check *k)
{
    struct ctx *c = k->c;
    do {
        k->seen = 0;
        int64_t from = k->tree.size ? k->tree.size : INT64_MIN; /* a leaf below 0 is none of ours */
        TRY(db_each(c, &CORE_RECORD_SEALED, DB_IN(db_int(from), db_int(BATCH)), check_sealed_row, k));
    } while (k->seen == BATCH);
    if (k->next_point < k->n_points)
        return err_new(c->mem, E_TAMPERED,
                       "The record ends after %lld sealed rows, but a checkpoint was signed over %lld.",
                       (long long)k->tree.size, (long long)k->points[k->n_points - 1].size);
    if (k->tree.size > (k->n_points ? k->points[k->n_points - 1].size : 0))
        return err_new(c->mem, E_TAMPERED, "The end of the record has no signed checkpoint.");
    do {
        k->seen = 0;
        TRY(db_each(c, &CORE_RECORD_LOOSE, DB_IN(db_int(k->after), db_int(BATCH)), check_loose_row, k));
    } while (k->seen == BATCH);
    struct core_record_stray_row *stray;
    size_t n;
    TRY(db_list(c, &CORE_RECORD_STRAY, DB_NONE, &stray, &n));
    return n ? bad_row(c, stray[0].id, "it is gone, but its body is there") : NULL;
}

/* ---- the whole ---- */

static err_t
parse_against(struct check *k, const char *against)
{
    size_t n;
    char **part = str_split(k->c->mem, str_squeeze(k->c->mem, against), ' ', &n);
    if (n < 2 || n > 3 || !str_int(part[0], &k->against_size) || k->against_size < 1 ||
        !str_unhex(part[1], k->against_root, MERKLE_HASH) ||
        (n == 3 && !str_unhex(part[2], k->against_key, KEY_PUBLIC)))
        return err_new(k->c->mem, E_BAD_INPUT,
                       "The checkpoint cannot be read. It is the line that \"rapport audit verify\" "
                       "prints: a number and one or two groups of 64 hexadecimal digits.");
    k->against = true;
    k->against_has_key = n == 3;
    return NULL;
}

static err_t
load_key(struct check *k)
{
    const char *hex;
    TRY(setting_get(k->c, "record_key", &hex));
    if (!hex && k->n_points == 0)
        return NULL;
    if (!hex || !str_unhex(hex, k->key, KEY_PUBLIC))
        return err_new(k->c->mem, E_TAMPERED, "The public key that signatures are checked with is missing or damaged.");
    memcpy(k->report->key, hex, sizeof k->report->key);
    if (k->against_has_key && memcmp(k->key, k->against_key, KEY_PUBLIC) != 0)
        return err_new(k->c->mem, E_TAMPERED, "The public key in the database is not that of the checkpoint given "
                                              "with --against: the record may have been signed anew.");
    return NULL;
}

static void
free_arena(void *a)
{
    arena_free(a);
}

static err_t
verify(struct ctx *c, void *arg)
{
    struct check *k = arg;
    struct core_record_checkpoints_row *points;
    TRY(db_list(c, &CORE_RECORD_CHECKPOINTS, DB_NONE, &points, &k->n_points));
    k->points = points;
    TRY(load_key(k));
    TRY(check_rows(k));
    TRY(check_trail(k));
    if (k->against && !k->against_met)
        return err_new(c->mem, E_TAMPERED,
                       "The record has %lld sealed rows, the checkpoint given with --against has %lld: "
                       "the trail was cut off.",
                       (long long)k->tree.size, (long long)k->against_size);
    return NULL;
}

err_t
seal_verify(struct ctx *c, const char *against, struct seal_report *ret)
{
    struct seal_report report = {0};
    struct check k = {.c = c, .report = &report, .scratch = arena_new(0)};
    arena_defer(c->mem, free_arena, k.scratch);
    if (against)
        TRY(parse_against(&k, against));
    TRY(db_read(c, verify, &k));
    if (k.tree.size) {
        unsigned char root[MERKLE_HASH];
        merkle_root(&k.tree, root);
        memcpy(report.root, str_hex(c->mem, root, sizeof root), sizeof report.root);
    }
    *ret = report;
    return NULL;
}
