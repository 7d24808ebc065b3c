/* people.c: the table of this feature: routes, menu, words of the record. See README.md. */
#include "features/people/people.h"

#include "features/people/pages.h"

static const struct field org_form[] = {
    {"name", "organisation's name", FIELD_TEXT, .required = true, .max = 300},
    {"kind", "kind", FIELD_TEXT, .max = 40},
    {"city", "city", FIELD_TEXT, .max = 120},
    {"country", "country", FIELD_TEXT, .max = 2},
    {NULL},
};
static const struct field org_edit_form[] = {
    {"name", "organisation's name", FIELD_TEXT, .required = true, .max = 300},
    {"kind", "kind", FIELD_TEXT, .max = 40},
    {"city", "city", FIELD_TEXT, .max = 120},
    {"state", "state or region", FIELD_TEXT, .max = 120},
    {"country", "country", FIELD_TEXT, .max = 2},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field person_form[] = {
    {"name", "person's name", FIELD_TEXT, .required = true},
    {"affiliation", "affiliation", FIELD_TEXT, .max = 300},
    {NULL},
};
static const struct field person_edit_form[] = {
    {"name", "person's name", FIELD_TEXT, .required = true},
    {"affiliation", "affiliation", FIELD_TEXT, .max = 300},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field tie_form[] = {
    {"with", "other end of the tie", FIELD_TEXT, .required = true, .max = 60},
    {"kind", "kind", FIELD_TEXT, .required = true, .max = 40},
    {"from", "first day", FIELD_DATE, .required = true},
    {"until", "last day", FIELD_DATE},
    {"note", "note", FIELD_TEXT, .max = 300},
    {NULL},
};
static const struct field end_form[] = {
    {"on", "last day", FIELD_DATE, .required = true},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/organisations",            page_orgs,          .perm = PERM_SELF,          .view = "people/orgs"},
    {GET,  "/organisations/new",        page_org_new,       .perm = PERM_SHARED_CREATE, .view = "people/org_new"},
    {POST, "/organisations/new",        page_org_create,    .perm = PERM_SHARED_CREATE, .view = "people/org_new", .form = org_form, .audit = "org.create"},
    {GET,  "/organisations/{org}",      page_org,           .perm = PERM_SELF,          .view = "people/org"},
    {GET,  "/organisations/{org}/edit", page_org_edit,      .perm = PERM_SHARED_EDIT,   .view = "people/org_edit"},
    {POST, "/organisations/{org}/edit", page_org_save,      .perm = PERM_SHARED_EDIT,   .view = "people/org_edit", .form = org_edit_form, .audit = "org.edit", .flags = ROUTE_REASON},
    {GET,  "/people",                   page_persons,       .perm = PERM_SELF,          .view = "people/persons"},
    {GET,  "/people/new",               page_person_new,    .perm = PERM_SHARED_CREATE, .view = "people/person_new"},
    {POST, "/people/new",               page_person_create, .perm = PERM_SHARED_CREATE, .view = "people/person_new", .form = person_form, .audit = "person.create"},
    {GET,  "/people/{person}",          page_person,        .perm = PERM_SELF,          .view = "people/person"},
    {GET,  "/people/{person}/edit",     page_person_edit,   .perm = PERM_SHARED_EDIT,   .view = "people/person_edit"},
    {POST, "/people/{person}/edit",     page_person_save,   .perm = PERM_SHARED_EDIT,   .view = "people/person_edit", .form = person_edit_form, .audit = "person.edit", .flags = ROUTE_REASON},
    {GET,  "/people/{person}/ties",     page_ties,          .perm = PERM_SHARED_EDIT,   .view = "people/ties"},
    {POST, "/people/{person}/ties",     page_tie_add,       .perm = PERM_SHARED_EDIT,   .view = "people/ties", .form = tie_form, .audit = "tie.add"},
    {POST, "/ties/{tie}/end",           page_tie_end,       .perm = PERM_SHARED_EDIT,   .view = "people/ties", .form = end_form, .audit = "tie.end"},
};
static const struct resolver resolvers[] = {
    {"org", resolve_org},
    {"person", resolve_person},
    {"tie", resolve_tie},
};
static const struct menu menus[] = {
    {"Organisations", "/organisations", "building-2", PERM_STUDY_READ, .phone = true, .place = 20},
    {"People", "/people", "users", PERM_STUDY_READ, .phone = true, .place = 30},
};
static const struct deed deeds[] = {
    {"org.create", "wrote down an organisation"},
    {"org.edit", "changed an organisation"},
    {"person.create", "wrote down a person"},
    {"person.edit", "changed a person"},
    {"tie.add", "noted a tie"},
    {"tie.end", "ended a tie"},
};
static const char *const depends[] = {"studies", NULL};

const struct feature people_feature = {
    .name = "people", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
};
