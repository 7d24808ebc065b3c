/* pages.c: what is handed over to me and by me, one hand-over item by item, and who covers for whom. */
#include "features/handover/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/record.h"
#include "db/db.h"
#include "features/studies/studies.h"

#include <string.h>

enum { LISTED = 50, STUDIES = 8 };

err_t
page_handover_count(struct ctx *c, int64_t *ret_n, bool *ret_hot)
{
    struct hand_waits_row x;
    TRY(db_one(c, &HAND_WAITS, DB_IN(db_int(c->who->person)), &x));
    *ret_n = x.n;
    *ret_hot = false;
    return NULL;
}

/* ---- my page ---- */

/* People whom one works with: candidates for a cover. */
static err_t
add_people(struct ctx *c, const struct req *r, struct view *page)
{
    struct study_brief *s;
    struct due_people_row *x;
    size_t n, m;
    bool more;
    struct view *list = view_list(page, "people");
    TRY(study_briefs(c, STUDIES, &s, &n, &more));
    int64_t seen[400];
    size_t n_seen = 0;
    for (size_t i = 0; i < n; i++) {
        struct due_party me;
        int64_t site;
        if (due_asker(c, &s[i].thing, &me, &site)) /* reads only: nobody there to cover for */
            continue;
        TRY(people_askable(c, &s[i].thing, &x, &m));
        for (size_t k = 0; k < m; k++) {
            bool known = n_seen == COUNT_OF(seen), same = people_at_site(x[k].role) == me.at_site && (!me.at_site || x[k].study_site == site);
            for (size_t j = 0; j < n_seen; j++)
                known |= seen[j] == x[k].person;
            if (known || !same)
                continue;
            seen[n_seen++] = x[k].person;
            struct view *v = view_add_map(list);
            view_text(v, "value", x[k].ref);
            view_textf(v, "text", "%s, %s", x[k].name, s[i].name);
            view_bool(v, "selected", str_eq(req_form(r, "cover"), x[k].ref));
        }
    }
    return NULL;
}

static err_t
add_covers(struct ctx *c, struct view *page)
{
    struct cover_of_row *x;
    char today[DATE_TEXT];
    size_t n;
    date_iso(c->today, today);
    TRY(db_list(c, &COVER_OF, DB_IN(db_int(c->who->person), db_text(today)), &x, &n));
    struct view *list = view_list(page, "covers");
    for (size_t i = 0; i < n; i++) {
        bool mine = x[i].cover == c->who->person;
        if (str_eq(x[i].state, "over"))
            continue;
        struct view *v = view_add_map(list);
        view_text(v, "ref", x[i].ref);
        view_textf(v, "text", mine ? "You for %s" : "%s for you", mine ? x[i].person_name : x[i].cover_name);
        view_textf(v, "days", "%s to %s", date_words_iso(c->mem, x[i].from_on), date_words_iso(c->mem, x[i].to_on));
        view_text(v, "state", str_eq(x[i].state, "asked") ? "asked, no answer yet" : x[i].state);
        view_bool(v, "to_answer", mine && str_eq(x[i].state, "asked"));
        view_bool(v, "may_end", !str_eq(x[i].state, "declined"));
    }
    return NULL;
}

err_t
page_handovers(struct ctx *c, struct req *r, struct view *page)
{
    struct hand_mine_row *x;
    struct study_brief *s;
    char today[DATE_TEXT];
    size_t n;
    bool more;
    TRY(db_list(c, &HAND_MINE, DB_IN(db_int(c->who->person), db_int(LISTED)), &x, &n));
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_textf(v, "href", "/handover/%s", x[i].ref);
        view_text(v, "study", x[i].study_code);
        view_text(v, "from", x[i].from_name);
        view_text(v, "to", x[i].to_name);
        view_bool(v, "mine", x[i].mine);
    }
    TRY(study_briefs(c, STUDIES, &s, &n, &more));
    list = view_list(page, "studies");
    for (size_t i = 0; i < n; i++) {
        if (!may(c->who, PERM_DUE_ASK, &s[i].thing))
            continue;
        struct view *v = view_add_map(list);
        view_text(v, "name", s[i].name);
        view_textf(v, "href", "/studies/%s/handover", s[i].thing.study_ref);
    }
    TRY(add_covers(c, page));
    TRY(add_people(c, r, page));
    date_iso(c->today, today);
    view_text(page, "today", arena_strdup(c->mem, today));
    return NULL;
}

/* ---- one hand-over ---- */

/* For the successor, who hands over, who asked for it, and the study's manager. */
static err_t
look(struct ctx *c, const struct req *r, struct hand_get_row *h)
{
    struct thing t = {0};
    bool found;
    TRY(db_maybe(c, &HAND_GET, DB_IN(db_text(req_param(r, "handover"))), h, &found));
    if (found) {
        TRY(study_thing(c, h->study, &t));
        int64_t me = c->who->person;
        found = (me == h->giver || me == h->taker || me == h->maker || may(c->who, PERM_DUE_ACT, &t)) && may(c->who, PERM_STUDY_READ, &t);
    }
    return found ? NULL : err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
}

