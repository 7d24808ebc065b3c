/* tmpl_html.c: the HTML state. See tmpl_html.h; the states are those of the WHATWG HTML standard,
 * "Tokenization", without the ones that no template needs. */
#include "tmpl/tmpl_html.h"

#include "base/arena.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *element;
    enum html_at at;
} inside[] = {
    {"script", AT_RAW},      {"style", AT_RAW},       {"iframe", AT_RAW},
    {"xmp", AT_RAW},         {"noembed", AT_RAW},     {"noframes", AT_RAW},
    {"title", AT_TEXT_ONLY}, {"textarea", AT_TEXT_ONLY},
};

static const struct {
    const char *name;
    enum html_attr kind;
} attributes[] = {
    {"href", ATTR_URL},        {"src", ATTR_URL},         {"action", ATTR_URL},
    {"formaction", ATTR_URL},  {"poster", ATTR_URL},      {"cite", ATTR_URL},
    {"data", ATTR_URL},        {"background", ATTR_URL},  {"manifest", ATTR_URL},
    {"longdesc", ATTR_URL},    {"xlink:href", ATTR_URL},  {"xml:base", ATTR_URL},
    {"hx-get", ATTR_URL},      {"hx-post", ATTR_URL},     {"hx-put", ATTR_URL},
    {"hx-patch", ATTR_URL},    {"hx-delete", ATTR_URL},   {"hx-action", ATTR_URL},
    {"hx-push-url", ATTR_URL}, {"hx-replace-url", ATTR_URL},
    {"style", ATTR_CODE},      {"srcdoc", ATTR_CODE},     {"srcset", ATTR_CODE},
    {"imagesrcset", ATTR_CODE}, {"ping", ATTR_CODE},      {"http-equiv", ATTR_CODE},
    {"archive", ATTR_CODE},    {"codebase", ATTR_CODE},   {"classid", ATTR_CODE},
    {"title", ATTR_SEEN},      {"alt", ATTR_SEEN},        {"placeholder", ATTR_SEEN},
    {"aria-label", ATTR_SEEN},
    {"hx-target", ATTR_PLAIN}, {"hx-select", ATTR_PLAIN}, {"hx-select-oob", ATTR_PLAIN},
    {"hx-swap", ATTR_PLAIN},   {"hx-swap-oob", ATTR_PLAIN}, {"hx-include", ATTR_PLAIN},
    {"hx-indicator", ATTR_PLAIN}, {"hx-disable", ATTR_PLAIN}, {"hx-sync", ATTR_PLAIN},
};

#define LEN(x) (sizeof(x) / sizeof *(x))

static err_t
refuse(const struct html *h, const char *why)
{
    return err_new(h->a, E_BAD_INPUT, "%s", why);
}

static bool
space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Adds to a short name in lower case; what does not fit is cut, and so is in no table. */
static void
append(char *name, unsigned char *n, size_t size, char c)
{
    if (*n + 1u < size)
        name[(*n)++] = (char)tolower((unsigned char)c);
    name[*n] = '\0';
}

static void
begin_tag(struct html *h, char c, bool end_tag)
{
    h->at = AT_TAG_NAME;
    h->tags++;
    h->end_tag = end_tag;
    h->element_n = 0;
    h->refresh = h->content_value = h->quiet_tag = false;
    append(h->element, &h->element_n, sizeof h->element, c);
}

static err_t
end_of_tag(struct html *h)
{
    h->at = AT_CONTENT;
    h->quiet = h->quiet_tag;
    if (h->end_tag)
        return NULL;
    if (str_eq(h->element, "plaintext"))
        return refuse(h, "<plaintext> never ends");
    if (h->refresh && h->content_value)
        return refuse(h, "a value in the content of a meta http-equiv");
    for (size_t i = 0; i < LEN(inside); i++) {
        if (str_eq(h->element, inside[i].element))
            h->at = inside[i].at;
    }
    return NULL;
}

/* hx- names count without data- before them and without a :modifier behind them. */
static enum html_attr
kind_of(const char *name)
{
    char own[24];
    if (str_starts(name, "data-hx-"))
        name += strlen("data-");
    bool hx = str_starts(name, "hx-");
    size_t n = hx ? strcspn(name, ":") : strlen(name);
    memcpy(own, name, n);
    own[n] = '\0';
    for (size_t i = 0; i < LEN(attributes); i++) {
        if (str_eq(own, attributes[i].name))
            return attributes[i].kind;
    }
    return hx || str_starts(own, "on") ? ATTR_CODE : ATTR_PLAIN;
}

static void
begin_value(struct html *h, enum html_at at)
{
    h->at = at;
    h->attr = kind_of(h->name);
    h->value_n = 0;
    h->value[0] = '\0';
    h->fresh = true;
    h->open_scheme = h->settled = false;
    if (str_eq(h->name, "http-equiv"))
        h->refresh = true;
}

