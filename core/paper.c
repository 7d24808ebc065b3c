/* paper.c: see paper.h. Cairo writes the file, pango lays the text out. Called by the features that make
 * papers (visits, playbooks).
 *
 * Everything on a paper is a band: a row of cells, each laid out by pango into lines. The bands are laid
 * on sheets twice: first to count the sheets, then to draw them. A cell of more lines than the sheet has
 * room for goes on upon the next. */
#include "core/paper.h"

#include "base/date.h"
#include "base/str.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <string.h>

/* A4 in points; sizes in points. */
static const double page_w = 595.276, page_h = 841.89, margin = 56, top = 64, foot_at = 806, bottom = 786;
static const char family[] = "Atkinson Hyperlegible,DejaVu Sans,sans-serif";

enum band_look { BAND_TITLE, BAND_SUBTITLE, BAND_HEADING, BAND_TEXT, BAND_SMALL, BAND_ITEM, BAND_FACT, BAND_HEAD, BAND_ROW, BAND_SIGNATURE };
static const struct {
    double size, above, below;
    bool bold, grey;
    double line; /* below it, of this grey; 1 = none */
} looks[] = {
    [BAND_TITLE] = {19, 0, 2, true, false, 1},    [BAND_SUBTITLE] = {11, 0, 10, false, true, 1},
    [BAND_HEADING] = {12.5, 14, 4, true, false, 1}, [BAND_TEXT] = {10, 4, 5, false, false, 1},
    [BAND_SMALL] = {8.5, 4, 4, false, true, 1},   [BAND_ITEM] = {10, 0, 4, false, false, 1},
    [BAND_FACT] = {10, 1, 2, false, false, 1},    [BAND_HEAD] = {9, 4, 3, true, false, .35},
    [BAND_ROW] = {9, 3, 3, false, false, .85},    [BAND_SIGNATURE] = {10, 6, 6, false, false, .6},
};

struct band {
    struct band *next;
    enum band_look look;
    size_t n;
    struct paper_cell cells[];
};

struct paper {
    struct arena *mem;
    struct paper_about about;
    struct band *first, *last;
    /* while it is made */
    cairo_t *cr;
    PangoContext *pango;
    double y;
    int sheet, sheets;
    bool drawing;
};

/* ---- collecting ---- */

static void
paper_band(struct paper *p, enum band_look look, const struct paper_cell *cells, size_t n)
{
    struct band *b = arena_alloc(p->mem, sizeof *b + n * sizeof *cells);
    *b = (struct band){.look = look, .n = n};
    memcpy(b->cells, cells, n * sizeof *cells);
    if (p->last)
        p->last->next = b;
    else
        p->first = b;
    p->last = b;
}

static void
one(struct paper *p, enum band_look look, const char *text)
{
    if (!str_empty(text))
        paper_band(p, look, &(struct paper_cell){text, 1}, 1);
}

struct paper *
paper_new(struct arena *a, const struct paper_about *about)
{
    struct paper *p = arena_alloc(a, sizeof *p);
    *p = (struct paper){.mem = a, .about = *about};
    one(p, BAND_TITLE, about->title);
    one(p, BAND_SUBTITLE, about->subtitle);
    return p;
}

void
paper_heading(struct paper *p, const char *text)
{
    one(p, BAND_HEADING, text);
}

void
paper_text(struct paper *p, const char *text)
{
    one(p, BAND_TEXT, text);
}

void
paper_small(struct paper *p, const char *text)
{
    one(p, BAND_SMALL, text);
}

void
paper_item(struct paper *p, const char *text)
{
    struct paper_cell cells[] = {{"\u2022", .03}, {text, .97}};
    if (!str_empty(text))
        paper_band(p, BAND_ITEM, cells, 2);
}

void
paper_row(struct paper *p, const struct paper_cell *cells, size_t n, unsigned flags)
{
    INVARIANT(n > 0 && n <= PAPER_COLUMNS);
    paper_band(p, flags & PAPER_HEAD ? BAND_HEAD : BAND_ROW, cells, n);
}

