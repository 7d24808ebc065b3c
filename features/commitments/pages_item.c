/* pages_item.c: one thing due: what, by whom, for whom, by when and why then; its thread; and what the
 * reader can do about it now. Steps are plain POSTs. */
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/markdown.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/pages.h"
#include "features/commitments/series.h"
#include "features/commitments/share.h"
#include "features/studies/studies.h"

#include <string.h>

err_t
pages_due(struct ctx *c, const struct req *r, struct due_get_row *ret)
{
    struct due_find_row row;
    TRY(db_one(c, &DUE_FIND, DB_IN(db_text(req_param(r, "due"))), &row));
    return db_one(c, &DUE_GET, DB_IN(db_int(row.id)), ret);
}

/* ---- what can be done ---- */

static void
add_offers(struct ctx *c, const struct due_get_row *x, enum due_side side, bool told, struct view *list)
{
    struct due_facts f;
    const struct due_step *offer[ACTION_COUNT];
    due_facts_of(c, x, &f);
    size_t n = rules_offers(&f, side, offer);
    for (size_t i = 0; i < n; i++) {
        const struct due_step *s = offer[i];
        bool dates_it = s->action == ACTION_ACCEPT && !x->due_on;
        bool own_move = f.own && s->action == ACTION_MOVE;
        if ((told && !rules_told(s->action)) || (f.own && s->who == SIDE_ASKING && s->action != ACTION_WITHDRAW))
            continue;
        struct view *v = view_add_map(list);
        view_text(v, "action", rules_action_word(s->action));
        view_text(v, "label", own_move ? "Another day" : rules_action_button(s->action));
        view_bool(v, "reason", (s->needs & NEEDS_REASON) && !f.own);
        view_bool(v, "date", (s->needs & NEEDS_DATE) || dates_it);
        view_bool(v, "day", s->needs & NEEDS_DAY);
        view_bool(v, "fields", own_move || (s->needs && !f.own) || dates_it);
        view_bool(v, "told", told);
        view_bool(v, "first", i == 0 && !told && !s->needs);
        view_textf(v, "id", "%s%s", told ? "told-" : "", rules_action_word(s->action));
    }
}

/* What she may do for her side; and for the other side, what that side told her on the telephone. */
static void
add_actions(struct ctx *c, const struct due_get_row *x, bool owing, bool asking, struct view *page)
{
    struct view *list = view_list(page, "offers"), *told = view_list(page, "told");
    if (owing)
        add_offers(c, x, SIDE_OWING, false, list);
    if (asking)
        add_offers(c, x, SIDE_ASKING, false, list);
    if (owing != asking)
        add_offers(c, x, owing ? SIDE_ASKING : SIDE_OWING, true, told);
}

/* ---- the thread ---- */

const char *
due_done_words(const char *action)
{
    enum due_action a;
    if (strcmp(action, "ask") == 0)
        return "asked for it";
    if (strcmp(action, "say") == 0)
        return "wrote";
    if (strcmp(action, "undo") == 0)
        return "took the last step back";
    if (strcmp(action, "wait") == 0)
        return "lets it wait on another thing";
    if (strcmp(action, "wait-end") == 0)
        return "goes on: the waiting is over";
    if (strcmp(action, "series-end") == 0)
        return "ended the series";
    if (strcmp(action, "escalate") == 0)
        return "told it further up";
    if (strcmp(action, "hand") == 0)
        return "took it over";
    if (strcmp(action, "pass") == 0)
        return "asked a colleague to do it";
    if (strcmp(action, "pass-back") == 0)
        return "gave it back to who owes it";
    return rules_action_find(action, &a) ? rules_action_done(a) : action;
}

static const char *
moment(struct ctx *c, int64_t at)
{
    int64_t local = at + (int64_t)tz_offset(c->inst->zone, at, NULL) * 1000000;
    int64_t minutes = local / 60000000 % (24 * 60);
    return arena_printf(c->mem, "%s %02d:%02d", date_words(c->mem, tz_day(c->inst->zone, at), DATE_DAY),
                        (int)(minutes / 60), (int)(minutes % 60));
}

