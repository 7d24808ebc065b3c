/* import_plan.c: a planned curve out of rows of dates and numbers, and how it stands against the plan
 * there is. Rows may be of months or days, of the study or of its countries, in all or of the period:
 * all become what is planned in all at the end of each month. See import.h. */
#include "features/recruitment/import.h"

#include "base/arena.h"
#include "base/str.h"
#include "db/db.h"
#include "features/recruitment/recruitment_import_sql.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_MONTHS = 400 };

struct point {
    size_t line;
    const char *on, *country; /* ISO; code or "" */
    int64_t n, openings;
    bool has_openings;
};

static int
by_country(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    int at = strcmp(x->country, y->country);
    return at ? at : strcmp(x->on, y->on);
}

static int
by_day(const void *a, const void *b)
{
    return strcmp(((const struct point *)a)->on, ((const struct point *)b)->on);
}

static bool
read_point(struct row_reader *r, bool cumulative, struct point *x)
{
    int64_t n = 0;
    enum columns_field f = cumulative ? COLUMNS_PLANNED_CUMULATIVE : COLUMNS_PLANNED_PER_PERIOD;
    const char *number = row_number(r, f), *openings = row_number(r, COLUMNS_PLANNED_OPENINGS);
    *x = (struct point){.line = r->row->line, .on = row_date(r, COLUMNS_PERIOD),
                        .country = str_or(row_country(r), "")};
    if (!x->on && r->ok)
        row_refuse(r, COLUMNS_PERIOD, "The month is missing.");
    if (!number && cumulative && r->ok)
        row_refuse(r, f, "The planned number is missing.");
    if (number && str_int(number, &n))
        x->n = n;
    x->has_openings = openings && str_int(openings, &x->openings);
    return r->ok;
}

/* Numbers in all become those of the period, country by country. */
static void
to_steps(struct import_plan *p, struct point *v, size_t n, bool cumulative)
{
    qsort(v, n, sizeof *v, by_country);
    for (size_t i = n; i-- > 0;) {
        bool follows = i > 0 && strcmp(v[i].country, v[i - 1].country) == 0;
        if (follows && strcmp(v[i].on, v[i - 1].on) == 0)
            import_refuse(&p->refused, v[i].line, import_column(&p->look, COLUMNS_PERIOD), v[i].on,
                          "This is planned in row %zu already.", v[i - 1].line);
        else if (cumulative && follows && v[i].n < v[i - 1].n)
            import_refuse(&p->refused, v[i].line, import_column(&p->look, COLUMNS_PLANNED_CUMULATIVE),
                          arena_printf(p->mem, "%lld", (long long)v[i].n),
                          "Planned in all, and yet fewer than the %lld before.", (long long)v[i - 1].n);
        else if (cumulative && follows)
            v[i].n -= v[i - 1].n;
    }
}

static const char *
month_of(struct arena *a, const char *iso)
{
    return arena_printf(a, "%.7s-01", iso);
}

void
import_plan_read(struct import_plan *p)
{
    const struct sheet *s = p->look.sheet;
    bool cumulative = p->look.found.of[COLUMNS_PLANNED_CUMULATIVE] >= 0;
    struct point *v = arena_alloc(p->mem, (p->n_rows + 1) * sizeof *v);
    size_t n = 0;
    for (size_t i = s->header + 1; i < s->n; i++) {
        if (!import_wants(p->mem, &p->look, &s->rows[i]))
            continue;
        struct row_reader r = {.p = p, .row = &s->rows[i], .ok = true};
        n += read_point(&r, cumulative, &v[n]);
    }
    to_steps(p, v, n, cumulative);
    qsort(v, n, sizeof *v, by_day);
    int64_t all = 0, open = 0;
    bool opens = false;
    struct plan_month *m = NULL;
    p->months = arena_alloc(p->mem, (n + 1) * sizeof *p->months);
    for (size_t i = 0; i < n; i++) {
        if (!m || strncmp(m->month_on, v[i].on, 7) != 0) {
            m = &p->months[p->n_months++];
            *m = (struct plan_month){.month_on = month_of(p->mem, v[i].on)};
        }
        all += v[i].n;
        m->enrolled = all;
        open += v[i].openings;
        opens |= v[i].has_openings;
        m->openings = open;
        m->has_openings = opens;
    }
    if (p->n_months > MOST_MONTHS)
        import_refuse(&p->refused, v[n - 1].line, import_column(&p->look, COLUMNS_PERIOD), v[n - 1].on,
                      "A plan has at most %d months.", MOST_MONTHS);
}

static bool
same(const struct plan_month *m, const struct import_plan_points_row *row)
{
    return strcmp(m->month_on, row->month_on) == 0 && m->enrolled == row->enrolled &&
           m->has_openings == !row->openings_null &&
           (!m->has_openings || m->openings == row->openings);
}

err_t
match_plan(struct ctx *c, const struct import_plan *p, struct matched *ret)
{
    struct matched m = {.refused.mem = c->mem, .differs = p->n_months > 0};
    struct import_plan_now_row now;
    bool found;
    TRY(db_maybe(c, &IMPORT_PLAN_NOW, DB_IN(db_int(p->how.study)), &now, &found));
    if (found) {
        struct import_plan_points_row *rows;
        size_t n, equal = 0;
        m.plan_number = now.number;
        TRY(db_list(c, &IMPORT_PLAN_POINTS, DB_IN(db_int(p->how.study), db_int(now.id)), &rows, &n));
        while (equal < n && equal < p->n_months && same(&p->months[equal], &rows[equal]))
            equal++;
        m.differs &= equal < n || equal < p->n_months;
    }
    m.needs_reason = found && m.differs;
    m.added = m.differs ? (int64_t)p->n_months : 0;
    m.known = m.differs ? 0 : (int64_t)p->n_rows;
    *ret = m;
    return NULL;
}