static err_t
look_own(struct ctx *c, const struct req *r, struct hand_get_row *h)
{
    TRY(look(c, r, h));
    return h->taker == c->who->person ? NULL : err_new(c->mem, E_FORBIDDEN, "%s answers this.", h->to_name);
}

/* What it holds is shown to whom it was offered, and to who may know of it anyway. */
err_t
page_handover(struct ctx *c, struct req *r, struct view *page)
{
    struct hand_get_row h;
    struct hand_items_row *x;
    size_t n, left = 0;
    TRY(look(c, r, &h));
    TRY(db_list(c, &HAND_ITEMS, DB_IN(db_int(h.id), db_int(h.giver)), &x, &n));
    struct view *owe = view_list(page, "owe"), *owed = view_list(page, "owed");
    for (size_t i = 0; i < n; i++) {
        struct thing t;
        bool owing, asking;
        if (h.taker != c->who->person && due_look(c, x[i].due, &t, &owing, &asking))
            continue;
        struct view *v = view_add_map(x[i].owes ? owe : owed);
        view_text(v, "ref", x[i].ref);
        view_text(v, "ref_of", h.ref);
        view_text(v, "title", x[i].title);
        view_text(v, "other", x[i].other);
        view_text(v, "due", date_words_iso(c->mem, x[i].due_on));
        view_bool(v, "offered", str_eq(x[i].state, "offered"));
        view_bool(v, "taken", str_eq(x[i].state, "taken"));
        view_bool(v, "refused", str_eq(x[i].state, "refused"));
        view_text(v, "why", x[i].why);
        left += str_eq(x[i].state, "offered");
    }
    view_text(page, "ref", h.ref);
    view_text(page, "from", h.from_name);
    view_text(page, "to", h.to_name);
    view_text(page, "why", h.why);
    view_bool(page, "mine", h.taker == c->who->person);
    view_int(page, "left", (int64_t)left);
    return NULL;
}

err_t
page_handover_take(struct ctx *c, struct req *r, struct view *page)
{
    struct hand_get_row h;
    TRY(look_own(c, r, &h));
    TRY(handover_take(c, &h, req_form(r, "item")));
    req_redirect(r, "/handover/%s", h.ref);
    return NULL;
}

err_t
page_handover_all(struct ctx *c, struct req *r, struct view *page)
{
    struct hand_get_row h;
    struct hand_items_row *x;
    struct thing about;
    size_t n, taken = 0;
    TRY(look_own(c, r, &h));
    TRY(db_list(c, &HAND_ITEMS, DB_IN(db_int(h.id), db_int(h.giver)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(x[i].state, "offered"))
            continue;
        TRY(handover_take(c, &h, x[i].ref));
        taken++;
    }
    if (!taken)
        return err_new(c->mem, E_CONFLICT, "Everything here is answered already.");
    TRY(study_thing(c, h.study, &about));
    record_about(c, "study", h.study, about.study_ref, &about);
    flash_set(c, r, taken == 1 ? "It is yours now." : arena_printf(c->mem, "%zu things are yours now.", taken));
    req_redirect(r, "/handover/%s", h.ref);
    return NULL;
}

err_t
page_handover_refuse(struct ctx *c, struct req *r, struct view *page)
{
    struct hand_get_row h;
    TRY(look_own(c, r, &h));
    TRY(handover_refuse(c, &h, req_form(r, "item"), req_form(r, "why")));
    flash_set(c, r, "It stays where it was. The study manager reads why.");
    req_redirect(r, "/handover/%s", h.ref);
    return NULL;
}

/* ---- cover ---- */

err_t
page_cover_ask(struct ctx *c, struct req *r, struct view *page)
{
    struct study_brief *s;
    struct due_people_row *x;
    size_t n, m;
    bool more;
    TRY(study_briefs(c, STUDIES, &s, &n, &more));
    for (size_t i = 0; i < n; i++) {
        struct due_party me;
        int64_t site;
        if (due_asker(c, &s[i].thing, &me, &site))
            continue;
        TRY(people_askable(c, &s[i].thing, &x, &m));
        for (size_t k = 0; k < m; k++) {
            if (!str_eq(x[k].ref, req_form(r, "cover")) || people_at_site(x[k].role) != me.at_site)
                continue;
            TRY(due_cover_ask(c, x[k].person, x[k].name, req_form(r, "from_on"), req_form(r, "to_on")));
            flash_set(c, r, arena_printf(c->mem, "%s is asked. Nothing holds before the answer.", x[k].name));
            req_redirect(r, "/handover");
            return NULL;
        }
    }
    return err_field(c->mem, E_BAD_INPUT, "cover", "Choose one of the people of the list.");
}

err_t
page_cover_answer(struct ctx *c, struct req *r, struct view *page)
{
    const char *answer = req_form(r, "answer");
    if (!str_eq(answer, "agreed") && !str_eq(answer, "declined") && !str_eq(answer, "over"))
        return err_field(c->mem, E_BAD_INPUT, "answer", "Say yes or no.");
    TRY(due_cover_answer(c, req_param(r, "cover"), answer));
    flash_set(c, r, str_eq(answer, "agreed") ? "What needs them stands in your day for that time." : "Noted.");
    req_redirect(r, "/handover");
    return NULL;
}
