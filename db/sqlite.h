/* sqlite.h: one SQLite connection, for sqlite.c and sqlite_open.c alone. */
#ifndef DB_SQLITE_H
#define DB_SQLITE_H

#include "db/driver.h"

#include <sqlite3.h>

enum own_text {
    OWN_BEGIN,
    OWN_BEGIN_WRITE,
    OWN_COMMIT,
    OWN_ROLLBACK,
    OWN_SAVE,
    OWN_KEEP,
    OWN_UNDO,
    OWN_COUNT
};

struct lite {
    struct db base; /* first: struct db * and struct lite * are the same address */
    sqlite3 *h;
    sqlite3_stmt *own[OWN_COUNT];
    int wait_ms;          /* for locks of other connections */
    int64_t wait_until;   /* monotonic ms, set at the first try */
};

/* The last error of the connection, in `a`. `q` may be NULL. */
err_t sqlite_err(struct arena *a, struct lite *l, const struct sql *q);
/* The driver's connect. */
err_t sqlite_connect(struct arena *a, struct db_pool *p, enum db_role role, struct db **ret);

#endif
