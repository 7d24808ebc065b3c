/* answer.h: what goes back: status, headers, body. Every answer, also one without a handler, gets
 * its security headers here. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "http/gzip.h"
#include "http/req.h"

enum { ANSWER_MAX_HEADERS = 64 };

struct answer {
    int status;
    struct pairs headers; /* room for ANSWER_MAX_HEADERS */
    const char *content_type, *location;
    const char *body; /* in request memory, or static when `persistent` */
    size_t body_n;
    bool persistent;
    int64_t reader; /* of a stream, of which body is the beginning; 0: the answer is whole */
    const struct view *page;
    err_t error; /* as it was, for the log and for tests */
};

void answer_init(struct answer *an, struct arena *a);
/* Adds a header, or takes the place of the one with that name. */
void answer_header(struct answer *an, const char *name, const char *value);
/* The headers that every answer carries. */
void answer_security(struct answer *an, bool secure);
/* Content-Disposition of a download; NULL name: shown in the browser. */
const char *answer_disposition(struct arena *a, const char *filename);
/* Adds everything that is not there yet: security, type, caching, the handler's own headers and
 * cookies; compresses where it helps. */
void answer_finish(struct answer *an, struct req *r, struct gzip *g);

/* The asset "static/..." of web/asset.h; nothing outside "static/". E_NOT_FOUND, E_METHOD. */
err_t answer_asset(struct answer *an, const struct req *r, const char *name);

#endif
