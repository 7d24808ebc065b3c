/* test_migrate.c: opening, migrations, their text, and what a connection may not do. */
#include "db_case.h"

#include "base/str.h"
#include "db/driver.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct migrate_report
migrate(struct db_case *k, const struct migration *list, size_t n)
{
    struct migrate_report report = {-1, -1, NULL};
    assert_ok(db_migrate(k->mem, k->pool, list, n, false, &report));
    return report;
}

static err_t
try_migrate(struct db_case *k, const struct migration *list, size_t n)
{
    struct migrate_report report;
    return db_migrate(k->mem, k->pool, list, n, false, &report);
}

static void
test_fresh(void **state)
{
    struct db_case *k = db_case_empty(state);
    const struct migration *list = db_case_schema;
    struct migrate_report report;
    assert_err(db_schema_check(k->mem, k->pool, list, 2), E_CONFIG);
    assert_ok(db_migrate(k->mem, k->pool, list, 2, true, &report)); /* dry */
    assert_true(report.applied == 2 && report.already == 0 && !report.copy);
    assert_err(db_schema_check(k->mem, k->pool, list, 2), E_CONFIG);
    report = migrate(k, list, 1);
    assert_true(report.applied == 1 && report.already == 0 && !report.copy);
    assert_err(db_schema_check(k->mem, k->pool, list, 2), E_CONFIG);
    assert_ok(db_schema_check(k->mem, k->pool, list, 1));
    report = migrate(k, list, 2);
    assert_true(report.applied == 1 && report.already == 1);
    assert_true(!report.copy == (k->engine == DB_POSTGRES));
    assert_ok(db_schema_check(k->mem, k->pool, list, 2));
    report = migrate(k, list, 2);
    assert_true(report.applied == 0 && report.already == 2 && !report.copy);
    err_t e = db_schema_check(k->mem, k->pool, list, 1); /* a newer database */
    assert_err(e, E_CONFIG);
    assert_non_null(strstr(e->text, "newer"));
    assert_err(try_migrate(k, list, 1), E_CONFIG);
}

static void
test_changed(void **state)
{
    struct db_case *k = db_case_use(state);
    struct migration list[] = {db_case_schema[0], db_case_schema[1]};
    list[0].text = arena_printf(k->mem, "%s ", list[0].text);
    assert_err(try_migrate(k, list, 2), E_CONFIG);
    assert_err(db_schema_check(k->mem, k->pool, list, 2), E_CONFIG);
}

static const struct {
    const char *text, *place;
} failing[] = {
    {"create table one (id @id);\n\ncreate table\n  two (id @id, x oops nothing;\n",
     "test/0003-bad.sql, line"},
    {"create table one (id @id);\ninsert into\n  nowhere values (1);\n", "test/0003-bad.sql, line"},
    {"create table one (id @id);\n\n\ninsert into record (what) values (null);\n",
     "test/0003-bad.sql, line"},
    {"create table one (id @id);\ncreate table two (x @integer);", "test/0003-bad.sql, line 2"},
    {"-- only: oracle\n", "test/0003-bad.sql, line 1"},
};

static void
test_failing(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_case_add(&k->c, "kept", 1));
    for (size_t i = 0; i < sizeof failing / sizeof *failing; i++) {
        struct migration list[] = {db_case_schema[0], db_case_schema[1],
                                   {"test", "0003-bad.sql", failing[i].text}};
        err_t e = try_migrate(k, list, 3);
        assert_err(e, E_CONFIG);
        assert_non_null(e->place);
        if (!str_starts(e->place, failing[i].place))
            fail_msg("%zu: %s", i, e->place);
        assert_ok(db_schema_check(k->mem, k->pool, db_case_schema, 2));
        bool there = true;
        assert_ok(k->c.db->drv->has_table(k->mem, k->c.db, "one", &there));
        assert_false(there);
    }
    assert_int_equal(db_case_count(&k->c), 1);
}

