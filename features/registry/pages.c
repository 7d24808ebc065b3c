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

static err_t
fd_of(struct ctx *c, const struct req_file *f, int *ret_fd)
{
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
    *ret_fd = fd;
    return NULL;
}

typedef err_t each_file(struct ctx *c, const char *name, int fd, struct registry_result *x);

/* The uploaded files one after another, as file descriptors: the importer reads each twice. */
static err_t
each_upload(struct ctx *c, const struct req *r, each_file *fn, struct registry_result *x)
{
    const struct req_file *const *files;
    size_t n = req_files(r, "file", &files), sent = 0;
    for (size_t i = 0; i < n; i++) {
        int fd = -1;
        if (files[i]->size == 0)
            continue;
        TRY(fd_of(c, files[i], &fd));
        err_t e = fn(c, files[i]->name, fd, x);
        if (e)
            return err_field(c->mem, e->code, "file", "%s%s", err_line(c->mem, e),
                             n > 1 ? " Nothing of the other files was taken in either." : "");
        sent++;
    }
    if (!sent)
        return err_field(c->mem, E_BAD_INPUT, "file", "Choose the file that you saved from the registry.");
    return NULL;
}

static err_t
check_file(struct ctx *c, const char *name, int fd, struct registry_result *x)
{
    return registry_check_fd(c, name, fd);
}

err_t
page_registry_check(struct ctx *c, struct req *r, struct view *page)
{
    return each_upload(c, r, check_file, NULL);
}

err_t
page_registry_import(struct ctx *c, struct req *r, struct view *page)
{
    struct registry_result x = {0};
    TRY(each_upload(c, r, registry_apply_fd, &x));
    if (x.unknown)
        flash_set(c, r, arena_printf(c->mem, "%s %lld values are not known here, kept and shown with the study.",
                                     registry_words(c->mem, &x), (long long)x.unknown));
    else
        flash_set(c, r, registry_words(c->mem, &x));
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

/* The record asked for by its number among those of the study, as the page counts them (1 came first);
 * without one that which is shown in the study, or the newest. The page's list is `rows`, newest first. */
static err_t
source_asked(struct ctx *c, const struct req *r, int64_t study, struct study_sources_row **ret_rows,
             size_t *ret_n, size_t *ret_at)
{
    struct study_sources_row *rows;
    size_t n, at = 0;
    int64_t number = 0;
    TRY(db_list(c, &STUDY_SOURCES, DB_IN(db_int(study)), &rows, &n));
    if (n == 0)
        return err_new(c->mem, E_NOT_FOUND, "This study did not come from the registry: there is no original.");
    const char *asked = req_query(r, "record");
    if (asked && (!str_int(asked, &number) || number < 1 || number > (int64_t)n))
        return err_new(c->mem, E_NOT_FOUND, "There is no such record of this study.");
    for (size_t i = 0; i < n; i++) {
        if (rows[i].applied)
            at = i;
    }
    *ret_rows = rows;
    *ret_n = n;
    *ret_at = asked ? n - (size_t)number : at;
    return NULL;
}

enum { SHOWN_WHOLE = 1 << 20, SHOWN_MOST = 400 << 10 };

/* Indented, for reading. Of a large record the results are left out and the rest is cut; the download
 * has all. */
static const char *
pretty(struct arena *a, const char *json, size_t n, bool *ret_cut)
{
    json_t *root = json_loadb(json, n, 0, NULL);
    *ret_cut = root && n > SHOWN_WHOLE;
    if (*ret_cut)
        json_object_del(root, "resultsSection");
    char *text = root ? json_dumps(root, JSON_INDENT(2)) : NULL;
    *ret_cut = *ret_cut || (text && strlen(text) > SHOWN_MOST);
    const char *copy = arena_strdup(a, str_short(a, text ? text : json, SHOWN_MOST));
    free(text);
    json_decref(root);
    return copy;
}

static const char *
state_words(const struct study_sources_row *x, const char *shown)
{
    if (x->applied)
        return NULL;
    if (!shown)
        return "not applied";
    return x->version && strcmp(x->version, shown) < 0 ? "older, not applied" : "newer, not applied";
}

static void
add_source(struct ctx *c, const struct study_sources_row *x, const char *shown, const char *href,
           bool current, struct view *v)
{
    char when[TIME_TEXT];
    time_iso(x->received, when);
    view_text(v, "source", x->source);
    view_text(v, "version", date_words_iso(c->mem, x->version));
    view_text(v, "file", x->file_name);
    view_text(v, "received", date_words_iso(c->mem, arena_strndup(c->mem, when, 10)));
    view_bool(v, "applied", x->applied);
    view_text(v, "state", state_words(x, shown));
    view_text(v, "href", href);
    view_bool(v, "current", current);
}

err_t
page_original(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "original", page));
    struct study_sources_row *rows;
    size_t n, at, size;
    const char *json, *shown = NULL;
    bool whole, cut;
    TRY(source_asked(c, r, t->study, &rows, &n, &at));
    TRY(original(c, t, rows[at].id, &json, &size, &whole));
    view_text(page, "json", pretty(c->mem, json, size, &cut));
    view_bool(page, "cut", cut);
    view_bool(page, "without_contacts", !whole);
    view_int(page, "number", (int64_t)(n - at));
    for (size_t i = 0; i < n; i++)
        shown = rows[i].applied ? rows[i].version : shown;
    struct view *list = view_list(page, "sources");
    for (size_t i = 0; i < n; i++)
        add_source(c, &rows[i], shown, arena_printf(c->mem, "/studies/%s/original?record=%zu", t->study_ref, n - i),
                   i == at, view_add_map(list));
    return NULL;
}

err_t
page_original_json(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct study_sources_row *rows;
    const char *json;
    size_t n, at, size;
    bool whole;
    TRY(source_asked(c, r, t->study, &rows, &n, &at));
    TRY(original(c, t, rows[at].id, &json, &size, &whole));
    req_body(r, "application/json", arena_printf(c->mem, "%s.json", t->study_ref), json, size);
    return NULL;
}
