/* log_file.c: see log_file.h. */
#include "features/recruitment/log_file.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/str.h"
#include "features/recruitment/columns.h"
#include "models/forecast_json.h"

#include <math.h>
#include <string.h>

enum { MAX_TARGET = 100000000 };

/* A CSV file and where its columns are. */
struct log_sheet {
    struct arena *a;
    const char *file; /* "the log": how errors name it */
    struct csv csv;
    const char *const *names;
    size_t n_names;
    size_t column[8]; /* of each name, SIZE_MAX: not there */
};

static bool
same_name(const char *cell, const char *name)
{
    for (; *cell && *name; cell++, name++) {
        char c = *cell >= 'A' && *cell <= 'Z' ? (char)(*cell + ('a' - 'A')) : *cell;
        if (c != *name)
            return false;
    }
    return !*cell && !*name;
}

static err_t
sheet_open(struct arena *a, const char *file, const char *text, size_t n, const char *const *names,
           size_t n_names, size_t n_needed, struct log_sheet *ret)
{
    struct log_sheet s = {.a = a, .file = file, .names = names, .n_names = n_names};
    const char *note;
    err_t e = csv_parse(a, text, n, 0, &s.csv, &note);
    if (e)
        return err_at(a, e, "%s", file);
    if (s.csv.n == 0)
        return err_at(a, err_new(a, E_BAD_INPUT, "The file is empty."), "%s", file);
    for (size_t k = 0; k < n_names; k++) {
        s.column[k] = SIZE_MAX;
        for (size_t c = 0; c < s.csv.rows[0].n; c++) {
            if (!same_name(str_trim(a, s.csv.rows[0].cell[c]), names[k]))
                continue;
            if (s.column[k] != SIZE_MAX)
                return err_at(
                    a,
                    err_field(a, E_BAD_INPUT, names[k], "There are two columns \"%s\".", names[k]),
                    "%s, line %zu", file, s.csv.rows[0].line);
            s.column[k] = c;
        }
        if (k < n_needed && s.column[k] == SIZE_MAX)
            return err_at(a,
                          err_field(a, E_BAD_INPUT, names[k],
                                    "There is no column \"%s\". The first line names the columns.",
                                    names[k]),
                          "%s, line %zu", file, s.csv.rows[0].line);
    }
    *ret = s;
    return NULL;
}

/* The trimmed cell, "" where the column or the cell is not there. */
static const char *
cell(const struct log_sheet *s, size_t row, size_t name)
{
    const struct csv_row *r = &s->csv.rows[row];
    size_t c = s->column[name];
    return c < r->n ? str_trim(s->a, r->cell[c]) : "";
}

static err_t
wrong(const struct log_sheet *s, size_t row, size_t name, const char *text)
{
    return err_at(s->a,
                  err_field(s->a, E_BAD_INPUT, s->names[name], "\"%s\" in column %s: %s",
                            cell(s, row, name), s->names[name], text),
                  "%s, line %zu", s->file, s->csv.rows[row].line);
}

/* ---- the log ---- */

enum { LOG_SITE, LOG_DATE, LOG_COUNTRY, LOG_STATUS };
static const char *const log_names[] = {"site", "date", "country", "status"};

static err_t
read_status(const struct log_sheet *s, size_t row, enum enrolment_status *ret)
{
    const char *word = cell(s, row, LOG_STATUS);
    enum columns_status is;
    if (!*word) {
        *ret = ENROLMENT_ENROLLED;
        return NULL;
    }
    if (columns_status(s->a, word, &is))
        return wrong(s, row, LOG_STATUS, "it should be enrolled, screened or screen_failed.");
    *ret = is == COLUMNS_STATUS_SCREEN_FAILED                                     ? ENROLMENT_SCREEN_FAILED
           : is == COLUMNS_STATUS_SCREENED || is == COLUMNS_STATUS_CONSENTED ? ENROLMENT_SCREENED
                                                                                  : ENROLMENT_ENROLLED;
    return NULL;
}

static err_t
read_log_row(const struct log_sheet *s, size_t row, struct enrolment_row *ret)
{
    struct enrolment_row r = {.site = cell(s, row, LOG_SITE), .country = cell(s, row, LOG_COUNTRY)};
    if (!*r.site)
        return wrong(s, row, LOG_SITE, "the site is missing.");
    if (!date_parse_partial(cell(s, row, LOG_DATE), &r.precision, &r.day))
        return wrong(s, row, LOG_DATE, "it should be a date such as 2021-08-31 or 2021-08.");
    if (r.precision == DATE_YEAR)
        return wrong(s, row, LOG_DATE, "a year is not enough; at least the month is needed.");
    TRY(read_status(s, row, &r.status));
    *ret = r;
    return NULL;
}

static err_t
read_log(struct arena *a, const char *text, size_t n, struct enrolment_input *io)
{
    struct log_sheet s;
    TRY(sheet_open(a, "the log", text, n, log_names, sizeof log_names / sizeof *log_names, 2, &s));
    struct enrolment_row *rows = arena_alloc(a, s.csv.n * sizeof *rows);
    for (size_t i = 1; i < s.csv.n; i++)
        TRY(read_log_row(&s, i, &rows[i - 1]));
    io->row = rows;
    io->n_row = s.csv.n - 1;
    return NULL;
}

