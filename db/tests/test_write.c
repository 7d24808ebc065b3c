/* test_write.c: transactions on both engines: rollback, group commit, durability, other processes,
 * lost connections. Run with arguments it is a child that writes (see main). */
#include "db_case.h"

#include <errno.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static err_t
rollback_work(struct ctx *c, void *arg)
{
    TRY(db_run(c, &T_ADD_QUIET, DB_IN(db_text("gone")), NULL));
    assert_int_equal(db_case_count(c), 1);
    return ERR_STATIC(E_FORBIDDEN, "no");
}

static void
test_rollback(void **state)
{
    struct db_case *k = db_case_use(state);
    struct db *mine = k->c.db;
    assert_err(db_write(&k->c, rollback_work, NULL), E_FORBIDDEN);
    assert_ptr_equal(k->c.db, mine);
    assert_int_equal(db_case_count(&k->c), 0);
    assert_ok(db_case_add(&k->c, "stays", 1));
    assert_ptr_equal(k->c.db, mine);
    assert_int_equal(db_case_count(&k->c), 1);
    assert_err(db_read(&k->c, rollback_work, NULL), E_INTERNAL); /* a reader cannot write */
    assert_int_equal(db_case_count(&k->c), 1);
}

struct snapshot {
    struct ctx *other;
};

static err_t
snapshot_work(struct ctx *c, void *arg)
{
    struct snapshot *s = arg;
    assert_int_equal(db_case_count(c), 0);
    assert_ok(db_case_add(s->other, "meanwhile", 1));
    assert_int_equal(db_case_count(c), 0);
    return NULL;
}

static void
test_snapshot(void **state)
{
    struct db_case *k = db_case_use(state);
    struct ctx other;
    db_case_ctx(k, &other);
    assert_ok(db_read(&k->c, snapshot_work, &(struct snapshot){&other}));
    assert_int_equal(db_case_count(&k->c), 1);
    db_case_ctx_end(&other);
}

/* ---- many threads ---- */

struct thread {
    pthread_t id;
    struct db_case *k;
    struct ctx c;
    int no, writes, good;
    atomic_int *tries;
    FILE *told; /* where to say what was acknowledged */
};

static void
run_threads(struct db_case *k, struct thread *t, int n, void *(*fn)(void *))
{
    for (int i = 0; i < n; i++) {
        t[i].k = k;
        t[i].no = i;
        db_case_ctx(k, &t[i].c);
    }
    for (int i = 0; i < n; i++)
        assert_int_equal(pthread_create(&t[i].id, NULL, fn, &t[i]), 0);
    for (int i = 0; i < n; i++) {
        pthread_join(t[i].id, NULL);
        db_case_ctx_end(&t[i].c);
    }
}

static void *
add_many(void *arg)
{
    struct thread *t = arg;
    char code[32];
    for (int i = 0; i < t->writes; i++) {
        snprintf(code, sizeof code, "%d-%d", t->no, i);
        t->good += db_case_add(&t->c, code, i) == NULL;
        if (t->told)
            fprintf(t->told, "%s\n", code);
        arena_reset(t->c.mem);
    }
    return NULL;
}

static void
test_threads(void **state)
{
    struct db_case *k = db_case_use(state);
    int n = k->engine == DB_SQLITE ? 64 : 8, good = 0;
    struct thread t[64] = {0};
    for (int i = 0; i < n; i++)
        t[i].writes = 50;
    run_threads(k, t, n, add_many);
    for (int i = 0; i < n; i++)
        good += t[i].good;
    assert_int_equal(db_case_count(&k->c), good);
    if (k->engine == DB_SQLITE)
        assert_int_equal(good, n * 50);
}

/* Reads and then writes: wrong unless serializable. */
static err_t
increment_work(struct ctx *c, void *arg)
{
    struct thread *t = arg;
    struct t_by_code_row row;
    atomic_fetch_add(t->tries, 1);
    TRY(db_one(c, &T_BY_CODE, DB_IN(db_text("counter")), &row));
    return db_run(c, &T_SET, DB_IN(db_int(row.id), db_int(row.i + 1)), NULL);
}

static void *
increment_many(void *arg)
{
    struct thread *t = arg;
    for (int i = 0; i < t->writes; i++) {
        t->good += db_write(&t->c, increment_work, t) == NULL;
        arena_reset(t->c.mem);
    }
    return NULL;
}

