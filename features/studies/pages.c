/* pages.c: what every page of a study shares, and the overview. */
#include "features/studies/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/countries.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/party.h"
#include "core/record.h"
#include "db/db.h"
#include "features/studies/prose.h"
#include "features/studies/rules.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <string.h>

/* ---- what every page of a study shares ---- */

static void
add_tab(struct ctx *c, struct view *tabs, const struct thing *t, const char *name, const char *text,
        const char *tail, const char *current, int64_t n)
{
    struct view *tab = view_add_map(tabs);
    view_text(tab, "text", text);
    view_textf(tab, "href", "/studies/%s%s", t->study_ref, tail);
    view_bool(tab, "current", strcmp(name, current) == 0);
    if (n)
        view_int(tab, "n", n);
}

err_t
study_head(struct ctx *c, const struct thing *t, const char *tab, struct view *page)
{
    struct study_get_row s;
    TRY(db_one(c, &STUDY_GET, DB_IN(db_int(t->study)), &s));
    struct view *v = view_map(page, "study");
    view_text(v, "ref", s.ref);
    view_text(v, "code", s.code);
    view_text(v, "title", utf8_cut(c->mem, s.title, STUDY_TITLE_SHOWN));
    view_text(v, "acronym", s.acronym);
    view_text(v, "name", str_or(s.acronym, s.code));
    view_textf(v, "href", "/studies/%s", t->study_ref);
    view_text(v, "phases", pages_phases(c->mem, s.phases));
    view_text(v, "status", study_words("status", s.status));
    view_text(v, "sponsor", s.sponsor_name);
    if (s.n_sites && !s.n_countries)
        view_textf(v, "places", "%lld %s", (long long)s.n_sites, s.n_sites == 1 ? "site" : "sites");
    else if (s.n_sites)
        view_textf(v, "places", "%lld %s in %lld %s", (long long)s.n_sites, s.n_sites == 1 ? "site" : "sites",
                   (long long)s.n_countries, s.n_countries == 1 ? "country" : "countries");
    struct view *tabs = view_list(page, "tabs");
    add_tab(c, tabs, t, "overview", "Overview", "", tab, 0);
    struct thing whole = *t; /* the tabs lead to pages of the study, also from the page of a site */
    whole.study_site = 0;
    if (may(c->who, PERM_SITE_LIST, &whole))
        add_tab(c, tabs, t, "sites", "Sites", "/sites", tab, s.n_sites);
    add_tab(c, tabs, t, "people", "People", "/people", tab, 0);
    if (may(c->who, PERM_STUDY_TEAM, &whole))
        add_tab(c, tabs, t, "team", "Roles", "/team", tab, 0);
    if (may(c->who, PERM_HISTORY_READ, &whole))
        add_tab(c, tabs, t, "history", "History", "/history", tab, 0);
    struct study_source_beside_row beside;
    TRY(db_one(c, &STUDY_SOURCE_BESIDE, DB_IN(db_int(t->study)), &beside));
    if ((beside.n || strcmp(s.origin, "registry") == 0) && may(c->who, PERM_STUDY_ORIGINAL, t))
        add_tab(c, tabs, t, "original", "Original", "/original", tab, 0);
    return NULL;
}

/* ---- overview ---- */

/* "a|b" -> "a, b": what a record lists. */
static const char *
listed(struct arena *a, const char *joined)
{
    if (str_empty(joined))
        return NULL;
    size_t n;
    char **part = str_split(a, joined, '|', &n);
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", part[i]);
    return buf_text(&b);
}

static void
add_fact(struct view *list, const char *name, const char *value)
{
    if (str_empty(value))
        return;
    struct view *fact = view_add_map(list);
    view_text(fact, "name", name);
    view_text(fact, "value", value);
}

static const char *
joined_words(struct arena *a, const char *set, const char *joined)
{
    if (str_empty(joined))
        return NULL;
    struct buf b;
    buf_init(&b, a);
    size_t n;
    char **part = str_split(a, joined, '|', &n);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", study_words(set, part[i]));
    return buf_text(&b);
}

