/* cover.c: acting for somebody who is away, and taking over for good. See cover.h. */
#include "features/commitments/cover.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/commitments/commitments_sql.h"
#include "features/commitments/share.h"

err_t
due_cover_ask(struct ctx *c, int64_t cover, const char *cover_name, const char *from_on, const char *to_on)
{
    int32_t from, to;
    if (!from_on || !date_parse(from_on, &from) || from < c->today)
        return err_field(c->mem, E_BAD_INPUT, "from_on", "Give the first day, today or later.");
    if (!to_on || !date_parse(to_on, &to) || to < from || to > from + 366)
        return err_field(c->mem, E_BAD_INPUT, "to_on", "Give the last day, at most a year after the first.");
    if (cover == c->who->person)
        return err_field(c->mem, E_BAD_INPUT, "cover", "Choose somebody else.");
    TRY(db_run(c, &COVER_ADD, DB_IN(db_text(ref_new(c->mem)), db_int(c->who->person), db_int(cover), db_text(from_on), db_text(to_on), db_time(c->now)), NULL));
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    record_change(c, "cover", cover_name, "from", NULL, from_on);
    record_change(c, "cover", cover_name, "until", NULL, to_on);
    return NULL;
}

err_t
due_cover_answer(struct ctx *c, const char *ref, const char *answer)
{
    struct cover_get_row x;
    bool found;
    TRY(db_maybe(c, &COVER_GET, DB_IN(db_text(ref)), &x, &found));
    bool end = str_eq(answer, "over"), cover = found && x.cover == c->who->person, own = found && x.person == c->who->person;
    if (!found || !(cover || (own && end)))
        return err_new(c->mem, E_NOT_FOUND, "There is no such cover.");
    if (!end && !str_eq(x.state, "asked"))
        return err_new(c->mem, E_CONFLICT, "That was answered already.");
    if (str_eq(x.state, answer))
        return err_new(c->mem, E_CONFLICT, "It is over already.");
    record_about(c, "person", x.person, NULL, NULL);
    record_change(c, "cover", x.name, "state", x.state, answer);
    return db_run(c, &COVER_SET, DB_IN(db_int(x.id), db_text(answer)), NULL);
}

err_t
due_covered(struct ctx *c, size_t most, struct due_covered **ret, size_t *ret_n)
{
    struct cover_now_row *x;
    char today[DATE_TEXT];
    size_t n;
    date_iso(c->today, today);
    TRY(db_list(c, &COVER_NOW, DB_IN(db_int(c->who->person), db_text(today), db_int((int64_t)most)), &x, &n));
    struct due_covered *out = arena_alloc(c->mem, (n + 1) * sizeof *out);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct due_covered){x[i].person, x[i].name, x[i].to_on};
    *ret = out;
    *ret_n = n;
    return NULL;
}

err_t
due_hand(struct ctx *c, int64_t due, int64_t from, int64_t to, const char *to_name, const char *from_name)
{
    struct due_get_row old, x;
    enum due_state state;
    int64_t step;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &old));
    INVARIANT(rules_state_find(old.state, &state));
    bool owing = old.owing == from, asking = old.asking == from, doing = !old.doing_null && old.doing == from;
    if (!rules_state_open(state) || !(owing || asking || doing) || from == to)
        return err_new(c->mem, E_CONFLICT, "That has ended, or is in other hands already.");
    x = old;
    x.owing = owing ? to : x.owing;
    x.asking = asking ? to : x.asking;
    x.doing_null = x.doing_null || doing || x.doing == to;
    x.doing = x.doing_null ? 0 : x.doing;
    TRY(db_run(c, &DUE_HAND, DB_IN(db_int(due), db_int(x.owing), db_int(x.asking)), NULL));
    TRY(due_save(c, &x, state));
    due_note(c, &old, &x, "hand", x.state, NULL);
    record_change(c, "commitment", x.title, owing || doing ? "owed by" : "owed to", from_name, to_name);
    TRY(due_add_step(c, due, "hand", state, x.due_on, &(struct due_by){.reason = arena_printf(c->mem, "%s had it before.", from_name)}, &step));
    return feature_stepped(c, &(struct due_stepped){due, x.kind, x.origin_key, "hand", rules_state_word(state), x.due_on});
}
