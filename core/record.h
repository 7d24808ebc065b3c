/* record.h: the record: who did what, when, to what, old and new value, why. Append-only.
 *
 * A request or an imported file collects its changes here; the write hook (record_write) puts down
 * exactly one row in the same transaction, or none when nothing changed. See seal.h for the Merkle
 * tree and the check. Values of the vault never come here: record_secret keeps a salted hash. */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "base/ctx.h"
#include "core/may.h"

#include <stdbool.h>

/* Begins a fresh collection in c->mem and sets c->rec. `action`: the route's audit name, such as
 * "study.edit". `reason` may be NULL. */
void record_begin(struct ctx *c, const char *action, const char *reason);

/* What the row is about: decides who may read it. `kind` and `ref` name the main thing. */
void record_about(struct ctx *c, const char *kind, int64_t id, const char *ref,
                  const struct thing *t);
/* Another thing whose history shows this row too. */
void record_also(struct ctx *c, const char *kind, int64_t id);
/* The action, when it is decided inside a handler ("sign_in.failed"). */
void record_action(struct ctx *c, const char *action);
/* Says who does it, when nobody is signed in: "command line (anna)", "set-up link". */
void record_who(struct ctx *c, int64_t person, const char *words);
void record_reason(struct ctx *c, const char *reason);

/* One changed field. `label` names the row for a person ("Site 12, Leeds"); old NULL: was empty or
 * the row is new; new NULL: emptied or removed. Equal values are not recorded (returns false). */
bool record_change(struct ctx *c, const char *table, const char *label, const char *field,
                   const char *old, const char *new_value);
/* The same for a GxP field: when `old` was there, a reason must be given or the write ends with
 * E_REASON. */
bool record_change_gxp(struct ctx *c, const char *table, const char *label, const char *field,
                       const char *old, const char *new_value);
/* A value of the vault changed: only a salted hash of the new value is kept. */
void record_secret(struct ctx *c, const char *label, const char *field, const char *new_value);
/* Something happened that changes no field (a sign-in, an export): a row is written. */
void record_event(struct ctx *c);
bool record_any(const struct ctx *c);

/* Writes the row. Called once by the write hook at the end of the transaction's work. Errors:
 * E_REASON. A transaction that changed rows of other tables without recording is a bug: E_INTERNAL. */
err_t record_write(struct ctx *c);

/* The whole of a write: begin, work, write. Commands use it; the router's hook too. */
struct record_work {
    const char *action, *reason, *who; /* who NULL: c->who */
    err_t (*work)(struct ctx *c, void *arg);
    void *arg;
};
err_t record_transaction(struct ctx *c, const struct record_work *w);

#endif
