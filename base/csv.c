/* csv.c: see csv.h. */
#include "base/csv.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static void
add_code_point(struct buf *b, unsigned cp)
{
    char c[4];
    size_t n;
    if (cp < 0x80) {
        c[0] = (char)cp;
        n = 1;
    } else if (cp < 0x800) {
        c[0] = (char)(0xC0 | cp >> 6);
        c[1] = (char)(0x80 | (cp & 63));
        n = 2;
    } else if (cp < 0x10000) {
        c[0] = (char)(0xE0 | cp >> 12);
        c[1] = (char)(0x80 | (cp >> 6 & 63));
        c[2] = (char)(0x80 | (cp & 63));
        n = 3;
    } else {
        c[0] = (char)(0xF0 | cp >> 18);
        c[1] = (char)(0x80 | (cp >> 12 & 63));
        c[2] = (char)(0x80 | (cp >> 6 & 63));
        c[3] = (char)(0x80 | (cp & 63));
        n = 4;
    }
    buf_add(b, c, n);
}

static err_t
from_utf16(struct arena *a, const unsigned char *d, size_t n, bool big, struct buf *b)
{
    for (size_t i = 0; i + 1 < n; i += 2) {
        unsigned u = big ? (unsigned)d[i] << 8 | d[i + 1] : (unsigned)d[i + 1] << 8 | d[i];
        if (u >= 0xD800 && u < 0xDC00 && i + 3 < n) {
            unsigned v = big ? (unsigned)d[i + 2] << 8 | d[i + 3] : (unsigned)d[i + 3] << 8 | d[i + 2];
            if (v >= 0xDC00 && v < 0xE000) {
                u = 0x10000 + ((u - 0xD800) << 10) + (v - 0xDC00);
                i += 2;
            }
        }
        if (u >= 0xD800 && u < 0xE000)
            return err_new(a, E_BAD_INPUT, "This file says it is UTF-16 but is not. Save it as "
                                           "\"CSV UTF-8\" and try again.");
        add_code_point(b, u);
    }
    return NULL;
}

/* Windows-1252, 0x80 to 0x9F; 0 where the code page has no character. */
static const unsigned short upper_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

static err_t
from_1252(struct arena *a, const unsigned char *d, size_t n, struct buf *b)
{
    for (size_t i = 0; i < n; i++) {
        unsigned cp = d[i] >= 0x80 && d[i] < 0xA0 ? upper_1252[d[i] - 0x80] : d[i];
        if (cp == 0)
            return err_new(a, E_BAD_INPUT, "The letters of this file could not be read. Save it as "
                                           "\"CSV UTF-8\" and try again.");
        add_code_point(b, cp);
    }
    return NULL;
}

/* Turns the file into UTF-8 without a byte order mark. */
static err_t
decode(struct arena *a, const char **data, size_t *n, const char **ret_note)
{
    const unsigned char *d = (const unsigned char *)*data;
    struct buf b;
    buf_init(&b, a);
    *ret_note = NULL;
    if (*n >= 2 && ((d[0] == 0xFF && d[1] == 0xFE) || (d[0] == 0xFE && d[1] == 0xFF))) {
        TRY(from_utf16(a, d + 2, *n - 2, d[0] == 0xFE, &b));
        *ret_note = "The file was in UTF-16 and was read as such.";
    } else if (memchr(d, 0, *n)) {
        return err_new(a, E_BAD_INPUT, "This is not a text file. Save the table as CSV or .xlsx.");
    } else if (!utf8_valid(*data, *n)) {
        TRY(from_1252(a, d, *n, &b));
        *ret_note = "The file was not in UTF-8; it was read as Windows-1252. Check letters with accents.";
    } else {
        size_t mark = *n >= 3 && memcmp(d, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        *data += mark;
        *n -= mark;
        return NULL;
    }
    *data = buf_text(&b);
    *n = b.len;
    return NULL;
}

static char
find_separator(const char *p, const char *end)
{
    static const char candidates[] = ",;\t|";
    size_t count[4] = {0};
    bool quoted = false;
    for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
        if (*p == '"')
            quoted = !quoted;
        const char *c = quoted || !*p ? NULL : strchr(candidates, *p);
        if (c)
            count[c - candidates]++;
    }
    size_t best = 0;
    for (size_t i = 1; i < 4; i++) {
        if (count[i] > count[best])
            best = i;
    }
    return candidates[best];
}

struct reader {
    struct arena *a;
    const char *p, *end;
    char separator;
    size_t line;
    const char **cells;
    size_t n, size;
};

