/* store.c: an event makes, moves and drops what is due. See playbooks.h; which lines begin is decided in
 * rules.c. */
#include "features/playbooks/store.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"

#include <stdio.h>
#include <string.h>

/* ---- lines ---- */

static struct playbook_line
line_of(const struct play_lines_row *x)
{
    struct playbook_line l = {.event = x->event, .key = x->key, .what = x->what, .owing = x->owing, .asking = x->asking, .n = x->n,
                              .calendar = x->calendar, .gxp = x->gxp, .hours = x->hours, .source = x->source, .off = x->off};
    INVARIANT(rules_class_find(x->class, &l.class) && holidays_unit_find(x->unit, &l.unit));
    return l;
}

err_t
playbook_load(struct ctx *c, int64_t version, struct playbook_line **ret, size_t *ret_n)
{
    struct play_lines_row *x;
    size_t n;
    if (!version) {
        *ret = arena_alloc(c->mem, playbook_n_lines * sizeof **ret);
        memcpy(*ret, playbook_lines, playbook_n_lines * sizeof **ret);
        *ret_n = playbook_n_lines;
        return NULL;
    }
    TRY(db_list(c, &PLAY_LINES, DB_IN(db_int(version)), &x, &n));
    struct playbook_line *l = arena_alloc(c->mem, (n + 1) * sizeof *l);
    for (size_t i = 0; i < n; i++)
        l[i] = line_of(&x[i]);
    *ret = l;
    *ret_n = n;
    return NULL;
}

err_t
playbook_in_force(struct ctx *c, int64_t study, int64_t site, int64_t *ret_version, struct playbook_signs *ret)
{
    struct play_in_force_row v;
    struct play_signed_row s;
    bool found, signed_ = false;
    TRY(db_maybe(c, &PLAY_IN_FORCE, DB_IN(db_int(study)), &v, &found));
    if (found && site)
        TRY(db_maybe(c, &PLAY_SIGNED, DB_IN(db_int(v.id), db_int(site)), &s, &signed_));
    *ret_version = found ? v.id : 0;
    *ret = (struct playbook_signs){.own = found, .sponsor = found, .site = signed_};
    return NULL;
}

/* ---- when ---- */

static err_t
calendar_for(struct ctx *c, const struct playbook_line *l, const struct playbook_event *e, struct holidays *ret)
{
    const char *owing, *asking;
    TRY(days_country(c, &(struct days_place){e->study, e->study_site, playbook_role_at_site(l->owing)}, &owing));
    TRY(days_country(c, &(struct days_place){e->study, e->study_site, playbook_role_at_site(l->asking)}, &asking));
    if (str_eq(l->calendar, "both"))
        return holidays_of_both(c, owing, asking, ret);
    return holidays_of(c, str_eq(l->calendar, "asking") ? asking : owing, ret);
}

/* Hours run from the minute of the event: the day on which the last one falls, and the time in words. */
static err_t
hours_after(struct ctx *c, const struct playbook_line *l, const struct playbook_event *e, int32_t day, const char *anchor, struct playbook_day *ret)
{
    unsigned hour = 0, minute = 0;
    char iso[DATE_TEXT];
    bool timed = e->time && sscanf(e->time, "%2u:%2u", &hour, &minute) == 2 && hour < 24 && minute < 60;
    int64_t minutes = (int64_t)hour * 60 + minute + l->n * 60;
    int32_t on = day + (int32_t)(minutes / (24 * 60));
    date_iso(on, iso);
    const char *reason = holidays_reason(c->mem, anchor, l->n, l->unit, NULL, false);
    if (timed)
        reason = arena_printf(c->mem, "%s: by %02d:%02d on %s", reason, (int)(minutes / 60 % 24), (int)(minutes % 60), date_words(c->mem, on, DATE_DAY));
    *ret = (struct playbook_day){arena_strdup(c->mem, iso), reason, NULL};
    return NULL;
}

