/* import_draft.c: see import_draft.h. Packed: the hash of the file as hexadecimal, a line end, for each
 * note "! <note>" and a line end, and for each sheet "<bytes> <name>", a line end and its CSV. */
#include "features/recruitment/import_draft.h"

#include "base/arena.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/recruitment/recruitment_import_sql.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char purpose[] = "import_draft";

/* ---- packing ---- */

/* Every cell quoted, so that nothing in it is read as something else; a line stays one line. */
static void
add_cell(struct buf *b, const char *text)
{
    buf_char(b, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            buf_char(b, '"');
        buf_char(b, *p == '\n' || *p == '\r' ? ' ' : *p);
    }
    buf_char(b, '"');
}

static void
add_rows(struct buf *b, const struct sheet *s, const struct columns_found *f)
{
    size_t line = 1;
    for (size_t i = s->header; i < s->n; i++) {
        const struct sheet_row *row = &s->rows[i];
        for (; line < row->line; line++)
            buf_char(b, '\n');
        for (size_t k = 0; k < row->n; k++) {
            bool hidden = k < f->n && f->columns[k].use == COLUMNS_LEFT_OUT && i > s->header;
            const struct sheet_cell *cell = &row->cells[k];
            if (k)
                buf_char(b, ',');
            if (cell->kind != SHEET_EMPTY)
                add_cell(b, hidden ? "-" : cell->text);
        }
        buf_char(b, '\n');
        line++;
    }
}

static err_t
pack_sheet(struct ctx *c, enum import_kind kind, const struct sheet *s, struct buf *out)
{
    struct columns_found f;
    struct buf rows;
    if (s->n - s->header > DRAFT_MOST_ROWS)
        return err_field(c->mem, E_TOO_LARGE, "file", "At most %d rows can be sent here. Use the command rapport import.", DRAFT_MOST_ROWS);
    TRY(columns_find(c->mem, s, import_table(kind), NULL, 0, c->today, &f));
    buf_init(&rows, c->mem);
    add_rows(&rows, s, &f);
    if (rows.len > SHEET_MAX_FILE) /* it could not be read again */
        return err_field(c->mem, E_TOO_LARGE, "file", "The table is too large to be looked at here: over %d MB as text. Delete the columns "
                         "that are not needed, or use the command rapport import.", SHEET_MAX_FILE >> 20);
    buf_printf(out, "%zu %s\n", rows.len, str_squeeze(c->mem, s->name));
    buf_add(out, buf_text(&rows), rows.len);
    return NULL;
}

err_t
draft_pack(struct ctx *c, enum import_kind kind, const char *data, size_t n,
           const unsigned char **ret_sealed, size_t *ret_n)
{
    struct sheet_book book;
    struct buf out, sheets;
    unsigned char hash[32];
    err_t refused = NULL;
    size_t kept = 0;
    TRY(sheet_read(c->mem, data, n, NULL, &book));
    crypto_hash_sha256(hash, (const unsigned char *)data, n);
    buf_init(&out, c->mem);
    buf_init(&sheets, c->mem);
    buf_printf(&out, "%s\n", str_hex(c->mem, hash, sizeof hash));
    if (book.note)
        buf_printf(&out, "! %s\n", str_squeeze(c->mem, book.note));
    for (size_t i = 0; i < book.n; i++) {
        if (!book.sheets[i].has_table)
            continue;
        err_t e = pack_sheet(c, kind, &book.sheets[i], &sheets);
        refused = refused ? refused : e;
        kept += !e;
        if (e)
            buf_printf(&out, "! Sheet “%s” is not kept. %s\n", str_squeeze(c->mem, book.sheets[i].name), str_squeeze(c->mem, e->text));
    }
    buf_add(&out, buf_text(&sheets), sheets.len);
    if (kept == 0 && !refused)
        return err_field(c->mem, E_BAD_INPUT, "file", "No table was found: a row of column names with rows of values beneath.");
    if (kept == 0)
        return refused;
    return vault_seal(c, purpose, buf_text(&out), out.len, ret_sealed, ret_n);
}

