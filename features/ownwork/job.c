/* job.c: reads the calendar addresses whose time has come, and drops lists that nobody took. Called once a
 * minute. A process takes an address by moving its next time; reading happens outside any transaction. */
#include "features/ownwork/store.h"

#include "base/str.h"
#include "core/account.h"
#include "core/inst.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/ownwork/ownwork_sql.h"

enum { AT_ONCE = 5 };
static const int64_t hour_us = (int64_t)3600 * 1000000;

struct reading {
    const struct own_feeds_next_row *feed;
    bool mine;
    const struct own_line *line;
    size_t n;
    const char *failed;
};

static err_t
take_turn(struct ctx *c, void *arg)
{
    struct reading *x = arg;
    struct own_feed_take_row row;
    return db_maybe(c, &OWN_FEED_TAKE, DB_IN(db_int(x->feed->id), db_time(x->feed->next_at), db_time(c->now + hour_us)), &row, &x->mine);
}

static err_t
read_calendar(struct ctx *c, struct reading *x)
{
    const char *url, *text;
    size_t n;
    TRY(vault_open(c, OWN_FEED_PURPOSE, x->feed->sealed, x->feed->sealed_len, &url, &n));
    TRY(fetch_read(c, arena_strndup(c->mem, url, n), &text, &n));
    struct own_line *line;
    TRY(feed_ics_read(c->mem, text, n, c->today, c->inst->zone, &line, &x->n));
    x->line = line;
    return NULL;
}

static err_t
only_result(struct ctx *c, void *arg)
{
    const struct reading *x = arg;
    return db_run(c, &OWN_FEED_RESULT, DB_IN(db_int(x->feed->id), db_time(c->now), db_bool(false), db_text(x->failed)), NULL);
}

/* Who keeps it may have left the study meanwhile: then nothing is taken. */
static err_t
take_in(struct ctx *c, void *arg)
{
    const struct reading *x = arg;
    struct own_taken t;
    struct own o;
    TRY(who_load(c, x->feed->person, &c->who));
    TRY(own_find(c, x->feed->own_ref, &o));
    TRY(own_take(c, &o, x->line, x->n, &t));
    TRY(db_run(c, &OWN_FEED_RESULT, DB_IN(db_int(x->feed->id), db_time(c->now), db_bool(true), db_text(own_words(c, &t))), NULL));
    if (!t.added && !t.moved && !t.ended)
        return NULL;
    record_action(c, "own.feed.read");
    own_note(c, &o);
    return NULL;
}

static err_t
one(struct ctx *c, const struct own_feeds_next_row *feed)
{
    struct reading x = {.feed = feed};
    TRY(db_write(c, take_turn, &x));
    if (!x.mine)
        return NULL;
    err_t e = read_calendar(c, &x);
    if (!e) {
        const struct who *before = c->who;
        e = record_transaction(c, &(struct record_work){"own.feed.read", NULL, "Rapport", take_in, &x});
        c->who = before;
    }
    if (!e)
        return NULL;
    x.failed = str_short(c->mem, e->text, 300);
    return db_write(c, only_result, &x);
}

static err_t
drop_drafts(struct ctx *c, void *arg)
{
    return db_run(c, &OWN_DRAFTS_OLD, DB_IN(db_time(c->now - 24 * hour_us)), NULL);
}

err_t
own_job(struct ctx *c)
{
    struct own_feeds_next_row *x;
    struct own_drafts_any_row any;
    bool found;
    size_t n;
    TRY(db_maybe(c, &OWN_DRAFTS_ANY, DB_IN(db_time(c->now - 24 * hour_us)), &any, &found));
    if (found) /* an idle installation is only read */
        TRY(db_write(c, drop_drafts, NULL));
    TRY(db_list(c, &OWN_FEEDS_NEXT, DB_IN(db_time(c->now), db_int(AT_ONCE)), &x, &n));
    for (size_t i = 0; i < n; i++)
        TRY(one(c, &x[i]));
    return NULL;
}
