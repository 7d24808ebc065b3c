/* sight.h: what the recruitment pages look at: a study's data, the forecast as of the day that is
 * looked from, and the one of a month before. Made once a page; its parts are drawn by pages.c (stat
 * line, chart), beside.c (cards beside the chart), league.c (sites) and pages_own.c (a
 * site's own view). Everything is in c->mem. */
#ifndef FEATURES_RECRUITMENT_SIGHT_H
#define FEATURES_RECRUITMENT_SIGHT_H

#include "core/may.h"
#include "features/recruitment/data.h"
#include "features/recruitment/recruitment.h"
#include "models/forecast.h"

struct sight {
    struct ctx *c;
    struct data *d;
    struct forecast_of now, before;
    bool old, has_before, back; /* back: looked at from a day that was asked for */
    int32_t today;
    struct thing t;
};

/* The levels of fc_result's days and curve. */
enum sight_level { P05, P10, P25, P50, P75, P90, P95 };

/* `as_of`: the day to look from, ISO, or NULL; what is no day up to today is not looked at. */
err_t sight_look(struct ctx *c, const struct thing *t, const char *as_of, struct sight **ret);
const char *sight_words(const struct sight *s, int32_t day); /* "8 Mar 2027" */
/* The day that so many days from the cut fall on. */
int32_t sight_day(const struct forecast_of *f, double days);
/* "14", "less than 1", "more than 99" of 100. */
const char *sight_in_100(struct arena *a, double p);

/* ---- the parts of the page ---- */

void beside_add(struct sight *s, struct view *page);   /* beside.c: challengers, checks, gap, funnel */
/* league.c: the table of sites; `sort` and `all` as in the address, or NULL. */
void league_add(struct sight *s, const char *sort, bool all, struct view *page);
enum { LEAGUE_WEEKS = 12 };
/* Enrolled in each of the last weeks, oldest first; returns their sum. */
int league_weeks(const struct sight *s, const struct data_site *site, int ret[static LEAGUE_WEEKS]);
/* The engine's row of a site, or NULL. */
const struct fc_site_row *league_row(const struct sight *s, const struct data_site *site);

#endif
