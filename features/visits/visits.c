/* visits.c: the table of this feature. See README.md. */
#include "features/visits/visits.h"

#include "base/str.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/studies/studies.h"
#include "features/visits/pages.h"

#include <string.h>

static const struct field plan_form[] = {
    {"sites", "sites", FIELD_TEXT, .many = true, .max = 20},
    {"kind", "kind", FIELD_TEXT, .max = 10},
    {"first_on", "first day", FIELD_DATE, .required = true},
    {"days", "days", FIELD_INT, .least = 1, .most = 10},
    {"row", "one after another", FIELD_BOOL},
    {"remote", "remote", FIELD_BOOL},
    {"trip", "trip", FIELD_TEXT, .max = 120},
    {"monitor", "monitor", FIELD_TEXT, .max = 20},
    {"why", "cause", FIELD_TEXT, .max = 1000},
    {"agenda", "agenda", FIELD_LONG, .max = 4000},
    {NULL},
};
static const struct field move_form[] = {
    {"day", "new day", FIELD_DATE, .required = true},
    {"why", "why", FIELD_TEXT, .required = true, .max = 1000},
    {NULL},
};
static const struct field agree_form[] = {
    {"how", "how it was agreed", FIELD_TEXT, .required = true, .max = 300},
    {NULL},
};
static const struct field cancel_form[] = {
    {"why", "why", FIELD_TEXT, .required = true, .max = 1000},
    {"day", "day in its place", FIELD_DATE},
    {NULL},
};
static const struct field agenda_form[] = {{"agenda", "agenda", FIELD_LONG, .max = 4000}, {NULL}};
static const struct field hold_form[] = {
    {"first_on", "first day", FIELD_DATE, .required = true},
    {"last_on", "last day", FIELD_DATE, .required = true},
    {"there", "who was there", FIELD_TEXT, .many = true, .max = 40},
    {"others", "others", FIELD_LONG, .max = 4000},
    {NULL},
};
static const struct field report_form[] = {
    {"seen", NULL, FIELD_INT, .least = 0, .most = 1000000000},
    {"first_on", "first day", FIELD_DATE, .required = true},
    {"last_on", "last day", FIELD_DATE, .required = true},
    {"mark_*", "reviewed", FIELD_TEXT, .max = 20},
    {"text_*", "what was seen", FIELD_LONG},
    {"status_*", "status", FIELD_TEXT, .max = 10},
    {"note_*", "note", FIELD_TEXT, .max = 1000},
    {NULL},
};
static const struct field finding_form[] = {
    {"title", "what was found", FIELD_TEXT, .max = 300},
    {"important", "important", FIELD_BOOL},
    {"owner", "who sees to it", FIELD_TEXT, .max = 20},
    {"due_on", "day", FIELD_DATE},
    {"do", NULL, FIELD_HIDDEN, .max = 10},
    {NULL},
};
static const struct field new_finding_form[] = {
    {"title", "what was found", FIELD_TEXT, .required = true, .max = 300},
    {"important", "important", FIELD_BOOL},
    {"owner", "who sees to it", FIELD_TEXT, .max = 20},
    {"due_on", "day", FIELD_DATE},
    {NULL},
};
static const struct field sign_form[] = {SIGN_FIELD, {NULL}};
static const struct field back_form[] = {{"why", "what is to be changed", FIELD_LONG, .required = true, .max = 2000}, {NULL}};
static const struct field letter_form[] = {{"words", "words", FIELD_LONG, .max = 6000}, {NULL}};
static const struct field none_form[] = {{NULL}};
static const struct field sections_form[] = {
    {"kind", "kind", FIELD_TEXT, .required = true, .max = 10},
    {"sections", "sections", FIELD_LONG, .required = true, .max = 12000},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/studies/{study}/visits",      page_visits,           .perm = PERM_STUDY_READ, .view = "visits/list"},
    {GET,  "/studies/{study}/visits/plan", page_visits_plan,      .perm = PERM_VISIT_PLANS, .view = "visits/plan"},
    {POST, "/studies/{study}/visits/plan", page_visits_plan_send, .perm = PERM_VISIT_PLANS, .view = "visits/plan", .form = plan_form, .audit = "visit.plan"},
    {GET,  "/studies/{study}/visits/sections", page_visit_sections, .perm = PERM_VISIT_APPROVE, .view = "visits/sections"},
    {POST, "/studies/{study}/visits/sections", page_visit_sections_save, .perm = PERM_VISIT_APPROVE, .view = "visits/sections", .form = sections_form, .audit = "visit.sections", .flags = ROUTE_REASON},
    {GET,  "/visits/{visit}",              page_visit,            .perm = PERM_STUDY_READ, .view = "visits/visit"},
    {POST, "/visits/{visit}/move",         page_visit_move,       .perm = PERM_VISIT_PLAN, .view = "visits/visit", .form = move_form, .audit = "visit.move"},
    {POST, "/visits/{visit}/agree",        page_visit_agree,      .perm = PERM_VISIT_PLAN, .view = "visits/visit", .form = agree_form, .audit = "visit.agree"},
    {POST, "/visits/{visit}/cancel",       page_visit_cancel,     .perm = PERM_VISIT_PLAN, .view = "visits/visit", .form = cancel_form, .audit = "visit.cancel"},
    {POST, "/visits/{visit}/agenda",       page_visit_agenda,     .perm = PERM_VISIT_PLAN, .view = "visits/visit", .form = agenda_form, .audit = "visit.agenda"},
    {POST, "/visits/{visit}/confirm",      page_visit_confirm,    .perm = PERM_VISIT_PLAN, .view = "visits/visit", .form = none_form, .audit = "visit.confirm"},
    {GET,  "/visits/{visit}/confirmation", page_visit_confirmation_pdf, .perm = PERM_STUDY_READ},
    {POST, "/visits/{visit}/hold",         page_visit_hold,       .perm = PERM_VISIT_PLAN, .view = "visits/visit", .form = hold_form, .audit = "visit.hold"},
    {GET,  "/visits/{visit}/report",       page_report,           .perm = PERM_STUDY_READ, .view = "visits/report"},
    {POST, "/visits/{visit}/report",       page_report_save,      .perm = PERM_VISIT_REPORT, .view = "visits/report", .form = report_form, .audit = "report.save", .body_max = 2 << 20},
    {GET,  "/visits/{visit}/report/pdf",   page_report_pdf,       .perm = PERM_STUDY_READ},
    {POST, "/visits/{visit}/findings",     page_report_finding,   .perm = PERM_VISIT_REPORT, .view = "visits/report", .form = new_finding_form, .audit = "finding.add"},
    {POST, "/visits/{visit}/findings/{finding}", page_report_finding_set, .perm = PERM_VISIT_REPORT, .view = "visits/report", .form = finding_form, .audit = "finding.change"},
    {POST, "/visits/{visit}/submit",       page_report_submit,    .prepare = sign_prepare, .perm = PERM_VISIT_REPORT, .view = "visits/report", .form = sign_form, .audit = "report.submit", .flags = ROUTE_SLOW},
    {POST, "/visits/{visit}/send-back",    page_report_back,      .perm = PERM_VISIT_APPROVE, .view = "visits/report", .form = back_form, .audit = "report.send_back"},
    {POST, "/visits/{visit}/approve",      page_report_approve,   .prepare = sign_prepare, .perm = PERM_VISIT_APPROVE, .view = "visits/report", .form = sign_form, .audit = "report.approve", .flags = ROUTE_SLOW},
    {GET,  "/visits/{visit}/letter",       page_letter,           .perm = PERM_STUDY_READ, .view = "visits/letter"},
    {POST, "/visits/{visit}/letter",       page_letter_save,      .perm = PERM_VISIT_REPORT, .view = "visits/letter", .form = letter_form, .audit = "letter.save"},
    {GET,  "/visits/{visit}/letter/pdf",   page_letter_pdf,       .perm = PERM_STUDY_READ},
    {POST, "/visits/{visit}/letter/send",  page_letter_send,      .prepare = sign_prepare, .perm = PERM_VISIT_REPORT, .view = "visits/letter", .form = sign_form, .audit = "letter.send", .flags = ROUTE_SLOW},
};

