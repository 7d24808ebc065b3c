/* sheet.h: a table somebody has today, CSV or .xlsx, read into one plain structure: sheets, rows,
 * cells.
 *
 * It knows no columns and no studies: features say what the columns mean. What the file is comes
 * from its content, never from its name. Imports call it with the whole file in memory.
 *
 * Nothing in a file is run or fetched: formulas count with the value saved beside them, entities
 * and DTDs are refused, macros, links and pictures are not opened. What a file may cost is bounded
 * by the constants below. */
#ifndef CORE_SHEET_H
#define CORE_SHEET_H

#include "base/date.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
    SHEET_MAX_FILE = 32 << 20,   /* bytes of the file */
    SHEET_MAX_ENTRIES = 4096,    /* parts in an .xlsx */
    SHEET_MAX_PART = 128 << 20,  /* bytes of one part, unpacked */
    SHEET_MAX_TOTAL = 256 << 20, /* bytes of all parts that are read, unpacked */
    SHEET_MAX_RATIO = 250,       /* unpacked to packed, once a part is over 1 MiB */
    SHEET_MAX_DEPTH = 64,        /* XML elements inside one another */
    SHEET_MAX_SHEETS = 200,
    SHEET_MAX_ROWS = 1 << 20,
    SHEET_MAX_COLUMNS = 1000,    /* up to the last cell that is not empty */
    SHEET_MAX_TEXT = 64 << 10,   /* bytes of one cell */
    SHEET_MAX_STRINGS = 2000000, /* shared strings of a workbook */
};

enum sheet_kind {
    SHEET_EMPTY,
    SHEET_TEXT,
    SHEET_NUMBER,
    SHEET_DATE, /* only in .xlsx; in CSV a date is text, and its order is for the caller to find */
    SHEET_BOOL,
    SHEET_ERROR, /* #N/A and its like, or a formula whose result was not saved */
};

/* One cell. `text` is never NULL.
 * SHEET_TEXT: as typed. SHEET_NUMBER: as Excel's General shows it ("12.5", at most 15 digits), with
 * the leading zeros of a format such as 000; in CSV as it stands in the file. SHEET_BOOL: "TRUE" or
 * "FALSE". SHEET_DATE: ISO, "2024-03-05", with a time "2024-03-05 14:30" (":07" added when there
 * are seconds), or "2024-03" where the cell's format shows no day and the stored day is the first.
 * A text without a calendar day that Excel can show (1900-01-00, 1900-02-29) is SHEET_TEXT. */
struct sheet_cell {
    const char *text;
    int32_t day;       /* SHEET_DATE: its day, or the first of its month */
    uint8_t kind;      /* enum sheet_kind */
    uint8_t precision; /* SHEET_DATE: enum date_precision */
};

struct sheet_row {
    const struct sheet_cell *cells;
    uint32_t n;    /* up to the last cell that is not empty; never 0 */
    uint32_t line; /* the file's row number (CSV: line number), from 1 */
};

/* Rows without any content are not kept. */
struct sheet {
    const char *name; /* "" in CSV */
    size_t n;
    const struct sheet_row *rows;
    size_t width;   /* the widest row */
    bool has_table; /* a header row with rows of values beneath was found */
    size_t header;  /* its index in `rows`, when has_table */
};

enum sheet_format { SHEET_CSV, SHEET_XLSX };

/* The sheets that can be seen; hidden ones are left out. */
struct sheet_book {
    enum sheet_format format;
    size_t n;
    const struct sheet *sheets;
    size_t chosen;    /* the first with a table; 0 when none has one */
    size_t n_tables;  /* how many have one: above 1 the page may ask which */
    const char *note; /* what a person should know about how it was read, or NULL */
};

/* Reads a file. `want`: the name of the one sheet to read (the others are then skipped), or NULL
 * for all. The header is the first row with at least two cells of text, mostly text, at least two
 * thirds as wide as the rows beneath it and with a row of two values or more directly below: title
 * rows and blank rows above a table are passed over. The result keeps no pointer into `data` and
 * lives in `a`.
 *
 * Errors, with what to do: empty file, too large, .xls, .xlsb, OpenDocument, Numbers, Word,
 * PDF, web page, XML spreadsheet, JSON, SAS transport, ZIP without a workbook, a password, damaged
 * or cut off, made to exhaust memory, no such sheet, no sheet that can be seen. Place: sheet and
 * row where known. A table without a header is no error: has_table is false. */
err_t sheet_read(struct arena *a, const char *data, size_t n, const char *want,
                 struct sheet_book *ret);

/* The cell at a column, from 0; an empty cell beyond the end of the row. Never NULL. */
const struct sheet_cell *sheet_cell(const struct sheet_row *row, size_t column);
/* "A", "B", ..., "Z", "AA" for columns 0, 1, ... */
const char *sheet_column(struct arena *a, size_t column);
/* "row 14, column C", with the sheet's name in front where it has one. */
const char *sheet_place(struct arena *a, const struct sheet *s, const struct sheet_row *row,
                        size_t column);

#endif
