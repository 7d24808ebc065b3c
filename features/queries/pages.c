/* pages.c: a study's queries: how many wait at each site and how long, and who owes whom the answer; and the
 * page that brings in the file. Ages are business days of the side whose turn it is. */
#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "core/core_sql.h"
#include "core/draw.h"
#include "core/flash.h"
#include "core/holidays.h"
#include "core/inst.h"
#include "core/reach.h"
#include "core/record.h"
#include "db/db.h"
#include "features/queries/pages.h"
#include "features/queries/queries_sql.h"
#include "features/studies/studies.h"

#include <string.h>

enum { AGES = 20000, DAYS = 5, WORK_MEMORY = 1 << 30, SHOWN = 50 };

/* ---- the list ---- */

struct side {
    int64_t n, over;
    int64_t oldest; /* business days */
};
struct at_site {
    int64_t site;
    struct side open, answered;
};

static err_t
count(struct ctx *c, const struct query_ages_row *x, const struct holidays *h, struct side *s)
{
    int32_t day;
    INVARIANT(date_parse(x->since_on, &day));
    int64_t age = calendar_count(&h->calendar, day, c->today).n;
    s->n += x->n;
    s->over += age > DAYS ? x->n : 0;
    s->oldest = age > s->oldest ? age : s->oldest;
    return NULL;
}

/* Within five business days, and over. */
static const char *
bar(struct ctx *c, const struct side *s, int64_t most)
{
    enum { W = 100, H = 8 };
    struct buf b;
    buf_init(&b, c->mem);
    double in = W * draw_share((double)(s->n - s->over), (double)most), over = W * draw_share((double)s->over, (double)most);
    draw_open(&b, &(struct draw_svg){.w = W, .h = H, .cls = "waits", .stretch = true});
    draw_rect(&b, "bg", 0, 0, W, H, 0);
    draw_rect(&b, NULL, 0, 0, in, H, 0);
    draw_rect(&b, "over", in, 0, over, H, 0);
    draw_close(&b);
    return buf_text(&b);
}

static void
add_side(struct ctx *c, const struct side *s, int64_t most, struct view *v)
{
    view_int(v, "n", s->n);
    view_int(v, "over", s->over);
    if (s->n)
        view_textf(v, "oldest", s->oldest == 1 ? "%lld day" : "%lld days", (long long)s->oldest);
    view_html(v, "bar", s->n ? bar(c, s, most) : NULL);
}

static err_t
home_holidays(struct ctx *c, struct holidays *ret)
{
    struct core_org_row org;
    bool found;
    TRY(db_maybe(c, &CORE_ORG, DB_IN(db_int(c->inst->home)), &org, &found));
    return holidays_of(c, found ? org.country : NULL, ret);
}

static err_t
gather(struct ctx *c, const struct query_ages_row *x, size_t n, const struct query_sites_row *w, size_t n_sites, struct at_site *ret, int64_t *ret_most)
{
    struct holidays home, here;
    TRY(home_holidays(c, &home));
    for (size_t i = 0; i < n_sites; i++) {
        bool any = false;
        ret[i] = (struct at_site){.site = w[i].id};
        for (size_t k = 0; k < n; k++) {
            if (x[k].site != w[i].id)
                continue;
            if (!any)
                TRY(holidays_of(c, w[i].country, &here));
            any = true;
            bool open = str_eq(x[k].state, rows_state_name(ROWS_IS_OPEN));
            TRY(count(c, &x[k], open ? &here : &home, open ? &ret[i].open : &ret[i].answered));
        }
        *ret_most = ret[i].open.n > *ret_most ? ret[i].open.n : *ret_most;
        *ret_most = ret[i].answered.n > *ret_most ? ret[i].answered.n : *ret_most;
    }
    return NULL;
}

static void
add_site(struct ctx *c, const struct thing *t, const struct query_sites_row *w, const struct at_site *s, int64_t most, struct view *rows)
{
    struct view *v = view_add_map(rows);
    view_text(v, "title", site_title(c->mem, w->number, w->label, w->facility, w->organisation, w->placeholder, w->city));
    view_textf(v, "href", "/studies/%s/sites/%s", t->study_ref, w->ref);
    add_side(c, &s->open, most, view_map(v, "open"));
    add_side(c, &s->answered, most, view_map(v, "answered"));
}

