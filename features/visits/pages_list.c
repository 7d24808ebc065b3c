/* pages_list.c: the visits of a study as a picture and a list, and planning: the sites in the order in which
 * they want a visit, by risk, by time since the last, or along a route. */
#include "base/date.h"
#include "base/str.h"
#include "core/countries.h"
#include "core/draw.h"
#include "core/flash.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/studies/studies.h"
#include "features/visits/pages.h"

#include <stdlib.h>
#include <string.h>

enum { BACK_DAYS = 190, AHEAD_DAYS = 130, VISITS = 300, SITES = 200, WEEKS = 8, DRAWN_SITES = 24 };

struct visit_reach {
    bool all;
    int64_t *sites;
    size_t n;
    int comp;
};

static struct visit_reach
scope_of(struct ctx *c, const struct thing *t)
{
    struct visit_reach s;
    enum perm perms[] = {PERM_VISIT_READ, PERM_VISIT_READ_SITE};
    for (size_t i = 0; i < COUNT_OF(perms); i++) {
        reach_sites(c, c->who, perms[i], t, &s.all, &s.sites, &s.n);
        s.comp = reach_comp(c->who, PERM_STUDY_READ, t);
        if (s.all || s.n)
            return s;
    }
    return s;
}

/* ---- the picture ---- */

static const char *
row_site(struct ctx *c, const struct visit_of_study_row *x)
{
    return site_title(c->mem, x->number, x->label, x->facility, x->organisation, x->placeholder, x->city);
}

/* A row a site, a dot a visit: open for planned, half for agreed, full for held; today is a line. */
static void
draw_visits(struct ctx *c, const struct visit_of_study_row *x, size_t n, struct view *page)
{
    enum { LABEL = 200, WIDTH = 900, ROW = 24, HEAD = 22 };
    int64_t site[DRAWN_SITES];
    size_t n_sites = 0;
    struct buf b;
    int32_t from = c->today - BACK_DAYS, span = BACK_DAYS + AHEAD_DAYS, day;
    double scale = (double)(WIDTH - LABEL - 10) / span;
    for (size_t i = 0; i < n && n_sites < DRAWN_SITES; i++) {
        bool known = false;
        for (size_t k = 0; k < n_sites; k++)
            known |= site[k] == x[i].site;
        if (!known)
            site[n_sites++] = x[i].site;
    }
    buf_init(&b, c->mem);
    double h = HEAD + ROW * (double)n_sites + 4;
    draw_open(&b, &(struct draw_svg){.w = WIDTH, .h = h, .cls = "visit-strip", .label = "Visits by site over time; the table below says the same."});
    for (int32_t at = from; at < from + span; at++) {
        int y, m, d;
        date_to_civil(at, &y, &m, &d);
        if (d != 1)
            continue;
        double px = LABEL + (at - from) * scale;
        draw_line(&b, "grid", px, HEAD - 4, px, h);
        draw_text(&b, "axis", px + 3, 12, arena_strndup(c->mem, date_words(c->mem, at, DATE_MONTH), 3));
    }
    double now = LABEL + (c->today - from) * scale;
    draw_line(&b, "now", now, HEAD - 6, now, h);
    for (size_t k = 0; k < n_sites; k++) {
        double y = HEAD + ROW * (double)k + ROW / 2.0;
        bool named = false;
        draw_line(&b, "lane", LABEL, y, WIDTH - 10, y);
        for (size_t i = 0; i < n; i++) {
            if (x[i].site != site[k] || !date_parse(x[i].first_on, &day) || str_eq(x[i].state, "cancelled"))
                continue;
            if (!named)
                draw_text(&b, "name", 0, y + 4, str_short(c->mem, row_site(c, &x[i]), 30));
            named = true;
            draw_circle(&b, arena_printf(c->mem, "dot %s", x[i].state), LABEL + (day - from) * scale, y, 6);
        }
    }
    draw_close(&b);
    view_html(page, "picture", buf_text(&b));
}

/* ---- the list ---- */

