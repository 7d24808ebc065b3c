/* columns.h: which column of a table is what: of an enrolment log, a list of sites, or a plan.
 *
 * Decided by name and content together, in English, German, French, Spanish, Italian, Portuguese
 * and Dutch. Where two columns compete, or name and content disagree, the column is in doubt and
 * the page asks; what a person chose by hand wins. Pure rules: no database, no clock. Imports call
 * it before they read a row.
 *
 * Two walls. Columns that look like participants' names, initials, birth dates, telephones, e-mail
 * or postal addresses or identity numbers stop the import. Columns that look like allocation (which
 * arm a participant is in) are left out, said so, and cannot be chosen. Neither can be switched
 * off. */
#ifndef FEATURES_RECRUITMENT_COLUMNS_H
#define FEATURES_RECRUITMENT_COLUMNS_H

#include "base/err.h"
#include "core/sheet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum columns_table { COLUMNS_LOG = 1, COLUMNS_SITES = 2, COLUMNS_PLAN = 4 };

enum columns_field {
#define FIELD(name, tables, kind, title) COLUMNS_##name,
#include "features/recruitment/columns_field.def"
#undef FIELD
    COLUMNS_FIELD_COUNT,
    COLUMNS_NOTHING = COLUMNS_FIELD_COUNT
};

enum columns_use {
    COLUMNS_USED,
    COLUMNS_IGNORED,  /* not needed, empty, or not understood */
    COLUMNS_LEFT_OUT, /* looks like allocation */
};

/* One column of the table. */
struct columns_column {
    const char *header; /* as in the file; "" when it has none */
    const char *place;  /* "column C" */
    enum columns_use use;
    enum columns_field field; /* COLUMNS_NOTHING unless used */
    int confidence;           /* 0 to 100; 100 when chosen by hand */
    bool in_doubt;            /* ask a person before it is used */
    bool odd_values;          /* in doubt for nothing but values that do not fit: those rows tell */
    bool chosen;              /* by hand */
    bool numerals;            /* dates written as bare numbers, 82888: dates_rule.numerals */
    const char *reason;       /* in plain words, for a person; never NULL */
};

/* What a person chose. */
struct columns_choice {
    enum columns_field field;
    int column; /* index from 0; -1: this table has no such column */
};

struct columns_found {
    size_t n;
    const struct columns_column *columns;
    int of[COLUMNS_FIELD_COUNT]; /* the column of each field, or -1 */
    bool in_doubt;               /* of any used column */
    bool lacks_site;             /* of a log, and nothing else is missing: the file may be of one site */
    const char *missing;         /* what the table needs and no column gives, or NULL */
};

/* Finds the columns of a sheet that has a table (has_table). `today`: the civil date, for dates.
 *
 * A log has a row for each participant or, without codes, counts of them (ENROLLED_COUNT), and needs
 * a site and one date; a list of sites a site; a plan a month and a number. Where these
 * lack, `missing` says so and it is no error: the page asks. A log whose only code is the screening
 * number has it as SUBJECT. In a log, DATE is the date of the row's status (enrolled where it has
 * none).
 *
 * Errors (E_BAD_INPUT, one per column, joined; field = the header, place = the column): a column
 * that identifies participants; a choice of a column that is not there, is left out, is chosen
 * twice or holds no dates for a date. `ret` is then untouched. A table of daily totals none of which
 * is clearly the number enrolled lacks that (`missing`). */
err_t columns_find(struct arena *a, const struct sheet *s, enum columns_table table,
                   const struct columns_choice *choices, size_t n_choices, int32_t today,
                   struct columns_found *ret);

/* The same for a reader that keeps nothing: columns that identify participants are passed over. */
err_t columns_find_unkept(struct arena *a, const struct sheet *s, enum columns_table table,
                          const struct columns_choice *choices, size_t n_choices, int32_t today,
                          struct columns_found *ret);

const char *columns_field_name(enum columns_field field); /* "SITE": for forms and stored choices */
const char *columns_field_title(enum columns_field field); /* "site": for people */
bool columns_field_in(enum columns_field field, enum columns_table table);
bool columns_field_is_date(enum columns_field field);

/* Where a participant stands. Columns of status hold one of these, in many words. */
enum columns_status {
    COLUMNS_STATUS_SCREENED, /* in screening, or screened without a result */
    COLUMNS_STATUS_SCREEN_FAILED,
    COLUMNS_STATUS_CONSENTED,
    COLUMNS_STATUS_ENROLLED, /* also: active, on study */
    COLUMNS_STATUS_RANDOMISED,
    COLUMNS_STATUS_TREATED,
    COLUMNS_STATUS_COMPLETED,
    COLUMNS_STATUS_DISCONTINUED,
    COLUMNS_STATUS_WITHDRAWN,
    COLUMNS_STATUS_LOST,
    COLUMNS_STATUS_DIED,
};

/* The status of a word or two, letter case and signs aside. Error (E_BAD_INPUT): not known; the row
 * is refused, never guessed. */
err_t columns_status(struct arena *a, const char *text, enum columns_status *ret);
/* Yes or no, in seven languages, also 1 and 0. False: neither. */
bool columns_flag(struct arena *a, const char *text, bool *ret);

#endif
