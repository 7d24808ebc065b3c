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
#include <stdlib.h>
#include <string.h>
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
    to->unknown += more->unknown;
    to->joined_organisations += more->joined_organisations;
    to->joined_people += more->joined_people;
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

static err_t
import_file(struct ctx *c, const char *path, const char *who, struct registry_result *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    const char *slash = strrchr(path, '/');
    err_t e = registry_import_fd(c, slash ? slash + 1 : path, fd, who, ret);
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
    return *name != '.' && (str_ends(name, ".json") || str_ends(name, ".jsonl") || str_ends(name, ".ndjson") || str_ends(name, ".gz"));
}

static err_t
folder_files(struct ctx *c, const char *path, const char ***ret, size_t *ret_n)
{
    enum { MOST = 1000000 };
    DIR *d = opendir(path);
    if (!d)
        return err_new(c->mem, E_IO, "The folder %s could not be opened: %s.", path, strerror(errno));
    size_t n = 0, size = 1024;
    const char **file = arena_alloc(c->mem, size * sizeof *file);
    for (struct dirent *e; (e = readdir(d)) && n < MOST;) {
        if (!is_data_file(e->d_name))
            continue;
        if (n == size) {
            const char **more = arena_alloc(c->mem, size * 2 * sizeof *more);
            memcpy(more, file, n * sizeof *more);
            file = more;
            size *= 2;
        }
        file[n++] = arena_printf(c->mem, "%s/%s", path, e->d_name);
    }
    closedir(d);
    if (n == 0)
        return err_new(c->mem, E_BAD_INPUT, "The folder %s holds no .json, .jsonl or .gz file.", path);
    qsort(file, n, sizeof *file, by_text);
    *ret = file;
    *ret_n = n;
    return NULL;
}

err_t
registry_import_path(struct ctx *c, const char *path, const char *who,
                     void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
                     struct registry_result *ret)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return err_new(c->mem, E_IO, "%s could not be opened: %s.", path, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return import_file(c, path, who, ret);
    const char **file = NULL;
    size_t n = 0;
    err_t errors = NULL;
    TRY(folder_files(c, path, &file, &n));
    for (size_t i = 0; i < n; i++) {
        err_t e = import_file(c, file[i], who, ret);
        if (e && (e->code == E_UNAVAILABLE || e->code == E_INTERNAL))
            return e;
        errors = err_join(c->mem, errors, e);
        if (progress)
            progress(arg, (int64_t)i + 1, (int64_t)n);
    }
    return errors;
}
