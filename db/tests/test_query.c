/* test_query.c: every way to ask, on both engines: values, orders, optional parts, errors. */
#include "db_case.h"

#include "db_test_all.h"

#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- values ---- */

struct values {
    const char *name;
    int64_t i, t;
    double r;
    const char *s;
    const void *b;
    size_t b_n;
    bool f;
};

static const unsigned char all_zero[] = {0, 0, 0}, high[] = {0xff, 0x00, 0x80, '\'', '\\'};

static const struct values value_cases[] = {
    {"least", INT64_MIN, INT64_MIN, -1.7976931348623157e308, "", high, sizeof high, false},
    {"most", INT64_MAX, INT64_MAX, 1.7976931348623157e308, "a", all_zero, sizeof all_zero, true},
    {"small", 0, -1, 4.9e-324, "\xF0\x9F\x98\x80", "", 0, true},
    {"tenth", 1, 1764000000123456, 0.1, "it's \"so\" -- ; \\ $1 ?1 %s", "x", 1, false},
    {"lines", -1, 0, -0.5, "a\nb\tc\r\n\x01", high, 2, false},
};

static void
add_values(struct ctx *c, const struct values *v, int64_t *ret_id)
{
    struct t_add_row row;
    assert_ok(db_one(c, &T_ADD,
                     DB_IN(db_text(v->name), db_text(""), db_int(v->i), db_real(v->r),
                           db_text(v->s), db_blob(v->b, v->b_n), db_time(v->t), db_bool(v->f)),
                     &row));
    *ret_id = row.id;
}

static err_t
values_work(struct ctx *c, void *arg)
{
    for (size_t i = 0; i < sizeof value_cases / sizeof *value_cases; i++) {
        const struct values *v = &value_cases[i];
        int64_t id;
        struct t_get_row row;
        add_values(c, v, &id);
        TRY(db_one(c, &T_GET, DB_IN(db_int(id)), &row));
        assert_int_equal(row.id, id);
        assert_string_equal(row.code, v->name);
        assert_true(!row.i_null && row.i == v->i);
        assert_true(!row.t_null && row.t == v->t);
        assert_true(!row.r_null && row.r == v->r);
        assert_true(!row.f_null && row.f == v->f);
        assert_string_equal(row.s, v->s);
        assert_non_null(row.b);
        assert_int_equal(row.b_len, v->b_n);
        assert_memory_equal(row.b, v->b, v->b_n);
    }
    return NULL;
}

static void
test_values(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_write(&k->c, values_work, NULL));
    assert_int_equal(db_case_count(&k->c), sizeof value_cases / sizeof *value_cases);
}

static err_t
nulls_work(struct ctx *c, void *arg)
{
    struct t_add_row added;
    struct t_get_row row;
    memset(&row, 0x55, sizeof row);
    TRY(db_one(c, &T_ADD,
               DB_IN(db_text("n"), db_text(""), db_null(DB_INT), db_null(DB_REAL), db_text(NULL),
                     db_blob(NULL, 0), db_null(DB_TIME), db_null(DB_BOOL)),
               &added));
    TRY(db_one(c, &T_GET, DB_IN(db_int(added.id)), &row));
    assert_true(row.i_null && row.r_null && row.t_null && row.f_null);
    assert_null(row.s);
    assert_null(row.b);
    assert_int_equal(row.b_len, 0);
    assert_int_equal(row.i, 0);
    struct t_count_row sum;
    TRY(db_one(c, &T_COUNT, DB_NONE, &sum));
    assert_true(sum.sum_i_null && sum.n == 1);
    return NULL;
}

static void
test_nulls(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_write(&k->c, nulls_work, NULL));
}

enum { LONG = 3 << 20 };

static err_t
long_work(struct ctx *c, void *arg)
{
    char *text = arena_alloc(c->mem, LONG + 1);
    memset(text, 'z', LONG);
    struct values v = {"long", 0, 0, 0, text, text, LONG, false};
    int64_t id;
    struct t_get_row row;
    add_values(c, &v, &id);
    TRY(db_one(c, &T_GET, DB_IN(db_int(id)), &row));
    assert_int_equal(strlen(row.s), LONG);
    assert_int_equal(row.b_len, LONG);
    assert_memory_equal(row.b, text, LONG);
    return NULL;
}

static void
test_long(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_write(&k->c, long_work, NULL));
}

