/* gzip.h: compression of answers. One struct gzip a thread, used again for every answer: setting
 * one up costs more than compressing a page. */
#ifndef HTTP_GZIP_H
#define HTTP_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

struct arena;

struct gzip {
    z_stream z;
    bool ready;
};

/* {0} is a gzip that is not set up yet; that happens at first use. */
void gzip_clear(struct gzip *g);
/* The n bytes compressed, in `a`. False: it would not become smaller, or there is no memory. */
bool gzip_squeeze(struct gzip *g, struct arena *a, const char *data, size_t n, const char **ret,
                  size_t *ret_n);
/* True when an Accept-Encoding header allows gzip. NULL: no. */
bool gzip_accepted(const char *accept_encoding);

#endif