/* A thank you is between the two. */
static bool
hidden(struct ctx *c, const struct due_get_row *x, const struct due_steps_row *s)
{
    bool thanks = strcmp(s->action, rules_action_word(ACTION_THANK)) == 0;
    return thanks && c->who->person != x->owing && c->who->person != x->asking;
}

static err_t
add_thread(struct ctx *c, const struct due_get_row *x, struct view *page)
{
    struct due_steps_row *s;
    size_t n;
    TRY(db_list(c, &DUE_STEPS, DB_IN(db_int(x->id)), &s, &n));
    struct view *list = view_list(page, "thread");
    for (size_t i = 0; i < n; i++) {
        if (hidden(c, x, &s[i]))
            continue;
        struct view *v = view_add_map(list);
        const char *html;
        TRY(markdown_html(c->mem, str_or(s[i].note, ""), &html));
        view_text(v, "who", s[i].who);
        view_text(v, "how", s[i].how);
        view_text(v, "what", due_done_words(s[i].action));
        view_text(v, "when", moment(c, s[i].at));
        view_text(v, "date", date_words_iso(c->mem, s[i].due_on));
        view_html(v, "note", html);
        view_bool(v, "said", strcmp(s[i].action, "say") == 0);
    }
    return NULL;
}

/* ---- the page ---- */

static void
add_place(const struct thing *t, const struct due_get_row *x, struct view *page)
{
    if (!t->study && x->own_null)
        return;
    struct view *v = view_map(page, "study");
    if (!t->study) {
        view_text(v, "code", x->own_name);
        view_text(v, "title", x->own_name);
        view_textf(v, "href", "/own/%s", x->own_ref);
        return;
    }
    view_text(v, "code", t->study_ref);
    view_text(v, "title", t->study_title);
    view_textf(v, "href", "/studies/%s/due", t->study_ref);
}

static void
add_facts(struct ctx *c, const struct due_get_row *x, const struct due_facts *f, struct view *page)
{
    struct view *v = view_map(page, "item");
    view_text(v, "ref", x->ref);
    view_text(v, "title", x->title);
    view_text(v, "state", rules_state_words(f->state));
    view_bool(v, "duty", f->class == CLASS_DUTY);
    view_bool(v, "routine", f->class == CLASS_ROUTINE);
    view_bool(v, "closed", !rules_state_open(f->state));
    view_text(v, "source", x->source);
    view_text(v, "owing", x->owing_name);
    view_text(v, "asking", x->asking_name);
    view_bool(v, "own", x->owing == x->asking);
    view_bool(v, "kept_own", !x->own_null);
    view_text(v, "due", date_words_iso(c->mem, x->due_on));
    view_text(v, "due_iso", x->due_on);
    view_text(v, "why", x->due_why);
    view_text(v, "offer", date_words_iso(c->mem, x->offer_on));
    view_text(v, "answer_by", f->state == STATE_ASKED || f->state == STATE_COUNTERED ? date_words_iso(c->mem, x->answer_by) : NULL);
    view_text(v, "think_until", date_words_iso(c->mem, x->think_until));
    view_text(v, "delivered", date_words_iso(c->mem, x->delivered_on));
    if (x->moves && x->first_due_on)
        view_text(v, "first_due", date_words_iso(c->mem, x->first_due_on));
    view_text(v, "place", feature_due_href(c, x->origin_key));
    view_text(v, "doing", x->doing_name);
    view_text(v, "waits_since", date_words_iso(c->mem, x->waits_since));
    int32_t late = x->waits_since ? 0 : rules_late(f, (int32_t)x->waited_days);
    if (late)
        view_textf(v, "late", late == 1 ? "1 day later than agreed" : "%d days later than agreed", (int)late);
}