static void
test_not_finite(void **state)
{
    struct db_case *k = db_case_use(state);
    struct t_add_row row;
    const double bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++)
        assert_err(db_one(&k->c, &T_ADD,
                          DB_IN(db_text("n"), db_text(""), db_null(DB_INT), db_real(bad[i]),
                                db_text(NULL), db_blob(NULL, 0), db_null(DB_TIME),
                                db_null(DB_BOOL)),
                          &row),
                   E_INTERNAL);
}

/* ---- shapes ---- */

static err_t
fill_work(struct ctx *c, void *arg)
{
    static const struct {
        const char *code, *fold;
        int64_t i;
    } rows[] = {{"b", "boston", 3}, {"a", "bern", 9}, {"c", "lyon", 3}, {"B", "BERN", 10}};
    for (size_t i = 0; i < 4; i++) {
        struct t_add_row row;
        TRY(db_one(c, &T_ADD,
                   DB_IN(db_text(rows[i].code), db_text(rows[i].fold), db_int(rows[i].i),
                         db_null(DB_REAL), db_text(NULL), db_blob(NULL, 0), db_null(DB_TIME),
                         db_null(DB_BOOL)),
                   &row));
    }
    return NULL;
}

static void
test_one(void **state)
{
    struct db_case *k = db_case_use(state);
    struct t_by_code_row row = {.id = 77};
    bool found = true;
    assert_err(db_one(&k->c, &T_BY_CODE, DB_IN(db_text("a")), &row), E_NOT_FOUND);
    assert_int_equal(row.id, 77);
    assert_ok(db_maybe(&k->c, &T_BY_CODE, DB_IN(db_text("a")), &row, &found));
    assert_false(found);
    assert_int_equal(row.id, 77);
    assert_ok(db_write(&k->c, fill_work, NULL));
    assert_ok(db_maybe(&k->c, &T_BY_CODE, DB_IN(db_text("a")), &row, &found));
    assert_true(found && row.i == 9);
    assert_ok(db_one(&k->c, &T_BY_CODE, DB_IN(db_text("B")), &row));
    assert_int_equal(row.i, 10);
}

static err_t
run_work(struct ctx *c, void *arg)
{
    int64_t n = -1;
    TRY(fill_work(c, NULL));
    assert_int_equal(db_changes(c->db), 4);
    TRY(db_run(c, &T_SET, DB_IN(db_int(-5), db_int(1)), &n));
    assert_int_equal(n, 0);
    TRY(db_run(c, &T_ADD_QUIET, DB_IN(db_text("a")), &n));
    assert_int_equal(n, 0);
    TRY(db_run(c, &T_ADD_QUIET, DB_IN(db_text("new")), &n));
    assert_int_equal(n, 1);
    TRY(db_run(c, &T_SET_ALL, DB_IN(db_int(4)), &n));
    assert_int_equal(n, 5);
    TRY(db_run(c, &T_SET_ALL, DB_IN(db_int(5)), NULL));
    assert_int_equal(db_changes(c->db), 4 + 1 + 5 + 5);
    return NULL;
}

static void
test_run(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_write(&k->c, run_work, NULL));
}

static const char *
codes(struct ctx *c, const struct t_list_row *rows, size_t n)
{
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s ", rows[i].code);
    return buf_text(&b);
}

static const struct {
    int order;
    const char *q, *after;
    int64_t after_id, n;
    const char *want;
} list_cases[] = {
    {T_LIST_BY_CODE, NULL, NULL, 0, 10, "B a b c "},
    {T_LIST_BY_CODE, NULL, NULL, 0, 2, "B a "},
    {T_LIST_BY_CODE, NULL, "a", 2, 10, "b c "},
    {T_LIST_BY_CODE, NULL, "a", 1, 10, "a b c "},
    {T_LIST_BY_CODE, "b%", NULL, 0, 10, "a b "},
    {T_LIST_BY_CODE, "B%", NULL, 0, 10, "B "},
    {T_LIST_BY_CODE, "b%", "a", 2, 10, "b "},
    {T_LIST_BY_CODE, "x%", NULL, 0, 10, ""},
    {T_LIST_BY_SIZE, NULL, NULL, 0, 10, "B a c b "},
    {T_LIST_BY_SIZE, NULL, "9", 2, 10, "c b "}, /* as numbers: "10" is before "9" as text */
    {T_LIST_BY_SIZE, NULL, "3", 3, 10, "b "},
    {T_LIST_BY_SIZE, "b%", "10", 4, 10, "a b "},
};

