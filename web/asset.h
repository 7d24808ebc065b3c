/* asset.h: the files that are inside the binary: bundled style sheets, scripts and fonts, templates,
 * and the SQL of the schema. Made at build by tools/embed.py. Depends on libc only; called by the web
 * server, the template loader and the migrations. */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include <stddef.h>

struct asset {
    const char *name;         /* "static/app-1A2B3C4D.js", "template/layout/staff.html" */
    const char *content_type; /* "text/css; charset=utf-8" */
    const char *data;         /* followed by a NUL that size does not count */
    size_t size;
    const char *gz_data;      /* the same bytes compressed by gzip; NULL where that saves nothing */
    size_t gz_size;
    const char *hash;         /* first 16 hex digits of the SHA-256 of data: for ETag */
};

/* Sorted by name, by bytes. */
extern const struct asset assets[];
extern const size_t assets_n;

/* The asset of that exact name, or NULL. */
const struct asset *asset_find(const char *name);

/* The first asset whose name starts with `prefix`, and in ret_n how many do: they stand side by side.
 * NULL and 0 when none does. */
const struct asset *asset_under(const char *prefix, size_t *ret_n);

#endif
