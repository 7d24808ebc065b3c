/* dates_scan.h: a text cut into the numbers and month names a date is made of. Called by dates.c
 * alone. */
#ifndef FEATURES_RECRUITMENT_DATES_SCAN_H
#define FEATURES_RECRUITMENT_DATES_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum dates_token_kind { DATES_NUMBER, DATES_MONTH_NAME, DATES_UNKNOWN };

struct dates_token {
    enum dates_token_kind kind;
    int value;   /* of a number; of a month's name 1 to 12 */
    int digits;  /* of a number */
    char before; /* the sign before it: '-', '/', '.', '\'' or ' ' */
};

enum { DATES_TOKENS = 3 };

/* Cuts a text, without its time of day. False: something in it belongs to no date, or too much. */
bool dates_scan(struct arena *a, const char *text, struct dates_token ret[static DATES_TOKENS],
                size_t *ret_n);

#endif
