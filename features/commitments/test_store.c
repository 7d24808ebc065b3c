/* test_store.c: what is due, over days: whose turn it is and by when, what is taken off, what stays. On
 * both engines. */
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/party.h"
#include "core/test_case.h"
#include "features/commitments/clock.h"
#include "features/commitments/commitments.h"
#include "features/commitments/commitments_sql.h"
#include "features/commitments/ladder.h"
#include "features/commitments/share.h"
#include "features/studies/studies.h"
#include "web/asset.h"

#include <string.h>

struct pair {
    struct core_case *k;
    int64_t asker, owner;
    int64_t due, study, boss;
};

static int32_t
day_of(const char *iso)
{
    int32_t day = 0;
    assert_true(date_parse(iso, &day));
    return day;
}

/* Ann asks, Olof owes. */
static struct pair
begin(void **state)
{
    struct pair p = {.k = case_use(state)};
    struct core_case *k = p.k;
    const char *due_schema = asset_find("schema/commitments/0001-commitment.sql")->data;
    struct migration list[] = {{"core", "0001-core.sql", asset_find("schema/core/0001-core.sql")->data},
                               {"studies", "0001-study.sql", asset_find("schema/studies/0001-study.sql")->data},
                               {"commitments", "0001-commitment.sql", due_schema}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, COUNT_OF(list), false, &report));
    p.asker = case_account(k, "Ann Asker", "ann@example.org", NULL);
    p.owner = case_account(k, "Olof Owner", "olof@example.org", NULL);
    return p;
}

static void
on(struct pair *p, const char *iso, int64_t person)
{
    p->k->c.today = day_of(iso);
    assert_ok(who_load(&p->k->c, person, &p->k->c.who));
}

struct making {
    struct due_new d;
    int64_t id;
};

static err_t
make(struct ctx *c, void *arg)
{
    struct making *m = arg;
    const char *ref;
    return due_create(c, &m->d, &m->id, &ref);
}

static err_t
try_make(struct pair *p, enum due_class class, const char *due_on, const char *source)
{
    struct making m = {.d = {.class = class, .kind = "ask", .title = "The log", .source = source,
                             .owing = {.person = p->owner}, .asking = {.person = p->asker}, .due_on = due_on}};
    err_t e = case_write(p->k, "due.ask", make, &m);
    p->due = m.id;
    return e;
}

struct stepping {
    int64_t due;
    enum due_action action;
    struct due_by by;
};

static err_t
step(struct ctx *c, void *arg)
{
    struct stepping *s = arg;
    return due_step(c, s->due, s->action, &s->by);
}

static err_t
try_step(struct pair *p, enum due_side side, enum due_action a, const char *why, const char *date)
{
    struct stepping s = {p->due, a, {.side = side, .reason = why, .date = date}};
    return case_write(p->k, "due.step", step, &s);
}

static struct due_get_row
look(struct pair *p)
{
    struct due_get_row x;
    assert_ok(db_one(&p->k->c, &DUE_GET, DB_IN(db_int(p->due)), &x));
    return x;
}

/* Who has it in her queue, as the index of queues says. */
static bool
has_turn(struct pair *p, int64_t person)
{
    struct due_turn_row *x;
    size_t n;
    assert_ok(db_list(&p->k->c, &DUE_TURN, DB_IN(db_int(person), db_text(NULL), db_int_or_null(0, true), db_int(9)), &x, &n));
    return n == 1 && x[0].id == p->due;
}

