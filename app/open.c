/* open.c: opening an installation: database, schema, keys, settings. See app.h. */
#include "app/app.h"
#include "base/str.h"
#include "base/log.h"
#include "core/holidays.h"
#include "core/keys.h"
#include "core/record.h"
#include "core/seal.h"

#include <stdlib.h>
#include <string.h>

const char *
app_keys_path(struct arena *a, const char *where)
{
    if (!str_starts(where, "postgres://") && !str_starts(where, "postgresql://"))
        return arena_printf(a, "%s.keys", where);
    const char *state = getenv("STATE_DIRECTORY"), *home = getenv("HOME");
    if (state)
        return arena_printf(a, "%s/rapport.keys", state);
    return arena_printf(a, "%s/.rapport.keys", str_or(home, "."));
}

static err_t
bring_schema(struct arena *a, const struct open_how *how, struct db_pool *pool)
{
    struct migration *list;
    size_t n;
    TRY(app_migrations(a, &list, &n));
    if (how->no_migrate || (db_pool_engine(pool) == DB_POSTGRES && !how->create))
        return db_schema_check(a, pool, list, n);
    struct migrate_report report;
    TRY(db_migrate(a, pool, list, n, false, &report));
    if (report.applied && report.copy)
        log_line(LOG_INFO, "schema brought up to date files=%d copy=%s", report.applied, report.copy);
    return NULL;
}

static err_t
ship(struct ctx *c, void *arg)
{
    return holidays_ship(c);
}

/* Calendars that a newer program brings to an installation that is set up already (a new one gets them
 * with its first person). */
static err_t
bring_calendars(struct ctx *c)
{
    bool due = false;
    if (c->inst->home)
        TRY(holidays_ship_due(c, &due));
    return due ? record_transaction(c, &(struct record_work){"calendar.ship", NULL, "Rapport", ship, NULL}) : NULL;
}

err_t
app_open(struct arena *a, const struct open_how *how, struct opened *ret)
{
    struct opened *o = ret;
    *o = (struct opened){.mem = a, .inst = {.features = app_features, .n_features = app_features_n}};
    struct db_options options = {.no_create = !how->create, .owner = how->owner};
    TRY(db_open(a, how->where, &options, &o->inst.pool));
    if (how->need_keys) /* before the schema: a database without its keys is left as it is */
        TRY(keys_read(a, str_or(how->keys, app_keys_path(a, how->where)), &o->inst.keys));
    TRY(bring_schema(a, how, o->inst.pool));
    o->inst.zone = tz_find("UTC");
    o->ctx = (struct ctx){.mem = a, .inst = &o->inst};
    TRY(db_connect(a, o->inst.pool, &o->ctx.db));
    if (how->need_keys)
        TRY(seal_check_key(&o->ctx));
    TRY(inst_load(&o->ctx, &o->inst));
    inst_clock(&o->ctx);
    return how->need_keys ? bring_calendars(&o->ctx) : NULL;
}

void
app_close(struct opened *o)
{
    if (o->ctx.db)
        db_disconnect(o->ctx.db);
    if (o->inst.pool)
        db_close(o->inst.pool);
}
