/* take.c: a file of queries taken in, and the clocks that follow: of each site the oldest open query, and the
 * oldest answer that nobody has read, are happenings of the playbook. See file.h. */
#include "base/str.h"
#include "core/record.h"
#include "db/db.h"
#include "features/playbooks/playbooks.h"
#include "features/queries/file.h"
#include "features/queries/queries_sql.h"
#include "features/studies/studies.h"

#include <string.h>

enum { REFUSED = 200, AGES = 100000 };

err_t
take_refused(struct arena *a, const struct file_plan *p)
{
    err_t all = NULL;
    for (size_t i = 0; i < p->n_refused && i < REFUSED; i++)
        all = err_join(a, all, err_field(a, E_BAD_INPUT, "file", "row %zu, %s: %s", p->refused[i].line, str_or(p->refused[i].column, "-"), p->refused[i].why));
    if (p->n_refused > REFUSED)
        all = err_join(a, all, err_field(a, E_BAD_INPUT, "file", "And %zu rows more.", p->n_refused - REFUSED));
    return all;
}

static err_t
save(struct ctx *c, int64_t study, const struct file_row *f)
{
    const struct rows_query *q = &f->q;
    bool open = q->state != ROWS_IS_CLOSED;
    const char *state = rows_state_name(q->state), *since = rows_since(q);
    if (f->id)
        return db_run(c, &QUERY_SET, DB_IN(db_int(f->id), db_int(f->site), db_text(state), db_bool(open), db_text(q->opened), db_text(q->answered),
                                           db_text(q->closed), db_text(since)), NULL);
    return db_run(c, &QUERY_ADD, DB_IN(db_int(study), db_int(f->site), db_text(q->id), db_text(state), db_bool(open), db_text(q->opened),
                                       db_text(q->answered), db_text(q->closed), db_text(since)), NULL);
}

/* ---- the clocks ---- */

struct clock {
    int64_t site;
    const char *state, *since;
    int64_t n;
};
static const struct {
    const char *state, *event, *line;
} sides[] = {{"open", "query.opened", "answer"}, {"answered", "query.answered", "review"}};

static const char *
key_of(struct ctx *c, const struct clock *k)
{
    return arena_printf(c->mem, "queries:%lld:%s:%s", (long long)k->site, k->state, k->since);
}

static err_t
stop(struct ctx *c, const struct clock *k, size_t side)
{
    int64_t due;
    TRY(playbook_done(c, key_of(c, k), sides[side].line, &due));
    return db_run(c, &QUERY_CLOCK_DROP, DB_IN(db_int(k->site), db_text(k->state)), NULL);
}

static err_t
start(struct ctx *c, const struct thing *study, const struct clock *k, size_t side)
{
    struct thing t = *study;
    const char *name;
    t.study_site = k->site;
    TRY(study_site_name(c, &t, &name));
    const char *subject = arena_printf(c->mem, k->n == 1 ? "%lld query at %s" : "%lld queries at %s", (long long)k->n, name);
    TRY(playbook_event(c, &(struct playbook_event){.study = study->study, .study_site = k->site, .event = sides[side].event, .day = k->since,
                                                   .subject = subject, .key = key_of(c, k)}));
    return db_run(c, &QUERY_CLOCK_SET, DB_IN(db_int(k->site), db_text(k->state), db_text(k->since)), NULL);
}

/* Of each site and side the oldest day, and how many wait in all. Rows come by site, state and day. */
static struct clock *
oldest(struct ctx *c, const struct query_ages_row *x, size_t n, size_t *ret_n)
{
    struct clock *k = arena_alloc(c->mem, (n + 1) * sizeof *k);
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (m == 0 || k[m - 1].site != x[i].site || strcmp(k[m - 1].state, x[i].state) != 0)
            k[m++] = (struct clock){x[i].site, x[i].state, x[i].since_on, 0};
        k[m - 1].n += x[i].n;
    }
    *ret_n = m;
    return k;
}

static const struct clock *
find(const struct clock *k, size_t n, int64_t site, const char *state)
{
    for (size_t i = 0; i < n; i++) {
        if (k[i].site == site && strcmp(k[i].state, state) == 0)
            return &k[i];
    }
    return NULL;
}

static err_t
follow(struct ctx *c, const struct thing *study)
{
    struct query_ages_row *x;
    struct query_clocks_row *old;
    size_t n, n_old, m;
    TRY(db_list(c, &QUERY_AGES, DB_IN(db_int(study->study), db_ints(NULL, 0), db_bool(true), db_int(AGES)), &x, &n));
    TRY(db_list(c, &QUERY_CLOCKS, DB_IN(db_int(study->study)), &old, &n_old));
    struct clock *now = oldest(c, x, n, &m), *was = arena_alloc(c->mem, (n_old + 1) * sizeof *was);
    for (size_t i = 0; i < n_old; i++)
        was[i] = (struct clock){old[i].site, old[i].state, old[i].since_on, 0};
    for (size_t i = 0; i < n_old; i++) {
        const struct clock *k = find(now, m, was[i].site, was[i].state);
        if (!k || strcmp(k->since, was[i].since) != 0)
            TRY(stop(c, &was[i], strcmp(was[i].state, sides[1].state) == 0));
    }
    for (size_t i = 0; i < m; i++) {
        const struct clock *k = find(was, n_old, now[i].site, now[i].state);
        if (!k || strcmp(k->since, now[i].since) != 0)
            TRY(start(c, study, &now[i], strcmp(now[i].state, sides[1].state) == 0));
    }
    return NULL;
}

err_t
take_file(struct ctx *c, const struct thing *study, struct file_plan *p)
{
    if (p->n_refused)
        return take_refused(c->mem, p);
    for (size_t i = 0; i < p->n; i++) {
        if (!p->row[i].same)
            TRY(save(c, study->study, &p->row[i]));
    }
    record_about(c, "study", study->study, study->study_ref, study);
    record_event(c);
    record_change(c, "queries", p->name, "new", NULL, arena_printf(c->mem, "%zu", p->n_new));
    record_change(c, "queries", p->name, "changed", NULL, arena_printf(c->mem, "%zu", p->n_changed));
    return follow(c, study);
}
