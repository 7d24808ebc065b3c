/* test_spec.c: the cases of the Mustache specification: those of the subset print what it says, the
 * others are refused. Takes the path of tests/data/mustache-spec.json. */
#include "base/arena.h"
#include "tmpl/test_view.h"
#include "tmpl/tmpl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *cases_path;

static const char *
text_of(json_t *j, const char *key)
{
    return json_string_value(json_object_get(j, key));
}

static err_t
compile(struct arena *a, json_t *j, struct tmpl_set **ret)
{
    struct tmpl_source s[8] = {{"main", text_of(j, "template"), strlen(text_of(j, "template"))}};
    size_t n = 1;
    const char *name;
    json_t *text;
    json_object_foreach(json_object_get(j, "partials"), name, text) {
        assert_true(n < sizeof s / sizeof *s);
        s[n++] = (struct tmpl_source){name, json_string_value(text), json_string_length(text)};
    }
    return tmpl_compile(a, s, n, ret);
}

/* True when the case holds. */
static bool
holds(struct arena *a, json_t *j)
{
    struct tmpl_set *set;
    err_t e = compile(a, j, &set);
    const char *refused = text_of(j, "refused"), *expected = text_of(j, "expected");
    if (refused) {
        if (e && strstr(e->text, refused))
            return true;
        print_message("%s: not refused: %s\n", text_of(j, "name"), e ? err_line(a, e) : "");
        return false;
    }
    struct buf out;
    buf_init(&out, a);
    if (!e)
        e = tmpl_render(set, "main", test_view_from(a, json_object_get(j, "data")), NULL, NULL,
                        &out);
    if (!e && str_eq(buf_text(&out), expected))
        return true;
    print_message("%s: %s\n  not: %s\n", text_of(j, "name"), e ? err_line(a, e) : buf_text(&out),
                  expected);
    return false;
}

static void
keeps_the_specification(void **state)
{
    json_t *all = json_load_file(cases_path, 0, NULL);
    json_t *cases = json_object_get(all, "cases"), *j;
    assert_int_equal(json_array_size(cases), 93);
    size_t i, wrong = 0;
    json_array_foreach(cases, i, j) {
        struct arena *a = arena_new(0);
        wrong += !holds(a, j);
        arena_free(a);
    }
    json_decref(all);
    assert_int_equal(wrong, 0);
}

int
main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    cases_path = argv[1];
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_the_specification)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
