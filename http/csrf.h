/* csrf.h: does a POST come from one of our own pages? */
#ifndef HTTP_CSRF_H
#define HTTP_CSRF_H

#include "http/req.h"

enum csrf_origin {
    CSRF_SAME,   /* the browser says: from a page of this installation */
    CSRF_OTHER,  /* the browser says: from elsewhere */
    CSRF_UNKNOWN /* it says nothing: no browser, or a very old one */
};

/* By Origin (must be scheme://Host) and Sec-Fetch-Site (must be same-origin or none); both must
 * agree where both are there. */
enum csrf_origin csrf_origin(const struct req *r);
/* `token` NULL: anything but CSRF_OTHER passes. Otherwise the field csrf or the header X-CSRF-Token
 * must equal it. E_FORBIDDEN. */
err_t csrf_check(const struct req *r, const char *token);

#endif
