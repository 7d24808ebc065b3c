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

err_t
words_add(struct ctx *c, int64_t audience, const char *kind, int64_t thing, int weight,
          const char *text)
{
    if (str_empty(text))
        return NULL;
    size_t n;
    char **word = words_of(c->mem, text, &n);
    for (size_t i = 0; i < n; i++)
        TRY(db_run(c, &CORE_WORD_ADD,
                   DB_IN(db_int(audience), db_text(word[i]), db_int(weight), db_text(kind), db_int(thing)),
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

/* ---- the list by name: entries whose word begins with a space, as no folded word does ---- */

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
words_list_add(struct ctx *c, int64_t audience, const char *kind, int64_t thing, const char *name)
{
    const char *word = arena_printf(c->mem, " %s %s", kind, words_list_key(c->mem, name));
    return db_run(c, &CORE_WORD_ADD,
                  DB_IN(db_int(audience), db_text(word), db_int(WORD_NAME), db_text(kind), db_int(thing)), NULL);
}

err_t
words_list(struct ctx *c, int64_t audience, const char *kind, const char *from, const char *after,
           int64_t after_id, size_t most, struct word_entry **ret, size_t *ret_n)
{
    const char *begin = arena_printf(c->mem, " %s ", kind);
    struct core_word_list_row *rows;
    size_t n;
    TRY(db_list(c, &CORE_WORD_LIST,
                DB_IN(db_int(audience), db_text(kind), db_text(arena_printf(c->mem, "%s%s", begin, from)),
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

static int
by_weight(const void *a, const void *b)
{
    const struct word_hit *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? -1 : 1;
    return x->thing > y->thing ? -1 : x->thing < y->thing;
}

/* Adds the weights of the other words; drops the hit when one is missing. */
static err_t
check_others(struct ctx *c, int64_t audience, struct word_hit *hit, char **word, size_t n, size_t first,
             bool *ret_keep)
{
    *ret_keep = true;
    for (size_t i = 0; i < n && *ret_keep; i++) {
        if (i == first)
            continue;
        struct core_word_has_row row;
        TRY(db_maybe(c, &CORE_WORD_HAS,
                     DB_IN(db_int(audience), db_text(hit->kind), db_int(hit->thing), db_text(word[i]),
                           db_text(words_range_end(c->mem, word[i]))),
                     &row, ret_keep));
        if (*ret_keep)
            hit->weight += (int)row.weight;
    }
    return NULL;
}

static bool
seen_before(const struct word_hit *hit, size_t n, int64_t thing)
{
    for (size_t i = 0; i < n; i++) {
        if (hit[i].thing == thing)
            return true;
    }
    return false;
}

static int
longest_first(const void *a, const void *b)
{
    size_t x = strlen(*(char *const *)a), y = strlen(*(char *const *)b);
    return x > y ? -1 : x < y;
}

/* What begins with one of the words: the longest, unless that is so common ("hospital") that its
 * candidates are cut off; then the next, until a word has fewer. Sorts the words. */
static err_t
candidates(struct ctx *c, int64_t audience, const char *kind, char **word, size_t n, size_t *ret_word,
           struct core_word_find_row **ret, size_t *ret_n)
{
    qsort(word, n, sizeof *word, longest_first);
    for (size_t i = 0; i < n && (i == 0 || *ret_n == WORD_CANDIDATES); i++) {
        TRY(db_list(c, &CORE_WORD_FIND,
                    DB_IN(db_int(audience), db_text(kind), db_text(word[i]),
                          db_text(words_range_end(c->mem, word[i])), db_int(WORD_CANDIDATES)),
                    ret, ret_n));
        *ret_word = i;
    }
    return NULL;
}

err_t
words_find(struct ctx *c, int64_t audience, const char *kind, const char *query, size_t most,
           struct word_hit **ret, size_t *ret_n)
{
    size_t n, first = 0;
    char **word = words_of(c->mem, query, &n);
    *ret = NULL;
    *ret_n = 0;
    if (n == 0)
        return NULL;
    struct core_word_find_row *rows;
    size_t n_rows, kept = 0;
    TRY(candidates(c, audience, kind, word, n, &first, &rows, &n_rows));
    struct word_hit *hit = arena_alloc(c->mem, n_rows * sizeof *hit);
    for (size_t i = 0; i < n_rows; i++) {
        if (seen_before(hit, kept, rows[i].thing))
            continue;
        bool keep;
        hit[kept] = (struct word_hit){kind, rows[i].thing, (int)rows[i].weight};
        TRY(check_others(c, audience, &hit[kept], word, n, first, &keep));
        kept += keep;
    }
    qsort(hit, kept, sizeof *hit, by_weight);
    *ret = hit;
    *ret_n = kept < most ? kept : most;
    return NULL;
}
