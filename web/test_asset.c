/* Tests of the files inside the binary: that what the pages name is there, and that its bytes are
 * what its hash and its compressed variant say. */
#include "web/asset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>
#include <zlib.h>

static void
names_are_sorted_and_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < assets_n; i++) {
        if (i)
            assert_true(strcmp(assets[i - 1].name, assets[i].name) < 0);
        assert_ptr_equal(asset_find(assets[i].name), &assets[i]);
    }
    static const char *const there[] = {
        "template/layout/base.html", "template/layout/staff.html", "template/layout/plain.html",
        "template/layout/error.html", "template/partial/pager.html", "template/icon/any.html",
        "template/asset/head.html",
    };
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++)
        assert_non_null(asset_find(there[i]));
    static const char *const absent[] = {"", "a", "static/", "template/layout/staff", "zzz"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_null(asset_find(absent[i]));
}

static void
prefixes_stand_side_by_side(void **state)
{
    (void)state;
    size_t n = 99;
    const struct asset *first = asset_under("template/layout/", &n);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(strncmp(first[i].name, "template/layout/", 16), 0);
    assert_null(asset_under("no such folder/", &n));
    assert_int_equal(n, 0);
    assert_ptr_equal(asset_under("", &n), assets);
    assert_int_equal(n, assets_n);
}

static void
hash_is_of_the_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < assets_n; i++) {
        unsigned char sum[crypto_hash_sha256_BYTES];
        char hex[17];
        crypto_hash_sha256(sum, (const unsigned char *)assets[i].data, assets[i].size);
        sodium_bin2hex(hex, sizeof hex, sum, 8);
        assert_string_equal(hex, assets[i].hash);
        assert_int_equal(assets[i].data[assets[i].size], '\0');
    }
}

static void
compressed_variant_is_the_same(void **state)
{
    (void)state;
    size_t compressed = 0;
    for (size_t i = 0; i < assets_n; i++) {
        if (!assets[i].gz_data)
            continue;
        compressed++;
        assert_true(assets[i].gz_size < assets[i].size);
        char *plain = malloc(assets[i].size);
        z_stream z = {.next_in = (Bytef *)(uintptr_t)assets[i].gz_data,
                      .avail_in = (uInt)assets[i].gz_size,
                      .next_out = (Bytef *)plain,
                      .avail_out = (uInt)assets[i].size};
        assert_int_equal(inflateInit2(&z, 16 + MAX_WBITS), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        assert_int_equal(z.total_out, assets[i].size);
        assert_memory_equal(plain, assets[i].data, assets[i].size);
        inflateEnd(&z);
        free(plain);
    }
    assert_true(compressed >= 3); /* style sheet and two scripts at least */
}

/* The style sheet and scripts that pages name exist, and a page's scripts keep to 20 KB. */
static void
pages_name_what_exists(void **state)
{
    (void)state;
    static const char *const partials[] = {"head", "app_js", "chart_js"};
    size_t scripts = 0, named = 0;
    for (size_t i = 0; i < sizeof partials / sizeof partials[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "template/asset/%s.html", partials[i]);
        const struct asset *a = asset_find(name);
        assert_non_null(a);
        for (const char *p = a->data; (p = strstr(p, "\"/static/")); p++) {
            char file[128];
            const char *end = strchr(p + 1, '"');
            snprintf(file, sizeof file, "%.*s", (int)(end - p - 2), p + 2);
            const struct asset *f = asset_find(file);
            assert_non_null(f);
            named++;
            if (strstr(f->content_type, "javascript"))
                scripts += f->gz_size;
        }
    }
    assert_int_equal(named, 5);
    assert_true(scripts > 0 && scripts <= 20 * 1024);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_sorted_and_found),
        cmocka_unit_test(prefixes_stand_side_by_side),
        cmocka_unit_test(hash_is_of_the_bytes),
        cmocka_unit_test(compressed_variant_is_the_same),
        cmocka_unit_test(pages_name_what_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
