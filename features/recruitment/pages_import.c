/* pages_import.c: sending a file, the list of imports, taking one back, and a study begun from a log.
 * What is in a file that was sent is looked at in pages_draft.c. */
#include "features/recruitment/pages_import.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/party.h"
#include "core/record.h"
#include "db/db.h"
#include "features/recruitment/import_draft.h"
#include "features/recruitment/recruitment_import_sql.h"
#include "features/studies/studies.h"

#include <string.h>

enum { PAGE = 30, WORK_MEMORY = 512 << 20 };

const char *const import_kinds[] = {"enrolment", "sites", "plan", NULL};

static const struct {
    const char *title, *hint;
} kind_words[] = {
    {"Enrolment log", "A row for each participant: site, code and at least one date; status, country and reason where you have them."},
    {"Sites and openings", "A row for each site: number or name, and planned opening, opening, closing, suspension, goal or cap."},
    {"Planned curve", "A row for each month: the month, and how many are planned in all or in that month."},
};

err_t
import_resolve(struct ctx *c, const char *value, struct thing *t)
{
    return NULL; /* the handler looks it up inside the study that was resolved before it */
}

static enum import_kind
kind_of(const char *word)
{
    enum import_kind kind = IMPORT_LOG;
    while (kind < IMPORT_PLAN && !str_eq(import_kind_words[kind], word))
        kind++;
    return kind;
}

static const char *
when(struct ctx *c, int64_t at)
{
    return date_words(c->mem, tz_day(c->inst->zone, at), DATE_DAY);
}

/* ---- sending a file ---- */

static void
free_arena(void *a)
{
    arena_free(a);
}

struct parcel {
    enum import_kind kind;
    const char *name;
    const unsigned char *sealed;
    size_t n;
};

/* Reads the file in memory of its own, which lives as long as the request. */
static err_t
pack(struct ctx *c, struct req *r, enum import_kind kind)
{
    const struct req_file *f = req_file(r, "file");
    if (!f || f->size == 0)
        return err_field(c->mem, E_BAD_INPUT, "file", "Choose the file with your table.");
    struct ctx own = *c;
    own.mem = arena_new(WORK_MEMORY);
    arena_defer(c->mem, free_arena, own.mem);
    struct parcel *p = arena_alloc(c->mem, sizeof *p);
    *p = (struct parcel){.kind = kind, .name = arena_strdup(c->mem, f->name)};
    err_t e = draft_pack(&own, kind, f->data, f->size, &p->sealed, &p->n);
    if (e) {
        err_t all = NULL; /* each about the file, whatever column it names, and said beside the form */
        for (err_t i = e; i; i = i->next) {
            const char *text = i->place ? arena_printf(c->mem, "%s: %s", i->place, i->text) : i->text;
            text = i->field && i->place ? i->text : text;
            all = err_join(c->mem, all, err_field(c->mem, E_BAD_INPUT, "file", "%s: %s", p->name, text));
        }
        return all;
    }
    req_set_prepared(r, p);
    return NULL;
}

err_t
page_import_new(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "recruitment", page));
    const char *chosen = str_or(req_form(r, "kind"), str_or(req_query(r, "kind"), "enrolment"));
    struct view *list = view_list(page, "kinds");
    for (int i = 0; import_kinds[i]; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "value", import_kinds[i]);
        view_text(v, "title", kind_words[i].title);
        view_text(v, "hint", kind_words[i].hint);
        view_textf(v, "id", "%s", i ? import_kinds[i] : "");
        view_bool(v, "first", i == 0);
        view_bool(v, "checked", strcmp(chosen, import_kinds[i]) == 0);
    }
    return NULL;
}

err_t
page_import_check(struct ctx *c, struct req *r, struct view *page)
{
    return pack(c, r, kind_of(req_form(r, "kind")));
}

err_t
page_import_prepare(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const struct parcel *p = req_prepared(r);
    const char *ref;
    TRY(draft_keep(c, t->study, p->kind, p->name, p->sealed, p->n, &ref));
    record_about(c, "study", t->study, t->study_ref, t);
    record_event(c);
    req_redirect(r, "/studies/%s/imports/draft/%s", t->study_ref, ref);
    return NULL;
}

/* ---- the list ---- */

static err_t
newest_of(struct ctx *c, int64_t study, int64_t ret[3])
{
    for (int i = 0; i < 3; i++) {
        struct import_file_newest_row row;
        bool found;
        TRY(db_maybe(c, &IMPORT_FILE_NEWEST, DB_IN(db_int(study), db_text(import_kinds[i])), &row, &found));
        ret[i] = found ? row.id : 0;
    }
    return NULL;
}

static err_t
add_drafts(struct ctx *c, const struct thing *t, struct view *page)
{
    struct import_drafts_row *rows;
    size_t n = 0;
    struct view *list = view_list(page, "drafts");
    if (!may(c->who, PERM_ENROLMENT_IMPORT, t))
        return NULL;
    TRY(db_list(c, &IMPORT_DRAFTS, DB_IN(db_int(t->study), db_int(c->who->person)), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "file", rows[i].file_name);
        view_text(v, "kind", kind_words[kind_of(rows[i].kind)].title);
        view_text(v, "when", when(c, rows[i].created));
        view_textf(v, "href", "/studies/%s/imports/draft/%s", t->study_ref, rows[i].ref);
    }
    return NULL;
}

