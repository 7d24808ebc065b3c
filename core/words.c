/* words.c: see words.h. */
#include "core/words.h"

#include "base/str.h"
#include "base/utf8.h"
#include "core/core_sql.h"
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_WORDS = 60, LONGEST = 40 };

char **
words_of(struct arena *a, const char *text, size_t *ret_n)
{
    size_t n, kept = 0;
    char **piece = str_split(a, utf8_fold(a, text), ' ', &n);
    for (size_t i = 0; i < n && kept < MOST_WORDS; i++) {
        if (!*piece[i])
            continue;
        size_t len = strlen(piece[i]);
        if (len > LONGEST) {
            len = LONGEST;
            while ((piece[i][len] & 0xC0) == 0x80)
                len--;
            piece[i][len] = '\0';
        }
        bool again = false;
        for (size_t k = 0; k < kept && !again; k++)
            again = strcmp(piece[k], piece[i]) == 0;
        if (!again)
            piece[kept++] = piece[i];
    }
    *ret_n = kept;
    return piece;
}

bool
words_all(const char *text, char *const *word, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *at = strstr(text, word[i]);
        while (at && at > text && at[-1] != ' ')
            at = strstr(at + 1, word[i]);
        if (!at)
            return false;
    }
    return true;
}

char *
words_range_end(struct arena *a, const char *prefix)
{
    /* U+10FFFF sorts after every letter that can follow, in bytes as in code points. */
    return arena_printf(a, "%s\xF4\x8F\xBF\xBF", prefix);
}

/* ---- what is listed of a thing ---- */

/* Entries that are no words begin with a space, as no folded word does: a mark ends with one too, the
 * name in the list by name does not. */
static char *
mark_word(struct arena *a, const char *mark)
{
    return arena_printf(a, " %s ", mark);
}

struct word_item {
    const char *word;
    int weight;
};

/* A word is looked for by its first letters, a mark as it is. Shorter words are in no sieve: what is
 * long enough to be asked of one begins no shorter word. */
enum { SIEVE_LETTERS = 4 };

static size_t
sieve_length(const char *word)
{
    size_t n = 0;
    if (*word == ' ')
        return strlen(word);
    for (int letters = 0; word[n]; n++) {
        if ((word[n] & 0xC0) != 0x80 && letters++ == SIEVE_LETTERS)
            break;
    }
    return n;
}

static bool
too_short(const char *word)
{
    int letters = 0;
    for (size_t i = 0; word[i]; i++)
        letters += (word[i] & 0xC0) != 0x80;
    return letters < SIEVE_LETTERS;
}

static void
put(struct word_put *w, const char *word, int weight)
{
    if (w->n == w->size) {
        struct word_item *more = arena_alloc(w->c->mem, (w->size * 2 + 64) * sizeof *more);
        if (w->n)
            memcpy(more, w->item, w->n * sizeof *more);
        w->item = more;
        w->size = w->size * 2 + 64;
    }
    w->item[w->n++] = (struct word_item){word, weight};
}

void
words_begin(struct word_put *w, struct ctx *c, int64_t audience, const char *kind, int64_t thing)
{
    *w = (struct word_put){.c = c, .audience = audience, .kind = kind, .thing = thing};
}

void
words_add(struct word_put *w, int weight, const char *text)
{
    if (str_empty(text))
        return;
    size_t n;
    char **word = words_of(w->c->mem, text, &n);
    for (size_t i = 0; i < n; i++) {
        put(w, word[i], weight);
        if (!too_short(word[i]))
            sieve_add(&w->sieve, word[i], sieve_length(word[i]));
    }
}

void
words_mark(struct word_put *w, const char *mark)
{
    const char *word = mark_word(w->c->mem, mark);
    put(w, word, WORD_CODE);
    sieve_add(&w->sieve, word, sieve_length(word));
}

void
words_name(struct word_put *w, const char *name)
{
    put(w, arena_printf(w->c->mem, " %s %s", w->kind, words_list_key(w->c->mem, name)), WORD_NAME);
}

err_t
words_end(struct word_put *w)
{
    for (size_t i = 0; i < w->n; i++)
        TRY(db_run(w->c, &CORE_WORD_ADD,
                   DB_IN(db_int(w->audience), db_text(w->item[i].word), db_int(w->item[i].weight),
                         db_text(w->kind), db_int(w->thing), db_int(w->sieve.a), db_int(w->sieve.b),
                         db_int(w->sieve.c)),
                   NULL));
    return NULL;
}

