/* pages_visit.c: one visit: how far it is, what comes next, what to prepare; moving, agreeing, confirming,
 * holding and cancelling it. */
#include "base/date.h"
#include "base/str.h"
#include "core/draw.h"
#include "core/flash.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/delegation/delegation.h"
#include "features/studies/studies.h"
#include "features/visits/pages.h"

#include <string.h>

/* ---- shared by the pages of a visit ---- */

err_t
pages_visit(struct ctx *c, const struct req *r, struct visit_get_row *ret)
{
    struct visit_wall_row row;
    TRY(db_one(c, &VISIT_WALL, DB_IN(db_text(req_param(r, "visit"))), &row));
    return db_one(c, &VISIT_GET, DB_IN(db_int(row.id)), ret);
}

void
pages_option(struct view *list, const char *value, const char *text, const char *chosen)
{
    struct view *v = view_add_map(list);
    view_text(v, "value", value);
    view_text(v, "text", text);
    view_bool(v, "selected", str_eq(value, chosen));
}

const char *
pages_role(const char *word)
{
    enum role role;
    return word && role_find(word, &role) ? role_title(role) : str_or(word, "");
}

err_t
pages_site_people(struct ctx *c, const struct thing *t, int64_t site, struct due_people_row **ret, size_t *ret_n)
{
    struct due_people_row *x;
    size_t n, kept = 0;
    TRY(people_askable(c, t, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (!x[i].study_site_null && x[i].study_site == site && people_at_site(x[i].role))
            x[kept++] = x[i];
    }
    *ret = x;
    *ret_n = kept;
    return NULL;
}

err_t
pages_owners(struct ctx *c, const struct thing *t, int64_t site, struct due_people_row **ret, size_t *ret_n)
{
    struct due_people_row *x, *out;
    size_t n, kept = 0;
    TRY(people_askable(c, t, &x, &n));
    out = arena_alloc(c->mem, (n + 2) * sizeof *out);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            bool at_site = people_at_site(x[i].role);
            if (at_site == (pass == 0) && (!at_site || x[i].study_site == site))
                out[kept++] = x[i];
        }
    }
    out[kept++] = (struct due_people_row){.person = c->who->person, .name = c->who->name, .role = "cra", .ref = "me", .study_site_null = true};
    *ret = out;
    *ret_n = kept;
    return NULL;
}

static const char *
days_words(struct ctx *c, const struct visit_get_row *v)
{
    const char *first = date_words_iso(c->mem, v->first_on), *last = date_words_iso(c->mem, v->last_on);
    return str_eq(first, last) ? first : arena_printf(c->mem, "%s to %s", first, last);
}

err_t
pages_visit_head(struct ctx *c, const struct req *r, const struct visit_get_row *v, struct view *page)
{
    const struct thing *t = req_thing(r);
    enum visit_kind k = VISIT_IMV;
    TRY(study_head(c, t, "visits", page));
    visit_kind_find(v->kind, &k);
    struct view *x = view_map(page, "visit");
    view_text(x, "ref", v->ref);
    view_text(x, "short", visit_short(c->mem, v->kind, v->n));
    view_text(x, "kind", visit_kind_words(k));
    view_text(x, "site", visit_site(c, v));
    view_textf(x, "site_href", "/studies/%s/sites/%s", t->study_ref, v->site_ref);
    view_text(x, "days", days_words(c, v));
    view_bool(x, "remote", v->remote);
    view_text(x, "monitor", v->monitor_name);
    view_text(x, "host", v->host_name);
    view_text(x, "trip", v->trip);
    view_text(x, "first_on", v->first_on);
    view_text(x, "last_on", v->last_on);
    view_text(x, "agenda", v->agenda);
    view_text(x, "ended_why", v->ended_why);
    view_int(x, "saves", v->saves);
    view_textf(x, "href", "/visits/%s", v->ref);
    return NULL;
}

/* ---- the page ---- */

static void
add_path(struct ctx *c, const struct visit_get_row *v, bool reads, struct view *page)
{
    struct visit_facts f = {v->state, v->report, v->confirmed_on, v->letter_on};
    enum visit_path now = visit_path_now(&f);
    const char *days[PATH_COUNT] = {NULL, NULL, v->confirmed_on, v->held_on ? v->last_on : NULL, v->submitted_on, v->approved_on, v->letter_on};
    struct view *list = view_list(page, "path");
    for (int p = 0; p < PATH_COUNT; p++) {
        if (!reads && (p == PATH_SUBMITTED || p == PATH_APPROVED)) /* the report is not the site's */
            continue;
        struct view *x = view_add_map(list);
        view_text(x, "text", visit_path_words((enum visit_path)p));
        view_bool(x, "done", visit_path_done(&f, (enum visit_path)p));
        view_bool(x, "now", p == (int)now && !str_eq(v->state, "cancelled"));
        view_text(x, "day", date_words_iso(c->mem, days[p]));
    }
}

