/* pages.c: the recruitment page: what the engine says, drawn. Parse, query, view. */
#include "features/recruitment/pages.h"

#include "base/csv.h"
#include "base/str.h"
#include "core/countries.h"
#include "core/draw.h"
#include "core/record.h"
#include "db/db.h"
#include "features/recruitment/chart.h"
#include "features/recruitment/chart_small.h"
#include "features/recruitment/data.h"
#include "features/recruitment/gap.h"
#include "features/studies/studies.h"
#include "models/forecast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEEKS = 12, PACE_DAYS = 56, MONTH_AGO = 30 };

/* What the page is made of. */
struct sight {
    struct ctx *c;
    struct data *d;
    struct forecast_of now, before;
    bool old, has_before;
    int32_t today;
    struct thing t;
};

static const char *
words_of_day(struct sight *s, int32_t day)
{
    return date_words(s->c->mem, day, DATE_DAY);
}

/* "8 Mar" when in the year of today or the next, with the year apart. */
static void
view_day(struct sight *s, struct view *v, const char *key, const char *year_key, int32_t day)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    const char *words = words_of_day(s, day);
    view_text(v, key, arena_strndup(s->c->mem, words, strlen(words) - 5));
    view_int(v, year_key, y);
}

/* The day that so many days from the cut fall on. */
static int32_t
day_after(const struct forecast_of *f, double days)
{
    return f->cut + 1 + (int32_t)floor(days);
}

static int32_t
arrival(const struct forecast_of *f, size_t level)
{
    double days = f->result ? f->result->days[level] : NAN;
    return isnan(days) ? CHART_NONE : isinf(days) ? CHART_NEVER : day_after(f, days);
}

enum { P05, P10, P25, P50, P75, P90, P95 };

/* ---- the stat line ---- */

static void
add_enrolled(struct sight *s, struct view *stats)
{
    const struct forecast_of *f = &s->now;
    view_int(stats, "enrolled", f->enrolled);
    if (!f->has_target)
        return;
    view_int(stats, "target", f->target);
    struct buf b;
    buf_init(&b, s->c->mem);
    double share = (double)f->enrolled / (double)f->target;
    draw_meter(&b, (double)f->enrolled, (double)f->target, NULL, arena_printf(s->c->mem, "%.0f percent of the target", fmin(share, 1) * 100));
    view_html(stats, "meter", buf_text(&b));
    view_bool(stats, "reached", f->enrolled >= f->target);
}

static void
add_against_plan(struct sight *s, struct view *stats)
{
    if (!s->d->n_plan)
        return;
    double planned = data_planned(s->d, s->now.cut);
    int64_t behind = (int64_t)llround(planned) - s->now.enrolled;
    struct view *v = view_map(stats, "plan");
    view_int(v, "n", behind < 0 ? -behind : behind);
    view_bool(v, "behind", behind > 0);
    view_bool(v, "ahead", behind < 0);
    view_int(v, "planned", llround(planned));
    view_text(v, "day", words_of_day(s, s->now.cut));
}

static double
count_since(const struct data *d, int32_t from, int32_t to)
{
    double n = 0;
    for (size_t i = 0; i < d->n_enrolled; i++)
        n += d->enrolled[i].day > from && d->enrolled[i].day <= to;
    return n;
}

static void
add_pace(struct sight *s, struct view *stats)
{
    const struct forecast_of *f = &s->now;
    double weeks = PACE_DAYS / 7.0;
    view_textf(stats, "pace", "%.1f", count_since(s->d, f->cut - PACE_DAYS, f->cut) / weeks);
    if (!f->has_deadline || !f->has_target || f->enrolled >= f->target)
        return;
    view_text(stats, "deadline", words_of_day(s, f->deadline));
    if (f->deadline > f->cut)
        view_textf(stats, "needed", "%.1f", (double)(f->target - f->enrolled) * 7 / (f->deadline - f->cut));
    else
        view_bool(stats, "deadline_over", true);
}

static const char *
in_100(struct arena *a, double p)
{
    int n = (int)lround(p * 100);
    if (p > 0 && n == 0)
        return "less than 1";
    if (p < 1 && n == 100)
        return "more than 99";
    return arena_printf(a, "%d", n);
}

