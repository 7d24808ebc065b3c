/* fuzz_sheet.c: whatever is sent as a table: CSV in any letters, or a ZIP that says it is a workbook.
 * Nothing may crash or hang; what is read stays within the limits of sheet.h and is UTF-8. What is
 * read then goes through the rules for columns and dates, as an import does. */
#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "core/sheet.h"
#include "features/recruitment/columns.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TODAY = 20780 }; /* some day of 2026 */

static void
check(const struct sheet *s)
{
    INVARIANT(s->n <= SHEET_MAX_ROWS && s->width <= SHEET_MAX_COLUMNS);
    INVARIANT(!s->has_table || s->header + 1 < s->n);
    for (size_t i = 0; i < s->n; i++) {
        INVARIANT(s->rows[i].n > 0 && s->rows[i].n <= s->width);
        INVARIANT(i == 0 || s->rows[i].line > s->rows[i - 1].line);
        for (size_t k = 0; k < s->rows[i].n; k++) {
            const char *text = s->rows[i].cells[k].text;
            INVARIANT(strlen(text) <= SHEET_MAX_TEXT && utf8_valid(text, strlen(text)));
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum columns_table tables[] = {COLUMNS_LOG, COLUMNS_SITES, COLUMNS_PLAN};
    struct arena *a = arena_new((size_t)256 << 20);
    struct sheet_book book;
    if (sheet_read(a, (const char *)data, size, NULL, &book)) {
        arena_free(a);
        return 0;
    }
    for (size_t i = 0; i < book.n; i++) {
        check(&book.sheets[i]);
        for (size_t t = 0; book.sheets[i].has_table && t < sizeof tables / sizeof *tables; t++) {
            struct columns_found found;
            if (!columns_find(a, &book.sheets[i], tables[t], NULL, 0, TODAY, &found))
                INVARIANT(found.n == book.sheets[i].width);
        }
    }
    arena_free(a);
    return 0;
}
