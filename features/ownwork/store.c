/* store.c: see store.h. */
#include "features/ownwork/store.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/ownwork/ownwork_sql.h"

#include <sodium.h>
#include <string.h>

err_t
own_find(struct ctx *c, const char *ref, struct own *ret)
{
    struct own_find_row x;
    bool found = false;
    if (c->who)
        TRY(db_maybe(c, &OWN_FIND, DB_IN(db_text(ref), db_int(c->who->person)), &x, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
    *ret = (struct own){x.id, x.made_by, x.ref, x.name, x.sponsor, !x.ended_null};
    return NULL;
}

void
own_note(struct ctx *c, const struct own *o)
{
    record_about(c, "own_study", o->id, o->ref, NULL);
    record_event(c);
}

err_t
own_new(struct ctx *c, const char *name, const char *sponsor, struct own *ret)
{
    struct own_study_add_row row;
    const char *ref = ref_new(c->mem);
    TRY(db_one(c, &OWN_STUDY_ADD, DB_IN(db_text(ref), db_text(name), db_text(sponsor), db_int(c->who->person), db_time(c->now)), &row));
    TRY(db_run(c, &OWN_PERSON_ADD, DB_IN(db_int(row.id), db_int(c->who->person), db_time(c->now)), NULL));
    *ret = (struct own){row.id, c->who->person, ref, name, sponsor, false};
    own_note(c, ret);
    return NULL;
}

/* ---- taking entries in ---- */

static const char *
key_of(struct ctx *c, const struct own *o, const struct own_line *x)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)x->uid, strlen(x->uid));
    return arena_printf(c->mem, "own:%s/%s", o->ref, str_hex(c->mem, hash, 16));
}

static err_t
add(struct ctx *c, const struct own *o, const struct own_line *x, const char *key)
{
    struct due_party me = {.person = c->who->person};
    struct due_new d = {.class = CLASS_COMMITMENT, .kind = "ask", .title = x->what, .source = x->who, .own_study = o->id,
                        .owing = me, .asking = me, .due_on = x->day, .origin_key = key};
    int64_t id;
    const char *ref;
    return due_create(c, &d, &id, &ref);
}

static err_t
step(struct ctx *c, int64_t due, enum due_action a, enum due_side side, const char *why, const char *date)
{
    return due_step(c, due, a, &(struct due_by){.side = side, .reason = why, .date = date, .how = "from the calendar"});
}

/* What is there already, against what the calendar says now. */
static err_t
follow(struct ctx *c, const struct own_line *x, const struct own_by_key_row *was, struct own_taken *t)
{
    enum due_state s;
    int32_t day;
    INVARIANT(rules_state_find(was->state, &s));
    bool open = rules_state_open(s), ahead = date_parse(x->day, &day) && day >= c->today;
    if (open && x->state != LINE_DUE) {
        t->ended++;
        return x->state == LINE_DONE ? step(c, was->id, ACTION_DELIVER, SIDE_OWING, NULL, NULL)
                                     : step(c, was->id, ACTION_WITHDRAW, SIDE_ASKING, "It was cancelled.", NULL);
    }
    bool moves = open && ahead && !str_eq(x->day, was->due_on), renamed = open && !str_eq(x->what, was->title);
    if (moves)
        TRY(step(c, was->id, ACTION_MOVE, SIDE_OWING, NULL, x->day));
    if (renamed)
        TRY(due_retitle(c, was->id, x->what));
    t->moved += moves || renamed;
    t->same += !moves && !renamed;
    return NULL;
}

err_t
own_take(struct ctx *c, const struct own *o, const struct own_line *x, size_t n, struct own_taken *ret)
{
    struct own_taken t = {0};
    for (size_t i = 0; i < n; i++) {
        struct own_by_key_row was;
        bool found;
        if (x[i].refused) {
            t.refused++;
            continue;
        }
        const char *key = key_of(c, o, &x[i]);
        TRY(db_maybe(c, &OWN_BY_KEY, DB_IN(db_text(key)), &was, &found));
        if (found)
            TRY(follow(c, &x[i], &was, &t));
        else if (x[i].state == LINE_DUE)
            TRY(add(c, o, &x[i], key));
        t.added += !found && x[i].state == LINE_DUE;
    }
    *ret = t;
    return NULL;
}

const char *
own_words(struct ctx *c, const struct own_taken *t)
{
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "%zu new, %zu moved or renamed, %zu ended, %zu as before", t->added, t->moved, t->ended, t->same);
    if (t->refused)
        buf_printf(&b, ", %zu could not be read", t->refused);
    return buf_text(&b);
}
