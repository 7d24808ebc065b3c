/* err.c: errors. See err.h. Called from everywhere; calls only the arena. */
#include "base/err.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name;
    int status, exit_code;
    const char *title;
} kinds[] = {
#define ERR(name, status, exit_code, title) {#name, status, exit_code, title},
#include "base/err.def"
#undef ERR
};

static struct err *
make(struct arena *a, enum err_code code, const char *fmt, va_list ap)
{
    struct err *e = arena_alloc(a, sizeof *e);
    e->code = code;
    e->text = arena_vprintf(a, fmt, ap);
    return e;
}

err_t
err_new(struct arena *a, enum err_code code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct err *e = make(a, code, fmt, ap);
    va_end(ap);
    return e;
}

err_t
err_field(struct arena *a, enum err_code code, const char *field, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct err *e = make(a, code, fmt, ap);
    va_end(ap);
    e->field = field;
    return e;
}

err_t
err_at(struct arena *a, err_t e, const char *fmt, ...)
{
    if (!e)
        return NULL;
    va_list ap;
    va_start(ap, fmt);
    const char *place = arena_vprintf(a, fmt, ap);
    va_end(ap);
    struct err *copy = arena_alloc(a, sizeof *copy);
    *copy = *e;
    copy->place = e->place ? arena_printf(a, "%s, %s", place, e->place) : place;
    return copy;
}

err_t
err_because(struct arena *a, enum err_code code, err_t cause, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct err *e = make(a, code, fmt, ap);
    va_end(ap);
    e->cause = cause;
    return e;
}

err_t
err_join(struct arena *a, err_t first, err_t second)
{
    if (!first)
        return second;
    struct err *copy = arena_alloc(a, sizeof *copy);
    *copy = *first;
    copy->next = err_join(a, first->next, second);
    return copy;
}

err_t
err_keep(struct arena *a, err_t e)
{
    if (!e)
        return NULL;
    struct err *copy = arena_alloc(a, sizeof *copy);
    *copy = (struct err){e->code, arena_strdup(a, e->text), arena_strdup(a, e->field),
                         arena_strdup(a, e->place), err_keep(a, e->cause), err_keep(a, e->next)};
    return copy;
}

int
err_status(enum err_code code)
{
    return kinds[code].status;
}

int
err_exit(enum err_code code)
{
    return kinds[code].exit_code;
}

const char *
err_name(enum err_code code)
{
    return kinds[code].name;
}

const char *
err_title(enum err_code code)
{
    return kinds[code].title;
}

const char *
err_line(struct arena *a, err_t e)
{
    const char *line = e->place ? arena_printf(a, "%s: %s", e->place, e->text) : e->text;
    if (e->cause)
        line = arena_printf(a, "%s (because: %s)", line, err_line(a, e->cause));
    return line;
}

void
err_broken(const char *what, const char *file, int line)
{
    fprintf(stderr, "rapport: broken invariant at %s:%d: %s\n", file, line, what);
    abort();
}
