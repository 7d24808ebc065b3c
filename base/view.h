/* view.h: the value tree that a handler fills and that becomes a page, a JSON document or a row of
 * the record. Built in an arena, never freed by hand, in the order in which it was filled.
 *
 * Every setter takes the map first and the key second and does nothing surprising: a NULL text sets
 * null, a key set twice keeps the later value. Keys must be literals or outlive the view. */
#ifndef BASE_VIEW_H
#define BASE_VIEW_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum view_type { V_NULL, V_BOOL, V_INT, V_REAL, V_TEXT, V_HTML, V_LIST, V_MAP };

struct view {
    enum view_type type;
    union {
        bool yes;
        int64_t i;
        double real;
        const char *text; /* V_TEXT, V_HTML */
        struct {
            struct view_item *first, *last;
            size_t n;
            struct arena *mem;
        } kids; /* V_LIST, V_MAP */
    };
};

struct view_item {
    const char *key; /* NULL in a list */
    struct view_item *next;
    struct view value;
};

struct view *view_map_new(struct arena *a);
struct view *view_list_new(struct arena *a);

void view_null(struct view *map, const char *key);
void view_bool(struct view *map, const char *key, bool yes);
void view_int(struct view *map, const char *key, int64_t i);
/* Not finite sets null. */
void view_real(struct view *map, const char *key, double x);
void view_text(struct view *map, const char *key, const char *text);
void view_textf(struct view *map, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Markup made by the Markdown renderer or a chart writer: the only text not escaped in a page. */
void view_html(struct view *map, const char *key, const char *html);
struct view *view_map(struct view *map, const char *key);  /* a new map under the key */
struct view *view_list(struct view *map, const char *key); /* a new list under the key */
void view_set(struct view *map, const char *key, const struct view *value); /* shares `value` */

struct view *view_add_map(struct view *list);
struct view *view_add_list(struct view *list);
void view_add_text(struct view *list, const char *text);
void view_add_int(struct view *list, int64_t i);
void view_add_real(struct view *list, double x);

/* The value under a key, or NULL. `key` need not be interned. */
const struct view *view_get(const struct view *map, const char *key);
/* The value at a path "study.sites.0.code", or NULL. For tests and scenarios. */
const struct view *view_at(const struct view *v, const char *path);
const char *view_get_text(const struct view *map, const char *key); /* NULL when no text */
int64_t view_get_int(const struct view *map, const char *key);      /* 0 when no whole number */
/* False for NULL, null, false, 0, "" and the empty list: what a template's section skips. */
bool view_truth(const struct view *v);

/* The view as JSON. HTML values come as text. Keys in the order they were set. */
void view_json(struct buf *out, const struct view *v);
/* The same, indented by two spaces, with a newline at the end: for people at a terminal. */
void view_json_pretty(struct buf *out, const struct view *v);
/* A JSON string with its quotes. Every control character, and <, > and & escaped. */
void view_json_string(struct buf *out, const char *s);

#endif
