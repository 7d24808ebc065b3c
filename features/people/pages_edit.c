/* pages_edit.c: writing organisations and people down by hand, and changing them. */
#include "base/str.h"
#include "core/countries.h"
#include "core/flash.h"
#include "core/record.h"
#include "db/db.h"
#include "features/people/pages.h"
#include "features/people/rules.h"
#include "features/people/store.h"

#include <string.h>

/* What somebody writes down is recorded as of a list of their own, not of the shared thing: its
 * history would tell others of the same thing that somebody else knows it, and when. */
static const char own_list[] = "own_list";

static void
add_options(struct view *page, const char *kind, const char *country)
{
    size_t n;
    const struct org_kind *kinds = rules_org_kinds(&n);
    struct view *list = view_list(page, "kind_options");
    for (size_t i = 0; i < n; i++) {
        if (!kinds[i].chosen && !str_eq(kinds[i].literal, kind))
            continue;
        struct view *o = view_add_map(list);
        view_text(o, "value", kinds[i].literal);
        view_text(o, "text", kinds[i].words);
        view_bool(o, "selected", str_eq(kinds[i].literal, kind));
    }
    const struct country *all = countries_all(&n);
    list = view_list(page, "country_options");
    for (size_t i = 0; i < n; i++) {
        struct view *o = view_add_map(list);
        view_text(o, "value", all[i].code);
        view_text(o, "text", all[i].name);
        view_bool(o, "selected", str_eq(all[i].code, country));
    }
}

/* A form keeps what is not on its lists only where it stood before. */
static err_t
check_choices(struct ctx *c, struct req *r, const struct people_org_row *old)
{
    const char *kind = req_form(r, "kind"), *country = req_form(r, "country");
    size_t n, i = 0;
    const struct org_kind *kinds = rules_org_kinds(&n);
    while (i < n && !(kinds[i].chosen && str_eq(kinds[i].literal, kind)))
        i++;
    if (kind && i == n && !(old && str_eq(old->kind, kind)))
        return err_field(c->mem, E_BAD_INPUT, "kind", "Choose one of the kinds.");
    if (country && !countries_name(country))
        return err_field(c->mem, E_BAD_INPUT, "country", "Choose a country of the list.");
    return NULL;
}

/* ---- organisations ---- */

err_t
page_org_new(struct ctx *c, struct req *r, struct view *page)
{
    add_options(page, req_form(r, "kind"), req_form(r, "country"));
    return NULL;
}

/* Nothing tells whether the organisation was here already: who may not know of it must not
 * learn. */
err_t
page_org_create(struct ctx *c, struct req *r, struct view *page)
{
    TRY(check_choices(c, r, NULL));
    const char *name = req_form(r, "name"), *city = req_form(r, "city"),
               *country = req_form(r, "country");
    const char *kind = req_form(r, "kind");
    struct org_new o = {.name = name,
                        .kind = kind,
                        .city = city,
                        .country = country,
                        .origin = "typed",
                        .join_key = rules_org_key(c->mem, name, city, country)};
    int64_t id;
    bool joined, listed;
    TRY(org_get(c, &o, &id, &joined));
    TRY(store_list_org(c, id, name, city, &listed));
    struct people_org_ref_row row;
    TRY(db_one(c, &PEOPLE_ORG_REF, DB_IN(db_int(id)), &row));
    if (listed) {
        record_about(c, "organisation", id, row.ref, NULL);
        record_change(c, own_list, name, "name", NULL, name);
        record_change(c, own_list, name, "city", NULL, city);
        record_change(c, own_list, name, "country", NULL, country);
        record_change(c, own_list, name, "kind", NULL, kind);
    }
    flash_set(c, r, "The organisation is in your list.");
    req_redirect(r, "/organisations/%s", row.ref);
    return NULL;
}

static err_t
org_row(struct ctx *c, const struct thing *t, struct people_org_row *ret)
{
    struct people_org_ref_row row;
    TRY(db_one(c, &PEOPLE_ORG_REF, DB_IN(db_int(t->organisation)), &row));
    return db_one(c, &PEOPLE_ORG, DB_IN(db_text(row.ref)), ret);
}

