/* kept.h: a study's forecast, computed when what it is made of changes and kept between views. */
#ifndef FEATURES_RECRUITMENT_KEPT_H
#define FEATURES_RECRUITMENT_KEPT_H

#include "base/ctx.h"
#include "models/forecast.h"

/* As fc_forecast(), from c->inst->keep where the same study was forecast before: same sites, spans,
 * events, cut, target, deadline, plan, options, to the bit. `ret` in c->mem; it refers to `s`. */
enum fc_refusal kept_forecast(struct ctx *c, const struct fc_study *s,
                              const struct fc_result **ret);

#endif
