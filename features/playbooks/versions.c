/* versions.c: a study's own playbook: the draft, what it would move, and the signatures of both sides. See
 * store.h. */
#include "features/playbooks/store.h"

#include "base/str.h"
#include "core/record.h"
#include "core/sign.h"
#include "db/db.h"

#include <sodium.h>
#include <string.h>

enum { PREVIEW_EVENTS = 100, PREVIEW_MOVES = 60 };

static void
hash_of(const char *content, unsigned char ret[static SIGN_HASH])
{
    crypto_hash_sha256(ret, (const unsigned char *)content, strlen(content));
}

/* ---- the draft ---- */

static err_t
write_lines(struct ctx *c, int64_t version, const struct playbook_line *l, size_t n)
{
    for (size_t i = 0; i < n; i++)
        TRY(db_run(c, &PLAY_LINE_ADD,
                   DB_IN(db_int(version), db_int((int64_t)i + 1), db_text(l[i].event), db_text(l[i].key), db_text(l[i].what), db_text(l[i].owing),
                         db_text(l[i].asking), db_text(rules_class_word(l[i].class)), db_int(l[i].n), db_text(holidays_unit_word(l[i].unit)),
                         db_text(l[i].calendar), db_bool(l[i].gxp), db_int(l[i].hours), db_text(l[i].source), db_bool(l[i].off)),
                   NULL));
    return NULL;
}

/* Writes the lines into the unsigned newest version, or into a new one. */
static err_t
write_draft(struct ctx *c, int64_t study, const struct play_newest_row *newest, const struct playbook_line *l, size_t n, const char *reason)
{
    unsigned char hash[SIGN_HASH];
    struct play_version_add_row row;
    const char *content = playbook_content(c->mem, l, n);
    hash_of(content, hash);
    if (newest && !newest->is_signed) {
        TRY(db_run(c, &PLAY_VERSION_SET, DB_IN(db_int(newest->id), db_blob(hash, sizeof hash), db_text(content), db_text(reason)), NULL));
        TRY(db_run(c, &PLAY_LINES_DROP, DB_IN(db_int(newest->id)), NULL));
        return write_lines(c, newest->id, l, n);
    }
    TRY(db_one(c, &PLAY_VERSION_ADD,
               DB_IN(db_int(study), db_int(newest ? newest->n + 1 : 1), db_int(PLAYBOOK_TEMPLATE), db_blob(hash, sizeof hash), db_text(c->who->name),
                     db_text(reason), db_time(c->now), db_text(content)),
               &row));
    return write_lines(c, row.id, l, n);
}

static err_t
check_line(struct ctx *c, const struct playbook_line *old, const struct playbook_line *new)
{
    enum role role;
    if (str_empty(new->what))
        return err_field(c->mem, E_BAD_INPUT, "what", "Say what is due.");
    if (!role_find(new->owing, &role) || !role_find(new->asking, &role))
        return err_field(c->mem, E_BAD_INPUT, "owing", "Choose roles of the list.");
    if (new->n < -3660 || new->n > 3660)
        return err_field(c->mem, E_BAD_INPUT, "n", "Give from -3660 to 3660.");
    if (old->class == CLASS_DUTY && new->off)
        return err_field(c->mem, E_BAD_INPUT, "off", "A duty comes from law, protocol or contract: it cannot be left out.");
    if (old->class == CLASS_DUTY && str_empty(new->source))
        return err_field(c->mem, E_BAD_INPUT, "source", "Name the law, protocol or contract that this duty comes from.");
    return NULL;
}

static void
note_line(struct ctx *c, const struct playbook_line *old, const struct playbook_line *new)
{
    const char *label = arena_printf(c->mem, "%s/%s", old->event, old->key);
    record_change_gxp(c, "playbook line", label, "what", old->what, new->what);
    record_change_gxp(c, "playbook line", label, "owing", old->owing, new->owing);
    record_change_gxp(c, "playbook line", label, "asking", old->asking, new->asking);
    record_change_gxp(c, "playbook line", label, "when", playbook_when(c->mem, old), playbook_when(c->mem, new));
    record_change_gxp(c, "playbook line", label, "calendar", old->calendar, new->calendar);
    record_change_gxp(c, "playbook line", label, "source", old->source, new->source);
    record_change(c, "playbook line", label, "hours", arena_printf(c->mem, "%lld", (long long)old->hours), arena_printf(c->mem, "%lld", (long long)new->hours));
    record_change_gxp(c, "playbook line", label, "left out", old->off ? "yes" : "no", new->off ? "yes" : "no");
}

err_t
playbook_change(struct ctx *c, int64_t study, const struct playbook_line *changed, const char *reason)
{
    struct play_newest_row newest;
    struct playbook_line *l;
    size_t n, at;
    bool found;
    TRY(db_maybe(c, &PLAY_NEWEST, DB_IN(db_int(study)), &newest, &found));
    TRY(playbook_load(c, found ? newest.id : 0, &l, &n));
    for (at = 0; at < n && !(str_eq(l[at].event, changed->event) && str_eq(l[at].key, changed->key)); at++)
        ;
    if (at == n)
        return err_new(c->mem, E_NOT_FOUND, "There is no such line in the playbook.");
    TRY(check_line(c, &l[at], changed));
    record_event(c);
    note_line(c, &l[at], changed);
    l[at] = *changed;
    return write_draft(c, study, found ? &newest : NULL, l, n, reason);
}

/* ---- signing ---- */

