/* test_store.c: contacts are noted, found by site and side, and corrected by who wrote them. On both
 * engines. */
#include "base/date.h"
#include "core/account.h"
#include "core/test_case.h"
#include "features/contacts/contacts.h"
#include "features/contacts/contacts_sql.h"
#include "web/asset.h"

static struct core_case *
begin(void **state)
{
    struct core_case *k = case_use(state);
    struct migration list[] = {{"core", "0001-core.sql", asset_find("schema/core/0001-core.sql")->data},
                               {"studies", "0001-study.sql", asset_find("schema/studies/0001-study.sql")->data},
                               {"contacts", "0001-contact.sql", asset_find("schema/contacts/0001-contact.sql")->data}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, COUNT_OF(list), false, &report));
    case_raw(k, "insert into organisation (id, ref, name, name_fold, placeholder, origin, created) values (1, 'o', 'Org', 'org', 0, 'typed', 0)", NULL);
    case_raw(k, "insert into study (id, ref, code, title, has_results, n_sites, n_countries, compartment, title_key, start_key, updated_key, size_key, origin, created, find_fold) "
                "values (1, 's', 'S-1', 'Study', 0, 1, 1, 0, '', '', '', '', 'typed', 0, '')", NULL);
    case_raw(k, "insert into study_site (id, ref, study_id, organisation_id, number, country, ordinal, sort_key, origin, compartment, created) "
                "values (7, 'seven', 1, 1, '7', 'GB', 0, '7', 'typed', 0, 0), (8, 'eight', 1, 1, '8', 'GB', 1, '8', 'typed', 0, 0)", NULL);
    assert_ok(who_load(&k->c, case_account(k, "Carl Monitor", "carl@example.org", NULL), &k->c.who));
    assert_true(date_parse("2026-11-24", &k->c.today));
    return k;
}

static const struct thing site = {.study = 1, .study_site = 7};

struct noting {
    struct contact_new d;
    const char *ref;
};

static err_t
write_it(struct ctx *c, void *arg)
{
    struct noting *x = arg;
    return contact_write(c, &x->d, &x->ref);
}

static err_t
correct_it(struct ctx *c, void *arg)
{
    struct noting *x = arg;
    return contact_correct(c, x->ref, &x->d);
}

static struct noting
note(struct core_case *k, bool at_site, enum compartment comp, const char *line, const char *day, int64_t with)
{
    struct noting x = {.d = {.site = &site, .at_site = at_site, .comp = comp, .line = line, .way = "call", .day = day, .with = &with, .n_with = 1}};
    assert_ok(case_write(k, "contact.note", write_it, &x));
    x.d.with = NULL;
    x.d.n_with = 0;
    return x;
}

static size_t
listed(struct core_case *k, bool at_site, enum compartment comp, const char *day, int64_t before, struct contact_list_row **ret)
{
    size_t n;
    assert_ok(db_list(&k->c, &CONTACT_LIST,
                      DB_IN(db_int(7), db_bool(at_site), db_int(comp), db_text(day), db_int(before), db_int(10)), ret, &n));
    return n;
}

static void
each_side_its_own(void **state)
{
    struct core_case *k = begin(state);
    struct contact_list_row *x;
    int64_t vaz = case_person(k, "Rui Vaz");
    note(k, false, COMP_OPEN, "called Dr Vaz", "2026-11-20", vaz);
    note(k, false, COMP_OPEN, "called Dr Vaz again", "2026-11-23", vaz);
    note(k, false, COMP_UNBLINDED, "spoke of kits", "2026-11-24", vaz);
    note(k, true, COMP_OPEN, "called the monitor", "2026-11-22", vaz);
    assert_int_equal(listed(k, false, COMP_OPEN, "9999-12-31", INT64_MAX, &x), 2);
    assert_string_equal(x[0].words, "called Dr Vaz again"); /* newest first */
    assert_int_equal(listed(k, false, COMP_OPEN, x[0].day, x[0].id, &x), 1); /* the next page */
    assert_string_equal(x[0].words, "called Dr Vaz");
    assert_int_equal(listed(k, false, COMP_UNBLINDED, "9999-12-31", INT64_MAX, &x), 3);
    assert_int_equal(listed(k, true, COMP_OPEN, "9999-12-31", INT64_MAX, &x), 1);
    assert_string_equal(x[0].words, "called the monitor");
    struct contact_of_person_row *of;
    size_t n;
    assert_ok(db_list(&k->c, &CONTACT_OF_PERSON, DB_IN(db_int(vaz), db_int(10)), &of, &n));
    assert_int_equal(n, 4);
    assert_int_equal(case_number(k, "select count(*) from record_body where body like '%again%'"), 0); /* no words in the record */
}

static void
corrected_by_who_wrote(void **state)
{
    struct core_case *k = begin(state);
    struct contact_list_row *x;
    struct contact_names_row *names;
    size_t n;
    int64_t vaz = case_person(k, "Rui Vaz"), ray = case_person(k, "Ann Ray");
    struct noting one = note(k, false, COMP_OPEN, "called Dr Vaz", "2026-11-20", vaz);
    one.d.way = "meeting";
    one.d.day = "2026-11-19";
    one.d.with = &ray;
    one.d.n_with = 1;
    assert_ok(case_write(k, "contact.correct", correct_it, &one));
    assert_int_equal(listed(k, false, COMP_OPEN, "9999-12-31", INT64_MAX, &x), 1);
    assert_string_equal(x[0].way, "meeting");
    assert_string_equal(x[0].day, "2026-11-19");
    assert_string_equal(x[0].words, "called Dr Vaz"); /* as it was written */
    assert_ok(db_list(&k->c, &CONTACT_NAMES, DB_IN(db_ints(&x[0].id, 1)), &names, &n));
    assert_int_equal(n, 1);
    assert_string_equal(names[0].name, "Ann Ray");
    one.d.day = "2026-11-25";
    assert_err(case_write(k, "contact.correct", correct_it, &one), E_BAD_INPUT); /* still to come */
    one.d.day = "2026-11-19";
    one.d.at_site = true;
    assert_err(case_write(k, "contact.correct", correct_it, &one), E_NOT_FOUND); /* not of that side */
    one.d.at_site = false;
    assert_ok(who_load(&k->c, case_account(k, "Meg Manager", "meg@example.org", NULL), &k->c.who));
    assert_err(case_write(k, "contact.correct", correct_it, &one), E_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {BOTH(each_side_its_own), BOTH(corrected_by_who_wrote)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