static const char *
progress_words(const struct visit_of_study_row *x)
{
    struct visit_facts f = {x->state, x->report, x->confirmed, x->letter};
    if (str_eq(x->state, "cancelled"))
        return "cancelled";
    switch (visit_path_now(&f)) {
    case PATH_PLANNED:
    case PATH_AGREED:
        return "the site has not agreed yet";
    case PATH_CONFIRMED:
        return "agreed, not confirmed yet";
    case PATH_HELD:
        return "agreed and confirmed";
    case PATH_SUBMITTED:
        return str_eq(x->report, "sent_back") ? "report sent back" : "report to be written";
    case PATH_APPROVED:
        return "report waits for approval";
    case PATH_LETTER:
        return "letter to be sent";
    case PATH_COUNT:
        break;
    }
    return "all done";
}

/* Of somebody of the site: nothing of the report. */
static const char *
site_words(const struct visit_of_study_row *x)
{
    if (str_eq(x->state, "held") || str_eq(x->state, "closed"))
        return x->letter ? "letter received" : "the letter follows";
    return str_eq(x->state, "planned") ? "to be agreed" : x->state;
}

static void
add_row(struct ctx *c, const struct visit_of_study_row *x, bool reads, struct view *list)
{
    struct view *v = view_add_map(list);
    view_text(v, "title", visit_short(c->mem, x->kind, x->n));
    view_textf(v, "href", "/visits/%s", x->ref);
    view_text(v, "site", row_site(c, x));
    view_text(v, "day", date_words_iso(c->mem, x->first_on));
    view_bool(v, "remote", x->remote);
    view_text(v, "monitor", x->monitor_name);
    view_text(v, "trip", x->trip);
    view_text(v, "progress", reads ? progress_words(x) : site_words(x));
    view_bool(v, "cancelled", str_eq(x->state, "cancelled"));
}

static bool
is_over(const struct visit_of_study_row *x)
{
    return str_eq(x->state, "held") || str_eq(x->state, "closed") || str_eq(x->state, "cancelled");
}

/* Whether c->who reads its report, not only its day and its letter. */
static bool
reads(struct ctx *c, const struct thing *t, const struct visit_of_study_row *x)
{
    struct thing there = *t;
    there.study_site = x->site;
    return may(c->who, PERM_VISIT_READ, &there);
}

static void
add_fact(struct view *facts, const char *name, const char *value)
{
    struct view *v = view_add_map(facts);
    view_text(v, "name", name);
    view_text(v, "value", value);
}

