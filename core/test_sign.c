/* test_sign.c: a signature holds for the bytes that were signed, of the thing that was signed, and for
 * nothing else; and nobody changes one. */
#include "core/test_case.h"

#include "core/account.h"
#include "core/sign.h"

#include <string.h>

struct signing {
    struct sign_work w;
    int64_t id;
};

static err_t
do_sign(struct ctx *c, void *arg)
{
    struct signing *s = arg;
    return sign_now(c, &s->w, &s->id);
}

static const unsigned char first[SIGN_HASH] = "the first content, thirty-two b";
static const unsigned char second[SIGN_HASH] = "another content of as many byte";

static void
sign(struct core_case *k, const unsigned char *hash)
{
    int64_t ann = case_account(k, "Ann Author", "ann@example.org", NULL);
    assert_ok(who_load(&k->c, ann, &k->c.who));
    struct signing s = {.w = {"report", 7, hash, "I wrote this"}};
    assert_ok(case_write(k, "report.sign", do_sign, &s));
    assert_true(s.id > 0);
}

static void
holds_for_its_bytes(void **state)
{
    struct core_case *k = case_use(state);
    struct signature *s;
    size_t n;
    sign(k, first);
    assert_ok(sign_list(&k->c, "report", 7, &s, &n));
    assert_int_equal(n, 1);
    assert_string_equal(s[0].name, "Ann Author");
    assert_string_equal(s[0].meaning, "I wrote this");
    assert_non_null(strchr(s[0].at_words, ':')); /* a time, with its zone behind */
    assert_true(s[0].proved);
    assert_true(sign_holds(&s[0], first));
    assert_false(sign_holds(&s[0], second));
    assert_ok(sign_list(&k->c, "report", 8, &s, &n));
    assert_int_equal(n, 0);
    assert_ok(sign_list(&k->c, "letter", 7, &s, &n));
    assert_int_equal(n, 0);
}

static void
cannot_be_changed(void **state)
{
    struct core_case *k = case_use(state);
    sign(k, first);
    assert_false(case_try(k, "update signature set meaning = 'I approve this'"));
    assert_false(case_try(k, "delete from signature"));
}

/* Somebody with the file changes a row behind the triggers. */
static void
changed_behind_does_not_prove(void **state)
{
    static const char *const changes[] = {
        "update signature set meaning = 'I approve this'", "update signature set what_id = 8",
        "update signature set name = 'Ben Boss'",          "update signature set at_words = '1 Jan 2020, 00:00 UTC'",
    };
    struct core_case *k = case_use(state);
    sign(k, first);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct signature *s;
        size_t n;
        case_raw(k, changes[i], NULL);
        assert_ok(sign_list(&k->c, "report", i >= 1 ? 8 : 7, &s, &n));
        assert_int_equal(n, 1);
        assert_false(s[0].proved);
        assert_false(sign_holds(&s[0], first));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {BOTH(holds_for_its_bytes), BOTH(cannot_be_changed), BOTH(changed_behind_does_not_prove)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
