/* plan.c: see plan.h. What is counted where is decided in weeks.c; here it is read. */
#include "features/load/plan.h"

#include "base/date.h"
#include "core/draw.h"
#include "core/feature.h"
#include "core/holidays.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/load/load_sql.h"

#include <string.h>

enum { WEEK = 7, LATER = 14 }; /* what is due two weeks after the last week may begin in it */

static const struct kind {
    const char *word, *words;
    int32_t minutes;
} kinds[] = {
#define KIND(word, words, minutes) {word, words, minutes},
#include "features/load/kinds.def"
};

static const struct kind *
kind_of(const char *word)
{
    size_t i = 0;
    while (i < COUNT_OF(kinds) - 1 && strcmp(kinds[i].word, word) != 0)
        i++;
    return &kinds[i]; /* the last is anything else */
}

const char *
plan_kind_words(const char *kind)
{
    return kind_of(kind)->words;
}

const char *
plan_kind_at(size_t i, const char **ret_words, int32_t *ret_minutes)
{
    if (i >= COUNT_OF(kinds))
        return NULL;
    *ret_words = kinds[i].words;
    *ret_minutes = kinds[i].minutes;
    return kinds[i].word;
}

const char *
plan_hours(struct arena *a, int32_t minutes)
{
    int32_t quarters = (minutes + 7) / 15;
    static const char *const part[] = {"", ".25", ".5", ".75"};
    return arena_printf(a, "%d%s", (int)(quarters / 4), part[quarters % 4]);
}

/* ---- reading ---- */

static const char *
iso_of(struct ctx *c, int32_t day)
{
    char text[DATE_TEXT];
    date_iso(day, text);
    return arena_strdup(c->mem, text);
}

/* Whose holidays she has: those of the site where she works, else of the organisation that runs this. */
static err_t
country_of(struct ctx *c, int64_t person, const char **ret)
{
    struct load_places_row *x;
    struct due_org_country_row row;
    size_t n;
    bool found;
    TRY(db_list(c, &LOAD_PLACES, DB_IN(db_int(person), db_text(iso_of(c, c->today))), &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (people_at_site(x[i].role)) {
            *ret = x[i].country;
            return NULL;
        }
    }
    TRY(db_maybe(c, &DUE_ORG_COUNTRY, DB_IN(db_int(c->inst->home)), &row, &found));
    *ret = found ? row.country : NULL;
    return NULL;
}

static err_t
load_person(struct ctx *c, int64_t person, int32_t monday, struct plan *p)
{
    struct load_person_row row;
    struct load_absences_row *x;
    struct holidays *h = arena_alloc(c->mem, sizeof *h);
    const char *country;
    size_t n;
    TRY(db_maybe(c, &LOAD_PERSON, DB_IN(db_int(person)), &row, &p->said));
    p->weekly = p->said ? (int32_t)row.weekly : PLAN_WEEKLY;
    TRY(country_of(c, person, &country));
    TRY(holidays_of(c, country, h));
    p->calendar = holidays_words(c->mem, h);
    TRY(db_list(c, &LOAD_ABSENCES, DB_IN(db_int(person), db_text(iso_of(c, monday))), &x, &n));
    struct weeks_span *away = arena_alloc(c->mem, (n + 1) * sizeof *away);
    for (size_t i = 0; i < n; i++)
        INVARIANT(date_parse(x[i].from_on, &away[i].from) && date_parse(x[i].to_on, &away[i].to));
    p->person = (struct weeks_person){p->weekly, &h->calendar, away, n};
    return NULL;
}

struct own_kinds {
    struct load_kinds_row *x;
    size_t n;
};

static int32_t
minutes_of(const struct own_kinds *own, const char *kind)
{
    const struct kind *k = kind_of(kind);
    for (size_t i = 0; i < own->n; i++) {
        if (strcmp(own->x[i].kind, k->word) == 0)
            return (int32_t)own->x[i].minutes;
    }
    return k->minutes;
}

err_t
plan_kind(struct ctx *c, int64_t person, const char *kind, int32_t *ret)
{
    struct own_kinds own;
    TRY(db_list(c, &LOAD_KINDS, DB_IN(db_int(person)), &own.x, &own.n));
    *ret = minutes_of(&own, kind);
    return NULL;
}

/* ---- counting ---- */

struct counting {
    struct ctx *c;
    struct plan *p;
    struct own_kinds own;
    struct load_spent_of_row *spent; /* by thing */
    size_t n_spent;
    int32_t monday;
    size_t room; /* of p->part */
};

static struct plan_part *
part_of(struct counting *k, const char *study, const char *kind)
{
    const char *word = plan_kind_words(kind);
    struct plan *p = k->p;
    for (size_t i = 0; i < p->n_parts; i++) {
        if (str_eq(p->part[i].study, study) && strcmp(p->part[i].kind, word) == 0)
            return &p->part[i];
    }
    if (p->n_parts == k->room) {
        struct plan_part *more = arena_alloc(k->c->mem, 2 * (k->room + 8) * sizeof *more);
        if (p->n_parts)
            memcpy(more, p->part, p->n_parts * sizeof *more);
        p->part = more;
        k->room = 2 * (k->room + 8);
    }
    p->part[p->n_parts] = (struct plan_part){.study = study, .kind = word};
    return &p->part[p->n_parts++];
}

static int32_t
spent_on(const struct counting *k, int64_t due)
{
    size_t lo = 0, hi = k->n_spent;
    int32_t sum = 0;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (k->spent[mid].due < due)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < k->n_spent && k->spent[lo].due == due; lo++)
        sum += (int32_t)k->spent[lo].minutes;
    return sum;
}