/* The next visit, and what is not finished of the last ones. */
err_t
page_visits_card(struct ctx *c, const struct thing *t, struct view *cards)
{
    struct visit_reach s = scope_of(c, t);
    struct visit_of_study_row *x;
    const struct visit_of_study_row *next = NULL;
    char from[DATE_TEXT], to[DATE_TEXT];
    size_t n, coming = 0, open = 0;
    if (!s.all && !s.n)
        return NULL;
    date_iso(c->today - BACK_DAYS, from);
    date_iso(c->today + AHEAD_DAYS, to);
    TRY(db_list(c, &VISIT_OF_STUDY,
                DB_IN(db_int(t->study), db_int(s.comp), db_text(from), db_text(to), db_ints(s.sites, s.n), db_bool(s.all), db_int(VISITS)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        next = is_over(&x[i]) ? next : &x[i]; /* the list goes back in time */
        coming += !is_over(&x[i]);
        open += str_eq(x[i].state, "held") && !x[i].letter;
    }
    if (!coming && !open)
        return NULL;
    struct view *card = view_add_map(cards), *facts = view_list(card, "facts");
    view_text(card, "title", "Monitoring visits");
    view_textf(card, "href", "/studies/%s/visits", t->study_ref);
    view_text(card, "action", "All visits");
    if (next)
        add_fact(facts, "Next", arena_printf(c->mem, "%s at %s, %s", visit_short(c->mem, next->kind, next->n), row_site(c, next), date_words_iso(c->mem, next->first_on)));
    add_fact(facts, "Coming", arena_printf(c->mem, "%zu", coming));
    if (open)
        add_fact(facts, "Held, letter not sent yet", arena_printf(c->mem, "%zu", open));
    return NULL;
}

err_t
page_visits(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct visit_reach s = scope_of(c, t);
    struct visit_of_study_row *x = NULL;
    char from[DATE_TEXT], to[DATE_TEXT];
    size_t n = 0;
    bool all = req_query(r, "all") != NULL;
    date_iso(c->today - BACK_DAYS, from);
    date_iso(c->today + AHEAD_DAYS, to);
    TRY(study_head(c, t, "visits", page));
    if (s.all || s.n)
        TRY(db_list(c, &VISIT_OF_STUDY,
                    DB_IN(db_int(t->study), db_int(s.comp), db_text(all ? "0001-01-01" : from), db_text(all ? "9999-12-31" : to),
                          db_ints(s.sites, s.n), db_bool(s.all), db_int(VISITS)),
                    &x, &n));
    struct view *coming = view_list(page, "coming"), *past = view_list(page, "past");
    for (size_t i = n; i > 0; i--) { /* the next one first */
        if (!is_over(&x[i - 1]))
            add_row(c, &x[i - 1], reads(c, t, &x[i - 1]), coming);
    }
    for (size_t i = 0; i < n; i++) {
        if (is_over(&x[i]))
            add_row(c, &x[i], reads(c, t, &x[i]), past);
    }
    if (n)
        draw_visits(c, x, n, page);
    bool plan_all;
    int64_t *plan_sites;
    size_t n_plan;
    reach_sites(c, c->who, PERM_VISIT_PLAN, t, &plan_all, &plan_sites, &n_plan);
    view_bool(page, "may_plan", plan_all || n_plan);
    view_bool(page, "may_sections", may(c->who, PERM_VISIT_APPROVE, t));
    view_bool(page, "all", all);
    view_bool(page, "cut", n == VISITS);
    if (n == 0) {
        struct view *e = view_map(page, "empty");
        view_text(e, "title", "No visits yet");
        view_text(e, "text", "A visit begins with a plan: choose the site and a day, and the site is asked whether it suits.");
    }
    return NULL;
}

/* ---- planning ---- */

struct want {
    const struct visit_wants_row *x;
    double score;
    const char *why;
};

static int
by_score(const void *a, const void *b)
{
    const struct want *x = a, *y = b;
    return x->score < y->score ? 1 : x->score > y->score ? -1 : 0;
}

static int
by_last(const void *a, const void *b)
{
    const struct want *x = a, *y = b;
    return strcmp(str_or(x->x->last_on, ""), str_or(y->x->last_on, ""));
}

static int
by_route(const void *a, const void *b)
{
    const struct want *x = a, *y = b;
    int country = strcmp(str_or(x->x->country, "~"), str_or(y->x->country, "~"));
    return country ? country : strcmp(str_or(x->x->city, "~"), str_or(y->x->city, "~"));
}

static const struct {
    const char *word, *words;
    int (*order)(const void *, const void *);
} orders[] = {{"risk", "what waits there", by_score}, {"last", "longest ago first", by_last}, {"route", "along a route", by_route}};

static err_t
load_wants(struct ctx *c, const struct thing *t, int64_t weeks, const char *order, struct want **ret, size_t *ret_n)
{
    struct visit_wants_row *x;
    struct visit_enrolment_row e;
    int64_t *sites;
    bool all;
    size_t n;
    char today[DATE_TEXT];
    date_iso(c->today, today);
    reach_sites(c, c->who, PERM_VISIT_PLAN, t, &all, &sites, &n);
    TRY(db_list(c, &VISIT_WANTS, DB_IN(db_int(t->study), db_int(reach_comp(c->who, PERM_STUDY_READ, t)), db_text(today), db_ints(sites, n), db_bool(all), db_int(SITES)), &x, &n));
    struct want *w = arena_alloc(c->mem, (n + 1) * sizeof *w);
    for (size_t i = 0; i < n; i++) {
        struct visit_want f = {.last = VISIT_NEVER, .today = c->today, .weeks = (int32_t)weeks, .open_findings = x[i].open_findings,
                               .late_findings = x[i].late_findings, .planned = x[i].next_on};
        if (x[i].last_on)
            date_parse(x[i].last_on, &f.last);
        TRY(db_one(c, &VISIT_ENROLMENT, DB_IN(db_int(t->study), db_int(x[i].site), db_text(str_or(x[i].last_on, "")), db_text(today)), &e));
        f.enrolled_since = e.enrolled_since;
        w[i].x = &x[i];
        w[i].score = visit_want_score(c->mem, &f, &w[i].why);
    }
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        if (str_eq(orders[i].word, order))
            qsort(w, n, sizeof *w, orders[i].order);
    }
    *ret = w;
    *ret_n = n;
    return NULL;
}

static bool
is_chosen(const struct req *r, const char *ref)
{
    const char *const *chosen;
    size_t n = req_form_many(r, "sites", &chosen);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(chosen[i], ref))
            return true;
    }
    return str_eq(req_query(r, "site"), ref);
}

