/* test_seal.c: sealing, and that the check finds whatever is changed in the record's tables. */
#include "core/test_case.h"

#include "base/str.h"
#include "core/seal.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define EMPTY_BODY "'{\"reason\":null,\"changes\":[],\"things\":[]}'"

static err_t
publish(struct ctx *c, void *arg)
{
    return seal_publish_key(c);
}

static void
seal_all(struct core_case *k)
{
    int64_t n = 1;
    while (n)
        assert_ok(seal_run(&k->c, 1000, &n));
}

/* Seven sealed rows under three checkpoints, and one row that waits. */
static struct core_case *
arrange(void **state)
{
    struct core_case *k = case_use(state);
    static const int batch[] = {2, 2, 2, 1};
    assert_ok(case_write(k, "init", publish, NULL));
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < batch[i]; j++)
            case_person(k, arena_printf(k->mem, "Person %d-%d", i, j));
        if (i < 3)
            seal_all(k);
        k->c.now += 5 * S;
    }
    struct seal_report r;
    assert_ok(seal_verify(&k->c, NULL, &r));
    assert_int_equal(r.records, 8);
    assert_int_equal(r.sealed, 7);
    assert_int_equal(r.checkpoints, 3);
    return k;
}

/* ---- putting back what a case took away ---- */

static const char *const tables[] = {"record", "record_body", "record_leaf", "record_checkpoint", "trail", "setting"};
enum { TABLES = sizeof tables / sizeof *tables };

static void
keep(struct core_case *k)
{
    for (int i = 0; i < TABLES; i++)
        case_raw(k, arena_printf(k->mem, "create table kept_%s as select * from %s", tables[i], tables[i]), NULL);
}

static void
put_back(struct core_case *k)
{
    for (int i = 0; i < TABLES; i++)
        case_raw(k, arena_printf(k->mem, "delete from %s; insert into %s select * from kept_%s", tables[i], tables[i], tables[i]), NULL);
    struct seal_report r;
    assert_ok(seal_verify(&k->c, NULL, &r));
    assert_int_equal(r.records, 8);
}

static void
must_be_found(struct core_case *k, const char *what, const char *against)
{
    struct seal_report r;
    err_t e = seal_verify(&k->c, against, &r);
    if (!e || e->code != E_TAMPERED)
        fail_msg("%s: %s", what, e ? err_line(k->mem, e) : "was not found");
}

/* ---- every column ---- */