static void
answers_are_asked_for_in_business_days(void **state)
{
    struct pair p = begin(state);
    on(&p, "2026-11-20", p.asker); /* a Friday */
    assert_ok(try_make(&p, CLASS_COMMITMENT, "2026-12-01", NULL));
    struct due_get_row x = look(&p);
    assert_string_equal(x.answer_by, "2026-11-25");
    assert_string_equal(x.next_on, "2026-11-25");
    assert_true(has_turn(&p, p.owner) && !has_turn(&p, p.asker));
    on(&p, "2026-11-27", p.owner); /* silence is never acceptance: it stays asked */
    assert_string_equal(look(&p).state, "asked");
    assert_ok(try_step(&p, SIDE_OWING, ACTION_COUNTER, "Away", "2026-12-08"));
    x = look(&p);
    assert_string_equal(x.due_on, "2026-12-01");
    assert_string_equal(x.offer_on, "2026-12-08");
    assert_string_equal(x.answer_by, "2026-12-02");
    assert_null(x.first_due_on);
    assert_true(has_turn(&p, p.asker) && !has_turn(&p, p.owner));
}

static void
the_other_sides_time_is_taken_off(void **state)
{
    struct pair p = begin(state);
    on(&p, "2026-11-02", p.asker);
    assert_ok(try_make(&p, CLASS_COMMITMENT, "2026-11-10", NULL));
    on(&p, "2026-11-03", p.owner);
    assert_ok(try_step(&p, SIDE_OWING, ACTION_ACCEPT, NULL, NULL));
    on(&p, "2026-11-09", p.owner);
    assert_ok(try_step(&p, SIDE_OWING, ACTION_DELIVER, NULL, NULL));
    on(&p, "2026-11-19", p.asker); /* ten days later it comes back */
    assert_err(try_step(&p, SIDE_ASKING, ACTION_SEND_BACK, NULL, NULL), E_BAD_INPUT);
    assert_ok(try_step(&p, SIDE_ASKING, ACTION_SEND_BACK, "Page 2 is missing", NULL));
    struct due_get_row x = look(&p);
    assert_string_equal(x.due_on, "2026-11-10");
    assert_int_equal(x.waited_days, 10);
    assert_string_equal(x.next_on, "2026-11-20");
    struct due_facts f;
    due_facts_of(&p.k->c, &x, &f);
    assert_int_equal(rules_late(&f, (int32_t)x.waited_days), 0);
    p.k->c.today = day_of("2026-11-22");
    due_facts_of(&p.k->c, &x, &f);
    assert_int_equal(rules_late(&f, (int32_t)x.waited_days), 2);
}

static void
the_first_agreed_day_stays(void **state)
{
    struct pair p = begin(state);
    on(&p, "2026-11-02", p.asker);
    assert_ok(try_make(&p, CLASS_COMMITMENT, "2026-11-10", NULL));
    on(&p, "2026-11-03", p.owner);
    assert_ok(try_step(&p, SIDE_OWING, ACTION_ACCEPT, NULL, NULL));
    for (int i = 0; i < 2; i++) {
        assert_ok(try_step(&p, SIDE_OWING, ACTION_MOVE, "Ill", i ? "2026-12-02" : "2026-12-01"));
        assert_ok(try_step(&p, SIDE_ASKING, ACTION_AGREE_MOVE, NULL, NULL));
    }
    struct due_get_row x = look(&p);
    assert_string_equal(x.due_on, "2026-12-02");
    assert_string_equal(x.first_due_on, "2026-11-10");
    assert_int_equal(x.moves, 2);
    on(&p, "2026-12-03", p.owner); /* overdue: it is not moved any more */
    assert_err(try_step(&p, SIDE_OWING, ACTION_MOVE, "Ill", "2026-12-09"), E_CONFLICT);
    assert_string_equal(look(&p).due_on, "2026-12-02");
}

