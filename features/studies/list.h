/* list.h: the portfolio: which studies a person may see, filtered and in order. */
#ifndef FEATURES_STUDIES_LIST_H
#define FEATURES_STUDIES_LIST_H

#include "base/ctx.h"
#include "features/studies/studies_sql.h"

#include <stdbool.h>

enum { LIST_PAGE = 50, LIST_FACETS = 4 };

struct list_filter {
    const char *q;                   /* words to find, or NULL */
    const char *facet[LIST_FACETS];  /* "status=RECRUITING", ...; NULL ends */
    int order;                       /* STUDY_PORTFOLIO_BY_... */
    const char *after;               /* key of the last row of the page before, or NULL */
    int64_t after_id;
    size_t most;                     /* rows wanted; 0 = LIST_PAGE, which is the most */
};

/* At most LIST_PAGE (or `most`) rows that c->who may see, in order; `ret_more`: there are more. With `q` the best
 * matches come first and there is no next page. */
err_t list_page(struct ctx *c, const struct list_filter *f, struct study_rows_row **ret, size_t *ret_n,
                bool *ret_more);
/* The sort key of a row in an order, for the address of the next page. */
const char *list_key(const struct study_rows_row *row, int order);
/* How many studies have each facet, among those c->who may see. */
struct list_total {
    const char *facet;
    int64_t n;
};
err_t list_totals(struct ctx *c, struct list_total **ret, size_t *ret_n);

#endif
