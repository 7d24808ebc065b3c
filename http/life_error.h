/* life_error.h: one request while it is under way, and the answer when it fails. Shared by life.c
 * and life_error.c only. */
#ifndef HTTP_LIFE_ERROR_H
#define HTTP_LIFE_ERROR_H

#include "http/life.h"

struct life {
    const struct http *h;
    struct ctx *c;
    const struct raw *raw;
    struct req r;
    struct view *page;     /* what the handler filled; NULL before it ran */
    struct view *prepared; /* what prepare filled; NULL without one */
    struct reply before;   /* the reply as it was before the handler ran */
    const struct who *who; /* who asked, before a handler signed somebody in */
    int64_t began_ms;
};

/* life.c: the handler of r's route, with prepare, inside read or write. */
err_t life_handler(struct life *l);
/* life.c: the page through the render hook. */
err_t life_render(struct life *l, err_t e, struct answer *an);

/* The answer to a request that failed with `e`: logged once, here. A form is shown again where it
 * can be, a page asks to sign in, a program gets problem+json, everybody else an error page. */
void life_error(struct life *l, err_t e, struct answer *an);
/* The same without session, database or layout. */
void life_plain_error(struct life *l, err_t e, struct answer *an);
/* The path for the log: the route's pattern where there is one (a path may hold a one-time key). */
const char *life_log_path(const struct life *l);

#endif
