/* merkle.h: the tree over the record's leaves: that of RFC 9162, section 2.1, kept as its frontier.
 *
 * Pure. A leaf's hash is made elsewhere (seal_leaf.h); an inner node is SHA-256(0x01 || left ||
 * right). The frontier holds the roots of the complete subtrees from the left, largest first: one
 * for each bit of `size` that is set, so that a leaf is added and a root made in log(size) steps. */
#ifndef CORE_MERKLE_H
#define CORE_MERKLE_H

#include <stddef.h>
#include <stdint.h>

enum { MERKLE_HASH = 32, MERKLE_LEVELS = 63 };

struct merkle {
    int64_t size; /* leaves */
    size_t n;     /* nodes of the frontier in use */
    unsigned char node[MERKLE_LEVELS + 1][MERKLE_HASH];
};

void merkle_add(struct merkle *m, const unsigned char leaf[static MERKLE_HASH]);
/* The root over all leaves; SHA-256 of nothing when there is none. */
void merkle_root(const struct merkle *m, unsigned char ret[static MERKLE_HASH]);

#endif
