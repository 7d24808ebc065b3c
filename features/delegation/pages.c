/* pages.c: the delegation log of a site: its lines drawn over time, adding, changing and signing them. */
#include "features/delegation/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/draw.h"
#include "core/flash.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/delegation/store.h"
#include "features/documents/documents.h"
#include "features/studies/studies.h"

#include <string.h>

enum { DRAWN = 60 };

static const char *const tasks[] = {"consent", "eligibility", "physical examination", "medical decisions", "adverse events", "investigational product",
                                    "randomisation", "specimens", "questionnaires", "data entry", "queries", "site file", "training of others"};

enum line_state { LINE_OPEN, LINE_TO_COME, LINE_ENDED };

/* Without a last day it is open for ever; days that cannot be read do not end it. */
static enum line_state
state_of(const struct ctx *c, const struct delegation_list_row *x)
{
    int32_t day;
    if (x->to_on && date_parse(x->to_on, &day) && day < c->today)
        return LINE_ENDED;
    return date_parse(x->from_on, &day) && day > c->today ? LINE_TO_COME : LINE_OPEN;
}

static void
draw_months(struct ctx *c, struct buf *b, int32_t low, int32_t high, double left, double scale, double head, double h)
{
    for (int32_t at = low; at < high; at++) {
        int y, m, d;
        date_to_civil(at, &y, &m, &d);
        if (d != 1 || (high - low > 500 && m % 3 != 1))
            continue;
        double px = left + (at - low) * scale;
        draw_line(b, "grid", px, head - 4, px, h);
        draw_text(b, "axis", px + 3, 12, arena_strndup(c->mem, date_words(c->mem, at, DATE_MONTH), 3));
    }
}

/* A bar a line, from its first day to its last or the right edge; hatched while not signed, pale when ended. */
static void
draw_log(struct ctx *c, const struct delegation_line *l, size_t n, struct view *page)
{
    enum { LABEL = 190, W = 900, ROW = 24, HEAD = 20 };
    int32_t low = c->today - 180, high = c->today + 90, day;
    struct buf b;
    for (size_t i = 0; i < n; i++) {
        if (date_parse(l[i].x->from_on, &day) && day < low && day > c->today - 1100)
            low = day;
    }
    double scale = (double)(W - LABEL - 8) / (high - low), h = HEAD + ROW * (double)n + 4, now = LABEL + (c->today - low) * scale;
    buf_init(&b, c->mem);
    draw_open(&b, &(struct draw_svg){.w = W, .h = h, .cls = "visit-strip", .label = "The log over time; the list below says the same."});
    draw_months(c, &b, low, high, LABEL, scale, HEAD, h);
    draw_line(&b, "now", now, HEAD - 6, now, h);
    for (size_t i = 0; i < n; i++) {
        int32_t from = low, to = high;
        date_parse(l[i].x->from_on, &from);
        if (l[i].x->to_on)
            date_parse(l[i].x->to_on, &to);
        from = from < low ? low : from;
        to = to > high ? high : to + 1; /* the last day too */
        double y = HEAD + ROW * (double)i;
        draw_text(&b, "name", 0, y + 16, str_short(c->mem, l[i].x->name, 28));
        if (to > from)
            draw_rect(&b, !l[i].by ? "bar wait" : state_of(c, l[i].x) == LINE_ENDED ? "bar off" : "bar", LABEL + (from - low) * scale, y + 5,
                      (to - from) * scale, 14, 4);
    }
    draw_close(&b);
    view_html(page, "picture", buf_text(&b));
}

static void
add_line(struct ctx *c, const struct delegation_line *l, struct view *list)
{
    const struct delegation_list_row *x = l->x;
    enum line_state state = state_of(c, x);
    struct view *v = view_add_map(list);
    view_text(v, "ref", x->ref);
    view_text(v, "name", x->name);
    view_text(v, "role", delegation_role(x->role));
    view_text(v, "tasks", x->tasks);
    view_text(v, "from", date_words_iso(c->mem, x->from_on));
    view_text(v, "to", date_words_iso(c->mem, x->to_on));
    view_text(v, "from_iso", x->from_on);
    view_text(v, "to_iso", x->to_on);
    view_text(v, "reason", x->reason);
    view_bool(v, "signed", l->by != NULL);
    view_text(v, "by", l->by ? l->by->name : NULL);
    view_text(v, "at", l->by ? l->by->at_words : NULL);
    view_bool(v, "ended", state == LINE_ENDED);
    view_bool(v, "to_come", state == LINE_TO_COME);
}

