/* columns_status.h: columns_status() without an error text, for looking at many values. Called by
 * columns_content.c. */
#ifndef FEATURES_RECRUITMENT_COLUMNS_STATUS_H
#define FEATURES_RECRUITMENT_COLUMNS_STATUS_H

#include "features/recruitment/columns.h"

bool columns_status_find(struct arena *a, const char *text, enum columns_status *ret);

#endif
