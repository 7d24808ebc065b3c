/* url.h: names and values as they travel in an address or a form body: strict decoding, and which
 * addresses are this installation's own. */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct pair {
    const char *name, *value;
};

struct pairs {
    struct pair *v;
    size_t n;
};

enum { URL_MAX_PAIRS = 200, URL_MAX_NAME = 200 };

/* Decodes %XX (and + as a space when `plus`) of n bytes. E_BAD_REQUEST: a % without two hexadecimal
 * digits, bytes that are no UTF-8, U+0000. */
err_t url_decode(struct arena *a, const char *s, size_t n, bool plus, const char **ret);
/* "a=1&b=2" of n bytes; empty pieces are skipped, a piece without '=' has the value "".
 * E_BAD_REQUEST also for more than URL_MAX_PAIRS pieces or a name longer than URL_MAX_NAME bytes.
 */
err_t url_pairs(struct arena *a, const char *s, size_t n, struct pairs *ret);
/* Percent-encoded so that it can stand as a value in a query. */
const char *url_encode(struct arena *a, const char *s);
/* True for a path of this installation: begins with one '/', no backslash, no control character. */
bool url_local(const char *s);
/* A header value made of `s`: bytes that may not stand in an address are percent-encoded. */
const char *url_location(struct arena *a, const char *s);

#endif
