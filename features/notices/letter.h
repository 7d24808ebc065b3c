/* letter.h: a mail as the text that goes over the wire (RFC 5322, MIME), made with gmime: plain text in
 * UTF-8, in lines that any server takes. Nothing given here can begin a header of its own. */
#ifndef FEATURES_NOTICES_LETTER_H
#define FEATURES_NOTICES_LETTER_H

#include "base/ctx.h"

#include <stddef.h>

struct letter {
    const char *from, *to; /* addresses, as outbox_seal_address takes them */
    const char *subject, *text;
    const char *id;   /* of the Message-ID: letters and digits */
    const char *stop; /* address that ends this mail by one click (RFC 8058), or NULL */
    int64_t at;
};
/* In c->mem; lines end in CR LF, dots at their beginning are not doubled (curl does). */
void letter_write(struct ctx *c, const struct letter *l, const char **ret, size_t *ret_n);

#endif
