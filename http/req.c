/* req.c: see req.h, and http.h for what handlers use. No decisions here: life.c makes them. */
#include "http/req.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_COOKIES = 50 };

const char *
req_header(const struct req *r, const char *name)
{
    for (size_t i = 0; i < r->raw->headers.n; i++) {
        if (strcasecmp(r->raw->headers.v[i].name, name) == 0)
            return r->raw->headers.v[i].value;
    }
    return NULL;
}

static void
read_cookies(struct req *r)
{
    const char *line = req_header(r, "Cookie");
    if (!line || !utf8_valid(line, strlen(line)))
        return;
    size_t n;
    char **pieces = str_split(r->mem, line, ';', &n);
    if (n > MAX_COOKIES)
        n = MAX_COOKIES;
    r->cookies.v = arena_alloc(r->mem, n * sizeof *r->cookies.v);
    for (size_t i = 0; i < n; i++) {
        char *piece = str_trim(r->mem, pieces[i]), *equals = strchr(piece, '=');
        if (!equals)
            continue;
        *equals = '\0';
        r->cookies.v[r->cookies.n++] = (struct pair){piece, equals + 1};
    }
}

/* True when an Accept header asks for JSON and not for a page. */
static bool
accepts_json(const char *accept)
{
    return accept && !strstr(accept, "text/html") &&
           (strstr(accept, "application/json") || strstr(accept, "application/problem+json"));
}

/* Headers that two readers could understand differently must not stand twice. */
static err_t
check_headers(const struct req *r)
{
    static const char *const once[] = {"Host",         "Content-Length", "Transfer-Encoding",
                                       "Content-Type", "Origin",         "Authorization"};
    const struct pairs *h = &r->raw->headers;
    size_t seen[sizeof once / sizeof *once] = {0};
    for (size_t i = 0; i < h->n; i++) {
        if (!utf8_valid(h->v[i].value, strlen(h->v[i].value)))
            return ERR_STATIC(E_BAD_REQUEST, "A header holds bytes that are not UTF-8 text.");
        for (size_t k = 0; k < sizeof once / sizeof *once; k++)
            seen[k] += strcasecmp(h->v[i].name, once[k]) == 0;
    }
    for (size_t k = 0; k < sizeof once / sizeof *once; k++) {
        if (seen[k] > 1)
            return err_new(r->mem, E_BAD_REQUEST, "The header %s stands there twice.", once[k]);
    }
    if (seen[1] && seen[2])
        return ERR_STATIC(E_BAD_REQUEST, "The request gives its length in two ways.");
    return NULL;
}

err_t
req_read_query(struct req *r, const char *query_string)
{
    r->query_string = "";
    r->query = (struct pairs){0};
    TRY(url_pairs(r->mem, query_string, strlen(query_string), &r->query));
    r->query_string = query_string;
    return NULL;
}

err_t
req_init(struct req *r, struct arena *a, const struct raw *raw, const char *trusted_proxy)
{
    const char *question = strchr(raw->target, '?');
    *r = (struct req){.mem = a,
                      .raw = raw,
                      .trusted_proxy = trusted_proxy,
                      .path = "/",
                      .query_string = "",
                      .method = strcmp(raw->method, "POST") == 0 ? POST : GET};
    r->raw_path_n = question ? (size_t)(question - raw->target) : strlen(raw->target);
    r->json = accepts_json(req_header(r, "Accept"));
    const char *type = req_header(r, "Content-Type");
    if (r->method == POST && type && form_media(type) == FORM_JSON)
        r->json = true;
    read_cookies(r);
    TRY(check_headers(r));
    TRY(url_decode(a, raw->target, r->raw_path_n, false, &r->path));
    return question ? req_read_query(r, question + 1) : NULL;
}

/* ---- what a handler reads ---- */

const struct route *
req_route(const struct req *r)
{
    return r->route;
}

const char *
req_path(const struct req *r)
{
    return r->path;
}

static const char *
pair_value(const struct pairs *p, const char *name)
{
    for (size_t i = 0; i < p->n; i++) {
        if (strcmp(p->v[i].name, name) == 0)
            return p->v[i].value;
    }
    return NULL;
}

const char *
req_param(const struct req *r, const char *name)
{
    return pair_value(&r->params, name);
}

const char *
req_query(const struct req *r, const char *name)
{
    return pair_value(&r->query, name);
}

size_t
req_query_count(const struct req *r)
{
    return r->query.n;
}

void
req_query_at(const struct req *r, size_t i, const char **ret_name, const char **ret_value)
{
    INVARIANT(i < r->query.n);
    *ret_name = r->query.v[i].name;
    *ret_value = r->query.v[i].value;
}

const char *
req_form(const struct req *r, const char *name)
{
    return form_value(&r->form, name);
}

size_t
req_form_many(const struct req *r, const char *name, const char *const **ret)
{
    const struct pairs *f = &r->form.fields;
    const char **values = arena_alloc(r->mem, (f->n + 1) * sizeof *values);
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->v[i].name, name) == 0)
            values[n++] = f->v[i].value;
    }
    *ret = values;
    return n;
}

bool
req_form_int(const struct req *r, const char *name, int64_t *ret)
{
    const char *value = req_form(r, name);
    return value && str_int(value, ret);
}

size_t
req_form_count(const struct req *r)
{
    return r->form.fields.n;
}