struct column {
    const char *table, *name, *type, *key;
};
static const struct column columns[] = {
    {"record", "id", "int", "id"},           {"record", "at", "int", "id"},
    {"record", "person_id", "int", "id"},    {"record", "who", "text", "id"},
    {"record", "action", "text", "id"},      {"record", "study_id", "int", "id"},
    {"record", "compartment", "int", "id"},  {"record", "kind", "text", "id"},
    {"record", "thing_id", "int", "id"},     {"record", "thing", "text", "id"},
    {"record", "log", "text", "id"},         {"record_body", "record_id", "int", "record_id"},
    {"record_body", "salt", "blob", "record_id"}, {"record_body", "body", "text", "record_id"},
    {"record_leaf", "idx", "int", "idx"},    {"record_leaf", "record_id", "int", "idx"},
    {"record_leaf", "hash", "blob", "idx"},  {"record_checkpoint", "size", "int", "size"},
    {"record_checkpoint", "at", "int", "size"}, {"record_checkpoint", "root", "blob", "size"},
    {"record_checkpoint", "frontier", "blob", "size"}, {"record_checkpoint", "signature", "blob", "size"},
    {"trail", "kind", "text", "record_id"},  {"trail", "thing_id", "int", "record_id"},
    {"trail", "record_id", "int", "record_id"},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *
changed(struct core_case *k, const struct column *col)
{
    if (strcmp(col->type, "int") == 0)
        return arena_printf(k->mem, "coalesce(%s, 0) + 1000", col->name);
    if (strcmp(col->type, "text") == 0)
        return arena_printf(k->mem, "coalesce(%s, '') || 'x'", col->name);
    return k->engine == DB_SQLITE ? arena_printf(k->mem, "randomblob(length(%s))", col->name)
                                  : arena_printf(k->mem, "set_byte(%s, 0, 255 - get_byte(%s, 0))", col->name, col->name);
}

static void
every_column_is_covered(void **state)
{
    struct core_case *k = arrange(state);
    const char *const list = "('record', 'record_body', 'record_leaf', 'record_checkpoint', 'trail')";
    const char *count = k->engine == DB_SQLITE
        ? "select count(*) from sqlite_schema s, pragma_table_info(s.name) where s.type = 'table' and s.name in %s"
        : "select count(*) from information_schema.columns where table_name in %s";
    char query[256];
    snprintf(query, sizeof query, count, list);
    assert_int_equal(case_number(k, query), COLUMNS); /* a new column must be added to the table above */
    keep(k);
    for (int i = 0; i < COLUMNS; i++) {
        const struct column *col = &columns[i];
        int last = strcmp(col->key, "size") == 0 ? 2 : 6;
        for (int row = 0; row <= last; row += last / 2) {
            const char *text = arena_printf(k->mem, "update %s set %s = %s where %s = (select %s from %s order by %s limit 1 offset %d)",
                                            col->table, col->name, changed(k, col), col->key, col->key, col->table, col->key, row);
            case_raw(k, text, NULL);
            must_be_found(k, text, NULL);
            put_back(k);
        }
    }
}

/* ---- what else can be done to it ---- */

static void
what_else_is_found(void **state)
{
    static const struct {
        const char *sqlite, *postgres;
    } cases[] = {
        /* rows taken out of one table: the first, one in the middle, the last */
        {"delete from record where id = (select min(id) from record)", NULL},
        {"delete from record where id = (select min(id) + 3 from record)", NULL},
        {"delete from record where id = (select max(record_id) from record_leaf)", NULL},
        {"delete from record_body where record_id = (select min(id) from record)", NULL},
        {"delete from record_body where record_id = (select min(id) + 3 from record)", NULL},
        {"delete from record_body where record_id = (select max(id) from record)", NULL},
        {"delete from record_leaf where idx = 0", NULL},
        {"delete from record_leaf where idx = 3", NULL},
        {"delete from record_leaf where idx = 6", NULL},
        {"delete from record_checkpoint where size = (select min(size) from record_checkpoint)", NULL},
        {"delete from record_checkpoint where size = 5", NULL},
        {"delete from record_checkpoint where size = (select max(size) from record_checkpoint)", NULL},
        {"delete from record_checkpoint", NULL},
        {"delete from record_leaf; delete from record_checkpoint where size < 7", NULL},
        {"delete from trail where record_id = (select min(record_id) from trail)", NULL},
        {"insert into trail (kind, thing_id, record_id) values ('study', 99, (select min(id) from record))", NULL},
        /* a whole row taken out */
        {"delete from record where id = (select record_id from record_leaf where idx = 3);"
         "delete from record_body where record_id = (select record_id from record_leaf where idx = 3);"
         "delete from trail where record_id = (select record_id from record_leaf where idx = 3);"
         "delete from record_leaf where idx = 3", NULL},
        /* the same, and those behind it moved up */
        {"delete from record where id = (select record_id from record_leaf where idx = 3);"
         "delete from record_body where record_id = (select record_id from record_leaf where idx = 3);"
         "delete from record_leaf where idx = 3;"
         "update record_leaf set idx = idx - 1 where idx = 4; update record_leaf set idx = idx - 1 where idx = 5;"
         "update record_leaf set idx = idx - 1 where idx = 6", NULL},
        /* things exchanged */
        {"update record_body set body = (select b.body from record_body b where b.record_id = record_body.record_id + 1)"
         " where record_id = (select min(id) + 2 from record)", NULL},
        {"update record_leaf set hash = (select l.hash from record_leaf l where l.idx = 2) where idx = 3", NULL},
        {"update record_leaf set record_id = record_id + 5000 where idx in (2, 3);"
         "update record_leaf set record_id = record_id - 5000 + 1 where idx = 2;"
         "update record_leaf set record_id = record_id - 5000 - 1 where idx = 3", NULL},
        {"update record_checkpoint set signature = (select p.signature from record_checkpoint p where p.size = 3) where size = 5", NULL},
        {"update record_checkpoint set root = (select p.root from record_checkpoint p where p.size = 3),"
         " frontier = (select p.frontier from record_checkpoint p where p.size = 3),"
         " signature = (select p.signature from record_checkpoint p where p.size = 3) where size = 5", NULL},
        /* a byte moved from the body to the salt: the hash of both together stays */
        {"update record_body set salt = cast(salt || substr(body, 1, 1) as blob), body = substr(body, 2) where record_id = (select min(id) from record)",
         "update record_body set salt = salt || convert_to(substr(body, 1, 1), 'UTF8'), body = substr(body, 2) where record_id = (select min(id) from record)"},
        {"update record_body set body = null where record_id = (select min(id) from record)", NULL},
        {"update record set study_id = null, compartment = 1 where id = (select min(id) from record)", NULL},
        /* rows brought in */
        {"insert into record (id, at, who, action, compartment) values (1000, 0, 'x', 'x', 0);"
         "insert into record_body (record_id, salt, body) values (1000, x'00112233445566778899aabbccddeeff', " EMPTY_BODY ")",
         "insert into record (id, at, who, action, compartment) values (1000, 0, 'x', 'x', 0);"
         "insert into record_body (record_id, salt, body) values (1000, '\\x00112233445566778899aabbccddeeff', " EMPTY_BODY ")"},
        {"insert into record_leaf (idx, record_id, hash) values (7, 1000, x'00')", "insert into record_leaf (idx, record_id, hash) values (7, 1000, '\\x00')"},
        {"insert into record_leaf (idx, record_id, hash) values (-1, 1000, x'00')", "insert into record_leaf (idx, record_id, hash) values (-1, 1000, '\\x00')"},
        {"insert into record_body (record_id, salt, body) values (1000, x'00', " EMPTY_BODY ")", "insert into record_body (record_id, salt, body) values (1000, '\\x00', " EMPTY_BODY ")"},
        {"insert into record_checkpoint (size, at, root, frontier, signature) select 6, at, root, frontier, signature from record_checkpoint where size = 5", NULL},
        {"insert into record_checkpoint (size, at, root, frontier, signature) select 0, at, root, frontier, signature from record_checkpoint where size = 5", NULL},
        {"insert into record_checkpoint (size, at, root, frontier, signature) select 900, at, root, frontier, signature from record_checkpoint where size = 5", NULL},
        /* the key that it is checked with */
        {"delete from setting where name = 'record_key'", NULL},
        {"update setting set value = 'x' where name = 'record_key'", NULL},
        {"update setting set value = '0000000000000000000000000000000000000000000000000000000000000000' where name = 'record_key'", NULL},
    };
    struct core_case *k = arrange(state);
    keep(k);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        case_raw(k, cases[i].sqlite, cases[i].postgres);
        must_be_found(k, cases[i].sqlite, NULL);
        put_back(k);
    }
}

