/* pages.c: the upload page, and the registry record as it came. */
#include "features/registry/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/registry/parse.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

err_t
page_registry(struct ctx *c, struct req *r, struct view *page)
{
    return NULL;
}

static void
close_fd(void *fd)
{
    close((int)(intptr_t)fd);
}

/* The uploaded file as a file descriptor: the importer reads it twice. */
static err_t
file_fd(struct ctx *c, const struct req *r, const struct req_file **ret_file, int *ret_fd)
{
    const struct req_file *f = req_file(r, "file");
    if (!f || f->size == 0)
        return err_field(c->mem, E_BAD_INPUT, "file", "Choose the file that you saved from the registry.");
    int fd = memfd_create("upload", MFD_CLOEXEC);
    if (fd < 0)
        return err_new(c->mem, E_UNAVAILABLE, "There is no room for the file now. Please try again.");
    arena_defer(c->mem, close_fd, (void *)(intptr_t)fd);
    for (size_t done = 0; done < f->size;) {
        ssize_t n = write(fd, f->data + done, f->size - done);
        if (n <= 0)
            return err_new(c->mem, E_UNAVAILABLE, "There is no room for the file now. Please try again.");
        done += (size_t)n;
    }
    *ret_file = f;
    *ret_fd = fd;
    return NULL;
}

static err_t
about_file(struct ctx *c, err_t e)
{
    return e ? err_field(c->mem, e->code, "file", "%s", err_line(c->mem, e)) : NULL;
}

err_t
page_registry_check(struct ctx *c, struct req *r, struct view *page)
{
    const struct req_file *f;
    int fd;
    TRY(file_fd(c, r, &f, &fd));
    return about_file(c, registry_check_fd(c, f->name, fd));
}

err_t
page_registry_import(struct ctx *c, struct req *r, struct view *page)
{
    const struct req_file *f;
    int fd;
    struct registry_result x = {0};
    TRY(file_fd(c, r, &f, &fd));
    TRY(about_file(c, registry_apply_fd(c, f->name, fd, &x)));
    flash_set(c, r, arena_printf(c->mem, "%lld records read: %lld new, %lld known already, %lld newer, not applied.",
                                 (long long)x.records, (long long)x.created, (long long)x.same, (long long)x.newer));
    req_redirect(r, "/studies");
    return NULL;
}

/* ---- the original ---- */

static err_t
inflate_source(struct ctx *c, const char *packed, size_t n, const char **ret, size_t *ret_n)
{
    uint64_t size = 0;
    for (int i = 0; n >= 8 && i < 8; i++)
        size |= (uint64_t)(unsigned char)packed[i] << (8 * i);
    if (n < 8 || size > (uint64_t)64 << 20)
        return err_new(c->mem, E_INTERNAL, "The kept original is damaged.");
    char *out = arena_alloc(c->mem, size + 1);
    uLongf len = size;
    if (uncompress((unsigned char *)out, &len, (const unsigned char *)packed + 8, n - 8) != Z_OK || len != size)
        return err_new(c->mem, E_INTERNAL, "The kept original is damaged.");
    *ret = out;
    *ret_n = size;
    return NULL;
}

/* As it came to who may see contact details; without them to everybody else. */
static err_t
original(struct ctx *c, const struct thing *t, int64_t id, const char **ret, size_t *ret_n, bool *ret_whole)
{
    struct study_source_row row;
    TRY(db_one(c, &STUDY_SOURCE, DB_IN(db_int(t->study), db_int(id)), &row));
    const char *packed, *json = NULL;
    size_t n;
    TRY(vault_open(c, "study_source", row.sealed, row.sealed_len, &packed, &n));
    TRY(inflate_source(c, packed, n, &json, ret_n));
    *ret_whole = may(c->who, PERM_CONTACTS_READ, t);
    if (*ret_whole) {
        *ret = json;
        return NULL;
    }
    TRY(parse_without_contacts(c->mem, json, *ret_n, ret));
    *ret_n = strlen(*ret);
    return NULL;
}

static err_t
applied_source(struct ctx *c, int64_t study, int64_t *ret)
{
    struct study_source_applied_row row;
    bool found;
    TRY(db_maybe(c, &STUDY_SOURCE_APPLIED, DB_IN(db_int(study)), &row, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "This study did not come from the registry: there is no original.");
    *ret = row.id;
    return NULL;
}

static const char *
pretty(struct arena *a, const char *json, size_t n)
{
    json_t *root = json_loadb(json, n, 0, NULL);
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    const char *copy = text ? arena_strdup(a, text) : json;
    free(text);
    json_decref(root);
    return copy;
}

err_t
page_original(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "original", page));
    struct study_sources_row *rows;
    int64_t id;
    size_t n;
    const char *json;
    bool whole;
    TRY(applied_source(c, t->study, &id));
    TRY(original(c, t, id, &json, &n, &whole));
    view_text(page, "json", pretty(c->mem, json, n));
    view_bool(page, "without_contacts", !whole);
    TRY(db_list(c, &STUDY_SOURCES, DB_IN(db_int(t->study)), &rows, &n));
    struct view *list = view_list(page, "sources");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        char when[TIME_TEXT];
        time_iso(rows[i].received, when);
        view_text(v, "source", rows[i].source);
        view_text(v, "version", date_words_iso(c->mem, rows[i].version));
        view_text(v, "file", rows[i].file_name);
        view_text(v, "received", date_words_iso(c->mem, arena_strndup(c->mem, when, 10)));
        view_bool(v, "applied", rows[i].applied);
    }
    return NULL;
}

err_t
page_original_json(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    int64_t id;
    const char *json;
    size_t n;
    bool whole;
    TRY(applied_source(c, t->study, &id));
    TRY(original(c, t, id, &json, &n, &whole));
    req_body(r, "application/json", arena_printf(c->mem, "%s.json", t->study_ref), json, n);
    return NULL;
}
