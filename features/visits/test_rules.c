/* test_rules.c: how far a visit is, which site wants one, and what a report's check says. */
#include "base/date.h"
#include "base/str.h"
#include "features/visits/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int32_t
day_of(const char *iso)
{
    int32_t day = 0;
    assert_true(date_parse(iso, &day));
    return day;
}

static void
kinds_are_whole(void **state)
{
    for (int k = 0; k < VISIT_KINDS; k++) {
        enum visit_kind found;
        assert_true(visit_kind_find(visit_kind_word((enum visit_kind)k), &found));
        assert_int_equal(found, k);
        assert_int_equal(strlen(visit_kind_tmf((enum visit_kind)k)), strlen("05.04.03"));
        size_t sections = 0;
        for (size_t i = 0; i < visit_n_sections; i++)
            sections += (visit_sections[i].kinds >> k) & 1;
        assert_true(sections >= 6);
    }
    enum visit_kind none;
    assert_false(visit_kind_find("tea", &none));
}

static void
the_path(void **state)
{
    static const struct {
        struct visit_facts f;
        enum visit_path now;
    } cases[] = {
        {{"planned", "none", false, false}, PATH_AGREED},   {{"agreed", "none", false, false}, PATH_CONFIRMED},
        {{"agreed", "none", true, false}, PATH_HELD},       {{"held", "draft", true, false}, PATH_SUBMITTED},
        {{"held", "draft", false, false}, PATH_SUBMITTED},  {{"held", "sent_back", true, false}, PATH_SUBMITTED},
        {{"held", "submitted", true, false}, PATH_APPROVED}, {{"held", "approved", true, false}, PATH_LETTER},
        {{"closed", "approved", true, true}, PATH_COUNT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(visit_path_now(&cases[i].f), cases[i].now);
}

static void
who_wants_a_visit(void **state)
{
    struct arena *a = arena_new(0);
    struct visit_want w = {.last = 1000, .today = 1000 + 63, .weeks = 8};
    const char *why;
    double calm = visit_want_score(a, &w, &why);
    assert_string_equal(why, "9 weeks since the last visit");
    w.enrolled_since = 4;
    w.open_findings = 3;
    w.late_findings = 2;
    double busy = visit_want_score(a, &w, &why);
    assert_string_equal(why, "9 weeks since the last visit, 4 enrolled since, 2 findings late");
    assert_true(busy > calm);
    w.planned = true;
    assert_true(visit_want_score(a, &w, &why) < calm);
    struct visit_want never = {.last = VISIT_NEVER, .today = 5, .weeks = 8};
    assert_true(visit_want_score(a, &never, &why) > 0);
    assert_string_equal(why, "no visit yet");
    arena_free(a);
}

/* A report in which everything agrees; the cases spoil one thing each. */
struct whole {
    struct check_facts f;
    struct check_person person[2];
    struct check_section section[1];
    struct check_finding finding[2];
};

static struct whole *
agreeing(struct arena *a)
{
    struct whole *w = arena_alloc(a, sizeof *w);
    int32_t day = day_of("2027-03-12");
    *w = (struct whole){.person = {{"Ana Ribeiro", false, false, false}, {"Rui Vaz", true, true, true}},
                        .section = {{"Consent", "reviewed", true}},
                        .finding = {{1, "An old one", true, day, true, "open"}, {1, "A new one", true, day_of("2027-04-11"), false, NULL}}};
    w->f = (struct check_facts){.agreed_first = day, .first = day, .last = day, .today = day, .monitor_there = true, .log_kept = true,
                                .person = w->person, .n_persons = 2, .section = w->section, .n_sections = 1, .finding = w->finding, .n_findings = 2};
    return w;
}

static void
spoil(struct whole *w, int what)
{
    switch (what) {
    case 0: w->f.last = w->f.first - 1; w->finding[1].due = w->f.first + 9; break;
    case 1: w->f.today = w->f.last - 1; break;
    case 2: w->f.agreed_first -= 2; break;
    case 3: w->f.monitor_there = false; break;
    case 4: w->person[1].at_site = false; break;
    case 5: w->person[1].on_log = w->person[1].signed_log = false; break;
    case 6: w->person[1].signed_log = false; break;
    case 7: w->f.log_kept = false; break;
    case 8: w->section[0].mark = ""; break;
    case 9: w->section[0] = (struct check_section){"Consent", "not_reviewed", false}; break;
    case 10: w->section[0].text = false; break;
    case 11: w->finding[0].status = NULL; break;
    case 12: w->finding[1].owner = false; break;
    case 13: w->finding[1].due = VISIT_NEVER; break;
    case 14: w->finding[1].due = w->f.last - 1; break;
    default: break;
    }
}

static void
what_does_not_agree(void **state)
{
    static const struct {
        bool stops;
        const char *says;
    } wanted[] = {{true, "ends before it begins"}, {true, "a day to come"}, {false, "agreed for 10 Mar 2027 and held on 12 Mar 2027"},
                  {true, "The monitor is not among"}, {true, "Nobody of the site"}, {false, "does not stand on the delegation log"},
                  {false, "has not signed the line"}, {false, "does not keep its delegation log here"}, {true, "say whether it was reviewed"},
                  {true, "say why"}, {false, "nothing is written"}, {true, "has no status"}, {true, "nobody who sees to it"},
                  {true, "no day by which"}, {true, "before the visit ended"}};
    struct arena *a = arena_new(0);
    struct check_line line[20];
    assert_int_equal(visit_check(a, &agreeing(a)->f, line, 20), 0);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct whole *w = agreeing(a);
        spoil(w, (int)i);
        size_t n = visit_check(a, &w->f, line, 20);
        if (n != 1 || line[0].stops != wanted[i].stops || !strstr(line[0].text, wanted[i].says))
            fail_msg("case %zu: %zu lines, first: %s", i, n, n ? line[0].text : "-");
    }
    struct whole *w = agreeing(a); /* what stops comes first, and no more than there is room for */
    spoil(w, 2);
    spoil(w, 8);
    spoil(w, 11);
    assert_int_equal(visit_check(a, &w->f, line, 20), 3);
    assert_true(line[0].stops && line[1].stops && !line[2].stops);
    assert_int_equal(visit_check(a, &w->f, line, 2), 2);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kinds_are_whole), cmocka_unit_test(the_path), cmocka_unit_test(who_wants_a_visit),
                                       cmocka_unit_test(what_does_not_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
