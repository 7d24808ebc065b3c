/* server.c: the server on the wire, and the only file that knows libmicrohttpd. Two epoll threads read
 * requests and send answers; they never run a handler. A connection whose request is complete is
 * suspended and queued; a worker runs life_run and resumes it with a response. Routes marked ROUTE_SLOW
 * have workers of their own, so that hashing and parsing never stand in everybody's way. A watching
 * thread ends what the epoll threads cannot see: requests that drip in, and requests that nobody takes
 * from the queue. Called by http.c. */
#include "http/server.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "http/listen.h"
#include "http/problem.h"
#include "http/queue.h"
#include "http/spool.h"

#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    EPOLL_THREADS = 2,
    /* Cleared for every request, so it costs; it also is the limit of a request's headers (431). */
    CONNECTION_MEMORY = 16 << 10,
    /* A body over its cap is still read, thrown away, up to so much, for the browser to see our answer
     * and not a broken connection. */
    DRAIN_MAX = 32 << 20,
    SLOWEST_BODY = 4 << 10, /* bytes a second, after the first idle_s */
    WATCH_MS = 250,
    STOP_MS = 10000
};
static const size_t spool_most = (size_t)2 << 30;

enum canned { CANNED_BUSY, CANNED_TOO_LARGE, CANNED_COUNT };
enum phase { PHASE_HEAD, PHASE_BODY, PHASE_BUSY };

/* One connection, and the one request that is on it at a time. */
struct conn {
    struct conn *before, *after; /* under server.lock */
    struct server *server;
    int fd;
    char peer[LISTEN_ADDRESS_TEXT];
    /* Read by the watching thread. */
    atomic_int phase;
    atomic_llong since_ms, bytes;
    /* The request; the epoll thread's until it is queued, then the worker's until it is resumed. */
    struct MHD_Connection *mhd;
    char *target;
    size_t target_room;
    char method[16];
    const struct route *route; /* of a POST, or of a GET where some GET is slow */
    size_t cap;
    bool counted, too_large, no_room;
    struct spool spool;
    struct MHD_Response *response;
    bool response_is_canned;
    unsigned status;
};

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
    struct MHD_Daemon *daemon;
    int port;
    int64_t idle_ms, queue_ms;
    bool slow_gets;
    struct queue *fast, *slow;
    struct worker *workers;
    size_t n_workers;
    pthread_t watcher;
    struct spool_space space;
    struct MHD_Response *canned[CANNED_COUNT][2]; /* page, JSON */
    atomic_bool stopping, giving_up;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a worker's state, under_way, watch_ends */
    struct conn *conns;
    size_t under_way; /* requests between their headers and the end of their answer */
    bool watch_ends;
};

static const unsigned canned_status[] = {503, 413};

/* ---- answers that need no worker ---- */

