/* store.c: how something due is written, and taken from one state to the next. See commitments.h.
 * What is possible is decided in rules.c; who may is decided in wall.c. */
#include "features/commitments/commitments.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments_sql.h"
#include "features/commitments/days.h"
#include "features/commitments/ladder.h"
#include "features/commitments/series.h"
#include "features/commitments/share.h"

#include <string.h>

enum { ANSWER_DAYS = 3, REVIEW_DAYS = 5 };
static const char no_date[] = "9999-12-31"; /* sorts after every date */

/* ---- whose turn, and by when ---- */

struct turn {
    int64_t turn, other; /* 0 = nobody */
    const char *next_on;
};

/* The day, and as many days more as it had to wait for the other side. */
static const char *
later_by(struct arena *a, const char *iso, int64_t days)
{
    int32_t day;
    char text[DATE_TEXT];
    if (!iso || days == 0 || !date_parse(iso, &day))
        return iso;
    date_iso(day + (int32_t)days, text);
    return arena_strdup(a, text);
}

static struct turn
turn_of(struct arena *a, const struct due_get_row *x, enum due_state s)
{
    enum due_side side = rules_turn(s);
    struct turn t = {0, 0, str_or(x->ended_on, no_date)};
    if (side == SIDE_NOBODY)
        return t;
    int64_t owing = x->doing_null ? x->owing : x->doing; /* who does it has it in her day */
    t.turn = side == SIDE_OWING ? owing : x->asking;
    t.other = side == SIDE_OWING ? x->asking : owing;
    if (t.other == t.turn) /* one does not wait for oneself */
        t.other = 0;
    switch (s) {
    case STATE_ASKED:
    case STATE_COUNTERED:
    case STATE_MOVE_OWING:
    case STATE_MOVE_ASKING:
        t.next_on = str_or(x->think_until, str_or(x->answer_by, no_date));
        break;
    case STATE_DELIVERED:
        t.next_on = str_or(x->review_by, no_date);
        break;
    case STATE_AGREED:
    case STATE_DUE:
    case STATE_ACKNOWLEDGED:
    case STATE_KEPT:
    case STATE_DECLINED:
    case STATE_WITHDRAWN:
    case STATE_COUNT:
        t.next_on = x->waits_since ? DUE_WAITS : str_or(later_by(a, x->due_on, x->waited_days), no_date);
        break;
    }
    return t;
}

err_t
due_add_step(struct ctx *c, int64_t due, const char *action, enum due_state state, const char *due_on, const struct due_by *by,
         int64_t *ret)
{
    struct due_step_add_row row;
    const char *who = by && by->who ? by->who : c->who ? c->who->name : "Rapport";
    bool person = c->who && !(by && by->who);
    TRY(db_one(c, &DUE_STEP_ADD,
               DB_IN(db_int(due), db_time(c->now), db_int_or_null(person ? c->who->person : 0, !person),
                     db_text(who), db_text(by ? by->how : NULL), db_text(action),
                     db_text(rules_state_word(state)), db_text(due_on), db_text(by ? by->reason : NULL)),
               &row));
    *ret = row.id;
    return feature_lined(c, due, action, row.id);
}

/* Where the business days of a side are those of its place. */
static struct days_place
place_of(int64_t study, int64_t site, bool at_site)
{
    return (struct days_place){study, site, at_site};
}

/* Whose history tells it: the site's own only when the site is a side. */
static struct thing
about_of(int64_t study, int64_t site, bool at_site, enum compartment comp)
{
    return (struct thing){.study = study, .study_site = at_site ? site : 0, .comp = comp};
}

/* ---- making ---- */

