/* pages_own.c: recruitment as a site sees it: its own numbers, with their ranges, beside the middle
 * half of the other sites. No other site's name, number or row is in the view; nor is what the study
 * team thinks would help, which is for a conversation first. */
#include "features/recruitment/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/draw.h"
#include "features/recruitment/chart.h"
#include "features/recruitment/chart_small.h"
#include "features/recruitment/sight.h"
#include "features/recruitment/spread.h"
#include "features/studies/studies.h"

#include <math.h>
#include <stdlib.h>

#define MONTH 30.4375
enum { RATE_LEAST = 10 }; /* ended screenings below which no share is said */

struct own {
    struct sight *s;
    const struct data_site *site;
    const struct fc_site_row *row; /* NULL: no forecast yet */
};

static const struct data_site *
site_of(const struct sight *s)
{
    for (size_t i = 0; i < s->d->n_sites; i++) {
        if (s->d->sites[i].row->id == s->t.study_site)
            return &s->d->sites[i];
    }
    return NULL;
}

/* ---- one number of a site; NAN: cannot be said ---- */

static double
pace_of(const struct sight *s, const struct data_site *site)
{
    const struct fc_site_row *row = league_row(s, site);
    return row && row->open && row->open_days > 0 ? row->rate * MONTH : NAN;
}

static double
weeks_of(const struct sight *s, const struct data_site *site)
{
    int weeks[LEAGUE_WEEKS];
    const struct fc_site_row *row = league_row(s, site);
    return row && row->open && row->open_days > 0 ? league_weeks(s, site, weeks) : NAN;
}

static double
failed_of(const struct sight *s, const struct data_site *site)
{
    int64_t ended = site->enrolled + site->failed;
    return ended >= RATE_LEAST && s->d->n_failed ? 100 * (double)site->failed / (double)ended : NAN;
}

static struct spread
others(const struct own *o, double (*number)(const struct sight *, const struct data_site *))
{
    const struct data *d = o->s->d;
    double *x = arena_alloc(o->s->c->mem, (d->n_sites + 1) * sizeof *x);
    size_t n = 0;
    for (size_t i = 0; i < d->n_sites; i++) {
        double v = &d->sites[i] == o->site ? NAN : number(o->s, &d->sites[i]);
        if (!isnan(v))
            x[n++] = v;
    }
    return spread_of(x, n);
}

/* ---- the page ---- */

static void
add_stats(const struct own *o, struct view *page)
{
    const struct data_site *d = o->site;
    struct arena *a = o->s->c->mem;
    struct view *v = view_map(page, "stats");
    view_int(v, "enrolled", d->enrolled);
    if (!d->row->goal_null && d->row->goal > 0) {
        struct buf b;
        buf_init(&b, a);
        draw_meter(&b, (double)d->enrolled, (double)d->row->goal, NULL, NULL);
        view_int(v, "goal", d->row->goal);
        view_html(v, "meter", buf_text(&b));
    }
    if (o->row && o->row->open_days > 0) {
        view_textf(v, "pace", "%.1f", o->row->rate * MONTH);
        view_textf(v, "pace_low", "%.1f", o->row->rate_low * MONTH);
        view_textf(v, "pace_high", "%.1f", o->row->rate_high * MONTH);
    }
    if (d->last != DATA_NO_DAY) {
        int32_t ago = o->s->now.cut - d->last;
        view_text(v, "last", sight_words(o->s, d->last));
        view_text(v, "ago", ago == 0 ? "on this day" : ago == 1 ? "1 day before" : arena_printf(a, "%d days before", (int)ago));
    }
    view_text(v, "first", d->first == DATA_NO_DAY ? NULL : sight_words(o->s, d->first));
    view_text(v, "opened", d->opened == DATA_NO_DAY ? NULL : sight_words(o->s, d->opened));
    view_text(v, "planned", d->planned == DATA_NO_DAY ? NULL : sight_words(o->s, d->planned));
    view_text(v, "closed", d->closed == DATA_NO_DAY ? NULL : sight_words(o->s, d->closed));
}

/* One line of "You and the others". */
static struct view *
add_line(const struct own *o, struct view *list, const char *name, const char *mine, const struct spread *x, const char *unit)
{
    struct view *v = view_add_map(list);
    view_text(v, "name", name);
    view_text(v, "own", mine);
    if (x->enough)
        view_textf(v, "others", "%.*f to %.*f%s", *unit == '%' ? 0 : 1, x->low, *unit == '%' ? 0 : 1, x->high, unit);
    else
        view_textf(v, "few", "%zu", x->n);
    return v;
}

