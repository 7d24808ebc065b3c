/* list.c: the portfolio's queries. See list.h.
 *
 * A director reads an index of the organisation's studies, whose cost is that of the rows shown;
 * everybody else reads the few studies their ties name. Both kinds of reach are merged by key. */
#include "features/studies/list.h"

#include "base/str.h"
#include "base/utf8.h"
#include "core/reach.h"
#include "core/words.h"
#include "db/db.h"
#include "features/studies/rules.h"

#include <stdlib.h>
#include <string.h>

struct ids {
    int64_t *v;
    size_t n, size;
};

static void
push(struct ctx *c, struct ids *e, int64_t id)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->v[i] == id)
            return;
    }
    if (e->n == e->size) {
        int64_t *more = arena_alloc(c->mem, (e->size * 2 + 64) * sizeof *more);
        if (e->n)
            memcpy(more, e->v, e->n * sizeof *more);
        e->v = more;
        e->size = e->size * 2 + 64;
    }
    e->v[e->n++] = id;
}

const char *
list_key(const struct study_rows_row *row, int order)
{
    switch (order) {
    case STUDY_PORTFOLIO_BY_TITLE:
        return row->title_key;
    case STUDY_PORTFOLIO_BY_START:
        return row->start_key;
    case STUDY_PORTFOLIO_BY_SIZE:
        return row->size_key;
    }
    return row->updated_key;
}

/* Less than 0 when the first stands before the second. Titles ascend, all else descends. */
static int
compare(int order, const char *key, int64_t id, const struct study_rows_row *y)
{
    int d = strcmp(key, list_key(y, order));
    d = d ? d : (id > y->id) - (id < y->id);
    return order == STUDY_PORTFOLIO_BY_TITLE ? d : -d;
}

static int
compare_rows(const void *a, const void *b, void *order)
{
    const struct study_rows_row *x = a;
    return compare(*(int *)order, list_key(x, *(int *)order), x->id, b);
}

/* The facet with the fewest studies drives the index, the others are checked on each row. */
static err_t
rarest_first(struct ctx *c, int64_t audience, const struct list_filter *f, const char **facet)
{
    size_t n = 0;
    int64_t least = INT64_MAX;
    memset(facet, 0, LIST_FACETS * sizeof *facet);
    for (; n < LIST_FACETS && f->facet[n]; n++) {
        struct study_total_row row;
        bool found;
        TRY(db_maybe(c, &STUDY_TOTAL, DB_IN(db_int(audience), db_text(f->facet[n])), &row, &found));
        int64_t total = found ? row.n : 0;
        facet[n] = f->facet[n];
        if (total < least) {
            least = total;
            facet[n] = facet[0];
            facet[0] = f->facet[n];
        }
    }
    if (n == 0)
        facet[0] = "";
    return NULL;
}

static size_t
page_size(const struct list_filter *f)
{
    return f->most && f->most < LIST_PAGE ? f->most : LIST_PAGE;
}

static err_t
wide(struct ctx *c, int64_t audience, const struct list_filter *f, struct ids *e)
{
    const char *facet[LIST_FACETS], *ask[LIST_FACETS] = {0};
    TRY(rarest_first(c, audience, f, facet));
    struct study_portfolio_row *rows;
    size_t n, n_ask = 0;
    struct sieve others = {0};
    for (size_t i = 1; i < LIST_FACETS && facet[i]; i++) {
        if (!rules_facet_sieve(facet[i], &others))
            ask[n_ask++] = facet[i];
    }
    TRY(db_list(c, &STUDY_PORTFOLIO,
                DB_BY(f->order, db_int(audience), db_text(facet[0]), db_text(ask[0]), db_text(ask[1]),
                      db_text(ask[2]), db_int(others.a), db_int(others.b), db_text(f->after),
                      db_int_or_null(f->after_id, !f->after), db_int((int64_t)page_size(f) + 1)),
                &rows, &n));
    for (size_t i = 0; i < n; i++)
        push(c, e, rows[i].id);
    return NULL;
}

/* Keeps of `ids` those that have every facet asked for. */
static err_t
with_facets(struct ctx *c, const struct list_filter *f, int64_t **ids, size_t *n)
{
    for (size_t k = 0; k < LIST_FACETS && f->facet[k] && *n; k++) {
        struct study_with_facet_row *rows;
        size_t kept;
        TRY(db_list(c, &STUDY_WITH_FACET, DB_IN(db_ints(*ids, *n), db_text(f->facet[k])), &rows, &kept));
        /* keep the order of `ids`: it may be that of the best matches */
        size_t m = 0;
        for (size_t i = 0; i < *n; i++) {
            for (size_t j = 0; j < kept; j++) {
                if (rows[j].id == (*ids)[i]) {
                    (*ids)[m++] = (*ids)[i];
                    break;
                }
            }
        }
        *n = m;
    }
    return NULL;
}

static err_t
narrow(struct ctx *c, const struct reach *r, const struct list_filter *f, struct ids *e)
{
    int64_t *ids = arena_copy(c->mem, r->studies, r->n_studies * sizeof *ids);
    size_t n = r->n_studies;
    TRY(with_facets(c, f, &ids, &n));
    for (size_t i = 0; i < n; i++)
        push(c, e, ids[i]);
    return NULL;
}

