/* tmpl.h: templates: a Mustache subset, compiled once, rendered from a view. Knows nothing of HTTP
 * or SQL; called by the render hook and by tests.
 *
 *   {{name}} {{a.b}} {{.}}   the value, escaped for the place where it stands; a value of type html
 *                            (charts, Markdown) is printed as it is, only as element content
 *   {{x|url}}                a whole address in a URL attribute (href, src, action, formaction,
 *                            hx-get ...), at its start: percent-encodes what must be; with a scheme
 *                            other than http, https, mailto, tel it becomes "#"; relative ones stay
 *   {{x|part}}               one path segment or query value within an address
 *   {{#x}}..{{/x}}           section: a list: each item; a map or anything else that is true: once,
 *                            with it as the place where names are looked up first
 *   {{^x}}..{{/x}}           its inverse: when x is missing, null, false, 0, "" or an empty list
 *   {{>partial/path}}        another template with the same view; names are literal; only in
 *                            element content; its blocks show their defaults
 *   {{<layout}}{{$block}}..{{/block}}{{/layout}}   inheritance; {{$block}}default{{/block}} in the
 *                            layout, also within an attribute; the outermost filling wins
 *   {{#t}}text {{n}}{{/t}}   visible text for translation; inside only text (not markup, nor
 *                            entities) and plain values. The msgid is the text with white space
 *                            squeezed, the ends trimmed, and places as {{n}}
 *   {{! comment }}
 *
 * Sections and blocks may stand in element content, in quoted attribute values and between whole
 * attributes (<option{{#on}} selected{{/on}}>, where x may not be a list), and must leave the HTML
 * state as they found it. A line on which one section, block, partial, layout or comment tag stands
 * alone is not printed; partials are not indented. Numbers print without a thousands separator,
 * booleans as true or false; null and missing print nothing; printing a list or map is an error.
 *
 * Not in the subset, refused at compile time with a reason: triple mustache and {{&x}} (escaping
 * cannot be turned off), delimiters, dynamic names. Views hold no functions: there are no lambdas.
 * The compiler follows the HTML state and refuses a value inside a script, a style, a comment, an
 * event attribute, an attribute that htmx runs, srcset and the like, a tag or attribute name, an
 * unquoted attribute, or a URL attribute without |url or |part; also text between the blocks of a
 * {{<layout}}, and a block that the layout does not have. */
#ifndef TMPL_TMPL_H
#define TMPL_TMPL_H

#include "base/err.h"
#include "base/view.h"

struct tmpl_set;

struct tmpl_source {
    const char *name; /* "studies/list", without .html; letters, digits, - _ and / */
    const char *text; /* UTF-8, at most 1 MiB; copied */
    size_t n;
};

/* Compiles all of them together (partials and layouts may stand anywhere in the list). The first
 * mistake is returned, E_BAD_INPUT with place "name, line n". `a` must live as long as the set; the
 * set is read-only afterwards and may be used by many threads. Names that are twice in the list,
 * layouts within layouts without end, and more than 32 nested tags are mistakes too. */
err_t tmpl_compile(struct arena *a, const struct tmpl_source *sources, size_t n,
                   struct tmpl_set **ret);
bool tmpl_has(const struct tmpl_set *s, const char *name);

/* Turns a msgid into the text to show: returns the msgid itself when there is no translation. The
 * text is plain, and escaped when printed; it keeps its {{n}} places, in any order. */
typedef const char *tmpl_translate(void *arg, const char *msgid);

/* Adds the page to `out`; on failure `out` is as it was. `translate` may be NULL. Errors, all bugs
 * and so E_INTERNAL, with place "name, line n": no such template; markup in an attribute; a list or
 * map printed; a translation with an unknown place; more than 32 contexts or partials within each
 * other; more than 16 MiB or 5 million steps. */
err_t tmpl_render(const struct tmpl_set *s, const char *name, const struct view *v,
                  tmpl_translate *translate, void *arg, struct buf *out);

/* Calls `each` with every visible text that stands outside {{#t}} (two letters or more, in element
 * content, and in title, alt, placeholder, aria-label), except text that directly follows a tag
 * with translate="no": for the lint. Returns how many. */
size_t tmpl_untranslated(const struct tmpl_set *s,
                         void (*each)(void *arg, const char *name, int line, const char *text),
                         void *arg);

#endif
