/* wire.h: connections and requests on the wire: libmicrohttpd's epoll threads, which read requests,
 * hand them over when they are whole, and send answers. They never run a handler and never wait for
 * one. */
#ifndef HTTP_WIRE_H
#define HTTP_WIRE_H

#include "http/life.h"

#include <stdbool.h>
#include <stdint.h>

struct wire;
struct conn; /* a connection with a whole request on it, suspended until it is answered */

struct wire_options {
    int fd;          /* a listening socket, the wire's from here on */
    int connections; /* at most */
    int64_t idle_ms;
    int streams; /* open at most */
    int64_t stream_ms, beat_ms;
    const char *spool_dir;
    /* Takes a request, to be answered by wire_answer or wire_busy from any thread. False: no room.
     * Must not wait. */
    bool (*take)(void *arg, struct conn *cn, bool slow);
    void *arg;
};

/* Starts. NULL: libmicrohttpd could not. */
struct wire *wire_start(const struct http *h, const struct wire_options *o);
/* The request as life.c wants it, valid until it is answered. False: its body cannot be read. */
bool wire_raw(struct conn *cn, struct arena *a, struct raw *ret);
/* Answers, exactly once. The answer is copied. */
void wire_answer(struct conn *cn, const struct answer *an);
void wire_busy(struct conn *cn); /* 503 */
/* Tells the streams of `reader` (0: of everybody) that there is something new. */
void wire_look(struct wire *w, int64_t reader);
/* Ends requests that drip in and streams that are old. Called a few times a second. */
void wire_watch(struct wire *w, int64_t now_ms);
/* No more connections; new requests on those that are open get 503, and streams end. */
void wire_refuse(struct wire *w);
/* Waits until no request is under way, at most so long. */
void wire_wait(struct wire *w, int64_t most_ms);
/* Stops and frees. No request may be with a taker any more. */
void wire_stop(struct wire *w);

#endif