static void
test_list(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_write(&k->c, fill_work, NULL));
    for (size_t i = 0; i < sizeof list_cases / sizeof *list_cases; i++) {
        struct t_list_row *rows;
        size_t n;
        assert_ok(db_list(&k->c, &T_LIST,
                          DB_BY(list_cases[i].order, db_text(list_cases[i].q),
                                db_text(list_cases[i].after), db_int(list_cases[i].after_id),
                                db_int(list_cases[i].n)),
                          &rows, &n));
        assert_non_null(rows);
        assert_string_equal(codes(&k->c, rows, n), list_cases[i].want);
    }
}

static void
test_in(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_write(&k->c, fill_work, NULL));
    static const int64_t few[] = {3, INT64_MIN, 1, INT64_MAX, 3};
    int64_t many[5000];
    for (size_t i = 0; i < 5000; i++)
        many[i] = (int64_t)i;
    const struct {
        const int64_t *ids;
        size_t n, want;
    } cases[] = {{few, 5, 2}, {few, 0, 0}, {NULL, 0, 0}, {few + 1, 1, 0}, {many, 5000, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct t_pick_row *rows;
        size_t n;
        assert_ok(db_list(&k->c, &T_PICK, DB_IN(db_ints(cases[i].ids, cases[i].n)), &rows, &n));
        assert_int_equal(n, cases[i].want);
        if (i == 0) {
            assert_int_equal(rows[0].id, 1);
            assert_int_equal(rows[1].id, 3);
            assert_false(rows[0].there);
        }
    }
}

struct seen {
    int64_t n, sum, stop_at;
    struct ctx *c;
    char last[32];
};

static err_t
see(void *arg, const void *row)
{
    struct seen *s = arg;
    const struct t_many_row *r = row;
    s->n++;
    s->sum += r->v;
    snprintf(s->last, sizeof s->last, "%s", r->text);
    return s->n == s->stop_at ? ERR_STATIC(E_FORBIDDEN, "enough") : NULL;
}

static err_t
each_work(struct ctx *c, void *arg)
{
    size_t before = arena_used(c->mem);
    struct seen s = {0};
    TRY(db_each(c, &T_MANY, DB_IN(db_int(100000)), see, &s));
    assert_true(s.n == 100000 && s.sum == INT64_C(5000050000));
    assert_string_equal(s.last, "it's -- 100000");
    assert_true(arena_used(c->mem) < before + 4096);
    s = (struct seen){.stop_at = 10};
    assert_err(db_each(c, &T_MANY, DB_IN(db_int(1000)), see, &s), E_FORBIDDEN);
    assert_int_equal(s.n, 10);
    s = (struct seen){0};
    TRY(db_each(c, &T_MANY, DB_IN(db_int(0)), see, &s)); /* the first row comes in any case */
    assert_int_equal(s.n, 1);
    return NULL;
}

/* The query after rows one by one comes as a whole again, prepared before or not. */
static err_t
list_after_each(struct ctx *c, void *arg)
{
    for (int i = 0; i < 3; i++) {
        struct seen s = {0};
        struct t_many_row *rows;
        size_t n;
        TRY(db_each(c, &T_MANY, DB_IN(db_int(5)), see, &s));
        TRY(db_list(c, &T_MANY, DB_IN(db_int(7)), &rows, &n));
        assert_true(s.n == 5 && n == 7 && rows[6].v == 7);
    }
    return NULL;
}

static void
test_each(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_read(&k->c, each_work, NULL));
    assert_ok(each_work(&k->c, NULL)); /* outside a transaction as well */
    assert_ok(db_read(&k->c, list_after_each, NULL));
    assert_ok(list_after_each(&k->c, NULL));
}

