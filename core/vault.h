/* vault.h: contact details, sealed. A key per person wrapped by the master key (XChaCha20-Poly1305);
 * erasing a person's details is dropping the wrapped key. No feature reads contact details but
 * through here. */
#ifndef CORE_VAULT_H
#define CORE_VAULT_H

#include "base/ctx.h"

#include <stddef.h>

/* Where a detail was learned. `origin`: "registry" (nothing is ever sent there), "account" or "outside" (asked
 * for something without an account). A detail
 * a study's record states belongs to that study: who may not see contacts there does not see it in
 * another study that names the same person. study_site 0: at the study itself; study 0: her account. */
struct vault_ground {
    const char *origin;
    int64_t study, study_site;
};
/* Keeps a detail ("email", "phone") of a person; the same detail is kept once, with every ground.
 * Does not write to the record. */
err_t vault_put(struct ctx *c, int64_t person, const char *kind, struct vault_ground ground,
                const char *value);
struct vault_detail {
    const char *kind, *origin, *value;
};
/* Opens, in c->mem, the details of a person that c->who may see: her own all; else those learned
 * where PERM_CONTACTS_READ holds, and those of the account where the person works at such a place
 * today. `study` 0: of any study; else only what that study tells. */
err_t vault_list(struct ctx *c, int64_t person, int64_t study, struct vault_detail **ret, size_t *ret_n);
/* The address that a person signs in with, for who runs the installation; NULL: none. */
err_t vault_account(struct ctx *c, int64_t person, const char **ret);
/* The address at which somebody without an account was asked, for who writes to her there; NULL: none. */
err_t vault_outside(struct ctx *c, int64_t person, const char **ret);
/* Drops details of one kind that only this origin gave (before putting the new one). */
err_t vault_drop(struct ctx *c, int64_t person, const char *kind, const char *origin);

/* Seals and opens a larger text with the master key (the kept registry originals). The sealed form
 * begins with its nonce. `purpose` is bound to it: opening under another purpose fails. */
err_t vault_seal(struct ctx *c, const char *purpose, const void *data, size_t n,
                 const unsigned char **ret, size_t *ret_n);
err_t vault_open(struct ctx *c, const char *purpose, const unsigned char *sealed, size_t n,
                 const char **ret, size_t *ret_n);

#endif
