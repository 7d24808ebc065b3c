/* sqlite.c: the SQLite driver: queries, transactions and checks on one connection. See driver.h.
 * Opening a file and guarding it is in sqlite_open.c; who writes when is in writer.c. */
#include "db/sqlite.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static const char *const own_text[] = {
    [OWN_BEGIN] = "begin",          [OWN_BEGIN_WRITE] = "begin immediate",
    [OWN_COMMIT] = "commit",        [OWN_ROLLBACK] = "rollback",
    [OWN_SAVE] = "savepoint work",  [OWN_KEEP] = "release work",
    [OWN_UNDO] = "rollback to work",
};

static struct lite *
lite_of(const struct db *db)
{
    return (struct lite *)(uintptr_t)db;
}

static const char *
after_colon(const char *said)
{
    const char *colon = strstr(said, "failed: ");
    return colon ? colon + strlen("failed: ") : NULL;
}

static enum fault
constraint_kind(int extended)
{
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return FAULT_UNIQUE;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return FAULT_FOREIGN;
    case SQLITE_CONSTRAINT_CHECK:
        return FAULT_CHECK;
    case SQLITE_CONSTRAINT_NOTNULL:
        return FAULT_NULL;
    default: /* a trigger's raise(), a value of the wrong type */
        return FAULT_INTERNAL;
    }
}

err_t
sqlite_err(struct arena *a, struct lite *l, const struct sql *q)
{
    int rc = sqlite3_extended_errcode(l->h);
    const char *said = sqlite3_errmsg(l->h);
    enum fault kind = FAULT_INTERNAL;
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
        kind = constraint_kind(rc);
        return fault_err(a, kind, q, kind == FAULT_INTERNAL ? NULL : after_colon(said), said);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        kind = FAULT_BUSY;
        break;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
        kind = FAULT_FULL;
        break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        kind = FAULT_LOST;
        break;
    case SQLITE_TOOBIG:
        kind = FAULT_LARGE;
        break;
    default:
        break;
    }
    return fault_err(a, kind, q, NULL, said);
}

/* ---- transactions ---- */

static err_t
own(struct arena *a, struct lite *l, enum own_text which)
{
    if (!l->own[which] && sqlite3_prepare_v3(l->h, own_text[which], -1, SQLITE_PREPARE_PERSISTENT,
                                             &l->own[which], NULL) != SQLITE_OK)
        return sqlite_err(a, l, NULL);
    int rc = sqlite3_step(l->own[which]);
    err_t e = rc == SQLITE_DONE ? NULL : sqlite_err(a, l, NULL);
    sqlite3_reset(l->own[which]);
    return e;
}

static err_t
lite_begin(struct arena *a, struct db *db, enum db_tx tx)
{
    struct lite *l = lite_of(db);
    l->wait_ms = db->pool->busy_ms;
    return own(a, l, tx == DB_TX_WRITE ? OWN_BEGIN_WRITE : OWN_BEGIN);
}

err_t
sqlite_begin_write(struct arena *a, struct db *db, int ms, bool *ret_busy)
{
    struct lite *l = lite_of(db);
    l->wait_ms = ms;
    err_t e = own(a, l, OWN_BEGIN_WRITE);
    *ret_busy = e && (sqlite3_errcode(l->h) & 0xff) == SQLITE_BUSY;
    l->wait_ms = db->pool->busy_ms;
    return e;
}

bool
sqlite_in_transaction(const struct db *db)
{
    return !sqlite3_get_autocommit(lite_of(db)->h);
}

static void
lite_rollback(struct db *db)
{
    struct arena *a = arena_new(0);
    if (sqlite_in_transaction(db))
        own(a, lite_of(db), OWN_ROLLBACK);
    INVARIANT(!sqlite_in_transaction(db));
    arena_free(a);
}

static err_t
lite_commit(struct arena *a, struct db *db)
{
    err_t e = own(a, lite_of(db), OWN_COMMIT);
    if (e)
        lite_rollback(db);
    return e;
}