err_t
page_org_edit(struct ctx *c, struct req *r, struct view *page)
{
    struct people_org_row o;
    TRY(org_row(c, req_thing(r), &o));
    struct view *v = view_map(page, "org"), *form = view_map(page, "form");
    view_text(v, "name", o.name);
    view_textf(v, "href", "/organisations/%s", o.ref);
    view_text(form, "name", o.name);
    view_text(form, "city", o.city);
    view_text(form, "state", o.state);
    add_options(page, o.kind, o.country);
    view_map(page, "reason");
    return NULL;
}

err_t
page_org_save(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct people_org_row o;
    TRY(org_row(c, t, &o));
    TRY(check_choices(c, r, &o));
    struct org_edit e = {.name = req_form(r, "name"),
                         .kind = req_form(r, "kind"),
                         .city = req_form(r, "city"),
                         .state = req_form(r, "state"),
                         .country = req_form(r, "country")};
    record_about(c, "organisation", o.id, o.ref, t);
    bool any = record_change_gxp(c, "organisation", o.name, "name", o.name, e.name);
    any |= record_change_gxp(c, "organisation", o.name, "city", o.city, e.city);
    any |= record_change_gxp(c, "organisation", o.name, "country", o.country, e.country);
    any |= record_change(c, "organisation", o.name, "state", o.state, e.state);
    any |= record_change(c, "organisation", o.name, "kind", o.kind, e.kind);
    if (any) {
        TRY(store_edit_org(c, &o, &e));
        flash_set(c, r, "The organisation was saved.");
    }
    req_redirect(r, "/organisations/%s", o.ref);
    return NULL;
}

/* ---- people ---- */

err_t
page_person_new(struct ctx *c, struct req *r, struct view *page)
{
    return NULL;
}

err_t
page_person_create(struct ctx *c, struct req *r, struct view *page)
{
    const char *name = req_form(r, "name"), *affiliation = req_form(r, "affiliation");
    struct person_new p = {.name = name, .affiliation = affiliation, .origin = "typed",
                           .join_key = rules_person_key(c->mem, name, affiliation)};
    int64_t id;
    bool joined, listed;
    TRY(person_get(c, &p, &id, &joined));
    TRY(store_list_person(c, id, name, affiliation, &listed));
    struct people_person_ref_row row;
    TRY(db_one(c, &PEOPLE_PERSON_REF, DB_IN(db_int(id)), &row));
    if (listed) {
        record_about(c, "person", id, row.ref, NULL);
        record_change(c, own_list, name, "name", NULL, name);
        record_change(c, own_list, name, "affiliation", NULL, affiliation);
    }
    flash_set(c, r, "The person is in your list.");
    req_redirect(r, "/people/%s", row.ref);
    return NULL;
}

static err_t
person_row(struct ctx *c, const struct thing *t, struct people_person_row *ret)
{
    struct people_person_ref_row row;
    TRY(db_one(c, &PEOPLE_PERSON_REF, DB_IN(db_int(t->person)), &row));
    return db_one(c, &PEOPLE_PERSON, DB_IN(db_text(row.ref)), ret);
}

err_t
page_person_edit(struct ctx *c, struct req *r, struct view *page)
{
    struct people_person_row p;
    TRY(person_row(c, req_thing(r), &p));
    struct view *v = view_map(page, "person"), *form = view_map(page, "form");
    view_text(v, "name", p.name);
    view_textf(v, "href", "/people/%s", p.ref);
    view_text(form, "name", p.name);
    view_text(form, "affiliation", p.affiliation);
    view_map(page, "reason");
    return NULL;
}

err_t
page_person_save(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct people_person_row p;
    TRY(person_row(c, t, &p));
    struct person_edit e = {.name = req_form(r, "name"), .affiliation = req_form(r, "affiliation")};
    record_about(c, "person", p.id, p.ref, t);
    bool any = record_change_gxp(c, "person", p.name, "name", p.name, e.name);
    any |= record_change_gxp(c, "person", p.name, "affiliation", p.affiliation, e.affiliation);
    if (any) {
        TRY(store_edit_person(c, &p, &e));
        flash_set(c, r, "The person was saved.");
    }
    req_redirect(r, "/people/%s", p.ref);
    return NULL;
}
