/* sheet_xlsx.c: see sheet_xlsx.h. From the package's relationships to the workbook, its styles and
 * shared strings, then sheet by sheet. The cells of a sheet are in sheet_cells.c. */
#include "core/sheet_xlsx.h"

#include "base/arena.h"
#include "core/sheet_cells.h"
#include "core/sheet_xml.h"

#include <stdlib.h>
#include <string.h>

struct rel {
    const char *id, *type, *target;
};

struct entry {
    const char *name, *rel;
    bool hidden;
};

struct code {
    unsigned id;
    const char *text;
};

struct xlsx {
    struct arena *a;
    struct sheet_zip *zip;
    const char *workbook; /* path of the workbook part */
    struct rel *rels;
    size_t n_rels, size_rels;
    struct entry *entries;
    size_t n_entries, size_entries;
    struct sheet_cells cells;
    /* styles, while they are read */
    struct code *codes;
    size_t n_codes, size_codes;
    unsigned *xfs;
    size_t n_xfs, size_xfs;
    bool in_xfs;
    int in_phonetic;
    size_t text_from;
    bool keep_space;
};

/* Room for one more in an array of the arena. */
static void *
grow(struct arena *a, void *p, size_t n, size_t *size, size_t each)
{
    if (n < *size)
        return p;
    size_t more = *size ? *size * 2 : 16;
    void *q = arena_alloc(a, more * each);
    if (n)
        memcpy(q, p, n * each);
    *size = more;
    return q;
}

/* -- relationships */

static void
rel_start(struct sheet_xml *x, void *state, const char *name)
{
    struct xlsx *w = state;
    if (strcmp(name, "Relationship") != 0)
        return;
    struct rel r = {sheet_xml_attr_text(x, "Id"), sheet_xml_attr_text(x, "Type"),
                    sheet_xml_attr_text(x, "Target")};
    char mode[16];
    if (!r.id || !r.type || !r.target ||
        (sheet_xml_attr(x, "TargetMode", mode, sizeof mode) && strcmp(mode, "External") == 0))
        return;
    if (w->n_rels == SHEET_MAX_ENTRIES) {
        sheet_xml_fail(x, sheet_xml_damaged(w->a, "it names too many parts"));
        return;
    }
    w->rels = grow(w->a, w->rels, w->n_rels, &w->size_rels, sizeof *w->rels);
    w->rels[w->n_rels++] = r;
}

static const struct sheet_xml_handler rels_handler = {.start = rel_start};

static const struct rel *
rel_of_type(const struct xlsx *w, const char *suffix)
{
    for (size_t i = 0; i < w->n_rels; i++) {
        if (str_ends(w->rels[i].type, suffix))
            return &w->rels[i];
    }
    return NULL;
}

static const struct rel *
rel_of_id(const struct xlsx *w, const char *id)
{
    for (size_t i = 0; i < w->n_rels; i++) {
        if (str_eq(w->rels[i].id, id))
            return &w->rels[i];
    }
    return NULL;
}

/* The part a target means, seen from the part `from`: "/xl/a.xml", "a.xml", "../a.xml", "b\a.xml".
 */
static const char *
resolve(struct arena *a, const char *from, const char *target)
{
    char *t = arena_strdup(a, target);
    for (char *p = t; *p; p++)
        *p = *p == '\\' ? '/' : *p;
    const char *slash = strrchr(from, '/');
    char *whole =
        *t == '/' ? t : arena_printf(a, "%.*s/%s", slash ? (int)(slash - from) : 0, from, t);
    size_t n;
    char **piece = str_split(a, whole, '/', &n);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(piece[i], "..") == 0)
            kept -= kept > 0;
        else if (*piece[i] && strcmp(piece[i], ".") != 0)
            piece[kept++] = piece[i];
    }
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < kept; i++) {
        if (i)
            buf_char(&b, '/');
        buf_str(&b, piece[i]);
    }
    return buf_text(&b);
}

/* -- workbook */

static void
book_start(struct sheet_xml *x, void *state, const char *name)
{
    struct xlsx *w = state;
    char v[16];
    if (strcmp(name, "workbookPr") == 0 && sheet_xml_attr(x, "date1904", v, sizeof v))
        w->cells.from_1904 = strcmp(v, "1") == 0 || strcmp(v, "true") == 0;
    if (strcmp(name, "sheet") != 0)
        return;
    if (w->n_entries == SHEET_MAX_SHEETS) {
        sheet_xml_fail(x, err_new(w->a, E_TOO_LARGE,
                                  "This workbook has more than %d sheets. Copy the "
                                  "table into a new file.",
                                  SHEET_MAX_SHEETS));
        return;
    }
    struct entry e = {sheet_xml_attr_text(x, "name"), sheet_xml_attr_text(x, "id"), false};
    char shown[16];
    e.hidden = sheet_xml_attr(x, "state", shown, sizeof shown) && strcmp(shown, "visible") != 0;
    w->entries = grow(w->a, w->entries, w->n_entries, &w->size_entries, sizeof *w->entries);
    if (e.name && e.rel)
        w->entries[w->n_entries++] = e;
}

