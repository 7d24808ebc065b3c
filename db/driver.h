/* driver.h: what the two engines share, inside db/ only. Others include db/db.h.
 *
 * db.c checks a query and hands it to a driver (sqlite.c, postgres.c); tx.c and writer.c run
 * transactions; rows.c holds what came back. */
#ifndef DB_DRIVER_H
#define DB_DRIVER_H

#include "db/db.h"

#include <pthread.h>
#include <stdint.h>

/* ---- rows ---- */

/* Rows of one query, structs side by side in `mem`. */
struct rows {
    struct arena *mem;
    size_t row_size, n, room, max;
    char *data;
};

void rows_init(struct rows *r, struct arena *mem, const struct sql *q, size_t max);
/* The next row, zeroed. E_TOO_LARGE beyond `max` or when the arena is full. */
err_t rows_add(struct rows *r, void **ret_row);

/* Puts one value into the field of column `col`. The copy of text and blob is in `mem`. */
void row_int(void *row, const struct sql_column *col, int64_t i);
void row_real(void *row, const struct sql_column *col, double x);
void row_text(void *row, const struct sql_column *col, struct arena *mem, const char *s, size_t n);
void row_blob(void *row, const struct sql_column *col, struct arena *mem, const void *d, size_t n);
/* False when the column is not declared as one that may be NULL. */
bool row_null(void *row, const struct sql_column *col);

/* ---- statements kept prepared, per connection ---- */

/* 512 places, four for each hash; the least recently used of the four makes room. So the memory of
 * a connection is bounded however many queries the program has. */
enum { CACHE_SETS = 128, CACHE_WAYS = 4 };

struct slot {
    const struct sql *q; /* NULL: free */
    size_t variant;
    uint64_t used;
    void *stmt;    /* SQLite: the statement */
    uint64_t name; /* PostgreSQL: of the statement on the server */
    bool ready;    /* prepared */
    bool sent;     /* PostgreSQL: asked to be prepared, answer not yet read */
};

struct cache {
    uint64_t clock;
    struct slot slots[CACHE_SETS][CACHE_WAYS];
};

/* The place of this statement. When it is not `ready` or `sent` the caller prepares it; what stood
 * there before is in `ret_old` (its q is NULL if nothing did) for the caller to give back. */
struct slot *cache_slot(struct cache *k, const struct sql *q, size_t variant, struct slot *ret_old);

/* ---- a query under way ---- */

/* Named in db.h: also what db_run and its kin use inside. */
struct db_ask {
    const struct sql *q;
    const struct db_val *v; /* q->n_in of them */
    size_t variant;
    struct rows rows;
    int64_t changed;
    err_t err;
    bool done;    /* PostgreSQL: `result` or `err` is there */
    void *result; /* PostgreSQL: PGresult */
};

/* ---- what went wrong ---- */

enum fault {
    FAULT_UNIQUE,   /* place: "table.column, table.column" */
    FAULT_FOREIGN,  /* place: the constraint, or NULL */
    FAULT_CHECK,    /* place: the constraint */
    FAULT_NULL,     /* place: "table.column" */
    FAULT_BUSY,     /* somebody else holds what is needed, too long */
    FAULT_FULL,     /* the disk, or a limit of the server */
    FAULT_LOST,     /* the connection or the file is gone */
    FAULT_LARGE,    /* a value larger than the engine takes */
    FAULT_VALUE,    /* a text that is no number, where one is cast */
    FAULT_INTERNAL, /* our mistake */
};
/* The error for a person, with what the engine said beneath it for the log. `place` NULL: the
 * query's source, except for constraints. `said` holds no values of rows. */
err_t fault_err(struct arena *a, enum fault kind, const struct sql *q, const char *place,
                const char *said);

/* ---- connections ---- */

enum db_role {
    DB_ROLE_READER, /* SQLite: cannot write. PostgreSQL: reads and writes */
    DB_ROLE_WRITER, /* SQLite: the writer thread's */
    DB_ROLE_OWNER   /* for migrations: nothing is forbidden */
};
enum db_tx { DB_TX_NONE, DB_TX_READ, DB_TX_WRITE };

/* What a transaction tells (tell.c). `all`: more than there is room for. */
enum { TOLD_MOST = 32 };
struct told {
    size_t n;
    bool all;
    int64_t about[TOLD_MOST];
};

struct db {
    const struct db_driver *drv;
    struct db_pool *pool;
    struct cache cache;
    enum db_tx tx;
    bool in_each;    /* inside the fn of db_each */
    err_t failed;    /* the error after which the transaction can only be rolled back */
    int64_t changes; /* of this transaction's own work */
    struct told told;
    size_t asked, read;
    struct db_ask asks[DB_MAX_ASKS];
};

typedef err_t db_row_fn(void *arg, const void *row);

