/* beside.c: the cards beside the recruitment chart: other ways to look, checks in plain words,
 * where the gap to the plan comes from, the funnel. Called by page_recruitment. */
#include "features/recruitment/sight.h"

#include "base/date.h"
#include "base/str.h"
#include "features/recruitment/chart_small.h"
#include "features/recruitment/gap.h"

#include <math.h>
#include <stdlib.h>

static void
add_challenger(struct sight *s, struct view *list, const char *name, const char *meaning, double days)
{
    struct view *v = view_add_map(list);
    view_text(v, "name", name);
    view_text(v, "meaning", meaning);
    view_text(v, "day", isnan(days) ? "cannot say" : isinf(days) ? "never" : sight_words(s, sight_day(&s->now, days)));
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
        view_text(page, "never", sight_in_100(s->c->mem, r->never_by_horizon));
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

void
beside_add(struct sight *s, struct view *page)
{
    add_challengers(s, page);
    add_checks(s, page);
    add_gap(s, page);
    add_funnel(s, page);
}
