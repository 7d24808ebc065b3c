/* rules.c: see rules.h. */
#include "features/commitments/rules.h"

#include "base/date.h"
#include "base/str.h"

#include <string.h>

#define OWING SIDE_OWING
#define ASKING SIDE_ASKING
#define CLOCK SIDE_CLOCK
#define NOBODY SIDE_NOBODY
#define D CLASS_DUTY
#define C CLASS_COMMITMENT
#define R CLASS_ROUTINE
#define REASON NEEDS_REASON
#define DATE NEEDS_DATE
#define DAY NEEDS_DAY
#define OTHER TELLS_OTHER
#define LADDER TELLS_LADDER

static const struct {
    const char *word, *words;
    bool open;
    enum due_side turn;
} states[] = {
#define STATE(name, word, words, open, turn) {word, words, open, turn},
#include "features/commitments/steps.def"
};

static const struct {
    const char *word, *button, *done;
} actions[] = {
#define ACTION(name, word, button, done) {word, button, done},
#include "features/commitments/steps.def"
};

const struct due_step rules_steps[] = {
#define STEP(from, who, action, to, classes, needs, tells)                                         \
    {STATE_##from, who, ACTION_##action, STATE_##to, classes, needs, (enum due_tells)(tells)},
#include "features/commitments/steps.def"
};
const size_t rules_n_steps = sizeof rules_steps / sizeof *rules_steps;

/* ---- words ---- */

static const struct {
    enum due_class class;
    const char *word;
} classes[] = {{D, "duty"}, {C, "commitment"}, {R, "routine"}};

const char *
rules_class_word(enum due_class k)
{
    return k == D ? classes[0].word : k == C ? classes[1].word : classes[2].word;
}

bool
rules_class_find(const char *word, enum due_class *ret)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (strcmp(classes[i].word, word) == 0) {
            *ret = classes[i].class;
            return true;
        }
    }
    return false;
}

const char *
rules_state_word(enum due_state s)
{
    return states[s].word;
}

const char *
rules_state_words(enum due_state s)
{
    return states[s].words;
}

bool
rules_state_find(const char *word, enum due_state *ret)
{
    for (int i = 0; i < STATE_COUNT; i++) {
        if (strcmp(states[i].word, word) == 0) {
            *ret = (enum due_state)i;
            return true;
        }
    }
    return false;
}

const char *
rules_action_word(enum due_action a)
{
    return actions[a].word;
}

const char *
rules_action_button(enum due_action a)
{
    return actions[a].button;
}

const char *
rules_action_done(enum due_action a)
{
    return actions[a].done;
}

bool
rules_action_find(const char *word, enum due_action *ret)
{
    for (int i = 0; i < ACTION_COUNT; i++) {
        if (strcmp(actions[i].word, word) == 0) {
            *ret = (enum due_action)i;
            return true;
        }
    }
    return false;
}

bool
rules_told(enum due_action a)
{
    switch (a) {
    case ACTION_ACCEPT:
    case ACTION_COUNTER:
    case ACTION_THINK:
    case ACTION_DECLINE:
    case ACTION_TAKE:
    case ACTION_AGREE_MOVE:
    case ACTION_KEEP_DATE:
        return true;
    case ACTION_WITHDRAW:
    case ACTION_MOVE:
    case ACTION_LEAVE_DATE:
    case ACTION_ACKNOWLEDGE:
    case ACTION_CANNOT:
    case ACTION_DELIVER:
    case ACTION_RECEIVE:
    case ACTION_SEND_BACK:
    case ACTION_THANK:
    case ACTION_CLOSE:
    case ACTION_DROP:
    case ACTION_SHIFT:
    case ACTION_COUNT:
        break;
    }
    return false;
}

bool
rules_state_open(enum due_state s)
{
    return states[s].open;
}

enum due_side
rules_turn(enum due_state s)
{
    return states[s].turn;
}

