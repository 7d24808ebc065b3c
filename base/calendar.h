/* calendar.h: business days: which days are worked, and counting by them. Pure: no I/O, no clock.
 * Days are day numbers as in date.h. Where holidays come from is core/holidays.h.
 *
 * Day 0 is the event. A day is skipped when it lies in the weekend or is a holiday: Fri 2025-03-07 + 5
 * and Sat 2025-03-08 + 5 are both Fri 2025-03-14. Adding and counting cost a binary search among the
 * holidays, however far apart the days are. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A set of weekdays, as a weekend is one: bit 0 is Monday, as in date_weekday. */
enum { CALENDAR_SAT_SUN = 1 << 5 | 1 << 6, CALENDAR_WEEKDAYS = (1 << 7) - 1 };

struct calendar_day {
    int32_t day;
    const char *name; /* NULL: nobody named it */
};

/* Made by calendar_make or calendar_union only; read by everybody. */
struct calendar {
    unsigned weekend;
    const struct calendar_day *days; /* the holidays, by day, each day once */
    size_t n;
    const int32_t *off; /* of these the days that would be worked but for the holiday */
    size_t n_off;
    int first_year, last_year; /* the years whose holidays are known; 0: of no year */
};

/* A calendar in `a`. `days` in any order; a day that stands twice keeps both names ("A, B"). Errors
 * (E_BAD_INPUT): a weekend that leaves no day to work, or has bits beyond Sunday; a holiday before the
 * first or after the last year known; years outside 1 to 9999. */
err_t calendar_make(struct arena *a, unsigned weekend, const struct calendar_day *days, size_t n,
                    int first_year, int last_year, struct calendar *ret);
/* Both sides' calendar: a day is worked when both work. Known are the years that both know. The same
 * error as calendar_make when no day is left. */
err_t calendar_union(struct arena *a, const struct calendar *x, const struct calendar *y,
                     struct calendar *ret);

enum calendar_why { CALENDAR_WORKED, CALENDAR_WEEKEND, CALENDAR_HOLIDAY };
/* Whether a day is worked, and why not. `ret_name` (may be NULL): the holiday's name, also when it
 * falls on a weekend; NULL when it is none or has none. */
enum calendar_why calendar_why(const struct calendar *k, int32_t day, const char **ret_name);

struct calendar_sum {
    int32_t day;    /* what calendar_add came to */
    int64_t n;      /* what calendar_count came to */
    bool guessed;   /* some day between lies in a year whose holidays are not known: there only weekends
                     * count. Whoever shows the result says so, and names k->last_year. */
};
/* The n-th business day after `day`; before it when n is negative; `day` itself, worked or not, when n
 * is 0. False: outside the years 1 to 9999. */
bool calendar_add(const struct calendar *k, int32_t day, int64_t n, struct calendar_sum *ret);
/* Business days after `from` up to and with `to`; for an earlier `to` minus those from `to` up to the
 * day before `from`. So calendar_count undoes calendar_add. */
struct calendar_sum calendar_count(const struct calendar *k, int32_t from, int32_t to);

/* "sat,sun" (in any order, capitals as they like, also "none") to a weekend. False: no such words, or
 * no day left to work. */
bool calendar_weekend_parse(const char *words, unsigned *ret);
/* "sat,sun"; "none". In `a`. */
const char *calendar_weekend_words(struct arena *a, unsigned weekend);

#endif
