/* test_tell.c: what transactions tell and who hears it, on both engines: after the commit, nothing of what
 * was rolled back, and on PostgreSQL from other processes and after a broken connection. */
#include "db_case.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HEARD_MOST = 4096 };

struct heard {
    pthread_mutex_t lock;
    int64_t about[HEARD_MOST];
    size_t n;
};

static void
hear(void *arg, int64_t about)
{
    struct heard *h = arg;
    pthread_mutex_lock(&h->lock);
    h->about[h->n++ % HEARD_MOST] = about;
    pthread_mutex_unlock(&h->lock);
}

static size_t
count(struct heard *h, int64_t about)
{
    size_t n = 0;
    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < h->n && i < HEARD_MOST; i++)
        n += h->about[i] == about;
    pthread_mutex_unlock(&h->lock);
    return n;
}

/* Within ten seconds. */
static bool
hears(struct heard *h, int64_t about, size_t n)
{
    for (int i = 0; i < 1000 && count(h, about) < n; i++)
        usleep(10000);
    return count(h, about) >= n;
}

/* Listens; on PostgreSQL until it really does. */
static struct db_ear *
listen_now(struct db_case *k, struct heard *h)
{
    *h = (struct heard){.lock = PTHREAD_MUTEX_INITIALIZER};
    struct db_ear *ear = db_listen(k->pool, hear, h);
    if (k->engine == DB_POSTGRES)
        assert_true(hears(h, 0, 1));
    pthread_mutex_lock(&h->lock);
    h->n = 0;
    pthread_mutex_unlock(&h->lock);
    return ear;
}

struct telling {
    const char *code;
    int64_t from, to;
    bool fails;
};

static err_t
tell_work(struct ctx *c, void *arg)
{
    const struct telling *t = arg;
    TRY(db_run(c, &T_ADD_QUIET, DB_IN(db_text(t->code)), NULL));
    for (int64_t about = t->from; about <= t->to; about++)
        db_tell(c, about);
    return t->fails ? ERR_STATIC(E_FORBIDDEN, "no") : NULL;
}

static void
test_heard_when_durable(void **state)
{
    struct db_case *k = db_case_use(state);
    struct heard h;
    struct db_ear *ear = listen_now(k, &h);
    assert_ok(db_write(&k->c, tell_work, &(struct telling){"a", 7, 8, false}));
    assert_true(hears(&h, 7, 1) && hears(&h, 8, 1));
    assert_err(db_write(&k->c, tell_work, &(struct telling){"b", 9, 9, true}), E_FORBIDDEN);
    assert_ok(db_case_add(&k->c, "c", 1)); /* tells nobody, not even what the one before would have */
    assert_ok(db_write(&k->c, tell_work, &(struct telling){"d", 10, 10, false}));
    assert_true(hears(&h, 10, 1));
    assert_int_equal(count(&h, 9), 0);
    assert_int_equal(count(&h, 7), 1);
    assert_int_equal(count(&h, 0), 0);
    db_listen_end(ear);
    assert_ok(db_write(&k->c, tell_work, &(struct telling){"e", 11, 11, false}));
    usleep(50000);
    assert_int_equal(count(&h, 11), 0);
}

static void
test_too_many_to_name(void **state)
{
    struct db_case *k = db_case_use(state);
    struct heard h;
    struct db_ear *ear = listen_now(k, &h);
    assert_ok(db_write(&k->c, tell_work, &(struct telling){"a", 1, 32, false}));
    assert_true(hears(&h, 32, 1));
    assert_int_equal(count(&h, 0), 0);
    assert_ok(db_write(&k->c, tell_work, &(struct telling){"b", 101, 200, false}));
    assert_true(hears(&h, 0, 1));
    assert_int_equal(count(&h, 101), 0);
    db_listen_end(ear);
}

static err_t
twice_work(struct ctx *c, void *arg)
{
    for (int i = 0; i < 100; i++)
        db_tell(c, 5);
    return db_run(c, &T_ADD_QUIET, DB_IN(db_text(arg)), NULL);
}

static void
test_once_a_transaction(void **state)
{
    struct db_case *k = db_case_use(state);
    struct heard h;
    struct db_ear *ear = listen_now(k, &h);
    assert_ok(db_write(&k->c, twice_work, (void *)(uintptr_t)"x"));
    assert_ok(db_write(&k->c, tell_work, &(struct telling){"y", 6, 6, false}));
    assert_true(hears(&h, 6, 1));
    assert_int_equal(count(&h, 5), 1);
    db_listen_end(ear);
}

/* ---- many at once ---- */

enum { WRITERS = 6, WRITES = 20 };

struct writer {
    pthread_t thread;
    struct db_case *k;
    struct ctx c;
    int64_t no;
};

static void *
write_many(void *arg)
{
    struct writer *w = arg;
    for (int64_t i = 0; i < WRITES; i++) {
        char code[20];
        snprintf(code, sizeof code, "%d-%d", (int)w->no, (int)i);
        int64_t about = 1000 * w->no + i;
        struct telling t = {code, about, about, i % 2 == 1};
        (void)db_write(&w->c, tell_work, &t);
    }
    return NULL;
}

static void
test_many_writers(void **state)
{
    struct db_case *k = db_case_use(state);
    struct heard h;
    struct db_ear *ear = listen_now(k, &h);
    struct writer w[WRITERS];
    for (int64_t i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){.k = k, .no = i + 1};
        db_case_ctx(k, &w[i].c);
        assert_int_equal(pthread_create(&w[i].thread, NULL, write_many, &w[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(w[i].thread, NULL);
        db_case_ctx_end(&w[i].c);
    }
    for (int64_t i = 1; i <= WRITERS; i++) {
        for (int64_t x = 0; x < WRITES; x += 2)
            assert_true(hears(&h, 1000 * i + x, 1));
        for (int64_t x = 1; x < WRITES; x += 2)
            assert_int_equal(count(&h, 1000 * i + x), 0);
    }
    db_listen_end(ear);
}

/* ---- PostgreSQL ---- */

static void
test_other_processes_and_broken_connections(void **state)
{
    struct db_case *k = db_case_use(state);
    struct heard h;
    struct db_ear *ear = listen_now(k, &h);
    db_case_psql("notify rapport_told, '41,42'");
    assert_true(hears(&h, 41, 1) && hears(&h, 42, 1));
    db_case_psql("notify rapport_told, 'nonsense'; notify rapport_told, '43,x,44'; notify rapport_told, '-3';"
                 "notify rapport_told, ''; notify rapport_told, '45'");
    assert_true(hears(&h, 45, 1));
    assert_int_equal(count(&h, 44), 0);
    db_case_psql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rapport listening'");
    assert_true(hears(&h, 0, 1)); /* it is back, and something may have been missed */
    assert_ok(db_write(&k->c, tell_work, &(struct telling){"a", 46, 46, false}));
    assert_true(hears(&h, 46, 1));
    db_listen_end(ear);
    for (int i = 0; i < 20; i++) /* ends at any moment */
        db_listen_end(db_listen(k->pool, hear, &h));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_heard_when_durable),
        BOTH(test_too_many_to_name),
        BOTH(test_once_a_transaction),
        BOTH(test_many_writers),
        ON(test_other_processes_and_broken_connections, "postgres"),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