static void
test_counter(void **state)
{
    struct db_case *k = db_case_use(state);
    struct thread t[2] = {{.writes = 200}, {.writes = 200}};
    atomic_int tries = 0;
    t[0].tries = t[1].tries = &tries;
    assert_ok(db_case_add(&k->c, "counter", 0));
    run_threads(k, t, 2, increment_many);
    assert_int_equal(db_case_i(&k->c, "counter"), t[0].good + t[1].good);
    assert_true(t[0].good + t[1].good >= 395); /* five tries are nearly always enough */
    if (k->engine == DB_POSTGRES)
        assert_true(tries > 400); /* they did meet */
    else
        assert_int_equal(tries, 400);
}

/* ---- PostgreSQL runs work again ---- */

struct again {
    struct ctx *other;
    int runs, freed;
    void *first;
};

static void
count_freed(void *arg)
{
    (*(int *)arg)++;
}

static err_t
add_one(struct ctx *c, void *arg)
{
    atomic_int tries = 0;
    struct thread t = {.tries = &tries};
    return increment_work(c, &t);
}

static err_t
again_work(struct ctx *c, void *arg)
{
    struct again *a = arg;
    struct t_by_code_row row;
    a->runs++;
    c->today = a->runs;
    arena_defer(c->mem, count_freed, &a->freed);
    TRY(db_one(c, &T_BY_CODE, DB_IN(db_text("counter")), &row));
    if (a->runs == 1)
        assert_ok(db_write(a->other, add_one, NULL));
    TRY(db_run(c, &T_SET, DB_IN(db_int(row.id), db_int(row.i + 10)), NULL));
    return NULL;
}

static void
test_again(void **state)
{
    struct db_case *k = db_case_use(state);
    struct ctx other;
    static struct again a; /* what a run deferred is counted until the arena ends */
    a = (struct again){.other = &other};
    db_case_ctx(k, &other);
    assert_ok(db_case_add(&k->c, "counter", 0));
    assert_ok(db_write(&k->c, again_work, &a));
    assert_int_equal(a.runs, 2);
    assert_int_equal(a.freed, 1); /* of the run that was lost */
    assert_int_equal(db_case_i(&k->c, "counter"), 11);
    db_case_ctx_end(&other);
}

static err_t
always_again_work(struct ctx *c, void *arg)
{
    struct again *a = arg;
    struct t_by_code_row row;
    a->runs++;
    TRY(db_one(c, &T_BY_CODE, DB_IN(db_text("counter")), &row));
    assert_ok(db_write(a->other, add_one, NULL));
    return db_run(c, &T_SET, DB_IN(db_int(row.id), db_int(0)), NULL);
}

static void
test_gives_up(void **state)
{
    struct db_case *k = db_case_use(state);
    struct ctx other;
    struct again a = {.other = &other};
    db_case_ctx(k, &other);
    assert_ok(db_case_add(&k->c, "counter", 0));
    assert_err(db_write(&k->c, always_again_work, &a), E_UNAVAILABLE);
    assert_int_equal(a.runs, 5);
    assert_int_equal(db_case_i(&k->c, "counter"), 5);
    db_case_ctx_end(&other);
}

/* ---- a COMMIT that fails ---- */

struct late {
    struct thread *t;
    atomic_int *waiting;
    int runs;
};

/* The first of the batch: waits until the others stand in the queue. */
static err_t
first_work(struct ctx *c, void *arg)
{
    struct late *l = arg;
    l->runs++;
    for (int i = 0; i < 4000 && atomic_load(l->waiting) < 3; i++)
        usleep(1000);
    if (l->runs == 1)
        usleep(15000); /* from "about to queue" to queued, within what a batch may take */
    return db_run(c, &T_ADD_QUIET, DB_IN(db_text("first")), NULL);
}

static err_t
late_work(struct ctx *c, void *arg)
{
    struct late *l = arg;
    l->runs++;
    if (l->t->no == 1) /* points at nothing; seen at COMMIT only */
        return db_run(c, &T_LATE, DB_IN(db_int(4711)), NULL);
    return db_run(c, &T_ADD_QUIET, DB_IN(db_text(l->t->no == 2 ? "second" : "third")), NULL);
}

static void *
late_thread(void *arg)
{
    struct thread *t = arg;
    struct late l = {t, t->tries, 0};
    if (t->no > 0) {
        while (t->no > 0 && !atomic_load(t->tries))
            usleep(100);
        atomic_fetch_add(t->tries, 1);
    }
    err_t e = t->no ? db_write(&t->c, late_work, &l) : db_write(&t->c, first_work, &l);
    t->good = e ? -(int)e->code : l.runs;
    return NULL;
}

