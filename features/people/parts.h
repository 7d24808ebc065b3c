/* parts.h: what an organisation or a person does in the studies that somebody may see: the ids of
 * one page, by the studies' last change. What is fetched by them is asked again whether it may be
 * seen. */
#ifndef FEATURES_PEOPLE_PARTS_H
#define FEATURES_PEOPLE_PARTS_H

#include "features/people/people.h"

enum part {
    PART_SPONSORED, /* of an organisation: studies that it leads or helps with */
    PART_SITE,      /* of an organisation: its sites in studies (study_site) */
    PART_NAMED,     /* of a person: where studies name it (study_person) */
};

/* Where a page begins; `after` NULL: with the newest. */
struct part_from {
    const char *after;
    int64_t after_id;
    size_t most;
};
struct parts {
    int64_t *ids; /* at most `most` */
    size_t n;
    bool more;
    const char *last; /* key of the last of them: `after` of the next page; its id is the last id */
};
/* Costs what it returns and the ties of c->who, however much the party does. In c->mem. */
err_t parts_of(struct ctx *c, const struct sight *s, enum part part, int64_t party,
               const struct part_from *from, struct parts *ret);

#endif