/* ---- keeping ---- */

err_t
draft_keep(struct ctx *c, int64_t study, enum import_kind kind, const char *file_name,
           const unsigned char *sealed, size_t n, const char **ret_ref)
{
    const char *ref = ref_new(c->mem);
    TRY(db_run(c, &IMPORT_DRAFTS_OLD, DB_IN(db_time(c->now - (int64_t)DRAFT_DAYS * 86400 * 1000000)), NULL));
    TRY(db_run(c, &IMPORT_DRAFT_ADD,
               DB_IN(db_text(ref), db_int(study), db_int(c->who->person), db_text(import_kind_words[kind]),
                     db_text(file_name), db_blob(sealed, n), db_time(c->now)),
               NULL));
    *ret_ref = ref;
    return NULL;
}

static err_t
damaged(struct ctx *c)
{
    return err_new(c->mem, E_INTERNAL, "The kept file is damaged.");
}

/* The notes before the sheets; `*io` is moved behind them. */
static void
unpack_notes(struct ctx *c, const char **io, const char *end, struct draft *ret)
{
    const char *p = *io, *line;
    size_t n = 0;
    for (const char *q = p; q < end && *q == '!' && (line = memchr(q, '\n', (size_t)(end - q))); q = line + 1)
        n++;
    ret->notes = arena_alloc(c->mem, (n + 1) * sizeof *ret->notes);
    for (ret->n_notes = 0; ret->n_notes < n; p = line + 1) {
        line = memchr(p, '\n', (size_t)(end - p));
        ret->notes[ret->n_notes++] = arena_strndup(c->mem, p + 2, (size_t)(line - p - 2));
    }
    *io = p;
}

static err_t
unpack(struct ctx *c, const char *data, size_t n, struct draft *ret)
{
    const char *p = data, *end = data + n;
    size_t size = 4;
    if (n < 65 || !str_unhex(arena_strndup(c->mem, data, 64), ret->hash, 32))
        return damaged(c);
    ret->sheets = arena_alloc(c->mem, size * sizeof *ret->sheets);
    ret->n = 0;
    p += 65;
    unpack_notes(c, &p, end, ret);
    while (p < end) {
        char *after;
        size_t bytes = strtoul(p, &after, 10);
        const char *line = memchr(p, '\n', (size_t)(end - p));
        if (!line || *after != ' ' || bytes > (size_t)(end - line - 1))
            return damaged(c);
        if (ret->n == size) {
            struct draft_sheet *more = arena_alloc(c->mem, 2 * size * sizeof *more);
            memcpy(more, ret->sheets, size * sizeof *more);
            ret->sheets = more;
            size *= 2;
        }
        ret->sheets[ret->n++] = (struct draft_sheet){
            arena_strndup(c->mem, after + 1, (size_t)(line - after - 1)), line + 1, bytes};
        p = line + 1 + bytes;
    }
    return ret->n ? NULL : damaged(c);
}

err_t
draft_open(struct ctx *c, int64_t study, const char *ref, struct draft *ret)
{
    struct import_draft_row row;
    bool found;
    const char *data;
    size_t n;
    struct draft d = {0};
    TRY(db_maybe(c, &IMPORT_DRAFT, DB_IN(db_int(study), db_int(c->who->person), db_text(ref)), &row, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
    TRY(vault_open(c, purpose, row.data, row.data_len, &data, &n));
    TRY(unpack(c, data, n, &d));
    d.file_name = row.file_name;
    while (d.kind < IMPORT_PLAN && strcmp(import_kind_words[d.kind], row.kind) != 0)
        d.kind++;
    *ret = d;
    return NULL;
}

err_t
draft_drop(struct ctx *c, int64_t study, const char *ref)
{
    return db_run(c, &IMPORT_DRAFT_DROP, DB_IN(db_int(study), db_int(c->who->person), db_text(ref)), NULL);
}