static void
add_likely(struct sight *s, struct view *stats)
{
    const struct forecast_of *f = &s->now;
    if (!f->result || f->enrolled >= f->target)
        return;
    struct view *v = view_map(stats, "likely");
    int32_t mid = arrival(f, P50), low = arrival(f, P10), high = arrival(f, P90);
    if (mid == CHART_NEVER)
        view_bool(v, "never", true);
    else
        view_day(s, v, "day", "year", mid);
    view_text(v, "low", low == CHART_NEVER ? "beyond the horizon" : words_of_day(s, low));
    view_text(v, "high", high == CHART_NEVER ? "beyond the horizon" : words_of_day(s, high));
    if (!f->has_deadline)
        return;
    struct view *chance = view_map(stats, "chance");
    view_text(chance, "day", words_of_day(s, f->deadline));
    view_text(chance, "n", in_100(s->c->mem, f->result->deadline_probability));
    if (s->has_before && s->before.result)
        view_text(chance, "before", in_100(s->c->mem, s->before.result->deadline_probability));
}

/* When the target was reached, of those that count. */
static void
add_reached(struct sight *s, struct view *stats)
{
    if (s->now.has_target && s->now.enrolled >= s->now.target && (size_t)s->now.target <= s->d->n_enrolled)
        view_text(stats, "reached_on", words_of_day(s, s->d->enrolled[s->now.target - 1].day));
}

/* ---- the chart ---- */

static void
plan_points(struct sight *s, struct chart_in *in)
{
    const struct data *d = s->d;
    struct chart_plan *p = arena_alloc(s->c->mem, (d->n_plan + 1) * sizeof *p);
    size_t n = 0;
    for (size_t i = 0; i < d->n_plan; i++) {
        int32_t month;
        if (!date_parse(d->plan[i].month_on, &month))
            continue;
        if (n == 0)
            p[n++] = (struct chart_plan){month - 1, 0};
        p[n++] = (struct chart_plan){date_last_day(month, DATE_MONTH), (double)d->plan[i].enrolled};
    }
    in->plan = p;
    in->n_plan = n;
}

static size_t
counts(struct sight *s, int32_t from, int32_t to, const struct chart_count **ret)
{
    const struct data *d = s->d;
    struct chart_count *p = arena_alloc(s->c->mem, (d->n_enrolled + 1) * sizeof *p);
    size_t n = 0;
    for (size_t i = 0; i < d->n_enrolled; i++) {
        int32_t day = d->enrolled[i].day;
        if (day < from || day > to)
            continue;
        if (n && p[n - 1].day == day)
            p[n - 1].n = (int)i + 1;
        else
            p[n++] = (struct chart_count){day, (int)i + 1};
    }
    *ret = p;
    return n;
}

static void
band_points(struct sight *s, struct chart_in *in)
{
    const struct fc_result *r = s->now.result;
    if (!r)
        return;
    struct chart_band *p = arena_alloc(s->c->mem, r->curve.n * sizeof *p);
    for (size_t i = 0; i < r->curve.n; i++) {
        const int64_t *q = r->curve.count + i * FC_N_LEVELS;
        p[i] = (struct chart_band){day_after(&s->now, r->curve.t[i]) - 1, (double)q[P10], (double)q[P25], (double)q[P50], (double)q[P75], (double)q[P90]};
    }
    in->band = p;
    in->n_band = r->curve.n;
}

static struct chart_in
chart_of(struct sight *s)
{
    const struct forecast_of *f = &s->now;
    struct chart_in in = {.id = "rc", .target = (int)f->target, .cut = f->cut,
                          .today = f->cut == s->today ? f->cut : CHART_NONE, .first = CHART_NONE,
                          .deadline = f->has_deadline ? f->deadline : CHART_NONE,
                          .arrive10 = arrival(f, P10), .arrive50 = arrival(f, P50), .arrive90 = arrival(f, P90)};
    plan_points(s, &in);
    band_points(s, &in);
    in.n_actual = counts(s, INT32_MIN + 1, f->cut, &in.actual);
    return in;
}

static void
add_chart(struct sight *s, struct view *page)
{
    struct chart_in in = chart_of(s);
    struct buf wide, narrow;
    buf_init(&wide, s->c->mem);
    buf_init(&narrow, s->c->mem);
    chart_draw(&wide, &in, CHART_WIDE);
    chart_draw(&narrow, &in, CHART_NARROW);
    view_html(page, "chart_wide", buf_text(&wide));
    view_html(page, "chart_narrow", buf_text(&narrow));
    chart_table(view_list(page, "rows"), &in);
    view_bool(page, "has_plan", in.n_plan > 0);
    view_bool(page, "has_band", in.n_band > 0);
}

/* ---- beside it ---- */

