/* outbox_seal.h: how the outbox keeps a mail: sealed, and opened again by who sends or shows it. In
 * outbox.c; used inside this feature. */
#ifndef FEATURES_NOTICES_OUTBOX_SEAL_H
#define FEATURES_NOTICES_OUTBOX_SEAL_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>

/* An address that can stand in an envelope and a header as it is. */
bool outbox_seal_address(const char *address);
/* What stands for an address outside: the same for the same address, useless without the keys. */
void outbox_seal_key(const struct ctx *c, const char *address, unsigned char ret[static 32]);
/* text NULL: the subject alone. */
err_t outbox_seal(struct ctx *c, const char *subject, const char *text, const unsigned char **ret, size_t *ret_n);
err_t outbox_seal_open(struct ctx *c, const unsigned char *sealed, size_t n, const char **ret_subject, const char **ret_text);
/* The address of a mail to somebody outside. */
err_t outbox_seal_to(struct ctx *c, const unsigned char *sealed, size_t n, const char **ret);

#endif
