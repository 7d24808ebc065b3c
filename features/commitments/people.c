/* people.c: see people.h. Called by pages_ask.c. */
#include "features/commitments/people.h"

#include "base/date.h"
#include "db/db.h"

bool
people_at_site(const char *role)
{
    enum role r;
    bool own;
    return role_find(role, &r) && perm_of_role(PERM_DUE_ACT_SITE, r, &own);
}

err_t
due_asker(struct ctx *c, const struct thing *study, struct due_party *ret, int64_t *ret_site)
{
    return people_me(c, study, 0, ret, ret_site);
}

/* Whether one of c->who's own roles is at this site. */
static bool
works_at(const struct who *w, int64_t study, int64_t site)
{
    struct thing t = {.study = study, .study_site = site};
    return may(w, PERM_DUE_ACT_SITE, &t);
}

static bool
askable(struct ctx *c, const struct thing *study, const struct due_people_row *x)
{
    struct thing t = *study;
    if (x->person == c->who->person)
        return false;
    bool site_side = people_at_site(x->role);
    if (site_side && x->study_site_null)
        return false;
    t.study_site = x->study_site_null ? 0 : x->study_site;
    if (site_side)
        return works_at(c->who, study->study, t.study_site) || may(c->who, PERM_SITE_LIST, study);
    return !str_eq(x->role, "inspector");
}

err_t
people_askable(struct ctx *c, const struct thing *study, struct due_people_row **ret, size_t *ret_n)
{
    char today[DATE_TEXT];
    struct due_people_row *x;
    size_t n, kept = 0;
    date_iso(c->today, today);
    TRY(db_list(c, &DUE_PEOPLE, DB_IN(db_int(study->study), db_text(today)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (askable(c, study, &x[i]))
            x[kept++] = x[i];
    }
    *ret = x;
    *ret_n = kept;
    return NULL;
}

err_t
people_me(struct ctx *c, const struct thing *study, int64_t study_site, struct due_party *ret, int64_t *ret_site)
{
    struct due_party me = {.person = c->who->person};
    int64_t site = study_site;
    bool found = false;
    for (size_t i = 0; i < c->who->n_rights && !found; i++) {
        const struct right *x = &c->who->rights[i];
        struct thing t = *study;
        bool at_site = people_at_site(role_word(x->role));
        if (x->study != study->study || (study_site && x->study_site && x->study_site != study_site))
            continue;
        bool own;
        t.study_site = study_site ? study_site : x->study_site;
        found = at_site ? may(c->who, PERM_DUE_ACT_SITE, &t) : perm_of_role(PERM_DUE_ASK, x->role, &own);
        me.role = role_word(x->role);
        me.at_site = at_site;
        site = at_site ? t.study_site : study_site;
    }
    if (!found)
        return err_new(c->mem, E_FORBIDDEN, "Your role in this study reads. To ask for something, speak to the study manager.");
    *ret = me;
    *ret_site = site;
    return NULL;
}