static void
nobody_moves_or_declines_a_duty(void **state)
{
    struct pair p = begin(state);
    on(&p, "2026-11-02", p.asker);
    assert_err(try_make(&p, CLASS_DUTY, "2026-11-03", NULL), E_BAD_INPUT); /* its source is to be named */
    assert_ok(try_make(&p, CLASS_DUTY, "2026-11-03", "Protocol, section 9"));
    static const enum due_action never[] = {ACTION_ACCEPT, ACTION_COUNTER, ACTION_THINK, ACTION_DECLINE, ACTION_TAKE, ACTION_WITHDRAW,
                                            ACTION_MOVE, ACTION_AGREE_MOVE, ACTION_KEEP_DATE, ACTION_LEAVE_DATE};
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        for (enum due_side side = SIDE_OWING; side <= SIDE_CLOCK; side++)
            assert_err(try_step(&p, side, never[i], "Why", "2026-12-01"), E_CONFLICT);
    }
    assert_ok(try_step(&p, SIDE_OWING, ACTION_CANNOT, "The ward is closed", NULL));
    struct due_get_row x = look(&p);
    assert_string_equal(x.state, "acknowledged");
    assert_string_equal(x.due_on, "2026-11-03");
}

static err_t
undo(struct ctx *c, void *arg)
{
    return due_undo(c, *(int64_t *)arg);
}

static void
one_minute_to_take_a_step_back(void **state)
{
    struct pair p = begin(state);
    on(&p, "2026-11-02", p.asker);
    assert_ok(try_make(&p, CLASS_COMMITMENT, "2026-11-10", NULL));
    on(&p, "2026-11-03", p.owner);
    assert_ok(try_step(&p, SIDE_OWING, ACTION_DECLINE, "Not ours", NULL));
    assert_false(has_turn(&p, p.owner));
    p.k->c.now += 59 * (int64_t)S;
    on(&p, "2026-11-03", p.asker);
    assert_err(case_write(p.k, "due.undo", undo, &p.due), E_CONFLICT); /* not hers */
    on(&p, "2026-11-03", p.owner);
    assert_ok(case_write(p.k, "due.undo", undo, &p.due));
    struct due_get_row x = look(&p);
    assert_string_equal(x.state, "asked");
    assert_null(x.ended_on);
    assert_true(has_turn(&p, p.owner));
    assert_err(case_write(p.k, "due.undo", undo, &p.due), E_CONFLICT); /* once */
    assert_ok(try_step(&p, SIDE_OWING, ACTION_ACCEPT, NULL, NULL));
    p.k->c.now += 61 * (int64_t)S;
    assert_err(case_write(p.k, "due.undo", undo, &p.due), E_CONFLICT); /* too late */
    assert_string_equal(look(&p).state, "agreed");
}

/* Two at once: one wins, the other is told what is possible now. */
static void
the_second_is_told(void **state)
{
    struct pair p = begin(state);
    on(&p, "2026-11-02", p.asker);
    assert_ok(try_make(&p, CLASS_COMMITMENT, "2026-11-10", NULL));
    int64_t before = case_number(p.k, "select count(*) from record");
    assert_ok(try_step(&p, SIDE_OWING, ACTION_ACCEPT, NULL, NULL));
    err_t e = try_step(&p, SIDE_OWING, ACTION_DECLINE, "Not ours", NULL);
    assert_err(e, E_CONFLICT);
    assert_non_null(strstr(e->text, "it is agreed"));
    assert_non_null(strstr(e->text, "Possible now"));
    assert_int_equal(case_number(p.k, "select count(*) from record"), before + 1);
}

struct waiting {
    int64_t due, other, to;
    bool end;
};

static err_t
wait(struct ctx *c, void *arg)
{
    struct waiting *w = arg;
    if (w->to)
        return due_pass(c, w->due, w->to, "Ann Asker", NULL);
    return w->end ? due_wait_end(c, w->due) : due_wait(c, w->due, w->other);
}

static int64_t
agreed(struct pair *p, const char *due_on)
{
    on(p, "2026-11-02", p->asker);
    assert_ok(try_make(p, CLASS_ROUTINE, due_on, NULL));
    return p->due;
}