err_t
playbook_day_of(struct ctx *c, const struct playbook_line *l, const struct playbook_event *e, struct playbook_day *ret)
{
    const struct playbook_def *def = playbook_event_find(l->event);
    struct holidays h = {0};
    struct calendar_sum sum;
    int32_t day;
    char iso[DATE_TEXT];
    const char *anchor = def ? def->anchor : l->event;
    if (!e->day || !date_parse(e->day, &day))
        return err_field(c->mem, E_BAD_INPUT, "day", "Give the day as in 2026-11-23.");
    if (l->unit == HOLIDAYS_HOURS)
        return hours_after(c, l, e, day, anchor, ret);
    if (l->unit == HOLIDAYS_BUSINESS_DAYS)
        TRY(calendar_for(c, l, e, &h));
    TRY(holidays_due(c, day, l->n, l->unit, &h, &sum));
    date_iso(sum.day, iso);
    *ret = (struct playbook_day){arena_strdup(c->mem, iso), holidays_reason(c->mem, anchor, l->n, l->unit, &h, sum.guessed), h.version};
    return NULL;
}

/* ---- who ---- */

/* Who holds the role there today, in the compartment of the event; nobody: the study manager, who then reads that. `ret->person` 0: not even
 * that. */
static err_t
holder(struct ctx *c, const struct playbook_event *e, const char *role, struct due_party *ret, bool *ret_stands_in)
{
    struct play_holder_row row;
    char today[DATE_TEXT];
    bool found;
    date_iso(c->today, today);
    *ret_stands_in = false;
    TRY(db_maybe(c, &PLAY_HOLDER, DB_IN(db_int(e->study), db_int(e->study_site), db_text(role), db_int(e->comp), db_text(today), db_int(e->person)), &row, &found));
    if (found) {
        *ret = (struct due_party){row.person, role, playbook_role_at_site(role)};
        return NULL;
    }
    TRY(db_maybe(c, &PLAY_HOLDER, DB_IN(db_int(e->study), db_int(0), db_text("study_manager"), db_int(e->comp), db_text(today), db_int(0)), &row, &found));
    *ret = (struct due_party){found ? row.person : 0, "study_manager", false};
    *ret_stands_in = true;
    return NULL;
}

static const char *
role_words(const char *word)
{
    enum role r;
    return role_find(word, &r) ? role_title(r) : word;
}

/* ---- one line ---- */

static const char *
line_key(struct arena *a, const struct playbook_event *e, const struct playbook_line *l)
{
    return arena_printf(a, "%s/%s", e->key, l->key);
}

static err_t
make_due(struct ctx *c, const struct playbook_line *l, const struct playbook_event *e, const struct playbook_day *day)
{
    bool stands_owing, stands_asking;
    int64_t id;
    const char *ref;
    struct due_new d = {.class = l->class, .kind = l->key, .source = l->source, .study = e->study, .study_site = e->study_site, .comp = e->comp,
                        .due_on = day->on, .due_why = day->why, .due_calendar = day->calendar, .gxp = l->gxp, .origin_key = line_key(c->mem, e, l)};
    TRY(holder(c, e, l->owing, &d.owing, &stands_owing));
    TRY(holder(c, e, l->asking, &d.asking, &stands_asking));
    if (!d.owing.person || !d.asking.person) /* a study without a manager yet, or nobody in that compartment: nobody could be told */
        return NULL;
    d.title = e->subject ? arena_printf(c->mem, "%s: %s", l->what, e->subject) : l->what;
    if (stands_owing)
        d.body = arena_printf(c->mem, "Nobody holds the role %s here today, so that this is with the study manager.", role_words(l->owing));
    return due_create(c, &d, &id, &ref);
}

static bool
movable(struct ctx *c, const struct play_due_row *x, const struct playbook_day *day)
{
    enum due_state state;
    int32_t due;
    bool frozen = !rules_state_find(x->state, &state) || !rules_state_open(state) || state == STATE_DELIVERED ||
                  (x->due_on && date_parse(x->due_on, &due) && due < c->today);
    return !frozen && !str_eq(x->due_on, day->on);
}

static err_t
apply_line(struct ctx *c, const struct playbook_line *l, const struct playbook_event *e, bool again)
{
    struct playbook_day day;
    struct play_due_row due;
    bool found;
    TRY(playbook_day_of(c, l, e, &day));
    TRY(db_maybe(c, &PLAY_DUE, DB_IN(db_text(line_key(c->mem, e, l))), &due, &found));
    if (!found) {
        int32_t on;
        if (again && date_parse(day.on, &on) && on < c->today) /* signed later: nothing is late by that */
            return NULL;
        return make_due(c, l, e, &day);
    }
    if (!movable(c, &due, &day))
        return NULL;
    return due_step(c, due.id, ACTION_SHIFT,
                    &(struct due_by){.side = SIDE_CLOCK, .who = "Rapport", .date = day.on, .due_why = day.why, .due_calendar = day.calendar,
                                     .reason = arena_printf(c->mem, "The event it follows is on %s.", date_words_iso(c->mem, e->day))});
}

