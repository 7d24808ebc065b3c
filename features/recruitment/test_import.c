/* test_import.c: files into a study and out again, on both engines: what is taken, what is known
 * already, what is refused and asked. The published logs of samples/enrolment come in whole. */
#include "core/test_case.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "core/sheet_fixture.h"
#include "features/recruitment/forecast_file.h"
#include "features/recruitment/import_draft.h"
#include "features/studies/studies.h"

#include <stdio.h>
#include <string.h>

/* ---- a study to bring files into ---- */

static const char *
file_text(struct arena *a, const char *path, size_t *ret_n)
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
    *ret_n = b.len;
    return buf_text(&b);
}

static struct core_case *
begin(void **state)
{
    struct core_case *k = case_use(state);
    size_t n;
    struct migration all[] = {
        {"core", "0001-core.sql", file_text(k->mem, SOURCE "/core/schema/0001-core.sql", &n)},
        {"studies", "0001-study.sql", file_text(k->mem, SOURCE "/features/studies/schema/0001-study.sql", &n)},
        {"recruitment", "0001-recruitment.sql", file_text(k->mem, SOURCE "/features/recruitment/schema/0001-recruitment.sql", &n)},
    };
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, all, 3, false, &report));
    return k;
}

struct newcomer {
    const char *code;
    int64_t id;
};

static err_t
add_study(struct ctx *c, void *arg)
{
    struct newcomer *n = arg;
    const char *ref;
    TRY(study_create(c, &(struct study_new){.code = n->code, .title = "A study", .enrolment = -1, .origin = "typed"}, &n->id, &ref));
    record_change(c, "study", n->code, "title", NULL, "A study");
    return NULL;
}

static int64_t
study(struct core_case *k, const char *code)
{
    struct newcomer n = {.code = code};
    assert_ok(case_write(k, "study.create", add_study, &n));
    return n.id;
}

struct job {
    struct import_how how;
    struct import_plan *plan;
    struct import_result read, done;
    const char *why;
};

static err_t
apply(struct ctx *c, void *arg)
{
    struct job *j = arg;
    return import_apply(c, j->plan, &j->done);
}

static err_t
bring(struct core_case *k, struct job *j)
{
    j->how.file_name = "file.csv";
    if (!j->how.n)
        j->how.n = strlen(j->how.data);
    TRY(import_read(&k->c, &j->how, &j->plan, &j->read));
    return record_transaction(&k->c, &(struct record_work){"import.apply", j->why, "command line (test)", apply, j});
}

static struct job
log_of(int64_t s, const char *csv)
{
    return (struct job){.how = {.kind = IMPORT_LOG, .study = s, .data = csv}};
}

/* Brings in text that must come in, and checks added, known, changed, sites made. */
static void
take(struct core_case *k, struct job j, int64_t added, int64_t known, int64_t changed, int64_t made)
{
    err_t e = bring(k, &j);
    if (e)
        fail_msg("%s", err_line(k->mem, e));
    assert_int_equal(j.done.added, added);
    assert_int_equal(j.done.known, known);
    assert_int_equal(j.done.changed, changed);
    assert_int_equal(j.done.sites_made, made);
    assert_int_equal(j.read.added, added); /* the preview says the same */
}

static int64_t
count(struct core_case *k, const char *from)
{
    return case_number(k, arena_printf(k->mem, "select count(*) from %s", from));
}

struct back_job {
    int64_t study;
    const char *ref;
};

static err_t
take_back(struct ctx *c, void *arg)
{
    const struct back_job *j = arg;
    return import_back(c, j->study, j->ref, "the wrong file");
}

/* The ref of the newest file, out of the database. */
static const char *
newest_ref(struct core_case *k)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    struct buf b;
    buf_init(&b, k->mem);
    for (int i = 1; i <= 10; i++) {
        for (const char *p = letters; *p; p++) {
            if (case_number(k, arena_printf(k->mem, "select count(*) from import_file where id = (select max(id) from "
                                                    "import_file) and substr(ref, %d, 1) = '%c'", i, *p)))
                buf_char(&b, *p);
        }
    }
    return buf_text(&b);
}

static err_t
back(struct core_case *k, int64_t s, const char *ref, const char *why)
{
    struct back_job j = {s, ref};
    return record_transaction(&k->c, &(struct record_work){"import.back", why, "command line (test)", take_back, &j});
}

/* ---- the published logs ---- */

static void
samples_come_in_once(void **state)
{
    static const struct {
        const char *file;
        int64_t rows, sites, failed;
    } logs[] = {
        {"cgd", 128, 13, 0},
        {"rhdnase", 647, 51, 0},
        {"platcov", 2149, 6, 0},
        {"platcov_screening_failures", 169, 4, 169},
        {"clindata_randomised", 1301, 176, 0},
        {"clindata_screening", 2387, 190, 1086},
    };
    struct core_case *k = begin(state);
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        int64_t s = study(k, logs[i].file);
        struct job j = {.how = {.kind = IMPORT_LOG, .study = s}};
        j.how.data = file_text(k->mem, arena_printf(k->mem, SOURCE "/samples/enrolment/%s.csv", logs[i].file), &j.how.n);
        int64_t organisations = count(k, "organisation"), records = count(k, "record");
        take(k, j, logs[i].rows, 0, 0, logs[i].sites);
        const char *where = arena_printf(k->mem, "participant where study_id = %lld", (long long)s);
        assert_int_equal(count(k, where), logs[i].rows);
        assert_int_equal(count(k, arena_printf(k->mem, "%s and enrolled_on is not null", where)), logs[i].rows - logs[i].failed);
        assert_int_equal(count(k, arena_printf(k->mem, "%s and failed_on is not null", where)), logs[i].failed);
        assert_int_equal(count(k, "record"), records + 1);
        int64_t files = count(k, "import_file");
        take(k, j, 0, logs[i].rows, 0, 0); /* again: nothing, and no row of the record */
        assert_int_equal(count(k, "record"), records + 1);
        assert_int_equal(count(k, "import_file"), files);
        assert_ok(back(k, s, newest_ref(k), "the wrong file"));
        assert_int_equal(count(k, where), 0);
        assert_int_equal(count(k, "organisation"), organisations);
        assert_int_equal(count(k, arena_printf(k->mem, "study_site where study_id = %lld", (long long)s)), 0);
        assert_int_equal(count(k, "record"), records + 2);
        take(k, j, logs[i].rows, 0, 0, logs[i].sites);
    }
}

