/* wish.c: see wish.h. */
#include "features/notices/wish.h"

#include "base/str.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/notices/notices_sql.h"

#include <string.h>

enum { MORNING = 7 * 60 };
static const char *const words[] = {[WISH_AT_ONCE] = "at_once", [WISH_DAILY] = "daily", [WISH_NONE] = "none"};

const char *
wish_word(enum wish_mail m)
{
    return words[m];
}

bool
wish_find(const char *word, enum wish_mail *ret)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq(word, words[i])) {
            *ret = (enum wish_mail)i;
            return true;
        }
    }
    return false;
}

err_t
wish_get(struct ctx *c, int64_t person, struct wish *ret)
{
    struct notice_wish_get_row row;
    bool found;
    TRY(db_maybe(c, &NOTICE_WISH_GET, DB_IN(db_int(person)), &row, &found));
    *ret = (struct wish){WISH_DAILY, MORNING, {WHEN_NEVER, WHEN_NEVER}, c->inst->zone_name, c->inst->zone};
    if (!found)
        return NULL;
    INVARIANT(wish_find(row.mail, &ret->mail));
    ret->at = (int)row.at;
    if (!row.quiet_from_null && !row.quiet_until_null)
        ret->quiet = (struct when_quiet){(int)row.quiet_from, (int)row.quiet_until};
    const struct tz *zone = tz_find(row.zone); /* NULL: no longer on this machine */
    ret->zone_name = zone ? row.zone : ret->zone_name;
    ret->zone = zone ? zone : ret->zone;
    return NULL;
}

int64_t
wish_due(const struct wish *w, int64_t now)
{
    return when_loud(w->zone, w->quiet, w->mail == WISH_DAILY ? when_next(w->zone, w->at, now) : now);
}

static const char *
quiet_text(struct ctx *c, const struct wish *w)
{
    return w->quiet.from == WHEN_NEVER ? NULL
         : arena_printf(c->mem, "%s to %s", when_text(c->mem, w->quiet.from), when_text(c->mem, w->quiet.until));
}

err_t
wish_set(struct ctx *c, int64_t person, const struct wish *w)
{
    struct wish old;
    struct core_person_row p;
    bool quiet = w->quiet.from != WHEN_NEVER;
    TRY(wish_get(c, person, &old));
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(person)), &p));
    record_about(c, "person", person, p.ref, NULL);
    record_change(c, "notice_wish", p.name, "mail", words[old.mail], words[w->mail]);
    record_change(c, "notice_wish", p.name, "time", when_text(c->mem, old.at), when_text(c->mem, w->at));
    record_change(c, "notice_wish", p.name, "quiet hours", quiet_text(c, &old), quiet_text(c, w));
    record_change(c, "notice_wish", p.name, "time zone", old.zone_name, w->zone_name);
    record_event(c);
    TRY(db_run(c, &NOTICE_WISH_SET,
               DB_IN(db_int(person), db_text(words[w->mail]), db_int(w->at), db_text(w->zone_name),
                     db_int_or_null(w->quiet.from, !quiet), db_int_or_null(w->quiet.until, !quiet)), NULL));
    if (w->mail == WISH_NONE)
        return db_run(c, &NOTICE_STEPS_LEAVE, DB_IN(db_int(person)), NULL);
    return db_run(c, &NOTICE_STEPS_MOVE, DB_IN(db_int(person), db_time(wish_due(w, c->now))), NULL);
}

err_t
wish_stop(struct ctx *c, int64_t person)
{
    struct wish w;
    TRY(wish_get(c, person, &w));
    w.mail = WISH_NONE;
    return wish_set(c, person, &w);
}
