/* test_case.h: a fresh database with core's schema, of either engine, for one test case of core/.
 *
 * SQLite in a temporary folder; PostgreSQL when RAPPORT_TEST_PG and RAPPORT_TEST_PG_APP are set
 * (tests/with_postgres.sh): then the cases of PostgreSQL run, else those of SQLite. The program's side
 * uses the role that owns nothing, as an installation does. The clock stands still: a case moves k->c.now itself. */
#ifndef CORE_TEST_CASE_H
#define CORE_TEST_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/core_sql.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/record.h"
#include "db/db.h"

struct core_case {
    enum db_engine engine;
    struct arena *mem;
    char dir[64];
    const char *where, *owner; /* file or URL */
    struct db_pool *pool;
    struct inst inst;
    struct ctx c;
};

/* In a table of cases: the same function on both engines. */
#define ON(fn, engine)                                                                             \
    {#fn "/" engine, fn, case_setup, case_teardown, (void *)(uintptr_t)engine}
#define BOTH(fn) ON(fn, "sqlite"), ON(fn, "postgres")

enum { S = 1000000 }; /* microseconds */

int case_setup(void **state);
int case_teardown(void **state);
/* First in a case: the fixture. */
struct core_case *case_use(void **state);
/* Another connection of the case's pool, with memory of its own and the same clock. */
void case_ctx(struct core_case *k, struct ctx *ret);
void case_ctx_end(struct ctx *c);

/* Runs SQL behind the program's back, as somebody with the file or the owner's password could:
 * triggers and foreign keys do not count. `postgres` NULL: the same text on both engines. */
void case_raw(struct core_case *k, const char *sqlite, const char *postgres);
/* The same, but triggers count; true when the statement was carried out. */
bool case_try(struct core_case *k, const char *text);
/* One number of a query. */
int64_t case_number(struct core_case *k, const char *query);

/* One write with its record row, as a command makes it. */
err_t case_write(struct core_case *k, const char *action, db_work *work, void *arg);
/* A person who is nobody's joined one, and one who may also sign in. */
int64_t case_person(struct core_case *k, const char *name);
int64_t case_account(struct core_case *k, const char *name, const char *email, const char *hash);

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

#endif
