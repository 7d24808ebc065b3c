/* inst.h: the installation: its database, keys, zone and settings. Made once at the start of a
 * command; read-only afterwards, except the demo's clock. */
#ifndef CORE_INST_H
#define CORE_INST_H

#include "base/ctx.h"
#include "base/date.h"
#include "db/db.h"

#include <stdatomic.h>

/* With which everybody in the demonstration signs; said on its pages. */
#define INST_DEMO_PASSWORD "sign in the demo"

struct feature;
struct keys;
struct keep;

struct inst {
    struct db_pool *pool;
    const struct keys *keys;
    const struct tz *zone;
    const char *zone_name;
    int64_t home;            /* the organisation that runs the installation; 0 before init */
    const char *public_url;  /* "https://rapport.example.org", or NULL */
    bool demo;
    const struct feature *const *features; /* what is built in, for feature.h; may be empty */
    size_t n_features;
    struct keep *keep;       /* results that cost time (keep.h); NULL: nothing is kept */
    _Atomic bool leaving;    /* the server stops: what takes long ends soon */
    _Atomic int32_t demo_day; /* the demo's civil day; 0 = the real one */
};

/* Fixes now, today and a fresh log id in `c`; c->mem and c->inst must be set. Reads the clock: the
 * only place of the program that does. */
void inst_clock(struct ctx *c);

/* Settings of the organisation live in the database only. NULL when not set; in c->mem. */
err_t setting_get(struct ctx *c, const char *name, const char **ret);
/* Writes and records the change (old and new value). */
err_t setting_set(struct ctx *c, const char *name, const char *value);

/* Reads zone, home and public URL from the settings into `i`. */
err_t inst_load(struct ctx *c, struct inst *i);

/* Ten random letters and digits (Crockford's base32, lower case): the address of a thing. */
char *ref_new(struct arena *a);
/* n random bytes as base64url, for links and cookies. */
char *token_new(struct arena *a, size_t n);
/* SHA-256 of a token: what the database keeps. */
void token_hash(const char *token, unsigned char ret[static 32]);

#endif
