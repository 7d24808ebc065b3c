/* pages_details.h: what a form says of a study beyond its own row: dates, conditions, who can take part,
 * arms. Called by pages_edit.c. */
#ifndef FEATURES_STUDIES_PAGES_DETAILS_H
#define FEATURES_STUDIES_PAGES_DETAILS_H

#include "core/feature.h"

/* Fills `form` and the page's lists of choices and arms; study 0: a new one. */
err_t details_form(struct ctx *c, struct req *r, int64_t study, struct view *form, struct view *page);
/* Writes and notes what differs from what is kept. `ret_any`: something did. Errors: E_BAD_INPUT for a
 * date or an age that cannot be read, with its field. */
err_t details_save(struct ctx *c, const struct req *r, int64_t study, const char *code, bool *ret_any);

#endif
