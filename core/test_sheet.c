/* test_sheet.c: tables as spreadsheet programs write them, and what is read from each. What must be
 * refused or survived is in test_sheet_wall.c. */
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

static struct sheet_book
read_ok(struct arena *a, const char *data, size_t n)
{
    struct sheet_book b = {0};
    err_t e = sheet_read(a, data, n, NULL, &b);
    if (e)
        fail_msg("%s", err_line(a, e));
    return b;
}

/* All rows as text: "line:cell|cell", rows ended by a newline. Kinds t n d b e, - for empty. */
static const char *
dump(struct arena *a, const struct sheet *s)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < s->n; i++) {
        buf_printf(&b, "%u:", (unsigned)s->rows[i].line);
        for (size_t k = 0; k < s->rows[i].n; k++) {
            const struct sheet_cell *c = &s->rows[i].cells[k];
            buf_printf(&b, "%s%c%s", k ? "|" : "", "-tndbe"[c->kind], c -> text);
        }
        buf_char(&b, '\n');
    }
    return buf_text(&b);
}

/* -- CSV */

static void
csv_tables(void **state)
{
    static const struct {
        const char *data, *dump;
        int header; /* -1: none */
    } cases[] = {
        {"site,date\nA,2024-01-02\n", "1:tsite|tdate\n2:tA|t2024-01-02\n", 0},
        {"site;n\nA;3,5\nB;4,5\n", "1:tsite|tn\n2:tA|t3,5\n3:tB|t4,5\n", 0},
        {"site\tn\nA\t3.5\n", "1:tsite|tn\n2:tA|n3.5\n", 0},
        {"site|n\n007|-3\n", "1:tsite|tn\n2:t007|n-3\n", 0},
        {"sep=;\nsite;n\nA, B;1\n", "2:tsite|tn\n3:tA, B|n1\n", 0},
        {"\xEF\xBB\xBFsite,n\nA,1\n", "1:tsite|tn\n2:tA|n1\n", 0},
        /* a title, a blank row and rows of separators above the header */
        {"Enrolment log, 2024\n\n,,,\nsite,country,subject,date\n1,DE,a,x\n",
         "1:tEnrolment log|t 2024\n4:tsite|tcountry|tsubject|tdate\n5:n1|tDE|ta|tx\n", 1},
        {"Enrolment log\nsite;date\nA;1.2.2024\n",
         "1:tEnrolment log\n2:tsite|tdate\n3:tA|t1.2.2024\n", 1},
        {"Study: ABC,Protocol 1\nsite,country,subject,status,date\nA,DE,1,in,x\n",
         "1:tStudy: ABC|tProtocol 1\n2:tsite|tcountry|tsubject|tstatus|tdate\n"
         "3:tA|tDE|n1|tin|tx\n",
         1},
        {",,,\n,,site,date\n,,A,x\n", "2:-|-|tsite|tdate\n3:-|-|tA|tx\n", 0},
        {"site,date\nA,\"line\nbreak\"\nB,x\n", "1:tsite|tdate\n2:tA|tline\nbreak\n4:tB|tx\n", 0},
        {"just one column\nof words\n", "1:tjust one column\n2:tof words\n", -1},
        {"site,date\n", "1:tsite|tdate\n", -1},
        {"1,2\n3,4\n", "1:n1|n2\n2:n3|n4\n", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        struct sheet_book b = read_ok(a, cases[i].data, strlen(cases[i].data));
        assert_int_equal(b.format, SHEET_CSV);
        assert_int_equal(b.n, 1);
        assert_string_equal(dump(a, &b.sheets[0]), cases[i].dump);
        if (b.sheets[0].has_table != (cases[i].header >= 0))
            fail_msg("header of %s", cases[i].data);
        if (cases[i].header >= 0)
            assert_int_equal(b.sheets[0].header, cases[i].header);
        arena_free(a);
    }
}

static void
csv_letters(void **state)
{
    struct arena *a = arena_new(0);
    struct sheet_book b = read_ok(a,
                                  "Pr\xFC"
                                  "fzentrum;n\nK\xF6ln;1\n",
                                  21);
    assert_string_equal(b.sheets[0].rows[0].cells[0].text, "Prüfzentrum");
    assert_non_null(b.note);
    static const char wide[] = "\xFF\xFEs\0;\0n\0\n\0\xE9\0;\0"
                               "1\0\n";
    b = read_ok(a, wide, sizeof wide);
    assert_string_equal(dump(a, &b.sheets[0]), "1:ts|tn\n2:té|n1\n");
    arena_free(a);
}

/* -- cells of .xlsx */

static const char *const styles[] = {
    "14",                    /* 1: built-in date */
    "22",                    /* 2: date and time */
    "17",                    /* 3: mmm-yy */
    "dd/mm/yyyy",            /* 4 */
    "[$-407]d. mmmm yyyy;@", /* 5 */
    "000",                   /* 6 */
    "&quot;day &quot;0.0",   /* 7: letters d, y only inside quotation marks */
    "[Red]#,##0.00",         /* 8: letters only inside brackets */
    "mmmm yyyy",             /* 9 */
    "yyyy",                  /* 10 */
    "h:mm AM/PM",            /* 11 */
    "45",                    /* 12: mm:ss */
    "[h]:mm",                /* 13: a length of time */
    "\\d0",                  /* 14: an escaped letter */
    "&quot;S-&quot;0000",    /* 15 */
    "hh:mm:ss dd.mm.yy",     /* 16: m is minutes and months */
    "0%",                    /* 17 */
    "mm/dd/yyyy hh:mm",      /* 18 */
    NULL,
};

static void
xlsx_cells(void **state)
{
    static const struct {
        const char *cell, *book_pr, *want; /* `want` as dump() writes one cell */
    } cases[] = {
        {"<c r='A1' t='s'><v>0</v></c>", "", "tsite"},
        {"<c r='A1' t='s'><v>1</v></c>", "", "tScreening date"}, /* rich text runs */
        {"<c r='A1' t='s'><v>2</v></c>", "", "t  kept "},        /* xml:space */
        {"<c r='A1' t='s'><v>3</v></c>", "", "tcut"},
        {"<c r='A1' t='s'><v>4</v></c>", "", "t東京"},              /* without its reading */
        {"<c r='A1' t='s'><v>5</v></c>", "", "ta\rb_x000D_ & <c>"}, /* escapes */
        {"<c r='A1' t='inlineStr'><is><t>in</t></is></c>", "", "tin"},
        {"<c r='A1' t='inlineStr'><is><r><t>a</t></r><r><t xml:space='preserve'> "
         "b</t></r></is></c>",
         "", "ta b"},
        {"<c r='A1' t='str'><f>\"x\"&amp;\"y\"</f><v>xy</v></c>", "", "txy"},
        {"<c r='A1'><f>1+1</f><v>2</v></c>", "", "n2"},
        {"<c r='A1'><f>1+1</f></c>", "", "e(formula without a saved result)"},
        {"<c r='A1'><f>1+1</f><v></v></c>", "", "e(formula without a saved result)"},
        {"<c r='A1' t='b'><v>1</v></c>", "", "bTRUE"},
        {"<c r='A1' t='b'><v>0</v></c>", "", "bFALSE"},
        {"<c r='A1' t='e'><v>#N/A</v></c>", "", "e#N/A"},
        {"<c r='A1' t='n'><v>0.30000000000000004</v></c>", "", "n0.3"},
        {"<c r='A1'><v>1E-3</v></c>", "", "n0.001"},
        {"<c r='A1'><v>12x</v></c>", "", "e12x"},
        {"<c r='A1' s='6'><v>7</v></c>", "", "n007"},
        {"<c r='A1' s='15'><v>12</v></c>", "", "tS-0012"},
        {"<c r='A1' s='17'><v>0.5</v></c>", "", "n0.5"},
        {"<c r='A1' s='99'><v>45000</v></c>", "", "n45000"}, /* a style that is not there */
        /* dates */
        {"<c r='A1' s='1'><v>45356</v></c>", "", "d2024-03-05"},
        {"<c r='A1' s='1'><v>43894</v></c>", "date1904='1'", "d2024-03-05"},
        {"<c r='A1' s='1'><v>43894</v></c>", "date1904='true'", "d2024-03-05"},
        {"<c r='A1' s='1'><v>0</v></c>", "date1904='1'", "d1904-01-01"},
        {"<c r='A1' s='1'><v>1</v></c>", "", "d1900-01-01"},
        {"<c r='A1' s='1'><v>59</v></c>", "", "d1900-02-28"},
        {"<c r='A1' s='1'><v>60</v></c>", "", "t1900-02-29"}, /* Excel's leap day */
        {"<c r='A1' s='1'><v>61</v></c>", "", "d1900-03-01"},
        {"<c r='A1' s='1'><v>0</v></c>", "", "t1900-01-00"},
        {"<c r='A1' s='1'><v>-1</v></c>", "", "n-1"},
        {"<c r='A1' s='1'><v>2958465</v></c>", "", "d9999-12-31"},
        {"<c r='A1' s='1'><v>2958466</v></c>", "", "n2958466"},
        {"<c r='A1' s='2'><v>45356.604166666664</v></c>", "", "d2024-03-05 14:30"},
        {"<c r='A1' s='2'><v>45356.60424768518</v></c>", "", "d2024-03-05 14:30:07"},
        {"<c r='A1' s='2'><v>45356.9999999999</v></c>", "", "d2024-03-06"},
        {"<c r='A1' s='3'><v>45352</v></c>", "", "d2024-03"},    /* a month */
        {"<c r='A1' s='3'><v>45356</v></c>", "", "d2024-03-05"}, /* a day shown as a month */
        {"<c r='A1' s='9'><v>45352</v></c>", "", "d2024-03"},
        {"<c r='A1' s='10'><v>45292</v></c>", "", "d2024"},
        {"<c r='A1' s='4'><v>45356</v></c>", "", "d2024-03-05"},
        {"<c r='A1' s='5'><v>45356</v></c>", "", "d2024-03-05"},
        {"<c r='A1' s='16'><v>45356</v></c>", "", "d2024-03-05"},
        {"<c r='A1' s='18'><v>45356.5</v></c>", "", "d2024-03-05 12:00"},
        {"<c r='A1' s='7'><v>45356</v></c>", "", "n45356"},
        {"<c r='A1' s='8'><v>45356</v></c>", "", "n45356"},
        {"<c r='A1' s='14'><v>45356</v></c>", "", "n45356"},
        {"<c r='A1' s='11'><v>0.604166666666667</v></c>", "", "t14:30"},
        {"<c r='A1' s='11'><v>45356.5</v></c>", "", "d2024-03-05 12:00"},
        {"<c r='A1' s='12'><v>45356</v></c>", "", "d2024-03-05"},
        {"<c r='A1' s='13'><v>36.5</v></c>", "", "n36.5"},
        {"<c r='A1' t='d'><v>2024-03-05</v></c>", "", "d2024-03-05"},
        {"<c r='A1' t='d'><v>2024-03-05T14:30:00</v></c>", "", "d2024-03-05 14:30"},
        {"<c r='A1' t='d'><v>2024-02-31</v></c>", "", "t2024-02-31"},
    };
    static const char strings[] =
        "<si><t>site</t></si>"
        "<si><r><rPr><b/></rPr><t xml:space='preserve'>Screening </t></r><r><t>date</t></r></si>"
        "<si><t xml:space='preserve'>  kept </t></si><si><t>\n  cut  </t></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
        "<si><t>a_x000D_b_x005F_x000D_ &amp; &lt;c&gt;</t></si>";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        size_t n;
        const char *rows = arena_printf(a, "<row r='1'>%s</row>", cases[i].cell);
        char *data = sheet_fixture_book(a, rows, styles, strings, cases[i].book_pr, &n);
        struct sheet_book b = read_ok(a, data, n);
        const char *got = dump(a, &b.sheets[0]);
        const char *want = arena_printf(a, "1:%s\n", cases[i].want);
        if (strcmp(got, want) != 0)
            fail_msg("%s gave %s instead of %s", cases[i].cell, got, want);
        arena_free(a);
    }
}