/* The text names the first row that does not hold. */
static void
the_row_is_named(void **state)
{
    struct core_case *k = arrange(state);
    struct seal_report r;
    int64_t id = case_number(k, "select min(id) + 2 from record");
    case_raw(k, arena_printf(k->mem, "update record set who = 'x' where id >= %lld", (long long)id), NULL);
    err_t e = seal_verify(&k->c, NULL, &r);
    assert_err(e, E_TAMPERED);
    assert_true(str_starts(e->text, arena_printf(k->mem, "Record row %lld does not hold", (long long)id)));
}

/* ---- a trail that was cut off ---- */

static const char *
line_of(struct core_case *k)
{
    struct seal_report r;
    assert_ok(seal_verify(&k->c, NULL, &r));
    assert_int_equal(strlen(r.root), 64);
    assert_int_equal(strlen(r.key), 64);
    return arena_printf(k->mem, "%lld %s %s", (long long)r.sealed, r.root, r.key);
}

static const char cut[] =
    "delete from trail where record_id > (select record_id from record_leaf where idx = 4);"
    "delete from record_body where record_id > (select record_id from record_leaf where idx = 4);"
    "delete from record where id > (select record_id from record_leaf where idx = 4);"
    "delete from record_leaf where idx > 4; delete from record_checkpoint where size > 5";

