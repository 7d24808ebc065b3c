/* draw.h: small pieces of SVG as text, for whatever a page draws.
 *
 * Pure functions: numbers in, markup at the end of a struct buf out; nothing is read, kept or
 * failed. Colours are class names only (the style sheet owns them, light, dark and print alike), no
 * style attribute is ever written, so that the content policy `style-src 'self'` holds. Text given
 * here is escaped here. Put the result in a page with view_html.
 *
 * Classes used: what the caller passes, and for the bars below: meter (with rect.bg and a plain
 * rect), spark (rect, rect.z for a column of none). */
#ifndef CORE_DRAW_H
#define CORE_DRAW_H

#include "base/str.h"

#include <stdbool.h>

struct draw_point {
    double x, y;
};

/* The outer element. `w`, `h`: the viewBox, which begins at 0 0. `cls` may be NULL.
 * A picture with a `label` is role=img with that aria-label (already translated). One with a
 * `title` is role=img named by <title> and described by <desc>; then `id` makes their ids unique
 * in the page ("rc" gives rc-t and rc-d; only letters, digits, - and _ of it are used). One with
 * neither is aria-hidden: for a picture beside the same words. */
struct draw_svg {
    double w, h;
    const char *cls, *label, *id, *title, *desc;
    bool stretch;      /* preserveAspectRatio="none": fills the box that the style sheet gives it */
    const char *extra; /* further attributes, written as they are: the caller's own literals */
};

void draw_open(struct buf *b, const struct draw_svg *svg);
void draw_close(struct buf *b);

/* A coordinate: at most one decimal, never in scientific form. Must be finite (else it aborts). */
void draw_num(struct buf *b, double x);
/* Text made safe for element content and for a double-quoted attribute. NULL writes nothing;
 * control characters, which XML cannot hold, are left out. */
void draw_esc(struct buf *b, const char *s);
/* The id with anything but letters, digits, - and _ left out; "c" when nothing is left. */
void draw_id(struct buf *b, const char *id);

/* `cls` may be NULL in all of these. */
void draw_line(struct buf *b, const char *cls, double x1, double y1, double x2, double y2);
void draw_rect(struct buf *b, const char *cls, double x, double y, double w, double h,
               double round);
void draw_circle(struct buf *b, const char *cls, double x, double y, double r);
/* Straight lines through n points; `closed` joins the end to the start. Nothing for n < 2. */
void draw_poly(struct buf *b, const char *cls, const struct draw_point *p, size_t n, bool closed);
/* Text whose anchor (start, middle, end) the class says. */
void draw_text(struct buf *b, const char *cls, double x, double y, const char *text);

/* About how wide a text is at `px`, from the advances of Atkinson Hyperlegible Next at weight 650
 * with tabular figures (measured once, thousandths of an em); other letters count .62, wide
 * scripts 1. On the safe side for lighter weights. */
double draw_text_width(const char *text, double px);

/* value as a share of max, within 0 and 1; 0 for what is not finite or when max is not above 0. */
double draw_share(double value, double max);
/* A round step (1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten, whole numbers only) that
 * takes about `want` steps to `max`, and of which `through` is a multiple when a good one exists
 * (0: do not care). At least 1. */
double draw_nice_step(double max, double through, int want);

/* Progress: `value` of `max` as a bar that fills the width given by the style sheet. `kind`:
 * NULL, or plan, warn, bad for another colour. `label` NULL: the same words stand beside it. A
 * value that is more than nothing is never drawn as nothing. */
void draw_meter(struct buf *b, double value, double max, const char *kind, const char *label);
/* Small columns, one for each count, oldest first; at least 3 is the full height, so that a single
 * one does not shout. */
void draw_spark(struct buf *b, const int *counts, size_t n, const char *label);

#endif
