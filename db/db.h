/* db.h: the database: SQLite or PostgreSQL, the same named queries on both. Knows no HTTP.
 *
 * SQL text comes only from a `struct sql`, which tools/sqlgen.py makes from the .sql files of the
 * features; there is no way to build SQL from strings. Rows come as C structs, one field a column,
 * in request memory (c->mem): nothing to close.
 *
 * A .sql file holds queries of this form:
 *
 *   -- name: SITE_LIST :many            (:one, :many, :run)
 *   -- in: study int, q text?, after text?, after_id int?, n int
 *   -- out: id int, code text?, opened_on text?
 *   -- order: code = s.code asc, s.id asc
 *   -- order: newest = coalesce(s.opened_on, '') desc, s.id desc
 *   -- when: q, after
 *   select s.id, s.code, s.opened_on from study_site s where s.study_id = $study
 *   [[when q]] and s.name_fold like $q [[end]]
 *   [[when after]] and @after [[end]]
 *   order by @order limit $n
 *
 * which makes `extern const struct sql SITE_LIST;`, `struct site_list_row { int64_t id; const char
 * *code; const char *opened_on; };` and `enum { SITE_LIST_BY_CODE, SITE_LIST_BY_NEWEST };`. An
 * `in:` or `out:` line may be given again to go on. Plain comments are allowed anywhere.
 *
 *   types     int real text blob time bool int[] (int[] only in). `?` after a type: may be NULL.
 *             A nullable int, real, time or bool column x also makes a field `bool x_null`; NULL
 *             text is NULL. A blob column x makes `const unsigned char *x; size_t x_len`, NULL for
 *             NULL; an empty blob is not NULL. An out column of type bool takes 0, 1 or a truth
 *             value (`exists (...)`); a bool parameter is a number: write `$on = 1`.
 *   $name     a parameter.
 *   @in(column, ids)   column is one of the numbers of an int[] parameter; none when it is empty.
 *   order     one line an order; @order stands for its columns. A column may be followed by asc or
 *             desc, then a type (see @after), then `nulls first` or `nulls last`.
 *   when      parts [[when x]] .. [[end]] are in the statement when parameter x is given (not
 *             NULL); x must be declared as one that may be NULL. A part may stand several times,
 *             not inside another.
 *   @after    the key condition of the chosen order, for paging: (s.code, s.id) > ($after,
 *             $after_id). With three columns $after, $after2, $after_id; with one $after_id, or
 *             $after where that is not declared. All columns of an order must then go the same way
 *             and never be NULL (coalesce). Where $after is text and a column is a number, say so
 *             after it (`planned desc int`): the parameter is cast; text that is no number is then
 *             E_BAD_REQUEST on PostgreSQL and 0 on SQLite.
 *
 * Every combination of order and optional parts becomes a statement of its own. What SQLite and
 * PostgreSQL would read differently is refused when the program is built (tools/sqllint.py). LIKE
 * tells capitals apart on both engines. */
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
 * mistake aborts. DB_BY picks an order as well. The texts and blobs must live until the query
 * returns (db_ask: until it returns). A real that is not finite is E_INTERNAL. */
#define DB_IN(...)                                                                                 \
    ((struct db_in){(const struct db_val[]){__VA_ARGS__},                                          \
                    sizeof((const struct db_val[]){__VA_ARGS__}) / sizeof(struct db_val), 0})
#define DB_BY(order_, ...)                                                                         \
    ((struct db_in){(const struct db_val[]){__VA_ARGS__},                                          \
                    sizeof((const struct db_val[]){__VA_ARGS__}) / sizeof(struct db_val), order_})
#define DB_NONE ((struct db_in){NULL, 0, 0})

