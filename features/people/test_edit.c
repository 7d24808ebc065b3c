/* test_edit.c: writing organisations and people down, changing them, their ties, and lists of many.
 * On both engines. */
#include "features/people/test_two.h"

#include "base/str.h"
#include "features/people/people.h"
#include "features/people/people_sql.h"
#include "features/people/rules.h"
#include "features/studies/studies.h"

#include <string.h>

static const struct feature *const features[] = {&studies_feature, &people_feature};

static struct two *
use(void **state)
{
    return two_use(state, features, COUNT_OF(features));
}

static int64_t
records(struct two *t)
{
    return case_number(t->k, "select count(*) from record");
}

/* Somebody writes down what another sponsor's study has named already: the answer is as for
 * anything new, the page tells what was typed and no more, and one row of the record is written. */
static void
test_create_joins_silently(void **state)
{
    struct two *t = use(state);
    const char *form = "name=Bhelp+Institute&kind=laboratory&city=Bath&country=GB";
    int64_t before = records(t);
    struct http_answer an = two_post(t, ALBA_MANAGER, "/organisations/new", form);
    assert_int_equal(an.status, 303);
    assert_string_equal(an.location, t->at_bhelp);
    assert_int_equal(records(t), before + 1);
    const struct look look[] = {
        {ALBA_MANAGER, t->at_bhelp, 200, "Bhelp Institute|Bath", "B-9|Zebra|Oona|LS1|Academic"},
        {ALBA_MANAGER, "/organisations", 200, "Bhelp Institute|General Hospital", "Bfar"},
        {ALBA_MANAGER, "/organisations?q=bhel", 200, "Bhelp Institute", NULL},
        {ALBA_CRA, t->at_bhelp, 404, NULL, "Bhelp"},
        {ALBA_DIRECTOR, t->at_bhelp, 404, NULL, "Bhelp"},
        {BOREAS_DIRECTOR, t->at_bhelp, 200, "B-9|LS1|Academic", NULL},
    };
    two_look(t, look, COUNT_OF(look));
    struct http_answer again = two_post(t, ALBA_MANAGER, "/organisations/new", form);
    assert_string_equal(again.location, an.location);
    assert_int_equal(records(t), before + 1); /* nothing changed, nothing recorded */
    /* the shared thing's history, which others read, has nothing of it */
    assert_int_equal(
        case_number(t->k, "select count(*) from record r join record_body b on b.record_id = r.id "
                          "where r.action = 'org.create' and b.body like '%\"own_list\"%' "
                          "and b.body not like '%[\"organisation\",\"%'"),
        1);
    struct http_answer fresh =
        two_post(t, ALBA_MANAGER, "/organisations/new", "name=Quite+New&city=Bath");
    assert_int_equal(fresh.status, 303);
    assert_int_equal(records(t), before + 2);
    assert_int_equal(
        case_number(t->k, "select count(*) from organisation where name = 'Bhelp Institute'"), 1);
}

static void
test_create_person(void **state)
{
    struct two *t = use(state);
    struct http_answer an =
        two_post(t, ALBA_DIRECTOR, "/people/new", "name=Bruno+BRAUN&affiliation=General+Hospital");
    assert_int_equal(an.status, 303);
    assert_string_equal(an.location, t->at_bruno);
    const struct look look[] = {
        {ALBA_DIRECTOR, t->at_bruno, 200, "Bruno Braun|General Hospital", "B-9|Zebra|B77"},
        {ALBA_DIRECTOR, "/people?q=bruno", 200, "Bruno Braun", NULL},
    };
    two_look(t, look, COUNT_OF(look));
    /* without an affiliation nobody is joined */
    an = two_post(t, ALBA_DIRECTOR, "/people/new", "name=Bruno+Braun");
    assert_string_not_equal(an.location, t->at_bruno);
    assert_int_equal(two_post(t, ALBA_DIRECTOR, "/people/new", "affiliation=x").status, 422);
    assert_int_equal(two_post(t, ALBA_CRA, "/people/new", "name=x").status, 403);
}

static void
test_bad_choices(void **state)
{
    struct two *t = use(state);
    static const char *const forms[] = {"name=X&kind=operator", "name=X&kind=castle",
                                        "name=X&country=QQ", "kind=site"};
    int64_t before = records(t);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct http_answer an = two_post(t, ALBA_DIRECTOR, "/organisations/new", forms[i]);
        assert_int_equal(an.status, 422);
        assert_true(two_has(&an, "There is a problem"));
    }
    assert_int_equal(records(t), before);
}

