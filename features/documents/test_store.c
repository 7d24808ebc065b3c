/* test_store.c: a paper has versions by its content, and what was filed stays. On both engines. */
#include "core/account.h"
#include "core/sign.h"
#include "core/test_case.h"
#include "features/documents/documents.h"
#include "features/documents/documents_sql.h"
#include "web/asset.h"

#include <string.h>

static struct core_case *
begin(void **state)
{
    struct core_case *k = case_use(state);
    struct migration list[] = {{"core", "0001-core.sql", asset_find("schema/core/0001-core.sql")->data},
                               {"documents", "0001-document.sql", asset_find("schema/documents/0001-document.sql")->data}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, COUNT_OF(list), false, &report));
    assert_ok(who_load(&k->c, case_account(k, "Ann Author", "ann@example.org", NULL), &k->c.who));
    return k;
}

struct putting {
    const char *content, *pdf;
    struct document_version v;
    int64_t signature;
};

static err_t
put(struct ctx *c, void *arg)
{
    struct putting *x = arg;
    const struct document_new d = {.key = "visit:1/report", .kind = "visit_report", .title = "Report", .tmf = "05.04.03", .study = 1};
    TRY(document_put(c, &d, x->content, &x->v));
    record_event(c);
    if (!x->pdf)
        return NULL;
    TRY(sign_now(c, &(struct sign_work){"document", x->v.id, x->v.hash, "I wrote this"}, &x->signature));
    return document_file(c, &x->v, x->pdf, strlen(x->pdf));
}

static struct document_version
have(struct core_case *k, const char *content, const char *pdf, const char *want)
{
    struct putting x = {.content = content, .pdf = pdf};
    err_t e = case_write(k, "report.save", put, &x);
    if (want)
        assert_err(e, E_CONFLICT);
    else
        assert_ok(e);
    return x.v;
}

static void
versions_by_content(void **state)
{
    struct core_case *k = begin(state);
    struct document_version one = have(k, "{\"a\":1}", NULL, NULL), again = have(k, "{\"a\":1}", NULL, NULL);
    assert_int_equal(one.n, 1);
    assert_int_equal(again.id, one.id);
    struct document_version two = have(k, "{\"a\":2}", NULL, NULL);
    assert_int_equal(two.n, 2);
    assert_int_equal(two.document, one.document);
    assert_memory_not_equal(two.hash, one.hash, DOCUMENT_HASH);
    struct document_version found;
    bool there;
    assert_ok(document_find(&k->c, "visit:1/report", &found, &there));
    assert_true(there);
    assert_int_equal(found.n, 2);
    assert_string_equal(found.content, "{\"a\":2}");
    assert_ok(document_find(&k->c, "visit:2/report", &found, &there));
    assert_false(there);
}

static void
signed_and_filed_stays(void **state)
{
    struct core_case *k = begin(state);
    struct document_version one = have(k, "{\"a\":1}", "%PDF one", NULL);
    have(k, "{\"a\":1}", "%PDF another", "conflict"); /* is filed already */
    struct document_version two = have(k, "{\"a\":2}", NULL, NULL);
    struct signature *s;
    size_t n;
    assert_ok(sign_list(&k->c, "document", one.id, &s, &n));
    assert_int_equal(n, 1);
    assert_true(sign_holds(&s[0], one.hash));
    assert_false(sign_holds(&s[0], two.hash)); /* void for what changed */
    assert_ok(sign_list(&k->c, "document", two.id, &s, &n));
    assert_int_equal(n, 0);
    struct doc_pdf_row pdf;
    assert_ok(db_one(&k->c, &DOC_PDF, DB_IN(db_int(one.document), db_int(1)), &pdf));
    assert_int_equal(pdf.pdf_len, strlen("%PDF one"));
    assert_memory_equal(pdf.pdf, "%PDF one", pdf.pdf_len);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {BOTH(versions_by_content), BOTH(signed_and_filed_stays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