err_t
words_drop(struct ctx *c, int64_t audience, const char *kind, int64_t thing)
{
    return db_run(c, &CORE_WORD_DROP, DB_IN(db_text(kind), db_int(thing), db_int(audience)), NULL);
}

err_t
words_known(struct ctx *c, int64_t audience, const char *kind, int64_t thing, bool *ret)
{
    struct core_word_known_row row;
    return db_maybe(c, &CORE_WORD_KNOWN, DB_IN(db_int(audience), db_text(kind), db_int(thing)), &row, ret);
}

/* ---- the list by name ---- */

enum { LIST_KEY = 80 };

const char *
words_list_key(struct arena *a, const char *name)
{
    char *key = utf8_fold(a, name);
    size_t n = strlen(key);
    if (n > LIST_KEY) {
        n = LIST_KEY;
        while ((key[n] & 0xC0) == 0x80)
            n--;
        key[n] = '\0';
    }
    return key;
}

err_t
words_list(struct ctx *c, int64_t audience, const char *kind, const char *from, const char *after,
           int64_t after_id, size_t most, struct word_entry **ret, size_t *ret_n)
{
    const char *begin = arena_printf(c->mem, " %s ", kind);
    struct core_word_list_row *rows;
    size_t n;
    TRY(db_list(c, &CORE_WORD_LIST,
                DB_IN(db_int(audience), db_text(kind), db_int(WORD_NAME),
                      db_text(arena_printf(c->mem, "%s%s", begin, from)),
                      db_text(words_range_end(c->mem, begin)),
                      db_text(after ? arena_printf(c->mem, "%s%s", begin, after) : NULL),
                      db_int_or_null(after_id, !after), db_int((int64_t)most)),
                &rows, &n));
    struct word_entry *list = arena_alloc(c->mem, n * sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct word_entry){rows[i].thing, rows[i].word + strlen(begin)};
    *ret = list;
    *ret_n = n;
    return NULL;
}

/* ---- finding ---- */

enum { COUNTED = 100, CHECKED_IN_SQL = 2 };

/* What is looked up: the rarest of the words, read from the index; the next two are checked by the
 * same query, further ones on each hit. */
struct look {
    struct ctx *c;
    int64_t audience;
    const char *kind;
    char **word, **end; /* the first is looked up; the marks stand last */
    size_t n_typed, n, most;
    struct sieve sieve; /* of all but the first */
    struct word_hit *hit;
    size_t n_hit;
};

static int
by_weight(const void *a, const void *b)
{
    const struct word_hit *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? -1 : 1;
    return x->thing > y->thing ? -1 : x->thing < y->thing;
}

/* How many entries begin with a word; COUNTED stands for that many and more. */
static err_t
count(struct look *l, size_t i, int64_t *ret)
{
    int64_t n = 0;
    for (int weight = WORD_CODE; weight <= WORD_MORE && n < COUNTED; weight++) {
        struct core_word_count_row row;
        TRY(db_one(l->c, &CORE_WORD_COUNT,
                   DB_IN(db_int(l->audience), db_text(l->kind), db_int(weight), db_text(l->word[i]),
                         db_text(l->end[i]), db_int(COUNTED - n)),
                   &row));
        n += row.n;
    }
    *ret = n;
    return NULL;
}

static void
swap(struct look *l, size_t i, size_t k)
{
    char *word = l->word[i], *end = l->end[i];
    l->word[i] = l->word[k], l->end[i] = l->end[k];
    l->word[k] = word, l->end[k] = end;
}

/* The rarest of the words typed first; where several are common, the longest of them. A mark never:
 * its entries do not lie in the order of the best. */
static err_t
rarest_first(struct look *l)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < l->n_typed && l->n_typed > 1; i++) {
        int64_t n;
        TRY(count(l, i, &n));
        if (n < least || (n == least && strlen(l->word[i]) > strlen(l->word[0]))) {
            least = n;
            swap(l, 0, i);
        }
    }
    return NULL;
}

