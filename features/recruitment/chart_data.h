/* chart_data.h: the chart's input made safe, what follows from it (where plan and target meet,
 * when the target was reached), and the scale of the two axes. Within this folder only. */
#ifndef RECRUITMENT_CHART_DATA_H
#define RECRUITMENT_CHART_DATA_H

#include "features/recruitment/chart.h"

#include <stdbool.h>

/* How a row of the table and a step of the axis move: by days, or else by months. */
struct chart_step {
    int days, months;
};

struct chart_data {
    struct arena *mem;
    const struct chart_words *words;
    const char *id;
    int target; /* 0: none */
    int32_t cut, today, deadline;
    struct chart_plan *plan;
    struct chart_count *actual, *came;
    struct chart_band *band; /* its first point is the cut */
    size_t n_plan, n_actual, n_band, n_came;
    int now;               /* enrolled at the cut */
    int32_t reached;       /* the day the target was reached, or CHART_NONE */
    int32_t plan_end;      /* where the plan reaches the target, else its end, or CHART_NONE */
    bool plan_reaches;     /* plan_end lies on the target */
    int32_t arrive10, arrive50, arrive90;
    bool forecast;         /* there are arrival days to show */
    int32_t first, last;   /* days at the edges; first is the first row */
    struct chart_step step;
    int rows, rows_before; /* how many rows; how many of them lie before the cut */
    double most;           /* the greatest value drawn as a line */
};

/* `a` holds copies. Never fails. */
struct chart_data *chart_data_new(struct arena *a, const struct chart_in *in);

/* Day of row k; row rows_before is the cut. */
int32_t chart_data_row_day(const struct chart_data *d, int k);
/* The right edge in rows, a fraction included: data-max. */
double chart_data_row_max(const struct chart_data *d);
int chart_data_actual_at(const struct chart_data *d, int32_t day);
/* The band on a day after the cut by straight lines between its points; false beyond its end. */
bool chart_data_band_at(const struct chart_data *d, int32_t day, struct chart_band *ret);

#endif