static err_t
ask_work(struct ctx *c, void *arg)
{
    struct db_ask *one = db_ask(c, &T_BY_CODE, DB_IN(db_text("a")));
    struct db_ask *none = db_ask(c, &T_BY_CODE, DB_IN(db_text("nobody")));
    struct db_ask *many = db_ask(c, &T_MANY, DB_IN(db_int(500)));
    struct t_by_code_row *row;
    struct t_many_row *rows;
    struct t_count_row sum;
    size_t n;
    TRY(db_one(c, &T_COUNT, DB_NONE, &sum)); /* between asking and reading */
    assert_int_equal(sum.n, 4);
    TRY(db_get(c, one, &row, &n));
    assert_true(n == 1 && row->i == 9);
    TRY(db_get(c, none, &row, &n));
    assert_int_equal(n, 0);
    struct db_ask *later = db_ask(c, &T_MANY, DB_IN(db_int(7)));
    TRY(db_get(c, many, &rows, &n));
    assert_true(n == 500 && rows[499].v == 500);
    TRY(db_get(c, later, &rows, &n));
    assert_int_equal(n, 7);
    db_ask(c, &T_COUNT, DB_NONE); /* never read */
    return NULL;
}

static void
test_ask(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_write(&k->c, fill_work, NULL));
    assert_ok(db_read(&k->c, ask_work, NULL));
    assert_ok(db_write(&k->c, ask_work, NULL));
    assert_ok(ask_work(&k->c, NULL));
    assert_ok(db_read(&k->c, ask_work, NULL));
}

static err_t
ask_full_work(struct ctx *c, void *arg)
{
    struct db_ask *asks[DB_MAX_ASKS];
    struct t_many_row *rows;
    size_t n;
    for (int i = 0; i < DB_MAX_ASKS; i++)
        asks[i] = db_ask(c, &T_MANY, DB_IN(db_int(i + 1)));
    for (int i = 0; i < DB_MAX_ASKS; i++) {
        TRY(db_get(c, asks[i], &rows, &n));
        assert_int_equal(n, i + 1);
    }
    return NULL;
}

static void
test_ask_full(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_read(&k->c, ask_full_work, NULL));
}

static void
test_too_large(void **state)
{
    struct db_case *k = db_case_use(state);
    struct t_many_row *rows;
    size_t n;
    assert_ok(db_list(&k->c, &T_MANY, DB_IN(db_int(DB_MAX_ROWS)), &rows, &n));
    assert_int_equal(n, DB_MAX_ROWS);
    arena_reset(k->c.mem = arena_new(0));
    assert_err(db_list(&k->c, &T_MANY, DB_IN(db_int(DB_MAX_ROWS + 1)), &rows, &n), E_TOO_LARGE);
    arena_free(k->c.mem);
    k->c.mem = arena_new(100 << 10);
    assert_err(db_list(&k->c, &T_MANY, DB_IN(db_int(10000)), &rows, &n), E_TOO_LARGE);
    arena_free(k->c.mem);
    k->c.mem = k->mem;
    assert_int_equal(db_case_count(&k->c), 0);
}

/* ---- misuse aborts ---- */

/* In a child, from a process that has no threads yet: no db_write here before. */

static void
too_few(struct db_case *k)
{
    db_run(&k->c, &T_SET, DB_IN(db_int(1)), NULL);
}
static void
wrong_type(struct db_case *k)
{
    db_run(&k->c, &T_SET, DB_IN(db_text("1"), db_int(1)), NULL);
}
static void
null_given(struct db_case *k)
{
    db_run(&k->c, &T_SET, DB_IN(db_null(DB_INT), db_int(1)), NULL);
}
static void
no_order(struct db_case *k)
{
    struct t_list_row *rows;
    size_t n;
    db_list(&k->c, &T_LIST, DB_BY(2, db_text(NULL), db_text(NULL), db_null(DB_INT), db_int(1)),
            &rows, &n);
}
static void
wrong_shape(struct db_case *k)
{
    struct t_many_row row;
    db_one(&k->c, &T_MANY, DB_IN(db_int(1)), &row);
}
static void
two_rows(struct db_case *k)
{
    struct t_two_row row;
    db_write(&k->c, fill_work, NULL);
    db_one(&k->c, &T_TWO, DB_NONE, &row);
}
static void
wrong_turn(struct db_case *k)
{
    struct t_count_row *rows;
    size_t n;
    db_ask(&k->c, &T_COUNT, DB_NONE);
    db_get(&k->c, db_ask(&k->c, &T_COUNT, DB_NONE), &rows, &n);
}
static err_t
query_inside(void *arg, const void *row)
{
    return db_run(arg, &T_SET, DB_IN(db_int(1), db_int(1)), NULL);
}
static void
inside_each(struct db_case *k)
{
    db_each(&k->c, &T_MANY, DB_IN(db_int(1)), query_inside, &k->c);
}
static err_t
nothing(struct ctx *c, void *arg)
{
    return NULL;
}
static err_t
write_again(struct ctx *c, void *arg)
{
    return db_write(c, nothing, NULL);
}
static err_t
read_again(struct ctx *c, void *arg)
{
    return db_read(c, nothing, NULL);
}
static void
nested_write(struct db_case *k)
{
    db_write(&k->c, write_again, NULL);
}
static void
nested_read(struct db_case *k)
{
    db_write(&k->c, read_again, NULL);
}
static void
write_in_read(struct db_case *k)
{
    db_read(&k->c, write_again, NULL);
}
static void
well_behaved(struct db_case *k)
{
    db_read(&k->c, nothing, NULL);
}

