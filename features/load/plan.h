/* plan.h: one person's weeks: what she can carry, what she agreed to, what it took. Read for herself;
 * for somebody else only through what she shares (pages_shared.c). */
#ifndef FEATURES_LOAD_PLAN_H
#define FEATURES_LOAD_PLAN_H

#include "base/ctx.h"
#include "base/str.h"
#include "features/load/weeks.h"

enum { PLAN_BACK = 12, PLAN_AHEAD = 12, PLAN_WEEKS = PLAN_BACK + 1 + PLAN_AHEAD, PLAN_MOST = 5000 };
enum { PLAN_WEEKLY = 40 * 60 }; /* where she said nothing: the Forty-Hour Week Convention, 1935 (No. 47) */

/* What one study asks of her by one kind of thing, over the weeks shown. */
struct plan_part {
    const char *study, *kind; /* study NULL: her own notes */
    int items;
    int32_t planned, spent;
};
struct plan {
    int32_t weekly;
    bool said; /* she said how many hours */
    const char *calendar; /* "holidays of Germany" */
    struct weeks_person person;
    struct weeks_week week[PLAN_WEEKS]; /* this week is PLAN_BACK */
    struct plan_part *part;
    size_t n_parts;
    bool cut; /* more than PLAN_MOST things: the rest is not counted */
};
err_t plan_of(struct ctx *c, int64_t person, struct plan *ret);

/* The minutes that a thing of this kind is taken to need by her. */
err_t plan_kind(struct ctx *c, int64_t person, const char *kind, int32_t *ret);
const char *plan_kind_words(const char *kind);
/* Every kind with its words; NULL ends. */
const char *plan_kind_at(size_t i, const char **ret_words, int32_t *ret_minutes);

/* "7.5", "36": hours of minutes, to the quarter of an hour. */
const char *plan_hours(struct arena *a, int32_t minutes);
/* "You have agreed to 31 of 36 hours in the week of 7 Dec. This would take about 1. First week with room: 21 Dec." */
const char *plan_words(struct ctx *c, const struct plan *p, int32_t due, int32_t minutes);
/* The weeks from `from` on as a picture; `n` of them, `mark` stands out (PLAN_WEEKS: none). */
const char *plan_picture(struct ctx *c, const struct plan *p, size_t from, size_t n, size_t mark, bool whole);

#endif