static void
test_copy(void **state)
{
    struct db_case *k = db_case_use(state);
    const struct migration list[] = {db_case_schema[0], db_case_schema[1],
                                     {"test", "0003-more.sql", "create table more (id @id);"}};
    assert_ok(db_case_add(&k->c, "kept", 42));
    struct migrate_report report = migrate(k, list, 3);
    assert_non_null(report.copy);
    assert_true(str_starts(report.copy, arena_printf(k->mem, "%s.before-2", k->where)));
    struct stat st;
    assert_int_equal(stat(report.copy, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    struct db_case copy = {.mem = k->mem, .c = {.mem = k->mem}};
    assert_ok(db_open(k->mem, report.copy, NULL, &copy.pool));
    assert_ok(db_connect(k->mem, copy.pool, &copy.c.db));
    assert_ok(db_schema_check(k->mem, copy.pool, db_case_schema, 2));
    assert_int_equal(db_case_i(&copy.c, "kept"), 42);
    db_disconnect(copy.c.db);
    db_close(copy.pool);
}

static void
test_orphans(void **state)
{
    struct db_case *k = db_case_use(state);
    const struct migration list[] = {db_case_schema[0], db_case_schema[1],
                                     {"test", "0003-cut.sql",
                                      "insert into part (thing_id, no) values (99, 1);"}};
    assert_err(try_migrate(k, list, 3), E_CONFIG);
    assert_ok(db_schema_check(k->mem, k->pool, list, 2));
}

/* Two at once: one applies, the other finds it done. */
static void
test_concurrent(void **state)
{
    struct db_case *k = db_case_empty(state);
    for (int i = 0; i < 2; i++) {
        struct db_pool *other;
        struct migrate_report report;
        assert_ok(db_open(k->mem, k->where, NULL, &other));
        assert_ok(db_migrate(k->mem, other, db_case_schema, 2, false, &report));
        assert_int_equal(report.applied, i ? 0 : 2);
        db_close(other);
    }
}

/* ---- the text ---- */

static const struct {
    const char *text, *want[2];
} texts[] = {
    {"create table a (id @id, b @ref(c) not null);",
     {"create table a (id integer primary key, b integer references c(id) not null) strict;",
      "create table a (id bigint generated by default as identity primary key, b bigint references "
      "c(id) not null);"}},
    {"CREATE TABLE if not exists a(x @real,y @text,z @blob,t @time , i @int check (i > (0)) )",
     {"CREATE TABLE if not exists a(x real,y text,z blob,t integer , i integer check (i > (0)) ) "
      "strict",
      "CREATE TABLE if not exists a(x double precision,y text collate \"C\",z bytea,t bigint , i "
      "bigint check (i > (0)) )"}},
    {"create table a (open @bool not null);",
     {"create table a (open integer check (open in (0, 1)) not null) strict;",
      "create table a (open bigint check (open in (0, 1)) not null);"}},
    {"-- @nothing (here\ninsert into a values ('@int; ''--', \"@b\");",
     {"-- @nothing (here\ninsert into a values ('@int; ''--', \"@b\");",
      "-- @nothing (here\ninsert into a values ('@int; ''--', \"@b\");"}},
    {"a\n-- only: sqlite\nb (\n-- only: postgres\nc $f$ ' -- only: x $f$\n-- only: both\nd",
     {"a\n-- only: sqlite\nb (\n\n\n-- only: both\nd",
      "a\n\n\n-- only: postgres\nc $f$ ' -- only: x $f$\n-- only: both\nd"}},
    {"create table a (x @int) without rowid;",
     {"create table a (x integer) strict, without rowid;",
      "create table a (x bigint);"}},
    {"create index a on b (c); alter table b add column d @text;",
     {"create index a on b (c); alter table b add column d text;",
      "create index a on b (c); alter table b add column d text collate \"C\";"}},
};

static const char *const bad_texts[] = {
    "create table a (x @number)", "create table a (x @ref)",      "create table a (x @ref(a,b))",
    "create table a as select 1", "insert into a values ('open)", "-- only: mysql\n",
};

static void
test_text(void **state)
{
    struct arena *a = arena_new(0);
    for (int engine = 0; engine < 2; engine++) {
        const char *got;
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            assert_ok(ddl_expand(a, (enum db_engine)engine, "x", texts[i].text, &got));
            assert_string_equal(got, texts[i].want[engine]);
        }
        for (size_t i = 0; i < sizeof bad_texts / sizeof *bad_texts; i++)
            assert_err(ddl_expand(a, (enum db_engine)engine, "x", bad_texts[i], &got), E_CONFIG);
    }
    arena_free(a);
}

/* ---- opening ---- */

static void
put(const char *path, const char *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

static void
test_open(void **state)
{
    struct db_case *k = db_case_use(state);
    struct db_pool *pool = NULL;
    struct stat st;
    assert_int_equal(stat(k->where, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    const char *missing = arena_printf(k->mem, "%s/missing.db", k->dir);
    const char *text = arena_printf(k->mem, "%s/text.db", k->dir);
    const char *other = arena_printf(k->mem, "%s/other.db", k->dir);
    const char *folder = arena_printf(k->mem, "%s/none/x.db", k->dir);
    char letter[4096];
    memset(letter, 'a', sizeof letter);
    put(text, letter, sizeof letter);
    char command[256];
    snprintf(command, sizeof command, "sqlite3 '%s' 'create table theirs (x)' 2>&1", other);
    bool have_tool = system("command -v sqlite3 >/dev/null") == 0;
    if (have_tool)
        assert_int_equal(system(command), 0);
    assert_err(db_open(k->mem, missing, &(struct db_options){.no_create = true}, &pool), E_CONFIG);
    assert_int_not_equal(access(missing, F_OK), 0);
    assert_err(db_open(k->mem, text, NULL, &pool), E_CONFIG);
    if (have_tool)
        assert_err(db_open(k->mem, other, NULL, &pool), E_CONFIG);
    assert_err(db_open(k->mem, folder, NULL, &pool), E_UNAVAILABLE);
    assert_err(db_open(k->mem, k->dir, NULL, &pool), E_UNAVAILABLE);
    assert_err(db_open(k->mem, "postgresql://x@/x?host=/nowhere&port=1", NULL, &pool),
               E_UNAVAILABLE);
    assert_null(pool);
    assert_ok(db_open(k->mem, k->where, &(struct db_options){.no_create = true}, &pool));
    assert_int_equal(db_pool_engine(pool), DB_SQLITE);
    db_close(pool);
}

static void
test_open_other(void **state)
{
    struct db_case *k = db_case_empty(state);
    struct db_pool *pool;
    db_case_psql("create table theirs (x int)");
    assert_err(db_open(k->mem, k->where, NULL, &pool), E_CONFIG);
    db_case_psql("drop table theirs");
}

/* ---- what is kept ---- */

static err_t
record_add(struct ctx *c, void *arg)
{
    return db_run(c, &T_RECORD_ADD, DB_IN(db_text("what happened")), NULL);
}
static err_t
record_edit(struct ctx *c, void *arg)
{
    return db_run(c, &T_RECORD_EDIT, DB_IN(db_text("what did not")), NULL);
}
static err_t
record_delete(struct ctx *c, void *arg)
{
    return db_run(c, &T_RECORD_DELETE, DB_NONE, NULL);
}
static err_t
drop(struct ctx *c, void *arg)
{
    static const char *const text[] = {"drop table part"};
    struct sql q = T_RECORD_DELETE;
    q.text[0] = q.text[1] = text;
    return db_run(c, &q, DB_NONE, NULL);
}

static void
test_guard(void **state)
{
    struct db_case *k = db_case_use(state);
    static db_work *const refused[] = {record_edit, record_delete, drop};
    if (k->engine == DB_POSTGRES) { /* the application's role, with rights given by db_migrate */
        struct db_options o = {.owner = k->where};
        struct migrate_report report;
        db_disconnect(k->c.db);
        db_close(k->pool);
        k->c.db = NULL;
        k->pool = NULL;
        assert_ok(db_open(k->mem, getenv("RAPPORT_TEST_PG_APP"), &o, &k->pool));
        assert_ok(db_migrate(k->mem, k->pool, db_case_schema, 2, false, &report));
        assert_ok(db_connect(k->mem, k->pool, &k->c.db));
        assert_ok(db_schema_check(k->mem, k->pool, db_case_schema, 2));
    }
    assert_ok(db_write(&k->c, record_add, NULL));
    assert_ok(db_case_add(&k->c, "a", 1));
    for (size_t i = 0; i < 3; i++) {
        assert_err(db_write(&k->c, refused[i], NULL), E_INTERNAL);
        assert_ok(db_write(&k->c, record_add, NULL));
    }
    assert_int_equal(db_case_count(&k->c), 1);
}

int
main(void)
{
    static const struct CMUnitTest cases[] = {
        BOTH(test_fresh),
        BOTH(test_changed),
        BOTH(test_failing),
        ON(test_copy, "sqlite"),
        ON(test_orphans, "sqlite"),
        BOTH(test_concurrent),
        cmocka_unit_test(test_text),
        ON(test_open, "sqlite"),
        ON(test_open_other, "postgres"),
        BOTH(test_guard),
    };
    return cmocka_run_group_tests(cases, NULL, NULL);
}
