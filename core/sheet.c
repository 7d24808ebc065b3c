/* sheet.c: see sheet.h. What kind of file it is, the CSV side, and where the header stands. */
#include "core/sheet.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/str.h"
#include "core/sheet_xlsx.h"

#include <ctype.h>
#include <string.h>

static const struct sheet_cell empty_cell = {.text = ""};

const struct sheet_cell *
sheet_cell(const struct sheet_row *row, size_t column)
{
    return column < row->n ? &row->cells[column] : &empty_cell;
}

const char *
sheet_column(struct arena *a, size_t column)
{
    char text[16];
    size_t at = sizeof text;
    text[--at] = '\0';
    for (size_t n = column + 1; n > 0; n = (n - 1) / 26)
        text[--at] = (char)('A' + (n - 1) % 26);
    return arena_strdup(a, text + at);
}

const char *
sheet_place(struct arena *a, const struct sheet *s, const struct sheet_row *row, size_t column)
{
    const char *name = *s->name ? arena_printf(a, "sheet “%s”, ", s->name) : "";
    return arena_printf(a, "%srow %u, column %s", name, (unsigned)row->line,
                        sheet_column(a, column));
}

/* -- what the file is */

/* Whether text stands near the beginning, letter case aside. */
static bool
opens_with(const char *data, size_t n, const char *text)
{
    size_t at = 0, len = strlen(text);
    while (at < n && (isspace((unsigned char)data[at]) || memchr("\xEF\xBB\xBF", data[at], 3)))
        at++;
    return n - at >= len && strncasecmp(data + at, text, len) == 0;
}

/* An old compound file: a name in its directory (UTF-16) tells which program wrote it. */
static err_t
ole_error(struct arena *a, const char *data, size_t n)
{
    static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    static const char word[] = "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t";
    if (memmem(data, n, encrypted, sizeof encrypted))
        return err_new(a, E_BAD_INPUT,
                       "This file is protected with a password. Save it without one and "
                       "try again.");
    if (memmem(data, n, word, sizeof word))
        return err_new(a, E_MEDIA_TYPE,
                       "This is a Word document, not a table. Save the table as .xlsx or "
                       "CSV.");
    return err_new(a, E_MEDIA_TYPE,
                   "This is an old Excel file (.xls). Open it, save it as .xlsx or CSV "
                   "and try again.");
}

