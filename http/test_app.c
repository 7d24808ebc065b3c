/* test_app.c: see test_app.h. */
#include "http/test_app.h"

#include "base/arena.h"
#include "web/asset.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OPEN = 1, SIGNED_IN = 2, NOBODY = 3 };

struct who {
    const char *name;
};

/* ---- files ---- */

static const struct asset test_assets[] = {
    {"static/app-5KXW2T7A.js", "text/javascript", "let x = 1", 9, "GZIPPED", 7, "00112233aabbccdd"},
    {"static/plain.css", "text/css", "a{}", 3, NULL, 0, "ffeeddccbbaa9988"},
    {"template/secret.html", "text/html", "secret", 6, NULL, 0, "0000000000000000"},
};

const struct asset *
asset_find(const char *name)
{
    for (size_t i = 0; i < sizeof test_assets / sizeof *test_assets; i++) {
        if (strcmp(test_assets[i].name, name) == 0)
            return &test_assets[i];
    }
    return NULL;
}

/* ---- handlers ---- */

static err_t
hello(struct ctx *c, struct req *r, struct view *page)
{
    view_text(page, "hello", req_query(r, "name"));
    view_text(page, "address", req_address(r));
    return NULL;
}

static err_t
study(struct ctx *c, struct req *r, struct view *page)
{
    if (req_wants_csv(r)) {
        req_body(r, "text/csv; charset=utf-8",
                 "stud\xc3\xad"
                 "es.csv",
                 "a,b\r\n", 5);
        return NULL;
    }
    view_text(page, "study", req_param(r, "study"));
    view_text(page, "week", req_query(r, "week"));
    return NULL;
}

static err_t
new_study(struct ctx *c, struct req *r, struct view *page)
{
    view_text(page, "literal", "new");
    return NULL;
}

static err_t
save(struct ctx *c, struct req *r, struct view *page)
{
    const char *title = req_form(r, "title");
    req_cookie_set(r, "saved", "1", 0);
    req_header_set(r, "X-Tries", "x");
    if (strcmp(title, "taken") == 0)
        return err_field(c->mem, E_BAD_INPUT, "title", "That title is taken.");
    if (strcmp(title, "busy") == 0)
        return ERR_STATIC(E_UNAVAILABLE, "The database is busy.");
    if (strcmp(title, "bug") == 0)
        return ERR_STATIC(E_INTERNAL, "secret detail /etc/x");
    const char *const *tags;
    size_t n = req_form_many(r, "tag", &tags);
    int64_t count = 0;
    req_form_int(r, "n", &count);
    req_redirect(r, "/studies/%s?tags=%zu&n=%lld&unknown=%d&prepared=%s", req_param(r, "study"), n,
                 (long long)count, req_form(r, "unknown") != NULL,
                 req_prepared(r) ? (const char *)req_prepared(r) : "none");
    return NULL;
}

static err_t
save_prepare(struct ctx *c, struct req *r, struct view *page)
{
    req_set_prepared(r, arena_strdup(c->mem, "yes"));
    return NULL;
}

static err_t
upload(struct ctx *c, struct req *r, struct view *page)
{
    const struct req_file *const *files;
    size_t n = req_files(r, "file", &files);
    struct view *list = view_list(page, "files");
    for (size_t i = 0; i < n; i++) {
        struct view *one = view_add_map(list);
        view_text(one, "name", files[i]->name);
        view_int(one, "size", (int64_t)files[i]->size);
        uint32_t sum = 0;
        for (size_t k = 0; k < files[i]->size; k++)
            sum = sum * 31 + (unsigned char)files[i]->data[k];
        view_int(one, "sum", sum);
    }
    view_text(page, "title", req_form(r, "title"));
    return NULL;
}

static err_t
sign_in_page(struct ctx *c, struct req *r, struct view *page)
{
    view_bool(page, "sign_in", true);
    return NULL;
}

static err_t
sign_in(struct ctx *c, struct req *r, struct view *page)
{
    if (strcmp(req_form(r, "password"), "slow down") == 0) {
        req_header_set(r, "Retry-After", "60");
        return ERR_STATIC(E_TOO_MANY, "Please wait a minute.");
    }
    req_cookie_set(r, "who", "ana", 3600);
    const char *next = req_form(r, "next");
    req_redirect(r, "%s", next ? next : "/");
    return NULL;
}

