/* pages.c: a study's playbook, both directions, drawn around each event; changing a line, what the change would
 * move, and the signatures of both sides. */
#include "features/playbooks/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/draw.h"
#include "core/flash.h"
#include "core/reach.h"
#include "core/record.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/studies/studies.h"

#include <string.h>

enum { SITES = 200 };

static const char *
role_words(const char *word)
{
    enum role r;
    return role_find(word, &r) ? role_title(r) : word;
}

static void
add_options(struct view *list, const char *value, const char *text, const char *chosen)
{
    struct view *v = view_add_map(list);
    view_text(v, "value", value);
    view_text(v, "text", text);
    view_bool(v, "selected", str_eq(value, chosen));
}

static void
add_roles(struct view *list, const char *chosen)
{
    for (int r = ROLE_STUDY_MANAGER; r <= ROLE_PHARMACIST; r++) {
        if (r != ROLE_COMMITTEE && r != ROLE_STATISTICIAN)
            add_options(list, role_word((enum role)r), role_title((enum role)r), chosen);
    }
}

/* ---- one event ---- */

/* The lines of an event on a ruler of days around it: round for what the sponsor owes, square for the site's. */
static const char *
draw_event(struct ctx *c, const struct playbook_line *l, size_t n, const char *event, const char *words)
{
    enum { W = 560, H = 44, LEFT = 16 };
    double low = 0, high = 5;
    struct buf b;
    for (size_t i = 0; i < n; i++) {
        double at = l[i].unit == HOLIDAYS_HOURS ? (double)l[i].n / 24 : (double)l[i].n;
        if (str_eq(l[i].event, event) && !l[i].off) {
            low = at < low ? at : low;
            high = at > high ? at : high;
        }
    }
    double scale = (W - 2.0 * LEFT) / (high - low);
    buf_init(&b, c->mem);
    draw_open(&b, &(struct draw_svg){.w = W, .h = H, .cls = "ruler", .label = arena_printf(c->mem, "%s: when what is due; the list below says the same.", words)});
    draw_line(&b, "lane", LEFT, 20, W - LEFT, 20);
    double zero = LEFT + (0 - low) * scale;
    draw_line(&b, "now", zero, 8, zero, 32);
    draw_text(&b, low < 0 ? "mid" : "axis", zero, 43, "0");
    for (size_t i = 0; i < n; i++) {
        double at = l[i].unit == HOLIDAYS_HOURS ? (double)l[i].n / 24 : (double)l[i].n;
        if (!str_eq(l[i].event, event) || l[i].off)
            continue;
        double x = LEFT + (at - low) * scale;
        if (playbook_role_at_site(l[i].owing))
            draw_rect(&b, "site", x - 6, 14, 12, 12, 2);
        else
            draw_circle(&b, "sponsor", x, 20, 7);
        draw_text(&b, "mid", x, 43, arena_printf(c->mem, "%s%lld%s", l[i].n > 0 ? "+" : "", (long long)l[i].n, l[i].unit == HOLIDAYS_HOURS ? " h" : ""));
    }
    draw_close(&b);
    return buf_text(&b);
}

static void
add_line(struct ctx *c, const struct playbook_line *l, bool edit, struct view *list)
{
    struct view *v = view_add_map(list);
    bool owes = playbook_role_at_site(l->owing), owed = playbook_role_at_site(l->asking);
    view_text(v, "event", l->event);
    view_text(v, "key", l->key);
    view_text(v, "what", l->what);
    view_text(v, "from", role_words(l->owing));
    view_text(v, "to", role_words(l->asking));
    view_text(v, "when", playbook_when(c->mem, l));
    view_text(v, "direction", owes ? "the site owes" : owed ? "the sponsor owes the site" : "among the sponsor's own");
    view_bool(v, "duty", l->class == CLASS_DUTY);
    view_bool(v, "off", l->off);
    view_bool(v, "site", owes);
    view_int(v, "n", l->n);
    view_int(v, "hours", l->hours);
    view_text(v, "source", l->source);
    view_textf(v, "id", "%s-%s", l->event, l->key);
    if (!edit)
        return;
    struct view *units = view_list(v, "units"), *calendars = view_list(v, "calendars");
    static const char *const unit_words[] = {"calendar days", "business days", "hours"};
    for (int u = HOLIDAYS_CALENDAR_DAYS; u <= HOLIDAYS_HOURS; u++)
        add_options(units, holidays_unit_word((enum holidays_unit)u), unit_words[u], holidays_unit_word(l->unit));
    add_options(calendars, "owing", "of who owes it", l->calendar);
    add_options(calendars, "asking", "of whom it is owed to", l->calendar);
    add_options(calendars, "both", "of both", l->calendar);
    add_roles(view_list(v, "owing_roles"), l->owing);
    add_roles(view_list(v, "asking_roles"), l->asking);
}

