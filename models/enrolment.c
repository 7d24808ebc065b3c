/* enrolment.c: see enrolment.h. */
#include "models/enrolment.h"

#include "base/arena.h"
#include "base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct place { /* a site as it is put together */
    const char *label, *country;
    const struct enrolment_opening **opening;
    size_t n_opening, n_event, filled;
    double *event;
    size_t next; /* in the chain of its hash; index + 1, 0 ends */
};

struct book {
    struct arena *a;
    const struct enrolment_input *in;
    struct place *place;
    size_t n, *heads, n_heads;
    int32_t *day;      /* of each row, months spread */
    size_t *row_place; /* of each row */
    int32_t as_of;
    size_t early, late; /* sites that enrolled before they opened, after they closed */
};

static size_t
hash_of(const char *s, size_t n_heads)
{
    uint64_t h = 0xCBF29CE484222325u; /* FNV-1a */
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001B3u;
    return (size_t)(h & (n_heads - 1));
}

static bool
same_country(const char *a, const char *b)
{
    return !*a || !*b || str_eq(a, b);
}

static size_t
find_place(struct book *b, const char *label, const char *country)
{
    size_t *head = &b->heads[hash_of(label, b->n_heads)];
    for (size_t i = *head; i; i = b->place[i - 1].next) {
        struct place *p = &b->place[i - 1];
        if (str_eq(p->label, label) && same_country(p->country, country)) {
            if (!*p->country)
                p->country = country;
            return i - 1;
        }
    }
    b->place[b->n] = (struct place){.label = label, .country = country, .next = *head};
    *head = ++b->n;
    return b->n - 1;
}

/* ---- months spread over their days ---- */

struct monthly {
    int32_t first;
    size_t row;
};

static int
by_month_then_row(const void *x, const void *y)
{
    const struct monthly *a = x, *b = y;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static void
spread_months(struct book *b)
{
    size_t n = 0;
    struct monthly *m = arena_alloc(b->a, b->in->n_row * sizeof *m);
    for (size_t i = 0; i < b->in->n_row; i++) {
        b->day[i] = b->in->row[i].day;
        if (b->in->row[i].precision != DATE_DAY)
            m[n++] = (struct monthly){b->in->row[i].day, i};
    }
    qsort(m, n, sizeof *m, by_month_then_row);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && m[to].first == m[from].first; to++)
            ;
        int32_t days = date_last_day(m[from].first, DATE_MONTH) - m[from].first + 1;
        for (size_t k = from; k < to; k++)
            b->day[m[k].row] +=
                (int32_t)((2 * (int64_t)(k - from) + 1) * days / (2 * (int64_t)(to - from)));
    }
}

/* ---- rows and openings to their sites ---- */

static void
place_openings(struct book *b)
{
    const struct enrolment_input *in = b->in;
    size_t *at = arena_alloc(b->a, in->n_opening * sizeof *at);
    for (size_t i = 0; i < in->n_opening; i++) {
        at[i] = find_place(b, in->opening[i].site, in->opening[i].country);
        b->place[at[i]].n_opening++;
    }
    for (size_t i = 0; i < b->n; i++) {
        struct place *p = &b->place[i];
        p->opening = arena_alloc(b->a, p->n_opening * sizeof *p->opening);
        p->n_opening = 0;
    }
    for (size_t i = 0; i < in->n_opening; i++) {
        struct place *p = &b->place[at[i]];
        size_t k = p->n_opening++;
        for (; k > 0 && p->opening[k - 1]->opens_on > in->opening[i].opens_on; k--)
            p->opening[k] = p->opening[k - 1];
        p->opening[k] = &in->opening[i];
    }
}

static int
by_time(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static bool
counts(const struct book *b, size_t row)
{
    return b->day[row] <= b->as_of && b->in->row[row].status == ENROLMENT_ENROLLED;
}

static void
place_events(struct book *b)
{
    for (size_t i = 0; i < b->in->n_row; i++) {
        b->row_place[i] = find_place(b, b->in->row[i].site, b->in->row[i].country);
        b->place[b->row_place[i]].n_event += counts(b, i);
    }
    for (size_t i = 0; i < b->n; i++)
        b->place[i].event = arena_alloc(b->a, b->place[i].n_event * sizeof(double));
    for (size_t i = 0; i < b->in->n_row; i++) {
        struct place *p = &b->place[b->row_place[i]];
        if (counts(b, i))
            p->event[p->filled++] = b->day[i] + 0.5;
    }
    for (size_t i = 0; i < b->n; i++)
        qsort(b->place[i].event, b->place[i].n_event, sizeof(double), by_time);
}

static void
count_funnel(const struct book *b, size_t *remap, struct enrolment *e)
{
    for (size_t i = 0; i < b->in->n_row; i++) {
        if (b->day[i] > b->as_of)
            continue;
        size_t at = remap[b->row_place[i]];
        struct enrolment_funnel *to[2] = {&e->funnel, at != SIZE_MAX ? &e->site_funnel[at] : NULL};
        for (int k = 0; k < 2 && to[k]; k++) {
            to[k]->screened += b->in->row[i].status == ENROLMENT_SCREENED;
            to[k]->failed += b->in->row[i].status == ENROLMENT_SCREEN_FAILED;
            to[k]->enrolled += b->in->row[i].status == ENROLMENT_ENROLLED;
        }
    }
}

/* ---- a site's open time ---- */

static double
closing(const struct enrolment_opening *o)
{
    return o->has_closed ? (double)o->closed_on + 1 : INFINITY;
}

/* Known openings up to the as-of day, and sure ones after it, as spans that do not overlap. */
static size_t
known_spans(const struct book *b, const struct place *p, struct fc_span *span)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_opening; i++) {
        const struct enrolment_opening *o = p->opening[i];
        bool again = n > 0; /* a site that was open before restarts when it says */
        if (!o->has_opens || (o->opens_on > b->as_of && !b->in->openings_are_sure && !again))
            continue;
        struct fc_span s = {o->opens_on, fmax(o->opens_on, closing(o))};
        if (n && s.from <= span[n - 1].to)
            span[n - 1].to = fmax(span[n - 1].to, s.to);
        else
            span[n++] = s;
    }
    return n;
}

