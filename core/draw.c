/* draw.c: small pieces of SVG as text. See draw.h. Called by the features that draw; knows none. */
#include "core/draw.h"

#include "base/err.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

enum { METER_W = 100, METER_H = 6, SPARK_W = 76, SPARK_H = 22, SPARK_FULL = 3 };

/* Advances of U+0020 to U+007E, thousandths of an em. */
static const short advance[] = {
    308, 300, 376, 747, 607, 961, 726, 203, 329, 329, 485, 596, 262, 371, 262, 336, 632, 632, 632,
    632, 632, 632, 632, 632, 632, 632, 262, 262, 567, 614, 567, 536, 781, 688, 638, 644, 686, 593,
    564, 715, 700, 420, 553, 659, 550, 853, 714, 742, 623, 752, 644, 607, 611, 687, 651, 888, 675,
    667, 617, 336, 432, 344, 577, 395, 281, 548, 591, 495, 591, 559, 366, 588, 568, 293, 282, 546,
    302, 876, 568, 572, 591, 595, 380, 503, 368, 563, 538, 750, 550, 529, 499, 376, 251, 376, 540,
};
enum { ADVANCE_OTHER = 620, ADVANCE_WIDE = 1000, ADVANCE_ARROW = 840 };

void
draw_num(struct buf *b, double x)
{
    INVARIANT(isfinite(x));
    double tenths = round(x * 10);
    if (fabs(tenths) >= 1e15) {
        buf_printf(b, "%.0f", x);
        return;
    }
    /* by hand: a page of small pictures holds thousands of numbers, and printf takes half its time */
    char text[24], *at = text + sizeof text;
    uint64_t n = (uint64_t)fabs(tenths);
    if (n % 10) {
        *--at = (char)('0' + n % 10);
        *--at = '.';
    }
    n /= 10;
    do
        *--at = (char)('0' + n % 10);
    while (n /= 10);
    if (tenths < 0)
        *--at = '-';
    buf_add(b, at, (size_t)(text + sizeof text - at));
}

void
draw_esc(struct buf *b, const char *s)
{
    for (; s && *s; s++) {
        switch (*s) {
        case '&': buf_str(b, "&amp;"); break;
        case '<': buf_str(b, "&lt;"); break;
        case '>': buf_str(b, "&gt;"); break;
        case '"': buf_str(b, "&quot;"); break;
        case '\'': buf_str(b, "&#39;"); break;
        default:
            if ((unsigned char)*s >= 0x20)
                buf_char(b, *s);
            else if (*s == '\n' || *s == '\t')
                buf_char(b, ' ');
        }
    }
}

void
draw_id(struct buf *b, const char *id)
{
    size_t before = b->len;
    for (; id && *id; id++) {
        if (isalnum((unsigned char)*id) || *id == '-' || *id == '_')
            buf_char(b, *id);
    }
    if (b->len == before)
        buf_char(b, 'c');
}

static void
attr(struct buf *b, const char *name, double x)
{
    buf_char(b, ' ');
    buf_str(b, name);
    buf_str(b, "=\"");
    draw_num(b, x);
    buf_char(b, '"');
}

static void
cls_attr(struct buf *b, const char *cls)
{
    if (str_empty(cls))
        return;
    buf_str(b, " class=\"");
    draw_esc(b, cls);
    buf_char(b, '"');
}

static void
named(struct buf *b, const char *element, const char *id, char letter, const char *text)
{
    buf_printf(b, "<%s id=\"", element);
    draw_id(b, id);
    buf_printf(b, "-%c\">", letter);
    draw_esc(b, text);
    buf_printf(b, "</%s>", element);
}

void
draw_open(struct buf *b, const struct draw_svg *svg)
{
    buf_str(b, "<svg viewBox=\"0 0 ");
    draw_num(b, svg->w);
    buf_char(b, ' ');
    draw_num(b, svg->h);
    buf_char(b, '"');
    cls_attr(b, svg->cls);
    if (svg->stretch)
        buf_str(b, " preserveAspectRatio=\"none\"");
    if (!str_empty(svg->label)) {
        buf_str(b, " role=\"img\" aria-label=\"");
        draw_esc(b, svg->label);
        buf_char(b, '"');
    } else if (!str_empty(svg->title)) {
        buf_str(b, " role=\"img\" aria-labelledby=\"");
        draw_id(b, svg->id);
        buf_str(b, "-t\" aria-describedby=\"");
        draw_id(b, svg->id);
        buf_str(b, "-d\"");
    } else {
        buf_str(b, " aria-hidden=\"true\"");
    }
    buf_str(b, " focusable=\"false\"");
    buf_str(b, svg->extra);
    buf_char(b, '>');
    if (str_empty(svg->label) && !str_empty(svg->title)) {
        named(b, "title", svg->id, 't', svg->title);
        named(b, "desc", svg->id, 'd', str_or(svg->desc, svg->title));
    }
}

void
draw_close(struct buf *b)
{
    buf_str(b, "</svg>");
}

void
draw_line(struct buf *b, const char *cls, double x1, double y1, double x2, double y2)
{
    buf_str(b, "<line");
    cls_attr(b, cls);
    attr(b, "x1", x1);
    attr(b, "y1", y1);
    attr(b, "x2", x2);
    attr(b, "y2", y2);
    buf_str(b, "/>");
}

