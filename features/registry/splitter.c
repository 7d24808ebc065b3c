/* splitter.c: see splitter.h. scan.c tells where objects open and close; this file decides which of
 * them are records and copies their bytes. */
#include "features/registry/splitter.h"

#include "base/arena.h"
#include "features/registry/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, FIRST_RECORD = 64 << 10 };

/* What the open thing at the top is. A record and a page look alike until "studies" comes by. */
enum shape { NOTHING, RECORD, LIST, PAGE, PAGE_END };

struct bytes {
    const char *data;
    size_t n;
};

struct splitter {
    struct arena *mem;
    const char *name;
    struct splitter_limits limits;
    struct inflow *in;
    struct scan scan;
    enum shape shape;
    bool keep;        /* bytes go into the record */
    bool studies;     /* the key just read is "studies" of a possible page */
    bool list_done;   /* a list at the top has ended: nothing may follow */
    uint64_t tops;    /* things at the top that have ended */
    uint64_t top_line; /* the line the last of them ended in */
    struct splitter_record record;
    char *buf; /* the record so far; malloc, freed with the arena */
    size_t len, size;
    size_t at, n;
    char chunk[CHUNK];
    err_t broken;
    struct bytes bytes; /* what splitter_open_bytes reads from */
    int fd;
};

static err_t
fail_at(struct splitter *s, err_t e)
{
    return s->broken = err_at(s->mem, e, "%s, line %llu, byte %llu", s->name,
                              (unsigned long long)s->scan.line,
                              (unsigned long long)s->scan.offset);
}

static err_t
fail(struct splitter *s, enum err_code code, const char *text)
{
    return fail_at(s, err_new(s->mem, code, "%s", text));
}

static void
free_buffer(void *arg)
{
    struct splitter *s = arg;
    free(s->buf);
    s->buf = NULL;
}

static err_t
open_flow(struct splitter *s, inflow_read_fn read, void *arg, struct splitter **ret)
{
    unsigned skipped = 0;
    err_t e = inflow_open(s->mem, read, arg, &s->limits.inflow, &s->in, &skipped);
    if (e)
        return err_at(s->mem, e, "%s", s->name);
    arena_defer(s->mem, free_buffer, s);
    scan_init(&s->scan, s->limits.depth, skipped);
    *ret = s;
    return NULL;
}

static struct splitter *
make(struct arena *mem, const char *name, const struct splitter_limits *limits)
{
    struct splitter *s = arena_alloc(mem, sizeof *s);
    s->mem = mem;
    s->name = name;
    if (limits)
        s->limits = *limits;
    if (!s->limits.record)
        s->limits.record = (size_t)64 << 20;
    if (!s->limits.weight)
        s->limits.weight = 4000000;
    if (!s->limits.depth || s->limits.depth > SCAN_MAX_DEPTH)
        s->limits.depth = SCAN_MAX_DEPTH;
    return s;
}

err_t
splitter_open(struct arena *mem, const char *name, inflow_read_fn read, void *arg,
              const struct splitter_limits *limits, struct splitter **ret)
{
    return open_flow(make(mem, name, limits), read, arg, ret);
}

static ssize_t
read_fd(void *arg, void *buf, size_t n)
{
    const struct splitter *s = arg;
    ssize_t got;
    do
        got = read(s->fd, buf, n);
    while (got < 0 && errno == EINTR);
    return got;
}

err_t
splitter_open_fd(struct arena *mem, const char *name, int fd, const struct splitter_limits *limits,
                 struct splitter **ret)
{
    struct splitter *s = make(mem, name, limits);
    s->fd = fd;
    return open_flow(s, read_fd, s, ret);
}

static ssize_t
read_bytes(void *arg, void *buf, size_t n)
{
    struct bytes *b = &((struct splitter *)arg)->bytes;
    size_t got = b->n < n ? b->n : n;
    memcpy(buf, b->data, got);
    b->data += got;
    b->n -= got;
    return (ssize_t)got;
}

err_t
splitter_open_bytes(struct arena *mem, const char *name, const char *data, size_t n,
                    const struct splitter_limits *limits, struct splitter **ret)
{
    struct splitter *s = make(mem, name, limits);
    s->bytes = (struct bytes){data, n};
    return open_flow(s, read_bytes, s, ret);
}

/* ---- the record being collected ---- */

static err_t
append(struct splitter *s, const char *data, size_t n)
{
    if (n > s->limits.record - s->len) {
        err_t e = err_new(s->mem, E_TOO_LARGE,
                          "The record that begins in line %llu is larger than %zu MB, which is the "
                          "most that is read.",
                          (unsigned long long)s->record.line, s->limits.record >> 20);
        return fail_at(s, e);
    }
    if (s->size - s->len <= n) {
        size_t size = s->size ? s->size : FIRST_RECORD;
        while (size - s->len <= n)
            size *= 2;
        char *grown = realloc(s->buf, size);
        INVARIANT(grown);
        s->buf = grown;
        s->size = size;
    }
    memcpy(s->buf + s->len, data, n);
    s->len += n;
    s->buf[s->len] = '\0';
    return NULL;
}