static void
cut_off_is_found_against_a_checkpoint(void **state)
{
    struct core_case *k = arrange(state);
    struct seal_report r;
    const char *old = line_of(k);
    seal_all(k);
    assert_ok(seal_verify(&k->c, old, &r)); /* an older checkpoint still holds */
    const char *now = line_of(k);
    case_raw(k, cut, NULL);
    assert_ok(seal_verify(&k->c, NULL, &r)); /* in itself it is whole */
    assert_int_equal(r.sealed, 5);
    must_be_found(k, "cut off", now);
    must_be_found(k, "cut off", old);
    for (int i = 0; i < 4; i++) /* and when other rows were put in their place */
        case_person(k, arena_printf(k->mem, "Forged %d", i));
    seal_all(k);
    assert_ok(seal_verify(&k->c, NULL, &r));
    must_be_found(k, "other rows", now);
}

static void
signed_anew_is_found_against_a_checkpoint(void **state)
{
    struct core_case *k = arrange(state);
    struct seal_report r;
    const char *line = line_of(k);
    k->inst.keys = keys_temporary(k->mem);
    int64_t n;
    assert_err(seal_run(&k->c, 100, &n), E_CONFIG); /* not the key that was published */
    case_raw(k, arena_printf(k->mem, "delete from record_leaf; delete from record_checkpoint; update setting set value = '%s' where name = 'record_key'",
                             str_hex(k->mem, k->inst.keys->public_key, KEY_PUBLIC)), NULL);
    seal_all(k);
    assert_ok(seal_verify(&k->c, NULL, &r));
    must_be_found(k, "signed anew", line);
}

