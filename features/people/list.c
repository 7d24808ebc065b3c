/* list.c: organisations and people by name, or by words: see party_list in people.h.
 *
 * A director's organisation has a list in name order, read from where the page begins; what the few
 * studies of a person's ties name is read beside it, and both are merged by name. */
#include "base/str.h"
#include "base/utf8.h"
#include "core/words.h"
#include "db/db.h"
#include "features/people/people.h"
#include "features/people/people_sql.h"

#include <stdlib.h>
#include <string.h>

enum { FIND_MOST = 400 };

struct entry {
    int64_t id;
    const char *key;
    int weight; /* of a find: smaller is better */
};
struct entries {
    struct ctx *c;
    const struct sight *s;
    const struct party_filter *f;
    enum party_kind kind;
    size_t most; /* rows asked of each source: one more than a page */
    struct entry *v;
    size_t n, size;
};

static const char *
kind_word(const struct entries *e)
{
    return e->kind == PARTY_ORG ? "organisation" : "person";
}

static void
push(struct entries *e, int64_t id, const char *key, int weight)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->v[i].id == id)
            return;
    }
    if (e->n == e->size) {
        struct entry *more = arena_alloc(e->c->mem, (e->size * 2 + 64) * sizeof *more);
        if (e->n)
            memcpy(more, e->v, e->n * sizeof *more);
        e->v = more;
        e->size = e->size * 2 + 64;
    }
    e->v[e->n++] = (struct entry){id, key, weight};
}

static int
by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int d = strcmp(x->key, y->key);
    return d ? d : x->id < y->id ? -1 : x->id > y->id;
}

static int
by_weight(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->weight != y->weight ? x->weight - y->weight : by_name(a, b);
}

/* What the studies of the ties name: its id, folded name, and the text that further words are found
 * in. `word` NULL: all of it, from where the page begins. */
struct near {
    int64_t id;
    const char *name, *more;
};

static err_t
near(struct entries *e, const char *word, size_t most, struct near **ret, size_t *ret_n)
{
    struct ctx *c = e->c;
    const struct sight *s = e->s;
    const struct party_filter *f = e->f;
    struct people_orgs_near_row *org;
    struct people_persons_near_row *person;
    struct db_val studies = db_ints(s->studies, s->n_studies),
                  whole = db_ints(s->whole, s->n_whole);
    struct db_val sites = db_ints(s->sites, s->n_sites), team = db_ints(s->team, s->n_team);
    struct db_val begin = db_text(f->from), after = db_text(f->after);
    struct db_val after_id = db_int_or_null(f->after_id, !f->after), n = db_int((int64_t)most);
    struct db_val like = db_text(word ? arena_printf(c->mem, "%%%s%%", word) : NULL);
    if (e->kind == PARTY_ORG)
        TRY(db_list(c, &PEOPLE_ORGS_NEAR,
                    DB_IN(studies, whole, sites, begin, after, after_id, like, n), &org, ret_n));
    else
        TRY(db_list(c, &PEOPLE_PERSONS_NEAR,
                    DB_IN(studies, whole, sites, team, begin, after, after_id, like, n), &person,
                    ret_n));
    struct near *list = arena_alloc(c->mem, *ret_n * sizeof *list);
    for (size_t i = 0; i < *ret_n; i++)
        list[i] = e->kind == PARTY_ORG
                      ? (struct near){org[i].id, org[i].name_fold, org[i].city}
                      : (struct near){person[i].id, person[i].name_fold, person[i].affiliation};
    *ret = list;
    return NULL;
}

