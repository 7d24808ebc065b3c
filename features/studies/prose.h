/* prose.h: texts of a study that may be Markdown, into a view. */
#ifndef FEATURES_STUDIES_PROSE_H
#define FEATURES_STUDIES_PROSE_H

#include "base/ctx.h"
#include "base/view.h"
#include "core/may.h"

/* The text as c->who may read it: without e-mail addresses where contact details of the thing are not
 * open to the person. NULL stays NULL. */
const char *prose_seen(struct ctx *c, const struct thing *t, const char *text);
/* Sets `key` to the rendered text (html), as c->who may read it; does nothing for NULL. */
err_t prose_view(struct ctx *c, const struct thing *t, struct view *v, const char *key, const char *text);

#endif
