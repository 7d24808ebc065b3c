/* line.c: how something due looks in a list: why it is there, when it is due, and the one next action.
 * Called by the pages of this feature. */
#include "base/date.h"
#include "base/str.h"
#include "features/commitments/pages.h"
#include "features/studies/studies.h"

#include <string.h>

const char *
line_day(struct ctx *c, const char *iso)
{
    int32_t day;
    int year, this_year, month, n;
    if (!iso || !date_parse(iso, &day))
        return NULL;
    if (day == c->today)
        return "today";
    if (day == c->today + 1)
        return "tomorrow";
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    const char *words = date_words(c->mem, day, DATE_DAY);
    if (day > c->today && day < c->today + 7)
        return arena_printf(c->mem, "%s %.*s", weekdays[date_weekday(day)], (int)(strlen(words) - 5), words);
    date_to_civil(day, &year, &month, &n);
    date_to_civil(c->today, &this_year, &month, &n);
    return year == this_year ? arena_strndup(c->mem, words, strlen(words) - 5) : words;
}

static const struct {
    const char *kind, *icon;
} icons[] = {
    {"letter", "mail"},          {"report", "file_pen_line"}, {"action_item", "flag"}, {"query", "circle_help"},
    {"document", "file_check_2"}, {"payment", "banknote"},     {"call", "phone"},       {"note", "check"},
};

static const char *
icon_of(const struct due_list_row *x, bool asked)
{
    for (size_t i = 0; i < COUNT_OF(icons) && !asked; i++) {
        if (strcmp(icons[i].kind, x->kind) == 0)
            return icons[i].icon;
    }
    return asked ? "circle_help" : "handshake";
}

/* ---- when ---- */

static void
late_words(struct ctx *c, struct view *v, int32_t day)
{
    int32_t n = c->today - day;
    view_textf(v, "due", n == 1 ? "1 day later than agreed" : "%d days later than agreed", (int)n);
    view_bool(v, "late", true);
}

static void
add_when(struct ctx *c, const struct due_list_row *x, enum due_state s, enum due_side acting, struct view *v)
{
    int32_t day;
    bool mine = acting == rules_turn(s), dated = x->due_on && date_parse(x->due_on, &day);
    const char *on = NULL;
    if (dated) { /* the days it had to wait are its owner's too */
        char until[DATE_TEXT];
        day += (int32_t)x->waited_days;
        date_iso(day, until);
        on = line_day(c, arena_strdup(c->mem, until));
    }
    switch (s) {
    case STATE_ASKED:
    case STATE_COUNTERED:
    case STATE_MOVE_OWING:
    case STATE_MOVE_ASKING: {
        const char *by = str_or(x->think_until, x->answer_by);
        bool over = by && date_parse(by, &day) && day < c->today;
        view_textf(v, "due", over ? "no answer yet, asked for %s" : mine ? "Answer by %s" : "answer by %s", line_day(c, by));
        view_bool(v, "late", over && mine);
        return;
    }
    case STATE_DELIVERED:
        view_textf(v, "due", "Delivered %s", line_day(c, x->delivered_on));
        return;
    case STATE_AGREED:
    case STATE_DUE:
    case STATE_ACKNOWLEDGED:
        if (x->waits_since) {
            view_textf(v, "due", "waits since %s", line_day(c, x->waits_since));
        } else if (!dated) {
            view_text(v, "due", "no date");
        } else if (day < c->today) {
            late_words(c, v, day);
        } else {
            if (mine && day == c->today)
                view_text(v, "due", "I’ll do it today");
            else
                view_textf(v, "due", mine ? "I’ll do it by %s" : "agreed for %s", on);
            view_bool(v, "today", day <= c->today);
        }
        return;
    case STATE_KEPT:
    case STATE_DECLINED:
    case STATE_WITHDRAWN:
    case STATE_COUNT:
        view_text(v, "due", rules_state_words(s));
        return;
    }
}

/* ---- why ---- */

