/* pages_site.c: the sites of a study: list, one site, adding and changing one by hand. */
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/countries.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/party.h"
#include "core/reach.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/studies/pages.h"
#include "features/studies/rules.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <string.h>

enum { SITES_PAGE = 100 };

static const char *
title_of_row(struct ctx *c, const struct site_list_row *s)
{
    return site_title(c->mem, s->number, s->label, s->facility, s->organisation_name, s->placeholder, s->city);
}

static void
add_country_filter(struct view *page, const struct study_countries_row *x, size_t n, const char *chosen)
{
    struct view *s = view_map(page, "country");
    view_text(s, "name", "country");
    view_text(s, "label", "Country");
    struct view *options = view_list(s, "options"), *o = view_add_map(options);
    view_text(o, "value", "");
    view_textf(o, "text", "All %zu", n);
    for (size_t i = 0; i < n; i++) {
        o = view_add_map(options);
        view_text(o, "value", x[i].country);
        view_textf(o, "text", "%s (%lld)", countries_name(x[i].country), (long long)x[i].sites);
        view_bool(o, "selected", str_eq(chosen, x[i].country));
    }
}

err_t
page_sites(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "sites", page));
    const char *country = req_query(r, "country"), *after = req_query(r, "after");
    const char *tilde = after ? strrchr(after, '~') : NULL;
    int64_t after_id = 0;
    if (str_empty(country))
        country = NULL;
    if (!tilde || !str_int(tilde + 1, &after_id))
        after = NULL;
    else
        after = arena_strndup(c->mem, after, (size_t)(tilde - after));
    struct site_list_row *rows;
    struct study_countries_row *countries;
    size_t n, n_countries;
    TRY(db_list(c, &STUDY_COUNTRIES, DB_IN(db_int(t->study)), &countries, &n_countries));
    TRY(db_list(c, &SITE_LIST,
                DB_BY(SITE_LIST_BY_NAME, db_int(t->study), db_text(country), db_text(after),
                      db_int_or_null(after_id, !after), db_int(SITES_PAGE + 1)),
                &rows, &n));
    if (n_countries > 1 || country)
        add_country_filter(page, countries, n_countries, country);
    bool placed = false, stated = false;
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n && i < SITES_PAGE; i++) {
        struct view *v = view_add_map(list);
        view_textf(v, "href", "/studies/%s/sites/%s", t->study_ref, rows[i].ref);
        view_text(v, "title", title_of_row(c, &rows[i]));
        view_bool(v, "unnamed", rows[i].placeholder);
        view_text(v, "city", rows[i].city);
        view_text(v, "country", rows[i].country ? countries_name(rows[i].country) : rows[i].country_stated);
        view_text(v, "status", study_words("status", rows[i].status));
        placed |= rows[i].city || rows[i].country || rows[i].country_stated;
        stated |= rows[i].status != NULL;
    }
    view_bool(page, "placed", placed); /* columns without a single value are not drawn */
    view_bool(page, "stated", stated);
    struct view *pager = view_map(page, "pager");
    view_textf(pager, "text", "%zu shown", n < SITES_PAGE ? n : (size_t)SITES_PAGE);
    if (n > SITES_PAGE) {
        struct buf b;
        buf_init(&b, c->mem);
        for (const char *p = rows[SITES_PAGE - 1].sort_key; *p; p++)
            buf_printf(&b, "%%%02X", (unsigned char)*p);
        view_textf(pager, "next", "/studies/%s/sites?country=%s&after=%s~%lld", t->study_ref,
                   str_or(country, ""), buf_text(&b), (long long)rows[SITES_PAGE - 1].id);
    }
    view_bool(page, "may_create", may(c->who, PERM_SITE_CREATE, t));
    if (n == 0) {
        struct view *empty = view_map(page, "empty");
        view_text(empty, "title", "No sites yet");
        view_text(empty, "text", "Sites come with the registry record, with a sites file, with an enrolment log, or by hand.");
    }
    return NULL;
}

static err_t
add_people(struct ctx *c, const struct thing *t, struct view *page)
{
    struct study_site_people_row *x;
    size_t n;
    TRY(db_list(c, &STUDY_SITE_PEOPLE, DB_IN(db_int(t->study), db_int(t->study_site)), &x, &n));
    struct view *list = view_list(page, "people");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", x[i].name);
        view_text(v, "role", study_words("person", x[i].role));
        if (!x[i].desk)
            view_textf(v, "href", "/people/%s", x[i].ref);
        TRY(pages_contacts(c, t, x[i].person, v));
    }
    return NULL;
}

