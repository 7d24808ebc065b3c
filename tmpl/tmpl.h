/* tmpl.h: templates: a Mustache subset, compiled once, rendered from a view. Knows nothing of HTTP
 * or SQL; called by the render hook and by tests.
 *
 *   {{name}} {{a.b}} {{.}}        the value, escaped for the place where it stands; a value of type
 *                                 html (charts, Markdown) is printed as it is, only as element content
 *   {{x|url}}                     a value in a URL attribute (href, src, action, formaction): required
 *                                 there; percent-encodes what must be, refuses schemes but http, https,
 *                                 mailto, tel and relative addresses. {{x|part}} encodes one path segment
 *                                 or query value
 *   {{#x}}..{{/x}} {{^x}}..{{/x}} section (list: each item; map: pushed; truthy: once) and its inverse
 *   {{>partial/path}}             another template with the same view; names are literal
 *   {{<layout}}{{$block}}..{{/block}}{{/layout}} and {{$block}}default{{/block}}   inheritance
 *   {{#t}}text {{n}} more{{/t}}   visible text for translation; inside only text and plain values
 *   {{! comment }}
 *
 * Not in the subset, refused at compile time with a reason: triple mustache and {{&x}} (escaping
 * cannot be turned off), delimiters, dynamic names, lambdas. The compiler follows the HTML state and
 * refuses a value inside a script, a style, a comment, an event attribute, a tag or attribute name, an
 * unquoted attribute, or a URL attribute without |url. Sections must leave the HTML state as they
 * found it. Numbers print without a thousands separator; null and missing print nothing. */
#ifndef TMPL_TMPL_H
#define TMPL_TMPL_H

#include "base/err.h"
#include "base/view.h"

struct tmpl_set;

struct tmpl_source {
    const char *name; /* "studies/list", without .html */
    const char *text;
    size_t n;
};

/* Compiles all of them together (partials and layouts may stand anywhere in the list). The first
 * mistake is returned with place "name, line n". `a` must live as long as the set; the set is
 * read-only afterwards and may be used by many threads. Recursion of partials deeper than 32 is
 * refused at render time. */
err_t tmpl_compile(struct arena *a, const struct tmpl_source *sources, size_t n,
                   struct tmpl_set **ret);
bool tmpl_has(const struct tmpl_set *s, const char *name);

/* Turns a msgid into the text to show: returns the msgid itself when there is no translation. The
 * text keeps its {{n}} places. */
typedef const char *tmpl_translate(void *arg, const char *msgid);

/* Renders into `out`. `translate` may be NULL. Errors: no such template (a bug, E_INTERNAL), or the
 * output grew beyond 16 MiB. */
err_t tmpl_render(const struct tmpl_set *s, const char *name, const struct view *v,
                  tmpl_translate *translate, void *arg, struct buf *out);

/* Calls `each` with every visible text that stands outside {{#t}} (words of letters in element
 * content, and in title, alt, placeholder, aria-label): for the lint. Returns how many. */
size_t tmpl_untranslated(const struct tmpl_set *s,
                         void (*each)(void *arg, const char *name, int line, const char *text),
                         void *arg);

#endif
