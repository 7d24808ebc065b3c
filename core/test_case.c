/* test_case.c: see test_case.h. */
#include "core/test_case.h"

#include "base/date.h"
#include "core/account.h"
#include "core/party.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
schema_text(struct arena *a)
{
    FILE *f = fopen(CORE_SCHEMA, "r");
    assert_non_null(f);
    char *text = arena_alloc(a, 65536);
    size_t n = fread(text, 1, 65535, f);
    fclose(f);
    assert_true(n > 0 && n < 65535);
    return text;
}

/* Under tests/with_postgres.sh the cases of PostgreSQL run, elsewhere those of SQLite: each runs once. */
__attribute__((constructor)) static void
choose_engine(void)
{
    cmocka_set_skip_filter(getenv("RAPPORT_TEST_PG") ? "*/sqlite" : "*/postgres");
}

int
case_setup(void **state)
{
    struct core_case *k = calloc(1, sizeof *k);
    k->engine = strcmp(*state, "sqlite") == 0 ? DB_SQLITE : DB_POSTGRES;
    k->mem = arena_new((size_t)256 << 20);
    strcpy(k->dir, "/tmp/rapport-core.XXXXXX");
    if (!mkdtemp(k->dir))
        return -1;
    k->where = k->engine == DB_SQLITE ? arena_printf(k->mem, "%s/test.db", k->dir) : getenv("RAPPORT_TEST_PG_APP");
    k->owner = k->engine == DB_SQLITE ? k->where : getenv("RAPPORT_TEST_PG");
    *state = k;
    return 0;
}

int
case_teardown(void **state)
{
    struct core_case *k = *state;
    db_disconnect(k->c.db);
    db_close(k->pool);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", k->dir);
    int rc = system(command);
    arena_free(k->mem);
    free(k);
    return rc;
}

struct core_case *
case_use(void **state)
{
    struct core_case *k = *state;
    assert_non_null(k->where);
    if (k->engine == DB_POSTGRES)
        assert_true(case_try(k, "drop schema public cascade; create schema public"));
    struct db_options options = {.owner = k->engine == DB_POSTGRES ? k->owner : NULL};
    struct migration schema = {"core", "0001-core.sql", schema_text(k->mem)};
    struct migrate_report report;
    assert_ok(db_open(k->mem, k->where, &options, &k->pool));
    assert_ok(db_migrate(k->mem, k->pool, &schema, 1, false, &report));
    k->inst = (struct inst){.pool = k->pool, .keys = keys_temporary(k->mem), .zone = tz_find("UTC")};
    k->c = (struct ctx){.mem = k->mem, .inst = &k->inst, .log_id = "test"};
    assert_true(time_parse("2026-06-01T12:00:00.000000Z", &k->c.now));
    k->c.today = tz_day(k->inst.zone, k->c.now);
    assert_ok(db_connect(k->mem, k->pool, &k->c.db));
    return k;
}

void
case_ctx(struct core_case *k, struct ctx *ret)
{
    *ret = k->c;
    ret->mem = arena_new(0);
    assert_ok(db_connect(ret->mem, k->pool, &ret->db));
}

void
case_ctx_end(struct ctx *c)
{
    db_disconnect(c->db);
    arena_free(c->mem);
}

/* ---- behind the program's back ---- */

static bool
lite_exec(struct core_case *k, const char *text, bool bare)
{
    sqlite3 *h;
    assert_int_equal(sqlite3_open(k->where, &h), SQLITE_OK);
    sqlite3_busy_timeout(h, 5000);
    if (bare)
        assert_int_equal(sqlite3_exec(h, "pragma foreign_keys = off; pragma ignore_check_constraints = on", NULL, NULL, NULL), SQLITE_OK);
    char *why = NULL;
    int rc = sqlite3_exec(h, text, NULL, NULL, &why);
    if (rc != SQLITE_OK && bare)
        print_error("%s: %s\n", text, why);
    sqlite3_free(why);
    sqlite3_close(h);
    return rc == SQLITE_OK;
}

static bool
pg_exec(struct core_case *k, const char *text, bool bare)
{
    PGconn *conn = PQconnectdb(k->owner);
    PQclear(PQexec(conn, "set client_min_messages = error"));
    if (bare) /* a superuser's way to leave triggers and foreign keys out */
        PQclear(PQexec(conn, "set session_replication_role = replica"));
    PGresult *res = PQexec(conn, text);
    ExecStatusType s = PQresultStatus(res);
    bool ok = s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
    if (!ok && bare)
        print_error("%s: %s", text, PQerrorMessage(conn));
    PQclear(res);
    PQfinish(conn);
    return ok;
}

static const char no_triggers[] =
    "drop trigger if exists record_fixed_update; drop trigger if exists record_fixed_delete;"
    "drop trigger if exists record_body_fixed_update; drop trigger if exists record_body_fixed_delete;"
    "drop trigger if exists record_leaf_fixed_update; drop trigger if exists record_leaf_fixed_delete;"
    "drop trigger if exists record_checkpoint_fixed_update;"
    "drop trigger if exists record_checkpoint_fixed_delete;"
    "drop trigger if exists signature_fixed_update; drop trigger if exists signature_fixed_delete;";

void
case_raw(struct core_case *k, const char *sqlite, const char *postgres)
{
    if (k->engine == DB_POSTGRES)
        assert_true(pg_exec(k, postgres ? postgres : sqlite, true));
    else
        assert_true(lite_exec(k, arena_printf(k->mem, "%s%s", no_triggers, sqlite), true));
}

bool
case_try(struct core_case *k, const char *text)
{
    return k->engine == DB_POSTGRES ? pg_exec(k, text, false) : lite_exec(k, text, false);
}

static int
first_number(void *arg, int n, char **value, char **name)
{
    *(int64_t *)arg = value[0] ? strtoll(value[0], NULL, 10) : INT64_MIN;
    return 0;
}

int64_t
case_number(struct core_case *k, const char *query)
{
    int64_t number = INT64_MIN;
    if (k->engine == DB_POSTGRES) {
        PGconn *conn = PQconnectdb(k->owner);
        PGresult *res = PQexec(conn, query);
        assert_int_equal(PQresultStatus(res), PGRES_TUPLES_OK);
        number = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
        PQclear(res);
        PQfinish(conn);
        return number;
    }
    sqlite3 *h;
    assert_int_equal(sqlite3_open(k->where, &h), SQLITE_OK);
    assert_int_equal(sqlite3_exec(h, query, first_number, &number, NULL), SQLITE_OK);
    sqlite3_close(h);
    return number;
}

/* ---- arranging ---- */

err_t
case_write(struct core_case *k, const char *action, db_work *work, void *arg)
{
    return record_transaction(&k->c, &(struct record_work){action, NULL, "command line (test)", work, arg});
}

struct newcomer {
    const char *name, *email, *hash;
    int64_t id;
};

static err_t
add_person(struct ctx *c, void *arg)
{
    struct newcomer *n = arg;
    bool joined;
    TRY(person_get(c, &(struct person_new){.name = n->name, .origin = "typed"}, &n->id, &joined));
    record_change(c, "person", n->name, "name", NULL, n->name);
    return n->email ? account_create(c, n->id, n->email, n->hash) : NULL;
}

int64_t
case_person(struct core_case *k, const char *name)
{
    struct newcomer n = {.name = name};
    assert_ok(case_write(k, "user.add", add_person, &n));
    return n.id;
}

int64_t
case_account(struct core_case *k, const char *name, const char *email, const char *hash)
{
    struct newcomer n = {name, email, hash, 0};
    assert_ok(case_write(k, "user.add", add_person, &n));
    return n.id;
}
