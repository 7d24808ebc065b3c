/* seal.h: the record's Merkle tree: sealing, signed checkpoints, and the check of it all.
 *
 * leaf = SHA-256(0x00 || canonical JSON of the record row || SHA-256(salt || body)); inner node =
 * SHA-256(0x01 || left || right); the tree is that of RFC 9162 (a split at the largest power of two
 * below n). A checkpoint keeps size, time, root and the frontier (roots of the complete subtrees from
 * the left) and is signed with Ed25519 over all of it. */
#ifndef CORE_SEAL_H
#define CORE_SEAL_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stdint.h>

/* Gives every committed row that has no leaf its place, in the order of ids, at most `most` rows,
 * and signs a checkpoint. Runs as a write transaction of its own and writes no record row. `ret_n`:
 * rows sealed. Safe when several processes try: the leaf index is unique, the loser does nothing. */
err_t seal_run(struct ctx *c, int64_t most, int64_t *ret_n);

/* Writes the public key into the settings, once: verifying then needs no secret. */
err_t seal_publish_key(struct ctx *c);

struct seal_report {
    int64_t records, sealed, checkpoints;
    char root[65]; /* of the last checkpoint, hexadecimal; "" when there is none */
};
/* Recomputes everything: each leaf from its row, gaps in the index, unsealed rows older than the
 * newest leaf, roots and signatures of every checkpoint. `against`: text of a checkpoint kept
 * elsewhere ("size root"), or NULL: finds a trail that was cut off or rewritten. Error E_TAMPERED
 * names the first row that does not hold. Reads only, row by row. */
err_t seal_verify(struct ctx *c, const char *against, struct seal_report *ret);

#endif
