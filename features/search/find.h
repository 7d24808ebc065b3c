/* find.h: the studies that words or a number lead to, among those c->who may see. */
#ifndef FEATURES_SEARCH_FIND_H
#define FEATURES_SEARCH_FIND_H

#include "base/ctx.h"
#include "features/search/search_sql.h"

#include <stdbool.h>

enum {
    FIND_MOST = 20,
    FIND_WORDS_LEAST = 2 /* letters, so that as one types not everything comes */
};

/* Studies with exactly this code or other number (as typed, or in capitals), at most FIND_MOST. */
err_t find_by_number(struct ctx *c, const char *q, struct search_studies_row **ret, size_t *ret_n);
/* Studies that hold words beginning with every word of `q`, best first, at most FIND_MOST, without
 * the `n_not` ids of `not`. `ret_more`: there are more. */
err_t find_by_words(struct ctx *c, const char *q, const int64_t *not, size_t n_not,
                    struct search_studies_row **ret, size_t *ret_n, bool *ret_more);

#endif
