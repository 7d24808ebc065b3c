/* columns_names.h: what a column's name says. Called by columns.c and columns_privacy.c alone.
 *
 * Patterns are alternatives separated by "|", each of folded words; "enrol*" is a beginning, "*dob"
 * an ending, "*birth*" anything around. An alternative fits when each of its words is some word of
 * the header, or when both are the same once all spaces are gone (SITEID and site id). */
#ifndef FEATURES_RECRUITMENT_COLUMNS_NAMES_H
#define FEATURES_RECRUITMENT_COLUMNS_NAMES_H

#include "features/recruitment/columns.h"

struct columns_header {
    const char *compact; /* folded, without spaces */
    char **words;        /* folded; firstDoseDate is three words */
    size_t n;            /* 0 for an empty header */
};

struct columns_header columns_names_read(struct arena *a, const char *header);
/* Whether an alternative fits; `ret_left` (may be NULL) gets the fewest words of the header left
 * over that are more than "of", "no", "code" and their like. */
bool columns_names_match(const struct columns_header *h, const char *pattern, size_t *ret_left);
/* How surely the name means the field, 0 to 100; 0: it does not. */
int columns_names_score(const struct columns_header *h, enum columns_table table,
                        enum columns_field field);

#endif
