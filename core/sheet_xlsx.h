/* sheet_xlsx.h: the workbook inside an .xlsx package (ECMA-376, transitional and strict). Called by
 * sheet.c alone, which has seen the ZIP signature and afterwards looks for the headers. */
#ifndef CORE_SHEET_XLSX_H
#define CORE_SHEET_XLSX_H

#include "core/sheet.h"

/* Sets `ret`'s sheets with their names, rows and widths; has_table, chosen and n_tables are left to
 * the caller. `want` and errors as sheet_read. */
err_t sheet_xlsx_read(struct arena *a, const char *data, size_t n, const char *want,
                      struct sheet_book *ret);

#endif
