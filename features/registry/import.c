/* import.c: files into studies: every record of a file is read and checked first, then all are applied
 * in one transaction. Called by the command and the upload page. */
#include "base/str.h"
#include "core/record.h"
#include "db/db.h"
#include "features/registry/pages.h"
#include "features/registry/parse.h"
#include "features/registry/splitter.h"
#include "features/registry/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH = 512 << 20 };

struct import {
    struct ctx *c;
    const char *name;
    int fd;
    struct registry_result result;
};

typedef err_t each_study(struct ctx *c, const struct registry_study *s, const struct splitter_record *r,
                         struct import *im);

static void
free_arena(void *a)
{
    arena_free(a);
}

/* Reads every record of the file into memory that is emptied after each. */
static err_t
each(struct import *im, struct ctx *c, each_study *fn)
{
    if (lseek(im->fd, 0, SEEK_SET) < 0)
        return err_at(c->mem, err_new(c->mem, E_IO, "The file cannot be read from its beginning. Save it to disk first."), "%s", im->name);
    struct arena *scratch = arena_new(SCRATCH);
    arena_defer(c->mem, free_arena, scratch);
    struct splitter *s;
    TRY(splitter_open_fd(c->mem, im->name, im->fd, NULL, &s));
    for (;;) {
        struct splitter_record r;
        TRY(splitter_next(s, &r));
        if (!r.data)
            return NULL;
        struct ctx inner = *c;
        inner.mem = scratch;
        const struct registry_study *study;
        err_t e = parse_study(scratch, r.data, r.n, r.line, &study);
        if (!e)
            e = fn(&inner, study, &r, im);
        if (e)
            return err_at(c->mem, e, "%s, record %llu", im->name, (unsigned long long)r.number);
        arena_reset(scratch);
    }
}

static err_t
check_one(struct ctx *c, const struct registry_study *s, const struct splitter_record *r, struct import *im)
{
    return NULL;
}

static err_t
store_one(struct ctx *c, const struct registry_study *s, const struct splitter_record *r, struct import *im)
{
    return store_study(c, s, r->data, r->n, im->name, &im->result);
}

static err_t
apply(struct ctx *c, void *arg)
{
    struct import *im = arg;
    im->result = (struct registry_result){0};
    return each(im, c, store_one);
}

static void
add_up(struct registry_result *to, const struct registry_result *more)
{
    to->files++;
    to->records += more->records;
    to->created += more->created;
    to->same += more->same;
    to->newer += more->newer;
    to->older += more->older;
    to->unknown += more->unknown;
    to->joined_organisations += more->joined_organisations;
    to->joined_people += more->joined_people;
    size_t len = strlen(to->changed), room = sizeof to->changed - len;
    if (*more->changed && strlen(more->changed) + 3 < room)
        snprintf(to->changed + len, room, "%s%s", len ? ", " : "", more->changed);
}

static void
count(struct buf *b, int64_t n, const char *one, const char *many)
{
    buf_printf(b, "%lld %s", (long long)n, n == 1 ? one : many);
}

const char *
registry_words(struct arena *a, const struct registry_result *x)
{
    struct buf b;
    buf_init(&b, a);
    count(&b, x->records, "record in ", "records in ");
    count(&b, x->files, "file: ", "files: ");
    buf_printf(&b, "%lld new, %lld known already, %lld newer, not applied", (long long)x->created,
               (long long)x->same, (long long)x->newer);
    if (x->older)
        buf_printf(&b, ", %lld older, not applied", (long long)x->older);
    buf_str(&b, ".");
    if (x->newer + x->older)
        buf_printf(&b, " Kept beside the study: %s%s.", x->changed,
                   x->newer + x->older > (int64_t)(strlen(x->changed) + 2) / 13 ? " and more" : "");
    if (x->refused) {
        buf_char(&b, ' ');
        count(&b, x->refused, "file was refused whole.", "files were refused whole.");
    }
    return buf_text(&b);
}

err_t
registry_check_fd(struct ctx *c, const char *name, int fd)
{
    struct import im = {.c = c, .name = name, .fd = fd};
    return each(&im, c, check_one);
}

err_t
registry_apply_fd(struct ctx *c, const char *name, int fd, struct registry_result *ret)
{
    struct import im = {.c = c, .name = name, .fd = fd};
    TRY(apply(c, &im));
    add_up(ret, &im.result);
    return NULL;
}

