/* pages_shared.c: what a person shares of her load, and what a manager sees of her own staff: in numbers
 * of things what is agreed in her study, in hours only what is shared with her. Never a site's people. */
#include "base/date.h"
#include "base/str.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/load/load_sql.h"
#include "features/load/pages.h"
#include "features/studies/studies.h"

enum { WEEK = 7, TEAM = 100, TEAM_DUE = 5000, SEEN = PLAN_AHEAD };

static const char *
iso_of(struct ctx *c, int32_t day)
{
    char text[DATE_TEXT];
    date_iso(day, text);
    return arena_strdup(c->mem, text);
}

err_t
page_load_shows(struct ctx *c, int64_t person, struct view *v)
{
    struct plan p;
    TRY(plan_of(c, person, &p));
    view_html(v, "picture", plan_picture(c, &p, PLAN_BACK, SEEN, PLAN_WEEKS, false));
    struct view *list = view_list(v, "weeks");
    for (size_t i = PLAN_BACK; i < PLAN_BACK + SEEN; i++) {
        struct view *w = view_add_map(list);
        view_text(w, "week", date_words(c->mem, p.week[i].monday, DATE_DAY));
        view_text(w, "planned", plan_hours(c->mem, p.week[i].planned));
        view_text(w, "capacity", plan_hours(c->mem, p.week[i].capacity));
    }
    return NULL;
}

err_t
page_load_shared(struct ctx *c, struct req *r, struct view *page)
{
    struct load_shares_to_row *x;
    struct load_shares_row *mine;
    const char *today = iso_of(c, c->today);
    size_t n;
    TRY(db_list(c, &LOAD_SHARES_TO, DB_IN(db_int(c->who->person), db_text(today)), &x, &n));
    struct view *list = view_list(page, "others");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", x[i].name);
        view_text(v, "until", date_words_iso(c->mem, x[i].until_on));
        TRY(page_load_shows(c, x[i].person, v));
    }
    TRY(db_list(c, &LOAD_SHARES, DB_IN(db_int(c->who->person), db_text(today)), &mine, &n));
    struct view *who = view_list(page, "mine");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(who);
        view_text(v, "name", mine[i].name);
        view_text(v, "until", date_words_iso(c->mem, mine[i].until_on));
    }
    return page_load_shows(c, c->who->person, view_map(page, "own"));
}

/* ---- a manager's own staff ---- */

struct mate {
    int64_t person;
    const char *name, *role;
    bool out; /* a site's, or of another organisation */
};

static size_t
mates_of(struct ctx *c, const struct load_team_row *x, size_t n, struct mate *m)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        enum role role;
        bool first = k == 0 || m[k - 1].person != x[i].person;
        if (first)
            m[k++] = (struct mate){x[i].person, x[i].name, role_find(x[i].role, &role) ? role_title(role) : x[i].role, false};
        m[k - 1].out |= people_at_site(x[i].role) || str_eq(x[i].role, "inspector") || x[i].person == c->who->person;
    }
    return k;
}

static bool
employs(const struct load_employers_row *x, size_t n, int64_t person, int64_t organisation)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (x[i].person == person && (!organisation || x[i].organisation == organisation))
            any = true;
    }
    return any;
}

/* Whoever names an organisation as hers, and none of the manager's, is not her staff. */
static err_t
keep_staff(struct ctx *c, struct mate *m, size_t *n)
{
    struct load_employers_row *x;
    size_t n_rows, kept = 0;
    int64_t *ids = arena_alloc(c->mem, (*n + 1) * sizeof *ids), me = c->who->person;
    for (size_t i = 0; i < *n; i++)
        ids[i] = m[i].person;
    ids[*n] = me;
    TRY(db_list(c, &LOAD_EMPLOYERS, DB_IN(db_ints(ids, *n + 1), db_text(iso_of(c, c->today))), &x, &n_rows));
    for (size_t i = 0; i < *n && kept < TEAM; i++) {
        bool same = !employs(x, n_rows, m[i].person, 0) || !employs(x, n_rows, me, 0);
        for (size_t k = 0; k < n_rows && !same; k++)
            same = x[k].person == me && employs(x, n_rows, m[i].person, x[k].organisation);
        if (!m[i].out && same)
            m[kept++] = m[i];
    }
    *n = kept;
    return NULL;
}

static err_t
add_mate(struct ctx *c, const struct mate *m, const struct load_team_due_row *x, size_t n, struct view *list)
{
    struct load_share_with_row row;
    struct view *v = view_add_map(list), *weeks = view_list(v, "weeks");
    struct plan p;
    int count[SEEN] = {0};
    int32_t day, monday = weeks_monday(c->today);
    TRY(db_one(c, &LOAD_SHARE_WITH, DB_IN(db_int(m->person), db_int(c->who->person), db_text(iso_of(c, c->today))), &row));
    if (row.n)
        TRY(plan_of(c, m->person, &p));
    for (size_t i = 0; i < n; i++) {
        if (x[i].person == m->person && date_parse(x[i].due_on, &day) && (day - monday) / WEEK < SEEN)
            count[day < monday ? 0 : (day - monday) / WEEK]++;
    }
    view_text(v, "name", m->name);
    view_text(v, "role", m->role);
    view_bool(v, "shared", row.n);
    for (size_t i = 0; i < SEEN; i++) {
        struct view *w = view_add_map(weeks);
        view_int(w, "items", count[i]);
        if (row.n)
            view_textf(w, "hours", "%s of %s h", plan_hours(c->mem, p.week[PLAN_BACK + i].planned), plan_hours(c->mem, p.week[PLAN_BACK + i].capacity));
    }
    return NULL;
}

err_t
page_load_team(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct load_team_row *x;
    struct load_team_due_row *due;
    size_t n, n_due;
    int32_t monday = weeks_monday(c->today);
    TRY(study_head(c, t, "team-load", page));
    TRY(db_list(c, &LOAD_TEAM, DB_IN(db_int(t->study), db_text(iso_of(c, c->today))), &x, &n));
    struct mate *m = arena_alloc(c->mem, (n + 1) * sizeof *m);
    n = mates_of(c, x, n, m);
    TRY(keep_staff(c, m, &n));
    int64_t *ids = arena_alloc(c->mem, (n + 1) * sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = m[i].person;
    struct view *columns = view_list(page, "columns"), *list = view_list(page, "staff");
    for (int i = 0; i < SEEN; i++)
        view_text(view_add_map(columns), "week", date_words(c->mem, monday + WEEK * i, DATE_DAY));
    if (n == 0)
        return NULL;
    TRY(db_list(c, &LOAD_TEAM_DUE,
                DB_IN(db_int(t->study), db_ints(ids, n), db_text(iso_of(c, monday - 366)), db_text(iso_of(c, monday + WEEK * SEEN - 1)),
                      db_int(COMP_OPEN), db_int(TEAM_DUE)),
                &due, &n_due));
    for (size_t i = 0; i < n; i++)
        TRY(add_mate(c, &m[i], due, n_due, list));
    return NULL;
}