static struct MHD_Response *
response_new(const struct answer *an)
{
    struct MHD_Response *m = MHD_create_response_from_buffer(
        an->body_n, (void *)(uintptr_t)an->body,
        an->persistent ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
    INVARIANT(m);
    for (size_t i = 0; i < an->headers.n; i++)
        MHD_add_response_header(m, an->headers.v[i].name, an->headers.v[i].value);
    return m;
}

static struct MHD_Response *
canned_new(enum err_code code, bool json)
{
    struct arena *a = arena_new(0);
    err_t e = err_new(a, code, "%s", code == E_TOO_LARGE
                                         ? "Please send something smaller. Nothing was changed."
                                         : "Many people are here just now. Nothing was changed; "
                                           "please try again in a moment.");
    struct buf out;
    buf_init(&out, a);
    if (json)
        problem_json(&out, e, "");
    else
        problem_html(&out, e, "");
    struct answer an;
    answer_init(&an, a);
    answer_security(&an, false);
    answer_header(&an, "Content-Type", json ? "application/problem+json" : "text/html; charset=utf-8");
    answer_header(&an, "Cache-Control", "no-store");
    answer_header(&an, "Connection", "close");
    if (code == E_UNAVAILABLE)
        answer_header(&an, "Retry-After", "5");
    an.body = buf_text(&out);
    an.body_n = out.len;
    struct MHD_Response *m = response_new(&an);
    arena_free(a);
    return m;
}

static void
set_canned(struct conn *cn, enum canned which)
{
    const char *accept = MHD_lookup_connection_value(cn->mhd, MHD_HEADER_KIND, "Accept");
    bool json = accept && strstr(accept, "json") && !strstr(accept, "text/html");
    cn->response = cn->server->canned[which][json];
    cn->response_is_canned = true;
    cn->status = canned_status[which];
}

static enum MHD_Result
send_response(struct conn *cn)
{
    atomic_store(&cn->phase, PHASE_BUSY);
    enum MHD_Result done = MHD_queue_response(cn->mhd, cn->status, cn->response);
    if (!cn->response_is_canned)
        MHD_destroy_response(cn->response);
    cn->response = NULL;
    return done;
}

/* ---- the epoll threads ---- */

static struct conn *
conn_of(struct MHD_Connection *mhd)
{
    return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void
set_phase(struct conn *cn, enum phase phase)
{
    atomic_store(&cn->bytes, 0);
    atomic_store(&cn->since_ms, life_clock_ms());
    atomic_store(&cn->phase, phase);
}

static void
conn_open(struct server *s, struct MHD_Connection *mhd, void **context)
{
    struct conn *cn = calloc(1, sizeof *cn);
    INVARIANT(cn);
    cn->server = s;
    cn->mhd = mhd;
    cn->spool.space = &s->space;
    cn->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    listen_peer(MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr,
                cn->peer);
    set_phase(cn, PHASE_HEAD);
    pthread_mutex_lock(&s->lock);
    cn->after = s->conns;
    if (s->conns)
        s->conns->before = cn;
    s->conns = cn;
    pthread_mutex_unlock(&s->lock);
    *context = cn;
}

static void
conn_close(struct server *s, struct conn *cn)
{
    pthread_mutex_lock(&s->lock);
    if (cn->before)
        cn->before->after = cn->after;
    else
        s->conns = cn->after;
    if (cn->after)
        cn->after->before = cn->before;
    pthread_mutex_unlock(&s->lock);
    free(cn->target);
    free(cn);
}

static void
on_connection(void *arg, struct MHD_Connection *mhd, void **context,
              enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        conn_open(arg, mhd, context);
    else
        conn_close(arg, *context);
}

/* The request line, before libmicrohttpd takes it apart. */
static void *
on_target(void *arg, const char *target, struct MHD_Connection *mhd)
{
    struct conn *cn = conn_of(mhd);
    size_t n = strlen(target) + 1;
    if (n > cn->target_room) {
        char *room = realloc(cn->target, n);
        INVARIANT(room);
        cn->target = room;
        cn->target_room = n;
    }
    memcpy(cn->target, target, n);
    return NULL;
}

static size_t
keep_as_it_is(void *arg, struct MHD_Connection *mhd, char *s)
{
    return strlen(s);
}

static void
count(struct server *s, struct conn *cn, bool begins)
{
    pthread_mutex_lock(&s->lock);
    s->under_way += begins ? 1 : (size_t)-1;
    cn->counted = begins;
    if (s->under_way == 0)
        pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static void
on_completed(void *arg, struct MHD_Connection *mhd, void **request,
             enum MHD_RequestTerminationCode why)
{
    struct conn *cn = conn_of(mhd);
    if (cn->counted)
        count(cn->server, cn, false);
    if (cn->response && !cn->response_is_canned)
        MHD_destroy_response(cn->response);
    cn->response = NULL;
    spool_clear(&cn->spool);
    set_phase(cn, PHASE_HEAD);
}

/* The headers are here, the body is not. */
static enum MHD_Result
begin_request(struct server *s, struct conn *cn, const char *method)
{
    cn->too_large = cn->no_room = false;
    strncpy(cn->method, method, sizeof cn->method - 1);
    bool post = strcmp(method, "POST") == 0;
    cn->route = post || s->slow_gets ? router_route(s->h->router, method, cn->target) : NULL;
    cn->cap = router_body_cap(cn->route);
    count(s, cn, true);
    if (atomic_load(&s->stopping)) {
        set_canned(cn, CANNED_BUSY);
        return send_response(cn);
    }
    set_phase(cn, PHASE_BODY);
    const char *told = MHD_lookup_connection_value(cn->mhd, MHD_HEADER_KIND, "Content-Length");
    size_t length = told ? strtoull(told, NULL, 10) : 0;
    cn->too_large = cn->cap && length > cn->cap;
    bool asks = MHD_lookup_connection_value(cn->mhd, MHD_HEADER_KIND, "Expect");
    if (length > cn->cap && (asks || length - cn->cap > DRAIN_MAX)) {
        set_canned(cn, CANNED_TOO_LARGE);
        return send_response(cn);
    }
    return MHD_YES;
}

static enum MHD_Result
take_body(struct conn *cn, const char *data, size_t n)
{
    size_t got = (size_t)atomic_fetch_add(&cn->bytes, (long long)n) + n;
    if (got > cn->cap) {
        cn->too_large = cn->cap > 0;
        spool_clear(&cn->spool);
        return got - cn->cap <= DRAIN_MAX ? MHD_YES : MHD_NO;
    }
    if (!cn->too_large && !cn->no_room && !spool_add(&cn->spool, data, n)) {
        log_line(LOG_ERROR, "spool_failed dir=%s bytes=%zu", cn->server->space.dir, got);
        cn->no_room = true;
        spool_clear(&cn->spool);
    }
    return MHD_YES;
}

/* The whole request is here: to the workers. */
static enum MHD_Result
enqueue(struct server *s, struct conn *cn)
{
    atomic_store(&cn->phase, PHASE_BUSY);
    if (cn->no_room) {
        set_canned(cn, CANNED_BUSY);
        return send_response(cn);
    }
    bool slow = cn->route && cn->route->flags & ROUTE_SLOW;
    MHD_suspend_connection(cn->mhd); /* first: a worker may be done with it before we return */
    if (!queue_push(slow ? s->slow : s->fast, cn, life_clock_ms())) {
        set_canned(cn, CANNED_BUSY);
        MHD_resume_connection(cn->mhd);
    }
    return MHD_YES;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *mhd, const char *url, const char *method,
           const char *version, const char *data, size_t *n, void **request)
{
    struct conn *cn = conn_of(mhd);
    if (!*request) {
        *request = cn;
        return begin_request(arg, cn, method);
    }
    if (*n) {
        size_t came = *n;
        *n = 0;
        return take_body(cn, data, came);
    }
    return cn->response ? send_response(cn) : enqueue(arg, cn);
}

/* ---- workers ---- */

static enum MHD_Result
add_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct pairs *headers = arg;
    headers->v[headers->n++] = (struct pair){name, str_or(value, "")};
    return MHD_YES;
}

/* The request as life.c wants it. The headers stay libmicrohttpd's: a suspended connection keeps
 * them. False: the spooled body could not be mapped. */
static bool
raw_from(struct conn *cn, struct arena *a, struct raw *ret)
{
    int n = MHD_get_connection_values(cn->mhd, MHD_HEADER_KIND, NULL, NULL);
    *ret = (struct raw){.method = cn->method, .target = str_or(cn->target, ""), .peer = cn->peer,
                        .too_large = cn->too_large, .body = spool_data(&cn->spool),
                        .body_n = cn->spool.n};
    ret->headers.v = arena_alloc(a, ((size_t)n + 1) * sizeof *ret->headers.v);
    MHD_get_connection_values(cn->mhd, MHD_HEADER_KIND, add_header, &ret->headers);
    return ret->body != NULL;
}

static void
answer_conn(struct server *s, struct conn *cn, struct arena *a, struct db *db, struct gzip *g,
            int64_t waited_ms)
{
    struct raw raw;
    if (waited_ms > s->queue_ms || atomic_load(&s->giving_up) || !raw_from(cn, a, &raw)) {
        set_canned(cn, CANNED_BUSY);
    } else {
        struct ctx c = {.mem = a, .db = db};
        struct answer an;
        life_run(s->h, &c, &raw, g, waited_ms, &an);
        cn->status = (unsigned)an.status;
        cn->response_is_canned = false;
        cn->response = response_new(&an);
    }
    arena_reset(a);
    MHD_resume_connection(cn->mhd);
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

/* Ends a request that drips in. Nothing of an answer is under way in these phases, so the bytes can go
 * straight to the socket; libmicrohttpd then finds it closed. */
static void
kick(struct conn *cn)
{
    static const char late[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                               "Content-Length: 0\r\n\r\n";
    send(cn->fd, late, sizeof late - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(cn->fd, SHUT_RDWR);
    atomic_store(&cn->phase, PHASE_BUSY);
    log_line(LOG_INFO, "request_too_slow peer=%s", cn->peer);
}

static bool
drips(const struct server *s, struct conn *cn, int64_t now)
{
    int64_t late = now - atomic_load(&cn->since_ms) - s->idle_ms;
    switch ((enum phase)atomic_load(&cn->phase)) {
    case PHASE_HEAD:
        return late > s->idle_ms; /* libmicrohttpd itself closes what is idle for idle_ms */
    case PHASE_BODY:
        return late > 0 && atomic_load(&cn->bytes) < late * SLOWEST_BODY / 1000;
    case PHASE_BUSY:
        break;
    }
    return false;
}

static void
expire(struct server *s, struct queue *q, int64_t now)
{
    struct conn *cn;
    while ((cn = queue_expired(q, now - s->queue_ms))) {
        set_canned(cn, CANNED_BUSY);
        MHD_resume_connection(cn->mhd);
    }
}

/* Waits on `changed`, with the lock held, at most so long. False: the time is over. */
static bool
wait_changed(struct server *s, int64_t until_ms)
{
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    return pthread_cond_timedwait(&s->changed, &s->lock, &until) == 0;
}

static void *
watch_main(void *arg)
{
    struct server *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->watch_ends) {
        int64_t now = life_clock_ms();
        for (struct conn *cn = s->conns; cn; cn = cn->after) {
            if (drips(s, cn, now))
                kick(cn);
        }
        pthread_mutex_unlock(&s->lock);
        expire(s, s->fast, now);
        expire(s, s->slow, now);
        pthread_mutex_lock(&s->lock);
        while (!s->watch_ends && wait_changed(s, now + WATCH_MS))
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
    s->idle_ms = (o->idle_s ? o->idle_s : 30) * 1000;
    s->queue_ms = o->queue_ms ? o->queue_ms : 10000;
    const char *tmp = getenv("TMPDIR");
    s->space = (struct spool_space){.dir = o->spool_dir ? o->spool_dir : str_or(tmp, "/tmp"),
                                    .most = spool_most};
    for (size_t i = 0; i < h->n_routes; i++)
        s->slow_gets |= h->routes[i]->method == GET && h->routes[i]->flags & ROUTE_SLOW;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (int json = 0; json < 2; json++) {
        s->canned[CANNED_BUSY][json] = canned_new(E_UNAVAILABLE, json);
        s->canned[CANNED_TOO_LARGE][json] = canned_new(E_TOO_LARGE, json);
    }
    size_t most = (size_t)(o->queue ? o->queue : 256);
    s->fast = queue_new(most);
    s->slow = queue_new(most);
    INVARIANT(s->fast && s->slow);
    return s;
}

static void
server_free(struct server *s)
{
    for (int which = 0; which < CANNED_COUNT; which++) {
        MHD_destroy_response(s->canned[which][0]);
        MHD_destroy_response(s->canned[which][1]);
    }
    queue_free(s->fast);
    queue_free(s->slow);
    free(s->workers);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
    free(s);
}

static struct MHD_Daemon *
daemon_start(struct server *s, const struct http_options *o, int fd)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)EPOLL_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(o->connections ? o->connections : 512),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(s->idle_ms / 1000),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, s,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_as_it_is, s,
        MHD_OPTION_END);
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
    err_t e = workers_start(a, s, o);
    if (!e) {
        s->daemon = daemon_start(s, o, fd);
        if (!s->daemon)
            e = err_new(a, E_UNAVAILABLE, "The web server could not be started.");
    }
    if (!e) {
        INVARIANT(pthread_create(&s->watcher, NULL, watch_main, s) == 0);
        return NULL;
    }
    close(fd);
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

static void
wait_for_requests(struct server *s, int64_t most_ms)
{
    int64_t until = life_clock_ms() + most_ms;
    pthread_mutex_lock(&s->lock);
    while (s->under_way && wait_changed(s, until))
        ;
    pthread_mutex_unlock(&s->lock);
}

void
server_stop(struct server *s)
{
    atomic_store(&s->stopping, true);
    int fd = MHD_quiesce_daemon(s->daemon);
    wait_for_requests(s, STOP_MS);
    pthread_mutex_lock(&s->lock);
    s->watch_ends = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->watcher, NULL);
    atomic_store(&s->giving_up, true);
    workers_stop(s);
    /* No connection is suspended any more, as MHD_stop_daemon demands; let the last answers leave. */
    wait_for_requests(s, 1000);
    MHD_stop_daemon(s->daemon);
    if (fd >= 0)
        close(fd);
    server_free(s);
}
