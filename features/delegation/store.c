/* store.c: lines of the delegation log and their signatures. See delegation.h. */
#include "features/delegation/delegation.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/delegation/delegation_sql.h"
#include "features/delegation/pages.h"

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

static err_t
find_signature(struct ctx *c, int64_t id, const unsigned char *hash, struct signature **ret)
{
    struct signature *s;
    size_t n;
    TRY(sign_list(c, "delegation", id, &s, &n));
    *ret = NULL;
    for (size_t i = 0; i < n; i++) {
        if (sign_holds(&s[i], hash))
            *ret = &s[i];
    }
    return NULL;
}

err_t
delegation_signature(struct ctx *c, int64_t study, int64_t site, const struct delegation_list_row *x, struct signature **ret)
{
    unsigned char hash[SIGN_HASH];
    hash_of(c, study, site, x->name, x->role, x->tasks, x->from_on, x->to_on, hash);
    return find_signature(c, x->id, hash, ret);
}

static err_t
is_signed(struct ctx *c, int64_t id, const unsigned char *hash, bool *ret)
{
    struct signature *s;
    TRY(find_signature(c, id, hash, &s));
    *ret = s;
    return NULL;
}

err_t
delegation_on(struct ctx *c, int64_t study, int64_t study_site, const char *day, struct delegation **ret, size_t *ret_n)
{
    struct delegation_on_row *x;
    size_t n;
    TRY(db_list(c, &DELEGATION_ON, DB_IN(db_int(study), db_int(study_site), db_text(day), db_int(LINES)), &x, &n));
    struct delegation *d = arena_alloc(c->mem, (n + 1) * sizeof *d);
    for (size_t i = 0; i < n; i++) {
        unsigned char hash[SIGN_HASH];
        d[i] = (struct delegation){x[i].id, x[i].person, x[i].ref, x[i].name, x[i].role, x[i].tasks, x[i].from_on, x[i].to_on, false};
        hash_of(c, study, study_site, x[i].name, x[i].role, x[i].tasks, x[i].from_on, x[i].to_on, hash);
        TRY(is_signed(c, x[i].id, hash, &d[i].signed_by_pi));
    }
    *ret = d;
    *ret_n = n;
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
        return NULL;
    const char *ref = found ? d->ref : ref_new(c->mem);
    if (found)
        TRY(db_run(c, &DELEGATION_AGE, DB_IN(db_int(old.id)), NULL));
    TRY(db_one(c, &DELEGATION_ADD,
               DB_IN(db_text(ref), db_int(found ? old.n + 1 : 1), db_int(d->study), db_int(d->study_site), db_int(d->person), db_text(d->name),
                     db_text(str_or(d->role, "")), db_text(d->tasks), db_text(d->from_on), db_text(d->to_on), db_text(c->who ? c->who->name : "Rapport"),
                     db_text(d->reason), db_time(c->now)),
               &row));
    *ret_ref = ref;
    return delegation_follow(c, d->study, d->study_site);
}

err_t
delegation_sign(struct ctx *c, int64_t study, int64_t study_site, const char *ref)
{
    struct delegation_get_row x;
    unsigned char hash[SIGN_HASH];
    bool found, signed_;
    int64_t id;
    TRY(db_maybe(c, &DELEGATION_GET, DB_IN(db_int(study), db_int(study_site), db_text(ref)), &x, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such line on the log.");
    hash_of(c, study, study_site, x.name, x.role, x.tasks, x.from_on, x.to_on, hash);
    TRY(is_signed(c, x.id, hash, &signed_));
    if (signed_)
        return err_new(c->mem, E_CONFLICT, "This line is signed already.");
    record_change(c, "delegation", x.name, "signed by", NULL, c->who->name);
    return sign_now(c, &(struct sign_work){"delegation", x.id, hash, arena_printf(c->mem, "I delegate these tasks to %s.", x.name)}, &id);
}
