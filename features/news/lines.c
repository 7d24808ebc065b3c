/* lines.c: whom a new line of a thread concerns. Called inside the transaction that writes the line, so
 * that there is no news of what did not happen; open pages hear of it once it is durable. */
#include "base/str.h"
#include "core/may.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/news/news_sql.h"
#include "features/news/pages.h"

enum { DAYS = 30, AT_ONCE = 1000, MOST = 24 };

struct circle {
    int64_t person[MOST];
    size_t n;
};

static void
take_in(struct circle *k, int64_t person)
{
    for (size_t i = 0; i < k->n; i++) {
        if (k->person[i] == person)
            return;
    }
    if (k->n < MOST)
        k->person[k->n++] = person;
}

/* A thank you is between the two. */
static err_t
circle_of(struct ctx *c, int64_t due, const char *action, struct circle *ret)
{
    struct news_sides_row x;
    struct news_told_row *t;
    size_t n;
    *ret = (struct circle){0};
    TRY(db_one(c, &NEWS_SIDES, DB_IN(db_int(due)), &x));
    take_in(ret, x.owing);
    take_in(ret, x.asking);
    if (str_eq(action, rules_action_word(ACTION_THANK)))
        return NULL;
    if (!x.doing_null)
        take_in(ret, x.doing);
    TRY(db_list(c, &NEWS_TOLD, DB_IN(db_int(due)), &t, &n));
    for (size_t i = 0; i < n; i++)
        take_in(ret, t[i].person);
    return NULL;
}

err_t
lines_note(struct ctx *c, int64_t due, const char *action, int64_t step)
{
    struct circle k;
    int64_t me = c->who ? c->who->person : 0;
    TRY(circle_of(c, due, action, &k));
    bool undo = str_eq(action, "undo");
    if (undo && me)
        TRY(db_run(c, &NEWS_UNDONE, DB_IN(db_int(due), db_int(me), db_time(c->now - DUE_UNDO_US)), NULL));
    for (size_t i = 0; i < k.n; i++) {
        db_tell(c, k.person[i]); /* who wrote it too: she may have another page open */
        if (k.person[i] != me && !undo)
            TRY(db_run(c, &NEWS_ADD, DB_IN(db_int(k.person[i]), db_int(due), db_int(step), db_time(c->now)), NULL));
    }
    if (me)
        db_tell(c, me);
    return NULL;
}

static err_t
drop_some(struct ctx *c, void *arg)
{
    const int64_t *before = arg;
    return db_run(c, &NEWS_DROP, DB_IN(db_time(*before), db_int(AT_ONCE)), NULL);
}

err_t
lines_drop(struct ctx *c)
{
    int64_t before = c->now - DAYS * 86400 * (int64_t)1000000;
    struct news_old_row x;
    TRY(db_one(c, &NEWS_OLD, DB_IN(db_time(before)), &x));
    return x.there ? db_write(c, drop_some, &before) : NULL;
}
