/* test_gap.c: the gap story against sums done by hand. */
#include "features/recruitment/gap.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define NO GAP_NO_DAY

/* A site: planned to open, planned to close, opened, closed, reopened, rate. The cut is day 99: a
 * site open since day 0 has been open 100 days. */
static const struct gap_case {
    const char *name;
    double planned;
    int actual;
    struct gap_site site[4];
    size_t n_site;
    int behind, part[GAP_KINDS]; /* late, not open, closed, extra, pace */
} cases[] = {
    {"no sites: all is pace", 248, 221, {{0}}, 0, 27, {0, 0, 0, 0, -27}},
    {"on plan", 40, 40, {{0, NO, 0, NO, NO, 0}}, 1, 0, {0}},
    /* 200 planned site-days for 40: .2 a day; 30 days late: 6 */
    {"one late", 40, 30, {{0, NO, 0, NO, NO, 0}, {0, NO, 30, NO, NO, 0}}, 2,
     10, {-6, 0, 0, 0, -4}},
    {"late, but made up for", 40, 40,
     {{0, NO, 0, NO, NO, 0}, {0, NO, 30, NO, NO, 0}}, 2, 0,
     {-6, 0, 0, 0, 6}},
    {"one not open", 40, 18, {{0, NO, 0, NO, NO, 0}, {0, NO, NO, NO, NO, 0}}, 2, 22,
     {0, -20, 0, 0, -2}},
    {"opens after the cut", 40, 18,
     {{0, NO, 0, NO, NO, 0}, {0, NO, 100, NO, NO, 0}}, 2, 22,
     {0, -20, 0, 0, -2}},
    /* 150 planned site-days for 30: .2 a day; 20 days early: 4 gained */
    {"one early", 30, 36, {{0, NO, 0, NO, NO, 0}, {50, NO, 30, NO, NO, 0}},
     2, -6, {4, 0, 0, 0, 2}},
    {"open before it was planned to be open at all", 20, 25,
     {{0, NO, 0, NO, NO, 0}, {120, NO, 90, NO, NO, 0}}, 2, -5,
     {2, 0, 0, 0, 3}},
    /* shut on days 40 to 59: 20 days at .2 */
    {"paused and open again", 40, 33,
     {{0, NO, 0, NO, NO, 0}, {0, NO, 0, 40, 60, 0}},
     2, 7, {0, 0, -4, 0, -3}},
    {"closed for good", 40, 25,
     {{0, NO, 0, NO, NO, 0}, {0, NO, 0, 50, NO, 0}}, 2, 15,
     {0, 0, -10, 0, -5}},
    {"closed without having opened", 40, 20,
     {{0, NO, 0, NO, NO, 0}, {0, NO, NO, 10, NO, 0}}, 2, 20,
     {0, 0, -20, 0, 0}},
    {"closed as planned is no loss", 30, 30,
     {{0, NO, 0, NO, NO, 0},
      {0, 50, 0, 50, NO, 0}}, 2, 0, {0}},
    /* the unplanned one brings 50 days at .2 */
    {"one that the plan does not know", 20, 25,
     {{0, NO, 0, NO, NO, 0}, {NO, NO, 50, NO, NO, 0}}, 2, -5, {0, 0, 0, 10, -5}},
    {"a plan for fewer than half tells nothing", 20, 15,
     {{0, NO, 30, NO, NO, 0}, {NO, NO, 50, NO, NO, 0}, {NO, NO, 0, NO, NO, 0}}, 3, 5,
     {0, 0, 0, 0, -5}},
    {"nothing was to be open yet", 0, 2, {{120, NO, 90, NO, NO, 0}}, 1, -2,
     {0, 0, 0, 0, 2}},
    /* rates 3 to 1: 40 = u (3 x 100 + 1 x 100), u = .1; 20 days at .3 */
    {"planned rates differ", 40, 30,
     {{0, NO, 20, NO, NO, 3}, {0, NO, 0, NO, NO, 1}},
     2, 10, {-6, 0, 0, 0, -4}},
    /* 300 site-days for 10: 1/30 a day. 20 days late .667, not open 3.333, 40 days shut 1.333, the
     * rest 7 - 5.333 = 1.667: floors 0 3 1 1, the two left go to .667 and .667 */
    {"largest remainder", 10, 3,
     {{0, NO, 20, NO, NO, 0}, {0, NO, NO, NO, NO, 0},
      {0, NO, 0, 60, NO, 0}}, 3, 7, {-1, -3, -1, 0, -2}},
    /* ten planned days, 90 to 99, for 10: one a day; open on the last of them only */
    {"the cut is a whole day", 10, 1, {{90, NO, 99, NO, NO, 0}}, 1, 9, {-9, 0, 0, 0, 0}},
    {"the planned count is rounded", 247.6, 221, {{0}}, 0, 27, {0, 0, 0, 0, -27}},
};

