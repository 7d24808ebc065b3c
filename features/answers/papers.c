/* papers.c: files sent with an answer: what is taken, keeping, handing out. See outsider.h. They lie sealed,
 * are only ever downloaded, never shown, and only by the two sides; who asks has checked that. */
#include "features/answers/outsider.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/view.h"
#include "core/inst.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/answers/answers_sql.h"
#include "http/http.h"

#include <string.h>
#include <strings.h>

enum { NAME_MOST = 120 };
static const char purpose[] = "answer file";
static const char *const endings[] = {".pdf", ".png", ".jpg", ".jpeg", ".heic", ".txt", ".csv", ".docx", ".xlsx", ".odt", ".ods"};

err_t
papers_check(struct ctx *c, const struct req_file *f)
{
    size_t n = strlen(f->name);
    if (f->size > PAPER_MOST)
        return err_field(c->mem, E_BAD_INPUT, "file", "The file is larger than %d MB.", PAPER_MOST >> 20);
    if (n == 0 || n > NAME_MOST || !utf8_valid(f->name, n))
        return err_field(c->mem, E_BAD_INPUT, "file", "Please give the file a shorter name.");
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcasecmp(f->name + n - m, endings[i]) == 0)
            return NULL;
    }
    return err_field(c->mem, E_BAD_INPUT, "file", "Files of this kind are not taken: please send a PDF, a picture, a text or a table.");
}

err_t
papers_keep(struct ctx *c, int64_t due, const struct req_file *f)
{
    struct answer_files_row *have;
    size_t n, sealed_n;
    const unsigned char *sealed;
    TRY(db_list(c, &ANSWER_FILES, DB_IN(db_int(due)), &have, &n));
    if (n >= PAPERS_MOST)
        return err_field(c->mem, E_BAD_INPUT, "file", "There are %d files here already.", PAPERS_MOST);
    TRY(vault_seal(c, purpose, f->data, f->size, &sealed, &sealed_n));
    record_change(c, "answer_file", f->name, "file", NULL, f->name);
    return db_run(c, &ANSWER_FILE_ADD,
                  DB_IN(db_text(ref_new(c->mem)), db_int(due), db_int(c->who->person), db_text(c->who->name), db_text(f->name),
                        db_int((int64_t)f->size), db_time(c->now), db_blob(sealed, sealed_n)),
                  NULL);
}

static const char *
size_words(struct ctx *c, int64_t n)
{
    return n < 1 << 20 ? arena_printf(c->mem, "%lld KB", (long long)((n + 1023) >> 10))
                       : arena_printf(c->mem, "%.1f MB", (double)n / (1 << 20));
}

err_t
papers_list(struct ctx *c, int64_t due, const char *base, struct view *list)
{
    struct answer_files_row *x;
    size_t n;
    TRY(db_list(c, &ANSWER_FILES, DB_IN(db_int(due)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "text", x[i].name);
        view_textf(v, "href", "%s/%s", base, x[i].ref);
        view_textf(v, "note", "%s, from %s, %s", size_words(c, x[i].size), x[i].who,
                   date_words(c->mem, tz_day(c->inst->zone, x[i].created), DATE_DAY));
    }
    return NULL;
}

err_t
papers_send(struct ctx *c, struct req *r, int64_t due, const char *ref)
{
    struct answer_file_row x;
    const char *data;
    size_t n;
    bool found;
    TRY(db_maybe(c, &ANSWER_FILE, DB_IN(db_int(due), db_text(ref)), &x, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such file, or it is not open to you.");
    TRY(vault_open(c, purpose, x.sealed, x.sealed_len, &data, &n));
    req_body(r, "application/octet-stream", x.name, data, n);
    return NULL;
}
