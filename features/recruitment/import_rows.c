/* import_rows.c: what the rows of a log or of a list of sites say. Every row is read or refused with
 * its reason; nothing is guessed and nothing asked of the database. See import.h. */
#include "features/recruitment/import.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/countries.h"
#include "core/sheet.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_NUMBER = 10000000, MOST_COUNTED = 20000 };

const char *const person_words[PERSON_COUNT] = {
    [PERSON_CODE] = "participant code",
    [PERSON_SCREENING_NO] = "screening number",
    [PERSON_SCREENED] = "date of screening",
    [PERSON_FAILED] = "date of screen failure",
    [PERSON_CONSENTED] = "date of consent",
    [PERSON_ENROLLED] = "date of randomisation",
    [PERSON_TREATED] = "date of first treatment",
    [PERSON_EVALUABLE] = "date of becoming evaluable",
    [PERSON_LEFT] = "date of leaving",
    [PERSON_WHY] = "reason of screen failure",
    [PERSON_STATUS] = "status",
};
const char *const place_words[PLACE_COUNT] = {
    [PLACE_NUMBER] = "number",   [PLACE_LABEL] = "label",      [PLACE_FACILITY] = "name",
    [PLACE_CITY] = "city",       [PLACE_COUNTRY] = "country",  [PLACE_PLANNED] = "planned opening",
    [PLACE_OPENED] = "opening",  [PLACE_CLOSED] = "closing",   [PLACE_GOAL] = "goal",
    [PLACE_CAP] = "cap",
};
const char *const status_words[] = {
    [COLUMNS_STATUS_SCREENED] = "screened",
    [COLUMNS_STATUS_SCREEN_FAILED] = "screen_failed",
    [COLUMNS_STATUS_CONSENTED] = "consented",
    [COLUMNS_STATUS_ENROLLED] = "enrolled",
    [COLUMNS_STATUS_RANDOMISED] = "randomised",
    [COLUMNS_STATUS_TREATED] = "treated",
    [COLUMNS_STATUS_COMPLETED] = "completed",
    [COLUMNS_STATUS_DISCONTINUED] = "discontinued",
    [COLUMNS_STATUS_WITHDRAWN] = "withdrawn",
    [COLUMNS_STATUS_LOST] = "lost",
    [COLUMNS_STATUS_DIED] = "died",
};
enum { STATUSES = sizeof status_words / sizeof *status_words };

/* A strict order, so that reading an older file again never moves anybody back. */
int
status_rank(const char *word)
{
    static const enum columns_status order[STATUSES] = {
        COLUMNS_STATUS_SCREENED,  COLUMNS_STATUS_CONSENTED,    COLUMNS_STATUS_SCREEN_FAILED,
        COLUMNS_STATUS_ENROLLED,  COLUMNS_STATUS_RANDOMISED,   COLUMNS_STATUS_TREATED,
        COLUMNS_STATUS_COMPLETED, COLUMNS_STATUS_DISCONTINUED, COLUMNS_STATUS_WITHDRAWN,
        COLUMNS_STATUS_LOST,      COLUMNS_STATUS_DIED,
    };
    for (int i = 0; i < STATUSES; i++) {
        if (strcmp(status_words[order[i]], word) == 0)
            return i;
    }
    return -1;
}

enum person_value
person_means(enum enrolled_means m)
{
    switch (m) {
    case MEANS_CONSENTED:
        return PERSON_CONSENTED;
    case MEANS_TREATED:
        return PERSON_TREATED;
    case MEANS_EVALUABLE:
        return PERSON_EVALUABLE;
    case MEANS_RANDOMISED:
    case MEANS_COUNT:
        break;
    }
    return PERSON_ENROLLED;
}

/* ---- what is refused, what is said ---- */

static void
refuse(struct refusals *r, size_t line, const char *column, const char *value, const char *fmt, va_list ap)
{
    if (r->n == r->size) {
        size_t size = r->size ? r->size * 2 : 64;
        struct refused_row *v = arena_alloc(r->mem, size * sizeof *v);
        if (r->n)
            memcpy(v, r->v, r->n * sizeof *v);
        r->v = v;
        r->size = size;
    }
    r->v[r->n++] = (struct refused_row){line, column, value ? utf8_cut(r->mem, value, 80) : "",
                                        arena_vprintf(r->mem, fmt, ap)};
}

void
import_refuse(struct refusals *r, size_t line, const char *column, const char *value,
              const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    refuse(r, line, column, value, fmt, ap);
    va_end(ap);
}

