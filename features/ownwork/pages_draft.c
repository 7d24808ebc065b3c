/* pages_draft.c: a pasted list or a calendar file, looked over before it counts: all of it, or nothing. */
#include "features/ownwork/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/ownwork/ownwork_sql.h"

#include <string.h>

static err_t
keep(struct ctx *c, struct req *r, bool calendar, const char *name, const char *text)
{
    struct own o;
    const char *ref = ref_new(c->mem);
    TRY(own_find(c, req_param(r, "own"), &o));
    TRY(db_run(c, &OWN_DRAFT_ADD,
               DB_IN(db_text(ref), db_int(o.id), db_int(c->who->person), db_bool(calendar), db_text(name), db_time(c->now), db_text(text)), NULL));
    own_note(c, &o);
    req_redirect(r, "/own/%s/look/%s", o.ref, ref);
    return NULL;
}

static err_t
read(struct ctx *c, bool calendar, const char *text, struct own_line **ret, size_t *ret_n)
{
    if (!calendar)
        return lines_read(c->mem, text, c->today, ret, ret_n);
    return feed_ics_read(c->mem, text, strlen(text), c->today, c->inst->zone, ret, ret_n);
}

err_t
page_own_paste(struct ctx *c, struct req *r, struct view *page)
{
    struct own_line *x;
    size_t n;
    TRY(read(c, false, req_form(r, "text"), &x, &n));
    if (n == 0)
        return err_field(c->mem, E_BAD_INPUT, "text", "There is no line to read.");
    return keep(c, r, false, "pasted list", req_form(r, "text"));
}

err_t
page_own_file(struct ctx *c, struct req *r, struct view *page)
{
    const struct req_file *f = req_file(r, "file");
    struct own_line *x;
    size_t n;
    if (!f || f->size == 0 || f->size > FETCH_MOST || !utf8_valid(f->data, f->size))
        return err_field(c->mem, E_BAD_INPUT, "file", "Choose a calendar file (.ics) of at most 1 MB.");
    const char *text = arena_strndup(c->mem, f->data, f->size);
    TRY(read(c, true, text, &x, &n));
    if (n == 0)
        return err_field(c->mem, E_BAD_INPUT, "file", "There is nothing in it that is still ahead.");
    return keep(c, r, true, str_short(c->mem, f->name, 120), text);
}

static err_t
find(struct ctx *c, struct req *r, struct own *o, struct own_draft_row *ret)
{
    bool found;
    TRY(own_find(c, req_param(r, "own"), o));
    TRY(db_maybe(c, &OWN_DRAFT, DB_IN(db_text(req_param(r, "own_draft")), db_int(o->id), db_int(c->who->person)), ret, &found));
    return found ? NULL : err_new(c->mem, E_NOT_FOUND, "This was taken in already, or it waited longer than a day.");
}

static void
add_line(struct ctx *c, const struct own_line *x, struct view *list)
{
    struct view *v = view_add_map(list);
    view_int(v, "number", x->number);
    view_text(v, "text", x->text);
    view_text(v, "what", x->what);
    view_text(v, "who", x->who);
    view_text(v, "day", date_words_iso(c->mem, x->day));
    view_text(v, "refused", x->refused);
    view_text(v, "state", x->state == LINE_CANCELLED ? "cancelled" : x->state == LINE_DONE ? "done" : NULL);
}

err_t
page_own_draft(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    struct own_draft_row d;
    struct own_line *x;
    size_t n, refused = 0;
    TRY(find(c, r, &o, &d));
    TRY(read(c, d.calendar, d.text, &x, &n));
    struct view *v = view_map(page, "own"), *good = view_list(page, "rows"), *bad = view_list(page, "refused");
    view_text(v, "ref", o.ref);
    view_text(v, "name", o.name);
    for (size_t i = 0; i < n; i++) {
        refused += x[i].refused != NULL;
        add_line(c, &x[i], x[i].refused ? bad : good);
    }
    view_text(page, "draft", req_param(r, "own_draft"));
    view_text(page, "name", d.name);
    view_bool(page, "calendar", d.calendar);
    view_text(page, "pasted", d.calendar ? NULL : d.text);
    view_int(page, "n", (int64_t)(n - refused));
    view_int(page, "n_refused", (int64_t)refused);
    view_bool(page, "may_take", refused == 0);
    return NULL;
}

err_t
page_own_take(struct ctx *c, struct req *r, struct view *page)
{
    struct own o;
    struct own_draft_row d;
    struct own_line *x;
    struct own_taken t;
    size_t n;
    TRY(find(c, r, &o, &d));
    TRY(read(c, d.calendar, d.text, &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (x[i].refused)
            return err_new(c->mem, E_CONFLICT, "%s %d could not be read, so nothing was taken: %s", d.calendar ? "Entry" : "Line", x[i].number, x[i].refused);
    }
    TRY(own_take(c, &o, x, n, &t));
    TRY(db_run(c, &OWN_DRAFT_DROP, DB_IN(db_int(d.id)), NULL));
    record_action(c, "own.take");
    own_note(c, &o);
    flash_set(c, r, arena_printf(c->mem, "Taken in: %s.", own_words(c, &t)));
    req_redirect(r, "/own/%s", o.ref);
    return NULL;
}
