/* Finds files inside the binary by name. The table itself is generated (tools/embed.py). */
#include "web/asset.h"

#include <string.h>

/* Index of the first asset whose name is not before `name`. */
static size_t
lower_bound(const char *name)
{
    size_t low = 0, high = assets_n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(assets[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct asset *
asset_find(const char *name)
{
    size_t i = lower_bound(name);
    return i < assets_n && strcmp(assets[i].name, name) == 0 ? &assets[i] : NULL;
}

const struct asset *
asset_under(const char *prefix, size_t *ret_n)
{
    size_t len = strlen(prefix), first = lower_bound(prefix), n = 0;
    while (first + n < assets_n && strncmp(assets[first + n].name, prefix, len) == 0)
        n++;
    *ret_n = n;
    return n ? &assets[first] : NULL;
}
