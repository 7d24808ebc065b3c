/* playbooks.h: what an event makes due, for both sides. What other features call when something happened, was
 * moved or fell away. Everything works inside the caller's transaction, as part of its one record row. */
#ifndef FEATURES_PLAYBOOKS_H
#define FEATURES_PLAYBOOKS_H

#include "base/ctx.h"
#include "core/feature.h"
#include "core/may.h"

extern const struct feature playbooks_feature;

struct playbook_event {
    int64_t study, study_site; /* study_site 0: of the whole study */
    const char *event;   /* a key of default.def: "visit.ended" */
    const char *day;     /* ISO */
    const char *time;    /* "14:20" where hours count; or NULL */
    const char *subject; /* "IMV 3 at 103, 12 Mar 2027": stands in what is due; or NULL */
    const char *key;     /* which happening it is, for ever: "visit:REF" */
    enum compartment comp;
    int64_t person;      /* who holds the role of the line when several do (the monitor of the visit); 0: whoever */
    bool by_hand;        /* noted by a person on the study's page of events */
};
/* Makes what the playbook in force says is due; called again with another day it moves what is neither
 * delivered nor overdue. Each item has the origin key "KEY/LINE". Errors: E_BAD_INPUT for an unknown event or
 * a day that is none. */
err_t playbook_event(struct ctx *c, const struct playbook_event *e);
/* What is due by it and not delivered falls away. */
err_t playbook_gone(struct ctx *c, const char *key, const char *why);
/* The item of that line is delivered by the work itself. `ret_due` 0: there is none, or it was. */
err_t playbook_done(struct ctx *c, const char *key, const char *line, int64_t *ret_due);

/* c->who signs the newest version for the sponsor (the shipped template when the study has none of its own);
 * then what is not delivered moves as the version says. E_CONFLICT: signed already. */
err_t playbook_sign_sponsor(struct ctx *c, const struct thing *study);
/* c->who signs the version in force for the site. E_CONFLICT: none is in force, or it is signed. */
err_t playbook_sign_site(struct ctx *c, const struct thing *site);

#endif
