/* paper.c: a report or a letter as a paper: laid out from its content and from nothing else, with the
 * signatures over that content. See store.h; how it is drawn is core/paper.h. */
#include "features/visits/store.h"

#include "base/date.h"
#include "base/str.h"
#include "base/view.h"
#include "core/paper.h"
#include "core/sign.h"

#include <string.h>

static const struct view_item *
items(const struct view *x, const char *key)
{
    const struct view *list = view_get(x, key);
    return list && (list->type == V_LIST || list->type == V_MAP) ? list->kids.first : NULL;
}

static const char *
text(const struct view *x, const char *key)
{
    return str_or(view_get_text(x, key), "");
}

static const char *
day(struct ctx *c, const struct view *x, const char *key)
{
    return str_or(date_words_iso(c->mem, view_get_text(x, key)), "");
}

static const char *
days(struct ctx *c, const struct view *x)
{
    const char *first = day(c, x, "first_on"), *last = day(c, x, "last_on");
    return str_eq(first, last) ? first : arena_printf(c->mem, "%s to %s", first, last);
}

static const char *
people(struct ctx *c, const struct view *x, bool at_site)
{
    struct buf b;
    buf_init(&b, c->mem);
    for (const struct view_item *i = items(x, "people"); i; i = i->next) {
        if (view_truth(view_get(&i->value, "at_site")) == at_site)
            buf_printf(&b, "%s%s, %s", b.len ? "\n" : "", text(&i->value, "name"), text(&i->value, "role"));
    }
    return b.len ? buf_text(&b) : "";
}

static const char *
enrolment(struct ctx *c, const struct view *x)
{
    const struct view *e = view_get(x, "enrolment");
    if (!e)
        return "";
    return arena_printf(c->mem, "%lld screened, %lld failed screening, %lld enrolled, %lld left", (long long)view_get_int(e, "screened"),
                        (long long)view_get_int(e, "failed"), (long long)view_get_int(e, "enrolled"), (long long)view_get_int(e, "left"));
}

static void
put_findings(struct ctx *c, struct paper *p, const struct view *x)
{
    static const double share[] = {.06, .5, .24, .2};
    if (!items(x, "findings"))
        return paper_text(p, "None.");
    paper_row(p, (struct paper_cell[]){{"No.", share[0]}, {"What", share[1]}, {"Who", share[2]}, {"By", share[3]}}, 4, PAPER_HEAD);
    for (const struct view_item *i = items(x, "findings"); i; i = i->next) {
        const char *n = arena_printf(c->mem, "%lld", (long long)view_get_int(&i->value, "n"));
        const char *what = str_eq(view_get_text(&i->value, "weight"), "important")
                               ? arena_printf(c->mem, "Important: %s", text(&i->value, "title")) : text(&i->value, "title");
        paper_row(p, (struct paper_cell[]){{n, share[0]}, {what, share[1]}, {text(&i->value, "owner"), share[2]}, {day(c, &i->value, "due_on"), share[3]}}, 4, 0);
    }
}

static const char *
status_words(const struct view *x)
{
    const char *status = view_get_text(x, "status");
    return str_eq(status, "done") ? "done" : str_eq(status, "open") ? "still open" : "not said";
}

static void
put_earlier(struct ctx *c, struct paper *p, const struct view *x, bool status)
{
    static const double share[] = {.16, .46, .2, .18};
    if (!items(x, "earlier"))
        return paper_text(p, "None.");
    paper_row(p, (struct paper_cell[]){{"From", share[0]}, {"What", share[1]}, {"Who, by", share[2]}, {status ? "Now" : "", share[3]}}, 4, PAPER_HEAD);
    for (const struct view_item *i = items(x, "earlier"); i; i = i->next) {
        const char *who = arena_printf(c->mem, "%s, %s", text(&i->value, "owner"), day(c, &i->value, "due_on"));
        const char *note = text(&i->value, "note");
        const char *now = !status ? "" : *note ? arena_printf(c->mem, "%s: %s", status_words(&i->value), note) : status_words(&i->value);
        paper_row(p, (struct paper_cell[]){{text(&i->value, "of"), share[0]}, {text(&i->value, "title"), share[1]}, {who, share[2]}, {now, share[3]}}, 4, 0);
    }
}

/* ---- the three papers ---- */

