/* registry.c: the table of this feature. See README.md. */
#include "features/registry/registry.h"

#include "features/registry/pages.h"

static const struct field upload_form[] = {
    {"file", "registry's file", FIELD_FILE, .required = true},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/import/registry", page_registry, .perm = PERM_REGISTRY_IMPORT, .view = "registry/upload"},
    {POST, "/import/registry", page_registry_import, .prepare = page_registry_check, .perm = PERM_REGISTRY_IMPORT,
     .view = "registry/upload", .form = upload_form, .audit = "registry.import", .body_max = 64 << 20,
     .flags = ROUTE_UPLOAD | ROUTE_SLOW},
    {GET,  "/studies/{study}/original", page_original, .perm = PERM_STUDY_ORIGINAL, .view = "registry/original"},
    {GET,  "/studies/{study}/original/download", page_original_json, .perm = PERM_STUDY_ORIGINAL},
};
static const struct menu menus[] = {
    {"From the registry", "/import/registry", "upload", PERM_REGISTRY_IMPORT, .place = 40},
};
static const struct deed deeds[] = {
    {"registry.import", "brought in a registry file"},
};
static const struct option report_options[] = {
    {"--csv", NULL, "a comma-separated table, one row a study"},
    {NULL, NULL, NULL},
};
static const struct command commands[] = {
    {"import registry", "PATH...", "bring in ClinicalTrials.gov records: files, folders, JSON Lines, gzip",
     NULL, NEEDS_DB, 1, -1, command_import_registry},
    {"report registry", "--csv", "one row a study, counted from the tables: reconcile an import with it",
     report_options, NEEDS_DB_NO_KEYS, 0, 0, command_report_registry},
};
static const char *const depends[] = {"studies", NULL};

const struct feature registry_feature = {
    .name = "registry", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .commands = commands, .n_commands = COUNT_OF(commands),
};
