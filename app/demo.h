/* demo.h: the parts of the demonstration. */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "base/ctx.h"
#include "core/feature.h"
#include "db/db.h"

/* Brings in the logs of a folder as studies of the home organisation; `ret_study`: the first. */
err_t demo_enrolment(struct ctx *c, const char *folder, int64_t *ret_study);

/* The study in which the cast works, and who holds which role there. */
struct demo_study {
    int64_t study, site;
    int64_t person[ROLE_COUNT];
    const char *answer; /* token of a link to answer by, once demo_answers made it */
};
/* What they owe one another. */
err_t demo_due(const struct ctx *c, const struct demo_study *study);
/* Its playbook, its delegation log, and the visits to it. */
err_t demo_visits(const struct ctx *c, const struct demo_study *study);
/* What was asked of people outside, who have no account. */
err_t demo_answers(const struct ctx *c, struct demo_study *study);
/* What the coordinator keeps of sponsors without Rapport. */
err_t demo_own(const struct ctx *c, const struct demo_study *study);
/* Their working weeks: hours, what waits for what, calls, leave, and the work of one who leaves. */
err_t demo_week(const struct ctx *c, const struct demo_study *study);
/* One write as somebody, some days before or after the first day of the demonstration. */
err_t demo_on_day(const struct ctx *c, int day, int64_t person, const char *action, db_work *work, void *arg);

#endif
