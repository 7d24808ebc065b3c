/* markdown.c: Markdown to markup, by cmark-gfm in its safe mode. See markdown.h.
 *
 * The parsed tree is changed before it is printed: headings lowered, links and raw HTML replaced.
 * The library takes quadratic time for some texts that nobody writes but who wants to harm; such a
 * text is measured first, and read without the part of the language that would be slow. */
#include "core/markdown.h"

#include "base/arena.h"
#include "tmpl/tmpl_escape.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

enum {
    HEAP_HEAD = 16, /* before each piece of the library's memory: its size */
    DEPTH_MAX = 100,           /* lists and quotations within each other */
    RULER_BYTES_MAX = 4 << 20, /* lines that could rule a table, times the bytes each may look at */
    COLUMNS_MAX = 1000,        /* of all those lines */
    CELLS_MAX = 100000,        /* columns of those lines, times all lines */
    AT_SIGNS_MAX = 5000,       /* each is looked at as an address */
    OPENINGS_MAX = 100,        /* each <? and <! looks for its end in all that follows */
};

struct measure {
    size_t bytes, lines;
    size_t depth;           /* the most in one line */
    size_t rulers, columns; /* lines such as |---|---| */
    size_t at_signs, openings;
};

/* The elements of HTML that people write in texts; sorted. */
static const char *const elements[] = {
    "a",      "abbr",    "address", "article",  "aside",  "audio",    "b",       "base",
    "bdo",    "big",     "blockquote", "body",  "br",     "button",   "canvas",  "caption",
    "center", "cite",    "code",    "col",      "colgroup", "dd",     "del",     "details",
    "dfn",    "div",     "dl",      "dt",       "em",     "embed",    "fieldset", "figure",
    "font",   "footer",  "form",    "frame",    "frameset", "h1",     "h2",      "h3",
    "h4",     "h5",      "h6",      "head",     "header", "hr",       "html",    "i",
    "iframe", "img",     "input",   "ins",      "kbd",    "label",    "legend",  "li",
    "link",   "main",    "map",     "mark",     "math",   "menu",     "meta",    "nav",
    "noscript", "object", "ol",     "optgroup", "option", "p",        "param",   "picture",
    "pre",    "q",       "s",       "samp",     "script", "section",  "select",  "small",
    "source", "span",    "strike",  "strong",   "style",  "sub",      "summary", "sup",
    "svg",    "table",   "tbody",   "td",       "template", "textarea", "tfoot", "th",
    "thead",  "time",    "title",   "tr",       "track",  "tt",       "u",       "ul",
    "var",    "video",   "wbr",
};

static int
by_text(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

/* False for "<LLOQ>": angle brackets around a word that is no element. */
static bool
is_html(const char *s)
{
    char name[16];
    size_t n = 0;
    while (isspace((unsigned char)*s))
        s++;
    s += *s == '<';
    s += *s == '/';
    for (; (isalnum((unsigned char)*s) || *s == '-') && n + 1 < sizeof name; s++)
        name[n++] = (char)tolower((unsigned char)*s);
    name[n] = '\0';
    return n == 0 || bsearch(name, elements, sizeof elements / sizeof *elements, sizeof *elements,
                             by_text);
}

/* The library's memory: an arena that is dropped with the tree, since for some texts the library
 * forgets to free. It asks through functions that take no context, hence the variable. */
static _Thread_local struct arena *heap;

static void *
heap_calloc(size_t n, size_t size)
{
    size_t bytes;
    INVARIANT(!__builtin_mul_overflow(n, size, &bytes));
    size_t *p = arena_alloc(heap, bytes + HEAP_HEAD);
    *p = bytes;
    return (char *)p + HEAP_HEAD;
}

static void *
heap_realloc(void *old, size_t size)
{
    size_t had = old ? *(size_t *)((char *)old - HEAP_HEAD) : 0;
    if (old && size <= had)
        return old;
    void *p = heap_calloc(1, size);
    if (had)
        memcpy(p, old, had);
    return p;
}

static void
heap_free(void *p)
{
}

static cmark_mem heap_functions = {heap_calloc, heap_realloc, heap_free};

/* How deep the line at `s` may nest: its list markers, quotation marks, and two spaces each. */
static size_t
depth_of(const char *s, const char *end)
{
    size_t depth = 0, spaces = 0;
    for (; s < end; s++) {
        bool gap = s + 1 == end || s[1] == ' ' || s[1] == '\t';
        if (*s == ' ' || *s == '\t')
            spaces += *s == ' ' ? 1 : 4;
        else if (*s == '>' || (gap && strchr("-+*.)", *s)))
            depth++;
        else if (!isdigit((unsigned char)*s))
            return depth + spaces / 2;
    }
    return depth;
}

/* Takes the end of the line only: before it may stand the marks of lists and quotations. */
static void
measure_ruler(struct measure *m, const char *s, const char *end)
{
    size_t pipes = 0, dashes = 0;
    while (end > s && strchr("|:- \t\r", end[-1])) {
        end--;
        pipes += *end == '|';
        dashes += *end == '-';
    }
    m->rulers += dashes > 0;
    m->columns += dashes ? pipes + 1 : 0;
}

static struct measure
measure(const char *s)
{
    struct measure m = {.bytes = strlen(s)};
    for (const char *p = s; (p = strpbrk(p, "@<")); p++) {
        m.at_signs += *p == '@';
        m.openings += *p == '<' && (p[1] == '?' || p[1] == '!');
    }
    while (*s) {
        const char *end = s + strcspn(s, "\r\n");
        size_t depth = depth_of(s, end);
        m.depth = depth > m.depth ? depth : m.depth;
        measure_ruler(&m, s, end);
        m.lines++;
        s = end + (*end != '\0');
    }
    return m;
}

static void
replace(cmark_node *node, cmark_node *with)
{
    cmark_node_replace(node, with);
    cmark_node_free(node);
}

static void
change_html(cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);
    if (is_html(literal)) {
        cmark_node_unlink(node);
        cmark_node_free(node);
        return;
    }
    cmark_node *text = cmark_node_new_with_mem(CMARK_NODE_TEXT, &heap_functions);
    cmark_node_set_literal(text, literal);
    if (cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK) {
        cmark_node *paragraph = cmark_node_new_with_mem(CMARK_NODE_PARAGRAPH, &heap_functions);
        cmark_node_append_child(paragraph, text);
        text = paragraph;
    }
    replace(node, text);
}