static err_t
check_new(struct ctx *c, const struct due_new *d)
{
    int32_t day;
    if (!d->title || !*d->title)
        return err_field(c->mem, E_BAD_INPUT, "title", "Say what is due.");
    if (d->due_on && !date_parse(d->due_on, &day))
        return err_field(c->mem, E_BAD_INPUT, "due_on", "Give the day as in 2026-11-23.");
    if (!d->due_on && d->class != CLASS_COMMITMENT)
        return err_field(c->mem, E_BAD_INPUT, "due_on", "Give the day by which it is due.");
    if (!d->source && d->class == CLASS_DUTY)
        return err_field(c->mem, E_BAD_INPUT, "source", "Name the law, protocol or contract that this duty comes from.");
    if (d->owing.person == d->asking.person && d->class == CLASS_DUTY && !d->origin_key) /* one may hold both roles of a line */
        return err_field(c->mem, E_BAD_INPUT, "owing", "A duty is owed to somebody else.");
    return NULL;
}

err_t
due_create(struct ctx *c, const struct due_new *d, int64_t *ret_id, const char **ret_ref)
{
    TRY(check_new(c, d));
    enum due_state first = d->owing.person == d->asking.person && d->class == CLASS_COMMITMENT
                               ? STATE_AGREED : rules_first(d->class); /* what one asks of oneself is agreed */
    const char *answer_by = NULL;
    if (first == STATE_ASKED) {
        struct days by_then;
        struct days_place where = place_of(d->study, d->study_site, d->owing.at_site);
        TRY(days_after(c, &where, ANSWER_DAYS, &by_then));
        answer_by = str_or(d->answer_by, by_then.on);
    }
    const char *first_due = first == STATE_ASKED ? NULL : d->due_on;
    struct due_get_row x = {.doing_null = true, .waits_on_null = true, .owing = d->owing.person, .asking = d->asking.person, .answer_by = answer_by, .due_on = d->due_on};
    struct turn t = turn_of(c->mem, &x, first);
    const char *ref = ref_new(c->mem);
    struct due_add_row row;
    TRY(db_one(c, &DUE_ADD,
               DB_IN(db_text(ref), db_int_or_null(d->study, !d->study), db_int_or_null(d->study_site, !d->study_site),
                     db_int_or_null(d->own_study, !d->own_study),
                     db_int(d->comp), db_text(d->kind), db_text(rules_class_word(d->class)), db_bool(d->gxp),
                     db_text(d->title), db_text(d->body), db_text(d->source), db_int(d->owing.person),
                     db_text(d->owing.role), db_bool(d->owing.at_site), db_int(d->asking.person),
                     db_text(d->asking.role), db_bool(d->asking.at_site), db_text(rules_state_word(first)),
                     db_int_or_null(t.turn, !t.turn), db_int_or_null(t.other, !t.other), db_text(t.next_on),
                     db_text(answer_by), db_text(d->due_on), db_text(d->due_why), db_text(d->due_calendar), db_text(first_due),
                     db_text(d->origin_key), db_time(c->now)),
               &row));
    struct thing about = about_of(d->study, d->study_site, d->owing.at_site || d->asking.at_site, d->comp);
    record_about(c, "commitment", row.id, ref, &about);
    record_change(c, "commitment", d->title, "title", NULL, d->title);
    record_change(c, "commitment", d->title, "class", NULL, rules_class_word(d->class));
    record_change(c, "commitment", d->title, "due_on", NULL, d->due_on);
    struct due_by by = {.side = SIDE_ASKING};
    int64_t step;
    TRY(due_add_step(c, row.id, "ask", first, d->due_on, &by, &step));
    *ret_id = row.id;
    *ret_ref = ref;
    return NULL;
}

err_t
due_unkey(struct ctx *c, int64_t due)
{
    struct due_get_row x;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &x));
    return x.origin_key ? db_run(c, &DUE_UNKEY, DB_IN(db_int(due), db_text(arena_printf(c->mem, "%s#%s", x.origin_key, x.ref))), NULL) : NULL;
}

/* ---- a step ---- */

static int32_t
day_or_none(const char *iso)
{
    int32_t day;
    return iso && date_parse(iso, &day) ? day : RULES_NO_DAY;
}