static void
add_import(struct ctx *c, const struct thing *t, const struct import_files_row *f, bool back, struct view *list)
{
    struct view *v = view_add_map(list);
    view_text(v, "file", f->file_name);
    view_text(v, "kind", kind_words[kind_of(f->kind)].title);
    view_text(v, "who", f->who);
    view_text(v, "when", when(c, f->at));
    view_int(v, "rows", f->n_rows);
    view_int(v, "new", f->n_new);
    view_int(v, "changed", f->n_changed);
    view_bool(v, "taken", f->taken_back_null);
    if (!f->taken_back_null) {
        view_text(v, "back_on", when(c, f->taken_back));
        view_text(v, "back_why", f->taken_back_reason);
    }
    if (back)
        view_textf(v, "back", "/studies/%s/imports/%s/back", t->study_ref, f->ref);
}

err_t
page_imports(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *after = req_query(r, "after");
    struct import_files_row *rows;
    struct import_file_row from;
    size_t n;
    bool found = false;
    int64_t newest[3];
    TRY(study_head(c, t, "recruitment", page));
    if (after)
        TRY(db_maybe(c, &IMPORT_FILE, DB_IN(db_int(t->study), db_text(after)), &from, &found));
    TRY(newest_of(c, t->study, newest));
    TRY(db_list(c, &IMPORT_FILES, DB_IN(db_int(t->study), db_int_or_null(found ? from.id : 0, !found), db_int(PAGE + 1)), &rows, &n));
    bool may_back = may(c->who, PERM_IMPORT_TAKE_BACK, t);
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n && i < PAGE; i++)
        add_import(c, t, &rows[i], may_back && rows[i].id == newest[kind_of(rows[i].kind)], list);
    if (n > PAGE)
        view_textf(view_map(page, "pager"), "next", "/studies/%s/imports?after=%s", t->study_ref, rows[PAGE - 1].ref);
    view_bool(page, "may_import", may(c->who, PERM_ENROLMENT_IMPORT, t));
    return add_drafts(c, t, page);
}

/* ---- taking one back ---- */

err_t
page_import_back(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct import_file_row f;
    bool found;
    TRY(db_maybe(c, &IMPORT_FILE, DB_IN(db_int(t->study), db_text(req_param(r, "import"))), &f, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
    TRY(study_head(c, t, "recruitment", page));
    view_text(page, "file", f.file_name);
    view_text(page, "kind", kind_words[kind_of(f.kind)].title);
    view_text(page, "who", f.who);
    view_text(page, "when", when(c, f.at));
    view_int(page, "new", f.n_new);
    view_int(page, "changed", f.n_changed);
    view_textf(page, "action", "/studies/%s/imports/%s/back", t->study_ref, req_param(r, "import"));
    view_text(view_map(page, "reason"), "value", req_form(r, "reason"));
    return NULL;
}

err_t
page_import_back_do(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(import_back(c, t->study, req_param(r, "import"), req_form(r, "reason")));
    flash_set(c, r, "The import was taken back.");
    req_redirect(r, "/studies/%s/imports", t->study_ref);
    return NULL;
}

/* ---- a study from a log ---- */

err_t
page_tracker_new(struct ctx *c, struct req *r, struct view *page)
{
    return NULL;
}

err_t
page_tracker_check(struct ctx *c, struct req *r, struct view *page)
{
    return pack(c, r, IMPORT_LOG);
}

static err_t
make_study(struct ctx *c, struct req *r, struct thing *ret)
{
    struct target_set target = {.means = MEANS_RANDOMISED};
    struct study_new s = {.code = req_form(r, "code"), .title = req_form(r, "title"), .study_type = "INTERVENTIONAL",
                          .enrolment = -1, .operator_ = study_operator(c), .origin = "tracker"};
    const char *ref;
    bool has_target = req_form_int(r, "target", &target.target);
    if (has_target) {
        s.enrolment = target.target;
        s.enrolment_type = "ESTIMATED";
    }
    TRY(study_create(c, &s, &target.study, &ref));
    TRY(study_thing(c, target.study, ret));
    record_about(c, "study", target.study, s.code, ret);
    record_change(c, "study", s.code, "title", NULL, s.title);
    record_change(c, "recruitment", s.code, "target", NULL, req_form(r, "target"));
    TRY(recruitment_targets(c, &target));
    TRY(study_make_manager(c, target.study));
    return study_relist(c, target.study);
}

err_t
page_tracker_create(struct ctx *c, struct req *r, struct view *page)
{
    const struct parcel *p = req_prepared(r);
    struct thing t = {0};
    const char *ref;
    TRY(make_study(c, r, &t));
    TRY(draft_keep(c, t.study, IMPORT_LOG, p->name, p->sealed, p->n, &ref));
    flash_set(c, r, "The study was created. You are its study manager. Now look at what was read.");
    req_redirect(r, "/studies/%s/imports/draft/%s", t.study_ref, ref);
    return NULL;
}
