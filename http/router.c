/* router.c: see router.h. Called by life.c, and by server.c to learn the size cap of a body. */
#include "http/router.h"

#include "base/arena.h"
#include "base/str.h"

#include <string.h>

struct node {
    const char *segment; /* NULL: the parameter */
    struct node *next;   /* the next literal child of the same parent */
    struct node *literals, *param;
    const struct route *route[2];
};

struct router {
    struct node root;
};

static const size_t body_most = (size_t)1 << 30;

static bool
has_file(const struct field *form)
{
    for (; form && form->name; form++) {
        if (form->kind == FIELD_FILE)
            return true;
    }
    return false;
}

static const char *
wrong_with(const struct route *r)
{
    if (!r->path || r->path[0] != '/' || (r->path[1] && str_ends(r->path, "/")))
        return "its path must begin with / and not end with it";
    if (str_starts(r->path, "/static/"))
        return "/static/ is kept for files";
    if (!r->handler)
        return "it has no handler";
    if (r->perm == 0)
        return "it has no permission";
    if (r->body_max > body_most)
        return "its body_max is more than 1 GiB";
    if (r->method == GET)
        return r->form || r->audit || r->flags & (ROUTE_REASON | ROUTE_UPLOAD | ROUTE_NO_CSRF)
                   ? "a GET has no form, audit, reason, upload or CSRF flag"
                   : NULL;
    if (!r->form || !r->audit)
        return "a POST needs form and audit";
    if (!(r->flags & ROUTE_UPLOAD) != !has_file(r->form))
        return "ROUTE_UPLOAD and a file field go together";
    return NULL;
}

static bool
is_literal(const char *s)
{
    return *s && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0';
}

static struct node *
child(struct arena *a, struct node *parent, const char *segment)
{
    size_t n = strlen(segment);
    if (segment[0] == '{' && n > 2 && segment[n - 1] == '}') {
        if (!parent->param)
            parent->param = arena_alloc(a, sizeof *parent->param);
        return parent->param;
    }
    if (!is_literal(segment))
        return NULL;
    struct node **at = &parent->literals;
    for (; *at; at = &(*at)->next) {
        if (strcmp((*at)->segment, segment) == 0)
            return *at;
    }
    *at = arena_alloc(a, sizeof **at);
    (*at)->segment = segment;
    return *at;
}

static const char *
insert(struct arena *a, struct router *rt, const struct route *r)
{
    struct node *at = &rt->root;
    if (r->path[1]) {
        size_t n;
        char **segments = str_split(a, r->path + 1, '/', &n);
        if (n > ROUTER_MAX_SEGMENTS)
            return "its path has more than 16 segments";
        for (size_t i = 0; i < n; i++) {
            at = child(a, at, segments[i]);
            if (!at)
                return "its path holds something that is neither a-z0-9-_. nor a {parameter}";
        }
    }
    if (at->route[r->method])
        return "its path stands twice";
    at->route[r->method] = r;
    return NULL;
}

err_t
router_new(struct arena *a, const struct route *const *routes, size_t n, struct router **ret)
{
    struct router *rt = arena_alloc(a, sizeof *rt);
    for (size_t i = 0; i < n; i++) {
        const char *wrong = wrong_with(routes[i]);
        if (!wrong)
            wrong = insert(a, rt, routes[i]);
        if (wrong)
            return err_new(a, E_CONFIG, "Route %s %s: %s.",
                           routes[i]->method == GET ? "GET" : "POST",
                           str_or(routes[i]->path, "(none)"), wrong);
    }
    *ret = rt;
    return NULL;
}

static const struct node *
find(const struct node *at, const char *const *segment, size_t n)
{
    if (n == 0)
        return at->route[GET] || at->route[POST] ? at : NULL;
    for (const struct node *c = at->literals; c; c = c->next) {
        if (strcmp(c->segment, segment[0]) != 0)
            continue;
        const struct node *found = find(c, segment + 1, n - 1);
        if (found)
            return found;
        break;
    }
    return at->param && *segment[0] ? find(at->param, segment + 1, n - 1) : NULL;
}

