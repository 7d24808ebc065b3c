/* pages_study.c: a study's hand-overs: what has nobody, and offering what somebody owes and is owed. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "db/db.h"
#include "features/handover/pages.h"
#include "features/studies/studies.h"

enum { LISTED = 100 };

static void
option(struct view *list, const char *value, const char *text, const char *chosen)
{
    struct view *v = view_add_map(list);
    view_text(v, "value", value);
    view_text(v, "text", text);
    view_bool(v, "selected", str_eq(value, chosen));
}

static const char *
words(struct ctx *c, const struct due_people_row *x)
{
    enum role role;
    return arena_printf(c->mem, "%s, %s%s%s", x->name, role_find(x->role, &role) ? role_title(role) : x->role, x->site_city ? ", " : "", str_or(x->site_city, ""));
}

err_t
page_study_handover(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct hand_nobody_row *nobody;
    struct hand_of_study_row *h;
    struct due_people_row *x;
    char today[DATE_TEXT];
    size_t n, n_nobody = 0;
    bool acts = may(c->who, PERM_DUE_ACT, t);
    TRY(study_head(c, t, "due", page));
    TRY(people_askable(c, t, &x, &n));
    struct view *from = view_list(page, "from"), *to = view_list(page, "to");
    option(from, "me", "what I owe and am owed", req_form(r, "from"));
    for (size_t i = 0; i < n; i++) {
        option(to, x[i].ref, words(c, &x[i]), req_form(r, "to"));
        if (acts)
            option(from, x[i].ref, words(c, &x[i]), req_form(r, "from"));
    }
    view_bool(page, "acts", acts);
    if (!acts)
        return NULL;
    option(to, "me", "to me", req_form(r, "to"));
    date_iso(c->today, today);
    TRY(db_list(c, &HAND_NOBODY, DB_IN(db_int(t->study), db_text(today), db_int(LISTED)), &nobody, &n_nobody));
    struct view *list = view_list(page, "nobody");
    for (size_t i = 0; i < n_nobody; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", nobody[i].name);
        view_int(v, "items", nobody[i].items);
        option(from, arena_printf(c->mem, "left:%s", nobody[i].ref), arena_printf(c->mem, "%s, whose role ended", nobody[i].name), req_form(r, "from"));
    }
    TRY(db_list(c, &HAND_OF_STUDY, DB_IN(db_int(t->study), db_int(LISTED)), &h, &n));
    list = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_textf(v, "href", "/handover/%s", h[i].ref);
        view_textf(v, "text", "%s to %s", h[i].from_name, h[i].to_name);
        view_bool(v, "open", h[i].open);
        view_int(v, "refused", h[i].refused);
    }
    return NULL;
}

/* A tie's ref of the list, "me", or somebody whose role ended. */
static err_t
person_of(struct ctx *c, const struct thing *t, const char *value, const char *field, int64_t *ret)
{
    struct due_people_row *x;
    size_t n;
    static const char left[] = "left:";
    *ret = 0;
    if (str_eq(value, "me"))
        *ret = c->who->person;
    if (value && str_starts(value, left) && may(c->who, PERM_DUE_ACT, t)) {
        struct hand_nobody_row *nobody;
        char today[DATE_TEXT];
        date_iso(c->today, today);
        TRY(db_list(c, &HAND_NOBODY, DB_IN(db_int(t->study), db_text(today), db_int(LISTED)), &nobody, &n));
        for (size_t i = 0; i < n; i++) {
            if (str_eq(nobody[i].ref, value + sizeof left - 1))
                *ret = nobody[i].person;
        }
    }
    TRY(people_askable(c, t, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(x[i].ref, value))
            *ret = x[i].person;
    }
    return *ret ? NULL : err_field(c->mem, E_BAD_INPUT, field, "Choose one of the people of the list.");
}

err_t
page_study_handover_offer(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct handover_new n = {.study = t, .why = req_form(r, "why")};
    const char *ref;
    size_t left;
    TRY(person_of(c, t, req_form(r, "from"), "from", &n.from));
    TRY(person_of(c, t, req_form(r, "to"), "to", &n.to));
    if (n.from != c->who->person && !may(c->who, PERM_DUE_ACT, t))
        return err_new(c->mem, E_FORBIDDEN, "You hand over what is yours. For a colleague the study manager does.");
    TRY(handover_offer(c, &n, &ref, &left));
    flash_set(c, r, left ? arena_printf(c->mem, "Offered. %zu could not go to this person and stay where they are.", left) : "Offered. Each thing is taken or refused.");
    req_redirect(r, "/handover/%s", ref);
    return NULL;
}
