/* steps.c: see steps.h. */
#include "features/notices/steps.h"

#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/notices/notices_sql.h"
#include "features/notices/outbox.h"
#include "features/notices/wish.h"

#include <string.h>

enum { STEPS = 500, PEOPLE = 200, LINKS = 20, ITEMS = 500 };
static const int64_t undo_us = DUE_UNDO_US, old_us = 3 * 86400 * (int64_t)1000000;
static const char cursor[] = "steps";

/* ---- whom to tell ---- */

/* What steps.def says; what is not in it (asked, said, passed on) is told. */
static bool
is_told(const struct notice_steps_row *x)
{
    enum due_action action;
    enum due_class class;
    if (x->undone || str_eq(x->action, "undo"))
        return false;
    if (!rules_action_find(x->action, &action) || !rules_class_find(x->class, &class))
        return true;
    for (size_t i = 0; i < rules_n_steps; i++) {
        const struct due_step *s = &rules_steps[i];
        if (s->action == action && s->classes & class && str_eq(rules_state_word(s->to), x->state))
            return s->tells != TELLS_NOBODY;
    }
    return false;
}

static err_t
tell(struct ctx *c, const struct notice_steps_row *x, int64_t person, bool reads)
{
    struct wish w;
    if (!reads || (!x->person_null && x->person == person))
        return NULL;
    TRY(wish_get(c, person, &w));
    if (w.mail == WISH_NONE)
        return NULL;
    return db_run(c, &NOTICE_STEP_ADD, DB_IN(db_int(x->id), db_int(person), db_int(x->due), db_time(wish_due(&w, c->now))), NULL);
}

/* What was told further up is told by mail too. */
static err_t
tell_further(struct ctx *c, const struct notice_steps_row *x)
{
    struct notice_told_row *t;
    size_t n;
    if (!str_eq(x->action, "escalate"))
        return NULL;
    TRY(db_list(c, &NOTICE_TOLD, DB_IN(db_int(x->due)), &t, &n));
    for (size_t i = 0; i < n; i++) {
        if (t[i].person != x->owing && t[i].person != x->asking)
            TRY(tell(c, x, t[i].person, true));
    }
    return NULL;
}

struct reading {
    int64_t from;
    bool more;
};

static err_t
read_some(struct ctx *c, void *arg)
{
    struct reading *r = arg;
    struct notice_cursor_row at;
    struct notice_steps_row *x;
    size_t n, i;
    int64_t changed;
    TRY(db_run(c, &NOTICE_CURSOR_BEGIN, DB_IN(db_text(cursor)), NULL));
    TRY(db_one(c, &NOTICE_CURSOR, DB_IN(db_text(cursor)), &at));
    TRY(db_list(c, &NOTICE_STEPS, DB_IN(db_int(at.at), db_int(STEPS)), &x, &n));
    for (i = 0; i < n && x[i].at <= c->now - undo_us; i++) {
        if (x[i].at < c->now - old_us || !is_told(&x[i]))
            continue;
        TRY(tell(c, &x[i], x[i].owing, x[i].owing_reads));
        if (x[i].asking != x[i].owing)
            TRY(tell(c, &x[i], x[i].asking, x[i].asking_reads));
        TRY(tell_further(c, &x[i]));
    }
    r->more = i == STEPS;
    if (i == 0)
        return NULL;
    TRY(db_run(c, &NOTICE_CURSOR_MOVE, DB_IN(db_text(cursor), db_int(at.at), db_int(x[i - 1].id)), &changed));
    return changed == 1 ? NULL : err_new(c->mem, E_UNAVAILABLE, "Another process tells of these steps.");
}

/* Whether there is anything to write at all: an idle installation is only read. */
static err_t
any_new(struct ctx *c, bool *ret)
{
    struct notice_cursor_row at;
    struct notice_steps_row *x;
    bool found;
    size_t n;
    TRY(db_maybe(c, &NOTICE_CURSOR, DB_IN(db_text(cursor)), &at, &found));
    TRY(db_list(c, &NOTICE_STEPS, DB_IN(db_int(found ? at.at : 0), db_int(1)), &x, &n));
    *ret = n && x[0].at <= c->now - undo_us;
    return NULL;
}

err_t
steps_read(struct ctx *c)
{
    struct reading r = {.more = true};
    bool any;
    TRY(any_new(c, &any));
    while (any && r.more)
        TRY(db_write(c, read_some, &r));
    return NULL;
}

/* ---- the mail ---- */

static const char *
things(struct arena *a, size_t n)
{
    static const char *const word[] = {"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"};
    return n < sizeof word / sizeof *word ? arena_printf(a, "%s thing%s", word[n], n == 1 ? "" : "s") : arena_printf(a, "%zu things", n);
}

static void
add_links(struct ctx *c, struct buf *b, const char *title, const struct notice_items_row *x, size_t n, int64_t person, bool mine)
{
    size_t shown = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        bool turn = !x[i].turn_null && x[i].turn == person;
        if (turn != mine || (!x[i].last_by_null && x[i].last_by == person))
            continue;
        if (all++ == 0)
            buf_printf(b, "%s\n", title);
        if (shown < LINKS && c->inst->public_url && ++shown)
            buf_printf(b, "%s/due/%s\n", c->inst->public_url, x[i].ref);
    }
    if (all > shown)
        buf_printf(b, shown ? "and %zu more\n" : "%zu in all\n", all - shown);
    if (all)
        buf_str(b, "\n");
}

static const char *
text_of(struct ctx *c, const struct notice_items_row *x, size_t n, int64_t person)
{
    struct buf b;
    const char *base = c->inst->public_url;
    buf_init(&b, c->mem);
    add_links(c, &b, "Your turn:", x, n, person, true);
    add_links(c, &b, "Moved on by the other side:", x, n, person, false);
    if (base)
        buf_printf(&b, "All of it: %s/my-day\n\nHow and when you get this mail: %s/me/notices\n", base, base);
    else
        buf_str(&b, "Sign in to Rapport to see it.\n");
    return buf_text(&b);
}

static err_t
mail_one(struct ctx *c, void *arg)
{
    int64_t person = *(const int64_t *)arg, last = 0;
    struct notice_items_row *x;
    size_t n, mine = 0, news = 0;
    TRY(db_list(c, &NOTICE_ITEMS, DB_IN(db_int(person), db_int(ITEMS)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        last = x[i].step > last ? x[i].step : last;
        if (!x[i].last_by_null && x[i].last_by == person)
            continue; /* she has been there since */
        mine += !x[i].turn_null && x[i].turn == person;
        news++;
    }
    TRY(db_run(c, &NOTICE_STEPS_DONE, DB_IN(db_int(person)), NULL));
    if (news == 0)
        return NULL;
    struct mail m = {.person = person, .text = text_of(c, x, n, person), .not_before = c->now,
                     .key = arena_printf(c->mem, "steps:%lld:%lld", (long long)person, (long long)last)};
    m.subject = mine ? arena_printf(c->mem, "%s wait%s for you in Rapport", things(c->mem, mine), mine == 1 ? "s" : "")
                     : arena_printf(c->mem, "%s moved on in Rapport", things(c->mem, news));
    return outbox_add(c, &m);
}

err_t
steps_mail(struct ctx *c)
{
    struct notice_people_row *x;
    size_t n;
    TRY(db_list(c, &NOTICE_PEOPLE, DB_IN(db_time(c->now), db_int(PEOPLE)), &x, &n));
    for (size_t i = 0; i < n; i++)
        TRY(db_write(c, mail_one, &x[i].person));
    return NULL;
}