err_t
page_due(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct due_get_row x;
    struct due_facts f;
    struct thing at;
    const char *html;
    bool owing, asking;
    TRY(pages_due(c, r, &x));
    TRY(due_look(c, x.id, &at, &owing, &asking));
    due_facts_of(c, &x, &f);
    add_place(t, &x, page);
    add_facts(c, &x, &f, page);
    TRY(markdown_html(c->mem, str_or(x.body, ""), &html));
    view_html(page, "body", html);
    add_actions(c, &x, owing, asking, page);
    struct due_undo_get_row undo;
    bool can_undo;
    TRY(db_maybe(c, &DUE_UNDO_GET, DB_IN(db_int(x.id), db_int(c->who->person), db_time(c->now - DUE_UNDO_US)), &undo, &can_undo));
    view_bool(page, "can_undo", can_undo);
    view_bool(page, "may_say", owing || asking);
    const char *repeats;
    TRY(series_words(c, x.id, &repeats));
    view_text(page, "repeats", repeats);
    view_bool(page, "may_end_series", repeats && (owing || asking));
    const char *aside = NULL;
    TRY(feature_due_asides(c, &x.id, 1, &aside));
    view_text(page, "aside", aside);
    TRY(share_view(c, &x, owing, page));
    TRY(feature_due_cards(c, &(struct due_seen){x.id, x.ref, owing, asking}, page));
    return add_thread(c, &x, page);
}

/* ---- steps ---- */

/* The side for which the action is possible; with `told`, of the other side. */
static err_t
side_of(struct ctx *c, const struct due_get_row *x, enum due_action a, bool told, enum due_side *ret)
{
    struct thing at;
    struct due_facts f;
    const char *why;
    bool owing, asking;
    TRY(due_look(c, x->id, &at, &owing, &asking));
    due_facts_of(c, x, &f);
    if (!owing && !asking)
        return err_new(c->mem, E_FORBIDDEN, "You can read this. What happens with it is between the two sides.");
    if (told && (owing == asking || !rules_told(a)))
        return err_new(c->mem, E_BAD_INPUT, "Only an answer of the other side can be noted so.");
    bool can_owe = told ? asking : owing, can_ask = told ? owing : asking;
    *ret = can_owe && (!can_ask || rules_step(c->mem, &f, SIDE_OWING, a, &why)) ? SIDE_OWING : SIDE_ASKING;
    return NULL;
}

err_t
page_due_step(struct ctx *c, struct req *r, struct view *page)
{
    struct due_get_row x;
    enum due_action action;
    struct due_by by = {.reason = req_form(r, "why"), .date = req_form(r, "date")};
    bool told = req_form(r, "told");
    TRY(pages_due(c, r, &x));
    if (!rules_action_find(req_param(r, "step"), &action))
        return err_new(c->mem, E_NOT_FOUND, "There is no such step.");
    TRY(side_of(c, &x, action, told, &by.side));
    if (told)
        by.how = "by telephone, noted here";
    TRY(due_step(c, x.id, action, &by));
    flash_set(c, r, arena_printf(c->mem, "%s: %s.", x.title, rules_action_done(action)));
    req_redirect(r, "%s", str_eq(req_form(r, "next"), "day") ? arena_printf(c->mem, "/my-day?done=%s", x.ref) : arena_printf(c->mem, "/due/%s", x.ref));
    return NULL;
}

err_t
page_due_undo(struct ctx *c, struct req *r, struct view *page)
{
    struct due_get_row x;
    TRY(pages_due(c, r, &x));
    TRY(due_undo(c, x.id));
    flash_set(c, r, "The last step was taken back.");
    req_redirect(r, "/due/%s", x.ref);
    return NULL;
}

err_t
page_due_say(struct ctx *c, struct req *r, struct view *page)
{
    struct due_get_row x;
    struct thing at;
    bool owing, asking;
    TRY(pages_due(c, r, &x));
    TRY(due_look(c, x.id, &at, &owing, &asking));
    if (!owing && !asking)
        return err_new(c->mem, E_FORBIDDEN, "You can read this. What is written here is between the two sides.");
    TRY(due_say(c, x.id, req_form(r, "text")));
    req_redirect(r, "/due/%s", x.ref);
    return NULL;
}

err_t
page_due_series_end(struct ctx *c, struct req *r, struct view *page)
{
    struct due_get_row x;
    struct thing at;
    bool owing, asking;
    TRY(pages_due(c, r, &x));
    TRY(due_look(c, x.id, &at, &owing, &asking));
    if (!owing && !asking)
        return err_new(c->mem, E_FORBIDDEN, "You can read this. What happens with it is between the two sides.");
    TRY(series_end(c, x.id));
    flash_set(c, r, "Nothing comes after this one.");
    req_redirect(r, "/due/%s", x.ref);
    return NULL;
}
