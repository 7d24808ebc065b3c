/* sqlite_open.c: opening an SQLite file: is it ours, how is it set up, and what may a connection do
 * to it. See driver.h. Queries are in sqlite.c. */
#include "db/sqlite.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* In the header of every Rapport file (PRAGMA application_id): "Rapp". */
#define APPLICATION_ID 0x52617070

static int64_t
clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Short even steps: a process that writes without pause leaves only short gaps. */
static int
on_busy(void *arg, int tries)
{
    struct lite *l = arg;
    if (tries == 0)
        l->wait_until = clock_ms() + l->wait_ms;
    if (clock_ms() >= l->wait_until)
        return 0;
    usleep(1000);
    return 1;
}

/* ---- what a connection of the application may do ---- */

/* Rows of these are never changed once written. */
static bool
is_kept(const char *table)
{
    static const char *const kept[] = {"record", "record_body", "record_leaf", "record_checkpoint",
                                       "schema_migration", "signature"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (table && sqlite3_stricmp(table, kept[i]) == 0)
            return true;
    return false;
}

static int
authorize(void *arg, int action, const char *one, const char *two, const char *schema,
          const char *trigger)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_INSERT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return SQLITE_OK;
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return is_kept(one) ? SQLITE_DENY : SQLITE_OK;
    default: /* no schema changes, no attached files, no pragmas */
        return SQLITE_DENY;
    }
}

/* ---- settings ---- */

/* 1 MB of cache a connection. With eight workers on the heaviest page of 100,000 studies the process
 * then peaks at some 60 MB; with 1.5 MB at 64, with 2 MB at 69. It costs: the portfolio with three
 * filters takes half as much CPU again as with 2 MB, an organisation of 2,000 sites 40 % more, a
 * person in 2,000 studies 10 %. Without mmap the memory of the process does not grow
 * with the file. LIKE and recursive triggers as PostgreSQL has them. */
static const char settings[] = "pragma synchronous = full;"
                               "pragma cell_size_check = on;"
                               "pragma trusted_schema = off;"
                               "pragma cache_size = -1000;"
                               "pragma mmap_size = 0;"
                               "pragma journal_size_limit = 67108864;"
                               "pragma recursive_triggers = on;"
                               "pragma case_sensitive_like = on;";

static err_t
exec(struct arena *a, struct lite *l, const char *text)
{
    return sqlite3_exec(l->h, text, NULL, NULL, NULL) == SQLITE_OK ? NULL : sqlite_err(a, l, NULL);
}

static err_t
number(struct arena *a, struct lite *l, const char *text, int64_t *ret)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(l->h, text, -1, &stmt, NULL) != SQLITE_OK)
        return sqlite_err(a, l, NULL);
    err_t e = sqlite3_step(stmt) == SQLITE_ROW ? NULL : sqlite_err(a, l, NULL);
    if (!e)
        *ret = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return e;
}