/* ---- what is refused ---- */

/* "row 3, Date, 2024-02-31: ..." one a line, as far as the reason's first words. */
static void
check_refused(struct core_case *k, const struct import_result *x, const char *const *want)
{
    size_t n = 0;
    for (; want[n]; n++) {
        if (n >= x->n_refused)
            fail_msg("not refused: %s", want[n]);
        const struct refused_row *r = &x->refused[n];
        const char *is = arena_printf(k->mem, "%zu %s “%s”: %s", r->row, r->column, r->value, r->reason);
        if (!str_starts(is, want[n]))
            fail_msg("is:   %s\nwant: %s", is, want[n]);
    }
    if (n < x->n_refused)
        fail_msg("refused too: %zu %s %s", x->refused[n].row, x->refused[n].value, x->refused[n].reason);
}

static const char wrong_rows[] =
    "Site,Country,Subject,Date,Status\n"
    "Leeds,United Kingdom,S-1,2024-01-05,randomised\n"
    ",United Kingdom,S-2,2024-01-06,randomised\n"
    "Leeds,Atlantis,S-3,2024-01-07,randomised\n"
    "Leeds,United Kingdom,S-4,2024-02-31,randomised\n"
    "Leeds,United Kingdom,S-5,2024-02-11,teleported\n"
    "Leeds,United Kingdom,S-6,,randomised\n"
    "Leeds,United Kingdom,S-7,2031-01-01,randomised\n"
    "York,United Kingdom,S-1,2024-01-05,randomised\n"
    "Leeds,United Kingdom,S-1,2024-01-09,randomised\n"
    "Leeds,United Kingdom,S-8,2024-03-01,randomised\n"
    "Leeds,United Kingdom,S-9,2024,randomised\n";
static const char *const wrong_reasons[] = {
    "3 Site “”: The site is missing.",
    "4 Country “Atlantis”: This country is not known.",
    "5 Date “2024-02-31”: ",
    "6 Status “teleported”: The status “teleported” is not known.",
    "7 Date “”: The row has no date.",
    "8 Date “2031-01-01”: ",
    "9 Site “York”: Participant S-1 is at site Leeds in row 2 already.",
    "10 Date “2024-01-09”: The date of randomisation of participant S-1 is 2024-01-05 in row 2 already.",
    "12 Date “2024”: ",
    NULL,
};

static void
wrong_rows_are_named_and_nothing_taken(void **state)
{
    struct core_case *k = begin(state);
    struct job j = log_of(study(k, "A-1"), wrong_rows);
    int64_t records = count(k, "record");
    err_t e = bring(k, &j);
    assert_err(e, E_BAD_INPUT);
    check_refused(k, &j.read, wrong_reasons);
    size_t n = 0;
    for (err_t i = e->next; i; i = i->next) {
        assert_true(str_starts(i->place, arena_printf(k->mem, "row %zu, ", j.read.refused[n].row)));
        n++;
    }
    assert_int_equal(n, j.read.n_refused);
    assert_int_equal(count(k, "participant"), 0);
    assert_int_equal(count(k, "study_site"), 0);
    assert_int_equal(count(k, "import_file"), 0);
    assert_int_equal(count(k, "record"), records);
}

