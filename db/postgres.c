/* postgres.c: the PostgreSQL driver: queries and transactions on one connection. See driver.h.
 *
 * Every query goes through a pipeline: BEGIN, a statement not yet prepared, and all queries asked
 * so far leave in one round trip, when the first answer is wanted. Values are binary. Opening is in
 * postgres_open.c, values and errors in postgres_value.c. */
#include "db/postgres.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRIES_MAX = 5, NAME_SIZE = 24 };

/* The name of a prepared statement on the server; none is used twice on one connection. */
static const char *
name_text(char *buf, uint64_t name)
{
    snprintf(buf, NAME_SIZE, "s%llu", (unsigned long long)name);
    return buf;
}

/* ---- sending ---- */

static void
push(struct pg *pg, struct item item)
{
    INVARIANT(pg->n_items < ITEMS_MAX);
    pg->items[pg->n_items++] = item;
}

static bool
send_plain(struct pg *pg, const char *text, struct db_ask *ask)
{
    if (!PQsendQueryParams(pg->conn, text, 0, NULL, NULL, NULL, NULL, 1))
        return false;
    push(pg, (struct item){.kind = ITEM_PLAIN, .ask = ask});
    return true;
}

static const char *
begin_text(const struct pg *pg)
{
    if (pg->role == DB_ROLE_OWNER) /* sees what another migration did while it waited */
        return "begin isolation level read committed read write";
    if (pg->base.tx == DB_TX_WRITE)
        return "begin isolation level serializable read write";
    return "begin isolation level repeatable read read only";
}

/* The statement's place, sent to be prepared if it is not yet. */
static bool
send_prepare(struct pg *pg, const struct wire *w, struct db_ask *ask, struct slot **ret)
{
    struct slot old;
    char name[NAME_SIZE];
    struct slot *s = cache_slot(&pg->base.cache, ask->q, ask->variant, &old);
    *ret = s;
    if (old.q) {
        char text[NAME_SIZE + 16];
        snprintf(text, sizeof text, "deallocate %s", name_text(name, old.name));
        if (!send_plain(pg, text, ask))
            return false;
    }
    if (s->ready || s->sent)
        return true;
    s->name = ++pg->names;
    if (!PQsendPrepare(pg->conn, name_text(name, s->name), ask->q->text[DB_POSTGRES][ask->variant],
                       w->n, w->types))
        return false;
    s->sent = true;
    push(pg, (struct item){.kind = ITEM_PREPARE, .slot = s, .name = s->name, .ask = ask});
    return true;
}

/* Everything a query needs before it: connection, pipeline, BEGIN, prepared statement. */
static bool
send_before(struct pg *pg, const struct wire *w, struct db_ask *ask, struct slot **ret)
{
    bool idle = pg->base.tx == DB_TX_NONE && !pg->piping;
    if (idle && PQstatus(pg->conn) != CONNECTION_OK && postgres_reconnect(ask->rows.mem, pg))
        return false;
    if (!pg->piping && !PQenterPipelineMode(pg->conn))
        return false;
    pg->piping = true;
    if (pg->base.tx != DB_TX_NONE && !pg->begun) {
        if (!send_plain(pg, begin_text(pg), ask))
            return false;
        pg->begun = true;
    }
    return send_prepare(pg, w, ask, ret);
}

static bool
send_query(struct pg *pg, const struct wire *w, const struct slot *s)
{
    char name[NAME_SIZE];
    return PQsendQueryPrepared(pg->conn, name_text(name, s->name), w->n, w->values, w->lengths,
                               w->formats, 1);
}

/* ---- reading ---- */

static bool
is_good(const PGresult *res)
{
    ExecStatusType s = PQresultStatus(res);
    return s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK;
}

static void
read_item(struct pg *pg, struct item *item, err_t *first)
{
    struct db_ask *ask = item->ask;
    PGresult *res = PQgetResult(pg->conn), *more;
    bool good = is_good(res);
    while (res && (more = PQgetResult(pg->conn)))
        PQclear(more);
    if (item->kind == ITEM_PREPARE && item->slot->name == item->name) {
        item->slot->sent = false;
        item->slot->ready = good;
        if (!good)
            item->slot->q = NULL;
    }
    pg->touched |= good;
    if (!good && !*first)
        *first = db_fail(&pg->base, postgres_err(ask->rows.mem, pg, res, ask->q));
    if (!good && !ask->err)
        ask->err = *first;
    if (item->kind == ITEM_QUERY) {
        ask->done = true;
        if (good)
            ask->result = res;
    }
    if (item->kind != ITEM_QUERY || !good)
        PQclear(res);
}

/* Sends what is queued and reads all answers into their asks. */
static void
drain(struct pg *pg)
{
    if (!pg->piping)
        return;
    err_t first = NULL;
    PQpipelineSync(pg->conn);
    for (size_t i = 0; i < pg->n_items; i++)
        read_item(pg, &pg->items[i], &first);
    pg->n_items = 0;
    PGresult *res;
    while ((res = PQgetResult(pg->conn)))
        PQclear(res); /* the end of the pipeline */
    PQexitPipelineMode(pg->conn);
    pg->piping = false;
    pg->lost |= PQstatus(pg->conn) == CONNECTION_BAD;
}