static err_t
read_cell(struct reader *r, const char **ret)
{
    struct buf b;
    buf_init(&b, r->a);
    if (r->p < r->end && *r->p == '"') {
        size_t began = r->line;
        r->p++;
        for (;;) {
            if (r->p >= r->end)
                return err_at(r->a, err_new(r->a, E_BAD_INPUT, "A quotation mark is opened and never closed."),
                              "line %zu", began);
            if (*r->p == '"' && (r->p + 1 >= r->end || r->p[1] != '"'))
                break;
            r->p += *r->p == '"';
            r->line += *r->p == '\n';
            buf_char(&b, *r->p++);
        }
        r->p++;
    }
    const char *from = r->p;
    while (r->p < r->end && *r->p != r->separator && *r->p != '\n' && *r->p != '\r')
        r->p++;
    size_t n = (size_t)(r->p - from);
    if (b.len == 0 && n <= CSV_MAX_CELL) { /* most cells: as long as they are, without a buffer */
        *ret = n ? arena_strndup(r->a, from, n) : "";
        return NULL;
    }
    buf_add(&b, from, n);
    if (b.len > CSV_MAX_CELL)
        return err_at(r->a, err_new(r->a, E_TOO_LARGE, "A cell is longer than %d characters.", CSV_MAX_CELL),
                      "line %zu", r->line);
    *ret = b.len ? b.data : "";
    return NULL;
}

static err_t
push_cell(struct reader *r, const char *cell)
{
    if (r->n == CSV_MAX_COLUMNS)
        return err_at(r->a, err_new(r->a, E_TOO_LARGE, "There are more than %d columns.", CSV_MAX_COLUMNS),
                      "line %zu", r->line);
    if (r->n == r->size) {
        size_t size = r->size ? r->size * 2 : 16;
        const char **more = arena_alloc(r->a, size * sizeof *more);
        if (r->n)
            memcpy(more, r->cells, r->n * sizeof *more);
        r->cells = more;
        r->size = size;
    }
    r->cells[r->n++] = cell;
    return NULL;
}

static err_t
read_row(struct reader *r, struct csv_row *ret)
{
    r->n = 0;
    ret->line = r->line;
    for (;;) {
        const char *cell = "";
        TRY(read_cell(r, &cell));
        TRY(push_cell(r, cell));
        if (r->p >= r->end || *r->p != r->separator)
            break;
        r->p++;
    }
    if (r->p < r->end && *r->p == '\r')
        r->p++;
    if (r->p < r->end && *r->p == '\n')
        r->p++;
    r->line++;
    ret->n = r->n;
    ret->cell = arena_copy(r->a, r->cells, r->n * sizeof *r->cells);
    return NULL;
}

err_t
csv_parse(struct arena *a, const char *data, size_t n, char separator, struct csv *ret,
          const char **ret_note)
{
    const char *note;
    TRY(decode(a, &data, &n, &note));
    if (n && memchr(data, 0, n)) /* in UTF-16 it can hide from whoever looked at the bytes */
        return err_new(a, E_BAD_INPUT, "This is not a text file: it holds characters that are nothing (NUL).");
    struct reader r = {.a = a, .p = data, .end = data + n, .line = 1};
    r.separator = separator ? separator : find_separator(r.p, r.end);
    size_t size = 64, count = 0;
    struct csv_row *rows = arena_alloc(a, size * sizeof *rows);
    while (r.p < r.end) {
        struct csv_row row;
        TRY(read_row(&r, &row));
        if (row.n == 1 && !*row.cell[0])
            continue;
        if (count == CSV_MAX_ROWS || arena_full(a))
            return err_at(a, err_new(a, E_TOO_LARGE, "The table is larger than can be taken at once. "
                                                     "Split it into several files."),
                          "line %zu", row.line);
        if (count == size) {
            struct csv_row *more = arena_alloc(a, size * 2 * sizeof *more);
            memcpy(more, rows, size * sizeof *rows);
            rows = more;
            size *= 2;
        }
        rows[count++] = row;
    }
    *ret = (struct csv){count, rows, r.separator};
    *ret_note = note;
    return NULL;
}

void
csv_cell(struct buf *out, const char *text)
{
    if (out->len && out->data[out->len - 1] != '\n')
        buf_char(out, ',');
    else if (str_empty(text)) { /* an empty first cell must still be followed by a comma */
        buf_str(out, "\"\"");
        return;
    }
    if (str_empty(text))
        return;
    double number;
    bool formula = strchr("=+-@\t\r", *text) && !str_real(text, &number);
    if (!formula && !strpbrk(text, ",;\"\r\n\t")) {
        buf_str(out, text);
        return;
    }
    buf_char(out, '"');
    if (formula)
        buf_char(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            buf_char(out, '"');
        buf_char(out, *p);
    }
    buf_char(out, '"');
}

void
csv_int(struct buf *out, int64_t i)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)i);
    csv_cell(out, text);
}

void
csv_end(struct buf *out)
{
    buf_str(out, "\r\n");
}