void
paper_fact(struct paper *p, const char *name, const char *value)
{
    struct paper_cell cells[] = {{name, .28}, {value, .72}};
    if (!str_empty(value))
        paper_band(p, BAND_FACT, cells, 2);
}

void
paper_signature(struct paper *p, const char *name, const char *at, const char *meaning)
{
    struct paper_cell cells[] = {{"Signed electronically", .28}, {arena_printf(p->mem, "%s\n%s\n%s", name, at, meaning), .72}};
    paper_band(p, BAND_SIGNATURE, cells, 2);
}

/* ---- laying out ---- */

static PangoLayout *
laid(struct paper *p, const char *text, double width, double size, bool bold)
{
    PangoLayout *l = pango_layout_new(p->pango);
    PangoFontDescription *font = pango_font_description_from_string(family);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(l, font);
    pango_font_description_free(font);
    pango_layout_set_width(l, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(l, 1.2F);
    pango_layout_set_text(l, str_or(text, ""), -1);
    return l;
}

static void
ink(struct paper *p, double grey)
{
    cairo_set_source_rgb(p->cr, grey, grey, grey);
}

static void
rule(struct paper *p, double y, double grey)
{
    if (!p->drawing || grey >= 1)
        return;
    ink(p, grey);
    cairo_set_line_width(p->cr, .6);
    cairo_move_to(p->cr, margin, y);
    cairo_line_to(p->cr, page_w - margin, y);
    cairo_stroke(p->cr);
}

static void
small_at(struct paper *p, const char *text, double x, double y, double width, PangoAlignment align)
{
    if (!p->drawing || str_empty(text))
        return;
    PangoLayout *l = laid(p, text, width, 8, false);
    pango_layout_set_height(l, -1); /* one line, the rest cut with dots */
    pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
    pango_layout_set_alignment(l, align);
    ink(p, .35);
    cairo_move_to(p->cr, x, y);
    pango_cairo_show_layout(p->cr, l);
    g_object_unref(l);
}

static void
sheet_begin(struct paper *p)
{
    p->sheet++;
    p->y = top;
    double half = (page_w - 2 * margin) / 2;
    small_at(p, p->about.mark, margin + half, 34, half, PANGO_ALIGN_RIGHT);
    small_at(p, p->about.foot, margin, foot_at, half * 1.6, PANGO_ALIGN_LEFT);
    if (p->drawing)
        small_at(p, arena_printf(p->mem, "page %d of %d", p->sheet, p->sheets), margin + half * 1.6, foot_at, half * .4, PANGO_ALIGN_RIGHT);
}

static void
sheet_end(struct paper *p)
{
    if (p->drawing)
        cairo_show_page(p->cr);
}

static void
next_sheet(struct paper *p)
{
    sheet_end(p);
    sheet_begin(p);
}

/* A cell on its way: which line comes next. */
struct column {
    PangoLayout *layout;
    PangoLayoutIter *at;
    double x;
    bool over;
};

static double
line_height(PangoLayoutIter *at)
{
    PangoRectangle r;
    pango_layout_iter_get_line_extents(at, NULL, &r);
    return (double)r.height / PANGO_SCALE;
}

/* Draws lines of the column from `y` on while they fit; the y below the last one. `force`: at least one,
 * so that a line taller than a sheet ends too. */
static double
flow(struct paper *p, struct column *col, double y, bool force)
{
    while (!col->over) {
        double h = line_height(col->at);
        if (y + h > bottom && !force)
            break;
        force = false;
        if (p->drawing) {
            int base = pango_layout_iter_get_baseline(col->at);
            PangoRectangle r;
            pango_layout_iter_get_line_extents(col->at, NULL, &r);
            cairo_move_to(p->cr, col->x, y + (double)(base - r.y) / PANGO_SCALE);
            cairo_rel_move_to(p->cr, (double)r.x / PANGO_SCALE, 0);
            pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(col->at));
        }
        y += h;
        col->over = !pango_layout_iter_next_line(col->at);
    }
    return y;
}

static double
total_height(const struct column *col, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        PangoRectangle r;
        pango_layout_get_extents(col[i].layout, NULL, &r);
        most = r.height > most * PANGO_SCALE ? (double)r.height / PANGO_SCALE : most;
    }
    return most;
}

