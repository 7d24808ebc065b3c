/* db.c: running queries: checks what is asked, hands it to the engine's driver, and shapes what
 * comes back. See db.h. Opening and closing are here too; transactions are in tx.c. */
#include "db/db.h"

#include "db/driver.h"

#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_names[] = {
    [DB_INT] = "int",   [DB_REAL] = "real", [DB_TEXT] = "text", [DB_BLOB] = "blob",
    [DB_TIME] = "time", [DB_BOOL] = "bool", [DB_INTS] = "int[]",
};

/* A query used otherwise than it is declared: a mistake in the program. */
static _Noreturn void
misused(const struct sql *q, const char *what, const char *which)
{
    char text[300];
    snprintf(text, sizeof text, "query %s: %s%s", q->name, what, which);
    err_broken(text, q->source, 0);
}

static void
check_values(const struct sql *q, struct db_in in)
{
    if (in.n != q->n_in)
        misused(q, "wrong count of parameters", "");
    if (in.order < 0 || (size_t)in.order >= q->n_orders)
        misused(q, "no such order", "");
    for (size_t i = 0; i < in.n; i++) {
        if (in.v[i].type != q->in[i].type) {
            fprintf(stderr, "rapport: $%s was given as %s\n", q->in[i].name,
                    type_names[in.v[i].type]);
            misused(q, "wrong type of parameter ", q->in[i].name);
        }
        if (in.v[i].null && !q->in[i].nullable)
            misused(q, "NULL for parameter ", q->in[i].name);
    }
}

static size_t
variant_of(const struct sql *q, struct db_in in)
{
    size_t bits = 0;
    for (size_t i = 0; i < q->n_when; i++)
        if (!in.v[q->when_in[i]].null)
            bits |= (size_t)1 << i;
    return ((size_t)in.order << q->n_when) + bits;
}

/* Starts a query: from here `ask` holds its rows or its error. */
static void
start(struct ctx *c, const struct sql *q, struct db_in in, struct db_ask *ask)
{
    struct db *db = c->db;
    INVARIANT(db && !db->in_each);
    check_values(q, in);
    *ask = (struct db_ask){.q = q, .v = in.v, .variant = variant_of(q, in), .err = db->failed};
    rows_init(&ask->rows, c->mem, q, DB_MAX_ROWS);
    for (size_t i = 0; i < in.n && !ask->err; i++)
        if (in.v[i].type == DB_REAL && !in.v[i].null && !isfinite(in.v[i].real))
            ask->err = db_fail(db, fault_err(c->mem, FAULT_INTERNAL, q, NULL,
                                             "a real parameter is not finite"));
    ask->done = ask->err != NULL;
    if (!ask->done)
        db->drv->start(c, ask);
}

static err_t
finish(struct ctx *c, struct db_ask *ask)
{
    TRY(c->db->drv->finish(c, ask));
    if (ask->q->shape == DB_SHAPE_ONE && ask->rows.n > 1)
        misused(ask->q, "gave two rows", "");
    return NULL;
}

static void
check_shape(const struct sql *q, enum db_shape shape)
{
    if (q->shape != shape)
        misused(q, "is not of the shape it is used as (:run, :one, :many)", "");
}

err_t
db_run(struct ctx *c, const struct sql *q, struct db_in in, int64_t *ret_changed)
{
    check_shape(q, DB_SHAPE_RUN);
    struct db_ask ask;
    start(c, q, in, &ask);
    TRY(finish(c, &ask));
    if (ret_changed)
        *ret_changed = ask.changed;
    return NULL;
}

err_t
db_maybe(struct ctx *c, const struct sql *q, struct db_in in, void *ret_row, bool *ret_found)
{
    check_shape(q, DB_SHAPE_ONE);
    struct db_ask ask;
    start(c, q, in, &ask);
    TRY(finish(c, &ask));
    if (ask.rows.n)
        memcpy(ret_row, ask.rows.data, q->row_size);
    *ret_found = ask.rows.n > 0;
    return NULL;
}

err_t
db_one(struct ctx *c, const struct sql *q, struct db_in in, void *ret_row)
{
    bool found;
    TRY(db_maybe(c, q, in, ret_row, &found));
    return found ? NULL : ERR_STATIC(E_NOT_FOUND, "This is not there, or no longer.");
}