/* NULL when the file may be CSV or .xlsx. */
static err_t
refuse_by_content(struct arena *a, const char *data, size_t n)
{
    static const struct {
        const char *text, *is;
    } known[] = {
        {"%PDF", "This is a PDF, from which a table cannot be read safely."},
        {"{\\rtf", "This is a text document (RTF), not a table."},
        {"<!doctype html", "This is a web page, whatever its name says."},
        {"<html", "This is a web page, whatever its name says."},
        {"<table", "This is a web page, whatever its name says."},
        {"<?xml", "This is an XML file, not a table."},
        {"{\"", "This is JSON, not a table."},
        {"[{", "This is JSON, not a table."},
        {"HEADER RECORD*******", "This is a SAS transport file."},
        {"\x1F\x8B", "This file is packed with gzip: unpack it first."},
        {"Rar!", "This is a RAR archive: unpack it first."},
        {"7z\xBC\xAF", "This is a 7z archive: unpack it first."},
        {"\x89PNG", "This is a picture."},
        {"\xFF\xD8\xFF", "This is a picture."},
        {"GIF8", "This is a picture."},
        {"PAR1", "This is a Parquet file."},
    };
    if (n >= 8 && memcmp(data, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
        return ole_error(a, data, n);
    if (n >= 4 && data[0] == 9 && memchr("\0\2\4\10", data[1], 4) && data[3] == 0)
        return ole_error(a, data, n); /* Excel before 5 had no container */
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (opens_with(data, n, known[i].text))
            return err_new(a, E_MEDIA_TYPE, "%s Save the table as .xlsx or CSV and try again.",
                           known[i].is);
    }
    return NULL;
}

/* -- CSV */

/* How regular a separator makes the first lines: how many of them have it as often as most do, and
 * how often that is. Zero when most lines have none. */
static void
regularity(const char *data, size_t n, char separator, size_t *ret_lines, size_t *ret_times)
{
    enum { LINES = 50 };
    size_t count[LINES] = {0}, lines = 0;
    bool quoted = false;
    for (size_t i = 0; i < n && lines < LINES; i++) {
        if (data[i] == '"')
            quoted = !quoted;
        else if (!quoted && data[i] == separator)
            count[lines]++;
        else if (!quoted && data[i] == '\n')
            lines++;
    }
    lines += lines < LINES && n && data[n - 1] != '\n';
    *ret_lines = *ret_times = 0;
    for (size_t i = 0; i < lines; i++) {
        size_t same = 0;
        for (size_t k = 0; k < lines; k++)
            same += count[k] == count[i];
        if (count[i] && (same > *ret_lines || (same == *ret_lines && count[i] > *ret_times))) {
            *ret_lines = same;
            *ret_times = count[i];
        }
    }
}

/* The separator by the first fifty lines, so that a title above the header does no harm. */
static char
find_separator(const char *data, size_t n)
{
    size_t best_lines = 0, best_times = 0;
    char best = ',';
    for (const char *c = ",;\t|"; *c; c++) {
        size_t lines, times;
        regularity(data, n, *c, &lines, &times);
        if (lines > best_lines || (lines == best_lines && times > best_times)) {
            best = *c;
            best_lines = lines;
            best_times = times;
        }
    }
    return best;
}

/* A number, unless it begins like a code: 007 and +49 are text. */
static bool
is_number(const char *s)
{
    double x;
    bool code = *s == '+' || (s[0] == '0' && isdigit((unsigned char)s[1]));
    return !code && str_real(s, &x);
}

static struct sheet_cell
csv_to_cell(const char *text)
{
    if (!text[strspn(text, " \t\r\n")])
        return empty_cell;
    return (struct sheet_cell){.text = text, .kind = is_number(text) ? SHEET_NUMBER : SHEET_TEXT};
}

static err_t
fill_rows(struct arena *a, const struct csv *csv, size_t line_offset, struct sheet *ret)
{
    struct sheet_row *rows = arena_alloc(a, (csv->n + 1) * sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < csv->n; i++) {
        const struct csv_row *from = &csv->rows[i];
        size_t last = from->n;
        while (last > 0 && csv_to_cell(from->cell[last - 1]).kind == SHEET_EMPTY)
            last--;
        if (last == 0)
            continue;
        if (n == SHEET_MAX_ROWS || arena_full(a))
            return err_at(a,
                          err_new(a, E_TOO_LARGE,
                                  "The table is larger than can be taken at once. "
                                  "Split it into several files."),
                          "row %zu", from->line + line_offset);
        struct sheet_cell *cells = arena_alloc(a, last * sizeof *cells);
        for (size_t k = 0; k < last; k++)
            cells[k] = csv_to_cell(from->cell[k]);
        rows[n++] = (struct sheet_row){cells, (uint32_t)last, (uint32_t)(from->line + line_offset)};
        ret->width = last > ret->width ? last : ret->width;
    }
    ret->rows = rows;
    ret->n = n;
    return NULL;
}

/* Passes over a byte order mark and Excel's own first line "sep=;". */
static char
take_separator(const char **data, size_t *n, size_t *ret_lines)
{
    size_t mark = *n >= 3 && memcmp(*data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    const char *p = *data + mark;
    size_t left = *n - mark;
    *ret_lines = 0;
    if (left < 6 || strncasecmp(p, "sep=", 4) != 0 || (p[5] != '\n' && p[5] != '\r') || !p[4])
        return 0;
    size_t skip = p[5] == '\r' && left > 6 && p[6] == '\n' ? 7 : 6;
    *data = p + skip;
    *n = left - skip;
    *ret_lines = 1;
    return p[4];
}

static err_t
read_csv(struct arena *a, const char *data, size_t n, const char *want, struct sheet_book *ret)
{
    struct sheet *s = arena_alloc(a, sizeof *s);
    struct csv csv;
    const char *note;
    size_t lines;
    if (want && *want)
        return err_new(a, E_NOT_FOUND, "A CSV file has no sheets.");
    char separator = take_separator(&data, &n, &lines);
    bool wide = n >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0);
    if (!separator && !wide)
        separator = find_separator(data, n);
    TRY(csv_parse(a, data, n, separator, &csv, &note));
    s->name = "";
    TRY(fill_rows(a, &csv, lines, s));
    *ret = (struct sheet_book){.format = SHEET_CSV, .n = 1, .sheets = s, .note = note};
    return NULL;
}

/* -- the header */

static size_t
filled(const struct sheet_row *row, size_t *ret_text)
{
    size_t n = 0;
    *ret_text = 0;
    for (size_t i = 0; i < row->n; i++) {
        n += row->cells[i].kind != SHEET_EMPTY;
        *ret_text += row->cells[i].kind == SHEET_TEXT;
    }
    return n;
}

static void
find_header(struct sheet *s)
{
    enum { LOOK = 50 }; /* rows in which a header is sought, and rows beneath that say how wide */
    for (size_t i = 0; i + 1 < s->n && i < LOOK; i++) {
        size_t text, under_text, widest = 0;
        size_t n = filled(&s->rows[i], &text);
        if (text < 2 || text * 2 < n || filled(&s->rows[i + 1], &under_text) < 2)
            continue;
        for (size_t k = i + 1; k < s->n && k <= i + LOOK; k++) {
            size_t under = filled(&s->rows[k], &under_text);
            widest = under > widest ? under : widest;
        }
        if (n * 3 < widest * 2)
            continue;
        s->has_table = true;
        s->header = i;
        return;
    }
}

err_t
sheet_read(struct arena *a, const char *data, size_t n, const char *want, struct sheet_book *ret)
{
    struct sheet_book book;
    if (n == 0)
        return err_new(a, E_BAD_INPUT, "The file is empty.");
    if (n > SHEET_MAX_FILE)
        return err_new(a, E_TOO_LARGE,
                       "The file is larger than %d MB. Split it, or save it as CSV.",
                       SHEET_MAX_FILE >> 20);
    TRY(refuse_by_content(a, data, n));
    if (n >= 4 && (memcmp(data, "PK\3\4", 4) == 0 || memcmp(data, "PK\5\6", 4) == 0))
        TRY(sheet_xlsx_read(a, data, n, want, &book));
    else
        TRY(read_csv(a, data, n, want, &book));
    struct sheet *sheets = (struct sheet *)book.sheets; /* made here, const only for the caller */
    for (size_t i = 0; i < book.n; i++) {
        find_header(&sheets[i]);
        if (sheets[i].has_table && book.n_tables++ == 0)
            book.chosen = i;
    }
    *ret = book;
    return NULL;
}