void
import_note(struct import_plan *p, const char *fmt, ...)
{
    if (p->n_notes == p->size_notes) {
        size_t size = p->size_notes ? p->size_notes * 2 : 16;
        const char **v = arena_alloc(p->mem, size * sizeof *v);
        if (p->n_notes)
            memcpy(v, p->notes, p->n_notes * sizeof *v);
        p->notes = v;
        p->size_notes = size;
    }
    va_list ap;
    va_start(ap, fmt);
    p->notes[p->n_notes++] = arena_vprintf(p->mem, fmt, ap);
    va_end(ap);
}

void
row_refuse(struct row_reader *r, enum columns_field f, const char *fmt, ...)
{
    const struct import_look *look = &r->p->look;
    va_list ap;
    va_start(ap, fmt);
    refuse(&r->p->refused, r->row->line, import_column(look, f),
           import_cell(r->p->mem, look, r->row, f), fmt, ap);
    va_end(ap);
    r->ok = false;
}

/* ---- cells ---- */

const char *
rows_text(struct row_reader *r, enum columns_field f, size_t most)
{
    const char *text = import_cell(r->p->mem, &r->p->look, r->row, f);
    if (!text)
        return NULL;
    const struct sheet_cell *cell = sheet_cell(r->row, (size_t)r->p->look.found.of[f]);
    if (cell->kind == SHEET_ERROR) {
        row_refuse(r, f, "The cell holds an error of the spreadsheet.");
        return NULL;
    }
    if (utf8_length(text) > most) {
        row_refuse(r, f, "This is longer than %zu characters.", most);
        return NULL;
    }
    return text;
}

static const char *
iso_of(struct arena *a, int32_t day, enum date_precision precision)
{
    char iso[DATE_TEXT];
    date_iso(day, iso);
    return arena_strndup(a, iso, precision == DATE_DAY ? 10 : precision == DATE_MONTH ? 7 : 4);
}

/* Moved by whole weeks; of a month, the month its middle comes to lie in. */
static int32_t
shifted(const struct dates_value *d, int32_t days)
{
    return d->precision == DATE_DAY ? d->day + days : d->day + 14 + days;
}

const char *
row_date(struct row_reader *r, enum columns_field f)
{
    struct import_plan *p = r->p;
    const char *text = rows_text(r, f, 60);
    if (!text)
        return NULL;
    struct dates_value d;
    struct arena_mark mark = arena_save(p->mem); /* what reading leaves behind adds up over the rows */
    err_t e = dates_read(p->mem, text, p->look.order[f], &p->look.rule[f], &d);
    if (e) {
        row_refuse(r, f, "%s", e->text);
        return NULL;
    }
    arena_restore(p->mem, mark);
    return iso_of(p->mem, p->how.shift_days ? shifted(&d, p->how.shift_days) : d.day, d.precision);
}

const char *
row_number(struct row_reader *r, enum columns_field f)
{
    const char *text = rows_text(r, f, 40);
    double x;
    if (!text)
        return NULL;
    if (!str_real(text, &x) || x < 0 || x > MOST_NUMBER || floor(x) < x) {
        row_refuse(r, f, "This should be a whole number from 0 to %d.", MOST_NUMBER);
        return NULL;
    }
    return arena_printf(r->p->mem, "%.0f", x);
}

const char *
row_country(struct row_reader *r)
{
    const char *text = rows_text(r, COLUMNS_COUNTRY, IMPORT_MOST_LABEL);
    struct arena_mark mark = arena_save(r->p->mem);
    const char *code = text ? countries_code(r->p->mem, text) : NULL; /* static */
    arena_restore(r->p->mem, mark);
    if (text && !code)
        row_refuse(r, COLUMNS_COUNTRY, "This country is not known.");
    return code;
}

/* ---- a participant ---- */

/* Which columns give which date; ENROLLED is whatever the study calls so. */
static const struct {
    enum columns_field field;
    enum person_value value;
} date_columns[] = {
    {COLUMNS_SCREENED, PERSON_SCREENED},     {COLUMNS_SCREEN_FAILED, PERSON_FAILED},
    {COLUMNS_CONSENTED, PERSON_CONSENTED},   {COLUMNS_RANDOMISED, PERSON_ENROLLED},
    {COLUMNS_TREATED, PERSON_TREATED},       {COLUMNS_EVALUABLE, PERSON_EVALUABLE},
};
enum { DATE_COLUMNS = sizeof date_columns / sizeof *date_columns };

