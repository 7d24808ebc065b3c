/* chart.c: the recruitment chart as SVG. See chart.h. Numbers come made safe from chart_data,
 * places from chart_axis and chart_place; the order of drawing is the order of the calls in
 * chart_draw. */
#include "features/recruitment/chart.h"

#include "base/arena.h"
#include "core/draw.h"
#include "features/recruitment/chart_axis.h"
#include "features/recruitment/chart_words.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))

enum { YEARS_FROM = 900, ARROW = 8, STUB = 26, FAR = 90, STEP_SEEN = 5 };
static const double line_weight = .35; /* of the straight helper lines, for labels */

struct drawing {
    struct buf *b;
    struct arena *mem;
    const struct chart_data *d;
    struct chart_axis ax;
    struct chart_place place;
    double right, foot, target; /* edge of the plot, axis, and target line, in the picture */
};

static bool
shown(const struct drawing *g, int32_t day)
{
    return day != CHART_NONE && day >= g->d->first && day <= g->d->last;
}

static double
day_x(const struct drawing *g, int32_t day)
{
    return chart_axis_x(&g->ax, day);
}

static const char *
say(const struct drawing *g, const char *text, const char *name, const char *value)
{
    return chart_words_fill(g->mem, text, (struct chart_blank[]){{name, value}, {0}});
}

static const char *
number(const struct drawing *g, double n)
{
    return chart_words_number(g->mem, g->d->words, n);
}

/* Without its year where the axis tells it: in a picture of few years, and within it. */
static const char *
date(const struct drawing *g, int32_t day)
{
    bool year = g->d->last - g->d->first > YEARS_FROM || !shown(g, day);
    return chart_words_day(g->mem, g->d->words, day, year);
}

/* ---- lines: points hold days and counts until `to_picture` ---- */

static size_t
to_picture(const struct drawing *g, struct draw_point *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (struct draw_point){chart_axis_x(&g->ax, p[i].x), chart_axis_y(&g->ax, p[i].y)};
    return n;
}

static struct draw_point
between(struct draw_point a, struct draw_point b, double f)
{
    return (struct draw_point){a.x + f * (b.x - a.x), a.y + f * (b.y - a.y)};
}

/* The line cut at the last day of the axis, and flat along `cap` where it would go above it.
 * `out` has room for 2 n points. */
static size_t
clip(const struct drawing *g, const struct draw_point *in, size_t n, double cap,
     struct draw_point *out)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        struct draw_point a = in[i ? i - 1 : 0], b = in[i];
        bool over = b.x > g->d->last;
        if (over && i)
            b = between(a, b, (g->d->last - a.x) / (b.x - a.x));
        if (i && (a.y < cap) != (b.y < cap))
            out[k++] = between(a, b, (cap - a.y) / (b.y - a.y));
        out[k++] = (struct draw_point){b.x, fmin(b.y, cap)};
        if (over)
            break;
    }
    return k;
}

static double
ceiling(const struct drawing *g)
{
    return g->d->target ? g->d->target : g->ax.top;
}

static double
percentile(const struct chart_band *q, int which)
{
    const double p[] = {q->p10, q->p25, q->p50, q->p75, q->p90};
    return p[which];
}

static size_t
band_line(const struct drawing *g, int which, struct draw_point **ret)
{
    size_t n = g->d->n_band;
    struct draw_point *raw = arena_alloc(g->mem, n * sizeof *raw);
    for (size_t i = 0; i < n; i++)
        raw[i] = (struct draw_point){g->d->band[i].day, percentile(&g->d->band[i], which)};
    *ret = arena_alloc(g->mem, 2 * n * sizeof **ret);
    return clip(g, raw, n, ceiling(g), *ret);
}

static void
draw_band(struct drawing *g, const char *cls, int low, int high)
{
    struct draw_point *up, *down;
    size_t n = band_line(g, high, &up), m = band_line(g, low, &down);
    struct draw_point *all = arena_alloc(g->mem, (n + m) * sizeof *all);
    memcpy(all, up, n * sizeof *all);
    for (size_t i = 0; i < m; i++)
        all[n + i] = down[m - 1 - i];
    draw_poly(g->b, cls, all, to_picture(g, all, n + m), true);
}