static void
test_commit_fails(void **state)
{
    struct db_case *k = db_case_use(state);
    struct thread t[4] = {0};
    atomic_int waiting = 1;
    for (int i = 0; i < 4; i++)
        t[i].tries = &waiting;
    run_threads(k, t, 4, late_thread);
    assert_int_equal(t[1].good, -E_UNAVAILABLE);
    assert_true(t[0].good >= 1 && t[2].good >= 1 && t[3].good >= 1);
    assert_int_equal(db_case_count(&k->c), 3);
    assert_ok(db_case_add(&k->c, "after", 1)); /* the writer still works */
}

/* ---- waiting ---- */

struct hold {
    int ms;
    atomic_int began;
};

static err_t
hold_work(struct ctx *c, void *arg)
{
    struct hold *h = arg;
    TRY(db_run(c, &T_ADD_QUIET, DB_IN(db_text("held")), NULL));
    atomic_store(&h->began, 1);
    usleep((useconds_t)h->ms * 1000);
    return NULL;
}

struct holder {
    struct ctx c;
    struct hold hold;
};

static void *
hold_thread(void *arg)
{
    struct holder *h = arg;
    return (void *)(uintptr_t)db_write(&h->c, hold_work, &h->hold);
}

/* One pool holds the file's write lock, another wants it and waits `busy_ms`. */
static err_t
wait_beside(struct db_case *k, int hold_ms, int busy_ms)
{
    struct holder h = {.hold = {.ms = hold_ms}};
    struct db_pool *pool;
    struct ctx c = {.mem = k->mem};
    pthread_t id;
    db_case_ctx(k, &h.c);
    assert_ok(db_open(k->mem, k->where, &(struct db_options){.busy_ms = busy_ms}, &pool));
    assert_ok(db_connect(k->mem, pool, &c.db));
    pthread_create(&id, NULL, hold_thread, &h);
    while (!atomic_load(&h.hold.began))
        usleep(100);
    err_t e = db_case_add(&c, "beside", 1);
    void *failed;
    pthread_join(id, &failed);
    assert_null(failed);
    db_disconnect(c.db);
    db_close(pool);
    db_case_ctx_end(&h.c);
    return e;
}

static void
test_busy(void **state)
{
    struct db_case *k = db_case_use(state);
    assert_err(wait_beside(k, 800, 100), E_UNAVAILABLE);
    assert_int_equal(db_case_i(&k->c, "beside"), -1);
    assert_ok(wait_beside(k, 300, 20000));
    assert_int_equal(db_case_i(&k->c, "beside"), 1);
}

/* ---- other processes: this program again ---- */

static pid_t
spawn(const char *what, const char *where, const char *no, int *ret_out)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        execl("/proc/self/exe", "test_write", what, where, no, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    *ret_out = ends[0];
    return pid;
}

static void
test_kill(void **state)
{
    struct db_case *k = db_case_use(state);
    for (int round = 0; round < 3; round++) {
        int fd, told = 0, missing = 0;
        char no[8], line[64];
        snprintf(no, sizeof no, "%d", round);
        pid_t pid = spawn("--write", k->where, no, &fd);
        FILE *in = fdopen(fd, "r");
        while (fgets(line, sizeof line, in)) {
            line[strcspn(line, "\n")] = '\0';
            missing += db_case_i(&k->c, line) < 0;
            if (++told == 300 * (round + 1))
                kill(pid, SIGKILL); /* what is in the pipe was acknowledged too */
        }
        fclose(in);
        int status;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_true(told >= 300 * (round + 1));
        assert_int_equal(missing, 0);
        assert_true(db_case_count(&k->c) >= told);
    }
    assert_ok(db_case_add(&k->c, "after the kills", 1));
}

static void
test_two_processes(void **state)
{
    struct db_case *k = db_case_use(state);
    pid_t pid[2];
    int fd[2];
    assert_ok(db_case_add(&k->c, "counter", 0));
    for (int i = 0; i < 2; i++)
        pid[i] = spawn("--count", k->where, "0", &fd[i]);
    for (int i = 0; i < 2; i++) {
        int status;
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        close(fd[i]);
    }
    assert_int_equal(db_case_i(&k->c, "counter"), 2 * 4 * 100);
}

/* ---- PostgreSQL: the connection breaks ---- */

static void
cut_others(void)
{
    db_case_psql("select pg_terminate_backend(pid) from pg_stat_activity where pid <> "
                 "pg_backend_pid() and datname = current_database()");
}

