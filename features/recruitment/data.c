/* data.c: see data.h. */
#include "features/recruitment/data.h"

#include "base/str.h"
#include "db/db.h"
#include "features/recruitment/chart.h"
#include "features/studies/studies.h"

#include <stdlib.h>
#include <string.h>

static const char *const means_words[MEANS_COUNT] = {"consented", "randomised", "treated", "evaluable"};

const char *
means_word(enum enrolled_means m)
{
    return means_words[m];
}

static int32_t
day_or_none(const char *iso)
{
    int32_t day;
    return iso && date_parse(iso, &day) ? day : DATA_NO_DAY;
}

static err_t
load_targets(struct ctx *c, struct data *d)
{
    TRY(db_maybe(c, &RECRUIT_TARGETS, DB_IN(db_int(d->study)), &d->targets, &d->has_targets));
    d->means = MEANS_RANDOMISED;
    for (int i = 0; d->has_targets && i < MEANS_COUNT; i++) {
        if (strcmp(means_words[i], d->targets.means) == 0)
            d->means = (enum enrolled_means)i;
    }
    return NULL;
}

static err_t
load_sites(struct ctx *c, struct data *d)
{
    struct recruit_sites_row *rows;
    struct recruit_pauses_row *pauses;
    TRY(db_list(c, &RECRUIT_SITES, DB_IN(db_int(d->study)), &rows, &d->n_sites));
    TRY(db_list(c, &RECRUIT_PAUSES, DB_IN(db_int(d->study)), &pauses, &d->n_pauses));
    d->pauses = pauses;
    d->sites = arena_alloc(c->mem, d->n_sites * sizeof *d->sites);
    for (size_t i = 0; i < d->n_sites; i++) {
        struct recruit_sites_row *r = &rows[i];
        d->sites[i] = (struct data_site){
            .row = r, .planned = day_or_none(r->planned_on), .opened = day_or_none(r->opened_on),
            .closed = day_or_none(r->closed_on), .first = DATA_NO_DAY, .last = DATA_NO_DAY,
            .title = site_title(c->mem, r->number, r->label, r->facility, r->organisation, r->placeholder, r->city)};
    }
    return NULL;
}

static const char *
date_of(const struct recruit_participants_row *p, enum enrolled_means means)
{
    switch (means) {
    case MEANS_CONSENTED:
        return p->consented_on;
    case MEANS_RANDOMISED:
        return p->enrolled_on;
    case MEANS_TREATED:
        return p->treated_on;
    case MEANS_EVALUABLE:
    case MEANS_COUNT:
        break;
    }
    return p->evaluable_on;
}

static size_t
site_index(const struct data *d, int64_t id)
{
    for (size_t i = 0; i < d->n_sites; i++) {
        if (d->sites[i].row->id == id)
            return i;
    }
    return d->n_sites;
}

static int
by_day(const void *a, const void *b)
{
    const struct data_event *x = a, *y = b;
    return x->day != y->day ? (x->day < y->day ? -1 : 1) : x->site < y->site ? -1 : x->site > y->site;
}

static err_t
load_people(struct ctx *c, struct data *d)
{
    struct recruit_participants_row *rows;
    size_t n, site = 0;
    int64_t of = 0;
    TRY(db_list(c, &RECRUIT_PARTICIPANTS, DB_IN(db_int(d->study)), &rows, &n));
    d->enrolled = arena_alloc(c->mem, n * sizeof *d->enrolled);
    d->failed = arena_alloc(c->mem, n * sizeof *d->failed);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].site != of) {
            of = rows[i].site;
            site = site_index(d, of);
        }
        struct data_event e = {.site = site};
        d->n_screened += rows[i].screened_on || rows[i].failed_on;
        if (date_parse_partial(date_of(&rows[i], d->means), &e.precision, &e.day) && e.precision != DATE_YEAR)
            d->enrolled[d->n_enrolled++] = e;
        else if (date_parse_partial(rows[i].failed_on, &e.precision, &e.day))
            d->failed[d->n_failed++] = e;
    }
    if (d->n_enrolled)
        qsort(d->enrolled, d->n_enrolled, sizeof *d->enrolled, by_day);
    if (d->n_failed)
        qsort(d->failed, d->n_failed, sizeof *d->failed, by_day);
    return NULL;
}

static err_t
load_plan(struct ctx *c, struct data *d)
{
    struct recruit_plan_now_row now;
    struct recruit_plan_points_row *points;
    bool found;
    TRY(db_maybe(c, &RECRUIT_PLAN_NOW, DB_IN(db_int(d->study)), &now, &found));
    if (!found)
        return NULL;
    d->plan_number = now.number;
    TRY(db_list(c, &RECRUIT_PLAN_POINTS, DB_IN(db_int(d->study), db_int(now.id)), &points, &d->n_plan));
    d->plan = points;
    return NULL;
}

err_t
data_load(struct ctx *c, int64_t study, struct data **ret)
{
    struct data *d = arena_alloc(c->mem, sizeof *d);
    d->study = study;
    TRY(load_targets(c, d));
    TRY(load_sites(c, d));
    TRY(load_people(c, d));
    TRY(load_plan(c, d));
    *ret = d;
    return NULL;
}