static void
draw_median(struct drawing *g)
{
    struct draw_point *p;
    size_t n = band_line(g, 2, &p), keep = n;
    for (size_t i = 0; i < n && keep == n; i++) {
        if (p[i].y >= ceiling(g))
            keep = i + 1;
    }
    to_picture(g, p, keep);
    chart_place_curve(&g->place, g->mem, p, keep, 1);
    draw_poly(g->b, "c-median", p, keep, false);
}

static void
draw_plan(struct drawing *g)
{
    size_t n = g->d->n_plan;
    struct draw_point *p = arena_alloc(g->mem, (n + 1) * sizeof *p);
    for (size_t i = 0; i < n; i++)
        p[i] = (struct draw_point){g->d->plan[i].day, g->d->plan[i].n};
    to_picture(g, p, n);
    chart_place_curve(&g->place, g->mem, p, n, 1);
    draw_poly(g->b, "c-plan", p, n, false);
}

/* Steps: the count stays until the next. One to each unit of width at most; where steps are too
 * small to be seen as such, a line. `from` is the day and count it begins with, `end` the day it
 * ends on. */
static void
draw_steps(struct drawing *g, const char *cls, struct chart_count from, const struct chart_count *c,
           size_t n, int32_t end)
{
    struct draw_point *p = arena_alloc(g->mem, (2 * n + 2) * sizeof *p);
    size_t k = 0;
    double last = -1;
    p[k++] = (struct draw_point){day_x(g, from.day), chart_axis_y(&g->ax, from.n)};
    for (size_t i = 0; i < n; i++) {
        double x = day_x(g, c[i].day), y = chart_axis_y(&g->ax, c[i].n);
        if (k > 1 && x - last < 1) {
            p[k - 1].y = y;
            continue;
        }
        if (x - p[k - 1].x >= STEP_SEEN || y - p[k - 1].y <= -STEP_SEEN) {
            p[k] = (struct draw_point){x, p[k - 1].y};
            k++;
        }
        p[k++] = (struct draw_point){x, y};
        last = x;
    }
    p[k] = (struct draw_point){day_x(g, end), p[k - 1].y};
    k++;
    chart_place_curve(&g->place, g->mem, p, k, 1);
    draw_poly(g->b, cls, p, k, false);
}

static void
draw_counts(struct drawing *g)
{
    const struct chart_data *d = g->d;
    int32_t start = d->n_actual && d->actual[0].n ? d->actual[0].day : d->first;
    draw_steps(g, "c-actual", (struct chart_count){start, 0}, d->actual, d->n_actual, d->cut);
    if (d->n_came)
        draw_steps(g, "c-came", (struct chart_count){d->cut, d->now}, d->came, d->n_came,
                   d->came[d->n_came - 1].day);
}

/* ---- marks ---- */

static void
line(struct drawing *g, const char *cls, double x1, double y1, double x2, double y2)
{
    chart_place_curve(&g->place, g->mem, (struct draw_point[]){{x1, y1}, {x2, y2}}, 2, line_weight);
    draw_line(g->b, cls, x1, y1, x2, y2);
}

static void
block_mark(struct drawing *g, double x, double y, double r)
{
    chart_place_block(&g->place, (struct chart_box){x - r, y - r, x + r, y + r});
}

static void
draw_helpers(struct drawing *g)
{
    const struct chart_data *d = g->d;
    if (d->target)
        line(g, "c-target", g->ax.l, g->target, g->right, g->target);
    double cut = day_x(g, d->cut);
    line(g, "c-today", cut, g->ax.t + 12, cut, g->foot);
    if (shown(g, d->deadline)) {
        double x = day_x(g, d->deadline);
        line(g, "c-deadline", x, g->ax.t + 4, x, g->foot);
    }
}

/* The arrival bracket: from the 10th to the 90th percentile on the target line; what lies beyond
 * the axis, or beyond the horizon, is an arrow at its edge. */
