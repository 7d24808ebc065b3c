/* postgres.h: one PostgreSQL connection, for postgres.c, postgres_open.c and postgres_value.c. */
#ifndef DB_POSTGRES_H
#define DB_POSTGRES_H

#include "db/driver.h"

#include <libpq-fe.h>

/* What was sent in a pipeline and not yet answered. */
enum item_kind { ITEM_PLAIN, ITEM_PREPARE, ITEM_QUERY };
struct item {
    enum item_kind kind;
    struct slot *slot; /* ITEM_PREPARE: which is ready once this succeeds, if it still has `name` */
    uint64_t name;
    struct db_ask *ask; /* gets the result, or the error */
};
/* Each query sends four at most: BEGIN, DEALLOCATE, PREPARE and itself. */
enum { ITEMS_MAX = 4 * (DB_MAX_ASKS + 1) };

struct pg {
    struct db base; /* first: struct db * and struct pg * are the same address */
    PGconn *conn;
    enum db_role role;
    uint64_t names;
    bool begun;   /* BEGIN was sent: it goes out with the first query */
    bool touched; /* the server has answered in this transaction */
    bool again;   /* the server asks to run the transaction again (40001, 40P01) */
    bool lost;    /* the connection broke */
    bool piping;
    size_t n_items;
    struct item items[ITEMS_MAX];
};

static inline struct pg *
pg_of(const struct db *db)
{
    return (struct pg *)(uintptr_t)db;
}

/* ---- postgres_open.c ---- */

err_t postgres_connect(struct arena *a, struct db_pool *p, enum db_role role, struct db **ret);
void postgres_close(struct db *db);
/* A new connection in the place of one that broke. */
err_t postgres_reconnect(struct arena *a, struct pg *pg);

/* ---- postgres_value.c: binary values in and out, and errors ---- */

/* Parameters as libpq wants them, in `a`. */
struct wire {
    int n;
    Oid *types;
    const char **values;
    int *lengths, *formats;
};
void postgres_encode(struct arena *a, const struct sql *q, const struct db_val *v,
                     struct wire *ret);
/* Row `i` of a result whose columns were checked. */
err_t postgres_row(struct arena *mem, const PGresult *res, int i, const struct sql *q, void *row);
/* Count and types of the columns of a result, and their names where `names`. NULL when right, else
 * what is wrong, in `a`. */
const char *postgres_columns(struct arena *a, const PGresult *res, const struct sql *q, bool names);
/* The error of a result (NULL: of the connection); marks `again` and `lost`. */
err_t postgres_err(struct arena *a, struct pg *pg, const PGresult *res, const struct sql *q);
/* Does the result have this SQLSTATE? */
bool postgres_state(const PGresult *res, const char *state);

#endif
