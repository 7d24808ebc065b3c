/* life.c: see life.h. One request from what came to what is answered: decides the order of things,
 * and leaves each thing to its own file. Called by server.c's workers and by http_handle. When
 * something fails, life_error.c makes the answer. */
#include "http/life_error.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "http/csrf.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { SLOW_MS = 1000 };

void
life_log_id(char ret[static 12])
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char random[10];
    INVARIANT(getrandom(random, sizeof random, 0) == (ssize_t)sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        ret[i] = letters[random[i] & 31];
    ret[10] = '\0';
}

int64_t
life_clock_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- finding the route ---- */

static bool
is_get(const struct raw *raw)
{
    return strcmp(raw->method, "GET") == 0 || strcmp(raw->method, "HEAD") == 0;
}

/* "/studies/" is what people type for "/studies". */
static bool
without_slash(struct life *l, struct router_match *m)
{
    const char *suffix, *path = l->r.raw->target;
    size_t n = l->r.raw_path_n;
    if (!is_get(l->r.raw) || n < 2 || path[n - 1] != '/' ||
        router_match(l->c->mem, l->h->router, path, n - 1, m, &suffix))
        return false;
    const char *to = arena_strndup(l->c->mem, path, n - 1);
    if (!m->route[GET] || !url_local(to))
        return false;
    if (*l->r.query_string)
        to = arena_printf(l->c->mem, "%s?%s", to, l->r.query_string);
    l->r.reply.location = url_location(l->c->mem, to);
    return true;
}

static err_t
find_route(struct life *l)
{
    struct req *r = &l->r;
    struct router_match *m = arena_alloc(l->c->mem, sizeof *m);
    const char *suffix = "";
    err_t e = router_match(l->c->mem, l->h->router, r->raw->target, r->raw_path_n, m, &suffix);
    if (e && e->code == E_NOT_FOUND && without_slash(l, m))
        return NULL;
    size_t n = r->raw_path_n;
    r->json = r->json || strcmp(suffix, ".json") == 0 || (e && n > 5 && memcmp(r->raw->target + n - 5, ".json", 5) == 0);
    TRY(e);
    r->csv = strcmp(suffix, ".csv") == 0;
    bool post = strcmp(r->raw->method, "POST") == 0;
    const struct route *route = post ? m->route[POST] : is_get(r->raw) ? m->route[GET] : NULL;
    if (!route) {
        req_header_set(r, "Allow",
                       !m->route[GET]   ? "POST"
                       : m->route[POST] ? "GET, HEAD, POST"
                                        : "GET, HEAD");
        return ERR_STATIC(E_METHOD, "This address does not take that kind of request.");
    }
    r->route = route;
    r->match = m;
    r->params = router_params(l->c->mem, route, m);
    return NULL;
}

/* ---- running the handler ---- */

/* Inside the transaction, perhaps more than once: everything a former try left is put back. */
static err_t
work(struct ctx *c, void *arg)
{
    struct life *l = arg;
    struct req *r = &l->r;
    r->reply = l->before;
    c->who = l->who;
    l->page = view_map_new(c->mem);
    if (l->prepared) {
        for (const struct view_item *i = l->prepared->kids.first; i; i = i->next)
            view_set(l->page, i->key, &i->value);
    }
    if (r->route->method == POST)
        TRY(l->h->hooks.allow(l->h->hooks.arg, c, r));
    TRY(r->route->handler(c, r, l->page));
    if (arena_full(c->mem))
        return ERR_STATIC(E_TOO_LARGE, "This is more than one page can hold. Please ask for less.");
    return NULL;
}

/* Runs prepare and the handler of r's route. After a failure nothing that the handler made is used:
 * a transaction that is tried again takes its memory back. Only E_TOO_MANY, which no transaction
 * makes by itself, keeps its headers (Retry-After). */
err_t
life_handler(struct life *l)
{
    const struct http_hooks *hooks = &l->h->hooks;
    struct req *r = &l->r;
    l->page = l->prepared = NULL;
    if (r->route->prepare) {
        l->prepared = view_map_new(l->c->mem);
        TRY(r->route->prepare(l->c, r, l->prepared));
    }
    l->before = r->reply;
    l->who = l->c->who;
    void *thing = r->thing;
    err_t e = r->route->method == GET ? hooks->read(hooks->arg, l->c, work, l)
                                      : hooks->write(hooks->arg, l->c, r, work, l);
    if (!e)
        return NULL;
    r->thing = thing;
    l->c->who = l->who;
    l->page = NULL;
    const struct reply_line *headers = r->reply.headers;
    r->reply = l->before;
    if (e->code == E_TOO_MANY)
        r->reply.headers = headers;
    return e;
}

