/* wire.c: see wire.h; the only file that knows libmicrohttpd. A connection whose request is
 * complete is suspended, handed over, and resumed with a response. Called by server.c. */
#include "http/wire.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "http/listen.h"
#include "http/problem.h"
#include "http/spool.h"
#include "http/stream.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    EPOLL_THREADS = 2,
    /* Cleared for every request, so it costs. libmicrohttpd keeps a request's headers and those of
     * the answer in it: what is over HEAD_MAX is refused (431) while there is room left to say so. */
    CONNECTION_MEMORY = 24 << 10,
    HEAD_MAX = 12 << 10,
    HEADER_COST = 64, /* what libmicrohttpd spends on one, beside its text */
    /* A body over its cap is still read, thrown away, up to so much, for the browser to see our
     * answer and not a broken connection. */
    DRAIN_MAX = 32 << 20,
    SLOWEST_BODY = 4 << 10, /* bytes a second, after the first idle_ms */
    STREAMS_OF_ONE = 8
};
static const size_t spool_most = (size_t)2 << 30;

enum canned { CANNED_BUSY, CANNED_TOO_LARGE, CANNED_HEADERS, CANNED_COUNT };
enum phase { PHASE_HEAD, PHASE_BODY, PHASE_BUSY };

/* One connection, and the one request that is on it at a time. */
struct conn {
    struct conn *before, *after; /* under wire.lock */
    struct wire *wire;
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

struct wire {
    const struct http *h;
    struct wire_options o;
    struct MHD_Daemon *daemon;
    bool slow_gets;
    struct streams *streams;
    struct spool_space space;
    struct MHD_Response *canned[CANNED_COUNT][2]; /* page, JSON */
    char *late;                                   /* the whole answer to who sends too slowly */
    atomic_bool refusing;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* under_way became 0 */
    struct conn *conns;
    size_t under_way; /* requests between their headers and the end of their answer */
};

static const unsigned canned_status[] = {503, 413, 431};

/* ---- answers that need no worker ---- */

static void
add_headers(struct MHD_Response *m, const struct answer *an)
{
    for (size_t i = 0; i < an->headers.n; i++)
        MHD_add_response_header(m, an->headers.v[i].name, an->headers.v[i].value);
}

static struct MHD_Response *
response_new(const struct answer *an)
{
    struct MHD_Response *m = MHD_create_response_from_buffer(
        an->body_n, (void *)(uintptr_t)an->body,
        an->persistent ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);
    INVARIANT(m);
    add_headers(m, an);
    return m;
}

/* NULL: no more can be open. */
static struct MHD_Response *
stream_new(struct conn *cn, const struct answer *an)
{
    struct MHD_Response *m =
        streams_open(cn->wire->streams, cn->mhd, an->reader, an->body, life_clock_ms());
    if (m)
        add_headers(m, an);
    return m;
}

static struct MHD_Response *
canned_new(enum err_code code, bool json)
{
    struct arena *a = arena_new(0);
    err_t e = err_new(a, code, "%s",
                      code == E_TOO_LARGE        ? "Please send something smaller. Nothing was changed."
                      : code == E_HEAD_TOO_LARGE ? "Nothing was changed. Clearing this site's cookies helps most often."
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
    answer_header(&an, "Content-Type",
                  json ? "application/problem+json" : "text/html; charset=utf-8");
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

/* The answer that does not go through libmicrohttpd; see kick. */
static char *
late_new(void)
{
    struct arena *a = arena_new(0);
    struct answer an;
    struct buf out;
    answer_init(&an, a);
    answer_security(&an, false);
    answer_header(&an, "Cache-Control", "no-store");
    answer_header(&an, "Content-Length", "0");
    answer_header(&an, "Connection", "close");
    buf_init(&out, a);
    buf_str(&out, "HTTP/1.1 408 Request Timeout\r\n");
    for (size_t i = 0; i < an.headers.n; i++)
        buf_printf(&out, "%s: %s\r\n", an.headers.v[i].name, an.headers.v[i].value);
    buf_str(&out, "\r\n");
    char *late = strdup(buf_text(&out));
    INVARIANT(late);
    arena_free(a);
    return late;
}

static void
set_canned(struct conn *cn, enum canned which)
{
    const char *accept = MHD_lookup_connection_value(cn->mhd, MHD_HEADER_KIND, "Accept");
    bool json = accept && strstr(accept, "json") && !strstr(accept, "text/html");
    cn->response = cn->wire->canned[which][json];
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
conn_open(struct wire *w, struct MHD_Connection *mhd, void **context)
{
    struct conn *cn = calloc(1, sizeof *cn);
    INVARIANT(cn);
    cn->wire = w;
    cn->mhd = mhd;
    cn->spool.space = &w->space;
    cn->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    listen_peer(MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr,
                cn->peer);
    set_phase(cn, PHASE_HEAD);
    pthread_mutex_lock(&w->lock);
    cn->after = w->conns;
    if (w->conns)
        w->conns->before = cn;
    w->conns = cn;
    pthread_mutex_unlock(&w->lock);
    *context = cn;
}

static void
conn_close(struct wire *w, struct conn *cn)
{
    pthread_mutex_lock(&w->lock);
    if (cn->before)
        cn->before->after = cn->after;
    else
        w->conns = cn->after;
    if (cn->after)
        cn->after->before = cn->before;
    pthread_mutex_unlock(&w->lock);
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

/* The request line, before libmicrohttpd takes it apart. The query is cut off of its own copy: it
 * would keep every argument in the connection's memory, and has no answer when that is full. */
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
    char *query = strchr(target, '?');
    if (query)
        query[1] = '\0';
    return NULL;
}

static size_t
keep_as_it_is(void *arg, struct MHD_Connection *mhd, char *s)
{
    return strlen(s);
}

static void
count(struct wire *w, struct conn *cn, bool begins)
{
    pthread_mutex_lock(&w->lock);
    w->under_way += begins ? 1 : (size_t)-1;
    cn->counted = begins;
    if (w->under_way == 0)
        pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

static void
on_completed(void *arg, struct MHD_Connection *mhd, void **request,
             enum MHD_RequestTerminationCode why)
{
    struct conn *cn = conn_of(mhd);
    if (cn->counted)
        count(cn->wire, cn, false);
    if (cn->response && !cn->response_is_canned)
        MHD_destroy_response(cn->response);
    cn->response = NULL;
    spool_clear(&cn->spool);
    set_phase(cn, PHASE_HEAD);
}

static enum MHD_Result
weigh_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    size_t *sum = arg, n = strlen(name) + strlen(str_or(value, ""));
    *sum += HEADER_COST;
    if (kind == MHD_HEADER_KIND) /* a single cookie points into the second copy of all */
        *sum += n * (strcasecmp(name, "Cookie") == 0 ? 2 : 1);
    return MHD_YES;
}

static bool
head_too_large(const struct conn *cn)
{
    size_t sum = strlen(cn->target);
    MHD_get_connection_values(cn->mhd, MHD_HEADER_KIND | MHD_COOKIE_KIND, weigh_header, &sum);
    return sum > HEAD_MAX;
}

/* The headers are here, the body is not. */
static enum MHD_Result
begin_request(struct wire *w, struct conn *cn, const char *method)
{
    cn->too_large = cn->no_room = false;
    strncpy(cn->method, method, sizeof cn->method - 1);
    bool post = strcmp(method, "POST") == 0;
    cn->route = post || w->slow_gets ? router_route(w->h->router, method, cn->target) : NULL;
    cn->cap = router_body_cap(cn->route);
    count(w, cn, true);
    if (head_too_large(cn)) {
        set_canned(cn, CANNED_HEADERS);
        return send_response(cn);
    }
    if (atomic_load(&w->refusing)) {
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
        log_line(LOG_ERROR, "spool_failed dir=%s bytes=%zu", cn->wire->space.dir, got);
        cn->no_room = true;
        spool_clear(&cn->spool);
    }
    return MHD_YES;
}

/* The whole request is here: to the workers. */
static enum MHD_Result
enqueue(struct wire *w, struct conn *cn)
{
    atomic_store(&cn->phase, PHASE_BUSY);
    if (cn->no_room) {
        set_canned(cn, CANNED_BUSY);
        return send_response(cn);
    }
    bool slow = cn->route && cn->route->flags & ROUTE_SLOW;
    MHD_suspend_connection(cn->mhd); /* first: a worker may be done with it before we return */
    if (!w->o.take(w->o.arg, cn, slow)) {
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

/* ---- for whoever takes a request ---- */

static enum MHD_Result
add_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct pairs *headers = arg;
    headers->v[headers->n++] = (struct pair){name, str_or(value, "")};
    return MHD_YES;
}

/* The headers stay libmicrohttpd's: a suspended connection keeps them. */
bool
wire_raw(struct conn *cn, struct arena *a, struct raw *ret)
{
    int n = MHD_get_connection_values(cn->mhd, MHD_HEADER_KIND, NULL, NULL);
    *ret = (struct raw){.method = cn->method,
                        .target = str_or(cn->target, ""),
                        .peer = cn->peer,
                        .too_large = cn->too_large,
                        .body = spool_data(&cn->spool),
                        .body_n = cn->spool.n};
    ret->headers.v = arena_alloc(a, ((size_t)n + 1) * sizeof *ret->headers.v);
    MHD_get_connection_values(cn->mhd, MHD_HEADER_KIND, add_header, &ret->headers);
    return ret->body != NULL;
}

void
wire_answer(struct conn *cn, const struct answer *an)
{
    cn->status = (unsigned)an->status;
    cn->response_is_canned = false;
    bool stays = an->reader && strcmp(cn->method, "GET") == 0;
    cn->response = stays ? stream_new(cn, an) : response_new(an);
    if (!cn->response)
        set_canned(cn, CANNED_BUSY);
    MHD_resume_connection(cn->mhd);
}

void
wire_busy(struct conn *cn)
{
    set_canned(cn, CANNED_BUSY);
    MHD_resume_connection(cn->mhd);
}

void
wire_look(struct wire *w, int64_t reader)
{
    streams_look(w->streams, reader);
}

/* ---- watching ---- */

/* Ends a request that drips in. Nothing of an answer is under way in these phases, so the bytes can
 * go straight to the socket; libmicrohttpd then finds it closed. */
static void
kick(struct conn *cn)
{
    const char *late = cn->wire->late;
    send(cn->fd, late, strlen(late), MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(cn->fd, SHUT_RDWR);
    atomic_store(&cn->phase, PHASE_BUSY);
    log_line(LOG_INFO, "request_too_slow peer=%s", cn->peer);
}

static bool
drips(const struct wire *w, struct conn *cn, int64_t now)
{
    int64_t late = now - atomic_load(&cn->since_ms) - w->o.idle_ms;
    switch ((enum phase)atomic_load(&cn->phase)) {
    case PHASE_HEAD:
        return late > w->o.idle_ms; /* libmicrohttpd itself closes what is idle for idle_ms */
    case PHASE_BODY:
        return late > 0 && atomic_load(&cn->bytes) < late * SLOWEST_BODY / 1000;
    case PHASE_BUSY:
        break;
    }
    return false;
}

void
wire_watch(struct wire *w, int64_t now_ms)
{
    pthread_mutex_lock(&w->lock);
    for (struct conn *cn = w->conns; cn; cn = cn->after) {
        if (drips(w, cn, now_ms))
            kick(cn);
    }
    pthread_mutex_unlock(&w->lock);
    streams_beat(w->streams, now_ms);
}

/* ---- start and stop ---- */

static struct wire *
wire_new(const struct http *h, const struct wire_options *o)
{
    struct wire *w = calloc(1, sizeof *w);
    INVARIANT(w);
    w->h = h;
    w->o = *o;
    w->streams = streams_new(&(struct streams_options){.most = (size_t)o->streams,
                                                       .most_of_one = STREAMS_OF_ONE,
                                                       .beat_ms = o->beat_ms,
                                                       .life_ms = o->stream_ms});
    w->space = (struct spool_space){.dir = o->spool_dir, .most = spool_most};
    for (size_t i = 0; i < h->n_routes; i++)
        w->slow_gets |= h->routes[i]->method == GET && h->routes[i]->flags & ROUTE_SLOW;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (int json = 0; json < 2; json++) {
        w->canned[CANNED_BUSY][json] = canned_new(E_UNAVAILABLE, json);
        w->canned[CANNED_TOO_LARGE][json] = canned_new(E_TOO_LARGE, json);
        w->canned[CANNED_HEADERS][json] = canned_new(E_HEAD_TOO_LARGE, json);
    }
    w->late = late_new();
    return w;
}

static void
wire_free(struct wire *w)
{
    for (int which = 0; which < CANNED_COUNT; which++) {
        MHD_destroy_response(w->canned[which][0]);
        MHD_destroy_response(w->canned[which][1]);
    }
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->changed);
    streams_free(w->streams);
    close(w->o.fd);
    free(w->late);
    free(w);
}

struct wire *
wire_start(const struct http *h, const struct wire_options *o)
{
    struct wire *w = wire_new(h, o);
    w->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, w,
        MHD_OPTION_LISTEN_SOCKET, o->fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)EPOLL_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)o->connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)(o->idle_ms / 1000), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, w, MHD_OPTION_NOTIFY_COMPLETED, on_completed, w, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, w, MHD_OPTION_UNESCAPE_CALLBACK, keep_as_it_is, w, MHD_OPTION_END);
    if (w->daemon)
        return w;
    wire_free(w);
    return NULL;
}

void
wire_refuse(struct wire *w)
{
    atomic_store(&w->refusing, true);
    streams_end(w->streams);
    MHD_quiesce_daemon(w->daemon); /* gives back o.fd, which wire_free closes */
}

void
wire_wait(struct wire *w, int64_t most_ms)
{
    int64_t until_ms = life_clock_ms() + most_ms;
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    pthread_mutex_lock(&w->lock);
    while (w->under_way && pthread_cond_timedwait(&w->changed, &w->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&w->lock);
}

void
wire_stop(struct wire *w)
{
    MHD_stop_daemon(w->daemon);
    wire_free(w);
}