static void
xlsx_date_fields(void **state)
{
    struct arena *a = arena_new(0);
    size_t n;
    char *data = sheet_fixture_book(a,
                                    "<row r='1'><c r='A1' s='3'><v>45352</v></c><c r='B1' s='1'>"
                                    "<v>45356</v></c></row>",
                                    styles, NULL, "", &n);
    struct sheet_book b = read_ok(a, data, n);
    int32_t day;
    assert_true(date_parse("2024-03-01", &day));
    assert_int_equal(b.sheets[0].rows[0].cells[0].day, day);
    assert_int_equal(b.sheets[0].rows[0].cells[0].precision, DATE_MONTH);
    assert_int_equal(b.sheets[0].rows[0].cells[1].day, day + 4);
    assert_int_equal(b.sheets[0].rows[0].cells[1].precision, DATE_DAY);
    arena_free(a);
}

static void
xlsx_rows(void **state)
{
    static const struct {
        const char *rows, *dump;
        int header;
    } cases[] = {
        /* sparse rows and cells; row 1 and column A blank; a title */
        {"<row r='2'><c r='B2' t='str'><v>Log of ABC</v></c></row><row r='3'/>"
         "<row r='5'><c r='B5' t='str'><v>site</v></c><c r='D5' t='str'><v>date</v></c></row>"
         "<row r='14'><c r='B14'><v>1</v></c><c r='D14' s='1'><v>45356</v></c></row>",
         "2:-|tLog of ABC\n5:-|tsite|-|tdate\n14:-|n1|-|d2024-03-05\n", 1},
        /* no r attributes at all */
        {"<row><c t='str'><v>site</v></c><c t='str'><v>date</v></c></row>"
         "<row><c><v>1</v></c><c s='1'><v>45356</v></c></row>",
         "1:tsite|tdate\n2:n1|d2024-03-05\n", 0},
        /* some r attributes: the next cell follows the last */
        {"<row r='3'><c r='C3' t='str'><v>site</v></c><c t='str'><v>date</v></c></row>"
         "<row><c r='D4'><v>1</v></c><c r='C4'><v>2</v></c></row>",
         "3:-|-|tsite|tdate\n4:-|-|n2|n1\n", 0},
        /* merged: the value is in the first cell, the others are there without one */
        {"<row r='1'><c r='A1' t='str'><v>Dates</v></c><c r='B1'/><c r='C1' s='1'/></row>"
         "<row r='2'><c r='A2' t='str'><v>in</v></c><c r='B2' t='str'><v>out</v></c></row>"
         "<row r='3'><c r='A3'><v>1</v></c><c r='B3'><v>2</v></c></row>",
         "1:tDates\n2:tin|tout\n3:n1|n2\n", 1},
        /* empty styled cells far to the right do not widen a row; blanks are empty */
        {"<row r='1'><c r='A1' t='str'><v>a</v></c><c r='B1' t='str'><v>  </v></c>"
         "<c r='XFD1' s='1'/></row>",
         "1:ta\n", -1},
        {"<row r='1'><c r='ALL1'><v>1</v></c></row>", NULL, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        size_t n;
        char *data = sheet_fixture_book(a, cases[i].rows, styles, NULL, "", &n);
        struct sheet_book b = read_ok(a, data, n);
        if (cases[i].dump)
            assert_string_equal(dump(a, &b.sheets[0]), cases[i].dump);
        else
            assert_int_equal(b.sheets[0].width, SHEET_MAX_COLUMNS);
        assert_int_equal(b.sheets[0].has_table, cases[i].header >= 0);
        if (cases[i].header >= 0)
            assert_int_equal(b.sheets[0].header, cases[i].header);
        arena_free(a);
    }
}

/* -- workbooks as other programs lay them out */

#define NS "http://schemas.openxmlformats.org/"
#define SHEET(name)                                                                                \
    "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>" name "</t></is></c>"        \
    "<c r='B1' t='inlineStr'><is><t>date</t></is></c></row>"                                       \
    "<row r='2'><c r='A2'><v>1</v></c><c r='B2'><v>2</v></c></row></sheetData></worksheet>"
#define WORDS                                                                                      \
    "<worksheet><sheetData><row><c t='inlineStr'><is><t>Read "                                     \
    "me</t></is></c></row></sheetData></worksheet>"

static struct sheet_book
read_parts(struct arena *a, const struct fixture_part *parts, size_t n_parts)
{
    size_t n;
    char *data = sheet_fixture_zip(a, parts, n_parts, &n);
    return read_ok(a, data, n);
}

/* Prefixed names, absolute targets, another place for the workbook, the strict namespaces, and no
 * styles nor shared strings. */
static void
xlsx_other_programs(void **state)
{
    static const struct fixture_part parts[] = {
        {"[Content_Types].xml", sheet_fixture_types, 0},
        {"_rels/.rels",
         "<x:Relationships xmlns:x='" NS "package/2006/relationships'><x:Relationship Id='R1' "
         "Type='http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument' "
         "Target='/book/Workbook.xml'/></x:Relationships>",
         0},
        {"book/workbook.xml",
         "<x:workbook xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main' "
         "xmlns:q='http://purl.oclc.org/ooxml/officeDocument/relationships'><x:sheets>"
         "<x:sheet name='A &amp; B' sheetId='1' state='visible' "
         "q:id='R7'/></x:sheets></x:workbook>",
         0},
        {"book/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id='R8' TargetMode='External' Type='x/worksheet' "
         "Target='http://example.org/'/><Relationship Id='R7' "
         "Type='http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet' "
         "Target='/xl\\..\\data/./s.xml'/></Relationships>",
         0},
        {"data/s.xml",
         "<x:worksheet xmlns:x='http://purl.oclc.org/ooxml/spreadsheetml/main'><x:sheetData>"
         "<x:row r='1'><x:c r='A1' t='inlineStr'><x:is><x:t>site</x:t></x:is></x:c><x:c r='B1' "
         "t='str'><x:v>date</x:v></x:c></x:row><x:row r='2'><x:c r='A2'><x:v>1</x:v></x:c>"
         "<x:c r='B2' t='d'><x:v>2024-03-05</x:v></x:c></x:row></x:sheetData></x:worksheet>",
         0},
    };
    struct arena *a = arena_new(0);
    struct sheet_book b = read_parts(a, parts, sizeof parts / sizeof *parts);
    assert_int_equal(b.format, SHEET_XLSX);
    assert_string_equal(b.sheets[0].name, "A & B");
    assert_string_equal(dump(a, &b.sheets[0]), "1:tsite|tdate\n2:n1|d2024-03-05\n");
    arena_free(a);
}

static const struct fixture_part many[] = {
    {"_rels/.rels", sheet_fixture_root_rels, 0},
    {"xl/workbook.xml",
     "<workbook xmlns:r='r'><sheets><sheet name='Secret' state='hidden' r:id='a'/>"
     "<sheet name='Deep' state='veryHidden' r:id='a'/><sheet name='Read me' r:id='b'/>"
     "<sheet name='Chart' r:id='c'/><sheet name='Log' r:id='d'/><sheet name='Sites' r:id='e'/>"
     "</sheets></workbook>",
     0},
    {"xl/_rels/workbook.xml.rels",
     "<Relationships><Relationship Id='a' Type='o/worksheet' Target='worksheets/1.xml'/>"
     "<Relationship Id='b' Type='o/worksheet' Target='worksheets/2.xml'/>"
     "<Relationship Id='c' Type='o/chartsheet' Target='chartsheets/1.xml'/>"
     "<Relationship Id='d' Type='o/worksheet' Target='worksheets/4.xml'/>"
     "<Relationship Id='e' Type='o/worksheet' Target='worksheets/5.xml'/></Relationships>",
     0},
    {"xl/worksheets/1.xml", SHEET("secret"), 0},
    {"xl/worksheets/2.xml", WORDS, 0},
    {"xl/worksheets/4.xml", SHEET("log"), 0},
    {"xl/worksheets/5.xml", SHEET("sites"), 0},
};

static void
xlsx_several_sheets(void **state)
{
    struct arena *a = arena_new(0);
    struct sheet_book b = read_parts(a, many, sizeof many / sizeof *many);
    assert_int_equal(b.n, 3);
    assert_string_equal(b.sheets[0].name, "Read me");
    assert_false(b.sheets[0].has_table);
    assert_int_equal(b.chosen, 1);
    assert_string_equal(b.sheets[1].name, "Log");
    assert_int_equal(b.n_tables, 2);
    size_t n;
    char *data = sheet_fixture_zip(a, many, sizeof many / sizeof *many, &n);
    assert_null(sheet_read(a, data, n, "Sites", &b));
    assert_int_equal(b.n, 1);
    assert_string_equal(b.sheets[0].rows[0].cells[0].text, "sites");
    assert_non_null(sheet_read(a, data, n, "Secret", &b));
    assert_non_null(sheet_read(a, data, n, "Nowhere", &b));
    arena_free(a);
}

static void
places(void **state)
{
    static const struct {
        size_t column;
        const char *name;
    } cases[] = {{0, "A"},    {2, "C"},     {25, "Z"},     {26, "AA"},
                 {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(sheet_column(a, cases[i].column), cases[i].name);
    struct sheet s = {.name = ""};
    struct sheet_row row = {.line = 14};
    assert_string_equal(sheet_place(a, &s, &row, 2), "row 14, column C");
    s.name = "Log";
    assert_string_equal(sheet_place(a, &s, &row, 2), "sheet “Log”, row 14, column C");
    assert_int_equal(sheet_cell(&row, 3)->kind, SHEET_EMPTY);
    assert_string_equal(sheet_cell(&row, 3)->text, "");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_tables),          cmocka_unit_test(csv_letters),
        cmocka_unit_test(xlsx_cells),          cmocka_unit_test(xlsx_date_fields),
        cmocka_unit_test(xlsx_rows),           cmocka_unit_test(xlsx_other_programs),
        cmocka_unit_test(xlsx_several_sheets), cmocka_unit_test(places),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return test_sheet_walls() + failed;
}
