/* delegation.h: who does which tasks at a site, as the investigator authorised it. See README.md. */
#ifndef FEATURES_DELEGATION_H
#define FEATURES_DELEGATION_H

#include "base/ctx.h"
#include "core/feature.h"

extern const struct feature delegation_feature;

struct delegation {
    int64_t id, person; /* person 0: somebody who is not in Rapport */
    const char *ref, *name, *role, *tasks; /* tasks in words: "consent, eligibility" */
    const char *from_on, *to_on; /* ISO; to_on NULL: open */
    bool signed_by_pi;
};
/* The lines valid on that ISO day at a site, at most 200; in c->mem. Whoever calls asks may() before. */
err_t delegation_on(struct ctx *c, int64_t study, int64_t study_site, const char *day, struct delegation **ret, size_t *ret_n);

/* A new line, or with `ref` that line anew (which voids its signature). Inside the caller's transaction,
 * recorded. Errors: E_BAD_INPUT with the field. */
struct delegation_new {
    int64_t study, study_site, person;
    const char *ref, *name, *role, *tasks, *from_on, *to_on, *reason;
};
err_t delegation_write(struct ctx *c, const struct delegation_new *d, const char **ret_ref);
/* c->who, the investigator, signs these lines as they stand: a signature each; what waited for them is done, and the
 * log is filed as a paper (TMF 05.02.18). E_CONFLICT: one is signed already. */
err_t delegation_sign(struct ctx *c, int64_t study, int64_t study_site, const char *const *refs, size_t n);

#endif