static void
end_value(struct html *h, enum html_at at)
{
    h->at = at;
    if (str_eq(h->name, "translate") && str_eq(h->value, "no"))
        h->quiet_tag = true;
}

static err_t
value_char(struct html *h, char c)
{
    if (!space(c))
        append(h->value, &h->value_n, sizeof h->value, c);
    if (h->attr != ATTR_URL || h->settled)
        return NULL;
    if (!space(c))
        h->fresh = false;
    if (c == ':') {
        if (h->open_scheme)
            return refuse(h, "a colon after a value would make the value a scheme");
        if (str_eq(h->value, "javascript:") || str_eq(h->value, "vbscript:"))
            return refuse(h, "a script in an address");
    }
    if (c == ':' || c == '/' || c == '?' || c == '#') {
        h->settled = true;
        h->fresh = h->open_scheme = false;
    }
    return NULL;
}

static err_t
in_content(struct html *h, const char *p, const char *end)
{
    if (*p == '<')
        h->at = AT_TAG_OPEN;
    return NULL;
}

static err_t
in_tag_open(struct html *h, const char *p, const char *end)
{
    if (isalpha((unsigned char)*p))
        begin_tag(h, *p, false);
    else if (*p == '/')
        h->at = AT_END_OPEN;
    else if (*p == '!') {
        h->at = AT_DECLARATION;
        h->dashes = 0;
    } else if (*p == '?')
        return refuse(h, "<? is not HTML");
    else if (*p != '<')
        h->at = AT_CONTENT;
    return NULL;
}

static err_t
in_end_open(struct html *h, const char *p, const char *end)
{
    if (!isalpha((unsigned char)*p))
        return refuse(h, "</ without a name");
    begin_tag(h, *p, true);
    return NULL;
}

/* `dashes` is how many - directly follow <!, or -1 when something else did. */
static err_t
in_declaration(struct html *h, const char *p, const char *end)
{
    if (*p == '[')
        return refuse(h, "<![ is not HTML");
    if (*p == '>') {
        h->at = AT_CONTENT;
    } else if (*p != '-') {
        h->dashes = -1;
    } else if (h->dashes >= 0 && ++h->dashes == 2) {
        h->at = AT_COMMENT; /* with two dashes: <!--> is already a whole comment */
    }
    return NULL;
}

/* Ends with --> or --!>; `dashes` is -1 after --!. */
static err_t
in_comment(struct html *h, const char *p, const char *end)
{
    if (*p == '>' && (h->dashes >= 2 || h->dashes == -1))
        h->at = AT_CONTENT;
    else if (*p == '-')
        h->dashes = h->dashes < 2 ? (h->dashes < 0 ? 1 : h->dashes + 1) : 2;
    else
        h->dashes = *p == '!' && h->dashes >= 2 ? -1 : 0;
    return NULL;
}

static err_t
in_tag_name(struct html *h, const char *p, const char *end)
{
    if (space(*p))
        h->at = AT_BETWEEN;
    else if (*p == '/')
        h->at = AT_SLASH;
    else if (*p == '>')
        return end_of_tag(h);
    else if (isalnum((unsigned char)*p) || *p == '-' || *p == ':')
        append(h->element, &h->element_n, sizeof h->element, *p);
    else
        return refuse(h, "a tag name has only letters, digits and hyphens");
    return NULL;
}

static err_t
begin_attribute(struct html *h, char c)
{
    if (strchr("\"'<=`", c))
        return refuse(h, "an attribute needs a name");
    h->at = AT_NAME;
    h->attrs++;
    h->name_n = 0;
    append(h->name, &h->name_n, sizeof h->name, c);
    return NULL;
}

static err_t
in_between(struct html *h, const char *p, const char *end)
{
    if (space(*p))
        return NULL;
    if (*p == '>')
        return end_of_tag(h);
    if (*p == '/') {
        h->at = AT_SLASH;
        return NULL;
    }
    return begin_attribute(h, *p);
}

static err_t
in_space_needed(struct html *h, const char *p, const char *end)
{
    if (!space(*p) && *p != '>' && *p != '/')
        return refuse(h, "a space is needed before the next attribute");
    h->at = AT_BETWEEN;
    return in_between(h, p, end);
}

static err_t
in_slash(struct html *h, const char *p, const char *end)
{
    if (*p != '>')
        return refuse(h, "a / inside a tag");
    return end_of_tag(h);
}

