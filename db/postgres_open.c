/* postgres_open.c: connecting to PostgreSQL, and what the application's role may do. See driver.h
 * and postgres.h. Queries are in postgres.c. */
#include "db/postgres.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static PGresult *
exec(struct pg *pg, const char *text, const char *value)
{
    return PQexecParams(pg->conn, text, value ? 1 : 0, NULL, value ? &value : NULL, NULL, NULL, 0);
}

/* Notices ("relation already exists, skipping") are for nobody. */
static void
no_notice(void *arg, const char *message)
{
}

/* Outside db_write nothing can be written; a transaction left open does not hold locks for ever. */
static err_t
set_up(struct arena *a, struct pg *pg)
{
    bool owner = pg->role == DB_ROLE_OWNER;
    const char *text = arena_printf(a,
                                    "set statement_timeout = %lld;"
                                    "set idle_in_transaction_session_timeout = %d;"
                                    "set default_transaction_read_only = %s;"
                                    "set client_min_messages = error;"
                                    "set timezone = 'UTC'",
                                    owner ? 0LL : (long long)pg->base.pool->timeout_ms,
                                    owner ? 0 : 60000, owner ? "off" : "on");
    PGresult *res = PQexec(pg->conn, text);
    err_t e = PQresultStatus(res) == PGRES_COMMAND_OK ? NULL : postgres_err(a, pg, res, NULL);
    PQclear(res);
    const char *encoding = PQparameterStatus(pg->conn, "server_encoding");
    if (!e && !str_eq(encoding, "UTF8"))
        e = err_new(a, E_CONFIG,
                    "The PostgreSQL database has the encoding %s. Make it with encoding UTF8.",
                    str_or(encoding, "?"));
    return e;
}

static err_t
reach(struct arena *a, struct pg *pg)
{
    const struct db_pool *p = pg->base.pool;
    const char *url = pg->role == DB_ROLE_OWNER && p->owner ? p->owner : p->where;
    const char *const keys[] = {"dbname", "client_encoding", "fallback_application_name",
                                "connect_timeout", NULL};
    const char *const values[] = {url, "UTF8", "rapport", "10", NULL};
    pg->conn = PQconnectdbParams(keys, values, 1);
    if (PQstatus(pg->conn) != CONNECTION_OK)
        return err_new(a, E_UNAVAILABLE, "PostgreSQL could not be reached: %s",
                       str_squeeze(a, PQerrorMessage(pg->conn)));
    PQsetNoticeProcessor(pg->conn, no_notice, NULL);
    return set_up(a, pg);
}

err_t
postgres_reconnect(struct arena *a, struct pg *pg)
{
    PQfinish(pg->conn);
    memset(&pg->base.cache, 0, sizeof pg->base.cache);
    pg->piping = pg->begun = false;
    pg->n_items = 0;
    return reach(a, pg);
}

err_t
postgres_connect(struct arena *a, struct db_pool *p, enum db_role role, struct db **ret)
{
    struct pg *pg = calloc(1, sizeof *pg);
    INVARIANT(pg);
    pg->base.drv = &postgres_driver;
    pg->base.pool = p;
    pg->role = role;
    err_t e = reach(a, pg);
    if (e) {
        postgres_close(&pg->base);
        return e;
    }
    *ret = &pg->base;
    return NULL;
}

void
postgres_close(struct db *db)
{
    struct pg *pg = pg_of(db);
    for (size_t i = 0; i < db->asked; i++)
        PQclear(db->asks[i].result);
    PQfinish(pg->conn);
    free(pg);
}

/* An empty database, or one with our tables: not one where others live. */
static err_t
check_ours(struct arena *a, struct pg *pg)
{
    bool ours = false;
    TRY(postgres_driver.has_table(a, &pg->base, "schema_migration", &ours));
    if (ours)
        return NULL;
    PGresult *res = exec(pg, "select 1 from pg_catalog.pg_tables where schemaname = "
                             "current_schema() limit 1", NULL);
    bool empty = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 0;
    PQclear(res);
    if (empty)
        return NULL;
    return err_new(a, E_CONFIG,
                   "The PostgreSQL database %s is not Rapport's: it has other tables. Nothing was "
                   "changed. Name another.", PQdb(pg->conn));
}

err_t
postgres_open(struct arena *a, struct db_pool *p)
{
    struct db *db;
    TRY(postgres_connect(a, p, DB_ROLE_READER, &db));
    err_t e = check_ours(a, pg_of(db));
    postgres_close(db);
    return e;
}

err_t
postgres_lock(struct arena *a, struct db *db)
{
    size_t line;
    return postgres_driver.script(a, db, "select pg_advisory_xact_lock(1382116464)", &line);
}

/* ---- rights ---- */

err_t
postgres_user(struct arena *a, struct db *db, const char **ret)
{
    struct pg *pg = pg_of(db);
    PGresult *res = exec(pg, "select current_user", NULL);
    err_t e = PQresultStatus(res) == PGRES_TUPLES_OK ? NULL : postgres_err(a, pg, res, NULL);
    if (!e)
        *ret = arena_strdup(a, PQgetvalue(res, 0, 0));
    PQclear(res);
    return e;
}

/* Rows of the record are added and read, never changed; the schema's own table is only read. */
static const char grants[] =
    "do $do$ declare t record; app text := current_setting('rapport.app'); may text; "
    "begin "
    "execute format('grant usage on schema %I to %I', current_schema(), app); "
    "for t in select tablename from pg_catalog.pg_tables where schemaname = current_schema() loop "
    "  may := case when t.tablename = 'schema_migration' then 'select' "
    "    when t.tablename in ('record', 'record_body', 'record_leaf', 'record_checkpoint', 'signature') "
    "    then 'select, insert' else 'select, insert, update, delete' end; "
    "  execute format('revoke all on table %I from %I', t.tablename, app); "
    "  execute format('grant %s on table %I to %I', may, t.tablename, app); "
    "end loop; end $do$";

err_t
postgres_grant(struct arena *a, struct db *db, const char *role)
{
    struct pg *pg = pg_of(db);
    PGresult *res = exec(pg, "select set_config('rapport.app', $1, true)", role);
    if (PQresultStatus(res) == PGRES_TUPLES_OK) {
        PQclear(res);
        res = PQexec(pg->conn, grants);
    }
    err_t e = PQresultStatus(res) == PGRES_COMMAND_OK ? NULL : postgres_err(a, pg, res, NULL);
    PQclear(res);
    return db_fail(db, e);
}
