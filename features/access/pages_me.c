/* pages_me.c: one's own account, and the administrator's list of who may sign in. */
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/core_sql.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/party.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/access/access.h"
#include "features/access/pages.h"
#include "features/studies/studies.h"

#include <string.h>

enum { INVITE_S = 7 * 86400, RESET_S = 86400 };

static const char *
day_of(struct ctx *c, int64_t us)
{
    return date_words(c->mem, tz_day(c->inst->zone, us), DATE_DAY);
}

/* Her own details: those she signs in with or gave here, and what a registry tells beside them. */
static err_t
add_contact(struct ctx *c, struct view *page)
{
    struct vault_detail *detail;
    size_t n;
    TRY(vault_list(c, c->who->person, 0, &detail, &n));
    struct view *others = view_list(page, "others"), *form = view_map(page, "form");
    for (size_t i = 0; i < n; i++) {
        bool mine = strcmp(detail[i].origin, "account") == 0, phone = strcmp(detail[i].kind, "phone") == 0;
        if (mine && strcmp(detail[i].kind, "email") == 0)
            view_text(page, "email", detail[i].value);
        else if (mine && phone)
            view_text(form, "phone", detail[i].value);
        else
            view_text(view_add_map(others), "value", detail[i].value);
    }
    return NULL;
}

static void
add_look(const struct req *r, struct view *page)
{
    static const char *const words[][2] = {{"system", "As this device"}, {"light", "Light"}, {"dark", "Dark"}};
    const char *now = str_or(req_cookie(r, "rapport-theme"), "system");
    struct view *list = view_list(page, "themes");
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct view *v = view_add_map(list);
        view_text(v, "value", words[i][0]);
        view_text(v, "text", words[i][1]);
        view_bool(v, "selected", strcmp(words[i][0], now) == 0);
    }
    view_bool(page, "keys", !str_eq(req_cookie(r, "rapport-keys"), "off"));
}

err_t
page_me(struct ctx *c, struct req *r, struct view *page)
{
    struct core_session_count_row sessions;
    struct core_account_of_row account;
    TRY(db_one(c, &CORE_SESSION_COUNT, DB_IN(db_int(c->who->person)), &sessions));
    TRY(db_one(c, &CORE_ACCOUNT_OF, DB_IN(db_int(c->who->person)), &account));
    TRY(add_contact(c, page));
    add_look(r, page);
    view_text(page, "name", c->who->name);
    view_textf(page, "href", "/people/%s", c->who->ref);
    view_bool(page, "has_password", account.password);
    view_int(page, "sessions", sessions.n);
    view_bool(page, "only_here", sessions.n <= 1);
    view_text(page, "zone", c->inst->zone_name);
    struct view *roles = view_list(page, "roles");
    for (size_t i = 0; i < c->who->n_rights; i++) {
        const struct right *right = &c->who->rights[i];
        struct view *v = view_add_map(roles);
        view_text(v, "role", role_title(right->role));
        if (right->study) {
            struct thing t = {0};
            TRY(study_thing(c, right->study, &t));
            view_text(v, "study", t.study_ref);
            view_text(v, "title", t.study_title);
            view_textf(v, "href", "/studies/%s", t.study_ref);
        } else if (right->organisation) {
            struct core_org_row org;
            TRY(db_one(c, &CORE_ORG, DB_IN(db_int(right->organisation)), &org));
            view_text(v, "title", org.name);
        }
    }
    return NULL;
}

/* What prepare found out: a session left open must not be a way to guess the password. */
struct proof {
    struct try_of try;
    const char *field; /* of the form that holds the password of now */
    bool right;
    const char *hash; /* of the new password, where there is one */
};

static err_t
prove(struct ctx *c, struct req *r, const char *field, struct proof **ret)
{
    struct core_account_of_row account;
    struct proof *p = arena_alloc(c->mem, sizeof *p);
    *p = (struct proof){.field = field, .try = {.email = c->who->ref, .device = "password.change", .known_device = true}};
    TRY(try_allowed(c, &p->try, NULL));
    TRY(db_one(c, &CORE_ACCOUNT_OF, DB_IN(db_int(c->who->person)), &account));
    p->right = account.password && password_is(account.password, req_form(r, field));
    req_set_prepared(r, p);
    *ret = p;
    return NULL;
}

