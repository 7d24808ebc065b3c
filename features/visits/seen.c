/* seen.c: who of a site was there when a monitor came, for the delegation log to be compared with
 * (struct feature, site_seen). */
#include "features/visits/store.h"

#include "core/reach.h"
#include "db/db.h"
#include "features/visits/visits_sql.h"

enum { SEEN = 300 };

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
