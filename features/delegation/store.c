/* store.c: lines of the delegation log and their signatures. See delegation.h. */
#include "features/delegation/store.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/studies/studies.h"

#include <sodium.h>
#include <string.h>

enum { LINES = 200 };

/* What is signed: every value of the line. */
static void
hash_of(struct ctx *c, int64_t study, int64_t site, const char *name, const char *role, const char *tasks, const char *from, const char *to,
        unsigned char ret[static SIGN_HASH])
{
    const char *text = arena_printf(c->mem, "delegation\n%lld\n%lld\n%s\n%s\n%s\n%s\n%s\n", (long long)study, (long long)site, name, role, tasks, from, str_or(to, ""));
    crypto_hash_sha256(ret, (const unsigned char *)text, strlen(text));
}

static void
hash_row(struct ctx *c, int64_t study, int64_t site, const struct delegation_list_row *x, unsigned char ret[static SIGN_HASH])
{
    hash_of(c, study, site, x->name, x->role, x->tasks, x->from_on, x->to_on, ret);
}

/* The first signature that holds for each line. */
static err_t
add_signatures(struct ctx *c, int64_t study, int64_t site, const struct delegation_list_row *x, size_t n, struct delegation_line **ret)
{
    struct delegation_line *l = arena_alloc(c->mem, (n + 1) * sizeof *l);
    int64_t *ids = arena_alloc(c->mem, (n + 1) * sizeof *ids);
    struct signature *s;
    size_t n_s, at = 0;
    for (size_t i = 0; i < n; i++)
        ids[i] = x[i].id;
    TRY(sign_many(c, "delegation", ids, n, &s, &n_s));
    for (size_t i = 0; i < n; i++) { /* both lie in the order of the lines' ids */
        unsigned char hash[SIGN_HASH];
        l[i] = (struct delegation_line){&x[i], NULL};
        hash_row(c, study, site, &x[i], hash);
        for (; at < n_s && s[at].of <= x[i].id; at++) {
            if (!l[i].by && s[at].of == x[i].id && sign_holds(&s[at], hash))
                l[i].by = &s[at];
        }
    }
    *ret = l;
    return NULL;
}

err_t
delegation_lines(struct ctx *c, int64_t study, int64_t study_site, bool newest, struct delegation_line **ret, size_t *ret_n)
{
    struct delegation_list_row *x;
    TRY(db_list(c, &DELEGATION_LIST, DB_IN(db_int(study), db_int(study_site), db_bool(newest), db_int(DELEGATION_LINES)), &x, ret_n));
    return add_signatures(c, study, study_site, x, *ret_n, ret);
}

err_t
delegation_on(struct ctx *c, int64_t study, int64_t study_site, const char *day, struct delegation **ret, size_t *ret_n)
{
    struct delegation_on_row *x;
    struct delegation_line *l;
    size_t n;
    TRY(db_list(c, &DELEGATION_ON, DB_IN(db_int(study), db_int(study_site), db_text(day), db_int(LINES)), &x, &n));
    struct delegation_list_row *row = arena_alloc(c->mem, (n + 1) * sizeof *row);
    for (size_t i = 0; i < n; i++)
        row[i] = (struct delegation_list_row){.id = x[i].id, .name = x[i].name, .role = x[i].role, .tasks = x[i].tasks, .from_on = x[i].from_on, .to_on = x[i].to_on};
    TRY(add_signatures(c, study, study_site, row, n, &l));
    struct delegation *d = arena_alloc(c->mem, (n + 1) * sizeof *d);
    for (size_t i = 0; i < n; i++)
        d[i] = (struct delegation){x[i].id, x[i].person, x[i].ref, x[i].name, x[i].role, x[i].tasks, x[i].from_on, x[i].to_on, l[i].by != NULL};
    *ret = d;
    *ret_n = n;
    return NULL;
}

err_t
delegation_place(struct ctx *c, int64_t study_site, struct thing *ret, const char **ret_ref)
{
    struct delegation_place_row x;
    TRY(db_one(c, &DELEGATION_PLACE, DB_IN(db_int(study_site)), &x));
    TRY(study_thing(c, x.study, ret));
    ret->study_site = study_site;
    *ret_ref = x.ref;
    return NULL;
}

