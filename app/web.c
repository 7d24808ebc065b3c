/* web.c: the hooks between the web server and everything else. See app.h and http/http.h.
 *
 * Sessions, permission, transactions with their record row, and rendering meet here and nowhere
 * else. */
#include "app/app.h"
#include "base/log.h"
#include "base/str.h"
#include "core/account.h"
#include "core/keep.h"
#include "core/keys.h"
#include "core/may.h"
#include "core/record.h"
#include "core/seal.h"
#include "http/csrf.h"
#include "tmpl/tmpl.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { KEPT_BYTES = 4 << 20, SEEN_MOST = 4096, SEAL_MOST = 2000, JOB_EVERY_S = 1, MINUTE_S = 60 };

struct web {
    struct inst *inst;
    struct tmpl_set *templates;
    struct http *http;
    pthread_mutex_t lock;
    struct {
        int64_t session, at;
    } seen[SEEN_MOST];
    size_t n_seen;
};

/* ---- sessions ---- */

static const char *
cookie_name(const struct ctx *c, const struct req *r)
{
    return c->inst->demo ? "rapport-demo" : req_secure(r) ? "__Host-rapport" : "rapport";
}

/* GET never writes: the last use of a session is kept here and written by the job. */
static void
note_seen(struct web *w, int64_t session, int64_t now)
{
    pthread_mutex_lock(&w->lock);
    size_t i = 0;
    while (i < w->n_seen && w->seen[i].session != session)
        i++;
    if (i < SEEN_MOST) {
        w->seen[i].session = session;
        w->seen[i].at = now;
        w->n_seen += i == w->n_seen;
    }
    pthread_mutex_unlock(&w->lock);
}

static err_t
hook_worker_begin(void *arg, struct arena *a, struct db **ret)
{
    return db_connect(a, ((struct web *)arg)->inst->pool, ret);
}

static void
hook_worker_end(void *arg, struct db *db)
{
    db_disconnect(db);
}

static err_t
hook_begin(void *arg, struct ctx *c, struct req *r)
{
    struct web *w = arg;
    c->inst = w->inst;
    inst_clock(c);
    return session_load(c, req_cookie(r, cookie_name(c, r)), &c->who);
}

/* ---- permission ---- */

static err_t
resolve_all(struct ctx *c, struct req *r, struct thing *t)
{
    const char *path = req_route(r)->path;
    for (const char *p = strchr(path, '{'); p; p = strchr(p + 1, '{')) {
        const char *name = arena_strndup(c->mem, p + 1, strcspn(p + 1, "}"));
        TRY(app_resolver(name)->resolve(c, req_param(r, name), t));
    }
    return NULL;
}

static err_t
hook_allow(void *arg, struct ctx *c, struct req *r)
{
    const struct route *route = req_route(r);
    enum perm perm = (enum perm)route->perm;
    if (c->who && c->who->seen_old && !(route->flags & ROUTE_QUIET))
        note_seen(arg, c->who->session, c->now);
    struct thing *t = arena_alloc(c->mem, sizeof *t);
    if (perm != PERM_PUBLIC && !c->who)
        return err_new(c->mem, E_SIGN_IN, "Please sign in to see this page.");
    TRY(resolve_all(c, r, t));
    if (!may(c->who, perm, strchr(route->path, '{') ? t : NULL))
        return err_new(c->mem, E_FORBIDDEN, "Your roles do not let you %s here.", perm_words(perm));
    req_set_thing(r, t);
    return NULL;
}

static const char *
hook_csrf(void *arg, struct ctx *c)
{
    if (!c->who || !c->who->session_hash)
        return NULL;
    unsigned char token[32];
    keys_lookup(c->inst->keys, "csrf", str_hex(c->mem, c->who->session_hash, 32), token);
    return str_hex(c->mem, token, 16);
}

/* ---- transactions ---- */

static err_t
hook_read(void *arg, struct ctx *c, err_t (*work)(struct ctx *, void *), void *work_arg)
{
    return db_read(c, work, work_arg);
}

