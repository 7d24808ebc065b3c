/* test_steps.c: whom a step is told, when, and that nobody is told twice. On both engines. */
#include "base/str.h"
#include "core/account.h"
#include "core/test_case.h"
#include "features/commitments/commitments.h"
#include "features/notices/notices_sql.h"
#include "features/notices/outbox_seal.h"
#include "features/notices/steps.h"
#include "features/notices/wish.h"
#include "web/asset.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE = 60 };

struct world {
    struct core_case *k;
    int64_t ann, bob; /* Ann asks, Bob owes */
    int64_t due;
    enum due_action action;
    struct due_by by;
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
        {"notices", "0001-notices.sql", asset_find("schema/notices/0001-notices.sql")->data}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, sizeof list / sizeof *list, false, &report));
    k->inst.public_url = "https://rapport.trials.example";
    k->inst.zone_name = "Europe/Berlin";
    k->inst.zone = tz_find("Europe/Berlin");
    assert_true(time_parse("2026-10-24T10:00:00Z", &k->c.now)); /* the night to come has 25 hours */
    k->c.today = tz_day(k->inst.zone, k->c.now);
    w.ann = case_account(k, "Ann Asker", "ann@example.org", NULL);
    w.bob = case_account(k, "Bob Ower", "bob@example.org", NULL);
    return w;
}

static void
pass(struct world *w, int64_t seconds)
{
    w->k->c.now += seconds * S;
}

static void
job(struct world *w)
{
    assert_ok(steps_read(&w->k->c));
    assert_ok(steps_mail(&w->k->c));
}

static err_t
make(struct ctx *c, void *arg)
{
    struct world *w = arg;
    const char *ref;
    struct due_new d = {.class = CLASS_COMMITMENT, .kind = "ask", .title = "The secret certificate of ABC-1", .owing = {.person = w->bob},
                        .asking = {.person = w->ann}, .due_on = "2026-12-01", .answer_by = "2026-10-28"};
    return due_create(c, &d, &w->due, &ref);
}

static void
as(struct world *w, int64_t person)
{
    assert_ok(who_load(&w->k->c, person, &w->k->c.who));
}

static void
ask(struct world *w)
{
    as(w, w->ann);
    assert_ok(case_write(w->k, "due.ask", make, w));
}

static err_t
step(struct ctx *c, void *arg)
{
    struct world *w = arg;
    return due_step(c, w->due, w->action, &w->by);
}

static void
take(struct world *w, int64_t person, enum due_action action, enum due_side side)
{
    as(w, person);
    w->action = action;
    w->by = (struct due_by){.side = side, .reason = "because", .date = "2026-12-02"};
    assert_ok(case_write(w->k, "due.step", step, w));
}

static err_t
undo(struct ctx *c, void *arg)
{
    return due_undo(c, ((struct world *)arg)->due);
}

static void
wish(struct world *w, int64_t person, enum wish_mail mail, struct when_quiet quiet)
{
    char text[200];
    snprintf(text, sizeof text,
             "insert into notice_wish (person_id, mail, at_minute, zone, quiet_from, quiet_until) values (%lld, '%s', 420, 'Europe/Berlin', %d, %d)",
             (long long)person, wish_word(mail), quiet.from, quiet.until);
    case_raw(w->k, text, NULL);
}

static int64_t
mails(struct world *w, int64_t person)
{
    return case_number(w->k, arena_printf(w->k->mem, "select count(*) from outbox where person_id = %lld", (long long)person));
}

static void
read_mail(struct world *w, int64_t person, const char **ret_subject, const char **ret_text)
{
    struct outbox_of_row *x;
    size_t n;
    assert_ok(db_list(&w->k->c, &OUTBOX_OF, DB_IN(db_int(person), db_int(1)), &x, &n));
    assert_int_equal(n, 1);
    assert_ok(outbox_seal_open(&w->k->c, x[0].sealed, x[0].sealed_len, ret_subject, ret_text));
}

static const struct when_quiet loud = {WHEN_NEVER, WHEN_NEVER};

static void
one_bundle_in_the_morning(void **state)
{
    struct world w = begin(state);
    const char *subject, *text;
    ask(&w);
    job(&w); /* within the minute nobody is told */
    assert_int_equal(case_number(w.k, "select count(*) from notice_step"), 0);
    ask(&w);
    pass(&w, MINUTE);
    job(&w);
    job(&w);
    assert_int_equal(case_number(w.k, "select count(*) from notice_step"), 2);
    assert_int_equal(case_number(w.k, "select count(*) from outbox"), 0);
    assert_true(time_parse("2026-10-25T05:59:59Z", &w.k->c.now)); /* 06:59 in Berlin, of a day of 25 hours */
    job(&w);
    assert_int_equal(mails(&w, w.bob), 0);
    pass(&w, 1);
    job(&w);
    job(&w);
    assert_int_equal(mails(&w, w.bob), 1);
    assert_int_equal(mails(&w, w.ann), 0);
    read_mail(&w, w.bob, &subject, &text);
    assert_string_equal(subject, "Two things wait for you in Rapport");
    assert_null(strstr(text, "secret"));
    assert_null(strstr(text, "ABC-1"));
    assert_null(strstr(text, "Ann"));
    assert_non_null(strstr(text, "Your turn:\nhttps://rapport.trials.example/due/"));
    pass(&w, 86400);
    job(&w);
    assert_int_equal(mails(&w, w.bob), 1);
}

