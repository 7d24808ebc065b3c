/* test_answers.c: links that let somebody without an account answer: what is kept of them, until when they
 * hold, that what leads nowhere looks the same and is braked, and files. On both engines. */
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/test_case.h"
#include "core/vault.h"
#include "features/answers/answers_sql.h"
#include "features/answers/outsider.h"
#include "web/asset.h"

#include <string.h>

struct world {
    struct core_case *k;
    int64_t asker, due;
    const char *token;
    struct thing study;
};

static struct world
begin(void **state)
{
    struct world w = {.k = case_use(state)};
    struct core_case *k = w.k;
    struct migration list[] = {
        {"core", "0001-core.sql", asset_find("schema/core/0001-core.sql")->data},
        {"studies", "0001-study.sql", asset_find("schema/studies/0001-study.sql")->data},
        {"commitments", "0001-commitment.sql", asset_find("schema/commitments/0001-commitment.sql")->data},
        {"notices", "0001-notices.sql", asset_find("schema/notices/0001-notices.sql")->data},
        {"answers", "0001-answer.sql", asset_find("schema/answers/0001-answer.sql")->data}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, COUNT_OF(list), false, &report));
    w.asker = case_account(k, "Ann Asker", "ann@example.org", NULL);
    assert_ok(who_load(&k->c, w.asker, &k->c.who));
    return w;
}

static err_t
ask(struct ctx *c, void *arg)
{
    struct world *w = arg;
    const char *ref;
    struct outsider_ask a = {.name = "Hanna Hall", .email = "Hanna@lab.example", .title = "The certificate", .study = &w->study,
                             .asking = {.person = w->asker}, .days = 14, .due_on = "2099-01-05"};
    return outsider_ask(c, &a, &w->due, &ref, &w->token);
}

static err_t
find(struct world *w, const char *token, struct outsider *ret)
{
    return outsider_find(&w->k->c, token, "192.0.2.7", ret);
}

static void
only_the_hash_is_kept(void **state)
{
    struct world w = begin(state);
    struct outsider o;
    assert_ok(case_write(w.k, "answer.ask", ask, &w));
    assert_true(strlen(w.token) >= 43); /* 32 bytes */
    assert_ok(find(&w, w.token, &o));
    assert_int_equal(o.due, w.due);
    assert_string_equal(o.masked, "H…@lab.example");
    assert_int_equal(o.who.n_rights, 0);
    assert_int_equal(case_number(w.k, "select count(*) from answer_link where length(token_hash) = 32"), 1);
    assert_int_equal(case_number(w.k, "select count(*) from account"), 1); /* Ann's: no account was made */
    const char *address;
    assert_ok(vault_outside(&w.k->c, o.person, &address));
    assert_string_equal(address, "Hanna@lab.example");
    assert_int_equal(case_number(w.k, "select count(*) from record_body where body like '%lab.example%'"), 0);
    int64_t person = o.person;
    assert_ok(case_write(w.k, "answer.ask", ask, &w)); /* the same address and name: the same person */
    assert_ok(find(&w, w.token, &o));
    assert_int_equal(o.person, person);
    w.study.study = 0;
}

struct renew {
    int64_t due;
    const char *token;
};

static err_t
renew(struct ctx *c, void *arg)
{
    struct renew *x = arg;
    TRY(outsider_renew(c, x->due, 14, &x->token));
    record_event(c);
    return NULL;
}

static err_t
stay(struct ctx *c, void *arg)
{
    const struct outsider *o = arg;
    char day[DATE_TEXT];
    date_iso(c->today + 30, day);
    record_event(c);
    return outsider_stay(c, o->due, day);
}

static void
what_leads_nowhere_looks_the_same(void **state)
{
    struct world w = begin(state);
    struct outsider o;
    assert_ok(case_write(w.k, "answer.ask", ask, &w));
    err_t unknown = find(&w, "bm90aGluZw", &o);
    int64_t now = w.k->c.now;
    w.k->c.now = now + (int64_t)14 * 86400 * S;
    err_t over = find(&w, w.token, &o);
    w.k->c.now = now;
    struct renew x = {w.due, NULL};
    assert_ok(case_write(w.k, "answer.link", renew, &x));
    err_t ended = find(&w, w.token, &o);
    assert_ok(find(&w, x.token, &o));
    assert_true(unknown && over && ended);
    assert_int_equal(unknown->code, E_NOT_FOUND);
    assert_string_equal(unknown->text, over->text);
    assert_string_equal(unknown->text, ended->text);
    /* what was agreed for later can be delivered then */
    assert_ok(case_write(w.k, "due.step", stay, &o));
    w.k->c.now = now + (int64_t)43 * 86400 * S;
    assert_ok(find(&w, x.token, &o));
    w.k->c.now = now + (int64_t)44 * 86400 * S;
    assert_err(find(&w, x.token, &o), E_NOT_FOUND);
    w.k->c.now = now;
    assert_ok(misses_job(&w.k->c));
}

