/* pages_edit.c: writing a study down by hand and changing it. What is kept in rows of their own
 * (dates, conditions, who can take part, arms) goes through pages_details.c. */
#include "features/studies/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/party.h"
#include "core/record.h"
#include "db/db.h"
#include "features/studies/pages_details.h"
#include "features/studies/rules.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <string.h>

const char *const pages_statuses[] = {"NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION",
                                      "ACTIVE_NOT_RECRUITING", "SUSPENDED", "TERMINATED", "COMPLETED",
                                      "WITHDRAWN", NULL};
const char *const pages_phase_values[] = {"NA", "EARLY_PHASE1", "PHASE1", "PHASE1|PHASE2", "PHASE2",
                                          "PHASE2|PHASE3", "PHASE3", "PHASE4", NULL};


static void
add_option(struct view *list, const char *value, const char *text, const char *chosen)
{
    struct view *o = view_add_map(list);
    view_text(o, "value", value);
    view_text(o, "text", text);
    view_bool(o, "selected", str_eq(str_or(chosen, ""), value));
}

/* What is chosen stands in the list even when it is none of the usual: saving must not change it. */
void
pages_options(struct ctx *c, struct view *page, const char *key, const char *set,
              const char *const *literals, const char *chosen)
{
    struct view *list = view_list(page, key);
    bool usual = str_empty(chosen), phases = strcmp(set, "phase") == 0;
    add_option(list, "", "Not said", chosen);
    for (; *literals; literals++) {
        add_option(list, *literals, phases ? pages_phases(c->mem, *literals) : study_words(set, *literals), chosen);
        usual |= str_eq(*literals, chosen);
    }
    if (!usual)
        add_option(list, chosen, phases ? pages_phases(c->mem, chosen) : study_words(set, chosen), chosen);
}

const char *
pages_typed(const struct req *r, const char *name, const char *kept)
{
    return req_form_count(r) ? req_form(r, name) : kept;
}

static void
add_row_options(struct ctx *c, struct req *r, struct view *page, const struct study_get_row *s)
{
    static const char *const counted[] = {"ESTIMATED", "ACTUAL", NULL};
    pages_options(c, page, "status_options", "status", pages_statuses, pages_typed(r, "status", s->status));
    pages_options(c, page, "phase_options", "phase", pages_phase_values, pages_typed(r, "phases", s->phases));
    pages_options(c, page, "enrolment_options", "counted", counted,
                  pages_typed(r, "enrolment_type", s->enrolment_type));
}

err_t
page_study_new(struct ctx *c, struct req *r, struct view *page)
{
    struct study_get_row none = {.enrolment_type = "ESTIMATED"};
    add_row_options(c, r, page, &none);
    return details_form(c, r, 0, view_map(page, "form"), page);
}

static err_t
sponsor_named(struct ctx *c, const char *name, int64_t *ret_id)
{
    *ret_id = 0;
    if (str_empty(name))
        return NULL;
    bool joined;
    struct org_new o = {.name = name, .kind = "sponsor", .origin = "typed",
                        .join_key = arena_printf(c->mem, "%s||", utf8_fold(c->mem, name))};
    return org_get(c, &o, ret_id, &joined);
}

static const char *
number_words(struct arena *a, int64_t n, bool none)
{
    return none ? NULL : arena_printf(a, "%lld", (long long)n);
}

/* What is kept in the study's own row, as the form has it. */
static struct study_get_row
row_of(struct ctx *c, const struct req *r, const struct study_get_row *old)
{
    struct study_get_row s = *old;
    const struct {
        const char *name, *kept, **to;
    } texts[] = {
        {"title", old->title, &s.title},
        {"official_title", old->official_title, &s.official_title},
        {"acronym", old->acronym, &s.acronym},
        {"status", old->status, &s.status},
        {"phases", old->phases, &s.phases},
        {"summary", old->summary, &s.summary},
        {"description", old->description, &s.description},
        {"enrolment_type", old->enrolment_type, &s.enrolment_type},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i].to = pages_same(c->mem, texts[i].kept, pages_sent(r, texts[i].name, texts[i].kept));
    const char *count = pages_sent(r, "enrolment", number_words(c->mem, old->enrolment, old->enrolment_null));
    s.enrolment_null = !count || !str_int(count, &s.enrolment);
    if (s.enrolment_null)
        s.enrolment_type = NULL;
    else
        s.enrolment_type = str_or(s.enrolment_type, "ESTIMATED");
    return s;
}

