/* party.c: see party.h. */
#include "core/party.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"

#include <math.h>
#include <string.h>

static struct db_val
point(double x, bool has)
{
    struct db_val v = db_real(x);
    v.null = !has;
    return v;
}

/* Towns of one name in one country lie further apart than a registry's points of one town. */
static bool
far_apart(const struct org_new *o, const struct core_org_by_key_row *row)
{
    enum { KM = 50, KM_A_DEGREE = 111 };
    if (!o->has_point || row->latitude_null || row->longitude_null)
        return false;
    double north = o->latitude - row->latitude;
    double east = (o->longitude - row->longitude) * cos(o->latitude * M_PI / 180);
    return hypot(north, east) * KM_A_DEGREE > KM;
}

static err_t
org_joined(struct ctx *c, const struct org_new *o, const char **key, int64_t *ret_id, bool *ret_found)
{
    struct core_org_by_key_row row;
    TRY(db_maybe(c, &CORE_ORG_BY_KEY, DB_IN(db_text(*key)), &row, ret_found));
    if (*ret_found && o->far_key && far_apart(o, &row)) {
        *key = o->far_key;
        TRY(db_maybe(c, &CORE_ORG_BY_KEY, DB_IN(db_text(*key)), &row, ret_found));
    }
    if (!*ret_found)
        return NULL;
    if (o->class && !row.class)
        TRY(db_run(c, &CORE_ORG_CLASS_SET, DB_IN(db_int(row.id), db_text(o->class)), NULL));
    *ret_id = row.id;
    return NULL;
}

err_t
org_get(struct ctx *c, const struct org_new *o, int64_t *ret_id, bool *ret_joined)
{
    const char *key = o->placeholder ? NULL : o->join_key;
    *ret_joined = false;
    if (key)
        TRY(org_joined(c, o, &key, ret_id, ret_joined));
    if (*ret_joined)
        return NULL;
    struct core_org_add_row row;
    TRY(db_one(c, &CORE_ORG_ADD,
               DB_IN(db_text(ref_new(c->mem)), db_text(o->name), db_text(utf8_fold(c->mem, o->name)),
                     db_text(o->kind), db_text(o->class), db_text(o->city), db_text(o->state),
                     db_text(o->zip), db_text(o->country), point(o->latitude, o->has_point),
                     point(o->longitude, o->has_point), db_bool(o->placeholder),
                     db_text(key), db_text(o->origin),
                     db_time(c->now)),
               &row));
    record_also(c, "organisation", row.id);
    *ret_id = row.id;
    return NULL;
}

err_t
person_get(struct ctx *c, const struct person_new *p, int64_t *ret_id, bool *ret_joined)
{
    bool found = false;
    if (p->join_key && !p->desk) {
        struct core_person_by_key_row row;
        TRY(db_maybe(c, &CORE_PERSON_BY_KEY, DB_IN(db_text(p->join_key)), &row, &found));
        if (found) {
            *ret_id = row.id;
            *ret_joined = true;
            return NULL;
        }
    }
    struct core_person_add_row row;
    TRY(db_one(c, &CORE_PERSON_ADD,
               DB_IN(db_text(ref_new(c->mem)), db_text(p->name), db_text(utf8_fold(c->mem, p->name)),
                     db_text(p->affiliation), db_bool(p->desk), db_text(p->desk ? NULL : p->join_key),
                     db_text(p->origin), db_time(c->now)),
               &row));
    record_also(c, "person", row.id);
    *ret_id = row.id;
    *ret_joined = false;
    return NULL;
}

static const char *
role_label(const char *role)
{
    enum role r;
    return role_find(role, &r) ? role_title(r) : role;
}

/* Days are compared as text: what is no day would begin never, or never end. */
static err_t
check_days(struct ctx *c, const struct tie_new *t, enum role role)
{
    int32_t from, until = 0;
    if (!date_parse(t->from_on, &from))
        return err_field(c->mem, E_BAD_INPUT, "from", "Give the first day as 2026-11-23.");
    if (t->to_on && !date_parse(t->to_on, &until))
        return err_field(c->mem, E_BAD_INPUT, "until", "Give the last day as 2026-11-23.");
    if (t->to_on && until < from)
        return err_field(c->mem, E_BAD_INPUT, "until", "The last day is before the first.");
    if (role == ROLE_INSPECTOR && !t->to_on)
        return err_field(c->mem, E_BAD_INPUT, "until", "An inspector reads until a date. Give the last day.");
    return NULL;
}