/* Answers that nobody has read. */
static void
forget_asks(struct pg *pg)
{
    drain(pg);
    for (size_t i = 0; i < pg->base.asked; i++) {
        PQclear(pg->base.asks[i].result);
        pg->base.asks[i].result = NULL;
    }
}

static err_t
count_changes(struct pg *pg, struct db_ask *ask, PGresult *res)
{
    const char *status = PQcmdStatus(res);
    if (str_starts(status, "INSERT") || str_starts(status, "UPDATE") ||
        str_starts(status, "DELETE")) {
        ask->changed = strtoll(PQcmdTuples(res), NULL, 10);
        pg->base.changes += ask->changed;
    }
    return NULL;
}

static err_t
decode(struct pg *pg, struct db_ask *ask, PGresult *res)
{
    const char *wrong = postgres_columns(ask->rows.mem, res, ask->q, false);
    if (wrong)
        return db_fail(&pg->base,
                       fault_err(ask->rows.mem, FAULT_INTERNAL, ask->q, NULL, wrong));
    int n = PQntuples(res);
    for (int i = 0; i < n; i++) {
        void *row;
        TRY(rows_add(&ask->rows, &row));
        err_t e = postgres_row(ask->rows.mem, res, i, ask->q, row);
        if (e)
            return db_fail(&pg->base, e);
    }
    return count_changes(pg, ask, res);
}

/* ---- the driver's functions ---- */

static err_t
broken(struct pg *pg, struct db_ask *ask, struct arena *a)
{
    return db_fail(&pg->base, postgres_err(a, pg, NULL, ask->q));
}

static void
pg_start(struct ctx *c, struct db_ask *ask)
{
    struct pg *pg = pg_of(c->db);
    struct wire w;
    struct slot *slot;
    postgres_encode(c->mem, ask->q, ask->v, &w);
    if (send_before(pg, &w, ask, &slot) && send_query(pg, &w, slot)) {
        push(pg, (struct item){.kind = ITEM_QUERY, .ask = ask});
        return;
    }
    ask->err = broken(pg, ask, c->mem);
    ask->done = true;
}

static err_t
pg_finish(struct ctx *c, struct db_ask *ask)
{
    struct pg *pg = pg_of(c->db);
    drain(pg);
    if (ask->err)
        return ask->err;
    PGresult *res = ask->result;
    ask->result = NULL;
    err_t e = decode(pg, ask, res);
    PQclear(res);
    return e;
}

/* One row of a query that comes row by row. */
static err_t
each_row(struct ctx *c, struct db_ask *ask, PGresult *res, db_row_fn *fn, void *arg)
{
    struct arena *mem = ask->rows.mem;
    const char *wrong = postgres_columns(c->mem, res, ask->q, false);
    if (wrong)
        return db_fail(c->db, fault_err(c->mem, FAULT_INTERNAL, ask->q, NULL, wrong));
    for (int i = 0; i < PQntuples(res); i++) {
        void *row = arena_alloc(mem, ask->q->row_size);
        err_t e = postgres_row(mem, res, i, ask->q, row);
        if (e)
            return db_fail(c->db, fault_err(c->mem, FAULT_INTERNAL, ask->q, NULL, e->cause->text));
        TRY(fn(arg, row));
        arena_reset(mem);
    }
    return NULL;
}

/* After an error the rest is read and dropped: the connection stays usable. */
static err_t
read_each(struct ctx *c, struct pg *pg, struct db_ask *ask, db_row_fn *fn, void *arg)
{
    err_t e = NULL;
    PGresult *res;
    while ((res = PQgetResult(pg->conn))) {
        bool row = PQresultStatus(res) == PGRES_SINGLE_TUPLE;
        pg->touched |= row;
        if (!e && !row && !is_good(res))
            e = db_fail(c->db, postgres_err(c->mem, pg, res, ask->q));
        if (!e)
            e = each_row(c, ask, res, fn, arg);
        PQclear(res);
    }
    return e;
}

static err_t
pg_each(struct ctx *c, struct db_ask *ask, db_row_fn *fn, void *arg)
{
    struct pg *pg = pg_of(c->db);
    struct wire w;
    struct slot *slot;
    postgres_encode(c->mem, ask->q, ask->v, &w);
    struct arena *mem = ask->rows.mem;
    ask->rows.mem = c->mem; /* errors on the way belong to the caller */
    bool sent = send_before(pg, &w, ask, &slot);
    drain(pg);
    ask->rows.mem = mem;
    if (ask->err)
        return ask->err;
    if (!sent || !send_query(pg, &w, slot) || !PQsetSingleRowMode(pg->conn))
        return broken(pg, ask, c->mem);
    err_t e = read_each(c, pg, ask, fn, arg);
    /* libpq 15 leaves single-row mode at the next query outside a pipeline only: without this one
     * the first query of the next pipeline would come row by row too. */
    PQclear(PQexec(pg->conn, ""));
    return e;
}