err_t
page_me_prove(struct ctx *c, struct req *r, struct view *page)
{
    struct proof *p;
    return prove(c, r, "proof", &p);
}

err_t
page_me_password_hash(struct ctx *c, struct req *r, struct view *page)
{
    struct proof *p;
    TRY(password_check(c->mem, req_form(r, "password"), NULL));
    TRY(prove(c, r, "old", &p));
    return p->right ? password_hash(c->mem, req_form(r, "password"), &p->hash) : NULL;
}

static err_t
wrong_password(struct ctx *c, struct req *r, struct view *page, const struct proof *p)
{
    TRY(try_failed(c, &p->try));
    record_action(c, "password.change.failed");
    record_event(c);
    struct view *item = view_add_map(view_list(page, "errors"));
    view_text(item, "field", p->field);
    view_text(item, "text", "This is not your password of now.");
    req_status(r, 422);
    return page_me(c, r, page);
}

err_t
page_me_password(struct ctx *c, struct req *r, struct view *page)
{
    const struct proof *p = req_prepared(r);
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    if (!p->right)
        return wrong_password(c, r, page, p);
    TRY(account_password(c, c->who->person, p->hash));
    TRY(session_end_all(c, c->who->person, NULL));
    TRY(session_begin(c, r, c->who->person, NULL));
    flash_set(c, r, "Your password was changed. Other devices are signed out.");
    req_redirect(r, "/me");
    return NULL;
}

/* Whoever holds the mailbox of an address can get in by it: other devices are signed out. */
err_t
page_me_address(struct ctx *c, struct req *r, struct view *page)
{
    const struct proof *p = req_prepared(r);
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    if (!p->right)
        return wrong_password(c, r, page, p);
    TRY(account_move(c, c->who->person, req_form(r, "email")));
    TRY(session_end_all(c, c->who->person, NULL));
    TRY(session_begin(c, r, c->who->person, NULL));
    flash_set(c, r, "From now on you sign in with the new address. Other devices are signed out.");
    req_redirect(r, "/me");
    return NULL;
}

err_t
page_me_everywhere(struct ctx *c, struct req *r, struct view *page)
{
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    record_event(c);
    if (!c->inst->demo) /* there a session is a link that works again and again */
        TRY(session_end_all(c, c->who->person, NULL));
    req_cookie_drop(r, session_cookie(c, r));
    req_redirect(r, "/sign-in");
    return NULL;
}

/* Kept in the browser, not with the account: a phone at night and a desk by day want different things. */
err_t
page_me_look(struct ctx *c, struct req *r, struct view *page)
{
    enum { YEAR_S = 365 * 86400 };
    const char *theme = req_form(r, "theme");
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    record_event(c);
    if (strcmp(theme, "system") == 0)
        req_cookie_drop(r, "rapport-theme");
    else
        req_cookie_set(r, "rapport-theme", theme, YEAR_S);
    if (req_form(r, "keys"))
        req_cookie_drop(r, "rapport-keys");
    else
        req_cookie_set(r, "rapport-keys", "off", YEAR_S);
    flash_set(c, r, "Pages look so from now on, in this browser.");
    req_redirect(r, "/me");
    return NULL;
}

static bool
is_phone(const char *text)
{
    size_t digits = 0;
    for (const char *p = text; *p; p++)
        digits += *p >= '0' && *p <= '9';
    return digits >= 4 && strspn(text, "0123456789 +()/.-extEXT") == strlen(text);
}

err_t
page_me_contact(struct ctx *c, struct req *r, struct view *page)
{
    const char *phone = req_form(r, "phone");
    if (phone && !is_phone(phone))
        return err_field(c->mem, E_BAD_INPUT, "phone", "Give a telephone number, such as +44 113 496 0000.");
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    TRY(vault_drop(c, c->who->person, "phone", "account"));
    if (phone)
        TRY(vault_put(c, c->who->person, "phone", (struct vault_ground){.origin = "account"}, phone));
    record_secret(c, "Contact", "telephone", str_or(phone, ""));
    flash_set(c, r, phone ? "Your telephone number was kept." : "Your telephone number was removed.");
    req_redirect(r, "/me");
    return NULL;
}

