/* rules.h: what can happen to something due, decided without a database: the steps of steps.def, and
 * what follows from dates. Pure; used by store.c, the pages and the help. */
#ifndef FEATURES_COMMITMENTS_RULES_H
#define FEATURES_COMMITMENTS_RULES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum due_class { CLASS_DUTY = 1, CLASS_COMMITMENT = 2, CLASS_ROUTINE = 4 };
enum due_side { SIDE_NOBODY, SIDE_OWING, SIDE_ASKING, SIDE_CLOCK };
enum due_state {
#define STATE(name, word, words, open, turn) STATE_##name,
#include "features/commitments/steps.def"
    STATE_COUNT
};
enum due_action {
#define ACTION(name, word, button, done) ACTION_##name,
#include "features/commitments/steps.def"
    ACTION_COUNT
};
enum due_needs { NEEDS_REASON = 1, NEEDS_DATE = 2, NEEDS_DAY = 4 };
enum due_tells { TELLS_NOBODY, TELLS_OTHER, TELLS_LADDER };

struct due_step {
    enum due_state from;
    enum due_side who;
    enum due_action action;
    enum due_state to;
    unsigned classes; /* of enum due_class */
    unsigned needs;   /* of enum due_needs */
    enum due_tells tells;
};
extern const struct due_step rules_steps[];
extern const size_t rules_n_steps;

const char *rules_class_word(enum due_class k);  /* "duty" */
const char *rules_state_word(enum due_state s);  /* "asked", as in the database */
const char *rules_state_words(enum due_state s); /* for a person */
const char *rules_action_word(enum due_action a);
const char *rules_action_button(enum due_action a);
const char *rules_action_done(enum due_action a);
bool rules_class_find(const char *word, enum due_class *ret);
bool rules_state_find(const char *word, enum due_state *ret);
bool rules_action_find(const char *word, enum due_action *ret);
/* An answer that the other side may have given by telephone, and that the one who heard it notes. */
bool rules_told(enum due_action a);
bool rules_state_open(enum due_state s);
enum due_side rules_turn(enum due_state s); /* whose turn it is */
enum due_state rules_first(enum due_class k); /* the state in which it begins */

/* What decides about a step, of one item. Days of base/date.h; RULES_NO_DAY where there is none. */
enum { RULES_NO_DAY = INT32_MIN };
struct due_facts {
    enum due_class class;
    enum due_state state;
    int32_t due, today;
    bool thanked;
    bool own; /* both sides are one person: nobody else has to agree */
};
/* The step, or NULL when it is not possible; then `ret_why` says why and what is possible. */
const struct due_step *rules_step(struct arena *a, const struct due_facts *f, enum due_side who,
                                  enum due_action action, const char **ret_why);
/* What a side may do now, in the order of the table; `ret` holds at most ACTION_COUNT. */
size_t rules_offers(const struct due_facts *f, enum due_side who,
                    const struct due_step *ret[static ACTION_COUNT]);
/* Whole days later than due, when it is still owed: the days that it waited on somebody else do not
 * count. 0: not late. A delivered item is not late any more: what counts is the day of delivery. */
int32_t rules_late(const struct due_facts *f, int32_t waited);

#endif
