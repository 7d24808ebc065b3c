/* prose.c: see prose.h. What a registry sent is never refused for its length: it is shown as it came. */
#include "features/studies/prose.h"

#include "core/markdown.h"

err_t
prose_view(struct ctx *c, struct view *v, const char *key, const char *text)
{
    const char *html;
    if (!text)
        return NULL;
    err_t e = markdown_html(c->mem, text, &html);
    if (e && e->code == E_TOO_LARGE)
        html = markdown_plain(c->mem, text);
    else
        TRY(e);
    view_html(v, key, html);
    return NULL;
}