static const struct enrolment_opening *
opening_to_come(const struct place *p)
{
    for (size_t i = 0; i < p->n_opening; i++) {
        if (p->opening[i]->has_opens || p->opening[i]->has_planned)
            return p->opening[i];
    }
    return NULL;
}

/* No opening known before the first enrolment: the site opened then. What closed it still holds. */
static void
infer_opening(struct book *b, const struct place *p, struct fc_site *site, struct fc_span *span)
{
    b->early += site->n_open > 0 || opening_to_come(p) != NULL;
    site->first_left_out = true;
    if (site->n_open == 0 || span[0].from > b->as_of) {
        double end = p->n_opening ? closing(p->opening[p->n_opening - 1]) : INFINITY;
        span[0] = (struct fc_span){p->event[0], fmax(end, p->event[0])};
        site->n_open = 1;
    } else {
        span[0].from = p->event[0];
    }
}

/* A site that enrolled after it closed was open at least until then. */
static void
stretch_closing(struct book *b, const struct place *p, struct fc_site *site, struct fc_span *span)
{
    double last = p->event[p->n_event - 1];
    size_t k = site->n_open;
    while (k > 1 && span[k - 1].from > last)
        k--;
    if (span[k - 1].to < last) {
        span[k - 1].to = last + 0.5;
        b->late++;
    }
}

static struct fc_site
make_site(struct book *b, const struct place *p)
{
    struct fc_site site = {
        .label = p->label, .country = p->country, .event = p->event, .n_event = p->n_event};
    struct fc_span *span = arena_alloc(b->a, (p->n_opening + 1) * sizeof *span);
    site.open = span;
    site.n_open = known_spans(b, p, span);
    if (p->n_event && (site.n_open == 0 || span[0].from > p->event[0]))
        infer_opening(b, p, &site, span);
    if (p->n_event)
        stretch_closing(b, p, &site, span);
    const struct enrolment_opening *o = opening_to_come(p);
    if (o)
        site.cap = o->cap;
    if (o && site.n_open == 0)
        site.opening = (struct fc_opening){.law = FC_OPENS_SLIP,
                                           .a = o->has_opens ? o->opens_on : o->planned_on,
                                           .closes = o->has_closed ? closing(o) : 0};
    if (o && site.n_open && o->has_planned && !site.first_left_out) {
        site.has_planned = true;
        site.planned = o->planned_on;
    }
    return site;
}

static void
note(struct enrolment *e, const char *name, double n, const char *text)
{
    e->notes.item[e->notes.n++] = (struct fc_check){name, false, text, NAN, n};
}

static void
make_sites(struct book *b, struct enrolment *e)
{
    struct fc_site *site = arena_alloc(b->a, b->n * sizeof *site);
    size_t *remap = arena_alloc(b->a, b->n * sizeof *remap), n = 0;
    for (size_t i = 0; i < b->n; i++) {
        const struct place *p = &b->place[i];
        /* Seen only in rows after the as-of day, or only screening: not known to be open. */
        remap[i] = p->n_event || p->n_opening ? n : SIZE_MAX;
        if (remap[i] != SIZE_MAX)
            site[n++] = make_site(b, p);
    }
    e->study.site = site;
    e->study.n_site = n;
    e->site_funnel = arena_alloc(b->a, n * sizeof *e->site_funnel);
    e->notes.item = arena_alloc(b->a, 2 * sizeof *e->notes.item);
    if (b->early)
        note(e, "enrolled_before_opening", (double)b->early,
             "Some sites enrolled before the day they are said to have opened: their first "
             "enrolment was "
             "taken as the opening.");
    if (b->late)
        note(e, "enrolled_after_closing", (double)b->late,
             "Some sites enrolled after the day they are said to have closed: they were taken to "
             "be open "
             "until then.");
    count_funnel(b, remap, e);
}

static bool
find_as_of(struct book *b)
{
    b->as_of = b->in->as_of;
    if (b->in->has_as_of)
        return true;
    for (size_t i = 0; i < b->in->n_row; i++) {
        if (i == 0 || b->day[i] > b->as_of)
            b->as_of = b->day[i];
    }
    return b->in->n_row > 0;
}

bool
enrolment_assemble(struct arena *a, const struct enrolment_input *in, struct enrolment *ret)
{
    size_t most = in->n_row + in->n_opening, heads = 16;
    while (heads < most)
        heads *= 2;
    struct book b = {.a = a, .in = in, .n_heads = heads};
    b.place = arena_alloc(a, most * sizeof *b.place);
    b.heads = arena_alloc(a, heads * sizeof *b.heads);
    b.day = arena_alloc(a, in->n_row * sizeof *b.day);
    b.row_place = arena_alloc(a, in->n_row * sizeof *b.row_place);
    spread_months(&b);
    if (!find_as_of(&b))
        return false;
    place_openings(&b);
    place_events(&b);
    struct enrolment e = {.as_of = b.as_of};
    e.study = (struct fc_study){.cut = (double)b.as_of + 1,
                                .target = in->target,
                                .has_deadline = in->has_deadline,
                                .deadline = (double)in->deadline + 1,
                                .plan_rate = in->plan_rate,
                                .opt = in->options};
    make_sites(&b, &e);
    *ret = e;
    return true;
}
