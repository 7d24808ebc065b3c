/* rows.c: rows as C structs, the places of prepared statements, and the errors of both engines.
 * See driver.h. Called by db.c and the drivers; knows neither engine. */
#include "db/driver.h"

#include <string.h>

void
rows_init(struct rows *r, struct arena *mem, const struct sql *q, size_t max)
{
    *r = (struct rows){.mem = mem, .row_size = q->row_size, .max = max};
}

static void
grow(struct rows *r)
{
    size_t room = r->room ? r->room * 2 : 8;
    char *data = arena_alloc(r->mem, room * r->row_size);
    if (r->n)
        memcpy(data, r->data, r->n * r->row_size);
    r->data = data;
    r->room = room;
}

err_t
rows_add(struct rows *r, void **ret_row)
{
    if (r->n == r->max || arena_full(r->mem))
        return ERR_STATIC(E_TOO_LARGE, "There is too much to show at once. Please narrow it down.");
    if (r->n == r->room)
        grow(r);
    *ret_row = r->data + r->n++ * r->row_size;
    return NULL;
}

void
row_int(void *row, const struct sql_column *col, int64_t i)
{
    char *field = (char *)row + col->offset;
    if (col->type == DB_BOOL)
        *(bool *)(void *)field = i != 0;
    else
        *(int64_t *)(void *)field = i;
}

void
row_real(void *row, const struct sql_column *col, double x)
{
    *(double *)(void *)((char *)row + col->offset) = x;
}

void
row_text(void *row, const struct sql_column *col, struct arena *mem, const char *s, size_t n)
{
    *(const char **)(void *)((char *)row + col->offset) = arena_strndup(mem, s, n);
}

void
row_blob(void *row, const struct sql_column *col, struct arena *mem, const void *d, size_t n)
{
    const unsigned char *copy = arena_copy(mem, d, n);
    *(const unsigned char **)(void *)((char *)row + col->offset) = copy;
    *(size_t *)(void *)((char *)row + col->null_offset) = n;
}

bool
row_null(void *row, const struct sql_column *col)
{
    if (col->nullable && col->type != DB_TEXT && col->type != DB_BLOB)
        *(bool *)(void *)((char *)row + col->null_offset) = true;
    return col->nullable;
}

struct slot *
cache_slot(struct cache *k, const struct sql *q, size_t variant, struct slot *ret_old)
{
    uint64_t hash = ((uint64_t)(uintptr_t)q + variant * 64) * UINT64_C(0x9E3779B97F4A7C15);
    struct slot *set = k->slots[hash >> 57], *oldest = set;
    *ret_old = (struct slot){0};
    for (struct slot *s = set; s < set + CACHE_WAYS; s++) {
        if (s->q == q && s->variant == variant) {
            s->used = ++k->clock;
            return s;
        }
        if (s->used < oldest->used)
            oldest = s;
    }
    *ret_old = *oldest;
    *oldest = (struct slot){.q = q, .variant = variant, .used = ++k->clock};
    return oldest;
}
_Static_assert(CACHE_SETS == 1 << (64 - 57), "the hash picks one of the sets");

static const struct {
    enum err_code code;
    const char *text;
} faults[] = {
    [FAULT_UNIQUE] = {E_CONFLICT, "This is there already."},
    [FAULT_FOREIGN] = {E_CONFLICT, "Something this belongs to is not there, or something else "
                                   "still belongs to it."},
    [FAULT_CHECK] = {E_CONFLICT, "A value is not one that can stand here."},
    [FAULT_NULL] = {E_CONFLICT, "A value is missing."},
    [FAULT_BUSY] = {E_UNAVAILABLE, "The database is busy. Please try again in a moment."},
    [FAULT_FULL] = {E_UNAVAILABLE, "The database has no room or memory left. Nothing was changed. "
                                   "Please tell whoever runs this installation."},
    [FAULT_LOST] = {E_UNAVAILABLE, "The database cannot be reached. Please try again in a moment."},
    [FAULT_LARGE] = {E_TOO_LARGE, "A value is larger than the database takes."},
    [FAULT_VALUE] = {E_BAD_REQUEST, "A value in the address could not be read."},
    [FAULT_INTERNAL] = {E_INTERNAL, "Something went wrong on our side. Nothing was changed."},
};

err_t
fault_err(struct arena *a, enum fault kind, const struct sql *q, const char *place,
          const char *said)
{
    struct err *cause = arena_alloc(a, sizeof *cause);
    *cause = (struct err){.code = faults[kind].code, .text = arena_strdup(a, said ? said : "?")};
    if (q)
        cause->place = arena_printf(a, "%s %s", q->source, q->name);
    struct err *e = arena_alloc(a, sizeof *e);
    *e = (struct err){.code = faults[kind].code, .text = faults[kind].text, .cause = cause};
    e->place = arena_strdup(a, place);
    if (!place && q && kind > FAULT_NULL)
        e->place = q->source;
    return e;
}
