/* chart_axis.h: from days and counts to places in the picture, the grid, and the ticks. Within this
 * folder only. */
#ifndef RECRUITMENT_CHART_AXIS_H
#define RECRUITMENT_CHART_AXIS_H

#include "features/recruitment/chart_data.h"
#include "features/recruitment/chart_place.h"

struct chart_axis {
    const struct chart_data *d;
    double w, h, l, r, t, b; /* the picture and the margins of the plot */
    double top;              /* the value at the top edge of the plot */
    double step;             /* of the grid */
    bool narrow;
};

struct chart_axis chart_axis_new(const struct chart_data *d, enum chart_width width);
/* Places are kept within the plot. */
double chart_axis_x(const struct chart_axis *ax, double day);
double chart_axis_y(const struct chart_axis *ax, double n);
/* Grid, ticks and their words; blocks the ground of the words. */
void chart_axis_draw(struct buf *b, const struct chart_axis *ax, struct chart_place *place);

#endif
