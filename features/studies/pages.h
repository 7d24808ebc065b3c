/* pages.h: the handlers of this feature's routes, and what its pages share. */
#ifndef FEATURES_STUDIES_PAGES_H
#define FEATURES_STUDIES_PAGES_H

#include "core/feature.h"

http_handler page_portfolio, page_portfolio_export;
http_handler page_study, page_study_new, page_study_create, page_study_edit, page_study_save;
http_handler page_sites, page_site, page_site_new, page_site_create, page_site_edit, page_site_save;
http_handler page_people, page_team, page_team_grant, page_team_end;

/* The statuses that a form offers, NULL at the end. */
extern const char *const pages_statuses[];
/* "Phase 1, Phase 2" of "PHASE1|PHASE2"; NULL when there is none. */
const char *pages_phases(struct arena *a, const char *phases);
/* View list `key` {value, text, selected}: "" for what is not said, the usual literals of a set, and what
 * is chosen when it is none of them. */
void pages_options(struct ctx *c, struct view *page, const char *key, const char *set,
                   const char *const *literals, const char *chosen);
/* What was typed, when a form that was refused is shown again, else what is kept. */
const char *pages_typed(const struct req *r, const char *name, const char *kept);
/* What the form says of a field, NULL when it was emptied; `kept` when the form has no such field. */
const char *pages_sent(const struct req *r, const char *name, const char *kept);
/* `kept` when what was typed says the same but for ends of lines and white space at the ends: a form
 * that nobody touched changes nothing. */
const char *pages_same(struct arena *a, const char *kept, const char *typed);
/* View list "details" {kind, value, registry} in `v`: what this study tells the viewer of a person. */
err_t pages_contacts(struct ctx *c, const struct thing *t, int64_t person, struct view *v);

#endif
