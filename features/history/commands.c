/* commands.c: audit: proving, counting and taking out the record. No key is needed: the public key is
 * in the database. The form of the export is described in docs/inspector.md. */
#include "base/str.h"
#include "base/view.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/seal.h"
#include "core/seal_leaf.h"
#include "db/db.h"
#include "features/history/pages.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 2000 };

/* The text of --against, or the first line of the file it names. */
static const char *
against_of(struct ctx *c, const char *given)
{
    FILE *f = given ? fopen(given, "re") : NULL;
    if (!f)
        return given;
    char line[512] = "";
    if (!fgets(line, sizeof line, f))
        line[0] = '\0';
    fclose(f);
    return arena_strdup(c->mem, line);
}

err_t
command_audit_verify(struct ctx *c, const struct args *a)
{
    struct seal_report r;
    TRY(seal_verify(c, against_of(c, args_option(a, "--against")), &r));
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "The record holds: %lld rows, %lld of them sealed under %lld checkpoints.\n",
               (long long)r.records, (long long)r.sealed, (long long)r.checkpoints);
    if (r.sealed)
        buf_printf(&b, "Keep this line elsewhere; --against proves later that nothing was cut off or rewritten:\n%lld %s %s\n",
                   (long long)r.sealed, r.root, r.key);
    args_print(a, buf_text(&b), b.len);
    return NULL;
}

err_t
command_audit_count(struct ctx *c, const struct args *a)
{
    struct core_record_count_row row;
    TRY(db_one(c, &CORE_RECORD_COUNT, DB_NONE, &row));
    const char *text = arena_printf(c->mem, "%lld\n", (long long)row.n);
    args_print(a, text, strlen(text));
    return NULL;
}

/* ---- export ---- */

struct export {
    const struct args *args;
    struct arena *scratch;
    size_t seen;
    int64_t next;
    const char *previous; /* signature of the checkpoint before, hexadecimal */
};

static void
member(struct buf *b, const char *key, const char *text)
{
    buf_printf(b, "%s\"%s\":", b->len > 1 ? "," : "", key);
    if (text)
        view_json_string(b, text);
    else
        buf_str(b, "null");
}

/* One row: the exact texts that are hashed, so that nothing need be put into canonical form again. */
static void
print_row(struct export *x, const struct seal_row *r, int64_t idx, const unsigned char *hash, size_t hash_len)
{
    struct arena_mark mark = arena_save(x->scratch);
    struct buf b, row;
    buf_init(&b, x->scratch);
    buf_init(&row, x->scratch);
    seal_leaf_json(&row, r);
    buf_char(&b, '{');
    member(&b, "row", buf_text(&row));
    member(&b, "salt", r->salt ? str_hex(x->scratch, r->salt, r->salt_len) : NULL);
    member(&b, "body", r->body);
    if (hash) {
        buf_printf(&b, ",\"index\":%lld", (long long)idx);
        member(&b, "leaf", str_hex(x->scratch, hash, hash_len));
    }
    buf_str(&b, "}\n");
    args_print(x->args, b.data, b.len);
    arena_restore(x->scratch, mark);
}

static err_t
print_sealed(void *arg, const void *data)
{
    struct export *x = arg;
    const struct core_record_sealed_row *r = data;
    struct seal_row row = SEAL_ROW(r);
    x->seen++;
    x->next = r->idx + 1;
    print_row(x, &row, r->idx, r->hash, r->hash_len);
    return NULL;
}

static err_t
print_loose(void *arg, const void *data)
{
    struct export *x = arg;
    const struct core_record_loose_row *r = data;
    struct seal_row row = SEAL_ROW(r);
    x->seen++;
    x->next = r->id;
    print_row(x, &row, 0, NULL, 0);
    return NULL;
}

static void
print_point(struct export *x, const struct core_record_checkpoints_row *p)
{
    struct arena *a = x->scratch;
    struct buf b;
    buf_init(&b, a);
    buf_printf(&b, "{\"checkpoint\":%lld,\"at\":%lld", (long long)p->size, (long long)p->at);
    member(&b, "root", str_hex(a, p->root, p->root_len));
    member(&b, "frontier", str_hex(a, p->frontier, p->frontier_len));
    member(&b, "previous", x->previous);
    x->previous = str_hex(a, p->signature, p->signature_len);
    member(&b, "signature", x->previous);
    buf_str(&b, "}\n");
    args_print(x->args, b.data, b.len);
}

static err_t
print_all(struct ctx *c, void *arg)
{
    struct export *x = arg;
    const char *key;
    TRY(setting_get(c, "record_key", &key));
    const char *first = arena_printf(c->mem, "{\"format\":\"rapport record 1\",\"key\":%s%s%s}\n", key ? "\"" : "",
                                     key ? key : "null", key ? "\"" : "");
    args_print(x->args, first, strlen(first));
    x->next = INT64_MIN;
    do {
        x->seen = 0;
        TRY(db_each(c, &CORE_RECORD_SEALED, DB_IN(db_int(x->next), db_int(BATCH)), print_sealed, x));
    } while (x->seen == BATCH);
    x->next = INT64_MIN;
    do {
        x->seen = 0;
        TRY(db_each(c, &CORE_RECORD_LOOSE, DB_IN(db_int(x->next), db_int(BATCH)), print_loose, x));
    } while (x->seen == BATCH);
    struct core_record_checkpoints_row *points;
    size_t n;
    TRY(db_list(c, &CORE_RECORD_CHECKPOINTS, DB_NONE, &points, &n));
    for (size_t i = 0; i < n; i++)
        print_point(x, &points[i]);
    return NULL;
}

err_t
command_audit_export(struct ctx *c, const struct args *a)
{
    struct export x = {.args = a, .scratch = arena_new(0)};
    err_t e = db_read(c, print_all, &x);
    arena_free(x.scratch);
    return e;
}
