/* countries.h: which country is meant, however it is spelled. A read-only table (countries.def) of
 * ISO 3166-1; no database. Called by imports, forms and pages. */
#ifndef CORE_COUNTRIES_H
#define CORE_COUNTRIES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct country {
    const char *code;  /* ISO 3166-1 alpha-2, "DE"; also XK, and the withdrawn CS, YU, AN, SU */
    const char *code3; /* alpha-3, "DEU" */
    const char *name;  /* short English name to show */
    bool current;      /* one of the 249 of ISO 3166-1, to be offered in lists */
};

/* The two-letter code of a country spelled in any way that countries.def knows: official and short
 * English names, the registries' spellings, both codes in either case, some own names. Case, accents,
 * punctuation, word order and "the", "of", "and" do not matter. NULL when nobody knows it, or when
 * it is NULL or empty. The answer is static; `a` is for work only. */
const char *countries_code(struct arena *a, const char *spelled);
/* The name to show for a two-letter code (upper case), or NULL. */
const char *countries_name(const char *code);
/* The whole table, in the order of the file: current ones first, by name. */
const struct country *countries_all(size_t *ret_n);

#endif
