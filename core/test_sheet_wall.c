/* test_sheet_wall.c: files that must be refused with a reason, and files cut short or with bits
 * flipped, which may give a table or an error and nothing else. Called by test_sheet.c. */
#include "base/arena.h"
#include "base/str.h"
#include "core/sheet.h"
#include "core/sheet_fixture.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

int test_sheet_walls(void);

#define OLE "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
#define RELS                                                                                       \
    {"_rels/.rels", sheet_fixture_root_rels, 0},                                                   \
    {                                                                                              \
        "xl/_rels/workbook.xml.rels",                                                              \
            "<Relationships><Relationship Id='a' Type='o/worksheet' "                              \
            "Target='s.xml'/></Relationships>",                                                    \
            0                                                                                      \
    }
#define BOOK                                                                                       \
    {                                                                                              \
        "xl/workbook.xml", "<workbook><sheets><sheet name='S' id='a'/></sheets></workbook>", 0     \
    }

static void
expect_error(struct arena *a, const char *data, size_t n, enum err_code code, const char *says)
{
    struct sheet_book b = {.n = 77};
    err_t e = sheet_read(a, data, n, NULL, &b);
    if (!e)
        fail_msg("read without an error that should say \"%s\"", says);
    if (!strstr(e->text, says) || e->code != code)
        fail_msg("\"%s\" (%s) does not say \"%s\"", err_line(a, e), err_name(e->code), says);
    assert_int_equal(b.n, 77);
}