err_t
registry_import_fd(struct ctx *c, const char *name, int fd, const char *who, struct registry_result *ret)
{
    struct ctx own = *c; /* a folder of files must not pile up memory, nor its errors */
    own.mem = arena_new(SCRATCH);
    struct import im = {.c = &own, .name = name, .fd = fd};
    err_t e = each(&im, &own, check_one);
    struct record_work w = {.action = "registry.import", .who = who, .work = apply, .arg = &im};
    if (!e)
        e = record_transaction(&own, &w);
    if (!e)
        add_up(ret, &im.result);
    e = err_keep(c->mem, e);
    arena_free(own.mem);
    return e;
}

/* O_NONBLOCK: a named pipe that nobody writes to must not hold the import up. */
static err_t
import_file(struct ctx *c, const char *path, const char *who, struct registry_result *ret)
{
    struct stat st;
    const char *slash = strrchr(path, '/');
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    err_t e;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        e = err_new(c->mem, E_IO, "%s is not a file. Save the records to disk first.", path);
    else
        e = registry_import_fd(c, slash ? slash + 1 : path, fd, who, ret);
    close(fd);
    return e;
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
is_data_file(const char *name)
{
    static const char *const endings[] = {".json", ".jsonl", ".ndjson", ".gz"};
    size_t n = strlen(name);
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        size_t m = strlen(endings[i]);
        if (*name != '.' && n > m && strcasecmp(name + n - m, endings[i]) == 0)
            return true;
    }
    return false;
}

enum { FILES_MOST = 1000000, FOLDERS_DEEP = 16, ERRORS_MOST = 50 };

struct files {
    const char **v;
    size_t n, size;
};

static void
add_file(struct arena *a, struct files *f, const char *path)
{
    if (f->n == f->size) {
        size_t size = f->size ? f->size * 2 : 1024;
        const char **more = arena_alloc(a, size * sizeof *more);
        if (f->n)
            memcpy(more, f->v, f->n * sizeof *more);
        f->v = more;
        f->size = size;
    }
    f->v[f->n++] = path;
}

static err_t
folder_files(struct ctx *c, const char *path, int depth, struct files *f)
{
    DIR *d = opendir(path);
    if (!d)
        return err_new(c->mem, E_IO, "The folder %s could not be opened: %s.", path, strerror(errno));
    err_t e = NULL;
    for (struct dirent *x; !e && (x = readdir(d)) && f->n < FILES_MOST;) {
        struct stat st;
        if (*x->d_name == '.')
            continue;
        const char *inner = arena_printf(c->mem, "%s%s%s", path, str_ends(path, "/") ? "" : "/", x->d_name);
        if (lstat(inner, &st) == 0 && S_ISDIR(st.st_mode) && depth < FOLDERS_DEEP)
            e = folder_files(c, inner, depth + 1, f);
        else if (is_data_file(x->d_name) && !(stat(inner, &st) == 0 && S_ISDIR(st.st_mode)))
            add_file(c->mem, f, inner);
    }
    closedir(d);
    return e;
}

static err_t
import_folder(struct ctx *c, const char *path, const char *who,
              void (*progress)(void *arg, int64_t done, int64_t total), void *arg, struct registry_result *ret)
{
    struct files f = {0};
    err_t errors = NULL;
    int64_t refused = 0;
    TRY(folder_files(c, path, 0, &f));
    if (f.n == 0)
        return err_new(c->mem, E_BAD_INPUT, "The folder %s holds no .json, .jsonl, .ndjson or .gz file.", path);
    qsort(f.v, f.n, sizeof *f.v, by_text);
    for (size_t i = 0; i < f.n; i++) {
        struct arena_mark mark = arena_save(c->mem);
        err_t e = import_file(c, f.v[i], who, ret);
        if (e && (e->code == E_UNAVAILABLE || e->code == E_INTERNAL))
            return e;
        refused += e != NULL;
        if (e && refused <= ERRORS_MOST)
            errors = err_join(c->mem, errors, e);
        else
            arena_restore(c->mem, mark);
        if (progress)
            progress(arg, (int64_t)i + 1, (int64_t)f.n);
    }
    ret->refused += refused;
    if (refused > ERRORS_MOST)
        errors = err_join(c->mem, errors, err_new(c->mem, E_BAD_INPUT, "%lld more files were refused.",
                                                  (long long)refused - ERRORS_MOST));
    return errors;
}

err_t
registry_import_path(struct ctx *c, const char *path, const char *who,
                     void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
                     struct registry_result *ret)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return import_folder(c, path, who, progress, arg, ret);
    err_t e = import_file(c, path, who, ret);
    ret->refused += e != NULL;
    return e;
}
