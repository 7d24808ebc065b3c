/* pages_org.c: one organisation: what it does in the studies that the reader may see, and who is
 * known there. */
#include "base/date.h"
#include "base/str.h"
#include "core/core_sql.h"
#include "core/countries.h"
#include "db/db.h"
#include "features/people/pages.h"
#include "features/people/parts.h"
#include "features/people/rules.h"
#include "features/studies/studies.h"

#include <string.h>

enum { ROWS = 50, PEOPLE = 100, PEOPLE_SITES = 30, TIES = 60 };

static bool
has(const int64_t *list, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == id)
            return true;
    }
    return false;
}

static void
add_study(struct view *v, const char *code, const char *title, const char *acronym,
          const char *status)
{
    view_text(v, "code", code);
    view_text(v, "title", title);
    view_text(v, "acronym", acronym);
    view_text(v, "status", study_words("status", status));
    view_textf(v, "href", "/studies/%s", code);
}

/* A card with a list has its own pager: `tail` is the next page's key, NULL at the end. */
static void
add_pager(struct view *card, const char *href, const char *param, size_t n, const char *tail)
{
    struct view *pager = view_map(card, "pager");
    view_textf(pager, "text", "%zu shown", n);
    if (tail)
        view_textf(pager, "next", "%s?%s=%s", href, param, tail);
}

static err_t
add_studies(struct ctx *c, struct req *r, const struct sight *s, int64_t org, const char *href,
            struct view *page, size_t *ret_n)
{
    struct people_org_studies_row *x;
    struct part_from from = {.most = ROWS};
    struct parts p;
    size_t n;
    pages_after(c, r, "studies_after", &from.after, &from.after_id);
    TRY(parts_of(c, s, PART_SPONSORED, org, &from, &p));
    TRY(db_list(c, &PEOPLE_ORG_STUDIES,
                DB_IN(db_int(org), db_ints(p.ids, p.n), db_ints(s->audiences, s->n_audiences),
                      db_ints(s->studies, s->n_studies)),
                &x, &n));
    *ret_n = n;
    if (n == 0)
        return NULL;
    struct view *card = view_map(page, "studies"), *rows = view_list(card, "rows");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(rows);
        add_study(v, x[i].code, x[i].title, x[i].acronym, x[i].status);
        view_text(v, "role", x[i].leads ? "Sponsor" : "Collaborator");
    }
    const char *tail =
        p.more ? pages_after_text(c, p.last, p.ids[p.n - 1]) : NULL;
    if (tail || from.after)
        add_pager(card, href, "studies_after", n, tail);
    return NULL;
}

/* `name`: the organisation's, to say what a study calls it only where that differs. */
static err_t
add_sites(struct ctx *c, struct req *r, const struct sight *s, int64_t org, const char *name,
          const char *href, struct view *page, size_t *ret_n)
{
    struct people_org_sites_row *x;
    struct part_from from = {.most = ROWS};
    struct parts p;
    size_t n;
    pages_after(c, r, "sites_after", &from.after, &from.after_id);
    TRY(parts_of(c, s, PART_SITE, org, &from, &p));
    TRY(db_list(c, &PEOPLE_ORG_SITES,
                DB_IN(db_ints(p.ids, p.n), db_ints(s->audiences, s->n_audiences),
                      db_ints(s->whole, s->n_whole), db_ints(s->sites, s->n_sites)),
                &x, &n));
    *ret_n = n;
    if (n == 0)
        return NULL;
    struct view *card = view_map(page, "sites"), *rows = view_list(card, "rows");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(rows);
        add_study(v, x[i].code, x[i].title, x[i].acronym, x[i].status);
        view_textf(v, "site_href", "/studies/%s/sites/%s", x[i].code, x[i].ref);
        const char *called = str_or(x[i].label, x[i].facility);
        view_text(v, "site", str_eq(called, name) ? NULL : called);
        view_text(v, "number", x[i].number);
        view_text(v, "site_status", study_words("status", x[i].site_status));
    }
    const char *tail =
        p.more ? pages_after_text(c, p.last, p.ids[p.n - 1]) : NULL;
    if (tail || from.after)
        add_pager(card, href, "sites_after", n, tail);
    return NULL;
}