static err_t
begin_record(struct splitter *s)
{
    s->keep = true;
    s->len = 0;
    s->scan.weight = 4;
    s->record.line = s->scan.line;
    s->record.offset = s->scan.offset - 1;
    return append(s, "{", 1);
}

static bool
end_record(struct splitter *s)
{
    s->keep = false;
    s->record.data = s->buf;
    s->record.n = s->len;
    s->record.number++;
    return true;
}

/* ---- what opens, closes and stands where ---- */

static err_t
on_top(struct splitter *s)
{
    if (s->list_done)
        return fail(s, E_BAD_INPUT,
                    "Something follows the end of the list. Please send the file as "
                    "it was downloaded.");
    if (s->tops && s->scan.line == s->top_line)
        return fail(
            s, E_BAD_INPUT,
            "A second record begins in the same line. Please put each on a line of its own, "
            "or all of them into a list.");
    if (scan_inside(&s->scan) == '{') {
        s->shape = RECORD;
        return begin_record(s);
    }
    if (s->tops)
        return fail(s, E_BAD_INPUT, "A list follows something else. Please send one or the other.");
    s->shape = LIST;
    return NULL;
}

static err_t
not_a_record(struct splitter *s)
{
    return fail(s, E_BAD_INPUT, "A study record in { } was expected here. Please download the full "
                                "records in JSON form.");
}

static err_t
on_open(struct splitter *s)
{
    unsigned depth = s->scan.depth;
    bool object = scan_inside(&s->scan) == '{';
    bool studies = s->studies;
    s->studies = false;
    if (depth == 1)
        return on_top(s);
    if (depth == 2 && s->shape == RECORD && studies && !object) {
        s->shape = PAGE;
        s->keep = false;
        return NULL;
    }
    bool place = (depth == 2 && s->shape == LIST) || (depth == 3 && s->shape == PAGE);
    if (!place)
        return NULL;
    return object ? begin_record(s) : not_a_record(s);
}

static bool
on_close(struct splitter *s)
{
    unsigned depth = s->scan.depth;
    enum shape shape = s->shape;
    if (depth == 1 && shape == PAGE)
        s->shape = PAGE_END;
    if (depth == 0) {
        s->shape = NOTHING;
        s->tops++;
        s->top_line = s->scan.line;
        s->list_done = shape == LIST;
    }
    bool record = (depth == 0 && shape == RECORD) || (depth == 1 && shape == LIST) ||
                  (depth == 2 && shape == PAGE);
    return record && s->keep && end_record(s);
}

static err_t
on_event(struct splitter *s, enum scan_event event, bool *ret_record)
{
    switch (event) {
    case SCAN_OPEN:
        return on_open(s);
    case SCAN_CLOSE:
        *ret_record = on_close(s);
        return NULL;
    case SCAN_NAME:
        s->studies = s->scan.depth == 1 && strcmp(s->scan.key, "studies") == 0;
        if (s->studies && s->shape == PAGE_END)
            return fail(s, E_BAD_INPUT, "The page has two lists called studies.");
        return NULL;
    case SCAN_SCALAR:
        s->studies = false;
        if ((s->shape == LIST && s->scan.depth == 1) || (s->shape == PAGE && s->scan.depth == 2))
            return not_a_record(s);
        return NULL;
    case SCAN_ERROR:
        if (s->tops && s->scan.depth == 0)
            return fail(s, E_BAD_INPUT, "Something that is no record follows the end. Please send "
                                        "the file as it was downloaded.");
        return fail_at(s, err_new(s->mem, E_BAD_INPUT,
                                  "The JSON cannot be read: %s. Please download the file again.",
                                  s->scan.why));
    case SCAN_MORE:
        break;
    }
    return NULL;
}

static err_t
at_end(struct splitter *s, struct splitter_record *ret)
{
    if (s->scan.depth)
        return fail(s, E_BAD_INPUT,
                    "The file ends too early: it is cut off. Please download or copy "
                    "it again.");
    if (!s->tops)
        return fail(s, E_BAD_INPUT, "The file is empty. Please download it again.");
    *ret = (struct splitter_record){.number = s->record.number};
    return NULL;
}

err_t
splitter_next(struct splitter *s, struct splitter_record *ret)
{
    if (s->broken)
        return s->broken;
    for (bool record = false; !record;) {
        if (s->at == s->n) {
            s->at = 0;
            err_t e = inflow_read(s->in, s->chunk, CHUNK, &s->n);
            if (e)
                return fail_at(s, e);
            if (s->n == 0)
                return at_end(s, ret);
        }
        enum scan_event event;
        const char *from = s->chunk + s->at;
        size_t used = scan_run(&s->scan, from, s->n - s->at, &event);
        s->at += used;
        if (s->keep)
            TRY(append(s, from, used));
        if (s->keep && s->scan.weight > s->limits.weight)
            return fail(s, E_TOO_LARGE, "One record holds more values than are read at once.");
        TRY(on_event(s, event, &record));
    }
    *ret = s->record;
    return NULL;
}
