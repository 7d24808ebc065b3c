/* pages_share.c: letting an item wait on another, and asking a colleague to do it: what the page of an item shows
 * of it, and its forms. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "db/db.h"
#include "features/commitments/pages.h"
#include "features/commitments/people.h"
#include "features/commitments/share.h"

enum { WAITABLE = 60 };

static err_t
may_know(struct ctx *c, int64_t due, bool *ret)
{
    struct thing t;
    bool owing, asking;
    err_t e = due_look(c, due, &t, &owing, &asking);
    *ret = !e;
    return e && e->code != E_NOT_FOUND ? e : NULL;
}

/* Colleagues of the owing side: at a site those of the site, else the sponsor's. */
static err_t
colleagues(struct ctx *c, const struct due_get_row *x, struct due_people_row **ret, size_t *ret_n)
{
    struct thing t = {.study = x->study};
    struct due_people_row *p;
    size_t n, kept = 0;
    TRY(people_askable(c, &t, &p, &n));
    for (size_t i = 0; i < n; i++) {
        bool at_site = people_at_site(p[i].role);
        bool same = at_site == x->owing_at_site && (!at_site || (!x->site_null && !p[i].study_site_null && p[i].study_site == x->site));
        if (same && p[i].person != x->owing)
            p[kept++] = p[i];
    }
    *ret = p;
    *ret_n = kept;
    return NULL;
}

static err_t
add_waits(struct ctx *c, const struct due_get_row *x, struct view *page)
{
    struct due_get_row y;
    bool known;
    if (x->waits_on_null)
        return NULL;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(x->waits_on)), &y));
    TRY(may_know(c, y.id, &known));
    struct view *v = view_map(page, "waits");
    view_text(v, "since", date_words_iso(c->mem, x->waits_since));
    if (known) {
        view_text(v, "title", y.title);
        view_text(v, "who", y.owing_name);
        view_textf(v, "href", "/due/%s", y.ref);
    }
    return NULL;
}

err_t
share_view(struct ctx *c, const struct due_get_row *x, bool owing, struct view *page)
{
    struct due_waitable_row *w;
    struct due_people_row *p;
    enum due_state state;
    size_t n;
    TRY(add_waits(c, x, page));
    INVARIANT(rules_state_find(x->state, &state));
    if (!owing || x->study_null || (state != STATE_AGREED && state != STATE_DUE && state != STATE_ACKNOWLEDGED))
        return NULL;
    view_bool(page, "may_go_on", !x->waits_on_null);
    view_bool(page, "may_give_back", !x->doing_null);
    if (x->waits_on_null) {
        TRY(db_list(c, &DUE_WAITABLE, DB_IN(db_int(x->study), db_int(x->id), db_int(WAITABLE)), &w, &n));
        struct view *list = view_list(page, "waitable");
        for (size_t i = 0; i < n; i++) {
            bool known;
            TRY(may_know(c, w[i].id, &known));
            if (!known)
                continue;
            struct view *v = view_add_map(list);
            view_text(v, "value", w[i].ref);
            view_textf(v, "text", "%s (%s%s%s)", w[i].title, w[i].owing_name, w[i].due_on ? ", " : "", str_or(line_day(c, w[i].due_on), ""));
        }
    }
    TRY(colleagues(c, x, &p, &n));
    struct view *list = view_list(page, "colleagues");
    for (size_t i = 0; i < n; i++) {
        enum role role;
        struct view *v = view_add_map(list);
        view_text(v, "value", p[i].ref);
        view_textf(v, "text", "%s, %s", p[i].name, role_find(p[i].role, &role) ? role_title(role) : p[i].role);
    }
    return NULL;
}

/* The item, for whom acts on the owing side. */
static err_t
look(struct ctx *c, const struct req *r, struct due_get_row *ret)
{
    struct thing t;
    bool owing, asking;
    TRY(pages_due(c, r, ret));
    TRY(due_look(c, ret->id, &t, &owing, &asking));
    return owing ? NULL : err_new(c->mem, E_FORBIDDEN, "That is for the side that owes it.");
}

err_t
page_due_wait(struct ctx *c, struct req *r, struct view *page)
{
    struct due_get_row x;
    struct due_find_row other;
    bool found, known = false;
    TRY(look(c, r, &x));
    TRY(db_maybe(c, &DUE_FIND, DB_IN(db_text(req_form(r, "other"))), &other, &found));
    if (found)
        TRY(may_know(c, other.id, &known));
    if (!known)
        return err_field(c->mem, E_BAD_INPUT, "other", "Choose one of the list.");
    TRY(due_wait(c, x.id, other.id));
    flash_set(c, r, "It waits. Its clock stands still until the other is delivered.");
    req_redirect(r, "/due/%s", x.ref);
    return NULL;
}

err_t
page_due_wait_end(struct ctx *c, struct req *r, struct view *page)
{
    struct due_get_row x;
    TRY(look(c, r, &x));
    TRY(due_wait_end(c, x.id));
    flash_set(c, r, "It goes on.");
    req_redirect(r, "/due/%s", x.ref);
    return NULL;
}

err_t
page_due_pass(struct ctx *c, struct req *r, struct view *page)
{
    struct due_get_row x;
    struct due_people_row *p;
    size_t n;
    TRY(look(c, r, &x));
    if (x.study_null)
        return err_new(c->mem, E_CONFLICT, "A note to yourself is yours alone.");
    TRY(colleagues(c, &x, &p, &n));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(p[i].ref, req_form(r, "to")))
            continue;
        TRY(due_pass(c, x.id, p[i].person, p[i].name, req_form(r, "why")));
        flash_set(c, r, arena_printf(c->mem, "%s has it in the queue of the day. You still owe it.", p[i].name));
        req_redirect(r, "/due/%s", x.ref);
        return NULL;
    }
    return err_field(c->mem, E_BAD_INPUT, "to", "Choose one of the people of the list.");
}

err_t
page_due_pass_back(struct ctx *c, struct req *r, struct view *page)
{
    struct due_get_row x;
    TRY(look(c, r, &x));
    TRY(due_pass(c, x.id, 0, NULL, req_form(r, "why")));
    flash_set(c, r, "It is with who owes it again.");
    req_redirect(r, "/due/%s", x.ref);
    return NULL;
}
