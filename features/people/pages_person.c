/* pages_person.c: one person: where the studies that the reader may see name them, beside whom, and
 * how they can be reached. Says nothing about how somebody works: no number about a person. */
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/core_sql.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/people/pages.h"
#include "features/people/parts.h"
#include "features/people/rules.h"
#include "features/studies/studies.h"

#include <string.h>

enum { ROWS = 50, TIES = 60, BESIDE = 30, BESIDE_PLACES = 30, FEW_SITES = 10 };

static const char *
role_words(const struct people_person_roles_row *x)
{
    static const struct {
        const char *kind, *words;
    } kinds[] = {
        {"official", "Official of the study"},
        {"central_contact", "Central contact"},
        {"responsible", "Responsible for the record"},
        {"contact", "Contact at the site"},
    };
    if (!str_empty(x->role))
        return study_words("person", x->role);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].kind, x->kind) == 0)
            return kinds[i].words;
    }
    return x->kind;
}

static void
add_role(struct ctx *c, const struct people_person_roles_row *x, struct view *rows)
{
    struct view *v = view_add_map(rows);
    view_text(v, "code", x->code);
    view_text(v, "title", utf8_cut(c->mem, x->study_title, STUDY_TITLE_SHOWN));
    view_text(v, "acronym", x->acronym);
    view_text(v, "status", study_words("status", x->status));
    view_textf(v, "href", "/studies/%s", x->code);
    view_text(v, "role", role_words(x));
    view_text(v, "stated", x->title);
    if (!x->site_ref)
        return;
    view_text(
        v, "site",
        site_title(c->mem, x->number, x->label, x->facility, x->org_name, x->placeholder, x->city));
    view_textf(v, "site_href", "/studies/%s/sites/%s", x->code, x->site_ref);
    if (!x->placeholder)
        view_textf(v, "org_href", "/organisations/%s", x->org_ref);
}

static err_t
add_roles(struct ctx *c, struct req *r, const struct sight *s, int64_t person, const char *href,
          struct view *page)
{
    struct people_person_roles_row *x;
    struct part_from from = {.most = ROWS};
    struct parts p;
    size_t n;
    pages_after(c, r, "after", &from.after, &from.after_id);
    TRY(parts_of(c, s, PART_NAMED, person, &from, &p));
    TRY(db_list(c, &PEOPLE_PERSON_ROLES,
                DB_IN(db_ints(p.ids, p.n), db_ints(s->audiences, s->n_audiences),
                      db_ints(s->studies, s->n_studies), db_ints(s->whole, s->n_whole),
                      db_ints(s->sites, s->n_sites)),
                &x, &n));
    struct view *rows = view_list(page, "roles");
    for (size_t i = 0; i < n; i++)
        add_role(c, &x[i], rows);
    if (!p.more && !from.after)
        return NULL;
    struct view *pager = view_map(page, "pager");
    view_textf(pager, "text", "%zu shown", n);
    if (p.more)
        view_textf(pager, "next", "%s?after=%s", href,
                   pages_after_text(c, p.last, p.ids[p.n - 1]));
    return NULL;
}

/* ---- ties ---- */

/* A role granted in a study: shown to those who see the study's roles, and to oneself. */
static void
add_granted(struct ctx *c, int64_t person, const struct people_ties_of_person_row *x,
            struct view *list)
{
    struct thing t = {
        .study = x->study,
        .organisations = {x->sponsor_null ? 0 : x->sponsor, x->operator_null ? 0 : x->operator} };
    bool own = person == c->who->person;
    if (!x->code || !may(c->who, PERM_STUDY_READ, &t) ||
        (!own && !may(c->who, PERM_STUDY_TEAM, &t)))
        return;
    enum role role;
    struct view *v = view_add_map(list);
    view_text(v, "role", role_find(x->role, &role) ? role_title(role) : x->role);
    view_text(v, "code", x->code);
    view_text(v, "title", utf8_cut(c->mem, x->study_title, STUDY_TITLE_SHOWN));
    view_textf(v, "href", "/studies/%s", x->code);
    if (x->site_ref) {
        view_text(v, "site",
                  site_title(c->mem, x->number, x->label, x->facility, x->site_org_name,
                             x->placeholder, x->city));
        view_textf(v, "site_href", "/studies/%s/sites/%s", x->code, x->site_ref);
    }
    pages_span(c, v, x->from_on, x->to_on);
}

static bool
among(const int64_t *list, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == id)
            return true;
    }
    return false;
}

/* A tie outside studies: whether the reader may know of its other end. */
static err_t
sees_tie(struct ctx *c, const struct sight *s, int64_t person,
         const struct people_ties_of_person_row *x, bool *ret)
{
    *ret = false;
    if (!rules_tie_kind(x->role)) { /* a role that gives rights: of the reader's own organisation */
        *ret = person == c->who->person ||
               (!x->org_null && among(s->audiences, s->n_audiences, x->org));
        return NULL;
    }
    if (!x->org_null)
        return sight_of_org(c, s, x->org, ret);
    return x->other_null ? NULL : sight_of_person(c, s, x->other, ret);
}

static struct view *
add_tie(struct ctx *c, struct view *list, const char *words, const char *name, const char *href,
        const char *from_on, const char *to_on, const char *note)
{
    struct view *v = view_add_map(list);
    view_text(v, "words", words);
    view_text(v, "name", name);
    view_text(v, "href", href);
    view_text(v, "note", note);
    pages_span(c, v, from_on, to_on);
    return v;
}

