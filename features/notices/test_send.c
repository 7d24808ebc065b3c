/* test_send.c: mail on its way to a real SMTP server on loopback (tests/with_smtp.py): that it arrives whole
 * and once, what is tried again, what is given up. On both engines. */
#include "base/str.h"
#include "core/account.h"
#include "core/test_case.h"
#include "features/notices/outbox.h"
#include "features/notices/outbox_seal.h"
#include "features/notices/send.h"
#include "features/notices/stop.h"
#include "features/notices/wish.h"
#include "web/asset.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int n_read; /* mails the server had taken when the case began */

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
    k->inst.public_url = "https://rapport.trials.example";
    k->inst.zone_name = "UTC";
    return k;
}

static err_t
add(struct ctx *c, void *arg)
{
    record_event(c);
    return outbox_add(c, arg);
}

static void
put(struct core_case *k, struct mail m)
{
    m.subject = m.subject ? m.subject : "One thing waits for you in Rapport";
    m.text = m.text ? m.text : "https://rapport.trials.example/due/x\n";
    m.not_before = k->c.now;
    assert_ok(case_write(k, "due.ask", add, &m));
}

static json_t *
mail_at(struct core_case *k, int i)
{
    return json_load_file(arena_printf(k->mem, "%s/%d.json", getenv("RAPPORT_TEST_MAIL"), i), 0, NULL);
}

/* How many mails arrived since the last look. */
static int
arrived(struct core_case *k)
{
    int from = n_read;
    for (json_t *m; (m = mail_at(k, n_read + 1)); n_read++)
        json_decref(m);
    return n_read - from;
}

static int64_t
send_now(struct core_case *k)
{
    int64_t sent;
    assert_ok(send_due(&k->c, &sent));
    return sent;
}

static const char *
part(struct core_case *k, json_t *m, const char *name)
{
    const char *text = json_string_value(json_object_get(json_object_get(m, "headers"), name));
    return arena_strdup(k->mem, text ? text : "");
}