/* Who is named at the sites that changed last. */
static err_t
add_people(struct ctx *c, const struct sight *s, int64_t org, struct view *page)
{
    char today[DATE_TEXT];
    date_iso(c->today, today);
    struct people_at_org_row *x;
    struct parts p;
    size_t n;
    TRY(parts_of(c, s, PART_SITE, org, &(struct part_from){.most = PEOPLE_SITES}, &p));
    TRY(db_list(c, &PEOPLE_AT_ORG,
                DB_IN(db_int(org), db_ints(p.ids, p.n), db_ints(s->audiences, s->n_audiences),
                      db_ints(s->whole, s->n_whole), db_ints(s->sites, s->n_sites),
                      db_ints(s->team, s->n_team), db_text(today), db_int(PEOPLE + 1)),
                &x, &n));
    struct view *list = view_list(page, "people");
    for (size_t i = 0; i < n && i < PEOPLE; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", x[i].name);
        view_textf(v, "href", "/people/%s", x[i].ref);
    }
    view_bool(page, "people_more", n > PEOPLE || p.more);
    return NULL;
}

/* Ties noted by hand, to people whom the reader may know of; directors only of the reader's own. */
static err_t
add_ties(struct ctx *c, const struct sight *s, int64_t org, struct view *page)
{
    struct people_ties_of_org_row *x;
    size_t n;
    TRY(db_list(c, &PEOPLE_TIES_OF_ORG, DB_IN(db_int(org), db_int(TIES)), &x, &n));
    struct view *list = view_list(page, "ties");
    for (size_t i = 0; i < n; i++) {
        const struct tie_kind *kind = rules_tie_kind(x[i].role);
        enum role role;
        bool seen = has(s->audiences, s->n_audiences, org) || x[i].person == c->who->person;
        if (kind)
            TRY(sight_of_person(c, s, x[i].person, &seen));
        if (!seen || (!kind && !role_find(x[i].role, &role)))
            continue;
        struct view *v = view_add_map(list);
        view_text(v, "name", x[i].person_name);
        view_textf(v, "href", "/people/%s", x[i].person_ref);
        view_text(v, "words", kind ? kind->words : role_title(role));
        pages_span(c, v, x[i].from_on, x[i].to_on);
    }
    return NULL;
}

/* What is known of the organisation beyond its name and place came with studies: it is told only
 * where one of them may be seen, and to those who keep it. */
static void
add_org(struct ctx *c, const struct core_org_row *o, bool all, struct view *page)
{
    struct view *v = view_map(page, "org");
    view_text(v, "ref", o->ref);
    view_text(v, "name", o->name);
    view_textf(v, "href", "/organisations/%s", o->ref);
    view_text(v, "place", pages_place(c->mem, o->city, o->country));
    view_text(v, "city", o->city);
    view_text(v, "country", o->country ? countries_name(o->country) : NULL);
    if (!all)
        return;
    view_text(v, "kind", rules_org_kind_words(o->kind));
    view_text(v, "class", study_words("class", o->class));
    view_text(v, "state", o->state);
    view_text(v, "zip", o->zip);
}

/* `n`: in how many places of studies that the reader may see it is named. */
static const char *
joined_words(const struct core_org_row *o, size_t n)
{
    if (o->placeholder)
        return "The registry does not name it. What is not named is never joined with anything.";
    if (n < 2)
        return NULL;
    return o->city ? "These studies give the same name, city and country. Capitals, accents, punctuation and a "
                     "study's own site numbers do not count; anything less is left apart."
                   : "These studies give the same name. Capitals, accents and punctuation do not count; anything "
                     "less is left apart.";
}

err_t
page_org(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct sight s = sight_of(c);
    struct core_org_row o;
    size_t n_studies, n_sites;
    TRY(db_one(c, &CORE_ORG, DB_IN(db_int(t->organisation)), &o));
    const char *href = arena_printf(c->mem, "/organisations/%s", o.ref);
    bool edit = may(c->who, PERM_SHARED_EDIT, t);
    pages_tabs(page, href);
    TRY(add_studies(c, r, &s, o.id, href, page, &n_studies));
    TRY(add_sites(c, r, &s, o.id, o.name, href, page, &n_sites));
    add_org(c, &o, edit || n_studies || n_sites || has(s.audiences, s.n_audiences, o.id), page);
    TRY(add_people(c, &s, o.id, page));
    TRY(add_ties(c, &s, o.id, page));
    view_text(page, "joined", joined_words(&o, n_studies + n_sites));
    view_bool(page, "may_edit", edit);
    view_bool(page, "nothing", !n_studies && !n_sites);
    return NULL;
}
