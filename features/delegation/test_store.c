/* test_store.c: lines, their signatures, the one thing due that comes of those that wait, and the paper. On
 * both engines. */
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/party.h"
#include "core/test_case.h"
#include "features/commitments/commitments.h"
#include "features/delegation/store.h"
#include "features/documents/documents.h"
#include "web/asset.h"

#include <string.h>

struct log {
    struct core_case *k;
    int64_t cora, rui;
};

static void
on(struct log *w, const char *iso, int64_t person)
{
    assert_true(date_parse(iso, &w->k->c.today));
    assert_ok(who_load(&w->k->c, person, &w->k->c.who));
}

static err_t
grant(struct ctx *c, void *arg)
{
    const char *ref;
    bool audience;
    record_event(c);
    return tie_grant(c, arg, &ref, &audience);
}

static void
role(struct log *w, int64_t person, const char *word, const char *from)
{
    struct tie_new t = {.person = person, .study = 1, .study_site = 1, .role = word, .from_on = from};
    assert_ok(case_write(w->k, "role.grant", grant, &t));
}

/* A study with one site; Cora keeps its log, Rui is its investigator. */
static struct log
begin(void **state, bool investigator)
{
    struct log w = {.k = case_use(state)};
    struct core_case *k = w.k;
    static const struct feature *const features[] = {&delegation_feature};
    struct migration list[] = {{"core", "0001-core.sql", asset_find("schema/core/0001-core.sql")->data},
                               {"studies", "0001-study.sql", asset_find("schema/studies/0001-study.sql")->data},
                               {"commitments", "0001-commitment.sql", asset_find("schema/commitments/0001-commitment.sql")->data},
                               {"documents", "0001-document.sql", asset_find("schema/documents/0001-document.sql")->data},
                               {"delegation", "0001-delegation.sql", asset_find("schema/delegation/0001-delegation.sql")->data}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, COUNT_OF(list), false, &report));
    k->inst.features = features;
    k->inst.n_features = COUNT_OF(features);
    case_raw(k, "insert into organisation (id, ref, name, name_fold, placeholder, origin, created) values (1, 'o', 'Leeds General', 'leeds general', 0, 'typed', 0)", NULL);
    case_raw(k, "insert into study (id, ref, code, title, has_results, n_sites, n_countries, compartment, title_key, start_key, updated_key, size_key, origin, created, find_fold) "
                "values (1, 's', 'S-1', 'Study', 0, 1, 1, 0, '', '', '', '', 'typed', 0, '')", NULL);
    case_raw(k, "insert into study_site (id, ref, study_id, organisation_id, number, country, ordinal, sort_key, origin, compartment, created) "
                "values (1, 'one', 1, 1, '1', 'GB', 0, '1', 'typed', 0, 0)", NULL);
    w.cora = case_account(k, "Cora Coordinator", "cora@example.org", NULL);
    w.rui = case_account(k, "Rui Vaz", "rui@example.org", NULL);
    on(&w, "2026-11-23", w.cora); /* a Monday */
    role(&w, w.cora, "coordinator", "2026-01-01");
    if (investigator)
        role(&w, w.rui, "principal_investigator", "2026-01-01");
    on(&w, "2026-11-23", w.cora);
    return w;
}

struct line {
    struct delegation_new d;
    const char *ref;
    const char *const *refs;
    size_t n;
};

static err_t
write_line(struct ctx *c, void *arg)
{
    struct line *x = arg;
    return delegation_write(c, &x->d, &x->ref);
}

static err_t
sign_lines(struct ctx *c, void *arg)
{
    struct line *x = arg;
    return delegation_sign(c, 1, 1, x->refs, x->n);
}

static const char *
put(struct log *w, const char *name, const char *ref, const char *to_on)
{
    struct line x = {.d = {.study = 1, .study_site = 1, .ref = ref, .name = name, .role = "pharmacist", .tasks = "specimens", .from_on = "2026-11-02", .to_on = to_on,
                           .reason = ref ? "she leaves" : NULL}};
    assert_ok(case_write(w->k, ref ? "delegation.change" : "delegation.add", write_line, &x));
    return x.ref;
}

static err_t
try_sign(struct log *w, const char *const *refs, size_t n)
{
    struct line x = {.refs = refs, .n = n};
    return case_write(w->k, "delegation.sign", sign_lines, &x);
}

static struct delegation_due_row
due(struct log *w, bool *ret_there)
{
    struct delegation_due_row x = {0};
    assert_ok(db_maybe(&w->k->c, &DELEGATION_DUE, DB_IN(db_text("delegation:1")), &x, ret_there));
    return x;
}

static int64_t
n_due(struct log *w)
{
    return case_number(w->k, "select count(*) from commitment");
}

static bool
signed_on(struct log *w, const char *day, const char *name)
{
    struct delegation *d;
    size_t n;
    assert_ok(delegation_on(&w->k->c, 1, 1, day, &d, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(d[i].name, name))
            return d[i].signed_by_pi;
    }
    return false;
}

