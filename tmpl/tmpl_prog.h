/* tmpl_prog.h: a compiled set: what the compiler writes and the renderer runs. Read-only once made.
 * Seen by tmpl_compile.c, tmpl_render.c and tmpl.c only. */
#ifndef TMPL_TMPL_PROG_H
#define TMPL_TMPL_PROG_H

#include "tmpl/tmpl_html.h"

enum op_type { OP_TEXT, OP_VALUE, OP_SECTION, OP_INVERTED, OP_CALL, OP_T };

/* Programs are flat: what a section prints are the operations after it, up to `end`. Layouts are
 * already folded in; partials are called, so that they may call themselves. */
struct op {
    unsigned char type;  /* enum op_type */
    unsigned char place; /* OP_VALUE: enum html_place */
    bool once;           /* OP_SECTION within a tag: a list would write attributes twice */
    int line;
    uint32_t tree; /* the template that holds the tag, for messages */
    uint32_t end;  /* sections: the operation after the last of theirs; OP_CALL: the template */
    size_t n;
    union {
        const char *text;         /* OP_TEXT, n bytes */
        const struct path *path;  /* OP_VALUE, OP_SECTION, OP_INVERTED */
        const struct node *t;     /* OP_T */
    };
};

struct prog {
    struct op *ops;
    size_t n, size;
};

struct hit { /* visible text outside {{#t}} */
    const char *name, *text;
    int line;
    struct hit *next;
};

struct tmpl_set {
    struct tree *trees; /* by name */
    struct prog *progs; /* one for each tree */
    size_t n;
    struct hit *hits, **hits_tail;
    size_t work; /* nodes compiled so far: bounds what folding can multiply */
};

/* Index of the template of this name; -1 when there is none. */
long tmpl_prog_find(const struct tmpl_set *s, const char *name);

#endif