/* ---- the sites ---- */

enum { SITE_SITE, SITE_COUNTRY, SITE_OPENS, SITE_CLOSED, SITE_PLANNED, SITE_CAP };
static const char *const site_names[] = {"site",      "country",    "opens_on",
                                         "closed_on", "planned_on", "cap"};

static err_t
read_day(const struct log_sheet *s, size_t row, size_t name, bool *ret_has, int32_t *ret)
{
    const char *text = cell(s, row, name);
    *ret_has = *text != '\0';
    if (*text && !date_parse(text, ret))
        return wrong(s, row, name, "it should be a day such as 2021-08-31, or empty.");
    return NULL;
}

static err_t
read_site_row(const struct log_sheet *s, size_t row, struct enrolment_opening *ret)
{
    struct enrolment_opening r = {.site = cell(s, row, SITE_SITE),
                                  .country = cell(s, row, SITE_COUNTRY)};
    if (!*r.site)
        return wrong(s, row, SITE_SITE, "the site is missing.");
    TRY(read_day(s, row, SITE_OPENS, &r.has_opens, &r.opens_on));
    TRY(read_day(s, row, SITE_CLOSED, &r.has_closed, &r.closed_on));
    TRY(read_day(s, row, SITE_PLANNED, &r.has_planned, &r.planned_on));
    if (r.has_opens && r.has_closed && r.closed_on < r.opens_on)
        return wrong(s, row, SITE_CLOSED, "the site would close before it opens.");
    const char *cap = cell(s, row, SITE_CAP);
    if (*cap && (!str_int(cap, &r.cap) || r.cap < 1))
        return wrong(s, row, SITE_CAP, "it should be a whole number from 1 on, or empty.");
    *ret = r;
    return NULL;
}

static err_t
read_sites(struct arena *a, const char *text, size_t n, struct enrolment_input *io)
{
    struct log_sheet s;
    TRY(sheet_open(a, "the sites file", text, n, site_names, sizeof site_names / sizeof *site_names,
                   1, &s));
    struct enrolment_opening *rows = arena_alloc(a, s.csv.n * sizeof *rows);
    for (size_t i = 1; i < s.csv.n; i++)
        TRY(read_site_row(&s, i, &rows[i - 1]));
    io->opening = rows;
    io->n_opening = s.csv.n - 1;
    return NULL;
}

/* ---- options ---- */

static err_t
option_day(struct arena *a, const char *name, const char *text, bool *ret_has, int32_t *ret)
{
    *ret_has = text != NULL;
    if (text && !date_parse(text, ret))
        return err_field(a, E_USAGE, name, "%s: \"%s\" is not a day such as 2021-08-31.", name,
                         text);
    return NULL;
}

err_t
log_options_read(struct arena *a, const struct log_options *o, struct enrolment_input *io)
{
    if (o->target < 1 || o->target > MAX_TARGET)
        return err_field(a, E_USAGE, "target", "target: a whole number from 1 to %d is needed.",
                         MAX_TARGET);
    if (!(o->level >= 0 && o->level < 1))
        return err_field(a, E_USAGE, "level",
                         "level: a number between 0 and 1, such as 0.8, is needed.");
    if (!(o->plan_rate >= 0) || !isfinite(o->plan_rate))
        return err_field(a, E_USAGE, "plan", "plan: a rate per site and day is needed.");
    if (o->method && !forecast_json_method(o->method, &io->options.method))
        return err_field(a, E_USAGE, "method",
                         "method: \"%s\" is none of recommended, plugin, bayes and exact.",
                         o->method);
    TRY(option_day(a, "as-of", o->as_of, &io->has_as_of, &io->as_of));
    TRY(option_day(a, "deadline", o->deadline, &io->has_deadline, &io->deadline));
    io->target = o->target;
    io->options.level = o->level;
    io->plan_rate = o->plan_rate;
    io->openings_are_sure = o->openings_are_sure;
    return NULL;
}

err_t
log_read(struct arena *a, const char *log_text, size_t n, const char *sites_text, size_t m,
         const struct log_options *o, struct enrolment *ret)
{
    struct enrolment_input in = {0};
    TRY(log_options_read(a, o, &in));
    TRY(read_log(a, log_text, n, &in));
    if (sites_text)
        TRY(read_sites(a, sites_text, m, &in));
    if (!enrolment_assemble(a, &in, ret))
        return err_at(a, err_new(a, E_BAD_INPUT, "There is no row after the first line."),
                      "the log");
    return NULL;
}

err_t
log_forecast(struct arena *a, const char *log_text, size_t n, const char *sites_text, size_t m,
             const struct log_options *o, struct view **ret)
{
    struct enrolment *e = arena_alloc(a, sizeof *e);
    TRY(log_read(a, log_text, n, sites_text, m, o, e));
    return log_forecast_of(a, e, ret);
}

err_t
log_forecast_of(struct arena *a, const struct enrolment *e, struct view **ret)
{
    const struct fc_result *r;
    enum fc_refusal refusal = fc_forecast(a, &e->study, &r);
    if (refusal)
        return err_new(a, E_BAD_INPUT, "%s", fc_refusal_text(refusal));
    *ret = forecast_json(a, r, &e->notes);
    return NULL;
}