/* The ask about the day, and how it stands. */
static err_t
add_date(struct ctx *c, const struct visit_get_row *v, struct view *page)
{
    struct visit_due_state_row due;
    enum due_state state;
    bool found = false;
    if (!v->date_due_null)
        TRY(db_maybe(c, &VISIT_DUE_STATE, DB_IN(db_int(v->date_due)), &due, &found));
    if (!found || !rules_state_find(due.state, &state))
        return NULL;
    struct view *x = view_map(page, "date");
    view_textf(x, "href", "/due/%s", due.ref);
    view_text(x, "state", rules_state_words(state));
    view_text(x, "offer", date_words_iso(c->mem, due.offer_on));
    view_bool(x, "mine", (state == STATE_ASKED && due.owing == c->who->person) || (state == STATE_COUNTERED && due.asking == c->who->person));
    view_bool(x, "ended", state == STATE_DECLINED || state == STATE_WITHDRAWN);
    return NULL;
}

static err_t
add_open(struct ctx *c, const struct visit_get_row *v, struct view *page)
{
    enum { SHOWN = 12 };
    struct visit_open_due_row *x;
    size_t n;
    TRY(db_list(c, &VISIT_OPEN_DUE, DB_IN(db_int(v->study), db_int(v->site), db_int(v->comp), db_int(SHOWN + 1)), &x, &n));
    struct view *list = view_list(page, "open");
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        struct view *m = view_add_map(list);
        view_text(m, "title", x[i].title);
        view_textf(m, "href", "/due/%s", x[i].ref);
        view_text(m, "who", x[i].owing_name);
        view_text(m, "due", date_words_iso(c->mem, x[i].due_on));
    }
    view_bool(page, "open_cut", n > SHOWN);
    return NULL;
}

static err_t
add_earlier(struct ctx *c, const struct visit_get_row *v, struct view *page)
{
    struct finding_earlier_row *e;
    size_t n;
    TRY(db_list(c, &FINDING_EARLIER, DB_IN(db_int(v->id), db_int(v->site), db_int(v->comp), db_text(v->first_on)), &e, &n));
    struct view *list = view_list(page, "earlier");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_textf(m, "of", "%s", visit_short(c->mem, e[i].kind, e[i].visit_n));
        view_text(m, "title", e[i].title);
        view_text(m, "who", e[i].owner_name);
        view_text(m, "due", date_words_iso(c->mem, e[i].due_on));
        if (e[i].due_ref)
            view_textf(m, "href", "/due/%s", e[i].due_ref);
    }
    return NULL;
}

/* What to know before going: enrolment, the last letter, who is on the log. */
static err_t
add_prepare(struct ctx *c, const struct visit_get_row *v, struct view *page)
{
    struct visit_enrolment_row e;
    struct visit_letter_before_row letter;
    struct delegation *log;
    char today[DATE_TEXT];
    size_t n;
    bool found;
    date_iso(c->today, today);
    struct view *x = view_map(page, "prepare");
    TRY(db_one(c, &VISIT_ENROLMENT, DB_IN(db_int(v->study), db_int(v->site), db_text(today), db_text(today)), &e));
    view_textf(x, "enrolment", "%lld screened, %lld failed, %lld enrolled, %lld left", (long long)e.screened, (long long)e.failed,
               (long long)e.enrolled, (long long)e.left);
    TRY(db_maybe(c, &VISIT_LETTER_BEFORE, DB_IN(db_int(v->site), db_int(v->comp), db_text(v->first_on)), &letter, &found));
    if (found) {
        view_textf(x, "letter", "%s, %s", visit_short(c->mem, letter.kind, letter.n), date_words_iso(c->mem, letter.letter_on));
        view_textf(x, "letter_href", "/visits/%s/letter", letter.ref);
    }
    TRY(delegation_on(c, v->study, v->site, v->first_on, &log, &n));
    struct view *list = view_list(x, "log");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_text(m, "name", log[i].name);
        view_text(m, "tasks", log[i].tasks);
        view_bool(m, "unsigned", !log[i].signed_by_pi);
    }
    TRY(add_open(c, v, page));
    return add_earlier(c, v, page);
}