static void
add_why(struct ctx *c, const struct due_list_row *x, enum due_state s, enum due_side acting, struct view *v)
{
    struct buf b;
    buf_init(&b, c->mem);
    enum due_side turn = rules_turn(s);
    bool mine = acting == turn && acting != SIDE_NOBODY, own = x->owing == x->asking;
    const char *other = turn == SIDE_OWING ? x->owing_name : x->asking_name;
    if (x->own_name)
        buf_printf(&b, x->source ? "For %s" : "Your own", x->source);
    else if (own)
        buf_printf(&b, "Your own note");
    else if (mine && s == STATE_DELIVERED)
        buf_printf(&b, "From %s: please look at it", x->owing_name);
    else if (mine && turn == SIDE_OWING)
        buf_printf(&b, "For %s", x->asking_name);
    else if (mine)
        buf_printf(&b, "%s, %s", x->owing_name, rules_state_words(s));
    else if (turn == SIDE_NOBODY)
        buf_printf(&b, "%s for %s", x->owing_name, x->asking_name);
    else
        buf_printf(&b, "Waiting for %s", other);
    if (x->offer_on && (s == STATE_COUNTERED || s == STATE_MOVE_OWING || s == STATE_MOVE_ASKING))
        buf_printf(&b, ", %s instead of %s", line_day(c, x->offer_on), str_or(line_day(c, x->due_on), "no date"));
    else if (x->due_why)
        buf_printf(&b, ": %s", x->due_why);
    if (x->waits_since)
        buf_printf(&b, ", waits on another: its clock stands still");
    if (!x->doing_null)
        buf_printf(&b, x->doing == c->who->person ? ", you do it for %s" : ", done by %s", x->doing == c->who->person ? x->owing_name : x->doing_name);
    if (x->moves)
        buf_printf(&b, ", first agreed for %s", line_day(c, x->first_due_on));
    if (x->waited_days && rules_state_open(s))
        buf_printf(&b, ", %lld %s taken off: it had to wait", (long long)x->waited_days, x->waited_days == 1 ? "day" : "days");
    view_text(v, "why", buf_text(&b));
    buf_init(&b, c->mem);
    if (!x->study_null || x->own_name)
        buf_str(&b, x->own_name ? x->own_name : str_or(x->study_acronym, x->study_code));
    if (!x->site_null)
        buf_printf(&b, ", %s", site_title(c->mem, x->site_number, x->site_label, x->site_facility, x->site_organisation,
                                         !x->site_placeholder_null && x->site_placeholder, x->site_city));
    view_text(v, "where", buf_text(&b));
}

/* ---- the one next action ---- */

static void
add_action(struct due_facts *f, enum due_side acting, const char *place, struct view *v)
{
    const struct due_step *offer[ACTION_COUNT];
    size_t n = acting == SIDE_NOBODY || acting != rules_turn(f->state) ? 0 : rules_offers(f, acting, offer);
    bool asked = f->state == STATE_ASKED && n;
    view_bool(v, "asked", asked);
    if (n && place && rules_turn(f->state) == SIDE_OWING) { /* the work itself delivers */
        view_text(v, "place", place);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        if (offer[i]->needs || asked)
            continue;
        view_text(v, "step", rules_action_word(offer[i]->action));
        view_text(v, "label", rules_action_button(offer[i]->action));
        return;
    }
}

void
line_add(struct ctx *c, const struct due_list_row *x, enum due_side acting, struct view *list)
{
    struct view *v = view_add_map(list);
    struct due_facts f = {.today = c->today, .due = RULES_NO_DAY};
    INVARIANT(rules_class_find(x->class, &f.class) && rules_state_find(x->state, &f.state));
    int32_t day;
    if (x->due_on && date_parse(x->due_on, &day))
        f.due = day;
    view_text(v, "ref", x->ref);
    view_text(v, "title", x->title);
    view_textf(v, "href", "/due/%s", x->ref);
    view_bool(v, "duty", f.class == CLASS_DUTY);
    add_when(c, x, f.state, acting, v);
    add_why(c, x, f.state, acting, v);
    add_action(&f, acting, feature_due_href(c, x->origin_key), v);
    view_bool(v, arena_printf(c->mem, "icon_%s", icon_of(x, f.state == STATE_ASKED)), true);
}

err_t
line_fetch(struct ctx *c, const int64_t *ids, size_t n, struct due_list_row **ret, size_t *ret_n)
{
    *ret = NULL;
    *ret_n = 0;
    return n ? db_list(c, &DUE_LIST, DB_IN(db_ints(ids, n)), ret, ret_n) : NULL;
}