err_t
tie_check(struct ctx *c, const struct tie_new *t)
{
    enum role role;
    if (!role_find(t->role, &role))
        return NULL;
    int most = role_compartment(role);
    TRY(check_days(c, t, role));
    if ((int)t->comp > most || (most == COMP_COMMITTEE && t->comp == COMP_UNBLINDED))
        return err_field(c->mem, E_BAD_INPUT, "compartment", "The role %s cannot be given this compartment.", role_title(role));
    if (t->comp != COMP_OPEN && c->who && c->who->person == t->person)
        return err_field(c->mem, E_BAD_INPUT, "compartment", "Nobody lets himself into a compartment. Ask somebody else to grant it.");
    bool all_sites = role == ROLE_CRA || role == ROLE_UNBLINDED_CRA;
    if (role_scope(role) == SCOPE_SITES && !all_sites && !t->study_site)
        return err_field(c->mem, E_BAD_INPUT, "site", "Say at which site.");
    return NULL;
}

/* Who has seen the unblinded part of a study cannot work blinded in it, then or later. */
static err_t
check_blinding(struct ctx *c, const struct tie_new *t, const char *name)
{
    struct core_ties_in_study_row *x;
    size_t n;
    enum role role;
    if (!t->study || !role_find(t->role, &role))
        return NULL;
    TRY(db_list(c, &CORE_TIES_IN_STUDY, DB_IN(db_int(t->person), db_int(t->study)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        bool never_was = x[i].to_on && strcmp(x[i].to_on, x[i].from_on) < 0;
        if (never_was || !role_find(x[i].role, &role) || (x[i].comp != COMP_OPEN) == (t->comp != COMP_OPEN))
            continue;
        if (t->comp == COMP_OPEN && (!t->to_on || strcmp(x[i].from_on, t->to_on) <= 0))
            return err_field(c->mem, E_BAD_INPUT, "role",
                             "%s works unblinded in this study from %s, as %s, and cannot have a blinded role after that.",
                             name, date_words_iso(c->mem, x[i].from_on), role_title(role));
        if (t->comp != COMP_OPEN && (!x[i].to_on || strcmp(x[i].to_on, t->from_on) >= 0))
            return err_field(c->mem, E_BAD_INPUT, "role",
                             "%s has a blinded role in this study, as %s. End it on a day before %s first.",
                             name, role_title(role), date_words_iso(c->mem, t->from_on));
    }
    return NULL;
}

err_t
tie_grant(struct ctx *c, const struct tie_new *t, const char **ret_ref, bool *ret_new_audience)
{
    TRY(tie_check(c, t));
    struct core_person_row person;
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(t->person)), &person));
    TRY(check_blinding(c, t, person.name));
    const char *ref = ref_new(c->mem);
    int64_t by = c->who ? c->who->person : 0;
    struct core_tie_add_row row;
    TRY(db_one(c, &CORE_TIE_ADD,
               DB_IN(db_text(ref), db_int(t->person), db_text(t->role),
                     db_int_or_null(t->organisation, !t->organisation), db_int_or_null(t->other, !t->other),
                     db_int_or_null(t->study, !t->study), db_int_or_null(t->study_site, !t->study_site),
                     db_int(t->comp), db_text(t->from_on), db_text(t->to_on), db_text(t->note),
                     db_int_or_null(by, !by), db_time(c->now)),
               &row));
    const char *label = arena_printf(c->mem, "%s, %s", person.name, role_label(t->role));
    record_change(c, "tie", label, "from", NULL, t->from_on);
    record_change(c, "tie", label, "until", NULL, t->to_on);
    if (t->comp != COMP_OPEN)
        record_change(c, "tie", label, "compartment", NULL, t->comp == COMP_UNBLINDED ? "unblinded" : "committee");
    record_also(c, "person", t->person);
    int64_t added = 0;
    if (strcmp(t->role, role_word(ROLE_DIRECTOR)) == 0)
        TRY(db_run(c, &CORE_AUDIENCE_ADD, DB_IN(db_int(t->organisation), db_time(c->now)), &added));
    *ret_ref = ref;
    *ret_new_audience = added > 0;
    return NULL;
}

err_t
tie_end(struct ctx *c, int64_t tie, bool role, const char *label, const char *old_to_on, const char *to_on)
{
    bool any = role ? record_change_gxp(c, "tie", label, "until", old_to_on, to_on)
                    : record_change(c, "tie", label, "until", old_to_on, to_on);
    if (!any)
        return NULL;
    return db_run(c, &CORE_TIE_END, DB_IN(db_int(tie), db_text(to_on)), NULL);
}
