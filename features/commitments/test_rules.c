/* test_rules.c: the table of steps holds what the product promises, and says why something is not
 * possible. */
#include "base/arena.h"
#include "base/date.h"
#include "features/commitments/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const enum due_class all[] = {CLASS_DUTY, CLASS_COMMITMENT, CLASS_ROUTINE};

/* Marks what can be reached from the first state of a class. */
static void
reach(enum due_class k, bool ret[static STATE_COUNT])
{
    memset(ret, 0, STATE_COUNT);
    ret[rules_first(k)] = true;
    for (int round = 0; round < STATE_COUNT; round++) {
        for (size_t i = 0; i < rules_n_steps; i++) {
            if (ret[rules_steps[i].from] && (rules_steps[i].classes & k))
                ret[rules_steps[i].to] = true;
        }
    }
}

static bool
leads_on(enum due_class k, enum due_state s, enum due_side who)
{
    for (size_t i = 0; i < rules_n_steps; i++) {
        if (rules_steps[i].from == s && rules_steps[i].who == who && (rules_steps[i].classes & k))
            return true;
    }
    return false;
}

/* Whose turn it is can do something, in every open state that can be reached; what has ended goes
 * nowhere but to a thank you. */
static void
test_no_dead_end(void **state)
{
    for (size_t k = 0; k < 3; k++) {
        bool there[STATE_COUNT];
        reach(all[k], there);
        for (int s = 0; s < STATE_COUNT; s++) {
            if (there[s] && rules_state_open(s))
                assert_true(leads_on(all[k], s, rules_turn(s)));
        }
        assert_true(there[STATE_DELIVERED] && there[STATE_KEPT]);
    }
    for (size_t i = 0; i < rules_n_steps; i++) {
        if (!rules_state_open(rules_steps[i].from))
            assert_int_equal(rules_steps[i].action, ACTION_THANK);
    }
}

/* No duty is accepted, countered, declined, moved or withdrawn by either side, from any state. */
static void
test_duty_stays(void **state)
{
    static const enum due_action never[] = {ACTION_ACCEPT,   ACTION_COUNTER,    ACTION_THINK,
                                            ACTION_DECLINE,  ACTION_TAKE,       ACTION_WITHDRAW,
                                            ACTION_MOVE,     ACTION_AGREE_MOVE, ACTION_KEEP_DATE,
                                            ACTION_LEAVE_DATE};
    struct arena *a = arena_new(0);
    for (int s = 0; s < STATE_COUNT; s++) {
        struct due_facts f = {.class = CLASS_DUTY, .state = s, .due = 20000, .today = 19000};
        for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
            const char *why = NULL;
            assert_null(rules_step(a, &f, SIDE_OWING, never[i], &why));
            assert_non_null(strstr(why, "duty"));
            assert_null(rules_step(a, &f, SIDE_ASKING, never[i], &why));
        }
    }
    bool there[STATE_COUNT];
    reach(CLASS_DUTY, there);
    assert_false(there[STATE_DECLINED]);
    for (size_t i = 0; i < rules_n_steps; i++) {
        if ((rules_steps[i].classes & CLASS_DUTY) && rules_steps[i].to == STATE_WITHDRAWN)
            assert_int_equal(rules_steps[i].who, SIDE_CLOCK);
        if (rules_steps[i].tells == TELLS_LADDER)
            assert_int_equal(rules_steps[i].action, ACTION_CANNOT);
    }
    arena_free(a);
}

/* Silence is never acceptance: no clock agrees to anything. */
static void
test_silence(void **state)
{
    for (size_t i = 0; i < rules_n_steps; i++) {
        if (rules_steps[i].who == SIDE_CLOCK) {
            if (rules_steps[i].to == STATE_AGREED) /* what was agreed moves with its event */
                assert_int_equal(rules_steps[i].action, ACTION_SHIFT);
            assert_int_not_equal(rules_steps[i].from, STATE_ASKED);
            assert_int_not_equal(rules_steps[i].from, STATE_COUNTERED);
        }
    }
}

/* One way through the table: (class, side, action) in turn, and the state it ends in; a leading
 * "!" of the words means that the last step is refused with these words. */
struct path {
    enum due_class class;
    struct {
        enum due_side who;
        enum due_action action;
    } step[6];
    size_t n;
    enum due_state end;
    const char *refused;
};

#define O(action) {SIDE_OWING, ACTION_##action}
#define A(action) {SIDE_ASKING, ACTION_##action}

