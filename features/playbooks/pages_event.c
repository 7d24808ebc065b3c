/* pages_event.c: events that a person notes because no other part of the program makes them: an invoice came, an
 * amendment is approved, a serious adverse event is known. They can be moved and ended. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/reach.h"
#include "core/record.h"
#include "db/db.h"
#include "features/playbooks/pages.h"
#include "features/studies/studies.h"

#include <stdio.h>
#include <string.h>

enum { PAGE = 50, ITEMS = 20 };

/* Events that the program itself makes are not noted by hand. */
static bool
by_program(const char *event)
{
    return str_starts(event, "visit.");
}

static err_t
reach(struct ctx *c, const struct thing *t, bool *ret_all, int64_t **ret, size_t *ret_n)
{
    reach_sites(c, c->who, PERM_PLAYBOOK_EVENT, t, ret_all, ret, ret_n);
    return NULL;
}

static err_t
add_items(struct ctx *c, const char *key, struct view *v)
{
    struct play_due_of_row *x;
    size_t n;
    TRY(db_list(c, &PLAY_DUE_OF, DB_IN(db_text(arena_printf(c->mem, "%s/", key)), db_text(arena_printf(c->mem, "%s0", key))), &x, &n));
    struct view *list = view_list(v, "items");
    for (size_t i = 0; i < n && i < ITEMS; i++) {
        struct view *m = view_add_map(list);
        enum due_state state;
        view_text(m, "title", x[i].title);
        view_textf(m, "href", "/due/%s", x[i].ref);
        view_text(m, "due", date_words_iso(c->mem, x[i].due_on));
        view_text(m, "state", rules_state_find(x[i].state, &state) ? rules_state_words(state) : x[i].state);
    }
    return NULL;
}

static err_t
add_sites(struct ctx *c, const struct thing *t, const char *chosen, struct view *page)
{
    struct play_sites_row *x;
    int64_t *sites;
    size_t n;
    bool all;
    TRY(reach(c, t, &all, &sites, &n));
    view_bool(page, "all_sites", all);
    TRY(db_list(c, &PLAY_SITES, DB_IN(db_int(t->study), db_int(0), db_ints(sites, n), db_bool(all), db_int(300)), &x, &n));
    struct view *list = view_list(page, "sites");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "value", x[i].ref);
        view_text(v, "text", site_title(c->mem, x[i].number, x[i].label, x[i].facility, x[i].organisation, x[i].placeholder, x[i].city));
        view_bool(v, "selected", str_eq(chosen, x[i].ref) || n == 1);
    }
    return NULL;
}

err_t
page_events(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct play_events_row *x;
    int64_t *sites, before = INT64_MAX;
    bool all;
    size_t n;
    const char *text = req_query(r, "before");
    if (text && (!str_int(text, &before) || before < 1))
        return err_new(c->mem, E_BAD_INPUT, "This address is damaged. Please begin at the first page.");
    TRY(study_head(c, t, "playbook", page));
    TRY(reach(c, t, &all, &sites, &n));
    TRY(db_list(c, &PLAY_EVENTS,
                DB_IN(db_int(t->study), db_int(COMP_OPEN), db_ints(sites, n), db_bool(all), db_int(before), db_bool(true), db_int(PAGE + 1)), &x, &n));
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n && i < PAGE; i++) {
        const struct playbook_def *def = playbook_event_find(x[i].event);
        struct view *v = view_add_map(list);
        view_text(v, "ref", x[i].ref);
        view_text(v, "title", def ? def->words : x[i].event);
        view_text(v, "subject", x[i].subject);
        view_text(v, "day", date_words_iso(c->mem, x[i].day));
        view_text(v, "time", x[i].at_time);
        view_text(v, "ended", x[i].ended_why);
        view_text(v, "day_iso", x[i].day);
        TRY(add_items(c, x[i].key, v));
    }
    struct view *kinds = view_list(page, "kinds");
    for (size_t i = 0; i < playbook_n_events; i++) {
        if (by_program(playbook_events[i].key))
            continue;
        struct view *v = view_add_map(kinds);
        view_text(v, "value", playbook_events[i].key);
        view_text(v, "text", playbook_events[i].words);
        view_bool(v, "selected", str_eq(req_form(r, "event"), playbook_events[i].key));
    }
    char today[DATE_TEXT];
    date_iso(c->today, today);
    view_text(page, "today", arena_strdup(c->mem, today));
    if (n > PAGE)
        view_textf(view_map(page, "pager"), "next", "/studies/%s/events?before=%lld", t->study_ref, (long long)x[PAGE - 1].id);
    if (n == 0) {
        struct view *e = view_map(page, "empty");
        view_text(e, "title", "No events noted yet");
        view_text(e, "text", "Note what happened, and the playbook makes what is due by it, on both sides.");
    }
    return add_sites(c, t, req_form(r, "site"), page);
}

