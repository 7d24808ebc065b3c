/* test_record.c: exactly one row a write, and nothing that the program's own credentials can change. */
#include "core/test_case.h"
#include "core/test_sql.h"

#include "base/str.h"
#include "core/seal.h"

#include <string.h>

static int64_t
rows_of(struct core_case *k)
{
    return case_number(k, "select count(*) from record");
}

/* ---- what a write does, as a table ---- */

struct deed_case {
    const char *name;
    bool row, change, gxp, event;
    const char *old, *new_value, *reason;
    const char *want; /* NULL: it goes well */
    int rows;
};

static err_t
do_deed(struct ctx *c, void *arg)
{
    const struct deed_case *d = arg;
    if (d->row)
        TRY(db_run(c, &TEST_SETTING, DB_IN(db_text(d->name)), NULL));
    if (d->change)
        record_change(c, "setting", "Setting", "value", d->old, d->new_value);
    if (d->gxp)
        record_change_gxp(c, "setting", "Setting", "value", d->old, d->new_value);
    if (d->event)
        record_event(c);
    return NULL;
}

static void
one_row_a_write(void **state)
{
    static const struct deed_case cases[] = {
        {"a change", .row = true, .change = true, .new_value = "x", .rows = 1},
        {"two rows, one record", .row = true, .change = true, .gxp = true, .new_value = "x", .rows = 1},
        {"an event", .event = true, .rows = 1},
        {"nothing", .rows = 0},
        {"equal values", .change = true, .old = "a", .new_value = "a", .rows = 0},
        {"equal GxP values need no reason", .gxp = true, .old = "a", .new_value = "a", .rows = 0},
        {"both empty", .change = true, .rows = 0},
        {"rows without a record", .row = true, .want = "INTERNAL"},
        {"rows without a record, equal values", .row = true, .change = true, .old = "a", .new_value = "a", .want = "INTERNAL"},
        {"GxP without a reason", .row = true, .gxp = true, .old = "a", .new_value = "b", .want = "REASON"},
        {"GxP with an empty reason", .row = true, .gxp = true, .old = "a", .new_value = "b", .reason = "", .want = "REASON"},
        {"GxP emptied without a reason", .row = true, .gxp = true, .old = "a", .want = "REASON"},
        {"GxP with a reason", .row = true, .gxp = true, .old = "a", .new_value = "b", .reason = "typing error", .rows = 1},
        {"GxP filled for the first time", .row = true, .gxp = true, .new_value = "b", .rows = 1},
    };
    struct core_case *k = case_use(state);
    int64_t before = 0, settings = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct deed_case *d = &cases[i];
        err_t e = record_transaction(&k->c, &(struct record_work){"test.deed", d->reason, "tester", do_deed, (void *)d});
        const char *got = e ? err_name(e->code) : "OK";
        if (!str_eq(got, str_or(d->want, "OK")))
            fail_msg("%s: %s", d->name, got);
        settings += d->row && !d->want;
        if (rows_of(k) != before + d->rows)
            fail_msg("%s: %lld rows", d->name, (long long)(rows_of(k) - before));
        before += d->rows;
        assert_int_equal(case_number(k, "select count(*) from setting"), settings);
        assert_int_equal(case_number(k, "select count(*) from record_body"), before);
    }
}

/* ---- what the row says ---- */

static err_t
do_rich(struct ctx *c, void *arg)
{
    struct thing t = {.study = 7, .comp = COMP_UNBLINDED};
    record_about(c, "site", 12, "s0me", &t);
    record_also(c, "person", 3);
    record_also(c, "person", 3);
    for (int64_t i = 100; i < 200; i++)
        record_also(c, "organisation", i);
    record_change(c, "site", "Site 12", "status", NULL, "OPEN \"<&");
    record_secret(c, "Ann", "e-mail", "ann@example.org");
    record_secret(c, "Ann", "phone", NULL);
    return db_run(c, &TEST_SETTING, DB_IN(db_text("x")), NULL);
}

