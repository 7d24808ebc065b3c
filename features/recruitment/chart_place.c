/* chart_place.c: placing labels. See chart_place.h. Knows boxes and lines, nothing of what they
 * mean. */
#include "features/recruitment/chart_place.h"

#include "base/arena.h"
#include "features/recruitment/chart.h"

#include <math.h>

enum { GAP = 3, GRID = 6 };
static const double ascent = 10.5, descent = 3.5;

void
chart_place_init(struct chart_place *p, struct chart_box bounds)
{
    *p = (struct chart_place){.bounds = bounds};
}

void
chart_place_block(struct chart_place *p, struct chart_box box)
{
    if (p->n_box < PLACE_BOXES)
        p->box[p->n_box++] = box;
}

void
chart_place_curve(struct chart_place *p, struct arena *a, const struct draw_point *pts, size_t n,
                  double weight)
{
    if (p->n_curve == PLACE_CURVES || n < 2)
        return;
    p->curve[p->n_curve++] = (struct chart_curve){
        arena_copy(a, pts, n * sizeof *pts), n, weight};
}

struct chart_box
chart_place_text(const char *const *text, size_t lines, double x, double y, char anchor)
{
    double w = 0;
    for (size_t i = 0; i < lines; i++)
        w = fmax(w, draw_text_width(text[i], CHART_FONT));
    double left = anchor == 's' ? x : anchor == 'm' ? x - w / 2 : x - w;
    return (struct chart_box){left, y - ascent, left + w,
                              y + descent + (double)(lines - 1) * LINE_HEIGHT};
}

static bool
apart(const struct chart_box *a, const struct chart_box *b)
{
    return a->x1 + GAP <= b->x0 || b->x1 + GAP <= a->x0 || a->y1 + 1 <= b->y0 || b->y1 + 1 <= a->y0;
}

static bool
is_free(const struct chart_place *p, const struct chart_box *b)
{
    if (b->x0 < p->bounds.x0 || b->x1 > p->bounds.x1 || b->y0 < p->bounds.y0 ||
        b->y1 > p->bounds.y1)
        return false;
    for (size_t i = 0; i < p->n_box; i++) {
        if (!apart(b, &p->box[i]))
            return false;
    }
    return true;
}

/* Narrows [*t0, *t1], the part of a line from a by d, to where it lies within lo and hi. */
static bool
within(double a, double d, double lo, double hi, double *t0, double *t1)
{
    if (fabs(d) < 1e-9)
        return a >= lo && a <= hi;
    double u = (lo - a) / d, v = (hi - a) / d;
    *t0 = fmax(*t0, fmin(u, v));
    *t1 = fmin(*t1, fmax(u, v));
    return *t0 < *t1;
}

/* How many units of the line from a to b lie in the box. */
static double
length_in(const struct chart_box *box, struct draw_point a, struct draw_point b)
{
    double t0 = 0, t1 = 1, dx = b.x - a.x, dy = b.y - a.y;
    if (!within(a.x, dx, box->x0, box->x1, &t0, &t1) ||
        !within(a.y, dy, box->y0, box->y1, &t0, &t1))
        return 0;
    return (t1 - t0) * hypot(dx, dy);
}

static double
cost_of(const struct chart_place *p, const struct chart_box *b)
{
    double cost = 0;
    for (size_t i = 0; i < p->n_curve; i++) {
        const struct chart_curve *c = &p->curve[i];
        for (size_t k = 1; k < c->n; k++)
            cost += c->weight * length_in(b, c->p[k - 1], c->p[k]);
    }
    return cost;
}

/* The nearest free ground around x, y, in steps of GRID. */
static bool
search(const struct chart_place *p, const char *const *text, size_t lines, double x, double y,
       double far, struct draw_point *ret_at)
{
    double best = INFINITY;
    for (double dy = -far; dy <= far; dy += GRID) {
        for (double dx = -far; dx <= far; dx += GRID) {
            struct chart_box b = chart_place_text(text, lines, x + dx, y + dy, 'm');
            if (!is_free(p, &b))
                continue;
            double cost = hypot(dx * .6, dy) + cost_of(p, &b);
            if (cost < best) {
                best = cost;
                *ret_at = (struct draw_point){x + dx, y + dy};
            }
        }
    }
    return isfinite(best);
}

bool
chart_place_put(struct chart_place *p, const char *const *text, size_t lines, double x, double y,
                const struct chart_spot *spots, size_t n_spots, double far,
                struct draw_point *ret_at, char *ret_anchor)
{
    double best = INFINITY;
    struct draw_point at = {0};
    char anchor = 'm';
    for (size_t i = 0; i < n_spots; i++) {
        const struct chart_spot *s = &spots[i];
        struct chart_box b = chart_place_text(text, lines, x + s->dx, y + s->dy, s->anchor);
        if (!is_free(p, &b))
            continue;
        double cost = 4 * (double)i + cost_of(p, &b); /* earlier spots are better ones */
        if (cost < best) {
            best = cost;
            at = (struct draw_point){x + s->dx, y + s->dy};
            anchor = s->anchor;
        }
    }
    if (!isfinite(best) && (far <= 0 || !search(p, text, lines, x, y, far, &at)))
        return false;
    chart_place_block(p, chart_place_text(text, lines, at.x, at.y, anchor));
    *ret_at = at;
    *ret_anchor = anchor;
    return true;
}
