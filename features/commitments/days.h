/* days.h: business days of this feature: which calendar counts for whom. */
#ifndef FEATURES_COMMITMENTS_DAYS_H
#define FEATURES_COMMITMENTS_DAYS_H

#include "base/ctx.h"

/* The n-th business day after today, as an ISO day, in c->mem. */
const char *days_on(struct ctx *c, int n);

#endif
