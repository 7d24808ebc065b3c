/* chart_small.h: the small pictures of the league table, the cards and the portfolio. Pure
 * functions to SVG, as core/draw.h, whose meter and spark serve the meter bar and the twelve weeks.
 *
 * `label` is the sentence for who does not see it, already translated; NULL when the same words
 * stand beside the picture, which is then hidden from screen readers. Classes: rank (.base .range
 * .mid), bullet (.bg .val .goal), rate (.base .range .mid .goal), meter (and plan), mini (c-plan
 * c-actual c-dot, in a 120 x 28 picture). Numbers that are not finite count as 0. */
#ifndef RECRUITMENT_CHART_SMALL_H
#define RECRUITMENT_CHART_SMALL_H

#include "features/recruitment/chart.h"

/* Where a rank among n truly lies: 1 <= low <= mid <= high <= n, the best on the left. */
void chart_small_rank(struct buf *b, double low, double mid, double high, int n, const char *label);
/* Count against its goal. The scale goes to 2.1 times the goal, or to the count when that is more;
 * without a goal the count fills nothing of it but itself. `most`: a common scale for a whole
 * column, or 0 for each its own. */
void chart_small_bullet(struct buf *b, double value, double goal, double most, const char *label);
/* A part of the gap: grey when lost, accent when gained; `most`: the largest part, by size. */
void chart_small_gap(struct buf *b, double part, double most, const char *label);
/* A step of the funnel: `first` is the step that all others are part of. */
void chart_small_funnel(struct buf *b, double n, double first, const char *label);
/* A rate with its interval, a dot on a whisker; `most`: the common right end of the scale;
 * `mark`: a line to compare with (the planned rate), or below 0 for none. */
void chart_small_rate(struct buf *b, double low, double mid, double high, double most, double mark,
                      const char *label);
/* A site's rate with its interval, over the middle half of the other sites' (.other, their middle
 * .half). The scale begins at 0 and ends a little after the largest of them. */
struct chart_small_spread {
    double low, mid, high, others_low, others_mid, others_high;
};
void chart_small_spread(struct buf *b, const struct chart_small_spread *p, const char *label);
/* A study in the portfolio: its plan and what came, on the scale of its target. Only plan, actual,
 * target, first and cut of `in` are looked at. */
void chart_small_mini(struct buf *b, const struct chart_in *in, const char *label);

#endif
