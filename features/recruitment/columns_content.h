/* columns_content.h: what a column's values look like, from a sample. Called by columns.c and
 * columns_privacy.c alone. */
#ifndef FEATURES_RECRUITMENT_COLUMNS_CONTENT_H
#define FEATURES_RECRUITMENT_COLUMNS_CONTENT_H

#include "features/recruitment/columns.h"
#include "features/recruitment/dates.h"

enum { COLUMNS_SAMPLE = 2000, COLUMNS_FEW = 6 };

/* Counts of values. All but `rows` are of values that are not empty. */
struct columns_content {
    size_t rows, filled;
    size_t dates;  /* in any order */
    size_t months; /* of these, of month precision */
    size_t numbers;
    size_t flags;    /* yes, no, 1, 0 */
    size_t several;  /* numbers from 2 on */
    size_t statuses; /* known words of status */
    size_t digits;   /* with a digit in it */
    size_t emails;
    size_t phones;   /* in international form */
    size_t people;   /* "Smith, Anna", "Anna Smith" */
    size_t initials; /* "A.B.", "ABC" */
    size_t arms;     /* placebo, active, verum, control */
    size_t distinct;
    const char *few[COLUMNS_FEW]; /* the first distinct values */
    const char *odd_date;         /* the first that is no date, or NULL */
    int32_t first, last;          /* earliest and latest day, when there are dates */
    bool rising;                  /* numbers that never fall and rise at least twice */
};

/* Looks at a column of the rows beneath the header, at most COLUMNS_SAMPLE spread evenly. */
struct columns_content columns_content_read(struct arena *a, const struct sheet *s, size_t column,
                                            const struct dates_rule *rule);
/* Whether two columns tell the rows apart in the same way: one value of the one goes with one value
 * of the other. */
bool columns_content_same(struct arena *a, const struct sheet *s, size_t one, size_t other);
/* The texts of that sample, for dates_find; `ret_n` of them. */
const char *const *columns_content_values(struct arena *a, const struct sheet *s, size_t column,
                                          size_t *ret_n);
/* Whether `part` is at least `percent` of `whole`, and there is any. */
bool columns_content_share(size_t part, size_t whole, unsigned percent);

#endif
