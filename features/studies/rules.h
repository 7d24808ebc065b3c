/* rules.h: pure decisions about studies: sort keys, facets, words. No I/O. */
#ifndef FEATURES_STUDIES_RULES_H
#define FEATURES_STUDIES_RULES_H

#include "core/sieve.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Sort keys are text, so that a page's key can be any of them. */
const char *rules_title_key(struct arena *a, const char *title);  /* folded, at most 80 bytes */
const char *rules_date_key(const char *iso);                      /* as it is, "" when unknown */
const char *rules_size_key(struct arena *a, int64_t n);           /* "00000320"; "" for -1 */

/* The facets of a study, "" first. Arrays in `a`. */
const char **rules_facets(struct arena *a, const char *status, const char *phases,
                          const char *sponsor_class, const char *const *countries,
                          size_t n_countries, size_t *ret_n);
/* Adds a facet to the sieve that each row of the portfolio's list carries: a known status, phase or
 * kind of sponsor has a bit of its own in b (true is returned: the bit says it all), others share the
 * bits of a. */
bool rules_facet_sieve(const char *facet, struct sieve *s);

#endif
