/* server.c: the threads that answer: workers, which take whole requests from a queue and run
 * life_run; workers of their own for routes marked ROUTE_SLOW, so that hashing and parsing never
 * stand in everybody's way; and one that watches for what has waited too long. What happens on the
 * sockets is wire.c's. Called by http.c. */
#include "http/server.h"

#include "base/arena.h"
#include "base/str.h"
#include "http/listen.h"
#include "http/queue.h"
#include "http/wire.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WATCH_MS = 250, STOP_MS = 10000, LAST_ANSWERS_MS = 1000 };

struct worker {
    struct server *server;
    struct queue *queue;
    pthread_t thread;
    enum { WORKER_STARTING, WORKER_READY, WORKER_FAILED } state; /* under server.lock */
    enum err_code failed_code;
    char failed[300];
};

struct server {
    const struct http *h;
    struct wire *wire;
    int port;
    int64_t queue_ms;
    struct queue *fast, *slow;
    struct worker *workers;
    size_t n_workers;
    pthread_t watcher;
    atomic_bool giving_up;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a worker's state, watch_ends */
    bool watch_ends;
};

/* ---- workers ---- */

static bool
take(void *arg, struct conn *cn, bool slow)
{
    struct server *s = arg;
    return queue_push(slow ? s->slow : s->fast, cn, life_clock_ms());
}

static void
answer_conn(struct server *s, struct conn *cn, struct arena *a, struct db *db, struct gzip *g,
            int64_t waited_ms)
{
    struct raw raw;
    if (waited_ms > s->queue_ms || atomic_load(&s->giving_up) || !wire_raw(cn, a, &raw)) {
        wire_busy(cn);
    } else {
        struct ctx c = {.mem = a, .db = db};
        struct answer an;
        life_run(s->h, &c, &raw, g, waited_ms, &an);
        wire_answer(cn, &an);
    }
    arena_reset(a);
}

static void
report(struct worker *w, err_t e)
{
    pthread_mutex_lock(&w->server->lock);
    w->state = e ? WORKER_FAILED : WORKER_READY;
    if (e) {
        w->failed_code = e->code;
        strncpy(w->failed, e->text, sizeof w->failed - 1);
    }
    pthread_cond_broadcast(&w->server->changed);
    pthread_mutex_unlock(&w->server->lock);
}

static void *
worker_main(void *arg)
{
    struct worker *w = arg;
    const struct http_hooks *hooks = &w->server->h->hooks;
    struct arena *own = arena_new(0), *request = arena_new(0);
    struct gzip g = {0};
    struct db *db = NULL;
    err_t e = hooks->worker_begin(hooks->arg, own, &db);
    report(w, e);
    if (!e) {
        struct conn *cn;
        int64_t since;
        while ((cn = queue_pop(w->queue, &since)))
            answer_conn(w->server, cn, request, db, &g, life_clock_ms() - since);
        hooks->worker_end(hooks->arg, db);
    }
    gzip_clear(&g);
    arena_free(request);
    arena_free(own);
    return NULL;
}

/* ---- watching ---- */

static void
expire(struct server *s, struct queue *q, int64_t now)
{
    struct conn *cn;
    while ((cn = queue_expired(q, now - s->queue_ms)))
        wire_busy(cn);
}

