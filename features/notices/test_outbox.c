/* test_outbox.c: what is put in the outbox: once for a key, sealed, to an address that is one. On both
 * engines. */
#include "core/account.h"
#include "core/test_case.h"
#include "core/vault.h"
#include "features/notices/outbox.h"
#include "features/notices/outbox_seal.h"
#include "web/asset.h"

#include <string.h>

static struct core_case *
begin(void **state)
{
    struct core_case *k = case_use(state);
    struct migration list[] = {
        {"core", "0001-core.sql", asset_find("schema/core/0001-core.sql")->data},
        {"studies", "0001-study.sql", asset_find("schema/studies/0001-study.sql")->data},
        {"commitments", "0001-commitment.sql", asset_find("schema/commitments/0001-commitment.sql")->data},
        {"notices", "0001-notices.sql", asset_find("schema/notices/0001-notices.sql")->data}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, sizeof list / sizeof *list, false, &report));
    return k;
}

static err_t
add(struct ctx *c, void *arg)
{
    record_event(c);
    return outbox_add(c, arg);
}

static void
once_for_a_key(void **state)
{
    struct core_case *k = begin(state);
    struct mail m = {.person = case_account(k, "Ann", "ann@example.org", NULL), .subject = "One thing", .text = "Here\n", .key = "a"};
    assert_ok(case_write(k, "due.ask", add, &m));
    assert_ok(case_write(k, "due.ask", add, &m));
    assert_int_equal(case_number(k, "select count(*) from outbox"), 1);
    assert_int_equal(case_number(k, "select count(*) from outbox where not_before = created + 60000000"), 1);
    assert_int_equal(case_number(k, "select count(*) from outbox where address is null"), 1);
}

static void
only_addresses(void **state)
{
    struct core_case *k = begin(state);
    static const char *const bad[] = {"nobody", "@x", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: c@d", "<a@b>", "a,b@c", ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct mail m = {.address = bad[i], .subject = "s", .text = "t", .key = "k"};
        assert_err(case_write(k, "due.ask", add, &m), E_BAD_INPUT);
    }
    struct mail nobody = {.subject = "s", .text = "t", .key = "k"};
    assert_err(case_write(k, "due.ask", add, &nobody), E_BAD_INPUT);
    assert_int_equal(case_number(k, "select count(*) from outbox"), 0);
}

static void
sealed_as_one_line(void **state)
{
    struct core_case *k = begin(state);
    const unsigned char *sealed;
    const char *subject, *text;
    size_t n;
    assert_ok(outbox_seal(&k->c, "A\r\nBcc: x@y\tB", "first\nsecond\n", &sealed, &n));
    assert_null(memmem(sealed, n, "second", 6));
    assert_ok(outbox_seal_open(&k->c, sealed, n, &subject, &text));
    assert_string_equal(subject, "A  Bcc: x@y B");
    assert_string_equal(text, "first\nsecond\n");
    unsigned char a[32], b[32];
    outbox_seal_key(&k->c, "Hanna@Lab.example", a);
    outbox_seal_key(&k->c, "hanna@lab.example", b);
    assert_memory_equal(a, b, sizeof a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {BOTH(once_for_a_key), BOTH(only_addresses), BOTH(sealed_as_one_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
