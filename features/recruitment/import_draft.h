/* import_draft.h: a file that was sent and waits for a person to agree to its columns.
 *
 * What is kept is not the file: only its tables, as text, without sheets that identify participants
 * and without the values of columns that look like allocation. It is sealed, belongs to who sent it,
 * and goes when it is taken in, thrown away or a week old. Called by the import pages. */
#ifndef FEATURES_RECRUITMENT_IMPORT_DRAFT_H
#define FEATURES_RECRUITMENT_IMPORT_DRAFT_H

#include "features/recruitment/import.h"

enum { DRAFT_MOST_ROWS = 200000, DRAFT_DAYS = 7 };

struct draft_sheet {
    const char *name; /* "" in CSV */
    const char *data; /* CSV, on the lines on which the rows stood */
    size_t n;
};
struct draft {
    enum import_kind kind;
    const char *file_name;
    unsigned char hash[32]; /* SHA-256 of the file as it came */
    const char **notes;     /* how the file was read, and sheets that were not kept */
    size_t n_notes;
    struct draft_sheet *sheets;
    size_t n;
};
/* Reads the file and packs what may be kept. Errors as sheet_read and columns_find; E_TOO_LARGE for
 * more than DRAFT_MOST_ROWS rows. Memory in c->mem. */
err_t draft_pack(struct ctx *c, enum import_kind kind, const char *data, size_t n,
                 const unsigned char **ret_sealed, size_t *ret_n);
/* Keeps a packed draft of c->who, and drops drafts that are older than a week. */
err_t draft_keep(struct ctx *c, int64_t study, enum import_kind kind, const char *file_name,
                 const unsigned char *sealed, size_t n, const char **ret_ref);
/* The draft of c->who; E_NOT_FOUND for anybody else's. */
err_t draft_open(struct ctx *c, int64_t study, const char *ref, struct draft *ret);
err_t draft_drop(struct ctx *c, int64_t study, const char *ref);

#endif
