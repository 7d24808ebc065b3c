/* view.c: the value tree and its JSON. See view.h. */
#include "base/view.h"

#include "base/arena.h"
#include "base/err.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

static struct view *
container_new(struct arena *a, enum view_type type)
{
    struct view *v = arena_alloc(a, sizeof *v);
    v->type = type;
    v->kids.mem = a;
    return v;
}

struct view *
view_map_new(struct arena *a)
{
    return container_new(a, V_MAP);
}

struct view *
view_list_new(struct arena *a)
{
    return container_new(a, V_LIST);
}

static struct view *
append(struct view *parent, const char *key)
{
    struct view_item *item = arena_alloc(parent->kids.mem, sizeof *item);
    item->key = key;
    if (parent->kids.last)
        parent->kids.last->next = item;
    else
        parent->kids.first = item;
    parent->kids.last = item;
    parent->kids.n++;
    return &item->value;
}

static struct view_item *
find(const struct view *map, const char *key)
{
    for (struct view_item *i = map->kids.first; i; i = i->next) {
        if (i->key == key || strcmp(i->key, key) == 0)
            return i;
    }
    return NULL;
}

static struct view *
slot(struct view *map, const char *key)
{
    INVARIANT(map->type == V_MAP && key);
    struct view_item *had = find(map, key);
    return had ? &had->value : append(map, key);
}

void
view_null(struct view *map, const char *key)
{
    *slot(map, key) = (struct view){.type = V_NULL};
}

void
view_bool(struct view *map, const char *key, bool yes)
{
    *slot(map, key) = (struct view){.type = V_BOOL, .yes = yes};
}

void
view_int(struct view *map, const char *key, int64_t i)
{
    *slot(map, key) = (struct view){.type = V_INT, .i = i};
}

void
view_real(struct view *map, const char *key, double x)
{
    *slot(map, key) = isfinite(x) ? (struct view){.type = V_REAL, .real = x}
                                  : (struct view){.type = V_NULL};
}

static struct view
text_value(struct arena *a, enum view_type type, const char *text)
{
    if (!text)
        return (struct view){.type = V_NULL};
    return (struct view){.type = type, .text = arena_strdup(a, text)};
}

void
view_text(struct view *map, const char *key, const char *text)
{
    *slot(map, key) = text_value(map->kids.mem, V_TEXT, text);
}

void
view_textf(struct view *map, const char *key, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(map->kids.mem, fmt, ap);
    va_end(ap);
    *slot(map, key) = (struct view){.type = V_TEXT, .text = text};
}

void
view_html(struct view *map, const char *key, const char *html)
{
    *slot(map, key) = text_value(map->kids.mem, V_HTML, html);
}

static struct view *
set_container(struct view *v, enum view_type type, struct arena *mem)
{
    *v = (struct view){.type = type};
    v->kids.mem = mem;
    return v;
}

struct view *
view_map(struct view *map, const char *key)
{
    return set_container(slot(map, key), V_MAP, map->kids.mem);
}

struct view *
view_list(struct view *map, const char *key)
{
    return set_container(slot(map, key), V_LIST, map->kids.mem);
}

void
view_set(struct view *map, const char *key, const struct view *value)
{
    *slot(map, key) = *value;
}

static struct view *
add(struct view *list)
{
    INVARIANT(list->type == V_LIST);
    return append(list, NULL);
}

struct view *
view_add_map(struct view *list)
{
    return set_container(add(list), V_MAP, list->kids.mem);
}

struct view *
view_add_list(struct view *list)
{
    return set_container(add(list), V_LIST, list->kids.mem);
}

void
view_add_text(struct view *list, const char *text)
{
    *add(list) = text_value(list->kids.mem, V_TEXT, text);
}

void
view_add_int(struct view *list, int64_t i)
{
    *add(list) = (struct view){.type = V_INT, .i = i};
}

