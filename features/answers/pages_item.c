/* pages_item.c: what the staff's page of an item shows of the link and the files, and making a new link or
 * ending it. Who asks decides about the link; files are for the two sides. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/answers/answers_sql.h"
#include "features/answers/pages.h"

static void
link_card(struct ctx *c, const struct due_seen *d, const struct answer_link_newest_row *l, struct view *cards)
{
    struct view *v = view_add_map(cards), *forms = view_list(v, "forms"), *form = view_add_map(forms);
    const char *until = date_words(c->mem, tz_day(c->inst->zone, l->expires), DATE_DAY);
    bool ended = !l->ended_null, over = l->expires <= c->now;
    view_text(v, "title", "Link to answer");
    view_textf(v, "text", ended ? "The link for %s was ended." : over ? "The link for %s is over since %s." : "Sent to %s. It holds until %s.",
               l->masked, until);
    struct view *line = view_add_map(view_list(v, "lines"));
    view_text(line, "text", l->name);
    view_text(line, "note", l->affiliation);
    view_textf(form, "action", "/due/%s/link", d->ref);
    view_text(form, "label", "Make a new link");
    if (ended || over)
        return;
    form = view_add_map(forms);
    view_textf(form, "action", "/due/%s/link/end", d->ref);
    view_text(form, "label", "End the link");
}

err_t
page_answer_cards(struct ctx *c, const struct due_seen *d, struct view *cards)
{
    struct answer_link_newest_row l;
    bool found;
    if (!d->owing && !d->asking)
        return NULL;
    TRY(db_maybe(c, &ANSWER_LINK_NEWEST, DB_IN(db_int(d->due)), &l, &found));
    if (found && d->asking)
        link_card(c, d, &l, cards);
    struct answer_files_row *files;
    size_t n;
    TRY(db_list(c, &ANSWER_FILES, DB_IN(db_int(d->due)), &files, &n));
    if (n == 0)
        return NULL;
    struct view *v = view_add_map(cards);
    view_text(v, "title", "Files");
    view_null(v, "text");
    return papers_list(c, d->due, arena_printf(c->mem, "/due/%s/files", d->ref), view_list(v, "lines"));
}

/* The item of the address, for who acts for one of its sides; with `asking`, for who asked. */
static err_t
item_of(struct ctx *c, const struct req *r, bool must_ask, int64_t *ret)
{
    struct answer_by_ref_row row;
    struct thing t;
    bool owing, asking;
    TRY(db_one(c, &ANSWER_BY_REF, DB_IN(db_text(req_param(r, "due"))), &row));
    TRY(due_look(c, row.id, &t, &owing, &asking));
    if (must_ask && !asking)
        return err_new(c->mem, E_FORBIDDEN, "Who asked decides about the link.");
    if (!owing && !asking)
        return err_new(c->mem, E_NOT_FOUND, "There is no such file, or it is not open to you.");
    *ret = row.id;
    return NULL;
}

static err_t
about(struct ctx *c, int64_t due, struct answer_item_row *ret)
{
    struct thing t;
    bool owing, asking;
    TRY(db_one(c, &ANSWER_ITEM, DB_IN(db_int(due)), ret));
    TRY(due_look(c, due, &t, &owing, &asking));
    record_about(c, "commitment", due, ret->ref, &t);
    record_event(c);
    return NULL;
}

err_t
page_answer_link(struct ctx *c, struct req *r, struct view *page)
{
    struct answer_item_row x;
    const char *token;
    int64_t due;
    TRY(item_of(c, r, true, &due));
    TRY(outsider_renew(c, due, OUTSIDER_DAYS, &token));
    TRY(letter_asked(c, due, token));
    TRY(about(c, due, &x));
    struct view *v = view_map(page, "made");
    view_bool(v, "mailed", c->inst->public_url != NULL);
    view_text(v, "name", x.owing_name);
    view_text(v, "ref", x.ref);
    view_bool(v, "again", true);
    view_textf(v, "path", "/a/%s", token);
    view_text(v, "url", outsider_url(c, r, token));
    return NULL;
}

err_t
page_answer_end(struct ctx *c, struct req *r, struct view *page)
{
    struct answer_item_row x;
    int64_t due;
    TRY(item_of(c, r, true, &due));
    TRY(outsider_end(c, due));
    TRY(about(c, due, &x));
    flash_set(c, r, "The link leads nowhere any more.");
    req_redirect(r, "/due/%s", x.ref);
    return NULL;
}

err_t
page_answer_paper(struct ctx *c, struct req *r, struct view *page)
{
    int64_t due;
    TRY(item_of(c, r, false, &due));
    return papers_send(c, r, due, req_param(r, "answer_file"));
}