static void
read_dates(struct row_reader *r, struct import_person *x)
{
    enum person_value means = person_means(r->p->means);
    bool own = false; /* the date that means enrolled has a column of its own name */
    for (int i = 0; i < DATE_COLUMNS; i++) {
        own |= date_columns[i].value == means && r->p->look.found.of[date_columns[i].field] >= 0;
        x->v[date_columns[i].value] = row_date(r, date_columns[i].field);
    }
    if (!own)
        x->v[means] = row_date(r, COLUMNS_ENROLLED);
}

static bool
flag(struct row_reader *r, enum columns_field f, bool *ret_said)
{
    const char *text = rows_text(r, f, 40);
    bool yes = false;
    *ret_said = text != NULL;
    if (text && !columns_flag(r->p->mem, text, &yes)) {
        row_refuse(r, f, "This should be yes or no.");
        *ret_said = false;
    }
    return yes;
}

/* What a row says of how far the participant got. */
struct said {
    bool status, enrolled, not_enrolled, not_passed;
    enum columns_status is;
};

static struct said
read_said(struct row_reader *r)
{
    struct said s = {0};
    bool any;
    const char *text = rows_text(r, COLUMNS_STATUS, IMPORT_MOST_LABEL);
    if (text) {
        err_t e = columns_status(r->p->mem, text, &s.is);
        s.status = !e;
        if (e)
            row_refuse(r, COLUMNS_STATUS, "%s", e->text);
    }
    bool yes = flag(r, COLUMNS_ENROLLED_FLAG, &any);
    s.enrolled = any && yes;
    s.not_enrolled = any && !yes;
    yes = flag(r, COLUMNS_PASSED_FLAG, &any);
    s.not_passed = any && !yes;
    return s;
}

/* The date that DATE is: that of the row's status. Of a status after enrolment it is not known yet
 * (PERSON_COUNT): most logs then still give the day of enrolment. */
static enum person_value
date_is(const struct import_plan *p, const struct said *s)
{
    if (!s->status)
        return s->not_passed ? PERSON_FAILED : s->not_enrolled ? PERSON_SCREENED : person_means(p->means);
    switch (s->is) {
    case COLUMNS_STATUS_SCREENED:
        return PERSON_SCREENED;
    case COLUMNS_STATUS_SCREEN_FAILED:
        return PERSON_FAILED;
    case COLUMNS_STATUS_CONSENTED:
        return PERSON_CONSENTED;
    case COLUMNS_STATUS_ENROLLED:
        return person_means(p->means);
    case COLUMNS_STATUS_RANDOMISED:
        return PERSON_ENROLLED;
    case COLUMNS_STATUS_TREATED:
        return PERSON_TREATED;
    case COLUMNS_STATUS_COMPLETED:
    case COLUMNS_STATUS_DISCONTINUED:
    case COLUMNS_STATUS_WITHDRAWN:
    case COLUMNS_STATUS_LOST:
    case COLUMNS_STATUS_DIED:
        break;
    }
    return PERSON_COUNT;
}

/* A column of its own goes before the plain date. */
static void
read_date(struct row_reader *r, const struct said *s, struct import_person *x)
{
    const char *date = row_date(r, COLUMNS_DATE);
    enum person_value is = date_is(r->p, s);
    if (!date)
        return;
    if (is != PERSON_COUNT) {
        if (!x->v[is])
            x->v[is] = date;
    } else if (!x->v[person_means(r->p->means)]) {
        x->late = date;
    }
}

static enum columns_status
status_of_dates(const struct import_person *x)
{
    if (x->v[PERSON_TREATED] || x->v[PERSON_EVALUABLE])
        return COLUMNS_STATUS_TREATED;
    if (x->v[PERSON_ENROLLED])
        return COLUMNS_STATUS_RANDOMISED;
    if (x->v[PERSON_FAILED])
        return COLUMNS_STATUS_SCREEN_FAILED;
    return x->v[PERSON_CONSENTED] ? COLUMNS_STATUS_CONSENTED : COLUMNS_STATUS_SCREENED;
}

