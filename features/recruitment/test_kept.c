/* test_kept.c: a kept forecast is the one that would be computed now, whatever was changed and by
 * which process; on both engines. And what keeps it: its room, its threads. */
#include "core/test_case.h"

#include "base/arena.h"
#include "base/str.h"
#include "core/keep.h"
#include "features/recruitment/kept.h"
#include "features/recruitment/recruitment.h"
#include "models/forecast_json.h"
#include "models/enrolment.h"
#include "base/view.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* ---- a study in the database ---- */

static const char *
file_text(struct arena *a, const char *path)
{
    struct buf b;
    buf_init(&b, a);
    FILE *f = fopen(path, "rbe");
    if (!f)
        fail_msg("%s is not there", path);
    char part[65536];
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(&b, part, n);
    fclose(f);
    return buf_text(&b);
}

/* Study 1: two sites, twelve people, a target, a deadline, a plan of two months, no pause. */
static void
fill(struct core_case *k)
{
    case_raw(k, "insert into organisation (id, ref, name, name_fold, placeholder, origin, created) values (1, 'o', 'Org', 'org', 0, 'typed', 0)", NULL);
    case_raw(k, "insert into study (id, ref, code, title, has_results, n_sites, n_countries, compartment, title_key, start_key, updated_key, size_key, origin, created, find_fold) "
                "values (1, 's', 'S-1', 'Study', 0, 2, 1, 0, '', '', '', '', 'typed', 0, '')", NULL);
    case_raw(k, "insert into study_site (id, ref, study_id, organisation_id, number, country, ordinal, sort_key, origin, compartment, created) "
                "values (1, 'one', 1, 1, '1', 'GB', 0, '1', 'typed', 0, 0), (2, 'two', 1, 1, '2', 'FR', 1, '2', 'typed', 0, 0)", NULL);
    case_raw(k, "insert into import_file (id, ref, study_id, kind, file_name, hash, n_rows, n_new, n_changed, who, at) "
                "values (1, 'i', 1, 'participants', 'log.csv', x'00', 12, 12, 0, 'test', 0)",
             "insert into import_file (id, ref, study_id, kind, file_name, hash, n_rows, n_new, n_changed, who, at) "
             "values (1, 'i', 1, 'participants', 'log.csv', '\\x00', 12, 12, 0, 'test', 0)");
    for (int i = 0; i < 12; i++)
        case_raw(k, arena_printf(k->mem, "insert into participant (study_id, study_site_id, code, twin, screened_on, consented_on, enrolled_on, treated_on, status, import_id) "
                                 "values (1, %d, 'P%02d', 0, '2026-0%d-%02d', '2026-0%d-%02d', '2026-0%d-%02d', '2026-0%d-%02d', 'enrolled', 1)",
                                 1 + i % 2, i, 3 + i / 4, 1 + i, 3 + i / 4, 2 + i, 3 + i / 4, 4 + i, 3 + i / 4, 7 + 2 * (i % 4)), NULL);
    case_raw(k, "insert into recruitment (study_id, enrolled_means, target, deadline) values (1, 'randomised', 40, '2026-12-31')", NULL);
    case_raw(k, "insert into plan_version (id, study_id, number, created) values (1, 1, 1, 0)", NULL);
    case_raw(k, "insert into plan_point (study_id, version_id, month_on, enrolled) values (1, 1, '2026-03-01', 10), (1, 1, '2026-04-01', 20)", NULL);
    case_raw(k, "insert into site_plan (study_id, study_site_id, planned_on, opened_on) values (1, 1, '2026-02-01', '2026-02-10'), (1, 2, '2026-02-01', '2026-02-20')", NULL);
}

static struct core_case *
begin(void **state)
{
    struct core_case *k = case_use(state);
    struct migration all[] = {
        {"core", "0001-core.sql", file_text(k->mem, SOURCE "/core/schema/0001-core.sql")},
        {"studies", "0001-study.sql", file_text(k->mem, SOURCE "/features/studies/schema/0001-study.sql")},
        {"recruitment", "0001-recruitment.sql", file_text(k->mem, SOURCE "/features/recruitment/schema/0001-recruitment.sql")},
    };
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, all, 3, false, &report));
    fill(k);
    return k;
}

/* Everything the forecast says, as text; the refusal where there is none. */
static const char *
say(struct core_case *k, int32_t as_of)
{
    struct forecast_of f;
    struct buf b;
    buf_init(&b, k->mem);
    assert_ok(recruitment_forecast(&k->c, 1, as_of, &f));
    if (!f.result)
        return f.refusal;
    view_json_pretty(&b, forecast_json(k->mem, f.result, &f.data->notes));
    return buf_text(&b);
}

/* What is said with the keep, twice, and without it. The same three times. */
static const char *
said(struct core_case *k, int32_t as_of)
{
    struct keep *keep = k->inst.keep;
    const char *first = say(k, as_of), *again = say(k, as_of);
    k->inst.keep = NULL;
    const char *fresh = say(k, as_of);
    k->inst.keep = keep;
    assert_string_equal(first, fresh);
    assert_string_equal(again, fresh);
    return fresh;
}

