/* spool.c: see spool.h. Called by server.c. */
#include "http/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FIRST_ROOM = 4 << 10 };

static bool
grow(struct spool *s, size_t want)
{
    size_t room = s->room ? s->room : FIRST_ROOM;
    while (room < want)
        room *= 2;
    if (room == s->room)
        return true;
    char *memory = realloc(s->memory, room);
    if (!memory)
        return false;
    s->memory = memory;
    s->room = room;
    return true;
}

/* A file without a name; file systems that know no O_TMPFILE get one that is unlinked at once. */
static int
open_file(const char *dir)
{
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    char path[4096];
    if (snprintf(path, sizeof path, "%s/rapport-XXXXXX", dir) >= (int)sizeof path)
        return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        unlink(path);
    return fd;
}

static bool
write_all(struct spool *s, const char *data, size_t n)
{
    if (atomic_fetch_add(&s->space->used, n) + n > s->space->most) {
        atomic_fetch_sub(&s->space->used, n);
        return false;
    }
    s->n += n;
    while (n) {
        ssize_t done = write(s->fd, data, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        data += done;
        n -= (size_t)done;
    }
    return true;
}

static bool
to_disk(struct spool *s)
{
    s->fd = open_file(s->space->dir);
    if (s->fd < 0)
        return false;
    s->on_disk = true;
    size_t n = s->n;
    s->n = 0; /* from here on: bytes counted in the shared space */
    bool good = write_all(s, s->memory, n);
    free(s->memory);
    s->memory = NULL;
    s->room = 0;
    return good;
}

bool
spool_add(struct spool *s, const char *data, size_t n)
{
    if (!s->on_disk && s->n + n > SPOOL_IN_MEMORY && !to_disk(s))
        return false;
    if (s->on_disk)
        return write_all(s, data, n);
    if (!grow(s, s->n + n))
        return false;
    memcpy(s->memory + s->n, data, n);
    s->n += n;
    return true;
}

const char *
spool_data(struct spool *s)
{
    if (s->n == 0)
        return "";
    if (!s->on_disk)
        return s->memory;
    if (!s->map) {
        void *map = mmap(NULL, s->n, PROT_READ, MAP_PRIVATE, s->fd, 0);
        if (map == MAP_FAILED)
            return NULL;
        s->map = map;
    }
    return s->map;
}

void
spool_clear(struct spool *s)
{
    if (s->map)
        munmap(s->map, s->n);
    if (s->on_disk) {
        close(s->fd);
        atomic_fetch_sub(&s->space->used, s->n);
    }
    free(s->memory);
    *s = (struct spool){.space = s->space};
}
