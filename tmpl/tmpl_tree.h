/* tmpl_tree.h: the parse tree of one template, before it is known where in a page it will stand.
 *
 * Finds the tags, matches them, and takes away the lines on which a tag stands alone. Knows no
 * HTML: that is tmpl_html.h. Called by tmpl_compile.c only. */
#ifndef TMPL_TMPL_TREE_H
#define TMPL_TMPL_TREE_H

#include "tmpl/tmpl.h"

enum tmpl_limits {
    TMPL_SOURCE_MAX = 1 << 20,  /* bytes of one template */
    TMPL_DEPTH_MAX = 32,        /* of each: tags, layouts, contexts, partials within each other */
    TMPL_OUTPUT_MAX = 16 << 20, /* bytes of one page */
};

enum tmpl_filter { FILTER_NONE, FILTER_URL, FILTER_PART };

enum node_type {
    N_TEXT,     /* text, n */
    N_VALUE,    /* path, filter */
    N_SECTION,  /* path, kids */
    N_INVERTED, /* path, kids */
    N_PARTIAL,  /* text: its name */
    N_PARENT,   /* text: its name; kids: N_BLOCK only */
    N_BLOCK,    /* text: its name; kids */
    N_T,        /* text: the msgid; kids: its N_VALUEs, each once; space_before, space_after */
};

/* "a.b.c" in its parts; n is 0 for "." */
struct path {
    const char *text;
    const char **parts;
    size_t n;
};

struct node {
    enum node_type type;
    enum tmpl_filter filter;
    int line; /* of its first byte, from 1 */
    const char *text;
    size_t n;
    struct path path;
    bool space_before, space_after;
    struct node *kids, *next;
};

struct tree {
    const char *name;
    struct node *first;
};

/* Parses a copy of the source; the tree lives in `a`. Errors: E_BAD_INPUT, place "name, line n". */
err_t tmpl_tree_parse(struct arena *a, const struct tmpl_source *source, struct tree *ret);

#endif