/* Who works at a site sees what concerns sites. */
static bool
shown(const struct playbook_line *l, bool site_only)
{
    return !site_only || ((playbook_role_at_site(l->owing) || playbook_role_at_site(l->asking)) && !l->off);
}

static void
add_events(struct ctx *c, const struct playbook_line *l, size_t n, bool site_only, bool edit, struct view *page)
{
    struct view *events = view_list(page, "events");
    for (size_t k = 0; k < playbook_n_events; k++) {
        const struct playbook_def *e = &playbook_events[k];
        struct view *list = NULL;
        for (size_t i = 0; i < n; i++) {
            if (!str_eq(l[i].event, e->key) || !shown(&l[i], site_only))
                continue;
            if (!list) {
                struct view *v = view_add_map(events);
                view_text(v, "title", e->words);
                view_html(v, "picture", draw_event(c, l, n, e->key, e->words));
                list = view_list(v, "lines");
            }
            add_line(c, &l[i], edit, list);
        }
    }
}

/* ---- signatures ---- */

static err_t
add_sites(struct ctx *c, const struct thing *t, int64_t version, struct view *page)
{
    struct play_sites_row *x;
    int64_t *sites;
    size_t n, n_signed = 0;
    bool all, own_all;
    reach_sites(c, c->who, PERM_SITE_LIST, t, &all, &sites, &n);
    if (!all && n == 0)
        reach_sites(c, c->who, PERM_SITE_READ, t, &own_all, &sites, &n);
    if (!all && n == 0)
        return NULL;
    TRY(db_list(c, &PLAY_SITES, DB_IN(db_int(t->study), db_int(version), db_ints(sites, n), db_bool(all), db_int(SITES)), &x, &n));
    struct view *list = view_list(page, "sites");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        struct thing there = *t;
        there.study_site = x[i].id;
        n_signed += x[i].is_signed;
        view_text(v, "title", site_title(c->mem, x[i].number, x[i].label, x[i].facility, x[i].organisation, x[i].placeholder, x[i].city));
        view_bool(v, "signed", x[i].is_signed);
        view_text(v, "name", x[i].name);
        view_text(v, "at", x[i].at_words);
        if (!x[i].is_signed && version && may(c->who, PERM_PLAYBOOK_SIGN_SITE, &there))
            view_textf(v, "sign", "/studies/%s/sites/%s/playbook", t->study_ref, x[i].ref);
    }
    view_textf(page, "sites_signed", "%zu of %zu", n_signed, n);
    return NULL;
}

static err_t
add_moves(struct ctx *c, const struct thing *t, int64_t version, struct view *page)
{
    struct playbook_move *m;
    size_t n;
    TRY(playbook_preview(c, t->study, version, &m, &n));
    struct view *list = view_list(page, "moves");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "title", m[i].title);
        view_textf(v, "href", "/due/%s", m[i].ref);
        view_text(v, "old", date_words_iso(c->mem, m[i].old_on));
        view_text(v, "new", date_words_iso(c->mem, m[i].new_on));
    }
    return NULL;
}

