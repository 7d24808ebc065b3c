/* chart.h: the recruitment chart and its table twin, drawn on the server.
 *
 * Pure functions from a plain struct to SVG text: nothing is read or kept, no clock, no locale. The
 * page puts the result in with view_html. It is drawn twice, wide (900 x 440) and narrow (362 x
 * 300), and the style sheet shows the one that fits:
 *
 *   <figure class="chart" data-twin="rc-data">
 *     <div class="wide">SVG</div><div class="narrow">SVG</div></figure>
 *   <table id="rc-data">: one row for each of chart_table(), in its order, data-k = its "k"
 *
 * For the chart reader (web/js/chart.js) the svg says where its plot lies: data-l data-r data-t
 * data-b (margins in viewBox units), data-max (the right edge, in steps of the table: a row with
 * k stands at x = l + (W - l - r) * k / max), data-top (the value at the top edge:
 * y = t + (H - t - b) * (1 - v / top)), and data-first and data-last (the days at the two edges,
 * days since 1970). The left edge is the first row of the table and the cut is always a row.
 * Steps of weeks are exact; steps of months differ by at most four days from the true place of
 * their day.
 *
 * Classes (web/css/chart.css): c-grid c-axis c-fan80 c-fan50 c-plan c-actual c-median c-came
 * c-target c-today c-deadline c-drop c-arrival c-head c-dot c-ring c-flag; labels c-lab with act,
 * pln or soft, and c-mid or c-end for the anchor. Its text is 12.5px there; CHART_FONT must say the
 * same.
 *
 * Wrong input never breaks the picture: points that are not finite, out of order in days, or more
 * than a hundred years from the cut are left out, percentiles out of order are put in order. */
#ifndef RECRUITMENT_CHART_H
#define RECRUITMENT_CHART_H

#include "base/str.h"

#include <stdint.h>

struct arena;
struct view;

enum { CHART_NONE = INT32_MIN, CHART_NEVER = INT32_MAX };
enum chart_width { CHART_WIDE, CHART_NARROW };

/* Days are those of base/date.h. Counts are cumulative, at the end of the day, in order of days. */
struct chart_plan {
    int32_t day;
    double n; /* straight lines between the points; the last one is where the plan ends */
};
struct chart_count {
    int32_t day;
    int n;
};
struct chart_band {
    int32_t day;
    double p10, p25, p50, p75, p90; /* percentiles of the count on that day */
};

struct chart_words;

/* Everything but `cut` may be left out (NULL, 0) where nothing is known; days then CHART_NONE. */
struct chart_in {
    const char *id; /* unique in the page: ids of the two widths are id-w-t, id-n-t and so on */
    int target;     /* 0: none */
    int32_t cut;    /* the day of the data; the forecast begins after it */
    int32_t today;  /* CHART_NONE or the cut: the label says "today"; else it says the date */
    int32_t first;  /* where recruiting began; CHART_NONE: at the first point */
    int32_t deadline;
    const struct chart_plan *plan;
    size_t n_plan;
    const struct chart_count *actual; /* after the cut is not looked at */
    size_t n_actual;
    const struct chart_band *band; /* after the cut; empty: no forecast */
    size_t n_band;
    /* Percentiles of the day on which the target is reached: CHART_NEVER for beyond the horizon,
     * CHART_NONE for no forecast. Not looked at when the target has been reached. */
    int32_t arrive10, arrive50, arrive90;
    const struct chart_count *came; /* what really came after the cut, when that is known (demo) */
    size_t n_came;
    const struct chart_words *words; /* NULL: English */
};

/* What the chart says, for a translation. {n}, {date}, {from}, {to}, {plan} are filled in. */
struct chart_words {
    const char *month[12];
    const char *day, *day_year, *month_year; /* {d} {m} {y}; of month_year {y} has two digits */
    char thousands;                          /* between groups of five digits and more; 0: none */
    const char *title;
    const char *today, *on, *target, *plan, *plan_ends, *deadline, *both, *likely, *reached, *came;
    const char *range, *later, *futures, *futures_open, *never;
    /* whole sentences of the description */
    const char *say_target, *say_actual, *say_planned, *say_plan, *say_plan_ends, *say_reached;
    const char *say_likely, *say_open, *say_later, *say_never, *say_none, *say_deadline;
};

enum { CHART_ROWS = 160 };
#define CHART_FONT 12.5

/* The picture, at the end of `b`. */
void chart_draw(struct buf *b, const struct chart_in *in, enum chart_width width);
/* The description alone, whole sentences: for the page, a mail, or the command line. */
const char *chart_sentence(struct arena *a, const struct chart_in *in);

/* Adds the rows of the table twin to the view list `rows`: maps with
 *   k (0, 1, 2 ..), day (since 1970), iso, label ("18 Nov 2026"),
 *   plan (after its end: its last value), actual (up to the cut), low, likely, high (after the cut:
 *   10th, 50th and 90th percentile, at most the target), came (only when given).
 * A value that is not known there is absent. Whole numbers. Counted from the cut backwards and
 * forwards by weeks when the picture spans a year or less, else by months, or by so many months
 * that there are at most CHART_ROWS rows. */
void chart_table(struct view *rows, const struct chart_in *in);

/* The planned count on a day, by straight lines between the points; 0 before the first, the last
 * value after the end, 0 without a plan. */
double chart_planned(const struct chart_plan *plan, size_t n, int32_t day);

#endif
