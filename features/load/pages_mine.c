/* pages_mine.c: my load: what my studies ask of me, planned against spent, over weeks; what I can carry.
 * Mine alone: nothing here is read for anybody else, and the record says only that something was kept. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/load/load_sql.h"
#include "features/load/pages.h"
#include "features/studies/studies.h"

enum { STUDIES = 30, SHOWN = 300, HOURS_OF_WEEK = 168 };

void
page_load_note(struct ctx *c)
{
    record_about(c, "load", 0, NULL, &(struct thing){0});
    record_event(c);
}

err_t
page_load_minutes(struct ctx *c, const struct req *r, const char *field, double most, int32_t *ret)
{
    const char *text = req_form(r, field);
    double hours;
    *ret = -1;
    if (!text)
        return NULL;
    if (!str_real(text, &hours) || hours < 0 || hours > most)
        return err_field(c->mem, E_BAD_INPUT, field, "Give hours from 0 to %.0f, as in 7.5.", most);
    *ret = (int32_t)(hours * 60 + .5);
    return NULL;
}

/* ---- the page ---- */

static void
add_weeks(struct ctx *c, const struct plan *p, struct view *page)
{
    struct view *list = view_list(page, "weeks");
    for (size_t i = 0; i < PLAN_WEEKS; i++) {
        const struct weeks_week *w = &p->week[i];
        struct view *v = view_add_map(list);
        view_text(v, "week", date_words(c->mem, w->monday, DATE_DAY));
        view_text(v, "capacity", plan_hours(c->mem, w->capacity));
        view_text(v, "planned", plan_hours(c->mem, w->planned));
        view_text(v, "asked", w->asked ? plan_hours(c->mem, w->asked) : NULL);
        view_text(v, "spent", w->spent ? plan_hours(c->mem, w->spent) : NULL);
        view_int(v, "items", w->items);
        view_bool(v, "over", i >= PLAN_BACK && w->planned > w->capacity);
        view_bool(v, "now", i == PLAN_BACK);
    }
}

static void
add_parts(struct ctx *c, const struct plan *p, struct view *page)
{
    struct view *list = view_list(page, "parts");
    for (size_t i = 0; i < p->n_parts; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "study", str_or(p->part[i].study, "Your own notes"));
        view_text(v, "kind", p->part[i].kind);
        view_int(v, "items", p->part[i].items);
        view_text(v, "planned", plan_hours(c->mem, p->part[i].planned));
        view_text(v, "spent", plan_hours(c->mem, p->part[i].spent));
    }
}

static err_t
add_kinds(struct ctx *c, struct view *page)
{
    struct view *list = view_list(page, "kinds");
    const char *word, *words;
    int32_t usual, own;
    for (size_t i = 0; (word = plan_kind_at(i, &words, &usual)); i++) {
        struct view *v = view_add_map(list);
        TRY(plan_kind(c, c->who->person, word, &own));
        view_text(v, "value", word);
        view_text(v, "text", words);
        view_text(v, "hours", plan_hours(c->mem, own));
        view_bool(v, "own", own != usual);
    }
    return NULL;
}

static err_t
add_settings(struct ctx *c, struct view *page)
{
    struct load_absences_row *x;
    struct load_shares_row *s;
    size_t n;
    char today[DATE_TEXT];
    date_iso(c->today, today);
    TRY(db_list(c, &LOAD_ABSENCES, DB_IN(db_int(c->who->person), db_text(today)), &x, &n));
    struct view *away = view_list(page, "away"), *shares = view_list(page, "shares");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(away);
        view_text(v, "ref", x[i].ref);
        view_text(v, "from", date_words_iso(c->mem, x[i].from_on));
        view_text(v, "to", date_words_iso(c->mem, x[i].to_on));
    }
    TRY(db_list(c, &LOAD_SHARES, DB_IN(db_int(c->who->person), db_text(today)), &s, &n));
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(shares);
        view_text(v, "ref", s[i].ref);
        view_text(v, "name", s[i].name);
        view_text(v, "until", date_words_iso(c->mem, s[i].until_on));
    }
    return NULL;
}

/* Whom she works with in her studies: she may show it to them. `find`: only that one; NULL: the list. */
static err_t
each_colleague(struct ctx *c, struct view *list, const char *find, int64_t *ret_person)
{
    struct study_brief *brief;
    size_t n, n_people, shown = 0;
    bool more;
    TRY(study_briefs(c, STUDIES, &brief, &n, &more));
    for (size_t i = 0; i < n; i++) {
        struct due_people_row *x;
        TRY(people_askable(c, &brief[i].thing, &x, &n_people));
        for (size_t k = 0; k < n_people && shown < SHOWN; k++) {
            enum role role;
            if (find && str_eq(find, x[k].ref))
                *ret_person = x[k].person;
            if (find)
                continue;
            struct view *v = view_add_map(list);
            view_text(v, "value", x[k].ref);
            view_textf(v, "text", "%s, %s, %s", x[k].name, role_find(x[k].role, &role) ? role_title(role) : x[k].role, brief[i].name);
            shown++;
        }
    }
    return NULL;
}