static void
test_paths(void **state)
{
    static const struct path paths[] = {
        {CLASS_COMMITMENT, {O(ACCEPT), O(DELIVER), A(RECEIVE), A(THANK)}, 4, STATE_KEPT, NULL},
        {CLASS_COMMITMENT, {O(COUNTER), A(TAKE), O(DELIVER)}, 3, STATE_DELIVERED, NULL},
        {CLASS_COMMITMENT, {O(COUNTER), A(COUNTER), O(ACCEPT)}, 3, STATE_AGREED, NULL},
        {CLASS_COMMITMENT, {O(THINK), O(ACCEPT), O(MOVE), A(AGREE_MOVE)}, 4, STATE_AGREED, NULL},
        {CLASS_COMMITMENT, {O(ACCEPT), A(MOVE), O(KEEP_DATE), O(DELIVER)}, 4, STATE_DELIVERED, NULL},
        {CLASS_COMMITMENT, {O(ACCEPT), O(DELIVER), A(SEND_BACK), O(DELIVER), A(RECEIVE)}, 5, STATE_KEPT, NULL},
        {CLASS_COMMITMENT, {O(DECLINE), O(ACCEPT)}, 2, STATE_DECLINED, "it is declined"},
        {CLASS_COMMITMENT, {O(ACCEPT), A(WITHDRAW)}, 2, STATE_WITHDRAWN, NULL},
        {CLASS_COMMITMENT, {A(ACCEPT)}, 1, STATE_ASKED, "Possible now: Withdraw."},
        {CLASS_COMMITMENT, {O(COUNTER), O(COUNTER)}, 2, STATE_COUNTERED, "another way was offered"},
        {CLASS_ROUTINE, {O(MOVE), A(AGREE_MOVE), O(DELIVER), A(RECEIVE)}, 4, STATE_KEPT, NULL},
        {CLASS_ROUTINE, {A(WITHDRAW)}, 1, STATE_AGREED, "Possible now: Ask for another date."},
        {CLASS_ROUTINE, {O(DECLINE)}, 1, STATE_AGREED, "Possible now: Done, Ask for another date."},
        {CLASS_DUTY, {O(ACKNOWLEDGE), O(CANNOT), O(CANNOT), O(DELIVER), A(SEND_BACK)}, 5, STATE_ACKNOWLEDGED, NULL},
        {CLASS_DUTY, {O(DELIVER), A(RECEIVE)}, 2, STATE_KEPT, NULL},
    };
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const struct path *p = &paths[i];
        struct due_facts f = {.class = p->class, .state = rules_first(p->class), .due = 20010, .today = 20000};
        for (size_t k = 0; k < p->n; k++) {
            const char *why = NULL;
            const struct due_step *s = rules_step(a, &f, p->step[k].who, p->step[k].action, &why);
            if (p->refused && k + 1 == p->n) {
                assert_null(s);
                assert_non_null(strstr(why, p->refused));
                break;
            }
            assert_non_null(s);
            f.state = s->to;
        }
        assert_int_equal(f.state, p->end);
    }
    arena_free(a);
}

static void
test_late(void **state)
{
    struct arena *a = arena_new(0);
    struct due_facts f = {.class = CLASS_ROUTINE, .state = STATE_AGREED, .due = 20000, .today = 20003};
    assert_int_equal(rules_late(&f, 0), 3);
    assert_int_equal(rules_late(&f, 2), 1); /* waited two days on somebody else */
    assert_int_equal(rules_late(&f, 9), 0);
    const char *why = NULL;
    assert_null(rules_step(a, &f, SIDE_OWING, ACTION_MOVE, &why));
    assert_non_null(strstr(why, "before it is due"));
    f.today = 20000; /* on the day itself a date can still be moved */
    assert_int_equal(rules_late(&f, 0), 0);
    assert_non_null(rules_step(a, &f, SIDE_OWING, ACTION_MOVE, &why));
    f.today = 20003;
    f.state = STATE_DELIVERED;
    assert_int_equal(rules_late(&f, 0), 0);
    f = (struct due_facts){.class = CLASS_COMMITMENT, .state = STATE_ASKED, .due = 20000, .today = 20003};
    assert_int_equal(rules_late(&f, 0), 0); /* nobody agreed to it */
    f = (struct due_facts){.class = CLASS_DUTY, .state = STATE_DUE, .due = 20000, .today = 20003};
    assert_int_equal(rules_late(&f, 0), 3); /* nobody needs to agree to it */
    f.due = RULES_NO_DAY;
    assert_int_equal(rules_late(&f, 0), 0);
    arena_free(a);
}

static void
test_words(void **state)
{
    for (int s = 0; s < STATE_COUNT; s++) {
        enum due_state back;
        assert_true(rules_state_find(rules_state_word(s), &back));
        assert_int_equal(back, s);
    }
    for (int x = 0; x < ACTION_COUNT; x++) {
        enum due_action back;
        assert_true(rules_action_find(rules_action_word(x), &back));
        assert_int_equal(back, x);
    }
    for (size_t k = 0; k < 3; k++) {
        enum due_class back;
        assert_true(rules_class_find(rules_class_word(all[k]), &back));
        assert_int_equal(back, all[k]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_dead_end), cmocka_unit_test(test_duty_stays), cmocka_unit_test(test_silence),
        cmocka_unit_test(test_paths),       cmocka_unit_test(test_late),       cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
