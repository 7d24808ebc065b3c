/* cover.h: somebody else acts for a person who is away, for a time that both agreed. */
#ifndef FEATURES_COMMITMENTS_COVER_H
#define FEATURES_COMMITMENTS_COVER_H

#include "base/ctx.h"

#include <stdbool.h>

/* Asks `cover` to act for c->who from one ISO day to another; nothing holds before the cover says yes. Recorded.
 * Errors: E_BAD_INPUT with field "from_on", "to_on" or "cover". */
err_t due_cover_ask(struct ctx *c, int64_t cover, const char *cover_name, const char *from_on, const char *to_on);
/* The cover says yes or no; either ends it ("over") on the day it says so. Recorded. E_NOT_FOUND: not hers. */
err_t due_cover_answer(struct ctx *c, const char *ref, const char *answer);

/* Whom c->who covers today, at most `most`: names and last days. */
struct due_covered {
    int64_t person;
    const char *name, *to_on;
};
err_t due_covered(struct ctx *c, size_t most, struct due_covered **ret, size_t *ret_n);

/* A side changes hands for good: `to` owes or is owed it from now on. A thread entry says who had it. Inside the
 * caller's transaction; a duty too. E_CONFLICT: it has ended, or is hers already. */
err_t due_hand(struct ctx *c, int64_t due, int64_t from, int64_t to, const char *to_name, const char *from_name);

#endif
