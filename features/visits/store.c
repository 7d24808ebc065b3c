/* store.c: planning a visit, agreeing its date with the site, holding or cancelling it. See store.h. The
 * papers are in step.c. */
#include "features/visits/store.h"

#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/playbooks/playbooks.h"
#include "features/studies/studies.h"
#include "features/visits/template.h"

#include <string.h>

/* ---- words ---- */

const char *
visit_short(struct arena *a, const char *kind, int64_t n)
{
    enum visit_kind k;
    return arena_printf(a, "%s %lld", visit_kind_find(kind, &k) ? visit_kind_letters(k) : kind, (long long)n);
}

const char *
visit_site(struct ctx *c, const struct visit_get_row *v)
{
    return site_title(c->mem, v->number, v->label, v->facility, v->organisation, v->placeholder, v->city);
}

const char *
visit_title(struct ctx *c, const struct visit_get_row *v)
{
    return arena_printf(c->mem, "%s at %s, %s", visit_short(c->mem, v->kind, v->n), visit_site(c, v), date_words_iso(c->mem, v->first_on));
}

const char *
visit_key(struct arena *a, const struct visit_get_row *v, const char *part)
{
    return part ? arena_printf(a, "visit:%s/%s", v->ref, part) : arena_printf(a, "visit:%s", v->ref);
}

struct thing
visit_thing(const struct thing *study, const struct visit_get_row *v)
{
    struct thing t = *study;
    t.study = v->study;
    t.study_site = v->site;
    t.comp = (enum compartment)v->comp;
    return t;
}

void
visit_about(struct ctx *c, const struct visit_get_row *v)
{
    struct thing about = {.study = v->study, .study_site = v->site, .comp = (enum compartment)v->comp};
    record_about(c, "visit", v->id, v->ref, &about);
}

static err_t
load(struct ctx *c, int64_t id, struct visit_get_row *ret)
{
    return db_one(c, &VISIT_GET, DB_IN(db_int(id)), ret);
}

/* ---- what is due by it ---- */

static err_t
event(struct ctx *c, const struct visit_get_row *v, const char *event, const char *day, const char *key)
{
    return playbook_event(c, &(struct playbook_event){.study = v->study, .study_site = v->site, .event = event, .day = day,
                                                      .subject = visit_title(c, v), .key = key, .comp = (enum compartment)v->comp});
}

/* ---- planning ---- */

static err_t
check_new(struct ctx *c, const struct visit_new *n)
{
    int32_t day;
    if (!n->first_on || !date_parse(n->first_on, &day))
        return err_field(c->mem, E_BAD_INPUT, "first_on", "Give the day as in 2026-11-23.");
    if (day < c->today)
        return err_field(c->mem, E_BAD_INPUT, "first_on", "That day is over. Give today or a later day.");
    if (n->days < 1 || n->days > 10)
        return err_field(c->mem, E_BAD_INPUT, "days", "A visit takes from 1 to 10 days.");
    if (n->kind == VISIT_CAUSE && !n->why)
        return err_field(c->mem, E_BAD_INPUT, "why", "Say what the cause is. The site does not read it.");
    return NULL;
}

/* Asks the site whether the day suits; the visit follows the answer. */
static err_t
ask_date(struct ctx *c, const struct visit_get_row *v, const struct due_party *monitor, const struct due_party *host, const char *day)
{
    const char *body = "If the day does not suit, offer another one: the visit moves with your answer.", *ref;
    int64_t due;
    struct due_new d = {.class = CLASS_COMMITMENT, .kind = "visit_date", .study = v->study, .study_site = v->site,
                        .comp = (enum compartment)v->comp, .owing = *host, .asking = *monitor, .due_on = day, .body = body,
                        .title = arena_printf(c->mem, "%s on %s%s: does the day suit?", visit_short(c->mem, v->kind, v->n),
                                              date_words_iso(c->mem, day), v->remote ? ", remote" : ""),
                        .origin_key = arena_printf(c->mem, "visit:%s/date/%lld", v->ref, (long long)c->now)};
    TRY(due_create(c, &d, &due, &ref));
    return db_run(c, &VISIT_DATE_DUE, DB_IN(db_int(v->id), db_int(due)), NULL);
}

