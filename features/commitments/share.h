/* share.h: what is due and hangs on somebody else: it waits on another thing, or a colleague does it. And what
 * store.c and share.c share: how a row is saved, noted and told. */
#ifndef FEATURES_COMMITMENTS_SHARE_H
#define FEATURES_COMMITMENTS_SHARE_H

#include "features/commitments/commitments.h"
#include "features/commitments/commitments_sql.h"

/* The day by which what waits is sorted in a queue: after every day that can be acted on. */
#define DUE_WAITS "9998-12-31"

/* The owing side's clock stops until `other` is delivered or ends. Errors: E_CONFLICT when it is not owed now,
 * waits already, or the two would wait for one another (with the chain). */
err_t due_wait(struct ctx *c, int64_t due, int64_t other);
/* It goes on by hand. */
err_t due_wait_end(struct ctx *c, int64_t due);
/* Everything that waited on it goes on; called by store.c inside the step that delivers or ends it. */
err_t due_release(struct ctx *c, int64_t due);
/* Counts the days it waited and clears the waiting, in the row. */
void due_stop_waiting(struct ctx *c, struct due_get_row *x);

/* A colleague of the owing side does it; who owes it stays, and the asking side reads it. `name` for the
 * thread. E_CONFLICT when it is not owed now. `to` 0: it comes back to who owes it. */
err_t due_pass(struct ctx *c, int64_t due, int64_t to, const char *name, const char *why);

/* ---- of store.c ---- */
err_t due_add_step(struct ctx *c, int64_t due, const char *action, enum due_state state, const char *due_on, const struct due_by *by, int64_t *ret);
err_t due_save(struct ctx *c, const struct due_get_row *x, enum due_state to);
void due_note(struct ctx *c, const struct due_get_row *old, const struct due_get_row *x, const char *action, const char *to, const char *reason);

#endif
