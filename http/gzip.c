/* gzip.c: see gzip.h. Called by answer.c. */
#include "http/gzip.h"

#include "base/arena.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { LEVEL = 1, GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };

void
gzip_clear(struct gzip *g)
{
    if (g->ready)
        deflateEnd(&g->z);
    g->ready = false;
}

bool
gzip_squeeze(struct gzip *g, struct arena *a, const char *data, size_t n, const char **ret,
             size_t *ret_n)
{
    if (n > UINT32_MAX / 2)
        return false;
    if (!g->ready) {
        g->z = (z_stream){0};
        if (deflateInit2(&g->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY))
            return false;
        g->ready = true;
    } else if (deflateReset(&g->z) != Z_OK) {
        return false;
    }
    char *out = arena_alloc(a, n);
    g->z.next_in = (Bytef *)(void *)data;
    g->z.avail_in = (uInt)n;
    g->z.next_out = (Bytef *)out;
    g->z.avail_out = (uInt)n;
    if (deflate(&g->z, Z_FINISH) != Z_STREAM_END)
        return false;
    *ret = out;
    *ret_n = n - g->z.avail_out;
    return true;
}

bool
gzip_accepted(const char *accept)
{
    while (accept && *accept) {
        accept += strspn(accept, " \t,");
        size_t n = strcspn(accept, ",");
        if (n >= 4 && strncasecmp(accept, "gzip", 4) == 0 &&
            (n == 4 || strchr("; \t", accept[4]))) {
            const char *q = memmem(accept, n, "q=0", 3);
            /* q=0, q=0.0 and so on refuse; q=0.5 accepts. */
            return !q || q[3 + strspn(q + 3, ".0")] >= '1';
        }
        accept += n;
    }
    return false;
}
