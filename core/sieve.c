/* sieve.c: see sieve.h. */
#include "core/sieve.h"

enum { BITS = 63 };

static uint64_t
fnv_1a(const char *thing, size_t n)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)thing[i]) * UINT64_C(0x100000001b3);
    return h;
}

static void
set(struct sieve *s, uint64_t bit)
{
    int64_t *part[] = {&s->a, &s->b, &s->c};
    *part[bit / BITS] |= (int64_t)1 << bit % BITS;
}

void
sieve_add(struct sieve *s, const char *thing, size_t n)
{
    uint64_t h = fnv_1a(thing, n);
    set(s, h % (3 * BITS));
    set(s, (h >> 32) % (3 * BITS));
}

int64_t
sieve_small(const char *thing, size_t n)
{
    uint64_t h = fnv_1a(thing, n);
    return (int64_t)1 << h % BITS | (int64_t)1 << (h >> 32) % BITS;
}
