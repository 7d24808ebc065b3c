/* pages_team.c: the people of a study: those the registry names, and those who hold a role here. */
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/core_sql.h"
#include "core/flash.h"
#include "core/party.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/studies/pages.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <string.h>

err_t
pages_contacts(struct ctx *c, const struct thing *t, int64_t person, struct view *v)
{
    struct vault_detail *detail;
    size_t n;
    TRY(vault_list(c, person, t->study, &detail, &n));
    struct view *list = view_list(v, "details");
    for (size_t i = 0; i < n; i++) {
        struct view *d = view_add_map(list);
        view_text(d, "kind", detail[i].kind);
        view_text(d, "value", detail[i].value);
        view_bool(d, "registry", str_eq(detail[i].origin, "registry"));
    }
    return NULL;
}

err_t
page_people(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "people", page));
    struct study_people_row *x;
    size_t n;
    TRY(db_list(c, &STUDY_PEOPLE, DB_IN(db_int(t->study)), &x, &n));
    struct view *groups = view_list(page, "groups"), *list = NULL;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || strcmp(x[i].kind, x[i - 1].kind) != 0) {
            struct view *group = view_add_map(groups);
            view_text(group, "title", study_words("people", x[i].kind));
            list = view_list(group, "list");
        }
        struct view *v = view_add_map(list);
        view_text(v, "name", str_or(x[i].stated, x[i].name));
        view_text(v, "role", study_words("person", x[i].role));
        view_text(v, "title", x[i].title);
        view_text(v, "affiliation", x[i].affiliation);
        if (!x[i].desk)
            view_textf(v, "href", "/people/%s", x[i].ref);
        TRY(pages_contacts(c, t, x[i].person, v));
    }
    if (n == 0) {
        struct view *empty = view_map(page, "empty");
        view_text(empty, "title", "Nobody is named yet");
        view_text(empty, "text", "Officials and contacts come with the registry record. Who works on the study here is under Roles.");
    }
    return NULL;
}

static err_t
add_role_options(struct ctx *c, const struct thing *t, struct view *page)
{
    struct view *list = view_list(page, "role_options");
    for (int i = 0; i < ROLE_COUNT; i++) {
        enum scope scope = role_scope((enum role)i);
        if (scope != SCOPE_STUDY && scope != SCOPE_SITES)
            continue;
        struct view *o = view_add_map(list);
        view_text(o, "value", role_word((enum role)i));
        view_text(o, "text", role_title((enum role)i));
    }
    struct site_all_row *sites;
    size_t n;
    TRY(db_list(c, &SITE_ALL, DB_IN(db_int(t->study)), &sites, &n));
    list = view_list(page, "site_options");
    for (size_t i = 0; i < n; i++) {
        struct view *o = view_add_map(list);
        view_text(o, "value", sites[i].ref);
        view_text(o, "text", site_title(c->mem, sites[i].number, sites[i].label, sites[i].facility, sites[i].organisation_name, sites[i].placeholder, sites[i].city));
    }
    return NULL;
}

err_t
page_team(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "team", page));
    char today[DATE_TEXT];
    date_iso(c->today, today);
    struct core_ties_of_study_row *x;
    size_t n;
    TRY(db_list(c, &CORE_TIES_OF_STUDY, DB_IN(db_int(t->study)), &x, &n));
    bool grant = may(c->who, PERM_STUDY_GRANT, t);
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        enum role role;
        struct view *v = view_add_map(list);
        bool over = x[i].to_on && strcmp(x[i].to_on, today) < 0;
        view_text(v, "name", x[i].person_name);
        view_textf(v, "href", "/people/%s", x[i].person_ref);
        view_text(v, "role", role_find(x[i].role, &role) ? role_title(role) : x[i].role);
        view_text(v, "from", date_words_iso(c->mem, x[i].from_on));
        view_text(v, "until", date_words_iso(c->mem, x[i].to_on));
        view_bool(v, "over", over);
        view_bool(v, "unblinded", x[i].comp != COMP_OPEN);
        if (!x[i].study_site_null) {
            struct site_get_row s;
            TRY(db_one(c, &SITE_GET, DB_IN(db_int(t->study), db_int(x[i].study_site)), &s));
            view_text(v, "site", site_title(c->mem, s.number, s.label, s.facility, s.organisation_name, s.placeholder, s.city));
        }
        if (grant && !over)
            view_textf(v, "end", "/studies/%s/team/%s/end", t->study_ref, x[i].ref);
    }
    view_bool(page, "may_grant", grant);
    view_text(page, "today", today);
    return grant ? add_role_options(c, t, page) : NULL;
}