static const struct sheet_xml_handler book_handler = {.start = book_start};

/* -- styles: which number format each cell style has */

static void
styles_start(struct sheet_xml *x, void *state, const char *name)
{
    struct xlsx *w = state;
    char id[16] = "0";
    if (strcmp(name, "cellXfs") == 0)
        w->in_xfs = true;
    if ((w->n_codes | w->n_xfs) > 1 << 17)
        sheet_xml_fail(x, sheet_xml_damaged(w->a, "it has too many cell styles"));
    else if (strcmp(name, "numFmt") == 0 && sheet_xml_attr(x, "numFmtId", id, sizeof id)) {
        w->codes = grow(w->a, w->codes, w->n_codes, &w->size_codes, sizeof *w->codes);
        w->codes[w->n_codes].id = (unsigned)strtoul(id, NULL, 10);
        w->codes[w->n_codes++].text = sheet_xml_attr_text(x, "formatCode");
    } else if (w->in_xfs && strcmp(name, "xf") == 0) {
        sheet_xml_attr(x, "numFmtId", id, sizeof id);
        w->xfs = grow(w->a, w->xfs, w->n_xfs, &w->size_xfs, sizeof *w->xfs);
        w->xfs[w->n_xfs++] = (unsigned)strtoul(id, NULL, 10);
    }
}

static void
styles_end(struct sheet_xml *x, void *state, const char *name)
{
    struct xlsx *w = state;
    if (strcmp(name, "cellXfs") == 0)
        w->in_xfs = false;
}

static const struct sheet_xml_handler styles_handler = {styles_start, styles_end};

static err_t
read_styles(struct xlsx *w)
{
    const struct rel *r = rel_of_type(w, "/styles");
    if (!r)
        return NULL;
    TRY(sheet_xml_read(w->zip, resolve(w->a, w->workbook, r->target), &styles_handler, w));
    struct sheet_format_code *f = arena_alloc(w->a, (w->n_xfs + 1) * sizeof *f);
    for (size_t i = 0; i < w->n_xfs; i++) {
        const char *code = NULL;
        for (size_t k = 0; k < w->n_codes && !code; k++)
            code = w->codes[k].id == w->xfs[i] ? w->codes[k].text : NULL;
        f[i] = sheet_format_find(w->a, w->xfs[i], code);
        if (i % 256 == 0 && arena_full(w->a))
            return sheet_cells_too_large(w->a);
    }
    w->cells.formats = f;
    w->cells.n_formats = w->n_xfs;
    return NULL;
}

/* -- shared strings: rich text is its runs one after another, readings (rPh) are left out */

static void
strings_start(struct sheet_xml *x, void *state, const char *name)
{
    struct xlsx *w = state;
    char space[12];
    if (strcmp(name, "si") == 0)
        sheet_xml_text(x)->len = 0;
    else if (strcmp(name, "rPh") == 0)
        w->in_phonetic++;
    else if (strcmp(name, "t") == 0 && !w->in_phonetic) {
        w->text_from = sheet_xml_text(x)->len;
        w->keep_space =
            sheet_xml_attr(x, "space", space, sizeof space) && strcmp(space, "preserve") == 0;
        sheet_xml_capture(x, true);
    }
}

static void
strings_end(struct sheet_xml *x, void *state, const char *name)
{
    struct xlsx *w = state;
    struct sheet_cells *c = &w->cells;
    if (strcmp(name, "rPh") == 0)
        w->in_phonetic--;
    else if (strcmp(name, "t") == 0 && !w->in_phonetic) {
        sheet_xml_capture(x, false);
        if (!w->keep_space)
            sheet_cells_trim(sheet_xml_text(x), w->text_from);
    } else if (strcmp(name, "si") == 0) {
        if (c->n_strings == SHEET_MAX_STRINGS || arena_full(w->a)) {
            sheet_xml_fail(x, sheet_cells_too_large(w->a));
            return;
        }
        c->strings = grow(w->a, c->strings, c->n_strings, &c->size_strings, sizeof *c->strings);
        c->strings[c->n_strings++] = sheet_cells_text(w->a, sheet_xml_text(x));
    }
}

static const struct sheet_xml_handler strings_handler = {strings_start, strings_end};