/* BEGIN itself goes out with the first query. */
static err_t
pg_begin(struct arena *a, struct db *db, enum db_tx tx)
{
    struct pg *pg = pg_of(db);
    forget_asks(pg);
    pg->begun = pg->touched = pg->again = pg->lost = false;
    if (PQstatus(pg->conn) != CONNECTION_OK)
        return postgres_reconnect(a, pg);
    return NULL;
}

static void
pg_rollback(struct db *db)
{
    struct pg *pg = pg_of(db);
    forget_asks(pg);
    if (pg->begun)
        PQclear(PQexec(pg->conn, "rollback"));
    pg->begun = false;
}

static err_t
unknown_end(struct arena *a, struct pg *pg)
{
    return err_new(a, E_UNAVAILABLE, "The connection to the database broke while this was being "
                                     "saved. Please look whether it was before trying again.");
}

static err_t
pg_commit(struct arena *a, struct db *db)
{
    struct pg *pg = pg_of(db);
    forget_asks(pg);
    if (db->failed) {
        err_t e = db->failed;
        pg_rollback(db);
        return e;
    }
    if (!pg->begun)
        return NULL;
    pg->begun = false;
    PGresult *res = PQexec(pg->conn, arena_printf(a, "%scommit", tell_statement(a, &db->told)));
    err_t e = NULL;
    if (!is_good(res)) {
        e = postgres_err(a, pg, res, NULL);
        if (pg->lost && db->tx == DB_TX_WRITE)
            e = unknown_end(a, pg);
    } else if (!str_eq(PQcmdStatus(res), "COMMIT")) {
        e = fault_err(a, FAULT_INTERNAL, NULL, NULL, "the transaction had failed unseen");
    }
    PQclear(res);
    return e;
}

/* Longer each time and never the same for two, so that they do not meet again. */
static void
pause_before(int tries)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    long most = 2000000L << tries; /* 4 ms, 8, 16, 32 */
    long pause = most / 4 + t.tv_nsec / 7 % most;
    nanosleep(&(struct timespec){.tv_nsec = pause}, NULL);
}

bool
postgres_again(struct db *db, int tries)
{
    struct pg *pg = pg_of(db);
    bool conflict = pg->again, lost = pg->lost && !pg->touched;
    pg->again = pg->lost = false;
    if (conflict && tries < TRIES_MAX) {
        pause_before(tries);
        return true;
    }
    return lost && tries == 1;
}

static err_t
pg_check(struct ctx *c, const struct sql *q, size_t variant)
{
    struct pg *pg = pg_of(c->db);
    INVARIANT(c->db->tx == DB_TX_NONE && !pg->piping);
    struct wire w;
    postgres_encode(c->mem, q, NULL, &w);
    PGresult *res = PQprepare(pg->conn, "", q->text[DB_POSTGRES][variant], w.n, w.types);
    if (is_good(res)) {
        PQclear(res);
        res = PQdescribePrepared(pg->conn, "");
    }
    err_t e = NULL;
    const char *wrong = is_good(res) ? postgres_columns(c->mem, res, q, true)
                                     : str_trim(c->mem, PQresultErrorMessage(res));
    if (wrong)
        e = err_new(c->mem, E_INTERNAL, "%s", wrong);
    PQclear(res);
    return e;
}

static size_t
line_of(const PGresult *res, const char *text)
{
    const char *at = PQresultErrorField(res, PG_DIAG_STATEMENT_POSITION);
    long n = at ? atol(at) : 1; /* in characters, from 1 */
    size_t line = 1;
    for (; *text && n > 1; text++) {
        line += *text == '\n';
        n -= (*text & 0xC0) != 0x80;
    }
    return line;
}

static err_t
pg_script(struct arena *a, struct db *db, const char *text, size_t *ret_line)
{
    struct pg *pg = pg_of(db);
    drain(pg);
    if (db->tx != DB_TX_NONE && !pg->begun) {
        PQclear(PQexec(pg->conn, begin_text(pg)));
        pg->begun = true;
    }
    PGresult *res = PQexec(pg->conn, text);
    err_t e = NULL;
    if (!is_good(res) && PQresultStatus(res) != PGRES_EMPTY_QUERY) {
        e = db_fail(db, postgres_err(a, pg, res, NULL));
        *ret_line = line_of(res, text);
    }
    PQclear(res);
    return e;
}

static err_t
pg_has_table(struct arena *a, struct db *db, const char *name, bool *ret)
{
    struct pg *pg = pg_of(db);
    drain(pg);
    const char *values[] = {name};
    PGresult *res = PQexecParams(pg->conn,
                                 "select 1 where to_regclass(quote_ident($1::text)) is not null", 1,
                                 NULL, values, NULL, NULL, 0);
    err_t e = is_good(res) ? NULL : db_fail(db, postgres_err(a, pg, res, NULL));
    if (!e)
        *ret = PQntuples(res) > 0;
    PQclear(res);
    return e;
}

const struct db_driver postgres_driver = {
    .engine = DB_POSTGRES,
    .connect = postgres_connect,
    .close = postgres_close,
    .start = pg_start,
    .finish = pg_finish,
    .each = pg_each,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .check = pg_check,
    .script = pg_script,
    .has_table = pg_has_table,
};