static const char *const changes[] = {
    "insert into participant (study_id, study_site_id, code, twin, enrolled_on, status, import_id) values (1, 1, 'NEW', 0, '2026-05-20', 'enrolled', 1)",
    "delete from participant where code = 'NEW'", /* an import taken back */
    "update participant set enrolled_on = '2026-05-21' where code = 'P11'",
    "update participant set study_site_id = 2 where code = 'P10'",
    "update recruitment set target = 41",
    "update recruitment set deadline = '2026-11-30'",
    "update recruitment set enrolled_means = 'treated'",
    "update recruitment set enrolled_means = 'consented'",
    "update site_plan set opened_on = '2026-02-12' where study_site_id = 1",
    "update site_plan set closed_on = '2026-05-25' where study_site_id = 2",
    "insert into site_pause (study_id, study_site_id, from_on, to_on) values (1, 1, '2026-04-01', '2026-04-20')",
    "update site_pause set to_on = '2026-04-21'",
    "insert into study_site (id, ref, study_id, organisation_id, number, country, ordinal, sort_key, origin, compartment, created) values (3, 'three', 1, 1, '3', 'GB', 2, '3', 'typed', 0, 0)",
    "insert into site_plan (study_id, study_site_id, planned_on) values (1, 3, '2026-07-01')",
    "update site_plan set planned_on = '2026-08-01' where study_site_id = 3",
    "insert into plan_version (id, study_id, number, created) values (2, 1, 2, 0)",
    "insert into plan_point (study_id, version_id, month_on, enrolled) values (1, 2, '2026-03-01', 30)",
    "update recruitment set target = null",
    "update recruitment set target = 40",
    "delete from participant",
};

/* Each of them changes what is said, but those that undo the one before (and must say as before). */
static void
test_changes(void **state)
{
    struct core_case *k = begin(state);
    k->inst.keep = keep_new(k->mem, 1 << 20);
    int32_t day;
    assert_true(date_parse("2026-06-01", &day));
    const char *before = said(k, day), *first = before;
    size_t same = 0;
    assert_true(keep_used(k->inst.keep) > 0);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        case_raw(k, changes[i], NULL);
        const char *now = said(k, day);
        if (i == 1)
            assert_string_equal(now, first);
        same += strcmp(now, before) == 0;
        before = now;
    }
    /* a site without an opening, and a plan's version without points, say nothing yet */
    assert_true(same <= 2);
}

static void
test_days(void **state)
{
    struct core_case *k = begin(state);
    k->inst.keep = keep_new(k->mem, 1 << 20);
    int32_t day;
    assert_true(date_parse("2026-05-01", &day));
    for (int i = 0; i < 40; i++)
        assert_string_not_equal(said(k, day + i), said(k, day + i + 1));
}

/* ---- the room ---- */

static void
key(unsigned char ret[static KEEP_KEY], int i)
{
    memset(ret, 0, KEEP_KEY);
    memcpy(ret + 8, &i, sizeof i);
    ret[0] = (unsigned char)(i % 3); /* long chains */
}

static void
test_room(void **state)
{
    enum { MOST = 64 << 10, N = 1000, SIZE = 1000 };
    struct arena *a = arena_new(0);
    struct keep *k = keep_new(a, MOST);
    unsigned char id[KEEP_KEY], data[SIZE] = {0};
    const void *got;
    size_t n;
    for (int i = 0; i < N; i++) {
        key(id, i);
        memcpy(data, &i, sizeof i);
        keep_put(k, id, data, sizeof data);
        assert_true(keep_used(k) <= MOST);
        key(id, 0); /* asked for all the time: stays */
        assert_true(keep_get(k, id, a, &got, &n));
    }
    key(id, N - 1);
    assert_true(keep_get(k, id, a, &got, &n));
    assert_int_equal(n, SIZE);
    int value;
    memcpy(&value, got, sizeof value);
    assert_int_equal(value, N - 1);
    key(id, 1);
    assert_false(keep_get(k, id, a, &got, &n));
    size_t used = keep_used(k);
    keep_put(k, id, arena_alloc(a, MOST), MOST / 4); /* too large a share */
    assert_int_equal(keep_used(k), used);
    keep_put(k, id, data, 0);
    assert_true(keep_get(k, id, a, &got, &n));
    assert_int_equal(n, 0);
    assert_false(keep_get(NULL, id, a, &got, &n));
    arena_free(a);
}

static void *
busy(void *arg)
{
    struct arena *a = arena_new(0);
    unsigned char id[KEEP_KEY];
    uintptr_t wrong = 0;
    for (int i = 0; i < 20000; i++) {
        const void *got;
        size_t n;
        int x = i * 7 % 199, value;
        key(id, x);
        if (keep_get(arg, id, a, &got, &n)) {
            memcpy(&value, got, sizeof value);
            wrong += value != x || n != 100 + (size_t)x;
        } else {
            char data[400] = {0};
            memcpy(data, &x, sizeof x);
            keep_put(arg, id, data, 100 + (size_t)x);
        }
        arena_reset(a);
    }
    arena_free(a);
    return (void *)wrong;
}

static void
test_threads(void **state)
{
    struct arena *a = arena_new(0);
    struct keep *k = keep_new(a, 16 << 10);
    pthread_t t[4];
    for (size_t i = 0; i < COUNT_OF(t); i++)
        assert_int_equal(pthread_create(&t[i], NULL, busy, k), 0);
    for (size_t i = 0; i < COUNT_OF(t); i++) {
        void *wrong;
        pthread_join(t[i], &wrong);
        assert_null(wrong);
    }
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {BOTH(test_changes), BOTH(test_days), cmocka_unit_test(test_room),
                                       cmocka_unit_test(test_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
