/* commands.c: setup-link and user: accounts from the shell. Secrets come from standard input,
 * never from the command line. */
#include "base/str.h"
#include "base/utf8.h"
#include "core/account.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/party.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/access/access.h"
#include "features/access/pages.h"
#include "features/studies/studies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETUP_S = 1800, INVITE_S = 7 * 86400 };

/* One line of standard input. */
static err_t
read_password(struct ctx *c, const char *email, const char **ret_hash)
{
    char line[512];
    if (!fgets(line, sizeof line, stdin))
        return err_new(c->mem, E_USAGE, "--password-stdin: the password is the first line of standard input; there was none.");
    line[strcspn(line, "\r\n")] = '\0';
    TRY(password_check(c->mem, line, email));
    return password_hash(c->mem, line, ret_hash);
}

static void
say_link(struct ctx *c, const struct args *a, const char *path, const char *token, const char *what)
{
    const char *base = str_or(c->inst->public_url, "http://127.0.0.1:8080");
    const char *text = arena_printf(c->mem, "%s\n%s/%s/%s\n", what, base, path, token);
    args_print(a, text, strlen(text));
}

struct setup_job {
    const char *token;
};

static err_t
make_setup(struct ctx *c, void *arg)
{
    struct setup_job *j = arg;
    bool ready;
    TRY(access_ready(c, &ready));
    if (ready)
        return err_new(c->mem, E_CONFLICT, "There is an administrator already. For a forgotten password: rapport user reset EMAIL");
    return link_new(c, "setup", 0, SETUP_S, false, &j->token);
}

err_t
command_setup_link(struct ctx *c, const struct args *a)
{
    struct setup_job j = {0};
    TRY(record_transaction(c, &(struct record_work){"setup.link", NULL, args_who(c->mem), make_setup, &j}));
    say_link(c, a, "setup", j.token, "Open this once, within 30 minutes:");
    return NULL;
}

struct user_job {
    struct access_new n;
    const char *study, *site, *token;
    bool link;
};

/* Turns --study and --site into ids. */
static err_t
place_of(struct ctx *c, struct user_job *j)
{
    enum role role;
    if (!j->n.role && (j->study || j->site || j->n.organisation || j->n.until || j->n.comp))
        return err_new(c->mem, E_USAGE, "Say with --role what the person is to be there.");
    if (!j->n.role)
        return NULL;
    if (!role_find(j->n.role, &role))
        return err_new(c->mem, E_USAGE, "There is no role %s. The roles are those of rapport user add --help.", j->n.role);
    enum scope scope = role_scope(role);
    if (scope == SCOPE_ORGANISATION && !j->n.organisation)
        j->n.organisation = c->inst->home;
    if (scope != SCOPE_STUDY && scope != SCOPE_SITES)
        return NULL;
    if (!j->study)
        return err_new(c->mem, E_USAGE, "The role %s is held in a study: say --study CODE.", role_title(role));
    TRY(study_find(c, j->study, &j->n.study));
    if (!j->n.study)
        return err_new(c->mem, E_NOT_FOUND, "There is no study %s.", j->study);
    if (!j->site)
        return NULL;
    return site_find(c, j->n.study, j->site, &j->n.study_site);
}

static err_t
organisation_named(struct ctx *c, const char *name, int64_t *ret)
{
    if (!name)
        return NULL;
    struct org_new o = {.name = name, .kind = "sponsor", .origin = "typed",
                        .join_key = arena_printf(c->mem, "%s||", utf8_fold(c->mem, name))};
    bool joined;
    return org_get(c, &o, ret, &joined);
}

struct add_job {
    struct user_job user;
    const char *organisation;
};

static err_t
add_user(struct ctx *c, void *arg)
{
    struct add_job *j = arg;
    int64_t person;
    TRY(organisation_named(c, j->organisation, &j->user.n.organisation));
    TRY(place_of(c, &j->user));
    TRY(access_add(c, &j->user.n, &person));
    return j->user.link ? link_new(c, "invite", person, INVITE_S, false, &j->user.token) : NULL;
}

