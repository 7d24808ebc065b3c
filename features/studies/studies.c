/* studies.c: the table of this feature: routes, menu, words of the record. See README.md. */
#include "features/studies/studies.h"

#include "features/studies/pages.h"

/* What a new study's form and the form for changing one both have. */
#define DETAILS \
    {"enrolment", "number of participants", FIELD_INT, .least = 0, .most = 10000000}, \
    {"enrolment_type", "planned or counted", FIELD_TEXT, .max = 40}, \
    {"summary", "summary", FIELD_LONG, .max = 40000}, \
    {"description", "description", FIELD_LONG, .max = 80000}, \
    {"conditions", "conditions", FIELD_LONG}, \
    {"start", "start", FIELD_DATE, .partial = true}, \
    {"start_type", "start, expected or actual", FIELD_TEXT, .max = 40}, \
    {"primary", "primary completion", FIELD_DATE, .partial = true}, \
    {"primary_type", "primary completion, expected or actual", FIELD_TEXT, .max = 40}, \
    {"completion", "completion", FIELD_DATE, .partial = true}, \
    {"completion_type", "completion, expected or actual", FIELD_TEXT, .max = 40}, \
    {"criteria", "criteria", FIELD_LONG, .max = 80000}, \
    {"sex", "sex", FIELD_TEXT, .max = 40}, \
    {"minimum_age", "youngest age", FIELD_TEXT, .max = 40}, \
    {"maximum_age", "oldest age", FIELD_TEXT, .max = 40}, \
    {"healthy", "healthy volunteers", FIELD_TEXT, .max = 10}, \
    {"arm_at", "arm", FIELD_HIDDEN, .many = true, .max = 10}, \
    {"arm_label", "name of the arm", FIELD_TEXT, .many = true}, \
    {"arm_type", "kind of arm", FIELD_TEXT, .many = true, .max = 40}, \
    {"arm_description", "description of the arm", FIELD_LONG, .many = true},

