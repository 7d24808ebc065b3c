/* share.c: waiting on another thing, and a colleague who does it. See share.h; called by store.c and the page of
 * an item. */
#include "features/commitments/share.h"

#include "base/date.h"
#include "base/str.h"
#include "core/record.h"
#include "db/db.h"

enum { CHAIN = 50 };

/* States in which the owing side is at it. */
static bool
is_owed(enum due_state s)
{
    return s == STATE_AGREED || s == STATE_DUE || s == STATE_ACKNOWLEDGED;
}

static err_t
owed(struct ctx *c, int64_t due, struct due_get_row *ret, enum due_state *ret_state)
{
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), ret));
    INVARIANT(rules_state_find(ret->state, ret_state));
    if (!is_owed(*ret_state))
        return err_new(c->mem, E_CONFLICT, "That is possible while it is owed. Now it is: %s.", rules_state_words(*ret_state));
    return NULL;
}

static const char *
iso_today(struct ctx *c)
{
    char iso[DATE_TEXT];
    date_iso(c->today, iso);
    return arena_strdup(c->mem, iso);
}

/* Walks what `from` waits on; E_CONFLICT when it comes to `due`. */
static err_t
no_circle(struct ctx *c, int64_t due, int64_t from)
{
    struct due_get_row x;
    struct buf chain;
    buf_init(&chain, c->mem);
    int64_t at = from;
    for (int i = 0; i < CHAIN; i++) {
        if (at == due)
            return err_new(c->mem, E_CONFLICT, "The two would wait for one another: %s waits on this.", i ? buf_text(&chain) : "it");
        TRY(db_one(c, &DUE_GET, DB_IN(db_int(at)), &x));
        buf_printf(&chain, "%s\u201c%s\u201d", chain.len ? ", which waits on " : "", x.title);
        if (x.waits_on_null)
            return NULL;
        at = x.waits_on;
    }
    return err_new(c->mem, E_CONFLICT, "That chain is too long: more than %d things wait on one another.", CHAIN);
}

err_t
due_wait(struct ctx *c, int64_t due, int64_t other)
{
    struct due_get_row old, x, y;
    enum due_state state, other_state;
    int64_t step;
    TRY(owed(c, due, &old, &state));
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(other)), &y));
    if (!old.waits_on_null)
        return err_new(c->mem, E_CONFLICT, "It waits on something already.");
    INVARIANT(rules_state_find(y.state, &other_state));
    if (!rules_state_open(other_state) || other_state == STATE_DELIVERED)
        return err_new(c->mem, E_CONFLICT, "Nothing waits on what is delivered or ended.");
    TRY(no_circle(c, due, other));
    x = old;
    x.waits_on = other;
    x.waits_on_null = false;
    x.waits_since = iso_today(c);
    TRY(due_save(c, &x, state));
    due_note(c, &old, &x, "wait", x.state, NULL);
    record_change(c, "commitment", x.title, "waits on", NULL, y.ref);
    return due_add_step(c, due, "wait", state, x.due_on, NULL, &step);
}

void
due_stop_waiting(struct ctx *c, struct due_get_row *x)
{
    int32_t since;
    if (x->waits_since && date_parse(x->waits_since, &since) && since < c->today)
        x->waited_days += c->today - since;
    x->waits_on = 0;
    x->waits_on_null = true;
    x->waits_since = NULL;
}

static err_t
go_on(struct ctx *c, int64_t due, const struct due_by *by, bool main)
{
    struct due_get_row old, x;
    enum due_state state;
    int64_t step;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &old));
    INVARIANT(rules_state_find(old.state, &state));
    x = old;
    due_stop_waiting(c, &x);
    TRY(due_save(c, &x, state));
    if (main)
        due_note(c, &old, &x, "wait-end", x.state, NULL);
    else
        record_also(c, "commitment", due);
    record_change(c, "commitment", x.title, "waits since", old.waits_since, NULL);
    return due_add_step(c, due, "wait-end", state, x.due_on, by, &step);
}

err_t
due_wait_end(struct ctx *c, int64_t due)
{
    struct due_get_row x;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &x));
    if (x.waits_on_null)
        return err_new(c->mem, E_CONFLICT, "It waits on nothing.");
    return go_on(c, due, NULL, true);
}

err_t
due_release(struct ctx *c, int64_t due)
{
    struct due_waiters_row *x;
    size_t n;
    TRY(db_list(c, &DUE_WAITERS, DB_IN(db_int(due)), &x, &n));
    for (size_t i = 0; i < n; i++)
        TRY(go_on(c, x[i].id, &(struct due_by){.who = "Rapport"}, false));
    return NULL;
}

/* ---- a colleague does it ---- */

err_t
due_pass(struct ctx *c, int64_t due, int64_t to, const char *name, const char *why)
{
    struct due_get_row old, x;
    enum due_state state;
    int64_t step;
    TRY(owed(c, due, &old, &state));
    if (to == old.owing)
        to = 0;
    if (old.doing_null ? to == 0 : to == old.doing)
        return err_new(c->mem, E_CONFLICT, to ? "She does it already." : "It is with who owes it already.");
    x = old;
    x.doing = to;
    x.doing_null = to == 0;
    TRY(due_save(c, &x, state));
    const char *action = to ? "pass" : "pass-back";
    due_note(c, &old, &x, action, x.state, why);
    record_change(c, "commitment", x.title, "done by", old.doing_null ? old.owing_name : old.doing_name, to ? name : x.owing_name);
    const char *note = to && why ? arena_printf(c->mem, "%s: %s", name, why) : to ? name : why;
    return due_add_step(c, due, action, state, x.due_on, &(struct due_by){.reason = note}, &step);
}
