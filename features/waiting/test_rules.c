/* test_rules.c: what counts as kept, and the interval around it. */
#include "base/str.h"
#include "features/waiting/rules.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { TODAY = 1000, NO = WAITING_NO_DAY };

static void
what_is_kept(void **state)
{
    static const struct {
        struct waiting_item x;
        bool kept;
    } cases[] = {
        {{.due = 900, .delivered = 900}, true},               {{.due = 900, .delivered = 901}, false},
        {{.due = 900, .delivered = 903, .waited = 3}, true},  {{.due = 900, .delivered = 904, .waited = 3}, false},
        {{.due = 900, .delivered = NO}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(waiting_kept(&cases[i].x), cases[i].kept);
}

/* 46 of 50: the score interval is 0.8116 to 0.9684 (computed apart with 50 digits). */
static void
the_interval(void **state)
{
    struct arena *a = arena_new(0);
    struct waiting_item x[60];
    struct waiting_rate r;
    for (int i = 0; i < 60; i++)
        x[i] = (struct waiting_item){.due = 900, .made = 890, .delivered = i < 46 ? 899 : i < 49 ? 910 : NO, .moved = i < 5};
    for (int i = 50; i < 55; i++)
        x[i].outside = true; /* declined */
    for (int i = 55; i < 60; i++)
        x[i].due = TODAY + 5; /* not due yet */
    waiting_rate_of(a, x, 60, TODAY, &r);
    assert_int_equal(r.due, 50);
    assert_int_equal(r.kept, 46);
    assert_int_equal(r.moved, 5);
    assert_int_equal(r.turnaround, 9);
    assert_true(fabs(r.low - 0.81164) < 1e-4);
    assert_true(fabs(r.high - 0.96845) < 1e-4);
    assert_string_equal(waiting_rate_words(a, &r), "92 in 100 (81 to 97)");
    arena_free(a);
}

static void
too_few(void **state)
{
    struct arena *a = arena_new(0);
    struct waiting_item x[10];
    struct waiting_rate r;
    for (int i = 0; i < 10; i++)
        x[i] = (struct waiting_item){.due = 900, .delivered = 899};
    waiting_rate_of(a, x, 9, TODAY, &r);
    assert_true(r.too_few);
    assert_string_equal(waiting_rate_words(a, &r), "too few to say: 9");
    waiting_rate_of(a, x, 10, TODAY, &r);
    assert_false(r.too_few);
    assert_true(r.low > .7 && r.high > .999999);
    waiting_rate_of(a, x, 0, TODAY, &r);
    assert_int_equal(r.turnaround, -1);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_kept), cmocka_unit_test(the_interval), cmocka_unit_test(too_few)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