/* Queries run inside db_read or db_write; outside, each is a read-only transaction of its own (and
 * after a broken connection the first fails, the next connects again).
 *
 * Errors of all of them: a unique key, foreign key, check or NOT NULL that forbids it is
 * E_CONFLICT, with `place` "table.column, table.column" (unique, NOT NULL), the constraint's name
 * (check), or on PostgreSQL the constraint's name (foreign key; SQLite does not tell). The database
 * is busy, full or gone: E_UNAVAILABLE. Anything else, such as a NULL in a column that is not
 * declared nullable: E_INTERNAL, place is the query. After such an error the transaction can only
 * be rolled back, on both engines: later queries return the same error, and so does db_write even
 * if `work` does not. Where a key may already be there, write `on conflict do nothing` and look at
 * ret_changed. */

/* Runs a :run query. `ret_changed` (may be NULL): rows inserted, updated or deleted. */
err_t db_run(struct ctx *c, const struct sql *q, struct db_in in, int64_t *ret_changed);
/* Runs a :one query: exactly one row into `ret_row` (a struct <name>_row), its texts in c->mem. No
 * row: E_NOT_FOUND. Two rows abort. Also for `insert ... returning id`. */
err_t db_one(struct ctx *c, const struct sql *q, struct db_in in, void *ret_row);
/* The same for one row or none. */
err_t db_maybe(struct ctx *c, const struct sql *q, struct db_in in, void *ret_row, bool *ret_found);
/* Runs a :many query: all rows as an array of structs in c->mem. `ret_rows`: struct <name>_row **,
 * never NULL after success. More than DB_MAX_ROWS rows, or a full arena: E_TOO_LARGE. */
err_t db_list(struct ctx *c, const struct sql *q, struct db_in in, void *ret_rows, size_t *ret_n);
/* Runs a :many query row by row, each in memory that is reused: for exports and large jobs. Stops
 * at the first error of `fn` and returns it. No other query may run inside `fn` (aborts), and what
 * was asked with db_ask must have been read. */
err_t db_each(struct ctx *c, const struct sql *q, struct db_in in,
              err_t (*fn)(void *arg, const void *row), void *arg);
enum { DB_MAX_ROWS = 200000, DB_MAX_ASKS = 64 };

/* Asked together, read later: on PostgreSQL all queries asked before the first db_get go out in one
 * round trip; on SQLite each runs at once. For :one and :many; a :one gives an array of none or
 * one. Every ask is read at most once, in the order asked (else aborts); the end of the transaction
 * forgets those not read. At most DB_MAX_ASKS may wait. */
struct db_ask;
struct db_ask *db_ask(struct ctx *c, const struct sql *q, struct db_in in);
err_t db_get(struct ctx *c, struct db_ask *ask, void *ret_rows, size_t *ret_n);

/* ---- transactions: called by the router and by commands, never by a handler ---- */

typedef err_t db_work(struct ctx *c, void *arg);
/* Runs `work` in one read-only snapshot on this thread's connection. Transactions do not nest. */
err_t db_read(struct ctx *c, db_work *work, void *arg);
/* Runs `work` in one write transaction and returns after it is durable. SQLite: as one savepoint on
 * the writer thread's connection, several callers sharing one COMMIT (if that COMMIT fails each is
 * retried once alone, then E_UNAVAILABLE). PostgreSQL: SERIALIZABLE, retried up to 5 times. An
 * error of `work` rolls its changes back and is returned. A writer that waits longer than busy_ms
 * gets E_UNAVAILABLE.
 *
 * `work` may run more than once, and on another thread (the caller waits), with c->db another
 * connection: it has no effect outside c->db and c->mem, and sets what it hands back anew each
 * time. Before it runs again c->mem is restored to what it was (what it allocated is gone, what it
 * deferred has run) and *c is put back. */
err_t db_write(struct ctx *c, db_work *work, void *arg);
/* Rows changed so far in the running write transaction's own work (not by triggers or cascades). */
int64_t db_changes(const struct db *db);

/* ---- telling ---- */

/* Inside db_write: says that something about `about` (a number on which callers and listeners agree: a
 * person) is new. Heard once the transaction is durable, by whoever listens to this database: in this
 * process, on PostgreSQL in every process. Of what is rolled back nothing is heard. On SQLite another
 * process (a command beside a server) is not heard. */
