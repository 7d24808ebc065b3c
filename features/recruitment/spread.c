/* spread.c: see spread.h. */
#include "features/recruitment/spread.h"

#include <stdlib.h>

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double
quantile(const double *x, size_t n, double p)
{
    double at = p * (double)(n - 1);
    size_t i = (size_t)at;
    return i + 1 < n ? x[i] + (at - (double)i) * (x[i + 1] - x[i]) : x[n - 1];
}

struct spread
spread_of(double *x, size_t n)
{
    struct spread s = {.n = n, .enough = n >= SPREAD_LEAST};
    if (!s.enough)
        return s;
    qsort(x, n, sizeof *x, ascending);
    s.low = quantile(x, n, .25);
    s.mid = quantile(x, n, .5);
    s.high = quantile(x, n, .75);
    return s;
}