static void
wrong_rows_of_a_workbook(void **state)
{
    static const char strings[] = "<si><t>Centre</t></si><si><t>Patient no.</t></si><si><t>Randomisation date</t></si>"
                                  "<si><t>Leeds</t></si><si><t>A</t></si><si><t>soon</t></si>";
    static const char rows[] =
        "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"B3\" t=\"s\"><v>1</v></c><c r=\"C3\" t=\"s\"><v>2</v></c></row>"
        "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>3</v></c><c r=\"B4\" s=\"2\"><v>7</v></c><c r=\"C4\" s=\"1\"><v>45356</v></c></row>"
        "<row r=\"5\"><c r=\"A5\" t=\"s\"><v>3</v></c><c r=\"B5\" s=\"2\"><v>8</v></c><c r=\"C5\" t=\"s\"><v>5</v></c></row>"
        "<row r=\"7\"><c r=\"B7\" s=\"2\"><v>9</v></c><c r=\"C7\" s=\"1\"><v>45358</v></c></row>"
        "<row r=\"8\"><c r=\"A8\" t=\"s\"><v>3</v></c><c r=\"B8\" s=\"2\"><v>10</v></c><c r=\"C8\" s=\"1\"><v>45359</v></c></row>";
    static const char *const styles[] = {"dd/mm/yyyy", "000", NULL};
    static const char *const want[] = {"5 Randomisation date “soon”: ", "7 Centre “”: The site is missing.", NULL};
    static const char *const mapping[] = {"SITE=Centre", "SUBJECT=B", "RANDOMISED=#3"};
    struct core_case *k = begin(state);
    struct job j = {.how = {.kind = IMPORT_LOG, .study = study(k, "A-1"), .mapping = mapping, .n_mapping = 3}};
    j.how.data = sheet_fixture_book(k->mem, rows, styles, strings, "", &j.how.n);
    assert_err(bring(k, &j), E_BAD_INPUT);
    check_refused(k, &j.read, want);
    char *good = arena_strdup(k->mem, rows);
    memcpy(strstr(good, "<v>5</v>"), "<v>3</v>", 8); /* still no date */
    char *from = strstr(good, "<row r=\"5\">"), *to = strstr(good, "<row r=\"8\">");
    memmove(from, to, strlen(to) + 1);
    j.how.data = sheet_fixture_book(k->mem, good, styles, strings, "", &j.how.n);
    take(k, j, 2, 0, 0, 1);
    assert_int_equal(count(k, "participant where code = '007' and enrolled_on = '2024-03-05'"), 1);
    take(k, j, 0, 2, 0, 0);
}

static void
columns_that_identify_stop_it(void **state)
{
    struct core_case *k = begin(state);
    struct job j = log_of(study(k, "A-1"), "site,subject,date of birth,date,status\nLeeds,1,1961-04-05,2024-01-05,randomised\n"
                                           "Leeds,2,1949-12-01,2024-01-06,randomised\n");
    assert_err(bring(k, &j), E_BAD_INPUT);
    j.how.mapping = (const char *const[]){"DATE=date"}; /* not to be switched off by hand */
    j.how.n_mapping = 1;
    assert_err(bring(k, &j), E_BAD_INPUT);
    assert_int_equal(count(k, "participant"), 0);
}

static void
allocation_is_left_out(void **state)
{
    struct core_case *k = begin(state);
    struct job j = log_of(study(k, "A-1"), "site,subject,treatment arm,date,status\nLeeds,1,placebo,2024-01-05,randomised\n"
                                           "Leeds,2,active,2024-01-06,randomised\n");
    take(k, j, 2, 0, 0, 1);
    j.how.n = strlen(j.how.data);
    assert_ok(import_read(&k->c, &j.how, &j.plan, &j.read));
    assert_int_equal(j.read.n_notes, 1);
    assert_non_null(strstr(j.read.notes[0], "treatment arm"));
    assert_int_equal(case_number(k, "select count(*) from record_body where body like '%placebo%'"), 0);
}

/* ---- what is asked ---- */

static void
ambiguous_dates_are_asked_about(void **state)
{
    struct core_case *k = begin(state);
    struct job j = log_of(study(k, "A-1"), "site,subject,randomisation date\nLeeds,1,03/04/2024\nLeeds,2,05/06/2024\n");
    err_t e = bring(k, &j);
    assert_err(e, E_BAD_INPUT);
    assert_string_equal(e->field, "dates");
    struct import_look look;
    assert_ok(import_look(&k->c, &j.how, &look));
    assert_int_equal(look.n_questions, 1);
    assert_int_equal(look.questions[0].n, 2);
    j.how.order = "dmy";
    take(k, j, 2, 0, 0, 1);
    assert_int_equal(count(k, "participant where enrolled_on = '2024-04-03'"), 1);
    j.how.order = "mdy"; /* another answer contradicts what is there */
    assert_err(bring(k, &j), E_BAD_INPUT);
    assert_int_equal(j.read.n_refused, 2);
}

static void
months_keep_their_precision(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    take(k, log_of(s, "site,subject,randomisation date\nLeeds,1,2024-03\nLeeds,2,2024-04-17\n"), 2, 0, 0, 1);
    assert_int_equal(count(k, "participant where code = '1' and enrolled_on = '2024-03'"), 1);
    /* the day makes the month exact; the month of a known day says nothing new */
    take(k, log_of(s, "site,subject,randomisation date\nLeeds,1,2024-03-12\nLeeds,2,2024-04\n"), 0, 1, 1, 0);
    assert_int_equal(count(k, "participant where code = '1' and enrolled_on = '2024-03-12'"), 1);
    assert_ok(back(k, s, newest_ref(k), "the wrong file"));
    assert_int_equal(count(k, "participant where code = '1' and enrolled_on = '2024-03'"), 1);
    struct job moved = log_of(study(k, "A-2"), "site,subject,randomisation date\nLeeds,1,2024-03\nLeeds,2,2024-04-17\n");
    moved.how.shift_days = 70;
    take(k, moved, 2, 0, 0, 1);
    assert_int_equal(count(k, "participant where enrolled_on = '2024-05'"), 1);
    assert_int_equal(count(k, "participant where enrolled_on = '2024-06-26'"), 1);
}

