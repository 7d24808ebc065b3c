/* weeks.h: how work falls on weeks: what a person can carry in a week, and where the time of one thing
 * goes. Pure: no database, no clock. Minutes; days and Mondays as in base/date.h. */
#ifndef FEATURES_LOAD_WEEKS_H
#define FEATURES_LOAD_WEEKS_H

#include "base/calendar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One thing is planned at no more than two hours on a day, while there are days enough before its day. */
enum { WEEKS_A_DAY = 120 };

struct weeks_span {
    int32_t from, to; /* both days are of it */
};
struct weeks_person {
    int32_t weekly; /* minutes of a week without holidays or absence */
    const struct calendar *calendar;
    const struct weeks_span *away;
    size_t n_away;
};
struct weeks_week {
    int32_t monday;
    int32_t capacity, planned, asked, spent;
    int items; /* agreed things whose day is in it */
};

int32_t weeks_monday(int32_t day); /* of the week in which the day lies */
bool weeks_worked(const struct weeks_person *p, int32_t day);
/* The share of `weekly` that the worked days of the week have of its days outside the weekend. */
int32_t weeks_capacity(const struct weeks_person *p, int32_t monday);
/* n weeks from a Monday on, with their capacity and nothing else. */
void weeks_make(const struct weeks_person *p, int32_t monday, size_t n, struct weeks_week *ret);

/* Where the minutes of one thing go: over as many worked days before its day (and on it) as it needs at
 * WEEKS_A_DAY, none before `earliest`, in equal parts, the rest on the last of them. With fewer worked
 * days each takes more. With none: on the first worked day after it, or where there is none within 60
 * days on its day. A day that is over counts as `earliest`. Adds to add[i] for the i-th of n weeks from
 * `monday`; what falls outside is left out. */
struct weeks_part {
    int32_t earliest, due, minutes;
};
void weeks_spread(const struct weeks_person *p, const struct weeks_part *x, int32_t monday, size_t n, int32_t *add);

/* The first of n weeks, from the i-th on, that has worked days and room for so much more; n: none. */
size_t weeks_room(const struct weeks_week *w, size_t n, size_t i, int32_t minutes);

#endif
