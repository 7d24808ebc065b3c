/* store.h: handing over, inside the caller's transaction, recorded. */
#ifndef FEATURES_HANDOVER_STORE_H
#define FEATURES_HANDOVER_STORE_H

#include "core/may.h"
#include "features/commitments/commitments.h"
#include "features/handover/handover_sql.h"

enum { HANDOVER_ITEMS = 500 };

struct handover_new {
    const struct thing *study;
    int64_t from, to;
    const char *why; /* or NULL */
};
/* Offers everything open of one person in a study to another. Things the successor may not have (another site's,
 * another compartment's) and things offered already are left out: `ret_left`. Errors: E_BAD_INPUT field "to" when
 * nothing is left to offer. */
err_t handover_offer(struct ctx *c, const struct handover_new *n, const char **ret_ref, size_t *ret_left);
/* c->who, the successor, takes an item, or refuses it with a reason. When the last is answered it is closed. */
err_t handover_take(struct ctx *c, const struct hand_get_row *h, const char *due_ref);
err_t handover_refuse(struct ctx *c, const struct hand_get_row *h, const char *due_ref, const char *why);

#endif