static err_t
in_name(struct html *h, const char *p, const char *end)
{
    if (*p == '=') {
        h->at = AT_EQUALS;
        return NULL;
    }
    if (space(*p)) {
        h->at = AT_AFTER_NAME;
        return NULL;
    }
    if (*p == '>' || *p == '/')
        return in_between(h, p, end);
    if (strchr("\"'<`", *p))
        return refuse(h, "a quote or < in an attribute name");
    append(h->name, &h->name_n, sizeof h->name, *p);
    return NULL;
}

static err_t
in_after_name(struct html *h, const char *p, const char *end)
{
    if (*p == '=') {
        h->at = AT_EQUALS;
        return NULL;
    }
    return in_between(h, p, end);
}

static err_t
in_equals(struct html *h, const char *p, const char *end)
{
    if (space(*p))
        return NULL;
    if (*p == '>')
        return refuse(h, "an attribute without its value");
    begin_value(h, *p == '"' ? AT_DOUBLE : *p == '\'' ? AT_SINGLE : AT_UNQUOTED);
    if (h->at != AT_UNQUOTED)
        return NULL;
    if (strchr("<=`", *p))
        return refuse(h, "this value needs quotes");
    return value_char(h, *p);
}

static err_t
in_quotes(struct html *h, const char *p, const char *end)
{
    if (*p != (h->at == AT_DOUBLE ? '"' : '\''))
        return value_char(h, *p);
    end_value(h, AT_SPACE_NEEDED);
    return NULL;
}

static err_t
in_unquoted(struct html *h, const char *p, const char *end)
{
    if (space(*p) || *p == '>') {
        end_value(h, AT_BETWEEN);
        return in_between(h, p, end);
    }
    if (strchr("\"'<=`", *p))
        return refuse(h, "this value needs quotes");
    return value_char(h, *p);
}

/* Whether the end tag of the element we are in begins at p. */
static bool
closes(const struct html *h, const char *p, const char *end)
{
    size_t n = h->element_n;
    return (size_t)(end - p) > n + 2 && p[1] == '/' && strncasecmp(p + 2, h->element, n) == 0 &&
           (space(p[n + 2]) || p[n + 2] == '/' || p[n + 2] == '>');
}

static err_t
in_text_only(struct html *h, const char *p, const char *end)
{
    if (*p != '<')
        return NULL;
    if (!closes(h, p, end))
        return refuse(h, "a < inside title or textarea");
    h->at = AT_TAG_OPEN;
    return NULL;
}

static err_t
in_raw(struct html *h, const char *p, const char *end)
{
    if (*p != '<')
        return NULL;
    if (closes(h, p, end))
        h->at = AT_TAG_OPEN;
    else if (end - p >= 4 && memcmp(p, "<!--", 4) == 0)
        return refuse(h, "<!-- inside a script");
    return NULL;
}

static err_t (*const steps[AT_COUNT])(struct html *h, const char *p, const char *end) = {
    [AT_CONTENT] = in_content,
    [AT_TAG_OPEN] = in_tag_open,
    [AT_END_OPEN] = in_end_open,
    [AT_DECLARATION] = in_declaration,
    [AT_COMMENT] = in_comment,
    [AT_TAG_NAME] = in_tag_name,
    [AT_BETWEEN] = in_between,
    [AT_SPACE_NEEDED] = in_space_needed,
    [AT_SLASH] = in_slash,
    [AT_NAME] = in_name,
    [AT_AFTER_NAME] = in_after_name,
    [AT_EQUALS] = in_equals,
    [AT_DOUBLE] = in_quotes,
    [AT_SINGLE] = in_quotes,
    [AT_UNQUOTED] = in_unquoted,
    [AT_TEXT_ONLY] = in_text_only,
    [AT_RAW] = in_raw,
};

static bool
shown(const struct html *h)
{
    switch (h->at) {
    case AT_CONTENT:
        return !h->quiet;
    case AT_TEXT_ONLY:
        return true;
    case AT_DOUBLE:
    case AT_SINGLE:
    case AT_UNQUOTED:
        return h->attr == ATTR_SEEN;
    default: /* the other states show nothing */
        return false;
    }
}

void
tmpl_html_init(struct html *h, struct arena *a)
{
    *h = (struct html){.a = a};
}

err_t
tmpl_html_text(struct html *h, const char *s, size_t n, const char **ret_bad)
{
    const char *run = shown(h) ? s : NULL;
    for (const char *p = s; p < s + n; p++) {
        enum html_at was = h->at;
        err_t e = steps[was](h, p, s + n);
        if (e) {
            *ret_bad = p;
            return e;
        }
        if (h->at == was)
            continue;
        if (run && h->seen)
            h->seen(h->arg, run, (size_t)(p - run));
        bool belongs = h->at == AT_UNQUOTED || was == AT_TAG_OPEN; /* this byte is text already */
        run = !shown(h) ? NULL : belongs ? p : p + 1;
    }
    if (run && h->seen)
        h->seen(h->arg, run, (size_t)(s + n - run));
    return NULL;
}

