/* test_study.h: studies for the tests of the forecast, built from counts and exposures. */
#ifndef MODELS_TEST_STUDY_H
#define MODELS_TEST_STUDY_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "models/fc.h"

/* The cut is day 0; site i opened tau[i] days before it and enrolled n[i], evenly. */
static inline struct fc_study
test_study(struct arena *a, size_t n_site, const double *tau, const int *n, int64_t still,
           enum fc_method method)
{
    struct fc_site *site = arena_alloc(a, n_site * sizeof *site);
    int64_t enrolled = 0;
    for (size_t i = 0; i < n_site; i++) {
        struct fc_span *span = arena_alloc(a, sizeof *span);
        double *event = arena_alloc(a, (size_t)n[i] * sizeof *event);
        *span = (struct fc_span){-tau[i], INFINITY};
        for (int k = 0; k < n[i]; k++)
            event[k] = -tau[i] + (k + 0.5) * tau[i] / n[i];
        site[i] = (struct fc_site){.label = arena_printf(a, "S%zu", i + 1),
                                   .country = "",
                                   .open = span,
                                   .n_open = 1,
                                   .event = event,
                                   .n_event = (size_t)n[i]};
        enrolled += n[i];
    }
    return (struct fc_study){
        .target = enrolled + still, .opt = {.method = method}, .site = site, .n_site = n_site};
}

static inline struct fc_scene *
test_scene(struct arena *a, const struct fc_study *s, const struct fc_fit **ret_fit)
{
    const struct fc_fit *fit;
    struct fc_scene *sc;
    assert_int_equal(fc_fit(a, s, &fit), FC_OK);
    assert_int_equal(fc_scene_new(a, fit, s, &sc), FC_OK);
    if (ret_fit)
        *ret_fit = fit;
    return sc;
}

/* |got - want| <= relative * |want| */
static inline void
test_near(double got, double want, double relative, const char *what)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%s: got %.15g, want %.15g", what, got, want);
}

/* |got - want| <= by */
static inline void
test_within(double got, double want, double by, const char *what)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%s: got %.15g, want %.15g within %g", what, got, want, by);
}

#endif
