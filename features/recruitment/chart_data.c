/* chart_data.c: the chart's input made safe, and its span. See chart_data.h. Draws nothing. */
#include "features/recruitment/chart_data.h"

#include "base/arena.h"
#include "base/date.h"
#include "features/recruitment/chart_words.h"

#include <math.h>

enum {
    CUT_MIN = -25567, CUT_MAX = 120529, /* 1900 to 2300: the cut comes from a clock or a log */
    REACH = 36525,                      /* points further from the cut than this are left out */
    SPAN_MIN = 28, YEAR = 366, BEYOND_MIN = 120, COUNT_MAX = 100000000,
};
static const double month_days = 30.436875;

static bool
day_ok(const struct chart_data *d, int32_t day)
{
    return day > d->cut - REACH && day < d->cut + REACH;
}

static double
count_ok(double n)
{
    return n < 0 ? 0 : n > COUNT_MAX ? COUNT_MAX : n;
}

static void
take_plan(struct chart_data *d, const struct chart_in *in)
{
    d->plan = arena_alloc(d->mem, (in->n_plan + 1) * sizeof *d->plan);
    for (size_t i = 0; i < in->n_plan; i++) {
        struct chart_plan p = in->plan[i];
        bool later = !d->n_plan || p.day > d->plan[d->n_plan - 1].day;
        if (!isfinite(p.n) || !day_ok(d, p.day) || !later)
            continue;
        p.n = count_ok(p.n);
        d->plan[d->n_plan++] = p;
    }
}

/* Counts with from <= day <= to, days ascending, never falling. */
static size_t
take_counts(const struct chart_data *d, struct chart_count *to_list, const struct chart_count *from,
            size_t n, int32_t first, int32_t last)
{
    size_t taken = 0;
    for (size_t i = 0; i < n; i++) {
        struct chart_count c = from[i];
        if (!day_ok(d, c.day) || c.day < first || c.day > last ||
            (taken && c.day <= to_list[taken - 1].day))
            continue;
        c.n = (int)count_ok(c.n);
        if (taken && c.n < to_list[taken - 1].n)
            c.n = to_list[taken - 1].n;
        to_list[taken++] = c;
    }
    return taken;
}

static void
take_band(struct chart_data *d, const struct chart_in *in)
{
    d->band = arena_alloc(d->mem, (in->n_band + 1) * sizeof *d->band);
    d->band[0] = (struct chart_band){d->cut, d->now, d->now, d->now, d->now, d->now};
    d->n_band = 1;
    for (size_t i = 0; i < in->n_band; i++) {
        struct chart_band q = in->band[i];
        double *p[] = {&q.p10, &q.p25, &q.p50, &q.p75, &q.p90};
        bool ok = day_ok(d, q.day) && q.day > d->band[d->n_band - 1].day;
        for (size_t k = 0; k < 5; k++) {
            ok = ok && isfinite(*p[k]);
            *p[k] = count_ok(*p[k]);
            if (k && *p[k] < *p[k - 1])
                *p[k] = *p[k - 1];
        }
        if (ok)
            d->band[d->n_band++] = q;
    }
    if (d->n_band == 1)
        d->n_band = 0;
}

static void
take_arrival(struct chart_data *d, const struct chart_in *in)
{
    d->arrive10 = in->arrive10, d->arrive50 = in->arrive50, d->arrive90 = in->arrive90;
    d->forecast = d->target && d->reached == CHART_NONE && d->arrive10 != CHART_NONE &&
                  d->arrive50 != CHART_NONE && d->arrive90 != CHART_NONE;
    if (!d->forecast)
        return;
    int32_t least = d->cut;
    int32_t *days[] = {&d->arrive10, &d->arrive50, &d->arrive90};
    for (size_t i = 0; i < 3; i++) {
        if (*days[i] >= d->cut + REACH)
            *days[i] = CHART_NEVER;
        if (*days[i] < least)
            *days[i] = least;
        least = *days[i];
    }
}

static void
find_plan_end(struct chart_data *d)
{
    d->plan_end = CHART_NONE;
    if (!d->n_plan)
        return;
    const struct chart_plan *p = d->plan;
    d->plan_end = p[d->n_plan - 1].day;
    for (size_t i = 0; d->target && i < d->n_plan; i++) {
        if (p[i].n < d->target)
            continue;
        d->plan_reaches = true;
        d->plan_end = p[i].day;
        if (i && p[i].n > p[i - 1].n) {
            double part = (d->target - p[i - 1].n) / (p[i].n - p[i - 1].n);
            d->plan_end = p[i - 1].day + (int32_t)ceil(part * (p[i].day - p[i - 1].day) - 1e-9);
        }
        return;
    }
}

static void
find_reached(struct chart_data *d)
{
    d->reached = CHART_NONE;
    d->now = d->n_actual ? d->actual[d->n_actual - 1].n : 0;
    for (size_t i = d->n_actual; d->target && i-- > 0 && d->actual[i].n >= d->target;)
        d->reached = d->actual[i].day;
}