err_t
visit_plan(struct ctx *c, const struct visit_new *n, int64_t *ret_id, const char **ret_ref)
{
    struct visit_number_row number;
    struct visit_add_row row;
    struct visit_get_row v;
    char last[DATE_TEXT];
    int32_t first;
    int64_t template;
    TRY(check_new(c, n));
    date_parse(n->first_on, &first);
    date_iso(first + n->days - 1, last);
    const char *ref = ref_new(c->mem), *kind = visit_kind_word(n->kind);
    TRY(db_one(c, &VISIT_NUMBER, DB_IN(db_int(n->site->study_site), db_int(n->site->comp), db_text(kind)), &number));
    TRY(template_version(c, n->site->study, n->kind, &template));
    TRY(db_one(c, &VISIT_ADD,
               DB_IN(db_text(ref), db_int(n->site->study), db_int(n->site->study_site), db_int(n->site->comp), db_text(kind), db_bool(n->remote),
                     db_int(number.n), db_text(n->why), db_text(n->trip), db_int(n->monitor.person),
                     db_int_or_null(n->host.person, !n->host.person), db_text(n->host.person ? n->host.role : NULL), db_text(n->first_on),
                     db_text(last), db_text(n->agenda), db_int(template), db_time(c->now)),
               &row));
    TRY(template_copy(c, n->site->study, n->kind, row.id));
    TRY(load(c, row.id, &v));
    if (n->host.person)
        TRY(ask_date(c, &v, &n->monitor, &n->host, n->first_on));
    visit_about(c, &v);
    record_change(c, "visit", visit_title(c, &v), "first day", NULL, n->first_on);
    record_change(c, "visit", visit_title(c, &v), "monitor", NULL, v.monitor_name);
    *ret_id = row.id;
    *ret_ref = ref;
    return NULL;
}

/* ---- the date ---- */

static err_t
set_dates(struct ctx *c, const struct visit_get_row *v, const char *state, const char *first, bool agreed)
{
    int32_t from = 0, to = 0, day = 0;
    char last[DATE_TEXT];
    if (!date_parse(v->first_on, &from) || !date_parse(v->last_on, &to) || !date_parse(first, &day))
        return err_field(c->mem, E_BAD_INPUT, "first_on", "Give the day as in 2026-11-23.");
    date_iso(day + (to - from), last);
    TRY(db_run(c, &VISIT_DATED, DB_IN(db_int(v->id), db_text(state), db_text(first), db_text(last), db_text(agreed ? first : NULL)), NULL));
    const char *label = visit_short(c->mem, v->kind, v->n);
    record_also(c, "visit", v->id);
    record_change(c, "visit", label, "first day", v->first_on, first);
    record_change(c, "visit", label, "state", v->state, state);
    struct visit_get_row now;
    TRY(load(c, v->id, &now));
    if (agreed)
        return event(c, &now, "visit.agreed", first, visit_key(c->mem, v, "agreed"));
    return playbook_gone(c, visit_key(c->mem, v, "agreed"), "The day of the visit is not agreed any more.");
}

err_t
visit_agree(struct ctx *c, const struct visit_get_row *v, const char *how)
{
    if (!str_eq(v->state, "planned"))
        return err_new(c->mem, E_CONFLICT, "The day of this visit is agreed already, or the visit is over.");
    visit_about(c, v);
    if (v->date_due_null) {
        record_reason(c, how);
        return set_dates(c, v, "agreed", v->first_on, true);
    }
    return due_step(c, v->date_due, ACTION_ACCEPT, &(struct due_by){.side = SIDE_OWING, .how = arena_printf(c->mem, "%s, noted here", how)});
}

