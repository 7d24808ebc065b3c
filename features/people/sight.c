/* sight.c: what a person may see of organisations and people. See people.h. Called by the
 * resolvers, the pages and the search; the numbers it makes are parameters of their queries. */
#include "core/reach.h"
#include "core/words.h"
#include "db/db.h"
#include "features/people/people.h"
#include "features/people/people_sql.h"

#include <string.h>

/* Adds the sites of one study that may be read: the study as a whole, or single ones. */
static void
add_sites(struct ctx *c, struct sight *s, int64_t study)
{
    struct thing t = {.study = study};
    bool all;
    int64_t *site;
    size_t n;
    if (may(c->who, PERM_STUDY_TEAM, &t))
        s->team[s->n_team++] = study;
    reach_sites(c, c->who, PERM_SITE_READ, &t, &all, &site, &n);
    if (all)
        s->whole[s->n_whole++] = study;
    for (size_t i = 0; i < n; i++)
        s->sites[s->n_sites++] = site[i];
}

struct sight
sight_of(struct ctx *c)
{
    struct reach r = reach_of(c, c->who);
    size_t n = c->who ? c->who->n_rights : 0;
    struct sight s = {
        .audiences = r.audiences, .n_audiences = r.n_audiences,
        .studies = r.studies, .n_studies = r.n_studies,
        .listed = arena_alloc(c->mem, (r.n_audiences + 1) * sizeof(int64_t)),
        .whole = arena_alloc(c->mem, n * sizeof(int64_t)),
        .sites = arena_alloc(c->mem, n * sizeof(int64_t)),
        .team = arena_alloc(c->mem, n * sizeof(int64_t)),
    };
    if (r.n_audiences)
        memcpy(s.listed, r.audiences, r.n_audiences * sizeof(int64_t));
    s.n_listed = r.n_audiences;
    if (c->who)
        s.listed[s.n_listed++] = -c->who->person;
    for (size_t i = 0; i < r.n_studies; i++)
        add_sites(c, &s, r.studies[i]);
    return s;
}

static err_t
listed(struct ctx *c, const struct sight *s, const char *kind, int64_t thing, bool *ret)
{
    *ret = false;
    for (size_t i = 0; i < s->n_listed && !*ret; i++)
        TRY(words_known(c, s->listed[i], kind, thing, ret));
    return NULL;
}

err_t
sight_of_org(struct ctx *c, const struct sight *s, int64_t org, bool *ret)
{
    for (size_t i = 0; i < s->n_audiences; i++) {
        if (s->audiences[i] == org) {
            *ret = true;
            return NULL;
        }
    }
    TRY(listed(c, s, "organisation", org, ret));
    if (*ret || !c->who)
        return NULL;
    struct people_org_named_row row;
    return db_maybe(c, &PEOPLE_ORG_NAMED,
                    DB_IN(db_int(org), db_int(c->who->person), db_ints(s->studies, s->n_studies),
                          db_ints(s->whole, s->n_whole), db_ints(s->sites, s->n_sites)),
                    &row, ret);
}

err_t
sight_of_person(struct ctx *c, const struct sight *s, int64_t person, bool *ret)
{
    *ret = c->who && c->who->person == person;
    if (*ret)
        return NULL;
    TRY(listed(c, s, "person", person, ret));
    if (*ret || !c->who)
        return NULL;
    struct people_person_named_row row;
    return db_maybe(c, &PEOPLE_PERSON_NAMED,
                    DB_IN(db_int(person), db_int(c->who->person),
                          db_ints(s->audiences, s->n_audiences), db_ints(s->studies, s->n_studies),
                          db_ints(s->whole, s->n_whole), db_ints(s->sites, s->n_sites),
                          db_ints(s->team, s->n_team)),
                    &row, ret);
}
