/* prose.c: see prose.h. What a registry sent is never refused for its length: it is shown as it came. */
#include "features/studies/prose.h"

#include "base/str.h"
#include "core/markdown.h"

const char *
prose_seen(struct ctx *c, const struct thing *t, const char *text)
{
    return !text || may(c->who, PERM_CONTACTS_READ, t) ? text : str_without_addresses(c->mem, text);
}

err_t
prose_view(struct ctx *c, const struct thing *t, struct view *v, const char *key, const char *text)
{
    const char *html;
    text = prose_seen(c, t, text);
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