static err_t
hook_write(void *arg, struct ctx *c, struct req *r, err_t (*work)(struct ctx *, void *), void *work_arg)
{
    struct record_work w = {.action = req_route(r)->audit, .reason = req_form(r, "reason"), .work = work, .arg = work_arg};
    return record_transaction(c, &w);
}

/* ---- rendering ---- */

static void
fill_error(struct ctx *c, struct view *page, err_t e)
{
    struct view *v = view_map(page, "error");
    view_int(v, "status", err_status(e->code));
    view_text(v, "title", err_title(e->code));
    view_text(v, "text", e->code == E_INTERNAL ? "What you did was not saved. The number below helps us to find out why." : e->text);
    if (err_status(e->code) >= 500)
        view_text(v, "id", c->log_id);
}

static err_t
hook_render(void *arg, struct ctx *c, struct req *r, struct view *page, err_t e, struct buf *out)
{
    struct web *w = arg;
    const struct route *route = req_route(r);
    const char *view = route ? route->view : NULL;
    const char *token = hook_csrf(arg, c);
    app_shell(c, r, token ? csrf_mask(c->mem, token) : NULL, page);
    if (e) {
        fill_error(c, page, e);
        if (e->code == E_SIGN_IN && view_get(page, "kept")) /* a form whose session was over */
            view = "access/sign_in";
        else if (!req_form_again(r) || !view)
            view = "layout/error";
    }
    return tmpl_render(w->templates, view, page, NULL, NULL, out);
}

err_t
app_web_new(struct arena *a, struct inst *inst, struct web **ret)
{
    struct web *w = arena_alloc(a, sizeof *w);
    w->inst = inst;
    if (!inst->keep)
        inst->keep = keep_new(a, KEPT_BYTES);
    pthread_mutex_init(&w->lock, NULL);
    TRY(app_templates(a, &w->templates));
    TRY(app_check(a, w->templates));
    const struct route **tables = arena_alloc(a, app_features_n * sizeof *tables);
    size_t *sizes = arena_alloc(a, app_features_n * sizeof *sizes);
    for (size_t i = 0; i < app_features_n; i++) {
        tables[i] = app_features[i]->routes;
        sizes[i] = app_features[i]->n_routes;
    }
    struct http_hooks hooks = {w, hook_worker_begin, hook_worker_end, hook_begin, hook_allow, hook_csrf,
                               hook_read, hook_write, hook_render};
    struct http_hooks *kept = arena_copy(a, &hooks, sizeof hooks);
    TRY(http_new(a, tables, sizes, app_features_n, kept, &w->http));
    *ret = w;
    return NULL;
}

struct http *
app_web_http(struct web *w)
{
    return w->http;
}

/* ---- serving ---- */

static err_t
write_seen(struct ctx *c, void *arg)
{
    struct web *w = arg;
    static const size_t most = SEEN_MOST;
    pthread_mutex_lock(&w->lock);
    size_t n = w->n_seen < most ? w->n_seen : most;
    int64_t(*copy)[2] = arena_alloc(c->mem, n * sizeof *copy);
    for (size_t i = 0; i < n; i++) {
        copy[i][0] = w->seen[i].session;
        copy[i][1] = w->seen[i].at;
    }
    w->n_seen = 0;
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < n; i++)
        TRY(session_seen(c, copy[i][0], copy[i][1]));
    return NULL;
}

/* The jobs of all features, each in memory that is reused; the first error, all in the log. */
static err_t
each_job(struct ctx *c, bool far)
{
    struct arena *mem = c->mem, *scratch = arena_new(0);
    err_t first = NULL;
    for (size_t i = 0; i < app_features_n; i++) {
        err_t (*job)(struct ctx *) = far ? app_features[i]->far_job : app_features[i]->job;
        if (!job)
            continue;
        c->mem = scratch;
        err_t e = job(c);
        if (e) {
            log_line(LOG_WARN, "job failed: feature=%s %s", app_features[i]->name, err_line(scratch, e));
            first = first ? first : err_new(mem, e->code, "%s", e->text);
        }
        arena_reset(scratch);
    }
    c->mem = mem;
    arena_free(scratch);
    return first;
}

