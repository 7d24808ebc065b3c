/* clock.h: what time brings to what is due. */
#ifndef FEATURES_COMMITMENTS_CLOCK_H
#define FEATURES_COMMITMENTS_CLOCK_H

#include "base/ctx.h"

/* The job of this feature (core/feature.h): what was delivered and not looked at in time closes by itself. */
err_t clock_job(struct ctx *c);

#endif