err_t
sqlite_save(struct arena *a, struct db *db, enum save_step step)
{
    struct lite *l = lite_of(db);
    switch (step) {
    case SAVE_SET:
        return own(a, l, OWN_SAVE);
    case SAVE_UNDO:
        TRY(own(a, l, OWN_UNDO));
        return own(a, l, OWN_KEEP);
    case SAVE_KEEP:
        return own(a, l, OWN_KEEP);
    }
    return NULL;
}

/* ---- queries ---- */

static err_t
prepare(struct arena *a, struct lite *l, const struct sql *q, size_t variant, sqlite3_stmt **ret)
{
    struct slot old, *slot = cache_slot(&l->base.cache, q, variant, &old);
    sqlite3_finalize(old.stmt);
    if (!slot->ready) {
        sqlite3_stmt *stmt = NULL;
        if (sqlite3_prepare_v3(l->h, q->text[DB_SQLITE][variant], -1, SQLITE_PREPARE_PERSISTENT,
                               &stmt, NULL) != SQLITE_OK) {
            slot->q = NULL;
            return sqlite_err(a, l, q);
        }
        slot->stmt = stmt;
        slot->ready = true;
    }
    if ((size_t)sqlite3_column_count(slot->stmt) != q->n_out)
        return fault_err(a, FAULT_INTERNAL, q, NULL, "the count of columns is not as declared");
    *ret = slot->stmt;
    return NULL;
}

static const char *
ints_text(struct arena *a, const struct db_val *v)
{
    struct buf b;
    buf_init(&b, a);
    buf_char(&b, '[');
    for (size_t i = 0; i < v->n; i++)
        buf_printf(&b, i ? ",%lld" : "%lld", (long long)v->ints[i]);
    buf_char(&b, ']');
    return buf_text(&b);
}

