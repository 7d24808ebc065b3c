/* forecast_file.h: a forecast straight from the files an operator has, in their own columns, with no
 * database: what `rapport forecast --log` does. The log may be all that `import enrolment` reads, the
 * sites all that `import sites` reads; nothing is kept, so columns of names are passed over. */
#ifndef FEATURES_RECRUITMENT_FORECAST_FILE_H
#define FEATURES_RECRUITMENT_FORECAST_FILE_H

#include "features/recruitment/log_file.h"
#include "features/recruitment/recruitment.h"

struct forecast_files {
    struct import_how log;          /* data, n, and what was chosen by hand */
    const char *sites;              /* NULL: none */
    size_t n_sites;
    struct log_options options;
};
/* First as the plain format of log_file.h, then as any table. `ret_notes`: what a person should know of
 * how it was read. Needs c->mem and c->today alone. Errors as log_read and import_read. */
err_t forecast_files(struct ctx *c, const struct forecast_files *f, struct view **ret,
                     const char *const **ret_notes, size_t *ret_n);

#endif