/* ---- events ---- */

static err_t
keep_event(struct ctx *c, const struct playbook_event *e)
{
    struct play_event_get_row old;
    bool found;
    TRY(db_maybe(c, &PLAY_EVENT_GET, DB_IN(db_text(e->key)), &old, &found));
    const char *label = e->subject ? arena_printf(c->mem, "%s, %s", e->event, e->subject) : e->event;
    record_change(c, "event", label, "day", found ? old.day : NULL, e->day);
    if (found)
        return db_run(c, &PLAY_EVENT_SET, DB_IN(db_text(e->key), db_text(e->day), db_text(e->time), db_text(e->subject), db_text(NULL)), NULL);
    return db_run(c, &PLAY_EVENT_ADD,
                  DB_IN(db_text(ref_new(c->mem)), db_text(e->key), db_int(e->study), db_int_or_null(e->study_site, !e->study_site), db_int(e->comp),
                        db_text(e->event), db_text(e->day), db_text(e->time), db_text(e->subject), db_bool(e->by_hand), db_time(c->now)),
                  NULL);
}

static err_t
tell(struct ctx *c, const struct playbook_event *e, bool again)
{
    struct playbook_signs signs;
    struct playbook_line *l;
    int64_t version;
    int32_t day;
    size_t n;
    if (!playbook_event_find(e->event))
        return err_field(c->mem, E_BAD_INPUT, "event", "Choose one of the events of the list.");
    if (!e->day || !date_parse(e->day, &day))
        return err_field(c->mem, E_BAD_INPUT, "day", "Give the day as in 2026-11-23.");
    TRY(playbook_in_force(c, e->study, e->study_site, &version, &signs));
    TRY(playbook_load(c, version, &l, &n));
    if (!again)
        TRY(keep_event(c, e));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(l[i].event, e->event) && playbook_begins(&l[i], &signs))
            TRY(apply_line(c, &l[i], e, again));
    }
    return NULL;
}

err_t
playbook_event(struct ctx *c, const struct playbook_event *e)
{
    return tell(c, e, false);
}

err_t
playbook_again(struct ctx *c, const struct playbook_event *e)
{
    return tell(c, e, true);
}

/* Every item whose key begins with "KEY/". */
static err_t
items_of(struct ctx *c, const char *key, struct play_due_of_row **ret, size_t *ret_n)
{
    return db_list(c, &PLAY_DUE_OF, DB_IN(db_text(arena_printf(c->mem, "%s/", key)), db_text(arena_printf(c->mem, "%s0", key))), ret, ret_n);
}

err_t
playbook_gone(struct ctx *c, const char *key, const char *why)
{
    struct play_event_get_row e;
    struct play_due_of_row *x;
    size_t n;
    bool found;
    TRY(db_maybe(c, &PLAY_EVENT_GET, DB_IN(db_text(key)), &e, &found));
    if (!found)
        return NULL;
    TRY(items_of(c, key, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (!x[i].open || str_eq(x[i].state, "delivered"))
            continue;
        TRY(due_step(c, x[i].id, ACTION_DROP, &(struct due_by){.side = SIDE_CLOCK, .who = "Rapport", .reason = why}));
        TRY(due_unkey(c, x[i].id));
    }
    record_change(c, "event", e.event, "ended", e.ended_why, why);
    return db_run(c, &PLAY_EVENT_SET, DB_IN(db_text(key), db_text(e.day), db_text(e.at_time), db_text(e.subject), db_text(why)), NULL);
}

err_t
playbook_done(struct ctx *c, const char *key, const char *line, int64_t *ret_due)
{
    struct play_due_row due;
    bool found;
    *ret_due = 0;
    TRY(db_maybe(c, &PLAY_DUE, DB_IN(db_text(arena_printf(c->mem, "%s/%s", key, line))), &due, &found));
    bool owed = found && (str_eq(due.state, "agreed") || str_eq(due.state, "due") || str_eq(due.state, "acknowledged") || str_starts(due.state, "move_"));
    if (!owed)
        return NULL;
    *ret_due = due.id;
    return due_step(c, due.id, ACTION_DELIVER, &(struct due_by){.side = SIDE_OWING});
}