/* The log is what the row is about, not what it made due. */
static err_t
settle(struct ctx *c, int64_t study_site, const char *action, bool file)
{
    struct thing t;
    const char *ref;
    TRY(delegation_place(c, study_site, &t, &ref));
    TRY(delegation_settle(c, &t));
    if (file)
        TRY(delegation_file(c, &t, ref));
    record_about(c, "site", study_site, ref, &t);
    record_action(c, action);
    return NULL;
}

static err_t
check(struct ctx *c, const struct delegation_new *d)
{
    int32_t from, to;
    if (str_empty(d->name))
        return err_field(c->mem, E_BAD_INPUT, "name", "Say who it is.");
    if (str_empty(d->tasks))
        return err_field(c->mem, E_BAD_INPUT, "tasks", "Choose at least one task.");
    if (!d->from_on || !date_parse(d->from_on, &from))
        return err_field(c->mem, E_BAD_INPUT, "from_on", "Give the first day as in 2026-11-23.");
    if (d->to_on && (!date_parse(d->to_on, &to) || to < from))
        return err_field(c->mem, E_BAD_INPUT, "to_on", "The last day is not before the first.");
    return NULL;
}

err_t
delegation_write(struct ctx *c, const struct delegation_new *d, const char **ret_ref)
{
    struct delegation_get_row old = {0};
    struct delegation_add_row row;
    bool found = false;
    TRY(check(c, d));
    if (d->ref)
        TRY(db_maybe(c, &DELEGATION_GET, DB_IN(db_int(d->study), db_int(d->study_site), db_text(d->ref)), &old, &found));
    if (d->ref && !found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such line on the log.");
    record_event(c);
    bool changed = record_change_gxp(c, "delegation", d->name, "tasks", found ? old.tasks : NULL, d->tasks);
    changed |= record_change_gxp(c, "delegation", d->name, "from", found ? old.from_on : NULL, d->from_on);
    changed |= record_change_gxp(c, "delegation", d->name, "until", found ? old.to_on : NULL, d->to_on);
    *ret_ref = d->ref;
    if (found && !changed)
        return settle(c, d->study_site, "delegation.change", false);
    const char *ref = found ? d->ref : ref_new(c->mem);
    if (found)
        TRY(db_run(c, &DELEGATION_AGE, DB_IN(db_int(old.id)), NULL));
    TRY(db_one(c, &DELEGATION_ADD,
               DB_IN(db_text(ref), db_int(found ? old.n + 1 : 1), db_int(d->study), db_int(d->study_site), db_int(d->person), db_text(d->name),
                     db_text(str_or(d->role, "")), db_text(d->tasks), db_text(d->from_on), db_text(d->to_on), db_int_or_null(c->who ? c->who->person : 0, !c->who),
                     db_text(c->who ? c->who->name : "Rapport"),
                     db_text(d->reason), db_time(c->now)),
               &row));
    *ret_ref = ref;
    return settle(c, d->study_site, found ? "delegation.change" : "delegation.add", false);
}

static err_t
sign_line(struct ctx *c, int64_t study, int64_t study_site, const char *ref)
{
    struct delegation_get_row x;
    struct delegation_line *l;
    unsigned char hash[SIGN_HASH];
    bool found;
    int64_t id;
    TRY(db_maybe(c, &DELEGATION_GET, DB_IN(db_int(study), db_int(study_site), db_text(ref)), &x, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such line on the log.");
    struct delegation_list_row row = {.id = x.id, .name = x.name, .role = x.role, .tasks = x.tasks, .from_on = x.from_on, .to_on = x.to_on};
    TRY(add_signatures(c, study, study_site, &row, 1, &l));
    if (l->by)
        return err_new(c->mem, E_CONFLICT, "This line is signed already.");
    hash_row(c, study, study_site, &row, hash);
    record_change(c, "delegation", x.name, "signed by", NULL, c->who->name);
    TRY(sign_now(c, &(struct sign_work){"delegation", x.id, hash, arena_printf(c->mem, "I delegate these tasks to %s.", x.name)}, &id));
    return db_run(c, &DELEGATION_SIGNED, DB_IN(db_int(x.id)), NULL);
}

err_t
delegation_sign(struct ctx *c, int64_t study, int64_t study_site, const char *const *refs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        TRY(sign_line(c, study, study_site, refs[i]));
    return settle(c, study_site, "delegation.sign", true);
}
