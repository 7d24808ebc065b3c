/* migrate.c: brings a database's schema up to a list of migrations, or says that it differs. See
 * db_migrate and db_schema_check in db.h. The text of a migration is expanded in ddl.c. */
#include "db/driver.h"
#include "db/migrate_sql.h"

#include "base/str.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char own_table[] = "create table schema_migration (\n"
                                "  id @id,\n"
                                "  feature @text not null,\n"
                                "  name @text not null,\n"
                                "  sha256 @text not null,\n"
                                "  applied_at @time not null,\n"
                                "  unique (feature, name)\n"
                                ");\n";

/* One run of db_migrate. */
struct run {
    struct arena *a;
    struct db_pool *pool;
    struct db *db;
    const struct migration *list;
    size_t n;
    bool dry;
    bool fresh;                 /* no schema yet */
    bool *applied;              /* of list[i] */
    struct migrate_report done;
};

static const char *
sha256(struct arena *a, const char *text)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    return str_hex(a, hash, sizeof hash);
}

static size_t
find(const struct run *r, const struct migration_list_row *had)
{
    size_t i = 0;
    while (i < r->n && !(str_eq(r->list[i].feature, had->feature) &&
                         str_eq(r->list[i].name, had->name)))
        i++;
    return i;
}

/* Compares what the database has had with the list, and marks it there. */
static err_t
compare(struct run *r)
{
    struct ctx c = {.mem = r->a, .db = r->db};
    bool known = false;
    r->applied = arena_alloc(r->a, r->n * sizeof *r->applied);
    TRY(r->db->drv->has_table(r->a, r->db, "schema_migration", &known));
    r->fresh = !known;
    if (r->fresh)
        return NULL;
    struct migration_list_row *had;
    size_t n;
    TRY(db_list(&c, &MIGRATION_LIST, DB_NONE, &had, &n));
    for (size_t i = 0; i < n; i++) {
        size_t at = find(r, &had[i]);
        if (at == r->n)
            return err_new(r->a, E_CONFIG,
                           "The database has had %s/%s, which this program does not know: it was "
                           "made by a newer Rapport. Use that one.", had[i].feature, had[i].name);
        if (!str_eq(had[i].sha256, sha256(r->a, r->list[at].text)))
            return err_new(r->a, E_CONFIG,
                           "%s/%s is not as it was when it was applied to this database. Use the "
                           "Rapport it was made with.", had[i].feature, had[i].name);
        r->applied[at] = true;
    }
    return NULL;
}

static int64_t
clock_utc_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* While we hold the write lock, so that nothing is written between the copy and the change. */
static err_t
copy_first(struct run *r)
{
    time_t now = time(NULL);
    struct tm tm;
    char stamp[20];
    gmtime_r(&now, &tm);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
    const char *to = arena_printf(r->a, "%s.before-%s", r->pool->where, stamp);
    for (int i = 2; access(to, F_OK) == 0; i++)
        to = arena_printf(r->a, "%s.before-%s-%d", r->pool->where, stamp, i);
    TRY(sqlite_copy(r->a, r->pool, to));
    r->done.copy = to;
    return NULL;
}

static err_t
run_text(struct run *r, const char *place, const char *text)
{
    const char *expanded;
    size_t line = 1;
    TRY(ddl_expand(r->a, r->db->drv->engine, place, text, &expanded));
    err_t e = r->db->drv->script(r->a, r->db, expanded, &line);
    if (!e)
        return NULL;
    e = err_because(r->a, e->code == E_UNAVAILABLE ? E_UNAVAILABLE : E_CONFIG, e,
                    "A change of the database's schema failed; nothing was changed.");
    return err_at(r->a, e, "%s, line %zu", place, line);
}

static err_t
apply(struct run *r, const struct migration *m)
{
    struct ctx c = {.mem = r->a, .db = r->db};
    TRY(run_text(r, arena_printf(r->a, "%s/%s", m->feature, m->name), m->text));
    return db_run(&c, &MIGRATION_ADD,
                  DB_IN(db_text(m->feature), db_text(m->name), db_text(sha256(r->a, m->text)),
                        db_time(clock_utc_us())), NULL);
}

/* Inside a transaction that nobody else can write beside. */
static err_t
migrate_all(struct run *r)
{
    TRY(compare(r));
    for (size_t i = 0; i < r->n; i++)
        r->done.already += r->applied[i];
    r->done.applied = (int)r->n - r->done.already;
    if (r->dry || r->done.applied == 0)
        return NULL;
    if (r->db->drv->engine == DB_SQLITE && !r->fresh && r->done.already)
        TRY(copy_first(r));
    if (r->fresh)
        TRY(run_text(r, "schema_migration", own_table));
    for (size_t i = 0; i < r->n; i++)
        if (!r->applied[i])
            TRY(apply(r, &r->list[i]));
    return r->db->drv->engine == DB_SQLITE ? sqlite_foreign_keys(r->a, r->db) : NULL;
}

/* When the owner is another than the application: what the application's role may do, anew. */
static err_t
grant(struct run *r)
{
    if (r->db->drv->engine != DB_POSTGRES || !r->pool->owner || r->dry)
        return NULL;
    struct db *app;
    const char *user = NULL, *owner = NULL;
    TRY(db_connect(r->a, r->pool, &app));
    err_t e = postgres_user(r->a, app, &user);
    db_disconnect(app);
    TRY(e);
    TRY(postgres_user(r->a, r->db, &owner));
    return str_eq(user, owner) ? NULL : postgres_grant(r->a, r->db, user);
}

err_t
db_migrate(struct arena *a, struct db_pool *p, const struct migration *list, size_t n, bool dry,
           struct migrate_report *ret)
{
    struct run r = {.a = a, .pool = p, .list = list, .n = n, .dry = dry};
    TRY(p->drv->connect(a, p, DB_ROLE_OWNER, &r.db));
    err_t e = db_begin(a, r.db, DB_TX_WRITE);
    if (!e) {
        e = p->drv->engine == DB_POSTGRES ? postgres_lock(a, r.db) : NULL;
        if (!e)
            e = migrate_all(&r);
        if (!e)
            e = grant(&r);
        e = db_end(a, r.db, e);
    }
    db_disconnect(r.db);
    if (e)
        return e;
    *ret = r.done;
    return NULL;
}

err_t
db_schema_check(struct arena *a, struct db_pool *p, const struct migration *list, size_t n)
{
    struct run r = {.a = a, .pool = p, .list = list, .n = n};
    TRY(db_connect(a, p, &r.db));
    err_t e = compare(&r);
    db_disconnect(r.db);
    TRY(e);
    for (size_t i = 0; i < n; i++)
        if (!r.applied[i])
            return err_new(a, E_CONFIG,
                           "The database's schema is older than this program: %s/%s is missing. "
                           "Please run rapport migrate.", list[i].feature, list[i].name);
    return NULL;
}