static void
test_misuse(void **state)
{
    struct db_case *k = db_case_use(state);
    static void (*const fns[])(struct db_case *) = {
        too_few,    wrong_type,  null_given,   no_order,    wrong_shape,   two_rows,
        wrong_turn, inside_each, nested_write, nested_read, write_in_read,
    };
    for (size_t i = 0; i < sizeof fns / sizeof *fns; i++)
        if (!db_case_aborts(k, fns[i]))
            fail_msg("misuse %zu did not abort", i);
    assert_false(db_case_aborts(k, well_behaved));
}

/* ---- errors ---- */

static err_t
conflict_work(struct ctx *c, void *arg)
{
    struct t_by_code_row row;
    TRY(db_one(c, &T_BY_CODE, DB_IN(db_text("b")), &row));
    switch (*(const int *)arg) {
    case 0:
        return db_run(c, &T_SET_CODE, DB_IN(db_int(row.id), db_text("a")), NULL);
    case 1:
        return db_run(c, &T_SET_CODE, DB_IN(db_int(row.id), db_text(NULL)), NULL);
    case 2:
        return db_run(c, &T_SET, DB_IN(db_int(row.id), db_int(-13)), NULL);
    case 3:
        TRY(db_run(c, &T_PART, DB_IN(db_int(row.id), db_int(1)), NULL));
        return db_run(c, &T_PART, DB_IN(db_int(row.id), db_int(1)), NULL);
    default:
        return db_run(c, &T_PART, DB_IN(db_int(999), db_int(1)), NULL);
    }
}

static void
test_conflict(void **state)
{
    struct db_case *k = db_case_use(state);
    static const char *const places[] = {"thing.code", "thing.code", "thing_i_lucky",
                                         "part.thing_id, part.no", NULL};
    assert_ok(db_write(&k->c, fill_work, NULL));
    for (int i = 0; i < 5; i++) {
        err_t e = db_write(&k->c, conflict_work, &i);
        assert_err(e, E_CONFLICT);
        if (places[i])
            assert_string_equal(e->place, places[i]);
        assert_non_null(e->cause);
        assert_non_null(strstr(e->cause->place, "db/tests/test.sql"));
    }
    assert_int_equal(db_case_i(&k->c, "b"), 3);
}

static err_t
swallow_work(struct ctx *c, void *arg)
{
    int which = 0;
    struct t_count_row row;
    TRY(db_run(c, &T_SET_ALL, DB_IN(db_int(77)), NULL));
    assert_err(conflict_work(c, &which), E_CONFLICT);
    assert_err(db_one(c, &T_COUNT, DB_NONE, &row), E_CONFLICT);
    return NULL; /* as if nothing had happened */
}

static void
test_failed_stays_failed(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_ok(db_write(&k->c, fill_work, NULL));
    assert_err(db_write(&k->c, swallow_work, NULL), E_CONFLICT);
    assert_int_equal(db_case_i(&k->c, "b"), 3);
}

static err_t
ask_fail_work(struct ctx *c, void *arg)
{
    struct db_ask *first = db_ask(c, &T_COUNT, DB_NONE);
    struct db_ask *bad = db_ask(c, &T_NOT_NULL, DB_IN(db_text("n")));
    struct db_ask *last = db_ask(c, &T_COUNT, DB_NONE);
    struct t_count_row *rows;
    struct t_not_null_row *hollow;
    size_t n;
    TRY(db_get(c, first, &rows, &n));
    assert_err(db_get(c, bad, &hollow, &n), E_INTERNAL);
    (void)last;
    return NULL;
}