static void *
watch_main(void *arg)
{
    struct server *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->watch_ends) {
        pthread_mutex_unlock(&s->lock);
        int64_t now = life_clock_ms(), next = now + WATCH_MS;
        wire_watch(s->wire, now);
        expire(s, s->fast, now);
        expire(s, s->slow, now);
        struct timespec until = {next / 1000, next % 1000 * 1000000};
        pthread_mutex_lock(&s->lock);
        while (!s->watch_ends && pthread_cond_timedwait(&s->changed, &s->lock, &until) == 0)
            ;
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- start and stop ---- */

static struct server *
server_new(const struct http *h, const struct http_options *o)
{
    struct server *s = calloc(1, sizeof *s);
    INVARIANT(s);
    s->h = h;
    s->queue_ms = o->queue_ms ? o->queue_ms : 10000;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    size_t most = (size_t)(o->queue ? o->queue : 256);
    s->fast = queue_new(most);
    s->slow = queue_new(most);
    INVARIANT(s->fast && s->slow);
    return s;
}

static void
server_free(struct server *s)
{
    queue_free(s->fast);
    queue_free(s->slow);
    free(s->workers);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
    free(s);
}

/* Starts the workers and waits until each has its connection. */
static err_t
workers_start(struct arena *a, struct server *s, const struct http_options *o)
{
    size_t fast = (size_t)(o->workers ? o->workers : 8);
    size_t slow = (size_t)(o->slow_workers ? o->slow_workers : 2);
    s->n_workers = fast + slow;
    s->workers = calloc(s->n_workers, sizeof *s->workers);
    INVARIANT(s->workers);
    for (size_t i = 0; i < s->n_workers; i++) {
        struct worker *w = &s->workers[i];
        w->server = s;
        w->queue = i < fast ? s->fast : s->slow;
        INVARIANT(pthread_create(&w->thread, NULL, worker_main, w) == 0);
    }
    err_t e = NULL;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n_workers; i++) {
        struct worker *w = &s->workers[i];
        while (w->state == WORKER_STARTING)
            pthread_cond_wait(&s->changed, &s->lock);
        if (w->state == WORKER_FAILED && !e)
            e = err_new(a, w->failed_code, "%s", w->failed);
    }
    pthread_mutex_unlock(&s->lock);
    return e;
}

static void
workers_stop(struct server *s)
{
    queue_close(s->fast);
    queue_close(s->slow);
    for (size_t i = 0; i < s->n_workers; i++)
        pthread_join(s->workers[i].thread, NULL);
}

static err_t
start_all(struct arena *a, struct server *s, const struct http_options *o, int fd)
{
    const char *tmp = str_or(getenv("TMPDIR"), "/tmp");
    err_t e = workers_start(a, s, o);
    if (!e) {
        int connections = o->connections ? o->connections : 512;
        s->wire = wire_start(
            s->h, &(struct wire_options){.fd = fd,
                                         .connections = connections,
                                         .idle_ms = (o->idle_s ? o->idle_s : 30) * 1000,
                                         .streams = o->streams ? o->streams : connections / 2,
                                         .stream_ms = (o->stream_s ? o->stream_s : 300) * 1000,
                                         .beat_ms = (o->beat_s ? o->beat_s : 15) * 1000,
                                         .spool_dir = str_or(o->spool_dir, tmp),
                                         .take = take,
                                         .arg = s});
        if (!s->wire)
            e = err_new(a, E_UNAVAILABLE, "The web server could not be started.");
    } else {
        close(fd);
    }
    if (!e) {
        INVARIANT(pthread_create(&s->watcher, NULL, watch_main, s) == 0);
        return NULL;
    }
    workers_stop(s);
    server_free(s);
    return e;
}

err_t
server_start(struct arena *a, const struct http *h, const struct http_options *o,
             struct server **ret)
{
    int fd, port;
    TRY(listen_open(a, str_or(o->address, "127.0.0.1"), o->port, &fd, &port));
    struct server *s = server_new(h, o);
    s->port = port;
    /* Signals are the main thread's: threads inherit what is blocked now. */
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    err_t e = start_all(a, s, o, fd);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    TRY(e);
    *ret = s;
    return NULL;
}

int
server_port(const struct server *s)
{
    return s->port;
}

void
server_look(struct server *s, int64_t reader)
{
    wire_look(s->wire, reader);
}

void
server_stop(struct server *s)
{
    wire_refuse(s->wire);
    wire_wait(s->wire, STOP_MS);
    pthread_mutex_lock(&s->lock);
    s->watch_ends = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->watcher, NULL);
    atomic_store(&s->giving_up, true);
    workers_stop(s);
    /* Every request taken is answered now; let the last answers leave. */
    wire_wait(s->wire, LAST_ANSWERS_MS);
    wire_stop(s->wire);
    server_free(s);
}