/* "RANDOMIZED" -> "Randomized": registry literals that have no words of their own. */
static const char *
plain(struct arena *a, const char *literal)
{
    bool shouted = true;
    for (const char *p = literal; *p && shouted; p++)
        shouted = (*p >= 'A' && *p <= 'Z') || *p == '_' || *p == '|' || (*p >= '0' && *p <= '9');
    if (!shouted)
        return literal;
    char *words = arena_strdup(a, literal);
    for (char *p = words; *p; p++) {
        if (*p == '_')
            *p = ' ';
        else if (p > words && p[-1] != '|' && *p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    }
    return listed(a, words);
}

static err_t
add_facts(struct ctx *c, const struct thing *t, struct view *page)
{
    struct study_facts_row *facts;
    struct study_dates_row *dates;
    size_t n;
    TRY(db_list(c, &STUDY_FACTS, DB_IN(db_int(t->study)), &facts, &n));
    struct view *list = view_list(page, "facts");
    for (size_t i = 0; i < n; i++) {
        struct view *fact = view_add_map(list);
        view_text(fact, "name", study_words("fact", facts[i].name));
        if (strstr(facts[i].name, "description") || str_starts(facts[i].name, "ipd_") || str_eq(facts[i].name, "why_stopped"))
            TRY(prose_view(c, t, fact, "prose", plain(c->mem, facts[i].value)));
        else
            view_text(fact, "value", prose_seen(c, t, plain(c->mem, facts[i].value)));
    }
    TRY(db_list(c, &STUDY_DATES, DB_IN(db_int(t->study)), &dates, &n));
    list = view_list(page, "dates");
    for (size_t i = 0; i < n; i++) {
        struct view *d = view_add_map(list);
        view_text(d, "name", study_words("date", dates[i].kind));
        view_text(d, "value", date_words_iso(c->mem, dates[i].value));
        view_text(d, "iso", dates[i].value);
        view_bool(d, "estimated", str_eq(dates[i].type, "ESTIMATED"));
    }
    return NULL;
}

static err_t
add_terms(struct ctx *c, int64_t study, struct view *page)
{
    struct study_terms_row *terms;
    struct study_identifiers_row *ids;
    size_t n;
    TRY(db_list(c, &STUDY_TERMS, DB_IN(db_int(study)), &terms, &n));
    struct view *conditions = view_list(page, "conditions"), *keywords = view_list(page, "keywords");
    struct view *meshes = view_list(page, "meshes");
    for (size_t i = 0; i < n; i++) {
        struct view *into = strcmp(terms[i].kind, "condition") == 0 ? conditions
                            : strcmp(terms[i].kind, "keyword") == 0 ? keywords
                                                                    : meshes;
        struct view *v = view_add_map(into);
        view_text(v, "text", terms[i].term);
        view_text(v, "code", terms[i].code);
    }
    TRY(db_list(c, &STUDY_IDENTIFIERS, DB_IN(db_int(study)), &ids, &n));
    struct view *list = view_list(page, "identifiers");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "value", ids[i].value);
        view_text(v, "type", ids[i].type ? plain(c->mem, ids[i].type) : NULL);
        view_text(v, "domain", ids[i].domain);
        view_text(v, "link", ids[i].link);
    }
    return NULL;
}

static err_t
add_arms(struct ctx *c, const struct thing *t, struct view *page)
{
    struct study_arms_row *arms;
    struct study_interventions_row *x;
    size_t n;
    TRY(db_list(c, &STUDY_ARMS, DB_IN(db_int(t->study)), &arms, &n));
    struct view *list = view_list(page, "arms");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "label", arms[i].label);
        view_text(v, "type", study_words("arm", arms[i].type));
        view_text(v, "interventions", listed(c->mem, arms[i].interventions));
        if (arms[i].description)
            TRY(prose_view(c, t, v, "description", arms[i].description));
    }
    TRY(db_list(c, &STUDY_INTERVENTIONS, DB_IN(db_int(t->study)), &x, &n));
    list = view_list(page, "interventions");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", x[i].name);
        view_text(v, "type", study_words("intervention", x[i].type));
        view_text(v, "other_names", listed(c->mem, x[i].other_names));
        view_text(v, "arms", listed(c->mem, x[i].arms));
        if (x[i].description)
            TRY(prose_view(c, t, v, "description", x[i].description));
    }
    return NULL;
}

static err_t
add_outcomes(struct ctx *c, const struct thing *t, struct view *page)
{
    static const struct {
        const char *kind, *title;
    } kinds[] = {{"primary", "Primary outcomes"}, {"secondary", "Secondary outcomes"}, {"other", "Other outcomes"}};
    struct study_outcomes_row *x;
    size_t n;
    TRY(db_list(c, &STUDY_OUTCOMES, DB_IN(db_int(t->study)), &x, &n));
    struct view *groups = view_list(page, "outcomes");
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        struct view *list = NULL;
        for (size_t i = 0; i < n; i++) {
            if (strcmp(x[i].kind, kinds[k].kind) != 0)
                continue;
            if (!list) {
                struct view *group = view_add_map(groups);
                view_text(group, "title", kinds[k].title);
                list = view_list(group, "list");
            }
            struct view *v = view_add_map(list);
            view_text(v, "measure", prose_seen(c, t, x[i].measure));
            view_text(v, "time_frame", prose_seen(c, t, x[i].time_frame));
            if (x[i].description)
                TRY(prose_view(c, t, v, "description", x[i].description));
        }
    }
    return NULL;
}

static err_t
add_eligibility(struct ctx *c, const struct thing *t, struct view *page)
{
    struct study_eligibility_row e;
    bool found;
    TRY(db_maybe(c, &STUDY_ELIGIBILITY, DB_IN(db_int(t->study)), &e, &found));
    if (!found)
        return NULL;
    struct view *v = view_map(page, "eligibility"), *facts = view_list(v, "facts");
    add_fact(facts, "Sex", study_words("sex", e.sex));
    add_fact(facts, "Youngest", e.minimum_age);
    add_fact(facts, "Oldest", e.maximum_age);
    add_fact(facts, "Age groups", joined_words(c->mem, "ages", e.age_groups));
    add_fact(facts, "Healthy volunteers", e.healthy_volunteers);
    add_fact(facts, "By gender", e.gender_based);
    add_fact(facts, "Gender", prose_seen(c, t, e.gender_description));
    add_fact(facts, "Sampling", e.sampling_method ? plain(c->mem, e.sampling_method) : NULL);
    if (e.criteria)
        TRY(prose_view(c, t, v, "criteria", e.criteria));
    if (e.population)
        TRY(prose_view(c, t, v, "population", e.population));
    return NULL;
}