static void
taken_back_is_not_told(void **state)
{
    struct world w = begin(state);
    wish(&w, w.ann, WISH_AT_ONCE, loud);
    wish(&w, w.bob, WISH_NONE, loud);
    ask(&w);
    pass(&w, 10);
    take(&w, w.bob, ACTION_DECLINE, SIDE_OWING);
    pass(&w, 10);
    assert_ok(case_write(w.k, "due.undo", undo, &w));
    pass(&w, 10 * MINUTE);
    job(&w);
    assert_int_equal(case_number(w.k, "select count(*) from notice_step"), 0);
    assert_int_equal(case_number(w.k, "select count(*) from outbox"), 0);
    take(&w, w.bob, ACTION_ACCEPT, SIDE_OWING);
    pass(&w, MINUTE);
    job(&w);
    assert_int_equal(mails(&w, w.ann), 1); /* at once */
    assert_int_equal(mails(&w, w.bob), 0); /* wants none, and did it himself */
    const char *subject, *text;
    read_mail(&w, w.ann, &subject, &text);
    assert_string_equal(subject, "One thing moved on in Rapport");
}

static void
not_told_what_one_has_seen_to(void **state)
{
    struct world w = begin(state);
    ask(&w);
    pass(&w, MINUTE);
    job(&w);
    take(&w, w.bob, ACTION_ACCEPT, SIDE_OWING); /* before the morning's mail */
    pass(&w, 86400);
    job(&w);
    assert_int_equal(mails(&w, w.bob), 0);
    assert_int_equal(case_number(w.k, "select count(*) from notice_step where mailed = 0 and person_id = "
                                      "(select person_id from commitment_step where action = 'accept')"), 0);
}

static void
quiet_hours_wait(void **state)
{
    struct world w = begin(state);
    wish(&w, w.bob, WISH_AT_ONCE, (struct when_quiet){11 * 60, 14 * 60}); /* it is 12:00 in Berlin */
    ask(&w);
    pass(&w, MINUTE);
    job(&w);
    assert_int_equal(mails(&w, w.bob), 0);
    assert_true(time_parse("2026-10-24T12:00:00Z", &w.k->c.now));
    job(&w);
    assert_int_equal(mails(&w, w.bob), 1);
}

static err_t
set_at_once(struct ctx *c, void *arg)
{
    struct wish x;
    TRY(wish_get(c, *(int64_t *)arg, &x));
    x.mail = WISH_AT_ONCE;
    return wish_set(c, *(int64_t *)arg, &x);
}

static void
a_new_wish_moves_what_waits(void **state)
{
    struct world w = begin(state);
    ask(&w);
    pass(&w, MINUTE);
    job(&w);
    assert_int_equal(mails(&w, w.bob), 0);
    assert_ok(case_write(w.k, "notice.wish", set_at_once, &w.bob));
    job(&w);
    assert_int_equal(mails(&w, w.bob), 1);
}

static void
never_twice(void **state)
{
    struct world w = begin(state);
    wish(&w, w.bob, WISH_AT_ONCE, loud);
    ask(&w);
    pass(&w, MINUTE);
    job(&w);
    case_raw(w.k, "update notice_cursor set at_id = 0", NULL); /* whatever becomes of the cursor */
    job(&w);
    assert_int_equal(case_number(w.k, "select count(*) from notice_step"), 1);
    assert_int_equal(mails(&w, w.bob), 1);
    case_raw(w.k, "update account set disabled = 1", NULL); /* who may not sign in is not told */
    ask(&w);
    pass(&w, MINUTE);
    job(&w);
    assert_int_equal(case_number(w.k, "select count(*) from notice_step"), 1);
}

static void
further_up_is_told_too(void **state)
{
    struct world w = begin(state);
    struct core_case *k = w.k;
    int64_t mia = case_account(k, "Mia Manager", "mia@example.org", NULL), gone = case_account(k, "Gus Gone", "gus@example.org", NULL);
    const char *subject, *text;
    int64_t everybody[] = {w.ann, w.bob, mia, gone};
    for (size_t i = 0; i < 4; i++)
        wish(&w, everybody[i], WISH_AT_ONCE, loud);
    ask(&w);
    case_raw(k, arena_printf(k->mem, "insert into commitment_told (commitment_id, rung, person_id, on_day, open) values (%lld, 1, %lld, '2026-10-24', 1)",
                             (long long)w.due, (long long)gone), NULL);
    case_raw(k, arena_printf(k->mem, "insert into commitment_told (commitment_id, rung, person_id, on_day, open) values (%lld, 2, %lld, '2026-10-24', 1)",
                             (long long)w.due, (long long)mia), NULL);
    case_raw(k, arena_printf(k->mem, "insert into commitment_step (commitment_id, at, who, action, state) values (%lld, %lld, 'Rapport', 'escalate', 'asked')",
                             (long long)w.due, (long long)k->c.now), NULL);
    pass(&w, 61);
    job(&w);
    job(&w);
    assert_int_equal(mails(&w, mia), 1);
    assert_int_equal(mails(&w, gone), 0); /* he was told with the rung before */
    assert_int_equal(mails(&w, w.ann), 1);
    read_mail(&w, mia, &subject, &text);
    assert_null(strstr(text, "certificate"));
    assert_non_null(strstr(text, "/due/"));
    pass(&w, 600);
    job(&w);
    assert_int_equal(mails(&w, mia), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(one_bundle_in_the_morning), BOTH(taken_back_is_not_told), BOTH(not_told_what_one_has_seen_to),
        BOTH(quiet_hours_wait), BOTH(a_new_wish_moves_what_waits), BOTH(never_twice), BOTH(further_up_is_told_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
