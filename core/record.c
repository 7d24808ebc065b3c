/* record.c: see record.h. Collects in the arena, writes with core.sql's queries. */
#include "core/record.h"

#include "base/str.h"
#include "base/view.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "db/db.h"

#include <sodium.h>
#include <string.h>

enum { SALT = 16 };

struct also {
    const char *kind;
    int64_t id;
};

/* Its memory outlives what c->mem is during the work: an import empties that after each study. */
struct record {
    struct arena *mem;
    const char *action, *reason, *who, *kind, *ref;
    int64_t person, thing_id, study;
    enum compartment comp;
    struct view *changes;
    struct also *also; /* open addressing, `also_size` a power of two */
    size_t n_also, also_size;
    bool event, reason_needed;
    const char *reason_field;
};

void
record_begin(struct ctx *c, const char *action, const char *reason)
{
    struct record *r = arena_alloc(c->mem, sizeof *r);
    r->mem = c->mem;
    r->action = action;
    r->reason = reason;
    r->changes = view_list_new(c->mem);
    c->rec = r;
}

void
record_about(struct ctx *c, const char *kind, int64_t id, const char *ref, const struct thing *t)
{
    struct record *r = c->rec;
    r->kind = kind;
    r->thing_id = id;
    r->ref = arena_strdup(r->mem, ref);
    r->study = t ? t->study : 0;
    r->comp = t ? t->comp : COMP_OPEN;
}

static size_t
also_slot(const struct also *table, size_t size, const char *kind, int64_t id)
{
    size_t i = ((size_t)id * 0x9E3779B97F4A7C15u + (unsigned char)*kind) & (size - 1);
    while (table[i].kind && (table[i].id != id || strcmp(table[i].kind, kind) != 0))
        i = (i + 1) & (size - 1);
    return i;
}

static void
also_grow(struct record *r)
{
    size_t size = r->also_size ? r->also_size * 2 : 64;
    struct also *table = arena_alloc(r->mem, size * sizeof *table);
    for (size_t i = 0; i < r->also_size; i++) {
        if (r->also[i].kind)
            table[also_slot(table, size, r->also[i].kind, r->also[i].id)] = r->also[i];
    }
    r->also = table;
    r->also_size = size;
}

void
record_also(struct ctx *c, const char *kind, int64_t id)
{
    struct record *r = c->rec;
    if (r->n_also * 2 >= r->also_size)
        also_grow(r);
    struct also *slot = &r->also[also_slot(r->also, r->also_size, kind, id)];
    r->n_also += !slot->kind;
    *slot = (struct also){kind, id};
}

void
record_action(struct ctx *c, const char *action)
{
    c->rec->action = action;
}

void
record_who(struct ctx *c, int64_t person, const char *words)
{
    c->rec->person = person;
    c->rec->who = arena_strdup(c->rec->mem, words);
}

void
record_reason(struct ctx *c, const char *reason)
{
    c->rec->reason = arena_strdup(c->rec->mem, reason);
}

bool
record_change(struct ctx *c, const char *table, const char *label, const char *field,
              const char *old, const char *new_value)
{
    if (str_eq(old, new_value))
        return false;
    struct view *row = view_add_list(c->rec->changes);
    view_add_text(row, table);
    view_add_text(row, label);
    view_add_text(row, field);
    view_add_text(row, old);
    view_add_text(row, new_value);
    return true;
}

bool
record_change_gxp(struct ctx *c, const char *table, const char *label, const char *field,
                  const char *old, const char *new_value)
{
    if (!record_change(c, table, label, field, old, new_value))
        return false;
    if (old && !c->rec->reason_needed) {
        c->rec->reason_needed = true;
        c->rec->reason_field = arena_strdup(c->rec->mem, field);
    }
    return true;
}

