/* file.c: see file.h. Called by pages.c and commands.c. */
#include "features/queries/file.h"

#include "base/str.h"
#include "base/utf8.h"
#include "db/db.h"
#include "features/queries/queries_sql.h"

#include <stdlib.h>
#include <string.h>

/* ---- which site ---- */

struct key {
    const char *text;
    int64_t id;
};
struct keys_of {
    struct key *v;
    size_t n;
};

static int
by_text(const void *x, const void *y)
{
    return strcmp(((const struct key *)x)->text, ((const struct key *)y)->text);
}

/* The one that the text means; 0: none, -1: more than one. */
static int64_t
lookup(const struct keys_of *k, const char *text)
{
    struct key want = {text, 0}, *at = k->n && text ? bsearch(&want, k->v, k->n, sizeof *k->v, by_text) : NULL;
    if (!at)
        return 0;
    while (at > k->v && strcmp(at[-1].text, text) == 0)
        at--;
    for (const struct key *i = at; i < k->v + k->n && strcmp(i->text, text) == 0; i++) {
        if (i->id != at->id)
            return -1;
    }
    return at->id;
}

/* "0037" is "37": a number with noughts in front. */
static const char *
bare(struct arena *a, const char *text)
{
    const char *folded = utf8_fold(a, text);
    while (folded[0] == '0' && folded[1] >= '0' && folded[1] <= '9')
        folded++;
    return folded;
}

struct against {
    struct ctx *c;
    struct keys_of number, name, code, known;
    struct query_all_row *all;
};

static void
put(struct keys_of *k, const char *text, int64_t id)
{
    if (text && *text)
        k->v[k->n++] = (struct key){text, id};
}

static err_t
load_sites(struct against *g, int64_t study)
{
    struct query_sites_row *x;
    size_t n;
    struct arena *a = g->c->mem;
    TRY(db_list(g->c, &QUERY_SITES, DB_IN(db_int(study)), &x, &n));
    g->number.v = arena_alloc(a, (2 * n + 1) * sizeof *g->number.v);
    g->name.v = arena_alloc(a, (3 * n + 1) * sizeof *g->name.v);
    for (size_t i = 0; i < n; i++) {
        put(&g->number, x[i].number ? bare(a, x[i].number) : NULL, x[i].id);
        put(&g->number, x[i].ref, x[i].id);
        put(&g->name, x[i].label ? utf8_fold(a, x[i].label) : NULL, x[i].id);
        put(&g->name, x[i].facility ? utf8_fold(a, x[i].facility) : NULL, x[i].id);
        put(&g->name, x[i].placeholder ? NULL : utf8_fold(a, x[i].organisation), x[i].id);
    }
    qsort(g->number.v, g->number.n, sizeof *g->number.v, by_text);
    qsort(g->name.v, g->name.n, sizeof *g->name.v, by_text);
    return NULL;
}

static err_t
load_known(struct against *g, int64_t study)
{
    struct query_codes_row *code;
    size_t n;
    struct arena *a = g->c->mem;
    TRY(db_list(g->c, &QUERY_CODES, DB_IN(db_int(study)), &code, &n));
    g->code.v = arena_alloc(a, (n + 1) * sizeof *g->code.v);
    for (size_t i = 0; i < n; i++)
        put(&g->code, utf8_fold(a, code[i].code), code[i].site);
    qsort(g->code.v, g->code.n, sizeof *g->code.v, by_text);
    TRY(db_list(g->c, &QUERY_ALL, DB_IN(db_int(study)), &g->all, &n));
    g->known.v = arena_alloc(a, (n + 1) * sizeof *g->known.v);
    for (size_t i = 0; i < n; i++)
        put(&g->known, g->all[i].query_id, (int64_t)i + 1);
    qsort(g->known.v, g->known.n, sizeof *g->known.v, by_text);
    return NULL;
}

/* By its number, then by its name; without a column of sites by the code of the participant, then by what
 * stands before the first sign in the code. 0: none, -1: more than one. */
static int64_t
site_of(const struct against *g, const struct rows_query *q)
{
    struct arena *a = g->c->mem;
    if (q->site) {
        int64_t site = lookup(&g->number, bare(a, q->site));
        site = site ? site : lookup(&g->number, q->site);
        return site ? site : lookup(&g->name, utf8_fold(a, q->site));
    }
    int64_t site = lookup(&g->code, utf8_fold(a, q->subject));
    size_t n = strcspn(q->subject, "-_/. ");
    return site || !q->subject[n] ? site : lookup(&g->number, bare(a, arena_strndup(a, q->subject, n)));
}

/* ---- the rows ---- */