static void
add_challenger(struct sight *s, struct view *list, const char *name, const char *meaning, double days)
{
    struct view *v = view_add_map(list);
    view_text(v, "name", name);
    view_text(v, "meaning", meaning);
    view_text(v, "day", isnan(days) ? "cannot say" : isinf(days) ? "never" : words_of_day(s, day_after(&s->now, days)));
}

static void
add_challengers(struct sight *s, struct view *page)
{
    const struct fc_result *r = s->now.result;
    if (!r || s->now.enrolled >= s->now.target)
        return;
    struct view *list = view_list(page, "challengers");
    add_challenger(s, list, "Straight line", "the average pace since the first site opened goes on", r->challengers.line_overall);
    add_challenger(s, list, "Last 90 days", "the pace of the last 90 days goes on", r->challengers.line_last90);
    add_challenger(s, list, "Textbook model", "the usual Poisson-gamma model with constant rates; too sure of itself on real trials", r->challengers.plugin[1]);
}

static void
add_checks(struct sight *s, struct view *page)
{
    const struct fc_result *r = s->now.result;
    struct view *list = view_list(page, "checks");
    for (size_t i = 0; r && i < s->now.data->notes.n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "text", s->now.data->notes.item[i].text);
    }
    for (size_t i = 0; r && i < r->checks.n; i++) {
        struct view *v = view_add_map(list);
        view_bool(v, "ok", r->checks.item[i].ok);
        view_text(v, "text", r->checks.item[i].text);
    }
    view_text(page, "basis", r ? r->fit->basis_text : NULL);
    view_bool(page, "may_never", r && r->never_by_horizon > 0.01);
    if (r && r->never_by_horizon > 0.01)
        view_text(page, "never", in_100(s->c->mem, r->never_by_horizon));
}

static struct gap
gap_of(struct sight *s)
{
    struct data *d = s->d;
    struct gap_site *site = arena_alloc(s->c->mem, d->n_sites * sizeof *site);
    data_totals(d, s->now.cut); /* a site whose opening is not known opened with its first enrolment */
    for (size_t i = 0; i < d->n_sites; i++) {
        site[i] = (struct gap_site){.planned_open = d->sites[i].planned, .planned_close = GAP_NO_DAY,
                                    .opened = d->sites[i].opened == DATA_NO_DAY ? d->sites[i].first : d->sites[i].opened, .closed = d->sites[i].closed, .reopened = GAP_NO_DAY};
        for (size_t k = 0; k < d->n_pauses; k++) {
            if (d->pauses[k].site == d->sites[i].row->id && site[i].closed == GAP_NO_DAY) {
                date_parse(d->pauses[k].from_on, &site[i].closed);
                if (d->pauses[k].to_on && date_parse(d->pauses[k].to_on, &site[i].reopened))
                    site[i].reopened++;
            }
        }
    }
    struct gap_in in = {.cut = s->now.cut, .planned = data_planned(d, s->now.cut), .actual = (int)s->now.enrolled, .site = site, .n_site = d->n_sites};
    return gap_find(&in);
}

static void
add_gap(struct sight *s, struct view *page)
{
    if (!s->d->n_plan)
        return;
    struct gap g = gap_of(s);
    struct view *v = view_map(page, "gap");
    view_int(v, "n", g.behind < 0 ? -g.behind : g.behind);
    view_bool(v, "behind", g.behind > 0);
    struct view *list = view_list(v, "parts");
    double most = 1;
    for (size_t i = 0; i < g.n_part; i++)
        most = fmax(most, abs(g.part[i].n));
    for (size_t i = 0; i < g.n_part; i++) {
        struct view *p = view_add_map(list);
        struct buf b;
        buf_init(&b, s->c->mem);
        view_text(p, "words", gap_words(g.part[i].kind, g.part[i].n));
        view_textf(p, "n", "%s%d", g.part[i].n < 0 ? "−" : "+", abs(g.part[i].n));
        chart_small_gap(&b, g.part[i].n, most, arena_printf(s->c->mem, "%d", g.part[i].n));
        view_html(p, "bar", buf_text(&b));
    }
}

