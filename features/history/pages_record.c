/* pages_record.c: the record of a study as an inspector reads it: rows with hash and seal, and all of
 * it as a table to take away. */
#include "base/csv.h"
#include "base/date.h"
#include "base/str.h"
#include "core/deeds.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/history/cursor.h"
#include "features/history/history_sql.h"
#include "features/history/pages.h"
#include "features/history/rules.h"
#include "features/studies/studies.h"

struct reading {
    struct ctx *c;
    struct view *rows;
    struct buf *csv;
    int64_t last;
    bool more, numbers;
};

/* The place of a row in the tree counts the rows of all studies: only who runs the installation, or
 * directs the organisation that does, is told it. The hash finds the row as well. */
static bool
sees_numbers(const struct ctx *c)
{
    if (may(c->who, PERM_ADMIN, NULL))
        return true;
    for (size_t i = 0; i < c->who->n_rights; i++) {
        const struct right *right = &c->who->rights[i];
        if (right->role == ROLE_DIRECTOR && c->inst->home && right->organisation == c->inst->home)
            return true;
    }
    return false;
}

static err_t
add_row(struct ctx *c, void *arg, const struct history_row *r, const struct sightline *s,
        const struct body *b, bool *ret_stop)
{
    struct reading *x = arg;
    if (x->rows->kids.n == LIST_PAGE) {
        x->more = *ret_stop = true;
        return NULL;
    }
    char iso[TIME_TEXT];
    time_iso(r->at, iso);
    x->last = r->id;
    struct view *v = view_add_map(x->rows);
    view_text(v, "when", list_when(x->c, r->at));
    view_text(v, "when_iso", iso);
    view_text(v, "who", r->who);
    view_text(v, "what", deed_words(r->action));
    view_text(v, "action", r->action);
    view_bool(v, "sealed", !r->idx_null);
    if (x->numbers && !r->idx_null)
        view_int(v, "index", r->idx);
    view_text(v, "hash", r->hash ? str_hex(x->c->mem, r->hash, r->hash_len) : NULL);
    return NULL;
}

err_t
page_record(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "history", page));
    struct list_ask ask = {.of = OF_STUDY, .thing = t, .kind = "study", .id = t->study,
                           .before = cursor_id(c, req_query(r, "before"))};
    struct reading x = {.c = c, .rows = view_list(page, "rows"), .numbers = sees_numbers(c)};
    TRY(list_each(c, &ask, add_row, &x));
    view_bool(page, "numbers", x.numbers);
    struct view *pager = view_map(page, "pager");
    view_textf(pager, "text", "%zu shown, newest first", x.rows->kids.n);
    if (x.more)
        view_textf(pager, "next", "/studies/%s/record?before=%s", t->study_ref, cursor_text(c, x.last));
    struct history_last_checkpoint_row point;
    bool found;
    TRY(db_maybe(c, &HISTORY_LAST_CHECKPOINT, DB_NONE, &point, &found));
    if (found && x.numbers) {
        struct view *v = view_map(page, "checkpoint");
        view_text(v, "when", list_when(c, point.at));
        view_int(v, "size", point.size);
        view_text(v, "root", str_hex(c->mem, point.root, point.root_len));
    }
    return NULL;
}

/* ---- to take away ---- */

static void
csv_line(struct reading *x, const struct history_row *r, const struct sightline *s, const struct body *b,
         const struct change *ch)
{
    char iso[TIME_TEXT];
    time_iso(r->at, iso);
    csv_cell(x->csv, iso);
    csv_cell(x->csv, s->who ? r->who : "Somebody");
    csv_cell(x->csv, r->action);
    csv_cell(x->csv, deed_words(r->action));
    csv_cell(x->csv, ch ? ch->table : NULL);
    csv_cell(x->csv, ch ? ch->label : NULL);
    csv_cell(x->csv, ch ? ch->field : NULL);
    csv_cell(x->csv, ch ? rules_change_old(x->c->mem, ch, 0) : NULL);
    csv_cell(x->csv, ch ? rules_change_new(x->c->mem, ch, 0) : NULL);
    csv_cell(x->csv, s->reason ? b->reason : NULL);
    csv_cell(x->csv, r->hash ? str_hex(x->c->mem, r->hash, r->hash_len) : NULL);
    csv_end(x->csv);
}

static err_t
add_lines(struct ctx *c, void *arg, const struct history_row *r, const struct sightline *s,
          const struct body *b, bool *ret_stop)
{
    struct reading *x = arg;
    size_t lines = 0;
    for (size_t i = 0; i < b->n_changes; i++) {
        if (!wall_change(c, r, s, &b->changes[i]))
            continue;
        csv_line(x, r, s, b, &b->changes[i]);
        lines++;
    }
    if (lines == 0)
        csv_line(x, r, s, b, NULL);
    if (arena_full(x->c->mem))
        return err_new(x->c->mem, E_TOO_LARGE, "The history is too long for one file. Choose fewer days.");
    return NULL;
}

/* An export is noted in the record, therefore a POST. */
err_t
page_history_export(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct list_ask ask = {.of = OF_STUDY, .thing = t, .kind = "study", .id = t->study, .before = INT64_MAX};
    const char *href;
    TRY(pages_filter(c, r, req_form, &ask, NULL, &href));
    struct buf csv;
    buf_init(&csv, c->mem);
    buf_str(&csv, "time,who,action,what,table,row,field,old,new,reason,hash\r\n");
    struct reading x = {.c = c, .csv = &csv};
    TRY(list_each(c, &ask, add_lines, &x));
    record_about(c, "study", t->study, t->study_ref, t);
    record_event(c);
    req_body(r, "text/csv; charset=utf-8", arena_printf(c->mem, "history-%s.csv", t->study_ref), buf_text(&csv), csv.len);
    return NULL;
}