/* A clock stands still while its item waits; it goes on when the other is delivered; no circles. */
static void
one_waits_on_another(void **state)
{
    struct pair p = begin(state);
    int64_t first = agreed(&p, "2026-11-10"), second = agreed(&p, "2026-11-11"), third = agreed(&p, "2026-11-12");
    on(&p, "2026-11-05", p.owner);
    assert_ok(case_write(p.k, "due.wait", wait, &(struct waiting){.due = first, .other = second}));
    assert_err(case_write(p.k, "due.wait", wait, &(struct waiting){.due = first, .other = third}), E_CONFLICT);
    assert_ok(case_write(p.k, "due.wait", wait, &(struct waiting){.due = second, .other = third}));
    err_t e = case_write(p.k, "due.wait", wait, &(struct waiting){.due = third, .other = first});
    assert_err(e, E_CONFLICT);
    assert_non_null(strstr(e->text, "wait for one another"));
    p.due = first;
    assert_string_equal(look(&p).next_on, DUE_WAITS);
    on(&p, "2026-11-09", p.owner);
    p.due = second; /* delivered though it waited: it waits no more, and what waited on it goes on */
    assert_ok(try_step(&p, SIDE_OWING, ACTION_DELIVER, NULL, NULL));
    assert_int_equal(look(&p).waited_days, 4);
    p.due = first;
    assert_true(look(&p).waits_on_null);
    assert_int_equal(look(&p).waited_days, 4);
    assert_string_equal(look(&p).next_on, "2026-11-14"); /* due on the 10th, four days taken off */
    assert_err(case_write(p.k, "due.wait-end", wait, &(struct waiting){.due = first, .end = true}), E_CONFLICT);
}

/* A colleague has it in her queue; who owes it stays; undoing a delivery brings the waiting back too. */
static void
a_colleague_does_it(void **state)
{
    struct pair p = begin(state);
    int64_t due = agreed(&p, "2026-11-10");
    on(&p, "2026-11-05", p.owner);
    int64_t helper = case_account(p.k, "Hal Helper", "hal@example.org", NULL);
    assert_ok(case_write(p.k, "due.pass", wait, &(struct waiting){.due = due, .to = helper}));
    assert_false(has_turn(&p, p.owner));
    assert_true(has_turn(&p, helper));
    assert_int_equal(look(&p).owing, p.owner);
    assert_err(case_write(p.k, "due.pass", wait, &(struct waiting){.due = due, .to = helper}), E_CONFLICT);
    on(&p, "2026-11-06", helper);
    assert_ok(try_step(&p, SIDE_OWING, ACTION_DELIVER, NULL, NULL));
    assert_true(has_turn(&p, p.asker));
    assert_err(case_write(p.k, "due.pass", wait, &(struct waiting){.due = due, .to = p.owner}), E_CONFLICT); /* delivered */
}

static err_t
give_study(struct ctx *c, void *arg)
{
    struct pair *p = arg;
    const char *ref;
    bool audience;
    record_event(c);
    TRY(study_create(c, &(struct study_new){.code = "LADDER", .title = "A study", .enrolment = -1, .origin = "typed"}, &p->study, &ref));
    return tie_grant(c, &(struct tie_new){.person = p->boss, .study = p->study, .role = "study_manager", .from_on = "2020-01-01"}, &ref, &audience);
}

static err_t
set_ladder(struct ctx *c, void *arg)
{
    static const struct ladder_rung rungs[] = {{1, "study_manager"}, {4, "quality_manager"}};
    return ladder_set(c, ((struct pair *)arg)->study, rungs, 2);
}

static int64_t
told(const struct pair *p)
{
    struct ladder_told_row *x;
    size_t n;
    assert_ok(db_list(&p->k->c, &LADDER_TOLD, DB_IN(db_int(p->boss), db_int(10)), &x, &n));
    return (int64_t)n;
}

