/* test_templates.c: compiles every template of the program and looks for visible text that stands
 * outside {{#t}} and so could never be translated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/app.h"
#include "base/arena.h"
#include "tmpl/tmpl.h"

static struct arena *mem;
static struct tmpl_set *set;

static void
all_compile(void **state)
{
    err_t e = app_templates(mem, &set);
    if (e)
        fail_msg("%s", err_line(mem, e));
    assert_true(tmpl_has(set, "layout/staff"));
}

static void
say(void *arg, const char *name, int line, const char *text)
{
    print_error("%s, line %d: \"%s\" stands outside {{#t}}\n", name, line, text);
}

static void
all_text_is_translatable(void **state)
{
    assert_non_null(set);
    assert_int_equal(tmpl_untranslated(set, say, NULL), 0);
}

static void
views_belong_to_routes(void **state)
{
    assert_non_null(set);
    err_t e = app_check(mem, set);
    if (e)
        fail_msg("%s", err_line(mem, e));
}

int
main(void)
{
    mem = arena_new((size_t)64 << 20);
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(all_compile),
        cmocka_unit_test(all_text_is_translatable),
        cmocka_unit_test(views_belong_to_routes),
    };
    int failed = cmocka_run_group_tests_name("templates", cases, NULL, NULL);
    arena_free(mem);
    return failed;
}
