/* rows.h: what the table of an EDC says of its queries: which column is what, and each row. Pure. */
#ifndef FEATURES_QUERIES_ROWS_H
#define FEATURES_QUERIES_ROWS_H

#include "core/sheet.h"

enum rows_field { ROWS_ID, ROWS_SITE, ROWS_SUBJECT, ROWS_OPENED, ROWS_ANSWERED, ROWS_CLOSED, ROWS_STATUS, ROWS_STUDY, ROWS_FIELDS };
enum rows_state { ROWS_IS_OPEN, ROWS_IS_ANSWERED, ROWS_IS_CLOSED };

/* "ID", "SITE", ...: as in a mapping; and in words. */
const char *rows_field_name(enum rows_field f);
const char *rows_field_words(enum rows_field f);
const char *rows_state_name(enum rows_state s); /* "open", as in the database */

struct rows_columns {
    int at[ROWS_FIELDS];                /* -1: none */
    const char *header[ROWS_FIELDS];    /* as written; NULL: none */
};
/* Which column is what: by its name, and what `map` says ("FIELD=COLUMN", "FIELD=" for none). Errors
 * (E_BAD_INPUT, field "map"): a column that is not there, two columns that fit, no id, neither site nor
 * subject, no day of opening. */
err_t rows_find(struct arena *a, const struct sheet *s, const char *const *map, size_t n_map, struct rows_columns *ret);

/* The text of a field, trimmed; NULL when empty or a sign for nothing ("NA", "-"). */
const char *rows_cell(struct arena *a, const struct rows_columns *k, const struct sheet_row *row, enum rows_field f);

/* The order of days in the file, to be given to dates_read: found over all its days. E_BAD_INPUT (field
 * "dates") when they can be read in more than one and `said` ("dmy", "mdy" or NULL) does not say. */
err_t rows_order(struct arena *a, const struct sheet *s, const struct rows_columns *k, int32_t today, const char *said, unsigned *ret);

struct rows_query {
    const char *id, *site, *subject, *study;
    enum rows_state state;
    const char *opened, *answered, *closed; /* ISO, or NULL */
};
/* One row, or why it is refused: E_BAD_INPUT with the name of the column as field. */
err_t rows_read(struct arena *a, const struct rows_columns *k, const struct sheet_row *row, unsigned order, int32_t today, struct rows_query *ret);
/* The day since which it waits: for its answer, or for the answer to be read; of a closed one its opening. */
const char *rows_since(const struct rows_query *q);

#endif
