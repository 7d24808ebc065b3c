/* demo_week.c: the working weeks of the demonstration's cast: the monitor's hours and a week that would be too full,
 * things that wait for one another, what repeats, an answer by telephone, lines about contacts, leave, and the work
 * of a monitor who leaves. Called by demo.c after demo_visits. */
#include "app/demo.h"
#include "base/date.h"
#include "base/str.h"
#include "core/may.h"
#include "core/record.h"
#include "db/db.h"
#include "features/access/access.h"
#include "features/commitments/series.h"
#include "features/commitments/share.h"
#include "features/contacts/contacts.h"
#include "features/handover/store.h"
#include "features/load/load_sql.h"
#include "features/studies/studies.h"

enum { WEEK = 1000 }; /* a day of WEEK + n is the n-th of next week, Monday 0 */

struct week {
    const struct demo_study *s;
    int64_t leaver, due[3];
    const char *ref;
};

/* A day from the first of the demonstration. */
static const char *
day_text(struct ctx *c, int32_t first, int day)
{
    char text[DATE_TEXT];
    int32_t on = day >= WEEK / 2 ? first + 7 - date_weekday(first) + day - WEEK : first + day;
    date_iso(on, text);
    return arena_strdup(c->mem, text);
}

static struct due_party
side(const struct demo_study *s, enum role role)
{
    return (struct due_party){s->person[role], role_word(role), role == ROLE_COORDINATOR};
}

/* ---- asking and agreeing ---- */

struct asked {
    const char *kind, *title, *body;
    enum role owing, asking;
    int on, due;
    int hours;    /* estimated by who owes it, in quarters; 0: nothing said */
    int spent;    /* so far, in quarters */
    bool open;    /* not answered yet */
    const char *every; /* it repeats, or NULL */
};
struct asking {
    const struct demo_study *s;
    const struct asked *a;
    int64_t owing, id;
};

static err_t
ask(struct ctx *c, void *arg)
{
    struct asking *j = arg;
    const struct asked *a = j->a;
    bool site = a->owing == ROLE_COORDINATOR || a->asking == ROLE_COORDINATOR;
    struct due_new d = {.class = CLASS_COMMITMENT, .kind = a->kind, .title = a->title, .body = a->body, .study = j->s->study,
                        .study_site = site ? j->s->site : 0, .owing = side(j->s, a->owing), .asking = side(j->s, a->asking),
                        .due_on = day_text(c, c->today - a->on, a->due)};
    const char *ref;
    d.owing.person = j->owing;
    TRY(due_create(c, &d, &j->id, &ref));
    return a->every ? series_begin(c, j->id, a->every, 0, day_text(c, c->today - a->on, 300)) : NULL;
}

static err_t
agree(struct ctx *c, void *arg)
{
    const struct asking *j = arg;
    return due_step(c, j->id, ACTION_ACCEPT, &(struct due_by){.side = SIDE_OWING});
}

static err_t
note_hours(struct ctx *c, void *arg)
{
    const struct asking *j = arg;
    TRY(db_run(c, &LOAD_ITEM_SET, DB_IN(db_int(j->id), db_int(j->owing), db_int(j->a->hours * 15)), NULL));
    if (j->a->spent)
        TRY(db_run(c, &LOAD_SPENT_SET, DB_IN(db_int(j->id), db_int(j->owing), db_text(day_text(c, c->today, 0)), db_int(j->a->spent * 15)), NULL));
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    record_event(c);
    return NULL;
}

static err_t
tell_asked(const struct ctx *c, const struct demo_study *s, const struct asked *a, int64_t owing, int64_t *ret)
{
    struct asking j = {s, a, owing ? owing : s->person[a->owing], 0};
    TRY(demo_on_day(c, a->on, s->person[a->asking], "due.ask", ask, &j));
    if (!a->open)
        TRY(demo_on_day(c, a->on + 1, j.owing, "due.step", agree, &j));
    if (a->hours)
        TRY(demo_on_day(c, a->open ? a->on : a->on + 1, j.owing, "load.item", note_hours, &j));
    *ret = j.id;
    return NULL;
}

/* ---- the monitor's weeks ---- */