err_t
app_jobs(struct ctx *c)
{
    err_t e = each_job(c, false), far = each_job(c, true);
    return e ? e : far;
}

/* ---- what waits on other machines: a thread of its own ---- */

struct far {
    struct web *w;
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ends;
    bool stop;
};

static void *
far_main(void *arg)
{
    struct far *f = arg;
    struct arena *a = arena_new(0);
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    pthread_mutex_lock(&f->lock);
    for (;;) {
        next.tv_sec += MINUTE_S;
        while (!f->stop && pthread_cond_timedwait(&f->ends, &f->lock, &next) == 0)
            ;
        if (f->stop)
            break;
        pthread_mutex_unlock(&f->lock);
        struct ctx c = {.mem = a, .db = f->db, .inst = f->w->inst};
        inst_clock(&c);
        (void)each_job(&c, true);
        arena_reset(a);
        clock_gettime(CLOCK_MONOTONIC, &next);
        pthread_mutex_lock(&f->lock);
    }
    pthread_mutex_unlock(&f->lock);
    arena_free(a);
    return NULL;
}

static err_t
far_begin(struct arena *a, struct web *w, struct far *f)
{
    *f = (struct far){.w = w};
    TRY(db_connect(a, w->inst->pool, &f->db));
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->ends, &monotonic);
    pthread_condattr_destroy(&monotonic);
    INVARIANT(pthread_create(&f->thread, NULL, far_main, f) == 0);
    return NULL;
}

static void
far_end(struct far *f)
{
    atomic_store(&f->w->inst->leaving, true);
    pthread_mutex_lock(&f->lock);
    f->stop = true;
    pthread_cond_signal(&f->ends);
    pthread_mutex_unlock(&f->lock);
    pthread_join(f->thread, NULL);
    db_disconnect(f->db);
    pthread_cond_destroy(&f->ends);
    pthread_mutex_destroy(&f->lock);
}

static void
run_jobs(struct web *w, struct db *db, struct arena *a, int64_t round)
{
    struct ctx c = {.mem = a, .db = db, .inst = w->inst};
    inst_clock(&c);
    int64_t n;
    err_t e = seal_run(&c, SEAL_MOST, &n);
    bool minute = round % MINUTE_S == MINUTE_S - 1;
    if (!e && minute && w->n_seen)
        e = db_write(&c, write_seen, w);
    if (e)
        log_line(LOG_WARN, "job failed: %s", err_line(a, e));
    if (minute)
        (void)each_job(&c, false); /* each says in the log what went wrong */
    arena_reset(a);
}

/* A person for whom something is new; 0: anybody. */
static void
look(void *http, int64_t person)
{
    http_look(http, person);
}

err_t
app_web_serve(struct web *w, const struct http_options *o, void (*ready)(void *arg, int port), void *arg)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    struct arena *a = arena_new(0);
    struct db *db;
    struct far far;
    err_t e = db_connect(a, w->inst->pool, &db);
    if (!e && (e = http_start(a, w->http, o)))
        db_disconnect(db);
    if (!e && (e = far_begin(a, w, &far))) {
        http_stop(w->http);
        db_disconnect(db);
    }
    if (e)
        return e;
    struct db_ear *ear = db_listen(w->inst->pool, look, w->http);
    ready(arg, http_port(w->http));
    struct arena *scratch = arena_new(0);
    struct timespec second = {JOB_EVERY_S, 0};
    for (int64_t round = 0; sigtimedwait(&stop, NULL, &second) < 0; round++)
        run_jobs(w, db, scratch, round);
    db_listen_end(ear);
    http_stop(w->http);
    far_end(&far);
    run_jobs(w, db, scratch, MINUTE_S - 1);
    db_disconnect(db);
    arena_free(scratch);
    arena_free(a);
    return NULL;
}
