/* postgres_value.c: values to and from PostgreSQL's binary form, and its errors. See postgres.h.
 * Pure: sends nothing. */
#include "db/postgres.h"

#include "base/str.h"

#include <endian.h>
#include <string.h>

/* Oids of PostgreSQL's built-in types (src/include/catalog/pg_type.dat); they never change. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_INT8_ARRAY = 1016,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
};

static const Oid param_oids[] = {
    [DB_INT] = OID_INT8,  [DB_REAL] = OID_FLOAT8, [DB_TEXT] = OID_TEXT,       [DB_BLOB] = OID_BYTEA,
    [DB_TIME] = OID_INT8, [DB_BOOL] = OID_INT8,   [DB_INTS] = OID_INT8_ARRAY,
};

/* ---- in ---- */

static const char *
encode_u64(struct arena *a, uint64_t u)
{
    u = htobe64(u);
    return arena_copy(a, &u, sizeof u);
}

/* An array on the wire: dimensions, has NULLs, type, then count, first index, and each value after
 * its length. No dimension: empty. */
static const char *
encode_ints(struct arena *a, const struct db_val *v, int *ret_length)
{
    size_t size = v->n ? 20 + 12 * v->n : 12;
    char *data = arena_alloc(a, size), *at = data;
    uint32_t head[] = {htobe32(v->n ? 1 : 0), 0, htobe32(OID_INT8), htobe32((uint32_t)v->n),
                       htobe32(1)};
    memcpy(at, head, v->n ? 20 : 12);
    at += 20;
    for (size_t i = 0; i < v->n; i++, at += 12) {
        uint32_t length = htobe32(8);
        uint64_t u = htobe64((uint64_t)v->ints[i]);
        memcpy(at, &length, 4);
        memcpy(at + 4, &u, 8);
    }
    *ret_length = (int)size;
    return data;
}

static const char *
encode_one(struct arena *a, const struct db_val *v, int *ret_length)
{
    uint64_t u;
    *ret_length = 8;
    switch (v->type) {
    case DB_INT:
    case DB_TIME:
    case DB_BOOL:
        return encode_u64(a, (uint64_t)v->i);
    case DB_REAL:
        memcpy(&u, &v->real, sizeof u);
        return encode_u64(a, u);
    case DB_TEXT:
        *ret_length = (int)strlen(v->text);
        return v->text;
    case DB_BLOB:
        *ret_length = (int)v->n;
        return v->n ? v->blob : "";
    case DB_INTS:
        return encode_ints(a, v, ret_length);
    }
    return NULL;
}

void
postgres_encode(struct arena *a, const struct sql *q, const struct db_val *v, struct wire *ret)
{
    size_t n = q->n_in;
    *ret = (struct wire){
        .n = (int)n,
        .types = arena_alloc(a, n * sizeof *ret->types),
        .values = arena_alloc(a, n * sizeof *ret->values),
        .lengths = arena_alloc(a, n * sizeof *ret->lengths),
        .formats = arena_alloc(a, n * sizeof *ret->formats),
    };
    for (size_t i = 0; i < n; i++) {
        ret->types[i] = param_oids[q->in[i].type];
        ret->formats[i] = 1;
        if (v && !v[i].null)
            ret->values[i] = encode_one(a, &v[i], &ret->lengths[i]);
    }
}

/* ---- out ---- */

static bool
type_fits(enum db_type type, Oid oid)
{
    switch (type) {
    case DB_BOOL:
        if (oid == OID_BOOL)
            return true;
        /* fall through */
    case DB_INT:
    case DB_TIME:
        return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2;
    case DB_REAL:
        return oid == OID_FLOAT8 || oid == OID_FLOAT4;
    case DB_TEXT:
        return oid == OID_TEXT || oid == OID_VARCHAR || oid == OID_BPCHAR || oid == OID_NAME;
    case DB_BLOB:
        return oid == OID_BYTEA;
    case DB_INTS:
        break;
    }
    return false;
}

const char *
postgres_columns(struct arena *a, const PGresult *res, const struct sql *q, bool names)
{
    if ((size_t)PQnfields(res) != q->n_out)
        return arena_printf(a, "has %d columns, %zu are declared", PQnfields(res), q->n_out);
    for (int i = 0; i < (int)q->n_out; i++) {
        if (names && !str_eq(PQfname(res, i), q->out[i].name))
            return arena_printf(a, "column %d is %s, declared as %s", i + 1, PQfname(res, i),
                                q->out[i].name);
        if (!type_fits(q->out[i].type, PQftype(res, i)))
            return arena_printf(a,
                                "column %s is of PostgreSQL's type %u, which is not the declared "
                                "one (1700 is numeric: cast it as bigint)",
                                q->out[i].name, PQftype(res, i));
    }
    return NULL;
}

static int64_t
decode_int(const char *data, int length)
{
    uint64_t u = 0;
    for (int i = 0; i < length; i++)
        u = u << 8 | (unsigned char)data[i];
    switch (length) {
    case 2:
        return (int16_t)u;
    case 4:
        return (int32_t)u;
    default: /* 8, or the one byte of a truth value */
        return (int64_t)u;
    }
}

