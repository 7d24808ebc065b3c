/* test_scan.c: the JSON checker, by table, and over a public suite of JSON files when DATA names
 * the folder that holds it (spec-tests/json/test_parsing: y_ to accept, n_ to refuse). */
#include "features/registry/scan.h"

#include "base/arena.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One value and nothing but white space after it; fed in stretches of `step` bytes. */
static bool
accepts(const char *text, size_t n, size_t step, struct scan *s)
{
    bool closed = false;
    scan_init(s, SCAN_MAX_DEPTH, 0);
    for (size_t at = 0; at < n;) {
        size_t len = n - at < step ? n - at : step;
        enum scan_event event;
        at += scan_run(s, text + at, len, &event);
        if (event == SCAN_ERROR || (event == SCAN_OPEN && s->depth == 1 && closed))
            return false;
        closed = closed || (event == SCAN_CLOSE && s->depth == 0);
    }
    return closed && s->depth == 0;
}

static void
grammar(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } cases[] = {
        {"{}", true},
        {"[]", true},
        {" \t\r\n[ ]\n", true},
        {"[1,-0,0.5,1e5,-1.25E+10,2e-3]", true},
        {"[true,false,null]", true},
        {"{\"a\":{\"b\":[{}]},\"c\":\"d\"}", true},
        {"[\"\\u00e9\\n\\\"\\\\\\/\"]", true},
        {"[\"é 漢 😀\"]", true},
        {"[1]]", false},
        {"[1", false},
        {"[1,]", false},
        {"[,1]", false},
        {"{\"a\":1,}", false},
        {"{\"a\" 1}", false},
        {"{\"a\":}", false},
        {"{a:1}", false},
        {"{1:1}", false},
        {"[1}", false},
        {"{]", false},
        {"[01]", false},
        {"[1.]", false},
        {"[.5]", false},
        {"[1e]", false},
        {"[1e+]", false},
        {"[-]", false},
        {"[+1]", false},
        {"[tru]", false},
        {"[nul1]", false},
        {"[NaN]", false},
        {"[\"a\tb\"]", false},
        {"[\"\\x\"]", false},
        {"[\"\\u12g4\"]", false},
        {"[\"\xC3\x28\"]", false},
        {"[\"\xC0\x80\"]", false},
        {"[\"\xED\xA0\x80\"]", false},
        {"[\"\xF4\x90\x80\x80\"]", false},
        {"[\"\xE2\x82\"]", false},
        {"[\xC3\xA9]", false},
        {"\"text\"", false},
        {"[] []", false},
        {"", false},
    };
    struct scan s;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t step = 1; step < 8; step++) {
            if (accepts(cases[i].text, strlen(cases[i].text), step, &s) != cases[i].good)
                fail_msg("%s by %zu: %s", cases[i].text, step, s.why ? s.why : "accepted");
        }
    }
}

static void
says_where(void **state)
{
    const char *text = "{\"a\": [1,\n 2,\n x]}";
    struct scan s;
    assert_false(accepts(text, strlen(text), 100, &s));
    assert_int_equal(s.line, 3);
    assert_int_equal(text[s.offset], 'x');
    assert_string_equal(s.why, "a value was expected here");
    enum scan_event event;
    assert_int_equal(scan_run(&s, "[]", 2, &event), 0);
    assert_int_equal(event, SCAN_ERROR);
}

static void
depth_is_bounded(void **state)
{
    static char text[2 * SCAN_MAX_DEPTH + 2];
    struct scan s;
    memset(text, '[', SCAN_MAX_DEPTH);
    memset(text + SCAN_MAX_DEPTH, ']', SCAN_MAX_DEPTH);
    assert_true(accepts(text, 2 * SCAN_MAX_DEPTH, 7, &s));
    memset(text, '[', SCAN_MAX_DEPTH + 1);
    assert_false(accepts(text, 2 * SCAN_MAX_DEPTH + 1, 7, &s));
    assert_int_equal(s.offset, SCAN_MAX_DEPTH);
    assert_int_equal(s.depth, SCAN_MAX_DEPTH);
    size_t n = 1000000;
    char *deep = malloc(n);
    assert_non_null(deep);
    memset(deep, '[', n);
    assert_false(accepts(deep, n, 65536, &s));
    free(deep);
}

static void
events(void **state)
{
    const char *text =
        "{\"studies\":[{\"x\":1},2],\"a very long name that is cut somewhere\":\"v\"}";
    static const struct {
        enum scan_event event;
        unsigned depth;
    } wanted[] = {{SCAN_OPEN, 1},   {SCAN_NAME, 1},  {SCAN_OPEN, 2},  {SCAN_OPEN, 3},
                  {SCAN_NAME, 3},   {SCAN_CLOSE, 2}, {SCAN_SCALAR, 2}, {SCAN_CLOSE, 1},
                  {SCAN_NAME, 1},   {SCAN_SCALAR, 1}, {SCAN_CLOSE, 0}, {SCAN_MORE, 0}};
    struct scan s;
    scan_init(&s, 10, 0);
    size_t at = 0, n = strlen(text);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        enum scan_event event;
        at += scan_run(&s, text + at, n - at, &event);
        assert_int_equal(event, wanted[i].event);
        assert_int_equal(s.depth, wanted[i].depth);
        if (i == 1)
            assert_string_equal(s.key, "studies");
        if (i == 8)
            assert_string_equal(s.key, "a very long name that is cut so");
    }
    assert_int_equal(at, n);
    assert_int_equal(s.weight, 3 * 4 + 3);
}

static void
public_suite(void **state)
{
    const char *data = getenv("DATA");
    struct arena *a = arena_new(0);
    const char *folder = arena_printf(a, "%s/spec-tests/json/test_parsing", data ? data : "");
    DIR *dir = data ? opendir(folder) : NULL;
    if (!dir) {
        arena_free(a);
        skip();
    }
    size_t seen = 0;
    static char text[1 << 20];
    for (struct dirent *d = readdir(dir); d; d = readdir(dir)) {
        if ((d->d_name[0] != 'y' && d->d_name[0] != 'n') || d->d_name[1] != '_')
            continue;
        FILE *f = fopen(arena_printf(a, "%s/%s", folder, d->d_name), "rb");
        assert_non_null(f);
        size_t n = fread(text, 1, sizeof text, f);
        fclose(f);
        size_t first = 0;
        while (first < n && strchr(" \t\r\n", text[first]) && text[first])
            first++;
        bool document = first < n && (text[first] == '{' || text[first] == '[');
        struct scan s;
        bool wanted = d->d_name[0] == 'y' && document;
        if (accepts(text, n, 5, &s) != wanted)
            fail_msg("%s: %s", d->d_name, s.why ? s.why : "accepted");
        seen++;
    }
    closedir(dir);
    arena_free(a);
    assert_true(seen > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grammar),          cmocka_unit_test(says_where),
        cmocka_unit_test(depth_is_bounded), cmocka_unit_test(events),
        cmocka_unit_test(public_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
