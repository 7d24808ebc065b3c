/* pages_link.c: the page behind a link: one thing that is asked, for somebody without an account. She acts in
 * her own name, without any right; the page shows that one item and nothing else. */
#include "base/date.h"
#include "base/str.h"
#include "core/core_sql.h"
#include "core/flash.h"
#include "core/inst.h"
#include "core/markdown.h"
#include "core/record.h"
#include "db/db.h"
#include "features/answers/answers_sql.h"
#include "features/answers/pages.h"
#include "features/studies/studies.h"

#include <string.h>

enum { STEPS_A_DAY = 60 };

static err_t
open_link(struct ctx *c, struct req *r, struct outsider *ret)
{
    return outsider_find(c, req_param(r, "answer"), req_address(r), ret);
}

/* ---- what is asked ---- */

/* "study manager, Alfa Pharma" */
static err_t
asker_words(struct ctx *c, const struct answer_item_row *x, const char **ret)
{
    struct thing t = {0};
    enum role role;
    const char *place = NULL, *title = x->asking_role && role_find(x->asking_role, &role) ? role_title(role) : NULL;
    if (!x->study_null)
        TRY(study_thing(c, x->study, &t));
    if (x->asking_at_site && !x->site_null) {
        struct answer_site_row site;
        TRY(db_one(c, &ANSWER_SITE, DB_IN(db_int(x->site)), &site));
        place = site.placeholder ? NULL : site.name;
    } else if (t.organisations[1]) {
        struct core_org_row org;
        TRY(db_one(c, &CORE_ORG, DB_IN(db_int(t.organisations[1])), &org));
        place = org.placeholder ? NULL : org.name;
    }
    *ret = title && place ? arena_printf(c->mem, "%s, %s", title, place) : str_or(title, place);
    return NULL;
}

/* Where it stands, for her. */
static const char *
stand(struct ctx *c, const struct answer_item_row *x, enum due_state s)
{
    const char *due = date_words_iso(c->mem, x->due_on), *offer = date_words_iso(c->mem, x->offer_on), *who = x->asking_name;
    switch (s) {
    case STATE_ASKED:
        return x->answer_by ? arena_printf(c->mem, "Please answer by %s.", date_words_iso(c->mem, x->answer_by)) : "Please answer.";
    case STATE_COUNTERED:
        return arena_printf(c->mem, "You offered %s. Now it is for %s to answer.", offer, who);
    case STATE_AGREED:
        return due ? arena_printf(c->mem, "You agreed to do it by %s. Thank you.", due) : "You agreed to do it. Thank you.";
    case STATE_MOVE_OWING:
        return arena_printf(c->mem, "You asked for %s instead of %s. Now it is for %s to answer.", offer, due, who);
    case STATE_MOVE_ASKING:
        return arena_printf(c->mem, "%s asks for %s instead of %s.", who, offer, due);
    case STATE_DELIVERED:
        return arena_printf(c->mem, "You said on %s that it is done. %s looks at it.", date_words_iso(c->mem, x->delivered_on), who);
    case STATE_KEPT:
        return arena_printf(c->mem, "It is done, and %s has accepted it. Thank you.", who);
    case STATE_DECLINED:
        return "You said that it is not yours. Nothing more is needed.";
    case STATE_WITHDRAWN:
        return arena_printf(c->mem, "%s does not need it any more. Nothing is left to do.", who);
    case STATE_DUE:
    case STATE_ACKNOWLEDGED:
    case STATE_COUNT:
        break;
    }
    return NULL;
}

static void
facts_of(struct ctx *c, const struct answer_item_row *x, struct due_facts *f)
{
    int32_t day;
    *f = (struct due_facts){.today = c->today, .due = RULES_NO_DAY, .thanked = x->thanked};
    INVARIANT(rules_class_find(x->class, &f->class) && rules_state_find(x->state, &f->state));
    if (x->due_on && date_parse(x->due_on, &day))
        f->due = day;
}

