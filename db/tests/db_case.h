/* db_case.h: a fresh database of either engine for one test case of db/.
 *
 * SQLite in a temporary folder; PostgreSQL when RAPPORT_TEST_PG is set (tests/with_postgres.sh), its
 * schema emptied first: then the cases of PostgreSQL run, else those of SQLite. */
#ifndef DB_TESTS_DB_CASE_H
#define DB_TESTS_DB_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/db.h"
#include "db_test_sql.h"

struct db_case {
    enum db_engine engine;
    struct arena *mem;
    char dir[64];
    const char *where; /* file or URL */
    struct db_pool *pool;
    struct ctx c;
};

/* In a table of cases: the same function on both engines, or on one. */
#define ON(fn, engine)                                                                             \
    {#fn "/" engine, fn, db_case_setup, db_case_teardown, (void *)(uintptr_t)engine}
#define BOTH(fn) ON(fn, "sqlite"), ON(fn, "postgres")

int db_case_setup(void **state);
int db_case_teardown(void **state);
/* First in a case: the fixture. The test schema is in place. */
struct db_case *db_case_use(void **state);
/* The same without any schema. */
struct db_case *db_case_empty(void **state);

extern const struct migration db_case_schema[];
extern const size_t db_case_schema_n;

/* Another connection of the case's pool, with memory of its own. */
void db_case_ctx(struct db_case *k, struct ctx *ret);
void db_case_ctx_end(struct ctx *c);

/* Runs fn(k) in a child process, on connections of its own; true if it aborted. */
bool db_case_aborts(struct db_case *k, void (*fn)(struct db_case *k));
/* Runs statements on PostgreSQL as the owner. */
void db_case_psql(const char *text);

#define assert_ok(expr)                                                                            \
    do {                                                                                           \
        err_t ok_e_ = (expr);                                                                      \
        if (ok_e_) {                                                                               \
            struct arena *ok_a_ = arena_new(0);                                                    \
            print_error("%s\n", err_line(ok_a_, ok_e_));                                           \
            arena_free(ok_a_);                                                                     \
        }                                                                                          \
        assert_null(ok_e_);                                                                        \
    } while (0)

#define assert_err(expr, code_)                                                                    \
    do {                                                                                           \
        err_t got_e_ = (expr);                                                                     \
        assert_non_null(got_e_);                                                                   \
        assert_string_equal(err_name(got_e_->code), err_name(code_));                              \
    } while (0)

/* ---- single queries as transactions of their own, for arranging and looking ---- */

err_t db_case_add(struct ctx *c, const char *code, int64_t i);
int64_t db_case_count(struct ctx *c);
/* thing.i by code; -1 when there is none */
int64_t db_case_i(struct ctx *c, const char *code);

#endif