static void
test_not_null(void **state)
{
    struct db_case *k = db_case_use(state);
    struct t_not_null_row row;
    int64_t n;
    assert_ok(db_write(&k->c, nulls_work, NULL));
    err_t e = db_one(&k->c, &T_NOT_NULL, DB_IN(db_text("n")), &row);
    assert_err(e, E_INTERNAL);
    assert_non_null(strstr(e->cause->text, "column id is NULL"));
    assert_non_null(strstr(e->place, "db/tests/test.sql"));
    assert_err(db_run(&k->c, &T_SET_ALL, DB_IN(db_int(1)), &n), E_INTERNAL); /* outside db_write */
    assert_err(db_read(&k->c, ask_fail_work, NULL), E_INTERNAL);
    assert_int_equal(db_case_count(&k->c), 1);
}

static void
test_cast(void **state)
{
    struct db_case *k = db_case_use(state);
    struct t_list_row *rows;
    size_t n;
    struct db_in in = DB_BY(T_LIST_BY_SIZE, db_text(NULL), db_text("nine"), db_int(1), db_int(9));
    err_t e = db_list(&k->c, &T_LIST, in, &rows, &n);
    if (k->engine == DB_POSTGRES)
        assert_err(e, E_BAD_REQUEST);
    else
        assert_ok(e);
}

/* ---- declarations ---- */

static void
test_prepare(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_true(sql_all_n > 10);
    for (size_t i = 0; i < sql_all_n; i++) {
        const struct sql *q = sql_all[i];
        if (k->engine == DB_SQLITE && (q == &T_RECORD_EDIT || q == &T_RECORD_DELETE))
            assert_err(db_prepare_check(&k->c, q), E_INTERNAL); /* the guard of the record */
        else
            assert_ok(db_prepare_check(&k->c, q));
    }
    struct sql_column out[] = {T_BY_CODE.out[0], T_BY_CODE.out[1]};
    struct sql bad[] = {T_BY_CODE, T_BY_CODE, T_BY_CODE, T_BY_CODE, T_BY_CODE};
    bad[0].n_out = 1;
    bad[1].out = (struct sql_column[]){out[1], out[0]};
    out[1].type = DB_TEXT;
    bad[2].out = out;
    const char *const broken[] = {"selekt 1"}, *const numeric[] = {
        "select id, sum(id) as i from thing group by id"};
    bad[3].text[0] = bad[3].text[1] = broken;
    bad[4].text[0] = bad[4].text[1] = numeric;
    for (size_t i = 0; i < 5; i++)
        if (i < 4 || k->engine == DB_POSTGRES)
            assert_err(db_prepare_check(&k->c, &bad[i]), E_INTERNAL);
}

/* More statements than the cache has places. */
static void
test_cache(void **state)
{
    struct db_case *k = db_case_use(state);
    struct sql many[1500];
    struct t_count_row row;
    for (size_t i = 0; i < 1500; i++)
        many[i] = T_COUNT;
    for (size_t round = 0; round < 3; round++)
        for (size_t i = 0; i < 1500; i += round + 1) {
            assert_ok(db_one(&k->c, &many[i], DB_NONE, &row));
            arena_reset(k->c.mem = k->c.mem == k->mem ? arena_new(0) : k->c.mem);
        }
    struct db_ask *asks[DB_MAX_ASKS];
    struct t_count_row *rows;
    size_t n;
    for (size_t i = 0; i < DB_MAX_ASKS; i++)
        asks[i] = db_ask(&k->c, &many[i], DB_NONE);
    for (size_t i = 0; i < DB_MAX_ASKS; i++)
        assert_ok(db_get(&k->c, asks[i], &rows, &n));
    arena_free(k->c.mem);
    k->c.mem = k->mem;
}

int
main(void)
{
    static const struct CMUnitTest cases[] = {
        BOTH(test_values),   BOTH(test_nulls),     BOTH(test_long),
        BOTH(test_not_finite), BOTH(test_one),     BOTH(test_run),
        BOTH(test_list),     BOTH(test_in),        BOTH(test_each),
        BOTH(test_ask),      BOTH(test_ask_full),  BOTH(test_too_large),
        BOTH(test_misuse),   BOTH(test_conflict),  BOTH(test_failed_stays_failed),
        BOTH(test_not_null), BOTH(test_cast),      BOTH(test_prepare),
        BOTH(test_cache),
    };
    return cmocka_run_group_tests(cases, NULL, NULL);
}
