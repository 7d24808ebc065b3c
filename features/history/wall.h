/* wall.h: which rows of the record somebody may read on which page, and how much of each.
 *
 * A row of a study: who may read the history of that study, of the row's site and in its compartment.
 * A row of no study: see rules_apart. A row that speaks of several studies (an imported file) shows on
 * a study's page what is labelled with its code, and elsewhere no changes at all. */
#ifndef FEATURES_HISTORY_WALL_H
#define FEATURES_HISTORY_WALL_H

#include "base/ctx.h"
#include "core/may.h"
#include "features/history/body.h"

#include <stdbool.h>
#include <stdint.h>

struct history_row { /* without its body */
    int64_t id, at, person, study, comp, thing_id, idx;
    bool person_null, study_null, thing_id_null, idx_null;
    const char *who, *action, *kind, *thing;
    const unsigned char *hash; /* NULL: not sealed yet */
    size_t hash_len;
};

enum page_of {
    OF_STUDY,  /* a study's history */
    OF_SITE,   /* a site's, in its study */
    OF_SHARED, /* an organisation's or a person's */
    OF_SELF    /* what the person who asks did */
};

enum { WALL_STUDIES = 64 };
struct wall {
    struct arena *mem; /* of the page: what is kept outlives the rows */
    enum page_of of;
    const struct thing *thing; /* what the page is about */
    bool own_site_only;        /* OF_SITE: may read this site's history, not the study's */
    int64_t *organisations, *studies; /* in common with others, for names */
    size_t n_organisations, n_studies;
    struct thing known[WALL_STUDIES]; /* studies looked up already */
    size_t n_known;
};
void wall_begin(struct ctx *c, struct wall *w, enum page_of of, const struct thing *t);

/* What may be seen of a row. */
struct sightline {
    bool show, who, reason, changes;
    const char *only_label; /* of the changes those with this label; NULL: all */
    const struct thing *study; /* of the row; NULL when of none */
};
/* Decides by the row alone where it can; then `ret_needs_body` is false and `ret` is whole. Otherwise
 * ask wall_apart with the body. Memory of what it keeps: c->mem. */
err_t wall_row(struct ctx *c, struct wall *w, const struct history_row *r, struct sightline *ret,
               bool *ret_needs_body);
err_t wall_apart(struct ctx *c, struct wall *w, const struct history_row *r, const struct body *b,
                 struct sightline *ret);
/* Takes away what the body gives away: changes about other studies. */
void wall_body(const struct wall *w, const struct history_row *r, const struct body *b,
               struct sightline *ret);
/* Whether one change is shown. */
bool wall_change(struct ctx *c, const struct history_row *r, const struct sightline *s,
                 const struct change *ch);

#endif
