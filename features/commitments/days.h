/* days.h: whose business days count, and dates made of them. */
#ifndef FEATURES_COMMITMENTS_DAYS_H
#define FEATURES_COMMITMENTS_DAYS_H

#include "base/ctx.h"

/* The n-th business day after today where somebody works: at a site of a study (the site's country), or
 * with `at_site` false at the organisation that runs the installation. `ret` in c->mem. */
struct days {
    const char *on;      /* ISO day */
    const char *version; /* of the calendar, to be kept beside the day */
};
struct days_place {
    int64_t study, study_site;
    bool at_site;
};
/* The country (ISO alpha-2) of that place, or NULL. */
err_t days_country(struct ctx *c, const struct days_place *where, const char **ret);
err_t days_after(struct ctx *c, const struct days_place *where, int n, struct days *ret);

#endif