static bool
note_row(struct ctx *c, const struct study_get_row *old, const struct study_get_row *now)
{
    const struct {
        const char *field, *old, *now;
    } x[] = {
        {"title", old->title, now->title},
        {"official title", old->official_title, now->official_title},
        {"acronym", old->acronym, now->acronym},
        {"status", old->status, now->status},
        {"phase", old->phases, now->phases},
        {"participants", number_words(c->mem, old->enrolment, old->enrolment_null),
         number_words(c->mem, now->enrolment, now->enrolment_null)},
        {"participants, planned or counted", old->enrolment_type, now->enrolment_type},
        {"summary", old->summary, now->summary},
        {"description", old->description, now->description},
    };
    bool any = false;
    for (size_t i = 0; i < COUNT_OF(x); i++)
        any |= record_change_gxp(c, "study", old->code, x[i].field, x[i].old, x[i].now);
    return any;
}

static err_t
save_row(struct ctx *c, const struct study_get_row *s)
{
    const char *find;
    TRY(study_find_text(c, s, &find));
    return db_run(c, &STUDY_EDIT,
                  DB_IN(db_int(s->id), db_text(s->title), db_text(s->official_title), db_text(s->acronym),
                        db_text(s->status), db_text(s->phases), db_text(s->summary), db_text(s->description),
                        db_int_or_null(s->enrolment, s->enrolment_null), db_text(s->enrolment_type),
                        db_text(rules_title_key(c->mem, s->title)),
                        db_text(rules_size_key(c->mem, s->enrolment_null ? -1 : s->enrolment)), db_text(find)),
                  NULL);
}

/* Who creates a study writes the rest of the form down at once. */
err_t
page_study_create(struct ctx *c, struct req *r, struct view *page)
{
    int64_t id;
    struct study_get_row none = {.enrolment_null = true}, f = row_of(c, r, &none);
    struct study_new s = {
        .code = req_form(r, "code"), .title = f.title, .acronym = f.acronym,
        .official_title = f.official_title, .status = f.status, .phases = f.phases,
        .study_type = "INTERVENTIONAL", .enrolment = f.enrolment_null ? -1 : f.enrolment,
        .enrolment_type = f.enrolment_type, .sponsor_name = req_form(r, "sponsor"),
        .summary = f.summary, .description = f.description, .operator_ = study_operator(c), .origin = "typed",
    };
    const char *ref;
    TRY(sponsor_named(c, s.sponsor_name, &s.sponsor));
    TRY(study_create(c, &s, &id, &ref));
    struct thing t = {0};
    TRY(study_thing(c, id, &t));
    record_about(c, "study", id, s.code, &t);
    none.code = s.code;
    note_row(c, &none, &f);
    record_change(c, "study", s.code, "sponsor", NULL, s.sponsor_name);
    bool more;
    TRY(details_save(c, r, id, s.code, &more));
    if (more) {
        TRY(db_one(c, &STUDY_GET, DB_IN(db_int(id)), &f));
        TRY(save_row(c, &f));
    }
    TRY(study_make_manager(c, id));
    TRY(study_relist(c, id));
    flash_set(c, r, "The study was created. You are its study manager.");
    req_redirect(r, "/studies/%s", s.code);
    return NULL;
}

err_t
page_study_edit(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "overview", page));
    struct study_get_row s;
    TRY(db_one(c, &STUDY_GET, DB_IN(db_int(t->study)), &s));
    struct view *form = view_map(page, "form");
    view_text(form, "title", s.title);
    view_text(form, "official_title", s.official_title);
    view_text(form, "acronym", s.acronym);
    view_text(form, "summary", s.summary);
    view_text(form, "description", s.description);
    view_text(form, "enrolment", number_words(c->mem, s.enrolment, s.enrolment_null));
    add_row_options(c, r, page, &s);
    TRY(details_form(c, r, t->study, form, page));
    view_map(page, "reason");
    return NULL;
}

err_t
page_study_save(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct study_get_row s, now;
    TRY(db_one(c, &STUDY_GET, DB_IN(db_int(t->study)), &s));
    now = row_of(c, r, &s);
    record_about(c, "study", t->study, s.code, t);
    bool any = note_row(c, &s, &now), more;
    TRY(details_save(c, r, t->study, s.code, &more));
    if (any || more) {
        TRY(save_row(c, &now));
        TRY(study_relist(c, t->study));
        flash_set(c, r, "The study was saved.");
    }
    req_redirect(r, "/studies/%s", t->study_ref);
    return NULL;
}