static void
add_offers(const struct answer_item_row *x, const struct due_facts *f, struct view *page)
{
    const struct due_step *offer[ACTION_COUNT];
    struct view *list = view_list(page, "offers");
    size_t n = rules_offers(f, SIDE_OWING, offer);
    for (size_t i = 0; i < n; i++) {
        enum due_action a = offer[i]->action;
        bool dates_it = a == ACTION_ACCEPT && !x->due_on;
        if (a == ACTION_THINK) /* three answers are enough here */
            continue;
        struct view *v = view_add_map(list);
        view_text(v, "action", rules_action_word(a));
        view_text(v, "label", rules_action_button(a));
        view_bool(v, "reason", offer[i]->needs & NEEDS_REASON);
        view_bool(v, "date", (offer[i]->needs & NEEDS_DATE) || dates_it);
        view_bool(v, "deliver", a == ACTION_DELIVER);
        view_bool(v, "fields", offer[i]->needs || dates_it || a == ACTION_DELIVER);
        view_bool(v, "first", a == ACTION_ACCEPT || a == ACTION_DELIVER || a == ACTION_AGREE_MOVE);
    }
}

/* ---- the thread ---- */

static const char *
done_words(const char *action)
{
    enum due_action a;
    if (strcmp(action, "ask") == 0)
        return "asked for it";
    if (strcmp(action, "say") == 0)
        return "wrote";
    if (strcmp(action, "undo") == 0)
        return "took the last step back";
    return rules_action_find(action, &a) ? rules_action_done(a) : action;
}

static const char *
moment(struct ctx *c, int64_t at)
{
    int64_t minutes = (at + (int64_t)tz_offset(c->inst->zone, at, NULL) * 1000000) / 60000000 % (24 * 60);
    return arena_printf(c->mem, "%s %02d:%02d", date_words(c->mem, tz_day(c->inst->zone, at), DATE_DAY),
                        (int)(minutes / 60), (int)(minutes % 60));
}

static err_t
add_thread(struct ctx *c, const struct outsider *o, struct view *page)
{
    struct answer_thread_row *s;
    size_t n;
    TRY(db_list(c, &ANSWER_THREAD, DB_IN(db_int(o->due)), &s, &n));
    struct view *list = view_list(page, "thread");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        const char *html;
        TRY(markdown_html(c->mem, str_or(s[i].note, ""), &html));
        view_text(v, "who", s[i].who);
        view_text(v, "what", done_words(s[i].action));
        view_text(v, "when", moment(c, s[i].at));
        view_text(v, "date", date_words_iso(c->mem, s[i].due_on));
        view_html(v, "note", html);
    }
    return NULL;
}

err_t
page_answer(struct ctx *c, struct req *r, struct view *page)
{
    struct outsider o;
    struct answer_item_row x;
    struct answer_can_undo_row undo;
    struct due_facts f;
    const char *html, *place, *token = req_param(r, "answer");
    bool can_undo;
    req_header_set(r, "X-Robots-Tag", "noindex, nofollow");
    TRY(open_link(c, r, &o));
    TRY(db_one(c, &ANSWER_ITEM, DB_IN(db_int(o.due)), &x));
    TRY(asker_words(c, &x, &place));
    TRY(markdown_html(c->mem, str_or(x.body, ""), &html));
    facts_of(c, &x, &f);
    view_text(page, "token", token);
    view_text(page, "title", x.title);
    view_text(page, "asker", x.asking_name);
    view_text(page, "place", place);
    view_text(page, "name", o.name);
    view_text(page, "masked", o.masked);
    view_text(page, "stand", stand(c, &x, f.state));
    view_text(page, "due", date_words_iso(c->mem, x.due_on));
    view_text(page, "why", x.due_why);
    view_html(page, "body", html);
    view_bool(page, "open", rules_state_open(f.state));
    view_text(page, "until", date_words(c->mem, tz_day(c->inst->zone, o.expires), DATE_DAY));
    add_offers(&x, &f, page);
    TRY(db_maybe(c, &ANSWER_CAN_UNDO, DB_IN(db_int(o.due), db_int(o.person), db_time(c->now - DUE_UNDO_US)), &undo, &can_undo));
    view_bool(page, "can_undo", can_undo);
    TRY(papers_list(c, o.due, arena_printf(c->mem, "/a/%s/files", token), view_list(page, "files")));
    return add_thread(c, &o, page);
}

