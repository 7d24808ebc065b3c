/* template.h: the sections of a report: those that ship, or a study's own, in versions. */
#ifndef FEATURES_VISITS_TEMPLATE_H
#define FEATURES_VISITS_TEMPLATE_H

#include "base/ctx.h"
#include "features/visits/rules.h"

struct template_section {
    const char *key, *title, *hint;
};
/* The sections of this kind of visit in a study, as they stand today. `ret_version` 0: those that ship. */
err_t template_sections(struct ctx *c, int64_t study, enum visit_kind kind, struct template_section **ret, size_t *ret_n, int64_t *ret_version);
err_t template_version(struct ctx *c, int64_t study, enum visit_kind kind, int64_t *ret);
/* Writes them as the empty sections of a visit: a later version does not change them. */
err_t template_copy(struct ctx *c, int64_t study, enum visit_kind kind, int64_t visit);

/* As text, a section a line: "Title: what to look at". */
const char *template_text(struct ctx *c, const struct template_section *s, size_t n);
/* A new version from such text, recorded. Errors: field "sections" with the line. Nothing when it says what
 * is in force. */
err_t template_set(struct ctx *c, int64_t study, enum visit_kind kind, const char *text, const char *reason);

#endif