struct db_driver {
    enum db_engine engine;
    err_t (*connect)(struct arena *a, struct db_pool *p, enum db_role role, struct db **ret);
    void (*close)(struct db *db);
    /* start may only queue the query, finish has its rows. */
    void (*start)(struct ctx *c, struct db_ask *ask);
    err_t (*finish)(struct ctx *c, struct db_ask *ask);
    err_t (*each)(struct ctx *c, struct db_ask *ask, db_row_fn *fn, void *arg);
    err_t (*begin)(struct arena *a, struct db *db, enum db_tx tx);
    err_t (*commit)(struct arena *a, struct db *db);
    void (*rollback)(struct db *db);
    err_t (*check)(struct ctx *c, const struct sql *q, size_t variant);
    /* Runs statements that are no query of a .sql file: the text of a migration. `ret_line`: of the
     * statement that failed. */
    err_t (*script)(struct arena *a, struct db *db, const char *text, size_t *ret_line);
    err_t (*has_table)(struct arena *a, struct db *db, const char *name, bool *ret);
};

extern const struct db_driver sqlite_driver, postgres_driver;

struct db_pool {
    const struct db_driver *drv;
    char *where, *owner; /* owner: NULL when it is `where` */
    bool no_create;
    int busy_ms;
    int64_t timeout_ms;
    struct writer *writer; /* SQLite */
    pthread_mutex_t ear_lock;
    struct db_ear *ear; /* NULL: nobody listens */
};

/* Opens what a pool needs beyond its connections; called by db_open once the fields are filled. */
err_t sqlite_open(struct arena *a, struct db_pool *p);
err_t postgres_open(struct arena *a, struct db_pool *p);

/* Starts a transaction on `db` and forgets what was left of the last. */
err_t db_begin(struct arena *a, struct db *db, enum db_tx tx);
/* Ends it: COMMIT when `e` is NULL and no query failed, else rolls back. The error, if any. */
err_t db_end(struct arena *a, struct db *db, err_t e);
/* Remembers `e` as the error after which nothing more can be done in this transaction. */
err_t db_fail(struct db *db, err_t e);

/* ---- telling (tell.c, postgres_ear.c) ---- */

/* Hands what was told to who listens in this process, after the commit. */
void tell_out(struct db_pool *p, const struct told *told);
void tell_one(struct db_ear *ear, int64_t about);
/* The channel of NOTIFY, and the statement for what was told, or "" when nothing was. */
#define TELL_CHANNEL "rapport_told"
const char *tell_statement(struct arena *a, const struct told *told);
/* A thread with a connection of its own that hears NOTIFY. */
struct postgres_ear;
struct postgres_ear *postgres_ear_new(const struct db_pool *p, struct db_ear *ear);
void postgres_ear_free(struct postgres_ear *e);

/* ---- SQLite's writer thread (writer.c) ---- */

enum save_step { SAVE_SET, SAVE_KEEP, SAVE_UNDO };
/* A savepoint inside the running transaction. */
err_t sqlite_save(struct arena *a, struct db *db, enum save_step step);
/* False when an error made SQLite roll the whole transaction back by itself. */
bool sqlite_in_transaction(const struct db *db);
/* BEGIN IMMEDIATE that waits `ms` for another process. `ret_busy`: somebody else is writing. */
err_t sqlite_begin_write(struct arena *a, struct db *db, int ms, bool *ret_busy);
/* A copy of the database as it is committed, in a new file `to` that only its owner can read. */
err_t sqlite_copy(struct arena *a, struct db_pool *p, const char *to);

/* E_CONFIG when a row points at one that is not there: after a migration, which runs unchecked. */
err_t sqlite_foreign_keys(struct arena *a, struct db *db);

struct writer *writer_new(struct db_pool *p, struct db *db); /* takes the connection */
void writer_free(struct writer *w);                          /* NULL is allowed */
err_t writer_run(struct writer *w, struct ctx *c, db_work *work, void *arg);

/* PostgreSQL: should the transaction that just failed be run again, from its beginning? Clears the
 * mark. `tries`: how often it has run. */
bool postgres_again(struct db *db, int tries);
/* Waits, in a transaction, until no other migration of this database runs. */
err_t postgres_lock(struct arena *a, struct db *db);
/* The application's role on a connection, and what it may do, given by the owner `db`. */
err_t postgres_user(struct arena *a, struct db *db, const char **ret);
err_t postgres_grant(struct arena *a, struct db *db, const char *role);

/* ---- migrations' text (ddl.c) ---- */

/* The text of a migration for one engine: type words and sections expanded, lines kept. `place` is
 * for errors. */
err_t ddl_expand(struct arena *a, enum db_engine engine, const char *place, const char *text,
                 const char **ret);

#endif