static err_t
add_documents(struct ctx *c, int64_t study, struct view *page)
{
    struct study_documents_row *x;
    struct study_unknowns_row *u;
    size_t n;
    TRY(db_list(c, &STUDY_DOCUMENTS, DB_IN(db_int(study)), &x, &n));
    struct view *list = view_list(page, "documents");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "label", str_or(x[i].label, str_or(x[i].url, "No name given")));
        view_text(v, "type", x[i].type ? plain(c->mem, x[i].type) : NULL);
        view_text(v, "url", x[i].url);
        view_text(v, "holds", x[i].holds);
        view_text(v, "date", date_words_iso(c->mem, x[i].dated));
        view_text(v, "note", x[i].note);
    }
    TRY(db_list(c, &STUDY_UNKNOWNS, DB_IN(db_int(study)), &u, &n));
    list = view_list(page, "unknown");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "path", u[i].path);
        view_text(v, "value", str_or(u[i].value, "an element that has no place here"));
        if (u[i].times > 1)
            view_int(v, "times", u[i].times);
    }
    return NULL;
}

static err_t
add_organisations(struct ctx *c, int64_t study, struct view *page)
{
    struct study_organisations_row *x;
    size_t n;
    TRY(db_list(c, &STUDY_ORGANISATIONS, DB_IN(db_int(study)), &x, &n));
    struct view *list = view_list(page, "organisations");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", x[i].name);
        view_text(v, "role", strcmp(x[i].role, "sponsor") == 0 ? "Sponsor" : strcmp(x[i].role, "collaborator") == 0 ? "Collaborator" : x[i].role);
        view_text(v, "class", study_words("class", x[i].class));
        view_textf(v, "href", "/organisations/%s", x[i].ref);
    }
    return NULL;
}

/* Records of the registry that came after the one shown here, or beside what was typed. */
static err_t
add_newer(struct ctx *c, const struct thing *t, struct view *page)
{
    struct study_source_beside_row beside;
    struct study_source_applied_row applied;
    bool found;
    TRY(db_one(c, &STUDY_SOURCE_BESIDE, DB_IN(db_int(t->study)), &beside));
    TRY(db_maybe(c, &STUDY_SOURCE_APPLIED, DB_IN(db_int(t->study)), &applied, &found));
    if (!beside.n || !may(c->who, PERM_STUDY_ORIGINAL, t))
        return NULL;
    struct view *v = view_map(page, "beside");
    bool older = found && beside.version && applied.version && strcmp(beside.version, applied.version) < 0;
    view_text(v, "state", !found ? "not applied" : older ? "older, not applied" : "newer, not applied");
    view_text(v, "version", date_words_iso(c->mem, beside.version));
    view_textf(v, "href", "/studies/%s/original", t->study_ref);
    return NULL;
}

static err_t
add_countries(struct ctx *c, int64_t study, struct view *page)
{
    struct study_countries_row *x;
    size_t n;
    TRY(db_list(c, &STUDY_COUNTRIES, DB_IN(db_int(study)), &x, &n));
    struct view *list = view_list(page, "countries");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", countries_name(x[i].country));
        view_int(v, "sites", x[i].sites);
        view_int(v, "percent", x[i].sites * 100 / x[0].sites);
    }
    return NULL;
}

err_t
page_study(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "overview", page));
    struct study_get_row s;
    TRY(db_one(c, &STUDY_GET, DB_IN(db_int(t->study)), &s));
    view_text(page, "official_title", prose_seen(c, t, s.official_title));
    view_text(page, "type", study_words("type", s.study_type));
    view_text(page, "sponsor_class", study_words("class", s.sponsor_class));
    if (!s.enrolment_null)
        view_int(page, "enrolment", s.enrolment);
    view_bool(page, "enrolment_planned", str_eq(s.enrolment_type, "ESTIMATED"));
    view_bool(page, "has_results", s.has_results);
    if (s.summary)
        TRY(prose_view(c, t, page, "summary", s.summary));
    if (s.description)
        TRY(prose_view(c, t, page, "description", s.description));
    TRY(add_facts(c, t, page));
    TRY(add_terms(c, t->study, page));
    TRY(add_arms(c, t, page));
    TRY(add_outcomes(c, t, page));
    TRY(add_eligibility(c, t, page));
    TRY(add_documents(c, t->study, page));
    TRY(add_organisations(c, t->study, page));
    TRY(add_countries(c, t->study, page));
    TRY(add_newer(c, t, page));
    view_bool(page, "may_edit", may(c->who, PERM_STUDY_EDIT, t));
    return feature_study_cards(c, t, page);
}
