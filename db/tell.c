/* tell.c: what a transaction tells, and who listens. See db.h. On SQLite the writer thread hands it over
 * after its commit; on PostgreSQL it goes out as NOTIFY with the commit and comes back to
 * postgres_ear.c, in this process as in others. */
#include "db/driver.h"

#include "base/arena.h"
#include "base/str.h"

#include <stdlib.h>

struct db_ear {
    struct db_pool *pool;
    void (*fn)(void *arg, int64_t about);
    void *arg;
    struct postgres_ear *postgres;
};

void
db_tell(struct ctx *c, int64_t about)
{
    struct told *t = &c->db->told;
    INVARIANT(c->db->tx == DB_TX_WRITE && about);
    for (size_t i = 0; i < t->n; i++) {
        if (t->about[i] == about)
            return;
    }
    if (t->n == TOLD_MOST)
        t->all = true;
    else
        t->about[t->n++] = about;
}

void
tell_one(struct db_ear *ear, int64_t about)
{
    ear->fn(ear->arg, about);
}

void
tell_out(struct db_pool *p, const struct told *told)
{
    if (told->n == 0)
        return;
    pthread_mutex_lock(&p->ear_lock);
    for (size_t i = 0; p->ear && !told->all && i < told->n; i++)
        tell_one(p->ear, told->about[i]);
    if (p->ear && told->all)
        tell_one(p->ear, 0);
    pthread_mutex_unlock(&p->ear_lock);
}

const char *
tell_statement(struct arena *a, const struct told *told)
{
    struct buf b;
    if (told->n == 0)
        return "";
    buf_init(&b, a);
    buf_str(&b, "notify " TELL_CHANNEL ", '");
    for (size_t i = 0; !told->all && i < told->n; i++)
        buf_printf(&b, "%s%lld", i ? "," : "", (long long)told->about[i]);
    buf_str(&b, told->all ? "0'; " : "'; ");
    return buf_text(&b);
}

struct db_ear *
db_listen(struct db_pool *p, void (*fn)(void *arg, int64_t about), void *arg)
{
    struct db_ear *ear = calloc(1, sizeof *ear);
    INVARIANT(ear);
    *ear = (struct db_ear){.pool = p, .fn = fn, .arg = arg};
    pthread_mutex_lock(&p->ear_lock);
    INVARIANT(!p->ear);
    p->ear = ear;
    pthread_mutex_unlock(&p->ear_lock);
    if (p->drv->engine == DB_POSTGRES)
        ear->postgres = postgres_ear_new(p, ear);
    return ear;
}

void
db_listen_end(struct db_ear *ear)
{
    if (!ear)
        return;
    postgres_ear_free(ear->postgres);
    pthread_mutex_lock(&ear->pool->ear_lock);
    ear->pool->ear = NULL;
    pthread_mutex_unlock(&ear->pool->ear_lock);
    free(ear);
}
