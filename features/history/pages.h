/* pages.h: the handlers and commands of this feature. */
#ifndef FEATURES_HISTORY_PAGES_H
#define FEATURES_HISTORY_PAGES_H

#include "core/feature.h"
#include "features/history/list.h"

http_handler page_study_history, page_site_history, page_org_history, page_person_history, page_my_history;
http_handler page_record, page_history_export;

/* Reads filters by `get` (req_query or req_form) into `ask`; only what a filter offers is taken.
 * `page` NULL: not shown. `ret_href`: this page's address with what was chosen. */
struct req;
err_t pages_filter(struct ctx *c, const struct req *r, const char *(*get)(const struct req *, const char *),
                   struct list_ask *ask, struct view *page, const char **ret_href);

err_t command_audit_verify(struct ctx *c, const struct args *a);
err_t command_audit_count(struct ctx *c, const struct args *a);
err_t command_audit_export(struct ctx *c, const struct args *a);

#endif