bool
router_find(const struct router *rt, const char *const *segment, size_t n,
            const struct route *ret[2])
{
    const struct node *found = find(&rt->root, segment, n);
    if (!found)
        return false;
    ret[GET] = found->route[GET];
    ret[POST] = found->route[POST];
    return true;
}

static err_t
split(struct arena *a, const char *path, size_t n, struct router_match *m)
{
    err_t nothing = ERR_STATIC(E_NOT_FOUND, "There is nothing at this address.");
    if (n == 0 || path[0] != '/')
        return ERR_STATIC(E_BAD_REQUEST, "The address must begin with /.");
    for (size_t at = 1; at < n;) {
        const char *end = memchr(path + at, '/', n - at);
        size_t len = end ? (size_t)(end - path) - at : n - at;
        if (m->n == ROUTER_MAX_SEGMENTS)
            return nothing;
        const char *s;
        TRY(url_decode(a, path + at, len, false, &s));
        if (!*s || strcmp(s, ".") == 0 || strcmp(s, "..") == 0)
            return nothing;
        m->segment[m->n++] = s;
        at += len + 1;
        if (end && at == n)
            return nothing; /* a trailing slash */
    }
    return NULL;
}

/* The last segment without an ending, or NULL when it has not got it. "/.json" stands for "/". */
static bool
without(struct arena *a, const struct router_match *m, const char *suffix, struct router_match *ret)
{
    if (m->n == 0 || !str_ends(m->segment[m->n - 1], suffix))
        return false;
    *ret = *m;
    const char *last = m->segment[m->n - 1];
    size_t n = strlen(last) - strlen(suffix);
    if (n)
        ret->segment[m->n - 1] = arena_strndup(a, last, n);
    else if (m->n == 1)
        ret->n = 0;
    else
        return false;
    return true;
}

err_t
router_match(struct arena *a, const struct router *rt, const char *path, size_t path_n,
             struct router_match *ret, const char **ret_suffix)
{
    struct router_match m = {0}, cut;
    TRY(split(a, path, path_n, &m));
    if (without(a, &m, ".json", &cut) && router_find(rt, cut.segment, cut.n, cut.route)) {
        *ret = cut;
        *ret_suffix = ".json";
        return NULL;
    }
    if (without(a, &m, ".csv", &cut) && router_find(rt, cut.segment, cut.n, cut.route) &&
        cut.route[GET] && cut.route[GET]->flags & ROUTE_CSV) {
        *ret = cut;
        *ret_suffix = ".csv";
        return NULL;
    }
    if (!router_find(rt, m.segment, m.n, m.route))
        return ERR_STATIC(E_NOT_FOUND, "There is nothing at this address.");
    *ret = m;
    *ret_suffix = "";
    return NULL;
}

const struct route *
router_route(const struct router *rt, const char *method, const char *target)
{
    struct arena *a = arena_new(0);
    struct router_match m;
    const char *suffix;
    const struct route *route = NULL;
    if (!router_match(a, rt, target, strcspn(target, "?"), &m, &suffix))
        route = m.route[strcmp(method, "POST") == 0 ? POST : GET];
    arena_free(a);
    return route;
}

size_t
router_body_cap(const struct route *route)
{
    if (!route || route->method != POST)
        return 0;
    return route->body_max ? route->body_max : ROUTER_BODY_MAX;
}

struct pairs
router_params(struct arena *a, const struct route *route, const struct router_match *m)
{
    struct pairs params = {.v = arena_alloc(a, (m->n + 1) * sizeof *params.v)};
    const char *p = route->path;
    for (size_t i = 0; i < m->n; i++) {
        p++;
        size_t n = strcspn(p, "/");
        if (p[0] == '{')
            params.v[params.n++] = (struct pair){arena_strndup(a, p + 1, n - 2), m->segment[i]};
        p += n;
    }
    return params;
}
