/* history.c: the table of this feature. See README.md. */
#include "features/history/history.h"

#include "features/history/pages.h"

static const struct field export_form[] = {
    {"who", "person", FIELD_TEXT, .max = 20},
    {"what", "deed", FIELD_TEXT, .max = 60},
    {"from", "first day", FIELD_DATE},
    {"to", "last day", FIELD_DATE},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/studies/{study}/history",              page_study_history,  .perm = PERM_HISTORY_READ, .view = "history/study"},
    {POST, "/studies/{study}/history/export",       page_history_export, .perm = PERM_HISTORY_READ, .form = export_form, .audit = "history.export"},
    {GET,  "/studies/{study}/record",               page_record,         .perm = PERM_HISTORY_READ, .view = "history/record"},
    {GET,  "/studies/{study}/sites/{site}/history", page_site_history,   .perm = PERM_HISTORY_READ, .view = "history/site"},
    {GET,  "/organisations/{org}/history",          page_org_history,    .perm = PERM_SELF,         .view = "history/thing"},
    {GET,  "/people/{person}/history",              page_person_history, .perm = PERM_SELF,         .view = "history/thing"},
    {GET,  "/me/history",                           page_my_history,     .perm = PERM_SELF,         .view = "history/thing"},
};
static const struct menu menus[] = {
    {"History", "/studies/{study}/history", "history", PERM_HISTORY_READ, .study = true, .place = 80},
    {"History", "/studies/{study}/sites/{site}/history", "history", PERM_HISTORY_READ, .site = true, .place = 80},
};
static const struct deed deeds[] = {
    {"history.export", "exported the history of the study"},
};
static const struct option verify_options[] = {
    {"--against", "CHECKPOINT", "a line that this command printed before, or a file that begins with it"},
    {NULL, NULL, NULL},
};
static const struct command commands[] = {
    {"audit verify", "", "recompute the whole record; exit code 1 names the first row that does not hold",
     verify_options, NEEDS_DB_NO_KEYS, 0, 0, command_audit_verify},
    {"audit count", "", "how many rows the record has", NULL, NEEDS_DB_NO_KEYS, 0, 0, command_audit_count},
    {"audit export", "", "the record as JSON Lines, with all that is needed to recompute it (docs/inspector.md)",
     NULL, NEEDS_DB_NO_KEYS, 0, 0, command_audit_export},
};
static const char *const depends[] = {"studies", NULL};

const struct feature history_feature = {
    .name = "history", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .commands = commands, .n_commands = COUNT_OF(commands),
};
