/* recruitment.h: targets, plan, enrolment and its forecast. */
#ifndef FEATURES_RECRUITMENT_H
#define FEATURES_RECRUITMENT_H

#include "base/ctx.h"
#include "core/feature.h"
#include "features/recruitment/dates.h"

extern const struct feature recruitment_feature;

/* What "enrolled" means in a study. */
enum enrolled_means { MEANS_CONSENTED, MEANS_RANDOMISED, MEANS_TREATED, MEANS_EVALUABLE, MEANS_COUNT };
const char *means_word(enum enrolled_means m); /* "randomised" */

/* Targets of a study, made if there are none yet; the caller records. */
struct target_set {
    int64_t study, target; /* target 0: none */
    enum enrolled_means means;
    const char *deadline;  /* ISO day or NULL */
};
err_t recruitment_targets(struct ctx *c, const struct target_set *t);

/* A plan drawn as a straight line from the day before `from` to `n` on `to`, month by month; the next
 * version of the study's plan. The caller records. */
err_t recruitment_plan_line(struct ctx *c, int64_t study, int32_t from, int32_t to, int64_t n, const char *reason);

/* ---- imports: a table (CSV or .xlsx) of enrolment, sites or plan ---- */

enum import_kind { IMPORT_LOG, IMPORT_SITES, IMPORT_PLAN };

struct refused_row {
    size_t row;
    const char *column, *value, *reason;
};
struct import_result {
    int64_t rows, added, known, changed, sites_made;
    struct refused_row *refused; /* when there is any, nothing was taken */
    size_t n_refused;
    const char *const *notes;    /* what was left out or read in a special way */
    size_t n_notes;
    bool needs_reason;           /* it replaces what is there already */
};
/* Chosen by hand: `mapping` holds "FIELD=column" pairs (names of columns_field_name), `order` of
 * ambiguous dates "dmy", "mdy" or NULL (then an ambiguous column is an error that asks). No database
 * is needed for `study` 0 of a log. */
struct import_how {
    enum import_kind kind;
    int64_t study;
    const char *file_name;
    const char *data;
    size_t n;
    const char *sheet;              /* name of the sheet, or NULL */
    const char *const *mapping;
    size_t n_mapping;
    const char *order;
    const char *only;               /* of a file with several studies: which; NULL: the one of this study's code */
    const char *site;               /* of a log without a column of sites: the one site it is of, or NULL */
    bool unkept;                    /* nothing is kept: columns of names and birth dates are passed over */
    int32_t shift_days;             /* the demo moves logs by whole weeks; 0 otherwise */
    const char *reason;             /* why a plan is replaced; needed then */
    const char *who;                /* for the list of imports; NULL: who is signed in */
};
/* Reads and checks everything; writes nothing. `how->study` 0: of a study that is not there yet
 * (import_of_study). The texts of `how` must live as long as the plan. Errors: a file that cannot be
 * read, a column that identifies participants, and what a person must decide first: which column is
 * what, in which order dates are. A refused row is no error here. */
struct import_plan;
err_t import_read(struct ctx *c, const struct import_how *how, struct import_plan **ret, struct import_result *ret_result);
/* The study that was made in between. */
void import_of_study(struct import_plan *p, int64_t study);
/* Writes what was read, inside the running write transaction, and records it. Refused rows: an error
 * that names them. What the study holds is read again: it may have changed since. Nothing new: nothing
 * is written and nothing recorded. Errors: E_REASON for a second plan without a reason. */
err_t import_apply(struct ctx *c, const struct import_plan *p, struct import_result *ret);

/* ---- the forecast ---- */

struct enrolment;
struct fc_result;
struct forecast_of {
    const struct fc_result *result; /* NULL: refused */
    const char *refusal;            /* why, and what would help */
    const struct enrolment *data;
    int32_t cut, last_enrolled;     /* last_enrolled INT32_MIN: nobody yet */
    int64_t target, enrolled;
    bool has_target, has_deadline;
    int32_t deadline;
    enum enrolled_means means;
};
/* The forecast of a study as of a day (data after it are not looked at). `result` is in c->mem. */
err_t recruitment_forecast(struct ctx *c, int64_t study, int32_t as_of, struct forecast_of *ret);

#endif
