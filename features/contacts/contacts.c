/* contacts.c: the table of this feature. See README.md. */
#include "features/contacts/contacts.h"

#include "features/contacts/pages.h"

static const struct field line_form[] = {
    {"line", "line", FIELD_TEXT, .required = true, .max = CONTACT_LINE},
    {"with", "person", FIELD_TEXT, .many = true, .max = 20},
    {"sure", "nobody in the trial is named", FIELD_BOOL},
    {NULL},
};
static const struct field correct_form[] = {
    {"way", "way", FIELD_TEXT, .required = true, .max = 10},
    {"day", "day", FIELD_DATE, .required = true},
    {"with", "person", FIELD_TEXT, .many = true, .max = 20},
    {"correct", "line", FIELD_TEXT, .max = 20},
    {NULL},
};

#define CONTACTS "/studies/{study}/sites/{site}/contacts"
static const struct route routes[] = {
    {GET,  CONTACTS,                    page_contacts,        .perm = PERM_CONTACT_LOG,  .view = "contacts/list"},
    {POST, CONTACTS,                    page_contact_add,     .perm = PERM_CONTACT_LOG,  .view = "contacts/list", .form = line_form, .audit = "contact.note"},
    {POST, CONTACTS "/{contact}",       page_contact_correct, .perm = PERM_CONTACT_LOG,  .view = "contacts/list", .form = correct_form, .audit = "contact.correct"},
    {GET,  "/studies/{study}/contacts", page_contact_sites,   .perm = PERM_CONTACT_LIST, .view = "contacts/sites"},
};

/* Looked up inside its site by the handler. */
static err_t
resolve_contact(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"contact", resolve_contact}};
static const struct menu menus[] = {
    {"Contacts", CONTACTS, "phone", PERM_CONTACT_LOG, .study = true, .site = true, .place = 25},
};
static const struct deed deeds[] = {
    {"contact.note", "noted a contact"},
    {"contact.correct", "corrected a note of a contact"},
};
static const char *const depends[] = {"studies", "commitments", NULL};

const struct feature contacts_feature = {
    .name = "contacts", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .study_cards = contact_study_card,
    .site_cards = contact_site_card,
    .person_cards = contact_person_card,
};
