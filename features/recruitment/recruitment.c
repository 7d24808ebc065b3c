/* recruitment.c: the table of this feature. See README.md. */
#include "features/recruitment/recruitment.h"

#include "features/recruitment/pages.h"
#include "features/recruitment/pages_import.h"

static const char *const means[] = {"consented", "randomised", "treated", "evaluable", NULL};
static const struct field targets_form[] = {
    {"means", "what enrolled means", FIELD_CHOICE, .required = true, .choices = means},
    {"target", "number of participants", FIELD_INT, .least = 1, .most = 10000000},
    {"deadline", "deadline", FIELD_DATE},
    {"failure_planned", "planned screen failure", FIELD_TEXT, .max = 10},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field plan_form[] = {
    {"points", "plan", FIELD_LONG, .required = true},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field opening_form[] = {
    {"planned_on", "planned opening", FIELD_DATE},
    {"opened_on", "day of opening", FIELD_DATE},
    {"closed_on", "day of closing", FIELD_DATE},
    {"goal", "goal", FIELD_INT, .least = 0, .most = 1000000},
    {"cap", "most", FIELD_INT, .least = 1, .most = 1000000},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field pause_form[] = {
    {"from", "first day", FIELD_DATE, .required = true},
    {"to", "last day", FIELD_DATE},
    {NULL},
};
static const struct field import_form[] = {
    {"kind", "what the file holds", FIELD_CHOICE, .required = true, .choices = import_kinds},
    {"file", "file", FIELD_FILE, .required = true},
    {NULL},
};
static const struct field draft_form[] = {
    {"do", "what to do", FIELD_TEXT, .max = 10},
    {"sheet", "sheet", FIELD_TEXT},
    {"shown", "sheet", FIELD_TEXT},
    {"dates", "order of dates", FIELD_TEXT, .max = 3},
    {"only", "study", FIELD_TEXT, .max = 200},
    {"site", "site", FIELD_TEXT, .max = 200},
    {"column_*", "column", FIELD_TEXT, .max = 40},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field back_form[] = {
    {"reason", "reason", FIELD_TEXT, .required = true, .max = 500},
    {NULL},
};
static const struct field tracker_form[] = {
    {"code", "study's code", FIELD_TEXT, .required = true, .max = 40},
    {"title", "title", FIELD_TEXT, .required = true, .max = 300},
    {"target", "number of participants", FIELD_INT, .least = 1, .most = 10000000},
    {"file", "file", FIELD_FILE, .required = true},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/studies/{study}/recruitment", page_recruitment, .perm = PERM_RECRUITMENT_READ, .view = "recruitment/page"},
    {GET,  "/studies/{study}/recruitment/data", page_recruitment_csv, .perm = PERM_RECRUITMENT_READ},
    {GET,  "/studies/{study}/targets", page_targets, .perm = PERM_PLAN_EDIT, .view = "recruitment/targets"},
    {POST, "/studies/{study}/targets", page_targets_save, .perm = PERM_PLAN_EDIT, .view = "recruitment/targets",
     .form = targets_form, .audit = "recruitment.targets", .flags = ROUTE_REASON},
    {GET,  "/studies/{study}/plan", page_plan, .perm = PERM_PLAN_EDIT, .view = "recruitment/plan"},
    {POST, "/studies/{study}/plan", page_plan_save, .perm = PERM_PLAN_EDIT, .view = "recruitment/plan",
     .form = plan_form, .audit = "recruitment.plan", .flags = ROUTE_REASON},
    {GET,  "/studies/{study}/sites/{site}/opening", page_opening, .perm = PERM_SITE_EDIT, .view = "recruitment/opening"},
    {POST, "/studies/{study}/sites/{site}/opening", page_opening_save, .perm = PERM_SITE_EDIT, .view = "recruitment/opening",
     .form = opening_form, .audit = "site.opening", .flags = ROUTE_REASON},
    {POST, "/studies/{study}/sites/{site}/pauses", page_pause_add, .perm = PERM_SITE_EDIT, .view = "recruitment/opening",
     .form = pause_form, .audit = "site.pause"},
    {GET,  "/studies/{study}/sites/{site}/participants", page_site_people, .perm = PERM_ENROLMENT_READ, .view = "recruitment/participants"},
    {GET,  "/studies/{study}/sites/{site}/recruitment", page_own, .perm = PERM_SITE_READ, .view = "recruitment/own"},
    {GET,  "/studies/{study}/imports", page_imports, .perm = PERM_RECRUITMENT_READ, .view = "recruitment/imports"},
    {GET,  "/studies/{study}/imports/new", page_import_new, .perm = PERM_ENROLMENT_IMPORT, .view = "recruitment/import_new"},
    {POST, "/studies/{study}/imports/new", page_import_prepare, .prepare = page_import_check, .perm = PERM_ENROLMENT_IMPORT,
     .view = "recruitment/import_new", .form = import_form, .audit = "import.prepare", .body_max = 33 << 20, .flags = ROUTE_UPLOAD | ROUTE_SLOW},
    {GET,  "/studies/{study}/imports/draft/{draft}", page_draft, .prepare = page_draft_look, .perm = PERM_ENROLMENT_IMPORT,
     .view = "recruitment/import_draft", .flags = ROUTE_SLOW | ROUTE_CSV},
    {POST, "/studies/{study}/imports/draft/{draft}", page_draft_take, .prepare = page_draft_look, .perm = PERM_ENROLMENT_IMPORT,
     .view = "recruitment/import_draft", .form = draft_form, .audit = "import.apply", .flags = ROUTE_SLOW | ROUTE_REASON},
    {GET,  "/studies/{study}/imports/{import}/back", page_import_back, .perm = PERM_IMPORT_TAKE_BACK, .view = "recruitment/import_back"},
    {POST, "/studies/{study}/imports/{import}/back", page_import_back_do, .perm = PERM_IMPORT_TAKE_BACK,
     .view = "recruitment/import_back", .form = back_form, .audit = "import.back", .flags = ROUTE_REASON},
    {GET,  "/studies/from-tracker", page_tracker_new, .perm = PERM_STUDY_CREATE, .view = "recruitment/tracker_new"},
    {POST, "/studies/from-tracker", page_tracker_create, .prepare = page_tracker_check, .perm = PERM_STUDY_CREATE,
     .view = "recruitment/tracker_new", .form = tracker_form, .audit = "study.create", .body_max = 33 << 20, .flags = ROUTE_UPLOAD | ROUTE_SLOW},
};
static const struct resolver resolvers[] = {
    {"draft", import_resolve},
    {"import", import_resolve},
};
static const struct menu menus[] = {
    {"Recruitment", "/studies/{study}/recruitment", "trending-up", PERM_RECRUITMENT_READ, .study = true, .phone = true, .place = 20,
     .also = {"/studies/{study}/targets", "/studies/{study}/plan", "/studies/{study}/imports"}},
    {"From a tracker", "/studies/from-tracker", "file-up", PERM_STUDY_CREATE, .place = 42},
    {"Recruitment", "/studies/{study}/sites/{site}/recruitment", "trending-up", PERM_SITE_READ, .site = true, .phone = true, .place = 5},
    {"Participants by code", "/studies/{study}/sites/{site}/participants", "users", PERM_ENROLMENT_READ, .site = true, .place = 10},
    {"Openings", "/studies/{study}/sites/{site}/opening", "calendar", PERM_SITE_EDIT, .site = true, .place = 20},
};
static const struct deed deeds[] = {
    {"recruitment.targets", "changed the recruitment targets"},
    {"recruitment.plan", "changed the planned enrolment"},
    {"site.opening", "changed when a site is open"},
    {"site.pause", "noted a suspension of a site"},
    {"import.prepare", "sent a file to be looked at"},
    {"import.drop", "threw a file away"},
    {"import.apply", "brought in a file"},
    {"import.back", "took an import back"},
};
static const struct option forecast_options[] = {
    {"--log", "FILE", "forecast this log (CSV or .xlsx) without any database: site, date, and country, subject, status"},
    {"--sites", "FILE", "with --log: site, country, opens_on, closed_on, cap"},
    {"--map", "FIELD=COLUMN,...", "with --log: which column is what, where that is in doubt"},
    {"--dates", "dmy|mdy", "with --log: the order of day and month, where that is in doubt"},
    {"--sheet", "NAME", "with --log: of an .xlsx with several sheets"},
    {"--only", "NAME", "with --log: of a file with several studies: which"},
    {"--site", "NAME", "with --log: of a file without a column of sites: the one site it is of"},
    {"--target", "N", "how many are to be enrolled (of a study: instead of its own target)"},
    {"--as-of", "DATE", "look from the end of this day (default: the last event; of a study: today)"},
    {"--deadline", "DATE", "say the chance to be complete by this day"},
    {"--level", "P", "of the ranges in the site table (default 0.8)"},
    {"--method", "NAME", "recommended (default), plugin, bayes or exact"},
    {"--plan-rate", "R", "planned participants per site and day"},
    {"--json", NULL, "everything, as JSON"},
    {NULL, NULL, NULL},
};
static const struct command commands[] = {
    {"forecast", "[CODE]", "when recruitment will end: of a study, or of any log with --log", forecast_options,
     NEEDS_DB_NO_KEYS, 0, 1, command_forecast, .unless = "--log"},
    {"import enrolment", "--study CODE FILE", "bring in an enrolment log: CSV or .xlsx", import_enrolment_options,
     NEEDS_DB, 1, 1, command_import_enrolment},
    {"import sites", "--study CODE FILE", "bring in a list of sites with their openings: CSV or .xlsx", import_options,
     NEEDS_DB, 1, 1, command_import_sites},
    {"import plan", "--study CODE FILE", "bring in a planned curve: CSV or .xlsx", import_options, NEEDS_DB, 1, 1,
     command_import_plan},
};
static const char *const depends[] = {"studies", NULL};

const struct feature recruitment_feature = {
    .name = "recruitment", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .commands = commands, .n_commands = COUNT_OF(commands),
    .study_cards = card_study,
};
