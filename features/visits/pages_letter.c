/* pages_letter.c: the follow-up letter, made of what the report says, and the sections of a study's reports. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/record.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/studies/studies.h"
#include "features/visits/pages.h"
#include "features/visits/template.h"

#include <string.h>

/* The letter of the address: the sponsor's side reads its draft, the site what was sent. */
static err_t
look(struct ctx *c, const struct req *r, struct visit_get_row *v)
{
    TRY(pages_visit(c, r, v));
    bool reads = may(c->who, PERM_VISIT_READ, req_thing(r)) && !str_eq(v->report, "none");
    if (!reads && !v->letter_on)
        return err_new(c->mem, E_NOT_FOUND, "There is no letter of this visit yet.");
    return NULL;
}

/* What was sent, else what would be. */
static err_t
content_of(struct ctx *c, const struct visit_get_row *v, struct view **ret, struct document_version *d, bool *ret_sent)
{
    bool found = false;
    if (v->letter_on)
        TRY(document_find(c, visit_key(c->mem, v, "letter"), d, &found));
    *ret_sent = found;
    return found ? visit_content_read(c, d->content, ret) : visit_letter_content(c, v, ret);
}

/* Days in words, and what became of each finding, beside what the letter says. */
static err_t
add_items(struct ctx *c, const struct visit_get_row *v, const struct view *content, struct view *page)
{
    struct finding_of_visit_row *f;
    size_t n;
    TRY(db_list(c, &FINDING_OF_VISIT, DB_IN(db_int(v->id)), &f, &n));
    struct view *list = view_list(page, "items");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_int(m, "n", f[i].n);
        view_text(m, "title", f[i].title);
        view_text(m, "owner", f[i].owner_name);
        view_text(m, "due", date_words_iso(c->mem, f[i].due_on));
        view_bool(m, "ended", !f[i].open);
        if (f[i].due_ref)
            view_textf(m, "href", "/due/%s", f[i].due_ref);
    }
    list = view_list(page, "earlier");
    const struct view *earlier = view_get(content, "earlier");
    for (const struct view_item *i = earlier ? earlier->kids.first : NULL; i; i = i->next) {
        struct view *m = view_add_map(list);
        view_text(m, "of", view_get_text(&i->value, "of"));
        view_text(m, "title", view_get_text(&i->value, "title"));
        view_text(m, "owner", view_get_text(&i->value, "owner"));
        view_text(m, "due", date_words_iso(c->mem, view_get_text(&i->value, "due_on")));
        view_bool(m, "done", str_eq(view_get_text(&i->value, "status"), "done"));
    }
    return NULL;
}

err_t
page_letter(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    struct document_version d;
    struct view *content;
    bool sent;
    TRY(look(c, r, &v));
    TRY(pages_visit_head(c, r, &v, page));
    TRY(content_of(c, &v, &content, &d, &sent));
    view_set(page, "letter", content);
    TRY(add_items(c, &v, content, page));
    view_bool(page, "sent", sent);
    view_text(page, "sent_on", date_words_iso(c->mem, v.letter_on));
    if (sent) {
        view_textf(page, "document", "/documents/%s", d.ref);
        TRY(sign_view(c, "document", d.id, d.hash, page));
    }
    bool writes = may(c->who, PERM_VISIT_REPORT, req_thing(r)) && !v.letter_on;
    view_bool(page, "may_write", writes);
    view_bool(page, "may_send", writes && str_eq(v.report, "approved"));
    view_bool(page, "waits", writes && !str_eq(v.report, "approved"));
    view_text(page, "words", str_or(req_form(r, "words"), v.letter_words));
    return NULL;
}

err_t
page_letter_save(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(look(c, r, &v));
    if (v.letter_on)
        return err_new(c->mem, E_CONFLICT, "The letter is sent: what it says stays.");
    visit_about(c, &v);
    record_event(c);
    record_change(c, "visit", visit_short(c->mem, v.kind, v.n), "words of the letter", v.letter_words, req_form(r, "words"));
    TRY(db_run(c, &VISIT_SAVED, DB_IN(db_int(v.id), db_int(v.saves), db_text(v.first_on), db_text(v.last_on), db_text(req_form(r, "words"))), NULL));
    flash_set(c, r, "Saved.");
    req_redirect(r, "/visits/%s/letter", v.ref);
    return NULL;
}

err_t
page_letter_send(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(look(c, r, &v));
    if (!sign_proved(r)) {
        TRY(sign_refused(c, r, page));
        return page_letter(c, r, page);
    }
    TRY(visit_send_letter(c, &v));
    flash_set(c, r, "The letter is signed and with the site. Each item is asked for.");
    req_redirect(r, "/visits/%s", v.ref);
    return NULL;
}

err_t
page_letter_pdf(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    struct document_version d;
    struct view *content;
    const char *pdf;
    size_t n;
    bool sent;
    TRY(look(c, r, &v));
    TRY(content_of(c, &v, &content, &d, &sent));
    if (sent) {
        req_redirect(r, "/documents/%s/pdf/%lld", d.ref, (long long)d.n);
        return NULL;
    }
    TRY(visit_paper(c, content, NULL, "Draft, not sent", &pdf, &n));
    req_body(r, "application/pdf", NULL, pdf, n);
    return NULL;
}

/* ---- sections of reports ---- */

static err_t
kind_of(struct ctx *c, const struct req *r, enum visit_kind *ret)
{
    const char *word = str_or(req_form(r, "kind"), str_or(req_query(r, "kind"), "imv"));
    if (!visit_kind_find(word, ret))
        return err_field(c->mem, E_BAD_INPUT, "kind", "Choose one of the kinds of the list.");
    return NULL;
}

err_t
page_visit_sections(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct template_section *s;
    struct visit_templates_row *x;
    enum visit_kind kind;
    int64_t version;
    size_t n;
    TRY(kind_of(c, r, &kind));
    TRY(study_head(c, t, "visits", page));
    TRY(template_sections(c, t->study, kind, &s, &n, &version));
    view_text(page, "text", str_or(req_form(r, "sections"), template_text(c, s, n)));
    view_text(page, "kind", visit_kind_word(kind));
    view_text(page, "kind_words", visit_kind_words(kind));
    view_int(page, "version", version);
    struct view *list = view_list(page, "kinds");
    for (int k = 0; k < VISIT_KINDS; k++)
        pages_option(list, visit_kind_word((enum visit_kind)k), visit_kind_words((enum visit_kind)k), visit_kind_word(kind));
    TRY(db_list(c, &VISIT_TEMPLATES, DB_IN(db_int(t->study), db_text(visit_kind_word(kind))), &x, &n));
    list = view_list(page, "versions");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_int(m, "version", x[i].version);
        view_text(m, "who", x[i].who);
        view_text(m, "reason", x[i].reason);
    }
    return NULL;
}

err_t
page_visit_sections_save(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    enum visit_kind kind;
    TRY(kind_of(c, r, &kind));
    TRY(template_set(c, t->study, kind, req_form(r, "sections"), req_form(r, "reason")));
    flash_set(c, r, "Visits planned from now on have these sections.");
    req_redirect(r, "/studies/%s/visits/sections?kind=%s", t->study_ref, visit_kind_word(kind));
    return NULL;
}
