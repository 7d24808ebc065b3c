/* list.h: reading a history: the rows that may be seen, newest first, each as an entry of the view. */
#ifndef FEATURES_HISTORY_LIST_H
#define FEATURES_HISTORY_LIST_H

#include "base/ctx.h"
#include "base/view.h"
#include "features/history/wall.h"

enum { LIST_PAGE = 50, LIST_CHANGES = 20 };

struct list_ask {
    enum page_of of;
    const struct thing *thing;
    const char *kind; /* "study", "site", "person", "organisation" */
    int64_t id;       /* the thing; of OF_SELF the person */
    int64_t before;   /* INT64_MAX: from the newest on */
    int64_t actor, since, until; /* filters; 0: none. Microseconds UTC, `until` not included */
    const char *action;          /* filter, or NULL */
};

/* Told of every row that may be seen. `body` NULL with `bodies` false. The memory of c->mem that it
 * uses is gone afterwards; `out` is the caller's. Setting *ret_stop ends the reading. */
typedef err_t list_fn(struct ctx *c, void *arg, const struct history_row *r, const struct sightline *s,
                      const struct body *b, bool *ret_stop);
err_t list_each(struct ctx *c, const struct list_ask *ask, list_fn *fn, void *arg);

/* Fills "history" (see web/partial/history.html) with at most LIST_PAGE entries, "empty" when there
 * are none, and "pager"; `href`: address of the page with its filters, ending in ? or &. */
err_t list_view(struct ctx *c, const struct list_ask *ask, const char *href, struct view *page);
/* "14 Mar 2026, 09:05 CET" in the installation's zone. */
const char *list_when(struct ctx *c, int64_t us);

#endif
