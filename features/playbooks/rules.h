/* rules.h: playbooks decided without a database: the shipped template, a version's canonical content, which
 * lines begin. Pure. */
#ifndef FEATURES_PLAYBOOKS_RULES_H
#define FEATURES_PLAYBOOKS_RULES_H

#include "core/holidays.h"
#include "features/commitments/commitments.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLAYBOOK_TEMPLATE = 1 }; /* version of default.def */

struct playbook_def {
    const char *key, *words, *anchor;
};
extern const struct playbook_def playbook_events[];
extern const size_t playbook_n_events;
const struct playbook_def *playbook_event_find(const char *key); /* NULL: unknown */

/* One line, of the template or of a study's version. */
struct playbook_line {
    const char *event, *key, *what;
    const char *owing, *asking; /* words of roles.def */
    enum due_class class;       /* CLASS_DUTY or CLASS_ROUTINE */
    int64_t n;
    enum holidays_unit unit;
    const char *calendar; /* "owing", "asking", "both" */
    bool gxp;
    int64_t hours;
    const char *source; /* of a duty */
    bool off;           /* left out in this study; never of a duty */
};
extern const struct playbook_line playbook_lines[];
extern const size_t playbook_n_lines;

/* "visit end + 5 business days" for tables; below 0 "visit - 10 business days". */
const char *playbook_when(struct arena *a, const struct playbook_line *l);
/* The text that is signed: every line with every value, one a line, in order. */
const char *playbook_content(struct arena *a, const struct playbook_line *l, size_t n);
/* Whether the role is of a site's side. */
bool playbook_role_at_site(const char *role);

/* Whether a line makes something due: duties always; among the sponsor's own people until somebody signed
 * another version; between both sides when both signed. */
struct playbook_signs {
    bool own;               /* a version of the study is in force for the sponsor */
    bool sponsor, site;     /* who signed the version in force */
};
bool playbook_begins(const struct playbook_line *l, const struct playbook_signs *s);

#endif
