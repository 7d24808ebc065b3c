/* merkle.c: see merkle.h. */
#include "core/merkle.h"

#include <sodium.h>
#include <string.h>

static void
node_hash(const unsigned char *left, const unsigned char *right, unsigned char *ret)
{
    crypto_hash_sha256_state s;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, (const unsigned char *)"\x01", 1);
    crypto_hash_sha256_update(&s, left, MERKLE_HASH);
    crypto_hash_sha256_update(&s, right, MERKLE_HASH);
    crypto_hash_sha256_final(&s, ret);
}

void
merkle_add(struct merkle *m, const unsigned char leaf[static MERKLE_HASH])
{
    memcpy(m->node[m->n++], leaf, MERKLE_HASH);
    for (int64_t size = m->size; size & 1; size >>= 1) {
        node_hash(m->node[m->n - 2], m->node[m->n - 1], m->node[m->n - 2]);
        m->n--;
    }
    m->size++;
}

void
merkle_root(const struct merkle *m, unsigned char ret[static MERKLE_HASH])
{
    if (m->n == 0) {
        crypto_hash_sha256(ret, (const unsigned char *)"", 0);
        return;
    }
    memcpy(ret, m->node[m->n - 1], MERKLE_HASH);
    for (size_t i = m->n - 1; i > 0; i--)
        node_hash(m->node[i - 1], ret, ret);
}
