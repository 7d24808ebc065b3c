/* chart_place.h: where the direct labels of a chart go: never over one another, never out of the
 * picture, and rather not over a line. Within this folder only. */
#ifndef RECRUITMENT_CHART_PLACE_H
#define RECRUITMENT_CHART_PLACE_H

#include "core/draw.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct chart_box {
    double x0, y0, x1, y1;
};

/* A line that labels should stand clear of; `weight` says how much (1: a curve). */
struct chart_curve {
    const struct draw_point *p;
    size_t n;
    double weight;
};

enum { PLACE_BOXES = 96, PLACE_CURVES = 16 };
struct chart_place {
    struct chart_box bounds;
    struct chart_box box[PLACE_BOXES];
    size_t n_box;
    struct chart_curve curve[PLACE_CURVES];
    size_t n_curve;
};

/* A place for the first baseline, relative to what the label is about; anchor 's', 'm' or 'e'. */
struct chart_spot {
    double dx, dy;
    char anchor;
};

enum { LINE_HEIGHT = 16 };

void chart_place_init(struct chart_place *p, struct chart_box bounds);
/* Taken ground. More than there is room for is not noted. */
void chart_place_block(struct chart_place *p, struct chart_box box);
void chart_place_curve(struct chart_place *p, struct arena *a, const struct draw_point *pts,
                       size_t n, double weight);
/* The ground of `lines` texts below one another, first baseline at x, y. */
struct chart_box chart_place_text(const char *const *text, size_t lines, double x, double y,
                                  char anchor);
/* Finds the spot for a label at x, y: the first of `spots` that is free and crosses least; when
 * none is free, the nearest free ground within `far`. Blocks it. False: there is none; leave it
 * out. */
bool chart_place_put(struct chart_place *p, const char *const *text, size_t lines, double x,
                     double y, const struct chart_spot *spots, size_t n_spots, double far,
                     struct draw_point *ret_at, char *ret_anchor);

#endif
