/* queue.c: see queue.h. Called by server.c. */
#include "http/queue.h"

#include <pthread.h>
#include <stdlib.h>

struct entry {
    void *item;
    int64_t since_ms;
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t some;
    bool closed;
    size_t first, n, most;
    struct entry entries[];
};

struct queue *
queue_new(size_t most)
{
    struct queue *q = calloc(1, sizeof *q + most * sizeof q->entries[0]);
    if (!q)
        return NULL;
    q->most = most;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->some, NULL);
    return q;
}

void
queue_free(struct queue *q)
{
    if (!q)
        return;
    pthread_mutex_destroy(&q->lock);
    pthread_cond_destroy(&q->some);
    free(q);
}

bool
queue_push(struct queue *q, void *item, int64_t now_ms)
{
    pthread_mutex_lock(&q->lock);
    bool room = !q->closed && q->n < q->most;
    if (room) {
        q->entries[(q->first + q->n++) % q->most] = (struct entry){item, now_ms};
        pthread_cond_signal(&q->some);
    }
    pthread_mutex_unlock(&q->lock);
    return room;
}

/* With the lock held and at least one item. */
static struct entry
take(struct queue *q)
{
    struct entry e = q->entries[q->first];
    q->first = (q->first + 1) % q->most;
    q->n--;
    return e;
}

void *
queue_pop(struct queue *q, int64_t *ret_since_ms)
{
    pthread_mutex_lock(&q->lock);
    while (q->n == 0 && !q->closed)
        pthread_cond_wait(&q->some, &q->lock);
    struct entry e = {0};
    if (q->n)
        e = take(q);
    pthread_mutex_unlock(&q->lock);
    if (e.item)
        *ret_since_ms = e.since_ms;
    return e.item;
}

void *
queue_expired(struct queue *q, int64_t before_ms)
{
    pthread_mutex_lock(&q->lock);
    struct entry e = {0};
    if (q->n && q->entries[q->first].since_ms < before_ms)
        e = take(q);
    pthread_mutex_unlock(&q->lock);
    return e.item;
}

void
queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->some);
    pthread_mutex_unlock(&q->lock);
}
