/* test_search.c: the search finds what somebody may see, and gives no sign of anything else. On
 * both engines. */
#include "features/people/test_two.h"

#include "features/people/people.h"
#include "features/search/search.h"
#include "features/studies/studies.h"

#include <string.h>

static const struct feature *const features[] = {&studies_feature, &people_feature,
                                                 &search_feature};

static struct two *
use(void **state)
{
    return two_use(state, features, COUNT_OF(features));
}

#define NONE "Nothing found"

static void
test_finds(void **state)
{
    struct two *t = use(state);
    const struct look look[] = {
        {ALBA_DIRECTOR, "/search", 200, NULL, NONE},
        {ALBA_DIRECTOR, "/search?q=a-1", 200, "This number|Alpaca wool|/studies/A-1", NONE},
        {ALBA_CRA, "/search?q=+A-1+", 200, "This number|Alpaca wool", NONE},
        {ALBA_DIRECTOR, "/search?q=alpa", 200, "Alpaca wool|A-1", "This number"},
        {ALBA_DIRECTOR, "/search?q=wool+alp", 200, "Alpaca wool", NULL},
        {ALBA_CRA, "/search?q=wool+alp", 200, "Alpaca wool", NULL},
        {ALBA_CRA, "/search?q=ool", 200, NONE, "Alpaca"}, /* beginnings of words */
        {ALBA_DIRECTOR, "/search?q=ool", 200, NONE, "Alpaca"},
        {BOREAS_DIRECTOR, "/search?q=EUDRA-B", 200, "This number|Zebrafinch", NULL},
        {BOREAS_COORDINATOR, "/search?q=eudra-b", 200, "This number|Zebrafinch", NULL},
        {ALBA_DIRECTOR, "/search?q=hospital+leeds", 200, "Sites and organisations|General Hospital|Leeds, United Kingdom", NULL},
        {ALBA_CRA, "/search?q=hospital+leeds", 200, "General Hospital", NULL},
        {ALBA_DIRECTOR, "/search?q=j%C3%A1ne", 200, "People|Jane Doe", NULL},
        {BOREAS_COORDINATOR, "/search?q=jan", 200, "Jane Doe", NULL},
        {ALBA_DIRECTOR, "/search?q=j", 200, "One more letter", "Jane"},
        {ALBA_DIRECTOR, "/search?q=%3Cb%3E%25", 200, NULL, "<b>%"},
        {ADMINISTRATOR, "/search?q=jane", 200, NONE, "Doe"},
    };
    two_look(t, look, COUNT_OF(look));
}

/* Every word of the other sponsor's study, its sites, its people. */
static void
test_canaries(void **state)
{
    struct two *t = use(state);
    static const char *const boreas[] = {"b-9",     "B-9",     "zebra",  "zebrafinch", "song",
                                         "eudra-b", "EUDRA-B", "bfar",   "bhelp",      "bruno",
                                         "bert",    "oboe",    "boreas", "bath",       "b77"};
    static const char *const alba[] = {"a-1",  "A-1",   "alpaca",  "alpine",   "wool", "asthma",
                                       "afar", "ahelp", "farrier", "officier", "alba", "a01"};
    static const enum viewer of_alba[] = {ALBA_DIRECTOR, ALBA_MANAGER, ALBA_CRA, ADMINISTRATOR};
    static const enum viewer of_boreas[] = {BOREAS_DIRECTOR, BOREAS_COORDINATOR, ADMINISTRATOR};
    for (size_t v = 0; v < COUNT_OF(of_alba); v++) {
        for (size_t i = 0; i < COUNT_OF(boreas); i++) {
            const char *q = arena_printf(t->k->mem, "/search?q=%s", boreas[i]);
            two_look(t,
                     &(struct look){of_alba[v], q, 200, NONE,
                                    "This number|Zebrafinch|Bruno|Bfar|Bhelp|Bert|Oona"},
                     1);
        }
    }
    for (size_t v = 0; v < COUNT_OF(of_boreas); v++) {
        for (size_t i = 0; i < COUNT_OF(alba); i++) {
            const char *q = arena_printf(t->k->mem, "/search?q=%s", alba[i]);
            two_look(t,
                     &(struct look){of_boreas[v], q, 200, NONE,
                                    "This number|Alpaca|Fara|Olaf|Afar|Ahelp"},
                     1);
        }
    }
    /* another site of the coordinator's own study, and who is there */
    two_look(t, &(struct look){BOREAS_COORDINATOR, "/search?q=bfar", 200, NONE, "Bfar Clinic"}, 1);
    two_look(t, &(struct look){BOREAS_COORDINATOR, "/search?q=bert", 200, NONE, "Bert Bird"}, 1);
    /* and what both share tells nothing of the other */
    two_look(t,
             &(struct look){ALBA_DIRECTOR, "/search?q=general", 200, "General Hospital",
                            two_boreas_only},
             1);
    two_look(t,
             &(struct look){BOREAS_COORDINATOR, "/search?q=general", 200, "General Hospital",
                            two_alba_only},
             1);
}

/* A study that left an audience is not found by words that were left behind. */
static void
test_left(void **state)
{
    struct two *t = use(state);
    two_look(t, &(struct look){ALBA_DIRECTOR, "/search?q=alpaca", 200, "Alpaca", NULL}, 1);
    case_raw(t->k,
             arena_printf(t->k->mem, "update study set sponsor_id = %lld where code = 'A-1'",
                          (long long)t->boreas),
             NULL);
    two_look(t, &(struct look){ALBA_DIRECTOR, "/search?q=alpaca", 200, NULL, "Alpaca wool"}, 1);
    two_look(t, &(struct look){ALBA_DIRECTOR, "/search?q=A-1", 200, NULL, "This number"}, 1);
}

static void
test_most(void **state)
{
    struct two *t = use(state);
    two_add_clinics(t, 30);
    struct http_answer an = two_get(t, ALBA_DIRECTOR, "/search?q=clinic");
    const struct view *group = view_at(an.page, "groups.0");
    assert_string_equal(view_get_text(group, "title"), "Sites and organisations");
    assert_int_equal(view_get_int(group, "n"), 20);
    assert_true(view_truth(view_get(group, "more")));
    assert_int_equal(view_get(group, "rows")->kids.n, 20);
    assert_true(two_has(&an, "the 20 best"));
    an = two_get(t, ALBA_CRA, "/search?q=clinic");
    assert_int_equal(view_get_int(view_at(an.page, "groups.0"), "n"), 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {BOTH(test_finds), BOTH(test_canaries), BOTH(test_left),
                                       BOTH(test_most)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
