/* fuzz_http_form.c: what strangers send: addresses, queries, forms, multipart, JSON. The first line
 * of an input is a raw path, the second a content type, the rest the body. Nothing may crash, and
 * what is accepted must be UTF-8 within the limits. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "http/form.h"
#include "http/router.h"
#include "web/asset.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No files here; the library wants one. */
const struct asset *
asset_find(const char *name)
{
    return NULL;
}

static const char *const roles[] = {"nurse", "doctor", NULL};
static const struct field table[] = {
    {.name = "title", .required = true, .max = 20},
    {.name = "note", .kind = FIELD_LONG},
    {.name = "n", .kind = FIELD_INT, .least = 1, .most = 10},
    {.name = "ratio", .kind = FIELD_REAL},
    {.name = "born", .kind = FIELD_DATE, .partial = true},
    {.name = "mail", .kind = FIELD_EMAIL},
    {.name = "role", .kind = FIELD_CHOICE, .choices = roles},
    {.name = "agree", .kind = FIELD_BOOL},
    {.name = "tag", .many = true},
    {.name = "password", .kind = FIELD_PASSWORD},
    {.name = "file", .kind = FIELD_FILE, .many = true},
    {.name = "column_*"},
    {0},
};

static err_t
handler(struct ctx *c, struct req *r, struct view *page)
{
    return NULL;
}

static const struct route list[] = {
    {GET, "/", handler, .perm = 1},
    {GET, "/a/{b}", handler, .perm = 1, .flags = ROUTE_CSV},
    {GET, "/a/{b}/c/{d}", handler, .perm = 1},
    {POST, "/a/b", handler, .perm = 1, .form = table, .audit = "x", .flags = ROUTE_UPLOAD},
};

static void
check_text(const char *s)
{
    INVARIANT(utf8_valid(s, strlen(s)));
}

static void
try_path(struct arena *a, const char *path, size_t n)
{
    const struct route *routes[] = {&list[0], &list[1], &list[2], &list[3]};
    struct router *rt;
    INVARIANT(!router_new(a, routes, 4, &rt));
    struct router_match m;
    const char *suffix;
    if (router_match(a, rt, path, n, &m, &suffix))
        return;
    const struct route *route = m.route[GET] ? m.route[GET] : m.route[POST];
    struct pairs params = router_params(a, route, &m);
    for (size_t i = 0; i < params.n; i++) {
        check_text(params.v[i].value);
        INVARIANT(params.v[i].value[0] && !str_eq(params.v[i].value, ".."));
    }
}

static void
try_form(struct arena *a, const char *type, const char *body, size_t n)
{
    struct form f;
    if (form_read(a, table, type, body, n, &f))
        return;
    INVARIANT(f.fields.n <= URL_MAX_PAIRS && f.n_files <= FORM_MAX_FILES);
    for (size_t i = 0; i < f.n_files; i++) {
        const struct req_file *file = &f.files[i].file;
        check_text(file->name);
        INVARIANT(!strpbrk(file->name, "/\\") && utf8_length(file->name) <= 200);
        INVARIANT(file->data >= body && file->data + file->size <= body + n);
    }
    err_t e = form_check(a, table, &f);
    for (size_t i = 0; i < f.fields.n; i++) {
        check_text(f.fields.v[i].name);
        check_text(f.fields.v[i].value);
    }
    struct view *page = view_map_new(a);
    form_show(page, table, &f);
    form_keep(page, table, &f, "/x");
    form_errors(page, e);
    struct buf json;
    buf_init(&json, a);
    view_json(&json, page);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(0);
    const char *text = (const char *)data, *end = text + size;
    const char *line = size ? memchr(text, '\n', size) : NULL;
    const char *second = line ? memchr(line + 1, '\n', (size_t)(end - line - 1)) : NULL;
    if (second) {
        try_path(a, text, (size_t)(line - text));
        struct pairs pairs;
        url_pairs(a, text, (size_t)(line - text), &pairs);
        /* A copy of its own length, for the sanitizer to see a read beyond it. */
        size_t n = (size_t)(end - second - 1);
        char *body = arena_copy(a, second + 1, n);
        try_form(a, arena_strndup(a, line + 1, (size_t)(second - line - 1)), body, n);
    }
    arena_free(a);
    return 0;
}