static int
week_at(const struct counting *k, int32_t day)
{
    return day < k->monday || day >= k->monday + WEEK * PLAN_WEEKS ? -1 : (day - k->monday) / WEEK;
}

/* One thing: what is done counts as it was planned, in its own weeks; what is open, less what it took
 * already, from today on; what is asked stands apart. */
static void
count_due(struct counting *k, const struct load_due_row *x)
{
    enum due_state s;
    int32_t due, add[PLAN_WEEKS] = {0}, sum = 0, today = k->c->today;
    INVARIANT(rules_state_find(x->state, &s));
    if (s == STATE_DECLINED || s == STATE_WITHDRAWN || !date_parse(x->due_on, &due))
        return;
    bool asked = s == STATE_ASKED || s == STATE_COUNTERED, done = s == STATE_DELIVERED || s == STATE_KEPT;
    int32_t minutes = x->estimated_null ? minutes_of(&k->own, x->kind) : (int32_t)x->estimated;
    int32_t made = tz_day(k->c->inst->zone, x->created), earliest = done ? (made < due ? made : due) : today;
    if (!done && !asked)
        minutes -= spent_on(k, x->id);
    if (minutes > 0 && !(done && due > today))
        weeks_spread(&k->p->person, &(struct weeks_part){earliest, due, minutes}, k->monday, PLAN_WEEKS, add);
    for (size_t i = 0; i < PLAN_WEEKS; i++) {
        *(asked ? &k->p->week[i].asked : &k->p->week[i].planned) += add[i];
        sum += add[i];
    }
    int at = week_at(k, done || due > today ? due : today);
    if (asked || at < 0)
        return;
    k->p->week[at].items++;
    struct plan_part *part = part_of(k, x->study_null ? NULL : str_or(x->study_acronym, x->study_code), x->kind);
    part->items++;
    part->planned += sum;
}

static err_t
count_spent(struct counting *k, int64_t person)
{
    struct ctx *c = k->c;
    struct load_spent_row *x;
    size_t n;
    TRY(db_list(c, &LOAD_SPENT,
                DB_IN(db_int(person), db_text(iso_of(c, k->monday)), db_text(iso_of(c, k->monday + WEEK * PLAN_WEEKS - 1)), db_int(PLAN_MOST)),
                &x, &n));
    for (size_t i = 0; i < n; i++) {
        int32_t day;
        INVARIANT(date_parse(x[i].day_on, &day));
        k->p->week[week_at(k, day)].spent += (int32_t)x[i].minutes;
        part_of(k, x[i].study_null ? NULL : str_or(x[i].study_acronym, x[i].study_code), x[i].kind)->spent += (int32_t)x[i].minutes;
    }
    return NULL;
}

err_t
plan_of(struct ctx *c, int64_t person, struct plan *ret)
{
    struct plan p = {0};
    struct counting k = {.c = c, .p = &p, .monday = weeks_monday(c->today) - WEEK * PLAN_BACK};
    struct load_due_row *x;
    struct load_due_old_row *old;
    size_t n, n_old;
    TRY(load_person(c, person, k.monday, &p));
    weeks_make(&p.person, k.monday, PLAN_WEEKS, p.week);
    TRY(db_list(c, &LOAD_KINDS, DB_IN(db_int(person)), &k.own.x, &k.own.n));
    TRY(db_list(c, &LOAD_DUE,
                DB_IN(db_int(person), db_text(iso_of(c, k.monday)), db_text(iso_of(c, k.monday + WEEK * PLAN_WEEKS + LATER)), db_int(PLAN_MOST)),
                &x, &n));
    TRY(db_list(c, &LOAD_DUE_OLD, DB_IN(db_int(person), db_text(iso_of(c, k.monday)), db_int(PLAN_MOST)), &old, &n_old));
    int64_t *ids = arena_alloc(c->mem, (n + n_old + 1) * sizeof *ids);
    for (size_t i = 0; i < n + n_old; i++)
        ids[i] = i < n ? x[i].id : old[i - n].id;
    if (n + n_old)
        TRY(db_list(c, &LOAD_SPENT_OF, DB_IN(db_int(person), db_ints(ids, n + n_old)), &k.spent, &k.n_spent));
    for (size_t i = 0; i < n; i++)
        count_due(&k, &x[i]);
    for (size_t i = 0; i < n_old; i++) {
        const struct load_due_old_row *o = &old[i];
        count_due(&k, &(struct load_due_row){.id = o->id, .study = o->study, .study_null = o->study_null, .study_code = o->study_code,
                                             .study_acronym = o->study_acronym, .kind = o->kind, .state = o->state, .due_on = o->due_on,
                                             .created = o->created, .estimated = o->estimated, .estimated_null = o->estimated_null});
    }
    TRY(count_spent(&k, person));
    p.cut = n == PLAN_MOST || n_old == PLAN_MOST;
    *ret = p;
    return NULL;
}

