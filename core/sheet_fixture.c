/* sheet_fixture.c: see sheet_fixture.h. */
#include "core/sheet_fixture.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <string.h>
#include <zip.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACK "http://schemas.openxmlformats.org/package/2006/"

const char sheet_fixture_types[] =
    HEAD "<Types xmlns=\"" PACK "content-types\"><Default Extension=\"xml\" "
         "ContentType=\"application/xml\"/></Types>";

const char sheet_fixture_root_rels[] =
    HEAD "<Relationships xmlns=\"" PACK "relationships\"><Relationship Id=\"rId1\" Type=\"" REL
         "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

char *
sheet_fixture_zip(struct arena *a, const struct fixture_part *parts, size_t n, size_t *ret_n)
{
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *store = zip_source_buffer_create(NULL, 0, 0, &e);
    INVARIANT(store);
    zip_source_keep(store);
    zip_t *zip = zip_open_from_source(store, ZIP_CREATE | ZIP_TRUNCATE, &e);
    INVARIANT(zip);
    for (size_t i = 0; i < n; i++) {
        size_t len = parts[i].n ? parts[i].n : strlen(parts[i].text);
        zip_source_t *s = zip_source_buffer(zip, parts[i].text, len, 0);
        INVARIANT(s && zip_file_add(zip, parts[i].path, s, ZIP_FL_ENC_UTF_8) >= 0);
    }
    INVARIANT(zip_close(zip) == 0);
    zip_stat_t st;
    INVARIANT(zip_source_open(store) == 0 && zip_source_stat(store, &st) == 0);
    char *data = arena_alloc(a, st.size);
    INVARIANT(zip_source_read(store, data, st.size) == (zip_int64_t)st.size);
    zip_source_close(store);
    zip_source_free(store);
    *ret_n = st.size;
    return data;
}

static const char *
styles_part(struct arena *a, const char *const *styles)
{
    struct buf b;
    size_t n = 0;
    buf_init(&b, a);
    buf_str(&b, HEAD "<styleSheet xmlns=\"" MAIN "\"><numFmts>");
    for (; styles && styles[n]; n++) {
        if (strspn(styles[n], "0123456789#") != strlen(styles[n]) || styles[n][0] == '0')
            buf_printf(&b, "<numFmt numFmtId=\"%zu\" formatCode=\"%s\"/>", 164 + n, styles[n]);
    }
    /* cellStyleXfs has xf elements too: they must not count */
    buf_str(&b, "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>"
                "<xf numFmtId=\"0\" fontId=\"0\"/>");
    for (size_t i = 0; i < n; i++) {
        bool built_in = strspn(styles[i], "0123456789") == strlen(styles[i]) && styles[i][0] != '0';
        if (built_in)
            buf_printf(&b, "<xf numFmtId=\"%s\" applyNumberFormat=\"1\"/>", styles[i]);
        else
            buf_printf(&b, "<xf numFmtId=\"%zu\" applyNumberFormat=\"1\"/>", 164 + i);
    }
    buf_str(&b, "</cellXfs></styleSheet>");
    return buf_text(&b);
}

char *
sheet_fixture_book(struct arena *a, const char *rows, const char *const *styles,
                   const char *strings, const char *book_pr, size_t *ret_n)
{
    const char *book = arena_printf(
        a,
        HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" REL "\"><workbookPr %s/><sheets>"
             "<sheet name=\"Log\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        book_pr);
    const char *rels = HEAD
        "<Relationships xmlns=\"" PACK "relationships\">"
        "<Relationship Id=\"rId1\" Type=\"" REL "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"" REL "/styles\" Target=\"styles.xml\"/>"
        "<Relationship Id=\"rId3\" Type=\"" REL "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
        "</Relationships>";
    const char *sheet = arena_printf(a,
                                     HEAD "<worksheet xmlns=\"" MAIN "\"><dimension ref=\"A1\"/>"
                                          "<sheetData>%s</sheetData></worksheet>",
                                     rows);
    const struct fixture_part parts[] = {
        {"[Content_Types].xml", sheet_fixture_types, 0},
        {"_rels/.rels", sheet_fixture_root_rels, 0},
        {"xl/workbook.xml", book, 0},
        {"xl/_rels/workbook.xml.rels", rels, 0},
        {"xl/styles.xml", styles_part(a, styles), 0},
        {"xl/sharedStrings.xml",
         arena_printf(a, HEAD "<sst xmlns=\"" MAIN "\">%s</sst>", strings ? strings : ""), 0},
        {"xl/worksheets/sheet1.xml", sheet, 0},
    };
    return sheet_fixture_zip(a, parts, sizeof parts / sizeof *parts, ret_n);
}