/* -- the whole */

/* What a ZIP without a workbook is, by the parts it has. */
static err_t
not_a_workbook(struct xlsx *w)
{
    static const struct {
        const char *part, *text;
    } known[] = {
        {"xl/workbook.bin", "This is a binary Excel file (.xlsb)."},
        {"content.xml", "This is an OpenDocument file."},
        {"word/document.xml", "This is a Word document, not a table."},
        {"ppt/presentation.xml", "This is a presentation, not a table."},
        {"Index/Document.iwa", "This is an Apple Numbers or Pages file."},
        {"Index.zip", "This is an Apple Numbers or Pages file."},
        {"[Content_Types].xml",
         "This .xlsx file has no workbook in it; it is damaged or incomplete."},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (sheet_zip_has(w->zip, known[i].part))
            return err_new(w->a, E_MEDIA_TYPE, "%s Save the table as .xlsx or CSV and try again.",
                           known[i].text);
    }
    return err_new(w->a, E_MEDIA_TYPE,
                   "This is a ZIP file, not a table. Unpack it and give the .xlsx "
                   "or CSV file inside.");
}

static err_t
open_workbook(struct xlsx *w)
{
    w->workbook = "xl/workbook.xml";
    if (sheet_zip_has(w->zip, "_rels/.rels")) {
        TRY(sheet_xml_read(w->zip, "_rels/.rels", &rels_handler, w));
        const struct rel *r = rel_of_type(w, "/officeDocument");
        if (r)
            w->workbook = resolve(w->a, "", r->target);
        w->n_rels = 0;
    }
    if (!sheet_zip_has(w->zip, w->workbook) || !str_ends(w->workbook, ".xml") ||
        sheet_zip_has(w->zip, "word/document.xml") || sheet_zip_has(w->zip, "ppt/presentation.xml"))
        return not_a_workbook(w);
    TRY(sheet_xml_read(w->zip, w->workbook, &book_handler, w));
    const char *slash = strrchr(w->workbook, '/');
    int dir = slash ? (int)(slash - w->workbook) + 1 : 0;
    const char *rels = arena_printf(w->a, "%.*s_rels/%s.rels", dir, w->workbook, w->workbook + dir);
    TRY(sheet_xml_read(w->zip, rels, &rels_handler, w));
    TRY(read_styles(w));
    const struct rel *r = rel_of_type(w, "/sharedStrings");
    if (r)
        TRY(sheet_xml_read(w->zip, resolve(w->a, w->workbook, r->target), &strings_handler, w));
    return NULL;
}

/* Reads the sheets that are worksheets, visible and wanted. */
static err_t
read_sheets(struct xlsx *w, const char *want, struct sheet *sheets, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_entries; i++) {
        const struct entry *e = &w->entries[i];
        const struct rel *r = rel_of_id(w, e->rel);
        if (e->hidden || (want && strcmp(want, e->name) != 0))
            continue;
        if (!r)
            return err_at(w->a, sheet_xml_damaged(w->a, "a sheet is missing"), "sheet “%s”",
                          e->name);
        if (!str_ends(r->type, "/worksheet"))
            continue; /* a chart or a dialog */
        sheets[n].name = e->name;
        err_t bad =
            sheet_cells_read(&w->cells, w->zip, resolve(w->a, w->workbook, r->target), &sheets[n]);
        if (bad)
            return err_at(w->a, bad, "sheet “%s”", e->name);
        n++;
    }
    *ret_n = n;
    return NULL;
}

static err_t
read_book(struct xlsx *w, const char *want, struct sheet_book *ret)
{
    TRY(open_workbook(w));
    struct sheet *sheets = arena_alloc(w->a, (w->n_entries + 1) * sizeof *sheets);
    size_t n = 0;
    TRY(read_sheets(w, want, sheets, &n));
    if (n == 0 && want)
        return err_new(w->a, E_NOT_FOUND, "There is no sheet “%s” that can be seen in this file.",
                       want);
    if (n == 0)
        return err_new(w->a, E_BAD_INPUT,
                       "This workbook has no sheet that can be seen. Unhide the sheet "
                       "with the table and try again.");
    *ret = (struct sheet_book){.format = SHEET_XLSX, .n = n, .sheets = sheets};
    return NULL;
}

err_t
sheet_xlsx_read(struct arena *a, const char *data, size_t n, const char *want,
                struct sheet_book *ret)
{
    struct xlsx w = {.a = a, .cells = {.a = a}};
    TRY(sheet_zip_open(a, data, n, &w.zip));
    err_t e = read_book(&w, want, ret);
    sheet_zip_close(w.zip);
    return e;
}