static void
add_wants(struct ctx *c, const struct req *r, const struct want *w, size_t n, struct view *page)
{
    struct view *list = view_list(page, "sites");
    for (size_t i = 0; i < n; i++) {
        const struct visit_wants_row *x = w[i].x;
        struct view *v = view_add_map(list);
        struct buf b;
        buf_init(&b, c->mem);
        draw_meter(&b, w[i].score > 3 ? 3 : w[i].score, 3, w[i].score >= 1.5 ? "warn" : NULL, NULL);
        view_text(v, "value", x->ref);
        view_text(v, "title", site_title(c->mem, x->number, x->label, x->facility, x->organisation, x->placeholder, x->city));
        view_text(v, "place", x->country ? arena_printf(c->mem, "%s, %s", str_or(x->city, "no city given"), countries_name(x->country)) : x->city);
        view_text(v, "why", w[i].why);
        view_html(v, "meter", buf_text(&b));
        view_text(v, "last", date_words_iso(c->mem, x->last_on));
        view_text(v, "next", date_words_iso(c->mem, x->next_on));
        view_bool(v, "chosen", is_chosen(r, x->ref));
    }
}

/* Those who may monitor: of the study's people, and oneself. */
static err_t
add_monitors(struct ctx *c, const struct thing *t, const char *chosen, struct view *page)
{
    struct due_people_row *x;
    size_t n;
    struct view *list = view_list(page, "monitors");
    for (size_t i = 0; i < c->who->n_rights; i++) {
        const struct right *own = &c->who->rights[i];
        if (own->study == t->study && (own->role == ROLE_CRA || own->role == ROLE_UNBLINDED_CRA)) {
            pages_option(list, c->who->ref, arena_printf(c->mem, "%s (you)", c->who->name), chosen);
            break;
        }
    }
    TRY(people_askable(c, t, &x, &n));
    const char *last = NULL;
    for (size_t i = 0; i < n; i++) {
        bool monitor = str_eq(x[i].role, "cra") || str_eq(x[i].role, "unblinded_cra");
        if (monitor && !str_eq(last, x[i].name)) {
            struct visit_party_row p;
            TRY(db_one(c, &VISIT_PARTY, DB_IN(db_int(x[i].person)), &p));
            pages_option(list, p.ref, x[i].name, chosen);
            last = x[i].name;
        }
    }
    return NULL;
}

err_t
page_visits_plan(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct want *w;
    size_t n;
    int64_t weeks = WEEKS;
    const char *order = str_or(req_query(r, "by"), "risk"), *text = req_query(r, "weeks");
    if (text && (!str_int(text, &weeks) || weeks < 1 || weeks > 104))
        weeks = WEEKS;
    TRY(study_head(c, t, "visits", page));
    TRY(load_wants(c, t, weeks, order, &w, &n));
    add_wants(c, r, w, n, page);
    TRY(add_monitors(c, t, req_form(r, "monitor"), page));
    struct view *list = view_list(page, "orders");
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        pages_option(list, orders[i].word, orders[i].words, order);
    list = view_list(page, "kinds");
    for (int k = 0; k < VISIT_KINDS; k++)
        pages_option(list, visit_kind_word((enum visit_kind)k),
                     arena_printf(c->mem, "%s (%s)", visit_kind_words((enum visit_kind)k), visit_kind_letters((enum visit_kind)k)),
                     str_or(req_form(r, "kind"), "imv"));
    char today[DATE_TEXT];
    date_iso(c->today, today);
    view_text(page, "today", arena_strdup(c->mem, today));
    view_int(page, "weeks", weeks);
    if (n == 0) {
        struct view *e = view_map(page, "empty");
        view_text(e, "title", "No site to visit");
        view_text(e, "text", "Visits are planned for the sites you monitor. Who monitors which site is said on the page Roles.");
    }
    return NULL;
}

/* ---- sending the plan ---- */

