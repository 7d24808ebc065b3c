/* router.h: the table of routes, checked once and kept as a tree of path segments. A literal
 * segment wins over a {parameter}. Read-only after router_new, so every thread may ask. */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "http/http.h"
#include "http/url.h"

enum { ROUTER_MAX_SEGMENTS = 16, ROUTER_BODY_MAX = 256 << 10 };

struct router;

/* E_CONFIG naming the route: see http_new. The routes must outlive the router. */
err_t router_new(struct arena *a, const struct route *const *routes, size_t n, struct router **ret);

struct router_match {
    const struct route *route[2];             /* by enum http_method; NULL where it has none */
    const char *segment[ROUTER_MAX_SEGMENTS]; /* the path's segments, decoded */
    size_t n;
};

/* Looks up a path of decoded segments. False: no route has it. `ret` gets the routes only. */
bool router_find(const struct router *rt, const char *const *segment, size_t n,
                 const struct route *ret[2]);
/* Splits and decodes a raw path ("/studies/a%20b") into segments, then looks it up. A path that
 * ends in ".json", or in ".csv" where a route says so, is also looked up without that ending:
 * `ret_suffix` is then ".json" or ".csv", else "". E_NOT_FOUND also for "." and ".." segments and
 * empty ones; E_BAD_REQUEST from decoding. */
err_t router_match(struct arena *a, const struct router *rt, const char *path, size_t path_n,
                   struct router_match *ret, const char **ret_suffix);
/* The route that a raw target leads to, or NULL. Allocates and frees its own memory. */
const struct route *router_route(const struct router *rt, const char *method, const char *target);
/* The most bytes that the body of a request to this route may have: 0 when it takes none (NULL, or
 * no POST). */
size_t router_body_cap(const struct route *route);
/* The parameters of a matched route: name and value. */
struct pairs router_params(struct arena *a, const struct route *route,
                           const struct router_match *m);

#endif
