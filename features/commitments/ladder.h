/* ladder.h: what is later than agreed, or not answered, is told further up: after so many business days to the
 * holder of a role, rung by rung, once each. A setting of the study; a default holds until it is set. */
#ifndef FEATURES_COMMITMENTS_LADDER_H
#define FEATURES_COMMITMENTS_LADDER_H

#include "base/ctx.h"

#include <stddef.h>
#include <stdint.h>

enum { LADDER_RUNGS = 4, LADDER_OVER = 9 /* all rungs were told */ };

struct ladder_rung {
    int64_t after;    /* business days of the side that is late */
    const char *role; /* word of roles.def */
};
/* The rungs of a study, lowest first; the default when it has none of its own. `ret` holds LADDER_RUNGS. */
err_t ladder_of(struct ctx *c, int64_t study, struct ladder_rung *ret, size_t *ret_n);
/* Sets them, recorded. Errors: E_BAD_INPUT field "after" or "role". */
err_t ladder_set(struct ctx *c, int64_t study, const struct ladder_rung *rung, size_t n);

/* Tells the next rung at once ("I cannot meet this"); inside the step's transaction. Nobody holds the role:
 * nothing happens but the thread's entry. */
err_t ladder_climb(struct ctx *c, int64_t due);
/* The job: every late item whose next rung is reached climbs it, each in its own transaction. */
err_t ladder_job(struct ctx *c);

#endif
