/* list.c: see list.h. Every page costs the rows it shows and those it must pass over; bodies, which
 * may be long, are read one at a time into memory that is emptied after each. */
#include "features/history/list.h"

#include "base/date.h"
#include "base/str.h"
#include "core/deeds.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/history/cursor.h"
#include "features/history/history_sql.h"
#include "features/history/rules.h"

#include <string.h>

enum { BATCH = LIST_PAGE + 10, LONGEST = 300, SCRATCH = 256 << 20 };

/* Both queries have these columns. */
#define ROW_OF(x)                                                                                  \
    ((struct history_row){.id = (x)->id, .at = (x)->at, .person = (x)->person, .study = (x)->study, \
                          .comp = (x)->comp, .thing_id = (x)->thing_id, .idx = (x)->idx,           \
                          .person_null = (x)->person_null, .study_null = (x)->study_null,          \
                          .thing_id_null = (x)->thing_id_null, .idx_null = (x)->idx_null,          \
                          .who = (x)->who, .action = (x)->action, .kind = (x)->kind,               \
                          .thing = (x)->thing, .hash = (x)->hash, .hash_len = (x)->hash_len})

static err_t
by_person(struct ctx *c, const struct list_ask *ask, int64_t before, struct history_row **ret, size_t *ret_n)
{
    struct history_by_person_row *x;
    TRY(db_list(c, &HISTORY_BY_PERSON, DB_IN(db_int(ask->id), db_int(before), db_int(BATCH)), &x, ret_n));
    struct history_row *rows = arena_alloc(c->mem, *ret_n * sizeof *rows);
    for (size_t i = 0; i < *ret_n; i++)
        rows[i] = ROW_OF(&x[i]);
    *ret = rows;
    return NULL;
}

static struct db_val
time_or_null(int64_t us)
{
    struct db_val v = db_time(us);
    v.null = us == 0;
    return v;
}

static err_t
of_thing(struct ctx *c, const struct list_ask *ask, int64_t before, struct history_row **ret, size_t *ret_n)
{
    struct history_of_thing_row *x;
    TRY(db_list(c, &HISTORY_OF_THING,
                DB_IN(db_text(ask->kind), db_int(ask->id), db_int(before), db_int_or_null(ask->actor, !ask->actor),
                      db_text(ask->action), time_or_null(ask->since), time_or_null(ask->until), db_int(BATCH)),
                &x, ret_n));
    struct history_row *rows = arena_alloc(c->mem, *ret_n * sizeof *rows);
    for (size_t i = 0; i < *ret_n; i++)
        rows[i] = ROW_OF(&x[i]);
    *ret = rows;
    return NULL;
}

/* Decides about one row, reading its body where that is needed. */
static err_t
look(struct ctx *c, struct wall *w, const struct history_row *r, list_fn *fn, void *arg, bool *ret_stop)
{
    struct sightline s;
    struct body b = {0};
    bool needs_body;
    TRY(wall_row(c, w, r, &s, &needs_body));
    if (!s.show && !needs_body)
        return NULL;
    TRY(body_read(c, r->id, &b));
    if (needs_body)
        TRY(wall_apart(c, w, r, &b, &s));
    if (!s.show)
        return NULL;
    wall_body(w, r, &b, &s);
    return fn(c, arg, r, &s, &b, ret_stop);
}

static err_t
each_batch(struct ctx *c, struct ctx *inner, const struct list_ask *ask, list_fn *fn, void *arg)
{
    struct wall w;
    wall_begin(c, &w, ask->of, ask->thing);
    bool stop = false;
    size_t n = BATCH;
    for (int64_t before = ask->before; n == BATCH && !stop;) {
        struct history_row *rows;
        struct arena_mark mark = arena_save(inner->mem);
        TRY((ask->of == OF_SELF ? by_person : of_thing)(inner, ask, before, &rows, &n));
        for (size_t i = 0; i < n && !stop; i++) {
            struct arena_mark row = arena_save(inner->mem);
            TRY(look(inner, &w, &rows[i], fn, arg, &stop));
            before = rows[i].id;
            arena_restore(inner->mem, row);
        }
        arena_restore(inner->mem, mark);
    }
    return NULL;
}