/* The investigator of the site, else its coordinator, else whoever is there. */
static struct due_party
host_of(const struct due_people_row *x, size_t n, int64_t site)
{
    static const char *const first[] = {"principal_investigator", "coordinator", "sub_investigator", "pharmacist"};
    for (size_t k = 0; k < COUNT_OF(first); k++) {
        for (size_t i = 0; i < n; i++) {
            if (!x[i].study_site_null && x[i].study_site == site && str_eq(x[i].role, first[k]))
                return (struct due_party){x[i].person, x[i].role, true};
        }
    }
    return (struct due_party){0};
}

static err_t
monitor_of(struct ctx *c, const struct req *r, const struct thing *site, const struct due_people_row *x, size_t n, struct due_party *ret)
{
    const char *ref = req_form(r, "monitor");
    for (size_t i = 0; i < c->who->n_rights; i++) {
        const struct right *own = &c->who->rights[i];
        bool here = own->study == site->study && (!own->study_site || own->study_site == site->study_site);
        if (here && (own->role == ROLE_CRA || own->role == ROLE_UNBLINDED_CRA) && (!ref || str_eq(ref, c->who->ref))) {
            *ret = (struct due_party){c->who->person, role_word(own->role), false};
            return NULL;
        }
    }
    for (size_t i = 0; i < n && ref; i++) {
        struct visit_party_row p;
        bool monitor = str_eq(x[i].role, "cra") || str_eq(x[i].role, "unblinded_cra");
        if (!monitor || (!x[i].study_site_null && x[i].study_site != site->study_site))
            continue;
        TRY(db_one(c, &VISIT_PARTY, DB_IN(db_int(x[i].person)), &p));
        if (str_eq(p.ref, ref)) {
            *ret = (struct due_party){x[i].person, x[i].role, false};
            return NULL;
        }
    }
    return err_field(c->mem, E_BAD_INPUT, "monitor", "Choose a monitor who is assigned to the site. Roles are given on the page Roles.");
}

static err_t
plan_one(struct ctx *c, const struct req *r, const struct thing *t, const char *site_ref, int32_t day, const struct due_people_row *x, size_t n,
         const char **ret_ref)
{
    struct thing site = *t;
    struct visit_new v = {.remote = req_form(r, "remote"), .why = req_form(r, "why"), .trip = req_form(r, "trip"), .agenda = req_form(r, "agenda"),
                          .site = &site, .days = 1};
    char iso[DATE_TEXT];
    int64_t id, days = 1;
    TRY(site_resolve(c, site_ref, &site));
    if (!may(c->who, PERM_VISIT_PLAN, &site))
        return err_new(c->mem, E_FORBIDDEN, "Visits are planned for the sites you monitor.");
    if (!visit_kind_find(str_or(req_form(r, "kind"), "imv"), &v.kind))
        return err_field(c->mem, E_BAD_INPUT, "kind", "Choose one of the kinds of the list.");
    if (req_form_int(r, "days", &days))
        v.days = (int)days;
    TRY(monitor_of(c, r, &site, x, n, &v.monitor));
    site.comp = str_eq(v.monitor.role, "unblinded_cra") ? COMP_UNBLINDED : COMP_OPEN;
    v.host = host_of(x, n, site.study_site);
    date_iso(day, iso);
    v.first_on = arena_strdup(c->mem, iso);
    return visit_plan(c, &v, &id, ret_ref);
}

err_t
page_visits_plan_send(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *const *sites, *ref = NULL;
    struct due_people_row *x;
    int32_t day = 0;
    size_t n = req_form_many(r, "sites", &sites), n_people;
    if (n == 0)
        return err_field(c->mem, E_BAD_INPUT, "sites", "Choose at least one site.");
    if (!date_parse(req_form(r, "first_on"), &day))
        return err_field(c->mem, E_BAD_INPUT, "first_on", "Give the day as in 2026-11-23.");
    TRY(people_askable(c, t, &x, &n_people));
    for (size_t i = 0; i < n; i++) {
        while (i > 0 && req_form(r, "row") && date_weekday(day) > 4) /* a trip rests at the weekend */
            day++;
        TRY(plan_one(c, r, t, sites[i], day, x, n_people, &ref));
        day += req_form(r, "row") ? 1 : 0;
    }
    flash_set(c, r, n == 1 ? "The visit is planned." : arena_printf(c->mem, "%zu visits are planned. The sites are asked whether the days suit.", n));
    if (n == 1)
        req_redirect(r, "/visits/%s", ref);
    else
        req_redirect(r, "/studies/%s/visits", t->study_ref);
    return NULL;
}
