/* pages_ask.c: asking somebody in a study for something. */
#include "base/str.h"
#include "core/flash.h"
#include "db/db.h"
#include "features/commitments/pages.h"
#include "features/commitments/people.h"
#include "features/commitments/series.h"
#include "features/studies/studies.h"

#include <string.h>

static const struct {
    const char *kind, *words;
} kinds[] = {
    {"ask", "Something else"}, {"action_item", "Action item"}, {"document", "Document"}, {"query", "Query to answer"},
    {"call", "Call"},          {"payment", "Payment"},
};

static const char *
person_words(struct ctx *c, const struct due_people_row *x)
{
    enum role role;
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "%s, %s", x->name, role_find(x->role, &role) ? role_title(role) : x->role);
    if (!x->study_site_null)
        buf_printf(&b, ", %s", site_title(c->mem, x->site_number, x->site_label, x->site_facility, x->site_organisation,
                                         !x->site_placeholder_null && x->site_placeholder, x->site_city));
    return buf_text(&b);
}

static void
add_people(struct ctx *c, const struct req *r, const struct due_people_row *x, size_t n, struct view *page)
{
    struct view *list = view_list(page, "people");
    const char *chosen = str_or(req_form(r, "to"), req_query(r, "to"));
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "value", x[i].ref);
        view_text(v, "text", person_words(c, &x[i]));
        view_bool(v, "selected", str_eq(chosen, x[i].ref));
    }
    if (n == 0) {
        struct view *v = view_map(page, "empty");
        view_text(v, "title", "Nobody to ask yet");
        view_text(v, "text", "Who holds a role in this study, and signs in, can be asked here. Roles are granted on the study's page Roles.");
    }
}

err_t
page_ask(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct due_people_row *x;
    struct due_party me;
    int64_t site;
    size_t n;
    TRY(people_me(c, t, 0, &me, &site));
    TRY(people_askable(c, t, &x, &n));
    TRY(study_head(c, t, "due", page));
    add_people(c, r, x, n, page);
    struct view *list = view_list(page, "kinds");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct view *v = view_add_map(list);
        view_text(v, "value", kinds[i].kind);
        view_text(v, "text", kinds[i].words);
        view_bool(v, "selected", str_eq(req_form(r, "kind"), kinds[i].kind));
    }
    return NULL;
}

static bool
known_kind(const char *kind)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            return true;
    }
    return false;
}

err_t
page_ask_send(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct due_people_row *x, *to = NULL;
    struct due_party me;
    int64_t site, id;
    size_t n;
    const char *ref, *kind = str_or(req_form(r, "kind"), "ask");
    TRY(people_askable(c, t, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(x[i].ref, req_form(r, "to")))
            to = &x[i];
    }
    if (!to)
        return err_field(c->mem, E_BAD_INPUT, "to", "Choose one of the people of the list.");
    if (!known_kind(kind))
        return err_field(c->mem, E_BAD_INPUT, "kind", "Choose one of the kinds of the list.");
    bool at_site = people_at_site(to->role);
    TRY(people_me(c, t, at_site ? to->study_site : 0, &me, &site));
    struct due_new d = {.class = CLASS_COMMITMENT, .kind = kind, .title = req_form(r, "title"), .body = req_form(r, "body"),
                        .study = t->study, .study_site = site, .owing = {to->person, to->role, at_site}, .asking = me,
                        .due_on = req_form(r, "due_on")};
    TRY(due_create(c, &d, &id, &ref));
    if (req_form(r, "repeat")) {
        int64_t every_n = 0;
        req_form_int(r, "every_n", &every_n);
        TRY(series_begin(c, id, req_form(r, "repeat"), every_n, req_form(r, "until")));
    }
    flash_set(c, r, arena_printf(c->mem, "%s was asked.", to->name));
    req_redirect(r, "/due/%s", ref);
    return NULL;
}
