/* test_paper.c: what is put on a paper can be read back from the file, all of it, on sheets that are
 * counted. The text is read by poppler's pdftotext. */
#include "base/date.h"
#include "base/str.h"
#include "core/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct paper *
begin(struct arena *a)
{
    static const struct paper_about about = {.title = "Monitoring visit report", .subtitle = "IMV at 103", .foot = "ABC-1 · TMF 05.04.03",
                                             .mark = "Draft", .author = "Ana Ribeiro", .made = 1234567890000000, .lang = "en"};
    return paper_new(a, &about);
}

/* The text of the file, as pdftotext reads it. */
static const char *
read_back(struct arena *a, const char *bytes, size_t n)
{
    char path[] = "/tmp/rapport-paper.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    close(fd);
    FILE *f = popen(arena_printf(a, "pdftotext -layout -enc UTF-8 %s -", path), "r");
    struct buf b;
    char part[4096];
    buf_init(&b, a);
    for (size_t got; (got = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(&b, part, got);
    assert_int_equal(pclose(f), 0);
    unlink(path);
    return buf_text(&b);
}

static const char *
done(struct arena *a, struct paper *p, size_t *ret_n)
{
    const char *bytes;
    assert_null(paper_done(p, &bytes, ret_n));
    assert_memory_equal(bytes, "%PDF-", 5);
    return bytes;
}

static void
says_what_is_put_on_it(void **state)
{
    struct arena *a = arena_new(0);
    struct paper *p = begin(a);
    paper_fact(p, "Monitor", "Ana Ribeiro");
    paper_fact(p, "Nobody", NULL);
    paper_heading(p, "Consent");
    paper_text(p, "Zwölf Bögen geprüft: İstanbul, Kraków.");
    paper_item(p, "Version 3 is in use.");
    paper_row(p, (struct paper_cell[]){{"Finding", .7}, {"By", .3}}, 2, PAPER_HEAD);
    paper_row(p, (struct paper_cell[]){{"Page 4 missing", .7}, {"12 Mar 2027", .3}}, 2, 0);
    paper_signature(p, "Ana Ribeiro", "24 Nov 2026, 13:05 CET", "I wrote this report");
    size_t n;
    const char *bytes = done(a, p, &n), *text = read_back(a, bytes, n);
    static const char *const wanted[] = {"Monitoring visit report", "IMV at 103", "Draft", "ABC-1 · TMF 05.04.03", "page 1 of 1", "Ana Ribeiro",
                                         "Consent", "Zwölf Bögen geprüft: İstanbul, Kraków.", "Version 3 is in use.", "Page 4 missing",
                                         "12 Mar 2027", "24 Nov 2026, 13:05 CET", "I wrote this report"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (!strstr(text, wanted[i]))
            fail_msg("not on the paper: %s\n%s", wanted[i], text);
    }
    assert_null(strstr(text, "Nobody"));
    arena_free(a);
}

/* A text, a table and a single cell that are each longer than a sheet: every word is there, once. */
static void
nothing_is_cut(void **state)
{
    struct arena *a = arena_new(0);
    struct paper *p = begin(a);
    struct buf b;
    buf_init(&b, a);
    for (int i = 0; i < 1500; i++)
        buf_printf(&b, "text%04d ", i);
    paper_text(p, buf_text(&b));
    paper_row(p, (struct paper_cell[]){{"Head of the table", .8}, {"Who", .2}}, 2, PAPER_HEAD);
    for (int i = 0; i < 120; i++)
        paper_row(p, (struct paper_cell[]){{arena_printf(a, "row%04d", i), .8}, {"x", .2}}, 2, 0);
    struct buf cell;
    buf_init(&cell, a);
    for (int i = 0; i < 1500; i++)
        buf_printf(&cell, "cell%04d\n", i);
    paper_row(p, (struct paper_cell[]){{buf_text(&cell), .5}, {"beside", .5}}, 2, 0);
    size_t n;
    const char *bytes = done(a, p, &n), *text = read_back(a, bytes, n);
    for (int i = 0; i < 1500; i++) {
        const char *kinds[] = {"text", "cell", i < 120 ? "row" : NULL};
        for (size_t k = 0; k < 3 && (k < 2 || kinds[k]); k++) {
            const char *word = arena_printf(a, "%s%04d", kinds[k], i), *at = strstr(text, word);
            if (!at || strstr(at + 1, word))
                fail_msg("%s: %s", word, at ? "twice" : "not there");
        }
    }
    const char *last = strrchr(text, '\f') ? text + strlen(text) : text;
    int sheets = 0, of = 0;
    for (const char *at = text; (at = strstr(at, "page ")); at++)
        sheets += sscanf(at, "page %*d of %d", &of) == 1;
    assert_true(last > text && sheets > 10);
    assert_int_equal(sheets, of); /* each sheet says how many there are */
    int heads = 0;
    for (const char *at = text; (at = strstr(at, "Head of the table")); at++)
        heads++;
    assert_true(heads >= 3); /* the head comes again on each sheet of the table */
    arena_free(a);
}

static void
same_calls_same_bytes(void **state)
{
    struct arena *a = arena_new(0);
    size_t n, m;
    struct paper *p = begin(a), *q = begin(a);
    paper_text(p, "The same");
    paper_text(q, "The same");
    const char *one = done(a, p, &n), *two = done(a, q, &m);
    assert_int_equal(n, m);
    assert_memory_equal(one, two, n);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_what_is_put_on_it), cmocka_unit_test(nothing_is_cut),
                                       cmocka_unit_test(same_calls_same_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
