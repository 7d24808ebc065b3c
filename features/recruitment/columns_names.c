/* columns_names.c: see columns_names.h. The names themselves are in columns_names.def. */
#include "features/recruitment/columns_names.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

enum {
    LEFT_OVER = 12,  /* points off for a word left over */
    LEAST = 50,      /* points below which it is no match */
    MOST_WORDS = 32, /* of a header that are looked at */
};

struct name_rule {
    enum columns_field field;
    unsigned tables;
    int score;
    bool whole;       /* nothing may be left over */
    const char *any;  /* the pattern */
    const char *none; /* a pattern whose match forbids the rule, or NULL */
};

enum { L = COLUMNS_LOG, S = COLUMNS_SITES, P = COLUMNS_PLAN };

static const struct name_rule rules[] = {
#define NAME(field, tables, score, whole, any, none)                                               \
    {COLUMNS_##field, tables, score, whole, any, none},
#include "features/recruitment/columns_names.def"
#undef NAME
};

/* Words that add nothing to a name. */
static const char fillers[] =
    "of|the|for|and|in|on|at|is|a|de|du|des|del|della|der|das|die|den|di|do|da|dos|la|le|les|el|"
    "los|"
    "il|lo|het|een|van|von|zur|zum|fur|no|nr|num|number|nummer|numero|code|id|key|nsv|n|s|d|l";
static const char date_fillers[] =
    "date|dat|datum|dt|dtc|dts|dtm|day|time|fecha|data|jour|tag|dag|yyyy|mm|dd|iso";

/* "firstDoseDate" becomes "first Dose Date", "d'inclusion" becomes "d inclusion". */
static const char *
split_words(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; s[i]; i++) {
        if (i && islower((unsigned char)s[i - 1]) && isupper((unsigned char)s[i]) &&
            islower((unsigned char)s[i + 1]))
            buf_char(&b, ' ');
        bool typeset = strncmp(s + i, "\xE2\x80\x99", 3) == 0; /* U+2019 */
        buf_char(&b, s[i] == '\'' || typeset ? ' ' : s[i]);
        i += typeset ? 2 : 0;
    }
    return buf_text(&b);
}

struct columns_header
columns_names_read(struct arena *a, const char *header)
{
    struct columns_header h = {.compact = ""};
    const char *folded = utf8_fold(a, split_words(a, header));
    struct buf b;
    buf_init(&b, a);
    for (const char *p = folded; *p; p++) {
        if (*p != ' ')
            buf_char(&b, *p);
    }
    h.compact = buf_text(&b);
    if (*folded)
        h.words = str_split(a, folded, ' ', &h.n);
    h.n = h.n < MOST_WORDS ? h.n : MOST_WORDS;
    return h;
}

/* Whether a word of a pattern, n bytes with its stars, fits a word. */
static bool
word_fits(const char *pattern, size_t n, const char *word)
{
    bool front = n && pattern[0] == '*', back = n > 1 && pattern[n - 1] == '*';
    const char *core = pattern + front;
    size_t len = n - front - back, have = strlen(word);
    if (have < len)
        return false;
    if (front && back)
        return memmem(word, have, core, len) != NULL;
    if (front)
        return memcmp(word + have - len, core, len) == 0;
    return memcmp(word, core, len) == 0 && (back || have == len);
}

/* Whether the alternative, without spaces and stars, is the header without spaces. */
static bool
same_compact(const char *alt, size_t n, const char *compact)
{
    for (size_t i = 0; i < n; i++) {
        if (alt[i] == ' ' || alt[i] == '*')
            continue;
        if (*compact != alt[i])
            return false;
        compact++;
    }
    return *compact == '\0';
}

/* Whether every word of an alternative fits; `used` marks the words of the header that did. */
static bool
words_fit(const struct columns_header *h, const char *alt, size_t n, bool *used)
{
    for (size_t i = 0; i < n;) {
        size_t len = 0;
        bool fits = false;
        while (i + len < n && alt[i + len] != ' ')
            len++;
        for (size_t k = 0; k < h->n; k++) {
            if (word_fits(alt + i, len, h->words[k]))
                fits = used[k] = true;
        }
        if (!fits)
            return false;
        i += len + 1;
    }
    return true;
}

static bool
is_one_of(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)); p += n) {
        if ((p == list || p[-1] == '|') && (p[n] == '|' || p[n] == '\0'))
            return true;
    }
    return false;
}

static bool
match(const struct columns_header *h, const char *pattern, bool dates, size_t *ret_left)
{
    size_t best = SIZE_MAX;
    if (h->n == 0)
        return false;
    for (const char *alt = pattern; *alt;) {
        size_t n = strcspn(alt, "|"), left = 0;
        bool used[MOST_WORDS] = {false};
        bool same = same_compact(alt, n, h->compact);
        if (same || words_fit(h, alt, n, used)) {
            for (size_t k = 0; !same && k < h->n; k++)
                left += !used[k] && !is_one_of(fillers, h->words[k]) &&
                        !(dates && is_one_of(date_fillers, h->words[k]));
            best = left < best ? left : best;
        }
        alt += n + (alt[n] == '|');
    }
    if (best != SIZE_MAX)
        *ret_left = best;
    return best != SIZE_MAX;
}

bool
columns_names_match(const struct columns_header *h, const char *pattern, size_t *ret_left)
{
    size_t left;
    if (!match(h, pattern, false, &left))
        return false;
    if (ret_left)
        *ret_left = left;
    return true;
}

int
columns_names_score(const struct columns_header *h, enum columns_table table,
                    enum columns_field field)
{
    int best = 0;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct name_rule *r = &rules[i];
        size_t left;
        if (r->field != field || !(r->tables & table) ||
            !match(h, r->any, columns_field_is_date(field), &left) || (r->whole && left) ||
            (r->none && columns_names_match(h, r->none, NULL)))
            continue;
        int score = r->score - LEFT_OVER * (int)(left > 5 ? 5 : left);
        best = score >= LEAST && score > best ? score : best;
    }
    return best;
}
