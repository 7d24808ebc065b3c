/* demo.h: the parts of the demonstration. */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "base/ctx.h"
#include "core/feature.h"

/* Brings in the logs of a folder as studies of the home organisation; `ret_study`: the first. */
err_t demo_enrolment(struct ctx *c, const char *folder, int64_t *ret_study);

/* The study in which the cast works, and who holds which role there. */
struct demo_study {
    int64_t study, site;
    int64_t person[ROLE_COUNT];
};
/* What they owe one another. */
err_t demo_due(const struct ctx *c, const struct demo_study *study);

#endif