static int
bind_one(struct arena *a, sqlite3_stmt *stmt, int at, const struct db_val *v)
{
    if (v->null)
        return sqlite3_bind_null(stmt, at);
    switch (v->type) {
    case DB_INT:
    case DB_TIME:
    case DB_BOOL:
        return sqlite3_bind_int64(stmt, at, v->i);
    case DB_REAL:
        return sqlite3_bind_double(stmt, at, v->real);
    case DB_TEXT:
        return sqlite3_bind_text(stmt, at, v->text, -1, SQLITE_STATIC);
    case DB_BLOB:
        return sqlite3_bind_blob64(stmt, at, v->n ? v->blob : "", v->n, SQLITE_STATIC);
    case DB_INTS:
        return sqlite3_bind_text(stmt, at, ints_text(a, v), -1, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static err_t
bind(struct arena *a, struct lite *l, sqlite3_stmt *stmt, const struct db_ask *ask)
{
    /* A statement without some of its optional parts may end before the last parameter. */
    int n = sqlite3_bind_parameter_count(stmt);
    for (int i = 0; i < n && (size_t)i < ask->q->n_in; i++)
        if (bind_one(a, stmt, i + 1, &ask->v[i]) != SQLITE_OK)
            return sqlite_err(a, l, ask->q);
    return NULL;
}

static err_t
wrong_column(struct arena *a, const struct sql *q, const struct sql_column *col, const char *what)
{
    return fault_err(a, FAULT_INTERNAL, q, NULL, arena_printf(a, "column %s %s", col->name, what));
}

/* Column `i` of the row the statement stands on. */
static err_t
read_column(struct arena *mem, sqlite3_stmt *stmt, const struct sql *q, int i, void *row)
{
    const struct sql_column *col = &q->out[i];
    int type = sqlite3_column_type(stmt, i);
    if (type == SQLITE_NULL)
        return row_null(row, col) ? NULL : wrong_column(mem, q, col, "is NULL");
    bool fits = false;
    switch (col->type) {
    case DB_INT:
    case DB_TIME:
    case DB_BOOL:
        if ((fits = type == SQLITE_INTEGER))
            row_int(row, col, sqlite3_column_int64(stmt, i));
        break;
    case DB_REAL:
        if ((fits = type == SQLITE_FLOAT || type == SQLITE_INTEGER))
            row_real(row, col, sqlite3_column_double(stmt, i));
        break;
    case DB_TEXT:
        if ((fits = type == SQLITE_TEXT)) {
            const char *s = (const char *)sqlite3_column_text(stmt, i);
            row_text(row, col, mem, s, (size_t)sqlite3_column_bytes(stmt, i));
        }
        break;
    case DB_BLOB:
        if ((fits = type == SQLITE_BLOB)) {
            const void *d = sqlite3_column_blob(stmt, i);
            row_blob(row, col, mem, d, (size_t)sqlite3_column_bytes(stmt, i));
        }
        break;
    case DB_INTS:
        break;
    }
    return fits ? NULL : wrong_column(mem, q, col, "has a value of another type");
}

static err_t
read_row(struct arena *mem, sqlite3_stmt *stmt, const struct sql *q, void *row)
{
    for (size_t i = 0; i < q->n_out; i++)
        TRY(read_column(mem, stmt, q, (int)i, row));
    return NULL;
}

/* All rows of a statement whose parameters are bound. */
static err_t
step_all(struct lite *l, sqlite3_stmt *stmt, struct db_ask *ask)
{
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        void *row;
        TRY(rows_add(&ask->rows, &row));
        err_t e = read_row(ask->rows.mem, stmt, ask->q, row);
        if (e)
            return db_fail(&l->base, e);
    }
    if (rc != SQLITE_DONE)
        return db_fail(&l->base, sqlite_err(ask->rows.mem, l, ask->q));
    if (!sqlite3_stmt_readonly(stmt)) {
        ask->changed = sqlite3_changes64(l->h);
        l->base.changes += ask->changed;
    }
    return NULL;
}

static err_t
run(struct ctx *c, struct db_ask *ask)
{
    struct lite *l = lite_of(c->db);
    sqlite3_stmt *stmt;
    err_t e = prepare(c->mem, l, ask->q, ask->variant, &stmt);
    if (!e)
        e = bind(c->mem, l, stmt, ask);
    if (e)
        return db_fail(c->db, e);
    e = step_all(l, stmt, ask);
    sqlite3_reset(stmt);
    return e;
}

static void
lite_start(struct ctx *c, struct db_ask *ask)
{
    ask->err = run(c, ask);
    ask->done = true;
}

static err_t
lite_finish(struct ctx *c, struct db_ask *ask)
{
    return ask->err;
}

/* Each row in ask->rows.mem, which is emptied after each. */
static err_t
step_each(struct ctx *c, struct lite *l, sqlite3_stmt *stmt, struct db_ask *ask, db_row_fn *fn,
          void *arg)
{
    int rc;
    struct arena *mem = ask->rows.mem;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        void *row = arena_alloc(mem, ask->q->row_size);
        err_t e = read_row(mem, stmt, ask->q, row);
        if (e)
            return db_fail(c->db, fault_err(c->mem, FAULT_INTERNAL, ask->q, NULL, e->cause->text));
        TRY(fn(arg, row));
        arena_reset(mem);
    }
    return rc == SQLITE_DONE ? NULL : db_fail(c->db, sqlite_err(c->mem, l, ask->q));
}

static err_t
lite_each(struct ctx *c, struct db_ask *ask, db_row_fn *fn, void *arg)
{
    struct lite *l = lite_of(c->db);
    sqlite3_stmt *stmt;
    err_t e = prepare(c->mem, l, ask->q, ask->variant, &stmt);
    if (!e)
        e = bind(c->mem, l, stmt, ask);
    if (e)
        return db_fail(c->db, e);
    e = step_each(c, l, stmt, ask, fn, arg);
    sqlite3_reset(stmt);
    return e;
}

/* ---- checks and migrations ---- */

/* What SQLite's STRICT tables call a declared type; NULL where it does not tell. */
static const char *const strict_types[] = {
    [DB_INT] = "INTEGER", [DB_TIME] = "INTEGER", [DB_BOOL] = "INTEGER", [DB_REAL] = "REAL",
    [DB_TEXT] = "TEXT",   [DB_BLOB] = "BLOB",    [DB_INTS] = "",
};

static err_t
check_columns(struct arena *a, sqlite3_stmt *stmt, const struct sql *q)
{
    if ((size_t)sqlite3_column_count(stmt) != q->n_out)
        return err_new(a, E_INTERNAL, "has %d columns, %zu are declared",
                       sqlite3_column_count(stmt), q->n_out);
    if ((size_t)sqlite3_bind_parameter_count(stmt) > q->n_in)
        return err_new(a, E_INTERNAL, "has more parameters than declared");
    for (int i = 0; i < (int)q->n_out; i++) {
        const char *name = sqlite3_column_name(stmt, i), *type = sqlite3_column_decltype(stmt, i);
        if (!str_eq(name, q->out[i].name))
            return err_new(a, E_INTERNAL, "column %d is %s, declared as %s", i + 1, name,
                           q->out[i].name);
        if (type && sqlite3_stricmp(type, strict_types[q->out[i].type]) != 0)
            return err_new(a, E_INTERNAL, "column %s is %s, declared as %s", name, type,
                           strict_types[q->out[i].type]);
    }
    return NULL;
}

static err_t
lite_check(struct ctx *c, const struct sql *q, size_t variant)
{
    struct lite *l = lite_of(c->db);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(l->h, q->text[DB_SQLITE][variant], -1, &stmt, NULL) != SQLITE_OK)
        return err_new(c->mem, E_INTERNAL, "%s", sqlite3_errmsg(l->h));
    err_t e = check_columns(c->mem, stmt, q);
    sqlite3_finalize(stmt);
    return e;
}