static err_t
compartment_of(struct ctx *c, const char *word, int *ret)
{
    static const char *const words[] = {"open", "unblinded", "committee"};
    for (int i = COMP_OPEN; i <= COMP_COMMITTEE; i++) {
        if (strcmp(words[i], word) == 0) {
            *ret = i;
            return NULL;
        }
    }
    return err_new(c->mem, E_USAGE, "--compartment: say open, unblinded or committee.");
}

err_t
command_user_add(struct ctx *c, const struct args *a)
{
    struct add_job j = {.organisation = args_option(a, "--organisation")};
    struct user_job *u = &j.user;
    u->n.email = args_at(a, 0);
    u->n.name = str_or(args_option(a, "--name"), access_name_of(c->mem, u->n.email));
    u->n.role = args_option(a, "--role");
    u->n.until = args_option(a, "--until");
    u->study = args_option(a, "--study");
    u->site = args_option(a, "--site");
    const char *comp = str_or(args_option(a, "--compartment"), "open");
    TRY(compartment_of(c, comp, &u->n.comp));
    if (args_option(a, "--password-stdin"))
        TRY(read_password(c, u->n.email, &u->n.hash));
    u->link = !u->n.hash;
    TRY(record_transaction(c, &(struct record_work){"user.add", NULL, args_who(c->mem), add_user, &j}));
    if (u->link)
        say_link(c, a, "link", u->token, "The person sets a password with this link, within 7 days:");
    return NULL;
}

err_t
command_user_list(struct ctx *c, const struct args *a)
{
    struct core_account_list_row *x;
    size_t n;
    TRY(db_list(c, &CORE_ACCOUNT_LIST, DB_NONE, &x, &n));
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < n; i++) {
        const char *email;
        TRY(vault_account(c, x[i].person, &email));
        buf_printf(&b, "%s  %s  <%s>%s%s\n", x[i].ref, x[i].name, str_or(email, "no address"), x[i].has_password ? "" : "  (invited)", x[i].disabled ? "  (disabled)" : "");
    }
    args_print(a, buf_text(&b), b.len);
    return NULL;
}

struct one_job {
    const char *email, *token;
    bool enable;
};

static err_t
account_of(struct ctx *c, const char *email, struct account *ret)
{
    bool found;
    TRY(account_find(c, email, ret, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "Nobody signs in with %s.", email);
    record_about(c, "person", ret->person, ret->ref, NULL);
    return NULL;
}

static err_t
disable_user(struct ctx *c, void *arg)
{
    struct one_job *j = arg;
    struct account account;
    TRY(account_of(c, j->email, &account));
    return account.disabled == !j->enable ? NULL : account_disable(c, account.person, !j->enable);
}

err_t
command_user_disable(struct ctx *c, const struct args *a)
{
    struct one_job j = {.email = args_at(a, 0), .enable = args_option(a, "--undo")};
    return record_transaction(c, &(struct record_work){"user.disable", NULL, args_who(c->mem), disable_user, &j});
}

static err_t
reset_user(struct ctx *c, void *arg)
{
    struct one_job *j = arg;
    struct account account;
    TRY(account_of(c, j->email, &account));
    if (account.disabled)
        return err_new(c->mem, E_CONFLICT, "%s is shut out, and a link would not help. First: rapport user disable --undo %s", account.name, j->email);
    return link_new(c, "reset", account.person, 86400, false, &j->token);
}

err_t
command_user_reset(struct ctx *c, const struct args *a)
{
    struct one_job j = {.email = args_at(a, 0)};
    TRY(record_transaction(c, &(struct record_work){"user.reset", NULL, args_who(c->mem), reset_user, &j}));
    say_link(c, a, "link", j.token, "The person sets a new password with this link, within one day:");
    return NULL;
}
