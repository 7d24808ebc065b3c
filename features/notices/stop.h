/* stop.h: no more mail: the signed address in each mail that ends it (RFC 8058), for a person with an account
 * and for an address outside. Reading it does nothing; what ends mail is the POST. */
#ifndef FEATURES_NOTICES_STOP_H
#define FEATURES_NOTICES_STOP_H

#include "http/http.h"

#include <stdbool.h>

/* The address for a mail to this person (0: to the address with this key); NULL: the installation has no
 * public address. */
const char *stop_url(struct ctx *c, int64_t person, const unsigned char *address_key);
err_t stop_is(struct ctx *c, const unsigned char *address_key, bool *ret);
err_t stop_is_person(struct ctx *c, int64_t person, bool *ret);
http_handler stop_page, stop_check, stop_do;

#endif