static void
test_cases(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct gap_case *c = &cases[i];
        struct gap g = gap_find(&(struct gap_in){99, c->planned, c->actual, c->site, c->n_site});
        int part[GAP_KINDS] = {0};
        for (size_t k = 0; k < g.n_part; k++)
            part[g.part[k].kind] = g.part[k].n;
        if (g.behind != c->behind)
            fail_msg("%s: behind %d, not %d", c->name, g.behind, c->behind);
        for (int k = 0; k < GAP_KINDS; k++) {
            if (part[k] != c->part[k])
                fail_msg("%s: part %d is %d, not %d", c->name, k, part[k], c->part[k]);
        }
    }
}

static void
test_sites_are_counted(void **state)
{
    const struct gap_site site[] = {{0, NO, 30, NO, NO, 0},
        {0, NO, 50, NO, NO, 0}, {0, NO, NO, NO, NO, 0}, {0, NO, 0, NO, NO, 0}};
    struct gap g = gap_find(&(struct gap_in){99, 80, 40, site, 4});
    assert_int_equal(g.n_part, 3); /* 16 late, 20 not open, 4 pace */
    assert_int_equal(g.part[0].kind, GAP_LATE);
    assert_int_equal(g.part[0].n, -16);
    assert_int_equal(g.part[0].sites, 2);
    assert_int_equal(g.part[1].sites, 1);
    assert_int_equal(g.part[2].sites, 0);
    assert_string_equal(gap_words(g.part[0].kind, g.part[0].n), "Sites opened late");
    assert_string_equal(gap_words(GAP_PACE, 3), "Faster than planned");
}

static int32_t
any_day(void)
{
    switch (rand() % 8) {
    case 0: return NO;
    case 1: return INT32_MAX;
    case 2: return INT32_MIN + 1;
    default: return rand() % 400 - 100;
    }
}

static double
any_number(void)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, -5, 0, 1e300, 1e-300};
    return rand() % 3 ? rand() % 5000 / 10.0 : odd[rand() % 7];
}

static void
test_parts_always_add_up(void **state)
{
    srand(20);
    for (int round_no = 0; round_no < 5000; round_no++) {
        struct gap_site site[12];
        size_t n = (size_t)(rand() % 13);
        for (size_t i = 0; i < n; i++)
            site[i] = (struct gap_site){any_day(), rand() % 3 ? NO : any_day(), any_day(),
                rand() % 2 ? NO : any_day(), any_day(), any_number()};
        struct gap_in in = {rand() % 300, any_number(), rand() % 600, site, n};
        struct gap g = gap_find(&in);
        int sum = 0;
        for (size_t k = 0; k < g.n_part; k++) {
            assert_int_not_equal(g.part[k].n, 0);
            assert_true(gap_words(g.part[k].kind, g.part[k].n)[0] != '\0');
            sum += g.part[k].n;
        }
        assert_int_equal(sum, -g.behind);
        assert_int_equal(g.behind, g.planned - in.actual);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
        cmocka_unit_test(test_sites_are_counted), cmocka_unit_test(test_parts_always_add_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