static err_t
check_needs(struct ctx *c, const struct due_get_row *x, const struct due_step *s, const struct due_by *by)
{
    int32_t day;
    bool date = (s->needs & (NEEDS_DATE | NEEDS_DAY)) || (s->to == STATE_AGREED && !x->due_on && s->action == ACTION_ACCEPT);
    if ((s->needs & NEEDS_REASON) && !by->reason && x->owing != x->asking)
        return err_field(c->mem, E_BAD_INPUT, "reason", "Please say why in a few words. The other side reads it.");
    if (!date)
        return NULL;
    if (!by->date)
        return err_field(c->mem, E_BAD_INPUT, "date", s->needs & NEEDS_DAY ? "Until when do you want to think?" : "By which day?");
    if (!date_parse(by->date, &day))
        return err_field(c->mem, E_BAD_INPUT, "date", "Give the day as in 2026-11-23.");
    if (day < c->today && by->side != SIDE_CLOCK) /* an event may have been earlier than it was noted */
        return err_field(c->mem, E_BAD_INPUT, "date", "That day is over. Give today or a later day.");
    return NULL;
}

static int64_t
days_since(struct ctx *c, const char *iso)
{
    int32_t day;
    return iso && date_parse(iso, &day) && day < c->today ? c->today - day : 0;
}

/* What a step changes beside the state, in the row. */
static err_t
apply(struct ctx *c, struct due_get_row *x, const struct due_step *s, const struct due_by *by)
{
    struct days answer, review;
    struct days_place owing = place_of(x->study_null ? 0 : x->study, x->site_null ? 0 : x->site, x->owing_at_site);
    struct days_place asking = place_of(x->study_null ? 0 : x->study, x->site_null ? 0 : x->site, x->asking_at_site);
    TRY(days_after(c, s->who == SIDE_OWING ? &asking : &owing, ANSWER_DAYS, &answer)); /* the other side's */
    TRY(days_after(c, &asking, REVIEW_DAYS, &review));
    char today[DATE_TEXT];
    date_iso(c->today, today);
    const char *now = arena_strdup(c->mem, today);
    x->think_until = NULL;
    switch (s->action) {
    case ACTION_ACCEPT:
        x->due_on = str_or(x->due_on, by->date);
        x->offer_on = NULL;
        break;
    case ACTION_COUNTER:
        if (s->who == SIDE_ASKING) { /* the ask itself changes */
            x->due_on = by->date;
            x->offer_on = NULL;
        } else {
            x->offer_on = by->date;
        }
        x->answer_by = answer.on;
        break;
    case ACTION_MOVE:
        if (x->owing == x->asking) {
            x->moves++;
            x->due_on = by->date;
            x->due_why = x->due_calendar = NULL;
            break;
        }
        x->offer_on = by->date;
        x->answer_by = answer.on;
        break;
    case ACTION_THINK:
        x->think_until = by->date;
        break;
    case ACTION_TAKE:
    case ACTION_AGREE_MOVE:
        x->moves += s->action == ACTION_AGREE_MOVE;
        x->due_on = x->offer_on;
        x->due_why = x->due_calendar = NULL; /* it was agreed, not computed */
        x->offer_on = NULL;
        break;
    case ACTION_KEEP_DATE:
    case ACTION_LEAVE_DATE:
        x->offer_on = NULL;
        break;
    case ACTION_DELIVER:
        due_stop_waiting(c, x);
        x->ended_on = x->owing == x->asking ? now : NULL;
        x->delivered_on = now;
        x->offer_on = NULL;
        x->review_by = review.on;
        break;
    case ACTION_SEND_BACK: /* the other side's own time is not the owing side's delay */
        x->waited_days += days_since(c, x->delivered_on);
        x->delivered_on = NULL;
        x->review_by = NULL;
        break;
    case ACTION_SHIFT:
        x->due_on = by->date;
        x->due_why = by->due_why;
        x->due_calendar = by->due_calendar;
        x->offer_on = NULL;
        break;
    case ACTION_THANK:
        x->thanked = true;
        break;
    case ACTION_DECLINE:
    case ACTION_WITHDRAW:
    case ACTION_RECEIVE:
    case ACTION_CLOSE:
    case ACTION_DROP:
        x->ended_on = now;
        break;
    case ACTION_ACKNOWLEDGE:
    case ACTION_CANNOT:
    case ACTION_COUNT:
        break;
    }
    if (s->to == STATE_AGREED && !x->first_due_on)
        x->first_due_on = x->due_on;
    return NULL;
}

