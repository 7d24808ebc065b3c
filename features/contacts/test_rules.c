/* test_rules.c: lines about contacts and what is made of them. */
#include "features/contacts/rules.h"

#include "base/date.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct contact_name people[] = {
    {1, "Dr Rui Vaz"},     {2, "Cora Coordinator"}, {3, "Ana Ribeiro"},  {4, "Ana Silva"},   {5, "José Müller-Ortega"},
    {6, "Will May"},       {7, "Siobhán O'Neill"},  {8, "Maria de Jong"}, {9, "Peter Jong"}, {10, "Rui Vaz de Melo"},
};

struct row {
    const char *line, *way, *day;
    const char *with;   /* ids with a space between, "1 2" */
    const char *either; /* the same */
    const char *unknown;
};
/* Tuesday, 24 November 2026 is today. */
static const struct row rows[] = {
    {"called Cora, moved the visit", "call", "2026-11-24", "2", "", NULL},
    {"Called Cora yesterday: moved the visit to 12 Mar", "call", "2026-11-23", "2", "", NULL},
    {"e-mailed José Müller on 12 Mar about the freezer", "mail", "2026-03-12", "5", "", NULL},
    {"emailed jose muller 12 March 2025", "mail", "2025-03-12", "5", "", NULL},
    {"met Siobhan O'Neill 2026-10-05", "meeting", "2026-10-05", "7", "", NULL},
    {"wrote to Ribeiro's office 05/10/2026", "mail", "2026-10-05", "3", "", NULL},
    {"saw Vaz de Melo’s deputy", "meeting", "2026-11-24", "10", "", NULL},
    {"wrote to Ribeiro 5.10.2026", "mail", "2026-10-05", "3", "", NULL},
    {"video call with Cora and Ana Silva, 3 days ago", "video", "2026-11-21", "2 4", "", NULL},
    {"called Ana", "call", "2026-11-24", "", "3 4", NULL},
    {"called ANA SILVA", "call", "2026-11-24", "4", "", NULL},
    {"called Jong", "call", "2026-11-24", "", "8 9", NULL},
    {"rang Peter Jong", "call", "2026-11-24", "9", "", NULL},
    {"called Dr Vaz", "call", "2026-11-24", "", "1 10", NULL},
    {"called Rui Vaz de Melo", "call", "2026-11-24", "10", "", NULL},
    {"she will call in may", "call", "2026-11-24", "", "", NULL},
    {"called Will about may", "call", "2026-11-24", "6", "", NULL},
    {"spoke to Cora on Monday", "call", "2026-11-23", "2", "", NULL},
    {"spoke to Cora on Tuesday", "call", "2026-11-17", "2", "", NULL},
    {"spoke to Cora on tue", "call", "2026-11-17", "2", "", NULL},
    {"Cora sat down, called", "call", "2026-11-24", "2", "", NULL},
    {"zoom with Cora last Fri", "video", "2026-11-20", "2", "", NULL},
    {"met Cora 25 Dec", "meeting", "2025-12-25", "2", "", NULL},
    {"met Cora 24 Nov", "meeting", "2026-11-24", "2", "", NULL},
    {"met Cora 31/02/2026", "meeting", "2026-11-24", "2", "", NULL},
    {"met Cora 29 Feb", "meeting", "2024-02-29", "2", "", NULL},
    {"called Cora, next visit 12/01/2027", "call", "2026-11-24", "2", "", NULL},
    {"called Cora, needs kits by Friday", "call", "2026-11-24", "2", "", NULL},
    {"called Cora by Friday, said on 20 Nov", "call", "2026-11-20", "2", "", NULL},
    {"12th Oct: called Cora", "call", "2026-10-12", "2", "", NULL},
    {"kits have come", "note", "2026-11-24", "", "", NULL},
    {"called Cora: patient Smith has withdrawn", "call", "2026-11-24", "2", "", "patient smith"},
    {"called Cora: participant named John withdrew", "call", "2026-11-24", "2", "", "participant john"},
    {"called Cora about Mrs Brown", "call", "2026-11-24", "2", "", "mrs brown"},
    {"called Mrs Ribeiro", "call", "2026-11-24", "3", "", NULL},
    {"called Cora: participant S-014 has withdrawn", "call", "2026-11-24", "2", "", NULL},
    {"called Cora, participant recruitment is slow", "call", "2026-11-24", "2", "", NULL},
    {"", "note", "2026-11-24", "", "", NULL},
};

static const char *
ids(struct arena *a, const size_t *at, size_t n)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%lld", i ? " " : "", (long long)people[at[i]].id);
    return buf_text(&b);
}

static void
lines_are_understood(void **state)
{
    struct arena *a = arena_new(0);
    int32_t today;
    assert_true(date_parse("2026-11-24", &today));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *x = &rows[i];
        struct contact_said said;
        char day[DATE_TEXT];
        contact_read(a, x->line, today, people, sizeof people / sizeof *people, &said);
        date_iso(said.day, day);
        const char *got = arena_printf(a, "%s: %s %s [%s] [%s] %s", x->line, said.way, day, ids(a, said.with, said.n_with),
                                       ids(a, said.either, said.n_either), str_or(said.unknown, "-"));
        const char *want = arena_printf(a, "%s: %s %s [%s] [%s] %s", x->line, x->way, x->day, x->with, x->either, str_or(x->unknown, "-"));
        assert_string_equal(got, want);
    }
    arena_free(a);
}

/* Very long, or bytes of any kind: it ends, and stays within its bounds. */
static void
anything_ends(void **state)
{
    struct arena *a = arena_new(0);
    struct contact_said said;
    struct buf b;
    buf_init(&b, a);
    for (int i = 0; i < 5000; i++)
        buf_str(&b, i % 3 ? "Ana 12 " : "2026-99-99 … ");
    contact_read(a, buf_text(&b), 20000, people, sizeof people / sizeof *people, &said);
    assert_true(said.day <= 20000 && said.n_either == 2);
    contact_read(a, "/// ,,, '' \"", 20000, NULL, 0, &said);
    assert_string_equal(said.way, "note");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_understood), cmocka_unit_test(anything_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
