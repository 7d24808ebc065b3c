/* names_facility.c: see names.h. A facility's name is taken as a bag of words; each is looked up in
 * names_words.def, and what is left over decides. The rules were made against the facility names of
 * several hundred records, read by eye on both sides. */
#include "features/registry/names.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum kind { OTHER, SITE, CENTRE, ASSIGNED, TRIALS, MEDIUM, BARE, REAL, FILL, CODE, SPONSOR };

enum { MAX_WORDS = 60 };

struct words {
    size_t n;
    const char *text[MAX_WORDS];
    enum kind kind[MAX_WORDS];
};

static const struct {
    const char *text;
    enum kind kind;
} dictionary[] = {
#define WORD(text, kind) {text, kind},
#include "features/registry/names_words.def"
#undef WORD
};

static bool
has_digit(const char *s)
{
    return strpbrk(s, "0123456789") != NULL;
}

static enum kind
look_up(const char *word)
{
    for (size_t i = 0; i < sizeof dictionary / sizeof *dictionary; i++) {
        if (strcmp(word, dictionary[i].text) == 0)
            return dictionary[i].kind;
    }
    return has_digit(word) ? CODE : OTHER;
}

/* Letters beside a number are part of it: "CT-155", "US 1001", "ORG-000873"; and so is a single one
 * after a site, "Site A", and two before one: "US Site". */
static void
mark_letters(struct words *w)
{
    for (size_t i = 0; i < w->n; i++) {
        bool number = i + 1 < w->n && w->kind[i + 1] == CODE;
        bool letter = i && w->kind[i - 1] == SITE && strlen(w->text[i]) == 1;
        bool country = i + 1 < w->n && w->kind[i + 1] == SITE && strlen(w->text[i]) <= 2;
        if (w->kind[i] == OTHER && strlen(w->text[i]) <= 3 && (number || letter || country))
            w->kind[i] = CODE;
    }
}

/* The folded words of a text, with their kinds. More than MAX_WORDS are left out: no placeholder is
 * so long but a sentence, and that is known by its beginning. */
static struct words
split(struct arena *a, const char *text)
{
    struct words w = {0};
    char *rest = NULL;
    for (char *s = strtok_r(utf8_fold(a, text), " ", &rest); s && w.n < MAX_WORDS;
         s = strtok_r(NULL, " ", &rest)) {
        w.text[w.n] = s;
        w.kind[w.n++] = look_up(s);
    }
    mark_letters(&w);
    return w;
}

static size_t
count(const struct words *w, enum kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        n += w->kind[i] == kind;
    return n;
}

static bool
has(const struct words *w, const char *word)
{
    for (size_t i = 0; i < w->n; i++) {
        if (strcmp(w->text[i], word) == 0)
            return true;
    }
    return false;
}

/* ---- the study's own numbers at the end of a name ---- */

/* Length of `name` without a last group in brackets that is only a site number, or `n`. */
static size_t
without_brackets(struct arena *a, const char *name, size_t n)
{
    while (n && isspace((unsigned char)name[n - 1]))
        n--;
    if (!n || (name[n - 1] != ')' && name[n - 1] != ']'))
        return n;
    size_t open = n - 1;
    while (open && name[open] != '(' && name[open] != '[')
        open--;
    struct words w = split(a, arena_strndup(a, name + open, n - open));
    size_t generic = count(&w, SITE) + count(&w, CENTRE) + count(&w, ASSIGNED) + count(&w, FILL);
    bool number = count(&w, CODE) && generic && generic + count(&w, CODE) == w.n;
    return number ? open : n;
}

/* Where "/ID# 238332" begins, or n. */
static size_t
without_id(const char *name, size_t n)
{
    const char *id = strcasestr(name, "/ID#");
    return id && (size_t)(id - name) < n ? (size_t)(id - name) : n;
}

/* Where the last word begins, if it is like `word` ("0": one with a digit; else equal, any case);
 * separators before and after it are passed. n when it is not. */
static size_t
before_word(const char *name, size_t n, const char *word)
{
    size_t end = n;
    while (end && strchr(" :#.-,~\t", name[end - 1]))
        end--;
    size_t at = end;
    while (at && isalnum((unsigned char)name[at - 1]))
        at--;
    size_t len = end - at;
    bool like = len == strlen(word) && strncasecmp(name + at, word, len) == 0;
    if (*word == '0') {
        like = len > 0;
        for (size_t i = at; i < end; i++)
            like = like && isdigit((unsigned char)name[i]);
    }
    return like ? at : n;
}

