/* gap.c: where the distance from the plan comes from. See gap.h for the formulas. Pure; called by
 * the recruitment page. */
#include "features/recruitment/gap.h"

#include <math.h>
#include <stdbool.h>

enum { DAY_FAR = 100000, COUNT_MAX = 100000000 };

struct days {
    double planned, open, shut;
};

/* A day as one between far past and the day after the cut; `none` when there is no such day. */
static int64_t
day_or(int32_t day, int32_t cut, int64_t none)
{
    int64_t end = (int64_t)cut + 1;
    if (day == GAP_NO_DAY)
        return none;
    return day > end ? end : day < end - DAY_FAR ? end - DAY_FAR : day;
}

static double
length(int64_t from, int64_t to)
{
    return to > from ? (double)(to - from) : 0;
}

static struct days
days_of(const struct gap_site *s, int32_t cut)
{
    int64_t end = (int64_t)cut + 1;
    int64_t stop = day_or(s->planned_close, cut, end);
    int64_t opened = day_or(s->opened, cut, end);
    int64_t closed = day_or(s->closed, cut, end), again = day_or(s->reopened, cut, end);
    return (struct days){
        .planned = length(day_or(s->planned_open, cut, end), stop),
        .open = length(opened, stop),
        .shut = length(closed > opened ? closed : opened, again < stop ? again : stop),
    };
}

static bool
is_open(const struct gap_site *s, int32_t cut)
{
    return s->opened != GAP_NO_DAY && s->opened <= cut;
}

static double
weight_of(const struct gap_site *s, double mean)
{
    return isfinite(s->rate) && s->rate > 0 ? s->rate : mean;
}

static double
mean_weight(const struct gap_in *in)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < in->n_site; i++) {
        double w = weight_of(&in->site[i], 0);
        sum += w;
        n += w > 0;
    }
    return n && isfinite(sum) ? sum / (double)n : 1;
}

/* Planned participants per unit of weight and day; 0 when the plan of openings cannot tell. */
static double
unit_rate(const struct gap_in *in, double planned, double mean)
{
    double weighted = 0;
    size_t known = 0;
    for (size_t i = 0; i < in->n_site; i++) {
        if (in->site[i].planned_open == GAP_NO_DAY)
            continue;
        known++;
        weighted += weight_of(&in->site[i], mean) * days_of(&in->site[i], in->cut).planned;
    }
    if (weighted <= 0 || !isfinite(weighted) || known * 2 < in->n_site)
        return 0;
    return planned / weighted;
}

static void
lose(double *parts, int *sites, enum gap_kind kind, double n)
{
    parts[kind] += n;
    sites[kind] += n != 0;
}

static void
add_site(const struct gap_site *s, int32_t cut, double rate, double *parts, int *sites)
{
    struct days d = days_of(s, cut);
    bool withdrawn = s->closed != GAP_NO_DAY && s->closed <= cut;
    if (s->planned_open == GAP_NO_DAY) {
        if (is_open(s, cut))
            lose(parts, sites, GAP_EXTRA, -rate * (d.open - d.shut));
    } else if (is_open(s, cut)) {
        lose(parts, sites, GAP_LATE, rate * (d.planned - d.open));
        lose(parts, sites, GAP_CLOSED, rate * d.shut);
    } else {
        lose(parts, sites, withdrawn ? GAP_CLOSED : GAP_NOT_OPEN, rate * d.planned);
    }
}

/* Whole numbers that add up to `total`: rounded down, then one more for the greatest remainders. */
static void
share_out(const double *parts, int total, int *ret)
{
    double rest[GAP_KINDS];
    int left = total;
    for (int k = 0; k < GAP_KINDS; k++) {
        bool any = parts[k] != 0 || k == GAP_PACE;
        ret[k] = any ? (int)floor(parts[k]) : 0;
        rest[k] = any ? parts[k] - floor(parts[k]) : -1;
        left -= ret[k];
    }
    for (; left > 0; left--) {
        int best = GAP_PACE;
        for (int k = 0; k < GAP_KINDS; k++) {
            if (rest[k] > rest[best])
                best = k;
        }
        ret[best]++;
        rest[best] = -1;
    }
}

struct gap
gap_find(const struct gap_in *in)
{
    double planned = isfinite(in->planned) && in->planned > 0 ? fmin(in->planned, COUNT_MAX) : 0;
    double parts[GAP_KINDS] = {0}, found = 0;
    int sites[GAP_KINDS] = {0}, whole[GAP_KINDS];
    double mean = mean_weight(in), unit = unit_rate(in, planned, mean);
    for (size_t i = 0; unit > 0 && i < in->n_site; i++)
        add_site(&in->site[i], in->cut, unit * weight_of(&in->site[i], mean), parts, sites);
    for (int k = 0; k < GAP_PACE; k++) {
        parts[k] = fabs(parts[k]) < 1e-9 ? 0 : fmax(-COUNT_MAX, fmin(parts[k], COUNT_MAX));
        found += parts[k];
    }
    parts[GAP_PACE] = planned - in->actual - found;
    struct gap gap = {.planned = (int)lround(planned)};
    gap.behind = gap.planned - in->actual;
    share_out(parts, gap.behind, whole);
    for (int k = 0; k < GAP_KINDS; k++) {
        if (whole[k])
            gap.part[gap.n_part++] = (struct gap_part){(enum gap_kind)k, -whole[k], sites[k]};
    }
    return gap;
}

const char *
gap_words(enum gap_kind kind, int n)
{
    static const char *const words[GAP_KINDS][2] = {
        [GAP_LATE] = {"Sites opened late", "Sites opened early"},
        [GAP_NOT_OPEN] = {"Sites not open yet", "Sites not open yet"},
        [GAP_CLOSED] = {"Sites closed or paused", "Sites closed or paused"},
        [GAP_EXTRA] = {"Sites not in the plan", "Sites not in the plan"},
        [GAP_PACE] = {"Slower than planned", "Faster than planned"},
    };
    return kind < GAP_KINDS ? words[kind][n > 0] : "";
}
