/* dates.h: dates as people write them, of day or month precision, in national orders and languages.
 *
 * The order of day, month and year is found over a whole column and never guessed: where two orders
 * fit, the column is ambiguous, both readings are shown, and the caller passes on what a person
 * answered. Pure: no clock, no database. Texts are valid UTF-8. Imports of logs, sites and plans
 * call it.
 *
 * Read: 2024-03-12 (also with a time after it, which is dropped), 2024/3/12, 20240312, 12.03.2024,
 * 12/03/2024, 3/12/24, 12032024, 12-Mar-2024, 12MAR24, "12 March 2024", "March 12, 2024",
 * "12 de marzo de 2024", "1er mars 2024"; months 2024-03, 03/2024, "Mar 2024", Mar-24; with the day
 * unknown (2024-03-UN, UN-MAR-2024) the month. Month names in English, German, French, Spanish,
 * Italian, Portuguese and Dutch. Two rules fix an order by themselves: a year of four digits in
 * front is followed by month and day, and with a month's name between two short numbers the day
 * stands first (12-Mar-24). */
#ifndef FEATURES_RECRUITMENT_DATES_H
#define FEATURES_RECRUITMENT_DATES_H

#include "base/date.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Orders, as bits of a set. */
enum dates_order { DATES_YMD = 1, DATES_DMY = 2, DATES_MDY = 4, DATES_ANY = 7 };

enum { DATES_FUTURE_YEARS = 20 };

/* What may be a date. Years of two digits belong to the hundred years that end with the year of
 * `today` (with `future`: with the year 20 years later). */
struct dates_rule {
    int32_t today;
    bool future;    /* planned dates: up to 20 years after today; else nothing after today */
    bool numerals;  /* bare numbers of five or six digits are dates without signs: 82888, 082888 */
    int first_year; /* no date before it; 0: 1900 */
};

struct dates_value {
    int32_t day; /* of a month: its first day */
    enum date_precision precision;
};

/* Reads one date. `order`: the column's order, or 0 when not known; it does not matter for a text
 * that can be read one way only. Errors (E_BAD_INPUT), each naming the text: no date, no such day,
 * no year, only a year, a bare number, in the future, before first_year, more than one reading. */
err_t dates_read(struct arena *a, const char *text, unsigned order, const struct dates_rule *rule,
                 struct dates_value *ret);

/* The orders in which the text is a date of the calendar, from first_year on; the future is not
 * held against it. DATES_ANY when its order does not matter, 0 when it is no date. */
unsigned dates_orders(struct arena *a, const char *text, const struct dates_rule *rule);

enum dates_finding {
    DATES_NONE,          /* no value is a date */
    DATES_FIXED,         /* no value depends on the order */
    DATES_SETTLED,       /* one order fits all values */
    DATES_AMBIGUOUS,     /* several orders fit and differ: ask */
    DATES_CONTRADICTORY, /* no order fits all values */
};

/* One way to read an ambiguous column. */
struct dates_reading {
    enum dates_order order;
    const char *label;   /* "day first" */
    const char *example; /* "03/04/2024 is 3 Apr 2024" */
    size_t n_future;     /* how many dates would lie after today */
};

struct dates_column {
    enum dates_finding finding;
    unsigned orders;        /* that are possible; the one of a settled column */
    size_t n;               /* values that are not empty */
    size_t n_dates;         /* of these, dates in some order */
    const char *not_a_date; /* the first value that is none, or NULL */
    bool mixed;             /* ISO dates beside others: a spreadsheet may have turned some around */
    const char *text;       /* for a person: what was found, or the question; never NULL */
    struct dates_reading readings[3]; /* when ambiguous */
    size_t n_readings;
};

/* What order a column is in. `values`: its texts; NULL and empty ones are skipped. */
void dates_find(struct arena *a, const char *const *values, size_t n, const struct dates_rule *rule,
                struct dates_column *ret);

/* "day first", "month first", "year first". */
const char *dates_order_label(enum dates_order order);

#endif
