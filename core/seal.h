/* seal.h: the record's Merkle tree: sealing, signed checkpoints, and the check of it all.
 *
 * What is hashed and signed stands in seal_leaf.h, the tree in merkle.h. A checkpoint keeps size,
 * time, root and frontier and is signed with Ed25519 over all of it and the signature before, so
 * that none can be taken out of the middle. The public key is the setting "record_key": checking
 * needs no secret. */
#ifndef CORE_SEAL_H
#define CORE_SEAL_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stdint.h>

/* Writes the public key of c->inst->keys into the settings, once, inside a running write with its
 * record (init). E_CONFIG: the database is sealed with another key already. */
err_t seal_publish_key(struct ctx *c);

/* That c->inst->keys are those this database was set up with, or that it has none yet. Whoever opens
 * with keys asks: with wrong ones, what is written could never be read again. E_CONFIG otherwise. */
err_t seal_check_key(struct ctx *c);

/* Gives committed rows that have no leaf their place, in the order of ids, at most `most` rows, and
 * signs a checkpoint. Runs as a write transaction of its own and writes no record row. `ret_n`: rows
 * sealed. Safe when several processes try: the leaf index is unique, the loser does nothing. Looks
 * at the newest rows only, and now and then (a random call in some hundreds) at all of them. Errors:
 * E_CONFIG when the keys are not those whose public key the database has; E_UNAVAILABLE when others
 * were in the way again and again: the next call does the work. */
err_t seal_run(struct ctx *c, int64_t most, int64_t *ret_n);

struct seal_report {
    int64_t records, sealed, checkpoints;
    char root[65], key[65]; /* of the last checkpoint; the public key; hexadecimal, "" when none */
};
/* Recomputes everything in one snapshot: each leaf from its row, gaps in the index, rows that were
 * never sealed (allowed: younger than an hour), bodies without a row, the trail table against the
 * bodies, roots, signatures and order of every checkpoint. `against`: text of a checkpoint kept
 * elsewhere ("SIZE ROOT" or "SIZE ROOT KEY"), or NULL: finds a trail that was cut off or rewritten
 * and signed anew. Errors: E_TAMPERED names the first row that does not hold; E_BAD_INPUT: `against`
 * cannot be read. Reads only, in batches, outside a transaction of the caller's. */
err_t seal_verify(struct ctx *c, const char *against, struct seal_report *ret);

#endif
