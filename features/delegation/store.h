/* store.h: the log as the parts of this feature read it, and what follows from writing it. Not for others. */
#ifndef FEATURES_DELEGATION_STORE_H
#define FEATURES_DELEGATION_STORE_H

#include "core/may.h"
#include "core/sign.h"
#include "features/delegation/delegation.h"
#include "features/delegation/delegation_sql.h"

enum { DELEGATION_LINES = 2000 };

struct delegation_line {
    const struct delegation_list_row *x;
    const struct signature *by; /* the first that holds for the line as it stands; NULL: it waits */
};
/* The lines as they stand, or those that a later version took the place of, with their signatures; three
 * queries however many they are. In c->mem. */
err_t delegation_lines(struct ctx *c, int64_t study, int64_t study_site, bool newest, struct delegation_line **ret, size_t *ret_n);

/* The study and site of a row: the thing and the site's ref. */
err_t delegation_place(struct ctx *c, int64_t study_site, struct thing *ret, const char **ret_ref);

/* wait.c: one thing due for the investigator as long as lines wait for her signature: makes it, says how many lines
 * wait, and closes it when none does or she no longer is the investigator. Inside a write; what the record row is
 * about and its action are to be said afterwards. */
err_t delegation_settle(struct ctx *c, const struct thing *site);
err_t delegation_stepped(struct ctx *c, const struct due_stepped *s);
const char *delegation_href(struct ctx *c, const char *origin_key);
err_t delegation_job(struct ctx *c);
/* A principal investigator of today stands first in the team. */
bool delegation_is_pi(const struct delegation_team_row *x);

/* paper.c: files the log as it stands, with what was signed of it. */
err_t delegation_file(struct ctx *c, const struct thing *site, const char *site_ref);
err_t delegation_papers(struct ctx *c, const struct thing *study, struct view *list);
const char *delegation_key(struct arena *a, int64_t study_site); /* of the thing due and of the paper */
const char *delegation_role(const char *word); /* for a person */

#endif
