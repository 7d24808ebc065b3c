/* sight.c: see sight.h. */
#include "features/recruitment/sight.h"

#include "base/date.h"
#include "base/str.h"
#include "features/recruitment/pages.h"

#include <math.h>

enum { MONTH_AGO = 30 };

err_t
sight_look(struct ctx *c, const struct thing *t, const char *as_of, struct sight **ret)
{
    struct sight *s = arena_alloc(c->mem, sizeof *s);
    int32_t chosen;
    *s = (struct sight){.c = c, .t = *t, .today = c->today};
    TRY(data_load(c, t->study, &s->d));
    int32_t cut = data_cut(s->d, c->today, &s->old);
    if (as_of && date_parse(as_of, &chosen) && chosen < c->today) {
        cut = chosen;
        s->old = false;
        s->back = true;
    }
    TRY(forecast_of_data(c, s->d, cut - MONTH_AGO, NULL, &s->before));
    s->has_before = s->before.result != NULL;
    TRY(forecast_of_data(c, s->d, cut, NULL, &s->now));
    *ret = s;
    return NULL;
}

const char *
sight_words(const struct sight *s, int32_t day)
{
    return date_words(s->c->mem, day, DATE_DAY);
}

int32_t
sight_day(const struct forecast_of *f, double days)
{
    return f->cut + 1 + (int32_t)floor(days);
}

const char *
sight_in_100(struct arena *a, double p)
{
    int n = (int)lround(p * 100);
    if (p > 0 && n == 0)
        return "less than 1";
    if (p < 1 && n == 100)
        return "more than 99";
    return arena_printf(a, "%d", n);
}