static bool
may_link(const char *url)
{
    static const char *const schemes[] = {"http:", "https:", "mailto:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            return true;
    }
    return false;
}

/* Links are written here, for rel. What may not be linked keeps its words. */
static void
change_link(struct arena *a, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    bool link = cmark_node_get_type(node) == CMARK_NODE_LINK && may_link(url);
    cmark_node *own = cmark_node_new_with_mem(CMARK_NODE_CUSTOM_INLINE, &heap_functions);
    if (link) {
        struct buf open;
        buf_init(&open, a);
        buf_str(&open, "<a href=\"");
        tmpl_escape_url(&open, url);
        buf_str(&open, "\" rel=\"nofollow noopener\">");
        cmark_node_set_on_enter(own, buf_text(&open));
        cmark_node_set_on_exit(own, "</a>");
    }
    for (cmark_node *kid; (kid = cmark_node_first_child(node));)
        cmark_node_append_child(own, kid);
    replace(node, own);
}

static void
lower_heading(cmark_node *node)
{
    int level = cmark_node_get_heading_level(node) + 2;
    cmark_node_set_heading_level(node, level > 6 ? 6 : level);
}

static void
change(struct arena *a, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type e; (e = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
            change_html(node);
        else if (e == CMARK_EVENT_EXIT && (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE))
            change_link(a, node);
        else if (e == CMARK_EVENT_ENTER && type == CMARK_NODE_HEADING)
            lower_heading(node);
        else if (type == CMARK_NODE_CODE_BLOCK)
            cmark_node_set_fence_info(node, "");
    }
    cmark_iter_free(iter);
}

static void
extend(cmark_parser *parser, const char *name)
{
    static pthread_once_t registered = PTHREAD_ONCE_INIT;
    pthread_once(&registered, cmark_gfm_core_extensions_ensure_registered);
    cmark_syntax_extension *e = cmark_find_syntax_extension(name);
    INVARIANT(e);
    cmark_parser_attach_syntax_extension(parser, e);
}

static const char *
convert(struct arena *a, const char *text, const struct measure *m)
{
    int options = CMARK_OPT_HARDBREAKS | CMARK_OPT_VALIDATE_UTF8;
    heap = arena_new((size_t)1 << 30);
    cmark_parser *parser = cmark_parser_new_with_mem(options, &heap_functions);
    extend(parser, "strikethrough");
    if (m->rulers * m->bytes <= RULER_BYTES_MAX && m->columns <= COLUMNS_MAX &&
        m->columns * m->lines <= CELLS_MAX)
        extend(parser, "table");
    if (m->at_signs <= AT_SIGNS_MAX)
        extend(parser, "autolink");
    cmark_parser_feed(parser, text, m->bytes);
    cmark_node *root = cmark_parser_finish(parser);
    change(a, root);
    cmark_llist *extensions = cmark_parser_get_syntax_extensions(parser);
    const char *html = cmark_render_html_with_mem(root, options, extensions, &heap_functions);
    const char *copy = arena_strdup(a, html);
    arena_free(heap);
    heap = NULL;
    return copy;
}

const char *
markdown_plain(struct arena *a, const char *text)
{
    struct buf out;
    buf_init(&out, a);
    buf_str(&out, "<pre>");
    tmpl_escape_html(&out, text);
    buf_str(&out, "</pre>\n");
    return buf_text(&out);
}

err_t
markdown_html(struct arena *a, const char *text, const char **ret)
{
    if (str_empty(text)) {
        *ret = "";
        return NULL;
    }
    if (strnlen(text, MARKDOWN_MAX + 1) > MARKDOWN_MAX)
        return err_new(a, E_TOO_LARGE, "The text is longer than 64 KB. Please shorten it, or keep the long text in a document.");
    struct measure m = measure(text);
    bool slow = m.depth > DEPTH_MAX || m.openings > OPENINGS_MAX;
    *ret = slow ? markdown_plain(a, text) : convert(a, text, &m);
    return NULL;
}
