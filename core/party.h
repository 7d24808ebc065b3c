/* party.h: organisations and persons: the parties that studies share.
 *
 * Exact matches after folding join (organisation: name, city, country; person: name with
 * affiliation), anything less is left apart; placeholders and desks never join. The folded keys come
 * from the caller (features/registry/names.h), so that what joins is decided in one pure place. */
#ifndef CORE_PARTY_H
#define CORE_PARTY_H

#include "base/ctx.h"
#include "core/may.h"

#include <stdbool.h>

struct org_new {
    const char *name, *kind, *class, *city, *state, *zip, *country; /* country: ISO alpha-2 */
    double latitude, longitude;
    bool has_point, placeholder;
    const char *join_key; /* NULL: never joins */
    /* Used instead when the one with join_key is known to lie far away, a town of the same name in
     * another state; NULL: there is no such doubt. */
    const char *far_key;
    const char *origin; /* "registry", "typed", "tracker" */
};
/* The organisation with this key, or a new one. `ret_joined`: it was there already. A class not known
 * before is filled in. */
err_t org_get(struct ctx *c, const struct org_new *o, int64_t *ret_id, bool *ret_joined);

struct person_new {
    const char *name, *affiliation, *join_key, *origin;
    bool desk;
};
err_t person_get(struct ctx *c, const struct person_new *p, int64_t *ret_id, bool *ret_joined);

struct tie_new {
    int64_t person, organisation, other, study, study_site; /* 0 = none */
    const char *role, *from_on, *to_on, *note;
    enum compartment comp;
};
/* Whether a role may be granted so: its days, its place, its compartment, and that nobody lets himself
 * into a compartment. NULL: yes, or the tie gives no role. Errors: E_BAD_INPUT with the field
 * ("compartment", "site", "from", "until"). */
err_t tie_check(struct ctx *c, const struct tie_new *t);
/* Grants a role (after tie_check) or notes a tie, and records it. The first director of an organisation makes it an
 * audience; the caller then fills its lists (ret_new_audience). Errors: E_BAD_INPUT with field "role"
 * when the person would work blinded and unblinded in one study. */
err_t tie_grant(struct ctx *c, const struct tie_new *t, const char **ret_ref, bool *ret_new_audience);
/* Ends it on a day (ISO), and records it; nothing happens when it ends on that day already. Another
 * day than the one it had needs a reason when the tie is a `role`. */
err_t tie_end(struct ctx *c, int64_t tie, bool role, const char *label, const char *old_to_on, const char *to_on);

#endif
