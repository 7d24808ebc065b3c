/* cursor.h: where a page of a history ends, as text for an address.
 *
 * The ids of record rows count every change of the whole installation, other sponsors' too: an address
 * must not tell them. The cursor is the id under a keyed permutation: of no use to anybody but us. */
#ifndef FEATURES_HISTORY_CURSOR_H
#define FEATURES_HISTORY_CURSOR_H

#include "base/ctx.h"

#include <stdint.h>

/* Sixteen hexadecimal digits, in c->mem. */
const char *cursor_text(struct ctx *c, int64_t id);
/* The id of a cursor; INT64_MAX (the newest row) for NULL and for what is none. */
int64_t cursor_id(struct ctx *c, const char *text);

#endif
