/* people.h: organisations and people: what somebody may see of them, and finding them. */
#ifndef FEATURES_PEOPLE_H
#define FEATURES_PEOPLE_H

#include "base/ctx.h"
#include "core/feature.h"
#include "core/may.h"

#include <stdbool.h>

extern const struct feature people_feature;

/* What c->who may see of shared things, as numbers that queries take. Arrays in c->mem, no double.
 * Everything in the studies of `audiences` is seen. `studies`: named by ties, their public part;
 * `whole`: those of them all of whose sites may be read; `sites`: single sites of the others;
 * `team`: those whose roles may be seen. `listed`: the audiences, and the person's own list, which
 * holds what the person wrote down by hand (its number is -person). */
struct sight {
    int64_t *audiences, *listed, *studies, *whole, *sites, *team;
    size_t n_audiences, n_listed, n_studies, n_whole, n_sites, n_team;
};
struct sight sight_of(struct ctx *c);

/* Whether c->who may know of an organisation or a person: listed for an audience, named in a study
 * of the ties, or tied to c->who. Costs the ties of c->who, not the size of the database.
 * Placeholders and desks are never seen. */
err_t sight_of_org(struct ctx *c, const struct sight *s, int64_t org, bool *ret);
err_t sight_of_person(struct ctx *c, const struct sight *s, int64_t person, bool *ret);

/* Organisations and people that c->who may see, by name. */
enum party_kind { PARTY_ORG, PARTY_PERSON };
enum { PARTY_PAGE = 50 };
struct party_row {
    int64_t id;
    const char *key; /* where it stands in the list: give it and `id` as `after` */
    const char *ref, *name;
    const char *city, *country; /* organisations; country is a code */
    const char *affiliation;    /* people */
};
struct party_filter {
    const char *q;     /* words to find: the best come first, and there is no next page; or NULL */
    const char *from;  /* names from this folded text on, or NULL */
    const char *after; /* key of the last row before, or NULL */
    int64_t after_id;
    size_t most;       /* rows; 0 = PARTY_PAGE */
};
err_t party_list(struct ctx *c, const struct sight *s, enum party_kind kind,
                 const struct party_filter *f, struct party_row **ret, size_t *ret_n,
                 bool *ret_more);

#endif