struct data_totals
data_totals(struct data *d, int32_t as_of)
{
    struct data_totals t = {.first = DATA_NO_DAY, .last = DATA_NO_DAY};
    for (size_t i = 0; i < d->n_sites; i++) {
        d->sites[i].enrolled = d->sites[i].failed = 0;
        d->sites[i].first = d->sites[i].last = DATA_NO_DAY;
    }
    for (size_t i = 0; i < d->n_enrolled && d->enrolled[i].day <= as_of; i++) {
        struct data_event *e = &d->enrolled[i];
        if (e->site < d->n_sites) {
            if (!d->sites[e->site].enrolled++)
                d->sites[e->site].first = e->day;
            d->sites[e->site].last = e->day;
        }
        if (t.first == DATA_NO_DAY)
            t.first = e->day;
        t.last = e->day;
        t.enrolled++;
    }
    for (size_t i = 0; i < d->n_failed && d->failed[i].day <= as_of; i++) {
        if (d->failed[i].site < d->n_sites)
            d->sites[d->failed[i].site].failed++;
        t.failed++;
    }
    return t;
}

int32_t
data_cut(struct data *d, int32_t today, bool *ret_old)
{
    struct data_totals t = data_totals(d, today);
    *ret_old = false;
    if (t.enrolled < 2)
        return today;
    double gap = (double)(t.last - t.first) / (double)(t.enrolled - 1);
    double silent = today - t.last;
    *ret_old = silent > 90 && silent > 12 * gap;
    return *ret_old ? t.last : today;
}

static size_t
add_rows(const struct data *d, int32_t as_of, struct enrolment_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_enrolled && d->enrolled[i].day <= as_of; i++) {
        const struct data_event *e = &d->enrolled[i];
        if (e->site < d->n_sites)
            row[n++] = (struct enrolment_row){d->sites[e->site].row->ref, str_or(d->sites[e->site].row->country, ""),
                                              ENROLMENT_ENROLLED, e->day, e->precision};
    }
    return n;
}

/* One stretch of a site; suspensions cut it into several. */
static size_t
add_openings(const struct data *d, size_t i, struct enrolment_opening *o)
{
    const struct data_site *s = &d->sites[i];
    struct enrolment_opening base = {.site = s->row->ref, .country = str_or(s->row->country, ""),
                                     .has_opens = s->opened != DATA_NO_DAY, .opens_on = s->opened,
                                     .has_closed = s->closed != DATA_NO_DAY, .closed_on = s->closed,
                                     .has_planned = s->planned != DATA_NO_DAY, .planned_on = s->planned,
                                     .cap = s->row->cap_null ? 0 : s->row->cap};
    size_t n = 0;
    for (size_t k = 0; k < d->n_pauses && base.has_opens; k++) {
        int32_t from, to;
        if (d->pauses[k].site != s->row->id || !date_parse(d->pauses[k].from_on, &from) || from <= base.opens_on)
            continue;
        struct enrolment_opening part = base;
        part.has_closed = true;
        part.closed_on = from - 1;
        o[n++] = part;
        if (!d->pauses[k].to_on || !date_parse(d->pauses[k].to_on, &to))
            return n;
        base.opens_on = to + 1;
    }
    if (base.has_opens || base.has_closed || base.has_planned || base.cap)
        o[n++] = base;
    return n;
}

double
data_plan_rate(const struct data *d)
{
    if (!d->n_plan)
        return 0;
    const struct recruit_plan_points_row *last = &d->plan[d->n_plan - 1];
    int32_t end;
    if (!date_parse(last->month_on, &end))
        return 0;
    end = date_last_day(end, DATE_MONTH);
    double days = 0;
    for (size_t i = 0; i < d->n_sites; i++) {
        if (d->sites[i].planned != DATA_NO_DAY && d->sites[i].planned < end)
            days += end - d->sites[i].planned + 1;
    }
    return days > 0 ? (double)last->enrolled / days : 0;
}

err_t
data_enrolment(struct ctx *c, const struct data *d, int32_t as_of, struct enrolment *ret)
{
    struct enrolment_row *row = arena_alloc(c->mem, (d->n_enrolled + 1) * sizeof *row);
    struct enrolment_opening *opening = arena_alloc(c->mem, (d->n_sites + d->n_pauses + 1) * sizeof *opening);
    size_t n_opening = 0;
    for (size_t i = 0; i < d->n_sites; i++)
        n_opening += add_openings(d, i, opening + n_opening);
    struct enrolment_input in = {.row = row, .n_row = add_rows(d, as_of, row), .opening = opening,
                                 .n_opening = n_opening, .has_as_of = true, .as_of = as_of,
                                 .target = d->targets.target_null ? 0 : d->targets.target,
                                 .plan_rate = data_plan_rate(d)};
    in.has_deadline = d->has_targets && d->targets.deadline && date_parse(d->targets.deadline, &in.deadline);
    if (!enrolment_assemble(c->mem, &in, ret))
        return err_new(c->mem, E_BAD_INPUT, "Nobody is enrolled yet and no site is planned.");
    return NULL;
}

double
data_planned(const struct data *d, int32_t day)
{
    struct chart_plan point[400];
    size_t n = 0;
    for (size_t i = 0; i < d->n_plan && n < 400; i++) {
        int32_t month;
        if (!date_parse(d->plan[i].month_on, &month))
            continue;
        if (n == 0)
            point[n++] = (struct chart_plan){month - 1, 0};
        point[n++] = (struct chart_plan){date_last_day(month, DATE_MONTH), (double)d->plan[i].enrolled};
    }
    return chart_planned(point, n, day);
}