static int32_t
earlier(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t
later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t
span_first(const struct chart_data *d, const struct chart_in *in)
{
    int32_t first = d->cut;
    if (in->first != CHART_NONE && day_ok(d, in->first))
        first = earlier(first, in->first);
    if (d->n_plan)
        first = earlier(first, d->plan[0].day);
    if (d->n_actual)
        first = earlier(first, d->actual[0].day);
    return first;
}

/* The right edge. What is known and promised is always shown. The forecast is shown to its 90th
 * percentile while that takes at most 60 % more (at least 120 days), or to a little past its median
 * while the picture stays within four times what is known: a picture that shows only the far future
 * shows nothing. Whatever lies beyond is said in words at the edge. */
static int32_t
span_last(const struct chart_data *d, int32_t first)
{
    int32_t known = later(d->cut, d->reached);
    if (d->n_plan)
        known = later(known, d->plan[d->n_plan - 1].day);
    known = later(known, d->deadline);
    if (d->n_came)
        known = later(known, d->came[d->n_came - 1].day);
    double span = later(known - first, SPAN_MIN);
    double want = known;
    if (d->forecast && d->arrive90 != CHART_NEVER)
        want = d->arrive90;
    else if (d->forecast || d->n_band > 1)
        want = known + BEYOND_MIN + span * .6;
    double cap = known + fmax(span * .6, BEYOND_MIN);
    if (d->forecast && d->arrive50 != CHART_NEVER)
        cap = fmax(cap, fmin(d->arrive50 + .3 * (d->arrive50 - d->cut), first + 4 * span));
    double last = fmax(known, fmin(want, cap));
    last = fmax(last, first + SPAN_MIN - 7);
    return (int32_t)(last + ceil((last - first) * .03));
}

/* The step of the rows, and the first edge moved back to the row at or before it. */
static void
choose_rows(struct chart_data *d, int32_t first)
{
    static const int months[] = {1, 2, 3, 6, 12, 24, 60, 120};
    int span = d->last - first;
    d->step = (struct chart_step){.days = 7};
    if (span > YEAR) {
        size_t i = 0;
        while (i + 1 < sizeof months / sizeof *months &&
               span / (month_days * months[i]) > CHART_ROWS - 3)
            i++;
        d->step = (struct chart_step){.months = months[i]};
    }
    d->rows_before = 0;
    while (chart_data_row_day(d, 0) > first)
        d->rows_before++;
    d->first = chart_data_row_day(d, 0);
    d->rows = d->rows_before + 1;
    while (chart_data_row_day(d, d->rows) <= d->last)
        d->rows++;
}

int32_t
chart_data_row_day(const struct chart_data *d, int k)
{
    int steps = k - d->rows_before;
    if (d->step.days)
        return d->cut + steps * d->step.days;
    return date_add_months(d->cut, steps * d->step.months);
}

double
chart_data_row_max(const struct chart_data *d)
{
    return (d->last - d->first) / (d->step.days ? d->step.days : d->step.months * month_days);
}

int
chart_data_actual_at(const struct chart_data *d, int32_t day)
{
    int n = 0;
    for (size_t i = 0; i < d->n_actual && d->actual[i].day <= day; i++)
        n = d->actual[i].n;
    return n;
}

bool
chart_data_band_at(const struct chart_data *d, int32_t day, struct chart_band *ret)
{
    for (size_t i = 1; i < d->n_band; i++) {
        const struct chart_band *a = &d->band[i - 1], *b = &d->band[i];
        if (day > b->day)
            continue;
        double f = (double)(day - a->day) / (b->day - a->day);
        *ret = (struct chart_band){.day = day,
            .p10 = a->p10 + f * (b->p10 - a->p10), .p25 = a->p25 + f * (b->p25 - a->p25),
            .p50 = a->p50 + f * (b->p50 - a->p50), .p75 = a->p75 + f * (b->p75 - a->p75),
            .p90 = a->p90 + f * (b->p90 - a->p90)};
        return true;
    }
    return false;
}

double
chart_planned(const struct chart_plan *plan, size_t n, int32_t day)
{
    if (!n || day < plan[0].day)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if (day < plan[i].day) {
            double f = (double)(day - plan[i - 1].day) / (plan[i].day - plan[i - 1].day);
            return plan[i - 1].n + f * (plan[i].n - plan[i - 1].n);
        }
    }
    return plan[n - 1].n;
}

struct chart_data *
chart_data_new(struct arena *a, const struct chart_in *in)
{
    struct chart_data *d = arena_alloc(a, sizeof *d);
    d->mem = a;
    d->words = in->words ? in->words : &chart_words_english;
    d->id = in->id;
    d->target = (int)count_ok(in->target);
    d->cut = in->cut < CUT_MIN ? CUT_MIN : in->cut > CUT_MAX ? CUT_MAX : in->cut;
    d->today = in->today == CHART_NONE || !day_ok(d, in->today) ? d->cut : in->today;
    d->deadline = in->deadline != CHART_NONE && day_ok(d, in->deadline) ? in->deadline : CHART_NONE;
    take_plan(d, in);
    d->actual = arena_alloc(a, (in->n_actual + 1) * sizeof *d->actual);
    d->n_actual = take_counts(d, d->actual, in->actual, in->n_actual, d->cut - REACH, d->cut);
    d->came = arena_alloc(a, (in->n_came + 1) * sizeof *d->came);
    d->n_came = take_counts(d, d->came, in->came, in->n_came, d->cut + 1, d->cut + REACH);
    find_reached(d);
    take_band(d, in);
    if (d->reached != CHART_NONE)
        d->n_band = 0;
    take_arrival(d, in);
    find_plan_end(d);
    int32_t first = span_first(d, in);
    if (d->deadline != CHART_NONE)
        first = earlier(first, d->deadline);
    d->last = span_last(d, first);
    choose_rows(d, first);
    d->most = d->target > d->now ? d->target : d->now;
    for (size_t i = 0; i < d->n_plan; i++)
        d->most = fmax(d->most, d->plan[i].n);
    if (d->n_came)
        d->most = fmax(d->most, d->came[d->n_came - 1].n);
    if (!d->target && d->n_band)
        d->most = fmax(d->most, d->band[d->n_band - 1].p75);
    return d;
}