static err_t
read_form(struct life *l)
{
    struct req *r = &l->r;
    const struct http_hooks *hooks = &l->h->hooks;
    TRY(form_read(l->c->mem, r->route->form, req_header(r, "Content-Type"), r->raw->body,
                  r->raw->body_n, &r->form));
    bool open = r->route->flags & ROUTE_NO_CSRF;
    TRY(csrf_check(r, open ? NULL : hooks->csrf(hooks->arg, l->c)));
    TRY(form_check(l->c->mem, r->route->form, &r->form));
    if (arena_full(l->c->mem))
        return ERR_STATIC(E_TOO_LARGE, "This is more than can be taken at once.");
    return NULL;
}

static err_t
walk(struct life *l)
{
    struct req *r = &l->r;
    err_t unreadable = req_init(r, l->c->mem, l->raw, l->h->trusted_proxy);
    TRY(l->h->hooks.begin(l->h->hooks.arg, l->c, r));
    TRY(unreadable);
    TRY(find_route(l));
    if (!r->route)
        return NULL; /* redirected to the same path without its slash */
    if (l->raw->too_large)
        return err_new(l->c->mem, E_TOO_LARGE, "At most %zu KB can be sent here.",
                       router_body_cap(r->route) >> 10);
    TRY(l->h->hooks.allow(l->h->hooks.arg, l->c, r));
    if (r->route->method == POST)
        TRY(read_form(l));
    return life_handler(l);
}

/* ---- the answer of what went well ---- */

static void
json_answer(struct answer *an, struct arena *a, const struct view *page)
{
    struct buf out;
    buf_init(&out, a);
    view_json(&out, page);
    an->content_type = "application/json";
    an->body = buf_text(&out);
    an->body_n = out.len;
}

static err_t
good_answer(struct life *l, struct answer *an)
{
    struct req *r = &l->r;
    an->page = l->page;
    an->status = r->reply.status ? r->reply.status : 200;
    if (r->reply.location) {
        an->status = 303;
        an->location = r->reply.location;
    } else if (r->reply.body) {
        an->content_type = r->reply.content_type;
        an->body = r->reply.body;
        an->body_n = r->reply.body_n;
        an->reader = r->reply.reader;
        answer_header(an, "Content-Disposition", answer_disposition(r->mem, r->reply.filename));
    } else if (r->csv || (!r->route->view && !l->page->kids.n)) {
        return ERR_STATIC(E_INTERNAL, "The handler answered nothing.");
    } else if (r->json) {
        json_answer(an, l->c->mem, l->page);
    } else if (r->route->view) {
        return life_render(l, NULL, an);
    } else {
        return ERR_STATIC(E_NOT_FOUND, "This address answers programs only; add .json to it.");
    }
    return NULL;
}

err_t
life_render(struct life *l, err_t e, struct answer *an)
{
    struct buf out;
    buf_init(&out, l->c->mem);
    TRY(l->h->hooks.render(l->h->hooks.arg, l->c, &l->r, l->page, e, &out));
    an->content_type = "text/html; charset=utf-8";
    an->body = buf_text(&out);
    an->body_n = out.len;
    return NULL;
}

static void
log_done(const struct life *l, const struct answer *an, int64_t ms, int64_t waited_ms)
{
    enum log_level level = ms + waited_ms > SLOW_MS ? LOG_WARN : LOG_DEBUG;
    log_line(level, "%s id=%s method=%.12s path=%.200s status=%d bytes=%zu ms=%lld waited=%lld",
             level == LOG_WARN ? "request_slow" : "request", l->c->log_id, l->raw->method,
             life_log_path(l), an->status, an->body_n, (long long)ms, (long long)waited_ms);
}

/* Files need no session and no database. */
static bool
asset_answer(struct life *l, struct answer *an)
{
    if (!str_starts(l->raw->target, "/static/"))
        return false;
    err_t e = req_init(&l->r, l->c->mem, l->raw, l->h->trusted_proxy);
    if (!e)
        e = answer_asset(an, &l->r, l->r.path + 1);
    if (e)
        life_plain_error(l, e, an);
    return true;
}

void
life_run(const struct http *h, struct ctx *c, const struct raw *raw, struct gzip *g,
         int64_t waited_ms, struct answer *ret)
{
    struct life l = {.h = h, .c = c, .raw = raw, .began_ms = life_clock_ms()};
    life_log_id(c->log_id);
    struct answer an;
    answer_init(&an, c->mem);
    if (!asset_answer(&l, &an)) {
        err_t e = walk(&l);
        if (!e)
            e = good_answer(&l, &an);
        if (e)
            life_error(&l, e, &an);
    }
    answer_finish(&an, &l.r, g);
    log_done(&l, &an, life_clock_ms() - l.began_ms, waited_ms);
    *ret = an;
}