static void
add_funnel(struct sight *s, struct view *page)
{
    struct data_totals t = data_totals(s->d, s->now.cut);
    if (!s->d->n_failed)
        return;
    struct view *v = view_map(page, "funnel"), *list = view_list(v, "steps");
    const struct {
        const char *name;
        int64_t n;
    } steps[] = {{"Screenings ended", t.enrolled + t.failed}, {"= enrolled", t.enrolled}, {"+ screen failed", t.failed}};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        struct view *p = view_add_map(list);
        struct buf b;
        buf_init(&b, s->c->mem);
        chart_small_funnel(&b, (double)steps[i].n, (double)steps[0].n, arena_printf(s->c->mem, "%lld", (long long)steps[i].n));
        view_text(p, "name", steps[i].name);
        view_int(p, "n", steps[i].n);
        view_html(p, "bar", buf_text(&b));
    }
    if (t.enrolled + t.failed >= 10)
        view_textf(v, "share", "%.0f", 100.0 * (double)t.failed / (double)(t.enrolled + t.failed));
    if (s->d->has_targets && !s->d->targets.failure_planned_null)
        view_textf(v, "planned", "%.0f", s->d->targets.failure_planned * 100);
}

/* ---- the league table ---- */

struct league {
    const struct data_site *site;
    const struct fc_site_row *row;
    const char *help, *state;
    int urgency;
    const char *tone;
};

/* What would help, most first. A finding, its tone, and how urgent it is: what costs most comes first. */
static void
judge(struct sight *s, struct league *l)
{
    const struct data_site *d = l->site;
    int32_t cut = s->now.cut;
    int32_t silent = d->last == DATA_NO_DAY ? (d->opened == DATA_NO_DAY ? 0 : cut - d->opened) : cut - d->last;
    double gap = l->row && l->row->rate > 0 ? 1 / l->row->rate : 0;
    l->state = "On track";
    l->tone = "good";
    l->help = "Nothing needed";
    if (d->closed != DATA_NO_DAY && d->closed < cut) {
        l->state = "Closed", l->tone = "mute", l->help = "Closed to recruitment", l->urgency = -2;
    } else if (d->opened == DATA_NO_DAY && !d->enrolled) {
        bool late = d->planned != DATA_NO_DAY && d->planned < cut;
        l->state = late ? "Opens late" : "Not open", l->tone = late ? "warn" : "mute";
        l->help = late ? arena_printf(s->c->mem, "Open the site, planned for %s", words_of_day(s, d->planned)) : "Opens as planned";
        l->urgency = late ? 60 + (cut - d->planned) / 10 : -1;
    } else if (silent > 28 && gap > 0 && silent > 3 * gap) {
        l->state = "Quiet", l->tone = "bad", l->urgency = 100 + silent / 10;
        l->help = arena_printf(s->c->mem, "Speak with the team: nobody for %d days, about %.0f are usual", (int)silent, gap);
    } else if (d->enrolled + d->failed >= 10 && s->d->has_targets && !s->d->targets.failure_planned_null &&
               (double)d->failed > 1.25 * s->d->targets.failure_planned * (double)(d->enrolled + d->failed)) {
        l->state = "Screen failures", l->tone = "warn", l->urgency = 50, l->help = "Look at the pre-screening together";
    } else if (!d->row->goal_null && d->enrolled >= d->row->goal) {
        l->state = "Goal reached", l->urgency = 5, l->help = "Thank the team; raise the goal if there is room";
    } else if (l->row && !l->row->open && d->enrolled) {
        l->state = "Closed", l->tone = "mute", l->urgency = -2, l->help = "Closed to recruitment";
    }
}

static int
by_urgency(const void *a, const void *b)
{
    const struct league *x = a, *y = b;
    if (x->urgency != y->urgency)
        return x->urgency > y->urgency ? -1 : 1;
    double rx = x->row ? x->row->rate : 0, ry = y->row ? y->row->rate : 0;
    return rx != ry ? (rx < ry ? -1 : 1) : strcmp(x->site->title, y->site->title);
}

static int
by_pace(const void *a, const void *b)
{
    const struct league *x = a, *y = b;
    double rx = x->row ? x->row->rate : 0, ry = y->row ? y->row->rate : 0;
    return rx != ry ? (rx > ry ? -1 : 1) : strcmp(x->site->title, y->site->title);
}

static int
by_enrolled(const void *a, const void *b)
{
    const struct league *x = a, *y = b;
    return x->site->enrolled != y->site->enrolled ? (x->site->enrolled > y->site->enrolled ? -1 : 1) : by_pace(a, b);
}

static int
by_last(const void *a, const void *b)
{
    const struct league *x = a, *y = b;
    return x->site->last != y->site->last ? (x->site->last < y->site->last ? -1 : 1) : by_pace(a, b);
}

