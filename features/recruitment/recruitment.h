/* recruitment.h: targets, plan, enrolment and its forecast. */
#ifndef FEATURES_RECRUITMENT_H
#define FEATURES_RECRUITMENT_H

#include "base/ctx.h"
#include "core/feature.h"

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
};
/* Chosen by hand: `mapping` holds "FIELD=column" pairs (names of columns_field_name), `order` of
 * ambiguous dates "dmy", "mdy" or NULL (then an ambiguous column is an error that asks). */
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
    int32_t shift_days;             /* the demo moves logs by whole weeks; 0 otherwise */
};
/* Reads and checks everything; writes nothing. */
struct import_plan;
err_t import_read(struct ctx *c, const struct import_how *how, struct import_plan **ret, struct import_result *ret_result);
/* Writes what was read, inside the running write transaction, and records it. Refused rows: an error
 * that names them. */
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