err_t
page_load(struct ctx *c, struct req *r, struct view *page)
{
    struct plan p;
    TRY(plan_of(c, c->who->person, &p));
    char today[DATE_TEXT];
    date_iso(c->today, today);
    view_text(page, "today", arena_strdup(c->mem, today));
    view_html(page, "picture", plan_picture(c, &p, 0, PLAN_WEEKS, PLAN_WEEKS, true));
    view_text(page, "weekly", plan_hours(c->mem, p.weekly));
    view_bool(page, "said", p.said);
    view_text(page, "calendar", p.calendar);
    view_bool(page, "cut", p.cut);
    add_weeks(c, &p, page);
    add_parts(c, &p, page);
    TRY(add_kinds(c, page));
    TRY(add_settings(c, page));
    return each_colleague(c, view_list(page, "people"), NULL, NULL);
}

/* ---- keeping ---- */

static err_t
kept(struct ctx *c, struct req *r, const char *words)
{
    page_load_note(c);
    flash_set(c, r, words);
    req_redirect(r, "/my-load");
    return NULL;
}

err_t
page_load_hours(struct ctx *c, struct req *r, struct view *page)
{
    int32_t minutes;
    TRY(page_load_minutes(c, r, "hours", HOURS_OF_WEEK, &minutes));
    TRY(db_run(c, &LOAD_PERSON_SET, DB_IN(db_int(c->who->person), db_int(minutes)), NULL));
    return kept(c, r, "Your week is kept.");
}

err_t
page_load_kind(struct ctx *c, struct req *r, struct view *page)
{
    int32_t minutes, usual;
    const char *word, *words, *kind = req_form(r, "kind");
    TRY(page_load_minutes(c, r, "each", HOURS_OF_WEEK, &minutes));
    for (size_t i = 0; (word = plan_kind_at(i, &words, &usual)) && !str_eq(word, kind);)
        i++;
    if (!word)
        return err_field(c->mem, E_BAD_INPUT, "kind", "Choose a kind of the list.");
    TRY(db_run(c, &LOAD_KIND_SET, DB_IN(db_int(c->who->person), db_text(word), db_int(minutes)), NULL));
    return kept(c, r, "The hours of this kind are kept.");
}

err_t
page_load_away(struct ctx *c, struct req *r, struct view *page)
{
    const char *from = req_form(r, "from_on"), *to = str_or(req_form(r, "to_on"), from);
    int32_t first, last;
    if (!date_parse(from, &first) || !date_parse(to, &last))
        return err_field(c->mem, E_BAD_INPUT, "from_on", "Give both days as in 2026-11-23.");
    if (last < first)
        return err_field(c->mem, E_BAD_INPUT, "to_on", "The last day comes before the first.");
    TRY(db_run(c, &LOAD_ABSENCE_ADD, DB_IN(db_text(ref_new(c->mem)), db_int(c->who->person), db_text(from), db_text(to)), NULL));
    return kept(c, r, "You are away then. Your weeks count it.");
}

static err_t
not_yours(struct ctx *c)
{
    return err_field(c->mem, E_BAD_INPUT, "ref", "That is not here any more.");
}

err_t
page_load_away_end(struct ctx *c, struct req *r, struct view *page)
{
    struct load_absence_find_row row;
    bool found;
    TRY(db_maybe(c, &LOAD_ABSENCE_FIND, DB_IN(db_text(req_form(r, "ref")), db_int(c->who->person)), &row, &found));
    if (!found)
        return not_yours(c);
    TRY(db_run(c, &LOAD_ABSENCE_DROP, DB_IN(db_int(row.id)), NULL));
    return kept(c, r, "Taken away.");
}

err_t
page_load_share(struct ctx *c, struct req *r, struct view *page)
{
    int64_t to = 0;
    int32_t until;
    const char *day = req_form(r, "until");
    TRY(each_colleague(c, NULL, req_form(r, "to"), &to));
    if (!to)
        return err_field(c->mem, E_BAD_INPUT, "to", "Choose somebody of your studies.");
    if (!date_parse(day, &until) || until < c->today)
        return err_field(c->mem, E_BAD_INPUT, "until", "Until which day? Give today or a later day.");
    TRY(db_run(c, &LOAD_SHARE_ADD, DB_IN(db_text(ref_new(c->mem)), db_int(c->who->person), db_int(to), db_text(day), db_time(c->now)), NULL));
    return kept(c, r, "They see your coming weeks until then. You can end it at any time.");
}

err_t
page_load_share_end(struct ctx *c, struct req *r, struct view *page)
{
    struct load_share_find_row row;
    bool found;
    TRY(db_maybe(c, &LOAD_SHARE_FIND, DB_IN(db_text(req_form(r, "ref")), db_int(c->who->person)), &row, &found));
    if (!found)
        return not_yours(c);
    TRY(db_run(c, &LOAD_SHARE_DROP, DB_IN(db_int(row.id)), NULL));
    return kept(c, r, "It is shared no longer.");
}
