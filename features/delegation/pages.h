/* pages.h: the handlers of this feature. */
#ifndef FEATURES_DELEGATION_PAGES_H
#define FEATURES_DELEGATION_PAGES_H

#include "base/view.h"
#include "features/delegation/delegation.h"
#include "http/http.h"

/* The investigator's signature on a line as it stands, or NULL; in c->mem. */
struct delegation_list_row;
struct signature;
err_t delegation_signature(struct ctx *c, int64_t study, int64_t site, const struct delegation_list_row *x, struct signature **ret);

/* log.c: after a change of the log: one thing due from the investigator while a line waits, delivered when none does. */
err_t delegation_follow(struct ctx *c, int64_t study, int64_t site);
/* Where what is due is done. */
const char *delegation_due_href(struct ctx *c, const char *key);
/* The log as it stands, as a paper of the site's documents: a new version when it says something new. */
err_t delegation_file(struct ctx *c, int64_t study, int64_t site, const char *site_name);

http_handler page_delegation, page_delegation_add, page_delegation_change, page_delegation_sign;

#endif
