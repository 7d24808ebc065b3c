/* pages_report.c: the report of a visit: writing it, findings, what does not agree, submitting, sending back,
 * approving; and its paper. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/record.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/visits/pages.h"

#include <string.h>

enum { DUE_DAYS = 30 };

static const struct {
    const char *mark, *words;
} marks[] = {{"reviewed", "Reviewed"}, {"not_reviewed", "Not reviewed"}, {"not_applicable", "Does not apply"}};

static bool
is_draft(const struct visit_get_row *v)
{
    return str_eq(v->report, "draft") || str_eq(v->report, "sent_back");
}

/* Who writes: the monitor of the visit; others read. */
static bool
writes(struct ctx *c, const struct req *r, const struct visit_get_row *v)
{
    return is_draft(v) && may(c->who, PERM_VISIT_REPORT, req_thing(r));
}

/* The report of the address, for whom may read it; there is none before the visit was held. */
static err_t
look(struct ctx *c, const struct req *r, struct visit_get_row *v)
{
    TRY(pages_visit(c, r, v));
    if (!may(c->who, PERM_VISIT_READ, req_thing(r)) || str_eq(v->report, "none"))
        return err_new(c->mem, E_NOT_FOUND, "There is no report of this visit, or it is not open to you.");
    return NULL;
}

static err_t
look_draft(struct ctx *c, const struct req *r, struct visit_get_row *v)
{
    TRY(look(c, r, v));
    if (!is_draft(v))
        return err_new(c->mem, E_CONFLICT, "The report is submitted: what it says stays, unless it is sent back.");
    return NULL;
}

/* ---- the page ---- */

/* What was typed and refused, else what is kept. */
static const char *
typed(const struct req *r, const char *field, const char *kept)
{
    return req_form_count(r) ? str_or(req_form(r, field), "") : str_or(kept, "");
}

static err_t
add_sections(struct ctx *c, const struct req *r, const struct visit_get_row *v, struct view *page)
{
    struct visit_sections_row *s;
    size_t n;
    TRY(db_list(c, &VISIT_SECTIONS, DB_IN(db_int(v->id)), &s, &n));
    struct view *list = view_list(page, "sections");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        const char *no = arena_printf(c->mem, "%lld", (long long)s[i].ordinal);
        view_text(m, "no", no);
        view_text(m, "title", s[i].title);
        view_text(m, "hint", s[i].hint);
        view_text(m, "text", typed(r, arena_printf(c->mem, "text_%s", no), s[i].text));
        const char *mark = typed(r, arena_printf(c->mem, "mark_%s", no), s[i].mark);
        struct view *o = view_list(m, "marks");
        for (size_t k = 0; k < COUNT_OF(marks); k++) {
            pages_option(o, marks[k].mark, marks[k].words, mark);
            if (str_eq(marks[k].mark, mark))
                view_text(m, "mark", marks[k].words);
        }
    }
    return NULL;
}

static err_t
add_earlier(struct ctx *c, const struct req *r, const struct visit_get_row *v, struct view *page)
{
    struct finding_earlier_row *e;
    size_t n;
    TRY(db_list(c, &FINDING_EARLIER, DB_IN(db_int(v->id), db_int(v->site), db_int(v->comp), db_text(v->first_on)), &e, &n));
    struct view *list = view_list(page, "earlier");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        const char *status = typed(r, arena_printf(c->mem, "status_%s", e[i].ref), e[i].status);
        view_text(m, "ref", e[i].ref);
        view_textf(m, "of", "%s, no. %lld", visit_short(c->mem, e[i].kind, e[i].visit_n), (long long)e[i].n);
        view_text(m, "title", e[i].title);
        view_text(m, "who", e[i].owner_name);
        view_text(m, "due", date_words_iso(c->mem, e[i].due_on));
        view_text(m, "note", typed(r, arena_printf(c->mem, "note_%s", e[i].ref), e[i].note));
        view_bool(m, "done", str_eq(status, "done"));
        view_bool(m, "open", str_eq(status, "open"));
        if (e[i].due_ref)
            view_textf(m, "href", "/due/%s", e[i].due_ref);
    }
    return NULL;
}

static const char *
owner_words(struct ctx *c, const struct due_people_row *x)
{
    return arena_printf(c->mem, "%s, %s", x->name, pages_role(x->role));
}

