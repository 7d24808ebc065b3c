/* reach.h: how far a person's ties reach, as numbers that queries take as parameters.
 *
 * A list never asks may() row by row: it reads what lies in the reach. Wide reach: organisations whose
 * studies a director reads. Narrow reach: the studies (and sites) that ties name, usually few. */
#ifndef CORE_REACH_H
#define CORE_REACH_H

#include "base/ctx.h"
#include "core/may.h"

struct reach {
    int64_t *audiences; /* organisations with a director's tie, no double */
    size_t n_audiences;
    int64_t *studies;   /* studies named by ties that let STUDY_READ, no double, ascending */
    size_t n_studies;
};
/* `w` NULL: nothing. Arrays in c->mem. */
struct reach reach_of(struct ctx *c, const struct who *w);

/* The sites a person may look at in a study with a permission: `ret_all` true: all of them; otherwise
 * the ids in `ret` (maybe none). */
void reach_sites(struct ctx *c, const struct who *w, enum perm p, const struct thing *study,
                 bool *ret_all, int64_t **ret, size_t *ret_n);

/* The highest compartment in which a person may do p in a study: what queries take as "compartment <= $comp". */
enum compartment reach_comp(const struct who *w, enum perm p, const struct thing *study);

#endif
