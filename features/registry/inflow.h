/* inflow.h: bytes coming in, from wherever they come: plain or gzip, with limits, and with a kind
 * word when the file is not JSON at all. The splitter reads from it; it knows nothing of JSON but
 * that it begins with { or [. */
#ifndef REGISTRY_INFLOW_H
#define REGISTRY_INFLOW_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;

/* Like read(2): number of bytes put into buf, 0 at the end, -1 when it failed (errno set). */
typedef ssize_t (*inflow_read_fn)(void *arg, void *buf, size_t n);

struct inflow_limits {
    uint64_t total;       /* bytes at most after inflating; 0 means 8 GiB */
    uint64_t ratio_after; /* the ratio is looked at once so many bytes came out; 0 means 100 MB */
    unsigned ratio;       /* bytes out for each byte in, at most; 0 means 200 */
};

struct inflow;

/* Opens a flow and looks at its first bytes. `limits` may be NULL. A UTF-8 byte order mark is
 * skipped (*ret_skipped is 3, else 0). Errors: E_MEDIA_TYPE for what is not JSON (UTF-16, PDF, ZIP,
 * XML, a table, a web page, ...), E_BAD_INPUT for an empty file, E_IO when reading failed. The flow
 * lives in `mem` and is closed when that is reset; `arg` must live as long. */
err_t inflow_open(struct arena *mem, inflow_read_fn read, void *arg,
                  const struct inflow_limits *limits, struct inflow **ret, unsigned *ret_skipped);
/* Up to n bytes into buf; *ret_n is 0 at the end. Errors: E_TOO_LARGE (total or ratio), E_BAD_INPUT
 * (broken, cut off or followed by something else; gzip only), E_IO. */
err_t inflow_read(struct inflow *f, char *buf, size_t n, size_t *ret_n);

#endif
