/* pages.c: the first page, signing in and out, set-up and one-time links. */
#include "features/access/pages.h"

#include "base/str.h"
#include "core/account.h"
#include "core/core_sql.h"
#include "core/flash.h"
#include "core/feature.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/access/access.h"
#include "http/url.h"

#include <string.h>

const char *
session_cookie(const struct ctx *c, const struct req *r)
{
    return c->inst->demo ? "rapport-demo" : req_secure(r) ? "__Host-rapport" : "rapport";
}

err_t
session_begin(struct ctx *c, struct req *r, int64_t person, const char **ret_token)
{
    const char *token;
    TRY(session_new(c, person, &token));
    req_cookie_set(r, session_cookie(c, r), token, SESSION_MOST_S);
    req_cookie_set(r, "rapport-device", device_new(c, person), 400 * 86400);
    if (ret_token)
        *ret_token = token;
    return NULL;
}

/* Only a path of this installation, never another server. */
static const char *
safe_next(const char *next)
{
    return next && url_local(next) ? next : "/";
}

static const char *
first_page(struct ctx *c)
{
    if (c->who->n_rights == 1 && may_has_role(c->who, ROLE_ADMINISTRATOR))
        return "/users";
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        const char *page = f->first_page ? f->first_page(c) : NULL;
        if (page)
            return page;
    }
    return "/studies";
}

err_t
page_root(struct ctx *c, struct req *r, struct view *page)
{
    if (c->who) {
        req_redirect(r, "%s", first_page(c));
        return NULL;
    }
    bool ready;
    TRY(access_ready(c, &ready));
    if (ready)
        req_redirect(r, "/sign-in");
    return NULL;
}

err_t
page_sign_in(struct ctx *c, struct req *r, struct view *page)
{
    view_text(page, "next", req_query(r, "next"));
    return NULL;
}

/* What prepare found out, before any transaction: hashing is slow on purpose. */
struct sign_in {
    struct try_of try;
    struct account account;
    bool found, right;
    err_t refused;
    const char *wait; /* seconds, when refused */
};

static struct sign_in *
sign_in_of(struct ctx *c, const struct req *r)
{
    struct sign_in *s = arena_alloc(c->mem, sizeof *s);
    s->try = (struct try_of){.address = req_address(r), .email = req_form(r, "email"), .device = req_cookie(r, "rapport-device")};
    return s;
}

err_t
page_sign_in_check(struct ctx *c, struct req *r, struct view *page)
{
    struct sign_in *s = sign_in_of(c, r);
    TRY(account_find(c, s->try.email, &s->account, &s->found));
    s->try.known_device = s->found && device_known(c, s->try.device, s->account.person);
    int64_t wait = 0;
    s->refused = try_allowed(c, &s->try, &wait);
    s->wait = arena_printf(c->mem, "%lld", (long long)wait);
    if (!s->refused)
        s->right = password_is(s->found ? s->account.hash : NULL, req_form(r, "password")) && !s->account.disabled;
    req_set_prepared(r, s);
    return NULL;
}

/* Fields named "kept.x" are those of the form whose session was over; they are shown and sent again. */
static void
keep_fields(struct ctx *c, const struct req *r, struct view *page)
{
    struct view *kept = NULL, *fields = NULL;
    const char *action = req_form(r, "kept_action");
    for (size_t i = 0; action && i < req_form_count(r); i++) {
        const char *name, *value;
        req_form_at(r, i, &name, &value);
        if (!str_starts(name, "kept."))
            continue;
        if (!kept) {
            kept = view_map(page, "kept");
            view_text(kept, "action", safe_next(action));
            fields = view_list(kept, "fields");
        }
        struct view *f = view_add_map(fields);
        view_text(f, "name", name + 5);
        view_text(f, "value", value);
    }
}

err_t
page_sign_in_do(struct ctx *c, struct req *r, struct view *page)
{
    const struct sign_in *s = req_prepared(r);
    if (s->refused) {
        req_header_set(r, "Retry-After", s->wait);
        return s->refused;
    }
    if (!s->right) {
        TRY(try_failed(c, &s->try));
        record_action(c, "sign_in.failed");
        record_event(c);
        if (s->found)
            record_also(c, "person", s->account.person);
        struct view *item = view_add_map(view_list(page, "errors"));
        view_text(item, "field", "email");
        view_text(item, "text", "The address and the password do not fit together. Try again, or ask your administrator for a new link.");
        view_text(view_map(page, "form"), "email", s->try.email);
        view_text(page, "next", req_form(r, "next"));
        keep_fields(c, r, page);
        req_status(r, 422);
        return NULL;
    }
    record_who(c, s->account.person, s->account.name);
    record_about(c, "person", s->account.person, s->account.ref, NULL);
    record_event(c);
    const char *token;
    TRY(session_begin(c, r, s->account.person, &token));
    keep_fields(c, r, page);
    if (!view_get(page, "kept")) {
        req_redirect(r, "%s", safe_next(req_form(r, "next")));
        return NULL;
    }
    /* What was typed before the session ended is shown again, ready to be sent in the new one. */
    TRY(session_load(c, token, &c->who));
    view_bool(page, "again", true);
    return NULL;
}