static void
arrives_whole(void **state)
{
    static const char text[] = "Grüße aus Łódź.\n.hidden\n..\n.\nFrom here on\n"
                               "a line that is so long that it has to be folded somewhere, because no server takes lines without end, "
                               "however kind the words in it may be, and this is one of them\n";
    struct core_case *k = begin(state);
    int64_t ann = case_account(k, "Ann", "ann@site.example", NULL);
    put(k, (struct mail){.person = ann, .subject = "Zwei Dinge für Sie – ✓\r\nBcc: eve@evil.example", .text = text, .key = "a"});
    assert_int_equal(send_now(k), 1);
    assert_int_equal(arrived(k), 1);
    json_t *m = mail_at(k, n_read);
    assert_string_equal(json_string_value(json_array_get(json_object_get(m, "to"), 0)), "ann@site.example");
    assert_int_equal(json_array_size(json_object_get(m, "to")), 1);
    assert_string_equal(json_string_value(json_object_get(m, "from")), "rapport@trials.example");
    assert_string_equal(part(k, m, "Subject"), "Zwei Dinge für Sie – ✓  Bcc: eve@evil.example");
    assert_string_equal(part(k, m, "Bcc"), "");
    assert_string_equal(part(k, m, "From"), "Rapport <rapport@trials.example>");
    assert_string_equal(part(k, m, "To"), "ann@site.example");
    assert_string_equal(part(k, m, "Auto-Submitted"), "auto-generated");
    assert_string_equal(part(k, m, "List-Unsubscribe"), arena_printf(k->mem, "<%s>", stop_url(&k->c, ann, NULL)));
    assert_string_equal(part(k, m, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_true(str_ends(part(k, m, "Message-Id"), "@trials.example>"));
    assert_true(*part(k, m, "Date"));
    assert_string_equal(json_string_value(json_object_get(m, "type")), "text/plain; utf-8");
    const char *got = json_string_value(json_object_get(m, "text"));
    assert_string_equal(str_ends(got, "\n\n") ? arena_strndup(k->mem, got, strlen(got) - 1) : got, text);
    assert_true(json_integer_value(json_object_get(m, "longest")) <= 78 + 40); /* the address that ends mail is one word */
    assert_int_equal(json_integer_value(json_object_get(m, "defects")), 0);
    json_decref(m);
    assert_int_equal(case_number(k, "select count(*) from outbox where state = 'sent' and tries = 1 and address is null"), 1);
}

struct racer {
    struct core_case *k;
    int64_t sent;
};

static void *
race(void *arg)
{
    struct racer *r = arg;
    struct ctx c;
    case_ctx(r->k, &c);
    err_t e = send_due(&c, &r->sent);
    if (e)
        r->sent = -1000;
    case_ctx_end(&c);
    return NULL;
}

static void
once_whoever_sends(void **state)
{
    enum { MAILS = 12, RACERS = 3 };
    struct core_case *k = begin(state);
    int64_t ann = case_account(k, "Ann", "ann@site.example", NULL), sum = 0;
    struct racer r[RACERS];
    pthread_t t[RACERS];
    for (int i = 0; i < MAILS; i++)
        put(k, (struct mail){.person = ann, .key = arena_printf(k->mem, "m%d", i)});
    for (int i = 0; i < RACERS; i++) {
        r[i] = (struct racer){k, 0};
        assert_int_equal(pthread_create(&t[i], NULL, race, &r[i]), 0);
    }
    for (int i = 0; i < RACERS; i++) {
        pthread_join(t[i], NULL);
        sum += r[i].sent;
    }
    sum += send_now(k);
    assert_int_equal(sum, MAILS);
    assert_int_equal(arrived(k), MAILS);
    assert_int_equal(send_now(k), 0);
    assert_int_equal(arrived(k), 0);
}

static void
later_and_never(void **state)
{
    struct core_case *k = begin(state);
    static const int pause[] = {1, 5, 30, 120};
    put(k, (struct mail){.person = case_account(k, "A", "later@site.example", NULL), .key = "later"});
    for (int i = 0; i < 4; i++) {
        send_now(k);
        assert_int_equal(case_number(k, "select tries from outbox where state = 'waiting'"), i + 1);
        k->c.now += pause[i] * (int64_t)60 * S - 1;
        send_now(k);
        assert_int_equal(case_number(k, "select tries from outbox where state = 'waiting'"), i + 1); /* not before */
        k->c.now += 1;
    }
    send_now(k);
    assert_int_equal(case_number(k, "select count(*) from outbox where state = 'failed' and tries = 5 and why = 'The mail server said 450.'"), 1);
    put(k, (struct mail){.person = case_account(k, "B", "never@site.example", NULL), .key = "never"});
    send_now(k);
    assert_int_equal(case_number(k, "select count(*) from outbox where state = 'failed' and tries = 1 and why = 'The mail server said 550.'"), 1);
    put(k, (struct mail){.person = case_account(k, "C", arena_printf(k->mem, "once@%s.example", k->engine == DB_SQLITE ? "a" : "b"), NULL), .key = "once"});
    assert_int_equal(send_now(k), 0);
    k->c.now += (int64_t)60 * S;
    assert_int_equal(send_now(k), 1);
    assert_int_equal(arrived(k), 1);
}

static void
unsaid_is_not_sent_again(void **state)
{
    struct core_case *k = begin(state);
    put(k, (struct mail){.person = case_account(k, "M", "mute@site.example", NULL), .key = "mute"});
    send_now(k);
    assert_int_equal(case_number(k, "select count(*) from outbox where state = 'failed' and tries = 1"), 1);
    put(k, (struct mail){.person = case_account(k, "N", "ann@site.example", NULL), .key = "died"});
    case_raw(k, "update outbox set state = 'sending', tries = 1, claimed = not_before where mail_key = 'died'", NULL);
    k->c.now += (int64_t)9 * 60 * S;
    send_now(k);
    assert_int_equal(case_number(k, "select count(*) from outbox where state = 'sending'"), 1);
    k->c.now += (int64_t)2 * 60 * S;
    send_now(k);
    assert_int_equal(case_number(k, "select count(*) from outbox where state = 'failed'"), 2);
    assert_int_equal(arrived(k), 0);
}

static void
one_a_day_to_outside(void **state)
{
    struct core_case *k = begin(state);
    put(k, (struct mail){.address = "hanna@lab.example", .key = "1", .subject = "First"});
    put(k, (struct mail){.address = "other@lab.example", .key = "o", .subject = "Other"});
    assert_int_equal(send_now(k), 2);
    arrived(k);
    put(k, (struct mail){.address = "Hanna@lab.example", .key = "2", .subject = "Second", .text = "two\n"});
    put(k, (struct mail){.address = "hanna@lab.example", .key = "3", .subject = "Third", .text = "three\n"});
    assert_int_equal(send_now(k), 0);
    k->c.now += (int64_t)86400 * S - 1;
    assert_int_equal(send_now(k), 0);
    k->c.now += 1;
    assert_int_equal(send_now(k), 2);
    assert_int_equal(arrived(k), 1); /* both in one */
    json_t *m = mail_at(k, n_read);
    const char *text = json_string_value(json_object_get(m, "text"));
    if (!strstr(text, "two\n") || !strstr(text, "three\n") || !strstr(text, "Third"))
        fail_msg("%s", text);
    assert_string_equal(part(k, m, "Subject"), "2 messages for you from Rapport");
    json_decref(m);
}

static err_t
stop_person(struct ctx *c, void *arg)
{
    return wish_stop(c, *(int64_t *)arg);
}

static void
no_mail_means_none(void **state)
{
    struct core_case *k = begin(state);
    int64_t ann = case_account(k, "Ann", "ann@site.example", NULL);
    put(k, (struct mail){.person = ann, .key = "a"});
    assert_ok(case_write(k, "notice.stop", stop_person, &ann));
    assert_int_equal(send_now(k), 0);
    assert_int_equal(case_number(k, "select count(*) from outbox where state = 'failed' and tries = 0"), 1);
    assert_int_equal(arrived(k), 0);
    k->inst.demo = true; /* nobody of the demonstration is real */
    put(k, (struct mail){.address = "x@lab.example", .key = "b"});
    assert_int_equal(send_now(k), 0);
    assert_int_equal(arrived(k), 0);
}

int
main(void)
{
    if (!getenv("RAPPORT_TEST_MAIL"))
        return 77;
    const struct CMUnitTest tests[] = {
        BOTH(arrives_whole), BOTH(once_whoever_sends), BOTH(later_and_never), BOTH(unsaid_is_not_sent_again),
        BOTH(one_a_day_to_outside), BOTH(no_mail_means_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