static double
flow_all(struct paper *p, struct column *col, size_t n, double y, bool force, bool *ret_over)
{
    double low = y;
    *ret_over = true;
    for (size_t i = 0; i < n; i++) {
        double end = flow(p, &col[i], y, force);
        low = end > low ? end : low;
        *ret_over = *ret_over && col[i].over;
    }
    return low;
}

/* Short bands stay whole; a heading does not stand alone at the foot of a sheet. */
static double
room_wanted(const struct band *b, double height)
{
    if (b->look == BAND_HEADING || b->look == BAND_HEAD)
        return height + 40;
    return height < 150 ? height : 30;
}

static void
put(struct paper *p, const struct band *b, const struct band *head)
{
    struct column col[PAPER_COLUMNS];
    double x = margin, width = page_w - 2 * margin, size = looks[b->look].size;
    for (size_t i = 0; i < b->n; i++) {
        double w = width * b->cells[i].share;
        bool bold = looks[b->look].bold;
        col[i] = (struct column){.layout = laid(p, b->cells[i].text, w - (i + 1 < b->n ? 8 : 0), size, bold), .x = x};
        col[i].at = pango_layout_get_iter(col[i].layout);
        x += w;
    }
    if (p->y > top)
        p->y += looks[b->look].above;
    if (p->y > top && p->y + room_wanted(b, total_height(col, b->n)) > bottom) {
        next_sheet(p);
        if (head)
            put(p, head, NULL);
    }
    for (bool over = false; !over;) {
        if (p->drawing)
            ink(p, looks[b->look].grey ? .35 : .1);
        p->y = flow_all(p, col, b->n, p->y, p->y <= top, &over);
        if (!over)
            next_sheet(p);
    }
    p->y += looks[b->look].below;
    rule(p, p->y, looks[b->look].line);
    for (size_t i = 0; i < b->n; i++) {
        pango_layout_iter_free(col[i].at);
        g_object_unref(col[i].layout);
    }
}

static void
put_all(struct paper *p)
{
    const struct band *head = NULL;
    p->sheet = 0;
    sheet_begin(p);
    for (const struct band *b = p->first; b; b = b->next) {
        put(p, b, b->look == BAND_ROW ? head : NULL);
        head = b->look == BAND_HEAD ? b : b->look == BAND_ROW ? head : NULL;
    }
    sheet_end(p);
}

/* ---- the file ---- */

static cairo_status_t
take(void *arg, const unsigned char *data, unsigned n)
{
    buf_add(arg, (const char *)data, n);
    return CAIRO_STATUS_SUCCESS;
}

static void
name_file(const struct paper *p, cairo_surface_t *s)
{
    char when[TIME_TEXT];
    time_iso(p->about.made - p->about.made % 1000000, when);
    memcpy(when + 19, "Z", 2); /* whole seconds */
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, p->about.title);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_SUBJECT, str_or(p->about.subtitle, ""));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, str_or(p->about.author, ""));
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Rapport");
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, when);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, when);
}

err_t
paper_done(struct paper *p, const char **ret_bytes, size_t *ret_n)
{
    struct buf b;
    buf_init(&b, p->mem);
    cairo_surface_t *s = cairo_pdf_surface_create_for_stream(take, &b, page_w, page_h);
    name_file(p, s);
    p->cr = cairo_create(s);
    p->pango = pango_cairo_create_context(p->cr);
    pango_context_set_language(p->pango, pango_language_from_string(str_or(p->about.lang, "en")));
    p->drawing = false;
    put_all(p);
    p->sheets = p->sheet;
    p->drawing = true;
    put_all(p);
    g_object_unref(p->pango);
    cairo_destroy(p->cr);
    cairo_surface_finish(s);
    cairo_status_t status = cairo_surface_status(s);
    cairo_surface_destroy(s);
    if (status != CAIRO_STATUS_SUCCESS)
        return err_new(p->mem, E_INTERNAL, "The paper could not be made: %s", cairo_status_to_string(status));
    *ret_bytes = buf_text(&b);
    *ret_n = b.len;
    return NULL;
}
