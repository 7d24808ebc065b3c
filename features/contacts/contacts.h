/* contacts.h: contacts with a site and its people, logged in one line. See README.md. */
#ifndef FEATURES_CONTACTS_H
#define FEATURES_CONTACTS_H

#include "base/ctx.h"
#include "core/feature.h"
#include "core/may.h"

extern const struct feature contacts_feature;

enum { CONTACT_LINE = 600 }; /* characters of a line */

struct contact_new {
    const struct thing *site; /* study and study_site */
    bool at_site;             /* noted by the site's people; else by the sponsor's */
    enum compartment comp;    /* the writer's: who works blinded does not read what the unblinded note */
    const char *line, *way, *day; /* way: a word of rules.h */
    const int64_t *with;      /* persons it was with */
    size_t n_with;
};
/* Notes it for c->who, inside the caller's transaction, recorded without its words. Errors: E_BAD_INPUT
 * with the field. */
err_t contact_write(struct ctx *c, const struct contact_new *d, const char **ret_ref);

/* How a line was understood, anew, with its people: by who wrote it. E_NOT_FOUND for everybody else. `d` without a line. */
err_t contact_correct(struct ctx *c, const char *ref, const struct contact_new *d);

/* The log of a site that c->who reads and writes, and up to which compartment. False: none. */
bool contact_side(struct ctx *c, const struct thing *site, bool *ret_at_site, enum compartment *ret_comp);

#endif