static void
refuse(struct file_plan *p, const struct sheet_row *row, const char *column, const char *why)
{
    p->refused[p->n_refused++] = (struct file_refused){row->line, column, why};
}

static void
place(const struct against *g, struct file_plan *p, const struct sheet_row *row, struct rows_query *q)
{
    struct arena *a = g->c->mem;
    int64_t site = site_of(g, q);
    const char *column = q->site ? p->columns.header[ROWS_SITE] : p->columns.header[ROWS_SUBJECT];
    if (site <= 0) {
        refuse(p, row, column, arena_printf(a, site ? "%s can be more than one site of the study." : "%s is no site of the study, nor a code of one.",
                                            q->site ? q->site : q->subject));
        return;
    }
    int64_t at = lookup(&g->known, q->id);
    struct file_row *f = &p->row[p->n++];
    *f = (struct file_row){.q = *q, .site = site};
    f->q.subject = NULL; /* whose data it is, is not kept */
    if (at > 0) {
        const struct query_all_row *x = &g->all[at - 1];
        f->id = x->id;
        f->same = x->site == site && str_eq(x->state, rows_state_name(q->state)) && str_eq(x->opened_on, q->opened) &&
                  str_eq(x->answered_on, q->answered) && str_eq(x->closed_on, q->closed);
    }
    p->n_new += !f->id;
    p->n_changed += f->id && !f->same;
    p->n_same += f->same;
}

static int
by_id(const void *x, const void *y)
{
    const struct file_row *const *a = x, *const *b = y;
    int order = strcmp((*a)->q.id, (*b)->q.id);
    return order ? order : (*a > *b) - (*a < *b);
}

/* A number that stands twice: nobody knows which holds. */
static const char *
twice(struct ctx *c, const struct file_plan *p)
{
    const struct file_row **sorted = arena_alloc(c->mem, (p->n + 1) * sizeof *sorted);
    for (size_t i = 0; i < p->n; i++)
        sorted[i] = &p->row[i];
    qsort(sorted, p->n, sizeof *sorted, by_id);
    for (size_t i = 1; i < p->n; i++) {
        if (strcmp(sorted[i]->q.id, sorted[i - 1]->q.id) == 0)
            return sorted[i]->q.id;
    }
    return NULL;
}

/* A file of several studies: which is meant must be said. */
static err_t
one_study(struct ctx *c, const struct sheet *s, const struct file_plan *p, const char *only)
{
    const char *first = NULL;
    for (size_t i = s->header + 1; i < s->n && !only; i++) {
        const char *name = rows_cell(c->mem, &p->columns, &s->rows[i], ROWS_STUDY);
        if (first && name && strcmp(first, name) != 0)
            return err_field(c->mem, E_BAD_INPUT, "only", "The file is of several studies (%s, %s). Say which one is meant.", first, name);
        first = first ? first : name;
    }
    return NULL;
}

err_t
file_read(struct ctx *c, int64_t study, const struct file_how *how, struct file_plan *ret)
{
    struct file_plan p = {.name = how->name};
    struct against g = {.c = c};
    struct sheet_book book;
    unsigned order;
    TRY(sheet_read(c->mem, how->data, how->n, how->sheet, &book));
    const struct sheet *s = &book.sheets[book.chosen];
    TRY(rows_find(c->mem, s, how->map, how->n_map, &p.columns));
    TRY(one_study(c, s, &p, how->only));
    TRY(rows_order(c->mem, s, &p.columns, c->today, how->dates, &order));
    TRY(load_sites(&g, study));
    TRY(load_known(&g, study));
    p.row = arena_alloc(c->mem, (s->n + 1) * sizeof *p.row);
    p.refused = arena_alloc(c->mem, (s->n + 1) * sizeof *p.refused);
    for (size_t i = s->header + 1; i < s->n; i++) {
        struct rows_query q;
        const char *of = rows_cell(c->mem, &p.columns, &s->rows[i], ROWS_STUDY);
        if (how->only && !str_eq(of, how->only))
            continue;
        err_t e = rows_read(c->mem, &p.columns, &s->rows[i], order, c->today, &q);
        if (e)
            refuse(&p, &s->rows[i], e->field, e->text);
        else
            place(&g, &p, &s->rows[i], &q);
    }
    const char *id = twice(c, &p);
    if (id)
        return err_field(c->mem, E_BAD_INPUT, "file", "The query %s stands in the file twice.", id);
    if (p.n + p.n_refused == 0)
        return err_field(c->mem, E_BAD_INPUT, "file", "There is no query in this file.");
    *ret = p;
    return NULL;
}
