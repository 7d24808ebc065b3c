/* markdown.h: what people and registries write in Markdown, as markup for view_html. Pure: knows no
 * database and no page; called by whatever shows a description, a comment or a note. */
#ifndef CORE_MARKDOWN_H
#define CORE_MARKDOWN_H

#include "base/err.h"

struct arena;

enum { MARKDOWN_MAX = 64 << 10 }; /* bytes; a megabyte takes a core for long */

/* CommonMark with tables, strikethrough and addresses as links, in `a`; NULL and "" give "".
 *
 * HTML in the text is left out; an angle-bracketed word that is no HTML element ("<LLOQ>") stays as
 * text. Links go only to http, https and mailto, with rel="nofollow noopener"; of others, and of
 * images, the words remain. A line end is a line end. Headings are two levels lower, so that h1
 * becomes h3. Errors: E_TOO_LARGE. */
err_t markdown_html(struct arena *a, const char *text, const char **ret);
/* The text as it was typed, without reading it as Markdown: for what is too long. */
const char *markdown_plain(struct arena *a, const char *text);

#endif
