/* multipart.h: multipart/form-data (RFC 7578), part by part over a body held in memory or mapped.
 * Copies nothing but names: the data of a part points into the body. */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum { MULTIPART_MAX_HEADER = 8 << 10, MULTIPART_MAX_BOUNDARY = 70, MULTIPART_MAX_FILE_NAME = 200 };

struct multipart {
    struct arena *mem;
    const char *at, *end;
    char delimiter[MULTIPART_MAX_BOUNDARY + 5]; /* CR LF "--" boundary */
    size_t delimiter_n;
    bool done;
};

struct multipart_part {
    const char *name;     /* never NULL, valid UTF-8 */
    const char *filename; /* NULL: no file. Folders cut off; "" when no file was chosen */
    const char *data;     /* not NUL-terminated */
    size_t size;
};

/* Begins on a body of n bytes. E_BAD_REQUEST: no usable boundary in the content type, or the body
 * does not begin with it. */
err_t multipart_begin(struct arena *a, const char *content_type, const char *body, size_t n,
                      struct multipart *ret);
/* The next part; `ret_more` false and `ret_part` untouched after the last one. E_BAD_REQUEST: cut
 * off, no name, a header block too long, text that is not UTF-8. */
err_t multipart_next(struct multipart *m, struct multipart_part *ret_part, bool *ret_more);

#endif
