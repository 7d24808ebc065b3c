/* pages_help.c: what can happen to something due, for people: made from steps.def, as the code and the tests are. */
#include "base/str.h"
#include "features/commitments/pages.h"

static const char *
classes_words(struct ctx *c, unsigned classes)
{
    static const struct {
        unsigned bit;
        const char *words;
    } words[] = {{CLASS_COMMITMENT, "agreed between two"}, {CLASS_ROUTINE, "routine"}, {CLASS_DUTY, "duty"}};
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (classes & words[i].bit)
            buf_printf(&b, "%s%s", b.len ? ", " : "", words[i].words);
    }
    return buf_text(&b);
}

static const char *
needs_words(unsigned needs)
{
    if (needs & NEEDS_REASON)
        return needs & NEEDS_DATE ? "a reason and a day" : "a reason";
    return needs & (NEEDS_DATE | NEEDS_DAY) ? "a day" : NULL;
}

err_t
page_due_help(struct ctx *c, struct req *r, struct view *page)
{
    static const char *const tells[] = {[TELLS_NOBODY] = "nobody", [TELLS_OTHER] = "the other side", [TELLS_LADDER] = "the other side, and further up at once"};
    struct view *states = view_list(page, "states");
    for (int s = 0; s < STATE_COUNT; s++) {
        struct view *v = NULL, *list = NULL;
        for (size_t i = 0; i < rules_n_steps; i++) {
            const struct due_step *x = &rules_steps[i];
            if ((int)x->from != s)
                continue;
            if (!v) {
                v = view_add_map(states);
                view_text(v, "title", rules_state_words((enum due_state)s));
                view_bool(v, "owing_turn", rules_turn((enum due_state)s) == SIDE_OWING);
                view_bool(v, "asking_turn", rules_turn((enum due_state)s) == SIDE_ASKING);
                list = view_list(v, "steps");
            }
            struct view *m = view_add_map(list);
            bool clock = x->who == SIDE_CLOCK;
            view_text(m, "who", clock ? "time, or its event" : x->who == SIDE_OWING ? "who owes it" : "who asks");
            view_text(m, "action", clock ? rules_action_done(x->action) : rules_action_button(x->action));
            view_text(m, "to", rules_state_words(x->to));
            view_text(m, "classes", classes_words(c, x->classes));
            view_text(m, "needs", needs_words(x->needs));
            view_text(m, "tells", tells[x->tells]);
        }
    }
    return NULL;
}
