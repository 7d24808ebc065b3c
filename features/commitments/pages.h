/* pages.h: the handlers of this feature, and what they share. */
#ifndef FEATURES_COMMITMENTS_PAGES_H
#define FEATURES_COMMITMENTS_PAGES_H

#include "base/view.h"
#include "features/commitments/commitments.h"
#include "features/commitments/commitments_sql.h"
#include "http/http.h"

http_handler page_day, page_day_note;
/* What needs c->who, for the navigation. */
err_t page_day_count(struct ctx *c, int64_t *ret_n, bool *ret_hot);
http_handler page_feed, page_feed_make, page_feed_end, page_feed_read;
http_handler page_ask, page_ask_send;
http_handler page_due, page_due_step, page_due_say, page_due_undo;
http_handler page_due_series_end;
http_handler page_due_wait, page_due_wait_end, page_due_pass, page_due_pass_back;
/* What hangs on others, on the page of an item: "waits" { title, href }, "waitable", "colleagues". */
err_t share_view(struct ctx *c, const struct due_get_row *x, bool owing, struct view *page);
http_handler page_ladder, page_ladder_set, page_due_help;
http_handler page_study_due;

/* The item that the address names; the resolver has asked whether c->who may know of it. */
err_t pages_due(struct ctx *c, const struct req *r, struct due_get_row *ret);

/* One row of a list: { title, href, why, due, late, today, kind, icon, asked, step, label, study }, as
 * c->who sees it; `acting`: the side she acts for there, SIDE_NOBODY for a reader. */
void line_add(struct ctx *c, const struct due_list_row *x, enum due_side acting, struct view *list);

/* Rows of `ids` in their order. */
err_t line_fetch(struct ctx *c, const int64_t *ids, size_t n, struct due_list_row **ret, size_t *ret_n);

/* "23 Nov", with the year where it is not this one; "today", "tomorrow". NULL gives NULL. */
const char *line_day(struct ctx *c, const char *iso);

#endif