static err_t
keep_signature(struct ctx *c, int64_t version, const unsigned char *hash, int64_t site, const char *meaning)
{
    int64_t id;
    TRY(sign_now(c, &(struct sign_work){"playbook", version, hash, meaning}, &id));
    return db_run(c, &PLAY_SIGN, DB_IN(db_int(version), db_int(site), db_int(id)), NULL);
}

static struct playbook_event
event_of(const struct play_events_row *x, int64_t study)
{
    return (struct playbook_event){.study = study, .study_site = x->site_null ? 0 : x->site, .event = x->event, .day = x->day, .time = x->at_time,
                                   .subject = x->subject, .key = x->key, .comp = (enum compartment)x->comp};
}

/* Events of a site (0: of all) that have not fallen away are told again. */
static err_t
tell_again(struct ctx *c, int64_t study, int64_t site)
{
    struct play_events_row *x;
    size_t n;
    TRY(db_list(c, &PLAY_EVENTS,
                DB_IN(db_int(study), db_int(COMP_COMMITTEE), db_ints(&site, site ? 1 : 0), db_bool(!site), db_int(INT64_MAX), db_bool(false),
                      db_int(PREVIEW_EVENTS)),
                &x, &n));
    for (size_t i = 0; i < n; i++) {
        struct playbook_event e = event_of(&x[i], study);
        if (!x[i].ended_why)
            TRY(playbook_again(c, &e));
    }
    return NULL;
}

err_t
playbook_sign_sponsor(struct ctx *c, const struct thing *study)
{
    struct play_newest_row v;
    bool found;
    TRY(db_maybe(c, &PLAY_NEWEST, DB_IN(db_int(study->study)), &v, &found));
    if (found && v.is_signed)
        return err_new(c->mem, E_CONFLICT, "Version %lld is signed already. A changed line makes the next version.", (long long)v.n);
    if (!found) { /* the template as it ships */
        struct playbook_line *l;
        size_t n;
        TRY(playbook_load(c, 0, &l, &n));
        TRY(write_draft(c, study->study, NULL, l, n, NULL));
        TRY(db_one(c, &PLAY_NEWEST, DB_IN(db_int(study->study)), &v));
    }
    record_change(c, "playbook", arena_printf(c->mem, "version %lld", (long long)v.n), "signed for the sponsor", NULL, c->who->name);
    TRY(keep_signature(c, v.id, v.hash, 0, "For the sponsor: we will work with the sites by this playbook."));
    return tell_again(c, study->study, 0);
}

err_t
playbook_sign_site(struct ctx *c, const struct thing *site)
{
    struct playbook_signs signs;
    struct play_version_row v;
    int64_t version;
    TRY(playbook_in_force(c, site->study, site->study_site, &version, &signs));
    if (!version)
        return err_new(c->mem, E_CONFLICT, "The sponsor has not signed the playbook yet. You are asked when it is ready.");
    if (signs.site)
        return err_new(c->mem, E_CONFLICT, "Your site has signed this version already.");
    TRY(db_one(c, &PLAY_VERSION, DB_IN(db_int(version)), &v));
    record_change(c, "playbook", arena_printf(c->mem, "version %lld", (long long)v.n), "signed for the site", NULL, c->who->name);
    TRY(keep_signature(c, version, v.hash, site->study_site, "For the site: we will work with the sponsor by this playbook."));
    return tell_again(c, site->study, site->study_site);
}

/* ---- what a draft would move ---- */

static err_t
preview_line(struct ctx *c, const struct playbook_line *l, const struct playbook_event *e, struct playbook_move *move, bool *ret_found)
{
    struct playbook_day day;
    struct play_due_row due;
    enum due_state state;
    bool found;
    *ret_found = false;
    TRY(db_maybe(c, &PLAY_DUE, DB_IN(db_text(arena_printf(c->mem, "%s/%s", e->key, l->key))), &due, &found));
    if (!found || !rules_state_find(due.state, &state) || !rules_state_open(state) || state == STATE_DELIVERED)
        return NULL;
    TRY(playbook_day_of(c, l, e, &day));
    if (str_eq(due.due_on, day.on))
        return NULL;
    *move = (struct playbook_move){e->subject ? arena_printf(c->mem, "%s: %s", l->what, e->subject) : l->what, due.ref, due.due_on, day.on};
    *ret_found = true;
    return NULL;
}

err_t
playbook_preview(struct ctx *c, int64_t study, int64_t version, struct playbook_move **ret, size_t *ret_n)
{
    struct playbook_move *m = arena_alloc(c->mem, PREVIEW_MOVES * sizeof *m);
    struct play_events_row *x;
    struct playbook_line *l;
    size_t n, n_lines, n_moves = 0;
    bool found;
    TRY(playbook_load(c, version, &l, &n_lines));
    TRY(db_list(c, &PLAY_EVENTS,
                DB_IN(db_int(study), db_int(COMP_OPEN), db_ints(NULL, 0), db_bool(true), db_int(INT64_MAX), db_bool(false), db_int(PREVIEW_EVENTS)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        struct playbook_event e = event_of(&x[i], study);
        for (size_t k = 0; k < n_lines && !x[i].ended_why && n_moves < PREVIEW_MOVES; k++) {
            if (!str_eq(l[k].event, x[i].event) || l[k].off)
                continue;
            TRY(preview_line(c, &l[k], &e, &m[n_moves], &found));
            n_moves += found;
        }
    }
    *ret = m;
    *ret_n = n_moves;
    return NULL;
}
