/* parse_fields.h: where each element of a record goes. Tables only; parse.c walks them. */
#ifndef REGISTRY_PARSE_FIELDS_H
#define REGISTRY_PARSE_FIELDS_H

#include <stddef.h>

enum field_kind {
    FIELD_TEXT,        /* const char * */
    FIELD_TEXTS,       /* struct registry_texts */
    FIELD_YES,         /* enum registry_yes */
    FIELD_COUNT,       /* struct registry_count: a whole number from 0 */
    FIELD_DATE,        /* struct registry_date, from a text */
    FIELD_DATE_STRUCT, /* struct registry_date, from { date, type } */
    FIELD_STAMP,       /* const char *, a date with or without a time */
    FIELD_AGE,         /* struct registry_age */
    FIELD_POINT,       /* struct registry_point, from { lat, lon } */
    FIELD_GROUP,       /* an object whose elements lie at the same base plus `at` */
    FIELD_ROWS,        /* a list of objects: pointer at `at`, number at `count_at` */
    FIELD_SKIP,        /* known, and not read */
};

struct field {
    const char *key; /* NULL ends a table */
    enum field_kind kind;
    size_t at, count_at, size;
    const struct field *sub;
    const char *const *values; /* known values of an enumeration, or NULL */
};

extern const struct field parse_fields_root[];
extern const char *const parse_fields_date_types[];

#endif
