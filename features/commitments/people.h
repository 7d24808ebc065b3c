/* people.h: who may be asked for something in a study, by whom. */
#ifndef FEATURES_COMMITMENTS_PEOPLE_H
#define FEATURES_COMMITMENTS_PEOPLE_H

#include "features/commitments/commitments.h"
#include "features/commitments/commitments_sql.h"

/* Those who hold a role in the study today and whom c->who may ask: the sponsor's people ask one another
 * and the people of the sites they may see; a site's people ask one another and the sponsor's people,
 * never those of another site. Without oneself. Rows in c->mem. */
err_t people_askable(struct ctx *c, const struct thing *study, struct due_people_row **ret, size_t *ret_n);

/* Whether a role belongs to a site's side. */
bool people_at_site(const char *role);

/* The side on which c->who asks in the study about one of its sites (0: none): her role and whether it is
 * the site's. E_FORBIDDEN when she may not ask there. */
err_t people_me(struct ctx *c, const struct thing *study, int64_t study_site, struct due_party *ret, int64_t *ret_site);

#endif
