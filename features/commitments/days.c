/* days.c: see days.h. */
#include "features/commitments/days.h"

#include "base/date.h"
#include "core/holidays.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/commitments/commitments_sql.h"

err_t
days_country(struct ctx *c, const struct days_place *where, const char **ret)
{
    bool found;
    *ret = NULL;
    if (where->at_site && where->study_site) {
        struct due_site_country_row row;
        TRY(db_maybe(c, &DUE_SITE_COUNTRY, DB_IN(db_int(where->study), db_int(where->study_site)), &row, &found));
        *ret = found ? row.country : NULL;
        return NULL;
    }
    struct due_org_country_row row;
    TRY(db_maybe(c, &DUE_ORG_COUNTRY, DB_IN(db_int(c->inst->home)), &row, &found));
    *ret = found ? row.country : NULL;
    return NULL;
}

err_t
days_after(struct ctx *c, const struct days_place *where, int n, struct days *ret)
{
    const char *country;
    struct holidays h;
    struct calendar_sum sum;
    char iso[DATE_TEXT];
    TRY(days_country(c, where, &country));
    TRY(holidays_of(c, country, &h));
    if (!calendar_add(&h.calendar, c->today, n, &sum))
        return err_new(c->mem, E_BAD_INPUT, "There is no such day.");
    date_iso(sum.day, iso);
    *ret = (struct days){arena_strdup(c->mem, iso), h.version};
    return NULL;
}
