/* tx.c: transactions: where one begins and ends, and when its work is run again. See db.h and
 * driver.h. SQLite's writes go to the writer thread (writer.c). */
#include "db/driver.h"

err_t
db_fail(struct db *db, err_t e)
{
    if (db->tx != DB_TX_NONE && !db->failed)
        db->failed = e;
    return e;
}

err_t
db_begin(struct arena *a, struct db *db, enum db_tx tx)
{
    INVARIANT(db->tx == DB_TX_NONE && !db->in_each);
    TRY(db->drv->begin(a, db, tx));
    db->tx = tx;
    db->failed = NULL;
    db->changes = 0;
    db->told.n = 0;
    db->told.all = false;
    db->asked = db->read = 0;
    return NULL;
}

err_t
db_end(struct arena *a, struct db *db, err_t e)
{
    if (!e)
        e = db->failed;
    if (e)
        db->drv->rollback(db);
    else
        e = db->drv->commit(a, db);
    db->tx = DB_TX_NONE;
    db->failed = NULL;
    db->asked = db->read = 0;
    return e;
}

/* On this thread's connection; from the beginning again where PostgreSQL asks for it. */
static err_t
run_here(struct ctx *c, enum db_tx tx, db_work *work, void *arg)
{
    struct db *db = c->db;
    struct arena_mark mark = arena_save(c->mem);
    struct ctx saved = *c;
    for (int tries = 1;; tries++) {
        err_t e = db_begin(c->mem, db, tx);
        if (!e)
            e = db_end(c->mem, db, work(c, arg));
        if (!e || db->drv->engine != DB_POSTGRES || !postgres_again(db, tries))
            return e;
        arena_restore(c->mem, mark);
        *c = saved;
    }
}

err_t
db_read(struct ctx *c, db_work *work, void *arg)
{
    INVARIANT(c->db && c->db->tx == DB_TX_NONE);
    return run_here(c, DB_TX_READ, work, arg);
}

err_t
db_write(struct ctx *c, db_work *work, void *arg)
{
    INVARIANT(c->db && c->db->tx == DB_TX_NONE);
    if (c->db->drv->engine == DB_POSTGRES)
        return run_here(c, DB_TX_WRITE, work, arg);
    return writer_run(c->db->pool->writer, c, work, arg);
}

int64_t
db_changes(const struct db *db)
{
    return db->changes;
}
