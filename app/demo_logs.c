/* demo_logs.c: the demonstration's enrolment logs: real ones, moved by whole weeks so that each stands
 * in its middle on the demonstration's day. The page of each study says by how much. */
#include "app/demo.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "features/recruitment/recruitment.h"
#include "features/studies/studies.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct log_of {
    const char *file, *code, *title, *phase, *about;
} logs[] = {
    {"cgd.csv", "CGD-1989", "Gamma interferon in chronic granulomatous disease", "PHASE3",
     "The enrolment log of the trial of 1988 to 1989, as published with the R package survival (LGPL-2 or later)."},
    {"platcov.csv", "PLATCOV", "PLATCOV: adaptive platform trial in early COVID-19", "PHASE2",
     "The enrolment log as published by the trial's investigators (CC0)."},
    {"clindata_screening.csv", "CLINDATA-301", "A phase 3 study in three countries", "PHASE3",
     "The screening log of an anonymised, partly synthetic study: Gilead-BioStats/clindata (Apache-2.0)."},
    {"rhdnase.csv", "RHDNASE", "rhDNase in cystic fibrosis", "PHASE3",
     "The enrolment log of the trial of 1992, as published with the R package survival (LGPL-2 or later)."},
};

struct log_job {
    const struct log_of *log;
    const char *data;
    size_t n;
    int32_t first, middle, last, shift;
    int64_t enrolled, study, site;
};

static err_t
read_file(struct ctx *c, const char *path, const char **ret, size_t *ret_n)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    struct buf b;
    buf_init(&b, c->mem);
    char part[65536];
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(&b, part, n);
    fclose(f);
    *ret = buf_text(&b);
    *ret_n = b.len;
    return NULL;
}

static int
by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

/* First, middle and last enrolment: where the log has to be moved to. */
static err_t
measure(struct ctx *c, struct log_job *j)
{
    struct csv csv;
    const char *note;
    TRY(csv_parse(c->mem, j->data, j->n, ',', &csv, &note));
    int32_t *day = arena_alloc(c->mem, csv.n * sizeof *day);
    size_t n = 0;
    for (size_t i = 1; i < csv.n; i++) {
        bool failed = csv.rows[i].n > 4 && strstr(csv.rows[i].cell[4], "fail");
        if (csv.rows[i].n > 3 && !failed && date_parse(csv.rows[i].cell[3], &day[n]))
            n++;
    }
    if (n < 4)
        return err_new(c->mem, E_BAD_INPUT, "The log %s holds too few enrolments.", j->log->file);
    qsort(day, n, sizeof *day, by_day);
    j->first = day[0];
    j->middle = day[n / 2];
    j->last = day[n - 1];
    j->enrolled = (int64_t)n;
    int32_t weeks = (c->today - j->middle) / 7;
    j->shift = weeks * 7;
    return NULL;
}

static err_t
make_study(struct ctx *c, void *arg)
{
    struct log_job *j = arg;
    char start[DATE_TEXT], deadline[DATE_TEXT];
    date_iso(j->first + j->shift, start);
    int32_t end = j->first + (int32_t)((j->last - j->first) * 0.9) + j->shift;
    date_iso(end, deadline);
    struct study_new s = {.code = j->log->code, .title = j->log->title, .status = "RECRUITING", .study_type = "INTERVENTIONAL",
                          .phases = j->log->phase, .enrolment = j->enrolled, .enrolment_type = "ESTIMATED", .operator_ = c->inst->home,
                          .summary = arena_printf(c->mem,
                                                  "%s\n\nMoved by %d weeks for this demonstration, so that today stands "
                                                  "in its middle. The plan and the deadline are drawn for the "
                                                  "demonstration: the log carries none.",
                                                  j->log->about, (int)(j->shift / 7)),
                          .start_on = start, .origin = "tracker"};
    const char *ref;
    TRY(study_create(c, &s, &j->study, &ref));
    struct thing t = {0};
    TRY(study_thing(c, j->study, &t));
    record_about(c, "study", j->study, s.code, &t);
    record_change(c, "study", s.code, "title", NULL, s.title);
    struct target_set target = {.study = j->study, .target = j->enrolled, .means = MEANS_RANDOMISED, .deadline = deadline};
    TRY(recruitment_targets(c, &target));
    TRY(recruitment_plan_line(c, j->study, j->first + j->shift, end, j->enrolled, "drawn for the demonstration"));
    return study_relist(c, j->study);
}

static err_t
bring_in(struct ctx *c, void *arg)
{
    struct log_job *j = arg;
    struct import_how how = {.kind = IMPORT_LOG, .study = j->study, .file_name = j->log->file, .data = j->data, .n = j->n, .shift_days = j->shift};
    struct import_plan *plan;
    struct import_result result;
    TRY(import_read(c, &how, &plan, &result));
    return import_apply(c, plan, &result);
}

err_t
demo_enrolment(struct ctx *c, const char *folder, int64_t *ret_study)
{
    for (size_t i = 0; i < COUNT_OF(logs); i++) {
        struct ctx own = *c;
        own.mem = arena_new((size_t)256 << 20);
        struct log_job j = {.log = &logs[i]};
        err_t e = read_file(&own, arena_printf(own.mem, "%s/%s", folder, logs[i].file), &j.data, &j.n);
        if (!e)
            e = measure(&own, &j);
        if (!e)
            e = record_transaction(&own, &(struct record_work){"study.create", NULL, "demonstration", make_study, &j});
        if (!e)
            e = record_transaction(&own, &(struct record_work){"import.apply", NULL, "demonstration", bring_in, &j});
        e = err_keep(c->mem, e);
        arena_free(own.mem);
        TRY(e);
        if (i == 0)
            *ret_study = j.study;
    }
    return NULL;
}
