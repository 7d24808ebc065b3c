/* rules.h: pure decisions about organisations and people: kinds and their words, keys by which
 * equal things join. No I/O. */
#ifndef FEATURES_PEOPLE_RULES_H
#define FEATURES_PEOPLE_RULES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Kinds of organisation that can be chosen, and words for any literal kind (itself when
 * unknown). */
struct org_kind {
    const char *literal, *words;
    bool chosen; /* offered in the form */
};
const struct org_kind *rules_org_kinds(size_t *ret_n);
const char *rules_org_kind_words(const char *literal);

/* Ties noted by hand, which give no rights. `words` are said of the person the tie begins at,
 * `back` of the other person. */
struct tie_kind {
    const char *literal, *words, *back; /* back NULL: the tie leads to an organisation */
};
const struct tie_kind *rules_tie_kinds(size_t *ret_n);
/* NULL: no tie that is noted by hand. */
const struct tie_kind *rules_tie_kind(const char *literal);

/* The key of an organisation: folded name, folded city and country code. */
const char *rules_org_key(struct arena *a, const char *name, const char *city, const char *country);
/* The key of a person: folded name with folded affiliation; NULL without one: such never join. */
const char *rules_person_key(struct arena *a, const char *name, const char *affiliation);

#endif
