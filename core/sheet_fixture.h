/* sheet_fixture.h: .xlsx files for tests, made of hand-written parts. Test programs only. */
#ifndef CORE_SHEET_FIXTURE_H
#define CORE_SHEET_FIXTURE_H

#include <stddef.h>

struct arena;

struct fixture_part {
    const char *path, *text;
    size_t n; /* bytes of `text`; 0: up to its NUL */
};

/* A ZIP of the parts, in `a`. Aborts when it cannot be made. */
char *sheet_fixture_zip(struct arena *a, const struct fixture_part *parts, size_t n, size_t *ret_n);

/* A whole workbook as Excel lays it out, of one visible sheet "Log". `styles` are formats codes of
 * cell styles 1, 2, ... (style 0 is General), NULL-ended or NULL; `strings` the <si> elements or
 * NULL; `rows` what stands inside <sheetData>; `book_pr` an attribute of workbookPr or "". */
char *sheet_fixture_book(struct arena *a, const char *rows, const char *const *styles,
                         const char *strings, const char *book_pr, size_t *ret_n);

/* The parts every workbook has, as text. */
extern const char sheet_fixture_types[], sheet_fixture_root_rels[];

#endif
