/* ctx.h: what every function of a request or a command is given first.
 *
 * The pieces belong to the rooms named beside them; base knows only that they exist. `now` and
 * `today` are fixed once at the beginning, so that one request has one time. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>

struct db;     /* db/db.h: this thread's connection */
struct who;    /* core/who.h: the person who asks; NULL when nobody is signed in */
struct record; /* core/record.h: what this request changes */
struct inst;   /* core/inst.h: the installation: keys, zone, demo or not; read-only */

struct ctx {
    struct arena *mem;
    struct db *db;
    const struct inst *inst;
    const struct who *who;
    struct record *rec;
    int64_t now;     /* true UTC, microseconds */
    int32_t today;   /* the civil day in the installation's zone, or the demo clock's */
    const char *lang;
    char log_id[12]; /* shown on an error page and written in the log */
};

#endif
