/* queries.c: the table of this feature. See README.md. */
#include "features/queries/queries.h"

#include "features/queries/pages.h"

static const char *const orders[] = {"", "dmy", "mdy", NULL};
static const char *const what[] = {"take", "look", NULL};
static const struct field take_form[] = {
    {"do", "what to do", FIELD_CHOICE, .required = true, .choices = what},
    {"dates", "order of days", FIELD_CHOICE, .choices = orders},
    {"only", "study in the file", FIELD_TEXT, .max = 200},
    {"map_*", "column", FIELD_TEXT, .max = 200},
    {"file", "file", FIELD_FILE, .required = true},
    {NULL},
};
static const struct route routes[] = {
    {GET,  "/studies/{study}/queries",        page_queries,     .perm = PERM_STUDY_READ, .view = "queries/list"},
    {GET,  "/studies/{study}/queries/import", page_queries_new, .perm = PERM_ENROLMENT_IMPORT, .view = "queries/import"},
    {POST, "/studies/{study}/queries/import", page_queries_take, .prepare = page_queries_check, .perm = PERM_ENROLMENT_IMPORT, .view = "queries/import",
     .form = take_form, .audit = "queries.import", .body_max = 33 << 20, .flags = ROUTE_UPLOAD | ROUTE_SLOW},
};
static const struct menu menus[] = {
    {"Queries", "/studies/{study}/queries", "circle-help", PERM_STUDY_READ, .study = true, .place = 18},
};
static const struct deed deeds[] = {
    {"queries.import", "brought in a file of queries"},
    {"queries.look", "looked over a file of queries"},
};
static const struct command commands[] = {
    {"import queries", "--study CODE FILE", "bring in the queries of an EDC: CSV or .xlsx", queries_options, NEEDS_DB, 1, 1, command_import_queries},
};
static const char *const depends[] = {"studies", "recruitment", "commitments", "playbooks", NULL};

const struct feature queries_feature = {
    .name = "queries", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .commands = commands, .n_commands = COUNT_OF(commands),
};