static const struct asked full[] = {
    {"document", "Write version 3 of the monitoring plan", "With what the last two visits showed.", ROLE_CRA, ROLE_STUDY_MANAGER, -10, WEEK + 2, 48, 8, false, NULL},
    {"training", "Train the new monitor of the north", NULL, ROLE_CRA, ROLE_STUDY_MANAGER, -8, WEEK + 1, 56, 0, false, NULL},
    {"review", "Review the source of 1003 to 1006 again", NULL, ROLE_CRA, ROLE_STUDY_MANAGER, -6, WEEK + 3, 44, 0, false, NULL},
    {"review", "Check the translations of the consent form", NULL, ROLE_CRA, ROLE_STUDY_MANAGER, -5, WEEK + 4, 40, 0, false, NULL},
    {"report", "Write the summary for the steering committee", NULL, ROLE_CRA, ROLE_STUDY_MANAGER, -20, -4, 24, 20, false, NULL},
    {"ask", "Monitor Porto too next week", "Its monitor is ill. A day on site, and the letter.", ROLE_CRA, ROLE_STUDY_MANAGER, -1, WEEK + 3, 48, 0, true, NULL},
};
static const struct asked others[] = {
    {"document", "Send the enrolment figures of the month", "From the log, by arm of screening, no names.", ROLE_COORDINATOR, ROLE_STUDY_MANAGER, -40, 5, 0, 0, false, "month"},
    {"call", "Call the courier about the broken box", NULL, ROLE_CTA, ROLE_CRA, -3, 1, 0, 0, false, NULL},
};

static err_t
her_week(struct ctx *c, void *arg)
{
    TRY(db_run(c, &LOAD_PERSON_SET, DB_IN(db_int(c->who->person), db_int(36 * 60)), NULL));
    TRY(db_run(c, &LOAD_ABSENCE_ADD, DB_IN(db_text(ref_new(c->mem)), db_int(c->who->person), db_text(day_text(c, c->today + 15, WEEK + 4)),
                                           db_text(day_text(c, c->today + 15, WEEK + 4))), NULL));
    record_about(c, "person", c->who->person, c->who->ref, NULL);
    record_event(c);
    return NULL;
}

static err_t
tell_weeks(const struct ctx *c, const struct demo_study *s)
{
    int64_t id;
    TRY(demo_on_day(c, -15, s->person[ROLE_CRA], "load.hours", her_week, NULL));
    for (size_t i = 0; i < COUNT_OF(full); i++)
        TRY(tell_asked(c, s, &full[i], 0, &id));
    for (size_t i = 0; i < COUNT_OF(others); i++)
        TRY(tell_asked(c, s, &others[i], 0, &id));
    return NULL;
}

/* ---- what waits for what ---- */

static const struct asked chain[3] = {
    {"document", "Close the site’s file of the first year", NULL, ROLE_CTA, ROLE_STUDY_MANAGER, -18, 2, 0, 0, false, NULL},
    {"document", "Send the training certificates of the site’s team", NULL, ROLE_COORDINATOR, ROLE_CTA, -16, 1, 0, 0, false, NULL},
    {"ask", "Let the site’s team into the training platform", NULL, ROLE_CRA, ROLE_COORDINATOR, -15, -5, 0, 0, false, NULL},
};

struct waiting_pair {
    int64_t due, other;
};

static err_t
let_wait(struct ctx *c, void *arg)
{
    const struct waiting_pair *p = arg;
    return due_wait(c, p->due, p->other);
}

static err_t
tell_chain(const struct ctx *c, const struct demo_study *s)
{
    int64_t id[3];
    for (size_t i = 0; i < 3; i++)
        TRY(tell_asked(c, s, &chain[i], 0, &id[i]));
    for (size_t i = 0; i < 2; i++) {
        struct waiting_pair p = {id[i], id[i + 1]};
        TRY(demo_on_day(c, -8 + (int)i, s->person[chain[i].owing], "due.wait", let_wait, &p));
    }
    return NULL;
}

/* ---- said, on the telephone ---- */

static const struct asked called = {"ask", "Say which day suits the pharmacy for its audit", NULL, ROLE_COORDINATOR, ROLE_STUDY_MANAGER, -7, 9, 0, 0, true, NULL};

static err_t
note_call(struct ctx *c, void *arg)
{
    const struct week *w = arg;
    return due_step(c, w->due[0], ACTION_ACCEPT, &(struct due_by){.side = SIDE_OWING, .how = "by telephone, noted here"});
}

