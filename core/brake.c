/* brake.c: the brake on guessing passwords. See account.h, "The brake". Counts live in the database,
 * so that several processes of one installation count together. */
#include "core/account.h"

#include "base/str.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/keys.h"
#include "db/db.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <string.h>

struct bucket {
    const char *name;
    int64_t window_s;
    int64_t most;
};
enum { BUCKETS = 3, TRICKLE_S = 5, FIRST_TRIES = 2 };
enum { OF_ADDRESS, OF_PAIR, OF_ACCOUNT };

static const char *
bucket_name(struct ctx *c, const char *kind, const char *a, const char *b)
{
    unsigned char hash[32];
    keys_lookup(c->inst->keys, kind, arena_printf(c->mem, "%s\n%s", a, str_or(b, "")), hash);
    return str_hex(c->mem, hash, 16);
}

/* Who has one address of IPv6 has its /64: 2^64 of them. */
static const char *
network_of(struct ctx *c, const char *address)
{
    struct in6_addr six;
    if (inet_pton(AF_INET6, address, &six) != 1)
        return address;
    memset(six.s6_addr + 8, 0, 8);
    char text[INET6_ADDRSTRLEN];
    return arena_strdup(c->mem, inet_ntop(AF_INET6, &six, text, sizeof text));
}

/* A known device counts only against itself. */
static size_t
buckets(struct ctx *c, const struct try_of *t, struct bucket ret[static BUCKETS])
{
    if (!t->email) { /* a link that leads nowhere: there is nobody whose account it could be */
        ret[0] = (struct bucket){bucket_name(c, "try link", network_of(c, t->address), NULL), 900, 40};
        return 1;
    }
    if (t->known_device) {
        ret[0] = (struct bucket){bucket_name(c, "try device", t->device, t->email), 900, 10};
        return 1;
    }
    const char *network = network_of(c, t->address);
    ret[OF_ADDRESS] = (struct bucket){bucket_name(c, "try address", network, NULL), 900, 40};
    ret[OF_PAIR] = (struct bucket){bucket_name(c, "try pair", network, t->email), 900, 6};
    ret[OF_ACCOUNT] = (struct bucket){bucket_name(c, "try account", t->email, NULL), 900, 30};
    return BUCKETS;
}

static err_t
bucket_state(struct ctx *c, const struct bucket *b, int64_t *ret_began, int64_t *ret_tries)
{
    struct core_sign_try_get_row row;
    bool found;
    TRY(db_maybe(c, &CORE_SIGN_TRY_GET, DB_IN(db_text(b->name)), &row, &found));
    bool over = !found || c->now - row.began > b->window_s * 1000000;
    *ret_began = over ? c->now : row.began;
    *ret_tries = over ? 0 : row.tries;
    return NULL;
}

err_t
try_allowed(struct ctx *c, const struct try_of *t, int64_t *ret_wait_s)
{
    struct bucket b[BUCKETS];
    size_t n = buckets(c, t, b);
    int64_t of_pair = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t began, tries;
        TRY(bucket_state(c, &b[i], &began, &tries));
        if (i == OF_PAIR)
            of_pair = tries;
        if (tries < b[i].most || (i == OF_ACCOUNT && of_pair < FIRST_TRIES))
            continue;
        int64_t left = b[i].window_s - (c->now - began) / 1000000;
        if (i == OF_ACCOUNT) { /* the account as a whole: a trickle goes on, the window moves with each try */
            left = began + (int64_t)TRICKLE_S * 1000000 > c->now ? TRICKLE_S : 0;
            if (left == 0)
                continue;
        }
        left = left > 0 ? left : 1;
        if (ret_wait_s)
            *ret_wait_s = left;
        return err_new(c->mem, E_TOO_MANY, "There were many tries %s. Please wait %lld seconds and try again.",
                       t->email ? "to sign in" : "with links that lead nowhere", (long long)left);
    }
    return NULL;
}

err_t
try_failed(struct ctx *c, const struct try_of *t)
{
    struct bucket b[BUCKETS];
    size_t n = buckets(c, t, b);
    TRY(db_run(c, &CORE_SIGN_TRY_CLEAN, DB_IN(db_time(c->now - (int64_t)86400 * 1000000)), NULL));
    for (size_t i = 0; i < n; i++) {
        int64_t began, tries;
        TRY(bucket_state(c, &b[i], &began, &tries));
        if (i == OF_ACCOUNT && tries >= b[i].most)
            began = c->now; /* from here the trickle: one try every TRICKLE_S seconds */
        TRY(db_run(c, &CORE_SIGN_TRY_SET, DB_IN(db_text(b[i].name), db_time(began), db_int(tries + 1)), NULL));
    }
    return NULL;
}

const char *
device_new(struct ctx *c, int64_t person)
{
    const char *random = token_new(c->mem, 12);
    unsigned char hash[32];
    keys_lookup(c->inst->keys, "device", arena_printf(c->mem, "%s %lld", random, (long long)person), hash);
    return arena_printf(c->mem, "%s.%s", random, str_hex(c->mem, hash, 16));
}

bool
device_known(struct ctx *c, const char *cookie, int64_t person)
{
    const char *dot = cookie ? strchr(cookie, '.') : NULL;
    if (!dot || strlen(cookie) > 100)
        return false;
    unsigned char hash[32];
    const char *random = arena_strndup(c->mem, cookie, (size_t)(dot - cookie));
    keys_lookup(c->inst->keys, "device", arena_printf(c->mem, "%s %lld", random, (long long)person), hash);
    const char *want = str_hex(c->mem, hash, 16);
    return strlen(dot + 1) == 32 && sodium_memcmp(dot + 1, want, 32) == 0;
}
