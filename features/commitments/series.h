/* series.h: what repeats: weekly, monthly or every so many business days, until a day. The next one is made when
 * the last is delivered. Who agreed to the first agreed to the series: the next ones are routines. */
#ifndef FEATURES_COMMITMENTS_SERIES_H
#define FEATURES_COMMITMENTS_SERIES_H

#include "features/commitments/commitments.h"

/* Makes the item the first of a series. `every`: "week", "month" or "days" (business days, then n says how many,
 * from 1 to 60). Errors: E_BAD_INPUT field "repeat", "every_n", "until". */
err_t series_begin(struct ctx *c, int64_t due, const char *every, int64_t n, const char *until);
/* Called by store.c when an item was delivered: makes the next, if there is one. */
err_t series_next(struct ctx *c, int64_t due);
/* Nothing comes after this one. E_CONFLICT: it does not repeat. */
err_t series_end(struct ctx *c, int64_t due);
/* "every week until 3 Mar 2027", or NULL. */
err_t series_words(struct ctx *c, int64_t due, const char **ret);

#endif
