/* account.h: who may sign in, and how they prove it: passwords (Argon2id), one-time links, sessions,
 * and the brake on guessing. */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include "base/ctx.h"
#include "core/may.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PASSWORD_LEAST = 12, PASSWORD_MOST = 200 };

/* Refuses a password that is too short, too long, the address itself, or one of the few that are
 * guessed first. NULL: good. */
err_t password_check(struct arena *a, const char *password, const char *email);
/* Argon2id; slow on purpose (call it from a route's prepare). */
err_t password_hash(struct arena *a, const char *password, const char **ret);
/* True when it is the one. `hash` NULL takes as long and is false, so that an address without an
 * account cannot be told from one with. */
bool password_is(const char *hash, const char *password);

/* A new account for a person, whose address goes to the vault. Errors: the address has an account
 * already (E_CONFLICT), no address. `hash` NULL: invited, no password yet. */
err_t account_create(struct ctx *c, int64_t person, const char *email, const char *hash);
/* From now on the person signs in with this address. Errors: E_BAD_INPUT and E_CONFLICT with field
 * "email". */
err_t account_move(struct ctx *c, int64_t person, const char *email);
struct account {
    int64_t person;
    const char *ref, *name, *hash; /* hash NULL: invited */
    bool disabled;
};
/* By address, folded (white space trimmed, ASCII letters lower case). */
err_t account_find(struct ctx *c, const char *email, struct account *ret, bool *ret_found);
err_t account_password(struct ctx *c, int64_t person, const char *hash);
/* Disabling ends all sessions and voids the person's links; enabling lets in again. */
err_t account_disable(struct ctx *c, int64_t person, bool disabled);

/* One-time links. `kind`: "setup", "invite", "reset", "demo". Returns the token (shown once, never
 * stored). A new invitation or reset voids the person's earlier ones, a new set-up link those made
 * before it. */
err_t link_new(struct ctx *c, const char *kind, int64_t person, int64_t seconds, bool reusable,
               const char **ret_token);
struct link {
    int64_t id, person;
    const char *kind;
    bool reusable;
};
/* E_NOT_FOUND with a kind text when it is unknown, used or expired. */
err_t link_find(struct ctx *c, const char *token, struct link *ret);
err_t link_use(struct ctx *c, const struct link *l);

/* Sessions: 8 hours without use, 7 days at most. */
enum { SESSION_IDLE_S = 8 * 3600, SESSION_MOST_S = 7 * 86400 };
err_t session_new(struct ctx *c, int64_t person, const char **ret_token);
/* Who this session belongs to, with the rights valid on c->today. ret NULL: none, over, or the
 * account is disabled. Reads only. */
err_t session_load(struct ctx *c, const char *token, const struct who **ret);
err_t session_seen(struct ctx *c, int64_t session, int64_t at); /* called by the job */
err_t session_end(struct ctx *c, int64_t session);
err_t session_end_all(struct ctx *c, int64_t person, int64_t *ret_n);
/* Loads the rights of a person without a session (commands, tests). */
err_t who_load(struct ctx *c, int64_t person, const struct who **ret);

/* The brake. Buckets: the peer's address, address with account, account from unknown devices. A
 * device that signed in before (its cookie is bound to the person) has a bucket of its own, so that
 * somebody else's guessing never keeps the rightful user out. On an account under attack the first two
 * tries of an address are let through whatever others do, and after them one every few seconds; an
 * address of IPv6 counts as its /64, which is what one customer has. E_TOO_MANY says how long to wait. */
struct try_of {
    const char *address, *email; /* email NULL: a link was tried, no account */
    const char *device; /* cookie, or NULL */
    bool known_device;
};
/* ret_wait_s (may be NULL): seconds to wait, set with E_TOO_MANY. */
err_t try_allowed(struct ctx *c, const struct try_of *t, int64_t *ret_wait_s);
/* Counts a failed try (a write). */
err_t try_failed(struct ctx *c, const struct try_of *t);
/* The device cookie's value for a person, and whether a cookie is one. */
const char *device_new(struct ctx *c, int64_t person);
bool device_known(struct ctx *c, const char *cookie, int64_t person);

#endif