static void
doubt_and_mapping(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    struct job j = log_of(s, "Where,Who,When\nLeeds,1,2024-03-01\nYork,2,2024-04-17\n");
    assert_err(bring(k, &j), E_BAD_INPUT);
    j.how.mapping = (const char *const[]){"SITE=where", "SUBJECT=B", "RANDOMISED=#3"};
    j.how.n_mapping = 3;
    take(k, j, 2, 0, 0, 2);
    j.how.mapping = (const char *const[]){"SITE=Nowhere", "SUBJECT=B", "RANDOMISED=#3"};
    assert_err(bring(k, &j), E_BAD_INPUT);
    j.how.mapping = (const char *const[]){"PLACE=Where"};
    j.how.n_mapping = 1;
    assert_err(bring(k, &j), E_BAD_INPUT);
}

/* One study of a file of several: its own by its code, else the one that is said. */
static void
several_studies_in_one_file(void **state)
{
    struct core_case *k = begin(state);
    static const char csv[] = "study,site,subject,date\nA-1,Leeds,1,2024-03-01\nB 2,York,1,2024-04-17\na-1,Leeds,2,2024-03-02\n"
                              "B 2,York,2,2024-04-18\nB 2,York,3,2024-04-19\nA-1,Leeds,3,2024-03-04\n";
    int64_t s = study(k, "A-1");
    take(k, log_of(s, csv), 3, 0, 0, 1);
    assert_int_equal(count(k, "import_file where n_rows = 3"), 1);
    take(k, log_of(s, csv), 0, 3, 0, 0);
    struct job j = log_of(study(k, "C-3"), csv);
    err_t e = bring(k, &j);
    assert_err(e, E_BAD_INPUT);
    assert_string_equal(e->field, "study");
    assert_non_null(strstr(e->text, "A-1 (3 rows), B 2 (3 rows)"));
    j.how.only = "b 2";
    take(k, j, 3, 0, 0, 1);
    assert_int_equal(count(k, "participant p join study_site s on s.id = p.study_site_id where s.label = 'York'"), 3);
    j.how.only = "D";
    assert_err(bring(k, &j), E_BAD_INPUT);
    struct job without = log_of(s, "site,subject,date\nLeeds,9,2024-03-09\nLeeds,8,2024-03-09\n");
    without.how.only = "A-1";
    assert_err(bring(k, &without), E_BAD_INPUT);
}

/* Counts per day or month: participants without codes; the same file again adds none. */
static void
counts_become_participants(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    static const char csv[] = "site,month,enrolled,screen failures\nLeeds,2024-03,3,2\nYork,2024-03,0,0\nLeeds,2024-04,2,\n";
    take(k, log_of(s, csv), 7, 0, 0, 1);
    assert_int_equal(count(k, "participant where code is null and enrolled_on = '2024-03'"), 3);
    assert_int_equal(count(k, "participant where failed_on = '2024-03' and status = 'screen_failed'"), 2);
    take(k, log_of(s, csv), 0, 7, 0, 0);
    take(k, log_of(s, "site,month,enrolled\nLeeds,2024-04,4\nLeeds,2024-05,2\n"), 4, 2, 0, 0);
    struct job wrong = log_of(s, "site,month,enrolled\nLeeds,2024-04,4.5\nLeeds,soon,2\n,2024-05,2\nLeeds,2024-05,900000\nLeeds,2024-06,3\n");
    assert_err(bring(k, &wrong), E_BAD_INPUT);
    check_refused(k, &wrong.read, (const char *const[]){"2 enrolled “4.5”: This should be a whole number from 0 to 10000000.",
                                                        "3 month “soon”: “soon” is not a date.",
                                                        "4 site “”: The site is missing.",
                                                        "5 enrolled “900000”: This is more than 20000 in one row.", NULL});
}

static void
a_file_of_one_site(void **state)
{
    struct core_case *k = begin(state);
    struct job j = log_of(study(k, "A-1"), "subject,date\n1,2024-03-01\n2,2024-03-02\n");
    err_t e = bring(k, &j);
    assert_err(e, E_BAD_INPUT);
    assert_string_equal(e->field, "site");
    j.how.site = "  Leeds ";
    take(k, j, 2, 0, 0, 1);
    assert_int_equal(count(k, "study_site where label = 'Leeds'"), 1);
}

/* A participant who is not enrolled may have no date yet; one who is must. */
static void
rows_without_a_date(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    take(k, log_of(s, "site,subject,date,status\nLeeds,1,,screened\nLeeds,2,2024-03-02,randomised\nLeeds,3,,screen failed\n"), 3, 0, 0, 1);
    struct job wrong = log_of(s, "site,subject,date,status\nLeeds,4,,randomised\nLeeds,5,2024-03-02,randomised\n");
    assert_err(bring(k, &wrong), E_BAD_INPUT);
    check_refused(k, &wrong.read, (const char *const[]){"2 date “”: The row has no date.", NULL});
}