static double
decode_real(const char *data, int length)
{
    uint64_t u = (uint64_t)decode_int(data, length);
    uint32_t half = (uint32_t)u;
    double x;
    float f;
    memcpy(&f, &half, sizeof f);
    memcpy(&x, &u, sizeof x);
    return length == 4 ? (double)f : x;
}

err_t
postgres_row(struct arena *mem, const PGresult *res, int i, const struct sql *q, void *row)
{
    for (int j = 0; j < (int)q->n_out; j++) {
        const struct sql_column *col = &q->out[j];
        const char *data = PQgetvalue(res, i, j);
        int length = PQgetlength(res, i, j);
        if (PQgetisnull(res, i, j)) {
            if (!row_null(row, col))
                return fault_err(mem, FAULT_INTERNAL, q, NULL,
                                 arena_printf(mem, "column %s is NULL", col->name));
            continue;
        }
        switch (col->type) {
        case DB_INT:
        case DB_TIME:
        case DB_BOOL:
            row_int(row, col, decode_int(data, length));
            break;
        case DB_REAL:
            row_real(row, col, decode_real(data, length));
            break;
        case DB_TEXT:
            row_text(row, col, mem, data, (size_t)length);
            break;
        case DB_BLOB:
            row_blob(row, col, mem, data, (size_t)length);
            break;
        case DB_INTS:
            break;
        }
    }
    return NULL;
}

/* ---- errors ---- */

bool
postgres_state(const PGresult *res, const char *state)
{
    const char *s = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    return s && str_starts(s, state);
}

/* SQLSTATE, or its first digits, and what it is to us. The first that fits counts. */
static const struct {
    const char *state;
    enum fault kind;
} states[] = {
    {"23505", FAULT_UNIQUE}, {"23503", FAULT_FOREIGN}, {"23514", FAULT_CHECK},
    {"23502", FAULT_NULL},   {"22P02", FAULT_VALUE},   {"22003", FAULT_VALUE},
    {"40001", FAULT_BUSY},   {"40P01", FAULT_BUSY},    {"55P03", FAULT_BUSY},
    {"57014", FAULT_BUSY}, /* statement_timeout */
    {"53", FAULT_FULL},      {"08", FAULT_LOST},       {"57P", FAULT_LOST},
    {"58", FAULT_LOST},      {"54", FAULT_LARGE},
    {"25P03", FAULT_LOST}, /* idle in a transaction too long */
};

static enum fault
kind_of(const PGresult *res)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (postgres_state(res, states[i].state))
            return states[i].kind;
    return FAULT_INTERNAL;
}

/* "Key (a, b)=(1, 2) already exists." names the columns, in any language: "t.a, t.b" as SQLite
 * says it. What follows "=" are values: not ours to repeat. */
static const char *
unique_place(struct arena *a, const PGresult *res)
{
    const char *table = PQresultErrorField(res, PG_DIAG_TABLE_NAME);
    const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);
    const char *from = detail ? strchr(detail, '(') : NULL;
    const char *to = from ? strstr(from, ")=(") : NULL;
    if (!table || !to)
        return PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
    size_t n;
    char **columns = str_split(a, arena_strndup(a, from + 1, (size_t)(to - from - 1)), ',', &n);
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, i ? ", %s.%s" : "%s.%s", table, str_trim(a, columns[i]));
    return buf_text(&b);
}

static const char *
place_of(struct arena *a, const PGresult *res, enum fault kind)
{
    if (kind == FAULT_UNIQUE)
        return unique_place(a, res);
    if (kind == FAULT_NULL)
        return arena_printf(a, "%s.%s", str_or(PQresultErrorField(res, PG_DIAG_TABLE_NAME), "?"),
                            str_or(PQresultErrorField(res, PG_DIAG_COLUMN_NAME), "?"));
    if (kind == FAULT_FOREIGN || kind == FAULT_CHECK)
        return PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
    return NULL;
}

err_t
postgres_err(struct arena *a, struct pg *pg, const PGresult *res, const struct sql *q)
{
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    if (PQstatus(pg->conn) == CONNECTION_BAD || !state) {
        pg->lost = PQstatus(pg->conn) == CONNECTION_BAD;
        return fault_err(a, pg->lost ? FAULT_LOST : FAULT_INTERNAL, q, NULL,
                         str_trim(a, PQerrorMessage(pg->conn)));
    }
    enum fault kind = kind_of(res);
    if (postgres_state(res, "40001") || postgres_state(res, "40P01"))
        pg->again = true;
    /* Messages of class 22 (data) quote values; they stay out of the log. */
    const char *said = str_starts(state, "22") ? "a value could not be used"
                                               : PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    return fault_err(a, kind, q, place_of(a, res, kind),
                     arena_printf(a, "%s (%s)", str_or(said, "?"), state));
}
