/* test_sieve.c: the hash is the published one, and a sieve never misses. */
#include "core/sieve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* FNV-1a, 64 bits, from the test vectors of the draft "The FNV Non-Cryptographic Hash Algorithm". */
static const struct {
    const char *thing;
    uint64_t hash;
} published[] = {
    {"", UINT64_C(0xcbf29ce484222325)},
    {"a", UINT64_C(0xaf63dc4c8601ec8c)},
    {"foobar", UINT64_C(0x85944171f73967e8)},
};

static void
has_the_published_bits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        uint64_t h = published[i].hash, bits[] = {h % 189, (h >> 32) % 189};
        struct sieve s = {0}, want = {0};
        sieve_add(&s, published[i].thing, strlen(published[i].thing));
        for (int k = 0; k < 2; k++)
            *(bits[k] < 63 ? &want.a : bits[k] < 126 ? &want.b : &want.c) |= (int64_t)1 << bits[k] % 63;
        assert_int_equal(s.a, want.a);
        assert_int_equal(s.b, want.b);
        assert_int_equal(s.c, want.c);
        int64_t small = (int64_t)1 << h % 63 | (int64_t)1 << (h >> 32) % 63;
        assert_int_equal(sieve_small(published[i].thing, strlen(published[i].thing)), small);
    }
}

static void
never_misses_and_never_is_negative(void **state)
{
    (void)state;
    struct sieve all = {0};
    char thing[16];
    for (int i = 0; i < 300; i++) {
        snprintf(thing, sizeof thing, "word %d", i);
        sieve_add(&all, thing, strlen(thing));
        for (int k = 0; k <= i; k++) {
            struct sieve one = {0};
            snprintf(thing, sizeof thing, "word %d", k);
            sieve_add(&one, thing, strlen(thing));
            assert_true((all.a & one.a) == one.a && (all.b & one.b) == one.b && (all.c & one.c) == one.c);
        }
        assert_true(all.a >= 0 && all.b >= 0 && all.c >= 0);
    }
}

static void
tells_most_things_apart(void **state)
{
    (void)state;
    struct sieve few = {0};
    char thing[16];
    int passed = 0;
    for (int i = 0; i < 20; i++) {
        snprintf(thing, sizeof thing, "in %d", i);
        sieve_add(&few, thing, strlen(thing));
    }
    for (int i = 0; i < 1000; i++) {
        struct sieve one = {0};
        snprintf(thing, sizeof thing, "out %d", i);
        sieve_add(&one, thing, strlen(thing));
        passed += (few.a & one.a) == one.a && (few.b & one.b) == one.b && (few.c & one.c) == one.c;
    }
    assert_in_range(passed, 1, 100); /* 20 things set some 36 bits of 189: 4 in 100 pass */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_published_bits),
        cmocka_unit_test(never_misses_and_never_is_negative),
        cmocka_unit_test(tells_most_things_apart),
    };
    return cmocka_run_group_tests_name("sieve", tests, NULL, NULL);
}