/* Who may be ticked as having been there. */
static err_t
add_attendees(struct ctx *c, const struct thing *t, const struct visit_get_row *v, struct view *page)
{
    struct due_people_row *x;
    struct delegation *log;
    size_t n, n_log;
    struct view *list = view_list(page, "attendees");
    pages_option(list, "monitor", arena_printf(c->mem, "%s, monitor", v->monitor_name), "monitor");
    TRY(pages_site_people(c, t, v->site, &x, &n));
    for (size_t i = 0; i < n; i++)
        pages_option(list, x[i].ref, arena_printf(c->mem, "%s, %s", x[i].name, pages_role(x[i].role)), NULL);
    TRY(delegation_on(c, v->study, v->site, v->first_on, &log, &n_log));
    for (size_t i = 0; i < n_log; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known |= x[k].person == log[i].person;
        if (!known)
            pages_option(list, arena_printf(c->mem, "log:%s", log[i].ref), arena_printf(c->mem, "%s, %s", log[i].name, pages_role(log[i].role)), NULL);
    }
    return NULL;
}

static void
add_papers(struct ctx *c, const struct visit_get_row *v, bool reads, struct view *page)
{
    struct view *x = view_map(page, "papers");
    bool held = str_eq(v->state, "held") || str_eq(v->state, "closed");
    if (reads && held)
        view_textf(x, "report", "/visits/%s/report", v->ref);
    if (held && (reads || v->letter_on))
        view_textf(x, "letter", "/visits/%s/letter", v->ref);
    if (v->confirmed_on)
        view_textf(x, "confirmation", "/visits/%s/confirmation", v->ref);
    view_bool(x, "any", held || v->confirmed_on);
}

err_t
page_visit(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct visit_get_row v;
    char today[DATE_TEXT];
    TRY(pages_visit(c, r, &v));
    TRY(pages_visit_head(c, r, &v, page));
    bool reads = may(c->who, PERM_VISIT_READ, t), plans = may(c->who, PERM_VISIT_PLAN, t);
    bool before = str_eq(v.state, "planned") || str_eq(v.state, "agreed");
    date_iso(c->today, today);
    add_path(c, &v, reads, page);
    add_papers(c, &v, reads, page);
    TRY(add_date(c, &v, page));
    if (reads)
        view_text(page, "why", v.why);
    if (reads && before)
        TRY(add_prepare(c, &v, page));
    view_bool(page, "may_move", plans && before);
    view_bool(page, "may_agree", plans && str_eq(v.state, "planned"));
    view_bool(page, "may_confirm", plans && str_eq(v.state, "agreed") && !v.confirmed_on);
    view_bool(page, "may_hold", plans && before && strcmp(v.first_on, today) <= 0);
    view_bool(page, "to_report", reads && (str_eq(v.report, "draft") || str_eq(v.report, "sent_back")));
    view_bool(page, "to_approve", str_eq(v.report, "submitted") && may(c->who, PERM_VISIT_APPROVE, t));
    view_bool(page, "to_send", str_eq(v.report, "approved") && !v.letter_on && may(c->who, PERM_VISIT_REPORT, t));
    view_bool(page, "cancelled", str_eq(v.state, "cancelled"));
    view_bool(page, "closed", str_eq(v.state, "closed"));
    view_text(page, "today", arena_strdup(c->mem, today));
    return plans && before ? add_attendees(c, t, &v, page) : NULL;
}

/* ---- what can be done ---- */

err_t
page_visit_move(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(pages_visit(c, r, &v));
    TRY(visit_move(c, &v, req_form(r, "day"), req_form(r, "why")));
    flash_set(c, r, v.date_due_null ? "The visit has moved." : "The site is asked whether the new day suits.");
    req_redirect(r, "/visits/%s", v.ref);
    return NULL;
}

err_t
page_visit_agree(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(pages_visit(c, r, &v));
    TRY(visit_agree(c, &v, req_form(r, "how")));
    flash_set(c, r, "The day is agreed.");
    req_redirect(r, "/visits/%s", v.ref);
    return NULL;
}

err_t
page_visit_cancel(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    const char *ref;
    TRY(pages_visit(c, r, &v));
    TRY(visit_cancel(c, &v, req_form(r, "why"), req_form(r, "day"), &ref));
    flash_set(c, r, str_eq(ref, v.ref) ? "The visit is cancelled." : "The visit is cancelled, and this one is planned in its place.");
    req_redirect(r, "/visits/%s", ref);
    return NULL;
}

err_t
page_visit_agenda(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(pages_visit(c, r, &v));
    visit_about(c, &v);
    record_event(c);
    record_change(c, "visit", visit_short(c->mem, v.kind, v.n), "agenda", v.agenda, req_form(r, "agenda"));
    TRY(db_run(c, &VISIT_AGENDA, DB_IN(db_int(v.id), db_text(req_form(r, "agenda"))), NULL));
    req_redirect(r, "/visits/%s", v.ref);
    return NULL;
}