static err_t
fail(struct ctx *c, struct req *r, struct view *page)
{
    static const char *const names[] = {
#define ERR(name, status, exit_code, title) #name,
#include "base/err.def"
#undef ERR
    };
    view_text(page, "half", "done");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], req_param(r, "code")) == 0)
            return err_new(c->mem, (enum err_code)i, "It said <%s>.", names[i]);
    }
    return NULL;
}

static err_t
large(struct ctx *c, struct req *r, struct view *page)
{
    size_t n = 100000;
    char *text = arena_alloc(c->mem, n + 1);
    memset(text, 'x', n);
    view_text(page, "text", text);
    return NULL;
}

static err_t
nothing(struct ctx *c, struct req *r, struct view *page)
{
    return NULL;
}

static err_t
wait_a_little(struct ctx *c, struct req *r, struct view *page)
{
    extern struct test_app *test_app_waiting;
    atomic_fetch_add(&test_app_waiting->waiting, 1);
    while (atomic_load(&test_app_waiting->hold))
        usleep(1000);
    atomic_fetch_sub(&test_app_waiting->waiting, 1);
    view_bool(page, "waited", true);
    return NULL;
}

struct test_app *test_app_waiting;

static err_t
open_stream(struct ctx *c, struct req *r, struct view *page)
{
    int64_t reader = 1;
    const char *of = req_query(r, "of");
    if (of)
        reader = of[0] - '0';
    req_stream(r, reader);
    return NULL;
}

static const char *const roles[] = {"nurse", "doctor", NULL};

static const struct field save_form[] = {
    {.name = "title", .label = "title", .required = true, .max = 20},
    {.name = "note", .kind = FIELD_LONG, .max = 30},
    {.name = "n", .label = "number", .kind = FIELD_INT, .least = 1, .most = 10},
    {.name = "any", .kind = FIELD_INT},
    {.name = "ratio", .kind = FIELD_REAL},
    {.name = "day", .label = "day", .kind = FIELD_DATE},
    {.name = "born", .kind = FIELD_DATE, .partial = true},
    {.name = "mail", .label = "address", .kind = FIELD_EMAIL},
    {.name = "role", .kind = FIELD_CHOICE, .choices = roles},
    {.name = "agree", .kind = FIELD_BOOL},
    {.name = "tag", .many = true},
    {.name = "password", .kind = FIELD_PASSWORD},
    {.name = "column_*", .max = 5},
    {0},
};
static const struct field upload_form[] = {
    {.name = "title"},
    {.name = "file", .label = "file", .kind = FIELD_FILE, .required = true, .many = true},
    {0},
};
static const struct field sign_in_form[] = {
    {.name = "password", .label = "password", .kind = FIELD_PASSWORD, .required = true},
    {0},
};

static const struct route routes[] = {
    {GET, "/", hello, .perm = OPEN, .view = "home"},
    {GET, "/hello", hello, .perm = OPEN, .view = "hello"},
    {GET, "/studies/new", new_study, .perm = OPEN, .view = "new"},
    {GET, "/studies/{study}", study, .perm = SIGNED_IN, .view = "study", .flags = ROUTE_CSV},
    {POST, "/studies/{study}", save, .prepare = save_prepare, .perm = SIGNED_IN, .form = save_form,
     .audit = "study.save"},
    {POST, "/studies/{study}/title", save, .perm = SIGNED_IN, .form = save_form,
     .audit = "study.title"},
    {POST, "/upload", upload, .perm = OPEN, .view = "upload", .form = upload_form,
     .audit = "upload", .body_max = 1 << 20, .flags = ROUTE_UPLOAD | ROUTE_NO_CSRF},
    {GET, "/sign-in", sign_in_page, .perm = OPEN, .view = "sign-in"},
    {POST, "/sign-in", sign_in, .perm = OPEN, .form = sign_in_form, .audit = "sign-in",
     .flags = ROUTE_NO_CSRF | ROUTE_SLOW},
    {GET, "/fail/{code}", fail, .perm = OPEN, .view = "fail"},
    {GET, "/large", large, .perm = OPEN, .view = "large"},
    {GET, "/nothing", nothing, .perm = OPEN},
    {GET, "/closed", hello, .perm = NOBODY, .view = "hello"},
    {GET, "/stream", open_stream, .perm = OPEN},
    {GET, "/wait", wait_a_little, .perm = OPEN, .view = "wait"},
};

/* ---- hooks ---- */

