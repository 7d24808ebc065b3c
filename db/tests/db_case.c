/* db_case.c: see db_case.h. */
#include "db_case.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

const struct migration db_case_schema[] = {
    {"test", "0001-thing.sql",
     "create table thing (\n"
     "  id @id,\n"
     "  code @text not null unique,\n"
     "  name_fold @text not null,\n"
     "  i @int constraint thing_i_lucky check (i <> -13),\n"
     "  r @real,\n"
     "  s @text,\n"
     "  b @blob,\n"
     "  t @time,\n"
     "  f @bool\n"
     ");\n"
     "create table part (id @id, thing_id @ref(thing) not null, no @int not null,\n"
     "  unique (thing_id, no));\n"},
    {"test", "0002-record.sql",
     "create table record (id @id, what @text not null);\n"
     "create table late (id @id, thing_id @int not null references thing(id)\n"
     "  deferrable initially deferred);\n"},
};
const size_t db_case_schema_n = sizeof db_case_schema / sizeof *db_case_schema;

void
db_case_psql(const char *text)
{
    PGconn *conn = PQconnectdb(getenv("RAPPORT_TEST_PG"));
    PGresult *res = PQexec(conn, "set client_min_messages = error");
    PQclear(res);
    res = PQexec(conn, text);
    ExecStatusType s = PQresultStatus(res);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK)
        print_error("%s: %s", text, PQerrorMessage(conn));
    PQclear(res);
    PQfinish(conn);
    assert_true(s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK);
}

/* Under tests/with_postgres.sh the cases of PostgreSQL run, elsewhere those of SQLite: each runs once. */
__attribute__((constructor)) static void
choose_engine(void)
{
    cmocka_set_skip_filter(getenv("RAPPORT_TEST_PG") ? "*/sqlite" : "*/postgres");
}

int
db_case_setup(void **state)
{
    struct db_case *k = calloc(1, sizeof *k);
    k->engine = strcmp(*state, "sqlite") == 0 ? DB_SQLITE : DB_POSTGRES;
    k->mem = arena_new(0);
    strcpy(k->dir, "/tmp/rapport-db.XXXXXX");
    if (!mkdtemp(k->dir))
        return -1;
    k->where = k->engine == DB_SQLITE ? arena_printf(k->mem, "%s/test.db", k->dir)
                                      : getenv("RAPPORT_TEST_PG");
    *state = k;
    return 0;
}

int
db_case_teardown(void **state)
{
    struct db_case *k = *state;
    db_disconnect(k->c.db);
    db_close(k->pool);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", k->dir);
    int rc = system(command);
    arena_free(k->mem);
    free(k);
    return rc;
}

static void
open_case(struct db_case *k)
{
    assert_ok(db_open(k->mem, k->where, NULL, &k->pool));
    k->c = (struct ctx){.mem = k->mem};
}

struct db_case *
db_case_empty(void **state)
{
    struct db_case *k = *state;
    assert_non_null(k->where);
    if (k->engine == DB_POSTGRES)
        db_case_psql("drop schema public cascade; create schema public");
    open_case(k);
    return k;
}

struct db_case *
db_case_use(void **state)
{
    struct db_case *k = db_case_empty(state);
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, db_case_schema, db_case_schema_n, false, &report));
    assert_ok(db_connect(k->mem, k->pool, &k->c.db));
    return k;
}

void
db_case_ctx(struct db_case *k, struct ctx *ret)
{
    *ret = (struct ctx){.mem = arena_new(0)};
    assert_ok(db_connect(ret->mem, k->pool, &ret->db));
}

void
db_case_ctx_end(struct ctx *c)
{
    db_disconnect(c->db);
    arena_free(c->mem);
}

bool
db_case_aborts(struct db_case *k, void (*fn)(struct db_case *k))
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(3);
        struct db_case own = {.engine = k->engine, .mem = arena_new(0), .where = k->where};
        if (db_open(own.mem, own.where, NULL, &own.pool) ||
            db_connect(own.mem, own.pool, &own.c.db))
            _exit(2);
        own.c.mem = own.mem;
        fn(&own);
        _exit(0);
    }
    int status = 0;
    assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

struct add {
    const char *code;
    int64_t i, id;
};

static err_t
add_work(struct ctx *c, void *arg)
{
    struct add *a = arg;
    struct t_add_row row;
    TRY(db_one(c, &T_ADD,
               DB_IN(db_text(a->code), db_text(""), db_int(a->i), db_null(DB_REAL), db_text(NULL),
                     db_blob(NULL, 0), db_null(DB_TIME), db_null(DB_BOOL)),
               &row));
    a->id = row.id;
    return NULL;
}

err_t
db_case_add(struct ctx *c, const char *code, int64_t i)
{
    return db_write(c, add_work, &(struct add){code, i, 0});
}

int64_t
db_case_count(struct ctx *c)
{
    struct t_count_row row;
    assert_ok(db_one(c, &T_COUNT, DB_NONE, &row));
    return row.n;
}

int64_t
db_case_i(struct ctx *c, const char *code)
{
    struct t_by_code_row row;
    bool found;
    assert_ok(db_maybe(c, &T_BY_CODE, DB_IN(db_text(code)), &row, &found));
    return found ? row.i : -1;
}