/* Adds the weights of the other words; drops the hit when one is missing. */
static err_t
check_others(struct look *l, struct word_hit *hit, bool *ret_keep)
{
    *ret_keep = true;
    for (size_t i = 1; i < l->n && *ret_keep; i++) {
        struct core_word_has_row row;
        TRY(db_maybe(l->c, &CORE_WORD_HAS,
                     DB_IN(db_int(l->audience), db_text(l->kind), db_int(hit->thing),
                           db_text(l->word[i]), db_text(l->end[i])),
                     &row, ret_keep));
        if (*ret_keep)
            hit->weight += (int)row.weight;
    }
    return NULL;
}

static bool
seen_before(const struct look *l, int64_t thing)
{
    for (size_t i = 0; i < l->n_hit; i++) {
        if (l->hit[i].thing == thing)
            return true;
    }
    return false;
}

/* The hits in which the first word has this weight, until there are enough. Several words of one
 * thing may begin alike: what came already is passed over, and more is read. */
static err_t
of_weight(struct look *l, int weight)
{
    const char *after = NULL, *lo[CHECKED_IN_SQL] = {0}, *hi[CHECKED_IN_SQL] = {0};
    int64_t after_id = 0;
    for (size_t i = 0; i < CHECKED_IN_SQL && i + 1 < l->n; i++)
        lo[i] = l->word[i + 1], hi[i] = l->end[i + 1];
    while (l->n_hit < l->most) {
        struct core_word_find_row *rows;
        size_t n, need = l->most - l->n_hit, ask = need + need / 4 + 2;
        TRY(db_list(l->c, &CORE_WORD_FIND,
                    DB_IN(db_int(l->audience), db_text(l->kind), db_int(weight),
                          db_text(l->word[0]), db_text(l->end[0]), db_text(lo[0]), db_text(hi[0]),
                          db_text(lo[1]), db_text(hi[1]), db_int(l->sieve.a), db_int(l->sieve.b),
                          db_int(l->sieve.c), db_text(after), db_int_or_null(after_id, !after), db_int((int64_t)ask)),
                    &rows, &n));
        for (size_t i = 0; i < n && l->n_hit < l->most; i++) {
            struct word_hit hit = {l->kind, rows[i].thing, weight};
            bool keep = !seen_before(l, hit.thing);
            if (keep)
                TRY(check_others(l, &hit, &keep));
            if (keep)
                l->hit[l->n_hit++] = hit;
        }
        if (n < ask)
            return NULL;
        after = rows[n - 1].word;
        after_id = rows[n - 1].thing;
    }
    return NULL;
}

err_t
words_find_marked(struct ctx *c, int64_t audience, const struct word_query *q,
                  struct word_hit **ret, size_t *ret_n)
{
    struct look l = {.c = c, .audience = audience, .kind = q->kind, .most = q->most};
    char **typed = words_of(c->mem, q->text, &l.n_typed);
    l.n = l.n_typed + q->n_mark;
    l.word = arena_alloc(c->mem, l.n * sizeof *l.word);
    l.end = arena_alloc(c->mem, l.n * sizeof *l.end);
    l.hit = arena_alloc(c->mem, l.most * sizeof *l.hit);
    for (size_t i = 0; i < l.n; i++) {
        l.word[i] = i < l.n_typed ? typed[i] : mark_word(c->mem, q->mark[i - l.n_typed]);
        l.end[i] = words_range_end(c->mem, l.word[i]);
    }
    TRY(rarest_first(&l));
    for (size_t i = 1; i < l.n; i++) {
        if (*l.word[i] == ' ' || !too_short(l.word[i]))
            sieve_add(&l.sieve, l.word[i], sieve_length(l.word[i]));
    }
    for (int weight = WORD_CODE; weight <= WORD_MORE && l.n_typed; weight++)
        TRY(of_weight(&l, weight));
    if (l.n_hit)
        qsort(l.hit, l.n_hit, sizeof *l.hit, by_weight);
    *ret = l.hit;
    *ret_n = l.n_hit;
    return NULL;
}

err_t
words_find(struct ctx *c, int64_t audience, const char *kind, const char *query, size_t most,
           struct word_hit **ret, size_t *ret_n)
{
    struct word_query q = {.kind = kind, .text = query, .most = most};
    return words_find_marked(c, audience, &q, ret, ret_n);
}
