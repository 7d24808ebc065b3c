/* import.h: the inside of an import: what is found in a file, what its rows say, what the study holds
 * already. Used by import_*.c, the import pages and commands; other features use recruitment.h.
 *
 * The way of a file: import_look (columns, dates) -> import_rows, import_plan_read (rows, refused ones)
 * -> match_people, match_places (against the study) -> import_apply. All before the last reads only. */
#ifndef FEATURES_RECRUITMENT_IMPORT_H
#define FEATURES_RECRUITMENT_IMPORT_H

#include "features/recruitment/columns.h"
#include "features/recruitment/dates.h"
#include "features/recruitment/recruitment.h"

enum { IMPORT_MOST_SITES = 5000, IMPORT_MOST_LABEL = 200, IMPORT_MOST_CODE = 60 };

extern const char *const import_kind_words[]; /* "enrolment", "sites", "plan" by enum import_kind */
enum columns_table import_table(enum import_kind kind);

/* ---- what is in the file (import_read.c) ---- */

/* Dates of a column that can be read in more than one order, and nobody has said which. */
struct import_question {
    int column;
    const char *text;
    struct dates_reading readings[3];
    size_t n;
};
/* One study of a file that holds several. */
struct import_study {
    const char *name; /* as written */
    size_t rows;
    bool chosen;
};
struct import_look {
    struct sheet_book book;
    const struct sheet *sheet;
    struct columns_found found;
    unsigned order[COLUMNS_FIELD_COUNT];        /* of the dates of a field */
    struct dates_rule rule[COLUMNS_FIELD_COUNT];
    struct import_question *questions;
    size_t n_questions;
    struct import_study *studies; /* of a column of studies; more than one: the file is of several */
    size_t n_studies;
    const char *only;             /* folded: rows of other studies are passed over; NULL: all are wanted */
    const char *site;             /* the one site of a log without a column of sites, or NULL */
};
err_t import_look(struct ctx *c, const struct import_how *how, struct import_look *ret);
/* Whether a row is of the study that is wanted. */
bool import_wants(struct arena *a, const struct import_look *look, const struct sheet_row *row);
/* What a person must decide before rows can be read, as errors; NULL: nothing. */
err_t import_ask(struct ctx *c, const struct import_look *look);
/* The cell of a field in a row, NULL when empty or a sign for nothing ("NA", "-"); in `a`. */
const char *import_cell(struct arena *a, const struct import_look *look, const struct sheet_row *row,
                        enum columns_field f);
/* Whether the rows hold numbers in place of participants; and the date they are of. */
bool import_counts(const struct import_look *look);
enum columns_field import_count_date(const struct import_look *look);
/* The name of the field's column in the file, for a person. */
const char *import_column(const struct import_look *look, enum columns_field f);

/* ---- what the rows say (import_rows.c) ---- */

enum person_value {
    PERSON_CODE, PERSON_SCREENING_NO,
    PERSON_SCREENED, PERSON_FAILED, PERSON_CONSENTED, PERSON_ENROLLED, PERSON_TREATED,
    PERSON_EVALUABLE, PERSON_LEFT, /* ISO, of day or month precision */
    PERSON_WHY, PERSON_STATUS,
    PERSON_COUNT,
    PERSON_DATES = PERSON_SCREENED, PERSON_DATES_END = PERSON_LEFT + 1,
};
extern const char *const person_words[PERSON_COUNT];   /* "date of screening" */
extern const char *const status_words[];               /* "screen_failed" by enum columns_status */
int status_rank(const char *word);                     /* how far somebody got: later is more */
enum person_value person_means(enum enrolled_means m); /* the date that counts as enrolled */

struct import_person {
    size_t line;
    const char *site, *country; /* as written; ISO code or NULL */
    const char *v[PERSON_COUNT];
    const char *late;           /* the date of a status after enrolment: see match_people */
    size_t times;               /* of a table of counts: that many without a code; else 1 */
};

enum place_value {
    PLACE_NUMBER, PLACE_LABEL, PLACE_FACILITY, PLACE_CITY, PLACE_COUNTRY,
    PLACE_PLANNED, PLACE_OPENED, PLACE_CLOSED, PLACE_GOAL, PLACE_CAP,
    PLACE_COUNT,
    PLACE_PLAN = PLACE_PLANNED, /* from here on of site_plan */
};
extern const char *const place_words[PLACE_COUNT];

struct import_site {
    size_t line;
    const char *site, *name; /* as written */
    const char *v[PLACE_COUNT];
    const char *from, *to;   /* a suspension */
};

struct plan_month {
    const char *month_on; /* its first day */
    int64_t enrolled;     /* in all until its end */
    int64_t openings;     /* sites planned to have opened by then */
    bool has_openings;
};