static void
test_edit(void **state)
{
    struct two *t = use(state);
    const char *edit = arena_printf(t->k->mem, "%s/edit", t->at_hospital);
    int64_t before = records(t);
    const char *form = "name=Queen+Victoria&kind=site&city=Leeds&country=GB";
    struct http_answer an =
        two_post(t, ALBA_DIRECTOR, edit, form); /* no reason: the form again, as it was typed */
    assert_int_equal(an.status, 422);
    assert_true(two_has(&an, "There is a problem") && two_has(&an, "id=\"f-reason\"") &&
                two_has(&an, "Queen Victoria"));
    assert_int_equal(two_post(t, BOREAS_DIRECTOR, edit, form).status, 403);
    assert_int_equal(records(t), before);
    assert_int_equal(
        two_post(t, ALBA_DIRECTOR, edit, arena_printf(t->k->mem, "%s&reason=renamed", form)).status,
        303);
    assert_int_equal(records(t), before + 1);
    const struct look look[] = {
        {ALBA_DIRECTOR, t->at_hospital, 200, "Queen Victoria", NULL},
        {ALBA_DIRECTOR, "/organisations?q=victoria", 200, "Queen Victoria", NULL},
        {ALBA_DIRECTOR, "/organisations?q=general", 200, "Nothing fits", "Queen"},
        {BOREAS_DIRECTOR, "/organisations?q=queen", 200, "Queen Victoria", NULL},
        {ALBA_CRA, "/organisations?q=queen", 200, "Queen Victoria", NULL},
    };
    two_look(t, look, COUNT_OF(look));
    /* what the registry named joins by its old name still */
    assert_int_equal(
        case_number(
            t->k, "select count(*) from organisation where join_key = 'general hospital|leeds|GB'"),
        1);
    edit = arena_printf(t->k->mem, "%s/edit", t->at_jane);
    assert_int_equal(two_post(t, ALBA_DIRECTOR, edit,
                              "name=Jane+Roe&affiliation=General+Hospital&reason=married")
                         .status,
                     303);
    const struct look people[] = {
        {ALBA_DIRECTOR, "/people?q=roe", 200, "Jane Roe", NULL},
        {BOREAS_DIRECTOR, "/people?q=doe", 200, "Nothing fits", "Jane"},
    };
    two_look(t, people, COUNT_OF(people));
}

/* The key of something typed follows its name, unless another thing has it. */
static void
test_key_of_typed(void **state)
{
    struct two *t = use(state);
    struct http_answer an = two_post(t, ALBA_DIRECTOR, "/organisations/new", "name=Leads+House");
    const char *edit = arena_printf(t->k->mem, "%s/edit", an.location);
    assert_int_equal(two_post(t, ALBA_DIRECTOR, edit, "name=Leeds+House&reason=typo").status, 303);
    assert_int_equal(
        case_number(t->k, "select count(*) from organisation where join_key = 'leeds house||'"), 1);
    /* the name of an organisation that the writer may not know of: no word of it, nothing joined */
    assert_int_equal(two_post(t, ALBA_DIRECTOR, edit, "name=Boreas+Bio&reason=typo").status, 303);
    assert_int_equal(
        case_number(t->k, "select count(*) from organisation where name = 'Boreas Bio'"), 2);
    assert_int_equal(
        case_number(t->k, "select count(*) from organisation where join_key = 'boreas bio||'"), 1);
}

static const char *
ref_of(const char *at)
{
    return strrchr(at, '/') + 1;
}

static void
test_ties(void **state)
{
    struct two *t = use(state);
    struct arena *a = t->k->mem;
    const char *ties = arena_printf(a, "%s/ties", t->at_fara);
    const struct {
        const char *with, *kind, *rest;
        int status;
    } cases[] = {
        {arena_printf(a, "organisation:%s", ref_of(t->at_ahelp)), "employment",
         "from=2026-02-01&note=half+time", 303},
        {arena_printf(a, "person:%s", ref_of(t->at_jane)), "mentoring", "from=2026-02-01", 303},
        {arena_printf(a, "person:%s", ref_of(t->at_jane)), "employment", "from=2026-02-01", 422},
        {arena_printf(a, "organisation:%s", ref_of(t->at_ahelp)), "mentoring", "from=2026-02-01",
         422},
        {arena_printf(a, "organisation:%s", ref_of(t->at_bhelp)), "employment", "from=2026-02-01",
         422}, /* unknown */
        {arena_printf(a, "person:%s", ref_of(t->at_bruno)), "mentoring", "from=2026-02-01", 422},
        {arena_printf(a, "person:%s", ref_of(t->at_fara)), "mentoring", "from=2026-02-01",
         422}, /* oneself */
        {arena_printf(a, "organisation:%s", ref_of(t->at_alba)), "director", "from=2026-02-01",
         422}, /* no rights */
        {arena_printf(a, "person:%s", ref_of(t->at_jane)), "mentoring",
         "from=2026-02-01&until=2026-01-01", 422},
        {arena_printf(a, "person:%s", ref_of(t->at_jane)), "mentoring", "", 422},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_answer an = two_post(
            t, ALBA_DIRECTOR, ties,
            arena_printf(a, "with=%s&kind=%s&%s", cases[i].with, cases[i].kind, cases[i].rest));
        if (an.status != cases[i].status)
            print_error("tie %zu: status %d\n", i, an.status);
        assert_int_equal(an.status, cases[i].status);
    }
    assert_int_equal(
        case_number(t->k, "select count(*) from tie where role in ('employment', 'mentoring')"), 4);
    const struct look look[] = {
        {ALBA_CRA, t->at_fara, 200, "Works at|Ahelp|half time|Mentors|Jane", NULL},
        {ALBA_CRA, t->at_jane, 200, "Mentored by|Fara", "Bruno"},
        {ALBA_CRA, t->at_ahelp, 200, "Fara", NULL},
        {BOREAS_DIRECTOR, t->at_jane, 200, "Bruno", "Fara|Farrier"},
    };
    two_look(t, look, COUNT_OF(look));
}

