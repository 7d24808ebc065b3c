/* access.h: signing in, set-up, invitations, one's own account, and who may sign in. */
#ifndef FEATURES_ACCESS_H
#define FEATURES_ACCESS_H

#include "core/feature.h"
#include "core/inst.h"

extern const struct feature access_feature;

/* The first person of an installation: administrator, and director of the organisation that runs it
 * unless `only_administrator`. Makes the home organisation. `hash` NULL: invited. */
struct first_person {
    const char *name, *email, *organisation, *hash, *public_url, *zone;
    bool only_administrator;
};
err_t access_first(struct ctx *c, const struct first_person *f, int64_t *ret_person);
/* True when an administrator can sign in. */
err_t access_ready(struct ctx *c, bool *ret);
/* What stands before the @: a name where none was given. The address itself is a contact detail and
 * belongs in the vault. */
const char *access_name_of(struct arena *a, const char *email);
/* A new person with an account and a role; for commands, invitations and the demo. */
struct access_new {
    const char *name, *email, *hash, *role; /* role NULL: none */
    int64_t organisation, study, study_site;
    const char *until; /* ISO day, or NULL */
    int comp;
};
err_t access_add(struct ctx *c, const struct access_new *n, int64_t *ret_person);

#endif
