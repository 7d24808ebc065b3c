/* misses.c: links that lead nowhere, counted by the address they were tried from. See outsider.h. A page that
 * is only read writes nothing: tries wait here, in the process, until the job of a minute later brings them
 * to core's brake, where all processes count together. */
#include "features/answers/outsider.h"

#include "core/account.h"
#include "db/db.h"

#include <pthread.h>
#include <string.h>

enum { PEERS = 256, ADDRESS = 64, MOST = 40 };

struct peer {
    char address[ADDRESS];
    int n;
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct peer peers[PEERS];
static size_t n_peers;

/* The place of an address, or n_peers; under the lock. */
static size_t
place_of(const char *address)
{
    size_t i = 0;
    while (i < n_peers && strncmp(peers[i].address, address, ADDRESS - 1) != 0)
        i++;
    return i;
}

void
misses_note(const char *address)
{
    pthread_mutex_lock(&lock);
    size_t i = place_of(address);
    if (i == n_peers && n_peers < PEERS) {
        n_peers++;
        peers[i].n = 0;
        size_t n = strnlen(address, ADDRESS - 1);
        memcpy(peers[i].address, address, n);
        peers[i].address[n] = '\0';
    }
    if (i < n_peers)
        peers[i].n++;
    pthread_mutex_unlock(&lock);
}

err_t
misses_allowed(struct ctx *c, const char *address)
{
    pthread_mutex_lock(&lock);
    size_t i = place_of(address);
    bool over = i < n_peers && peers[i].n >= MOST;
    pthread_mutex_unlock(&lock);
    if (over)
        return err_new(c->mem, E_TOO_MANY, "There were many tries with links that lead nowhere. Please wait some minutes and try again.");
    return try_allowed(c, &(struct try_of){.address = address}, NULL);
}

static err_t
flush(struct ctx *c, void *arg)
{
    const struct peer *p = arg;
    for (int i = 0; i < p->n && i < MOST; i++)
        TRY(try_failed(c, &(struct try_of){.address = p->address}));
    return NULL;
}

err_t
misses_job(struct ctx *c)
{
    pthread_mutex_lock(&lock);
    size_t n = n_peers;
    struct peer *copy = arena_copy(c->mem, peers, n * sizeof *copy);
    n_peers = 0;
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < n; i++)
        TRY(db_write(c, flush, &copy[i]));
    return NULL;
}