void
view_add_real(struct view *list, double x)
{
    *add(list) = isfinite(x) ? (struct view){.type = V_REAL, .real = x}
                             : (struct view){.type = V_NULL};
}

const struct view *
view_get(const struct view *map, const char *key)
{
    if (!map || map->type != V_MAP)
        return NULL;
    struct view_item *i = find(map, key);
    return i ? &i->value : NULL;
}

static const struct view *
nth(const struct view *list, const char *digits)
{
    int64_t n;
    if (!str_int(digits, &n) || n < 0)
        return NULL;
    struct view_item *i = list->kids.first;
    while (i && n--)
        i = i->next;
    return i ? &i->value : NULL;
}

const struct view *
view_at(const struct view *v, const char *path)
{
    char part[128];
    while (v && *path) {
        size_t n = strcspn(path, ".");
        if (n >= sizeof part)
            return NULL;
        memcpy(part, path, n);
        part[n] = '\0';
        path += n + (path[n] == '.');
        v = v->type == V_LIST ? nth(v, part) : view_get(v, part);
    }
    return v;
}

const char *
view_get_text(const struct view *map, const char *key)
{
    const struct view *v = view_get(map, key);
    return v && (v->type == V_TEXT || v->type == V_HTML) ? v->text : NULL;
}

int64_t
view_get_int(const struct view *map, const char *key)
{
    const struct view *v = view_get(map, key);
    return v && v->type == V_INT ? v->i : 0;
}

bool
view_truth(const struct view *v)
{
    if (!v)
        return false;
    switch (v->type) {
    case V_NULL:
        return false;
    case V_BOOL:
        return v->yes;
    case V_INT:
        return v->i != 0;
    case V_REAL:
        return v->real != 0;
    case V_TEXT:
    case V_HTML:
        return *v->text;
    case V_LIST:
        return v->kids.n > 0;
    case V_MAP:
        return true;
    }
    return false;
}

void
view_json_string(struct buf *out, const char *s)
{
    buf_char(out, '"');
    const char *run = s;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' && c != 0x7f)
            continue;
        buf_add(out, run, (size_t)(s - run));
        run = s + 1;
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c == '\n')
            buf_str(out, "\\n");
        else
            buf_printf(out, "\\u%04x", c);
    }
    buf_add(out, run, (size_t)(s - run));
    buf_char(out, '"');
}

static void
new_line(struct buf *out, int depth)
{
    if (depth < 0)
        return;
    buf_char(out, '\n');
    for (int i = 0; i < depth; i++)
        buf_str(out, "  ");
}

static void
write_json(struct buf *out, const struct view *v, int depth)
{
    switch (v->type) {
    case V_NULL:
        buf_str(out, "null");
        return;
    case V_BOOL:
        buf_str(out, v->yes ? "true" : "false");
        return;
    case V_INT:
        buf_printf(out, "%lld", (long long)v->i);
        return;
    case V_REAL:
        buf_str(out, str_from_real(out->mem, v->real));
        return;
    case V_TEXT:
    case V_HTML:
        view_json_string(out, v->text);
        return;
    case V_LIST:
    case V_MAP:
        break;
    }
    bool map = v->type == V_MAP;
    int inner = depth < 0 ? depth : depth + 1;
    buf_char(out, map ? '{' : '[');
    for (const struct view_item *i = v->kids.first; i; i = i->next) {
        new_line(out, inner);
        if (map) {
            view_json_string(out, i->key);
            buf_str(out, depth < 0 ? ":" : ": ");
        }
        write_json(out, &i->value, inner);
        if (i->next)
            buf_char(out, ',');
    }
    if (v->kids.n)
        new_line(out, depth);
    buf_char(out, map ? '}' : ']');
}

void
view_json(struct buf *out, const struct view *v)
{
    write_json(out, v, -1);
}

void
view_json_pretty(struct buf *out, const struct view *v)
{
    write_json(out, v, 0);
    buf_char(out, '\n');
}
