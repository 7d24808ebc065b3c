/* pages.h: the handlers of this feature, and what it adds to other pages. */
#ifndef FEATURES_CONTACTS_PAGES_H
#define FEATURES_CONTACTS_PAGES_H

#include "base/view.h"
#include "features/contacts/contacts.h"
#include "http/http.h"

http_handler page_contacts, page_contact_add, page_contact_correct, page_contact_sites;

err_t contact_study_card(struct ctx *c, const struct thing *study, struct view *cards);
err_t contact_site_card(struct ctx *c, const struct thing *site, struct view *cards);
err_t contact_person_card(struct ctx *c, int64_t person, struct view *cards);
/* "today", "yesterday", "12 days ago"; NULL for no day. */
const char *contact_since(struct ctx *c, const char *iso);

#endif
