/* csrf.h: does a POST come from one of our own pages? */
#ifndef HTTP_CSRF_H
#define HTTP_CSRF_H

#include "http/req.h"

enum csrf_origin {
    CSRF_SAME,   /* the browser says: from a page of this installation */
    CSRF_OTHER,  /* the browser says: from elsewhere */
    CSRF_UNKNOWN /* it says nothing: no browser, or a very old one */
};

/* By Sec-Fetch-Site (must be same-origin or none); without "same-origin" also by Origin (must be
 * scheme://Host). */
enum csrf_origin csrf_origin(const struct req *r);
/* `token` NULL: anything but CSRF_OTHER passes. Otherwise the field csrf or the header X-CSRF-Token
 * must be the token, or it masked. E_FORBIDDEN. */
err_t csrf_check(const struct req *r, const char *token);
/* The token as a page carries it: under a random pad, so that no two answers hold the same text and
 * the length of a compressed page tells nothing of it (BREACH). Of at most 64 bytes; in `a`. */
const char *csrf_mask(struct arena *a, const char *token);

#endif
