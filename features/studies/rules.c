/* rules.c: see rules.h. */
#include "features/studies/rules.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "features/studies/studies.h"

#include <ctype.h>
#include <string.h>

enum { KEY_MOST = 80 };

const char *
rules_title_key(struct arena *a, const char *title)
{
    char *key = utf8_fold(a, title);
    size_t n = strlen(key);
    if (n > KEY_MOST) {
        n = KEY_MOST;
        while ((key[n] & 0xC0) == 0x80)
            n--;
        key[n] = '\0';
    }
    return key;
}

const char *
rules_date_key(const char *iso)
{
    return iso ? iso : "";
}

const char *
rules_size_key(struct arena *a, int64_t n)
{
    return n < 0 ? "" : arena_printf(a, "%010lld", (long long)n);
}

/* Numbers in numbers and names of sites sort as numbers where they are numbers: "2" before "10". */
static const char *
number_key(struct arena *a, const char *number)
{
    struct buf b;
    buf_init(&b, a);
    for (const char *p = number; *p;) {
        size_t digits = 0;
        while (isdigit((unsigned char)p[digits]))
            digits++;
        for (size_t i = digits; digits && i < 8; i++)
            buf_char(&b, '0');
        buf_add(&b, p, digits ? digits : 1);
        p += digits ? digits : 1;
    }
    return utf8_fold(a, buf_text(&b));
}

const char *
site_key(struct arena *a, const char *number, const char *country, const char *city, const char *name)
{
    if (!str_empty(number))
        return arena_printf(a, "0 %s", number_key(a, number));
    return arena_printf(a, "1 %s %s %s", str_or(country, "zz"), utf8_fold(a, str_or(city, "")),
                        number_key(a, str_or(name, "")));
}

const char **
rules_facets(struct arena *a, const char *status, const char *phases, const char *sponsor_class,
             const char *const *countries, size_t n_countries, size_t *ret_n)
{
    size_t n_phases, n = 0;
    char **phase = str_split(a, str_or(phases, "none"), '|', &n_phases);
    const char **facet = arena_alloc(a, (3 + n_phases + n_countries) * sizeof *facet);
    facet[n++] = "";
    if (!str_empty(status))
        facet[n++] = arena_printf(a, "status=%s", status);
    if (!str_empty(sponsor_class))
        facet[n++] = arena_printf(a, "sponsor=%s", sponsor_class);
    for (size_t i = 0; i < n_phases; i++)
        facet[n++] = arena_printf(a, "phase=%s", phase[i]);
    for (size_t i = 0; i < n_countries; i++)
        facet[n++] = arena_printf(a, "country=%s", countries[i]);
    *ret_n = n;
    return facet;
}

static const struct {
    const char *set, *literal, *words;
} literals[] = {
#define LIT(set_, literal_, words_) {set_, literal_, words_},
#include "features/studies/literals.def"
#undef LIT
};

/* The place of a facet's literal among those of the sets that have facets. */
static bool
place_of(const char *facet, uint64_t *ret)
{
    static const struct {
        const char *set, *name;
    } sets[] = {{"status", "status="}, {"phase", "phase="}, {"class", "sponsor="}};
    uint64_t place = 0;
    for (size_t k = 0; k < COUNT_OF(sets); k++) {
        size_t len = strlen(sets[k].name);
        bool here = strncmp(facet, sets[k].name, len) == 0;
        for (size_t i = 0; i < COUNT_OF(literals); i++) {
            if (strcmp(literals[i].set, sets[k].set) != 0)
                continue;
            if (here && strcmp(literals[i].literal, facet + len) == 0) {
                *ret = place;
                return place < 63;
            }
            place++;
        }
    }
    return false;
}

bool
rules_facet_sieve(const char *facet, struct sieve *s)
{
    uint64_t place;
    if (!*facet)
        return true;
    if (place_of(facet, &place)) {
        s->b |= (int64_t)1 << place;
        return true;
    }
    s->a |= sieve_small(facet, strlen(facet));
    return false;
}

const char *
study_words(const char *set, const char *literal)
{
    if (!literal)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(literals); i++) {
        if (strcmp(literals[i].literal, literal) == 0 && strcmp(literals[i].set, set) == 0)
            return literals[i].words;
    }
    return literal;
}