static err_t
resolve_visit(struct ctx *c, const char *value, struct thing *t)
{
    struct visit_wall_row row;
    bool found;
    struct thing here = {0};
    TRY(db_maybe(c, &VISIT_WALL, DB_IN(db_text(value)), &row, &found));
    if (found) {
        TRY(study_thing(c, row.study, &here));
        here.study_site = row.site;
        here.comp = (enum compartment)row.comp;
        found = may(c->who, PERM_VISIT_READ, &here) || may(c->who, PERM_VISIT_READ_SITE, &here);
    }
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such visit, or it is not open to you.");
    *t = here;
    return NULL;
}
/* Looked up inside its visit by the handler. */
static err_t
resolve_finding(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"visit", resolve_visit}, {"finding", resolve_finding}};

static const struct menu menus[] = {
    {"Visits", "/studies/{study}/visits", "calendar-days", PERM_STUDY_READ, .study = true, .place = 35, .also = {"/visits"}},
};
static const struct deed deeds[] = {
    {"visit.plan", "planned a visit"},
    {"visit.move", "asked for another day of a visit"},
    {"visit.agree", "noted that the day of a visit is agreed"},
    {"visit.cancel", "cancelled a visit"},
    {"visit.agenda", "changed the agenda of a visit"},
    {"visit.confirm", "confirmed a visit"},
    {"visit.hold", "noted that a visit took place"},
    {"visit.sections", "changed the sections of visit reports"},
    {"report.save", "wrote on a visit report"},
    {"finding.add", "noted a finding"},
    {"finding.change", "changed a finding"},
    {"report.submit", "signed and submitted a visit report"},
    {"report.send_back", "sent a visit report back"},
    {"report.approve", "approved and signed a visit report"},
    {"letter.save", "wrote on a follow-up letter"},
    {"letter.send", "signed and sent a follow-up letter"},
};
/* What a visit made due is done on its page: "visit:REF/report", "visit:REF/agreed/confirm". The ask about its
 * day is answered as any other. */
static const char *
due_href(struct ctx *c, const char *key)
{
    static const char prefix[] = "visit:";
    const char *ref = str_starts(key, prefix) ? key + strlen(prefix) : NULL;
    const char *slash = ref ? strchr(ref, '/') : NULL;
    if (!slash || str_starts(slash, "/date/"))
        return NULL;
    return arena_printf(c->mem, "/visits/%.*s", (int)(slash - ref), ref);
}
static const char *const depends[] = {"studies", "recruitment", "commitments", "documents", "delegation", "playbooks", NULL};

const struct feature visits_feature = {
    .name = "visits", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .study_cards = page_visits_card,
    .stepped = visit_stepped,
    .due_href = due_href,
    .site_seen = visit_seen,
    .papers = visit_papers,
};