static err_t
add_findings(struct ctx *c, const struct thing *t, const struct visit_get_row *v, bool edit, struct view *page)
{
    struct finding_of_visit_row *f;
    struct due_people_row *x = NULL;
    size_t n, n_people = 0;
    TRY(db_list(c, &FINDING_OF_VISIT, DB_IN(db_int(v->id)), &f, &n));
    if (edit)
        TRY(pages_owners(c, t, v->site, &x, &n_people));
    struct view *list = view_list(page, "findings");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_text(m, "ref", f[i].ref);
        view_int(m, "n", f[i].n);
        view_text(m, "title", f[i].title);
        view_bool(m, "important", str_eq(f[i].weight, "important"));
        view_text(m, "owner", f[i].owner_name);
        view_text(m, "due", date_words_iso(c->mem, f[i].due_on));
        view_text(m, "due_iso", f[i].due_on);
        view_bool(m, "ended", !f[i].open);
        if (f[i].due_ref)
            view_textf(m, "href", "/due/%s", f[i].due_ref);
        struct view *o = view_list(m, "owners");
        for (size_t k = 0; k < n_people; k++) {
            pages_option(o, x[k].ref, owner_words(c, &x[k]), NULL);
            view_bool((struct view *)&o->kids.last->value, "selected", !f[i].owner_null && x[k].person == f[i].owner);
        }
    }
    struct view *o = view_list(page, "owners");
    for (size_t k = 0; k < n_people; k++)
        pages_option(o, x[k].ref, owner_words(c, &x[k]), NULL);
    char day[DATE_TEXT];
    int32_t last = c->today;
    date_parse(v->last_on, &last);
    date_iso((last > c->today ? last : c->today) + DUE_DAYS, day);
    view_text(page, "proposed", arena_strdup(c->mem, day));
    return NULL;
}

static err_t
add_check(struct ctx *c, const struct visit_get_row *v, struct view *page)
{
    struct check_line *line;
    size_t n, stops = 0;
    TRY(visit_check_of(c, v, &line, &n));
    struct view *list = view_list(page, "check");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_text(m, "text", line[i].text);
        view_bool(m, "stops", line[i].stops);
        stops += line[i].stops;
    }
    view_int(page, "n_stops", (int64_t)stops);
    view_bool(page, "agrees", n == 0);
    return NULL;
}

static err_t
add_signed(struct ctx *c, const struct visit_get_row *v, struct view *page)
{
    struct document_version d;
    bool found;
    TRY(document_find(c, visit_key(c->mem, v, "report"), &d, &found));
    if (!found)
        return NULL;
    view_textf(page, "document", "/documents/%s", d.ref);
    return is_draft(v) ? NULL : sign_view(c, "document", d.id, d.hash, page);
}

err_t
page_report(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    struct visit_people_row *p;
    size_t n;
    TRY(look(c, r, &v));
    bool edit = writes(c, r, &v);
    TRY(pages_visit_head(c, r, &v, page));
    TRY(db_list(c, &VISIT_PEOPLE, DB_IN(db_int(v.id)), &p, &n));
    struct view *list = view_list(page, "people");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_text(m, "name", p[i].name);
        view_text(m, "role", p[i].role);
    }
    TRY(add_sections(c, r, &v, page));
    TRY(add_earlier(c, r, &v, page));
    TRY(add_findings(c, req_thing(r), &v, edit, page));
    if (is_draft(&v))
        TRY(add_check(c, &v, page));
    TRY(add_signed(c, &v, page));
    view_bool(page, "edit", edit);
    view_bool(page, "author", edit && c->who->person == v.monitor);
    view_bool(page, "submitted", str_eq(v.report, "submitted"));
    view_bool(page, "approved", str_eq(v.report, "approved"));
    view_text(page, "sent_back_why", v.sent_back_why);
    bool decides = may(c->who, PERM_VISIT_APPROVE, req_thing(r)) && c->who->person != v.monitor;
    view_bool(page, "may_approve", decides && str_eq(v.report, "submitted"));
    view_bool(page, "may_back", decides && (str_eq(v.report, "submitted") || (str_eq(v.report, "approved") && !v.letter_on)));
    return NULL;
}

/* ---- saving ---- */

static bool
known_mark(const char *mark)
{
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        if (str_eq(marks[i].mark, mark))
            return true;
    }
    return str_empty(mark);
}

