/* arena.c: the bump arena. See arena.h.
 *
 * With RAPPORT_ARENA_MALLOC=1 in the environment every allocation is a block of its own, so that a
 * memory checker sees each one. Under AddressSanitizer what is not handed out is poisoned. */
#include "base/arena.h"

#include "base/err.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif
#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum { FIRST_BLOCK = 16 << 10, ALIGN = 16, HARD_TIMES = 8, LARGE = 32 << 20 };

struct block {
    struct block *before;
    size_t size, used;
    _Alignas(ALIGN) unsigned char data[];
};

struct defer {
    struct defer *before;
    void (*fn)(void *);
    void *arg;
};

struct arena {
    struct block *top;
    struct defer *defers;
    size_t cap, used, high;
    bool each; /* every allocation its own block */
};

struct arena *
arena_new(size_t cap)
{
    struct arena *a = calloc(1, sizeof *a);
    INVARIANT(a);
    a->cap = cap ? cap : (size_t)64 << 20;
    const char *each = getenv("RAPPORT_ARENA_MALLOC");
    a->each = each && *each == '1';
    return a;
}

static void
run_defers(struct arena *a, struct defer *until)
{
    while (a->defers != until) {
        struct defer *d = a->defers;
        a->defers = d->before;
        d->fn(d->arg);
    }
}

static void
drop_blocks(struct arena *a, struct block *until)
{
    while (a->top != until) {
        struct block *b = a->top;
        a->top = b->before;
        UNPOISON(b->data, b->size);
        free(b);
    }
}

void
arena_free(struct arena *a)
{
    if (!a)
        return;
    run_defers(a, NULL);
    drop_blocks(a, NULL);
    bool large = a->high > LARGE;
    free(a);
    if (large) /* or what a large file took stays with the process */
        malloc_trim(0);
}

void
arena_reset(struct arena *a)
{
    run_defers(a, NULL);
    struct block *keep = a->top;
    while (keep && keep->before)
        keep = keep->before;
    if (keep && (a->each || keep->size > FIRST_BLOCK * 4))
        keep = NULL;
    drop_blocks(a, keep);
    if (keep) {
        keep->used = 0;
        POISON(keep->data, keep->size);
    }
    a->used = 0;
}

void *
arena_alloc(struct arena *a, size_t size)
{
    INVARIANT(size < SIZE_MAX / 2);
    size_t want = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (want == 0)
        want = ALIGN;
    struct block *b = a->top;
    if (!b || a->each || b->size - b->used < want) {
        size_t next = b && !a->each ? b->size * 2 : FIRST_BLOCK;
        if (next > (size_t)4 << 20)
            next = (size_t)4 << 20;
        if (a->each || next < want)
            next = want;
        b = malloc(sizeof *b + next);
        INVARIANT(b);
        b->before = a->top;
        b->size = next;
        b->used = 0;
        POISON(b->data, b->size);
        a->top = b;
    }
    void *p = b->data + b->used;
    b->used += want;
    UNPOISON(p, size ? size : 1);
    memset(p, 0, size);
    a->used += want;
    if (a->used > a->high)
        a->high = a->used;
    INVARIANT(a->used <= a->cap * HARD_TIMES);
    return p;
}

void *
arena_copy(struct arena *a, const void *data, size_t size)
{
    void *p = arena_alloc(a, size);
    if (size)
        memcpy(p, data, size);
    return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
    char *p = arena_alloc(a, n + 1);
    if (n)
        memcpy(p, s, n);
    return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    INVARIANT(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
    struct defer *d = arena_alloc(a, sizeof *d);
    *d = (struct defer){a->defers, fn, arg};
    a->defers = d;
}

struct arena_mark
arena_save(struct arena *a)
{
    return (struct arena_mark){a->top, a->defers, a->top ? a->top->used : 0};
}

void
arena_restore(struct arena *a, struct arena_mark m)
{
    run_defers(a, m.defers);
    drop_blocks(a, m.block);
    if (a->top) {
        POISON(a->top->data + m.used, a->top->used - m.used);
        a->top->used = m.used;
    }
    size_t used = 0;
    for (struct block *b = a->top; b; b = b->before)
        used += b->used;
    a->used = used;
}

bool
arena_full(const struct arena *a)
{
    return a->used > a->cap;
}

size_t
arena_used(const struct arena *a)
{
    return a->used;
}

size_t
arena_high(const struct arena *a)
{
    return a->high;
}
