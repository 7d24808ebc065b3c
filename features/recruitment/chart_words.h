/* chart_words.h: what the recruitment chart says, in English, and how blanks, numbers and dates are
 * filled in. Within this folder only. */
#ifndef RECRUITMENT_CHART_WORDS_H
#define RECRUITMENT_CHART_WORDS_H

#include "features/recruitment/chart.h"

#include <stdbool.h>

extern const struct chart_words chart_words_english;

/* A blank of a text: {name} becomes value. Lists end with a NULL name. */
struct chart_blank {
    const char *name, *value;
};

const char *chart_words_fill(struct arena *a, const char *text, const struct chart_blank *blanks);
/* "320", "20,000". */
const char *chart_words_number(struct arena *a, const struct chart_words *w, double n);
/* "8 Mar" or "8 Mar 2027". */
const char *chart_words_day(struct arena *a, const struct chart_words *w, int32_t day, bool year);
/* "Jan ’26" or "Jan". */
const char *chart_words_month(struct arena *a, const struct chart_words *w, int32_t day, bool year);

#endif