void db_tell(struct ctx *c, int64_t about);

struct db_pool;
struct db_ear;
/* Calls `fn` from a thread of its own, or from the writer's: it must not wait and not use the database.
 * `about` 0: something may have been missed (the connection broke and is back), or it is too much to
 * name: look at everything. Never fails: on PostgreSQL it goes on trying to connect. One listener a pool
 * at a time. Freed by db_listen_end, after which fn is not called any more. */
struct db_ear *db_listen(struct db_pool *p, void (*fn)(void *arg, int64_t about), void *arg);
void db_listen_end(struct db_ear *ear); /* NULL is allowed */

/* ---- opening ---- */

struct db_options {
    bool no_create;     /* SQLite: the file must exist */
    int busy_ms;        /* SQLite: wait for another writer, of this process or not; 0 = 30,000 */
    int64_t timeout_ms; /* PostgreSQL: statement timeout; 0 = 30,000 */
    const char *owner;  /* PostgreSQL: the owner's URL, for migrations; NULL = same URL */
};
/* `where`: a file path, or postgresql:// (or postgres://) URL. `o` may be NULL. A new file is made
 * readable by its owner only. Errors, each saying what to do: cannot open or connect
 * (E_UNAVAILABLE); no file though no_create, no database, or not a Rapport database (E_CONFIG). The
 * pool must be closed with db_close, after its connections and when no db_write is running. */
err_t db_open(struct arena *a, const char *where, const struct db_options *o, struct db_pool **ret);
void db_close(struct db_pool *p);
enum db_engine db_pool_engine(const struct db_pool *p);
/* One connection for one thread at a time; give it back with db_disconnect. `a`: for errors
 * only. */
err_t db_connect(struct arena *a, struct db_pool *p, struct db **ret);
void db_disconnect(struct db *db);
enum db_engine db_engine(const struct db *db);

/* ---- schema ---- */

/* One migration file. Its text is SQL of any number of statements, in which
 *   @id       is the primary key given by the database    @ref(t)  a reference to t(id)
 *   @int @real @text @time @blob  are types                @bool    a number that is 0 or 1
 * (`create table site (id @id, study_id @ref(study) not null, open @bool not null)`), every table
 * is STRICT on SQLite, `without rowid` behind it is for SQLite alone, and lines `-- only: sqlite`,
 * `-- only: postgres`, `-- only: both` begin sections for one engine. Name checks (`constraint site_number check (...)`): E_CONFLICT says the
 * name. */
struct migration {
    const char *feature; /* "core", "studies": names order as in features.def */
    const char *name;    /* "0001-study.sql" */
    const char *text;
};
struct migrate_report {
    int applied, already;
    const char *copy; /* path of the copy that was made first, or NULL */
};
/* Applies what is missing, in the order given, all in one transaction; remembers each file's
 * SHA-256. An SQLite file that holds data is copied first beside itself ("<file>.before-<time>").
 * Errors: an applied migration whose text differs, or one in the database that is not in the list
 * (a newer database): E_CONFIG; a statement that fails: E_CONFIG, place is feature, file and line.
 * PostgreSQL: runs with the owner's URL, then grants the application's role what it needs: all
 * tables, of the record and of schema_migration less. `dry`: changes nothing, says what it would
 * do. */
err_t db_migrate(struct arena *a, struct db_pool *p, const struct migration *list, size_t n,
                 bool dry, struct migrate_report *ret);
/* E_CONFIG with "run rapport migrate" when the schema is older or newer than the list. */
err_t db_schema_check(struct arena *a, struct db_pool *p, const struct migration *list, size_t n);

/* ---- for tests and tools ---- */

/* Prepares every variant of a query on this connection, outside a transaction, and compares count,
 * names and (where the engine tells) types of its columns with its declaration. E_INTERNAL says
 * what differs. To be run over sql_all[] (sqlgen.py --index) on both engines. */
err_t db_prepare_check(struct ctx *c, const struct sql *q);

#endif
