/* test_sql.c: prepares every query of the program on an engine with the whole schema, and compares its
 * columns with what the query declares.
 *
 *   test_sql           SQLite, in a temporary folder
 *   test_sql postgres  PostgreSQL, as the role that owns nothing (tests/with_postgres.sh) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/app.h"
#include "base/arena.h"
#include "sql_all.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    struct arena *mem;
    const char *where, *owner, *folder;
    struct db_pool *pool;
    struct ctx c;
} t;

static void
ok(err_t e)
{
    if (e)
        fail_msg("%s", err_line(t.mem, e));
}

static int
open_empty(void **state)
{
    struct migration *list;
    size_t n;
    struct migrate_report report;
    ok(app_migrations(t.mem, &list, &n));
    ok(db_open(t.mem, t.where, &(struct db_options){.owner = t.owner}, &t.pool));
    ok(db_migrate(t.mem, t.pool, list, n, false, &report));
    assert_int_equal(report.applied, n);
    ok(db_schema_check(t.mem, t.pool, list, n));
    t.c.mem = t.mem;
    ok(db_connect(t.mem, t.pool, &t.c.db));
    return 0;
}

static int
close_it(void **state)
{
    db_disconnect(t.c.db);
    db_close(t.pool);
    return 0;
}

static void
one_query(void **state)
{
    ok(db_prepare_check(&t.c, *state));
}

/* A case a query, so that the summary names the one that is wrong. */
static int
run(void)
{
    struct CMUnitTest *cases = arena_alloc(t.mem, sql_all_n * sizeof *cases);
    for (size_t i = 0; i < sql_all_n; i++)
        cases[i] = (struct CMUnitTest){sql_all[i]->name, one_query, NULL, NULL, (void *)sql_all[i]};
    return _cmocka_run_group_tests("queries", cases, sql_all_n, open_empty, close_it);
}

int
main(int argc, char **argv)
{
    if (sodium_init() < 0)
        return 1;
    t.mem = arena_new((size_t)256 << 20);
    if (argc > 1 && strcmp(argv[1], "postgres") == 0) {
        t.where = getenv("RAPPORT_TEST_PG_APP");
        t.owner = getenv("RAPPORT_TEST_PG");
        return t.where && t.owner ? run() : 77;
    }
    char folder[] = "/tmp/rapport-sql.XXXXXX";
    if (!mkdtemp(folder))
        return 1;
    t.where = arena_printf(t.mem, "%s/test.db", folder);
    int failed = run();
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        unlink(arena_printf(t.mem, "%s%s", t.where, ends[i]));
    rmdir(folder);
    arena_free(t.mem);
    return failed;
}