static err_t
due_parties(struct ctx *c, const struct visit_get_row *v, struct due_party *ret_monitor, struct due_party *ret_host)
{
    *ret_monitor = (struct due_party){v->monitor, v->comp == COMP_UNBLINDED ? "unblinded_cra" : "cra", false};
    *ret_host = (struct due_party){v->host_null ? 0 : v->host, v->host_role, true};
    return NULL;
}

err_t
visit_move(struct ctx *c, const struct visit_get_row *v, const char *day, const char *why)
{
    struct visit_due_state_row due;
    struct due_party monitor, host;
    bool found = false;
    int32_t parsed;
    if (!str_eq(v->state, "planned") && !str_eq(v->state, "agreed"))
        return err_new(c->mem, E_CONFLICT, "This visit took place or was cancelled: its days stay.");
    if (!day || !date_parse(day, &parsed) || parsed < c->today)
        return err_field(c->mem, E_BAD_INPUT, "day", "Give today or a later day.");
    visit_about(c, v);
    record_event(c);
    if (!v->date_due_null)
        TRY(db_maybe(c, &VISIT_DUE_STATE, DB_IN(db_int(v->date_due)), &due, &found));
    if (found && str_eq(due.state, "agreed"))
        return due_step(c, v->date_due, ACTION_MOVE, &(struct due_by){.side = SIDE_ASKING, .reason = why, .date = day});
    if (!found)
        return set_dates(c, v, v->state, day, str_eq(v->state, "agreed"));
    if (!str_eq(due.state, "declined") && !str_eq(due.state, "withdrawn"))
        TRY(due_step(c, v->date_due, ACTION_WITHDRAW, &(struct due_by){.side = SIDE_ASKING, .reason = why}));
    TRY(due_parties(c, v, &monitor, &host));
    TRY(set_dates(c, v, "planned", day, false));
    return ask_date(c, v, &monitor, &host, day);
}

/* Its ask is taken back when it is open still. */
static err_t
drop_date(struct ctx *c, const struct visit_get_row *v, const char *why)
{
    struct visit_due_state_row due;
    enum due_state state;
    bool found = false;
    if (!v->date_due_null)
        TRY(db_maybe(c, &VISIT_DUE_STATE, DB_IN(db_int(v->date_due)), &due, &found));
    if (!found || !rules_state_find(due.state, &state) || !rules_state_open(state))
        return NULL;
    return due_step(c, v->date_due, ACTION_WITHDRAW, &(struct due_by){.side = SIDE_ASKING, .reason = why});
}

/* Whether its first day is within five business days of the site: then it is moved, not merely cancelled. */
static err_t
is_near(struct ctx *c, const struct visit_get_row *v, bool *ret)
{
    enum { NEAR_DAYS = 5 };
    struct days last;
    TRY(days_after(c, &(struct days_place){v->study, v->site, true}, NEAR_DAYS, &last));
    *ret = str_eq(v->state, "agreed") && strcmp(v->first_on, last.on) <= 0;
    return NULL;
}

