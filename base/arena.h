/* arena.h: the memory of one request, command or test case.
 *
 * One bump arena, emptied at once at its end: nothing is freed by hand and an early return is always
 * right. Handles that need closing are deferred. Memory comes zeroed. Not thread-safe: one arena
 * belongs to one thread at a time. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct arena_mark {
    void *block, *defers;
    size_t used;
};

/* `cap`: bytes after which arena_full() says so; eight times `cap` is a broken invariant and aborts,
 * so whatever a user can grow asks arena_full() as it grows. 0 means 64 MiB. */
struct arena *arena_new(size_t cap);
/* Runs what was deferred, last first, then frees all. NULL is allowed. */
void arena_free(struct arena *a);
/* Runs what was deferred, then empties; keeps one block for the next request. */
void arena_reset(struct arena *a);

/* Zeroed memory aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_copy(struct arena *a, const void *data, size_t size);
char *arena_strdup(struct arena *a, const char *s); /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);

/* Runs fn(arg) when the arena is reset, freed, or restored to a mark taken before this call. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

/* For loops and retries: everything allocated since the mark is gone after arena_restore. */
struct arena_mark arena_save(struct arena *a);
void arena_restore(struct arena *a, struct arena_mark m);

bool arena_full(const struct arena *a); /* more than `cap` bytes are in use */
size_t arena_used(const struct arena *a);
size_t arena_high(const struct arena *a); /* the most that was ever in use */

#endif
