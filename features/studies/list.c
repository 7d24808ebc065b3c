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

#include <stdlib.h>
#include <string.h>

struct entry {
    int64_t id;
    const char *key;
};
struct entries {
    struct entry *v;
    size_t n, size;
};

static void
push(struct ctx *c, struct entries *e, int64_t id, const char *key)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->v[i].id == id)
            return;
    }
    if (e->n == e->size) {
        struct entry *more = arena_alloc(c->mem, (e->size * 2 + 64) * sizeof *more);
        if (e->n)
            memcpy(more, e->v, e->n * sizeof *more);
        e->v = more;
        e->size = e->size * 2 + 64;
    }
    e->v[e->n++] = (struct entry){id, key};
}

static bool
ascending(int order)
{
    return order == STUDY_PORTFOLIO_BY_TITLE;
}

static int
compare_up(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int d = strcmp(x->key, y->key);
    return d ? d : x->id < y->id ? -1 : x->id > y->id;
}

static int
compare_down(const void *a, const void *b)
{
    return compare_up(b, a);
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

static const char *
key_of(const struct study_portfolio_row *row, int order)
{
    struct study_rows_row as = {.title_key = row->title_key, .start_key = row->start_key,
                                .updated_key = row->updated_key, .size_key = row->size_key};
    return list_key(&as, order);
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
wide(struct ctx *c, int64_t audience, const struct list_filter *f, struct entries *e)
{
    const char *facet[LIST_FACETS];
    TRY(rarest_first(c, audience, f, facet));
    struct study_portfolio_row *rows;
    size_t n;
    TRY(db_list(c, &STUDY_PORTFOLIO,
                DB_BY(f->order, db_int(audience), db_text(facet[0]), db_text(facet[1]), db_text(facet[2]),
                      db_text(facet[3]), db_text(f->after), db_int_or_null(f->after_id, !f->after),
                      db_int((int64_t)page_size(f) + 1)),
                &rows, &n));
    for (size_t i = 0; i < n; i++)
        push(c, e, rows[i].id, key_of(&rows[i], f->order));
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

static bool
past(const struct list_filter *f, const struct entry *x)
{
    struct entry after = {f->after_id, f->after};
    return !f->after || (ascending(f->order) ? compare_up(x, &after) > 0 : compare_down(x, &after) > 0);
}

static err_t
narrow(struct ctx *c, const struct reach *r, const struct list_filter *f, struct entries *e)
{
    int64_t *ids = arena_copy(c->mem, r->studies, r->n_studies * sizeof *ids);
    size_t n = r->n_studies;
    TRY(with_facets(c, f, &ids, &n));
    if (n == 0)
        return NULL;
    struct study_rows_row *rows;
    TRY(db_list(c, &STUDY_ROWS, DB_IN(db_ints(ids, n)), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        struct entry x = {rows[i].id, list_key(&rows[i], f->order)};
        if (past(f, &x))
            push(c, e, x.id, x.key);
    }
    return NULL;
}

/* Rows by id come in the order of ids; put them into that of `e`. */
static err_t
fetch(struct ctx *c, const struct entries *e, size_t most, struct study_rows_row **ret, size_t *ret_n)
{
    size_t n = e->n < most ? e->n : most, found;
    int64_t *ids = arena_alloc(c->mem, n * sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = e->v[i].id;
    struct study_rows_row *rows = NULL, *sorted = arena_alloc(c->mem, n * sizeof *sorted);
    *ret = sorted;
    *ret_n = 0;
    if (n == 0)
        return NULL;
    TRY(db_list(c, &STUDY_ROWS, DB_IN(db_ints(ids, n)), &rows, &found));
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < found; k++) {
            if (rows[k].id == ids[i])
                sorted[(*ret_n)++] = rows[k];
        }
    }
    return NULL;
}

static err_t
found_among_ties(struct ctx *c, const struct reach *r, const char *q, struct entries *e)
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
        push(c, e, ids[i], "");
    return NULL;
}

static err_t
find(struct ctx *c, const struct reach *r, const struct list_filter *f, struct entries *e)
{
    struct word_query q = {.kind = "study", .text = f->q, .mark = f->facet, .most = page_size(f) + 1};
    while (q.n_mark < LIST_FACETS && f->facet[q.n_mark])
        q.n_mark++;
    for (size_t i = 0; i < r->n_audiences; i++) {
        struct word_hit *hit;
        size_t n;
        TRY(words_find_marked(c, r->audiences[i], &q, &hit, &n));
        for (size_t k = 0; k < n; k++)
            push(c, e, hit[k].thing, "");
    }
    struct entries tied = {0};
    TRY(found_among_ties(c, r, f->q, &tied));
    int64_t *ids = arena_alloc(c->mem, tied.n * sizeof *ids);
    size_t n = tied.n;
    for (size_t i = 0; i < n; i++)
        ids[i] = tied.v[i].id;
    TRY(with_facets(c, f, &ids, &n));
    for (size_t i = 0; i < n; i++)
        push(c, e, ids[i], "");
    return NULL;
}

err_t
list_page(struct ctx *c, const struct list_filter *f, struct study_rows_row **ret, size_t *ret_n,
          bool *ret_more)
{
    struct reach r = reach_of(c, c->who);
    struct entries e = {0};
    if (!str_empty(f->q)) {
        TRY(find(c, &r, f, &e));
    } else {
        for (size_t i = 0; i < r.n_audiences; i++)
            TRY(wide(c, r.audiences[i], f, &e));
        TRY(narrow(c, &r, f, &e));
        if (e.n)
            qsort(e.v, e.n, sizeof *e.v, ascending(f->order) ? compare_up : compare_down);
    }
    *ret_more = e.n > page_size(f);
    return fetch(c, &e, page_size(f), ret, ret_n);
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
