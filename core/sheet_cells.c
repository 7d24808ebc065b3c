/* sheet_cells.c: see sheet_cells.h. */
#include "core/sheet_cells.h"

#include "base/arena.h"
#include "core/sheet_xml.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { EXCEL_COLUMNS = 16384, EXCEL_ROWS = 1 << 20 };

/* One worksheet while it is read. */
struct reading {
    const struct sheet_cells *c;
    struct arena *a;
    struct sheet_row *rows;
    size_t n, size, width;
    uint32_t line; /* the row being read */
    struct sheet_cell *row;
    size_t row_n; /* up to its last cell that is not empty */
    /* the cell being read */
    bool in_row, in_cell, has_formula, has_value;
    int in_phonetic;
    size_t column, next_column, text_from;
    bool keep_space;
    char type[12];
    size_t style;
};

err_t
sheet_cells_too_large(struct arena *a)
{
    return err_new(a, E_TOO_LARGE,
                   "The table is larger than can be taken at once. Split it into "
                   "several files.");
}

void
sheet_cells_trim(struct buf *b, size_t from)
{
    size_t start = from;
    while (start < b->len && strchr(" \t\r\n", b->data[start]))
        start++;
    while (b->len > start && strchr(" \t\r\n", b->data[b->len - 1]))
        b->len--;
    if (start > from)
        memmove(b->data + from, b->data + start, b->len - start);
    b->len -= start - from;
    if (b->data)
        b->data[b->len] = '\0';
}