/* A reason with codes only: names of participants do not belong here. */
static const char *
time_of(const struct req *r)
{
    unsigned h, m;
    const char *text = req_form(r, "time");
    return text && sscanf(text, "%2u:%2u", &h, &m) == 2 && h < 24 && m < 60 ? text : NULL;
}

err_t
page_event_add(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct thing at = *t;
    int64_t *sites;
    bool all;
    size_t n;
    int32_t day;
    TRY(reach(c, t, &all, &sites, &n));
    if (by_program(str_or(req_form(r, "event"), "visit.")))
        return err_field(c->mem, E_BAD_INPUT, "event", "Choose one of the events of the list.");
    if (req_form(r, "site"))
        TRY(site_resolve(c, req_form(r, "site"), &at));
    if (!may(c->who, PERM_PLAYBOOK_EVENT, &at) || (!req_form(r, "site") && !all))
        return err_field(c->mem, E_BAD_INPUT, "site", "Choose one of your sites.");
    if (req_form(r, "time") && !time_of(r))
        return err_field(c->mem, E_BAD_INPUT, "time", "Give the time as in 14:20.");
    if (!date_parse(str_or(req_form(r, "day"), ""), &day) || day > c->today + 400)
        return err_field(c->mem, E_BAD_INPUT, "day", "Give the day as in 2026-11-23.");
    struct playbook_event e = {.study = t->study, .study_site = at.study_site, .event = req_form(r, "event"), .day = req_form(r, "day"), .time = time_of(r),
                               .subject = req_form(r, "subject"), .key = arena_printf(c->mem, "event:%s", ref_new(c->mem)), .by_hand = true};
    struct thing about = {.study = t->study, .study_site = at.study_site};
    record_about(c, "study", t->study, t->study_ref, &about);
    TRY(playbook_event(c, &e));
    record_about(c, "study", t->study, t->study_ref, &about); /* the event is the main thing, not what is due by it */
    flash_set(c, r, "Noted. What is due by it stands below.");
    req_redirect(r, "/studies/%s/events", t->study_ref);
    return NULL;
}

static err_t
look(struct ctx *c, const struct req *r, struct play_event_ref_row *ret)
{
    const struct thing *t = req_thing(r);
    struct thing at = *t;
    bool found;
    TRY(db_maybe(c, &PLAY_EVENT_REF, DB_IN(db_text(req_param(r, "event"))), ret, &found));
    if (found) {
        at.study_site = ret->site_null ? 0 : ret->site;
        at.comp = (enum compartment)ret->comp;
        found = ret->study == t->study && ret->by_hand && may(c->who, PERM_PLAYBOOK_EVENT, &at);
    }
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is no such event, or it is not open to you.");
    return NULL;
}

err_t
page_event_move(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct play_event_ref_row x;
    TRY(look(c, r, &x));
    if (x.ended_why)
        return err_new(c->mem, E_CONFLICT, "This event was ended. Note it anew if it happened after all.");
    struct playbook_event e = {.study = x.study, .study_site = x.site_null ? 0 : x.site, .event = x.event, .day = req_form(r, "day"), .time = x.at_time,
                               .subject = x.subject, .key = x.key, .comp = (enum compartment)x.comp, .by_hand = true};
    struct thing about = {.study = t->study, .study_site = e.study_site};
    TRY(playbook_event(c, &e));
    record_about(c, "study", t->study, t->study_ref, &about);
    record_event(c);
    flash_set(c, r, "Moved, with what is neither delivered nor overdue.");
    req_redirect(r, "/studies/%s/events", t->study_ref);
    return NULL;
}

err_t
page_event_end(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct play_event_ref_row x;
    TRY(look(c, r, &x));
    struct thing about = {.study = t->study, .study_site = x.site_null ? 0 : x.site};
    TRY(playbook_gone(c, x.key, req_form(r, "why")));
    record_about(c, "study", t->study, t->study_ref, &about);
    record_reason(c, req_form(r, "why"));
    record_event(c);
    flash_set(c, r, "Ended. What was still due by it fell away.");
    req_redirect(r, "/studies/%s/events", t->study_ref);
    return NULL;
}
