/* wait.c: lines that wait for the principal investigator's signature are one thing due for her. See store.h.
 * Called by store.c with every write, and by the clock for sites that had no investigator then. */
#include "features/delegation/store.h"

#include "base/date.h"
#include "base/str.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/studies/studies.h"

#include <stdlib.h>
#include <string.h>

enum { SIGN_DAYS = 3, AT_ONCE = 100 };
static const char prefix[] = "delegation:";

const char *
delegation_key(struct arena *a, int64_t study_site)
{
    return arena_printf(a, "%s%lld", prefix, (long long)study_site);
}

bool
delegation_is_pi(const struct delegation_team_row *x)
{
    return str_eq(x->role, "principal_investigator");
}

static const char *
title_of(struct ctx *c, int64_t waits)
{
    return waits == 1 ? "Sign the delegation log: one line waits" : arena_printf(c->mem, "Sign the delegation log: %lld lines wait", (long long)waits);
}

/* The log was signed: it is delivered, and nobody has to look at it. */
static err_t
close_due(struct ctx *c, const struct delegation_due_row *due)
{
    if (!str_eq(due->state, rules_state_word(STATE_DELIVERED)))
        TRY(due_step(c, due->id, ACTION_DELIVER, &(struct due_by){.side = SIDE_OWING, .how = "by signing the log"}));
    if (due->owing != due->asking)
        TRY(due_step(c, due->id, ACTION_CLOSE, &(struct due_by){.side = SIDE_CLOCK, .who = "Rapport"}));
    return due_unkey(c, due->id);
}

static err_t
drop_due(struct ctx *c, const struct delegation_due_row *due)
{
    TRY(due_step(c, due->id, ACTION_DROP, &(struct due_by){.side = SIDE_CLOCK, .who = "Rapport", .reason = "Somebody else is principal investigator now."}));
    return due_unkey(c, due->id);
}

/* Whoever wrote the newest line asks, when she works here; else the investigator keeps it for herself. */
static err_t
ask(struct ctx *c, const struct thing *site, int64_t waits, const struct delegation_team_row *team, size_t n)
{
    struct delegation_writer_row writer;
    struct days by;
    struct days_place where = {site->study, site->study_site, true};
    struct due_party pi = {team[0].person, team[0].role, true}, asking = pi;
    int64_t id;
    const char *ref;
    TRY(db_one(c, &DELEGATION_WRITER, DB_IN(db_int(site->study_site)), &writer));
    for (size_t i = 0; i < n; i++) {
        if (!writer.person_null && team[i].person == writer.person && people_at_site(team[i].role))
            asking = (struct due_party){team[i].person, team[i].role, true};
    }
    TRY(days_after(c, &where, SIGN_DAYS, &by));
    struct due_new d = {.class = CLASS_ROUTINE, .kind = "signature", .title = title_of(c, waits), .study = site->study, .study_site = site->study_site,
                        .owing = pi, .asking = asking, .due_on = by.on, .due_calendar = by.version, .gxp = true,
                        .due_why = "line on the log + 3 business days", .origin_key = delegation_key(c->mem, site->study_site)};
    return due_create(c, &d, &id, &ref);
}

static bool
holds_role(const struct delegation_team_row *team, size_t n, int64_t person)
{
    for (size_t i = 0; i < n && delegation_is_pi(&team[i]); i++) {
        if (team[i].person == person)
            return true;
    }
    return false;
}

err_t
delegation_settle(struct ctx *c, const struct thing *site)
{
    struct delegation_waits_row waits;
    struct delegation_due_row due;
    struct delegation_team_row *team;
    char today[DATE_TEXT];
    size_t n;
    bool found;
    date_iso(c->today, today);
    TRY(db_one(c, &DELEGATION_WAITS, DB_IN(db_int(site->study_site)), &waits));
    TRY(db_maybe(c, &DELEGATION_DUE, DB_IN(db_text(delegation_key(c->mem, site->study_site))), &due, &found));
    TRY(db_list(c, &DELEGATION_TEAM, DB_IN(db_int(site->study), db_int(site->study_site), db_text(today)), &team, &n));
    bool pi = n && delegation_is_pi(&team[0]), asked = found && due.open;
    if (found && !due.open)
        TRY(due_unkey(c, due.id));
    if (asked && waits.n == 0)
        return close_due(c, &due);
    if (asked && pi && !holds_role(team, n, due.owing)) {
        TRY(drop_due(c, &due));
        asked = false;
    }
    if (asked)
        return due_retitle(c, due.id, title_of(c, waits.n));
    return waits.n && pi ? ask(c, site, waits.n, team, n) : NULL;
}

/* ---- told by what is due ---- */

/* The site of an origin key, with or without what was put behind it when it closed; 0: not of this feature. */
static int64_t
site_of(const char *key)
{
    return key && str_starts(key, prefix) ? strtoll(key + strlen(prefix), NULL, 10) : 0;
}

/* Only the signatures do it, and they stand. */
err_t
delegation_stepped(struct ctx *c, const struct due_stepped *s)
{
    struct delegation_waits_row waits;
    int64_t site = site_of(s->origin_key);
    bool deliver = str_eq(s->action, "deliver"), undo = str_eq(s->action, "undo");
    if (!site || !(deliver || undo))
        return NULL;
    TRY(db_one(c, &DELEGATION_WAITS, DB_IN(db_int(site)), &waits));
    if (deliver && waits.n)
        return err_new(c->mem, E_CONFLICT, "Please sign the lines on the delegation log itself: this closes then by itself.");
    if (undo && !waits.n)
        return err_new(c->mem, E_CONFLICT, "The lines are signed, and a signature is not taken back. Change the line instead.");
    return NULL;
}

const char *
delegation_href(struct ctx *c, const char *origin_key)
{
    struct thing t;
    const char *ref;
    int64_t site = site_of(origin_key);
    if (!site || delegation_place(c, site, &t, &ref)) /* a page without this link is better than none */
        return NULL;
    return arena_printf(c->mem, "/studies/%s/sites/%s/delegation", t.study_ref, ref);
}

/* ---- what time brings ---- */

static err_t
settle_one(struct ctx *c, void *arg)
{
    const struct delegation_loose_row *x = arg;
    struct thing t;
    const char *ref;
    TRY(delegation_place(c, x->site, &t, &ref));
    TRY(delegation_settle(c, &t));
    record_about(c, "site", x->site, ref, &t);
    record_action(c, "delegation.ask");
    return NULL;
}

err_t
delegation_job(struct ctx *c)
{
    struct delegation_loose_row *x;
    char today[DATE_TEXT];
    size_t n;
    date_iso(c->today, today);
    TRY(db_list(c, &DELEGATION_LOOSE, DB_IN(db_text(today), db_int(AT_ONCE)), &x, &n));
    for (size_t i = 0; i < n; i++)
        TRY(record_transaction(c, &(struct record_work){.action = "delegation.ask", .who = "Rapport", .work = settle_one, .arg = &x[i]}));
    return NULL;
}