/* The person of an address: there must be an account. The answer is the same for any address that has
 * none, so that nobody learns who has one beyond those they may give a role. */
static err_t
person_of_email(struct ctx *c, const char *email, struct account *ret)
{
    bool found;
    TRY(account_find(c, email, ret, &found));
    if (!found || ret->disabled)
        return err_field(c->mem, E_BAD_INPUT, "email",
                         "Nobody signs in with this address here. Ask your administrator to invite the person first.");
    return NULL;
}

err_t
page_team_grant(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct account account;
    enum role role;
    if (!role_find(req_form(r, "role"), &role) || (role_scope(role) != SCOPE_STUDY && role_scope(role) != SCOPE_SITES))
        return err_field(c->mem, E_BAD_INPUT, "role", "Choose one of the roles of a study.");
    const char *comp = str_or(req_form(r, "compartment"), "open"), *site = req_form(r, "site");
    const char *from = req_form(r, "from"), *until = req_form(r, "until");
    struct tie_new tie = {.study = t->study, .role = role_word(role), .from_on = from, .to_on = until};
    tie.comp = strcmp(comp, "committee") == 0 ? COMP_COMMITTEE : strcmp(comp, "unblinded") == 0 ? COMP_UNBLINDED : COMP_OPEN;
    if (site) {
        struct site_find_row row;
        bool found;
        TRY(db_maybe(c, &SITE_FIND, DB_IN(db_int(t->study), db_text(site)), &row, &found));
        if (!found)
            return err_field(c->mem, E_BAD_INPUT, "site", "This study has no such site.");
        if (role_scope(role) == SCOPE_SITES)
            tie.study_site = row.id;
    }
    /* The address last: who could ask about it for nothing would learn who signs in here. */
    TRY(tie_check(c, &tie));
    TRY(person_of_email(c, req_form(r, "email"), &account));
    tie.person = account.person;
    if (c->who->person == tie.person && !may(c->who, PERM_STUDY_GRANT_SELF, t))
        return err_field(c->mem, E_BAD_INPUT, "email", "Nobody gives himself a role. Ask another study manager, or a director.");
    const char *ref;
    bool audience;
    record_about(c, "study", t->study, t->study_ref, t);
    TRY(tie_grant(c, &tie, &ref, &audience));
    flash_set(c, r, "The role was granted.");
    req_redirect(r, "/studies/%s/team", t->study_ref);
    return NULL;
}

static const char *
day_before(struct ctx *c, const char *iso)
{
    int32_t day;
    char text[DATE_TEXT];
    if (!date_parse(iso, &day))
        return iso;
    date_iso(day - 1, text);
    return arena_strdup(c->mem, text);
}

/* The last day is one on which the role still holds; a day before today ends it at once. */
err_t
page_team_end(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct core_tie_by_ref_row tie;
    bool found;
    TRY(db_maybe(c, &CORE_TIE_BY_REF, DB_IN(db_text(req_param(r, "role"))), &tie, &found));
    if (!found || tie.study_null || tie.study != t->study)
        return err_new(c->mem, E_NOT_FOUND, "There is no such role in this study.");
    struct core_person_row person;
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(tie.person)), &person));
    const char *on = req_form(r, "on");
    if (strcmp(on, tie.from_on) < 0)
        on = day_before(c, tie.from_on); /* it never was */
    if (c->who->person == tie.person && tie.to_on && strcmp(on, tie.to_on) > 0 && !may(c->who, PERM_STUDY_GRANT_SELF, t))
        return err_field(c->mem, E_BAD_INPUT, "on", "Nobody makes his own role last longer. Ask another study manager, or a director.");
    enum role role;
    const char *label = arena_printf(c->mem, "%s, %s", person.name, role_find(tie.role, &role) ? role_title(role) : tie.role);
    record_about(c, "study", t->study, t->study_ref, t);
    record_also(c, "person", tie.person);
    TRY(tie_end(c, tie.id, true, label, tie.to_on, on));
    flash_set(c, r, "The role ends on that day.");
    req_redirect(r, "/studies/%s/team", t->study_ref);
    return NULL;
}
