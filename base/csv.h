/* csv.h: comma-separated values (RFC 4180), in and out. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A table of text: every cell non-NULL, rows as wide as they came (ragged rows are kept). */
struct csv_row {
    size_t n;
    const char **cell;
    size_t line; /* line of the file the row begins in, from 1 */
};

struct csv {
    size_t n;
    struct csv_row *rows;
    char separator;
};

enum { CSV_MAX_ROWS = 2000000, CSV_MAX_COLUMNS = 1000, CSV_MAX_CELL = 64 << 10 };

/* Reads a whole file held in memory. A byte order mark is skipped, UTF-16 (with a mark) and, when
 * the bytes are not valid UTF-8, Windows-1252 are turned into UTF-8 and `ret_note` says so (NULL
 * otherwise). `separator` 0: the one of , ; TAB | that the first line holds most of outside quotes.
 * Empty lines are skipped. Errors: an open quote, NUL bytes, more than the limits above; each with
 * its line. All memory in `a`. */
err_t csv_parse(struct arena *a, const char *data, size_t n, char separator, struct csv *ret,
                const char **ret_note);

/* One cell, quoted where needed, with a comma before it unless it begins the line. A cell that a
 * spreadsheet would run as a formula (begins with = + - @ TAB CR and is no number) gets an
 * apostrophe in front. NULL is an empty cell. */
void csv_cell(struct buf *out, const char *text);
void csv_int(struct buf *out, int64_t i);
void csv_end(struct buf *out); /* ends the line with CR LF */

#endif