/* Lists rows (of today and to come), ended, waiting (to be signed) and old. */
static err_t
add_lines(struct ctx *c, const struct thing *t, struct view *page, struct delegation_line **ret, size_t *ret_n)
{
    struct delegation_line *l, *old;
    size_t n, n_old, n_signed = 0;
    struct view *rows = view_list(page, "rows"), *ended = view_list(page, "ended"), *waiting = view_list(page, "waiting"), *was = view_list(page, "old");
    TRY(delegation_lines(c, t->study, t->study_site, true, &l, &n));
    TRY(delegation_lines(c, t->study, t->study_site, false, &old, &n_old));
    for (size_t i = 0; i < n; i++) {
        add_line(c, &l[i], state_of(c, l[i].x) == LINE_ENDED ? ended : rows);
        if (!l[i].by)
            add_line(c, &l[i], waiting);
        n_signed += l[i].by != NULL;
    }
    view_int(page, "waits", (int64_t)(n - n_signed));
    for (size_t i = 0; i < n_old; i++) {
        add_line(c, &old[n_old - 1 - i], was);
        n_signed += old[i].by != NULL;
    }
    view_bool(page, "any", n > 0);
    view_bool(page, "never_signed", n && !n_signed);
    if (n)
        draw_log(c, l, n < DRAWN ? n : DRAWN, page);
    *ret = l;
    *ret_n = n;
    return NULL;
}

/* ---- what is missing ---- */

static bool
has_line(const struct delegation_line *l, size_t n, int64_t person, const char *name, const char *day)
{
    for (size_t i = 0; i < n; i++) {
        const struct delegation_list_row *x = l[i].x;
        bool same = person ? x->person == person : str_eq(x->name, name);
        if (same && strcmp(x->from_on, day) <= 0 && (!x->to_on || strcmp(x->to_on, day) >= 0)) /* ISO days sort as text */
            return true;
    }
    return false;
}

/* Who holds a role here today, and is on no line. The investigator herself delegates. */
static err_t
add_team_gaps(struct ctx *c, const struct thing *t, const struct delegation_line *l, size_t n, struct view *page, struct view *gaps)
{
    struct delegation_team_row *x;
    char today[DATE_TEXT];
    size_t n_team;
    date_iso(c->today, today);
    TRY(db_list(c, &DELEGATION_TEAM, DB_IN(db_int(t->study), db_int(t->study_site), db_text(today)), &x, &n_team));
    view_bool(page, "no_pi", !n_team || !delegation_is_pi(&x[0]));
    for (size_t i = 0; i < n_team; i++) {
        if (delegation_is_pi(&x[i]) || !people_at_site(x[i].role) || has_line(l, n, x[i].person, x[i].name, today))
            continue;
        struct view *v = view_add_map(gaps);
        view_textf(v, "text", "%s, %s, works here and stands on no line.", x[i].name, delegation_role(x[i].role));
        view_text(v, "ref", x[i].ref);
    }
    return NULL;
}

/* Who was seen at work in the last year on a day without a line. */
static err_t
add_seen_gaps(struct ctx *c, const struct thing *t, const struct delegation_line *l, size_t n, struct view *gaps)
{
    char since[DATE_TEXT];
    struct view *seen = view_list_new(c->mem);
    date_iso(c->today - 365, since);
    TRY(feature_site_seen(c, t, arena_strdup(c->mem, since), seen));
    for (const struct view_item *i = seen->kids.first; i; i = i->next) {
        const struct view *x = &i->value;
        const char *name = view_get_text(x, "name"), *day = view_get_text(x, "day");
        if (!has_line(l, n, view_get_int(x, "person"), name, day))
            view_textf(view_add_map(gaps), "text", "%s was there at %s on %s, and no line covers that day.", name, view_get_text(x, "at"), date_words_iso(c->mem, day));
    }
    return NULL;
}

static err_t
add_paper(struct ctx *c, const struct thing *t, struct view *page)
{
    struct document_version v;
    bool found;
    TRY(document_find(c, delegation_key(c->mem, t->study_site), &v, &found));
    if (!found || !(may(c->who, PERM_DOCUMENT_READ, t) || may(c->who, PERM_DOCUMENT_READ_SITE, t)))
        return NULL;
    struct view *x = view_map(page, "paper");
    view_textf(x, "href", "/documents/%s", v.ref);
    view_int(x, "n", v.n);
    return NULL;
}