static void
put_report(struct ctx *c, struct paper *p, const struct view *x)
{
    static const struct {
        const char *mark, *words;
    } marks[] = {{"reviewed", "Reviewed."}, {"not_reviewed", "Not reviewed."}, {"not_applicable", "Does not apply."}};
    paper_fact(p, "Days", arena_printf(c->mem, "%s, %s", days(c, x), view_truth(view_get(x, "remote")) ? "remote" : "on site"));
    paper_fact(p, "Cause", view_get_text(x, "why"));
    paper_fact(p, "For the site", people(c, x, true));
    paper_fact(p, "For the sponsor", people(c, x, false));
    paper_fact(p, "Enrolment on the last day", enrolment(c, x));
    for (const struct view_item *i = items(x, "sections"); i; i = i->next) {
        paper_heading(p, text(&i->value, "title"));
        for (size_t k = 0; k < COUNT_OF(marks); k++) {
            if (str_eq(marks[k].mark, view_get_text(&i->value, "mark")))
                paper_small(p, marks[k].words);
        }
        paper_text(p, text(&i->value, "text"));
    }
    paper_heading(p, "Findings of earlier visits");
    put_earlier(c, p, x, true);
    paper_heading(p, "New findings");
    put_findings(c, p, x);
    paper_heading(p, "Signatures");
}

static void
put_letter(struct ctx *c, struct paper *p, const struct view *x)
{
    struct buf b;
    buf_init(&b, c->mem);
    paper_text(p, arena_printf(c->mem, "Dear %s,", str_or(view_get_text(x, "to"), "colleagues")));
    paper_text(p, arena_printf(c->mem, "Thank you for the visit of %s%s.", days(c, x), view_truth(view_get(x, "remote")) ? ", held remotely" : ""));
    paper_fact(p, "For the site", people(c, x, true));
    paper_fact(p, "For the sponsor", people(c, x, false));
    paper_fact(p, "Enrolment", enrolment(c, x));
    for (const struct view_item *i = items(x, "reviewed"); i; i = i->next)
        buf_printf(&b, "%s%s", b.len ? "; " : "", i->value.type == V_TEXT ? i->value.text : "");
    paper_fact(p, "We looked at", b.len ? buf_text(&b) : NULL);
    paper_text(p, text(x, "words"));
    paper_heading(p, "From earlier visits");
    put_earlier(c, p, x, true);
    paper_heading(p, "New");
    put_findings(c, p, x);
    paper_small(p, "Each item stands in Rapport too, where it can be answered, and another day be offered. We spoke of all of this at the visit.");
    paper_text(p, arena_printf(c->mem, "With kind regards,\n%s", text(x, "monitor")));
}

static void
put_confirmation(struct ctx *c, struct paper *p, const struct view *x)
{
    paper_text(p, arena_printf(c->mem, "Dear %s,", str_or(view_get_text(x, "to"), "colleagues")));
    paper_text(p, arena_printf(c->mem, "This confirms our %s on %s, %s, as we agreed.", text(x, "kind"), days(c, x),
                               view_truth(view_get(x, "remote")) ? "which will be remote" : "at your site"));
    paper_heading(p, "Agenda");
    paper_text(p, str_or(view_get_text(x, "agenda"), "Enrolment, consent, source data, safety, product, the site file, and what is open from earlier visits."));
    paper_heading(p, "Open from earlier visits");
    put_earlier(c, p, x, false);
    paper_text(p, arena_printf(c->mem, "With kind regards,\n%s", text(x, "monitor")));
}

static err_t
put_signatures(struct ctx *c, struct paper *p, const struct document_version *v)
{
    struct signature *s;
    size_t n;
    TRY(sign_list(c, "document", v->id, &s, &n));
    for (size_t i = 0; i < n; i++) {
        if (sign_holds(&s[i], v->hash))
            paper_signature(p, s[i].name, s[i].at_words, s[i].meaning);
    }
    paper_small(p, arena_printf(c->mem, "Version %lld. Signed content (SHA-256): %s", (long long)v->n, str_hex(c->mem, v->hash, DOCUMENT_HASH)));
    return NULL;
}

err_t
visit_paper(struct ctx *c, const struct view *x, const struct document_version *version, const char *mark, const char **ret_pdf, size_t *ret_n)
{
    const char *kind = text(x, "paper");
    struct paper_about about = {
        .title = text(x, "title"), .author = text(x, "monitor"), .mark = mark, .made = c->now, .lang = "en",
        .subtitle = arena_printf(c->mem, "%s at %s\n%s: %s", text(x, "visit"), text(x, "site"), text(x, "study"), text(x, "study_title")),
        .foot = arena_printf(c->mem, "%s · %s · TMF %s%s", text(x, "study"), text(x, "visit"), text(x, "tmf"),
                             version ? arena_printf(c->mem, " · version %lld", (long long)version->n) : "")};
    struct paper *p = paper_new(c->mem, &about);
    if (strcmp(kind, "visit_report") == 0)
        put_report(c, p, x);
    else if (strcmp(kind, "letter") == 0)
        put_letter(c, p, x);
    else
        put_confirmation(c, p, x);
    if (version)
        TRY(put_signatures(c, p, version));
    return paper_done(p, ret_pdf, ret_n);
}
