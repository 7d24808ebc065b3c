/* letter.c: mails with a link, to somebody without an account. See outsider.h. They go through the outbox,
 * which waits as long as a step can be taken back and sends at most one a day to an address. Nothing of what is
 * asked stands in them: a mail can be read on its way. Without a public address of the installation there is no
 * link to send, and who asks passes hers on. */
#include "features/answers/outsider.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/answers/answers_sql.h"
#include "features/notices/outbox.h"

/* Long enough for the mail of a step that is taken back to wait still. */
enum { RECENT_US = 2 * 60 * 1000000 };

static const char *
key_of(struct ctx *c, int64_t link)
{
    return arena_printf(c->mem, "answer:%lld", (long long)link);
}

static err_t
send(struct ctx *c, const struct answer_link_newest_row *l, const char *token, const char *name, const char *subject, const char *what)
{
    const char *url = arena_printf(c->mem, "%s/a/%s", c->inst->public_url, token);
    const char *until = date_words(c->mem, tz_day(c->inst->zone, l->expires), DATE_DAY);
    const char *text = arena_printf(c->mem, "%s,\n\n%s\n\n%s\n\nThe page opens without an account, until %s. It is for you alone: please give\n"
                                            "the link to nobody.\n", name, what, url, until);
    return outbox_add(c, &(struct mail){.person = l->person, .subject = subject, .text = text, .key = key_of(c, l->id)});
}

err_t
letter_asked(struct ctx *c, int64_t due, const char *token)
{
    struct answer_link_newest_row l;
    struct answer_item_row x;
    if (!c->inst->public_url)
        return NULL;
    TRY(db_one(c, &ANSWER_LINK_NEWEST, DB_IN(db_int(due)), &l));
    TRY(db_one(c, &ANSWER_ITEM, DB_IN(db_int(due)), &x));
    const char *what = arena_printf(c->mem, "%s asks you for something. What, why and by when stands on this page, where you\n"
                                            "answer yes, another date, or not yours:", x.asking_name);
    return send(c, &l, token, x.owing_name, arena_printf(c->mem, "%s asks you for something", x.asking_name), what);
}

/* What the asking side does that she should know of. */
static bool
tells_her(const char *action)
{
    static const char *const words[] = {"take", "counter", "withdraw", "move", "agree-move", "keep-date", "leave-date", "receive", "send-back", "say"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_eq(action, words[i]))
            return true;
    }
    return false;
}

err_t
letter_stepped(struct ctx *c, const struct due_stepped *s)
{
    struct answer_link_newest_row l;
    struct answer_item_row x;
    const char *token;
    bool found;
    TRY(db_maybe(c, &ANSWER_LINK_NEWEST, DB_IN(db_int(s->due)), &l, &found));
    bool hers = !found || !c->who || c->who->person == l.person;
    if (hers || !l.ended_null || l.expires <= c->now || !c->inst->public_url)
        return NULL;
    if (str_eq(s->action, "undo")) /* its mail waits still, and tells of nothing any more */
        return l.by_step && l.created > c->now - RECENT_US ? outbox_drop(c, key_of(c, l.id)) : NULL;
    if (!tells_her(s->action))
        return NULL;
    TRY(outsider_more(c, s->due, &token));
    TRY(db_one(c, &ANSWER_LINK_NEWEST, DB_IN(db_int(s->due)), &l));
    TRY(db_one(c, &ANSWER_ITEM, DB_IN(db_int(s->due)), &x));
    const char *what = arena_printf(c->mem, "There is news about what %s asked you for. It stands on this page:", x.asking_name);
    return send(c, &l, token, x.owing_name, arena_printf(c->mem, "News from %s", x.asking_name), what);
}
