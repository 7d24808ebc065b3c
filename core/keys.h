/* keys.h: the secrets of an installation, in one file of mode 0600.
 *
 * Master key (wraps the vault's keys), look-up key (finds an address without storing it), signing
 * key (checkpoints of the record). The public key is in the database, so verifying needs no secret. */
#ifndef CORE_KEYS_H
#define CORE_KEYS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { KEY_MASTER = 32, KEY_LOOKUP = 32, KEY_SIGN = 64, KEY_PUBLIC = 32, KEY_SIGNATURE = 64 };

struct keys {
    unsigned char master[KEY_MASTER], lookup[KEY_LOOKUP], sign[KEY_SIGN], public_key[KEY_PUBLIC];
};

/* Makes new keys and writes them to `path` (mode 0600, refuses to overwrite). */
err_t keys_create(struct arena *a, const char *path, const struct keys **ret);
/* Reads them. Errors: missing (E_CONFIG, with what to do), readable by others, damaged. */
err_t keys_read(struct arena *a, const char *path, const struct keys **ret);
/* Keys that live in memory only, for tests. */
const struct keys *keys_temporary(struct arena *a);

/* Keyed 32-byte hash of a text: the same for the same text, useless without the key. */
void keys_lookup(const struct keys *k, const char *domain, const char *text,
                 unsigned char ret[static 32]);

#endif
