/* test_app.h: a small application for the tests of this room: routes, hooks without a database, and
 * a few files. */
#ifndef HTTP_TEST_APP_H
#define HTTP_TEST_APP_H

#include "http/http.h"

#include <stdatomic.h>

struct test_app {
    bool begin_fails, render_fails;
    int tries; /* how often a write runs its work before it commits; 0 = 1 */
    atomic_int reads, writes, begins;
    atomic_bool hold;   /* GET /wait answers once this is false */
    atomic_int waiting; /* how many do wait */
    bool worker_fails;
};

/* The routes on the hooks of `app`. */
struct http *test_app_new(struct arena *a, struct test_app *app);
/* One request in process. Headers as name, value, ..., NULL; may be NULL. */
struct http_answer test_app_get(struct http *h, struct arena *a, const char *target,
                                const char *const *headers);
/* The same with a cookie of somebody who is signed in, and with the right token. */
struct http_answer test_app_post(struct http *h, struct arena *a, const char *target,
                                 const char *content_type, const char *body,
                                 const char *const *headers);

#endif
