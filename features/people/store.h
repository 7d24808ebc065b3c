/* store.h: writing organisations and people down, and changing them. */
#ifndef FEATURES_PEOPLE_STORE_H
#define FEATURES_PEOPLE_STORE_H

#include "core/party.h"
#include "features/people/people_sql.h"

/* Puts an organisation or a person into the lists of c->who: of the organisations c->who directs,
 * and c->who's own. `ret_new`: it was in one of them not yet. */
err_t store_list_org(struct ctx *c, int64_t org, const char *name, const char *city, bool *ret_new);
err_t store_list_person(struct ctx *c, int64_t person, const char *name, const char *affiliation,
                        bool *ret_new);

/* Changes what is shared, and finds it by its new words wherever it could be found. Organisations
 * and people of the registry keep the key by which later imports join them; those typed get that of
 * their new name unless another has it. Nothing is recorded here. */
struct org_edit {
    const char *name, *kind, *city, *state, *country;
};
err_t store_edit_org(struct ctx *c, const struct people_org_row *old, const struct org_edit *e);
struct person_edit {
    const char *name, *affiliation;
};
err_t store_edit_person(struct ctx *c, const struct people_person_row *old,
                        const struct person_edit *e);

#endif
