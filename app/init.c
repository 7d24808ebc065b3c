/* init.c: "init": a new installation: schema, keys, the organisation that runs it, the first person.
 * Unattended with --email and --password-stdin; otherwise it prints a set-up link. Safe to repeat. */
#include "app/app.h"
#include "app/commands.h"
#include "base/str.h"
#include "core/account.h"
#include "core/keys.h"
#include "core/record.h"
#include "core/seal.h"
#include "features/access/access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETUP_S = 1800 };

struct init_job {
    struct first_person first;
    const char *token;
    bool already;
};

static err_t
work(struct ctx *c, void *arg)
{
    struct init_job *j = arg;
    int64_t person;
    TRY(seal_publish_key(c));
    TRY(access_ready(c, &j->already));
    if (j->already)
        return NULL;
    if (!j->first.email)
        return link_new(c, "setup", 0, SETUP_S, false, &j->token);
    return access_first(c, &j->first, &person);
}

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

/* New keys where there are none; a database that has keys already keeps them. */
static err_t
make_keys(struct ctx *c, const char *path, bool *ret_made)
{
    const struct keys *keys;
    *ret_made = access(path, F_OK) != 0;
    return *ret_made ? keys_create(c->mem, path, &keys) : NULL;
}

static void
say(struct ctx *c, const struct args *a, const struct init_job *j, const char *where)
{
    struct buf b;
    buf_init(&b, c->mem);
    if (j->already)
        buf_str(&b, "This installation is set up already. Nothing was changed.\n");
    else if (j->token)
        buf_printf(&b, "The database is ready. Start it: rapport serve --db %s\nThen open this once, within 30 minutes:\n"
                       "http://127.0.0.1:8080/setup/%s\n", where, j->token);
    else
        buf_printf(&b, "%s is administrator and director. Start it: rapport serve --db %s\n", j->first.email, where);
    args_print(a, buf_text(&b), b.len);
}

err_t
command_init(struct ctx *c, const struct args *a)
{
    const char *where = str_or(args_option(a, "--db"), str_or(getenv("RAPPORT_DB"), "rapport.db"));
    const char *keys = str_or(args_option(a, "--keys"), app_keys_path(c->mem, where));
    struct init_job j = {.first = {.email = args_option(a, "--email"), .name = args_option(a, "--name"),
                                   .organisation = str_or(args_option(a, "--organisation"), "Our organisation"),
                                   .zone = args_option(a, "--zone"), .public_url = args_option(a, "--public-url"),
                                   .only_administrator = args_option(a, "--only-administrator")}};
    j.first.name = str_or(j.first.name, access_name_of(c->mem, j.first.email));
    if (j.first.email && !args_option(a, "--password-stdin"))
        return err_new(c->mem, E_USAGE, "With --email say --password-stdin and give the password as the first line of standard input.");
    if (j.first.email)
        TRY(read_password(c, j.first.email, &j.first.hash));
    bool made;
    TRY(make_keys(c, keys, &made));
    struct open_how how = {.where = where, .keys = keys, .owner = args_option(a, "--owner-db"), .need_keys = true, .create = true};
    struct opened o;
    err_t e = app_open(c->mem, &how, &o);
    if (e && made) /* keys that fit no database would only be taken for the right ones */
        unlink(keys);
    TRY(e);
    e = record_transaction(&o.ctx, &(struct record_work){"init", NULL, args_who(c->mem), work, &j});
    int64_t sealed;
    if (!e)
        e = seal_run(&o.ctx, 1000, &sealed);
    app_close(&o);
    TRY(e);
    say(c, a, &j, where);
    return NULL;
}
