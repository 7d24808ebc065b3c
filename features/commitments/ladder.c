/* ladder.c: see ladder.h. Called by the job and by store.c. */
#include "features/commitments/ladder.h"

#include "base/date.h"
#include "base/str.h"
#include "core/holidays.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/commitments/commitments_sql.h"
#include "features/commitments/share.h"

#include <string.h>

enum { AT_ONCE = 2000 };

static const struct ladder_rung usual[] = {{2, "study_manager"}, {7, "quality_manager"}};

err_t
ladder_of(struct ctx *c, int64_t study, struct ladder_rung *ret, size_t *ret_n)
{
    struct ladder_list_row *x;
    size_t n;
    TRY(db_list(c, &LADDER_LIST, DB_IN(db_int(study)), &x, &n));
    for (size_t i = 0; i < n && i < LADDER_RUNGS; i++)
        ret[i] = (struct ladder_rung){x[i].after, x[i].role};
    for (size_t i = 0; n == 0 && i < COUNT_OF(usual); i++)
        ret[i] = usual[i];
    *ret_n = n ? n : COUNT_OF(usual);
    return NULL;
}

static const char *
ladder_words(struct ctx *c, const struct ladder_rung *rung, size_t n)
{
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%lld business days: %s", i ? "; " : "", (long long)rung[i].after, rung[i].role);
    return buf_text(&b);
}

err_t
ladder_set(struct ctx *c, int64_t study, const struct ladder_rung *rung, size_t n)
{
    struct ladder_rung old[LADDER_RUNGS];
    size_t n_old;
    enum role role;
    for (size_t i = 0; i < n; i++) {
        if (rung[i].after < 0 || rung[i].after > 60 || (i && rung[i].after <= rung[i - 1].after))
            return err_field(c->mem, E_BAD_INPUT, "after", "Each rung is later than the one before, from 0 to 60 business days.");
        if (!role_find(rung[i].role, &role) || role_scope(role) != SCOPE_STUDY || role == ROLE_INSPECTOR)
            return err_field(c->mem, E_BAD_INPUT, "role", "Choose a role of the sponsor's team.");
    }
    TRY(ladder_of(c, study, old, &n_old));
    record_event(c);
    record_change(c, "escalation", "ladder", "rungs", ladder_words(c, old, n_old), ladder_words(c, rung, n));
    TRY(db_run(c, &LADDER_DROP, DB_IN(db_int(study)), NULL));
    for (size_t i = 0; i < n; i++)
        TRY(db_run(c, &LADDER_ADD, DB_IN(db_int(study), db_int((int64_t)i + 1), db_int(rung[i].after), db_text(rung[i].role)), NULL));
    return NULL;
}

/* ---- climbing ---- */

static err_t
tell_rung(struct ctx *c, const struct due_get_row *x, int64_t n, const struct ladder_rung *rung)
{
    struct ladder_holder_row who;
    enum due_state state;
    enum role role;
    char today[DATE_TEXT];
    int64_t step;
    bool found;
    date_iso(c->today, today);
    INVARIANT(rules_state_find(x->state, &state) && role_find(rung->role, &role));
    TRY(db_maybe(c, &LADDER_HOLDER, DB_IN(db_int(x->study), db_text(rung->role), db_int(x->comp), db_text(today)), &who, &found));
    if (found && who.person != x->owing && who.person != x->asking)
        TRY(db_run(c, &LADDER_TELL, DB_IN(db_int(x->id), db_int(n), db_int(who.person), db_text(today)), NULL));
    const char *note = found ? arena_printf(c->mem, "%s was told: %s.", role_title(role), who.name)
                             : arena_printf(c->mem, "Nobody holds the role %s here, so that nobody could be told.", role_title(role));
    return due_add_step(c, x->id, "escalate", state, x->due_on, &(struct due_by){.who = "Rapport", .reason = note}, &step);
}

err_t
ladder_climb(struct ctx *c, int64_t due)
{
    struct ladder_rung rung[LADDER_RUNGS];
    struct due_get_row x;
    size_t n;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &x));
    if (x.study_null)
        return NULL;
    TRY(ladder_of(c, x.study, rung, &n));
    if (x.rung >= (int64_t)n)
        return NULL;
    int64_t next = x.rung + 1 < (int64_t)n ? x.rung + 1 : LADDER_OVER;
    record_change(c, "commitment", x.title, "told rung", arena_printf(c->mem, "%lld", (long long)x.rung), arena_printf(c->mem, "%lld", (long long)x.rung + 1));
    TRY(db_run(c, &LADDER_AT, DB_IN(db_int(due), db_int(next)), NULL));
    return tell_rung(c, &x, x.rung + 1, &rung[x.rung]);
}

/* The day on which the next rung is reached, or NULL when there is none. */
static err_t
next_day(struct ctx *c, const struct due_get_row *x, const char **ret)
{
    struct ladder_rung rung[LADDER_RUNGS];
    struct holidays h;
    struct calendar_sum sum;
    enum due_state state;
    const char *country;
    char iso[DATE_TEXT];
    int32_t late;
    size_t n;
    *ret = NULL;
    TRY(ladder_of(c, x->study, rung, &n));
    if (x->rung >= (int64_t)n || !date_parse(x->next_on, &late))
        return NULL;
    INVARIANT(rules_state_find(x->state, &state));
    bool at_site = rules_turn(state) == SIDE_OWING ? x->owing_at_site : x->asking_at_site;
    TRY(days_country(c, &(struct days_place){x->study, x->site_null ? 0 : x->site, at_site}, &country));
    TRY(holidays_of(c, country, &h));
    if (!calendar_add(&h.calendar, late, rung[x->rung].after, &sum))
        return NULL;
    date_iso(sum.day, iso);
    *ret = arena_strdup(c->mem, iso);
    return NULL;
}

static err_t
is_reached(struct ctx *c, int64_t due, const char *state, struct due_get_row *ret, bool *ret_reached)
{
    const char *day;
    char today[DATE_TEXT];
    date_iso(c->today, today);
    *ret_reached = false;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), ret));
    if (!str_eq(ret->state, state) || strcmp(ret->next_on, today) >= 0)
        return NULL;
    TRY(next_day(c, ret, &day));
    *ret_reached = day && strcmp(day, today) <= 0;
    return NULL;
}

/* Looked at again inside: it may have been answered meanwhile. */
static err_t
climb_one(struct ctx *c, void *arg)
{
    const struct ladder_late_row *late = arg;
    struct due_get_row x;
    bool reached;
    TRY(is_reached(c, late->id, late->state, &x, &reached));
    if (!reached)
        return NULL;
    struct thing about = {.study = x.study, .study_site = x.owing_at_site || x.asking_at_site ? (x.site_null ? 0 : x.site) : 0,
                          .comp = (enum compartment)x.comp};
    record_about(c, "commitment", x.id, x.ref, &about);
    return ladder_climb(c, x.id);
}

err_t
ladder_job(struct ctx *c)
{
    struct ladder_late_row *x;
    struct due_get_row row;
    char today[DATE_TEXT];
    bool reached;
    size_t n;
    date_iso(c->today, today);
    TRY(db_list(c, &LADDER_LATE, DB_IN(db_text(today), db_int(AT_ONCE)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(is_reached(c, x[i].id, x[i].state, &row, &reached));
        if (reached)
            TRY(record_transaction(c, &(struct record_work){"due.escalate", NULL, "Rapport", climb_one, &x[i]}));
    }
    return NULL;
}