static void
row_says_what_was_done(void **state)
{
    struct core_case *k = case_use(state);
    assert_ok(record_transaction(&k->c, &(struct record_work){"test.rich", "so it is", NULL, do_rich, NULL}));
    struct test_body_row row;
    assert_ok(db_one(&k->c, &TEST_BODY, DB_NONE, &row));
    assert_string_equal(row.who, "nobody signed in");
    assert_string_equal(row.kind, "site");
    assert_int_equal(row.study, 7);
    assert_int_equal(row.comp, COMP_UNBLINDED);
    assert_true(str_starts(row.body, "{\"reason\":\"so it is\",\"changes\":[[\"site\",\"Site 12\",\"status\",null,\"OPEN "));
    assert_null(strstr(row.body, "ann@example.org"));
    assert_non_null(strstr(row.body, "[\"vault\",\"Ann\",\"e-mail\",null,\"sealed "));
    assert_non_null(strstr(row.body, "[\"vault\",\"Ann\",\"phone\",\"sealed\",null]"));
    /* the site, its study, one person, a hundred organisations: each once */
    assert_int_equal(case_number(k, "select count(*) from trail"), 103);
    assert_int_equal(case_number(k, "select count(*) from trail where kind = 'study' and thing_id = 7"), 1);
    assert_int_equal(case_number(k, "select count(*) from trail where kind = 'person'"), 1);
}

static err_t
do_twice(struct ctx *c, void *arg)
{
    int *runs = arg;
    ++*runs;
    record_change(c, "setting", "Setting", "x", NULL, "x");
    return err_new(c->mem, E_CONFLICT, "no");
}

static void
failed_write_leaves_nothing(void **state)
{
    struct core_case *k = case_use(state);
    int runs = 0;
    assert_err(case_write(k, "test.fail", do_twice, &runs), E_CONFLICT);
    assert_true(runs >= 1);
    assert_int_equal(rows_of(k), 0);
    assert_int_equal(case_number(k, "select count(*) from trail"), 0);
}

/* ---- nobody changes it ---- */

static err_t
run_query(struct ctx *c, void *arg)
{
    return db_run(c, arg, DB_NONE, NULL);
}

static void
program_cannot_change_it(void **state)
{
    static const struct sql *const forbidden[] = {&TEST_RECORD_EDIT, &TEST_RECORD_DROP, &TEST_BODY_EDIT, &TEST_BODY_DROP,
                                                  &TEST_LEAF_EDIT,   &TEST_LEAF_DROP,   &TEST_POINT_EDIT, &TEST_POINT_DROP};
    struct core_case *k = case_use(state);
    int64_t n;
    case_person(k, "Ann Smith");
    assert_ok(seal_run(&k->c, 100, &n));
    assert_int_equal(n, 1);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        assert_non_null(db_write(&k->c, run_query, (void *)forbidden[i]));
    struct seal_report report;
    assert_err(seal_verify(&k->c, NULL, &report), E_TAMPERED); /* no key was published */
    assert_int_equal(case_number(k, "select count(*) from record where who <> 'nobody'"), 1);
    assert_int_equal(case_number(k, "select count(*) from record_leaf where idx = 0"), 1);
    assert_int_equal(case_number(k, "select count(*) from record_checkpoint where size = 1"), 1);
}

/* Not even the owner by accident: triggers. */
static void
owner_is_stopped_by_triggers(void **state)
{
    static const char *const tables[] = {"record", "record_body", "record_leaf", "record_checkpoint"};
    static const char *const columns[] = {"who", "body", "hash", "root"};
    struct core_case *k = case_use(state);
    int64_t n;
    case_person(k, "Ann Smith");
    assert_ok(seal_run(&k->c, 100, &n));
    for (size_t i = 0; i < 4; i++) {
        assert_false(case_try(k, arena_printf(k->mem, "delete from %s", tables[i])));
        assert_false(case_try(k, arena_printf(k->mem, "update %s set %s = %s", tables[i], columns[i], columns[i])));
        assert_int_equal(case_number(k, arena_printf(k->mem, "select count(*) from %s", tables[i])), 1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(one_row_a_write),
        BOTH(row_says_what_was_done),
        BOTH(failed_write_leaves_nothing),
        BOTH(program_cannot_change_it),
        BOTH(owner_is_stopped_by_triggers),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
