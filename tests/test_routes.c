/* test_routes.c: the tables of all features: each route has what the router needs, each POST what the
 * record needs, each menu entry leads somewhere, each word of the record is said once. A case a route. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/app.h"
#include "base/arena.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/keys.h"

#include <sodium.h>
#include <string.h>

static struct arena *mem;

static bool
has_deed(const char *action)
{
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_deeds; k++) {
            if (strcmp(app_features[i]->deeds[k].action, action) == 0)
                return true;
        }
    }
    return false;
}

static void
route_is_whole(void **state)
{
    const struct route *r = *state;
    assert_non_null(r->handler);
    assert_true(r->perm > 0);
    assert_true(*r->path == '/' && !strstr(r->path, "//"));
    if (r->method == GET) {
        assert_null(r->audit);
        return;
    }
    assert_non_null(r->form);
    assert_non_null(r->audit);
    if (!has_deed(r->audit))
        fail_msg("%s: no deed gives the words of %s", r->path, r->audit);
}

/* http_new and app_check refuse what start-up would refuse. */
static void
the_program_starts(void **state)
{
    struct inst inst = {.keys = keys_temporary(mem), .zone = tz_find("UTC")};
    struct web *w;
    err_t e = app_web_new(mem, &inst, &w);
    if (e)
        fail_msg("%s", err_line(mem, e));
    const struct route *const *all;
    assert_true(http_routes(app_web_http(w), &all) > 0);
}

static void
menus_lead_to_routes(void **state)
{
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_menus; k++) {
            const struct menu *m = &app_features[i]->menus[k];
            bool found = false;
            for (size_t f = 0; f < app_features_n; f++) {
                for (size_t r = 0; r < app_features[f]->n_routes; r++)
                    found |= app_features[f]->routes[r].method == GET &&
                             strcmp(app_features[f]->routes[r].path, m->href) == 0;
            }
            if (!found)
                fail_msg("%s leads nowhere", m->href);
            assert_int_equal(m->study || m->site, strstr(m->href, "{study}") != NULL);
            assert_int_equal(m->site, strstr(m->href, "{site}") != NULL);
        }
    }
}

static void
features_depend_on_earlier_ones(void **state)
{
    for (size_t i = 0; i < app_features_n; i++) {
        for (const char *const *d = app_features[i]->depends; d && *d; d++) {
            bool earlier = false;
            for (size_t k = 0; k < i; k++)
                earlier |= strcmp(app_features[k]->name, *d) == 0;
            if (!earlier)
                fail_msg("%s depends on %s, which stands later", app_features[i]->name, *d);
        }
    }
}

int
main(void)
{
    if (sodium_init() < 0)
        return 1;
    mem = arena_new((size_t)64 << 20);
    size_t n = 0, most = 3;
    for (size_t i = 0; i < app_features_n; i++)
        most += app_features[i]->n_routes;
    struct CMUnitTest *cases = arena_alloc(mem, most * sizeof *cases);
    cases[n++] = (struct CMUnitTest)cmocka_unit_test(the_program_starts);
    cases[n++] = (struct CMUnitTest)cmocka_unit_test(menus_lead_to_routes);
    cases[n++] = (struct CMUnitTest)cmocka_unit_test(features_depend_on_earlier_ones);
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_routes; k++) {
            const struct route *r = &app_features[i]->routes[k];
            const char *name = arena_printf(mem, "%s %s", r->method == GET ? "GET" : "POST", r->path);
            cases[n++] = (struct CMUnitTest){name, route_is_whole, NULL, NULL, (void *)r};
        }
    }
    int failed = _cmocka_run_group_tests("routes", cases, n, NULL, NULL);
    arena_free(mem);
    return failed;
}