static int
weeks_of(struct sight *s, const struct data_site *site, int *ret)
{
    memset(ret, 0, WEEKS * sizeof *ret);
    size_t index = (size_t)(site - s->d->sites);
    int all = 0;
    for (size_t i = s->d->n_enrolled; i > 0; i--) {
        const struct data_event *e = &s->d->enrolled[i - 1];
        int32_t ago = s->now.cut - e->day;
        if (ago < 0 || e->site != index)
            continue;
        if (ago >= WEEKS * 7)
            break;
        ret[WEEKS - 1 - ago / 7]++;
        all++;
    }
    return all;
}

static void
add_pictures(struct sight *s, struct view *v, const struct league *l, double most, int64_t n_ranked)
{
    struct arena *a = s->c->mem;
    struct buf b;
    int weeks[WEEKS], all = weeks_of(s, l->site, weeks);
    buf_init(&b, a);
    draw_spark(&b, weeks, WEEKS, arena_printf(a, "%d enrolled in the last 12 weeks", all));
    view_html(v, "spark", buf_text(&b));
    if (l->row && l->row->rank_low > 0 && n_ranked > 1) {
        buf_init(&b, a);
        double mid = (double)(l->row->rank_low + l->row->rank_high) / 2;
        chart_small_rank(&b, (double)l->row->rank_low, mid, (double)l->row->rank_high, (int)n_ranked,
                         arena_printf(a, "Rank between %lld and %lld of %lld", (long long)l->row->rank_low, (long long)l->row->rank_high, (long long)n_ranked));
        view_html(v, "rank", buf_text(&b));
    }
    if (!l->site->row->goal_null) {
        buf_init(&b, a);
        chart_small_bullet(&b, (double)l->site->enrolled, (double)l->site->row->goal, most,
                           arena_printf(a, "%lld enrolled, goal %lld", (long long)l->site->enrolled, (long long)l->site->row->goal));
        view_html(v, "bullet", buf_text(&b));
        view_int(v, "goal", l->site->row->goal);
    }
}

static void
add_league_row(struct sight *s, struct view *list, const struct league *l, double most, int64_t n_ranked)
{
    struct view *v = view_add_map(list);
    struct arena *a = s->c->mem;
    view_text(v, "site", l->site->title);
    view_textf(v, "href", "/studies/%s/sites/%s", s->t.study_ref, l->site->row->ref);
    view_text(v, "country", countries_name(l->site->row->country));
    view_text(v, "help", l->help);
    view_text(v, "state", l->state);
    view_bool(v, l->tone, true);
    view_int(v, "enrolled", l->site->enrolled);
    if (l->row && l->row->open_days > 0) {
        view_textf(v, "pace", "%.1f", l->row->rate * 30.4375);
        view_textf(v, "pace_range", "%.1f to %.1f", l->row->rate_low * 30.4375, l->row->rate_high * 30.4375);
        view_textf(v, "prior", "%.0f", l->row->prior_weight * 100);
    }
    int64_t ended = l->site->enrolled + l->site->failed;
    if (l->site->failed && ended >= 10)
        view_textf(v, "failed", "%.0f%%", 100.0 * (double)l->site->failed / (double)ended);
    else if (l->site->failed)
        view_textf(v, "failed", "too few: %lld", (long long)ended);
    if (l->site->last != DATA_NO_DAY) {
        int32_t ago = s->now.cut - l->site->last;
        view_text(v, "last", ago == 0 ? "on the day" : ago == 1 ? "1 day" : arena_printf(a, "%d days", (int)ago));
    }
    add_pictures(s, v, l, most, n_ranked);
}

static void
add_league(struct sight *s, struct req *r, struct view *page)
{
    enum { SHOWN = 100 };
    size_t n = s->d->n_sites;
    struct league *l = arena_alloc(s->c->mem, n * sizeof *l);
    double most = 1;
    int64_t ranked = 0, open = 0;
    data_totals(s->d, s->now.cut);
    for (size_t i = 0; i < n; i++) {
        l[i].site = &s->d->sites[i];
        for (size_t k = 0; s->now.result && k < s->now.result->n_site; k++) {
            if (strcmp(s->now.result->site[k].label, l[i].site->row->ref) == 0)
                l[i].row = &s->now.result->site[k];
        }
        ranked += l[i].row && l[i].row->rank_low > 0;
        open += l[i].row && l[i].row->open;
        most = fmax(most, fmax((double)l[i].site->enrolled, l[i].site->row->goal_null ? 0 : (double)l[i].site->row->goal));
        judge(s, &l[i]);
    }
    const char *sort = str_or(req_query(r, "sort"), "help");
    int (*order)(const void *, const void *) = strcmp(sort, "pace") == 0 ? by_pace : strcmp(sort, "enrolled") == 0 ? by_enrolled : strcmp(sort, "last") == 0 ? by_last : by_urgency;
    if (n)
        qsort(l, n, sizeof *l, order);
    size_t shown = req_query(r, "all") || n <= SHOWN ? n : SHOWN;
    struct view *list = view_list(page, "league");
    for (size_t i = 0; i < shown; i++)
        add_league_row(s, list, &l[i], most, ranked);
    view_int(page, "sites_open", open);
    view_int(page, "sites_all", (int64_t)n);
    view_int(page, "sites_shown", (int64_t)shown);
    view_bool(page, "more_sites", shown < n);
    view_bool(page, arena_printf(s->c->mem, "by_%s", order == by_pace ? "pace" : order == by_enrolled ? "enrolled" : order == by_last ? "last" : "help"), true);
}