static void
trying_is_braked(void **state)
{
    struct world w = begin(state);
    struct outsider o;
    assert_ok(case_write(w.k, "answer.ask", ask, &w));
    for (int i = 0; i < 40; i++)
        assert_err(find(&w, arena_printf(w.k->mem, "guess%d", i), &o), E_NOT_FOUND);
    assert_err(find(&w, "one-more", &o), E_TOO_MANY);
    assert_err(find(&w, w.token, &o), E_TOO_MANY); /* whoever guesses is not told that he is right */
    assert_ok(outsider_find(&w.k->c, w.token, "192.0.2.8", &o)); /* another network is not kept out */
    assert_ok(misses_job(&w.k->c)); /* now all processes know */
    assert_err(find(&w, "one-more", &o), E_TOO_MANY);
    w.k->c.now += (int64_t)901 * S;
    assert_ok(find(&w, w.token, &o));
}

static err_t
keep(struct ctx *c, void *arg)
{
    struct world *w = arg;
    static const char data[] = "%PDF-1.4 the certificate";
    return papers_keep(c, w->due, &(struct req_file){"certificate.pdf", data, sizeof data - 1});
}

static void
files_lie_sealed(void **state)
{
    struct world w = begin(state);
    assert_ok(case_write(w.k, "answer.ask", ask, &w));
    assert_ok(case_write(w.k, "due.say", keep, &w));
    struct answer_files_row *x;
    struct answer_file_row f;
    size_t n;
    const char *data;
    assert_ok(db_list(&w.k->c, &ANSWER_FILES, DB_IN(db_int(w.due)), &x, &n));
    assert_int_equal(n, 1);
    assert_int_equal(x[0].size, 24);
    assert_ok(db_one(&w.k->c, &ANSWER_FILE, DB_IN(db_int(w.due), db_text(x[0].ref)), &f));
    assert_null(memmem(f.sealed, f.sealed_len, "certificate", 11));
    assert_ok(vault_open(&w.k->c, "answer file", f.sealed, f.sealed_len, &data, &n));
    assert_int_equal(n, 24);
    assert_memory_equal(data, "%PDF-1.4", 8);
    struct req_file bad = {"tool.exe", "MZ", 2}, large = {"scan.pdf", "%PDF", PAPER_MOST + 1}, good = {"Scan.PDF", "%PDF", 4};
    assert_err(papers_check(&w.k->c, &bad), E_BAD_INPUT);
    assert_err(papers_check(&w.k->c, &large), E_BAD_INPUT);
    assert_ok(papers_check(&w.k->c, &good));
}

static err_t
ask_by_mail(struct ctx *c, void *arg)
{
    struct world *w = arg;
    TRY(ask(c, w));
    return letter_asked(c, w->due, w->token);
}

static err_t
say(struct ctx *c, void *arg)
{
    struct world *w = arg;
    TRY(due_say(c, w->due, "Which freezer?"));
    return letter_stepped(c, &(struct due_stepped){.due = w->due, .kind = "ask", .action = "say", .state = "asked"});
}

static err_t
take_back(struct ctx *c, void *arg)
{
    struct world *w = arg;
    record_event(c);
    return letter_stepped(c, &(struct due_stepped){.due = w->due, .kind = "ask", .action = "undo", .state = "asked"});
}

static err_t
end(struct ctx *c, void *arg)
{
    struct world *w = arg;
    record_event(c);
    return outsider_end(c, w->due);
}

static void
mail_tells_by_a_link_of_its_own(void **state)
{
    struct world w = begin(state);
    struct outsider o;
    assert_ok(case_write(w.k, "answer.ask", ask_by_mail, &w)); /* no public address: nothing could be sent */
    assert_int_equal(case_number(w.k, "select count(*) from outbox"), 0);
    w.k->inst.public_url = "https://rapport.example";
    assert_ok(case_write(w.k, "answer.ask", ask_by_mail, &w));
    assert_int_equal(case_number(w.k, "select count(*) from outbox"), 1);
    assert_ok(case_write(w.k, "due.say", say, &w));
    assert_int_equal(case_number(w.k, "select count(*) from outbox"), 2);
    assert_ok(find(&w, w.token, &o)); /* the first link holds beside the new one */
    assert_int_equal(case_number(w.k, "select count(*) from answer_link where by_step = 1"), 1);
    assert_ok(case_write(w.k, "due.undo", take_back, &w)); /* within the minute: its mail goes away, not that of the ask */
    assert_int_equal(case_number(w.k, "select count(*) from outbox"), 1);
    w.k->c.who = &o.who; /* what she does herself is no news to her */
    assert_ok(case_write(w.k, "due.say", say, &w));
    assert_int_equal(case_number(w.k, "select count(*) from outbox"), 1);
    assert_ok(who_load(&w.k->c, w.asker, &w.k->c.who));
    assert_ok(case_write(w.k, "answer.end", end, &w)); /* nor is anything told where the link was ended */
    assert_ok(case_write(w.k, "due.say", say, &w));
    assert_int_equal(case_number(w.k, "select count(*) from outbox"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(only_the_hash_is_kept),
        BOTH(what_leads_nowhere_looks_the_same),
        BOTH(trying_is_braked),
        BOTH(files_lie_sealed),
        BOTH(mail_tells_by_a_link_of_its_own),
    };
    return cmocka_run_group_tests_name("answers", tests, NULL, NULL);
}
