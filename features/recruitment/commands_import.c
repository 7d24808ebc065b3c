/* commands_import.c: "import enrolment", "import sites" and "import plan": one file, all or nothing, in
 * one transaction; with --create the study comes with it. */
#include "base/arena.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "core/sheet.h"
#include "db/db.h"
#include "features/recruitment/pages_import.h"
#include "features/recruitment/recruitment.h"
#include "features/studies/studies.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct option import_options[] = {
    {"--study", "CODE", "the study it belongs to"},
    {"--map", "FIELD=COLUMN,...", "which column is what, where that is in doubt"},
    {"--dates", "dmy|mdy", "the order of day and month, where that is in doubt"},
    {"--sheet", "NAME", "of an .xlsx with several sheets"},
    {"--only", "NAME", "of a file with several studies: which"},
    {"--reason", "TEXT", "why what was there before is changed"},
    {NULL, NULL, NULL},
};
const struct option import_enrolment_options[] = {
    {"--study", "CODE", "the study it belongs to"},
    {"--create", NULL, "make the study"},
    {"--title", "TEXT", "with --create: its title (default: the code)"},
    {"--target", "N", "with --create: how many are to be enrolled"},
    {"--means", "WORD", "with --create: enrolled means consented, randomised (default), treated or evaluable"},
    {"--map", "FIELD=COLUMN,...", "which column is what, where that is in doubt"},
    {"--dates", "dmy|mdy", "the order of day and month, where that is in doubt"},
    {"--sheet", "NAME", "of an .xlsx with several sheets"},
    {"--only", "NAME", "of a file with several studies: which"},
    {"--site", "NAME", "of a file without a column of sites: the one site it is of"},
    {NULL, NULL, NULL},
};

#define WORK_MEMORY ((size_t)2 << 30) /* a full file of 32 MB */

struct job {
    const struct args *args;
    struct import_how how;
    struct import_result result;
};

static err_t
read_file(struct ctx *c, const char *path, struct import_how *how)
{
    enum { MOST = SHEET_MAX_FILE };
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    struct buf b;
    buf_init(&b, c->mem);
    char part[65536];
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0 && b.len <= MOST;)
        buf_add(&b, part, n);
    bool bad = ferror(f);
    fclose(f);
    if (bad || b.len > MOST)
        return err_new(c->mem, bad ? E_IO : E_TOO_LARGE, "%s %s.", path, bad ? "could not be read" : "is larger than 32 MB: split it into several files");
    const char *slash = strrchr(path, '/');
    how->file_name = slash ? slash + 1 : path;
    how->data = buf_text(&b);
    how->n = b.len;
    return NULL;
}

static err_t
means_of(struct ctx *c, const struct args *a, enum enrolled_means *ret)
{
    const char *word = args_option(a, "--means");
    for (int m = 0; m < MEANS_COUNT; m++) {
        if (!word || strcmp(word, means_word((enum enrolled_means)m)) == 0) {
            *ret = word ? (enum enrolled_means)m : MEANS_RANDOMISED;
            return NULL;
        }
    }
    return err_new(c->mem, E_USAGE, "--means: say consented, randomised, treated or evaluable.");
}

/* The study named, or made when --create says so. */
static err_t
study_of(struct ctx *c, struct job *j)
{
    const char *code = args_option(j->args, "--study"), *target = args_option(j->args, "--target"), *ref;
    struct target_set t = {.means = MEANS_RANDOMISED};
    TRY(study_find(c, code, &j->how.study));
    if (j->how.study)
        return NULL;
    if (!args_option(j->args, "--create"))
        return err_new(c->mem, E_NOT_FOUND, "There is no study %s. With --create it is made.", code);
    TRY(means_of(c, j->args, &t.means));
    if (target && (!str_int(target, &t.target) || t.target < 1))
        return err_new(c->mem, E_USAGE, "--target: give a whole number of at least 1.");
    struct study_new s = {.code = code, .title = str_or(args_option(j->args, "--title"), code), .origin = "tracker",
                          .status = "RECRUITING", .enrolment = target ? t.target : -1,
                          .enrolment_type = target ? "ESTIMATED" : NULL, .operator_ = c->inst->home};
    TRY(study_create(c, &s, &j->how.study, &ref));
    record_change(c, "study", code, "title", NULL, s.title);
    t.study = j->how.study;
    TRY(recruitment_targets(c, &t));
    if (target)
        record_change(c, "recruitment", code, "target", NULL, target);
    return study_relist(c, j->how.study);
}