static err_t
save_sections(struct ctx *c, const struct req *r, const struct visit_get_row *v)
{
    struct visit_sections_row *s;
    size_t n;
    TRY(db_list(c, &VISIT_SECTIONS, DB_IN(db_int(v->id)), &s, &n));
    for (size_t i = 0; i < n; i++) {
        const char *mark = str_or(req_form(r, arena_printf(c->mem, "mark_%lld", (long long)s[i].ordinal)), "");
        const char *text = str_or(req_form(r, arena_printf(c->mem, "text_%lld", (long long)s[i].ordinal)), "");
        if (!known_mark(mark))
            return err_field(c->mem, E_BAD_INPUT, "mark", "%s: choose one of the three.", s[i].title);
        bool marked = record_change(c, "report section", s[i].title, "reviewed", *s[i].mark ? s[i].mark : NULL, *mark ? mark : NULL);
        bool written = record_change(c, "report section", s[i].title, "text", *s[i].text ? s[i].text : NULL, *text ? text : NULL);
        if (marked || written)
            TRY(db_run(c, &VISIT_SECTION_SET, DB_IN(db_int(v->id), db_int(s[i].ordinal), db_text(mark), db_text(text)), NULL));
    }
    return NULL;
}

static err_t
save_earlier(struct ctx *c, const struct req *r, const struct visit_get_row *v)
{
    struct finding_earlier_row *e;
    size_t n;
    TRY(db_list(c, &FINDING_EARLIER, DB_IN(db_int(v->id), db_int(v->site), db_int(v->comp), db_text(v->first_on)), &e, &n));
    for (size_t i = 0; i < n; i++) {
        const char *status = req_form(r, arena_printf(c->mem, "status_%s", e[i].ref)), *note = req_form(r, arena_printf(c->mem, "note_%s", e[i].ref));
        if (status && !str_eq(status, "done") && !str_eq(status, "open"))
            return err_field(c->mem, E_BAD_INPUT, "status", "An earlier finding is done or still open.");
        bool said = record_change(c, "finding", e[i].title, "status at this visit", e[i].status, status);
        bool noted = record_change(c, "finding", e[i].title, "note at this visit", e[i].note, note);
        if (!said && !noted)
            continue;
        TRY(db_run(c, &FINDING_SEEN_DROP, DB_IN(db_int(v->id), db_int(e[i].id)), NULL));
        if (status)
            TRY(db_run(c, &FINDING_SEEN_ADD, DB_IN(db_int(v->id), db_int(e[i].id), db_text(status), db_text(note)), NULL));
    }
    return NULL;
}

/* Saved only over what the writer saw: of two who write at once, one is told. */
err_t
page_report_save(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    int64_t seen = -1, changed;
    const char *first = req_form(r, "first_on"), *last = req_form(r, "last_on");
    int32_t from, to;
    TRY(look_draft(c, r, &v));
    req_form_int(r, "seen", &seen);
    if (!date_parse(str_or(first, ""), &from) || !date_parse(str_or(last, ""), &to) || to < from || to > c->today)
        return err_field(c->mem, E_BAD_INPUT, "last_on", "The visit ends on or after the day it begins, and not after today.");
    TRY(db_run(c, &VISIT_SAVED, DB_IN(db_int(v.id), db_int(seen), db_text(first), db_text(last), db_text(v.letter_words)), &changed));
    if (!changed)
        return err_new(c->mem, E_CONFLICT, "Somebody saved this report since you opened it. Your words are still in the form below: compare, and save again.");
    visit_about(c, &v);
    record_event(c);
    record_change(c, "visit", visit_short(c->mem, v.kind, v.n), "first day", v.first_on, first);
    record_change(c, "visit", visit_short(c->mem, v.kind, v.n), "last day", v.last_on, last);
    TRY(save_sections(c, r, &v));
    TRY(save_earlier(c, r, &v));
    flash_set(c, r, "Saved.");
    req_redirect(r, "/visits/%s/report", v.ref);
    return NULL;
}

/* ---- findings ---- */

struct found {
    const char *title, *weight, *due_on;
    const struct due_people_row *owner;
};

static err_t
read_finding(struct ctx *c, const struct req *r, const struct visit_get_row *v, struct found *ret)
{
    struct due_people_row *x;
    size_t n;
    int32_t day;
    *ret = (struct found){.title = req_form(r, "title"), .weight = req_form(r, "important") ? "important" : "usual", .due_on = req_form(r, "due_on")};
    if (ret->due_on && !date_parse(ret->due_on, &day))
        return err_field(c->mem, E_BAD_INPUT, "due_on", "Give the day as in 2026-11-23.");
    TRY(pages_owners(c, req_thing(r), v->site, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(x[i].ref, req_form(r, "owner")))
            ret->owner = &x[i];
    }
    if (req_form(r, "owner") && !ret->owner)
        return err_field(c->mem, E_BAD_INPUT, "owner", "Choose one of the people of the list.");
    return NULL;
}

