/* tmpl_html.h: where in a page a template stands: the states of the HTML tokenizer that matter for
 * escaping, followed through the literal text of a template.
 *
 * Stricter than a browser: what two readers could take for different things is refused. Knows no
 * values and no views. Called by tmpl_compile.c, and by the fuzz target on finished pages. */
#ifndef TMPL_TMPL_HTML_H
#define TMPL_TMPL_HTML_H

#include "tmpl/tmpl_tree.h"

enum html_at {
    AT_CONTENT,
    AT_TAG_OPEN,     /* after < */
    AT_END_OPEN,     /* after </ */
    AT_DECLARATION,  /* after <! */
    AT_COMMENT,
    AT_TAG_NAME,
    AT_BETWEEN,      /* between attributes, after white space */
    AT_SPACE_NEEDED, /* between attributes, white space or the end of the tag must come next */
    AT_SLASH,        /* after the / of an empty tag */
    AT_NAME,         /* attribute name */
    AT_AFTER_NAME,
    AT_EQUALS,       /* after = */
    AT_DOUBLE,       /* "attribute value" */
    AT_SINGLE,       /* 'attribute value' */
    AT_UNQUOTED,
    AT_TEXT_ONLY,    /* title, textarea */
    AT_RAW,          /* script, style */
    AT_COUNT
};

enum html_attr {
    ATTR_PLAIN,
    ATTR_SEEN, /* plain, and shown or read out: title, alt, placeholder, aria-label */
    ATTR_URL,
    ATTR_CODE, /* a browser or htmx would run it, or it holds more than one address */
};

/* May be copied: a branch keeps the state from which it began. */
struct html {
    struct arena *a;
    /* Called with each run of text that people see; may be NULL. */
    void (*seen)(void *arg, const char *text, size_t n);
    void *arg;
    enum html_at at;
    enum html_attr attr;
    char element[16], name[24], value[16]; /* lower case, cut when longer; value without space */
    unsigned char element_n, name_n, value_n;
    int dashes;                 /* in a comment or declaration */
    unsigned tags, attrs;       /* how many began so far: tells one tag from the next */
    bool end_tag;
    bool fresh;                 /* in an address: nothing was printed yet */
    bool open_scheme;           /* a value was, and no / ? # after it */
    bool settled;               /* a colon after it would no longer make a scheme */
    bool refresh, content_value; /* meta http-equiv; a value in meta content */
    bool quiet_tag, quiet;      /* translate="no" in this tag; for the text after it */
};

/* How a value is to be written. */
enum html_place { PLACE_CONTENT, PLACE_TEXT, PLACE_URL, PLACE_PART };

void tmpl_html_init(struct html *h, struct arena *a);
/* Follows literal text. `ret_bad` is where a mistake was found. All errors: E_BAD_INPUT. */
err_t tmpl_html_text(struct html *h, const char *s, size_t n, const char **ret_bad);
/* A value stands here. */
err_t tmpl_html_value(struct html *h, enum tmpl_filter f, enum html_place *ret);
/* A section or block begins here: makes the state one from which both ways are clear. */
err_t tmpl_html_enter(struct html *h);
/* The section or block that began at `before` ends at `h`. `skips`: it may also print nothing. */
err_t tmpl_html_leave(struct html *h, const struct html *before, bool skips);
/* A word for the state, for messages: "a script", "a tag". */
const char *tmpl_html_where(const struct html *h);

#endif
