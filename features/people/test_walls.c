/* test_walls.c: nobody learns from the pages of organisations and people, and from their lists,
 * what another sponsor does. On both engines. */
#include "features/people/test_two.h"

#include "features/people/people.h"
#include "features/studies/studies.h"

static const struct feature *const features[] = {&studies_feature, &people_feature};

static struct two *
use(void **state)
{
    return two_use(state, features, COUNT_OF(features));
}

static void
test_organisation(void **state)
{
    struct two *t = use(state);
    const struct look look[] = {
        {ALBA_DIRECTOR, t->at_hospital, 200, "General Hospital|A-1|A01|Jane Doe|Works at|LS1", two_boreas_only},
        {ALBA_MANAGER, t->at_hospital, 200, "A-1|A01|Jane Doe|Works at", two_boreas_only},
        {ALBA_CRA, t->at_hospital, 200, "A-1|A01|Jane Doe", two_boreas_only},
        {BOREAS_DIRECTOR, t->at_hospital, 200, "B-9|B77|Jane Doe|Bruno|Works at", two_alba_only},
        {BOREAS_COORDINATOR, t->at_hospital, 200, "B-9|B77|Jane Doe|Bruno", two_alba_only},
        {ADMINISTRATOR, t->at_hospital, 404, NULL, "General Hospital"},
        {ALBA_DIRECTOR, t->at_alba, 200, "A-1|Sponsor|Ada Director", two_boreas_only},
        {ALBA_CRA, t->at_alba, 200, "A-1|Sponsor", "Ada Director"},
        {ALBA_DIRECTOR, t->at_boreas, 404, NULL, "Boreas"},
        {ALBA_CRA, t->at_boreas, 404, NULL, "Boreas"},
        {BOREAS_DIRECTOR, t->at_alba, 404, NULL, "Alba"},
        {BOREAS_COORDINATOR, t->at_boreas, 200, "B-9", "Bo Director"},
        {ALBA_DIRECTOR, t->at_ahelp, 200, "Collaborator|A-1", two_boreas_only},
        {ALBA_DIRECTOR, t->at_bhelp, 404, NULL, "Bhelp"},
        {ALBA_MANAGER, t->at_bfar, 404, NULL, "Bfar"},
        {BOREAS_COORDINATOR, t->at_bhelp, 200, "Collaborator|B-9", two_alba_only},
        {BOREAS_COORDINATOR, t->at_bfar, 404, NULL, "Bfar"}, /* another site of the study */
        {BOREAS_DIRECTOR, t->at_bfar, 200, "B-9|Bert", two_alba_only},
        {ALBA_DIRECTOR, t->at_unnamed, 404, NULL, "Not named"},
        {ALBA_DIRECTOR, "/organisations/0000000000", 404, NULL, NULL},
    };
    two_look(t, look, COUNT_OF(look));
}

static void
test_person(void **state)
{
    struct two *t = use(state);
    const struct look look[] = {
        {ALBA_DIRECTOR, t->at_jane, 200, "Jane Doe|A-1|A01|Works at|General Hospital",
         two_boreas_only},
        {ALBA_MANAGER, t->at_jane, 200, "A-1|A01", two_boreas_only},
        {ALBA_CRA, t->at_jane, 200, "A-1|A01", two_boreas_only},
        {BOREAS_DIRECTOR, t->at_jane, 200, "B-9|B77|Mentored by|Bruno|Principal investigator",
         two_alba_only},
        {BOREAS_COORDINATOR, t->at_jane, 200, "B-9|B77|Bruno", two_alba_only},
        {ADMINISTRATOR, t->at_jane, 404, NULL, "Jane"},
        {ALBA_DIRECTOR, t->at_bruno, 404, NULL, "Bruno"},
        {ALBA_CRA, t->at_bruno, 404, NULL, "Bruno"},
        {BOREAS_DIRECTOR, t->at_bruno, 200, "Mentors|Jane Doe|B-9", two_alba_only},
        {BOREAS_DIRECTOR, t->at_fara, 404, NULL, "Fara"},
        {BOREAS_COORDINATOR, t->at_bert, 404, NULL, "Bert"}, /* at another site */
        {BOREAS_COORDINATOR, t->at_oona, 200, "B-9", "Bert"},
        {BOREAS_COORDINATOR, t->at_coordinator, 200, "Site coordinator|B-9|B77", two_alba_only},
        {BOREAS_DIRECTOR, t->at_coordinator, 200, "Site coordinator|B-9", "this is you"},
        {ALBA_DIRECTOR, t->at_coordinator, 404, NULL, "Cora"},
        {ALBA_DIRECTOR, t->at_desk, 404, NULL, "Desk"},
        {ALBA_DIRECTOR, t->at_olaf, 200, "A-1|Fara Farrier",
         "Study Desk"}, /* few sites: all together */
    };
    two_look(t, look, COUNT_OF(look));
    struct http_answer director = two_get(t, BOREAS_DIRECTOR, t->at_jane),
                       coordinator = two_get(t, BOREAS_COORDINATOR, t->at_jane);
    assert_true(two_has(&director, "Roles held here"));
    assert_false(two_has(&coordinator, "Roles held here"));
    coordinator = two_get(t, BOREAS_COORDINATOR, t->at_coordinator);
    assert_true(two_has(&coordinator, "this is you"));
}

/* Contact details: who may see them in the study that tells them, and nobody else: Jane is named in
 * both studies, and each study's people see the numbers its own record states. */