/* ---- the page ---- */

static err_t
look(struct ctx *c, struct req *r, struct sight *s)
{
    s->c = c;
    s->t = *(const struct thing *)req_thing(r);
    s->today = c->today;
    TRY(data_load(c, s->t.study, &s->d));
    int32_t cut = data_cut(s->d, c->today, &s->old), chosen;
    const char *as_of = req_query(r, "as_of");
    if (as_of && date_parse(as_of, &chosen) && chosen <= c->today) {
        cut = chosen;
        s->old = false;
    }
    TRY(forecast_of_data(c, s->d, cut - MONTH_AGO, NULL, &s->before));
    s->has_before = s->before.result != NULL;
    return forecast_of_data(c, s->d, cut, NULL, &s->now);
}

static void
add_cut(struct sight *s, struct view *page)
{
    view_text(page, "cut", words_of_day(s, s->now.cut));
    view_bool(page, "old", s->old);
    if (s->now.last_enrolled != DATA_NO_DAY) {
        view_text(page, "last_enrolled", words_of_day(s, s->now.last_enrolled));
        view_int(page, "days_since", s->today - s->now.last_enrolled);
    }
    view_text(page, "means", means_word(s->d->means));
    view_text(page, "refusal", s->now.refusal);
    view_bool(page, "no_target", !s->now.has_target);
    view_bool(page, "no_deadline", !s->now.has_deadline);
    view_bool(page, "no_data", s->d->n_enrolled == 0);
}

err_t
page_recruitment(struct ctx *c, struct req *r, struct view *page)
{
    struct sight *s = arena_alloc(c->mem, sizeof *s);
    TRY(look(c, r, s));
    TRY(study_head(c, &s->t, "recruitment", page));
    add_cut(s, page);
    struct view *stats = view_map(page, "stats");
    add_enrolled(s, stats);
    add_against_plan(s, stats);
    add_pace(s, stats);
    add_likely(s, stats);
    add_reached(s, stats);
    add_chart(s, page);
    add_challengers(s, page);
    add_checks(s, page);
    add_gap(s, page);
    add_funnel(s, page);
    add_league(s, r, page);
    view_bool(page, "may_import", may(c->who, PERM_ENROLMENT_IMPORT, &s->t));
    view_bool(page, "may_plan", may(c->who, PERM_PLAN_EDIT, &s->t));
    return NULL;
}

err_t
page_recruitment_csv(struct ctx *c, struct req *r, struct view *page)
{
    struct sight *s = arena_alloc(c->mem, sizeof *s);
    TRY(look(c, r, s));
    struct chart_in in = chart_of(s);
    struct view *rows = view_list(page, "rows");
    chart_table(rows, &in);
    struct buf b;
    buf_init(&b, c->mem);
    static const char *const keys[] = {"iso", "plan", "actual", "low", "likely", "high"};
    buf_str(&b, "date,planned,actual,low_1_in_10,likely,high_9_in_10\r\n");
    for (const struct view_item *i = rows->kids.first; i; i = i->next) {
        for (size_t k = 0; k < COUNT_OF(keys); k++) {
            const struct view *v = view_get(&i->value, keys[k]);
            if (v && v->type == V_INT)
                csv_int(&b, v->i);
            else
                csv_cell(&b, v && v->type == V_TEXT ? v->text : NULL);
        }
        csv_end(&b);
    }
    req_body(r, "text/csv; charset=utf-8", arena_printf(c->mem, "%s-recruitment.csv", s->t.study_ref), buf_text(&b), b.len);
    return NULL;
}