/* Lateness is told rung by rung, once each, and not after the delivery; a duty that cannot be met at once. */
static void
lateness_is_told_further_up(void **state)
{
    struct pair p = begin(state);
    p.boss = case_account(p.k, "Bea Boss", "bea@example.org", NULL);
    assert_ok(case_write(p.k, "study.create", give_study, &p));
    assert_ok(case_write(p.k, "due.ladder", set_ladder, &p));
    on(&p, "2026-11-02", p.asker);
    struct making m = {.d = {.class = CLASS_ROUTINE, .kind = "ask", .title = "The log", .study = p.study, .owing = {.person = p.owner},
                             .asking = {.person = p.asker}, .due_on = "2026-11-06"}};
    assert_ok(case_write(p.k, "due.ask", make, &m));
    p.due = m.id;
    static const struct {
        const char *day;
        int told, steps;
    } days[] = {{"2026-11-06", 0, 0}, {"2026-11-08", 0, 0}, /* Friday; the weekend does not count */
                {"2026-11-09", 1, 1}, {"2026-11-11", 1, 1}, {"2026-11-12", 1, 2}, {"2026-12-12", 1, 2}};
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        p.k->c.who = NULL;
        p.k->c.today = day_of(days[i].day);
        assert_ok(ladder_job(&p.k->c));
        assert_ok(ladder_job(&p.k->c));
        assert_int_equal(told(&p), days[i].told);
        assert_int_equal(case_number(p.k, "select count(*) from commitment_step where action = 'escalate'"), days[i].steps);
    }
    on(&p, "2026-12-12", p.owner);
    assert_ok(try_step(&p, SIDE_OWING, ACTION_DELIVER, NULL, NULL));
    assert_int_equal(told(&p), 0);
    m.d.class = CLASS_DUTY;
    m.d.source = "Contract";
    m.d.due_on = "2027-03-01";
    assert_ok(case_write(p.k, "due.ask", make, &m));
    p.due = m.id;
    assert_ok(try_step(&p, SIDE_OWING, ACTION_CANNOT, "The system is down", NULL));
    assert_int_equal(told(&p), 1);
}

/* Five business days after delivery it closes by itself; a duty, and what is GxP, waits for a person. */
static void
closes_by_itself(void **state)
{
    struct pair p = begin(state);
    on(&p, "2026-11-02", p.asker);
    assert_ok(try_make(&p, CLASS_ROUTINE, "2026-11-10", NULL));
    on(&p, "2026-11-03", p.owner); /* a Tuesday: to be looked at by the Tuesday after */
    assert_ok(try_step(&p, SIDE_OWING, ACTION_DELIVER, NULL, NULL));
    p.k->c.who = NULL;
    p.k->c.today = day_of("2026-11-10");
    assert_ok(clock_job(&p.k->c));
    assert_string_equal(look(&p).state, "delivered");
    p.k->c.today = day_of("2026-11-11");
    int64_t before = case_number(p.k, "select count(*) from record");
    assert_ok(clock_job(&p.k->c));
    assert_ok(clock_job(&p.k->c)); /* once */
    assert_string_equal(look(&p).state, "kept");
    assert_string_equal(look(&p).ended_on, "2026-11-11");
    assert_int_equal(case_number(p.k, "select count(*) from record"), before + 1);
    on(&p, "2026-11-02", p.asker);
    assert_ok(try_make(&p, CLASS_DUTY, "2026-11-10", "Contract"));
    on(&p, "2026-11-03", p.owner);
    assert_ok(try_step(&p, SIDE_OWING, ACTION_DELIVER, NULL, NULL));
    p.k->c.who = NULL;
    p.k->c.today = day_of("2027-11-11");
    assert_ok(clock_job(&p.k->c));
    assert_string_equal(look(&p).state, "delivered");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(closes_by_itself), BOTH(one_waits_on_another), BOTH(a_colleague_does_it), BOTH(lateness_is_told_further_up),
        BOTH(answers_are_asked_for_in_business_days), BOTH(the_other_sides_time_is_taken_off),
        BOTH(the_first_agreed_day_stays), BOTH(nobody_moves_or_declines_a_duty),
        BOTH(one_minute_to_take_a_step_back), BOTH(the_second_is_told),
    };
    return cmocka_run_group_tests_name("what is due", tests, NULL, NULL);
}
