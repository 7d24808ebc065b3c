/* stop.c: see stop.h. */
#include "features/notices/stop.h"

#include "base/str.h"
#include "core/account.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/record.h"
#include "db/db.h"
#include "features/notices/notices_sql.h"
#include "features/notices/wish.h"

#include <sodium.h>
#include <string.h>

enum { SIGN = 32, KEY_TEXT = 64 };

/* Whose mail: "p12" or "a" and the address's key in hexadecimal. */
static const char *
sign(struct ctx *c, const char *whose)
{
    unsigned char hash[32];
    keys_lookup(c->inst->keys, "no more mail", whose, hash);
    return str_hex(c->mem, hash, SIGN / 2);
}

const char *
stop_url(struct ctx *c, int64_t person, const unsigned char *address_key)
{
    if (!c->inst->public_url)
        return NULL;
    const char *whose = address_key ? arena_printf(c->mem, "a%s", str_hex(c->mem, address_key, KEY_TEXT / 2))
                                    : arena_printf(c->mem, "p%lld", (long long)person);
    return arena_printf(c->mem, "%s/notices/stop/%s-%s", c->inst->public_url, whose, sign(c, whose));
}

err_t
stop_is(struct ctx *c, const unsigned char *address_key, bool *ret)
{
    struct outbox_stop_is_row row;
    TRY(db_one(c, &OUTBOX_STOP_IS, DB_IN(db_blob(address_key, KEY_TEXT / 2)), &row));
    *ret = row.stopped;
    return NULL;
}

err_t
stop_is_person(struct ctx *c, int64_t person, bool *ret)
{
    struct wish w;
    TRY(wish_get(c, person, &w));
    *ret = w.mail == WISH_NONE;
    return NULL;
}

struct whose {
    int64_t person;
    unsigned char key[KEY_TEXT / 2];
};

static bool
read_token(struct ctx *c, const char *token, struct whose *ret)
{
    const char *dash = strrchr(token, '-');
    if (!dash || strlen(dash + 1) != SIGN || dash - token > KEY_TEXT + 1)
        return false;
    const char *whose = arena_strndup(c->mem, token, (size_t)(dash - token));
    if (sodium_memcmp(sign(c, whose), dash + 1, SIGN) != 0)
        return false;
    *ret = (struct whose){0};
    return whose[0] == 'p' ? str_int(whose + 1, &ret->person) : str_unhex(whose + 1, ret->key, sizeof ret->key);
}

static err_t
no_such(struct ctx *c)
{
    return err_new(c->mem, E_NOT_FOUND, "This link is not whole. Copy all of it from the mail, or sign in and choose under \"Your account\".");
}

/* Only looks: mail programs open links before people do. */
err_t
stop_page(struct ctx *c, struct req *r, struct view *page)
{
    struct whose w;
    bool stopped;
    if (!read_token(c, req_param(r, "stop"), &w))
        return no_such(c);
    TRY(w.person ? stop_is_person(c, w.person, &stopped) : stop_is(c, w.key, &stopped));
    view_bool(page, "stopped", stopped);
    view_bool(page, "account", w.person);
    view_text(page, "action", req_path(r));
    return NULL;
}

/* Counted against who tries, and apart from tries to sign in. */
static struct try_of
try_by(const struct req *r)
{
    return (struct try_of){.email = "no more mail", .device = req_address(r), .known_device = true};
}

static err_t
count(struct ctx *c, void *arg)
{
    return try_failed(c, arg);
}

/* Before any transaction. A signature cannot be guessed, so one that is right always counts: a mail provider
 * sends many from one address. What is not whole is counted, and from the tenth on costs nothing more. */
err_t
stop_check(struct ctx *c, struct req *r, struct view *page)
{
    struct try_of t = try_by(r);
    struct whose *w = arena_alloc(c->mem, sizeof *w);
    req_set_prepared(r, w);
    if (read_token(c, req_param(r, "stop"), w))
        return NULL;
    if (!try_allowed(c, &t, NULL))
        TRY(db_write(c, count, &t));
    return no_such(c);
}

err_t
stop_do(struct ctx *c, struct req *r, struct view *page)
{
    const struct whose *w = req_prepared(r);
    bool stopped;
    TRY(w->person ? stop_is_person(c, w->person, &stopped) : stop_is(c, w->key, &stopped));
    view_bool(page, "stopped", true);
    view_bool(page, "account", w->person);
    if (stopped)
        return NULL;
    record_who(c, w->person, "link in a mail");
    record_event(c);
    if (w->person)
        return wish_stop(c, w->person);
    return db_run(c, &OUTBOX_STOP_ADD, DB_IN(db_blob(w->key, sizeof w->key), db_time(c->now)), NULL);
}
