/* test_collection.c: whole collections of real records against counts made by another program: that
 * of samples/ctgov (SAMPLES), and the folder ctgov of a larger one when DATA names it. */
#include "base/arena.h"
#include "base/csv.h"
#include "base/str.h"
#include "features/registry/parse.h"
#include "features/registry/splitter.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int
setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *
whole_file(struct arena *a, const char *path, size_t *ret_n)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be opened", path);
    struct buf b;
    buf_init(&b, a);
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    fclose(f);
    *ret_n = b.len;
    return buf_text(&b);
}

static size_t
count_contacts(const struct registry_study *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_locations; i++)
        n += s->locations[i].n_contacts;
    return n;
}

static size_t
count_countries(const struct registry_study *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_locations; i++) {
        size_t k = 0;
        while (k < i && !str_eq(s->locations[k].country, s->locations[i].country))
            k++;
        n += k == i && !str_empty(s->locations[i].country);
    }
    return n;
}

/* The cell that our reading of a record gives for a column; NULL for a column we do not count. */
static const char *
our_cell(struct arena *a, const struct registry_study *s, const char *column)
{
    size_t points = 0, statuses = 0;
    for (size_t i = 0; i < s->n_locations; i++) {
        points += s->locations[i].point.given;
        statuses += s->locations[i].status != NULL;
    }
    struct buf phases;
    buf_init(&phases, a);
    for (size_t i = 0; i < s->phases.n; i++)
        buf_printf(&phases, "%s%s", i ? "|" : "", s->phases.v[i]);
    const struct {
        const char *column, *text;
        size_t n;
    } cells[] = {
        {"nctId", s->nct_id},
        {"briefTitle", str_or(s->brief_title, "")},
        {"overallStatus", str_or(s->status, "")},
        {"studyType", str_or(s->study_type, "")},
        {"phases", buf_text(&phases)},
        {"enrollment", s->enrolment.given ? NULL : "", (size_t)s->enrolment.n},
        {"enrollmentType", str_or(s->enrolment_type, "")},
        {"startDate", str_or(s->dates[REGISTRY_START].text, "")},
        {"primaryCompletionDate", str_or(s->dates[REGISTRY_PRIMARY_COMPLETION].text, "")},
        {"completionDate", str_or(s->dates[REGISTRY_COMPLETION].text, "")},
        {"lastUpdatePostDate", str_or(s->dates[REGISTRY_LAST_UPDATE_POST].text, "")},
        {"leadSponsor", str_or(s->lead_sponsor.name, "")},
        {"leadSponsorClass", str_or(s->lead_sponsor.class, "")},
        {"n_collaborators", NULL, s->n_collaborators},
        {"n_conditions", NULL, s->conditions.n},
        {"n_arms", NULL, s->n_arms},
        {"n_interventions", NULL, s->n_interventions},
        {"n_primaryOutcomes", NULL, s->n_primary_outcomes},
        {"n_secondaryOutcomes", NULL, s->n_secondary_outcomes},
        {"n_centralContacts", NULL, s->n_central_contacts},
        {"n_overallOfficials", NULL, s->n_officials},
        {"n_locations", NULL, s->n_locations},
        {"n_locations_with_geoPoint", NULL, points},
        {"n_locations_with_status", NULL, statuses},
        {"n_location_contacts", NULL, count_contacts(s)},
        {"n_countries", NULL, count_countries(s)},
        {"has_results", NULL, s->has_results == REGISTRY_YES},
    };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        if (strcmp(cells[i].column, column) == 0)
            return cells[i].text ? cells[i].text : arena_printf(a, "%zu", cells[i].n);
    }
    return NULL;
}

/* Reads one record through the splitter, compares its row, and checks it without its contacts. */
static void
compare_record(struct arena *a, const char *path, const struct csv_row *head,
               const struct csv_row *row)
{
    struct splitter *in;
    struct splitter_record r;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail_msg("%s cannot be opened", path);
    err_t e = splitter_open_fd(a, path, fd, NULL, &in);
    const struct registry_study *s = NULL;
    e = e ? e : splitter_next(in, &r);
    e = e ? e : parse_study(a, r.data, r.n, r.line, &s);
    if (e)
        fail_msg("%s", err_line(a, e));
    size_t compared = 0;
    for (size_t i = 0; i < row->n; i++) {
        const char *ours = our_cell(a, s, head->cell[i]);
        if (ours && strcmp(ours, row->cell[i]) != 0)
            fail_msg("%s %s: %s, not %s", s->nct_id, head->cell[i], ours, row->cell[i]);
        compared += ours != NULL;
    }
    assert_int_equal(compared, 27);
    const char *bare = NULL;
    assert_null(parse_without_contacts(a, r.data, r.n, &bare));
    const struct registry_study *without = NULL;
    assert_null(parse_study(a, bare, strlen(bare), 1, &without));
    assert_int_equal(without->n_locations, s->n_locations);
    assert_int_equal(without->n_officials, s->n_officials);
    assert_int_equal(without->n_central_contacts + count_contacts(without), 0);
    assert_null(splitter_next(in, &r));
    assert_null(r.data);
    close(fd);
}

static size_t
compare_collection(void **state, const char *counts, const char *folder)
{
    struct csv table;
    const char *note;
    size_t n;
    const char *bytes = whole_file(*state, counts, &n);
    assert_null(csv_parse(*state, bytes, n, ',', &table, &note));
    assert_string_equal(table.rows[0].cell[0], "nctId");
    for (size_t i = 1; i < table.n; i++) {
        struct arena *a = arena_new(0);
        compare_record(a, arena_printf(a, "%s/%s.json", folder, table.rows[i].cell[0]),
                       &table.rows[0], &table.rows[i]);
        arena_free(a);
    }
    return table.n - 1;
}

static void
agrees_on_the_samples(void **state)
{
    const char *folder = getenv("SAMPLES");
    assert_non_null(folder);
    assert_true(compare_collection(state, arena_printf(*state, "%s/expected_counts.csv", folder),
                                   folder) >= 50);
}

static void
agrees_on_a_collection(void **state)
{
    const char *data = getenv("DATA");
    const char *counts = arena_printf(*state, "%s/ctgov/expected_counts.csv", data ? data : "");
    if (!data || access(counts, R_OK) != 0)
        skip();
    assert_true(compare_collection(state, counts, arena_printf(*state, "%s/ctgov/studies", data)) >
                0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(agrees_on_the_samples, setup, teardown),
        cmocka_unit_test_setup_teardown(agrees_on_a_collection, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
