/* db.h: the database: SQLite or PostgreSQL, the same named queries on both. Knows no HTTP.
 *
 * SQL text comes only from a `struct sql`, which tools/sqlgen.py makes from the .sql files of the
 * features; there is no way to build SQL from strings. Rows come as C structs, one field a column,
 * in request memory (c->mem): nothing to close.
 *
 * A .sql file holds queries of this form (see docs/adr and features/studies/studies.sql):
 *
 *   -- name: SITE_LIST :many            (:one, :many, :run)
 *   -- in: study int, q text?, n int    (int real text blob time bool int[]; ? may be NULL)
 *   -- out: id int, code text?, opened_on text?
 *   -- order: code = s.code asc, s.id asc          (optional, one line an order)
 *   -- order: newest = s.opened_on desc, s.id desc
 *   -- when: q, after                   (optional parts, by parameters that may be NULL)
 *   select ... where s.study_id = $study
 *   [[when q]] and s.name_fold like $q [[end]]
 *   [[when after]] and @after [[end]]   (the key condition of the chosen order: $after, $after_id)
 *   order by @order limit $n
 *
 * which makes `extern const struct sql SITE_LIST;`, `struct site_list_row { int64_t id; const char
 * *code; const char *opened_on; };` and `enum { SITE_LIST_BY_CODE, SITE_LIST_BY_NEWEST };`.
 * A nullable int, real, time or bool column x also makes a field `bool x_null`; NULL text is NULL.
 * A blob column x makes `const unsigned char *x; size_t x_len`. Every combination of order and
 * optional parts becomes a statement of its own.
 *
 * Macros in the SQL, expanded per engine: `@in(column, param)` for an int[] parameter,
 * `@match`-like text search is not needed: words are kept in a table. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum db_engine { DB_SQLITE, DB_POSTGRES };
enum db_type { DB_INT, DB_REAL, DB_TEXT, DB_BLOB, DB_TIME, DB_BOOL, DB_INTS };
enum db_shape { DB_SHAPE_RUN, DB_SHAPE_ONE, DB_SHAPE_MANY };

struct sql_param {
    const char *name;
    enum db_type type;
    bool nullable;
};

struct sql_column {
    const char *name;
    enum db_type type;
    bool nullable;
    size_t offset;      /* of the field in the row struct */
    size_t null_offset; /* of x_null, or of x_len for a blob */
};

struct sql {
    const char *name;   /* "SITE_LIST" */
    const char *source; /* "features/sites/sites.sql:12" */
    enum db_shape shape;
    size_t n_in, n_out, row_size;
    const struct sql_param *in;
    const struct sql_column *out;
    size_t n_orders;       /* at least 1 */
    size_t n_when;         /* optional parts; variant = order * 2^n_when + bits */
    const size_t *when_in; /* index into `in` of the parameter that switches part i */
    const char *const *text[2]; /* [engine][variant] */
    size_t id;             /* 0.. over all queries of the program: the key of the statement cache */
};

/* One value going in. */
struct db_val {
    enum db_type type;
    bool null;
    size_t n; /* bytes of a blob, count of ints */
    union {
        int64_t i;
        double real;
        const char *text;
        const void *blob;
        const int64_t *ints;
    };
};

struct db_in {
    const struct db_val *v;
    size_t n;
    int order;
};

static inline struct db_val
db_int(int64_t i)
{
    return (struct db_val){.type = DB_INT, .i = i};
}
static inline struct db_val
db_bool(bool yes)
{
    return (struct db_val){.type = DB_BOOL, .i = yes};
}
static inline struct db_val
db_time(int64_t us)
{
    return (struct db_val){.type = DB_TIME, .i = us};
}
static inline struct db_val
db_real(double x)
{
    return (struct db_val){.type = DB_REAL, .real = x};
}
static inline struct db_val
db_text(const char *s) /* NULL is NULL */
{
    return (struct db_val){.type = DB_TEXT, .null = !s, .text = s};
}
static inline struct db_val
db_blob(const void *data, size_t n) /* NULL data is NULL */
{
    return (struct db_val){.type = DB_BLOB, .null = !data, .n = n, .blob = data};
}
static inline struct db_val
db_ints(const int64_t *ints, size_t n)
{
    return (struct db_val){.type = DB_INTS, .n = n, .ints = ints};
}
static inline struct db_val
db_null(enum db_type type)
{
    return (struct db_val){.type = type, .null = true};
}
/* x, or NULL when `null`. */
static inline struct db_val
db_int_or_null(int64_t i, bool null)
{
    return (struct db_val){.type = DB_INT, .null = null, .i = i};
}

/* The parameters of a query, in the order of its `-- in:` line. Count and types are checked; a
 * mistake aborts. DB_BY picks an order as well. */
#define DB_IN(...)                                                                                 \
    ((struct db_in){(const struct db_val[]){__VA_ARGS__},                                          \
                    sizeof((const struct db_val[]){__VA_ARGS__}) / sizeof(struct db_val), 0})
#define DB_BY(order_, ...)                                                                         \
    ((struct db_in){(const struct db_val[]){__VA_ARGS__},                                          \
                    sizeof((const struct db_val[]){__VA_ARGS__}) / sizeof(struct db_val), order_})
