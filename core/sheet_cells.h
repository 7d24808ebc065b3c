/* sheet_cells.h: the rows and cells of one worksheet part. Called by sheet_xlsx.c alone. */
#ifndef CORE_SHEET_CELLS_H
#define CORE_SHEET_CELLS_H

#include "base/str.h"
#include "core/sheet.h"
#include "core/sheet_format.h"

struct sheet_zip;

/* What all sheets of a workbook share. */
struct sheet_cells {
    struct arena *a;
    bool from_1904;
    const struct sheet_format_code *formats; /* by cell style */
    size_t n_formats;
    const char **strings;
    size_t n_strings, size_strings;
};

/* Reads one worksheet part into `ret`'s rows and width; its name stays. */
err_t sheet_cells_read(const struct sheet_cells *c, struct sheet_zip *zip, const char *path,
                       struct sheet *ret);
/* Cuts white space off both ends of what stands in `b` from `from` on. */
void sheet_cells_trim(struct buf *b, size_t from);
/* The text of `b` with the escapes _x000D_ undone, in the arena. */
const char *sheet_cells_text(struct arena *a, const struct buf *b);
err_t sheet_cells_too_large(struct arena *a);

#endif
