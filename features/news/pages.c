/* pages.c: What moved: the lines that others wrote in the threads of what is due from me and to me, newest
 * first; and the stream by which an open page hears that there is one more. */
#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/news/news_sql.h"
#include "features/news/pages.h"
#include "http/url.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 30 };

/* A number not below 0 at the beginning of a text. */
static bool
number(const char *text, int64_t *ret, const char **ret_rest)
{
    size_t n = text ? strspn(text, "0123456789") : 0;
    if (n == 0 || n > 18)
        return false;
    *ret = strtoll(text, NULL, 10);
    *ret_rest = text + n;
    return true;
}

static const char *
day_words(struct ctx *c, int32_t day)
{
    return day == c->today ? "Today" : day == c->today - 1 ? "Yesterday" : date_words(c->mem, day, DATE_DAY);
}

static void
add_row(struct ctx *c, const struct news_list_row *x, struct view *rows)
{
    int64_t minutes = (x->at + (int64_t)tz_offset(c->inst->zone, x->at, NULL) * 1000000) / 60000000 % (24 * 60);
    struct view *v = view_add_map(rows);
    view_text(v, "who", x->who);
    view_text(v, "what", due_done_words(x->action));
    view_text(v, "title", x->title);
    view_textf(v, "href", "/due/%s", x->ref);
    view_text(v, "where", x->study);
    view_textf(v, "time", "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

/* What an open page shows of what came since: one line, or how many. */
static void
add_newest(struct ctx *c, const struct news_list_row *x, size_t n, bool more, struct view *page)
{
    struct view *v = view_map(page, "newest");
    int64_t newest = 0;
    for (size_t i = 0; i < n; i++)
        newest = x[i].id > newest ? x[i].id : newest;
    view_int(v, "id", newest);
    if (n > 1) {
        view_textf(v, "text", more ? "More than %zu things moved" : "%zu things moved", n);
        return;
    }
    struct view *one = view_map(v, "one");
    view_text(one, "who", x[0].who);
    view_text(one, "what", due_done_words(x[0].action));
    view_text(one, "title", x[0].title);
    view_textf(one, "href", "/due/%s", x[0].ref);
}

static void
add_pager(struct ctx *c, const struct news_list_row *x, size_t n, bool more, bool later, struct view *page)
{
    if (!more && !later)
        return;
    struct view *v = view_map(page, "pager");
    if (later)
        view_text(v, "prev", "/me/news");
    if (more)
        view_textf(v, "next", "/me/news?before=%lld-%lld", (long long)x[n - 1].at, (long long)x[n - 1].id);
}

static void
add_empty(struct view *page)
{
    struct view *v = view_map(page, "empty");
    view_text(v, "title", "Nothing moved in the last 30 days");
    view_text(v, "text", "When somebody answers you, delivers, or asks you for something, it stands here, and you see it at once in whichever page is open.");
    view_text(v, "href", "/my-day");
    view_text(v, "action", "To my day");
}

err_t
page_news(struct ctx *c, struct req *r, struct view *page)
{
    struct news_list_row *x;
    const char *rest = req_query(r, "before");
    int64_t before = 0, id = 0;
    bool later = number(rest, &before, &rest) && *rest == '-' && number(rest + 1, &id, &rest);
    struct view *days = view_list(page, "days"), *rows = NULL;
    int32_t last = 0;
    size_t n;
    TRY(db_list(c, &NEWS_LIST, DB_IN(db_int(c->who->person), db_int_or_null(0, true), later ? db_time(before) : db_null(DB_TIME), db_int(id), db_int(PAGE + 1)), &x, &n));
    bool more = n > PAGE;
    n -= more;
    for (size_t i = 0; i < n; i++) {
        int32_t day = tz_day(c->inst->zone, x[i].at);
        if (!rows || day != last) {
            struct view *group = view_add_map(days);
            view_text(group, "day", day_words(c, day));
            rows = view_list(group, "rows");
            last = day;
        }
        add_row(c, &x[i], rows);
    }
    add_pager(c, x, n, more, later, page);
    if (n == 0)
        add_empty(page);
    return NULL;
}

err_t
page_news_since(struct ctx *c, struct req *r, struct view *page)
{
    struct news_list_row *x;
    const char *rest;
    int64_t after = 0;
    size_t n;
    bool given = number(req_query(r, "after"), &after, &rest);
    TRY(db_list(c, &NEWS_LIST, DB_IN(db_int(c->who->person), db_int_or_null(after, !given), db_null(DB_TIME), db_int(0), db_int(PAGE + 1)), &x, &n));
    if (n)
        add_newest(c, x, n > PAGE ? PAGE : n, n > PAGE, page);
    return NULL;
}

err_t
page_news_stream(struct ctx *c, struct req *r, struct view *page)
{
    req_stream(r, c->who->person);
    return NULL;
}

err_t
news_last(struct ctx *c, int64_t *ret)
{
    struct news_last_row x;
    TRY(db_one(c, &NEWS_LAST, DB_IN(db_int(c->who->person)), &x));
    *ret = x.id;
    return NULL;
}
