/* spread.h: what a site may learn of the others of its study: the middle half and the middle, without
 * names, and nothing where there are too few of them to stay unknown. Pure. Called by pages_own.c. */
#ifndef FEATURES_RECRUITMENT_SPREAD_H
#define FEATURES_RECRUITMENT_SPREAD_H

#include <stdbool.h>
#include <stddef.h>

enum { SPREAD_LEAST = 5 };

struct spread {
    size_t n;              /* how many others there are */
    bool enough;           /* n >= SPREAD_LEAST; else the rest is 0 */
    double low, mid, high; /* quartiles, by straight lines between the ordered values */
};

/* Sorts `x` in place. */
struct spread spread_of(double *x, size_t n);

#endif
