/* chart_axis.c: the two axes. See chart_axis.h. */
#include "features/recruitment/chart_axis.h"

#include "base/arena.h"
#include "base/date.h"
#include "core/draw.h"
#include "features/recruitment/chart_words.h"

#include <math.h>

enum { HEAD_WIDE = 44, HEAD_NARROW = 38, WEEKS_TO = 77, TICKS = 40, TICK_GAP = 5 };

struct chart_axis
chart_axis_new(const struct chart_data *d, enum chart_width width)
{
    bool narrow = width == CHART_NARROW;
    struct chart_axis ax = {.d = d, .narrow = narrow, .t = 18, .b = 30};
    ax.w = narrow ? 362 : 900;
    ax.h = narrow ? 300 : 440;
    ax.r = 14;
    if (!narrow && d->target) {
        const char *text = chart_words_fill(d->mem, d->words->target, (struct chart_blank[]){
            {"n", chart_words_number(d->mem, d->words, d->target)}, {0}});
        ax.r = fmin(fmax(84, draw_text_width(text, CHART_FONT) + 16), 240);
    }
    double plot = ax.h - ax.t - ax.b;
    double most = fmax(d->most, 4);
    ax.top = most * plot / (plot - (narrow ? HEAD_NARROW : HEAD_WIDE));
    ax.step = draw_nice_step(most, d->target, narrow ? 4 : 5);
    const char *widest = chart_words_number(d->mem, d->words, floor(ax.top / ax.step) * ax.step);
    ax.l = fmax(34, draw_text_width(widest, CHART_FONT) + 12);
    return ax;
}

double
chart_axis_x(const struct chart_axis *ax, double day)
{
    double span = ax->d->last - ax->d->first;
    return ax->l + (ax->w - ax->l - ax->r) * draw_share(day - ax->d->first, span);
}

double
chart_axis_y(const struct chart_axis *ax, double n)
{
    return ax->t + (ax->h - ax->t - ax->b) * (1 - draw_share(n, ax->top));
}

static void
draw_counts(struct buf *b, const struct chart_axis *ax, struct chart_place *place)
{
    const struct chart_data *d = ax->d;
    for (double n = 0; n <= fmax(d->most, 4) + ax->step * .25 && n < ax->top; n += ax->step) {
        double y = chart_axis_y(ax, n);
        const char *text = chart_words_number(d->mem, d->words, n);
        draw_line(b, n > 0 ? "c-grid" : "c-axis", ax->l, y, ax->w - ax->r, y);
        draw_text(b, "c-end", ax->l - 7, y + 4, text);
        chart_place_block(place, chart_place_text(&text, 1, ax->l - 7, y + 4, 'e'));
    }
}

struct tick {
    int32_t day;
    const char *text;
    bool first; /* of the year: has its words before the others */
};

static size_t
week_ticks(const struct chart_axis *ax, struct tick *t)
{
    const struct chart_data *d = ax->d;
    double week = (ax->w - ax->l - ax->r) * 7 / (d->last - d->first);
    int step = week >= 54 ? 7 : week >= 27 ? 14 : 28;
    int32_t day = d->first + (7 - date_weekday(d->first)) % 7;
    size_t n = 0;
    for (; day <= d->last && n < TICKS; day += step, n++)
        t[n] = (struct tick){day, chart_words_day(d->mem, d->words, day, n == 0), n == 0};
    return n;
}

/* Months, quarters, halves, years, tens of years: the shortest that leaves room for its words. */
static size_t
month_ticks(const struct chart_axis *ax, struct tick *t)
{
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600};
    const struct chart_data *d = ax->d;
    double month = (ax->w - ax->l - ax->r) * 30.44 / (d->last - d->first);
    size_t i = 0, n = 0;
    while (i + 1 < sizeof steps / sizeof *steps && month * steps[i] < (steps[i] < 12 ? 42 : 46))
        i++;
    int step = steps[i], y, m, dom;
    date_to_civil(d->first, &y, &m, &dom);
    int index = y * 12 + m - 1 + (dom > 1);
    index = (index + step - 1) / step * step;
    for (; n < TICKS; index += step, n++) {
        int32_t day;
        if (!date_from_civil(index / 12, index % 12 + 1, 1, &day) || day > d->last)
            break;
        bool january = index % 12 == 0;
        const char *text = step >= 12 ? arena_printf(d->mem, "%d", index / 12)
                                      : chart_words_month(d->mem, d->words, day, january || n == 0);
        t[n] = (struct tick){day, text, january};
    }
    return n;
}

static void
tick_word(struct buf *b, const struct chart_axis *ax, struct chart_place *place,
          const struct tick *t)
{
    double x = chart_axis_x(ax, t->day), y = ax->h - ax->b + 18;
    double half = draw_text_width(t->text, CHART_FONT) / 2;
    x = fmin(fmax(x, half + 2), ax->w - half - 2);
    struct chart_box box = {x - half - TICK_GAP / 2, y - 10, x + half + TICK_GAP / 2, y + 3};
    for (size_t i = 0; i < place->n_box; i++) {
        const struct chart_box *o = &place->box[i];
        if (o->y0 < box.y1 && box.y0 < o->y1 && o->x0 < box.x1 && box.x0 < o->x1)
            return;
    }
    chart_place_block(place, box);
    draw_text(b, "c-mid", x, y, t->text);
}

static void
draw_days(struct buf *b, const struct chart_axis *ax, struct chart_place *place)
{
    struct tick t[TICKS];
    bool weeks = ax->d->last - ax->d->first <= WEEKS_TO;
    size_t n = weeks ? week_ticks(ax, t) : month_ticks(ax, t);
    double y = ax->h - ax->b;
    for (size_t i = 0; i < n; i++) {
        double x = chart_axis_x(ax, t[i].day);
        draw_line(b, "c-axis", x, y, x, y + 4);
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < n; i++) {
            if (t[i].first == (pass == 0))
                tick_word(b, ax, place, &t[i]);
        }
    }
}

void
chart_axis_draw(struct buf *b, const struct chart_axis *ax, struct chart_place *place)
{
    draw_counts(b, ax, place);
    draw_days(b, ax, place);
}
