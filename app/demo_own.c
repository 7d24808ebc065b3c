/* demo_own.c: a study of another sponsor, without Rapport, that the demonstration's coordinator keeps for
 * herself: in the same queue as all else, and seen by nobody of the study's sponsor. Called by demo.c. */
#include "app/demo.h"
#include "base/date.h"
#include "base/str.h"
#include "core/record.h"
#include "features/ownwork/store.h"

struct entry {
    const char *what, *who;
    int day; /* 0: the first day of the demonstration */
};
static const struct {
    const char *name, *sponsor;
    struct entry entry[4];
} studies[] = {
    {"Heart failure registry", "University hospital consortium",
     {{"Enter the follow-ups of October", "Registry office", -2}, {"Send the signed agreement back", "Ida Iversen", 1}, {"Renew the training certificate", "Registry office", 16}}},
    {"Migraine device study", "Invented Devices",
     {{"Count the returned devices", "Leo Larsen, monitor", 0}, {"Prepare for the monitor’s visit", "Leo Larsen, monitor", 5}}},
};

struct keeping {
    const struct demo_study *at;
    size_t i;
};

static err_t
keep(struct ctx *c, void *arg)
{
    const struct keeping *k = arg;
    struct own o;
    TRY(own_new(c, studies[k->i].name, studies[k->i].sponsor, &o));
    for (const struct entry *e = studies[k->i].entry; e < studies[k->i].entry + COUNT_OF(studies[k->i].entry) && e->what; e++) {
        char day[DATE_TEXT];
        struct own_taken t;
        date_iso(c->today + 10 + e->day, day); /* it was taken in ten days before */
        struct own_line line = {.number = 1, .text = e->what, .what = e->what, .who = e->who, .day = day, .uid = e->what};
        TRY(own_take(c, &o, &line, 1, &t));
    }
    own_note(c, &o);
    return NULL;
}

err_t
demo_own(const struct ctx *c, const struct demo_study *study)
{
    for (size_t i = 0; i < COUNT_OF(studies); i++) {
        struct keeping k = {study, i};
        TRY(demo_on_day(c, -10, study->person[ROLE_COORDINATOR], "own.take", keep, &k));
    }
    return NULL;
}
