/* deeds.h: the words of the record's actions: "study.edit" is "changed the study".
 *
 * Every feature declares its own (struct deed in feature.h); app names the tables once at the start,
 * before any thread reads them, so that a history page can speak of what other features did. */
#ifndef CORE_DEEDS_H
#define CORE_DEEDS_H

#include "core/feature.h"

#include <stddef.h>

enum { DEED_TABLES = 64 };

/* Adds a table; it must live as long as the program. A table that is there already is not added
 * again. More than DEED_TABLES aborts. */
void deeds_add(const struct deed *table, size_t n);
/* "changed the study" for "study.edit"; the action itself when no feature has words for it. */
const char *deed_words(const char *action);
/* The i-th deed over all tables, in the order in which they were added; NULL after the last. */
const struct deed *deed_at(size_t i);

#endif
