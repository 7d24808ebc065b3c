/* league.c: the table of sites on the recruitment page: what would help most first, with the
 * pace as a range and the rank as a range. Names sites, never persons. Called by page_recruitment. */
#include "features/recruitment/sight.h"

#include "base/date.h"
#include "base/str.h"
#include "core/countries.h"
#include "core/draw.h"
#include "features/recruitment/chart_small.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
        l->help = late ? arena_printf(s->c->mem, "Open the site, planned for %s", sight_words(s, d->planned))
                  : d->planned == DATA_NO_DAY ? "Plan its opening" : "Opens as planned";
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

int
league_weeks(const struct sight *s, const struct data_site *site, int ret[static LEAGUE_WEEKS])
{
    memset(ret, 0, LEAGUE_WEEKS * sizeof *ret);
    size_t index = (size_t)(site - s->d->sites);
    int all = 0;
    for (size_t i = s->d->n_enrolled; i > 0; i--) {
        const struct data_event *e = &s->d->enrolled[i - 1];
        int32_t ago = s->now.cut - e->day;
        if (ago < 0 || e->site != index)
            continue;
        if (ago >= LEAGUE_WEEKS * 7)
            break;
        ret[LEAGUE_WEEKS - 1 - ago / 7]++;
        all++;
    }
    return all;
}

static void
add_pictures(struct sight *s, struct view *v, const struct league *l, double most, int64_t n_ranked)
{
    struct arena *a = s->c->mem;
    struct buf b;
    int weeks[LEAGUE_WEEKS], all = league_weeks(s, l->site, weeks);
    buf_init(&b, a);
    draw_spark(&b, weeks, LEAGUE_WEEKS, arena_printf(a, "%d enrolled in the last 12 weeks", all));
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
        double month = 30.4375;
        int decimals = l->row->rate * month < .5 ? 2 : 1; /* a slow site is not one without a pace */
        view_textf(v, "pace", "%.*f", decimals, l->row->rate * month);
        view_textf(v, "pace_range", "%.*f to %.*f", decimals, l->row->rate_low * month, decimals, l->row->rate_high * month);
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

const struct fc_site_row *
league_row(const struct sight *s, const struct data_site *site)
{
    for (size_t k = 0; s->now.result && k < s->now.result->n_site; k++) {
        if (strcmp(s->now.result->site[k].label, site->row->ref) == 0)
            return &s->now.result->site[k];
    }
    return NULL;
}

void
league_add(struct sight *s, const char *sort, bool all, struct view *page)
{
    enum { SHOWN = 100 };
    size_t n = s->d->n_sites;
    struct league *l = arena_alloc(s->c->mem, n * sizeof *l);
    double most = 1;
    int64_t ranked = 0, open = 0;
    data_totals(s->d, s->now.cut);
    for (size_t i = 0; i < n; i++) {
        l[i].site = &s->d->sites[i];
        l[i].row = league_row(s, l[i].site);
        ranked += l[i].row && l[i].row->rank_low > 0;
        open += l[i].row && l[i].row->open;
        most = fmax(most, fmax((double)l[i].site->enrolled, l[i].site->row->goal_null ? 0 : (double)l[i].site->row->goal));
        judge(s, &l[i]);
    }
    sort = str_or(sort, "help");
    int (*order)(const void *, const void *) = strcmp(sort, "pace") == 0 ? by_pace : strcmp(sort, "enrolled") == 0 ? by_enrolled : strcmp(sort, "last") == 0 ? by_last : by_urgency;
    if (n)
        qsort(l, n, sizeof *l, order);
    size_t shown = all || n <= SHOWN ? n : SHOWN;
    struct view *list = view_list(page, "league");
    for (size_t i = 0; i < shown; i++)
        add_league_row(s, list, &l[i], most, ranked);
    view_int(page, "sites_open", open);
    view_int(page, "sites_all", (int64_t)n);
    view_int(page, "sites_shown", (int64_t)shown);
    view_bool(page, "more_sites", shown < n);
    view_bool(page, arena_printf(s->c->mem, "by_%s", order == by_pace ? "pace" : order == by_enrolled ? "enrolled" : order == by_last ? "last" : "help"), true);
}
