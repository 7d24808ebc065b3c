/* gap.h: behind the plan by how many, and where that comes from. A pure rule; the card "Where the
 * gap comes from" shows its answer.
 *
 * Formulas. Days are counted inclusively at the end of the cut: a site open since day o has been
 * open cut - o + 1 days. With P the planned count at the cut and, for every planned site i,
 *
 *   d_i  planned days   days of [planned_open, cut] before planned_close
 *   o_i  days since it opened, before planned_close     (0 when not open)
 *   s_i  days of [closed, reopened) after its opening and before planned_close
 *   w_i  its planned rate, or the mean of those given, or 1
 *   r_i = P w_i / sum(w_j d_j)                          planned participants per site-day
 *
 * (so that sum(r_i d_i) = P) the plan loses
 *
 *   late      sum r_i (d_i - o_i)   over sites that have opened; opened early counts as a gain
 *   not open  sum r_i d_i           over sites not open yet
 *   closed    sum r_i s_i, and r_i d_i of sites that closed without having opened
 *   extra    -sum r (o_i - s_i)     over open sites that the plan does not know, r their
 *                                   w_i (or the mean one) as a planned rate
 *   pace      the rest: what the days really open would have brought, less what they brought
 *
 * Every part is turned into whole participants by largest remainder, so that the parts add up to
 * round(P) - actual exactly; a part of nothing stays nothing. When no plan of openings is known, or
 * for fewer than half of the sites, or when no site was to be open yet, all is pace. */
#ifndef RECRUITMENT_GAP_H
#define RECRUITMENT_GAP_H

#include <stddef.h>
#include <stdint.h>

enum { GAP_NO_DAY = INT32_MIN };

/* Days as in base/date.h, GAP_NO_DAY where there is none. What lies after the cut has not
 * happened. */
struct gap_site {
    int32_t planned_open;
    int32_t planned_close; /* first day on which it was not to be open any more */
    int32_t opened;
    int32_t closed;   /* first day closed or suspended */
    int32_t reopened; /* first day open again */
    double rate;      /* planned participants per day, in any unit common to all; 0: not given */
};

struct gap_in {
    int32_t cut;
    double planned; /* at the cut; not finite or below 0 counts as 0 */
    int actual;
    const struct gap_site *site;
    size_t n_site;
};

enum gap_kind { GAP_LATE, GAP_NOT_OPEN, GAP_CLOSED, GAP_EXTRA, GAP_PACE, GAP_KINDS };

struct gap_part {
    enum gap_kind kind;
    int n;     /* participants: below 0 lost, above 0 gained; never 0 */
    int sites; /* how many sites made it; 0 for pace */
};

struct gap {
    int planned;  /* rounded */
    int behind;   /* planned - actual; below 0: ahead. Equals minus the sum of the parts */
    size_t n_part;
    struct gap_part part[GAP_KINDS]; /* in the order of the kinds */
};

struct gap gap_find(const struct gap_in *in);
/* Plain words for a part by its sign, English, no full stop: "Sites opened late", "Sites opened
 * early". A literal: also the key of its translation. */
const char *gap_words(enum gap_kind kind, int n);

#endif
