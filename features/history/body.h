/* body.h: the body of a record row, read: why, what changed, and which things it speaks of. */
#ifndef FEATURES_HISTORY_BODY_H
#define FEATURES_HISTORY_BODY_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct change {
    const char *table, *label, *field, *old, *new_value; /* old, new_value: NULL = empty */
};
struct body {
    const char *reason; /* NULL: none was given */
    const struct change *changes;
    size_t n_changes, n_studies; /* n_studies: how many studies the row speaks of */
};
/* Reads the body of a row; all of it in c->mem. E_TAMPERED when it is not what the program writes. */
err_t body_read(struct ctx *c, int64_t record, struct body *ret);

#endif
