/* pages_feed.c: one's own calendar address, which any calendar program can read: what needs one, by
 * day. Whoever has the address reads it, so it is made by the person, shown once, and ended at will. */
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/ics.h"
#include "features/commitments/pages.h"

#include <string.h>

enum { EVENTS = 500, TOKEN = 24 };

err_t
page_feed(struct ctx *c, struct req *r, struct view *page)
{
    struct due_feed_get_row row;
    bool found;
    TRY(db_maybe(c, &DUE_FEED_GET, DB_IN(db_int(c->who->person)), &row, &found));
    view_bool(page, "there", found);
    if (found)
        view_text(page, "since", date_words(c->mem, tz_day(c->inst->zone, row.created), DATE_DAY));
    return NULL;
}

static const char *
base_of(struct ctx *c, const struct req *r)
{
    const char *host = str_or(req_header(r, "Host"), "127.0.0.1");
    return c->inst->public_url ? c->inst->public_url : arena_printf(c->mem, "%s://%s", req_secure(r) ? "https" : "http", host);
}

/* The address is in the page of this answer only: the database keeps a hash of it. */
err_t
page_feed_make(struct ctx *c, struct req *r, struct view *page)
{
    const char *token = token_new(c->mem, TOKEN);
    unsigned char hash[32];
    token_hash(token, hash);
    TRY(db_run(c, &DUE_FEED_DROP, DB_IN(db_int(c->who->person)), NULL));
    TRY(db_run(c, &DUE_FEED_ADD, DB_IN(db_int(c->who->person), db_blob(hash, sizeof hash), db_time(c->now)), NULL));
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    record_event(c);
    view_textf(page, "path", "/feed/%s.ics", token);
    view_textf(page, "url", "%s/feed/%s.ics", base_of(c, r), token);
    return page_feed(c, r, page);
}

err_t
page_feed_end(struct ctx *c, struct req *r, struct view *page)
{
    TRY(db_run(c, &DUE_FEED_DROP, DB_IN(db_int(c->who->person)), NULL));
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    record_event(c);
    flash_set(c, r, "The address leads nowhere any more.");
    req_redirect(r, "/my-day/feed");
    return NULL;
}

static err_t
person_of(struct ctx *c, const char *value, int64_t *ret)
{
    struct due_feed_find_row row;
    unsigned char hash[32];
    bool found = str_ends(value, ".ics");
    if (found) {
        token_hash(arena_strndup(c->mem, value, strlen(value) - strlen(".ics")), hash);
        TRY(db_maybe(c, &DUE_FEED_FIND, DB_IN(db_blob(hash, sizeof hash)), &row, &found));
    }
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such calendar. A new address is made on the page My day.");
    *ret = row.person;
    return NULL;
}

static struct ics_event
event_of(struct ctx *c, const struct req *r, const struct due_list_row *x)
{
    const char *place = x->study_null ? x->own_name : str_or(x->study_acronym, x->study_code);
    return (struct ics_event){
        .uid = arena_printf(c->mem, "%s@rapport", x->ref), .day = x->next_on,
        .title = place ? arena_printf(c->mem, "%s (%s)", x->title, place) : x->title,
        .text = x->due_why, .url = arena_printf(c->mem, "%s/due/%s", base_of(c, r), x->ref), .stamp = x->created};
}

err_t
page_feed_read(struct ctx *c, struct req *r, struct view *page)
{
    int64_t person = 0;
    struct due_turn_row *turn;
    struct due_list_row *x;
    size_t n, found;
    TRY(person_of(c, req_param(r, "feed"), &person));
    TRY(db_list(c, &DUE_TURN, DB_IN(db_int(person), db_text(NULL), db_int_or_null(0, true), db_int(EVENTS)), &turn, &n));
    int64_t *ids = arena_alloc(c->mem, n * sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = turn[i].id;
    TRY(line_fetch(c, ids, n, &x, &found));
    struct ics_event *v = arena_alloc(c->mem, found * sizeof *v);
    for (size_t i = 0; i < found; i++)
        v[i] = event_of(c, r, &x[i]);
    const char *text = ics_calendar(c->mem, "My day in Rapport", v, found);
    req_body(r, "text/calendar; charset=utf-8", "my-day.ics", text, strlen(text));
    return NULL;
}
