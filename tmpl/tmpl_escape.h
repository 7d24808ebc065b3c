/* tmpl_escape.h: writing text so that it stays text in the place where it stands.
 *
 * Called by the renderer of templates, and by what writes markup itself (Markdown, charts). */
#ifndef TMPL_TMPL_ESCAPE_H
#define TMPL_TMPL_ESCAPE_H

#include "base/str.h"

/* & < > " ' as entities: right in element content and in quoted attributes. */
void tmpl_escape_html(struct buf *out, const char *s);
void tmpl_escape_html_n(struct buf *out, const char *s, size_t n);

/* A whole address for a quoted attribute. Percent-encodes what an address cannot hold (what is
 * already encoded stays), writes & as an entity. An address whose scheme is not http, https, mailto
 * or tel becomes "#"; without a scheme it is relative and stays. */
void tmpl_escape_url(struct buf *out, const char *s);
bool tmpl_escape_url_ok(const char *s); /* false: it would become "#" */

/* One path segment or query value: everything but letters, digits and - . _ ~ percent-encoded. */
void tmpl_escape_part(struct buf *out, const char *s);

#endif
