/* clock.c: what time brings: what was delivered closes by itself five business days later, unless it is a duty or
 * GxP, which wait for a person. See clock.h; called once a minute by a running server. */
#include "features/commitments/clock.h"

#include "base/date.h"
#include "base/str.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/commitments/commitments_sql.h"
#include "features/commitments/ladder.h"

#include <string.h>

enum { AT_ONCE = 500 };

/* Looked at again inside: a person, or another process, may have been quicker. */
static err_t
close_one(struct ctx *c, void *arg)
{
    const struct due_to_close_row *x = arg;
    struct due_get_row now;
    char today[DATE_TEXT];
    date_iso(c->today, today);
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(x->id)), &now));
    if (!str_eq(now.state, rules_state_word(STATE_DELIVERED)) || now.gxp || !now.review_by || strcmp(now.review_by, today) >= 0)
        return NULL;
    return due_step(c, x->id, ACTION_CLOSE, &(struct due_by){.side = SIDE_CLOCK, .who = "Rapport"});
}

err_t
clock_job(struct ctx *c)
{
    struct due_to_close_row *x;
    char today[DATE_TEXT];
    size_t n;
    date_iso(c->today, today);
    TRY(db_list(c, &DUE_TO_CLOSE, DB_IN(db_text(today), db_int(AT_ONCE)), &x, &n));
    for (size_t i = 0; i < n; i++)
        TRY(record_transaction(c, &(struct record_work){"due.close", NULL, "Rapport", close_one, &x[i]}));
    return ladder_job(c);
}