err_t
pages_ties(struct ctx *c, const struct sight *s, int64_t person, bool end, struct view *page)
{
    struct people_ties_of_person_row *x;
    struct people_ties_to_person_row *y;
    size_t n;
    bool seen;
    TRY(db_list(c, &PEOPLE_TIES_OF_PERSON, DB_IN(db_int(person), db_int(TIES)), &x, &n));
    struct view *granted = view_list(page, "granted"), *list = view_list(page, "ties");
    for (size_t i = 0; i < n; i++) {
        const struct tie_kind *kind = rules_tie_kind(x[i].role);
        enum role role;
        if (!x[i].study_null) {
            add_granted(c, person, &x[i], granted);
            continue;
        }
        TRY(sees_tie(c, s, person, &x[i], &seen));
        if (!seen)
            continue;
        const char *href = x[i].other_ref ? arena_printf(c->mem, "/people/%s", x[i].other_ref)
                           : x[i].org_ref ? arena_printf(c->mem, "/organisations/%s", x[i].org_ref)
                                          : NULL;
        struct view *v = add_tie(c, list,
                                 kind                          ? kind->words
                                 : role_find(x[i].role, &role) ? role_title(role)
                                                               : x[i].role,
                                 str_or(x[i].other_name, x[i].org_name), href, x[i].from_on,
                                 x[i].to_on, x[i].note);
        if (end && kind && !view_truth(view_get(v, "over")))
            view_textf(v, "end", "/ties/%s/end", x[i].ref);
    }
    TRY(db_list(c, &PEOPLE_TIES_TO_PERSON, DB_IN(db_int(person), db_int(TIES)), &y, &n));
    for (size_t i = 0; i < n; i++) {
        const struct tie_kind *kind = rules_tie_kind(y[i].role);
        TRY(sight_of_person(c, s, y[i].person, &seen));
        if (!seen || !kind || !kind->back)
            continue;
        struct view *v = add_tie(c, list, kind->back, y[i].person_name,
                                 arena_printf(c->mem, "/people/%s", y[i].person_ref), y[i].from_on,
                                 y[i].to_on, y[i].note);
        if (end && !view_truth(view_get(v, "over")))
            view_textf(v, "end", "/ties/%s/end", y[i].ref);
    }
    return NULL;
}

/* ---- contact details ---- */

static err_t
add_contacts(struct ctx *c, int64_t person, struct view *page)
{
    struct view *list = view_list(page, "details");
    struct vault_detail *detail;
    size_t n;
    TRY(vault_list(c, person, 0, &detail, &n));
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "kind", str_eq(detail[i].kind, "email")   ? "E-mail"
                             : str_eq(detail[i].kind, "phone") ? "Telephone"
                                                               : detail[i].kind);
        view_text(v, "value", detail[i].value);
        view_bool(v, "registry", str_eq(detail[i].origin, "registry"));
    }
    return NULL;
}

/* ---- the page ---- */

static err_t
add_beside(struct ctx *c, const struct sight *s, int64_t person, struct view *page)
{
    struct people_beside_row *x;
    struct parts p;
    size_t n;
    TRY(parts_of(c, s, PART_NAMED, person, &(struct part_from){.most = BESIDE_PLACES}, &p));
    TRY(db_list(c, &PEOPLE_BESIDE,
                DB_IN(db_int(person), db_ints(p.ids, p.n), db_ints(s->audiences, s->n_audiences),
                      db_ints(s->studies, s->n_studies), db_ints(s->whole, s->n_whole),
                      db_ints(s->sites, s->n_sites), db_int(FEW_SITES), db_int(BESIDE)),
                &x, &n));
    struct view *list = view_list(page, "beside");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", x[i].name);
        view_textf(v, "href", "/people/%s", x[i].ref);
        view_text(v, "affiliation", x[i].affiliation);
    }
    return NULL;
}

err_t
pages_person_head(struct ctx *c, int64_t person, struct core_person_row *ret, struct view *page)
{
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(person)), ret));
    struct view *v = view_map(page, "person");
    view_text(v, "ref", ret->ref);
    view_text(v, "name", ret->name);
    view_textf(v, "href", "/people/%s", ret->ref);
    view_text(v, "affiliation", ret->affiliation);
    return NULL;
}

err_t
page_person(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct sight s = sight_of(c);
    struct core_person_row p;
    TRY(pages_person_head(c, t->person, &p, page));
    const char *href = arena_printf(c->mem, "/people/%s", p.ref);
    pages_tabs(page, href);
    TRY(add_roles(c, r, &s, p.id, href, page));
    TRY(pages_ties(c, &s, p.id, false, page));
    TRY(add_beside(c, &s, p.id, page));
    TRY(add_contacts(c, p.id, page));
    const struct view *roles = view_get(page, "roles");
    if (roles && roles->type == V_LIST && roles->kids.n > 1 && p.affiliation)
        view_text(page, "joined", "These studies give the same name and affiliation. Titles, degrees, capitals and "
                                  "accents do not count; anything less is left apart.");
    view_bool(page, "own", p.id == c->who->person);
    view_bool(page, "may_edit", may(c->who, PERM_SHARED_EDIT, t));
    return feature_person_cards(c, p.id, page);
}