static void
other_kinds(void **state)
{
#define F(text) text, sizeof text - 1
    static const struct {
        const char *data;
        size_t n;
        enum err_code code;
        const char *says;
    } cases[] = {
        {F(""), E_BAD_INPUT, "empty"},
        {F("%PDF-1.7\n1 0 obj"), E_MEDIA_TYPE, "PDF"},
        {F(OLE "\0\0\0W\0o\0r\0k\0b\0o\0o\0k\0"), E_MEDIA_TYPE, "old Excel file (.xls)"},
        {F("\x09\x08\x08\x00\x05\x00"), E_MEDIA_TYPE, "old Excel file (.xls)"},
        {F(OLE "\0\0E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), E_BAD_INPUT, "password"},
        {F(OLE "\0W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"), E_MEDIA_TYPE, "Word"},
        {F("\xEF\xBB\xBF\n <HTML><table><tr><td>site</td>"), E_MEDIA_TYPE, "web page"},
        {F("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>"),
         E_MEDIA_TYPE, "XML"},
        {F("{\"site\": 1}"), E_MEDIA_TYPE, "JSON"},
        {F("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"), E_MEDIA_TYPE, "SAS transport"},
        {F("\x1F\x8B\x08\0\0\0"), E_MEDIA_TYPE, "gzip"},
        {F("site,date\n\0\0\0"), E_BAD_INPUT, "not a text file"},
        {F("PK\3\4 and nothing more"), E_BAD_INPUT, "damaged or cut off"},
        {F("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), E_MEDIA_TYPE, "ZIP file"},
        {F("site,\"date\nA,1\n"), E_BAD_INPUT, "quotation mark"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        expect_error(a, cases[i].data, cases[i].n, cases[i].code, cases[i].says);
        arena_free(a);
    }
}

static void
packages(void **state)
{
    static const struct {
        struct fixture_part parts[6];
        enum err_code code;
        const char *says;
    } cases[] = {
        {{{"readme.txt", "x", 0}}, E_MEDIA_TYPE, "ZIP file"},
        {{{"mimetype", "application/vnd.oasis", 0}, {"content.xml", "<a/>", 0}},
         E_MEDIA_TYPE,
         "OpenDocument"},
        {{{"word/document.xml", "<a/>", 0}, {"[Content_Types].xml", "<a/>", 0}},
         E_MEDIA_TYPE,
         "Word"},
        {{{"xl/workbook.bin", "x", 0}, {"[Content_Types].xml", "<a/>", 0}}, E_MEDIA_TYPE, ".xlsb"},
        {{{"Index/Document.iwa", "x", 0}}, E_MEDIA_TYPE, "Numbers"},
        {{{"[Content_Types].xml", "<a/>", 0}}, E_MEDIA_TYPE, "no workbook"},
        {{BOOK}, E_BAD_INPUT, "part xl/_rels/workbook.xml.rels is missing"},
        {{RELS, BOOK}, E_BAD_INPUT, "part xl/s.xml is missing"},
        {{RELS,
          {"xl/workbook.xml", "<workbook><sheets><sheet name='S' id='b'/></sheets></workbook>", 0}},
         E_BAD_INPUT,
         "a sheet is missing"},
        {{RELS,
          {"xl/workbook.xml",
           "<workbook><sheets><sheet name='S' state='hidden' id='a'/></sheets></workbook>", 0}},
         E_BAD_INPUT,
         "no sheet that can be seen"},
        {{RELS, BOOK, {"xl/s.xml", "<worksheet><sheetData>", 0}}, E_BAD_INPUT, "breaks off"},
        {{RELS,
          BOOK,
          {"xl/s.xml", "<worksheet><row><c><v>&undefined;</v></c></row></worksheet>", 0}},
         E_BAD_INPUT,
         "breaks off"},
        {{RELS,
          BOOK,
          {"xl/s.xml", "<!DOCTYPE w [<!ENTITY a 'aaaa'>]><worksheet>&a;</worksheet>", 0}},
         E_BAD_INPUT,
         "document type"},
        {{RELS, BOOK, {"xl/s.xml", "<!DOCTYPE w SYSTEM 'http://127.0.0.1/x'><worksheet/>", 0}},
         E_BAD_INPUT,
         "document type"},
        {{RELS, BOOK, {"xl/s.xml", "<w><row><c t='s'><v>3</v></c></row></w>", 0}},
         E_BAD_INPUT,
         "a text that is not there"},
        {{RELS, BOOK, {"xl/s.xml", "<w><row r='5'/><row r='5'/></w>", 0}},
         E_BAD_INPUT,
         "not in order"},
        {{RELS, BOOK, {"xl/s.xml", "<w><row r='1048577'/></w>", 0}}, E_BAD_INPUT, "not in order"},
        {{RELS, BOOK, {"xl/s.xml", "<w><row><c r='XFE1'/></row></w>", 0}},
         E_BAD_INPUT,
         "proper place"},
        {{RELS, BOOK, {"xl/s.xml", "<w><row><c r='ALM1'><v>1</v></c></row></w>", 0}},
         E_TOO_LARGE,
         "more than 1000 columns"},
        {{RELS, BOOK, {"xl/s.xml", "<w><row><c r='AAAAAAAAAAAAAAAA1'/></row></w>", 0}},
         E_BAD_INPUT,
         "proper place"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        size_t n = 0, size;
        while (n < 6 && cases[i].parts[n].path)
            n++;
        char *data = sheet_fixture_zip(a, cases[i].parts, n, &size);
        expect_error(a, data, size, cases[i].code, cases[i].says);
        arena_free(a);
    }
}

/* `times` copies of a text between two others. */
static const char *
repeat(struct arena *a, const char *before, const char *text, size_t times, const char *after)
{
    struct buf b;
    buf_init(&b, a);
    buf_str(&b, before);
    for (size_t i = 0; i < times; i++)
        buf_str(&b, text);
    buf_str(&b, after);
    return buf_text(&b);
}

static void
expect_sheet_error(struct arena *a, const char *part, enum err_code code, const char *says)
{
    const struct fixture_part parts[] = {RELS, BOOK, {"xl/s.xml", part, 0}};
    size_t n;
    char *data = sheet_fixture_zip(a, parts, sizeof parts / sizeof *parts, &n);
    expect_error(a, data, n, code, says);
}

static void
bombs(void **state)
{
    struct arena *a = arena_new((size_t)256 << 20);
    /* 8 MiB of blanks pack 1000 to 1 */
    expect_sheet_error(a, repeat(a, "<w>", "                                ", 1 << 18, "</w>"),
                       E_TOO_LARGE, "unpacks to more");
    expect_sheet_error(a, repeat(a, "<w>", "<a>", 100, ""), E_BAD_INPUT, "too deep");
    expect_sheet_error(a, repeat(a, "<w><row>", "<c/>", 16385, "</row></w>"), E_BAD_INPUT,
                       "more cells than a sheet has columns");
    /* one cell of 80,000 letters, in pieces that do not pack too well */
    expect_sheet_error(
        a, repeat(a, "<w><row><c t='str'><v>", "0123456789", 8000, "</v></c></row></w>"),
        E_TOO_LARGE, "A cell is longer");
    /* quadratic blow-up by an entity never starts */
    expect_sheet_error(
        a, repeat(a, "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaaaaaaaaaaaa'>]><w>", "&a;", 9000, "</w>"),
        E_BAD_INPUT, "document type");
    arena_free(a);
}

/* A table that outgrows the arena is refused long before the arena's own limit. */
static void
memory(void **state)
{
    struct arena *a = arena_new(0), *small = arena_new(1 << 20);
    size_t n;
    const char *rows =
        repeat(a, "", "<row><c r='A1'><v>12345</v></c><c r='SA1'><v>6</v></c></row>", 2000, "");
    char *data = sheet_fixture_book(a, rows, NULL, NULL, "", &n);
    expect_error(small, data, n, E_TOO_LARGE, "larger than can be taken");
    assert_true(arena_used(small) < 3 << 20);
    arena_free(small);
    small = arena_new(1 << 20);
    const char *csv = repeat(a, "site,date\n", "A,2024-01-02\n", 40000, "");
    expect_error(small, csv, strlen(csv), E_TOO_LARGE, "larger than can be taken");
    arena_free(small);
    small = arena_new(1 << 20);
    data = sheet_fixture_book(a, "", NULL,
                              repeat(a, "", "<si><t>aaaaaaaaaaaaaaaa</t></si>", 60000, ""), "", &n);
    expect_error(small, data, n, E_TOO_LARGE, "larger than can be taken");
    arena_free(small);
    arena_free(a);
}

static void
too_many_parts(void **state)
{
    struct arena *a = arena_new(0);
    struct fixture_part *parts = arena_alloc(a, (SHEET_MAX_ENTRIES + 1) * sizeof *parts);
    for (size_t i = 0; i <= SHEET_MAX_ENTRIES; i++)
        parts[i] = (struct fixture_part){arena_printf(a, "p%zu", i), "x", 0};
    size_t n;
    char *data = sheet_fixture_zip(a, parts, SHEET_MAX_ENTRIES + 1, &n);
    expect_error(a, data, n, E_TOO_LARGE, "more than 4096 parts");
    arena_free(a);
}

/* -- cut short and flipped */

/* A workbook with every kind of part and cell. */
static char *
rich_book(struct arena *a, size_t *ret_n)
{
    static const char *const formats[] = {"14", "dd/mm/yyyy", "000", NULL};
    return sheet_fixture_book(
        a,
        "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' "
        "t='inlineStr'><is><t>status</t></is></c></row><row r='2'><c r='A2' s='3'><v>7</v></c>"
        "<c r='B2' s='1'><v>45356</v></c><c r='C2' t='str'><f>A1</f><v>enrolled</v></c></row>"
        "<row r='3'><c r='A3' t='b'><v>1</v></c><c r='B3' s='2'><v>45357.5</v></c><c r='C3' "
        "t='e'><v>#N/A</v></c></row>",
        formats,
        "<si><t>site</t></si><si><r><t xml:space='preserve'>date </t></r><r><t>in</t></r></si>", "",
        ret_n);
}

/* Every cell of a book is read, so that the checker sees each byte. */
static size_t
walk(const struct sheet_book *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        for (size_t k = 0; k < b->sheets[i].n; k++) {
            for (size_t c = 0; c < b->sheets[i].rows[k].n; c++)
                n += strlen(b->sheets[i].rows[k].cells[c].text);
        }
    }
    return n;
}

/* Reads a copy of exactly n bytes; true when it gave a table. */
static bool
try_read(const char *data, size_t n)
{
    struct arena *a = arena_new(8 << 20);
    char *copy = arena_copy(a, data, n);
    struct sheet_book b = {0};
    err_t e = sheet_read(a, copy, n, NULL, &b);
    bool ok = !e;
    if (e)
        assert_true(*e->text != '\0');
    else
        assert_true(b.n > 0 && b.chosen < b.n && walk(&b) < SHEET_MAX_TOTAL);
    arena_free(a);
    return ok;
}

static void
cut_short(void **state)
{
    struct arena *a = arena_new(0);
    size_t n;
    char *data = rich_book(a, &n);
    assert_true(try_read(data, n));
    for (size_t len = 4; len < n; len++) /* below 4 bytes it is the text "PK" */
        assert_false(try_read(data, len));
    arena_free(a);
}

static void
flipped(void **state)
{
    struct arena *a = arena_new(0);
    size_t n, read = 0, tried = 0;
    char *data = rich_book(a, &n);
    for (size_t i = 0; i < n; i++) {
        for (int bit = 0; bit < 8; bit += 3) {
            data[i] ^= (char)(1 << bit);
            read += try_read(data, n);
            tried++;
            data[i] ^= (char)(1 << bit);
        }
    }
    assert_true(read > 0 &&
                read < tried); /* some bits matter (checksums), some (dates of parts) not */
    arena_free(a);
}

/* The same on the XML itself, which the checksums of the package would otherwise hide. */
static void
flipped_inside(void **state)
{
    static const char sheet[] =
        "<?xml version='1.0' encoding='UTF-8'?><x:worksheet xmlns:x='m'><x:sheetData><x:row r='1'>"
        "<x:c r='A1' t='inlineStr'><x:is><x:t xml:space='preserve'> a_x000D_</x:t></x:is></x:c>"
        "<x:c r='B1' t='n'><x:v>4.5E4</x:v></x:c></x:row><x:row r='2'><x:c r='AB2' t='d'><x:v>"
        "2024-03-05T10:11:12</x:v></x:c><x:c "
        "t='b'><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    size_t read = 0, tried = 0;
    for (size_t i = 0; i < sizeof sheet - 1; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct arena *a = arena_new(0);
            char *text = arena_copy(a, sheet, sizeof sheet);
            text[i] ^= (char)(1 << bit);
            const struct fixture_part parts[] = {RELS, BOOK, {"xl/s.xml", text, sizeof sheet - 1}};
            size_t n;
            char *data = sheet_fixture_zip(a, parts, sizeof parts / sizeof *parts, &n);
            read += try_read(data, n);
            tried++;
            arena_free(a);
        }
    }
    assert_true(read > 0 && read < tried);
}

static void
flipped_csv(void **state)
{
    char csv[] = "sep=;\nsite;\"date \"\"x\"\"\";n\nA;2024-01-02;1\nB;Köln;2\n";
    for (size_t i = 0; i < sizeof csv - 1; i++) {
        for (int bit = 0; bit < 8; bit++) {
            csv[i] ^= (char)(1 << bit);
            try_read(csv, sizeof csv - 1);
            csv[i] ^= (char)(1 << bit);
        }
    }
    for (size_t n = 1; n < sizeof csv; n++)
        try_read(csv, n);
    assert_true(try_read(csv, sizeof csv - 1));
}

int
test_sheet_walls(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_kinds),    cmocka_unit_test(packages),
        cmocka_unit_test(bombs),          cmocka_unit_test(memory),
        cmocka_unit_test(too_many_parts), cmocka_unit_test(cut_short),
        cmocka_unit_test(flipped),        cmocka_unit_test(flipped_inside),
        cmocka_unit_test(flipped_csv),
    };
    return cmocka_run_group_tests_name("walls", tests, NULL, NULL);
}