/* An array even for no rows, so that callers may pass it on. */
static void
give_rows(struct rows *r, void *ret_rows, size_t *ret_n)
{
    void *data = r->n ? r->data : arena_alloc(r->mem, r->row_size);
    memcpy(ret_rows, &data, sizeof data);
    *ret_n = r->n;
}

err_t
db_list(struct ctx *c, const struct sql *q, struct db_in in, void *ret_rows, size_t *ret_n)
{
    check_shape(q, DB_SHAPE_MANY);
    struct db_ask ask;
    start(c, q, in, &ask);
    TRY(finish(c, &ask));
    give_rows(&ask.rows, ret_rows, ret_n);
    return NULL;
}

err_t
db_each(struct ctx *c, const struct sql *q, struct db_in in, db_row_fn *fn, void *arg)
{
    check_shape(q, DB_SHAPE_MANY);
    struct db *db = c->db;
    INVARIANT(db && !db->in_each && db->asked == db->read);
    check_values(q, in);
    if (db->failed)
        return db->failed;
    struct db_ask ask = {.q = q, .v = in.v, .variant = variant_of(q, in)};
    struct arena *mem = arena_new(0);
    rows_init(&ask.rows, mem, q, 1);
    db->in_each = true;
    err_t e = db->drv->each(c, &ask, fn, arg);
    db->in_each = false;
    arena_free(mem);
    return e;
}

struct db_ask *
db_ask(struct ctx *c, const struct sql *q, struct db_in in)
{
    if (q->shape == DB_SHAPE_RUN)
        misused(q, "a :run query cannot be asked", "");
    struct db *db = c->db;
    if (db->read == db->asked)
        db->read = db->asked = 0;
    INVARIANT(db->asked < DB_MAX_ASKS);
    struct db_ask *ask = &db->asks[db->asked++];
    start(c, q, in, ask);
    return ask;
}

err_t
db_get(struct ctx *c, struct db_ask *ask, void *ret_rows, size_t *ret_n)
{
    struct db *db = c->db;
    INVARIANT(db->read < db->asked && ask == &db->asks[db->read]);
    db->read++;
    TRY(finish(c, ask));
    give_rows(&ask->rows, ret_rows, ret_n);
    return NULL;
}

err_t
db_prepare_check(struct ctx *c, const struct sql *q)
{
    size_t n = q->n_orders << q->n_when;
    for (size_t i = 0; i < n; i++) {
        err_t e = c->db->drv->check(c, q, i);
        if (e)
            return err_at(c->mem, e, "%s %s", q->source, q->name);
    }
    return NULL;
}

/* ---- opening ---- */

static char *
keep(const char *s)
{
    char *copy = s ? strdup(s) : NULL;
    INVARIANT(copy || !s);
    return copy;
}

err_t
db_open(struct arena *a, const char *where, const struct db_options *o, struct db_pool **ret)
{
    bool url = str_starts(where, "postgresql://") || str_starts(where, "postgres://");
    struct db_options plain = {0};
    o = o ? o : &plain;
    struct db_pool *p = calloc(1, sizeof *p);
    INVARIANT(p);
    *p = (struct db_pool){
        .drv = url ? &postgres_driver : &sqlite_driver,
        .where = keep(where),
        .owner = keep(o->owner),
        .no_create = o->no_create,
        .busy_ms = o->busy_ms ? o->busy_ms : 30000,
        .timeout_ms = o->timeout_ms ? o->timeout_ms : 30000,
    };
    pthread_mutex_init(&p->ear_lock, NULL);
    err_t e = url ? postgres_open(a, p) : sqlite_open(a, p);
    if (e) {
        db_close(p);
        return e;
    }
    *ret = p;
    return NULL;
}

void
db_close(struct db_pool *p)
{
    if (!p)
        return;
    writer_free(p->writer);
    INVARIANT(!p->ear);
    pthread_mutex_destroy(&p->ear_lock);
    free(p->where);
    free(p->owner);
    free(p);
}

enum db_engine
db_pool_engine(const struct db_pool *p)
{
    return p->drv->engine;
}

err_t
db_connect(struct arena *a, struct db_pool *p, struct db **ret)
{
    return p->drv->connect(a, p, DB_ROLE_READER, ret);
}

void
db_disconnect(struct db *db)
{
    if (db)
        db->drv->close(db);
}

enum db_engine
db_engine(const struct db *db)
{
    return db->drv->engine;
}