/* A log in its own columns, forecast without a database, says what the plain format says. */
static void
any_log_is_forecast(void **state)
{
    struct core_case *k = begin(state);
    static const char plain[] = "site,date,status\nA,2020-01-12,\nA,2020-01-20,\nB,2020-01-25,screen_failed\nB,2020-02-02,\n"
                                "A,2020-02-15,\nB,2020-03-01,\nA,2020-03-20,\n";
    static const char own[] = "Our tracker;;;\nCentre;Patient name;Patient no;Randomised;Screen failed\nA;Ann Lee;1;12.01.2020;\n"
                              "A;Bo Lee;2;20.01.2020;\nB;Cy Lee;3;;25.01.2020\nB;Di Lee;4;02.02.2020;\nA;Ed Lee;5;15.02.2020;\n"
                              "B;Flo Lee;6;01.03.2020;\nA;Gus Lee;7;20.03.2020;\n";
    static const char sites[] = "Centre;Planned opening;Opened;Max\nB;15.01.2020;20.01.2020;30\nA;02.01.2020;02.01.2020;\nC;13.05.2020;;\n";
    static const char plain_sites[] = "site,opens_on,planned_on,cap\nB,2020-01-20,2020-01-15,30\nA,2020-01-02,2020-01-02,\nC,2020-05-13,2020-05-13,\n";
    struct forecast_files one = {.log = {.data = plain, .n = sizeof plain - 1}, .sites = plain_sites, .n_sites = sizeof plain_sites - 1,
                                 .options = {.target = 20}};
    struct forecast_files two = {.log = {.data = own, .n = sizeof own - 1}, .sites = sites, .n_sites = sizeof sites - 1, .options = {.target = 20}};
    struct view *a, *b;
    const char *const *notes;
    size_t n;
    assert_ok(forecast_files(&k->c, &one, &a, &notes, &n));
    assert_ok(forecast_files(&k->c, &two, &b, &notes, &n));
    struct buf x, y;
    buf_init(&x, k->mem);
    buf_init(&y, k->mem);
    view_json_pretty(&x, a);
    view_json_pretty(&y, b);
    assert_string_equal(buf_text(&x), buf_text(&y));
    two.log.data = "Centre;Randomised\nA;12.01.2020\nA;soon\nB;13.01.2020\n";
    two.log.n = strlen(two.log.data);
    err_t e = forecast_files(&k->c, &two, &b, &notes, &n);
    assert_err(e, E_BAD_INPUT);
    assert_string_equal(e->next->place, "row 3, Randomised");
}

/* ---- participants over time ---- */

static void
later_files_fill_what_was_empty(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    take(k, log_of(s, "site,subject,screening date,randomisation date\nLeeds,1,2024-03-01,\nLeeds,2,2024-03-02,2024-03-09\n"), 2, 0, 0, 1);
    static const char later[] = "site,subject,screening date,randomisation date,status\nLeeds,1,2024-03-01,2024-03-12,randomised\n"
                                "Leeds,2,,2024-03-09,withdrawn\nLeeds,3,2024-03-20,,screened\n";
    take(k, log_of(s, later), 1, 0, 2, 0);
    assert_int_equal(count(k, "participant where code = '1' and enrolled_on = '2024-03-12' and status = 'randomised'"), 1);
    assert_int_equal(count(k, "participant where code = '2' and status = 'withdrawn'"), 1);
    take(k, log_of(s, later), 0, 3, 0, 0);
    /* an older file moves nobody back */
    take(k, log_of(s, "site,subject,screening date,status\nLeeds,1,2024-03-01,screened\n"), 0, 1, 0, 0);
    struct job wrong = log_of(s, "site,subject,randomisation date\nLeeds,1,2024-03-13\n");
    assert_err(bring(k, &wrong), E_BAD_INPUT);
    check_refused(k, &wrong.read, (const char *const[]){"2 randomisation date “2024-03-13”: The date of randomisation of "
                                                        "participant 1 is 2024-03-12 here already.", NULL});
    assert_ok(back(k, s, newest_ref(k), "the wrong file"));
    assert_int_equal(count(k, "participant"), 2);
    assert_int_equal(count(k, "participant where code = '1' and enrolled_on is null and status = 'screened'"), 1);
    assert_int_equal(count(k, "participant where code = '2' and status = 'randomised'"), 1);
}

static void
screening_numbers_become_codes(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    take(k, log_of(s, "site,screening no,subject no,screening date,randomisation date\nLeeds,SC1,,2024-03-01,\nLeeds,SC2,R1,2024-03-02,2024-03-09\n"
                      "Leeds,SC3,R2,2024-03-02,2024-03-09\n"), 3, 0, 0, 1);
    take(k, log_of(s, "site,screening no,subject no,screening date,randomisation date\nLeeds,SC1,R3,2024-03-01,2024-03-15\nLeeds,SC2,R1,2024-03-02,2024-03-09\n"
                      "Leeds,SC3,R2,2024-03-02,2024-03-09\n"), 0, 2, 1, 0);
    assert_int_equal(count(k, "participant where code = 'R3' and screening_no = 'SC1' and enrolled_on = '2024-03-15'"), 1);
    take(k, log_of(s, "site,screening no,screening date\nLeeds,SC1,2024-03-01\n"), 0, 1, 0, 0);
    assert_int_equal(count(k, "participant"), 3);
}

static void
rows_without_codes_are_twins(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    take(k, log_of(s, "site,randomisation date\nLeeds,2024-03-01\nLeeds,2024-03-01\nYork,2024-03-01\n"), 3, 0, 0, 2);
    take(k, log_of(s, "site,randomisation date\nYork,2024-03-01\nLeeds,2024-03-01\nLeeds,2024-03-01\nLeeds,2024-03-01\n"), 1, 3, 0, 0);
    assert_int_equal(case_number(k, "select max(twin) from participant"), 2);
}

