/* pages_import.h: handlers and commands of imports: enrolment logs, lists of sites, plans. Their lines
 * in the tables of recruitment.c:
 *
 * forms
 *   static const struct field import_form[] = {
 *       {"kind", "what the file holds", FIELD_CHOICE, .required = true, .choices = import_kinds},
 *       {"file", "file", FIELD_FILE, .required = true},
 *       {NULL},
 *   };
 *   static const struct field draft_form[] = {
 *       {"do", "what to do", FIELD_TEXT, .max = 10},
 *       {"sheet", "sheet", FIELD_TEXT, .max = 200},
 *       {"dates", "order of dates", FIELD_TEXT, .max = 3},
 *       {"column_*", "column", FIELD_TEXT, .max = 40},
 *       {"reason", "reason", FIELD_TEXT, .max = 500},
 *       {NULL},
 *   };
 *   static const struct field back_form[] = {
 *       {"reason", "reason", FIELD_TEXT, .required = true, .max = 500},
 *       {NULL},
 *   };
 *   static const struct field tracker_form[] = {
 *       {"code", "study's code", FIELD_TEXT, .required = true, .max = 40},
 *       {"title", "title", FIELD_TEXT, .required = true, .max = 300},
 *       {"target", "number of participants", FIELD_INT, .least = 1, .most = 10000000},
 *       {"file", "file", FIELD_FILE, .required = true},
 *       {NULL},
 *   };
 *
 * routes
 *   {GET,  "/studies/{study}/imports", page_imports, .perm = PERM_RECRUITMENT_READ, .view = "recruitment/imports"},
 *   {GET,  "/studies/{study}/imports/new", page_import_new, .perm = PERM_ENROLMENT_IMPORT, .view = "recruitment/import_new"},
 *   {POST, "/studies/{study}/imports/new", page_import_prepare, .prepare = page_import_check, .perm = PERM_ENROLMENT_IMPORT,
 *    .view = "recruitment/import_new", .form = import_form, .audit = "import.prepare", .body_max = 33 << 20, .flags = ROUTE_UPLOAD | ROUTE_SLOW},
 *   {GET,  "/studies/{study}/imports/draft/{draft}", page_draft, .prepare = page_draft_look, .perm = PERM_ENROLMENT_IMPORT,
 *    .view = "recruitment/import_draft", .flags = ROUTE_SLOW | ROUTE_CSV},
 *   {POST, "/studies/{study}/imports/draft/{draft}", page_draft_take, .prepare = page_draft_look, .perm = PERM_ENROLMENT_IMPORT,
 *    .view = "recruitment/import_draft", .form = draft_form, .audit = "import.apply", .flags = ROUTE_SLOW | ROUTE_REASON},
 *   {GET,  "/studies/{study}/imports/{import}/back", page_import_back, .perm = PERM_IMPORT_TAKE_BACK, .view = "recruitment/import_back"},
 *   {POST, "/studies/{study}/imports/{import}/back", page_import_back_do, .perm = PERM_IMPORT_TAKE_BACK,
 *    .view = "recruitment/import_back", .form = back_form, .audit = "import.back", .flags = ROUTE_REASON},
 *   {GET,  "/studies/from-tracker", page_tracker_new, .perm = PERM_STUDY_CREATE, .view = "recruitment/tracker_new"},
 *   {POST, "/studies/from-tracker", page_tracker_create, .prepare = page_tracker_check, .perm = PERM_STUDY_CREATE,
 *    .view = "recruitment/tracker_new", .form = tracker_form, .audit = "study.create", .body_max = 33 << 20, .flags = ROUTE_UPLOAD | ROUTE_SLOW},
 *
 * resolvers
 *   {"draft", import_resolve}, {"import", import_resolve},
 *
 * deeds
 *   {"import.prepare", "sent a file to be looked at"}, {"import.drop", "threw a file away"},
 *   {"import.apply", "brought in a file"}, {"import.back", "took an import back"},
 *
 * commands
 *   {"import enrolment", "--study CODE FILE", "bring in an enrolment log: CSV or .xlsx", import_enrolment_options, NEEDS_DB, 1, 1, command_import_enrolment},
 *   {"import sites", "--study CODE FILE", "bring in a list of sites with their openings: CSV or .xlsx", import_options, NEEDS_DB, 1, 1, command_import_sites},
 *   {"import plan", "--study CODE FILE", "bring in a planned curve: CSV or .xlsx", import_options, NEEDS_DB, 1, 1, command_import_plan},
 */
#ifndef FEATURES_RECRUITMENT_PAGES_IMPORT_H
#define FEATURES_RECRUITMENT_PAGES_IMPORT_H

#include "core/feature.h"
#include "features/recruitment/recruitment.h"

http_handler page_imports, page_import_new, page_import_check, page_import_prepare;
http_handler page_draft, page_draft_look, page_draft_take;
http_handler page_import_back, page_import_back_do;
http_handler page_tracker_new, page_tracker_check, page_tracker_create;

extern const char *const import_kinds[]; /* "enrolment", "sites", "plan", NULL */
/* Drafts and imports are looked up by their handlers, inside the study resolved before them. */
err_t import_resolve(struct ctx *c, const char *value, struct thing *t);

extern const struct option import_options[], import_enrolment_options[];
/* --map, --dates, --sheet, --only and --site. */
err_t commands_import_choices(struct ctx *c, const struct args *a, struct import_how *io);
/* What a page asks with a field, a command asks with an option: said after the error. */
err_t commands_import_advice(struct ctx *c, err_t e);
err_t command_import_enrolment(struct ctx *c, const struct args *a);
err_t command_import_sites(struct ctx *c, const struct args *a);
err_t command_import_plan(struct ctx *c, const struct args *a);

#endif