/* ---- who may sign in ---- */

/* Roles that no study's page can end. */
static void
add_wide_roles(struct ctx *c, struct view *row, const char *ref, int64_t person, const struct core_ties_wide_row *t, size_t n)
{
    struct view *list = view_list(row, "roles");
    for (size_t i = 0; i < n; i++) {
        enum role role;
        if (t[i].person != person || !role_find(t[i].role, &role))
            continue;
        struct view *v = view_add_map(list);
        view_text(v, "role", role_title(role));
        view_text(v, "organisation", t[i].organisation_name);
        view_text(v, "until", date_words_iso(c->mem, t[i].to_on));
        view_text(v, "tie", t[i].ref);
        if (person != c->who->person || role != ROLE_ADMINISTRATOR)
            view_textf(v, "end", "/users/%s/end", ref);
    }
}

err_t
page_users(struct ctx *c, struct req *r, struct view *page)
{
    struct core_account_list_row *x;
    struct core_ties_wide_row *ties;
    size_t n, n_ties;
    char today[DATE_TEXT];
    date_iso(c->today, today);
    TRY(db_list(c, &CORE_ACCOUNT_LIST, DB_NONE, &x, &n));
    TRY(db_list(c, &CORE_TIES_WIDE, DB_IN(db_text(today)), &ties, &n_ties));
    struct view *rows = view_list(page, "rows");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(rows);
        view_text(v, "ref", x[i].ref);
        const char *email;
        TRY(vault_account(c, x[i].person, &email));
        view_text(v, "name", x[i].name);
        view_text(v, "email", email);
        view_bool(v, "me", x[i].person == c->who->person);
        view_bool(v, "invited", !x[i].has_password);
        view_bool(v, "disabled", x[i].disabled);
        view_text(v, "since", day_of(c, x[i].created));
        view_text(v, "seen", x[i].seen_null ? NULL : day_of(c, x[i].seen));
        add_wide_roles(c, v, x[i].ref, x[i].person, ties, n_ties);
    }
    return NULL;
}

/* The link is in the page of this answer only: the database keeps its hash. */
static void
show_link(struct ctx *c, struct req *r, struct view *page, const char *name, const char *token, int64_t seconds)
{
    const char *host = str_or(req_header(r, "Host"), "127.0.0.1");
    const char *base = c->inst->public_url ? c->inst->public_url
                                           : arena_printf(c->mem, "%s://%s", req_secure(r) ? "https" : "http", host);
    struct view *v = view_map(page, "link");
    view_text(v, "name", name);
    view_textf(v, "url", "%s/link/%s", base, token);
    view_int(v, "days", seconds / 86400);
}

err_t
page_user_invite(struct ctx *c, struct req *r, struct view *page)
{
    int64_t person;
    const char *token;
    struct access_new n = {.name = req_form(r, "name"), .email = req_form(r, "email")};
    TRY(access_add(c, &n, &person));
    TRY(link_new(c, "invite", person, INVITE_S, false, &token));
    show_link(c, r, page, n.name, token, INVITE_S);
    return page_users(c, r, page);
}