static void
check_person(struct row_reader *r, const struct said *s, const struct import_person *x)
{
    const char *enrolled = x->v[person_means(r->p->means)], *failed = x->v[PERSON_FAILED];
    bool counts = enrolled && person_means(r->p->means) != PERSON_CONSENTED;
    bool any = x->late;
    for (int i = PERSON_DATES; i < PERSON_DATES_END; i++)
        any |= x->v[i] != NULL;
    bool before = s->not_passed || s->not_enrolled || (s->status && status_rank(x->v[PERSON_STATUS]) < status_rank("enrolled"));
    if (!any && r->ok && !(before && x->v[PERSON_CODE]))
        row_refuse(r, import_count_date(&r->p->look), "The row has no date.");
    if (counts && s->not_enrolled)
        row_refuse(r, COLUMNS_ENROLLED_FLAG, "Not enrolled, and yet there is a date of enrolment, %s.", enrolled);
    else if (counts && s->not_passed)
        row_refuse(r, COLUMNS_PASSED_FLAG, "Screening was not passed, and yet there is a date of enrolment, %s.", enrolled);
    else if (counts && !failed && s->status && s->is == COLUMNS_STATUS_SCREEN_FAILED)
        row_refuse(r, COLUMNS_STATUS, "A screen failure, and yet there is a date of enrolment, %s.", enrolled);
    if (counts && failed && strncmp(failed, enrolled, strlen(failed) < strlen(enrolled) ? 7 : strlen(enrolled)) > 0)
        row_refuse(r, COLUMNS_SCREEN_FAILED, "The screen failure lies after the enrolment of %s.", enrolled);
}

static const char *
site_of(struct row_reader *r)
{
    const char *site = r->p->look.site ? r->p->look.site : rows_text(r, COLUMNS_SITE, IMPORT_MOST_LABEL);
    if (!site && r->ok)
        row_refuse(r, COLUMNS_SITE, "The site is missing.");
    return site;
}

/* So many of one kind, where there are any. */
static size_t
count_of(struct row_reader *r, enum columns_field f, enum person_value date, enum columns_status status,
         struct import_person *x)
{
    const char *n = row_number(r, f), *on = r->ok ? row_date(r, import_count_date(&r->p->look)) : NULL;
    int64_t times;
    if (!n || !r->ok || !str_int(n, &times) || times == 0)
        return 0;
    if (times > MOST_COUNTED)
        row_refuse(r, f, "This is more than %d in one row.", MOST_COUNTED);
    else if (!on)
        row_refuse(r, import_count_date(&r->p->look), "The row has no date.");
    *x = (struct import_person){.line = r->row->line, .site = site_of(r), .country = row_country(r), .times = (size_t)times};
    x->v[date] = on;
    x->v[PERSON_STATUS] = status_words[status];
    return r->ok;
}

/* A row of a table of counts: at most two kinds of people. */
static size_t
read_counts(struct row_reader *r, struct import_person *x)
{
    size_t n = count_of(r, COLUMNS_ENROLLED_COUNT, person_means(r->p->means), COLUMNS_STATUS_ENROLLED, x);
    return n + count_of(r, COLUMNS_FAILED_COUNT, PERSON_FAILED, COLUMNS_STATUS_SCREEN_FAILED, x + n);
}

static bool
read_person(struct row_reader *r, struct import_person *x)
{
    const struct sheet_row *row = r->row;
    *x = (struct import_person){.line = row->line, .times = 1};
    x->site = site_of(r);
    x->country = row_country(r);
    x->v[PERSON_CODE] = rows_text(r, COLUMNS_SUBJECT, IMPORT_MOST_CODE);
    x->v[PERSON_SCREENING_NO] = rows_text(r, COLUMNS_SCREENING_NO, IMPORT_MOST_CODE);
    if (!x->v[PERSON_CODE])
        x->v[PERSON_CODE] = x->v[PERSON_SCREENING_NO];
    read_dates(r, x);
    struct said s = read_said(r);
    read_date(r, &s, x);
    bool failed = x->v[PERSON_FAILED] || s.not_passed || (s.status && s.is == COLUMNS_STATUS_SCREEN_FAILED);
    if (failed)
        x->v[PERSON_WHY] = rows_text(r, COLUMNS_FAILURE_REASON, 500);
    enum columns_status is = s.status ? s.is : s.not_passed ? COLUMNS_STATUS_SCREEN_FAILED : status_of_dates(x);
    x->v[PERSON_STATUS] = status_words[is];
    if (r->ok)
        check_person(r, &s, x);
    return r->ok;
}