static const struct field study_form[] = {
    {"code", "study's code", FIELD_TEXT, .required = true, .max = 40},
    {"title", "title", FIELD_TEXT, .required = true, .max = 300},
    {"official_title", "official title", FIELD_LONG, .max = 600},
    {"acronym", "acronym", FIELD_TEXT, .max = 30},
    {"sponsor", "sponsor", FIELD_TEXT, .max = 200},
    {"status", "status", FIELD_TEXT, .max = 40},
    {"phases", "phase", FIELD_TEXT, .max = 40},
    DETAILS
    {NULL},
};
static const struct field edit_form[] = {
    {"title", "title", FIELD_TEXT, .required = true, .max = 300},
    {"official_title", "official title", FIELD_LONG, .max = 600},
    {"acronym", "acronym", FIELD_TEXT, .max = 30},
    {"status", "status", FIELD_TEXT, .max = 40},
    {"phases", "phase", FIELD_TEXT, .max = 40},
    DETAILS
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field site_form[] = {
    {"number", "site's number", FIELD_TEXT, .max = 40},
    {"name", "organisation's name", FIELD_TEXT, .required = true},
    {"city", "city", FIELD_TEXT},
    {"country", "country", FIELD_TEXT, .max = 2},
    {"status", "status", FIELD_TEXT, .max = 40},
    {NULL},
};
static const struct field site_edit_form[] = {
    {"number", "site's number", FIELD_TEXT, .max = 40},
    {"label", "what the site is called here", FIELD_TEXT},
    {"status", "status", FIELD_TEXT, .max = 40},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field grant_form[] = {
    {"email", "e-mail address", FIELD_EMAIL, .required = true},
    {"role", "role", FIELD_TEXT, .required = true, .max = 40},
    {"site", "site", FIELD_TEXT, .max = 20},
    {"compartment", "compartment", FIELD_TEXT, .max = 20},
    {"from", "first day", FIELD_DATE, .required = true},
    {"until", "last day", FIELD_DATE},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field end_form[] = {
    {"on", "last day", FIELD_DATE, .required = true},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field export_form[] = {
    {"q", "words", FIELD_TEXT},
    {"phase", "phase", FIELD_TEXT},
    {"status", "status", FIELD_TEXT},
    {"country", "country", FIELD_TEXT},
    {"sponsor", "sponsor's kind", FIELD_TEXT},
    {"sort", "order", FIELD_TEXT},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/studies",                     page_portfolio,        .perm = PERM_SELF,         .view = "studies/list"},
    {POST, "/studies/export",              page_portfolio_export, .perm = PERM_SELF,         .form = export_form, .audit = "studies.export"},
    {GET,  "/studies/new",                 page_study_new,        .perm = PERM_STUDY_CREATE, .view = "studies/new"},
    {POST, "/studies/new",                 page_study_create,     .perm = PERM_STUDY_CREATE, .view = "studies/new", .form = study_form, .audit = "study.create", .body_max = 1 << 20},
    {GET,  "/studies/{study}",             page_study,            .perm = PERM_STUDY_READ,   .view = "studies/study"},
    {GET,  "/studies/{study}/edit",        page_study_edit,       .perm = PERM_STUDY_EDIT,   .view = "studies/edit"},
    {POST, "/studies/{study}/edit",        page_study_save,       .perm = PERM_STUDY_EDIT,   .view = "studies/edit", .form = edit_form, .audit = "study.edit", .body_max = 1 << 20, .flags = ROUTE_REASON},
    {GET,  "/studies/{study}/people",      page_people,           .perm = PERM_STUDY_READ,   .view = "studies/people"},
    {GET,  "/studies/{study}/team",        page_team,             .perm = PERM_STUDY_TEAM,   .view = "studies/team"},
    {POST, "/studies/{study}/team",        page_team_grant,       .perm = PERM_STUDY_GRANT,  .view = "studies/team", .form = grant_form, .audit = "role.grant"},
    {POST, "/studies/{study}/team/{role}/end", page_team_end,     .perm = PERM_STUDY_GRANT,  .view = "studies/team", .form = end_form, .audit = "role.end"},
    {GET,  "/studies/{study}/sites",       page_sites,            .perm = PERM_SITE_LIST,    .view = "studies/sites"},
    {GET,  "/studies/{study}/sites/new",   page_site_new,         .perm = PERM_SITE_CREATE,  .view = "studies/site_new"},
    {POST, "/studies/{study}/sites/new",   page_site_create,      .perm = PERM_SITE_CREATE,  .view = "studies/site_new", .form = site_form, .audit = "site.create"},
    {GET,  "/studies/{study}/sites/{site}", page_site,            .perm = PERM_SITE_READ,    .view = "studies/site"},
    {GET,  "/studies/{study}/sites/{site}/edit", page_site_edit,  .perm = PERM_SITE_EDIT,    .view = "studies/site_edit"},
    {POST, "/studies/{study}/sites/{site}/edit", page_site_save,  .perm = PERM_SITE_EDIT,    .view = "studies/site_edit", .form = site_edit_form, .audit = "site.edit", .flags = ROUTE_REASON},
};

static err_t
role_resolve(struct ctx *c, const char *ref, struct thing *t)
{
    return NULL; /* the handler looks it up inside the study that was resolved before it */
}

static const struct resolver resolvers[] = {
    {"study", study_resolve},
    {"site", site_resolve},
    {"role", role_resolve},
};
static const struct menu menus[] = {
    {"Studies", "/studies", "library", PERM_SELF, .phone = true, .place = 10},
    {"Overview", "/studies/{study}", "layout-dashboard", PERM_STUDY_READ, .study = true, .phone = true, .place = 10},
    {"Sites", "/studies/{study}/sites", "map-pin", PERM_SITE_LIST, .study = true, .phone = true, .place = 30},
};
static const struct deed deeds[] = {
    {"study.create", "created the study"},
    {"study.edit", "changed the study"},
    {"studies.export", "exported the list of studies"},
    {"role.grant", "granted a role"},
    {"role.end", "ended a role"},
    {"site.create", "added a site"},
    {"site.edit", "changed a site"},
};

const struct feature studies_feature = {
    .name = "studies",
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
};