static void
against_is_read_strictly(void **state)
{
    static const char *const bad[] = {"", "7", "x 00", "7 zz", "0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "7 00 00 00"};
    struct core_case *k = arrange(state);
    struct seal_report r;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(seal_verify(&k->c, bad[i], &r), E_BAD_INPUT);
    const char *line = line_of(k);
    assert_ok(seal_verify(&k->c, arena_printf(k->mem, "  %s \n", line), &r));
    assert_ok(seal_verify(&k->c, arena_strndup(k->mem, line, strlen(line) - 65), &r)); /* without the key */
}

/* ---- rows that wait ---- */

static void
unsealed_rows_may_wait_an_hour(void **state)
{
    struct core_case *k = arrange(state);
    struct seal_report r;
    k->c.now += (int64_t)3590 * S;
    assert_ok(seal_verify(&k->c, NULL, &r));
    k->c.now += (int64_t)20 * S;
    must_be_found(k, "never sealed", NULL);
    seal_all(k);
    assert_ok(seal_verify(&k->c, NULL, &r));
    assert_int_equal(r.sealed, 8);
}

/* PostgreSQL may commit a row with a lower id after one with a higher one was sealed. */
static void
late_row_is_sealed(void **state)
{
    struct core_case *k = arrange(state);
    struct seal_report r;
    seal_all(k);
    case_raw(k, arena_printf(k->mem, "insert into record (id, at, who, action, compartment) values (-3, %lld, 'x', 'x', 0);"
                                     "insert into record_body (record_id, salt, body) values (-3, x'00112233445566778899aabbccddeeff', " EMPTY_BODY ")", (long long)k->c.now),
             arena_printf(k->mem, "insert into record (id, at, who, action, compartment) values (-3, %lld, 'x', 'x', 0);"
                                  "insert into record_body (record_id, salt, body) values (-3, '\\x00112233445566778899aabbccddeeff', " EMPTY_BODY ")", (long long)k->c.now));
    seal_all(k);
    assert_ok(seal_verify(&k->c, NULL, &r));
    assert_int_equal(r.sealed, 9);
    assert_int_equal(case_number(k, "select idx from record_leaf where record_id = -3"), 8);
}

/* More rows than a batch of the check, and bodies too long for the list of the sealer. */
static void
many_and_long_rows(void **state)
{
    struct core_case *k = arrange(state);
    struct seal_report r;
    case_raw(k, "insert into record (at, who, action, compartment) select 0, 'x', 'x', 0 from (with recursive up (v) as "
                "(select 1 union all select v + 1 from up where v < 4500) select v from up) t;"
                "insert into record_body (record_id, salt, body) select id, x'00112233445566778899aabbccddeeff',"
                " case when id % 1000 = 0 then '{\"reason\":\"' || printf('%.*c', 30000, 'x') || '\",\"changes\":[],\"things\":[]}' else " EMPTY_BODY " end"
                " from record where id not in (select record_id from record_body)",
             "insert into record (at, who, action, compartment) select 0, 'x', 'x', 0 from generate_series(1, 4500);"
             "insert into record_body (record_id, salt, body) select id, '\\x00112233445566778899aabbccddeeff',"
             " case when id % 1000 = 0 then '{\"reason\":\"' || repeat('x', 30000) || '\",\"changes\":[],\"things\":[]}' else " EMPTY_BODY " end"
             " from record where id not in (select record_id from record_body)");
    seal_all(k);
    assert_ok(seal_verify(&k->c, NULL, &r));
    assert_int_equal(r.sealed, 4508);
    case_raw(k, "update record_body set body = replace(body, 'xxx', 'xyx') where record_id = 4000", NULL);
    must_be_found(k, "long body", NULL);
}

/* ---- several at once ---- */

struct worker {
    struct core_case *k;
    bool writes;
    int64_t sealed;
    char error[300];
};

static err_t
note(struct ctx *c, void *arg)
{
    record_event(c);
    return NULL;
}

enum { ROUNDS = 60 };

static void *
work(void *arg)
{
    struct worker *w = arg;
    struct ctx c = w->k->c;
    c.mem = arena_new(0);
    err_t e = db_connect(c.mem, w->k->pool, &c.db);
    for (int i = 0; i < ROUNDS && !e; i++) {
        int64_t n = 0;
        if (w->writes)
            e = record_transaction(&c, &(struct record_work){"test.event", NULL, "tester", note, NULL});
        else
            e = seal_run(&c, 3, &n);
        if (!w->writes && e && e->code == E_UNAVAILABLE) /* lost against the others too often */
            e = NULL;
        w->sealed += n;
    }
    db_disconnect(c.db);
    if (e)
        snprintf(w->error, sizeof w->error, "%s", err_line(c.mem, e));
    arena_free(c.mem);
    return NULL;
}

static void
sealers_do_not_meet(void **state)
{
    struct core_case *k = arrange(state);
    struct worker w[6] = {0};
    pthread_t thread[6];
    for (int i = 0; i < 6; i++) {
        w[i] = (struct worker){.k = k, .writes = i < 3};
        assert_int_equal(pthread_create(&thread[i], NULL, work, &w[i]), 0);
    }
    int64_t sealed = 0;
    for (int i = 0; i < 6; i++) {
        pthread_join(thread[i], NULL);
        sealed += w[i].sealed;
    }
    for (int i = 0; i < 6; i++)
        assert_string_equal(w[i].error, "");
    struct seal_report r;
    seal_all(k);
    assert_ok(seal_verify(&k->c, NULL, &r));
    assert_int_equal(r.records, 8 + 3 * ROUNDS);
    assert_int_equal(r.sealed, 8 + 3 * ROUNDS);
    assert_true(sealed > 0);
    assert_int_equal(case_number(k, "select max(idx) + 1 from record_leaf"), r.sealed);
}

static void
an_empty_record_holds(void **state)
{
    struct core_case *k = case_use(state);
    struct seal_report r;
    int64_t n = 9;
    assert_ok(seal_run(&k->c, 100, &n));
    assert_int_equal(n, 0);
    assert_ok(seal_verify(&k->c, NULL, &r));
    assert_int_equal(r.records, 0);
    assert_string_equal(r.root, "");
}

static void
key_is_published_once(void **state)
{
    struct core_case *k = case_use(state);
    assert_ok(case_write(k, "init", publish, NULL));
    assert_ok(case_write(k, "init", publish, NULL));
    assert_int_equal(case_number(k, "select count(*) from record"), 1);
    k->inst.keys = keys_temporary(k->mem);
    assert_err(case_write(k, "init", publish, NULL), E_CONFIG);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(every_column_is_covered),
        BOTH(what_else_is_found),
        BOTH(the_row_is_named),
        BOTH(cut_off_is_found_against_a_checkpoint),
        BOTH(signed_anew_is_found_against_a_checkpoint),
        BOTH(against_is_read_strictly),
        BOTH(unsealed_rows_may_wait_an_hour),
        BOTH(late_row_is_sealed),
        BOTH(many_and_long_rows),
        BOTH(sealers_do_not_meet),
        BOTH(an_empty_record_holds),
        BOTH(key_is_published_once),
    };
    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
