/* delegation.c: the table of this feature. See README.md. */
#include "features/delegation/delegation.h"

#include "core/sign.h"
#include "features/delegation/pages.h"
#include "features/delegation/store.h"

static const struct field add_form[] = {
    {"person", "person", FIELD_TEXT, .max = 20},
    {"name", "name", FIELD_TEXT, .max = 120},
    {"role", "role", FIELD_TEXT, .max = 80},
    {"tasks", "tasks", FIELD_TEXT, .many = true, .max = 60},
    {"more", "other tasks", FIELD_TEXT, .max = 300},
    {"from_on", "first day", FIELD_DATE, .required = true},
    {"to_on", "last day", FIELD_DATE},
    {NULL},
};
static const struct field change_form[] = {
    {"tasks", "tasks", FIELD_TEXT, .required = true, .max = 600},
    {"from_on", "first day", FIELD_DATE, .required = true},
    {"to_on", "last day", FIELD_DATE},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field sign_form[] = {{"lines", "lines", FIELD_TEXT, .many = true, .max = 20}, SIGN_FIELD, {NULL}};

#define LOG "/studies/{study}/sites/{site}/delegation"
static const struct route routes[] = {
    {GET,  LOG,              page_delegation,        .perm = PERM_SITE_READ,       .view = "delegation/log"},
    {POST, LOG,              page_delegation_add,    .perm = PERM_DELEGATION_EDIT, .view = "delegation/log", .form = add_form, .audit = "delegation.add"},
    {POST, LOG "/sign",      page_delegation_sign,   .prepare = sign_prepare, .perm = PERM_DELEGATION_SIGN, .view = "delegation/log", .form = sign_form, .audit = "delegation.sign", .flags = ROUTE_SLOW},
    {POST, LOG "/{line}",    page_delegation_change, .perm = PERM_DELEGATION_EDIT, .view = "delegation/log", .form = change_form, .audit = "delegation.change", .flags = ROUTE_REASON},
};

/* Looked up inside its site by the handler. */
static err_t
resolve_line(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"line", resolve_line}};
static const struct menu menus[] = {
    {"Delegation log", LOG, "clipboard-list", PERM_SITE_READ, .study = true, .site = true, .place = 30},
};
static const struct deed deeds[] = {
    {"delegation.add", "put somebody on the delegation log"},
    {"delegation.change", "changed a line of the delegation log"},
    {"delegation.ask", "asked the investigator to sign the delegation log"},
    {"delegation.sign", "signed the delegation log"},
};
static const char *const depends[] = {"studies", "commitments", "documents", NULL};

const struct feature delegation_feature = {
    .name = "delegation", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .job = delegation_job,
    .due_href = delegation_href,
    .stepped = delegation_stepped,
    .papers = delegation_papers,
};
