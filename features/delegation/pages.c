/* pages.c: the delegation log of a site: its lines drawn over time, adding, changing and signing them. */
#include "features/delegation/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/draw.h"
#include "core/flash.h"
#include "core/record.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/delegation/delegation_sql.h"
#include "features/studies/studies.h"

#include <string.h>

enum { LINES = 200, OLD = 50 };

static const char *const tasks[] = {"consent", "eligibility", "physical examination", "medical decisions", "adverse events", "investigational product",
                                    "randomisation", "specimens", "questionnaires", "data entry", "queries", "site file", "training of others"};

static const char *
role_of(const char *word)
{
    enum role r;
    return role_find(word, &r) ? role_title(r) : word;
}

/* A bar a line, from its first day to its last or the right edge; hatched while not signed. */
static void
draw_log(struct ctx *c, const struct delegation_list_row *x, const bool *signed_, size_t n, struct view *page)
{
    enum { LABEL = 190, W = 900, ROW = 24, HEAD = 20 };
    int32_t low = c->today - 180, high = c->today + 90, day;
    struct buf b;
    for (size_t i = 0; i < n; i++) {
        if (date_parse(x[i].from_on, &day) && day < low && day > c->today - 1100)
            low = day;
    }
    double scale = (double)(W - LABEL - 8) / (high - low), h = HEAD + ROW * (double)n + 4;
    buf_init(&b, c->mem);
    draw_open(&b, &(struct draw_svg){.w = W, .h = h, .cls = "visit-strip", .label = "The log over time; the table below says the same."});
    for (int32_t at = low; at < high; at++) {
        int y, m, d;
        date_to_civil(at, &y, &m, &d);
        if (d != 1 || (high - low > 500 && m % 3 != 1))
            continue;
        double px = LABEL + (at - low) * scale;
        draw_line(&b, "grid", px, HEAD - 4, px, h);
        draw_text(&b, "axis", px + 3, 12, arena_strndup(c->mem, date_words(c->mem, at, DATE_MONTH), 3));
    }
    double now = LABEL + (c->today - low) * scale;
    draw_line(&b, "now", now, HEAD - 6, now, h);
    for (size_t i = 0; i < n; i++) {
        int32_t from = low, to = high;
        date_parse(x[i].from_on, &from);
        if (x[i].to_on)
            date_parse(x[i].to_on, &to);
        from = from < low ? low : from;
        to = to > high ? high : to;
        double y = HEAD + ROW * (double)i;
        draw_text(&b, "name", 0, y + 16, str_short(c->mem, x[i].name, 28));
        if (to > from)
            draw_rect(&b, signed_[i] ? "bar" : "bar wait", LABEL + (from - low) * scale, y + 5, (to - from) * scale, 14, 4);
    }
    draw_close(&b);
    view_html(page, "picture", buf_text(&b));
}

static err_t
add_lines(struct ctx *c, const struct thing *t, struct view *page)
{
    struct delegation_list_row *x;
    char today[DATE_TEXT];
    size_t n, waits = 0;
    date_iso(c->today, today);
    TRY(db_list(c, &DELEGATION_LIST, DB_IN(db_int(t->study), db_int(t->study_site), db_int(LINES)), &x, &n));
    bool *signed_ = arena_alloc(c->mem, (n + 1) * sizeof *signed_);
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        struct signature *by;
        TRY(delegation_signature(c, t->study, t->study_site, &x[i], &by));
        signed_[i] = by;
        waits += !signed_[i];
        struct view *v = view_add_map(list);
        view_text(v, "ref", x[i].ref);
        view_text(v, "name", x[i].name);
        view_text(v, "role", role_of(x[i].role));
        view_text(v, "tasks", x[i].tasks);
        view_text(v, "from", date_words_iso(c->mem, x[i].from_on));
        view_text(v, "to", date_words_iso(c->mem, x[i].to_on));
        view_text(v, "from_iso", x[i].from_on);
        view_text(v, "to_iso", x[i].to_on);
        view_bool(v, "signed", signed_[i]);
        view_bool(v, "ended", x[i].to_on && strcmp(x[i].to_on, today) < 0);
        view_int(v, "n", x[i].n);
    }
    view_int(page, "waits", (int64_t)waits);
    if (n)
        draw_log(c, x, signed_, n, page);
    return NULL;
}

/* Who works here and stands on no line today. */
static err_t
add_missing(struct ctx *c, const struct thing *t, struct view *page)
{
    struct delegation_missing_row *x;
    char today[DATE_TEXT];
    size_t n;
    date_iso(c->today, today);
    TRY(db_list(c, &DELEGATION_MISSING, DB_IN(db_int(t->study), db_int(t->study_site), db_text(today), db_int(OLD)), &x, &n));
    struct view *list = view_list(page, "missing");
    for (size_t i = 0; i < n; i++)
        view_add_text(list, arena_printf(c->mem, "%s, %s", x[i].name, role_of(x[i].role)));
    return NULL;
}

static err_t
add_old(struct ctx *c, const struct thing *t, struct view *page)
{
    struct delegation_old_row *x;
    size_t n;
    TRY(db_list(c, &DELEGATION_OLD, DB_IN(db_int(t->study), db_int(t->study_site), db_int(OLD)), &x, &n));
    struct view *list = view_list(page, "old");
    for (size_t i = 0; i < n; i++) {
        struct signature *s;
        size_t n_signed;
        struct view *v = view_add_map(list);
        TRY(sign_list(c, "delegation", x[i].id, &s, &n_signed));
        view_text(v, "name", x[i].name);
        view_text(v, "tasks", x[i].tasks);
        view_text(v, "from", date_words_iso(c->mem, x[i].from_on));
        view_text(v, "to", date_words_iso(c->mem, x[i].to_on));
        view_text(v, "signed", n_signed ? s[0].at_words : NULL);
        view_text(v, "by", n_signed ? s[0].name : NULL);
    }
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
        view_textf(v, "text", "%s, %s", x[i].name, role_of(x[i].role));
        view_bool(v, "selected", str_eq(req_form(r, "person"), x[i].ref));
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
    const char *name;
    char today[DATE_TEXT];
    TRY(study_head(c, t, "sites", page));
    TRY(study_site_name(c, t, &name));
    view_text(page, "site", name);
    view_textf(page, "site_href", "/studies/%s/sites/%s", t->study_ref, req_param(r, "site"));
    TRY(add_lines(c, t, page));
    TRY(add_old(c, t, page));
    TRY(add_missing(c, t, page));
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
    record_about(c, "site", t->study_site, req_param(r, "site"), t);
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
    record_about(c, "site", t->study_site, req_param(r, "site"), t);
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
    record_about(c, "site", t->study_site, req_param(r, "site"), t);
    const char *name;
    for (size_t i = 0; i < n; i++)
        TRY(delegation_sign(c, t->study, t->study_site, lines[i]));
    TRY(study_site_name(c, t, &name));
    TRY(delegation_file(c, t->study, t->study_site, name));
    TRY(delegation_follow(c, t->study, t->study_site));
    flash_set(c, r, n == 1 ? "Signed." : arena_printf(c->mem, "%zu lines are signed.", n));
    req_redirect(r, "/studies/%s/sites/%s/delegation", t->study_ref, req_param(r, "site"));
    return NULL;
}
