/* vault.h: contact details, sealed. A key per person wrapped by the master key (XChaCha20-Poly1305);
 * erasing a person's details is dropping the wrapped key. No feature reads contact details but
 * through here, and only after may(PERM_CONTACTS_READ) or for the person's own account. */
#ifndef CORE_VAULT_H
#define CORE_VAULT_H

#include "base/ctx.h"

#include <stddef.h>

/* Keeps a detail ("email", "phone") of a person; the same detail twice is kept once. `origin`:
 * "registry" (nothing is ever sent there) or "typed". Does not write to the record. */
err_t vault_put(struct ctx *c, int64_t person, const char *kind, const char *origin,
                const char *value);
struct vault_detail {
    const char *kind, *origin, *value;
};
/* Opens all details of a person, in c->mem. */
err_t vault_list(struct ctx *c, int64_t person, struct vault_detail **ret, size_t *ret_n);
/* Drops details of one kind and origin (before putting the new one). */
err_t vault_drop(struct ctx *c, int64_t person, const char *kind, const char *origin);

/* Seals and opens a larger text with the master key (the kept registry originals). The sealed form
 * begins with its nonce. `purpose` is bound to it: opening under another purpose fails. */
err_t vault_seal(struct ctx *c, const char *purpose, const void *data, size_t n,
                 const unsigned char **ret, size_t *ret_n);
err_t vault_open(struct ctx *c, const char *purpose, const unsigned char *sealed, size_t n,
                 const char **ret, size_t *ret_n);

#endif