void
draw_rect(struct buf *b, const char *cls, double x, double y, double w, double h, double r)
{
    buf_str(b, "<rect");
    cls_attr(b, cls);
    attr(b, "x", x);
    attr(b, "y", y);
    attr(b, "width", w > 0 ? w : 0);
    attr(b, "height", h > 0 ? h : 0);
    if (r > 0)
        attr(b, "rx", r);
    buf_str(b, "/>");
}

void
draw_circle(struct buf *b, const char *cls, double x, double y, double r)
{
    buf_str(b, "<circle");
    cls_attr(b, cls);
    attr(b, "cx", x);
    attr(b, "cy", y);
    attr(b, "r", r);
    buf_str(b, "/>");
}

/* One command of a path: H and V where a coordinate stays, which halves the size of steps. */
static void
path_to(struct buf *b, struct draw_point from, struct draw_point to)
{
    bool same_x = round(from.x * 10) == round(to.x * 10);
    bool same_y = round(from.y * 10) == round(to.y * 10);
    if (same_x && same_y)
        return;
    buf_char(b, same_y ? 'H' : same_x ? 'V' : 'L');
    if (!same_x)
        draw_num(b, to.x);
    if (!same_x && !same_y)
        buf_char(b, ' ');
    if (!same_y)
        draw_num(b, to.y);
}

void
draw_poly(struct buf *b, const char *cls, const struct draw_point *p, size_t n, bool closed)
{
    if (n < 2)
        return;
    buf_str(b, "<path");
    cls_attr(b, cls);
    buf_str(b, " d=\"M");
    draw_num(b, p[0].x);
    buf_char(b, ' ');
    draw_num(b, p[0].y);
    for (size_t i = 1; i < n; i++)
        path_to(b, p[i - 1], p[i]);
    buf_str(b, closed ? "Z\"/>" : "\"/>");
}

void
draw_text(struct buf *b, const char *cls, double x, double y, const char *text)
{
    buf_str(b, "<text");
    cls_attr(b, cls);
    attr(b, "x", x);
    attr(b, "y", y);
    buf_char(b, '>');
    draw_esc(b, text);
    buf_str(b, "</text>");
}

double
draw_text_width(const char *text, double px)
{
    long units = 0;
    for (const unsigned char *s = (const unsigned char *)str_or(text, ""); *s; s++) {
        if (*s >= 0x20 && *s < 0x7f)
            units += advance[*s - 0x20];
        else if (*s == 0xe2)
            units += s[1] == 0x86 ? ADVANCE_ARROW : ADVANCE_OTHER; /* arrows; quotes and dashes */
        else if (*s > 0xe2)
            units += ADVANCE_WIDE;
        else if (*s >= 0xc0)
            units += ADVANCE_OTHER; /* the bytes that follow the first count nothing */
    }
    return (double)units * px / 1000;
}

double
draw_share(double value, double max)
{
    if (!isfinite(value) || !isfinite(max) || max <= 0 || value <= 0)
        return 0;
    return value < max ? value / max : 1;
}

double
draw_nice_step(double max, double through, int want)
{
    static const double mantissa[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8};
    static const bool plain[] = {true, false, true, false, false, false, true, false, false};
    double best = 1, best_cost = INFINITY;
    if (!isfinite(max) || max < 1)
        return 1;
    for (double ten = 1; ten <= max; ten *= 10) {
        for (size_t i = 0; i < sizeof mantissa / sizeof *mantissa; i++) {
            double step = mantissa[i] * ten;
            if (step != floor(step))
                continue;
            bool meets = through > 0 && fmod(through, step) == 0;
            if (!meets && !plain[i])
                continue;
            double cost = fabs(log2(max / step / want)) + (meets ? 0 : .3) + (plain[i] ? 0 : .1);
            if (cost < best_cost) {
                best_cost = cost;
                best = step;
            }
        }
    }
    return best;
}

void
draw_meter(struct buf *b, double value, double max, const char *kind, const char *label)
{
    char cls[32];
    snprintf(cls, sizeof cls, "meter%s%s", str_empty(kind) ? "" : " ", str_or(kind, ""));
    draw_open(b, &(struct draw_svg){
        .w = METER_W, .h = METER_H, .cls = cls, .label = label, .stretch = true});
    draw_rect(b, "bg", 0, 0, METER_W, METER_H, 0);
    double w = METER_W * draw_share(value, max);
    if (w > 0)
        draw_rect(b, NULL, 0, 0, w < 2 ? 2 : w, METER_H, 0);
    draw_close(b);
}

void
draw_spark(struct buf *b, const int *counts, size_t n, const char *label)
{
    int max = SPARK_FULL;
    for (size_t i = 0; i < n; i++)
        max = counts[i] > max ? counts[i] : max;
    draw_open(b, &(struct draw_svg){.w = SPARK_W, .h = SPARK_H, .cls = "spark", .label = label});
    double step = n ? (double)SPARK_W / (double)n : SPARK_W;
    for (size_t i = 0; i < n; i++) {
        bool none = counts[i] <= 0;
        double h = none ? 1.5 : SPARK_H * draw_share(counts[i], max);
        if (h < 1.5)
            h = 1.5;
        double x = (double)i * step + step * .1;
        draw_rect(b, none ? "z" : NULL, x, SPARK_H - h, step * .78, h, 1);
    }
    draw_close(b);
}