/* The rows of all that was found in the list's order, after the last of the page before. */
static err_t
in_order(struct ctx *c, const struct list_filter *f, const struct ids *e, struct study_rows_row **ret,
         size_t *ret_n)
{
    struct study_rows_row *rows = NULL;
    size_t n = 0, past = 0;
    int order = f->order;
    if (e->n)
        TRY(db_list(c, &STUDY_ROWS, DB_IN(db_ints(e->v, e->n)), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (!f->after || compare(order, f->after, f->after_id, &rows[i]) < 0)
            rows[past++] = rows[i];
    }
    if (past)
        qsort_r(rows, past, sizeof *rows, compare_rows, &order);
    *ret = rows;
    *ret_n = past;
    return NULL;
}

/* The rows of what was found by words, in the order found. */
static err_t
as_found(struct ctx *c, const struct ids *e, struct study_rows_row **ret, size_t *ret_n)
{
    struct study_rows_row *rows = NULL, *sorted = arena_alloc(c->mem, e->n * sizeof *sorted);
    size_t n = 0;
    *ret = sorted;
    *ret_n = 0;
    if (e->n)
        TRY(db_list(c, &STUDY_ROWS, DB_IN(db_ints(e->v, e->n)), &rows, &n));
    for (size_t i = 0; i < e->n; i++) {
        for (size_t k = 0; k < n; k++) {
            if (rows[k].id == e->v[i])
                sorted[(*ret_n)++] = rows[k];
        }
    }
    return NULL;
}

static err_t
found_among_ties(struct ctx *c, const struct reach *r, const char *q, struct ids *e)
{
    int64_t *ids = r->studies;
    size_t n = r->n_studies, n_words;
    char **word = words_of(c->mem, q, &n_words);
    for (size_t i = 0; i < n_words && n; i++) {
        struct study_find_among_row *rows;
        TRY(db_list(c, &STUDY_FIND_AMONG,
                    DB_IN(db_ints(ids, n), db_text(arena_printf(c->mem, "%%%s%%", word[i]))), &rows, &n));
        ids = arena_alloc(c->mem, n * sizeof *ids);
        for (size_t k = 0; k < n; k++)
            ids[k] = rows[k].id;
    }
    for (size_t i = 0; i < n && n_words; i++)
        push(c, e, ids[i]);
    return NULL;
}

static err_t
find(struct ctx *c, const struct reach *r, const struct list_filter *f, struct ids *e)
{
    struct word_query q = {.kind = "study", .text = f->q, .mark = f->facet, .most = page_size(f) + 1};
    while (q.n_mark < LIST_FACETS && f->facet[q.n_mark])
        q.n_mark++;
    for (size_t i = 0; i < r->n_audiences; i++) {
        struct word_hit *hit;
        size_t n;
        TRY(words_find_marked(c, r->audiences[i], &q, &hit, &n));
        for (size_t k = 0; k < n; k++)
            push(c, e, hit[k].thing);
    }
    struct ids tied = {0};
    TRY(found_among_ties(c, r, f->q, &tied));
    TRY(with_facets(c, f, &tied.v, &tied.n));
    for (size_t i = 0; i < tied.n; i++)
        push(c, e, tied.v[i]);
    return NULL;
}

err_t
list_page(struct ctx *c, const struct list_filter *f, struct study_rows_row **ret, size_t *ret_n,
          bool *ret_more)
{
    struct reach r = reach_of(c, c->who);
    struct study_rows_row *rows;
    struct ids e = {0};
    size_t n;
    if (!str_empty(f->q)) {
        TRY(find(c, &r, f, &e));
        TRY(as_found(c, &e, &rows, &n));
    } else {
        for (size_t i = 0; i < r.n_audiences; i++)
            TRY(wide(c, r.audiences[i], f, &e));
        TRY(narrow(c, &r, f, &e));
        TRY(in_order(c, f, &e, &rows, &n));
    }
    *ret_more = n > page_size(f);
    *ret = rows;
    *ret_n = *ret_more ? page_size(f) : n;
    return NULL;
}

static void
add_total(struct ctx *c, struct list_total **list, size_t *n, const char *facet, int64_t count)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp((*list)[i].facet, facet) == 0) {
            (*list)[i].n += count;
            return;
        }
    }
    (*list)[(*n)++] = (struct list_total){facet, count};
}

err_t
list_totals(struct ctx *c, struct list_total **ret, size_t *ret_n)
{
    enum { MOST = 4000 };
    struct reach r = reach_of(c, c->who);
    struct list_total *list = arena_alloc(c->mem, MOST * sizeof *list);
    size_t n = 0;
    for (size_t i = 0; i < r.n_audiences; i++) {
        struct study_totals_row *rows;
        size_t k;
        TRY(db_list(c, &STUDY_TOTALS, DB_IN(db_int(r.audiences[i])), &rows, &k));
        for (size_t j = 0; j < k && n < MOST; j++)
            add_total(c, &list, &n, rows[j].facet, rows[j].n);
    }
    if (!r.n_audiences && r.n_studies) {
        struct study_facets_of_row *rows;
        size_t k;
        TRY(db_list(c, &STUDY_FACETS_OF, DB_IN(db_ints(r.studies, r.n_studies)), &rows, &k));
        for (size_t j = 0; j < k && n < MOST; j++)
            add_total(c, &list, &n, rows[j].facet, rows[j].n);
    }
    *ret = list;
    *ret_n = n;
    return NULL;
}
