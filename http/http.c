/* http.c: the room's door: makes the server from the tables of routes, and runs one request in
 * process. What happens to a request is life.c's, what happens on the wire is server.c's. */
#include "http/http.h"

#include "base/arena.h"
#include "base/str.h"
#include "http/life.h"
#include "http/server.h"

#include <string.h>

err_t
http_new(struct arena *a, const struct route *const *tables, const size_t *sizes, size_t n,
         const struct http_hooks *hooks, struct http **ret)
{
    INVARIANT(hooks->begin && hooks->allow && hooks->csrf && hooks->read && hooks->write &&
              hooks->render);
    struct http *h = arena_alloc(a, sizeof *h);
    h->hooks = *hooks;
    for (size_t t = 0; t < n; t++)
        h->n_routes += sizes[t];
    h->routes = arena_alloc(a, (h->n_routes + 1) * sizeof *h->routes);
    size_t at = 0;
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < sizes[t]; i++)
            h->routes[at++] = &tables[t][i];
    }
    TRY(router_new(a, h->routes, h->n_routes, &h->router));
    *ret = h;
    return NULL;
}

size_t
http_routes(const struct http *h, const struct route *const **ret)
{
    *ret = h->routes;
    return h->n_routes;
}

err_t
http_start(struct arena *a, struct http *h, const struct http_options *o)
{
    INVARIANT(!h->server && h->hooks.worker_begin && h->hooks.worker_end);
    h->trusted_proxy = o->trusted_proxy;
    return server_start(a, h, o, &h->server);
}

int
http_port(const struct http *h)
{
    return h->server ? server_port(h->server) : 0;
}

void
http_look(struct http *h, int64_t reader)
{
    if (h->server)
        server_look(h->server, reader);
}

void
http_stop(struct http *h)
{
    if (h->server)
        server_stop(h->server);
    h->server = NULL;
}

/* ---- in process ---- */

static struct pairs
fake_headers(struct arena *a, const struct http_fake *f)
{
    size_t n = 0;
    while (f->headers && f->headers[n])
        n++;
    struct pairs h = {.v = arena_alloc(a, (n / 2 + 3) * sizeof *h.v)};
    for (size_t i = 0; i + 1 < n; i += 2)
        h.v[h.n++] = (struct pair){f->headers[i], f->headers[i + 1]};
    if (f->content_type || f->body_n)
        h.v[h.n++] = (struct pair){"Content-Type",
                                   str_or(f->content_type, "application/x-www-form-urlencoded")};
    if (f->cookies)
        h.v[h.n++] = (struct pair){"Cookie", f->cookies};
    return h;
}

/* The headers as lines: Set-Cookie values only, or all but those with their names. */
static const char *
header_lines(struct arena *a, const struct pairs *headers, bool cookies)
{
    struct buf lines;
    buf_init(&lines, a);
    for (size_t i = 0; i < headers->n; i++) {
        const struct pair *p = &headers->v[i];
        if ((strcmp(p->name, "Set-Cookie") == 0) != cookies)
            continue;
        if (!cookies)
            buf_printf(&lines, "%s: ", p->name);
        buf_printf(&lines, "%s\n", p->value);
    }
    return lines.len ? lines.data : NULL;
}

static void
clear_gzip(void *g)
{
    gzip_clear(g);
}

err_t
http_handle(struct http *h, struct ctx *c, const struct http_fake *f, struct http_answer *ret)
{
    struct gzip *g = arena_alloc(c->mem, sizeof *g);
    arena_defer(c->mem, clear_gzip, g);
    struct raw raw = {.method = f->method == POST ? "POST" : "GET",
                      .target = f->target,
                      .headers = fake_headers(c->mem, f),
                      .body = f->body ? f->body : "",
                      .body_n = f->body ? f->body_n : 0,
                      .peer = str_or(f->address, "127.0.0.1"),
                      .secure = f->secure};
    size_t cap = router_body_cap(router_route(h->router, raw.method, raw.target));
    raw.too_large = cap && raw.body_n > cap;
    if (raw.body_n > cap)
        raw.body_n = 0;
    struct answer an;
    life_run(h, c, arena_copy(c->mem, &raw, sizeof raw), g, 0, &an);
    *ret = (struct http_answer){.status = an.status,
                                .content_type = an.content_type,
                                .location = an.location,
                                .body = an.body,
                                .body_n = an.body_n,
                                .page = an.page,
                                .error = an.error,
                                .cookies = header_lines(c->mem, &an.headers, true),
                                .headers = header_lines(c->mem, &an.headers, false)};
    return NULL;
}