/* The character of an escape _xHHHH_ at `s`, or -1. Halves of pairs and U+0000 stay as they are. */
static int
escaped(const char *s, size_t n)
{
    if (n < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_')
        return -1;
    int cp = 0;
    for (int i = 2; i < 6; i++) {
        if (!isxdigit((unsigned char)s[i]))
            return -1;
        cp = cp * 16 +
             (isdigit((unsigned char)s[i]) ? s[i] - '0' : tolower((unsigned char)s[i]) - 'a' + 10);
    }
    return cp == 0 || (cp >= 0xD800 && cp < 0xE000) ? -1 : cp;
}

const char *
sheet_cells_text(struct arena *a, const struct buf *b)
{
    if (b->len == 0)
        return "";
    char *to = arena_strndup(a, b->data, b->len), *text = to;
    for (size_t i = 0; i < b->len;) {
        int cp = escaped(b->data + i, b->len - i);
        if (cp < 0) {
            *to++ = b->data[i++];
            continue;
        }
        i += 7;
        if (cp < 0x80)
            *to++ = (char)cp;
        else if (cp < 0x800)
            *to++ = (char)(0xC0 | cp >> 6);
        else {
            *to++ = (char)(0xE0 | cp >> 12);
            *to++ = (char)(0x80 | (cp >> 6 & 63));
        }
        if (cp >= 0x80)
            *to++ = (char)(0x80 | (cp & 63));
    }
    *to = '\0';
    return text;
}

static void
damaged(struct sheet_xml *x, struct reading *r, const char *what)
{
    sheet_xml_fail(x, err_at(r->a, sheet_xml_damaged(r->a, what), "row %u", (unsigned)r->line));
}

/* -- cells */

/* Column of a reference such as "AB12"; false when it is none or beyond Excel's last. */
static bool
column_of(const char *ref, size_t *ret)
{
    size_t column = 0;
    const char *p = ref;
    for (; isalpha((unsigned char)*p) && column <= EXCEL_COLUMNS; p++)
        column = column * 26 + (size_t)(toupper((unsigned char)*p) - 'A' + 1);
    if (p == ref || column > EXCEL_COLUMNS || !isdigit((unsigned char)*p))
        return false;
    *ret = column - 1;
    return true;
}

static void
cell_start(struct sheet_xml *x, struct reading *r)
{
    char ref[24], style[12];
    r->column = r->next_column;
    if (sheet_xml_attr(x, "r", ref, sizeof ref) && !column_of(ref, &r->column)) {
        damaged(x, r, "a cell has no proper place");
        return;
    }
    if (r->column >= EXCEL_COLUMNS) {
        damaged(x, r, "a row has more cells than a sheet has columns");
        return;
    }
    r->next_column = r->column + 1;
    r->in_cell = true;
    r->has_formula = r->has_value = false;
    r->type[0] = '\0';
    sheet_xml_attr(x, "t", r->type, sizeof r->type);
    r->style = sheet_xml_attr(x, "s", style, sizeof style) ? strtoul(style, NULL, 10) : 0;
    sheet_xml_text(x)->len = 0;
}

static void
set_text(struct sheet_cell *cell, const char *text)
{
    bool blank = !text[strspn(text, " \t\r\n")];
    *cell =
        (struct sheet_cell){.kind = blank ? SHEET_EMPTY : SHEET_TEXT, .text = blank ? "" : text};
}

static void
set_number(struct reading *r, const char *text, struct sheet_cell *cell)
{
    static const struct sheet_format_code general = {.before = "", .after = ""};
    double value;
    if (!str_real(text, &value)) {
        *cell = (struct sheet_cell){.kind = SHEET_ERROR, .text = text};
        return;
    }
    const struct sheet_format_code *f =
        r->style < r->c->n_formats ? &r->c->formats[r->style] : &general;
    sheet_format_show(r->a, f, value, r->c->from_1904, cell);
}

static bool
is_type(const struct reading *r, const char *type)
{
    return strcmp(r->type, type) == 0;
}

/* The cell from its type and the text of its value. False: a shared string that is not there. */
static bool
set_cell(struct reading *r, const struct buf *b, struct sheet_cell *cell)
{
    *cell = (struct sheet_cell){.kind = SHEET_EMPTY, .text = ""};
    bool words = is_type(r, "str") || is_type(r, "inlineStr");
    if (!r->has_value || (b->len == 0 && !words)) {
        if (r->has_formula)
            *cell = (struct sheet_cell){.kind = SHEET_ERROR,
                                        .text = "(formula without a saved result)"};
        return true;
    }
    const char *text = sheet_cells_text(r->a, b);
    if (is_type(r, "s")) {
        int64_t i;
        if (!str_int(text, &i) || i < 0 || (uint64_t)i >= r->c->n_strings)
            return false;
        set_text(cell, r->c->strings[i]);
    } else if (words) {
        set_text(cell, text);
    } else if (is_type(r, "b")) {
        cell->kind = SHEET_BOOL;
        cell->text = strcmp(text, "1") == 0 || strcmp(text, "true") == 0 ? "TRUE" : "FALSE";
    } else if (is_type(r, "e")) {
        cell->kind = SHEET_ERROR;
        cell->text = text;
    } else if (!is_type(r, "d")) {
        set_number(r, text, cell);
    } else if (!sheet_format_iso(r->a, text, cell)) {
        set_text(cell, text);
    }
    return true;
}

static void
cell_end(struct sheet_xml *x, struct reading *r)
{
    struct sheet_cell cell;
    r->in_cell = false;
    if (!set_cell(r, sheet_xml_text(x), &cell)) {
        damaged(x, r, "a cell names a text that is not there");
        return;
    }
    if (cell.kind == SHEET_EMPTY)
        return;
    if (r->column >= SHEET_MAX_COLUMNS) {
        sheet_xml_fail(x, err_at(r->a,
                                 err_new(r->a, E_TOO_LARGE, "There are more than %d columns.",
                                         SHEET_MAX_COLUMNS),
                                 "row %u", (unsigned)r->line));
        return;
    }
    r->row[r->column] = cell;
    if (r->column >= r->row_n)
        r->row_n = r->column + 1;
}

/* -- rows */

static void
row_start(struct sheet_xml *x, struct reading *r)
{
    char ref[12];
    uint32_t line = r->line + 1;
    if (sheet_xml_attr(x, "r", ref, sizeof ref)) {
        int64_t i;
        if (!str_int(ref, &i) || i <= r->line || i > EXCEL_ROWS) {
            damaged(x, r, "its rows are not in order");
            return;
        }
        line = (uint32_t)i;
    }
    r->line = line;
    r->in_row = true;
    r->next_column = 0;
}

static void
push_row(struct reading *r)
{
    if (r->n == r->size) {
        size_t size = r->size ? r->size * 2 : 64;
        struct sheet_row *more = arena_alloc(r->a, size * sizeof *more);
        if (r->n)
            memcpy(more, r->rows, r->n * sizeof *more);
        r->rows = more;
        r->size = size;
    }
    struct sheet_cell *cells = arena_copy(r->a, r->row, r->row_n * sizeof *cells);
    for (size_t i = 0; i < r->row_n; i++)
        cells[i].text = cells[i].text ? cells[i].text : "";
    r->rows[r->n++] = (struct sheet_row){cells, (uint32_t)r->row_n, r->line};
    r->width = r->row_n > r->width ? r->row_n : r->width;
}

static void
row_end(struct sheet_xml *x, struct reading *r)
{
    r->in_row = false;
    if (r->row_n == 0)
        return;
    if (r->n == SHEET_MAX_ROWS || arena_full(r->a)) {
        sheet_xml_fail(x, err_at(r->a, sheet_cells_too_large(r->a), "row %u", (unsigned)r->line));
        return;
    }
    push_row(r);
    memset(r->row, 0, r->row_n * sizeof *r->row);
    r->row_n = 0;
}

/* -- what the part tells */

static void
start(struct sheet_xml *x, void *state, const char *name)
{
    struct reading *r = state;
    char space[12];
    if (strcmp(name, "row") == 0)
        row_start(x, r);
    else if (strcmp(name, "c") == 0 && r->in_row)
        cell_start(x, r);
    else if (!r->in_cell)
        return;
    else if (strcmp(name, "f") == 0)
        r->has_formula = true;
    else if (strcmp(name, "rPh") == 0)
        r->in_phonetic++;
    else if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && !r->in_phonetic)) {
        r->has_value = true;
        r->text_from = sheet_xml_text(x)->len;
        r->keep_space = *name == 'v' || (sheet_xml_attr(x, "space", space, sizeof space) &&
                                         strcmp(space, "preserve") == 0);
        sheet_xml_capture(x, true);
    }
}

static void
end(struct sheet_xml *x, void *state, const char *name)
{
    struct reading *r = state;
    if (strcmp(name, "row") == 0 && r->in_row)
        row_end(x, r);
    else if (!r->in_cell)
        return;
    else if (strcmp(name, "c") == 0)
        cell_end(x, r);
    else if (strcmp(name, "rPh") == 0)
        r->in_phonetic--;
    else if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && !r->in_phonetic)) {
        sheet_xml_capture(x, false);
        if (!r->keep_space)
            sheet_cells_trim(sheet_xml_text(x), r->text_from);
    }
}

static const struct sheet_xml_handler handler = {start, end};

err_t
sheet_cells_read(const struct sheet_cells *c, struct sheet_zip *zip, const char *path,
                 struct sheet *ret)
{
    struct reading r = {.c = c, .a = c->a};
    r.row = arena_alloc(c->a, SHEET_MAX_COLUMNS * sizeof *r.row);
    TRY(sheet_xml_read(zip, path, &handler, &r));
    ret->rows = r.rows;
    ret->n = r.n;
    ret->width = r.width;
    return NULL;
}