/* The address at which the first tie of a person that still holds is ended; NULL: none. */
static const char *
end_of(struct two *t, const char *at)
{
    struct http_answer an = two_get(t, ALBA_DIRECTOR, arena_printf(t->k->mem, "%s/ties", at));
    const struct view *ties = an.page ? view_get(an.page, "ties") : NULL;
    for (const struct view_item *i = ties ? ties->kids.first : NULL; i; i = i->next) {
        if (view_get_text(&i->value, "end"))
            return view_get_text(&i->value, "end");
    }
    return NULL;
}

static void
test_tie_end(void **state)
{
    struct two *t = use(state);
    const char *end = end_of(t, t->at_jane);
    assert_non_null(end); /* where Jane works */
    int64_t before = records(t);
    assert_int_equal(two_post(t, BOREAS_DIRECTOR, end, "on=2026-05-01").status, 403);
    assert_int_equal(two_post(t, ADMINISTRATOR, end, "on=2026-05-01").status, 404);
    assert_int_equal(two_post(t, ALBA_DIRECTOR, end, "on=2025-05-01").status,
                     422); /* before it began */
    assert_int_equal(two_post(t, ALBA_DIRECTOR, end, "on=yesterday").status, 422);
    assert_int_equal(records(t), before);
    assert_int_equal(two_post(t, ALBA_DIRECTOR, end, "on=2026-05-01").status, 303);
    assert_int_equal(records(t), before + 1);
    assert_null(end_of(t, t->at_jane));
    assert_int_equal(case_number(t->k, "select count(*) from tie where to_on = '2026-05-01'"), 1);
    /* a role in a study, and a tie whose other end is hidden, are no ties of this address */
    static const char *const hidden[] = {"study_manager", "mentoring", "director"};
    for (size_t i = 0; i < COUNT_OF(hidden); i++) {
        case_raw(
            t->k,
            arena_printf(t->k->mem,
                         "update tie set ref = 'ref%zu' where role = '%s' and person_id <> %lld", i,
                         hidden[i], (long long)(i == 2 ? t->viewer[BOREAS_DIRECTOR] : 0)),
            NULL);
        const char *target = arena_printf(t->k->mem, "/ties/ref%zu/end", i);
        assert_int_equal(two_post(t, ALBA_DIRECTOR, target, "on=2026-05-01").status, 404);
    }
}

/* ---- lists of many ---- */

/* Reads a list from page to page; names must come in order, each once. */
static int
read_through(struct two *t, enum viewer v, const char *target)
{
    int n = 0;
    const char *last = "";
    while (target) {
        struct http_answer an = two_get(t, v, target);
        assert_int_equal(an.status, 200);
        const struct view *rows = view_get(an.page, "rows");
        for (const struct view_item *i = rows->kids.first; i; i = i->next) {
            const char *name = view_get_text(&i->value, "name");
            assert_true(strcmp(last, name) < 0);
            last = name;
            n++;
        }
        assert_true(rows->kids.n <= PARTY_PAGE);
        const struct view *next = view_at(an.page, "pager.next");
        target = next ? next->text : NULL;
    }
    return n;
}

static void
test_pages(void **state)
{
    struct two *t = use(state);
    two_add_clinics(t, 120);
    static const struct {
        const char *target;
        int n;
    } cases[] = {
        {"/organisations", 124}, {"/organisations?from=c", 121}, {"/organisations?from=b", 121}, {"/organisations?from=h", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_through(t, ALBA_DIRECTOR, cases[i].target), cases[i].n);
        assert_int_equal(read_through(t, ALBA_CRA, cases[i].target), cases[i].n);
    }
    /* the person's own list is merged in at its place */
    assert_int_equal(two_post(t, ALBA_MANAGER, "/organisations/new", "name=Clinic+060+b").status,
                     303);
    assert_int_equal(two_post(t, ALBA_MANAGER, "/organisations/new", "name=Zinc+House").status,
                     303);
    assert_int_equal(read_through(t, ALBA_MANAGER, "/organisations"), 126);
    struct http_answer an = two_get(t, ALBA_DIRECTOR, "/organisations?q=clinic+09");
    assert_int_equal(view_get(an.page, "rows")->kids.n, 10);
    an = two_get(t, ALBA_CRA, "/organisations?q=hull+clinic+119");
    assert_int_equal(view_get(an.page, "rows")->kids.n, 1);
    assert_int_equal(two_get(t, ALBA_CRA, "/organisations?after=%27~x").status, 200);
    assert_int_equal(two_get(t, ALBA_CRA, "/people?from=%25&after=~9").status, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_create_joins_silently),
        BOTH(test_create_person),
        BOTH(test_bad_choices),
        BOTH(test_edit),
        BOTH(test_key_of_typed),
        BOTH(test_ties),
        BOTH(test_tie_end),
        BOTH(test_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