err_t
due_save(struct ctx *c, const struct due_get_row *x, enum due_state to)
{
    struct turn t = turn_of(c->mem, x, to);
    return db_run(c, &DUE_SET,
                  DB_IN(db_int(x->id), db_text(rules_state_word(to)), db_bool(rules_state_open(to)),
                        db_int_or_null(t.turn, !t.turn), db_int_or_null(t.other, !t.other), db_text(t.next_on),
                        db_text(x->answer_by), db_text(x->think_until), db_text(x->due_on), db_text(x->due_why),
                        db_text(x->due_calendar), db_text(x->first_due_on), db_int(x->moves), db_int(x->waited_days),
                        db_int_or_null(x->waits_on, x->waits_on_null), db_text(x->waits_since), db_text(x->offer_on), db_text(x->delivered_on),
                        db_text(x->review_by), db_text(x->ended_on), db_bool(x->thanked), db_int_or_null(x->doing, x->doing_null)),
                  NULL);
}

/* A thank you is between the two: it is recorded with the item, but not in the study's history. */
void
due_note(struct ctx *c, const struct due_get_row *old, const struct due_get_row *x, const char *action, const char *to, const char *reason)
{
    struct thing about = {0};
    if (strcmp(action, rules_action_word(ACTION_THANK)) != 0)
        about = about_of(x->study_null ? 0 : x->study, x->site_null ? 0 : x->site, x->owing_at_site || x->asking_at_site,
                         (enum compartment)x->comp);
    record_about(c, "commitment", x->id, x->ref, &about);
    record_action(c, arena_printf(c->mem, "due.%s", action));
    if (reason)
        record_reason(c, reason);
    record_event(c);
    record_change(c, "commitment", x->title, "state", old->state, to);
    record_change(c, "commitment", x->title, "due on", old->due_on, x->due_on);
    record_change(c, "commitment", x->title, "offered", old->offer_on, x->offer_on);
    record_change(c, "commitment", x->title, "delivered on", old->delivered_on, x->delivered_on);
}

/* What waited for it goes on, and those for whom it was made follow. */
static err_t
tell(struct ctx *c, const struct due_get_row *x, const char *action, enum due_state state)
{
    if (state == STATE_DELIVERED || !rules_state_open(state)) {
        TRY(due_release(c, x->id));
        TRY(db_run(c, &LADDER_DONE, DB_IN(db_int(x->id)), NULL));
    }
    return feature_stepped(c, &(struct due_stepped){x->id, x->kind, x->origin_key, action, rules_state_word(state), x->due_on});
}

/* What this step took the place of, for who takes it back. */
static err_t
keep_undo(struct ctx *c, const struct due_get_row *old, int64_t step)
{
    TRY(db_run(c, &DUE_UNDO_DROP, DB_IN(db_int(old->id)), NULL));
    if (!c->who)
        return NULL;
    return db_run(c, &DUE_UNDO_ADD,
                  DB_IN(db_int(old->id), db_int(step), db_int(c->who->person), db_time(c->now), db_text(old->state),
                        db_text(old->answer_by), db_text(old->think_until), db_text(old->due_on), db_text(old->due_why),
                        db_text(old->due_calendar), db_text(old->first_due_on), db_int(old->moves), db_int(old->waited_days),
                        db_int_or_null(old->waits_on, old->waits_on_null), db_text(old->waits_since), db_text(old->offer_on),
                        db_text(old->delivered_on), db_text(old->review_by), db_text(old->ended_on), db_bool(old->thanked)),
                  NULL);
}

void
due_facts_of(struct ctx *c, const struct due_get_row *x, struct due_facts *ret)
{
    *ret = (struct due_facts){.due = day_or_none(x->due_on), .today = c->today, .thanked = x->thanked,
                               .own = x->owing == x->asking};
    INVARIANT(rules_class_find(x->class, &ret->class) && rules_state_find(x->state, &ret->state));
}

