/* contacts.c: the table of this feature. See README.md. */
#include "features/contacts/contacts.h"

#include "features/contacts/pages.h"

static const struct field line_form[] = {{"line", "line", FIELD_TEXT, .required = true, .max = 500}, {NULL}};

#define CONTACTS "/studies/{study}/sites/{site}/contacts"
static const struct route routes[] = {
    {GET,  CONTACTS, page_contacts,    .perm = PERM_CONTACT_LOG, .view = "contacts/list"},
    {POST, CONTACTS, page_contact_add, .perm = PERM_CONTACT_LOG, .view = "contacts/list", .form = line_form, .audit = "contact.note"},
};
static const struct menu menus[] = {
    {"Contacts", CONTACTS, "phone", PERM_CONTACT_LOG, .study = true, .site = true, .place = 25},
};
static const struct deed deeds[] = {{"contact.note", "noted a contact"}};
static const char *const depends[] = {"studies", "commitments", NULL};

const struct feature contacts_feature = {
    .name = "contacts", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
};