static void
one_thing_due_whatever_the_lines(void **state)
{
    struct log w = begin(state, true);
    bool there;
    const char *refs[] = {put(&w, "Ina Holm", NULL, NULL), NULL};
    struct delegation_due_row x = due(&w, &there);
    assert_true(there && x.open && x.owing == w.rui && x.asking == w.cora);
    assert_string_equal(x.title, "Sign the delegation log: one line waits");
    assert_int_equal(case_number(w.k, "select count(*) from commitment where due_on = '2026-11-26'"), 1); /* Monday + 3 */
    refs[1] = put(&w, "Jon Berg", NULL, NULL);
    assert_int_equal(n_due(&w), 1);
    assert_string_equal(due(&w, &there).title, "Sign the delegation log: 2 lines wait");
    on(&w, "2026-11-24", w.rui);
    assert_ok(try_sign(&w, refs, 1));
    assert_string_equal(due(&w, &there).title, "Sign the delegation log: one line waits");
    assert_true(signed_on(&w, "2026-11-24", "Ina Holm") && !signed_on(&w, "2026-11-24", "Jon Berg"));
    assert_err(try_sign(&w, refs, 2), E_CONFLICT); /* the first is signed: nothing of this happens */
    assert_false(signed_on(&w, "2026-11-24", "Jon Berg"));
    assert_ok(try_sign(&w, refs + 1, 1));
    due(&w, &there);
    assert_false(there); /* the key is free for the next */
    assert_int_equal(case_number(w.k, "select count(*) from commitment where state = 'kept' and open = 0"), 1);
    put(&w, "Ina Holm", refs[0], "2026-11-30"); /* changed: unsigned again, and due again */
    assert_false(signed_on(&w, "2026-11-24", "Ina Holm"));
    assert_int_equal(n_due(&w), 2);
    assert_true(due(&w, &there).open);
}

static err_t
deliver(struct ctx *c, void *arg)
{
    return due_step(c, *(int64_t *)arg, ACTION_DELIVER, &(struct due_by){.side = SIDE_OWING});
}

static err_t
undo(struct ctx *c, void *arg)
{
    return due_undo(c, *(int64_t *)arg);
}

static void
only_signing_does_it(void **state)
{
    struct log w = begin(state, true);
    bool there;
    on(&w, "2026-11-23", w.rui); /* she writes the line herself */
    const char *ref = put(&w, "Ina Holm", NULL, NULL);
    struct delegation_due_row x = due(&w, &there);
    assert_int_equal(x.asking, w.rui);
    assert_err(case_write(w.k, "due.step", deliver, &x.id), E_CONFLICT);
    assert_ok(try_sign(&w, &ref, 1));
    assert_err(case_write(w.k, "due.undo", undo, &x.id), E_CONFLICT);
    assert_int_equal(case_number(w.k, "select count(*) from commitment where state = 'kept'"), 1);
}

static void
the_clock_finds_a_new_investigator(void **state)
{
    struct log w = begin(state, false);
    bool there;
    put(&w, "Ina Holm", NULL, NULL);
    assert_int_equal(n_due(&w), 0);
    w.k->c.who = NULL;
    assert_ok(delegation_job(&w.k->c));
    assert_int_equal(n_due(&w), 0); /* nobody to ask */
    on(&w, "2026-11-23", w.cora);
    role(&w, w.rui, "principal_investigator", "2026-11-23");
    w.k->c.who = NULL;
    assert_ok(delegation_job(&w.k->c));
    assert_ok(delegation_job(&w.k->c));
    assert_int_equal(n_due(&w), 1);
    assert_int_equal(due(&w, &there).owing, w.rui);
    assert_int_equal(due(&w, &there).asking, w.cora);
    int64_t vera = case_account(w.k, "Vera Vogt", "vera@example.org", NULL);
    on(&w, "2026-11-25", w.cora);
    role(&w, vera, "principal_investigator", "2026-11-25");
    case_raw(w.k, "update tie set to_on = '2026-11-24' where role = 'principal_investigator' and from_on = '2026-11-23'", NULL);
    w.k->c.who = NULL;
    assert_ok(delegation_job(&w.k->c));
    assert_int_equal(due(&w, &there).owing, vera);
    assert_int_equal(case_number(w.k, "select count(*) from commitment where state = 'withdrawn'"), 1);
}

static void
filed_in_versions(void **state)
{
    struct log w = begin(state, true);
    struct document_version v, two;
    bool there;
    const char *refs[] = {put(&w, "Ina Holm", NULL, NULL), put(&w, "Jon Berg", NULL, NULL)};
    assert_ok(document_find(&w.k->c, "delegation:1", &v, &there));
    assert_false(there);
    on(&w, "2026-11-24", w.rui);
    assert_ok(try_sign(&w, refs, 1));
    assert_ok(document_find(&w.k->c, "delegation:1", &v, &there));
    assert_true(there && v.filed && v.n == 1);
    assert_non_null(strstr(v.content, "Jon Berg"));
    assert_int_equal(case_number(w.k, "select count(*) from document where tmf = '05.02.18' and site_reads = 1"), 1);
    assert_ok(try_sign(&w, refs + 1, 1));
    assert_ok(document_find(&w.k->c, "delegation:1", &two, &there));
    assert_int_equal(two.n, 2);
    assert_memory_not_equal(v.hash, two.hash, DOCUMENT_HASH);
    struct thing t;
    const char *ref;
    assert_ok(delegation_place(&w.k->c, 1, &t, &ref));
    assert_string_equal(ref, "one");
    struct delegation_line *l;
    size_t n;
    put(&w, "Ina Holm", refs[0], "2026-11-20"); /* the old version keeps its signature */
    assert_ok(delegation_lines(&w.k->c, 1, 1, false, &l, &n));
    assert_int_equal(n, 1);
    assert_non_null(l[0].by);
    assert_ok(delegation_lines(&w.k->c, 1, 1, true, &l, &n));
    assert_int_equal(n, 2);
    assert_non_null(l[0].by); /* Jon's */
    assert_null(l[1].by);
    case_raw(w.k, "update delegation set tasks = 'everything' where newest = 1 and name = 'Jon Berg'", NULL);
    assert_ok(delegation_lines(&w.k->c, 1, 1, true, &l, &n));
    assert_null(l[0].by); /* changed behind the program's back: the signature does not hold */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {BOTH(one_thing_due_whatever_the_lines), BOTH(only_signing_does_it), BOTH(the_clock_finds_a_new_investigator), BOTH(filed_in_versions)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
