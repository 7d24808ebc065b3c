/* pages.h: the handlers of this feature's routes, its resolvers, and what its pages share. */
#ifndef FEATURES_PEOPLE_PAGES_H
#define FEATURES_PEOPLE_PAGES_H

#include "core/feature.h"
#include "features/people/people.h"
#include "features/people/people_sql.h"

http_handler page_orgs, page_org, page_org_new, page_org_create, page_org_edit, page_org_save;
http_handler page_persons, page_person, page_person_new, page_person_create, page_person_edit,
    page_person_save;
http_handler page_ties, page_tie_add, page_tie_end;

/* "{org}", "{person}" and "{tie}" of a path: E_NOT_FOUND when c->who may not know of it, exactly as
 * when there is none. The thing's organisations[0] is the one that runs the installation: shared
 * things are changed by its directors alone. */
err_t resolve_org(struct ctx *c, const char *ref, struct thing *ret);
err_t resolve_person(struct ctx *c, const char *ref, struct thing *ret);
err_t resolve_tie(struct ctx *c, const char *ref, struct thing *ret);

/* Where a list goes on, from a query value "key~id": false when there is none. */
bool pages_after(struct ctx *c, struct req *r, const char *name, const char **ret_key,
                 int64_t *ret_id);
/* "key~id", to be put into an address. */
const char *pages_after_text(struct ctx *c, const char *key, int64_t id);
/* "Leeds, United Kingdom"; NULL when neither is known. */
const char *pages_place(struct arena *a, const char *city, const char *country);
/* The tabs of an organisation's or a person's page. */
void pages_tabs(struct view *page, const char *href);
/* Sets "from", "until" (words for a person) and "over" of something dated. */
void pages_span(struct ctx *c, struct view *v, const char *from_on, const char *to_on);

/* Page key "person" {ref, name, href, affiliation}, and the row. */
struct core_person_row;
err_t pages_person_head(struct ctx *c, int64_t person, struct core_person_row *ret,
                        struct view *page);
/* Page keys "granted" (roles in studies) and "ties", as far as c->who may know of them; `end`: with
 * the addresses at which ties that still hold are ended. */
err_t pages_ties(struct ctx *c, const struct sight *s, int64_t person, bool end, struct view *page);

#endif