static void
enrolled_is_what_the_study_says(void **state)
{
    static const struct {
        const char *means, *column;
    } cases[] = {{"consented", "consented_on"}, {"randomised", "enrolled_on"}, {"treated", "treated_on"}, {"evaluable", "evaluable_on"}};
    struct core_case *k = begin(state);
    for (size_t i = 0; i < 4; i++) {
        int64_t s = study(k, cases[i].means);
        case_raw(k, arena_printf(k->mem, "insert into recruitment (study_id, enrolled_means) values (%lld, '%s')", (long long)s, cases[i].means), NULL);
        take(k, log_of(s, "site,subject,date,status\nLeeds,1,2024-03-01,enrolled\nLeeds,2,2024-03-02,discontinued\n"), 2, 0, 0, 1);
        assert_int_equal(count(k, arena_printf(k->mem, "participant where study_id = %lld and %s is not null", (long long)s, cases[i].column)), 2);
    }
}

/* A second row of a participant who is enrolled already says when they left. */
static void
logs_of_events(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    static const char events[] = "site,subject,date,status,reason\nLeeds,1,2024-03-01,screened,\nLeeds,1,2024-03-05,randomised,\n"
                                 "Leeds,1,2024-05-05,withdrawn,\nLeeds,2,2024-03-07,screen failed,too young\n";
    take(k, log_of(s, events), 2, 0, 0, 1);
    assert_int_equal(count(k, "participant where code = '1' and screened_on = '2024-03-01' and enrolled_on = '2024-03-05' and "
                              "left_on = '2024-05-05' and status = 'withdrawn'"), 1);
    assert_int_equal(count(k, "participant where code = '2' and failed_on = '2024-03-07' and failed_why = 'too young'"), 1);
    take(k, log_of(s, events), 0, 4, 0, 0);
}

/* ---- sites and plans ---- */

static void
labels_find_sites(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    struct job sites = {.how = {.kind = IMPORT_SITES, .study = s,
                                .data = "site number,site name,city,country\n012,Leeds General,Leeds,UK\n,St. Luc,Gent,Belgium\n,St. Luc,Paris,France\n"}};
    take(k, sites, 3, 0, 0, 3);
    take(k, log_of(s, "site,country,subject,randomisation date\n012,GB,1,2024-03-01\nLEEDS general,,2,2024-03-02\nst luc,Belgium,3,2024-03-03\n"
                      "New Place,Belgium,4,2024-03-04\n"), 4, 0, 0, 1);
    assert_int_equal(count(k, "participant p join study_site s on s.id = p.study_site_id where s.number = '012'"), 2);
    struct job wrong = log_of(s, "site,country,subject,randomisation date\n012,France,5,2024-03-01\nSt Luc,,6,2024-03-02\n");
    assert_err(bring(k, &wrong), E_BAD_INPUT);
    check_refused(k, &wrong.read, (const char *const[]){"2 site “012”: Site 012, Leeds General of the study is in another country: United Kingdom.",
                                                        "3 site “St Luc”: 2 sites of the study are called so. Give the site's number.", NULL});
}

static const char openings[] = "site,name,city,country,planned opening,opened,closed,suspended from,suspended to,goal,cap\n"
                               "1,Leeds General,Leeds,UK,2024-01-01,2024-02-01,,2024-03-01,2024-03-31,10,20\n"
                               "1,,,,,,,2024-05-01,,,\n2,York Hospital,York,UK,2024-01-15,2027-01-01,,,,5,\n";

static void
openings_come_in_and_go(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1"), organisations = count(k, "organisation");
    struct job j = {.how = {.kind = IMPORT_SITES, .study = s, .data = openings}};
    take(k, j, 2, 0, 0, 2);
    assert_int_equal(count(k, "site_plan where planned_on = '2024-01-01' and opened_on = '2024-02-01' and goal = 10 and cap = 20"), 1);
    assert_int_equal(count(k, "site_plan where planned_on = '2024-01-15' and opened_on is null"), 1); /* has not opened yet */
    assert_int_equal(count(k, "site_pause where from_on = '2024-03-01' and to_on = '2024-03-31'"), 1);
    assert_int_equal(count(k, "site_pause"), 2);
    int64_t records = count(k, "record");
    take(k, j, 0, 3, 0, 0);
    assert_int_equal(count(k, "record"), records);
    assert_ok(back(k, s, newest_ref(k), "the wrong file"));
    assert_int_equal(count(k, "study_site"), 0);
    assert_int_equal(count(k, "site_plan"), 0);
    assert_int_equal(count(k, "site_pause"), 0);
    assert_int_equal(count(k, "organisation"), organisations);
}

static void
changed_openings_need_a_reason(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    take(k, (struct job){.how = {.kind = IMPORT_SITES, .study = s, .data = openings}}, 2, 0, 0, 2);
    struct job j = {.how = {.kind = IMPORT_SITES, .study = s, .data = "site,opened,closed,suspended from,suspended to\n"
                                     "1,2024-02-03,,2024-05-01,2024-05-20\n2,2024-03-01,2024-06-01,,\n"}};
    assert_err(bring(k, &j), E_REASON);
    assert_true(j.read.needs_reason);
    assert_int_equal(count(k, "site_plan where opened_on = '2024-02-01'"), 1);
    j.why = "the initiation letter says so";
    take(k, j, 0, 0, 2, 0);
    assert_int_equal(count(k, "site_plan where opened_on = '2024-02-03' and goal = 10"), 1);
    assert_int_equal(count(k, "site_pause where to_on = '2024-05-20'"), 1);
    const char *ref = newest_ref(k);
    assert_err(back(k, s, ref, NULL), E_REASON);
    assert_ok(back(k, s, ref, "the wrong file"));
    assert_int_equal(count(k, "site_plan where opened_on = '2024-02-01'"), 1);
    assert_int_equal(count(k, "site_pause where to_on is null"), 1);
    assert_int_equal(count(k, "study_site"), 2);
    struct job wrong = {.how = {.kind = IMPORT_SITES, .study = s, .data = "site,city,opened,closed\n1,Bradford,2024-02-01,\n2,York,2024-02-01,2024-01-01\n1,,2024-02-02,\n"}};
    wrong.why = "no reason helps";
    assert_err(bring(k, &wrong), E_BAD_INPUT);
    check_refused(k, &wrong.read, (const char *const[]){"2 city “Bradford”: The city of site 1, Leeds General is Leeds.",
                                                        "3 closed “2024-01-01”: The closing lies before the opening of 2024-02-01.",
                                                        "4 opened “2024-02-02”: Row 2 says 2024-02-01 of the same site.", NULL});
}

