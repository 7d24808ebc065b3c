/* test_merkle.c: the tree against the definition of RFC 9162, written out, and known roots. */
#include "base/arena.h"
#include "base/str.h"
#include "core/merkle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

static void
leaf_of(const void *data, size_t n, unsigned char *ret)
{
    unsigned char text[64] = {0};
    memcpy(text + 1, data, n);
    crypto_hash_sha256(ret, text, n + 1);
}

/* MTH of section 2.1.1: a split at the largest power of two smaller than n. */
static void
by_definition(const unsigned char (*leaf)[MERKLE_HASH], size_t n, unsigned char *ret)
{
    if (n == 0) {
        crypto_hash_sha256(ret, NULL, 0);
        return;
    }
    if (n == 1) {
        memcpy(ret, leaf[0], MERKLE_HASH);
        return;
    }
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    unsigned char text[1 + 2 * MERKLE_HASH] = {1};
    by_definition(leaf, k, text + 1);
    by_definition(leaf + k, n - k, text + 1 + MERKLE_HASH);
    crypto_hash_sha256(ret, text, sizeof text);
}

static void
every_size_by_definition(void **state)
{
    enum { MOST = 300 };
    static unsigned char leaf[MOST][MERKLE_HASH];
    struct merkle m = {0};
    for (size_t n = 0; n <= MOST; n++) {
        unsigned char got[MERKLE_HASH], want[MERKLE_HASH];
        merkle_root(&m, got);
        by_definition(leaf, n, want);
        assert_memory_equal(got, want, MERKLE_HASH);
        assert_int_equal(m.size, n);
        assert_int_equal(m.n, __builtin_popcountll(n));
        if (n < MOST) {
            leaf_of(&n, sizeof n, leaf[n]);
            merkle_add(&m, leaf[n]);
        }
    }
}

/* The roots that Certificate Transparency's implementations test with. */
static void
known_roots(void **state)
{
    static const struct {
        const char *leaf, *root;
    } cases[] = {
        {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
    };
    struct arena *a = arena_new(0);
    struct merkle m = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char data[16], leaf[MERKLE_HASH], root[MERKLE_HASH];
        size_t n = strlen(cases[i].leaf) / 2;
        assert_true(str_unhex(cases[i].leaf, data, n));
        leaf_of(data, n, leaf);
        merkle_add(&m, leaf);
        merkle_root(&m, root);
        assert_string_equal(str_hex(a, root, sizeof root), cases[i].root);
    }
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_by_definition),
        cmocka_unit_test(known_roots),
    };
    return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
