/* store.c: writing papers and their versions. See documents.h. */
#include "features/documents/documents.h"

#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/documents/documents_sql.h"

#include <sodium.h>
#include <string.h>

static err_t
get_or_add(struct ctx *c, const struct document_new *d, int64_t *ret_id, const char **ret_ref)
{
    struct doc_by_key_row old;
    struct doc_add_row new;
    bool found;
    TRY(db_maybe(c, &DOC_BY_KEY, DB_IN(db_text(d->key)), &old, &found));
    if (found) {
        *ret_id = old.id;
        *ret_ref = old.ref;
        return db_run(c, &DOC_TITLE, DB_IN(db_int(old.id), db_text(d->title)), NULL);
    }
    const char *ref = ref_new(c->mem);
    TRY(db_one(c, &DOC_ADD,
               DB_IN(db_text(ref), db_text(d->key), db_int(d->study), db_int_or_null(d->study_site, !d->study_site), db_int(d->comp),
                     db_text(d->kind), db_text(d->title), db_text(d->tmf), db_bool(d->site_reads), db_time(c->now)),
               &new));
    *ret_id = new.id;
    *ret_ref = ref;
    return NULL;
}

static void
give(struct document_version *v, int64_t document, const char *ref, const struct doc_newest_row *x)
{
    *v = (struct document_version){.document = document, .id = x->id, .n = x->n, .ref = ref, .content = x->content, .filed = x->filed};
    memcpy(v->hash, x->hash, DOCUMENT_HASH);
}

err_t
document_put(struct ctx *c, const struct document_new *d, const char *content, struct document_version *ret)
{
    int64_t document;
    const char *ref;
    struct doc_newest_row newest = {0};
    struct doc_version_add_row added;
    unsigned char hash[DOCUMENT_HASH];
    bool found;
    TRY(get_or_add(c, d, &document, &ref));
    TRY(db_maybe(c, &DOC_NEWEST, DB_IN(db_int(document)), &newest, &found));
    crypto_hash_sha256(hash, (const unsigned char *)content, strlen(content));
    if (found && newest.hash_len == sizeof hash && memcmp(newest.hash, hash, sizeof hash) == 0) {
        give(ret, document, ref, &newest);
        return NULL;
    }
    int64_t n = found ? newest.n + 1 : 1;
    TRY(db_one(c, &DOC_VERSION_ADD,
               DB_IN(db_int(document), db_int(n), db_blob(hash, sizeof hash), db_int_or_null(c->who ? c->who->person : 0, !c->who),
                     db_text(c->who ? c->who->name : "Rapport"), db_time(c->now), db_text(content)),
               &added));
    record_also(c, "document", document);
    record_change(c, "document", d->title, "version", found ? arena_printf(c->mem, "%lld", (long long)newest.n) : NULL,
                  arena_printf(c->mem, "%lld", (long long)n));
    record_change(c, "document", d->title, "content hash", found ? str_hex(c->mem, newest.hash, newest.hash_len) : NULL,
                  str_hex(c->mem, hash, sizeof hash));
    struct doc_newest_row x = {.id = added.id, .n = n, .hash = hash, .hash_len = sizeof hash, .content = content};
    give(ret, document, ref, &x);
    return NULL;
}

err_t
document_file(struct ctx *c, const struct document_version *v, const char *pdf, size_t n)
{
    unsigned char hash[DOCUMENT_HASH];
    int64_t changed;
    crypto_hash_sha256(hash, (const unsigned char *)pdf, n);
    TRY(db_run(c, &DOC_FILE, DB_IN(db_int(v->id), db_blob(pdf, n), db_blob(hash, sizeof hash)), &changed));
    if (!changed)
        return err_new(c->mem, E_CONFLICT, "This version of the paper is filed already.");
    record_also(c, "document", v->document);
    record_change(c, "document", arena_printf(c->mem, "version %lld", (long long)v->n), "filed as", NULL,
                  str_hex(c->mem, hash, sizeof hash));
    return NULL;
}

err_t
document_find(struct ctx *c, const char *key, struct document_version *ret, bool *ret_found)
{
    struct doc_by_key_row d;
    struct doc_newest_row x;
    bool found;
    TRY(db_maybe(c, &DOC_BY_KEY, DB_IN(db_text(key)), &d, &found));
    if (found)
        TRY(db_maybe(c, &DOC_NEWEST, DB_IN(db_int(d.id)), &x, &found));
    if (found)
        give(ret, d.id, d.ref, &x);
    *ret_found = found;
    return NULL;
}