static err_t
site_head(struct ctx *c, const struct thing *t, struct site_get_row *s, struct view *page)
{
    TRY(study_head(c, t, "sites", page));
    TRY(db_one(c, &SITE_GET, DB_IN(db_int(t->study), db_int(t->study_site)), s));
    struct view *v = view_map(page, "site");
    view_text(v, "ref", s->ref);
    view_textf(v, "href", "/studies/%s/sites/%s", t->study_ref, s->ref);
    view_text(v, "title", site_title(c->mem, s->number, s->label, s->facility, s->organisation_name, s->placeholder, s->city));
    view_text(v, "number", s->number);
    view_text(v, "status", study_words("status", s->status));
    view_text(v, "city", s->city);
    view_text(v, "state", s->state);
    view_text(v, "zip", s->zip);
    view_text(v, "country", s->country ? countries_name(s->country) : s->country_stated);
    if (!s->latitude_null && !s->longitude_null)
        view_textf(v, "point", "%.4f, %.4f", s->latitude, s->longitude);
    view_bool(v, "unnamed", s->placeholder);
    view_text(v, "organisation", s->placeholder ? NULL : s->organisation_name);
    view_textf(v, "organisation_href", "/organisations/%s", s->organisation_ref);
    view_text(v, "stated", s->placeholder ? s->facility : NULL);
    return NULL;
}

err_t
page_site(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct site_get_row s;
    TRY(site_head(c, t, &s, page));
    TRY(add_people(c, t, page));
    view_bool(page, "may_edit", may(c->who, PERM_SITE_EDIT, t));
    return feature_site_cards(c, t, page);
}

err_t
page_site_new(struct ctx *c, struct req *r, struct view *page)
{
    TRY(study_head(c, req_thing(r), "sites", page));
    pages_options(c, page, "status_options", "status", pages_statuses, req_form(r, "status"));
    size_t n;
    const struct country *all = countries_all(&n);
    struct view *list = view_list(page, "country_options");
    for (size_t i = 0; i < n; i++) {
        struct view *o = view_add_map(list);
        view_text(o, "value", all[i].code);
        view_text(o, "text", all[i].name);
        view_bool(o, "selected", str_eq(all[i].code, req_form(r, "country")));
    }
    return NULL;
}

err_t
page_site_create(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *name = req_form(r, "name"), *city = req_form(r, "city"), *country = req_form(r, "country");
    if (country && !countries_name(country))
        return err_field(c->mem, E_BAD_INPUT, "country", "Choose a country from the list.");
    struct org_new o = {.name = name, .kind = "site", .city = city, .country = country, .origin = "typed"};
    if (city && country) /* a name alone is not enough to be the same */
        o.join_key = arena_printf(c->mem, "%s|%s|%s", utf8_fold(c->mem, name), utf8_fold(c->mem, city), country);
    struct site_new s = {.study = t->study, .number = req_form(r, "number"), .facility = name, .city = city,
                         .country = country, .status = req_form(r, "status"), .origin = "typed"};
    bool joined;
    int64_t id;
    const char *ref;
    if (country && !countries_name(country))
        return err_field(c->mem, E_BAD_INPUT, "country", "Choose a country of the list.");
    TRY(org_get(c, &o, &s.organisation, &joined));
    TRY(site_create(c, &s, &id, &ref));
    struct thing at = *t;
    at.study_site = id;
    const char *label = arena_printf(c->mem, "Site %s", str_or(s.number, name));
    record_about(c, "site", id, ref, &at);
    record_also(c, "study", t->study);
    record_change(c, "site", label, "name", NULL, name);
    record_change(c, "site", label, "number", NULL, s.number);
    record_change(c, "site", label, "status", NULL, s.status);
    TRY(study_relist(c, t->study));
    flash_set(c, r, "The site was added.");
    req_redirect(r, "/studies/%s/sites/%s", t->study_ref, ref);
    return NULL;
}

err_t
page_site_edit(struct ctx *c, struct req *r, struct view *page)
{
    struct site_get_row s;
    TRY(site_head(c, req_thing(r), &s, page));
    pages_options(c, page, "status_options", "status", pages_statuses, pages_typed(r, "status", s.status));
    struct view *form = view_map(page, "form");
    view_text(form, "number", s.number);
    view_text(form, "label", s.label);
    view_map(page, "reason");
    return NULL;
}

err_t
page_site_save(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct site_get_row s;
    TRY(db_one(c, &SITE_GET, DB_IN(db_int(t->study), db_int(t->study_site)), &s));
    const char *number = req_form(r, "number"), *status = req_form(r, "status"), *label = req_form(r, "label");
    const char *shown = arena_printf(c->mem, "Site %s", str_or(s.number, s.organisation_name));
    record_about(c, "site", t->study_site, s.ref, t);
    record_also(c, "study", t->study);
    bool any = record_change_gxp(c, "site", shown, "number", s.number, number);
    any |= record_change_gxp(c, "site", shown, "status", s.status, status);
    any |= record_change(c, "site", shown, "label", s.label, label);
    if (any) {
        err_t e = db_run(c, &SITE_EDIT,
                         DB_IN(db_int(t->study), db_int(t->study_site), db_text(number), db_text(status), db_text(label),
                               db_text(site_key(c->mem, number, s.country, s.city, str_or(label, s.facility)))),
                         NULL);
        if (e && e->code == E_CONFLICT)
            return err_field(c->mem, E_CONFLICT, "number", "Another site of this study has the number %s.", number);
        TRY(e);
        flash_set(c, r, "The site was saved.");
    }
    req_redirect(r, "/studies/%s/sites/%s", t->study_ref, s.ref);
    return NULL;
}