static const struct {
    enum role who;
    int day;
    const char *way;
    enum role with;
    const char *words;
} lines[] = {
    {ROLE_CRA, -33, "mail", ROLE_COORDINATOR, "mailed Cora the dates for autumn"},
    {ROLE_CRA, -21, "call", ROLE_INVESTIGATOR, "called Dr Vaz, moved the visit"},
    {ROLE_STUDY_MANAGER, -6, "call", ROLE_COORDINATOR, "called Cora, she takes the pharmacy's audit"},
    {ROLE_CRA, -2, "call", ROLE_COORDINATOR, "called Cora, boxes came without ice"},
    {ROLE_COORDINATOR, -2, "call", ROLE_CRA, "Ana called, told her about the ice"},
};

static err_t
note_contact(struct ctx *c, void *arg)
{
    const struct week *w = arg;
    size_t i = (size_t)w->due[1];
    struct thing site = {.study = w->s->study, .study_site = w->s->site};
    const char *ref;
    return contact_write(c, &(struct contact_new){.site = &site, .at_site = lines[i].who == ROLE_COORDINATOR, .line = lines[i].words, .way = lines[i].way,
                                                  .day = day_text(c, c->today, 0), .with = &w->s->person[lines[i].with], .n_with = 1}, &ref);
}

static err_t
tell_calls(const struct ctx *c, const struct demo_study *s)
{
    struct week w = {.s = s};
    TRY(tell_asked(c, s, &called, 0, &w.due[0]));
    TRY(demo_on_day(c, -6, s->person[ROLE_STUDY_MANAGER], "due.step", note_call, &w));
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        w.due[1] = (int64_t)i;
        TRY(demo_on_day(c, lines[i].day, s->person[lines[i].who], "contact.note", note_contact, &w));
    }
    return NULL;
}

/* ---- away, and gone ---- */

static err_t
ask_cover(struct ctx *c, void *arg)
{
    const struct week *w = arg;
    return due_cover_ask(c, w->s->person[ROLE_CRA], "Ana Ribeiro", day_text(c, c->today + 4, WEEK + 7), day_text(c, c->today + 4, WEEK + 11));
}

static err_t
add_leaver(struct ctx *c, void *arg)
{
    struct week *w = arg;
    return access_add(c, &(struct access_new){.name = "Otto Olsen", .email = "olsen@demo.invalid", .role = role_word(ROLE_CRA),
                                              .study = w->s->study, .study_site = w->s->site}, &w->leaver);
}

static const struct asked left[] = {
    {"action_item", "Bring the site the new laboratory manual", NULL, ROLE_CRA, ROLE_STUDY_MANAGER, -25, 6, 0, 0, false, NULL},
    {"ask", "Find out why two kits were not registered", NULL, ROLE_CRA, ROLE_COORDINATOR, -14, 4, 0, 0, false, NULL},
    {"document", "Send the accountability log of the first shipment", NULL, ROLE_CRA, ROLE_CTA, -13, 12, 0, 0, false, NULL},
};

static err_t
offer(struct ctx *c, void *arg)
{
    struct week *w = arg;
    struct thing t;
    size_t none;
    TRY(study_thing(c, w->s->study, &t));
    return handover_offer(c, &(struct handover_new){&t, w->leaver, w->s->person[ROLE_CRA], "Otto works for another unit from the first of next month."}, &w->ref, &none);
}

static err_t
tell_leaving(const struct ctx *c, const struct demo_study *s)
{
    struct week w = {.s = s};
    int64_t id;
    TRY(demo_on_day(c, -30, s->person[ROLE_DIRECTOR], "user.add", add_leaver, &w));
    for (size_t i = 0; i < COUNT_OF(left); i++)
        TRY(tell_asked(c, s, &left[i], w.leaver, &id));
    TRY(demo_on_day(c, -1, s->person[ROLE_STUDY_MANAGER], "handover.offer", offer, &w));
    return demo_on_day(c, -4, s->person[ROLE_CTA], "cover.ask", ask_cover, &w);
}

err_t
demo_week(const struct ctx *c, const struct demo_study *study)
{
    TRY(tell_weeks(c, study));
    TRY(tell_chain(c, study));
    TRY(tell_calls(c, study));
    return tell_leaving(c, study);
}
