/* demo_due.c: what is due in the demonstration's study: invented asks, answers and deeds of its cast, on
 * days before and after the day it begins on. Called by demo.c once the cast is there. */
#include "app/demo.h"
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"

enum { NO_DAY = 9999, ACTS = 6 };

/* One step: on which day (0 is the first day of the demonstration), by which side. */
struct act {
    int day;
    enum due_side side;
    enum due_action action;
    const char *why;
    int date; /* NO_DAY: none */
};

struct story {
    enum due_class class;
    const char *kind, *title, *body, *source, *due_why;
    enum role owing, asking;
    int asked, due;
    struct act act[ACTS];
};

static const struct story stories[] = {
    {CLASS_DUTY, "payment", "Pay the site's invoice 2026-31", "Four participants randomised, three visits each.",
     "Contract with the site, 30 days", "invoice + 30 days", ROLE_STUDY_MANAGER, ROLE_COORDINATOR, -28, 2,
     {{-27, SIDE_OWING, ACTION_ACKNOWLEDGE, NULL, NO_DAY}}},
    {CLASS_COMMITMENT, "document", "Send the delegation log signed this month", "The **page of the new pharmacist** is enough.", NULL, NULL,
     ROLE_COORDINATOR, ROLE_STUDY_MANAGER, -1, 10, {{0}}},
    {CLASS_COMMITMENT, "query", "Answer the two queries on visit dates", NULL, NULL, NULL, ROLE_COORDINATOR, ROLE_CRA, -5, 3,
     {{-4, SIDE_OWING, ACTION_ACCEPT, NULL, NO_DAY}}},
    {CLASS_COMMITMENT, "ask", "Confirm the training of the pharmacist", NULL, NULL, NULL, ROLE_COORDINATOR, ROLE_STUDY_MANAGER, -3, 6,
     {{-1, SIDE_OWING, ACTION_COUNTER, "She is back from leave in two weeks.", 14}}},
    {CLASS_COMMITMENT, "document", "Check the new freezer log", NULL, NULL, NULL, ROLE_CRA, ROLE_CTA, -9, -1,
     {{-8, SIDE_OWING, ACTION_ACCEPT, NULL, NO_DAY}, {-2, SIDE_OWING, ACTION_DELIVER, NULL, NO_DAY}}},
    {CLASS_COMMITMENT, "document", "Send the screening log of last month", NULL, NULL, NULL, ROLE_COORDINATOR, ROLE_CTA, -20, -9,
     {{-19, SIDE_OWING, ACTION_ACCEPT, NULL, NO_DAY}, {-10, SIDE_OWING, ACTION_DELIVER, NULL, NO_DAY},
      {-9, SIDE_ASKING, ACTION_RECEIVE, NULL, NO_DAY}, {-9, SIDE_ASKING, ACTION_THANK, NULL, NO_DAY}}},
    {CLASS_COMMITMENT, "document", "Update the CVs of the site's team", NULL, NULL, NULL, ROLE_COORDINATOR, ROLE_CTA, -14, -3,
     {{-13, SIDE_OWING, ACTION_ACCEPT, NULL, NO_DAY}, {-6, SIDE_OWING, ACTION_MOVE, "One signature is missing.", 6},
      {-5, SIDE_ASKING, ACTION_AGREE_MOVE, NULL, NO_DAY}}},
    {CLASS_COMMITMENT, "ask", "Can the next visit begin at eight?", "Our pharmacy closes at noon that day.", NULL, NULL,
     ROLE_CRA, ROLE_COORDINATOR, -1, 8, {{0}}},
    {CLASS_COMMITMENT, "action_item", "Screen on Saturdays too", NULL, NULL, NULL, ROLE_COORDINATOR, ROLE_STUDY_MANAGER, -12, 12,
     {{-11, SIDE_OWING, ACTION_DECLINE, "Nobody of us works on Saturdays.", NO_DAY}}},
    {CLASS_COMMITMENT, "note", "Book the train for the next visit", NULL, NULL, NULL, ROLE_CRA, ROLE_CRA, -2, 1, {{0}}},
    {CLASS_COMMITMENT, "ask", "Print the new visit cards", NULL, NULL, NULL, ROLE_CTA, ROLE_COORDINATOR, -4, 4,
     {{-3, SIDE_OWING, ACTION_ACCEPT, NULL, NO_DAY}}},
};

struct telling {
    const struct demo_study *study;
    const struct story *story;
    const struct act *act;
    int64_t due;
};

static const char *
iso(struct ctx *c, int32_t day)
{
    char text[DATE_TEXT];
    date_iso(day, text);
    return arena_strdup(c->mem, text);
}

static struct due_party
party(const struct demo_study *s, enum role role)
{
    return (struct due_party){s->person[role], role_word(role), role == ROLE_COORDINATOR};
}

static err_t
begin(struct ctx *c, void *arg)
{
    struct telling *t = arg;
    const struct story *s = t->story;
    const char *ref;
    bool own = s->owing == s->asking, site = s->owing == ROLE_COORDINATOR || s->asking == ROLE_COORDINATOR;
    struct due_new d = {.class = s->class, .kind = s->kind, .title = s->title, .body = s->body, .source = s->source,
                        .due_why = s->due_why, .study = own ? 0 : t->study->study, .study_site = site ? t->study->site : 0,
                        .owing = party(t->study, s->owing), .asking = party(t->study, s->asking),
                        .due_on = iso(c, c->today - s->asked + s->due)};
    return due_create(c, &d, &t->due, &ref);
}

static err_t
go_on(struct ctx *c, void *arg)
{
    struct telling *t = arg;
    const struct act *a = t->act;
    struct due_by by = {.side = a->side, .reason = a->why, .date = a->date == NO_DAY ? NULL : iso(c, c->today - a->day + a->date)};
    return due_step(c, t->due, a->action, &by);
}

/* As somebody, on another day. */
err_t
demo_on_day(const struct ctx *c, int day, int64_t person, const char *action, db_work *work, void *arg)
{
    struct ctx then = *c;
    then.today += day;
    then.now += (int64_t)day * 86400 * 1000000;
    TRY(who_load(&then, person, &then.who));
    return record_transaction(&then, &(struct record_work){action, NULL, NULL, work, arg});
}

static err_t
tell(const struct ctx *c, struct telling *t)
{
    const struct story *s = t->story;
    TRY(demo_on_day(c, s->asked, t->study->person[s->asking], "due.ask", begin, t));
    for (size_t i = 0; i < ACTS && s->act[i].side; i++) {
        enum role role = s->act[i].side == SIDE_OWING ? s->owing : s->asking;
        t->act = &s->act[i];
        TRY(demo_on_day(c, t->act->day, t->study->person[role], "due.step", go_on, t));
    }
    return NULL;
}

err_t
demo_due(const struct ctx *c, const struct demo_study *study)
{
    for (size_t i = 0; i < COUNT_OF(stories); i++) {
        struct telling t = {.study = study, .story = &stories[i]};
        TRY(tell(c, &t));
    }
    return NULL;
}
