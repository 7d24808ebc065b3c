/* test_rules.c: how a line about a contact is understood. */
#include "base/date.h"
#include "base/str.h"
#include "features/contacts/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *const names[] = {"Rui Vaz", "Cora Coordinator", "José Núñez", "Ana Berg", "Jon Berg"};

static void
lines(void **state)
{
    static const struct {
        const char *text, *channel, *with, *day;
        bool two;
    } cases[] = {
        {"called Dr Vaz, moved the visit", "call", "Rui Vaz", "2026-11-24"},
        {"Called dr VAZ yesterday: moved the visit.", "call", "Rui Vaz", "2026-11-23"},
        {"mailed Cora on 12 Mar about the log", "mail", "Cora Coordinator", "2026-03-12"},
        {"met Núñez on 24 Dec", "meeting", "José Núñez", "2025-12-24"},
        {"met nunez on 24 December 2024", "meeting", "José Núñez", "2024-12-24"},
        {"video with Ana Berg on Friday", "video", "Ana Berg", "2026-11-20"},
        {"video with Berg on tue", "video", NULL, "2026-11-17", true},
        {"the freezer was repaired 2026-11-02", "note", NULL, "2026-11-02"},
        {"called Vaz on 2027-01-05", "call", "Rui Vaz", "2026-11-24"},
        {"called Vaz on 31 Feb", "call", "Rui Vaz", "2026-11-24"},
        {"", "note", NULL, "2026-11-24"},
    };
    struct arena *a = arena_new(0);
    int32_t today = 0;
    assert_true(date_parse("2026-11-24", &today)); /* a Tuesday */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct contact_line l;
        char iso[DATE_TEXT];
        contact_read(a, cases[i].text, names, 5, today, &l);
        date_iso(l.day, iso);
        if (!str_eq(l.channel, cases[i].channel) || !str_eq(l.with, cases[i].with) || !str_eq(iso, cases[i].day) || l.two != cases[i].two)
            fail_msg("%s: %s, %s, %s, %d", cases[i].text, l.channel, str_or(l.with, "nobody"), iso, l.two);
    }
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