err_t
page_queries(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct query_ages_row *x;
    struct query_sites_row *w;
    bool all, site_all;
    int64_t *sites, most = 1, open = 0, answered = 0;
    size_t n, n_sites, n_own;
    TRY(study_head(c, t, "queries", page));
    reach_sites(c, c->who, PERM_DUE_READ, t, &all, &sites, &n_own);
    if (!all && !n_own)
        reach_sites(c, c->who, PERM_DUE_ACT_SITE, t, &site_all, &sites, &n_own);
    TRY(db_list(c, &QUERY_AGES, DB_IN(db_int(t->study), db_ints(sites, all ? 0 : n_own), db_bool(all), db_int(AGES)), &x, &n));
    TRY(db_list(c, &QUERY_SITES, DB_IN(db_int(t->study)), &w, &n_sites));
    struct at_site *s = arena_alloc(c->mem, (n_sites + 1) * sizeof *s);
    TRY(gather(c, x, n, w, n_sites, s, &most));
    struct view *rows = view_list(page, "rows");
    for (size_t i = 0; i < n_sites; i++) {
        open += s[i].open.n;
        answered += s[i].answered.n;
        if (s[i].open.n || s[i].answered.n)
            add_site(c, t, &w[i], &s[i], most, rows);
    }
    view_int(page, "open", open);
    view_int(page, "answered", answered);
    view_bool(page, "cut", n == AGES);
    view_bool(page, "may_import", may(c->who, PERM_ENROLMENT_IMPORT, t));
    if (rows->kids.n == 0) {
        struct view *v = view_map(page, "empty");
        view_text(v, "title", "No query is open");
        view_text(v, "text", "How many queries of the EDC wait at each site, how long, and whose turn it is, stands here once a file of them was brought in.");
    }
    return NULL;
}

/* ---- the file ---- */

err_t
page_queries_new(struct ctx *c, struct req *r, struct view *page)
{
    TRY(study_head(c, req_thing(r), "queries", page));
    struct view *list = view_list(page, "fields");
    for (int f = 0; f < ROWS_FIELDS; f++) {
        struct view *v = view_add_map(list);
        view_textf(v, "name", "map_%s", rows_field_name((enum rows_field)f));
        view_text(v, "label", rows_field_words((enum rows_field)f));
        view_text(v, "value", req_form(r, arena_printf(c->mem, "map_%s", rows_field_name((enum rows_field)f))));
    }
    return NULL;
}

static void
free_arena(void *a)
{
    arena_free(a);
}

/* Reads the file in memory of its own, which lives as long as the request. */
err_t
page_queries_check(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const struct req_file *f = req_file(r, "file");
    if (!f || f->size == 0)
        return err_field(c->mem, E_BAD_INPUT, "file", "Choose the file with the queries.");
    struct ctx own = *c;
    own.mem = arena_new(WORK_MEMORY);
    arena_defer(c->mem, free_arena, own.mem);
    const char **map = arena_alloc(own.mem, ROWS_FIELDS * sizeof *map);
    struct file_how how = {.name = f->name, .data = f->data, .n = f->size, .map = map, .dates = req_form(r, "dates"), .only = req_form(r, "only")};
    for (int i = 0; i < ROWS_FIELDS; i++) {
        const char *name = rows_field_name((enum rows_field)i), *column = req_form(r, arena_printf(own.mem, "map_%s", name));
        if (column)
            map[how.n_map++] = arena_printf(own.mem, "%s=%s", name, column);
    }
    struct file_plan *p = arena_alloc(own.mem, sizeof *p);
    err_t e = file_read(&own, t->study, &how, p);
    if (e)
        return err_keep(c->mem, e);
    req_set_prepared(r, p);
    return NULL;
}

static void
add_plan(struct ctx *c, const struct file_plan *p, struct view *page)
{
    struct view *v = view_map(page, "look"), *columns = view_list(v, "columns"), *refused = view_list(v, "refused");
    view_text(v, "name", p->name);
    view_int(v, "n_new", (int64_t)p->n_new);
    view_int(v, "n_changed", (int64_t)p->n_changed);
    view_int(v, "n_same", (int64_t)p->n_same);
    view_int(v, "n_refused", (int64_t)p->n_refused);
    for (int f = 0; f < ROWS_FIELDS; f++) {
        struct view *k = view_add_map(columns);
        view_text(k, "label", rows_field_words((enum rows_field)f));
        view_text(k, "header", p->columns.header[f]);
    }
    for (size_t i = 0; i < p->n_refused && i < SHOWN; i++) {
        struct view *x = view_add_map(refused);
        view_int(x, "line", (int64_t)p->refused[i].line);
        view_text(x, "column", p->refused[i].column);
        view_text(x, "why", p->refused[i].why);
    }
}

err_t
page_queries_take(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct file_plan *p = req_prepared(r);
    if (str_eq(req_form(r, "do"), "look")) {
        record_about(c, "study", t->study, t->study_ref, t);
        record_action(c, "queries.look");
        record_event(c);
        TRY(page_queries_new(c, r, page));
        add_plan(c, p, page);
        return NULL;
    }
    TRY(take_file(c, t, p));
    flash_set(c, r, arena_printf(c->mem, "%zu new, %zu changed, %zu as they were.", p->n_new, p->n_changed, p->n_same));
    req_redirect(r, "/studies/%s/queries", t->study_ref);
    return NULL;
}
