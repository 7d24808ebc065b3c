/* store.h: the versions of a study's playbook, and what an event makes due by one. */
#ifndef FEATURES_PLAYBOOKS_STORE_H
#define FEATURES_PLAYBOOKS_STORE_H

#include "core/may.h"
#include "features/playbooks/playbooks.h"
#include "features/playbooks/playbooks_sql.h"
#include "features/playbooks/rules.h"

/* The lines of a version; `version` 0: those that ship. */
err_t playbook_load(struct ctx *c, int64_t version, struct playbook_line **ret, size_t *ret_n);
/* The version in force (0: none, the template holds) and who signed it. `site` 0: not asked. */
err_t playbook_in_force(struct ctx *c, int64_t study, int64_t site, int64_t *ret_version, struct playbook_signs *ret);

/* The day and its reason for one line. */
struct playbook_day {
    const char *on, *why, *calendar;
};
err_t playbook_day_of(struct ctx *c, const struct playbook_line *l, const struct playbook_event *e, struct playbook_day *ret);

/* A changed line in the study's draft: makes the next version when the newest is signed. Nothing is due by it
 * before it is signed. Recorded; a GxP change, so that a reason must be given. */
err_t playbook_change(struct ctx *c, int64_t study, const struct playbook_line *changed, const char *reason);
/* An event told again after a version was signed: what is open moves, and what is to come is made; nothing begins
 * that would be late already. */
err_t playbook_again(struct ctx *c, const struct playbook_event *e);

/* What the draft would move: of the open items of the last events. */
struct playbook_move {
    const char *title, *ref, *old_on, *new_on; /* new_on NULL: stays as it is */
};
err_t playbook_preview(struct ctx *c, int64_t study, int64_t version, struct playbook_move **ret, size_t *ret_n);

#endif
