/* outbox.h: mail that is to be sent. Written inside the transaction of what it tells, so that there is
 * neither a mail of what did not happen nor something untold; sent later by the job of this feature,
 * outside any transaction. Subject and text are sealed; of a mail that was sent only the subject is kept.
 *
 * To somebody outside (without an account) goes at most one mail in 24 hours: what comes meanwhile waits
 * and goes as one. What a mail tells can be read on its way: nothing confidential, only links, and a link
 * only opens. */
#ifndef FEATURES_NOTICES_OUTBOX_H
#define FEATURES_NOTICES_OUTBOX_H

#include "base/ctx.h"

#include <stdint.h>

struct mail {
    int64_t person;      /* 0: somebody outside who is no person here */
    const char *address; /* NULL: the person's own, from the vault: of her account, else where she was asked */
    const char *subject; /* one line */
    const char *text;    /* plain; lines end in \n */
    const char *key;     /* never sent twice: a second one of the same key is left out */
    int64_t not_before;  /* time; 0 = now + 60 s, for as long as a step can be taken back */
};

/* Puts it in the outbox, inside the caller's transaction. Errors: E_BAD_INPUT, field "address": no
 * address, of a mail with neither person nor address or an address that is none. */
err_t outbox_add(struct ctx *c, const struct mail *m);
/* Takes back what still waits under a key; what was sent stays. Nothing there is no error. */
err_t outbox_drop(struct ctx *c, const char *key);

#endif
