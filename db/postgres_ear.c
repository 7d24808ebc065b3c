/* postgres_ear.c: hears what every process tells of this database: a thread with a connection of its own,
 * outside any pool, that waits on LISTEN. Each time it has connected it says that something may have been
 * missed. See tell.c. */
#include "db/postgres.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { FIRST_PAUSE_MS = 500, LAST_PAUSE_MS = 30000 };

struct postgres_ear {
    const struct db_pool *pool;
    struct db_ear *ear;
    int stop[2]; /* a pipe: closing its end wakes the thread for good */
    pthread_t thread;
};

/* Waits for the connection, or so long. False: the ear is to stop. */
static bool
wait_for(const struct postgres_ear *e, int fd, int ms)
{
    struct pollfd p[2] = {{.fd = e->stop[0], .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    while (poll(p, fd < 0 ? 1 : 2, ms) < 0 && errno == EINTR)
        ;
    return !p[0].revents;
}

static PGconn *
reach(const struct postgres_ear *e)
{
    const char *const keys[] = {"dbname", "client_encoding", "fallback_application_name", "connect_timeout",
                                "keepalives_idle", "keepalives_interval", "keepalives_count", NULL};
    const char *const values[] = {e->pool->where, "UTF8", "rapport listening", "5", "30", "10", "3", NULL};
    PGconn *conn = PQconnectdbParams(keys, values, 1);
    PGresult *res = PQstatus(conn) == CONNECTION_OK ? PQexec(conn, "listen " TELL_CHANNEL) : NULL;
    bool listens = PQresultStatus(res) == PGRES_COMMAND_OK;
    PQclear(res);
    if (listens)
        return conn;
    struct arena *a = arena_new(0);
    log_line(LOG_WARN, "db.listen error=\"%s\"", str_squeeze(a, PQerrorMessage(conn)));
    arena_free(a);
    PQfinish(conn);
    return NULL;
}

/* "12,7,12" */
static void
hear(struct postgres_ear *e, const char *said)
{
    while (*said) {
        char *end;
        long long about = strtoll(said, &end, 10);
        if (end == said || about < 0)
            return;
        tell_one(e->ear, about);
        said = *end == ',' ? end + 1 : end;
        if (*end && *end != ',')
            return;
    }
}

/* Until the connection breaks or the ear is to stop: false. */
static bool
listen_on(struct postgres_ear *e, PGconn *conn)
{
    PGnotify *n;
    while (wait_for(e, PQsocket(conn), -1)) {
        if (!PQconsumeInput(conn))
            return true;
        while ((n = PQnotifies(conn))) {
            hear(e, n->extra);
            PQfreemem(n);
        }
    }
    return false;
}

static void *
ear_main(void *arg)
{
    struct postgres_ear *e = arg;
    int pause = FIRST_PAUSE_MS;
    for (bool go = true; go;) {
        PGconn *conn = reach(e);
        if (!conn) {
            go = wait_for(e, -1, pause);
            pause = pause * 2 < LAST_PAUSE_MS ? pause * 2 : LAST_PAUSE_MS;
            continue;
        }
        tell_one(e->ear, 0);
        pause = FIRST_PAUSE_MS;
        go = listen_on(e, conn);
        PQfinish(conn);
    }
    return NULL;
}

struct postgres_ear *
postgres_ear_new(const struct db_pool *p, struct db_ear *ear)
{
    struct postgres_ear *e = calloc(1, sizeof *e);
    INVARIANT(e && pipe2(e->stop, O_CLOEXEC) == 0);
    e->pool = p;
    e->ear = ear;
    /* Signals are for the program's main thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&e->thread, NULL, ear_main, e);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    INVARIANT(rc == 0);
    return e;
}

void
postgres_ear_free(struct postgres_ear *e)
{
    if (!e)
        return;
    close(e->stop[1]);
    pthread_join(e->thread, NULL);
    close(e->stop[0]);
    free(e);
}
