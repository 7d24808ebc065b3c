/* writer.c: the one thread that writes to an SQLite file, and group commit. See db_write in db.h.
 *
 * Callers queue their work and wait. The thread takes what is queued, runs each as a savepoint in
 * one transaction, commits, and only then answers all of them: while one COMMIT waits for the disk
 * the next batch queues up, so many writers share one wait. Not for PostgreSQL. */
#include "db/driver.h"

#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* A batch ends when the queue is empty, at the latest with so many members or after so long: the
 * first member of a batch waits for its last. */
enum { BATCH_MAX = 128, BATCH_US = 20000, BEGIN_MS = 1000 };

struct job {
    struct ctx *c;
    db_work *work;
    void *arg;
    struct ctx saved; /* as it was before the first run */
    struct arena_mark mark;
    err_t err;
    struct told told; /* when it went well */
    enum { QUEUED, RUNNING, DONE } state;
    pthread_cond_t changed;
    struct job *next;
};

struct writer {
    struct db_pool *pool;
    struct db *db;
    pthread_mutex_t lock; /* guards all below, and the state of every job */
    pthread_cond_t wake;
    pthread_t thread;
    bool started, stopping;
    struct job *first, **last;
};

static int64_t
clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct job *
pop(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct job *j = w->first;
    if (j) {
        w->first = j->next;
        if (!w->first)
            w->last = &w->first;
        j->state = RUNNING;
    }
    pthread_mutex_unlock(&w->lock);
    return j;
}

static void
answer(struct writer *w, struct job *const *jobs, size_t n)
{
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < n; i++) {
        jobs[i]->c->db = jobs[i]->saved.db;
        jobs[i]->state = DONE;
        pthread_cond_signal(&jobs[i]->changed);
    }
    pthread_mutex_unlock(&w->lock);
}

/* The job's work as a savepoint of the transaction that is open. */
static void
run_job(struct writer *w, struct job *j)
{
    struct db *db = w->db;
    j->c->db = db;
    db->failed = NULL;
    db->changes = 0;
    db->told.n = 0;
    db->told.all = false;
    db->asked = db->read = 0;
    j->err = sqlite_save(j->c->mem, db, SAVE_SET);
    if (j->err)
        return;
    j->err = j->work(j->c, j->arg);
    if (!j->err)
        j->err = db->failed;
    err_t e = sqlite_save(j->c->mem, db, j->err ? SAVE_UNDO : SAVE_KEEP);
    if (!j->err)
        j->err = e;
    if (!j->err)
        j->told = db->told;
}

static err_t
begin(struct writer *w, struct arena *a, int ms, bool *ret_busy)
{
    TRY(sqlite_begin_write(a, w->db, ms, ret_busy));
    w->db->tx = DB_TX_WRITE;
    return NULL;
}

/* Ends the transaction: NULL when everything in it is durable. */
static err_t
end(struct writer *w, struct arena *a)
{
    err_t e = NULL;
    if (sqlite_in_transaction(w->db))
        e = w->db->drv->commit(a, w->db);
    else
        e = ERR_STATIC(E_UNAVAILABLE, "SQLite took the transaction back");
    w->db->tx = DB_TX_NONE;
    w->db->failed = NULL;
    return e;
}

/* After a COMMIT that failed: the job once more from its beginning, in a transaction of its own. */
static void
run_alone(struct writer *w, struct job *j)
{
    arena_restore(j->c->mem, j->mark);
    *j->c = j->saved;
    bool busy;
    err_t e = begin(w, j->c->mem, w->pool->busy_ms, &busy);
    if (!e) {
        run_job(w, j);
        e = end(w, j->c->mem);
    }
    if (e)
        j->err = err_because(j->c->mem, E_UNAVAILABLE, e,
                             "This could not be saved just now; nothing was changed. Please try "
                             "again in a moment.");
}