/* True when the last word before n is one by which a study speaks of its sites. */
static bool
after_assigned(struct arena *a, const char *name, size_t n)
{
    struct words w = split(a, arena_strndup(a, name, n));
    return w.n && w.kind[w.n - 1] == ASSIGNED;
}

/* Where "Site Number : 02", "- Site 12" or "- PPDS" begins, or n. A bare "Site 12" is only taken
 * off two words or more, or after a dash: "Somebody Site 12" is no name, nor is "Study Site 12". */
static size_t
without_number(struct arena *a, const char *name, size_t n)
{
    size_t at = before_word(name, n, "PPDS");
    if (at < n)
        return at;
    size_t digits = before_word(name, n, "0");
    if (digits == n)
        return n;
    static const char *const words[] = {"number", "no", "id", "nr"};
    size_t label = digits;
    for (size_t i = 0; i < sizeof words / sizeof *words && label == digits; i++)
        label = before_word(name, digits, words[i]);
    size_t site = before_word(name, label, "site");
    if (site == label || after_assigned(a, name, site))
        return n;
    size_t end = site;
    while (end && name[end - 1] == ' ')
        end--;
    bool dash = end && strchr("-,;:/~", name[end - 1]);
    bool words_before = end && memchr(name, ' ', end);
    return label < digits || dash || words_before ? site : n;
}

const char *
names_facility_plain(struct arena *a, const char *name)
{
    if (str_empty(name))
        return "";
    size_t n = strlen(name);
    for (size_t before = n + 1; n < before;) {
        before = n;
        n = without_id(name, n);
        n = without_brackets(a, name, n);
        n = without_number(a, name, n);
    }
    while (n && strchr(" \t-,;:/~", name[n - 1]))
        n--;
    const char *left = arena_strndup(a, name, n);
    return *utf8_fold(a, left) ? left : name;
}

/* ---- is it a name? ---- */

/* Sentences that tell whom to ask. */
static bool
is_instruction(const struct words *w)
{
    static const char *const first[] = {
        "call",        "contact", "please", "visit", "see",     "refer",      "email", "phone",
        "information", "there",   "for",    "more",  "further", "additional", "go",    "use"};
    static const char *const also[] = {"information", "contact", "contacts", "locations", "sites",
                                       "location",    "site",    "website",  "sponsor",   "call",
                                       "www",         "http",    "https",    "details"};
    bool begins = false, tells = false;
    for (size_t i = 0; w->n > 1 && i < sizeof first / sizeof *first; i++)
        begins = begins || strcmp(w->text[0], first[i]) == 0;
    for (size_t i = 0; begins && i < sizeof also / sizeof *also; i++) {
        for (size_t k = 1; k < w->n; k++)
            tells = tells || strcmp(w->text[k], also[i]) == 0;
    }
    for (size_t i = 0; i + 1 < w->n; i++) { /* "Company Call Center", "... has multiple sites" */
        static const char *const many[] = {"multiple", "many", "several", "various", "numerous"};
        tells = tells || (strcmp(w->text[i], "call") == 0 && w->kind[i + 1] == CENTRE);
        for (size_t k = 0; k < sizeof many / sizeof *many; k++)
            tells = tells || (w->kind[i + 1] == SITE && strcmp(w->text[i], many[k]) == 0);
    }
    return tells || (has(w, "information") && (has(w, "contact") || has(w, "call")));
}

/* Marks the words of the sponsor's name, and its initials ("BMS"). */
static void
mark_sponsor(struct arena *a, struct words *w, const char *sponsor)
{
    struct words s = split(a, sponsor);
    char initials[MAX_WORDS + 1] = {0};
    for (size_t i = 0; i < s.n; i++)
        initials[i] = s.text[i][0];
    for (size_t i = 0; i < w->n; i++) {
        bool own = w->kind[i] == OTHER || w->kind[i] == CODE;
        bool initial = strlen(w->text[i]) >= 3 && str_starts(initials, w->text[i]);
        if (own && !has_digit(w->text[i]) && (has(&s, w->text[i]) || initial))
            w->kind[i] = SPONSOR;
    }
}

