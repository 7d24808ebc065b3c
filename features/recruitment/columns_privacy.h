/* columns_privacy.h: columns that must not come in. Called by columns.c alone. */
#ifndef FEATURES_RECRUITMENT_COLUMNS_PRIVACY_H
#define FEATURES_RECRUITMENT_COLUMNS_PRIVACY_H

#include "features/recruitment/columns_content.h"
#include "features/recruitment/columns_names.h"

/* What a column holds about a person, in words that follow "looks like": "names", "birth dates"...
 * NULL: nothing. `known`: its name means some field. `enrolment`: the earliest day of the table's
 * own dates, or today. */
const char *columns_privacy_personal(const struct columns_header *h,
                                     const struct columns_content *c, enum columns_table table,
                                     bool known, int32_t enrolment);

/* Why a column looks like allocation, or NULL. */
const char *columns_privacy_allocation(const struct columns_header *h,
                                       const struct columns_content *c);

/* Whether the column names somebody or says how to reach them: of staff, if it came through at all.
 */
bool columns_privacy_is_contact(const struct columns_header *h);

#endif