/* BEGIN failed for another reason than somebody else writing: the first in the queue is told. */
static void
refuse_one(struct writer *w, err_t e)
{
    struct job *j = pop(w);
    if (!j)
        return;
    struct arena *a = j->c->mem;
    j->err = err_new(a, E_UNAVAILABLE, "This could not be saved just now: %s", err_line(a, e));
    answer(w, &j, 1);
}

static void
run_batch(struct writer *w, struct arena *a)
{
    bool busy = false;
    err_t e = begin(w, a, BEGIN_MS, &busy);
    if (e) {
        if (!busy)
            refuse_one(w, e);
        return; /* those who wait too long leave the queue by themselves */
    }
    struct job *jobs[BATCH_MAX], *j;
    size_t n = 0;
    int64_t until = clock_us() + BATCH_US;
    while (n < BATCH_MAX && clock_us() < until && sqlite_in_transaction(w->db) && (j = pop(w))) {
        jobs[n++] = j;
        run_job(w, j);
    }
    e = end(w, a);
    if (e) {
        log_line(LOG_ERROR, "db.commit members=%zu error=\"%s\"", n, err_line(a, e));
        for (size_t i = 0; i < n; i++)
            run_alone(w, jobs[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (!jobs[i]->err)
            tell_out(w->pool, &jobs[i]->told);
    }
    answer(w, jobs, n);
}

static void *
writer_main(void *arg)
{
    struct writer *w = arg;
    struct arena *a = arena_new(0);
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->first && !w->stopping)
            pthread_cond_wait(&w->wake, &w->lock);
        if (!w->first)
            break;
        pthread_mutex_unlock(&w->lock);
        run_batch(w, a);
        arena_reset(a);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    arena_free(a);
    return NULL;
}

/* Signals are for the program's main thread. */
static void
start_thread(struct writer *w)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&w->thread, NULL, writer_main, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    INVARIANT(rc == 0);
    w->started = true;
}

static void
cond_init(struct job *j)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&j->changed, &attr);
    pthread_condattr_destroy(&attr);
}

/* Takes the job out of the queue, under the lock. */
static void
leave(struct writer *w, struct job *j)
{
    struct job **at = &w->first;
    while (*at != j)
        at = &(*at)->next;
    *at = j->next;
    w->last = &w->first;
    while (*w->last)
        w->last = &(*w->last)->next;
}

/* Until the job is done; a job that nobody has begun when time is up leaves. */
static void
wait_for(struct writer *w, struct job *j)
{
    int64_t until = clock_us() + (int64_t)w->pool->busy_ms * 1000;
    struct timespec t = {.tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000};
    while (j->state != DONE) {
        if (j->state == RUNNING) {
            pthread_cond_wait(&j->changed, &w->lock);
        } else if (pthread_cond_timedwait(&j->changed, &w->lock, &t) == ETIMEDOUT &&
                   j->state == QUEUED) {
            leave(w, j);
            j->err = ERR_STATIC(E_UNAVAILABLE, "The database is busy; nothing was changed. Please "
                                               "try again in a moment.");
            return;
        }
    }
}

err_t
writer_run(struct writer *w, struct ctx *c, db_work *work, void *arg)
{
    struct job j = {.c = c, .work = work, .arg = arg, .saved = *c, .mark = arena_save(c->mem)};
    cond_init(&j);
    pthread_mutex_lock(&w->lock);
    INVARIANT(!w->stopping);
    if (!w->started)
        start_thread(w);
    *w->last = &j;
    w->last = &j.next;
    pthread_cond_signal(&w->wake);
    wait_for(w, &j);
    pthread_mutex_unlock(&w->lock);
    pthread_cond_destroy(&j.changed);
    return j.err;
}

struct writer *
writer_new(struct db_pool *p, struct db *db)
{
    struct writer *w = calloc(1, sizeof *w);
    INVARIANT(w);
    w->pool = p;
    w->db = db;
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    return w;
}

void
writer_free(struct writer *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    db_disconnect(w->db);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
