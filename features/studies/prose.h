/* prose.h: texts of a study that may be Markdown, into a view. */
#ifndef FEATURES_STUDIES_PROSE_H
#define FEATURES_STUDIES_PROSE_H

#include "base/ctx.h"
#include "base/view.h"

/* Sets `key` to the rendered text (html); does nothing for NULL. */
err_t prose_view(struct ctx *c, struct view *v, const char *key, const char *text);

#endif
