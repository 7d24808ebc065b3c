/* file.h: a file of queries, read whole and held against the study, and then taken in: all or nothing. */
#ifndef FEATURES_QUERIES_FILE_H
#define FEATURES_QUERIES_FILE_H

#include "base/ctx.h"
#include "core/may.h"
#include "features/queries/rows.h"

struct file_how {
    const char *name, *data;
    size_t n;
    const char *const *map; /* "FIELD=COLUMN" */
    size_t n_map;
    const char *dates, *sheet, *only; /* or NULL */
};
struct file_row {
    struct rows_query q;
    int64_t site;
    int64_t id; /* 0: new */
    bool same;  /* as it is kept */
};
struct file_refused {
    size_t line;
    const char *column, *why;
};
struct file_plan {
    const char *name;
    struct rows_columns columns;
    struct file_row *row;
    size_t n, n_new, n_changed, n_same;
    struct file_refused *refused;
    size_t n_refused;
};
/* Reads it; nothing is written. Refused rows are in the plan; what makes the file unreadable as a whole
 * is the error. Memory in c->mem. */
err_t file_read(struct ctx *c, int64_t study, const struct file_how *how, struct file_plan *ret);

/* Writes what is new and what changed, records it, and lets the playbook's clocks follow. E_BAD_INPUT
 * with every refused row when there is one: then nothing is taken. (take.c) */
err_t take_file(struct ctx *c, const struct thing *study, struct file_plan *p);
/* The refused rows as errors, at most 200 of them. */
err_t take_refused(struct arena *a, const struct file_plan *p);

#endif
