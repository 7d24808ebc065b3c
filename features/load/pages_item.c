/* pages_item.c: on the page of one thing, for the person who owes it: that week's load before she says
 * yes, and what she expects it to take and what it took. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/load/load_sql.h"
#include "features/load/pages.h"

enum { MOST = 1000, OF_A_DAY = 24, WEEK = 7, ASIDES = 20 };

static void
add_field(struct view *fields, const char *name, const char *label, const char *type, const char *value)
{
    struct view *v = view_add_map(fields);
    view_text(v, "name", name);
    view_text(v, "label", label);
    view_text(v, "type", type);
    view_text(v, "value", value);
    view_bool(v, "number", str_eq(type, "number"));
}

static err_t
add_hours(struct ctx *c, const struct due_seen *d, int32_t minutes, bool said, struct view *card)
{
    struct load_spent_on_row *x;
    size_t n;
    int32_t spent = 0;
    char today[DATE_TEXT];
    date_iso(c->today, today);
    TRY(db_list(c, &LOAD_SPENT_ON, DB_IN(db_int(d->due), db_int(c->who->person)), &x, &n));
    for (size_t i = 0; i < n; i++)
        spent += (int32_t)x[i].minutes;
    struct view *f = view_map(card, "keeps"), *fields = view_list(f, "fields");
    view_textf(f, "to", "/due/%s/hours", d->ref);
    view_textf(f, "back", "/due/%s", d->ref);
    view_text(f, "button", "Keep my hours");
    view_textf(f, "words", "%s hours expected%s, %s spent so far. Nobody but you reads this.", plan_hours(c->mem, minutes),
               said ? "" : " as for others of its kind", plan_hours(c->mem, spent));
    add_field(fields, "estimated", "Hours you expect", "number", said ? plan_hours(c->mem, minutes) : NULL);
    add_field(fields, "spent", "Hours spent on a day", "number", NULL);
    add_field(fields, "on", "On which day", "date", arena_strdup(c->mem, today));
    return NULL;
}

/* Her answer is still open: to the ask, or to another date. */
static bool
undecided(const struct due_get_row *x, const char **ret_on)
{
    enum due_state s;
    bool found = rules_state_find(x->state, &s);
    *ret_on = s == STATE_MOVE_ASKING ? x->offer_on : x->due_on;
    return found && (s == STATE_ASKED || s == STATE_MOVE_ASKING);
}

/* What it takes her: as she said, or as others of its kind. */
static err_t
needs(struct ctx *c, const struct due_get_row *x, int32_t *ret, bool *ret_said)
{
    struct load_item_row item;
    int32_t usual;
    TRY(plan_kind(c, c->who->person, x->kind, &usual));
    TRY(db_maybe(c, &LOAD_ITEM, DB_IN(db_int(x->id), db_int(c->who->person)), &item, ret_said));
    *ret = *ret_said ? (int32_t)item.estimated : usual;
    return NULL;
}

static int32_t
from_today(const struct ctx *c, const char *on)
{
    int32_t day;
    return on && date_parse(on, &day) && day > c->today ? day : c->today;
}

/* That week's load and the first week with room, beside what is asked of her. */
err_t
page_load_asides(struct ctx *c, const int64_t *due, size_t n, const char **ret)
{
    struct plan p;
    bool planned = false;
    for (size_t i = 0; i < n && i < ASIDES; i++) {
        struct due_get_row x;
        const char *on;
        int32_t minutes;
        bool said;
        TRY(db_one(c, &DUE_GET, DB_IN(db_int(due[i])), &x));
        if (x.owing != c->who->person || !undecided(&x, &on))
            continue;
        if (!planned)
            TRY(plan_of(c, c->who->person, &p));
        planned = true;
        TRY(needs(c, &x, &minutes, &said));
        ret[i] = plan_words(c, &p, from_today(c, on), minutes);
    }
    return NULL;
}

err_t
page_load_cards(struct ctx *c, const struct due_seen *d, struct view *cards)
{
    struct due_get_row x;
    struct plan p;
    int32_t minutes, day;
    bool said;
    const char *on;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(d->due)), &x));
    if (x.owing != c->who->person)
        return NULL;
    struct view *card = view_add_map(cards);
    view_text(card, "title", "Your hours");
    TRY(needs(c, &x, &minutes, &said));
    if (undecided(&x, &on)) {
        TRY(plan_of(c, c->who->person, &p));
        day = from_today(c, on);
        view_html(card, "picture", plan_picture(c, &p, PLAN_BACK, PLAN_AHEAD + 1, (size_t)((day - p.week[0].monday) / WEEK), false));
    } else {
        view_text(card, "text", NULL);
        view_text(card, "picture", NULL);
    }
    return add_hours(c, d, minutes, said, card);
}

err_t
page_load_item(struct ctx *c, struct req *r, struct view *page)
{
    struct due_find_row row;
    struct due_wall_row x;
    int32_t estimated, spent, day;
    const char *on = req_form(r, "on");
    TRY(db_one(c, &DUE_FIND, DB_IN(db_text(req_param(r, "due"))), &row));
    TRY(db_one(c, &DUE_WALL, DB_IN(db_int(row.id)), &x));
    if (x.owing != c->who->person)
        return err_new(c->mem, E_FORBIDDEN, "Hours are kept by the person who does it.");
    TRY(page_load_minutes(c, r, "estimated", MOST, &estimated));
    TRY(page_load_minutes(c, r, "spent", OF_A_DAY, &spent));
    if (estimated < 0 && spent < 0)
        return err_field(c->mem, E_BAD_INPUT, "estimated", "Give the hours you expect, or those you spent.");
    if (spent >= 0 && (!on || !date_parse(on, &day) || day > c->today))
        return err_field(c->mem, E_BAD_INPUT, "on", "On which day? Give today or an earlier day.");
    if (estimated >= 0)
        TRY(db_run(c, &LOAD_ITEM_SET, DB_IN(db_int(row.id), db_int(c->who->person), db_int(estimated)), NULL));
    if (spent >= 0)
        TRY(db_run(c, &LOAD_SPENT_SET, DB_IN(db_int(row.id), db_int(c->who->person), db_text(on), db_int(spent)), NULL));
    page_load_note(c);
    flash_set(c, r, "Your hours are kept.");
    req_redirect(r, "/due/%s", req_param(r, "due"));
    return NULL;
}