/* "Merck Sharp & Dohme", "Pfizer Inc": the sponsor's own name, and no house. */
static bool
is_sponsor(const struct words *w)
{
    static const char *const forms[] = {"inc", "llc", "ltd", "limited", "gmbh", "ag", "sa", "corp",
                                        "co", "company", "plc", "bv", "nv", "as", "kg", "srl"};
    size_t form = 0;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        for (size_t k = 0; k < w->n; k++)
            form += w->kind[k] == OTHER && strcmp(w->text[k], forms[i]) == 0;
    }
    size_t sponsor = count(w, SPONSOR);
    return sponsor && w->kind[0] == SPONSOR &&
           sponsor + form + count(w, FILL) + count(w, CODE) == w->n;
}

/* Only words that name nothing: are they a house's name all the same? */
static bool
generic_is_placeholder(const struct words *w)
{
    bool code = count(w, CODE) > 0, assigned = count(w, ASSIGNED) > 0;
    if (count(w, SITE))
        return true;
    if (count(w, SPONSOR) && (count(w, BARE) || count(w, CENTRE))) /* "Samsung Medical Center" */
        return assigned;
    if (count(w, BARE)) /* "University Hospital" and "900 Hospital" are names in their town */
        return count(w, BARE) == 1 && !code && w->n <= 2 && !count(w, FILL);
    if (count(w, CENTRE)) /* "Clinical Research Center" is the name of several houses */
        return code || assigned || w->n <= 2;
    return true;
}

/* There are other words as well: "Sponsor Investigational Site Germany", "Somebody Site 12". */
static bool
named_is_placeholder(const struct words *w)
{
    if (count(w, REAL) || count(w, BARE) || count(w, CENTRE))
        return false;
    size_t site = w->n;
    for (size_t i = 0; i < w->n && site == w->n; i++) {
        if (w->kind[i] == SITE)
            site = i;
    }
    if (site == w->n)
        return false;
    size_t before = 0, after = 0;
    for (size_t i = 0; i < w->n; i++) {
        before += w->kind[i] == OTHER && i < site;
        after += w->kind[i] == OTHER && i > site;
    }
    bool is_site = str_starts(w->text[site], "site");
    enum kind just_before = site ? w->kind[site - 1] : OTHER;
    if (site == 0) /* "Sites in Ohio", "Site 12, Berlin"; not "Site Nord" */
        return w->n > 1 && (w->kind[1] == FILL || w->kind[1] == CODE);
    if (just_before == ASSIGNED || just_before == TRIALS)
        return true;
    bool research = strcmp(w->text[site - 1], "research") == 0;
    bool clinical = strcmp(w->text[site - 1], "clinical") == 0;
    bool network = research && site > 1 && strcmp(w->text[site - 2], "clinical") == 0;
    if (is_site && (research || clinical) && !network)
        return before <= 3 && after == 0;
    return is_site && before == 1 && after == 0 && count(w, CODE) > 0;
}

bool
names_facility_is_placeholder(struct arena *a, const char *name, const char *industry_sponsor)
{
    if (str_empty(name))
        return true;
    struct words w = split(a, names_facility_plain(a, name));
    bool na = w.n == 2 && strcmp(w.text[0], "n") == 0 && strcmp(w.text[1], "a") == 0;
    if (w.n == 0 || na || is_instruction(&w))
        return true;
    if (!str_empty(industry_sponsor))
        mark_sponsor(a, &w, industry_sponsor);
    if (has(&w, "administrative") && (has(&w, "office") || has(&w, "offices")))
        return true;
    if (is_sponsor(&w))
        return true;
    return count(&w, OTHER) || count(&w, REAL) ? named_is_placeholder(&w)
                                               : generic_is_placeholder(&w);
}

const char *
names_facility_key(struct arena *a, const char *name, const char *city, const char *country_code,
                   const char *industry_sponsor)
{
    const char *town = utf8_fold(a, str_or(city, ""));
    if (!*town || str_empty(country_code) || names_facility_is_placeholder(a, name, industry_sponsor))
        return NULL;
    return arena_printf(a, "%s|%s|%s", utf8_fold(a, names_facility_plain(a, name)), town, country_code);
}
