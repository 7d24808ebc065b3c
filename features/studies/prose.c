/* prose.c: see prose.h. */
#include "features/studies/prose.h"

#include "core/markdown.h"

err_t
prose_view(struct ctx *c, struct view *v, const char *key, const char *text)
{
    const char *html;
    if (!text)
        return NULL;
    TRY(markdown_html(c->mem, text, &html));
    view_html(v, key, html);
    return NULL;
}