/* ---- words and picture ---- */

static const char *
week_words(struct ctx *c, int32_t monday)
{
    const char *words = date_words(c->mem, monday, DATE_DAY);
    return arena_strndup(c->mem, words, strlen(words) - 5);
}

const char *
plan_words(struct ctx *c, const struct plan *p, int32_t due, int32_t minutes)
{
    int32_t at = due < c->today ? c->today : due;
    size_t i = (size_t)((at - p->week[0].monday) / WEEK);
    if (i >= PLAN_WEEKS)
        return arena_printf(c->mem, "That week is more than %d weeks ahead: nothing is counted there yet.", PLAN_AHEAD);
    const struct weeks_week *w = &p->week[i];
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "You have agreed to %s of %s hours in the week of %s. This would take about %s.", plan_hours(c->mem, w->planned),
               plan_hours(c->mem, w->capacity), week_words(c, w->monday), plan_hours(c->mem, minutes));
    size_t room = weeks_room(p->week, PLAN_WEEKS, i, minutes);
    if (room == i)
        buf_str(&b, " There is room.");
    else if (room < PLAN_WEEKS)
        buf_printf(&b, " First week with room: %s.", week_words(c, p->week[room].monday));
    else
        buf_printf(&b, " No week has room until %s.", week_words(c, p->week[PLAN_WEEKS - 1].monday));
    return buf_text(&b);
}

enum { COLUMN = 26, BAR = 18, TALL = 110, FOOT = 18, TOP = 6 };

static double
most(const struct plan *p, size_t from, size_t n, bool whole)
{
    double max = 60;
    for (size_t i = from; i < from + n; i++) {
        const struct weeks_week *w = &p->week[i];
        double load = w->planned + (whole ? w->asked : 0);
        max = load > max ? load : max;
        max = w->capacity > max ? w->capacity : max;
        max = whole && w->spent > max ? w->spent : max;
    }
    return max;
}

const char *
plan_picture(struct ctx *c, const struct plan *p, size_t from, size_t n, size_t mark, bool whole)
{
    struct buf b;
    double max = most(p, from, n, whole);
    buf_init(&b, c->mem);
    draw_open(&b, &(struct draw_svg){.w = COLUMN * (double)n, .h = TOP + TALL + FOOT, .cls = "load",
                                     .label = whole ? "Hours by week: what you can carry, agreed, asked and spent. The table has the numbers."
                                                    : "Hours by week: what is agreed of what can be carried."});
    for (size_t i = 0; i < n; i++) {
        const struct weeks_week *w = &p->week[from + i];
        double x = COLUMN * (double)i + (COLUMN - BAR) / 2.0, base = TOP + TALL;
        double cap = TALL * w->capacity / max, plan = TALL * w->planned / max, ask = whole ? TALL * w->asked / max : 0;
        draw_rect(&b, from + i == mark ? "cap mark" : "cap", x, base - cap, BAR, cap, 2);
        draw_rect(&b, w->planned > w->capacity ? "plan over" : "plan", x, base - plan, BAR, plan, 2);
        if (ask > 0)
            draw_rect(&b, "ask", x, base - plan - ask, BAR, ask, 2);
        if (whole && w->spent)
            draw_rect(&b, "spent", x + BAR / 2.0 - 2, base - TALL * w->spent / max, 4, TALL * w->spent / max, 1);
        if ((from + i) % 4 == PLAN_BACK % 4)
            draw_text(&b, NULL, x, base + FOOT - 5, week_words(c, w->monday));
        if (whole && from + i == PLAN_BACK)
            draw_line(&b, "now", x - (COLUMN - BAR) / 2.0, TOP, x - (COLUMN - BAR) / 2.0, base);
    }
    draw_line(&b, "base", 0, TOP + TALL, COLUMN * (double)n, TOP + TALL);
    draw_close(&b);
    return buf_text(&b);
}