/* A list of refused rows that grows. */
struct refusals {
    struct arena *mem;
    struct refused_row *v;
    size_t n, size;
};
void import_refuse(struct refusals *r, size_t line, const char *column, const char *value,
                   const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The refused rows as errors. */
err_t import_refused(struct arena *a, const struct import_result *x);
void import_note(struct import_plan *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

struct import_plan {
    struct arena *mem;
    struct import_how how;
    struct import_look look;
    enum enrolled_means means;
    unsigned char hash[32];
    struct import_person *people;
    size_t n_people;
    struct import_site *sites;
    size_t n_sites;
    struct plan_month *months;
    size_t n_months;
    size_t n_rows; /* of values, refused ones too */
    struct refusals refused;
    const char **notes;
    size_t n_notes, size_notes;
};
/* Fills people or sites, and refused. */
void import_rows(struct import_plan *p);
/* Fills months, and refused (import_plan.c). */
void import_plan_read(struct import_plan *p);

/* For readers of rows. NULL: empty, or refused (then `*ok` becomes false). */
struct row_reader {
    struct import_plan *p;
    const struct sheet_row *row;
    bool ok;
};
const char *rows_text(struct row_reader *r, enum columns_field f, size_t most);
const char *row_date(struct row_reader *r, enum columns_field f);
const char *row_number(struct row_reader *r, enum columns_field f);
const char *row_country(struct row_reader *r);
void row_refuse(struct row_reader *r, enum columns_field f, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- against the study (import_match.c, import_people.c, import_sites.c) ---- */

struct place_pause {
    int64_t id; /* 0: new */
    const char *from, *to, *was; /* was: `to` before, when changed */
    bool changed;
    struct place_pause *next;
};
/* A site as the study holds it, or one to be made. */
struct place {
    int64_t id, organisation; /* 0: to be made */
    const char *ref, *org_name;
    bool placeholder;
    const char *v[PLACE_COUNT];
    const char *number, *label, *facility, *org; /* folded */
    const struct place *was; /* as it stood; NULL: not changed, or new */
    size_t said[PLACE_COUNT]; /* the row of this file that gave the value */
    struct place_pause *pauses;
};
struct places {
    struct ctx *c;
    struct place *v;
    size_t n, size, n_made;
    struct map *labels; /* what labels were found to mean */
};
/* All sites of the study (0: none). Memory in c->mem. */
err_t places_load(struct ctx *c, int64_t study, struct places *ret);
/* The site of a label: its number, then its name and country; else a new one. False: `*ret_why` says
 * why it is neither. */
bool places_find(struct places *p, const char *label, const char *country, size_t *ret,
                 const char **ret_why);
/* Its parts: the site of a number; how many sites have that name in that country (one of that very
 * country goes before one whose country is not known; `numberless`: among those without a number);
 * why a site cannot be meant, or NULL; a new one. */
bool places_numbered(const struct places *p, const char *number, size_t *ret);
size_t places_called(const struct places *p, const char *name, const char *country, bool numberless,
                     size_t *ret);
const char *places_clash(const struct places *p, size_t at, const char *country);
const char *places_too_many(const struct places *p, size_t n);
bool places_make(struct places *p, size_t *ret, const char **ret_why);
const char *place_title(struct arena *a, const struct place *s);

/* Text to number, for finding. */
struct map *map_new(struct arena *a);
bool map_get(const struct map *m, const char *key, size_t *ret);
void map_set(struct map *m, const char *key, size_t value);

struct person {
    int64_t id; /* 0: new */
    size_t site, line;
    int64_t twin;
    const char *v[PERSON_COUNT];
    const struct person *was; /* as it stood before, when changed */
};
struct matched {
    struct places places;
    struct person *people; /* those of the study, then new ones */
    size_t n_people;
    struct refusals refused;
    int64_t added, known, changed, pauses; /* pauses: new or changed ones */
    bool differs;          /* of a plan: from the one there is; of sites: something changes */
    bool needs_reason;     /* what was there is replaced */
    int64_t plan_number;   /* of the plan there is; 0: none */
};
err_t match_people(struct ctx *c, const struct import_plan *p, struct matched *ret);
err_t match_sites(struct ctx *c, const struct import_plan *p, struct matched *ret);
err_t match_plan(struct ctx *c, const struct import_plan *p, struct matched *ret);
/* The one of the three that the kind asks for. */
err_t import_match(struct ctx *c, const struct import_plan *p, struct matched *ret);

/* ---- writing (import_apply.c, import_back.c) ---- */

/* Takes an import back and records it: removes what it added, empties what it filled. E_CONFLICT: it is
 * not the newest of its kind, is taken back already, or what it made was changed since. */
err_t import_back(struct ctx *c, int64_t study, const char *ref, const char *reason);
/* Writes the changed values of a person or a place; the caller keeps how to take them back. */
err_t person_save(struct ctx *c, int64_t study, int64_t id, const char *const v[PERSON_COUNT]);
err_t place_save(struct ctx *c, int64_t study, int64_t id, const char *const v[PLACE_COUNT]);

/* What a plan found: as import_read's result. */
void import_result_of(const struct import_plan *p, const struct matched *m, struct arena *a,
                      struct import_result *ret);

#endif