static void
draw_arrival(struct drawing *g)
{
    const struct chart_data *d = g->d;
    if (!d->forecast)
        return;
    double y = g->target, from = shown(g, d->arrive10) ? day_x(g, d->arrive10) : g->right - STUB;
    double to = shown(g, d->arrive90) ? day_x(g, d->arrive90) : g->right - ARROW;
    if (shown(g, d->arrive10)) {
        line(g, "c-drop", from, y, from, g->foot);
        draw_line(g->b, "c-arrival", from, y - 5, from, y + 5);
    }
    if (shown(g, d->arrive90)) {
        line(g, "c-drop", to, y, to, g->foot);
        draw_line(g->b, "c-arrival", to, y - 5, to, y + 5);
    } else {
        double x = g->right - ARROW;
        struct draw_point head[] = {{g->right, y}, {x, y - 6}, {x, y + 6}};
        draw_poly(g->b, "c-head", head, 3, true);
        to = fmax(to, from);
    }
    draw_line(g->b, "c-arrival", from, y, to, y);
    chart_place_block(&g->place, (struct chart_box){from - 3, y - 6, fmax(to, from) + 3, y + 6});
    if (shown(g, d->arrive50)) {
        draw_circle(g->b, "c-ring", day_x(g, d->arrive50), y, 5);
        block_mark(g, day_x(g, d->arrive50), y, 7);
    }
}

static void
draw_marks(struct drawing *g)
{
    const struct chart_data *d = g->d;
    if (shown(g, d->plan_end)) {
        double x = day_x(g, d->plan_end), y = chart_axis_y(&g->ax,
            d->plan_reaches ? d->target : d->plan[d->n_plan - 1].n);
        struct draw_point flag[] = {{x, y}, {x - 4, y - 7}, {x + 4, y - 7}};
        draw_poly(g->b, "c-flag", flag, 3, true);
        chart_place_block(&g->place, (struct chart_box){x - 5, y - 8, x + 5, y + 1});
    }
    if (d->reached != CHART_NONE) {
        draw_circle(g->b, "c-dot", day_x(g, d->reached), g->target, 6);
        block_mark(g, day_x(g, d->reached), g->target, 7);
    }
    double x = day_x(g, d->cut), y = chart_axis_y(&g->ax, d->now);
    draw_circle(g->b, "c-dot", x, y, 4.5);
    block_mark(g, x, y, 5);
}

/* ---- labels ---- */

static const char *
anchored(const struct drawing *g, const char *cls, char anchor)
{
    const char *end = anchor == 'm' ? " c-mid" : anchor == 'e' ? " c-end" : "";
    return arena_printf(g->mem, "%s%s", cls, end);
}

static void
label(struct drawing *g, const char *cls, const char *text, double x, double y,
      const struct chart_spot *spots, size_t n_spots, double far)
{
    struct draw_point at;
    char anchor;
    if (chart_place_put(&g->place, &text, 1, x, y, spots, n_spots, far, &at, &anchor))
        draw_text(g->b, anchored(g, cls, anchor), at.x, at.y, text);
}

static void
label_now(struct drawing *g)
{
    static const struct chart_spot spots[] = {
        {-8, 20, 's'}, {9, 18, 's'}, {11, 4, 's'}, {-10, -10, 'e'}, {0, -13, 'm'}, {-11, 4, 'e'},
        {9, -9, 's'}, {-4, 20, 'e'}, {0, 34, 'm'}, {0, -28, 'm'}};
    const struct chart_data *d = g->d;
    const char *text = chart_words_fill(g->mem, d->today == d->cut ? d->words->today : d->words->on,
        (struct chart_blank[]){{"n", number(g, d->now)}, {"date", date(g, d->cut)}, {0}});
    label(g, "c-lab act", text, day_x(g, d->cut), chart_axis_y(&g->ax, d->now), spots,
          COUNT(spots), FAR);
}