err_t
list_each(struct ctx *c, const struct list_ask *ask, list_fn *fn, void *arg)
{
    struct ctx inner = *c;
    inner.mem = arena_new(SCRATCH);
    err_t e = err_keep(c->mem, each_batch(c, &inner, ask, fn, arg));
    arena_free(inner.mem);
    return e;
}

/* ---- as a page ---- */

const char *
list_when(struct ctx *c, int64_t us)
{
    const char *zone = "UTC";
    int64_t local = us / 1000000 + tz_offset(c->inst->zone, us, &zone);
    int64_t minute = (local % 86400 + 86400) % 86400 / 60;
    return arena_printf(c->mem, "%s, %02d:%02d %s", date_words(c->mem, tz_day(c->inst->zone, us), DATE_DAY),
                        (int)(minute / 60), (int)(minute % 60), zone);
}

struct filling {
    struct ctx *c; /* of the page: its memory outlives the rows */
    const struct list_ask *ask;
    struct view *list;
    int64_t last;
    bool more;
};

static void
fill_changes(struct ctx *c, struct ctx *page, const struct history_row *r, const struct sightline *s,
             const struct body *b, const char *own, struct view *entry)
{
    struct view *list = view_list(entry, "changes");
    size_t hidden = 0;
    for (size_t i = 0; i < b->n_changes; i++) {
        const struct change *ch = &b->changes[i];
        if (!wall_change(c, r, s, ch))
            continue;
        if (list->kids.n == LIST_CHANGES) {
            hidden++;
            continue;
        }
        struct view *v = view_add_map(list);
        view_text(v, "name", rules_change_name(page->mem, ch, own));
        view_text(v, "old", rules_change_old(page->mem, ch, LONGEST));
        view_text(v, "new", rules_change_new(page->mem, ch, LONGEST));
    }
    if (hidden) {
        struct view *v = view_add_map(list);
        view_textf(v, "name", "And %zu more", hidden);
        view_text(v, "new", "too many to show here");
    }
}

/* What was done: the words of the deed; on one's own page with the study. */
static void
fill_deed(const struct filling *f, const struct history_row *r, const struct sightline *s, struct view *entry)
{
    const char *words = deed_words(r->action);
    if (s->study && f->ask->of != OF_STUDY && f->ask->of != OF_SITE)
        view_textf(entry, "what", "%s · %s", words, s->study->study_ref);
    else
        view_text(entry, "what", words);
}

static err_t
add_entry(struct ctx *c, void *arg, const struct history_row *r, const struct sightline *s,
          const struct body *b, bool *ret_stop)
{
    struct filling *f = arg;
    if (f->list->kids.n == LIST_PAGE) {
        f->more = *ret_stop = true;
        return NULL;
    }
    char iso[TIME_TEXT];
    time_iso(r->at, iso);
    f->last = r->id;
    struct view *entry = view_add_map(f->list);
    view_text(entry, "who", s->who ? r->who : "Somebody");
    fill_deed(f, r, s, entry);
    view_text(entry, "when", list_when(f->c, r->at));
    view_text(entry, "when_iso", iso);
    view_text(entry, "why", s->reason && !str_empty(b->reason) ? b->reason : NULL);
    fill_changes(c, f->c, r, s, b, f->ask->thing ? f->ask->thing->study_ref : NULL, entry);
    if (arena_full(f->c->mem))
        return err_new(f->c->mem, E_TOO_LARGE, "This history is too long for one page. Use a filter.");
    return NULL;
}

err_t
list_view(struct ctx *c, const struct list_ask *ask, const char *href, struct view *page)
{
    struct filling f = {.c = c, .ask = ask, .list = view_list(page, "history")};
    TRY(list_each(c, ask, add_entry, &f));
    size_t n = f.list->kids.n;
    if (n == 0) {
        bool narrowed = ask->actor || ask->action || ask->since || ask->until || ask->before != INT64_MAX;
        struct view *empty = view_map(page, "empty");
        view_text(empty, "title", narrowed ? "Nothing fits" : "Nothing has happened yet");
        view_text(empty, "text", narrowed ? "Take a filter away, or choose other days."
                                          : "Every change appears here by itself, with who made it, when and why.");
        return NULL;
    }
    struct view *pager = view_map(page, "pager");
    view_textf(pager, "text", "%zu shown, newest first", n);
    if (f.more)
        view_textf(pager, "next", "%sbefore=%s", href, cursor_text(c, f.last));
    return NULL;
}