static err_t
set_up(struct arena *a, struct lite *l, enum db_role role)
{
    sqlite3_db_config(l->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(l->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(l->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    TRY(exec(a, l, settings));
    switch (role) {
    case DB_ROLE_OWNER: /* a migration may rebuild a table; migrate.c checks afterwards */
        return exec(a, l, "pragma foreign_keys = off;");
    case DB_ROLE_READER:
        TRY(exec(a, l, "pragma foreign_keys = on; pragma query_only = on;"));
        break;
    case DB_ROLE_WRITER:
        TRY(exec(a, l, "pragma foreign_keys = on;"));
        break;
    }
    sqlite3_set_authorizer(l->h, authorize, l);
    return NULL;
}

static err_t
open_handle(struct arena *a, struct db_pool *p, struct lite **ret)
{
    struct lite *l = calloc(1, sizeof *l);
    INVARIANT(l);
    l->base.drv = &sqlite_driver;
    l->base.pool = p;
    l->wait_ms = p->busy_ms;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(p->where, &l->h, flags, NULL) != SQLITE_OK) {
        err_t e = err_new(a, E_UNAVAILABLE, "The database %s could not be opened: %s.", p->where,
                          sqlite3_errmsg(l->h));
        sqlite_driver.close(&l->base);
        return e;
    }
    sqlite3_busy_handler(l->h, on_busy, l);
    *ret = l;
    return NULL;
}

err_t
sqlite_connect(struct arena *a, struct db_pool *p, enum db_role role, struct db **ret)
{
    struct lite *l;
    TRY(open_handle(a, p, &l));
    err_t e = set_up(a, l, role);
    if (e) {
        sqlite_driver.close(&l->base);
        return err_because(a, E_UNAVAILABLE, e, "The database %s could not be opened.", p->where);
    }
    *ret = &l->base;
    return NULL;
}

/* ---- opening a file ---- */

static err_t
make_file(struct arena *a, struct db_pool *p)
{
    if (access(p->where, F_OK) == 0)
        return NULL;
    if (p->no_create)
        return err_new(a, E_CONFIG,
                       "There is no database at %s. Make one with \"rapport init\", or name the "
                       "one you mean.", p->where);
    int fd = open(p->where, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_new(a, E_UNAVAILABLE, "The database %s could not be made: %s.", p->where,
                       strerror(errno));
    close(fd);
    return NULL;
}

static err_t
not_ours(struct arena *a, struct db_pool *p, err_t e)
{
    return err_because(a, E_CONFIG, e, "%s is not a database of Rapport's. Nothing was changed. "
                                       "Name another file.", p->where);
}

/* Marks an empty file as ours; a file with anything else in it is left alone. */
static err_t
claim(struct arena *a, struct db_pool *p, struct lite *l)
{
    int64_t id = 0, tables = 0;
    TRY(exec(a, l, "begin immediate"));
    err_t e = number(a, l, "pragma application_id", &id);
    if (!e)
        e = number(a, l, "select count(*) from sqlite_schema", &tables);
    if (!e && id != APPLICATION_ID && (id || tables))
        e = not_ours(a, p, NULL);
    if (!e)
        e = exec(a, l, arena_printf(a, "pragma application_id = %d", APPLICATION_ID));
    if (e) {
        exec(a, l, "rollback");
        return e;
    }
    return exec(a, l, "commit");
}

static err_t
use_file(struct arena *a, struct db_pool *p, struct lite *l)
{
    int64_t id = 0;
    err_t e = number(a, l, "pragma application_id", &id);
    if (e && (sqlite3_errcode(l->h) & 0xff) == SQLITE_NOTADB)
        return not_ours(a, p, e);
    TRY(e);
    if (id != APPLICATION_ID)
        TRY(claim(a, p, l));
    return exec(a, l, "pragma journal_mode = wal");
}

/* SQLite's own count of its memory takes one lock for every allocation of every thread. */
static void
uncounted(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

err_t
sqlite_open(struct arena *a, struct db_pool *p)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, uncounted);
    TRY(make_file(a, p));
    struct lite *l;
    TRY(open_handle(a, p, &l));
    err_t e = use_file(a, p, l);
    sqlite_driver.close(&l->base);
    if (e && access(p->where, W_OK) != 0)
        e = err_new(a, E_UNAVAILABLE, "The database %s cannot be written: %s.", p->where, strerror(errno));
    else if (e && access(dirname(arena_strdup(a, p->where)), W_OK) != 0)
        e = err_new(a, E_UNAVAILABLE, "The folder of the database %s cannot be written, which the database needs: %s.", p->where, strerror(errno));
    else if (e && e->code != E_CONFIG)
        e = err_because(a, E_UNAVAILABLE, e, "The database %s could not be opened.", p->where);
    TRY(e);
    struct db *db;
    TRY(sqlite_connect(a, p, DB_ROLE_WRITER, &db));
    p->writer = writer_new(p, db);
    return NULL;
}

err_t
sqlite_foreign_keys(struct arena *a, struct db *db)
{
    int64_t n = 0;
    TRY(number(a, (struct lite *)db, "select count(*) from pragma_foreign_key_check", &n));
    return n ? err_new(a, E_CONFIG, "After the change %lld rows would point at rows that are not "
                                    "there; nothing was changed.", (long long)n)
             : NULL;
}

/* ---- a copy ---- */

/* VACUUM INTO does not wait for the disk: we do, for the file and its name in the folder. */
static err_t
sync_path(struct arena *a, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    return ok ? NULL : err_new(a, E_IO, "%s could not be written: %s.", path, strerror(why));
}

static err_t
vacuum_into(struct arena *a, struct db_pool *p, const char *to)
{
    struct lite *l;
    TRY(open_handle(a, p, &l));
    sqlite3_stmt *stmt = NULL;
    err_t e = NULL;
    if (sqlite3_prepare_v2(l->h, "vacuum into ?1", -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_bind_text(stmt, 1, to, -1, SQLITE_STATIC) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_DONE)
        e = sqlite_err(a, l, NULL);
    sqlite3_finalize(stmt);
    sqlite_driver.close(&l->base);
    return e;
}

err_t
sqlite_copy(struct arena *a, struct db_pool *p, const char *to)
{
    int fd = open(to, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_new(a, E_IO, "The copy %s could not be made: %s.", to, strerror(errno));
    close(fd);
    err_t e = vacuum_into(a, p, to);
    if (!e)
        e = sync_path(a, to);
    if (!e)
        e = sync_path(a, dirname(arena_strdup(a, to)));
    if (e) {
        unlink(to);
        return err_because(a, E_IO, e, "The copy %s could not be made.", to);
    }
    return NULL;
}
