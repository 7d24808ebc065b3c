/* parts.c: see parts.h. An audience's list is read from where the page begins; what the few studies
 * of the ties hold is read beside it, and both are merged. Called by the pages of one organisation
 * and one person. */
#include "features/people/parts.h"

#include "db/db.h"
#include "features/people/people_sql.h"

#include <stdlib.h>
#include <string.h>

static const char *const part_word[] = {"sponsored", "site", "named"};

struct entry {
    const char *key;
    int64_t id;
};
struct entries {
    struct entry *v;
    size_t n;
};

static int
newest_first(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int d = strcmp(y->key, x->key);
    return d ? d : x->id > y->id ? -1 : x->id < y->id;
}

static void
push(struct entries *e, const char *key, int64_t id)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->v[i].id == id)
            return;
    }
    e->v[e->n++] = (struct entry){key, id};
}

/* Rows of the same two columns, whichever query they come from. */
static err_t
near(struct ctx *c, const struct sight *s, enum part part, int64_t party, struct entry **ret,
     size_t *ret_n)
{
    struct people_sponsored_near_row *study = NULL;
    struct people_sites_near_row *site = NULL;
    struct people_named_near_row *named = NULL;
    struct db_val studies = db_ints(s->studies, s->n_studies);
    struct db_val whole = db_ints(s->whole, s->n_whole), sites = db_ints(s->sites, s->n_sites);
    size_t n = 0;
    if (s->n_studies && part == PART_SPONSORED)
        TRY(db_list(c, &PEOPLE_SPONSORED_NEAR, DB_IN(db_int(party), studies), &study, &n));
    else if (s->n_studies && part == PART_SITE)
        TRY(db_list(c, &PEOPLE_SITES_NEAR, DB_IN(db_int(party), studies, whole, sites), &site, &n));
    else if (s->n_studies)
        TRY(db_list(c, &PEOPLE_NAMED_NEAR, DB_IN(db_int(party), studies, whole, sites), &named,
                    &n));
    struct entry *list = arena_alloc(c->mem, n * sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = study  ? (struct entry){study[i].updated_key, study[i].id}
                  : site ? (struct entry){site[i].updated_key, site[i].id}
                         : (struct entry){named[i].updated_key, named[i].id};
    *ret = list;
    *ret_n = n;
    return NULL;
}

err_t
parts_of(struct ctx *c, const struct sight *s, enum part part, int64_t party,
         const struct part_from *from, struct parts *ret)
{
    struct entry *tied, after = {from->after, from->after_id};
    struct entries e = {0};
    size_t n_tied, most = from->most + 1;
    TRY(near(c, s, part, party, &tied, &n_tied));
    e.v = arena_alloc(c->mem, (n_tied + s->n_audiences * most) * sizeof *e.v);
    for (size_t i = 0; i < n_tied; i++) {
        if (!from->after || newest_first(&tied[i], &after) > 0)
            push(&e, tied[i].key, tied[i].id);
    }
    for (size_t i = 0; i < s->n_audiences; i++) {
        struct people_parts_row *x;
        size_t n;
        TRY(db_list(c, &PEOPLE_PARTS,
                    DB_BY(PEOPLE_PARTS_BY_UPDATED, db_int(s->audiences[i]),
                          db_text(part_word[part]), db_int(party), db_text(from->after),
                          db_int_or_null(from->after_id, !from->after), db_int((int64_t)most)),
                    &x, &n));
        for (size_t k = 0; k < n; k++)
            push(&e, x[k].updated_key, x[k].id);
    }
    if (e.n)
        qsort(e.v, e.n, sizeof *e.v, newest_first);
    struct parts p = {.n = e.n < from->most ? e.n : from->most, .more = e.n > from->most};
    p.ids = arena_alloc(c->mem, p.n * sizeof *p.ids);
    for (size_t i = 0; i < p.n; i++)
        p.ids[i] = e.v[i].id;
    p.last = p.n ? e.v[p.n - 1].key : NULL;
    *ret = p;
    return NULL;
}