const char *
tmpl_html_where(const struct html *h)
{
    switch (h->at) {
    case AT_CONTENT:
        return "element content";
    case AT_TAG_OPEN:
    case AT_END_OPEN:
    case AT_TAG_NAME:
        return "a tag name";
    case AT_DECLARATION:
        return "a declaration";
    case AT_COMMENT:
        return "an HTML comment";
    case AT_BETWEEN:
    case AT_SPACE_NEEDED:
    case AT_SLASH:
        return "a tag";
    case AT_NAME:
    case AT_AFTER_NAME:
        return "an attribute name";
    case AT_EQUALS:
    case AT_UNQUOTED:
        return "an attribute without quotes";
    case AT_DOUBLE:
    case AT_SINGLE:
        return arena_printf(h->a, "the attribute %s", h->name);
    case AT_TEXT_ONLY:
    case AT_RAW:
        return arena_printf(h->a, "<%s>", h->element);
    case AT_COUNT:
        break;
    }
    return "nowhere";
}

static err_t
url_value(struct html *h, enum tmpl_filter f, enum html_place *ret)
{
    if (f == FILTER_NONE)
        return err_new(h->a, E_BAD_INPUT,
                       "a value in %s needs |url, or |part for one piece of a path or query",
                       h->name);
    if (f == FILTER_URL && !h->fresh)
        return refuse(h, "|url stands only at the start of an address; further on it is |part");
    h->fresh = false;
    h->open_scheme = !h->settled;
    *ret = f == FILTER_URL ? PLACE_URL : PLACE_PART;
    return NULL;
}

err_t
tmpl_html_value(struct html *h, enum tmpl_filter f, enum html_place *ret)
{
    bool quoted = h->at == AT_DOUBLE || h->at == AT_SINGLE;
    if (h->at != AT_CONTENT && h->at != AT_TEXT_ONLY && !quoted)
        return err_new(h->a, E_BAD_INPUT, "a value inside %s", tmpl_html_where(h));
    if (quoted && h->attr == ATTR_CODE)
        return err_new(h->a, E_BAD_INPUT, "a value in %s, which cannot be made safe", h->name);
    if (quoted && h->attr == ATTR_URL)
        return url_value(h, f, ret);
    if (f != FILTER_NONE && !quoted)
        return refuse(h, "|url and |part stand only in attributes");
    if (quoted && str_eq(h->element, "meta") && str_eq(h->name, "content"))
        h->content_value = true;
    *ret = f == FILTER_URL    ? PLACE_URL
           : f == FILTER_PART ? PLACE_PART
           : quoted || h->at == AT_TEXT_ONLY ? PLACE_TEXT : PLACE_CONTENT;
    return NULL;
}

err_t
tmpl_html_enter(struct html *h)
{
    switch (h->at) {
    case AT_CONTENT:
    case AT_TEXT_ONLY:
    case AT_DOUBLE:
    case AT_SINGLE:
    case AT_BETWEEN:
    case AT_SPACE_NEEDED:
        return NULL;
    case AT_AFTER_NAME:
        h->at = AT_BETWEEN;
        return NULL;
    case AT_TAG_NAME:
    case AT_NAME:
        h->at = AT_SPACE_NEEDED;
        return NULL;
    case AT_UNQUOTED:
        end_value(h, AT_SPACE_NEEDED);
        return NULL;
    default:
        return err_new(h->a, E_BAD_INPUT, "a section, block or partial inside %s",
                       tmpl_html_where(h));
    }
}

static bool
between(enum html_at at)
{
    return at == AT_BETWEEN || at == AT_SPACE_NEEDED;
}

err_t
tmpl_html_leave(struct html *h, const struct html *before, bool skips)
{
    if (between(before->at) && (h->at == AT_NAME || h->at == AT_AFTER_NAME || h->at == AT_UNQUOTED))
        TRY(tmpl_html_enter(h));
    bool same = h->at == before->at || (between(h->at) && between(before->at));
    if (h->at != AT_CONTENT && h->tags != before->tags)
        same = false;
    if ((h->at == AT_DOUBLE || h->at == AT_SINGLE) && h->attrs != before->attrs)
        same = false;
    if (!same)
        return err_new(h->a, E_BAD_INPUT,
                       "begins in %s and ends in %s: it must leave the page where it found it",
                       tmpl_html_where(before), tmpl_html_where(h));
    if (skips) {
        if (before->at == AT_SPACE_NEEDED)
            h->at = AT_SPACE_NEEDED;
        h->fresh |= before->fresh;
        h->open_scheme |= before->open_scheme;
        h->settled &= before->settled;
    }
    h->quiet = false;
    return NULL;
}