#define DB_NONE ((struct db_in){NULL, 0, 0})

/* Runs a :run query. `ret_changed` (may be NULL): rows inserted, updated or deleted. */
err_t db_run(struct ctx *c, const struct sql *q, struct db_in in, int64_t *ret_changed);
/* Exactly one row into `ret_row` (a struct <name>_row). No row: E_NOT_FOUND. Two rows abort. */
err_t db_one(struct ctx *c, const struct sql *q, struct db_in in, void *ret_row);
/* One row or none. */
err_t db_maybe(struct ctx *c, const struct sql *q, struct db_in in, void *ret_row, bool *ret_found);
/* All rows as an array of structs in c->mem. `ret_rows`: struct <name>_row **. More than
 * DB_MAX_ROWS rows, or a full arena: E_TOO_LARGE. */
err_t db_list(struct ctx *c, const struct sql *q, struct db_in in, void *ret_rows, size_t *ret_n);
/* Row by row, each in memory that is reused: for exports and large jobs. Stops at the first error
 * of `fn`. No other query may run inside `fn` on the same connection except through db_each itself
 * being finished. */
err_t db_each(struct ctx *c, const struct sql *q, struct db_in in,
              err_t (*fn)(void *arg, const void *row), void *arg);
enum { DB_MAX_ROWS = 200000 };

/* Asked together, read later: on PostgreSQL all queries asked before the first db_get go out in one
 * round trip; on SQLite each runs at once. Every ask is read exactly once, in the order asked. */
struct db_ask;
struct db_ask *db_ask(struct ctx *c, const struct sql *q, struct db_in in);
err_t db_get(struct ctx *c, struct db_ask *ask, void *ret_rows, size_t *ret_n);

/* ---- transactions: called by the router and by commands, never by a handler ---- */

typedef err_t db_work(struct ctx *c, void *arg);
/* Runs `work` in one read-only snapshot on this thread's connection. */
err_t db_read(struct ctx *c, db_work *work, void *arg);
/* Runs `work` in one write transaction and returns after it is durable. SQLite: as one savepoint on
 * the writer thread's connection, several callers sharing one COMMIT (if that COMMIT fails each is
 * retried once alone, then E_UNAVAILABLE). PostgreSQL: SERIALIZABLE, retried up to 5 times from
 * arena_save. `work` has no effect outside c->db and c->mem. An error of `work` rolls its changes
 * back and is returned. A writer that waits longer than 30 s gets E_UNAVAILABLE. */
err_t db_write(struct ctx *c, db_work *work, void *arg);
/* Rows changed so far in the running write transaction's own work. */
int64_t db_changes(const struct db *db);

/* ---- opening ---- */

struct db_pool;
struct db_options {
    bool no_create;      /* SQLite: the file must exist */
    int busy_ms;         /* wait for another process's write lock; 0 = 10,000 */
    int64_t timeout_ms;  /* statement timeout, PostgreSQL; 0 = 30,000 */
    const char *owner;   /* PostgreSQL: the owner's URL, for migrations; NULL = same URL */
};
/* `where`: a file path, or postgresql:// (or postgres://) URL. Errors: cannot open or connect
 * (E_UNAVAILABLE), not a Rapport database (E_CONFIG), each saying what to do. The pool must be
 * closed with db_close. */
err_t db_open(struct arena *a, const char *where, const struct db_options *o, struct db_pool **ret);
void db_close(struct db_pool *p);
enum db_engine db_pool_engine(const struct db_pool *p);
/* One connection for one thread; give it back with db_disconnect. */
err_t db_connect(struct arena *a, struct db_pool *p, struct db **ret);
void db_disconnect(struct db *db);
enum db_engine db_engine(const struct db *db);

/* ---- schema ---- */

/* One migration file. Its text uses the type words @id @ref(table) @int @real @text @time @bool
 * @blob, and sections `-- only: sqlite` / `-- only: postgres` / `-- only: both`. */
struct migration {
    const char *feature; /* "core", "studies": names order as in features.def */
    const char *name;    /* "0001-study.sql" */
    const char *text;
};
struct migrate_report {
    int applied, already;
    const char *copy; /* path of the copy that was made first, or NULL */
};
/* Applies what is missing, in the order given, all in one transaction; remembers each file's SHA-256.
 * An SQLite file that holds data is copied first beside itself. Errors: an applied migration whose
 * text differs, or one in the database that is not in the list (a newer database): E_CONFIG.
 * PostgreSQL: runs with the owner's URL. `dry`: says what it would do. */
err_t db_migrate(struct arena *a, struct db_pool *p, const struct migration *list, size_t n, bool dry,
                 struct migrate_report *ret);
/* E_CONFIG with "run rapport migrate" when the schema is older or newer than the list. */
err_t db_schema_check(struct arena *a, struct db_pool *p, const struct migration *list, size_t n);

/* ---- for tests and tools ---- */

/* Prepares every variant of a query on this connection and compares count, names and (where the
 * engine tells) types of its columns and parameters with its declaration. */
err_t db_prepare_check(struct ctx *c, const struct sql *q);

#endif
