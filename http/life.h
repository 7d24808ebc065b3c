/* life.h: the life of a request, the same whether it came over a socket or from a test; and the
 * server's parts as one struct, which http.c makes and server.c runs. */
#ifndef HTTP_LIFE_H
#define HTTP_LIFE_H

#include "http/answer.h"
#include "http/http.h"
#include "http/req.h"
#include "http/router.h"

struct server;

struct http {
    struct http_hooks hooks;
    const struct route **routes;
    size_t n_routes;
    struct router *router;
    const char *trusted_proxy;
    struct server *server; /* NULL when not started */
};

/* Runs begin, route, allow, form, CSRF, prepare, the handler inside read or write, and makes the
 * answer, an error page included: never fails. c->mem and c->db are set; the rest is filled. The
 * answer lives in c->mem. `waited_ms`: how long it stood in the queue, for the log. */
void life_run(const struct http *h, struct ctx *c, const struct raw *raw, struct gzip *g,
              int64_t waited_ms, struct answer *ret);
/* Ten random letters and digits that name a request on its error page and in the log. */
void life_log_id(char ret[static 12]);
/* Milliseconds of a clock that only goes forward. */
int64_t life_clock_ms(void);

#endif