err_t
page_sign_out(struct ctx *c, struct req *r, struct view *page)
{
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    record_event(c);
    if (!c->inst->demo) /* there a session is a link that works again and again */
        TRY(session_end(c, c->who->session));
    req_cookie_drop(r, session_cookie(c, r));
    req_redirect(r, "/sign-in");
    return NULL;
}

err_t
page_help(struct ctx *c, struct req *r, struct view *page)
{
    return NULL;
}

/* ---- set-up and one-time links ---- */

static err_t
link_of(struct ctx *c, const struct req *r, const char *kind, struct link *ret)
{
    TRY(link_find(c, req_param(r, "token"), ret));
    bool invite = strcmp(kind, "link") == 0 && (strcmp(ret->kind, "invite") == 0 || strcmp(ret->kind, "reset") == 0);
    if (!invite && strcmp(ret->kind, kind) != 0)
        return err_new(c->mem, E_NOT_FOUND, "This link is for something else.");
    return NULL;
}

err_t
page_setup(struct ctx *c, struct req *r, struct view *page)
{
    struct link l;
    TRY(link_of(c, r, "setup", &l));
    view_text(page, "token", req_param(r, "token"));
    return NULL;
}

static err_t
hash_of_form(struct ctx *c, struct req *r, const char *email)
{
    const char *password = req_form(r, "password"), *hash;
    TRY(password_check(c->mem, password, email));
    TRY(password_hash(c->mem, password, &hash));
    req_set_prepared(r, (void *)hash);
    return NULL;
}

err_t
page_setup_hash(struct ctx *c, struct req *r, struct view *page)
{
    return hash_of_form(c, r, req_form(r, "email"));
}

err_t
page_setup_do(struct ctx *c, struct req *r, struct view *page)
{
    struct link l;
    int64_t person;
    bool ready;
    TRY(link_of(c, r, "setup", &l));
    TRY(access_ready(c, &ready));
    if (ready)
        return err_new(c->mem, E_CONFLICT, "This installation has an administrator already.");
    TRY(link_use(c, &l));
    record_who(c, 0, "set-up link");
    struct first_person f = {.name = req_form(r, "name"), .email = req_form(r, "email"), .organisation = req_form(r, "organisation"),
                             .hash = req_prepared(r), .public_url = req_form(r, "public_url"), .zone = req_form(r, "zone")};
    TRY(access_first(c, &f, &person));
    TRY(session_begin(c, r, person, NULL));
    flash_set(c, r, "Rapport is set up. Bring in your first study.");
    req_redirect(r, "/studies");
    return NULL;
}

err_t
page_link(struct ctx *c, struct req *r, struct view *page)
{
    struct link l;
    TRY(link_of(c, r, "link", &l));
    struct core_person_row person;
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(l.person)), &person));
    view_text(page, "token", req_param(r, "token"));
    view_text(page, "name", person.name);
    return NULL;
}

err_t
page_link_hash(struct ctx *c, struct req *r, struct view *page)
{
    return hash_of_form(c, r, NULL);
}

err_t
page_link_do(struct ctx *c, struct req *r, struct view *page)
{
    struct link l;
    TRY(link_of(c, r, "link", &l));
    TRY(link_use(c, &l));
    struct core_person_row person;
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(l.person)), &person));
    record_who(c, l.person, person.name);
    record_about(c, "person", l.person, person.ref, NULL);
    TRY(account_password(c, l.person, req_prepared(r)));
    TRY(session_end_all(c, l.person, NULL));
    TRY(session_begin(c, r, l.person, NULL));
    flash_set(c, r, "Your password is set. Welcome.");
    req_redirect(r, "/");
    return NULL;
}

/* A demo's link is a session that was begun when the demo was: opening it writes nothing. */
err_t
page_demo_in(struct ctx *c, struct req *r, struct view *page)
{
    const struct who *w = NULL;
    if (c->inst->demo)
        TRY(session_load(c, req_param(r, "token"), &w));
    if (!w)
        return err_new(c->mem, E_NOT_FOUND, "This link belongs to another demonstration. Take one that was printed when this one began.");
    req_cookie_set(r, session_cookie(c, r), req_param(r, "token"), SESSION_MOST_S);
    req_redirect(r, "/");
    return NULL;
}