static void
label_target(struct drawing *g)
{
    if (!g->d->target)
        return;
    const char *text = say(g, g->d->words->target, "n", number(g, g->d->target));
    double w = g->right - g->ax.l;
    const struct chart_spot beside = {w + 8, 4, 's'};
    const struct chart_spot above[] = {
        {2, -8, 's'}, {2, 18, 's'}, {w - 2, 18, 'e'}, {w - 2, -8, 'e'}, {2, -24, 's'}};
    if (g->ax.narrow)
        label(g, "c-lab", text, g->ax.l, g->target, above, COUNT(above), FAR);
    else
        label(g, "c-lab", text, g->ax.l, g->target, &beside, 1, 400);
}

/* The likely day at its mark, or at the edge of the axis with an arrow when it lies beyond. */
static void
label_likely(struct drawing *g)
{
    static const struct chart_spot at_mark[] = {
        {0, -12, 's'}, {10, -12, 's'}, {0, -12, 'm'}, {0, -12, 'e'}, {0, -27, 'm'}, {0, -27, 's'},
        {0, -27, 'e'}, {9, 20, 's'}, {-9, 20, 'e'}};
    static const struct chart_spot at_edge[] = {{0, -12, 'e'}, {0, -27, 'e'}, {0, 20, 'e'}};
    const struct chart_data *d = g->d;
    if (d->reached != CHART_NONE) {
        label(g, "c-lab act", say(g, d->words->reached, "date", date(g, d->reached)),
              day_x(g, d->reached), g->target, at_mark, COUNT(at_mark), FAR);
    } else if (d->forecast && shown(g, d->arrive50)) {
        const char *text = date(g, d->arrive50);
        if (!g->ax.narrow)
            text = say(g, d->words->likely, "date", text);
        label(g, "c-lab act", text, day_x(g, d->arrive50), g->target, at_mark, COUNT(at_mark), FAR);
    } else if (d->forecast) {
        const char *text = d->words->never;
        if (d->arrive50 != CHART_NEVER)
            text = arena_printf(g->mem, "%s →",
                                say(g, d->words->likely, "date", date(g, d->arrive50)));
        label(g, "c-lab act", text, g->right, g->target, at_edge, COUNT(at_edge), FAR);
    }
}

static void
label_range(struct drawing *g)
{
    static const struct chart_spot rows[] = {
        {0, 0, 'm'}, {0, -40, 'm'}, {0, -80, 'm'}, {0, -120, 'm'}, {0, -160, 'm'}, {0, -200, 'm'}};
    const struct chart_data *d = g->d;
    if (!d->forecast || d->arrive10 == CHART_NEVER)
        return;
    bool open = d->arrive90 == CHART_NEVER;
    const char *text[2] = {
        chart_words_fill(g->mem, open ? d->words->later : d->words->range, (struct chart_blank[]){
            {"from", date(g, d->arrive10)}, {"to", open ? "" : date(g, d->arrive90)}, {0}}),
        open ? d->words->futures_open : d->words->futures};
    double from = shown(g, d->arrive10) ? day_x(g, d->arrive10) : g->right;
    double to = shown(g, d->arrive90) ? day_x(g, d->arrive90) : g->right;
    struct chart_box box = chart_place_text(text, 2, 0, 0, 'm');
    double half = box.x1;
    double x = fmax(fmin((from + to) / 2, g->ax.w - half - 8), g->ax.l + half + 4);
    struct draw_point at;
    char anchor;
    if (!chart_place_put(&g->place, text, 2, x, g->foot - 32, rows, COUNT(rows), FAR, &at, &anchor))
        return;
    draw_text(g->b, anchored(g, "c-lab act", anchor), at.x, at.y, text[0]);
    draw_text(g->b, anchored(g, "c-lab soft", anchor), at.x, at.y + LINE_HEIGHT, text[1]);
}

static void
label_plan(struct drawing *g)
{
    static const struct chart_spot spots[] = {
        {-12, -10, 'e'}, {11, -10, 's'}, {0, -26, 'm'}, {0, -26, 'e'}, {0, -26, 's'}, {-9, 18, 'e'},
        {9, 18, 's'}, {0, 20, 'm'}};
    const struct chart_data *d = g->d;
    if (!shown(g, d->plan_end))
        return;
    bool both = d->plan_reaches && d->plan_end == d->deadline;
    const char *text = both             ? d->words->both
                       : d->plan_reaches ? d->words->plan
                                         : d->words->plan_ends;
    double y = chart_axis_y(&g->ax, d->plan_reaches ? d->target : d->plan[d->n_plan - 1].n);
    label(g, "c-lab pln", say(g, text, "date", date(g, d->plan_end)), day_x(g, d->plan_end), y,
          spots, COUNT(spots), 0);
}

