/* commands.c: "import queries": one file of an EDC's queries, all or nothing, in one transaction. */
#include "base/arena.h"
#include "base/str.h"
#include "core/record.h"
#include "db/db.h"
#include "features/queries/pages.h"
#include "features/studies/studies.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct option queries_options[] = {
    {"--study", "CODE", "the study it belongs to"},
    {"--map", "FIELD=COLUMN,...", "which column is ID, SITE, SUBJECT, OPENED, ANSWERED, CLOSED, STATUS or STUDY"},
    {"--dates", "dmy|mdy", "the order of day and month, where that is in doubt"},
    {"--sheet", "NAME", "of an .xlsx with several sheets"},
    {"--only", "NAME", "of a file with several studies: which"},
    {NULL, NULL, NULL},
};

#define WORK_MEMORY ((size_t)2 << 30)

struct job {
    const char *code;
    struct file_how how;
    struct file_plan plan;
};

static err_t
read_whole(struct ctx *c, const char *path, struct file_how *how)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    struct buf b;
    buf_init(&b, c->mem);
    char part[65536];
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0 && b.len <= SHEET_MAX_FILE;)
        buf_add(&b, part, n);
    bool bad = ferror(f);
    fclose(f);
    if (bad || b.len > SHEET_MAX_FILE)
        return err_new(c->mem, bad ? E_IO : E_TOO_LARGE, "%s %s.", path, bad ? "could not be read" : "is larger than 32 MB: split it into several files");
    const char *slash = strrchr(path, '/');
    how->name = slash ? slash + 1 : path;
    how->data = buf_text(&b);
    how->n = b.len;
    return NULL;
}

static err_t
work(struct ctx *c, void *arg)
{
    struct job *j = arg;
    struct thing t = {0};
    int64_t study;
    TRY(study_find(c, j->code, &study));
    if (!study)
        return err_new(c->mem, E_NOT_FOUND, "There is no study %s.", j->code);
    TRY(study_thing(c, study, &t));
    TRY(file_read(c, study, &j->how, &j->plan));
    return take_file(c, &t, &j->plan);
}

err_t
command_import_queries(struct ctx *c, const struct args *a)
{
    const char *map = args_option(a, "--map");
    struct job j = {.code = args_option(a, "--study")};
    struct ctx own = *c;
    if (!j.code)
        return err_new(c->mem, E_USAGE, "Say which study: --study CODE.");
    j.how = (struct file_how){.dates = args_option(a, "--dates"), .sheet = args_option(a, "--sheet"), .only = args_option(a, "--only")};
    if (j.how.dates && strcmp(j.how.dates, "dmy") != 0 && strcmp(j.how.dates, "mdy") != 0)
        return err_new(c->mem, E_USAGE, "--dates: say dmy (31/12/2026) or mdy (12/31/2026).");
    own.mem = arena_new(WORK_MEMORY);
    if (map)
        j.how.map = (const char *const *)str_split(own.mem, map, ',', &j.how.n_map);
    err_t e = read_whole(&own, args_at(a, 0), &j.how);
    if (!e)
        e = record_transaction(&own, &(struct record_work){"queries.import", NULL, args_who(own.mem), work, &j});
    if (!e) {
        const char *text = arena_printf(own.mem, "%zu queries: %zu new, %zu changed, %zu as they were.\n", j.plan.n, j.plan.n_new, j.plan.n_changed, j.plan.n_same);
        args_print(a, text, strlen(text));
    }
    e = e ? err_keep(c->mem, err_at(own.mem, e, "%s", str_or(j.how.name, ""))) : NULL;
    arena_free(own.mem);
    return e;
}
