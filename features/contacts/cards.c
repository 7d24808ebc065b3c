/* cards.c: contacts on other pages: a study's sites by their last contact, and cards on the pages of a study, a
 * site and a person (struct feature). */
#include "features/contacts/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/contacts/contacts_sql.h"
#include "features/contacts/rules.h"
#include "features/studies/studies.h"

enum { SITES = 200, QUIET = 3, QUIET_DAYS = 28, LINES = 5, OF_PERSON = 30 };

/* ---- the sites of a study ---- */

static err_t
load_sites(struct ctx *c, const struct thing *t, size_t most, struct contact_sites_row **ret, size_t *ret_n)
{
    bool all;
    int64_t *sites;
    size_t n_sites;
    reach_sites(c, c->who, PERM_CONTACT_LOG, t, &all, &sites, &n_sites);
    return db_list(c, &CONTACT_SITES,
                   DB_IN(db_int(t->study), db_bool(all), db_ints(sites, n_sites), db_int(reach_comp(c->who, PERM_CONTACT_LIST, t)), db_int((int64_t)most)), ret, ret_n);
}

static const char *
title_of(struct ctx *c, const struct contact_sites_row *x)
{
    return site_title(c->mem, x->number, x->label, x->facility, x->organisation, x->placeholder, x->city);
}

err_t
page_contact_sites(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct contact_sites_row *x;
    size_t n;
    TRY(study_head(c, t, "sites", page));
    TRY(load_sites(c, t, SITES + 1, &x, &n));
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n && i < SITES; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "title", title_of(c, &x[i]));
        view_textf(v, "href", "/studies/%s/sites/%s/contacts", t->study_ref, x[i].ref);
        view_text(v, "day", date_words_iso(c->mem, x[i].last_day));
        view_text(v, "since", contact_since(c, x[i].last_day));
    }
    view_bool(page, "cut", n > SITES);
    if (n == 0) {
        struct view *v = view_map(page, "empty");
        view_text(v, "title", "No sites yet");
        view_text(v, "text", "Once the study has sites, they stand here by how long ago somebody was in contact with them.");
    }
    return NULL;
}

/* Those longest without a contact. A study in which nobody noted any has no card. */
err_t
contact_study_card(struct ctx *c, const struct thing *study, struct view *cards)
{
    struct contact_sites_row *x;
    size_t n, noted = 0;
    int32_t day;
    if (!may(c->who, PERM_CONTACT_LIST, study))
        return NULL;
    TRY(load_sites(c, study, SITES, &x, &n));
    for (size_t i = 0; i < n; i++)
        noted += x[i].last_day != NULL;
    if (!noted)
        return NULL;
    struct view *v = view_add_map(cards), *facts = view_list(v, "facts");
    view_text(v, "title", "Contacts with sites");
    view_textf(v, "href", "/studies/%s/contacts", study->study_ref);
    view_text(v, "action", "All sites by last contact");
    view_null(v, "picture");
    for (size_t i = 0; i < n && i < QUIET; i++) {
        if (x[i].last_day && date_parse(x[i].last_day, &day) && c->today - day < QUIET_DAYS)
            break;
        struct view *f = view_add_map(facts);
        view_text(f, "name", title_of(c, &x[i]));
        view_text(f, "value", str_or(contact_since(c, x[i].last_day), "none noted"));
    }
    view_textf(v, "text", facts->kids.n ? "Longest without a contact:" : "Each of the sites that you see was spoken with in the last %d days.", QUIET_DAYS);
    return NULL;
}

/* ---- a site, a person ---- */

err_t
contact_site_card(struct ctx *c, const struct thing *site, struct view *cards)
{
    bool at_site, found;
    enum compartment comp;
    struct contact_last_row last;
    struct contact_site_ref_row ref;
    if (!contact_side(c, site, &at_site, &comp))
        return NULL;
    TRY(db_maybe(c, &CONTACT_LAST, DB_IN(db_int(site->study_site), db_bool(at_site), db_int(comp)), &last, &found));
    TRY(db_one(c, &CONTACT_SITE_REF, DB_IN(db_int(site->study_site)), &ref));
    struct view *v = view_add_map(cards), *input = view_map(v, "input");
    view_text(v, "title", "Contacts");
    view_textf(v, "text", found ? "Last contact %s." : "No contact noted yet.", found ? contact_since(c, last.day) : "");
    view_textf(v, "href", "/studies/%s/sites/%s/contacts", site->study_ref, ref.ref);
    view_text(v, "more", "All contacts");
    view_list(v, "lines");
    view_text(input, "name", "line");
    view_text(input, "label", "Note a contact in one line");
    view_textf(input, "hint", "As in: called %s yesterday, moved the visit. Codes of participants only.", at_site ? "the monitor" : "Dr Vaz");
    view_text(input, "button", "Note it");
    return NULL;
}

static err_t
add_line(struct ctx *c, const struct contact_of_person_row *x, struct view *cards, struct view **lines)
{
    struct thing t = {0};
    bool at_site;
    enum compartment comp;
    TRY(study_thing(c, x->study, &t));
    t.study_site = x->site;
    if (!contact_side(c, &t, &at_site, &comp) || at_site != x->at_site || (int64_t)comp < x->comp)
        return NULL;
    if (!*lines) {
        static const char *const not_here[] = {"text", "href", "more", "input"};
        struct view *v = view_add_map(cards);
        view_text(v, "title", "Contacts noted");
        for (size_t i = 0; i < COUNT_OF(not_here); i++)
            view_null(v, not_here[i]);
        *lines = view_list(v, "lines");
    }
    const struct contact_way *way = contact_way_find(x->way);
    struct view *v = view_add_map(*lines);
    view_text(v, "text", x->words);
    view_textf(v, "href", "/studies/%s/sites/%s/contacts", t.study_ref, x->site_ref);
    view_textf(v, "note", "%s, %s, %s", way ? way->words : x->way, date_words_iso(c->mem, x->day), x->who);
    return NULL;
}

err_t
contact_person_card(struct ctx *c, int64_t person, struct view *cards)
{
    struct contact_of_person_row *x;
    struct view *lines = NULL;
    size_t n;
    TRY(db_list(c, &CONTACT_OF_PERSON, DB_IN(db_int(person), db_int(OF_PERSON)), &x, &n));
    for (size_t i = 0; i < n && (!lines || lines->kids.n < LINES); i++)
        TRY(add_line(c, &x[i], cards, &lines));
    return NULL;
}