/* Where a step leads: with oneself nothing is agreed, and nobody looks at what was done. */
static enum due_state
lands(const struct due_get_row *x, const struct due_step *s)
{
    bool own = x->owing == x->asking;
    return own && s->action == ACTION_DELIVER ? STATE_KEPT : own && s->action == ACTION_MOVE ? STATE_AGREED : s->to;
}

err_t
due_step(struct ctx *c, int64_t due, enum due_action action, const struct due_by *by)
{
    struct due_get_row old, x;
    struct due_facts f;
    const char *why;
    int64_t step;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &old));
    x = old;
    due_facts_of(c, &x, &f);
    const struct due_step *s = rules_step(c->mem, &f, by->side, action, &why);
    if (!s)
        return err_new(c->mem, E_CONFLICT, "%s", why);
    TRY(check_needs(c, &x, s, by));
    TRY(apply(c, &x, s, by));
    enum due_state to = lands(&x, s);
    TRY(due_save(c, &x, to));
    due_note(c, &old, &x, rules_action_word(action), rules_state_word(to), by->reason);
    TRY(due_add_step(c, due, rules_action_word(action), to, to == STATE_AGREED ? x.due_on : str_or(x.offer_on, x.due_on), by, &step));
    TRY(keep_undo(c, &old, step));
    if (s->to == STATE_DELIVERED || (s->from != STATE_DELIVERED && s->to == STATE_KEPT))
        TRY(series_next(c, due));
    if (s->tells == TELLS_LADDER)
        TRY(ladder_climb(c, due));
    return tell(c, &x, rules_action_word(action), to);
}

err_t
due_undo(struct ctx *c, int64_t due)
{
    return due_undo_how(c, due, NULL);
}

err_t
due_undo_how(struct ctx *c, int64_t due, const char *how)
{
    struct due_get_row old, x;
    struct due_undo_get_row was;
    enum due_state to;
    bool found;
    int64_t step;
    TRY(db_maybe(c, &DUE_UNDO_GET, DB_IN(db_int(due), db_int(c->who->person), db_time(c->now - DUE_UNDO_US)), &was, &found));
    if (!found)
        return err_new(c->mem, E_CONFLICT, "That can be undone for one minute, by who did it, as long as nothing else happened. "
                                           "Now it needs a step of its own.");
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &old));
    INVARIANT(rules_state_find(was.state, &to));
    x = old;
    x.answer_by = was.answer_by, x.think_until = was.think_until, x.due_on = was.due_on;
    x.due_why = was.due_why, x.due_calendar = was.due_calendar, x.first_due_on = was.first_due_on;
    x.moves = was.moves, x.waited_days = was.waited_days, x.waits_on = was.waits_on, x.waits_on_null = was.waits_on_null;
    x.waits_since = was.waits_since, x.offer_on = was.offer_on, x.delivered_on = was.delivered_on;
    x.review_by = was.review_by, x.ended_on = was.ended_on, x.thanked = was.thanked;
    TRY(due_save(c, &x, to));
    due_note(c, &old, &x, "undo", was.state, NULL);
    TRY(db_run(c, &DUE_UNDO_DROP, DB_IN(db_int(due)), NULL));
    TRY(due_add_step(c, due, "undo", to, x.due_on, &(struct due_by){.how = how}, &step));
    return tell(c, &x, "undo", to);
}

err_t
due_retitle(struct ctx *c, int64_t due, const char *title)
{
    struct due_get_row x;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &x));
    if (!record_change(c, "commitment", x.title, "title", x.title, title))
        return NULL;
    record_also(c, "commitment", due);
    return db_run(c, &DUE_TITLE_SET, DB_IN(db_int(due), db_text(title)), NULL);
}

err_t
due_say(struct ctx *c, int64_t due, const char *text)
{
    return due_say_how(c, due, text, NULL);
}

err_t
due_say_how(struct ctx *c, int64_t due, const char *text, const char *how)
{
    struct due_get_row x;
    enum due_state state;
    int64_t step;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &x));
    INVARIANT(rules_state_find(x.state, &state));
    due_note(c, &x, &x, "say", x.state, NULL);
    TRY(tell(c, &x, "say", state));
    return due_add_step(c, due, "say", state, NULL, &(struct due_by){.reason = text, .how = how}, &step);
}