static err_t
by_key(struct entries *e)
{
    const struct party_filter *f = e->f;
    for (size_t i = 0; i < e->s->n_listed; i++) {
        struct word_entry *x;
        size_t n;
        TRY(words_list(e->c, e->s->listed[i], kind_word(e), str_or(f->from, ""), f->after,
                       f->after_id, e->most, &x, &n));
        for (size_t k = 0; k < n; k++)
            push(e, x[k].thing, x[k].key, 0);
    }
    if (e->s->n_studies) {
        struct near *x;
        size_t n;
        TRY(near(e, NULL, e->most, &x, &n));
        for (size_t k = 0; k < n; k++)
            push(e, x[k].id, words_list_key(e->c->mem, x[k].name), 0);
    }
    if (e->n)
        qsort(e->v, e->n, sizeof *e->v, by_name);
    return NULL;
}

static err_t
find_near(struct entries *e, char **word, size_t n_words)
{
    size_t longest = 0, n;
    for (size_t i = 1; i < n_words; i++) {
        if (strlen(word[i]) > strlen(word[longest]))
            longest = i;
    }
    struct near *x;
    TRY(near(e, word[longest], FIND_MOST, &x, &n));
    for (size_t i = 0; i < n; i++) {
        const char *all = arena_printf(e->c->mem, "%s %s", x[i].name,
                                       utf8_fold(e->c->mem, str_or(x[i].more, "")));
        if (words_all(all, word, n_words))
            push(e, x[i].id, x[i].name, WORD_NAME * (int)n_words);
    }
    return NULL;
}

static err_t
by_words(struct entries *e)
{
    size_t n_words;
    char **word = words_of(e->c->mem, e->f->q, &n_words);
    if (n_words == 0)
        return NULL;
    for (size_t i = 0; i < e->s->n_listed; i++) {
        struct word_hit *hit;
        size_t n;
        TRY(words_find(e->c, e->s->listed[i], kind_word(e), e->f->q, e->most, &hit, &n));
        for (size_t k = 0; k < n; k++)
            push(e, hit[k].thing, "", hit[k].weight);
    }
    if (e->s->n_studies)
        TRY(find_near(e, word, n_words));
    if (e->n)
        qsort(e->v, e->n, sizeof *e->v, by_weight);
    return NULL;
}

/* Rows by id come in the order of ids; they are put into that of the entries. */
static err_t
fetch(struct entries *e, struct party_row **ret, size_t *ret_n)
{
    struct ctx *c = e->c;
    size_t n = e->n < e->most - 1 ? e->n : e->most - 1, found = 0;
    int64_t *ids = arena_alloc(c->mem, n * sizeof *ids);
    struct party_row *rows = arena_alloc(c->mem, n * sizeof *rows);
    struct people_org_rows_row *org = NULL;
    struct people_person_rows_row *person = NULL;
    for (size_t i = 0; i < n; i++)
        ids[i] = e->v[i].id;
    if (n && e->kind == PARTY_ORG)
        TRY(db_list(c, &PEOPLE_ORG_ROWS, DB_IN(db_ints(ids, n)), &org, &found));
    else if (n)
        TRY(db_list(c, &PEOPLE_PERSON_ROWS, DB_IN(db_ints(ids, n)), &person, &found));
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < found; k++) {
            struct party_row x = {.id = e->v[i].id, .key = e->v[i].key};
            if (org && org[k].id == x.id)
                x.ref = org[k].ref, x.name = org[k].name, x.city = org[k].city,
                x.country = org[k].country;
            else if (person && person[k].id == x.id)
                x.ref = person[k].ref, x.name = person[k].name,
                x.affiliation = person[k].affiliation;
            if (x.ref)
                rows[(*ret_n)++] = x;
        }
    }
    *ret = rows;
    return NULL;
}

err_t
party_list(struct ctx *c, const struct sight *s, enum party_kind kind, const struct party_filter *f,
           struct party_row **ret, size_t *ret_n, bool *ret_more)
{
    struct entries e = {
        .c = c, .s = s, .f = f, .kind = kind, .most = (f->most ? f->most : PARTY_PAGE) + 1};
    TRY(str_empty(f->q) ? by_key(&e) : by_words(&e));
    *ret_more = e.n >= e.most;
    return fetch(&e, ret, ret_n);
}
