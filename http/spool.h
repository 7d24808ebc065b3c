/* spool.h: the body of a request as it comes in: in memory while it is small, in an unlinked
 * temporary file (mapped in the end) when it is not. One thread at a time. */
#ifndef HTTP_SPOOL_H
#define HTTP_SPOOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { SPOOL_IN_MEMORY = 256 << 10 };

/* What all bodies together hold on disk, and where. Shared by all threads. */
struct spool_space {
    const char *dir;
    size_t most; /* bytes */
    atomic_size_t used;
};

struct spool {
    struct spool_space *space;
    char *memory; /* malloc'd */
    size_t n, room;
    int fd; /* of the file, when `on_disk` */
    bool on_disk;
    void *map;
};

/* A {0} spool with its space is empty. False: no memory, no file, or the space is used up; what
 * came so far is dropped by spool_clear. */
bool spool_add(struct spool *s, const char *data, size_t n);
/* All of it, valid until spool_clear. NULL: it could not be mapped. */
const char *spool_data(struct spool *s);
void spool_clear(struct spool *s);

#endif