static void
label_deadline(struct drawing *g)
{
    static const struct chart_spot spots[] = {
        {-5, 0, 'e'}, {5, 0, 's'}, {-5, 16, 'e'}, {5, 16, 's'}, {5, 70, 's'}, {-5, 70, 'e'},
        {5, 110, 's'}, {-5, 110, 'e'}, {5, 150, 's'}, {-5, 150, 'e'}};
    const struct chart_data *d = g->d;
    if (!shown(g, d->deadline) || (d->plan_reaches && d->plan_end == d->deadline))
        return;
    const char *text = say(g, d->words->deadline, "date", date(g, d->deadline));
    label(g, "c-lab pln", text, day_x(g, d->deadline), g->ax.t + 12, spots, COUNT(spots), FAR);
}

static void
label_came(struct drawing *g)
{
    static const struct chart_spot spots[] = {
        {-8, 22, 'e'}, {8, 22, 's'}, {-8, -10, 'e'}, {-8, 38, 'e'}, {8, -10, 's'}, {-8, 54, 'e'}};
    const struct chart_data *d = g->d;
    if (!d->n_came)
        return;
    const struct chart_count *c = &d->came[d->n_came * 2 / 3];
    label(g, "c-lab", d->words->came, day_x(g, c->day), chart_axis_y(&g->ax, c->n), spots,
          COUNT(spots), FAR);
}

/* ---- the whole ---- */

static void
open_picture(struct drawing *g, const struct chart_in *in, enum chart_width width)
{
    const struct chart_axis *ax = &g->ax;
    struct buf extra, id;
    buf_init(&extra, g->mem);
    const struct {
        const char *name;
        double value;
    } data[] = {{"l", ax->l}, {"r", ax->r}, {"t", ax->t}, {"b", ax->b}, {"top", ax->top},
                {"first", g->d->first}, {"last", g->d->last}};
    for (size_t i = 0; i < COUNT(data); i++)
        buf_printf(&extra, " data-%s=\"%.6g\"", data[i].name, data[i].value);
    buf_printf(&extra, " data-max=\"%.6g\"", chart_data_row_max(g->d));
    buf_init(&id, g->mem);
    draw_id(&id, in->id);
    buf_str(&id, width == CHART_NARROW ? "-n" : "-w");
    draw_open(g->b, &(struct draw_svg){.w = ax->w, .h = ax->h, .id = buf_text(&id),
        .title = g->d->words->title, .desc = chart_sentence(g->mem, in),
        .extra = buf_text(&extra)});
    buf_str(g->b, "<g aria-hidden=\"true\">");
}

void
chart_draw(struct buf *b, const struct chart_in *in, enum chart_width width)
{
    const struct chart_data *d = chart_data_new(b->mem, in);
    struct drawing g = {.b = b, .mem = b->mem, .d = d, .ax = chart_axis_new(d, width)};
    g.right = g.ax.w - g.ax.r;
    g.foot = g.ax.h - g.ax.b;
    g.target = chart_axis_y(&g.ax, d->target);
    chart_place_init(&g.place, (struct chart_box){2, 2, g.ax.w - 2, g.foot - 2});
    open_picture(&g, in, width);
    chart_axis_draw(b, &g.ax, &g.place);
    if (d->n_band) {
        draw_band(&g, "c-fan80", 0, 4);
        draw_band(&g, "c-fan50", 1, 3);
    }
    draw_helpers(&g);
    draw_plan(&g);
    if (d->n_band)
        draw_median(&g);
    draw_counts(&g);
    draw_arrival(&g);
    draw_marks(&g);
    label_now(&g);
    label_target(&g);
    label_likely(&g);
    label_range(&g);
    label_plan(&g);
    label_deadline(&g);
    label_came(&g);
    buf_str(b, "</g>");
    draw_close(b);
}