/* The four values of who sees to it. */
#define OWNER_OF(x)                                                                                \
    db_int_or_null((x) ? (x)->person : 0, !(x)), db_text((x) ? (x)->role : NULL),                  \
        db_text((x) ? (x)->name : NULL), db_bool((x) && people_at_site((x)->role))

err_t
page_report_finding(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    struct finding_number_row number;
    struct finding_add_row row;
    struct found f;
    TRY(look_draft(c, r, &v));
    TRY(read_finding(c, r, &v, &f));
    TRY(db_one(c, &FINDING_NUMBER, DB_IN(db_int(v.id)), &number));
    TRY(db_one(c, &FINDING_ADD,
               DB_IN(db_text(ref_new(c->mem)), db_int(v.study), db_int(v.site), db_int(v.id), db_int(number.n), db_text(NULL), db_text(f.title),
                     db_text(f.weight), OWNER_OF(f.owner), db_text(f.due_on)),
               &row));
    visit_about(c, &v);
    record_change(c, "finding", arena_printf(c->mem, "%lld", (long long)number.n), "title", NULL, f.title);
    record_change(c, "finding", arena_printf(c->mem, "%lld", (long long)number.n), "owner", NULL, f.owner ? f.owner->name : NULL);
    record_change(c, "finding", arena_printf(c->mem, "%lld", (long long)number.n), "due on", NULL, f.due_on);
    req_redirect(r, "/visits/%s/report#findings", v.ref);
    return NULL;
}

err_t
page_report_finding_set(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    struct finding_find_row old;
    struct found f;
    bool there;
    TRY(look_draft(c, r, &v));
    TRY(db_maybe(c, &FINDING_FIND, DB_IN(db_int(v.id), db_text(req_param(r, "finding"))), &old, &there));
    if (!there)
        return err_new(c->mem, E_NOT_FOUND, "There is no such finding in this report.");
    const char *label = arena_printf(c->mem, "%lld", (long long)old.n);
    visit_about(c, &v);
    record_event(c);
    if (str_eq(req_form(r, "do"), "remove")) {
        record_change(c, "finding", label, "title", old.title, NULL);
        TRY(db_run(c, &FINDING_DROP, DB_IN(db_int(old.id)), NULL));
    } else {
        TRY(read_finding(c, r, &v, &f));
        record_change(c, "finding", label, "title", old.title, f.title);
        record_change(c, "finding", label, "owner", old.owner_name, f.owner ? f.owner->name : NULL);
        record_change(c, "finding", label, "due on", old.due_on, f.due_on);
        TRY(db_run(c, &FINDING_SET,
                   DB_IN(db_int(old.id), db_text(old.section), db_text(f.title), db_text(f.weight), OWNER_OF(f.owner), db_text(f.due_on)), NULL));
    }
    req_redirect(r, "/visits/%s/report#findings", v.ref);
    return NULL;
}

/* ---- submitting, sending back, approving ---- */

err_t
page_report_submit(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(look(c, r, &v));
    if (!sign_proved(r)) {
        TRY(sign_refused(c, r, page));
        return page_report(c, r, page);
    }
    TRY(visit_submit(c, &v));
    flash_set(c, r, "The report is signed and submitted.");
    req_redirect(r, "/visits/%s", v.ref);
    return NULL;
}

err_t
page_report_back(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(look(c, r, &v));
    TRY(visit_send_back(c, &v, req_form(r, "why")));
    flash_set(c, r, "The report went back to its author.");
    req_redirect(r, "/visits/%s", v.ref);
    return NULL;
}

err_t
page_report_approve(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(look(c, r, &v));
    if (!sign_proved(r)) {
        TRY(sign_refused(c, r, page));
        return page_report(c, r, page);
    }
    TRY(visit_approve(c, &v));
    flash_set(c, r, "The report is approved and signed.");
    req_redirect(r, "/visits/%s", v.ref);
    return NULL;
}

err_t
page_report_pdf(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    struct document_version d;
    struct view *content;
    const char *pdf;
    size_t n;
    bool found;
    TRY(look(c, r, &v));
    TRY(document_find(c, visit_key(c->mem, &v, "report"), &d, &found));
    if (found && d.filed && !is_draft(&v)) {
        req_redirect(r, "/documents/%s/pdf/%lld", d.ref, (long long)d.n);
        return NULL;
    }
    bool kept = found && !is_draft(&v);
    if (kept)
        TRY(visit_content_read(c, d.content, &content));
    else
        TRY(visit_report_content(c, &v, &content));
    TRY(visit_paper(c, content, kept ? &d : NULL, kept ? "Submitted, not approved" : "Draft", &pdf, &n));
    req_body(r, "application/pdf", NULL, pdf, n);
    return NULL;
}
