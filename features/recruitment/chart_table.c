/* chart_table.c: the rows of the chart's table twin. See chart.h. */
#include "features/recruitment/chart.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/view.h"
#include "features/recruitment/chart_data.h"
#include "features/recruitment/chart_words.h"

#include <math.h>

static void
forecast_cells(struct view *row, const struct chart_data *d, int32_t day)
{
    struct chart_band q;
    if (day <= d->cut || !chart_data_band_at(d, day, &q))
        return;
    double most = d->target ? d->target : INFINITY;
    view_int(row, "low", llround(fmin(q.p10, most)));
    view_int(row, "likely", llround(fmin(q.p50, most)));
    view_int(row, "high", llround(fmin(q.p90, most)));
}

static void
came_cell(struct view *row, const struct chart_data *d, int32_t day)
{
    if (!d->n_came || day < d->cut || day > d->came[d->n_came - 1].day)
        return;
    int n = d->now;
    for (size_t i = 0; i < d->n_came && d->came[i].day <= day; i++)
        n = d->came[i].n;
    view_int(row, "came", n);
}

void
chart_table(struct view *rows, const struct chart_in *in)
{
    struct arena *a = rows->kids.mem;
    const struct chart_data *d = chart_data_new(a, in);
    for (int k = 0; k < d->rows; k++) {
        int32_t day = chart_data_row_day(d, k);
        struct view *row = view_add_map(rows);
        char iso[DATE_TEXT];
        date_iso(day, iso);
        view_int(row, "k", k);
        view_int(row, "day", day);
        view_text(row, "iso", arena_strdup(a, iso));
        view_text(row, "label", chart_words_day(a, d->words, day, true));
        if (d->n_plan)
            view_int(row, "plan", llround(chart_planned(d->plan, d->n_plan, day)));
        if (day <= d->cut)
            view_int(row, "actual", chart_data_actual_at(d, day));
        forecast_cells(row, d, day);
        came_cell(row, d, day);
    }
}