void
req_form_at(const struct req *r, size_t i, const char **ret_name, const char **ret_value)
{
    INVARIANT(i < r->form.fields.n);
    *ret_name = r->form.fields.v[i].name;
    *ret_value = r->form.fields.v[i].value;
}

const struct req_file *
req_file(const struct req *r, const char *field)
{
    for (size_t i = 0; i < r->form.n_files; i++) {
        if (strcmp(r->form.files[i].field, field) == 0)
            return &r->form.files[i].file;
    }
    return NULL;
}

size_t
req_files(const struct req *r, const char *field, const struct req_file *const **ret)
{
    const struct req_file **files = arena_alloc(r->mem, (r->form.n_files + 1) * sizeof *files);
    size_t n = 0;
    for (size_t i = 0; i < r->form.n_files; i++) {
        if (strcmp(r->form.files[i].field, field) == 0)
            files[n++] = &r->form.files[i].file;
    }
    *ret = files;
    return n;
}

const char *
req_cookie(const struct req *r, const char *name)
{
    return pair_value(&r->cookies, name);
}

static bool
behind_proxy(const struct req *r)
{
    return r->trusted_proxy && strcmp(r->trusted_proxy, r->raw->peer) == 0;
}

/* The last entry of a comma-separated header: the one that the nearest proxy wrote. */
static const char *
last_entry(const struct req *r, const char *header)
{
    const char *line = NULL;
    for (size_t i = 0; i < r->raw->headers.n; i++) {
        if (strcasecmp(r->raw->headers.v[i].name, header) == 0)
            line = r->raw->headers.v[i].value;
    }
    if (!line)
        return NULL;
    const char *comma = strrchr(line, ',');
    return str_trim(r->mem, comma ? comma + 1 : line);
}

const char *
req_address(const struct req *r)
{
    const char *told = behind_proxy(r) ? last_entry(r, "X-Forwarded-For") : NULL;
    bool plausible = told && *told && strlen(told) < 46 &&
                     told[strspn(told, "0123456789abcdefABCDEF.:")] == '\0';
    return plausible ? told : r->raw->peer;
}

bool
req_secure(const struct req *r)
{
    const char *told = behind_proxy(r) ? last_entry(r, "X-Forwarded-Proto") : NULL;
    return r->raw->secure || (told && strcasecmp(told, "https") == 0);
}

bool
req_wants_json(const struct req *r)
{
    return r->json;
}

bool
req_wants_csv(const struct req *r)
{
    return r->csv;
}

const char *
req_query_string(const struct req *r)
{
    return r->query_string;
}

bool
req_form_again(const struct req *r)
{
    return r->form_again;
}

void
req_set_thing(struct req *r, void *thing)
{
    r->thing = thing;
}

void *
req_thing(const struct req *r)
{
    return r->thing;
}

void
req_set_prepared(struct req *r, void *prepared)
{
    r->prepared = prepared;
}

void *
req_prepared(const struct req *r)
{
    return r->prepared;
}

/* ---- what a handler answers ---- */

void
req_redirect(struct req *r, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *to = arena_vprintf(r->mem, fmt, ap);
    va_end(ap);
    r->reply.location = url_local(to) ? url_location(r->mem, to) : "/";
}

bool
req_redirected(const struct req *r)
{
    return r->reply.location != NULL;
}

void
req_body(struct req *r, const char *content_type, const char *filename, const char *data, size_t n)
{
    r->reply.content_type = content_type;
    r->reply.filename = filename;
    r->reply.body = data ? data : "";
    r->reply.body_n = n;
}

void
req_stream(struct req *r, int64_t reader)
{
    static const char head[] = "retry: 3000\n\n";
    INVARIANT(reader);
    req_body(r, "text/event-stream", NULL, head, sizeof head - 1);
    req_header_set(r, "X-Accel-Buffering", "no"); /* nginx would keep it for itself */
    r->reply.reader = reader;
}

void
req_status(struct req *r, int status)
{
    r->reply.status = status;
}

static const struct reply_line *
line_new(struct req *r, const char *name, const char *value, const struct reply_line *older)
{
    for (const char *p = value; *p; p++)
        INVARIANT(*p == '\t' || ((unsigned char)*p >= 0x20 && *p != 0x7f));
    struct reply_line *line = arena_alloc(r->mem, sizeof *line);
    *line = (struct reply_line){name, value, older};
    return line;
}

void
req_header_set(struct req *r, const char *name, const char *value)
{
    r->reply.headers =
        line_new(r, arena_strdup(r->mem, name), arena_strdup(r->mem, value), r->reply.headers);
}

void
req_cookie_set(struct req *r, const char *name, const char *value, int64_t max_age_s)
{
    INVARIANT(!strpbrk(value, ";, \"\\") && !strpbrk(name, "=;, \""));
    struct buf line;
    buf_init(&line, r->mem);
    buf_printf(&line, "%s=%s; Path=/; HttpOnly; SameSite=Lax", name, value);
    if (req_secure(r))
        buf_str(&line, "; Secure");
    if (max_age_s)
        buf_printf(&line, "; Max-Age=%lld", (long long)(max_age_s > 0 ? max_age_s : 0));
    r->reply.cookies = line_new(r, "Set-Cookie", buf_text(&line), r->reply.cookies);
}

void
req_cookie_drop(struct req *r, const char *name)
{
    req_cookie_set(r, name, "", -1);
}
