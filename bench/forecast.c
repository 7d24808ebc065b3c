/* forecast.c: how long the forecast of a study with 200 sites takes, in CPU time of one thread: fit
 * and three quantiles, then the fan of 60 dates. Prints medians and the 95th of 100, in microseconds, as
 * JSON. Not a test. Called by bench/run.py. The study is made here; its events are evenly spread. */
#include "base/arena.h"
#include "models/forecast.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SITES = 200, RUNS = 100, DATES = 60 };

static struct fc_study
study_of(struct arena *a)
{
    struct fc_site *site = arena_alloc(a, SITES * sizeof *site);
    int64_t enrolled = 0;
    for (size_t i = 0; i < SITES; i++) {
        size_t n = 1 + i * 7 % 11;
        double tau = 60 + (double)(i * 37 % 300), *event = arena_alloc(a, n * sizeof *event);
        struct fc_span *span = arena_alloc(a, sizeof *span);
        *span = (struct fc_span){-tau, INFINITY};
        for (size_t k = 0; k < n; k++)
            event[k] = -tau + ((double)k + 0.5) * tau / (double)n;
        site[i] = (struct fc_site){.label = "site", .country = "", .open = span, .n_open = 1, .event = event, .n_event = n};
        enrolled += (int64_t)n;
    }
    return (struct fc_study){.target = enrolled + 400, .site = site, .n_site = SITES};
}

static double
cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void
print(const char *name, double *us, const char *end)
{
    qsort(us, RUNS, sizeof *us, ascending);
    printf("\"%s\": [%.0f, %.0f]%s", name, us[RUNS / 2], us[RUNS * 95 / 100], end);
}

int
main(void)
{
    static double fit_us[RUNS], fan_us[RUNS], all_us[RUNS];
    struct arena *a = arena_new(0);
    struct fc_study s = study_of(a);
    static const double p[] = {0.1, 0.5, 0.9};
    for (int i = 0; i < RUNS; i++) {
        struct arena_mark mark = arena_save(a);
        const struct fc_fit *fit;
        const struct fc_result *result;
        struct fc_scene *scene;
        double days[3], t[DATES], begin = cpu_us();
        int64_t count[DATES * FC_N_LEVELS];
        if (fc_fit(a, &s, &fit) != FC_OK || fc_scene_new(a, fit, &s, &scene) != FC_OK)
            return 1;
        fc_quantiles(scene, 3, p, days);
        fit_us[i] = cpu_us() - begin;
        for (int k = 0; k < DATES; k++)
            t[k] = (k + 1) * 1.5 * days[1] / DATES;
        begin = cpu_us();
        fc_fan(scene, DATES, t, FC_N_LEVELS, fc_levels, count);
        fan_us[i] = cpu_us() - begin;
        begin = cpu_us();
        if (fc_forecast(a, &s, &result) != FC_OK)
            return 1;
        all_us[i] = cpu_us() - begin;
        arena_restore(a, mark);
    }
    printf("{");
    print("fit and 3 quantiles", fit_us, ", ");
    print("fan of 60 dates, 7 levels", fan_us, ", ");
    print("the whole page's forecast, league and checks included", all_us, "}\n");
    arena_free(a);
    return 0;
}
