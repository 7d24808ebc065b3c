/* store.h: own studies as they are written. Called by the pages and the job of this feature. */
#ifndef FEATURES_OWNWORK_STORE_H
#define FEATURES_OWNWORK_STORE_H

#include "features/commitments/commitments.h"
#include "features/ownwork/lines.h"
#include "features/ownwork/ownwork.h"

struct own {
    int64_t id, made_by;
    const char *ref, *name, *sponsor;
    bool ended;
};
/* Whether c->who is one of its people; else E_NOT_FOUND, as for what is not there. */
err_t own_find(struct ctx *c, const char *ref, struct own *ret);
err_t own_new(struct ctx *c, const char *name, const char *sponsor, struct own *ret);
/* The record names it, and that it changed. */
void own_note(struct ctx *c, const struct own *o);

struct own_taken {
    size_t added, moved, ended, same, refused;
};
/* Takes entries in for c->who. What was taken before under the same uid is moved, renamed, ended or left.
 * Refused ones are passed over and counted. */
err_t own_take(struct ctx *c, const struct own *o, const struct own_line *x, size_t n, struct own_taken *ret);
/* "2 new, 1 moved, 3 as before" */
const char *own_words(struct ctx *c, const struct own_taken *t);

/* Calendar addresses. E_BAD_INPUT with field "url". */
enum { FETCH_MOST = 1 << 20 };
err_t fetch_check(struct ctx *c, const char *url, const char **ret_host);
/* Reads it: at most FETCH_MOST bytes, 20 seconds, three redirects; https or http; nothing in a private or
 * local network unless RAPPORT_FEEDS_PRIVATE is 1. Errors: E_UNAVAILABLE with what a person can do. */
err_t fetch_read(struct ctx *c, const char *url, const char **ret, size_t *ret_n);
err_t own_job(struct ctx *c);
#define OWN_FEED_PURPOSE "calendar address"

#endif