/* ---- what she does ---- */

/* A link is for one thing: who does sixty in a day is not answering. */
static err_t
bound(struct ctx *c, const struct outsider *o)
{
    struct answer_steps_since_row row;
    TRY(db_one(c, &ANSWER_STEPS_SINCE, DB_IN(db_int(o->due), db_int(o->person), db_time(c->now - (int64_t)86400 * 1000000)), &row));
    return row.n < STEPS_A_DAY ? NULL : err_new(c->mem, E_TOO_MANY, "That is a lot for one day. Please go on tomorrow.");
}

/* Runs `work` as her: in her name, and said so in the record. */
static err_t
as_her(struct ctx *c, struct req *r, err_t (*work)(struct ctx *, struct req *, const struct outsider *))
{
    struct outsider o;
    const struct who *before = c->who;
    TRY(open_link(c, r, &o));
    TRY(bound(c, &o));
    record_who(c, o.person, arena_printf(c->mem, "%s, %s", o.name, o.how));
    c->who = &o.who;
    err_t e = work(c, r, &o);
    c->who = before;
    if (!e)
        req_redirect(r, "/a/%s", req_param(r, "answer"));
    return e;
}

/* A file and words are one entry of the thread. */
static err_t
say(struct ctx *c, const struct outsider *o, const char *text, const struct req_file *f)
{
    if (!f)
        return text ? due_say_how(c, o->due, text, o->how) : NULL;
    TRY(papers_check(c, f));
    TRY(papers_keep(c, o->due, f));
    const char *file = arena_printf(c->mem, "File: %s", f->name);
    return due_say_how(c, o->due, text ? arena_printf(c->mem, "%s\n\n%s", text, file) : file, o->how);
}

static err_t
do_step(struct ctx *c, struct req *r, const struct outsider *o)
{
    struct due_by by = {.side = SIDE_OWING, .reason = req_form(r, "why"), .date = req_form(r, "date"), .how = o->how};
    struct answer_item_row x;
    enum due_action action;
    if (!rules_action_find(req_param(r, "step"), &action))
        return err_new(c->mem, E_NOT_FOUND, "There is no such step.");
    TRY(say(c, o, NULL, req_file(r, "file")));
    TRY(due_step(c, o->due, action, &by));
    TRY(db_one(c, &ANSWER_ITEM, DB_IN(db_int(o->due)), &x));
    flash_set(c, r, "Thank you. Your answer was passed on.");
    return outsider_stay(c, o->due, str_or(x.offer_on, x.due_on));
}

err_t
page_answer_step(struct ctx *c, struct req *r, struct view *page)
{
    return as_her(c, r, do_step);
}

static err_t
do_say(struct ctx *c, struct req *r, const struct outsider *o)
{
    const char *text = req_form(r, "text");
    const struct req_file *f = req_file(r, "file");
    if (!text && !f)
        return err_field(c->mem, E_BAD_INPUT, "text", "Please write something, or choose a file.");
    flash_set(c, r, "Thank you. It was passed on.");
    return say(c, o, text, f);
}

err_t
page_answer_say(struct ctx *c, struct req *r, struct view *page)
{
    return as_her(c, r, do_say);
}

static err_t
do_undo(struct ctx *c, struct req *r, const struct outsider *o)
{
    flash_set(c, r, "Your last answer was taken back.");
    return due_undo_how(c, o->due, o->how);
}

err_t
page_answer_undo(struct ctx *c, struct req *r, struct view *page)
{
    return as_her(c, r, do_undo);
}

err_t
page_answer_file(struct ctx *c, struct req *r, struct view *page)
{
    struct outsider o;
    req_header_set(r, "X-Robots-Tag", "noindex, nofollow");
    TRY(open_link(c, r, &o));
    return papers_send(c, r, o.due, req_param(r, "answer_file"));
}