static size_t
lines_before(const char *text, const char *at)
{
    size_t n = 1;
    for (; text < at; text++)
        n += *text == '\n';
    return n;
}

static err_t
lite_script(struct arena *a, struct db *db, const char *text, size_t *ret_line)
{
    struct lite *l = lite_of(db);
    for (const char *at = text, *next; *at; at = next) {
        sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(l->h, at, -1, &stmt, &next);
        int offset = rc == SQLITE_OK ? 0 : sqlite3_error_offset(l->h);
        while (rc == SQLITE_OK && stmt && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
            rc = SQLITE_OK;
        err_t e = rc == SQLITE_OK || rc == SQLITE_DONE ? NULL : sqlite_err(a, l, NULL);
        sqlite3_finalize(stmt);
        if (e) {
            at += strspn(at, " \t\r\n");
            *ret_line = lines_before(text, at + (offset > 0 ? offset : 0));
            return e;
        }
    }
    return NULL;
}

static err_t
lite_has_table(struct arena *a, struct db *db, const char *name, bool *ret)
{
    struct lite *l = lite_of(db);
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(l->h, "select 1 from sqlite_schema where type = 'table' and name = ?1",
                           -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_err(a, l, NULL);
    sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    err_t e = rc == SQLITE_ROW || rc == SQLITE_DONE ? NULL : sqlite_err(a, l, NULL);
    sqlite3_finalize(stmt);
    if (!e)
        *ret = rc == SQLITE_ROW;
    return e;
}

static void
lite_close(struct db *db)
{
    struct lite *l = lite_of(db);
    for (size_t i = 0; i < CACHE_SETS; i++)
        for (size_t j = 0; j < CACHE_WAYS; j++)
            sqlite3_finalize(db->cache.slots[i][j].stmt);
    for (size_t i = 0; i < OWN_COUNT; i++)
        sqlite3_finalize(l->own[i]);
    sqlite3_close_v2(l->h);
    free(l);
}

const struct db_driver sqlite_driver = {
    .engine = DB_SQLITE,
    .connect = sqlite_connect,
    .close = lite_close,
    .start = lite_start,
    .finish = lite_finish,
    .each = lite_each,
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .check = lite_check,
    .script = lite_script,
    .has_table = lite_has_table,
};
