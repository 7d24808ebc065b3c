/* rules.c: see rules.h. Called by the pages of this feature. */
#include "features/waiting/rules.h"

#include <math.h>
#include <stdlib.h>

bool
waiting_kept(const struct waiting_item *x)
{
    return x->delivered != WAITING_NO_DAY && x->delivered <= x->due + x->waited;
}

static int
by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void
interval(struct waiting_rate *r)
{
    const double z = 1.959964, n = (double)r->due, p = (double)r->kept / n;
    double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    r->share = p;
    r->low = middle - half < 0 ? 0 : middle - half;
    r->high = middle + half > 1 ? 1 : middle + half;
}

void
waiting_rate_of(struct arena *a, const struct waiting_item *x, size_t n, int32_t today, struct waiting_rate *ret)
{
    int64_t *days = arena_alloc(a, (n + 1) * sizeof *days);
    size_t n_days = 0;
    *ret = (struct waiting_rate){.turnaround = -1};
    for (size_t i = 0; i < n; i++) {
        bool over = x[i].delivered != WAITING_NO_DAY || today > x[i].due + x[i].waited;
        if (x[i].outside || !over)
            continue;
        ret->due++;
        ret->kept += waiting_kept(&x[i]);
        ret->moved += x[i].moved;
        if (x[i].delivered != WAITING_NO_DAY) {
            int64_t took = x[i].delivered - x[i].made - x[i].waited;
            days[n_days++] = took < 0 ? 0 : took;
        }
    }
    if (n_days) {
        qsort(days, n_days, sizeof *days, by_number);
        ret->turnaround = (days[(n_days - 1) / 2] + days[n_days / 2]) / 2;
    }
    ret->too_few = ret->due < WAITING_LEAST;
    if (!ret->too_few)
        interval(ret);
}

const char *
waiting_rate_words(struct arena *a, const struct waiting_rate *r)
{
    if (r->too_few)
        return arena_printf(a, "too few to say: %lld", (long long)r->due);
    return arena_printf(a, "%d in 100 (%d to %d)", (int)lround(100 * r->share), (int)lround(100 * r->low), (int)lround(100 * r->high));
}
