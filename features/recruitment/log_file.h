/* log_file.h: a forecast straight from an enrolment log in CSV, with no database: what the command
 * `rapport forecast --log` does, given the bytes of its files, when they are of this plain format.
 * Any other log goes through forecast_file.c. No database.
 *
 * Log: a header with `site` and `date` (and, where there, `country`, `subject`, `status`), in any
 * order and case; other columns are ignored. A date is 2021-08-31 or 2021-08. Status is a word that
 * columns_status knows; empty is enrolled. Sites file: `site`, and any of `country`,
 * `opens_on`, `closed_on`, `cap`, `planned_on` (the day an opening was once planned for, from which
 * slips are learned); several rows of one site are its open stretches. */
#ifndef FEATURES_RECRUITMENT_LOG_FILE_H
#define FEATURES_RECRUITMENT_LOG_FILE_H

#include "base/err.h"
#include "models/enrolment.h"

struct arena;
struct view;

struct log_options {
    int64_t target;         /* how many are to be enrolled in all; at least 1 */
    const char *as_of;      /* ISO day; NULL: the day of the last row */
    const char *deadline;   /* ISO day; NULL: none */
    const char *method;     /* NULL: "recommended" */
    double level;           /* of the site table's intervals, between 0 and 1; 0: 0.8 */
    double plan_rate;       /* planned rate per site and day; 0: no plan */
    bool openings_are_sure; /* openings to come take place on their day, instead of slipping */
};

/* Reads both files (sites_text may be NULL) into a study. Errors are E_BAD_INPUT with the file,
 * line and column as place and field, or E_USAGE for an option. Memory in `a`, which must outlive
 * `ret`; the texts need not. */
err_t log_read(struct arena *a, const char *log_text, size_t n, const char *sites_text, size_t m,
               const struct log_options *o, struct enrolment *ret);

/* The options alone: into `ret`, whose rows stay. */
err_t log_options_read(struct arena *a, const struct log_options *o, struct enrolment_input *ret);
/* The forecast of what was read. */
err_t log_forecast_of(struct arena *a, const struct enrolment *e, struct view **ret);

/* The same, forecast: the view of models/forecast_json.h. A refusal is E_BAD_INPUT that says what
 * is missing. */
err_t log_forecast(struct arena *a, const char *log_text, size_t n, const char *sites_text,
                   size_t m, const struct log_options *o, struct view **ret);

#endif
