/* demo_answers.c: what the demonstration's cast asked of invented people outside, who answered by a link or
 * have not yet. Called by demo.c once the study is there. */
#include "app/demo.h"
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/record.h"
#include "features/answers/outsider.h"
#include "features/studies/studies.h"

enum { NO_DAY = 9999, ACTS = 3 };

struct act {
    int day; /* 0: the first day of the demonstration */
    enum due_action action;
    const char *why;
    int date; /* NO_DAY: none */
};
struct story {
    enum role asking;
    const char *name, *organisation, *email, *title, *body;
    int asked, due;
    struct act act[ACTS];
};

static const struct story stories[] = {
    {ROLE_STUDY_MANAGER, "Hanna Hall", "Hall Cooling Service", "hanna.hall@cooling.demo.invalid", "Send the certificate of the freezer check",
     "The check of **this month**; the monitor needs it for the visit.", -3, 9, {{0}}},
    {ROLE_STUDY_MANAGER, "Otto Okoye", "Northern Courier", "otto@courier.demo.invalid", "Confirm the pick-up of the samples",
     "Two boxes on dry ice.", -6, 4, {{-5, ACTION_COUNTER, "The van is in repair until then.", 7}}},
    {ROLE_COORDINATOR, "Lena Lindqvist", "Hospital laboratory", "lena@laboratory.demo.invalid", "Send the new normal ranges",
     "Valid from the first of the month.", -8, -1, {{-7, ACTION_ACCEPT, NULL, NO_DAY}, {-2, ACTION_DELIVER, "In our handbook, page 4.", NO_DAY}}},
};

struct telling {
    const struct story *story;
    const struct act *act;
    struct demo_study *at;
    const char *token;
};

static const char *
iso(struct ctx *c, int32_t day)
{
    char text[DATE_TEXT];
    date_iso(day, text);
    return arena_strdup(c->mem, text);
}

static err_t
ask(struct ctx *c, void *arg)
{
    struct telling *t = arg;
    const struct story *s = t->story;
    bool site = s->asking == ROLE_COORDINATOR;
    struct thing study = {0};
    int64_t due;
    const char *ref;
    TRY(study_thing(c, t->at->study, &study));
    struct outsider_ask a = {.name = s->name, .organisation = s->organisation, .email = s->email, .title = s->title, .body = s->body,
                             .due_on = iso(c, c->today - s->asked + s->due), .study = &study, .study_site = site ? t->at->site : 0,
                             .asking = {t->at->person[s->asking], role_word(s->asking), site}, .days = 30};
    return outsider_ask(c, &a, &due, &ref, &t->token);
}

static err_t
answer(struct ctx *c, void *arg)
{
    struct telling *t = arg;
    const struct act *a = t->act;
    struct outsider o;
    TRY(outsider_find(c, t->token, "demonstration", &o));
    record_who(c, o.person, arena_printf(c->mem, "%s, %s", o.name, o.how));
    c->who = &o.who;
    struct due_by by = {.side = SIDE_OWING, .reason = a->why, .how = o.how,
                        .date = a->date == NO_DAY ? NULL : iso(c, c->today - a->day + a->date)};
    return due_step(c, o.due, a->action, &by);
}

err_t
demo_answers(const struct ctx *c, struct demo_study *study)
{
    for (size_t i = 0; i < COUNT_OF(stories); i++) {
        const struct story *s = &stories[i];
        struct telling t = {.story = s, .at = study};
        TRY(demo_on_day(c, s->asked, study->person[s->asking], "answer.ask", ask, &t));
        for (size_t k = 0; k < ACTS && (s->act[k].why || s->act[k].day); k++) {
            t.act = &s->act[k];
            TRY(demo_on_day(c, t.act->day, study->person[s->asking], "due.step", answer, &t));
        }
        if (i == 0)
            study->answer = arena_strdup(c->mem, t.token);
    }
    return NULL;
}
