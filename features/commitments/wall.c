/* wall.c: who may know of something due, and for which side she acts. See commitments.h.
 *
 * The two persons always know, and act. In a study, the sponsor's people see what lies in their reach, and
 * the manager and the administrator act for their colleagues; the site's people see what the site itself
 * owes or is owed and act for one another, and see nothing that the sponsor's people owe one another about
 * the site. Somebody outside acts for herself alone, by her link (features/answers). What lies outside every study is the two persons' alone. */
#include "features/commitments/commitments.h"

#include "base/str.h"
#include "core/may.h"
#include "db/db.h"
#include "features/commitments/commitments_sql.h"
#include "features/studies/studies.h"

static err_t
nothing_here(struct ctx *c)
{
    return err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
}

err_t
due_look(struct ctx *c, int64_t due, struct thing *t, bool *ret_owing, bool *ret_asking)
{
    struct due_wall_row x;
    bool found;
    TRY(db_maybe(c, &DUE_WALL, DB_IN(db_int(due)), &x, &found));
    if (!found || !c->who)
        return nothing_here(c);
    struct thing here = {0};
    if (!x.study_null)
        TRY(study_thing(c, x.study, &here));
    here.study_site = x.site_null ? 0 : x.site;
    here.comp = (enum compartment)x.comp;
    bool team = here.study && may(c->who, PERM_DUE_ACT, &here), site = here.study && may(c->who, PERM_DUE_ACT_SITE, &here);
    bool outside = str_eq(x.owing_role, DUE_OUTSIDE); /* then nobody is her colleague */
    bool owing = x.owing == c->who->person || (!x.doing_null && x.doing == c->who->person) || (!outside && (x.owing_at_site ? site : team));
    bool asking = x.asking == c->who->person || (x.asking_at_site ? site : team);
    struct due_covered *away;
    size_t n_away = 0;
    if (here.study && !(owing && asking) && may(c->who, PERM_STUDY_READ, &here)) /* as whom she covers, where she has a role herself */
        TRY(due_covered(c, 5, &away, &n_away));
    for (size_t i = 0; i < n_away; i++) {
        owing |= x.owing == away[i].person || (!x.doing_null && x.doing == away[i].person);
        asking |= x.asking == away[i].person;
    }
    bool reads = here.study && (may(c->who, PERM_DUE_READ, &here) ||
                                (site && (x.owing_at_site || x.asking_at_site)));
    if (!x.own_null && !owing) { /* a study that a site's people keep for themselves: those named there */
        struct due_own_member_row one;
        TRY(db_maybe(c, &DUE_OWN_MEMBER, DB_IN(db_int(x.own), db_int(c->who->person)), &one, &owing));
        asking |= owing;
    }
    if (!owing && !asking && !reads)
        return nothing_here(c);
    *t = here;
    *ret_owing = owing;
    *ret_asking = asking;
    return NULL;
}
