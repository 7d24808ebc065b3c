/* access.c: the table of this feature. See README.md. */
#include "features/access/access.h"

#include "features/access/pages.h"

static const struct field sign_in_form[] = {
    {"email", "e-mail address", FIELD_TEXT, .required = true},
    {"password", "password", FIELD_PASSWORD, .required = true},
    {"kept_action", NULL, FIELD_HIDDEN, .max = 500},
    {"kept.*", NULL, FIELD_HIDDEN, .max = 20000},
    {NULL},
};
static const struct field none_form[] = {{NULL}};
static const struct field setup_form[] = {
    {"name", "your name", FIELD_TEXT, .required = true},
    {"email", "your e-mail address", FIELD_EMAIL, .required = true},
    {"organisation", "the organisation that runs Rapport", FIELD_TEXT, .required = true},
    {"public_url", "the address of this installation", FIELD_TEXT},
    {"zone", "time zone", FIELD_TEXT, .max = 60},
    {"password", "password", FIELD_PASSWORD, .required = true},
    {NULL},
};
static const struct field password_form[] = {
    {"password", "new password", FIELD_PASSWORD, .required = true},
    {NULL},
};
static const struct field change_form[] = {
    {"old", "password of now", FIELD_PASSWORD, .required = true},
    {"password", "new password", FIELD_PASSWORD, .required = true},
    {NULL},
};
static const struct field address_form[] = {
    {"email", "new e-mail address", FIELD_EMAIL, .required = true},
    {"proof", "password of now", FIELD_PASSWORD, .required = true},
    {NULL},
};
static const char *const themes[] = {"system", "light", "dark", NULL};
static const struct field look_form[] = {
    {"theme", "light or dark", FIELD_CHOICE, .required = true, .choices = themes},
    {"keys", "single keys", FIELD_BOOL},
    {NULL},
};
static const struct field contact_form[] = {
    {"phone", "telephone number", FIELD_TEXT, .max = 40},
    {NULL},
};
static const struct field invite_form[] = {
    {"name", "name", FIELD_TEXT, .required = true},
    {"email", "e-mail address", FIELD_EMAIL, .required = true},
    {NULL},
};
static const char *const states[] = {"in", "out", NULL};
static const struct field state_form[] = {
    {"state", "in or out", FIELD_CHOICE, .required = true, .choices = states},
    {NULL},
};
static const struct field grant_form[] = {
    {"role", "role", FIELD_TEXT, .required = true, .max = 40},
    {"until", "last day", FIELD_DATE},
    {NULL},
};

static const struct field end_form[] = {
    {"tie", "role", FIELD_TEXT, .required = true, .max = 20},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/",            page_root,     .perm = PERM_PUBLIC, .view = "access/first"},
    {GET,  "/help",        page_help,     .perm = PERM_SELF,   .view = "access/help"},
    {GET,  "/sign-in",     page_sign_in,  .perm = PERM_PUBLIC, .view = "access/sign_in"},
    {POST, "/sign-in",     page_sign_in_do, .prepare = page_sign_in_check, .perm = PERM_PUBLIC, .view = "access/sign_in",
     .form = sign_in_form, .audit = "sign_in", .flags = ROUTE_SLOW | ROUTE_NO_CSRF},
    {POST, "/sign-out",    page_sign_out, .perm = PERM_SELF, .form = none_form, .audit = "sign_out"},
    {GET,  "/setup/{token}", page_setup,  .perm = PERM_PUBLIC, .view = "access/setup"},
    {POST, "/setup/{token}", page_setup_do, .prepare = page_setup_hash, .perm = PERM_PUBLIC, .view = "access/setup",
     .form = setup_form, .audit = "setup", .flags = ROUTE_SLOW | ROUTE_NO_CSRF},
    {GET,  "/link/{token}", page_link,    .perm = PERM_PUBLIC, .view = "access/link"},
    {POST, "/link/{token}", page_link_do, .prepare = page_link_hash, .perm = PERM_PUBLIC, .view = "access/link",
     .form = password_form, .audit = "password.set", .flags = ROUTE_SLOW | ROUTE_NO_CSRF},
    {GET,  "/demo/as/{token}", page_demo_in, .perm = PERM_PUBLIC},
    {GET,  "/me",          page_me,       .perm = PERM_SELF, .view = "access/me"},
    {POST, "/me/password", page_me_password, .prepare = page_me_password_hash, .perm = PERM_SELF, .view = "access/me",
     .form = change_form, .audit = "password.change", .flags = ROUTE_SLOW},
    {POST, "/me/address", page_me_address, .prepare = page_me_prove, .perm = PERM_SELF, .view = "access/me",
     .form = address_form, .audit = "account.address", .flags = ROUTE_SLOW},
    {POST, "/me/look", page_me_look, .perm = PERM_SELF, .view = "access/me", .form = look_form, .audit = "account.look"},
    {POST, "/me/contact", page_me_contact, .perm = PERM_SELF, .view = "access/me", .form = contact_form, .audit = "account.contact"},
    {POST, "/me/sign-out-everywhere", page_me_everywhere, .perm = PERM_SELF, .form = none_form, .audit = "sign_out.everywhere"},
    {GET,  "/users",       page_users,    .perm = PERM_ADMIN, .view = "access/users"},
    {POST, "/users",       page_user_invite, .perm = PERM_ADMIN, .view = "access/users", .form = invite_form, .audit = "user.invite"},
    {POST, "/users/{user}/reset", page_user_reset, .perm = PERM_ADMIN, .view = "access/users", .form = none_form, .audit = "user.reset"},
    {POST, "/users/{user}/disable", page_user_disable, .perm = PERM_ADMIN, .view = "access/users", .form = state_form, .audit = "user.disable"},
    {POST, "/users/{user}/grant", page_user_grant, .perm = PERM_ADMIN, .view = "access/users", .form = grant_form, .audit = "role.grant"},
    {POST, "/users/{user}/end", page_user_end, .perm = PERM_ADMIN, .view = "access/users", .form = end_form, .audit = "role.end"},
};

