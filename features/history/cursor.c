/* cursor.c: see cursor.h. Four rounds of a Feistel network over two halves of 32 bits; the round
 * function is the installation's keyed hash. */
#include "features/history/cursor.h"

#include "base/str.h"
#include "core/inst.h"
#include "core/keys.h"

#include <string.h>

enum { CURSOR_ROUNDS = 4 };

static uint32_t
mix(struct ctx *c, int step, uint32_t half)
{
    unsigned char hash[32];
    uint32_t out;
    keys_lookup(c->inst->keys, "history cursor", arena_printf(c->mem, "%d %u", step, half), hash);
    memcpy(&out, hash, sizeof out);
    return out;
}

const char *
cursor_text(struct ctx *c, int64_t id)
{
    uint32_t left = (uint32_t)((uint64_t)id >> 32), right = (uint32_t)id;
    for (int i = 0; i < CURSOR_ROUNDS; i++) {
        uint32_t next = left ^ mix(c, i, right);
        left = right;
        right = next;
    }
    return arena_printf(c->mem, "%08x%08x", left, right);
}

int64_t
cursor_id(struct ctx *c, const char *text)
{
    unsigned char byte[8];
    if (!text || !str_unhex(text, byte, sizeof byte))
        return INT64_MAX;
    uint32_t left = 0, right = 0;
    for (int i = 0; i < 4; i++) {
        left = left << 8 | byte[i];
        right = right << 8 | byte[i + 4];
    }
    for (int i = CURSOR_ROUNDS - 1; i >= 0; i--) {
        uint32_t before = right ^ mix(c, i, left);
        right = left;
        left = before;
    }
    return (int64_t)((uint64_t)left << 32 | right);
}
