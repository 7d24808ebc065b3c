/* words.h: finding by the first letters of words, within what an audience may see.
 *
 * An audience is an organisation with a director: everything its studies bring in is listed word by
 * word under it, so that a search reads only what it may show and costs the same in a small and a
 * large database. Persons without such a tie see little and are searched through their ties. */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "base/ctx.h"
#include "core/sieve.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORD_CODE = 1, WORD_NAME = 2, WORD_MORE = 3 }; /* weight: smaller comes first */

/* What is to be listed of one thing ("study", "organisation", "person") for one audience: collected
 * first, because every entry carries the sieve of all of them. What is added must live until the
 * end; NULL and empty texts add nothing. */
struct word_put {
    struct ctx *c;
    int64_t audience, thing;
    const char *kind;
    struct word_item *item;
    size_t n, size;
    struct sieve sieve;
};
void words_begin(struct word_put *w, struct ctx *c, int64_t audience, const char *kind, int64_t thing);
/* The words of a text, at most 60 of them. */
void words_add(struct word_put *w, int weight, const char *text);
/* A mark such as "status=RECRUITING", which no word that is typed can find. */
void words_mark(struct word_put *w, const char *mark);
/* Puts the thing into the audience's list of its kind, in the order of the folded name (its first 80
 * bytes). Once for a thing. */
void words_name(struct word_put *w, const char *name);
/* Lists all of it. What was listed of the thing before must have been dropped. */
err_t words_end(struct word_put *w);

/* Takes everything of the thing out of the audience's lists. */
err_t words_drop(struct ctx *c, int64_t audience, const char *kind, int64_t thing);
/* True when the audience may find the thing at all. */
err_t words_known(struct ctx *c, int64_t audience, const char *kind, int64_t thing, bool *ret);

struct word_hit {
    const char *kind;
    int64_t thing;
    int weight; /* sum over the words asked for: smaller is better */
};
/* Things of a kind that hold words beginning with every word of `query`, best first, at most
 * `most`: those in which the rarest of the words weighs least come first, and of what is returned
 * the sum of the weights decides. Costs what it returns, and where the words stand together rarely,
 * the entries of the rarest. An empty query finds nothing. */
err_t words_find(struct ctx *c, int64_t audience, const char *kind, const char *query, size_t most,
                 struct word_hit **ret, size_t *ret_n);
/* The same among the things that have every one of the marks. */
struct word_query {
    const char *kind, *text;
    const char *const *mark;
    size_t n_mark, most;
};
err_t words_find_marked(struct ctx *c, int64_t audience, const struct word_query *q,
                        struct word_hit **ret, size_t *ret_n);
struct word_entry {
    int64_t thing;
    const char *key; /* the folded name */
};
/* At most `most` things of the audience's list of a kind, by name, from the folded `from` ("" begins)
 * or from the one after (`after`, `after_id`), when `after` is not NULL. Costs what it returns. */
err_t words_list(struct ctx *c, int64_t audience, const char *kind, const char *from,
                 const char *after, int64_t after_id, size_t most, struct word_entry **ret,
                 size_t *ret_n);
/* The key that words_name makes of a name, in `a`. */
const char *words_list_key(struct arena *a, const char *name);

/* The words of a folded text, at most 60, shorter than 40 bytes each (longer are cut). */
char **words_of(struct arena *a, const char *text, size_t *ret_n);
/* True when each of the n words begins a word of the folded text. */
bool words_all(const char *text, char *const *word, size_t n);
/* The first text that does not begin with `prefix` in byte order: the end of its range. */
char *words_range_end(struct arena *a, const char *prefix);

#endif