static void
test_contacts(void **state)
{
    struct two *t = use(state);
    const struct look look[] = {
        {ALBA_MANAGER, t->at_fara, 200, "555-0001", "fara@example.org"},
        {ALBA_CRA, t->at_fara, 200, "555-0001", "fara@example.org"},
        {ALBA_DIRECTOR, t->at_fara, 200, "Fara", "555-0001|fara@example.org"},
        {ALBA_MANAGER, t->at_jane, 200, "555-0002|555-0010", two_boreas_only},
        {ALBA_CRA, t->at_jane, 200, "555-0002|555-0010", two_boreas_only},
        {BOREAS_CTA, t->at_jane, 200, "555-0009|555-0010|jane@example.org", two_alba_only},
        {BOREAS_COORDINATOR, t->at_jane, 200, "Jane", "555-|jane@example.org"},
        {BOREAS_DIRECTOR, t->at_jane, 200, "Jane", "555-|jane@example.org"},
    };
    two_look(t, look, COUNT_OF(look));
    struct http_answer an = two_get(t, ALBA_MANAGER, t->at_fara);
    assert_true(two_has(&an, "nothing is sent here"));
}

static void
test_lists(void **state)
{
    struct two *t = use(state);
    const struct look look[] = {
        {ALBA_DIRECTOR, "/organisations", 200, "Afar Clinic|Ahelp|Alba Pharma|General Hospital", "Bfar|Bhelp|Boreas|Not named"},
        {ALBA_CRA, "/organisations", 200, "Afar Clinic|Ahelp|Alba Pharma|General Hospital", "Bfar|Bhelp|Boreas|Not named"},
        {BOREAS_DIRECTOR, "/organisations", 200, "Bfar|Bhelp|Boreas|General Hospital", "Afar|Ahelp|Alba"},
        {BOREAS_COORDINATOR, "/organisations", 200, "Bhelp|Boreas|General Hospital", "Bfar|Afar|Ahelp|Alba"},
        {ADMINISTRATOR, "/organisations", 200, "No organisations yet", "Hospital<|Alba|Boreas"},
        {ALBA_DIRECTOR, "/organisations?q=bfar", 200, "Nothing fits", "Bfar"},
        {ALBA_DIRECTOR, "/organisations?q=general+leeds", 200, "General Hospital", "Afar"},
        {ALBA_CRA, "/organisations?q=leeds+gen", 200, NULL, "Afar"},
        {ALBA_CRA, "/organisations?q=general+leeds", 200, "General Hospital", "Afar"},
        {ALBA_DIRECTOR, "/organisations?from=b", 200, "General Hospital", "Ahelp|Bfar"},
        {ALBA_DIRECTOR, "/people", 200, "Fara|Jane|Olaf", "Bruno|Bert|Oona|Desk<"},
        {ALBA_MANAGER, "/people", 200, "Fara|Jane|Olaf|Cleo", "Bruno|Bert|Oona|Desk<"},
        {BOREAS_COORDINATOR, "/people", 200, "Jane|Bruno|Oona", "Bert|Fara|Olaf"},
        {BOREAS_DIRECTOR, "/people?q=jane", 200, "Jane", "Fara"},
        {BOREAS_DIRECTOR, "/people?q=fara", 200, "Nothing fits", "Farrier"},
    };
    two_look(t, look, COUNT_OF(look));
}

/* What is hidden answers exactly as what does not exist. */
static void
test_same_answer(void **state)
{
    struct two *t = use(state);
    const struct {
        const char *hidden, *nothing;
    } pairs[] = {
        {t->at_bhelp, "/organisations/0000000000"}, {t->at_unnamed, "/organisations/0000000000"},
        {t->at_bruno, "/people/0000000000"}, {t->at_desk, "/people/0000000000"},
        {arena_printf(t->k->mem, "%s/edit", t->at_bhelp), "/organisations/0000000000/edit"},
        {arena_printf(t->k->mem, "%s/ties", t->at_bruno), "/people/0000000000/ties"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct http_answer a = two_get(t, ALBA_DIRECTOR, pairs[i].hidden),
                           b = two_get(t, ALBA_DIRECTOR, pairs[i].nothing);
        assert_int_equal(a.status, 404);
        assert_int_equal(b.status, 404);
        assert_int_equal(a.body_n, b.body_n);
        assert_string_equal(a.error->text, b.error->text);
    }
}

/* Shared things are changed by the directors of the organisation that runs the installation
 * alone. */
static void
test_who_may_edit(void **state)
{
    struct two *t = use(state);
    const char *org = arena_printf(t->k->mem, "%s/edit", t->at_hospital),
               *person = arena_printf(t->k->mem, "%s/edit", t->at_jane);
    const char *ties = arena_printf(t->k->mem, "%s/ties", t->at_jane);
    for (int v = 0; v < VIEWERS; v++) {
        int status = v == ALBA_DIRECTOR ? 200 : v == ADMINISTRATOR ? 404 : 403;
        assert_int_equal(two_get(t, v, org).status, status);
        assert_int_equal(two_get(t, v, person).status, status);
        assert_int_equal(two_get(t, v, ties).status, status);
        int create = v == ALBA_DIRECTOR || v == ALBA_MANAGER || v == BOREAS_DIRECTOR ||
                     v == BOREAS_CTA ? 200 : 403;
        assert_int_equal(two_get(t, v, "/organisations/new").status, create);
        assert_int_equal(two_get(t, v, "/people/new").status, create);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_organisation), BOTH(test_person), BOTH(test_contacts), BOTH(test_lists),
        BOTH(test_same_answer), BOTH(test_who_may_edit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
