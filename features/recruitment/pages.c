/* pages.c: the recruitment page: what the engine says, drawn. The stat line and the chart are made
 * here, the rest in the files that sight.h names. */
#include "features/recruitment/pages.h"

#include "base/csv.h"
#include "base/str.h"
#include "core/draw.h"
#include "features/recruitment/chart.h"
#include "features/recruitment/sight.h"
#include "features/studies/studies.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PACE_DAYS = 56 };

/* "8 Mar" when in the year of today or the next, with the year apart. */
static void
view_day(struct sight *s, struct view *v, const char *key, const char *year_key, int32_t day)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    const char *words = sight_words(s, day);
    view_text(v, key, arena_strndup(s->c->mem, words, strlen(words) - 5));
    view_int(v, year_key, y);
}

static int32_t
arrival(const struct forecast_of *f, size_t level)
{
    double days = f->result ? f->result->days[level] : NAN;
    return isnan(days) ? CHART_NONE : isinf(days) ? CHART_NEVER : sight_day(f, days);
}

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
    view_text(v, "day", sight_words(s, s->now.cut));
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
    if (f->enrolled)
        view_textf(stats, "pace", "%.1f", count_since(s->d, f->cut - PACE_DAYS, f->cut) / weeks);
    if (!f->has_deadline || !f->has_target || f->enrolled >= f->target)
        return;
    view_text(stats, "deadline", sight_words(s, f->deadline));
    if (f->deadline > f->cut)
        view_textf(stats, "needed", "%.1f", (double)(f->target - f->enrolled) * 7 / (f->deadline - f->cut));
    else
        view_bool(stats, "deadline_over", true);
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
    view_text(v, "low", low == CHART_NEVER ? "beyond the horizon" : sight_words(s, low));
    view_text(v, "high", high == CHART_NEVER ? "beyond the horizon" : sight_words(s, high));
    if (!f->has_deadline)
        return;
    struct view *chance = view_map(stats, "chance");
    view_text(chance, "day", sight_words(s, f->deadline));
    view_text(chance, "n", sight_in_100(s->c->mem, f->result->deadline_probability));
    if (s->has_before && s->before.result)
        view_text(chance, "before", sight_in_100(s->c->mem, s->before.result->deadline_probability));
}

/* When the target was reached, of those that count. */
static void
add_reached(struct sight *s, struct view *stats)
{
    if (s->now.has_target && s->now.enrolled >= s->now.target && (size_t)s->now.target <= s->d->n_enrolled)
        view_text(stats, "reached_on", sight_words(s, s->d->enrolled[s->now.target - 1].day));
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
        p[i] = (struct chart_band){sight_day(&s->now, r->curve.t[i]) - 1, (double)q[P10], (double)q[P25], (double)q[P50], (double)q[P75], (double)q[P90]};
    }
    in->band = p;
    in->n_band = r->curve.n;
}

static struct chart_in
chart_of(struct sight *s)
{
    const struct forecast_of *f = &s->now;
    struct chart_in in = {.id = "rc", .target = (int)f->target, .cut = f->cut,
                          .today = s->today, .first = CHART_NONE,
                          .deadline = f->has_deadline ? f->deadline : CHART_NONE,
                          .arrive10 = arrival(f, P10), .arrive50 = arrival(f, P50), .arrive90 = arrival(f, P90)};
    plan_points(s, &in);
    band_points(s, &in);
    in.n_actual = counts(s, INT32_MIN + 1, f->cut, &in.actual);
    if (s->back) /* what really came, since then, is known */
        in.n_came = counts(s, f->cut + 1, s->today, &in.came);
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
    view_bool(page, "has_came", in.n_came > 0);
    view_bool(page, "nothing", in.n_plan == 0 && in.n_actual == 0 && in.n_band == 0);
}

/* ---- the page ---- */

static void
add_cut(struct sight *s, struct view *page)
{
    view_text(page, "cut", sight_words(s, s->now.cut));
    view_bool(page, "old", s->old);
    if (s->now.last_enrolled != DATA_NO_DAY) {
        view_text(page, "last_enrolled", sight_words(s, s->now.last_enrolled));
        view_int(page, "days_since", s->today - s->now.last_enrolled);
    }
    view_text(page, "means", means_word(s->d->means));
    view_text(page, "refusal", s->now.refusal);
    view_bool(page, "no_target", !s->now.has_target);
    view_bool(page, "no_deadline", !s->now.has_deadline);
    view_bool(page, "no_data", s->d->n_enrolled == 0);
    view_bool(page, "looks_back", true);
    if (s->back) {
        char iso[DATE_TEXT];
        date_iso(s->now.cut, iso);
        view_text(page, "as_of", iso);
        view_text(page, "back", sight_words(s, s->today));
    }
}

err_t
page_recruitment(struct ctx *c, struct req *r, struct view *page)
{
    struct sight *s;
    TRY(sight_look(c, req_thing(r), req_query(r, "as_of"), &s));
    TRY(study_head(c, &s->t, "recruitment", page));
    add_cut(s, page);
    struct view *stats = view_map(page, "stats");
    add_enrolled(s, stats);
    add_against_plan(s, stats);
    add_pace(s, stats);
    add_likely(s, stats);
    add_reached(s, stats);
    add_chart(s, page);
    beside_add(s, page);
    league_add(s, req_query(r, "sort"), req_query(r, "all"), page);
    view_bool(page, "may_import", may(c->who, PERM_ENROLMENT_IMPORT, &s->t));
    view_bool(page, "may_plan", may(c->who, PERM_PLAN_EDIT, &s->t));
    return NULL;
}

err_t
page_recruitment_csv(struct ctx *c, struct req *r, struct view *page)
{
    struct sight *s;
    TRY(sight_look(c, req_thing(r), req_query(r, "as_of"), &s));
    struct chart_in in = chart_of(s);
    struct view *rows = view_list(page, "rows");
    chart_table(rows, &in);
    struct buf b;
    buf_init(&b, c->mem);
    static const char *const keys[] = {"iso", "plan", "actual", "low", "likely", "high", "came"};
    buf_str(&b, "date,planned,actual,low_1_in_10,likely,high_9_in_10,came\r\n");
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