static void
plans_have_versions(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    static const char first[] = "month,planned cumulative,site openings\n2024-01,5,3\n2024-02,12,2\n2024-03,30,\n";
    struct job j = {.how = {.kind = IMPORT_PLAN, .study = s, .data = first}};
    take(k, j, 3, 0, 0, 0);
    assert_int_equal(case_number(k, "select openings from plan_point where month_on = '2024-02-01'"), 5);
    int64_t records = count(k, "record");
    take(k, j, 0, 3, 0, 0);
    assert_int_equal(count(k, "record"), records);
    j.how.data = "month,planned per month\n2024-01,5\n2024-02,7\n2024-03,18\n2024-05,4\n";
    j.how.n = strlen(j.how.data);
    assert_err(bring(k, &j), E_REASON);
    j.how.reason = "two sites more";
    take(k, j, 4, 0, 0, 0);
    assert_int_equal(count(k, "plan_version where number = 2 and reason = 'two sites more'"), 1);
    assert_int_equal(count(k, "plan_point p join plan_version v on v.id = p.version_id where v.number = 2 and month_on = '2024-05-01' and enrolled = 34"), 1);
    assert_ok(back(k, s, newest_ref(k), "the wrong file"));
    assert_int_equal(count(k, "plan_version"), 1);
    assert_int_equal(count(k, "plan_point"), 3);
    struct job wrong = {.how = {.kind = IMPORT_PLAN, .study = s, .reason = "r", .data = "month,planned cumulative\n2024-01,5\n2024-02,4\n2024-02,9\nsoon,10\n2024-04,1.5\n",
                                .mapping = (const char *const[]){"PERIOD=A", "PLANNED_CUMULATIVE=B"}, .n_mapping = 2}};
    assert_err(bring(k, &wrong), E_BAD_INPUT);
    assert_int_equal(wrong.read.n_refused, 4);
    assert_int_equal(count(k, "plan_version"), 1);
}

/* ---- taking back ---- */

static void
only_the_newest_goes_back(void **state)
{
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1"), other = study(k, "A-2");
    take(k, log_of(s, "site,subject,randomisation date\nLeeds,1,2024-03-01\n"), 1, 0, 0, 1);
    const char *first = newest_ref(k);
    take(k, log_of(s, "site,subject,randomisation date\nLeeds,2,2024-03-02\n"), 1, 0, 0, 0);
    const char *second = newest_ref(k);
    assert_err(back(k, s, first, "wrong"), E_CONFLICT);
    assert_err(back(k, other, second, "wrong"), E_NOT_FOUND); /* of another study: as if there were none */
    assert_ok(back(k, s, second, "wrong"));
    assert_err(back(k, s, second, "wrong"), E_CONFLICT);
    assert_int_equal(count(k, "participant"), 1);
    /* a site that something else speaks of stays */
    take(k, (struct job){.how = {.kind = IMPORT_SITES, .study = s, .data = "site,opened,goal\nLeeds,2024-01-01,4\n"}}, 0, 0, 1, 0);
    assert_ok(back(k, s, first, "wrong"));
    assert_int_equal(count(k, "participant"), 0);
    assert_int_equal(count(k, "study_site"), 1);
}

/* ---- what waits for a person's answer ---- */

struct keep_job {
    int64_t study;
    const unsigned char *sealed;
    size_t n;
    const char *ref;
};

static err_t
keep_draft(struct ctx *c, void *arg)
{
    struct keep_job *j = arg;
    record_event(c);
    return draft_keep(c, j->study, IMPORT_LOG, "file.xlsx", j->sealed, j->n, &j->ref);
}

