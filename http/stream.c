/* stream.c: see stream.h. A stream that has nothing to say is suspended inside libmicrohttpd and
 * costs a few hundred bytes; whoever has something to say marks it and resumes it, and the epoll
 * thread then asks stream_read for the bytes. */
#include "http/stream.h"

#include "base/err.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256, HEAD_MOST = 128 };

enum {
    SAY_HEAD = 1,
    SAY_LOOK = 2,
    SAY_BEAT = 4,
    SAY_END = 8
};
static const char look[] = "event: look\ndata: 1\n\n", beat[] = ":\n\n";

struct stream {
    struct streams *all;
    struct stream *before, *after; /* newest first */
    struct MHD_Connection *mhd;
    int64_t reader, opened_ms, spoke_ms;
    unsigned say;
    bool sleeps; /* suspended by stream_read */
    char head[HEAD_MOST];
};

struct streams {
    struct streams_options o;
    pthread_mutex_t lock; /* guards all below and every stream */
    struct stream *first;
    size_t n;
    int64_t now_ms; /* of the last beat */
    bool ended;
};

/* Under the lock. */
static void
wake(struct stream *st, unsigned say)
{
    st->say |= say;
    if (!st->sleeps)
        return;
    st->sleeps = false;
    MHD_resume_connection(st->mhd);
}

static size_t
take(struct stream *st, unsigned what, const char *text, char *out, size_t at, size_t most)
{
    size_t n = strlen(text);
    if (!(st->say & what) || at + n > most)
        return at;
    memcpy(out + at, text, n);
    st->say &= ~what;
    st->spoke_ms = st->all->now_ms;
    return at + n;
}

/* Called by the epoll thread whenever the socket takes more. */
static ssize_t
stream_read(void *arg, uint64_t pos, char *out, size_t most)
{
    struct stream *st = arg;
    pthread_mutex_lock(&st->all->lock);
    size_t n = take(st, SAY_HEAD, st->head, out, 0, most);
    n = take(st, SAY_LOOK, look, out, n, most);
    n = take(st, SAY_BEAT, beat, out, n, most);
    ssize_t answer = (ssize_t)n;
    if (n == 0 && st->say & SAY_END) {
        answer = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (n == 0) {
        st->sleeps = true;
        MHD_suspend_connection(st->mhd);
    }
    pthread_mutex_unlock(&st->all->lock);
    return answer;
}

static void
stream_free(void *arg)
{
    struct stream *st = arg;
    struct streams *s = st->all;
    pthread_mutex_lock(&s->lock);
    if (st->before)
        st->before->after = st->after;
    else
        s->first = st->after;
    if (st->after)
        st->after->before = st->before;
    s->n--;
    pthread_mutex_unlock(&s->lock);
    free(st);
}

/* Under the lock: the oldest of one who has as many as she may. */
static void
make_room(struct streams *s, int64_t reader)
{
    size_t open = 0;
    struct stream *oldest = NULL;
    for (struct stream *st = s->first; st; st = st->after) {
        if (st->reader != reader || st->say & SAY_END)
            continue;
        open++;
        oldest = st;
    }
    if (open >= s->o.most_of_one)
        wake(oldest, SAY_END);
}

struct MHD_Response *
streams_open(struct streams *s, struct MHD_Connection *mhd, int64_t reader, const char *head,
             int64_t now_ms)
{
    struct stream *st = calloc(1, sizeof *st);
    INVARIANT(st && strlen(head) < sizeof st->head && strlen(head) < BLOCK);
    *st = (struct stream){.all = s, .mhd = mhd, .reader = reader, .opened_ms = now_ms,
                          .spoke_ms = now_ms, .say = SAY_HEAD};
    memcpy(st->head, head, strlen(head) + 1);
    pthread_mutex_lock(&s->lock);
    bool room = !s->ended && s->n < s->o.most;
    if (room) {
        s->now_ms = now_ms;
        make_room(s, reader);
        st->after = s->first;
        if (s->first)
            s->first->before = st;
        s->first = st;
        s->n++;
    }
    pthread_mutex_unlock(&s->lock);
    if (!room) {
        free(st);
        return NULL;
    }
    struct MHD_Response *m =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, stream_read, st, stream_free);
    INVARIANT(m);
    return m;
}

void
streams_look(struct streams *s, int64_t reader)
{
    pthread_mutex_lock(&s->lock);
    for (struct stream *st = s->first; st; st = st->after) {
        if (reader == 0 || st->reader == reader)
            wake(st, SAY_LOOK);
    }
    pthread_mutex_unlock(&s->lock);
}

void
streams_beat(struct streams *s, int64_t now_ms)
{
    pthread_mutex_lock(&s->lock);
    s->now_ms = now_ms;
    for (struct stream *st = s->first; st; st = st->after) {
        if (now_ms - st->opened_ms > s->o.life_ms)
            wake(st, SAY_END);
        else if (st->sleeps && now_ms - st->spoke_ms > s->o.beat_ms)
            wake(st, SAY_BEAT);
    }
    pthread_mutex_unlock(&s->lock);
}

void
streams_end(struct streams *s)
{
    pthread_mutex_lock(&s->lock);
    s->ended = true;
    for (struct stream *st = s->first; st; st = st->after)
        wake(st, SAY_END);
    pthread_mutex_unlock(&s->lock);
}

size_t
streams_count(struct streams *s)
{
    pthread_mutex_lock(&s->lock);
    size_t n = s->n;
    pthread_mutex_unlock(&s->lock);
    return n;
}

struct streams *
streams_new(const struct streams_options *o)
{
    struct streams *s = calloc(1, sizeof *s);
    INVARIANT(s);
    s->o = *o;
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void
streams_free(struct streams *s)
{
    INVARIANT(!s->first);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
