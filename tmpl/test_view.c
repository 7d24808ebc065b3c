/* test_view.c: see test_view.h. */
#include "tmpl/test_view.h"

#include "base/arena.h"
#include "base/err.h"

static void put_all(struct view *map, json_t *j);

static void
add_all(struct view *list, json_t *j)
{
    size_t i;
    json_t *item;
    json_array_foreach(j, i, item) {
        if (json_is_object(item))
            put_all(view_add_map(list), item);
        else if (json_is_array(item))
            add_all(view_add_list(list), item);
        else if (json_is_integer(item))
            view_add_int(list, json_integer_value(item));
        else if (json_is_real(item))
            view_add_real(list, json_real_value(item));
        else
            view_add_text(list, json_string_value(item));
    }
}

static void
put(struct view *map, const char *key, json_t *j)
{
    if (json_is_object(j))
        put_all(view_map(map, key), j);
    else if (json_is_array(j))
        add_all(view_list(map, key), j);
    else if (json_is_integer(j))
        view_int(map, key, json_integer_value(j));
    else if (json_is_real(j))
        view_real(map, key, json_real_value(j));
    else if (json_is_boolean(j))
        view_bool(map, key, json_is_true(j));
    else if (json_is_string(j) && str_ends(key, "_html"))
        view_html(map, key, json_string_value(j));
    else
        view_text(map, key, json_string_value(j));
}

static void
put_all(struct view *map, json_t *j)
{
    const char *key;
    json_t *value;
    json_object_foreach(j, key, value)
        put(map, arena_strdup(map->kids.mem, key), value);
}

struct view *
test_view_from(struct arena *a, json_t *j)
{
    struct view *holder = view_map_new(a);
    put(holder, "root", j);
    return &holder->kids.first->value;
}

struct view *
test_view(struct arena *a, const char *text)
{
    json_t *j = json_loads(text, JSON_DECODE_ANY, NULL);
    INVARIANT(j);
    struct view *v = test_view_from(a, j);
    json_decref(j);
    return v;
}
