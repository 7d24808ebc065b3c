/* rules.h: how the sides keep what they agree, decided without a database. Pure. */
#ifndef FEATURES_WAITING_RULES_H
#define FEATURES_WAITING_RULES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WAITING_LEAST = 10, WAITING_DAYS = 180, WAITING_NO_DAY = INT32_MIN };

/* One thing that was due. Days of base/date.h. */
struct waiting_item {
    int32_t due, delivered; /* WAITING_NO_DAY: not delivered */
    int32_t made;           /* when it was asked for */
    int64_t waited;         /* days that others took, taken off */
    bool moved;             /* by agreement */
    bool outside;           /* declined or withdrawn: counts nowhere */
};
/* Whether it was delivered by its day, the days that others took taken off. */
bool waiting_kept(const struct waiting_item *x);

struct waiting_rate {
    int64_t due, kept, moved; /* due: its day is over or it was delivered */
    double share, low, high;  /* kept of due, with the 95 % interval; 0 when too few */
    bool too_few;             /* less than WAITING_LEAST due */
    int64_t turnaround;       /* median days from ask to delivery; -1: none delivered */
};
/* Interval: E. B. Wilson, JASA 22 (1927) 209-212, equation for the score interval, z = 1.959964. */
void waiting_rate_of(struct arena *a, const struct waiting_item *x, size_t n, int32_t today, struct waiting_rate *ret);
/* "92 in 100 (85 to 96)"; "too few to say: 4". */
const char *waiting_rate_words(struct arena *a, const struct waiting_rate *r);

#endif