enum due_state
rules_first(enum due_class k)
{
    return k == D ? STATE_DUE : k == C ? STATE_ASKED : STATE_AGREED;
}

/* ---- steps ---- */

/* A date is moved before it is due; afterwards it stays what was agreed, and lateness is plain. */
static bool
too_late_to_move(const struct due_facts *f)
{
    return !f->own && f->due != RULES_NO_DAY && f->today > f->due;
}

static bool
possible(const struct due_facts *f, const struct due_step *s, enum due_side who)
{
    return s->from == f->state && s->who == who && (s->classes & f->class) &&
           !(s->action == ACTION_MOVE && too_late_to_move(f)) &&
           !(s->action == ACTION_THANK && f->thanked);
}

size_t
rules_offers(const struct due_facts *f, enum due_side who, const struct due_step *ret[static ACTION_COUNT])
{
    size_t n = 0;
    for (size_t i = 0; i < rules_n_steps; i++) {
        if (possible(f, &rules_steps[i], who))
            ret[n++] = &rules_steps[i];
    }
    return n;
}

/* Why the class itself forbids it, or NULL. */
static const char *
never(enum due_class k, enum due_action action)
{
    if (k != D)
        return NULL;
    switch (action) {
    case ACTION_ACCEPT:
    case ACTION_COUNTER:
    case ACTION_THINK:
    case ACTION_DECLINE:
    case ACTION_TAKE:
    case ACTION_WITHDRAW:
    case ACTION_MOVE:
    case ACTION_AGREE_MOVE:
    case ACTION_KEEP_DATE:
    case ACTION_LEAVE_DATE:
        return "This is a duty: it comes from law, protocol or contract, and its date stays.";
    case ACTION_ACKNOWLEDGE:
    case ACTION_CANNOT:
    case ACTION_DELIVER:
    case ACTION_RECEIVE:
    case ACTION_SEND_BACK:
    case ACTION_THANK:
    case ACTION_CLOSE:
    case ACTION_DROP:
    case ACTION_SHIFT:
    case ACTION_COUNT:
        break;
    }
    return NULL;
}

static const char *
why_not(struct arena *a, const struct due_facts *f, enum due_side who, enum due_action action)
{
    const struct due_step *offer[ACTION_COUNT];
    size_t n = rules_offers(f, who, offer);
    struct buf b;
    buf_init(&b, a);
    const char *class = never(f->class, action);
    if (class)
        buf_printf(&b, "%s", class);
    else if (action == ACTION_MOVE && f->state == STATE_AGREED)
        buf_printf(&b, "It was due on %s, and a date is moved before it is due.", date_words(a, f->due, DATE_DAY));
    else if (action == ACTION_THANK && f->thanked)
        buf_printf(&b, "You said thank you already.");
    else
        buf_printf(&b, "That is not possible now: it is %s.", states[f->state].words);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i == 0 ? " Possible now: " : ", ", actions[offer[i]->action].button);
    if (n)
        buf_printf(&b, ".");
    else if (states[f->state].open)
        buf_printf(&b, " It is the other side's turn.");
    return buf_text(&b);
}

const struct due_step *
rules_step(struct arena *a, const struct due_facts *f, enum due_side who, enum due_action action, const char **ret_why)
{
    for (size_t i = 0; i < rules_n_steps; i++) {
        if (rules_steps[i].action == action && possible(f, &rules_steps[i], who))
            return &rules_steps[i];
    }
    *ret_why = why_not(a, f, who, action);
    return NULL;
}

/* ---- dates ---- */

int32_t
rules_late(const struct due_facts *f, int32_t waited)
{
    if (f->due == RULES_NO_DAY || !states[f->state].open || f->state == STATE_DELIVERED ||
        f->state == STATE_ASKED || f->state == STATE_COUNTERED)
        return 0;
    int32_t late = f->today - f->due - waited;
    return late > 0 ? late : 0;
}
