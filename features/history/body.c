/* body.c: see body.h. The form is that of core/record.c. */
#include "features/history/body.h"

#include "base/arena.h"
#include "core/core_sql.h"
#include "db/db.h"

#include <jansson.h>
#include <string.h>

static const char *
text_at(struct arena *a, const json_t *list, size_t i)
{
    return arena_strdup(a, json_string_value(json_array_get(list, i)));
}

static void
read_changes(struct arena *a, const json_t *list, struct body *ret)
{
    size_t n = json_array_size(list);
    struct change *changes = arena_alloc(a, n * sizeof *changes);
    for (size_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(list, i);
        changes[i] = (struct change){text_at(a, row, 0), text_at(a, row, 1), text_at(a, row, 2),
                                     text_at(a, row, 3), text_at(a, row, 4)};
    }
    ret->changes = changes;
    ret->n_changes = n;
}

static size_t
count_studies(const json_t *things)
{
    size_t n = 0, i;
    json_t *thing;
    json_array_foreach(things, i, thing)
    {
        const char *kind = json_string_value(json_array_get(thing, 0));
        n += kind && strcmp(kind, "study") == 0;
    }
    return n;
}

static void
drop(void *root)
{
    json_decref(root);
}

err_t
body_read(struct ctx *c, int64_t record, struct body *ret)
{
    struct core_record_body_row row;
    bool found;
    TRY(db_maybe(c, &CORE_RECORD_BODY, DB_IN(db_int(record)), &row, &found));
    json_t *root = found ? json_loads(row.body, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!root)
        return err_new(c->mem, E_TAMPERED, "A row of the record cannot be read. Run: rapport audit verify");
    arena_defer(c->mem, drop, root);
    *ret = (struct body){.reason = arena_strdup(c->mem, json_string_value(json_object_get(root, "reason"))),
                         .n_studies = count_studies(json_object_get(root, "things"))};
    read_changes(c->mem, json_object_get(root, "changes"), ret);
    return NULL;
}