static void
add_pace(const struct own *o, struct view *list)
{
    struct arena *a = o->s->c->mem;
    struct spread x = others(o, pace_of);
    bool known = o->row && o->row->open_days > 0;
    double rate = known ? o->row->rate * MONTH : 0;
    struct view *v = add_line(o, list, "Pace a month", known ? arena_printf(a, "%.1f", rate) : "too early to say", &x, "");
    if (!known || !x.enough)
        return;
    struct buf b;
    buf_init(&b, a);
    struct chart_small_spread p = {.low = o->row->rate_low * MONTH, .mid = rate, .high = o->row->rate_high * MONTH,
                                   .others_low = x.low, .others_mid = x.mid, .others_high = x.high};
    chart_small_spread(&b, &p, arena_printf(a, "Your pace %.1f a month, truly between %.1f and %.1f; the middle half of the other sites %.1f to %.1f.",
                                            p.mid, p.low, p.high, p.others_low, p.others_high));
    view_html(v, "picture", buf_text(&b));
}

static void
add_lines(const struct own *o, struct view *page)
{
    struct arena *a = o->s->c->mem;
    struct view *list = view_list(page, "lines");
    int weeks[LEAGUE_WEEKS], all = league_weeks(o->s, o->site, weeks);
    struct spread x = others(o, weeks_of);
    struct buf b;
    add_pace(o, list);
    struct view *v = add_line(o, list, "Enrolled in the last 12 weeks", arena_printf(a, "%d", all), &x, "");
    buf_init(&b, a);
    draw_spark(&b, weeks, LEAGUE_WEEKS, arena_printf(a, "%d enrolled in the last 12 weeks", all));
    view_html(v, "picture", buf_text(&b));
    if (!o->s->d->n_failed)
        return;
    double failed = failed_of(o->s, o->site);
    const char *mine = isnan(failed) ? arena_printf(a, "too few to say: %lld", (long long)(o->site->enrolled + o->site->failed))
                                     : arena_printf(a, "%.0f%%", failed);
    x = others(o, failed_of);
    v = add_line(o, list, "Screenings that failed", mine, &x, "%");
    if (o->s->d->has_targets && !o->s->d->targets.failure_planned_null)
        view_textf(v, "plan", "%.0f%%", o->s->d->targets.failure_planned * 100);
}

static void
add_chart(const struct own *o, struct view *page)
{
    const struct data *d = o->s->d;
    size_t index = (size_t)(o->site - d->sites), n = 0;
    int so_far = 0;
    struct chart_count *p = arena_alloc(o->s->c->mem, (d->n_enrolled + 1) * sizeof *p);
    for (size_t i = 0; i < d->n_enrolled && d->enrolled[i].day <= o->s->now.cut; i++) {
        if (d->enrolled[i].site != index)
            continue;
        if (n && p[n - 1].day == d->enrolled[i].day)
            n--;
        p[n++] = (struct chart_count){d->enrolled[i].day, ++so_far};
    }
    if (n == 0)
        return;
    struct chart_in in = {.id = "oc", .cut = o->s->now.cut, .today = o->s->today,
                          .first = o->site->opened == DATA_NO_DAY ? CHART_NONE : o->site->opened, .deadline = CHART_NONE,
                          .target = o->site->row->goal_null ? 0 : (int)o->site->row->goal, .actual = p, .n_actual = n,
                          .arrive10 = CHART_NONE, .arrive50 = CHART_NONE, .arrive90 = CHART_NONE};
    struct buf wide, narrow;
    buf_init(&wide, o->s->c->mem);
    buf_init(&narrow, o->s->c->mem);
    chart_draw(&wide, &in, CHART_WIDE);
    chart_draw(&narrow, &in, CHART_NARROW);
    view_html(page, "chart_wide", buf_text(&wide));
    view_html(page, "chart_narrow", buf_text(&narrow));
    chart_table(view_list(page, "rows"), &in);
}

static void
add_rank(const struct own *o, struct view *page)
{
    int64_t ranked = 0;
    for (size_t i = 0; o->s->now.result && i < o->s->now.result->n_site; i++)
        ranked += o->s->now.result->site[i].rank_low > 0;
    if (!o->row || o->row->rank_low <= 0 || ranked <= SPREAD_LEAST)
        return;
    struct view *v = view_map(page, "rank");
    view_int(v, "low", o->row->rank_low);
    view_int(v, "high", o->row->rank_high);
    view_int(v, "n", ranked);
}

err_t
page_own(struct ctx *c, struct req *r, struct view *page)
{
    struct own o = {0};
    TRY(sight_look(c, req_thing(r), NULL, &o.s));
    TRY(study_head(c, &o.s->t, "sites", page));
    data_totals(o.s->d, o.s->now.cut);
    o.site = site_of(o.s);
    view_textf(page, "href", "/studies/%s/sites/%s", o.s->t.study_ref, req_param(r, "site"));
    view_text(page, "cut", sight_words(o.s, o.s->now.cut));
    view_text(page, "means", means_word(o.s->d->means));
    bool ours = c->who && !may(c->who, PERM_RECRUITMENT_READ, &o.s->t);
    view_bool(page, "own", ours);
    view_bool(page, "ours", ours); /* the lines have an "own" of their own */
    if (!o.site)
        return NULL;
    o.row = league_row(o.s, o.site);
    view_text(page, "site", o.site->title);
    view_int(page, "least", SPREAD_LEAST);
    add_stats(&o, page);
    add_lines(&o, page);
    add_rank(&o, page);
    add_chart(&o, page);
    return NULL;
}