static err_t
cut_work(struct ctx *c, void *arg)
{
    (*(int *)arg)++;
    TRY(db_run(c, &T_ADD_QUIET, DB_IN(db_text("cut")), NULL));
    cut_others();
    db_ask(c, &T_COUNT, DB_NONE);
    return db_run(c, &T_ADD_QUIET, DB_IN(db_text("cut too")), NULL);
}

static err_t
each_cut(void *arg, const void *row)
{
    if ((*(int *)arg)++ == 0)
        cut_others();
    return NULL;
}

static void
test_lost(void **state)
{
    struct db_case *k = db_case_use(state);
    struct t_count_row row;
    int runs = 0;
    assert_ok(db_case_add(&k->c, "before", 1));
    cut_others();
    assert_ok(db_case_add(&k->c, "idle was cut", 1)); /* connects again by itself */
    assert_err(db_write(&k->c, cut_work, &runs), E_UNAVAILABLE);
    assert_int_equal(runs, 1); /* something was done: not again */
    assert_int_equal(db_case_count(&k->c), 2);
    runs = 0;
    err_t e = db_each(&k->c, &T_MANY, DB_IN(db_int(3000000)), each_cut, &runs);
    assert_err(e, E_UNAVAILABLE);
    assert_ok(db_case_add(&k->c, "and again", 1));
    cut_others(); /* outside a transaction the first to notice fails, the next connects */
    assert_err(db_one(&k->c, &T_COUNT, DB_NONE, &row), E_UNAVAILABLE);
    assert_ok(db_one(&k->c, &T_COUNT, DB_NONE, &row));
    assert_int_equal(row.n, 3);
}

static void
test_timeout(void **state)
{
    struct db_case *k = db_case_use(state);
    struct db_pool *pool;
    struct ctx c = {.mem = k->mem};
    struct t_many_row *rows;
    size_t n;
    assert_ok(db_open(k->mem, k->where, &(struct db_options){.timeout_ms = 100}, &pool));
    assert_ok(db_connect(k->mem, pool, &c.db));
    assert_err(db_list(&c, &T_MANY, DB_IN(db_int(50000000)), &rows, &n), E_UNAVAILABLE);
    assert_ok(db_list(&c, &T_MANY, DB_IN(db_int(5)), &rows, &n));
    db_disconnect(c.db);
    db_close(pool);
}

/* ---- the child ---- */

static void *
write_for_ever(void *arg)
{
    struct thread *t = arg;
    char code[32];
    for (int i = 0;; i++) {
        int n = snprintf(code, sizeof code, "%d-%d-%d\n", t->writes, t->no, i);
        code[n - 1] = '\0';
        if (db_case_add(&t->c, code, i))
            return NULL;
        code[n - 1] = '\n';
        if (write(1, code, (size_t)n) != n)
            return NULL;
        arena_reset(t->c.mem);
    }
}

static int
child(const char *what, const char *where, int round)
{
    struct db_case k = {.mem = arena_new(0), .where = where};
    struct thread t[64] = {0};
    atomic_int tries = 0;
    int n = strcmp(what, "--write") == 0 ? 64 : 4, good = 0;
    assert_ok(db_open(k.mem, where, NULL, &k.pool));
    if (db_pool_engine(k.pool) == DB_POSTGRES && n > 8)
        n = 8;
    for (int i = 0; i < n; i++) {
        t[i].writes = n == 4 ? 100 : round;
        t[i].tries = &tries;
    }
    run_threads(&k, t, n, n == 4 ? increment_many : write_for_ever);
    for (int i = 0; i < n; i++)
        good += t[i].good;
    db_close(k.pool);
    arena_free(k.mem);
    return good == 400 ? 0 : 1;
}

int
main(int argc, char **argv)
{
    if (argc == 4)
        return child(argv[1], argv[2], atoi(argv[3]));
    static const struct CMUnitTest cases[] = {
        BOTH(test_rollback),
        BOTH(test_snapshot),
        BOTH(test_threads),
        BOTH(test_counter),
        ON(test_again, "postgres"),
        ON(test_gives_up, "postgres"),
        ON(test_commit_fails, "sqlite"),
        ON(test_busy, "sqlite"),
        BOTH(test_kill),
        ON(test_two_processes, "sqlite"),
        ON(test_lost, "postgres"),
        ON(test_timeout, "postgres"),
    };
    return cmocka_run_group_tests(cases, NULL, NULL);
}
