/* find.c: see find.h. Wide reach by the audience's words, narrow reach by the few studies of the
 * ties; what is fetched in the end is asked once more whether it may be seen. */
#include "features/search/find.h"

#include "core/reach.h"
#include "core/words.h"
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

struct hits {
    struct word_hit *v;
    size_t n, size;
};

static void
push(struct ctx *c, struct hits *h, int64_t study, int weight)
{
    for (size_t i = 0; i < h->n; i++) {
        if (h->v[i].thing == study)
            return;
    }
    if (h->n == h->size) {
        struct word_hit *more = arena_alloc(c->mem, (h->size * 2 + 64) * sizeof *more);
        if (h->n)
            memcpy(more, h->v, h->n * sizeof *more);
        h->v = more;
        h->size = h->size * 2 + 64;
    }
    h->v[h->n++] = (struct word_hit){"study", study, weight};
}

static int
best_first(const void *a, const void *b)
{
    const struct word_hit *x = a, *y = b;
    return x->weight != y->weight ? x->weight - y->weight
           : x->thing > y->thing  ? -1
                                  : x->thing < y->thing;
}

/* The rows of at most FIND_MOST hits, in their order. */
static err_t
fetch(struct ctx *c, const struct reach *r, const struct hits *h, struct search_studies_row **ret,
      size_t *ret_n)
{
    size_t n = h->n < FIND_MOST ? h->n : FIND_MOST, found = 0;
    int64_t *ids = arena_alloc(c->mem, n * sizeof *ids);
    struct search_studies_row *rows, *sorted = arena_alloc(c->mem, n * sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        ids[i] = h->v[i].thing;
    *ret = sorted;
    *ret_n = 0;
    if (n == 0)
        return NULL;
    TRY(db_list(c, &SEARCH_STUDIES,
                DB_IN(db_ints(ids, n), db_ints(r->audiences, r->n_audiences),
                      db_ints(r->studies, r->n_studies)),
                &rows, &found));
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < found; k++) {
            if (rows[k].id == ids[i])
                sorted[(*ret_n)++] = rows[k];
        }
    }
    return NULL;
}

static const char *
capitals(struct arena *a, const char *s)
{
    char *up = arena_strdup(a, s);
    for (char *p = up; *p; p++) {
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 32);
    }
    return up;
}

err_t
find_by_number(struct ctx *c, const char *q, struct search_studies_row **ret, size_t *ret_n)
{
    struct reach r = reach_of(c, c->who);
    struct search_number_row *x;
    struct hits h = {0};
    size_t n;
    TRY(db_list(c, &SEARCH_NUMBER,
                DB_IN(db_text(q), db_text(capitals(c->mem, q)), db_ints(r.audiences, r.n_audiences),
                      db_ints(r.studies, r.n_studies)),
                &x, &n));
    for (size_t i = 0; i < n; i++)
        push(c, &h, x[i].id, 0);
    return fetch(c, &r, &h, ret, ret_n);
}

static err_t
among_tied(struct ctx *c, const struct reach *r, char *const *word, size_t n_words, struct hits *h)
{
    size_t longest = 0, n;
    for (size_t i = 1; i < n_words; i++) {
        if (strlen(word[i]) > strlen(word[longest]))
            longest = i;
    }
    struct search_tied_row *x;
    TRY(db_list(c, &SEARCH_TIED,
                DB_IN(db_ints(r->studies, r->n_studies),
                      db_text(arena_printf(c->mem, "%%%s%%", word[longest]))),
                &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (words_all(x[i].find_fold, word, n_words))
            push(c, h, x[i].id, WORD_NAME * (int)n_words);
    }
    return NULL;
}

static void
leave_out(struct hits *h, const int64_t *not, size_t n_not)
{
    size_t kept = 0;
    for (size_t i = 0; i < h->n; i++) {
        bool out = false;
        for (size_t k = 0; k < n_not && !out; k++)
            out = not[k] == h->v[i].thing;
        if (!out)
            h->v[kept++] = h->v[i];
    }
    h->n = kept;
}

err_t
find_by_words(struct ctx *c, const char *q, const int64_t *not, size_t n_not,
              struct search_studies_row **ret, size_t *ret_n, bool *ret_more)
{
    struct reach r = reach_of(c, c->who);
    struct hits h = {0};
    size_t n_words;
    char **word = words_of(c->mem, q, &n_words);
    for (size_t i = 0; i < r.n_audiences; i++) {
        struct word_hit *hit;
        size_t n;
        TRY(words_find(c, r.audiences[i], "study", q, FIND_MOST + 1 + n_not, &hit, &n));
        for (size_t k = 0; k < n; k++)
            push(c, &h, hit[k].thing, hit[k].weight);
    }
    if (r.n_studies && n_words)
        TRY(among_tied(c, &r, word, n_words, &h));
    leave_out(&h, not, n_not);
    if (h.n)
        qsort(h.v, h.n, sizeof *h.v, best_first);
    *ret_more = h.n > FIND_MOST;
    return fetch(c, &r, &h, ret, ret_n);
}
