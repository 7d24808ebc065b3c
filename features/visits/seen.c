/* seen.c: what other features are told of visits (struct feature): who of a site was there when a monitor came, for
 * the delegation log to be compared with; and the papers that a visit makes expected. */
#include "features/visits/store.h"

#include "base/date.h"
#include "base/str.h"
#include "core/reach.h"
#include "db/db.h"
#include "features/studies/studies.h"
#include "features/visits/visits_sql.h"

enum { SEEN = 300, VISITS = 300, BACK_DAYS = 3 * 366, AHEAD_DAYS = 366 };

err_t
visit_seen(struct ctx *c, const struct thing *site, const char *since, struct view *list)
{
    struct visit_seen_row *x;
    size_t n;
    bool reads = may(c->who, PERM_VISIT_READ, site);
    if (!reads && !may(c->who, PERM_VISIT_READ_SITE, site))
        return NULL;
    int comp = reach_comp(c->who, reads ? PERM_VISIT_READ : PERM_VISIT_READ_SITE, site);
    TRY(db_list(c, &VISIT_SEEN, DB_IN(db_int(site->study_site), db_int(comp), db_text(since), db_int(SEEN)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_int(v, "person", x[i].person_null ? 0 : x[i].person);
        view_text(v, "name", x[i].name);
        view_text(v, "day", x[i].day);
        view_text(v, "at", visit_short(c->mem, x[i].kind, x[i].n));
    }
    return NULL;
}

/* ---- papers ---- */

static void
expect(struct ctx *c, const struct visit_of_study_row *x, const char *part, const char *what, const char *tmf, const char *why, struct view *list)
{
    struct view *v = view_add_map(list);
    view_textf(v, "key", "visit:%s/%s", x->ref, part);
    view_int(v, "site", x->site);
    view_text(v, "site_title", site_title(c->mem, x->number, x->label, x->facility, x->organisation, x->placeholder, x->city));
    view_textf(v, "what", "%s, %s", what, visit_short(c->mem, x->kind, x->n));
    view_text(v, "tmf", tmf);
    view_text(v, "why", why);
}

/* A day that is agreed is confirmed; a visit that was held has a report and a letter. A site is told of no report. */
static void
expect_of(struct ctx *c, const struct visit_of_study_row *x, bool reads, struct view *list)
{
    enum visit_kind k;
    bool held = str_eq(x->state, "held") || str_eq(x->state, "closed");
    if (!visit_kind_find(x->kind, &k))
        return;
    if (x->confirmed || str_eq(x->state, "agreed"))
        expect(c, x, "confirmation", "Confirmation letter", VISIT_CONFIRMATION_TMF, arena_printf(c->mem, "agreed for %s", date_words_iso(c->mem, x->first_on)), list);
    if (!held)
        return;
    const char *why = arena_printf(c->mem, "held until %s", date_words_iso(c->mem, x->last_on));
    if (reads)
        expect(c, x, "report", "Visit report", visit_kind_tmf(k), why, list);
    expect(c, x, "letter", "Follow-up letter", "05.04.12", why, list);
}

err_t
visit_papers(struct ctx *c, const struct thing *study, struct view *list)
{
    struct visit_of_study_row *x;
    int64_t *sites;
    size_t n_sites, n;
    char from[DATE_TEXT], to[DATE_TEXT];
    bool all, reads = true;
    reach_sites(c, c->who, PERM_VISIT_READ, study, &all, &sites, &n_sites);
    if (!all && !n_sites) {
        reads = false;
        reach_sites(c, c->who, PERM_VISIT_READ_SITE, study, &all, &sites, &n_sites);
    }
    if (!all && !n_sites)
        return NULL;
    date_iso(c->today - BACK_DAYS, from);
    date_iso(c->today + AHEAD_DAYS, to);
    TRY(db_list(c, &VISIT_OF_STUDY, DB_IN(db_int(study->study), db_int(reach_comp(c->who, PERM_STUDY_READ, study)), db_text(from), db_text(to),
                                          db_ints(sites, n_sites), db_bool(all), db_int(VISITS)), &x, &n));
    for (size_t i = 0; i < n; i++)
        expect_of(c, &x[i], reads, list);
    return NULL;
}
