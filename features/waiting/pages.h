/* pages.h: the handlers of this feature, and what they share. */
#ifndef FEATURES_WAITING_PAGES_H
#define FEATURES_WAITING_PAGES_H

#include "base/view.h"
#include "core/may.h"
#include "features/commitments/commitments.h"
#include "features/waiting/rules.h"
#include "features/waiting/waiting_sql.h"
#include "http/http.h"

http_handler page_waiting, page_waiting_all, page_working, page_seen;

/* What was due between the sides in the last WAITING_DAYS, newest first, at most 5,000; `all` or `sites`. */
err_t pages_rates(struct ctx *c, const struct thing *t, bool all, const int64_t *sites, size_t n_sites, struct wait_rates_row **ret, size_t *ret_n);
/* The rate of one site (0: of all) in one direction. */
void pages_rate_of(struct ctx *c, const struct wait_rates_row *x, size_t n, int64_t site, bool owing_at_site, struct waiting_rate *ret);
struct waiting_item pages_item_of(struct ctx *c, const struct wait_rates_row *x);
/* Adds { words, due, moved, turnaround, bar } under the key. */
void pages_rate_view(struct ctx *c, const struct waiting_rate *r, struct view *v, const char *key);

/* Adds the open things of a study that somebody waits for, chains first, to the page: "chains", "groups".
 * `ret_n`: how many. */
err_t pages_groups(struct ctx *c, const struct thing *t, size_t most_groups, struct view *page, size_t *ret_n);

/* In a few words, on the study's first page. */
err_t pages_waiting_card(struct ctx *c, const struct thing *t, struct view *cards);

#endif
