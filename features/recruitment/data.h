/* data.h: a study's recruitment as the database holds it, loaded once for the forecast and its page. */
#ifndef FEATURES_RECRUITMENT_DATA_H
#define FEATURES_RECRUITMENT_DATA_H

#include "features/recruitment/recruitment.h"
#include "features/recruitment/recruitment_sql.h"
#include "models/enrolment.h"

enum { DATA_NO_DAY = INT32_MIN };

struct data_site {
    const struct recruit_sites_row *row;
    const char *title;
    int32_t planned, opened, closed; /* DATA_NO_DAY where there is none */
    int64_t enrolled, failed, screened;
    int32_t first, last;             /* first and last enrolment up to the cut */
};

/* Who was enrolled (by the study's meaning), or screened and failed, and when. */
struct data_event {
    size_t site; /* index into sites */
    int32_t day; /* first day of its month for DATE_MONTH */
    enum date_precision precision;
};

struct data {
    int64_t study;
    struct recruit_targets_row targets;
    bool has_targets;
    enum enrolled_means means;
    struct data_site *sites;
    size_t n_sites;
    const struct recruit_pauses_row *pauses;
    size_t n_pauses;
    struct data_event *enrolled, *failed; /* all, also after any cut; in order of days */
    size_t n_enrolled, n_failed;
    int64_t n_screened;                   /* episodes that have begun, all */
    const struct recruit_plan_points_row *plan;
    size_t n_plan;
    int64_t plan_number;
};

/* Everything of a study. Memory in c->mem. */
err_t data_load(struct ctx *c, int64_t study, struct data **ret);
/* What the model takes, as of a day. */
err_t data_enrolment(struct ctx *c, const struct data *d, int32_t as_of, struct enrolment *ret);
/* Fills enrolled, failed, last of every site as of a day, and the totals. */
struct data_totals {
    int64_t enrolled, failed, screened;
    int32_t first, last;
};
struct data_totals data_totals(struct data *d, int32_t as_of);
/* The day the forecast looks from: today, or the last enrolment when that is so long ago that the data
 * must be old; `ret_old`: that is so. */
int32_t data_cut(struct data *d, int32_t today, bool *ret_old);
/* Planned mean rate per site and day, of the current plan; 0 when there is none. */
double data_plan_rate(const struct data *d);
/* Planned count at the end of a day, by straight lines between the ends of months. */
double data_planned(const struct data *d, int32_t day);

#endif