static err_t
add_people(struct ctx *c, const struct req *r, const struct thing *t, struct view *page)
{
    struct due_people_row *x;
    size_t n;
    struct view *list = view_list(page, "people"), *v = view_add_map(list);
    view_text(v, "value", "me");
    view_textf(v, "text", "%s (you)", c->who->name);
    TRY(people_askable(c, t, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (x[i].study_site_null || x[i].study_site != t->study_site || !people_at_site(x[i].role))
            continue;
        v = view_add_map(list);
        view_text(v, "value", x[i].ref);
        view_textf(v, "text", "%s, %s", x[i].name, delegation_role(x[i].role));
        view_bool(v, "selected", str_eq(str_or(req_form(r, "person"), req_query(r, "person")), x[i].ref));
    }
    list = view_list(page, "tasks");
    for (size_t i = 0; i < COUNT_OF(tasks); i++)
        view_add_text(list, tasks[i]);
    return NULL;
}

err_t
page_delegation(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct delegation_line *l;
    const char *name;
    char today[DATE_TEXT];
    size_t n;
    TRY(study_head(c, t, "sites", page));
    TRY(study_site_name(c, t, &name));
    view_text(page, "site", name);
    view_textf(page, "site_href", "/studies/%s/sites/%s", t->study_ref, req_param(r, "site"));
    TRY(add_lines(c, t, page, &l, &n));
    struct view *gaps = view_list(page, "gaps");
    TRY(add_team_gaps(c, t, l, n, page, gaps));
    TRY(add_seen_gaps(c, t, l, n, gaps));
    TRY(add_paper(c, t, page));
    date_iso(c->today, today);
    view_text(page, "today", arena_strdup(c->mem, today));
    bool edit = may(c->who, PERM_DELEGATION_EDIT, t);
    view_bool(page, "edit", edit);
    view_bool(page, "may_sign", may(c->who, PERM_DELEGATION_SIGN, t));
    return edit ? add_people(c, r, t, page) : NULL;
}

/* ---- writing ---- */

static const char *
tasks_of(struct ctx *c, const struct req *r)
{
    const char *const *ticked, *more = req_form(r, "more");
    size_t n = req_form_many(r, "tasks", &ticked);
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < COUNT_OF(tasks); i++) { /* in the table's order, once each */
        for (size_t k = 0; k < n; k++) {
            if (str_eq(ticked[k], tasks[i])) {
                buf_printf(&b, "%s%s", b.len ? ", " : "", tasks[i]);
                break;
            }
        }
    }
    if (more)
        buf_printf(&b, "%s%s", b.len ? ", " : "", str_squeeze(c->mem, more));
    return b.len ? buf_text(&b) : NULL;
}

static err_t
find_person(struct ctx *c, const struct req *r, const struct thing *t, struct delegation_new *d)
{
    struct due_people_row *x;
    size_t n;
    const char *ref = req_form(r, "person"), *other = req_form(r, "name");
    if (other) {
        d->name = str_squeeze(c->mem, other);
        d->role = str_or(req_form(r, "role"), "");
        return NULL;
    }
    if (str_eq(ref, "me")) {
        d->person = c->who->person;
        d->name = c->who->name;
        for (size_t i = 0; i < c->who->n_rights; i++) {
            if (c->who->rights[i].study == t->study && c->who->rights[i].study_site == t->study_site)
                d->role = role_word(c->who->rights[i].role);
        }
        return NULL;
    }
    TRY(people_askable(c, t, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(x[i].ref, ref) && !x[i].study_site_null && x[i].study_site == t->study_site) {
            d->person = x[i].person;
            d->name = x[i].name;
            d->role = x[i].role;
            return NULL;
        }
    }
    return err_field(c->mem, E_BAD_INPUT, "person", "Choose one of the people of the list, or write a name.");
}

err_t
page_delegation_add(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct delegation_new d = {.study = t->study, .study_site = t->study_site, .tasks = tasks_of(c, r), .from_on = req_form(r, "from_on"), .to_on = req_form(r, "to_on")};
    const char *ref;
    TRY(find_person(c, r, t, &d));
    TRY(delegation_write(c, &d, &ref));
    flash_set(c, r, "On the log. It waits for the investigator's signature.");
    req_redirect(r, "/studies/%s/sites/%s/delegation", t->study_ref, req_param(r, "site"));
    return NULL;
}

err_t
page_delegation_change(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct delegation_get_row x;
    const char *ref;
    bool found;
    TRY(db_maybe(c, &DELEGATION_GET, DB_IN(db_int(t->study), db_int(t->study_site), db_text(req_param(r, "line"))), &x, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such line on the log.");
    struct delegation_new d = {.study = t->study, .study_site = t->study_site, .person = x.person, .ref = req_param(r, "line"), .name = x.name,
                               .role = x.role, .tasks = req_form(r, "tasks"), .from_on = req_form(r, "from_on"), .to_on = req_form(r, "to_on"),
                               .reason = req_form(r, "reason")};
    TRY(delegation_write(c, &d, &ref));
    flash_set(c, r, "Changed. The line waits for the investigator's signature again.");
    req_redirect(r, "/studies/%s/sites/%s/delegation", t->study_ref, req_param(r, "site"));
    return NULL;
}

/* Every line that waits is signed, one signature a line, with one password. */
err_t
page_delegation_sign(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *const *lines;
    size_t n = req_form_many(r, "lines", &lines);
    if (!sign_proved(r)) {
        TRY(sign_refused(c, r, page));
        return page_delegation(c, r, page);
    }
    if (n == 0)
        return err_field(c->mem, E_BAD_INPUT, "lines", "Tick the lines that you sign.");
    TRY(delegation_sign(c, t->study, t->study_site, lines, n));
    flash_set(c, r, n == 1 ? "Signed, and the log is filed." : arena_printf(c->mem, "%zu lines are signed, and the log is filed.", n));
    req_redirect(r, "/studies/%s/sites/%s/delegation", t->study_ref, req_param(r, "site"));
    return NULL;
}