err_t
page_visit_confirm(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    TRY(pages_visit(c, r, &v));
    TRY(visit_confirm(c, &v));
    flash_set(c, r, "The confirmation letter is with the site.");
    req_redirect(r, "/visits/%s", v.ref);
    return NULL;
}

err_t
page_visit_confirmation_pdf(struct ctx *c, struct req *r, struct view *page)
{
    struct visit_get_row v;
    struct document_version d;
    bool found;
    TRY(pages_visit(c, r, &v));
    TRY(document_find(c, visit_key(c->mem, &v, "confirmation"), &d, &found));
    if (found && d.filed) {
        req_redirect(r, "/documents/%s/pdf/%lld", d.ref, (long long)d.n);
        return NULL;
    }
    if (!may(c->who, PERM_VISIT_READ, req_thing(r)))
        return err_new(c->mem, E_NOT_FOUND, "There is no confirmation letter yet.");
    struct view *content;
    const char *pdf;
    size_t n;
    TRY(visit_confirmation_content(c, &v, &content));
    TRY(visit_paper(c, content, NULL, "Draft, not sent", &pdf, &n));
    req_body(r, "application/pdf", NULL, pdf, n);
    return NULL;
}

/* ---- holding it ---- */

static err_t
add_there(struct ctx *c, int64_t visit, int64_t person, const char *name, const char *role, bool at_site)
{
    record_change(c, "visit", "attendees", role, NULL, name);
    return db_run(c, &VISIT_PEOPLE_ADD,
                  DB_IN(db_int(visit), db_int_or_null(person, !person), db_text(name), db_text(role), db_bool(at_site)), NULL);
}

static err_t
add_ticked(struct ctx *c, const struct thing *t, const struct visit_get_row *v, const char *value)
{
    struct due_people_row *x;
    struct delegation *log;
    size_t n;
    if (str_eq(value, "monitor"))
        return add_there(c, v->id, v->monitor, v->monitor_name, "Monitor", false);
    if (str_starts(value, "log:")) {
        TRY(delegation_on(c, v->study, v->site, v->first_on, &log, &n));
        for (size_t i = 0; i < n; i++) {
            if (str_eq(log[i].ref, value + strlen("log:")))
                return add_there(c, v->id, log[i].person, log[i].name, pages_role(log[i].role), true);
        }
    }
    TRY(pages_site_people(c, t, v->site, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(x[i].ref, value))
            return add_there(c, v->id, x[i].person, x[i].name, pages_role(x[i].role), true);
    }
    return err_field(c->mem, E_BAD_INPUT, "there", "Choose among the people of the list.");
}

/* Others, one a line: "Name, role". */
static err_t
add_others(struct ctx *c, const struct visit_get_row *v, const char *text)
{
    enum { OTHERS = 30, NAME = 120 };
    size_t n;
    char **line = str_split(c->mem, str_or(text, ""), '\n', &n);
    for (size_t i = 0; i < n; i++) {
        const char *one = str_squeeze(c->mem, line[i]), *comma = strchr(one, ',');
        if (!*one)
            continue;
        if (i >= OTHERS || strlen(one) > NAME)
            return err_field(c->mem, E_BAD_INPUT, "others", "One person a line, name and role, at most %d lines of %d characters.", OTHERS, NAME);
        const char *name = comma ? str_trim(c->mem, arena_strndup(c->mem, one, (size_t)(comma - one))) : one;
        TRY(add_there(c, v->id, 0, name, comma ? str_trim(c->mem, comma + 1) : "guest", true));
    }
    return NULL;
}

err_t
page_visit_hold(struct ctx *c, struct req *r, struct view *page)
{
    const char *const *there;
    struct visit_get_row v;
    TRY(pages_visit(c, r, &v));
    size_t n = req_form_many(r, "there", &there);
    if (n == 0 && !req_form(r, "others"))
        return err_field(c->mem, E_BAD_INPUT, "there", "Tick who was there.");
    TRY(visit_hold(c, &v, req_form(r, "first_on"), req_form(r, "last_on")));
    for (size_t i = 0; i < n; i++)
        TRY(add_ticked(c, req_thing(r), &v, there[i]));
    TRY(add_others(c, &v, req_form(r, "others")));
    flash_set(c, r, "Noted. The report is ready to be written.");
    req_redirect(r, "/visits/%s/report", v.ref);
    return NULL;
}