static err_t
worker_begin(void *arg, struct arena *a, struct db **ret)
{
    struct test_app *app = arg;
    if (app->worker_fails)
        return err_new(a, E_UNAVAILABLE, "No database here.");
    *ret = NULL;
    return NULL;
}

static void
worker_end(void *arg, struct db *db)
{
}

static err_t
begin(void *arg, struct ctx *c, struct req *r)
{
    static const struct who ana = {"ana"};
    struct test_app *app = arg;
    atomic_fetch_add(&app->begins, 1);
    if (app->begin_fails)
        return ERR_STATIC(E_UNAVAILABLE, "The database cannot be reached.");
    const char *cookie = req_cookie(r, "who");
    c->who = cookie && strcmp(cookie, "ana") == 0 ? &ana : NULL;
    if (cookie && !c->who)
        req_cookie_drop(r, "who");
    return NULL;
}

static err_t
allow(void *arg, struct ctx *c, struct req *r)
{
    int perm = req_route(r)->perm;
    if (perm == NOBODY)
        return ERR_STATIC(E_FORBIDDEN, "Not for you.");
    if (perm == SIGNED_IN && !c->who)
        return ERR_STATIC(E_SIGN_IN, "Please sign in.");
    return NULL;
}

static const char *
csrf(void *arg, struct ctx *c)
{
    return c->who ? "right-token" : NULL;
}

static err_t
read_hook(void *arg, struct ctx *c, err_t (*work)(struct ctx *, void *), void *work_arg)
{
    struct test_app *app = arg;
    atomic_fetch_add(&app->reads, 1);
    return work(c, work_arg);
}

/* Like a transaction that is tried again: takes the memory of each try back. */
static err_t
write_hook(void *arg, struct ctx *c, struct req *r, err_t (*work)(struct ctx *, void *),
           void *work_arg)
{
    struct test_app *app = arg;
    atomic_fetch_add(&app->writes, 1);
    for (int i = 1; i < app->tries; i++) {
        struct arena_mark mark = arena_save(c->mem);
        work(c, work_arg);
        arena_restore(c->mem, mark);
    }
    return work(c, work_arg);
}

static err_t
render(void *arg, struct ctx *c, struct req *r, struct view *page, err_t e, struct buf *out)
{
    struct test_app *app = arg;
    if (app->render_fails)
        return ERR_STATIC(E_INTERNAL, "The template is broken.");
    const struct route *route = req_route(r);
    buf_printf(out, "<page view=%s", route && route->view ? route->view : "-");
    if (e)
        buf_printf(out, " error=%s again=%d text=%s", err_name(e->code), req_form_again(r),
                   e->text);
    buf_str(out, ">");
    view_json(out, page);
    return NULL;
}

struct http *
test_app_new(struct arena *a, struct test_app *app)
{
    test_app_waiting = app;
    const struct route *const tables[] = {routes};
    const size_t sizes[] = {sizeof routes / sizeof *routes};
    struct http_hooks hooks = {.arg = app,
                               .worker_begin = worker_begin,
                               .worker_end = worker_end,
                               .begin = begin,
                               .allow = allow,
                               .csrf = csrf,
                               .read = read_hook,
                               .write = write_hook,
                               .render = render};
    struct http *h;
    err_t e = http_new(a, tables, sizes, 1, &hooks, &h);
    if (e)
        fprintf(stderr, "%s\n", e->text);
    INVARIANT(!e);
    return h;
}

static struct http_answer
handle(struct http *h, struct arena *a, const struct http_fake *f)
{
    struct ctx *c = arena_alloc(a, sizeof *c);
    c->mem = a;
    struct http_answer an;
    INVARIANT(!http_handle(h, c, f, &an));
    return an;
}

struct http_answer
test_app_get(struct http *h, struct arena *a, const char *target, const char *const *headers)
{
    struct http_fake f = {.method = GET, .target = target, .headers = headers};
    return handle(h, a, &f);
}

struct http_answer
test_app_post(struct http *h, struct arena *a, const char *target, const char *content_type,
              const char *body, const char *const *headers)
{
    static const char *const good[] = {"X-CSRF-Token", "right-token", NULL};
    struct http_fake f = {.method = POST,
                          .target = target,
                          .content_type = content_type,
                          .body = body,
                          .body_n = strlen(body),
                          .cookies = "a=b; who=ana",
                          .headers = headers ? headers : good};
    return handle(h, a, &f);
}
