/* test_spread.c: what a site learns of the others, and that it learns nothing of few. */
#include "features/recruitment/spread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
says_the_middle_half(void **state)
{
    double x[] = {9, 1, 5, 3, 7}, y[] = {4, 1, 2, 3, 8, 100};
    struct spread s = spread_of(x, 5);
    assert_true(s.enough && s.n == 5);
    assert_true(s.low == 3 && s.mid == 5 && s.high == 7);
    s = spread_of(y, 6);
    assert_true(s.low == 2.25 && s.mid == 3.5 && s.high == 7);
    double same[] = {2, 2, 2, 2, 2};
    s = spread_of(same, 5);
    assert_true(s.low == 2 && s.mid == 2 && s.high == 2);
}

static void
says_nothing_of_few(void **state)
{
    double x[] = {9, 1, 5, 3};
    for (size_t n = 0; n < SPREAD_LEAST; n++) {
        struct spread s = spread_of(x, n);
        assert_false(s.enough);
        assert_int_equal(s.n, n);
        assert_true(s.low == 0 && s.mid == 0 && s.high == 0);
    }
}

int
main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(says_the_middle_half),
        cmocka_unit_test(says_nothing_of_few),
    };
    return cmocka_run_group_tests(cases, NULL, NULL);
}
