/* chart_small.c: small pictures. See chart_small.h. Called by pages of recruitment and portfolio.
 * */
#include "features/recruitment/chart_small.h"

#include "base/arena.h"
#include "core/draw.h"
#include "features/recruitment/chart_data.h"

#include <math.h>

enum { RANK_W = 92, RANK_H = 18, BULLET_W = 104, BULLET_H = 14, RATE_W = 104, RATE_H = 18 };
enum { SPREAD_W = 240, SPREAD_H = 28 };
enum { MINI_W = 120, MINI_H = 28, MINI_PAD = 3 };

static void
range(struct buf *b, double from, double to, double y, double h)
{
    double least = h; /* a range of one place is still seen */
    if (to - from < least) {
        double mid = (from + to) / 2;
        from = mid - least / 2;
        to = mid + least / 2;
    }
    draw_rect(b, "range", from, y, to - from, h, h / 2);
}

static double
or_zero(double x)
{
    return isfinite(x) ? x : 0;
}

void
chart_small_rank(struct buf *b, double low, double mid, double high, int n, const char *label)
{
    double inner = RANK_W - 6;
    double x[3], value[] = {or_zero(low), or_zero(mid), or_zero(high)};
    for (int i = 0; i < 3; i++)
        x[i] = 3 + inner * draw_share(value[i] - 1, n - 1);
    draw_open(b, &(struct draw_svg){.w = RANK_W, .h = RANK_H, .cls = "rank", .label = label});
    draw_rect(b, "base", 0, 8, RANK_W, 2, 1);
    range(b, fmin(x[0], x[2]), fmax(x[0], x[2]), 6, 6);
    draw_rect(b, "mid", x[1] - 1.5, 4, 3, 10, 1.5);
    draw_close(b);
}

void
chart_small_bullet(struct buf *b, double value, double goal, double most, const char *label)
{
    double scale = most > 0 ? most : fmax(or_zero(goal) * 2.1, or_zero(value));
    double w = BULLET_W * draw_share(value, scale);
    draw_open(b, &(struct draw_svg){.w = BULLET_W, .h = BULLET_H, .cls = "bullet", .label = label});
    draw_rect(b, "bg", 0, 0, BULLET_W, BULLET_H, 3);
    if (w > 0)
        draw_rect(b, "val", 0, 3, fmax(w, 2), 8, 2);
    if (goal > 0)
        draw_rect(b, "goal", (BULLET_W - 2) * draw_share(goal, scale), 0, 2, BULLET_H, 0);
    draw_close(b);
}

void
chart_small_gap(struct buf *b, double part, double most, const char *label)
{
    draw_meter(b, fabs(part), fabs(most), part < 0 ? "plan" : NULL, label);
}

void
chart_small_funnel(struct buf *b, double n, double first, const char *label)
{
    draw_meter(b, n, first, NULL, label);
}

void
chart_small_rate(struct buf *b, double low, double mid, double high, double most, double mark,
                 const char *label)
{
    double inner = RATE_W - 8;
    double x0 = 4 + inner * draw_share(low, most), x1 = 4 + inner * draw_share(high, most);
    draw_open(b, &(struct draw_svg){.w = RATE_W, .h = RATE_H, .cls = "rate", .label = label});
    draw_rect(b, "base", 0, 8.5, RATE_W, 1, 0);
    draw_rect(b, "range", fmin(x0, x1), 8, fabs(x1 - x0), 2, 0);
    draw_rect(b, "range", fmin(x0, x1) - .75, 5, 1.5, 8, 0);
    draw_rect(b, "range", fmax(x0, x1) - .75, 5, 1.5, 8, 0);
    if (mark >= 0)
        draw_rect(b, "goal", 4 + inner * draw_share(mark, most) - 1, 1, 2, 16, 0);
    draw_circle(b, "mid", 4 + inner * draw_share(mid, most), 9, 3.5);
    draw_close(b);
}

void
chart_small_spread(struct buf *b, const struct chart_small_spread *p, const char *label)
{
    double most = fmax(or_zero(p->high), or_zero(p->others_high)) * 1.1, inner = SPREAD_W - 8;
    double x0 = 4 + inner * draw_share(p->low, most), x1 = 4 + inner * draw_share(p->high, most);
    double o0 = 4 + inner * draw_share(p->others_low, most), o1 = 4 + inner * draw_share(p->others_high, most);
    draw_open(b, &(struct draw_svg){.w = SPREAD_W, .h = SPREAD_H, .cls = "rate broad", .label = label});
    draw_rect(b, "other", fmin(o0, o1), 2, fmax(fabs(o1 - o0), 2), SPREAD_H - 4, 3);
    draw_rect(b, "half", 4 + inner * draw_share(p->others_mid, most) - .75, 2, 1.5, SPREAD_H - 4, 0);
    draw_rect(b, "base", 0, SPREAD_H / 2.0 - .5, SPREAD_W, 1, 0);
    draw_rect(b, "range", fmin(x0, x1), SPREAD_H / 2.0 - 1.5, fabs(x1 - x0), 3, 1.5);
    draw_circle(b, "mid", 4 + inner * draw_share(p->mid, most), SPREAD_H / 2.0, 5);
    draw_close(b);
}

static struct draw_point
mini_at(const struct chart_data *d, double day, double n)
{
    return (struct draw_point){
        MINI_PAD + (MINI_W - 2 * MINI_PAD) * draw_share(day - d->first, d->last - d->first),
        MINI_H - MINI_PAD - (MINI_H - 2 * MINI_PAD) * draw_share(n, d->most)};
}

void
chart_small_mini(struct buf *b, const struct chart_in *in, const char *label)
{
    struct chart_in only = *in;
    only.n_band = only.n_came = 0;
    only.arrive10 = only.arrive50 = only.arrive90 = only.deadline = CHART_NONE;
    const struct chart_data *d = chart_data_new(b->mem, &only);
    struct draw_point *p = arena_alloc(b->mem, (2 * d->n_actual + d->n_plan + 3) * sizeof *p);
    size_t n = 0;
    draw_open(b, &(struct draw_svg){.w = MINI_W, .h = MINI_H, .cls = "mini", .label = label});
    for (size_t i = 0; i < d->n_plan; i++)
        p[n++] = mini_at(d, d->plan[i].day, d->plan[i].n);
    draw_poly(b, "c-plan", p, n, false);
    n = 0;
    p[n++] = mini_at(d, d->n_actual ? d->actual[0].day : d->first, 0);
    for (size_t i = 0; i < d->n_actual; i++) {
        struct draw_point next = mini_at(d, d->actual[i].day, d->actual[i].n);
        if (n > 1 && next.x - p[n - 1].x < 1)
            p[n - 1] = next;
        else
            p[n++] = next;
    }
    struct draw_point now = mini_at(d, d->cut, d->now);
    p[n++] = now;
    draw_poly(b, "c-actual", p, n, false);
    draw_circle(b, "c-dot", now.x, now.y, 2.5);
    draw_close(b);
}