/* Rows that say enrolled and give no day of it do not count as enrolled: that must be said. */
static void
note_undated(struct import_plan *p)
{
    enum person_value means = person_means(p->means);
    size_t n = 0, failed = 0, screened = 0;
    for (size_t i = 0; i < p->n_people; i++) {
        const struct import_person *x = &p->people[i];
        int rank = status_rank(x->v[PERSON_STATUS]);
        n += rank >= status_rank("enrolled") && !x->v[means] && !x->late;
        failed += strcmp(x->v[PERSON_STATUS], "screen_failed") == 0 && !x->v[PERSON_FAILED];
        screened += strcmp(x->v[PERSON_STATUS], "screened") == 0 && !x->v[PERSON_SCREENED];
    }
    if (n)
        import_note(p, "%zu of the rows say enrolled or further but give no %s: they do not count as enrolled "
                       "in this study. If another date counts, change what enrolled means in its targets.", n, person_words[means]);
    if (failed)
        import_note(p, failed == 1 ? "%zu screen failure has no date of it." : "%zu screen failures have no date of it.", failed);
    if (screened)
        import_note(p, screened == 1 ? "%zu participant in screening has no date of it."
                                     : "%zu participants in screening have no date of it.", screened);
}

/* ---- a site ---- */

static void
read_pause(struct row_reader *r, struct import_site *x)
{
    x->from = row_date(r, COLUMNS_SUSPENDED_FROM);
    x->to = row_date(r, COLUMNS_SUSPENDED_TO);
    if (x->to && !x->from && r->ok)
        row_refuse(r, COLUMNS_SUSPENDED_TO, "An end of a suspension without its start.");
    else if (x->to && strcmp(x->to, x->from) < 0)
        row_refuse(r, COLUMNS_SUSPENDED_TO, "The suspension ends before it starts, on %s.", x->from);
}

/* Openings are days: a month is no day on which a site can be open. */
static const char *
row_day(struct row_reader *r, enum columns_field f)
{
    const char *iso = row_date(r, f);
    if (iso && strlen(iso) < 10) {
        row_refuse(r, f, "A day is needed, not only the month.");
        return NULL;
    }
    return iso;
}

static bool
read_site(struct row_reader *r, struct import_site *x)
{
    char today[DATE_TEXT];
    date_iso(r->p->look.rule[COLUMNS_OPENED].today, today);
    *x = (struct import_site){.line = r->row->line};
    x->site = rows_text(r, COLUMNS_SITE, 40);
    x->name = rows_text(r, COLUMNS_SITE_NAME, IMPORT_MOST_LABEL);
    x->v[PLACE_CITY] = rows_text(r, COLUMNS_CITY, IMPORT_MOST_LABEL);
    x->v[PLACE_COUNTRY] = row_country(r);
    x->v[PLACE_PLANNED] = row_day(r, COLUMNS_PLANNED_OPENING);
    x->v[PLACE_OPENED] = row_day(r, COLUMNS_OPENED);
    x->v[PLACE_CLOSED] = row_day(r, COLUMNS_CLOSED);
    x->v[PLACE_GOAL] = row_number(r, COLUMNS_GOAL);
    x->v[PLACE_CAP] = row_number(r, COLUMNS_CAP);
    read_pause(r, x);
    if (!x->site && !x->name && r->ok)
        row_refuse(r, COLUMNS_SITE, "The site is missing.");
    if (x->v[PLACE_OPENED] && strcmp(x->v[PLACE_OPENED], today) > 0) { /* it has not opened yet */
        if (!x->v[PLACE_PLANNED])
            x->v[PLACE_PLANNED] = x->v[PLACE_OPENED];
        x->v[PLACE_OPENED] = NULL;
    }
    if (x->v[PLACE_OPENED] && x->v[PLACE_CLOSED] && strcmp(x->v[PLACE_CLOSED], x->v[PLACE_OPENED]) < 0)
        row_refuse(r, COLUMNS_CLOSED, "The closing lies before the opening of %s.", x->v[PLACE_OPENED]);
    return r->ok;
}

void
import_rows(struct import_plan *p)
{
    const struct sheet *s = p->look.sheet;
    bool log = p->how.kind == IMPORT_LOG;
    bool counts = log && import_counts(&p->look); /* such a row is of two kinds */
    if (log)
        p->people = arena_alloc(p->mem, ((counts ? 2 : 1) * p->n_rows + 1) * sizeof *p->people);
    else
        p->sites = arena_alloc(p->mem, (p->n_rows + 1) * sizeof *p->sites);
    for (size_t i = s->header + 1; i < s->n && !arena_full(p->mem); i++) {
        if (!import_wants(p->mem, &p->look, &s->rows[i]))
            continue;
        struct row_reader r = {.p = p, .row = &s->rows[i], .ok = true};
        if (counts)
            p->n_people += read_counts(&r, &p->people[p->n_people]);
        else if (log)
            p->n_people += read_person(&r, &p->people[p->n_people]);
        else
            p->n_sites += read_site(&r, &p->sites[p->n_sites]);
    }
    if (log)
        note_undated(p);
}