static err_t
user_of(struct ctx *c, const struct req *r, struct core_person_row *ret)
{
    struct core_person_by_ref_row id;
    struct core_account_of_row account;
    bool found;
    TRY(db_maybe(c, &CORE_PERSON_BY_REF, DB_IN(db_text(req_param(r, "user"))), &id, &found));
    if (found)
        TRY(db_maybe(c, &CORE_ACCOUNT_OF, DB_IN(db_int(id.id)), &account, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "Nobody with this address signs in here.");
    return db_one(c, &CORE_PERSON, DB_IN(db_int(id.id)), ret);
}

err_t
page_user_reset(struct ctx *c, struct req *r, struct view *page)
{
    struct core_person_row person;
    const char *token;
    struct core_account_of_row account;
    TRY(user_of(c, r, &person));
    TRY(db_one(c, &CORE_ACCOUNT_OF, DB_IN(db_int(person.id)), &account));
    if (account.disabled)
        return err_new(c->mem, E_CONFLICT, "%s is shut out, and a link would not help. Let the person in first.", person.name);
    record_about(c, "person", person.id, person.ref, NULL);
    TRY(link_new(c, "reset", person.id, RESET_S, false, &token));
    show_link(c, r, page, person.name, token, RESET_S);
    return page_users(c, r, page);
}

err_t
page_user_disable(struct ctx *c, struct req *r, struct view *page)
{
    struct core_person_row person;
    struct core_account_of_row account;
    TRY(user_of(c, r, &person));
    if (person.id == c->who->person)
        return err_new(c->mem, E_CONFLICT, "You cannot shut yourself out. Ask another administrator.");
    TRY(db_one(c, &CORE_ACCOUNT_OF, DB_IN(db_int(person.id)), &account));
    record_about(c, "person", person.id, person.ref, NULL);
    bool disable = str_eq(req_form(r, "state"), "out"); /* said, not toggled: two who press do the same */
    if (disable != account.disabled)
        TRY(account_disable(c, person.id, disable));
    flash_set(c, r, disable ? "The person is signed out and cannot sign in." : "The person may sign in again.");
    req_redirect(r, "/users");
    return NULL;
}

err_t
page_user_grant(struct ctx *c, struct req *r, struct view *page)
{
    struct core_person_row person;
    enum role role;
    TRY(user_of(c, r, &person));
    if (!role_find(req_form(r, "role"), &role) || (role != ROLE_ADMINISTRATOR && role != ROLE_DIRECTOR))
        return err_field(c->mem, E_BAD_INPUT, "role", "Choose administrator or director.");
    if (person.id == c->who->person)
        return err_new(c->mem, E_CONFLICT, "Nobody gives himself a role. Ask another administrator.");
    char today[DATE_TEXT];
    date_iso(c->today, today);
    struct tie_new tie = {.person = person.id, .role = role_word(role), .from_on = today, .to_on = req_form(r, "until")};
    if (role == ROLE_DIRECTOR)
        tie.organisation = c->inst->home;
    const char *ref;
    bool audience;
    record_about(c, "person", person.id, person.ref, NULL);
    TRY(tie_grant(c, &tie, &ref, &audience));
    if (audience)
        TRY(study_list_audience(c, tie.organisation));
    flash_set(c, r, "The role was granted.");
    req_redirect(r, "/users");
    return NULL;
}

/* Ends at once: its last day was yesterday. */
err_t
page_user_end(struct ctx *c, struct req *r, struct view *page)
{
    struct core_person_row person;
    struct core_tie_by_ref_row tie;
    enum role role;
    bool found;
    char yesterday[DATE_TEXT];
    date_iso(c->today - 1, yesterday);
    TRY(user_of(c, r, &person));
    TRY(db_maybe(c, &CORE_TIE_BY_REF, DB_IN(db_text(req_form(r, "tie"))), &tie, &found));
    if (!found || tie.person != person.id || !role_find(tie.role, &role) || (role != ROLE_ADMINISTRATOR && role != ROLE_DIRECTOR))
        return err_field(c->mem, E_BAD_INPUT, "tie", "The person has no such role.");
    if (role == ROLE_ADMINISTRATOR && person.id == c->who->person)
        return err_new(c->mem, E_CONFLICT, "You cannot end your own role as administrator. Ask another administrator.");
    if (tie.to_on && strcmp(tie.to_on, yesterday) <= 0)
        return err_new(c->mem, E_CONFLICT, "This role is over already.");
    record_about(c, "person", person.id, person.ref, NULL);
    TRY(tie_end(c, tie.id, true, arena_printf(c->mem, "%s, %s", person.name, role_title(role)), tie.to_on, yesterday));
    flash_set(c, r, "The role has ended.");
    req_redirect(r, "/users");
    return NULL;
}
