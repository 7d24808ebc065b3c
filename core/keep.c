/* keep.c: see keep.h. A table of short chains, and all entries in a ring from the newest to the one
 * that was not asked for longest. Called by features/recruitment. */
#include "core/keep.h"

#include "base/arena.h"
#include "base/err.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CHAINS = 1024, SHARE = 8 };

struct entry {
    struct entry *next;         /* in its chain */
    struct entry *newer, *older; /* in the ring */
    unsigned char key[KEEP_KEY];
    size_t n;
    unsigned char data[];
};
struct keep {
    pthread_mutex_t lock;
    size_t most, used;
    struct entry *chain[CHAINS];
    struct entry ring; /* ring.older is the newest, ring.newer the oldest */
};

static struct entry **
chain_of(struct keep *k, const unsigned char *key)
{
    unsigned hash;
    memcpy(&hash, key, sizeof hash);
    return &k->chain[hash % CHAINS];
}

static struct entry **
find(struct keep *k, const unsigned char *key)
{
    struct entry **at = chain_of(k, key);
    while (*at && memcmp((*at)->key, key, KEEP_KEY) != 0)
        at = &(*at)->next;
    return at;
}

static void
unlink_ring(struct entry *e)
{
    e->newer->older = e->older;
    e->older->newer = e->newer;
}

static void
make_newest(struct keep *k, struct entry *e)
{
    e->newer = &k->ring;
    e->older = k->ring.older;
    e->older->newer = e;
    k->ring.older = e;
}

static void
drop(struct keep *k, struct entry **at)
{
    struct entry *e = *at;
    *at = e->next;
    unlink_ring(e);
    k->used -= sizeof *e + e->n;
    free(e);
}

static void
close_keep(void *arg)
{
    struct keep *k = arg;
    while (k->ring.newer != &k->ring)
        drop(k, find(k, k->ring.newer->key));
    pthread_mutex_destroy(&k->lock);
}

struct keep *
keep_new(struct arena *a, size_t most)
{
    struct keep *k = arena_alloc(a, sizeof *k);
    k->most = most;
    k->ring.newer = k->ring.older = &k->ring;
    pthread_mutex_init(&k->lock, NULL);
    arena_defer(a, close_keep, k);
    return k;
}

bool
keep_get(struct keep *k, const unsigned char key[static KEEP_KEY], struct arena *a,
         const void **ret, size_t *ret_n)
{
    if (!k)
        return false;
    pthread_mutex_lock(&k->lock);
    struct entry *e = *find(k, key);
    if (e) {
        unlink_ring(e);
        make_newest(k, e);
        *ret = arena_copy(a, e->data, e->n);
        *ret_n = e->n;
    }
    pthread_mutex_unlock(&k->lock);
    return e != NULL;
}

void
keep_put(struct keep *k, const unsigned char key[static KEEP_KEY], const void *data, size_t n)
{
    size_t room = sizeof(struct entry) + n;
    if (!k || room > k->most / SHARE)
        return;
    struct entry *e = malloc(room);
    INVARIANT(e);
    memcpy(e->key, key, KEEP_KEY);
    memcpy(e->data, data, n);
    e->n = n;
    pthread_mutex_lock(&k->lock);
    struct entry **had = find(k, key);
    if (*had)
        drop(k, had);
    while (k->used + room > k->most)
        drop(k, find(k, k->ring.newer->key));
    struct entry **chain = chain_of(k, key);
    e->next = *chain;
    *chain = e;
    make_newest(k, e);
    k->used += room;
    pthread_mutex_unlock(&k->lock);
}

size_t
keep_used(struct keep *k)
{
    pthread_mutex_lock(&k->lock);
    size_t n = k->used;
    pthread_mutex_unlock(&k->lock);
    return n;
}