err_t
visit_cancel(struct ctx *c, const struct visit_get_row *v, const char *why, const char *day, const char **ret_ref)
{
    struct visit_new again = {.remote = v->remote, .why = v->why, .trip = v->trip, .agenda = v->agenda, .first_on = day};
    bool near;
    int64_t id;
    int32_t from = 0, to = 0;
    if (!str_eq(v->state, "planned") && !str_eq(v->state, "agreed"))
        return err_new(c->mem, E_CONFLICT, "This visit took place or was cancelled already.");
    if (str_empty(why))
        return err_field(c->mem, E_BAD_INPUT, "why", "Please say why. The site reads it.");
    TRY(is_near(c, v, &near));
    if (near && !day)
        return err_field(c->mem, E_BAD_INPUT, "day", "The visit is within five business days: name another day in its place.");
    TRY(drop_date(c, v, why));
    TRY(playbook_gone(c, visit_key(c->mem, v, "agreed"), why));
    TRY(db_run(c, &VISIT_CANCELLED, DB_IN(db_int(v->id), db_text(why)), NULL));
    *ret_ref = v->ref;
    if (day) {
        struct thing at = {.study = v->study, .study_site = v->site, .comp = (enum compartment)v->comp};
        TRY(due_parties(c, v, &again.monitor, &again.host));
        date_parse(v->first_on, &from);
        date_parse(v->last_on, &to);
        again.days = to - from + 1;
        again.site = &at;
        INVARIANT(visit_kind_find(v->kind, &again.kind));
        TRY(visit_plan(c, &again, &id, ret_ref));
    }
    visit_about(c, v);
    record_reason(c, why);
    record_change(c, "visit", visit_short(c->mem, v->kind, v->n), "state", v->state, "cancelled");
    return NULL;
}

/* ---- holding it ---- */

/* The site kept its word about the day by having the monitor there. */
static err_t
date_kept(struct ctx *c, const struct visit_get_row *v)
{
    struct visit_due_state_row due;
    enum due_state state;
    bool found = false;
    if (!v->date_due_null)
        TRY(db_maybe(c, &VISIT_DUE_STATE, DB_IN(db_int(v->date_due)), &due, &found));
    if (!found || !rules_state_find(due.state, &state) || !rules_state_open(state))
        return NULL;
    if (state == STATE_ASKED || state == STATE_COUNTERED)
        return due_step(c, v->date_due, ACTION_WITHDRAW, &(struct due_by){.side = SIDE_ASKING, .reason = "The visit took place."});
    struct due_by site = {.side = SIDE_OWING, .how = "the visit took place"}, monitor = {.side = SIDE_ASKING, .how = "the visit took place"};
    TRY(due_step(c, v->date_due, ACTION_DELIVER, &site));
    return due_step(c, v->date_due, ACTION_RECEIVE, &monitor);
}

err_t
visit_hold(struct ctx *c, const struct visit_get_row *v, const char *first, const char *last)
{
    int32_t from, to;
    char today[DATE_TEXT];
    if (!str_eq(v->state, "planned") && !str_eq(v->state, "agreed"))
        return err_new(c->mem, E_CONFLICT, "This visit is noted as held already, or was cancelled.");
    if (!first || !date_parse(first, &from) || from > c->today)
        return err_field(c->mem, E_BAD_INPUT, "first_on", "Give the day on which it began, today or earlier.");
    if (!last || !date_parse(last, &to) || to < from || to > c->today)
        return err_field(c->mem, E_BAD_INPUT, "last_on", "Give the day on which it ended, not before it began and not after today.");
    date_iso(c->today, today);
    TRY(date_kept(c, v));
    TRY(playbook_gone(c, visit_key(c->mem, v, "agreed"), "The visit took place."));
    TRY(db_run(c, &VISIT_HELD, DB_IN(db_int(v->id), db_text(first), db_text(last), db_text(today)), NULL));
    struct visit_get_row now;
    TRY(load(c, v->id, &now));
    TRY(event(c, &now, "visit.ended", last, visit_key(c->mem, v, NULL)));
    visit_about(c, v);
    record_change(c, "visit", visit_short(c->mem, v->kind, v->n), "state", v->state, "held");
    record_change(c, "visit", visit_short(c->mem, v->kind, v->n), "first day", v->first_on, first);
    record_change(c, "visit", visit_short(c->mem, v->kind, v->n), "last day", v->last_on, last);
    return NULL;
}

/* ---- following what was asked ---- */

