/* paths.h: every address that the table of routes makes with the things of the world, what a form
 * needs, and what the declared table of rights says somebody must get. */
#ifndef TESTS_WALK_PATHS_H
#define TESTS_WALK_PATHS_H

#include "world.h"

struct path {
    const struct route *route;
    const char *text;
    const struct target *named[4]; /* what its parts name, in order */
    size_t n_named;
};

/* Calls fn for every address of a route: every thing for each part, a site with every study (its own
 * and others). A part that nobody knows how to fill fails the test: the world must learn it. */
typedef void path_fn(struct world *w, const struct path *p, void *arg);
void paths_each(struct world *w, const struct route *r, path_fn *fn, void *arg);

enum verdict {
    MUST_SIGN_IN, /* 401, or 303 to the sign-in page */
    MUST_NOT_KNOW, /* 404 */
    MUST_NOT_DO,  /* 403 */
    MAY_DO,
    MAY_OR_NOT    /* hangs on more than study, site and role: any of those but an accident */
};
enum verdict path_verdict(const struct path *p, const struct actor *a);
/* Whether a status is what the verdict asks for. */
bool path_status_fits(enum verdict v, const struct path *p, const struct http_answer *answer);

/* A form that a route takes: urlencoded, or with a file as multipart; `n` makes its values new. `word`:
 * put into texts. */
struct filled {
    const char *body, *content_type; /* NULL: urlencoded */
};
struct filled path_form(struct world *w, struct arena *a, const struct route *r, const char *word, int n);

#endif
