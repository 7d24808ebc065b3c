/* keep.h: results of pure functions, kept for as long as there is room. The key is the hash of
 * everything that went in: what changes any of it asks for another key, so nothing is ever out of
 * date, whatever process or engine made the change, and nothing needs to be thrown away by hand.
 * A process without a keep, or another one, computes the same: only time is lost.
 *
 * Nothing here knows who asks. Whoever has the key has read all that the result is made of. */
#ifndef CORE_KEEP_H
#define CORE_KEEP_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct keep;

enum { KEEP_KEY = 32 }; /* bytes of a cryptographic hash */

/* Room for `most` bytes; what was not asked for longest goes first. Lives as long as the arena. Any
 * number of threads may use it. */
struct keep *keep_new(struct arena *a, size_t most);
/* A copy in `a` of what was kept under the key. False: nothing, or `k` is NULL. */
bool keep_get(struct keep *k, const unsigned char key[static KEEP_KEY], struct arena *a,
              const void **ret, size_t *ret_n);
/* Keeps a copy. What takes more than an eighth of the room is not kept; `k` NULL: nothing is. */
void keep_put(struct keep *k, const unsigned char key[static KEEP_KEY], const void *data, size_t n);
/* Bytes in use, for tests. */
size_t keep_used(struct keep *k);

#endif