static err_t
work(struct ctx *c, void *arg)
{
    struct job *j = arg;
    struct import_plan *plan;
    TRY(study_of(c, j));
    TRY(import_read(c, &j->how, &plan, &j->result));
    return import_apply(c, plan, &j->result);
}

static void
say(struct ctx *c, struct job *j)
{
    const struct import_result *r = &j->result;
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "%lld rows: %lld new, %lld known already", (long long)r->rows, (long long)r->added, (long long)r->known);
    if (r->changed)
        buf_printf(&b, ", %lld filled in or changed", (long long)r->changed);
    if (r->sites_made)
        buf_printf(&b, "; new sites: %lld", (long long)r->sites_made);
    buf_str(&b, ".\n");
    for (size_t i = 0; i < r->n_notes; i++)
        buf_printf(&b, "- %s\n", r->notes[i]);
    args_print(j->args, buf_text(&b), b.len);
}

err_t
commands_import_choices(struct ctx *c, const struct args *a, struct import_how *io)
{
    const char *map = args_option(a, "--map");
    size_t n = 0, pieces = 0;
    char **pair = map ? str_split(c->mem, map, ',', &pieces) : NULL;
    for (size_t i = 0; i < pieces; i++) { /* a header may hold a comma */
        if (n > 0 && !strchr(pair[i], '='))
            pair[n - 1] = arena_printf(c->mem, "%s,%s", pair[n - 1], pair[i]);
        else
            pair[n++] = str_trim(c->mem, pair[i]);
    }
    io->mapping = (const char *const *)pair;
    io->n_mapping = n;
    io->order = args_option(a, "--dates");
    io->sheet = args_option(a, "--sheet");
    io->only = args_option(a, "--only");
    io->site = args_option(a, "--site");
    if (io->order && strcmp(io->order, "dmy") != 0 && strcmp(io->order, "mdy") != 0)
        return err_new(c->mem, E_USAGE, "--dates: say dmy (31/12/2026) or mdy (12/31/2026).");
    return NULL;
}

err_t
commands_import_advice(struct ctx *c, err_t e)
{
    const char *advice = NULL;
    for (err_t i = e; i && !advice; i = i->next) {
        if (i->place && str_starts(i->place, "row "))
            continue; /* a refused value speaks for itself */
        if (str_eq(i->field, "study"))
            advice = "Say which study: --only NAME.";
        else if (str_eq(i->field, "site"))
            advice = "Say which column it is, --map SITE=COLUMN, or the one site of the file, --site NAME.";
        else if (str_eq(i->field, "dates"))
            advice = "Say in which order the dates are: --dates dmy or --dates mdy.";
        else if (i->text && str_starts(i->text, "It is not clear what"))
            advice = arena_printf(c->mem, "Say which column it is: --map %s=COLUMN; --map %s= says that there is none.", i->field, i->field);
        else if (str_eq(i->field, "map"))
            advice = "Say which column is what, such as --map \"SITE=Centre,DATE=Rand date\"; --map STATUS= says that there is none.";
        else if (i->code == E_REASON)
            advice = "Say why: --reason \"...\"";
    }
    return advice ? err_join(c->mem, e, err_new(c->mem, e->code, "%s", advice)) : e;
}

static err_t
run(struct ctx *c, const struct args *a, enum import_kind kind)
{
    struct job j = {.args = a, .how = {.kind = kind}};
    if (!args_option(a, "--study"))
        return err_new(c->mem, E_USAGE, "Say which study: --study CODE.");
    TRY(commands_import_choices(c, a, &j.how));
    TRY(read_file(c, args_at(a, 0), &j.how));
    j.how.who = args_who(c->mem);
    j.how.reason = args_option(a, "--reason");
    struct ctx own = *c;
    own.mem = arena_new(WORK_MEMORY);
    err_t e = record_transaction(&own, &(struct record_work){"import.apply", j.how.reason, j.how.who, work, &j});
    if (!e)
        say(&own, &j);
    if (e && (e->code == E_BAD_INPUT || e->code == E_MEDIA_TYPE || e->code == E_TOO_LARGE))
        e = err_at(own.mem, e, "%s", j.how.file_name);
    e = err_keep(c->mem, e ? commands_import_advice(&own, e) : NULL);
    arena_free(own.mem);
    return e;
}

err_t
command_import_enrolment(struct ctx *c, const struct args *a)
{
    return run(c, a, IMPORT_LOG);
}

err_t
command_import_sites(struct ctx *c, const struct args *a)
{
    return run(c, a, IMPORT_SITES);
}

err_t
command_import_plan(struct ctx *c, const struct args *a)
{
    return run(c, a, IMPORT_PLAN);
}