static err_t
date_stepped(struct ctx *c, const struct due_stepped *s)
{
    struct visit_of_date_row found_row;
    struct visit_get_row v;
    bool found;
    TRY(db_maybe(c, &VISIT_OF_DATE, DB_IN(db_int(s->due)), &found_row, &found));
    if (!found)
        return NULL;
    TRY(load(c, found_row.id, &v));
    bool open = str_eq(v.state, "planned") || str_eq(v.state, "agreed");
    if (!open)
        return NULL;
    if (str_eq(s->state, "agreed"))
        return str_eq(v.state, "agreed") && str_eq(v.first_on, s->due_on) ? NULL : set_dates(c, &v, "agreed", s->due_on, true);
    bool asked_again = str_eq(s->state, "asked") || str_eq(s->state, "countered");
    if (asked_again && str_eq(v.state, "agreed")) /* taken back within the minute */
        return set_dates(c, &v, "planned", str_or(s->due_on, v.first_on), false);
    if (str_starts(s->state, "move_") && !str_eq(v.first_on, s->due_on)) /* the new day was taken back */
        return set_dates(c, &v, "agreed", s->due_on, true);
    return NULL;
}

static err_t
finding_stepped(struct ctx *c, const struct due_stepped *s)
{
    struct finding_of_ref_row f;
    bool found, kept = str_eq(s->state, "kept"), back = str_eq(s->action, "undo") && str_eq(s->state, "delivered");
    if (!s->origin_key || !str_starts(s->origin_key, "finding:") || !(kept || back))
        return NULL;
    TRY(db_maybe(c, &FINDING_OF_REF, DB_IN(db_text(s->origin_key + strlen("finding:"))), &f, &found));
    if (!found || f.open == !kept)
        return NULL;
    char today[DATE_TEXT];
    date_iso(c->today, today);
    record_change(c, "finding", f.title, "open", f.open ? "yes" : "no", kept ? "no" : "yes");
    return db_run(c, &FINDING_END, DB_IN(db_int(f.id), db_bool(!kept), db_text(kept ? today : NULL)), NULL);
}

/* Who takes over what a visit made due takes over the visit: the monitor's side, or at the site the host's. */
static err_t
visit_handed(struct ctx *c, const struct due_stepped *s)
{
    static const char prefix[] = "visit:";
    struct visit_due_state_row due;
    struct visit_wall_row row;
    struct visit_get_row v;
    const char *slash = s->origin_key && str_starts(s->origin_key, prefix) ? strchr(s->origin_key + strlen(prefix), '/') : NULL;
    bool found = false;
    if (slash)
        TRY(db_maybe(c, &VISIT_WALL, DB_IN(db_text(arena_strndup(c->mem, s->origin_key + strlen(prefix), (size_t)(slash - s->origin_key) - strlen(prefix)))), &row, &found));
    if (!found)
        return NULL;
    TRY(load(c, row.id, &v));
    TRY(db_one(c, &VISIT_DUE_STATE, DB_IN(db_int(s->due)), &due));
    bool date = str_eq(s->kind, "visit_date"), own = str_eq(s->kind, "report") || str_eq(s->kind, "letter") || str_eq(s->kind, "confirm");
    int64_t monitor = date ? due.asking : own ? due.owing : v.monitor, host = date ? due.owing : v.host;
    if (str_eq(v.report, "approved") || (monitor == v.monitor && (v.host_null || host == v.host)))
        return NULL;
    record_also(c, "visit", v.id);
    record_change(c, "visit", visit_short(c->mem, v.kind, v.n), "in other hands", NULL, "yes");
    return db_run(c, &VISIT_HANDS, DB_IN(db_int(v.id), db_int(monitor), db_int_or_null(host, v.host_null)), NULL);
}

err_t
visit_stepped(struct ctx *c, const struct due_stepped *s)
{
    if (str_eq(s->action, "hand"))
        return visit_handed(c, s);
    if (str_eq(s->kind, "visit_date"))
        return date_stepped(c, s);
    return str_eq(s->kind, "action_item") ? finding_stepped(c, s) : NULL;
}
