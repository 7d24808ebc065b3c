/* countries.c: see countries.h. Words of a spelling are compared as a bag: "Korea, Republic of" and
 * "Republic of Korea" are one. */
#include "core/countries.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

static const struct country table[] = {
#define COUNTRY(code, code3, name, spellings) {#code, #code3, name, true},
#define OTHER(code, code3, name, spellings) {#code, #code3, name, false},
#include "core/countries.def"
#undef COUNTRY
#undef OTHER
};

static const char *const spelled_as[] = {
#define COUNTRY(code, code3, name, spellings) spellings,
#define OTHER(code, code3, name, spellings) spellings,
#include "core/countries.def"
#undef COUNTRY
#undef OTHER
};

enum { COUNTRIES = sizeof table / sizeof *table, MAX_WORDS = 16 };

struct bag {
    size_t n, length; /* words, and bytes with one space between them */
    struct {
        const char *at;
        size_t n;
    } word[MAX_WORDS];
};

/* The words of folded text up to its end or the next bar, without the small ones. False: too many. */
static bool
fill(struct bag *b, const char *text)
{
    *b = (struct bag){0};
    while (*text && *text != '|') {
        size_t n = strcspn(text, " |");
        bool small = (n == 3 && (strncmp(text, "the", 3) == 0 || strncmp(text, "and", 3) == 0)) ||
                     (n == 2 && strncmp(text, "of", 2) == 0);
        if (n && !small) {
            if (b->n == MAX_WORDS)
                return false;
            b->word[b->n].at = text;
            b->word[b->n++].n = n;
            b->length += n + 1;
        }
        text += n;
        if (*text == ' ')
            text++;
    }
    return true;
}

static bool
same(const struct bag *a, const struct bag *b)
{
    if (a->n != b->n || a->length != b->length)
        return false;
    unsigned used = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t k = 0;
        while (k < b->n && (used & 1u << k || a->word[i].n != b->word[k].n ||
                            memcmp(a->word[i].at, b->word[k].at, a->word[i].n) != 0))
            k++;
        if (k == b->n)
            return false;
        used |= 1u << k;
    }
    return true;
}

static bool
spelled(size_t country, const struct bag *wanted)
{
    struct bag b;
    for (const char *s = spelled_as[country]; s; s = strchr(s, '|')) {
        s += *s == '|';
        if (fill(&b, s) && same(&b, wanted))
            return true;
    }
    return false;
}

const char *
countries_code(struct arena *a, const char *spelled_so)
{
    if (str_empty(spelled_so))
        return NULL;
    struct arena_mark mark = arena_save(a);
    const char *found = NULL;
    struct bag wanted;
    const char *folded = utf8_fold(a, spelled_so);
    bool usable = fill(&wanted, folded) && wanted.n;
    for (size_t i = 0; !found && i < COUNTRIES; i++) {
        bool code = strcasecmp(folded, table[i].code) == 0 || strcasecmp(folded, table[i].code3) == 0;
        if (code || (usable && spelled(i, &wanted)))
            found = table[i].code;
    }
    arena_restore(a, mark);
    return found;
}

const char *
countries_name(const char *code)
{
    for (size_t i = 0; code && i < COUNTRIES; i++) {
        if (strcmp(code, table[i].code) == 0)
            return table[i].name;
    }
    return NULL;
}

const struct country *
countries_all(size_t *ret_n)
{
    *ret_n = COUNTRIES;
    return table;
}