void
record_secret(struct ctx *c, const char *label, const char *field, const char *new_value)
{
    const char *shown = NULL;
    if (new_value) {
        unsigned char salt[SALT], hash[32];
        randombytes_buf(salt, sizeof salt);
        crypto_generichash_state s;
        crypto_generichash_init(&s, salt, sizeof salt, sizeof hash);
        crypto_generichash_update(&s, (const unsigned char *)new_value, strlen(new_value));
        crypto_generichash_final(&s, hash, sizeof hash);
        shown = arena_printf(c->mem, "sealed %s:%s", str_hex(c->mem, salt, sizeof salt),
                             str_hex(c->mem, hash, sizeof hash));
    }
    record_change(c, "vault", label, field, new_value ? NULL : "sealed", shown);
}

void
record_event(struct ctx *c)
{
    c->rec->event = true;
}

bool
record_any(const struct ctx *c)
{
    return c->rec->event || c->rec->changes->kids.n;
}

/* The body: {"reason":..,"changes":[[table,label,field,old,new],..],"things":[["site",12],..]}. The
 * things are those of the trail: sealed here, so that a row of the trail cannot be lost unseen. */
static const char *
body_of(struct ctx *c)
{
    const struct record *r = c->rec;
    struct buf b;
    buf_init(&b, c->mem);
    buf_str(&b, "{\"reason\":");
    if (r->reason)
        view_json_string(&b, r->reason);
    else
        buf_str(&b, "null");
    buf_str(&b, ",\"changes\":");
    view_json(&b, r->changes);
    buf_str(&b, ",\"things\":[");
    const char *comma = "";
    for (size_t i = 0; i < r->also_size; i++) {
        const struct also *a = &r->also[i];
        if (!a->kind)
            continue;
        buf_printf(&b, "%s[\"%s\",%lld]", comma, a->kind, (long long)a->id);
        comma = ",";
    }
    buf_str(&b, "]}");
    return buf_text(&b);
}

static err_t
write_trail(struct ctx *c, int64_t record_id)
{
    for (size_t i = 0; i < c->rec->also_size; i++) {
        const struct also *a = &c->rec->also[i];
        if (a->kind)
            TRY(db_run(c, &CORE_TRAIL_ADD, DB_IN(db_text(a->kind), db_int(a->id), db_int(record_id)), NULL));
    }
    return NULL;
}

err_t
record_write(struct ctx *c)
{
    struct record *r = c->rec;
    if (!record_any(c)) {
        if (db_changes(c->db) > 0)
            return err_new(c->mem, E_INTERNAL, "The change \"%s\" was made without a record of it.", r->action);
        return NULL;
    }
    if (r->reason_needed && str_empty(r->reason))
        return err_field(c->mem, E_REASON, "reason",
                         "This changes what was already there (%s). Say in a few words why.",
                         r->reason_field);
    if (r->kind && r->thing_id)
        record_also(c, r->kind, r->thing_id);
    if (r->study)
        record_also(c, "study", r->study);
    int64_t person = r->person ? r->person : c->who ? c->who->person : 0;
    const char *who = r->who ? r->who : c->who ? c->who->name : "nobody signed in";
    struct core_record_add_row row;
    TRY(db_one(c, &CORE_RECORD_ADD,
               DB_IN(db_time(c->now), db_int_or_null(person, !person), db_text(who), db_text(r->action),
                     db_int_or_null(r->study, !r->study), db_int(r->comp), db_text(r->kind),
                     db_int_or_null(r->thing_id, !r->thing_id), db_text(r->ref), db_text(c->log_id)),
               &row));
    unsigned char salt[SALT];
    randombytes_buf(salt, sizeof salt);
    TRY(db_run(c, &CORE_RECORD_BODY_ADD,
               DB_IN(db_int(row.id), db_blob(salt, sizeof salt), db_text(body_of(c))), NULL));
    return write_trail(c, row.id);
}

static err_t
in_transaction(struct ctx *c, void *arg)
{
    const struct record_work *w = arg;
    record_begin(c, w->action, w->reason);
    if (w->who)
        c->rec->who = w->who;
    TRY(w->work(c, w->arg));
    return record_write(c);
}

err_t
record_transaction(struct ctx *c, const struct record_work *w)
{
    return db_write(c, in_transaction, (void *)w);
}
