/* enrolment.h: from an enrolment log to a study that can be forecast: rows of who was enrolled (or
 * screened) where and when, and, where known, when the sites opened and closed. Pure: no files, no
 * clock. features/recruitment reads CSV or tables into these rows.
 *
 * A row of day d happens at d + 0.5; the cut is the end of the as-of day. Rows whose date is only a
 * month are spread evenly over the days of that month, in the order of the rows. Rows after the
 * as-of day are not looked at. A site without a known opening opens at its first enrolment, which
 * is then left out of its count. Sites are told apart by label and, where both have one, by
 * country. */
#ifndef MODELS_ENROLMENT_H
#define MODELS_ENROLMENT_H

#include "base/date.h"
#include "models/forecast.h"

enum enrolment_status { ENROLMENT_ENROLLED, ENROLMENT_SCREENED, ENROLMENT_SCREEN_FAILED };

struct enrolment_row {
    const char *site, *country; /* never NULL; country "" when not known */
    enum enrolment_status status;
    int32_t day;                   /* the first day of the month for DATE_MONTH */
    enum date_precision precision; /* DATE_DAY or DATE_MONTH */
};

/* One open stretch of a site; a suspension is two rows. An opening after the as-of day is
 * a plan. */
struct enrolment_opening {
    const char *site, *country;
    bool has_opens, has_closed, has_planned;
    int32_t opens_on, closed_on; /* closed_on: the last day on which it could enrol */
    int32_t planned_on;          /* the day once planned, for learning slips */
    int64_t cap;                 /* 0: none */
};

struct enrolment_input {
    const struct enrolment_row *row;
    size_t n_row;
    const struct enrolment_opening *opening;
    size_t n_opening;
    bool has_as_of; /* otherwise the day of the last row */
    int32_t as_of;
    int64_t target;
    bool has_deadline;
    int32_t deadline;
    double plan_rate;       /* as in struct fc_study */
    bool openings_are_sure; /* openings to come take place on their day, instead of slipping */
    struct fc_options options;
};

/* How many got how far, up to the as-of day. */
struct enrolment_funnel {
    int64_t screened, failed, enrolled;
};

struct enrolment {
    struct fc_study study;
    int32_t as_of;
    struct enrolment_funnel funnel;
    struct enrolment_funnel *site_funnel; /* one for each site of the study */
    struct fc_checks notes; /* what in the rows did not fit together and how it was taken */
};

/* Sites in the order of the openings, then of their first row. False: there is no row and no as-of
 * day, so that there is nothing to begin with. Memory in `a`; labels are those of the input. */
bool enrolment_assemble(struct arena *a, const struct enrolment_input *in, struct enrolment *ret);

#endif
