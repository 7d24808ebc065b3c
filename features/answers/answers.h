/* answers.h: answering without an account. What other features and the demonstration call; see README.md. */
#ifndef FEATURES_ANSWERS_H
#define FEATURES_ANSWERS_H

#include "base/ctx.h"
#include "core/feature.h"
#include "features/commitments/commitments.h"

extern const struct feature answers_feature;

struct outsider_ask {
    const char *name, *organisation, *email;
    const char *title, *body, *due_on; /* body, due_on: NULL = none */
    const struct thing *study;
    struct due_party asking;
    int64_t study_site; /* of the asker, or 0 */
    int64_t days;       /* that the link holds */
};
/* Asks somebody outside, inside the running write transaction: a person without account, the item between
 * the two, and its link. `ret_token`: shown once, nowhere kept. Errors: E_BAD_INPUT with its field;
 * E_TOO_MANY after fifty links of c->who in a day. */
err_t outsider_ask(struct ctx *c, const struct outsider_ask *a, int64_t *ret_due, const char **ret_ref, const char **ret_token);

#endif