/* What these parts of a path name is looked up by their handlers. */
static err_t
no_thing(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"token", no_thing}, {"user", no_thing}};
static const struct menu menus[] = {
    {"People who sign in", "/users", "key-round", PERM_ADMIN, .place = 90},
};
static const struct deed deeds[] = {
    {"sign_in", "signed in"},
    {"sign_in.failed", "could not sign in: wrong password or unknown address"},
    {"sign_out", "signed out"},
    {"sign_out.everywhere", "signed out everywhere"},
    {"setup", "set up the installation"},
    {"setup.link", "made a set-up link"},
    {"init", "set up the installation"},
    {"password.set", "set a password"},
    {"password.change", "changed the password"},
    {"password.change.failed", "gave a wrong password of now"},
    {"sign.failed", "gave a wrong password for a signature"},
    {"account.address", "changed the address for signing in"},
    {"account.look", "chose how pages look"},
    {"account.contact", "changed the own contact details"},
    {"user.invite", "invited a person"},
    {"user.add", "added a person"},
    {"user.reset", "made a link for a new password"},
    {"user.disable", "changed who may sign in"},
};
static const struct option user_options[] = {
    {"--name", "NAME", "the person's name (default: what stands before the @)"},
    {"--role", "ROLE", "administrator, director, study_manager, cta, cra, coordinator, inspector, ..."},
    {"--organisation", "NAME", "of a director: whose studies (default: the organisation that runs Rapport)"},
    {"--study", "CODE", "of a role in a study"},
    {"--site", "NUMBER", "of a role at a site"},
    {"--compartment", "WHICH", "open (default), unblinded or committee"},
    {"--until", "DATE", "last day of the role"},
    {"--password-stdin", NULL, "read the password from standard input; else a link is printed"},
    {NULL, NULL, NULL},
};
static const struct option disable_options[] = {
    {"--undo", NULL, "let the person in again"},
    {NULL, NULL, NULL},
};
static const struct command commands[] = {
    {"setup-link", "", "print a fresh one-time link for the first administrator", NULL, NEEDS_DB, 0, 0, command_setup_link},
    {"user add", "EMAIL", "let a person sign in, with a role", user_options, NEEDS_DB, 1, 1, command_user_add},
    {"user list", "", "who may sign in", NULL, NEEDS_DB, 0, 0, command_user_list},
    {"user disable", "EMAIL", "sign a person out and let them in no more", disable_options, NEEDS_DB, 1, 1, command_user_disable},
    {"user reset", "EMAIL", "print a link with which a person sets a new password", NULL, NEEDS_DB, 1, 1, command_user_reset},
};
static const char *const depends[] = {"studies", NULL};

const struct feature access_feature = {
    .name = "access", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .commands = commands, .n_commands = COUNT_OF(commands),
};