err_t
page_playbook(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct play_newest_row v;
    struct playbook_signs signs;
    struct playbook_line *l;
    int64_t in_force;
    size_t n;
    bool found, edit = may(c->who, PERM_PLAYBOOK_EDIT, t), team = may(c->who, PERM_SITE_LIST, t);
    TRY(study_head(c, t, "playbook", page));
    TRY(db_maybe(c, &PLAY_NEWEST, DB_IN(db_int(t->study)), &v, &found));
    TRY(playbook_in_force(c, t->study, 0, &in_force, &signs));
    bool draft = found && !v.is_signed && edit;
    TRY(playbook_load(c, draft ? v.id : in_force, &l, &n));
    add_events(c, l, n, !team, edit, page);
    view_bool(page, "edit", edit);
    view_bool(page, "may_events", may(c->who, PERM_PLAYBOOK_EVENTS, t));
    view_bool(page, "draft", draft);
    view_bool(page, "shipped", !in_force && !draft);
    view_bool(page, "may_sign", edit && (!found || !v.is_signed));
    if (found)
        view_int(page, "version", v.n);
    if (in_force) {
        struct play_version_row x;
        TRY(db_one(c, &PLAY_VERSION, DB_IN(db_int(in_force)), &x));
        view_int(page, "in_force", x.n);
        TRY(sign_view(c, "playbook", in_force, x.hash_len == SIGN_HASH ? x.hash : NULL, page));
        if (!team) /* of the signatures a site sees the sponsor's and, below, its own */
            view_list(page, "signatures");
    }
    if (draft)
        TRY(add_moves(c, t, v.id, page));
    return add_sites(c, t, in_force, page);
}

/* ---- changing a line ---- */

err_t
page_playbook_line(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct play_newest_row v;
    struct playbook_line *l, x;
    size_t n, at;
    bool found;
    TRY(db_maybe(c, &PLAY_NEWEST, DB_IN(db_int(t->study)), &v, &found));
    TRY(playbook_load(c, found ? v.id : 0, &l, &n));
    for (at = 0; at < n && !(str_eq(l[at].event, req_form(r, "event")) && str_eq(l[at].key, req_form(r, "key"))); at++)
        ;
    if (at == n)
        return err_field(c->mem, E_BAD_INPUT, "key", "There is no such line in the playbook.");
    x = l[at];
    x.what = req_form(r, "what");
    x.owing = req_form(r, "owing");
    x.asking = req_form(r, "asking");
    x.calendar = req_form(r, "calendar");
    x.source = req_form(r, "source");
    x.off = req_form(r, "off");
    req_form_int(r, "n", &x.n);
    req_form_int(r, "hours", &x.hours);
    if (!holidays_unit_find(req_form(r, "unit"), &x.unit))
        return err_field(c->mem, E_BAD_INPUT, "unit", "Choose one of the list.");
    TRY(playbook_change(c, t->study, &x, req_form(r, "reason")));
    flash_set(c, r, "Changed in the draft. Nothing moves before it is signed.");
    req_redirect(r, "/studies/%s/playbook#draft", t->study_ref);
    return NULL;
}

/* ---- signing ---- */

err_t
page_playbook_sign(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    if (!sign_proved(r)) {
        TRY(sign_refused(c, r, page));
        return page_playbook(c, r, page);
    }
    record_about(c, "study", t->study, t->study_ref, t);
    TRY(playbook_sign_sponsor(c, t));
    flash_set(c, r, "Signed for the sponsor. The sites can sign it now.");
    req_redirect(r, "/studies/%s/playbook", t->study_ref);
    return NULL;
}

err_t
page_playbook_sign_site(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    if (!sign_proved(r)) {
        TRY(sign_refused(c, r, page));
        return page_playbook(c, r, page);
    }
    record_about(c, "site", t->study_site, req_param(r, "site"), t);
    TRY(playbook_sign_site(c, t));
    flash_set(c, r, "Signed for your site. What the playbook says is due comes by itself from now on.");
    req_redirect(r, "/studies/%s/playbook", t->study_ref);
    return NULL;
}