static void
kept_files_hold_no_more_than_they_may(void **state)
{
    static const char secrets[] = "site,subject,treatment arm,randomisation date\n\nLeeds,1,placebo,2024-01-05\n\"Le\neds\",2,verum,2024-01-06\n";
    struct core_case *k = begin(state);
    int64_t s = study(k, "A-1");
    struct who ann = {.person = case_person(k, "Ann"), .name = "Ann"}, bob = {.person = case_person(k, "Bob"), .name = "Bob"};
    struct keep_job j = {.study = s};
    k->c.who = &ann;
    assert_ok(draft_pack(&k->c, IMPORT_LOG, secrets, strlen(secrets), &j.sealed, &j.n));
    assert_null(memmem(j.sealed, j.n, "Leeds", 5)); /* sealed */
    assert_ok(case_write(k, "import.prepare", keep_draft, &j));
    struct draft d;
    assert_ok(draft_open(&k->c, s, j.ref, &d));
    assert_int_equal(d.n, 1);
    assert_null(memmem(d.sheets[0].data, d.sheets[0].n, "placebo", 7));
    assert_null(memmem(d.sheets[0].data, d.sheets[0].n, "verum", 5));
    struct sheet_book book; /* rows stand where they stood */
    assert_ok(sheet_read(k->mem, d.sheets[0].data, d.sheets[0].n, NULL, &book));
    assert_int_equal(book.sheets[0].rows[1].line, 3);
    assert_int_equal(book.sheets[0].rows[2].line, 4);
    assert_string_equal(book.sheets[0].rows[2].cells[0].text, "Le eds");
    struct import_how how = {.kind = IMPORT_LOG, .study = s, .file_name = "f", .data = d.sheets[0].data, .n = d.sheets[0].n};
    struct import_plan *plan;
    struct import_result x;
    assert_ok(import_read(&k->c, &how, &plan, &x));
    assert_int_equal(x.added, 2);
    k->c.who = &bob; /* nobody else's */
    assert_err(draft_open(&k->c, s, j.ref, &d), E_NOT_FOUND);
    k->c.who = &ann;
    k->c.now += (int64_t)8 * 86400 * S;
    struct keep_job later = j;
    assert_ok(case_write(k, "import.prepare", keep_draft, &later));
    assert_err(draft_open(&k->c, s, j.ref, &d), E_NOT_FOUND); /* older than a week */
    assert_ok(draft_open(&k->c, s, later.ref, &d));
}

static const char two_sheets[] = "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' "
    "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets><sheet name='Log' sheetId='1' r:id='a'/>"
    "<sheet name='People' sheetId='2' r:id='b'/></sheets></workbook>";
static const char two_rels[] = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
    "<Relationship Id='a' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/a.xml'/>"
    "<Relationship Id='b' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/b.xml'/>"
    "</Relationships>";
#define SHEET(rows) "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>" rows "</sheetData></worksheet>"
#define CELL(text) "<c t='inlineStr'><is><t>" text "</t></is></c>"
#define ROW(a, b, c) "<row>" CELL(a) CELL(b) CELL(c) "</row>"
static const char sheet_log[] = SHEET(ROW("site", "subject", "randomised") ROW("A", "1", "2024-01-05") ROW("A", "2", "2024-01-06"));
static const char sheet_names[] = SHEET(ROW("patient name", "subject", "since") ROW("Ann Lee", "1", "2024-01-05") ROW("Bo Lee", "2", "2024-01-06"));

static void
personal_files_are_not_kept(void **state)
{
    struct core_case *k = begin(state);
    const unsigned char *sealed;
    size_t n;
    const char *csv = "site,subject,date of birth,date\nLeeds,1,1961-04-05,2024-01-05\nLeeds,2,1949-12-01,2024-01-06\n";
    assert_err(draft_pack(&k->c, IMPORT_LOG, csv, strlen(csv), &sealed, &n), E_BAD_INPUT);
    /* a sheet that identifies participants goes, the others stay, and it is said */
    struct fixture_part parts[] = {
        {"xl/workbook.xml", two_sheets, 0}, {"xl/_rels/workbook.xml.rels", two_rels, 0}, {"xl/worksheets/a.xml", sheet_log, 0},
        {"xl/worksheets/b.xml", sheet_names, 0}, {"[Content_Types].xml", sheet_fixture_types, 0}, {"_rels/.rels", sheet_fixture_root_rels, 0},
    };
    size_t size;
    struct who ann = {.person = case_person(k, "Ann"), .name = "Ann"};
    struct keep_job j = {.study = study(k, "A-1")};
    struct draft d;
    char *book = sheet_fixture_zip(k->mem, parts, sizeof parts / sizeof *parts, &size);
    k->c.who = &ann;
    assert_ok(draft_pack(&k->c, IMPORT_LOG, book, size, &j.sealed, &j.n));
    assert_ok(case_write(k, "import.prepare", keep_draft, &j));
    assert_ok(draft_open(&k->c, j.study, j.ref, &d));
    assert_int_equal(d.n, 1);
    assert_string_equal(d.sheets[0].name, "Log");
    assert_int_equal(d.n_notes, 1);
    assert_non_null(strstr(d.notes[0], "Sheet “People” is not kept. Column A (“patient name”) looks like names"));
    csv = "just one line";
    assert_err(draft_pack(&k->c, IMPORT_LOG, csv, strlen(csv), &sealed, &n), E_BAD_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(samples_come_in_once),          BOTH(wrong_rows_are_named_and_nothing_taken), BOTH(wrong_rows_of_a_workbook),
        BOTH(columns_that_identify_stop_it), BOTH(allocation_is_left_out),                 BOTH(ambiguous_dates_are_asked_about),
        BOTH(months_keep_their_precision),   BOTH(doubt_and_mapping),                      BOTH(later_files_fill_what_was_empty),
        BOTH(screening_numbers_become_codes), BOTH(rows_without_codes_are_twins),          BOTH(enrolled_is_what_the_study_says),
        BOTH(logs_of_events),                BOTH(labels_find_sites),                      BOTH(openings_come_in_and_go),
        BOTH(changed_openings_need_a_reason), BOTH(plans_have_versions),                   BOTH(only_the_newest_goes_back),
        BOTH(kept_files_hold_no_more_than_they_may), BOTH(personal_files_are_not_kept),
        BOTH(several_studies_in_one_file),   BOTH(counts_become_participants),             BOTH(a_file_of_one_site),
        BOTH(rows_without_a_date),           BOTH(any_log_is_forecast),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
