/* seal_leaf.h: what exactly is hashed and signed of the record: the one place that says so.
 *
 *   leaf       = SHA-256(0x00 || row || SHA-256(salt || body))
 *   row        = {"id":1,"at":..,"person":..,"who":..,"action":..,"study":..,"compartment":..,
 *                 "kind":..,"thing_id":..,"thing":..,"log":..}, no spaces, in this order, null for
 *                what is not there, strings as view_json_string writes them
 *   checkpoint = "rapport checkpoint SIZE AT ROOT FRONTIER PREVIOUS" signed with Ed25519: numbers in
 *                decimal (AT in microseconds UTC), bytes in lower-case hexadecimal; PREVIOUS is the
 *                signature of the checkpoint before, "-" for the first
 *
 * Used by sealing, the check and the export; docs/inspector.md says the same for who recomputes it
 * with other tools. */
#ifndef CORE_SEAL_LEAF_H
#define CORE_SEAL_LEAF_H

#include "base/str.h"
#include "core/keys.h"
#include "core/merkle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The salt has one length, so that no byte can wander between it and the body. */
enum { SEAL_SALT = 16 };

struct seal_row { /* the columns of a record row, and its body */
    int64_t id, at, person, study, comp, thing_id;
    bool person_null, study_null, thing_id_null;
    const char *who, *action, *kind, *thing, *log, *body;
    const unsigned char *salt;
    size_t salt_len;
};

/* Copies a row of any query that has these columns. */
#define SEAL_ROW(x)                                                                                \
    ((struct seal_row){.id = (x)->id, .at = (x)->at, .person = (x)->person, .study = (x)->study,   \
                       .comp = (x)->comp, .thing_id = (x)->thing_id,                               \
                       .person_null = (x)->person_null, .study_null = (x)->study_null,             \
                       .thing_id_null = (x)->thing_id_null, .who = (x)->who,                       \
                       .action = (x)->action, .kind = (x)->kind, .thing = (x)->thing,              \
                       .log = (x)->log, .body = (x)->body, .salt = (x)->salt,                      \
                       .salt_len = (x)->salt_len})

/* The row as canonical JSON, added to `b`. */
void seal_leaf_json(struct buf *b, const struct seal_row *r);
/* The leaf's hash; `r` has a body. `a`: for work. */
void seal_leaf_hash(struct arena *a, const struct seal_row *r, unsigned char ret[static MERKLE_HASH]);

struct seal_point { /* a checkpoint, and the signature of the one before it (NULL: the first) */
    int64_t size, at;
    const unsigned char *root, *frontier;
    size_t frontier_len;
    const unsigned char *previous;
};
/* The text that is signed, in `a`. */
const char *seal_leaf_signed(struct arena *a, const struct seal_point *p);

#endif
