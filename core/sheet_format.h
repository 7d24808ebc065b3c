/* sheet_format.h: number formats of .xlsx: is a number a date, and how is it shown. Called by
 * sheet_xlsx.c alone. Formats as in ECMA-376 Part 1, 18.8.30 (built-in ids) and 18.8.31 (codes). */
#ifndef CORE_SHEET_FORMAT_H
#define CORE_SHEET_FORMAT_H

#include "core/sheet.h"

enum sheet_format_kind {
    SHEET_FORMAT_NUMBER,
    SHEET_FORMAT_DATE,
    SHEET_FORMAT_TIME, /* hours, minutes, seconds only: below 1 a time of day, else a date */
};

/* One cell format. */
struct sheet_format_code {
    enum sheet_format_kind kind;
    bool shows_day, shows_month;
    int zeros;                  /* 000 gives 3: least digits of a whole number; 0 for any other */
    const char *before, *after; /* fixed text around those digits */
};

/* The format of a number format id; `code` is the workbook's own code for it, or NULL. */
struct sheet_format_code sheet_format_find(struct arena *a, unsigned id, const char *code);

/* Sets kind, text, day and precision of a number shown in a format. `from_1904`: the workbook
 * counts its days from 1904 and not from 1900. */
void sheet_format_show(struct arena *a, const struct sheet_format_code *f, double value,
                       bool from_1904, struct sheet_cell *ret);

/* The cell of an ISO date or date and time (cells of type d). False: not one. */
bool sheet_format_iso(struct arena *a, const char *iso, struct sheet_cell *ret);

#endif
