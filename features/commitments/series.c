/* series.c: see series.h. Called by store.c and the pages of this feature. */
#include "features/commitments/series.h"

#include "base/date.h"
#include "base/str.h"
#include "core/holidays.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments_sql.h"
#include "features/commitments/share.h"

#include <string.h>

err_t
series_begin(struct ctx *c, int64_t due, const char *every, int64_t n, const char *until)
{
    struct due_get_row x;
    int32_t last, first;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &x));
    bool days = str_eq(every, "days");
    if (!days && !str_eq(every, "week") && !str_eq(every, "month"))
        return err_field(c->mem, E_BAD_INPUT, "repeat", "Choose one of the list.");
    if (days && (n < 1 || n > 60))
        return err_field(c->mem, E_BAD_INPUT, "every_n", "Give from 1 to 60 business days.");
    if (!x.due_on || !date_parse(x.due_on, &first))
        return err_field(c->mem, E_BAD_INPUT, "due_on", "What repeats needs a first day.");
    if (!until || !date_parse(until, &last) || last <= first || last > first + 3 * 366)
        return err_field(c->mem, E_BAD_INPUT, "until", "Give the last day, after the first and within three years.");
    record_change(c, "commitment", x.title, "repeats", NULL, every);
    record_change(c, "commitment", x.title, "repeats until", NULL, until);
    return db_run(c, &SERIES_ADD, DB_IN(db_int(due), db_text(every), db_int(days ? n : 1), db_text(until), db_int(1), db_text(x.ref)), NULL);
}

/* The day of the next one: the same day of the week or month; a business day of the owing side. */
static err_t
next_day(struct ctx *c, const struct due_get_row *x, const struct series_get_row *s, const char **ret)
{
    struct holidays h;
    struct calendar_sum sum;
    const char *country;
    int32_t day, next;
    char iso[DATE_TEXT];
    *ret = NULL;
    if (!x->due_on || !date_parse(x->due_on, &day))
        return NULL;
    if (str_eq(s->every, "days")) {
        TRY(days_country(c, &(struct days_place){x->study_null ? 0 : x->study, x->site_null ? 0 : x->site, x->owing_at_site}, &country));
        TRY(holidays_of(c, country, &h));
        if (!calendar_add(&h.calendar, day, s->every_n, &sum))
            return NULL;
        next = sum.day;
    } else {
        int32_t from = day;
        if (str_eq(s->every, "month") && s->first_on)
            date_parse(s->first_on, &from); /* counted from the first: 31 Jan, 28 Feb, 31 Mar */
        next = str_eq(s->every, "week") ? day + 7 : date_add_months(from, (int)s->made);
    }
    date_iso(next, iso);
    *ret = arena_strdup(c->mem, iso);
    return NULL;
}

err_t
series_next(struct ctx *c, int64_t due)
{
    struct due_get_row x;
    struct series_get_row s;
    const char *day, *ref;
    int64_t next;
    bool found;
    TRY(db_maybe(c, &SERIES_GET, DB_IN(db_int(due)), &s, &found));
    if (!found || s.ended)
        return NULL;
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &x));
    TRY(next_day(c, &x, &s, &day));
    if (!day || strcmp(day, s.until_on) > 0)
        return NULL;
    const char *key = arena_printf(c->mem, "series:%s/%lld", s.ref, (long long)s.made + 1);
    struct due_unique_row other;
    TRY(db_one(c, &DUE_UNIQUE, DB_IN(db_text(key)), &other));
    if (other.n) /* delivered, taken back and delivered again */
        return NULL;
    bool own = x.owing == x.asking;
    struct due_new d = {.class = own ? CLASS_COMMITMENT : CLASS_ROUTINE, .kind = x.kind, .title = x.title, .body = x.body, .source = x.source,
                        .study = x.study_null ? 0 : x.study, .study_site = x.site_null ? 0 : x.site, .comp = (enum compartment)x.comp,
                        .owing = {x.owing, x.owing_role, x.owing_at_site}, .asking = {x.asking, x.asking_role, x.asking_at_site},
                        .due_on = day, .due_why = "it repeats", .gxp = x.gxp, .origin_key = key};
    TRY(due_create(c, &d, &next, &ref));
    TRY(db_run(c, &SERIES_MOVE, DB_IN(db_int(due), db_int(next), db_int(s.made + 1)), NULL));
    struct thing about = {.study = d.study, .study_site = x.owing_at_site || x.asking_at_site ? d.study_site : 0, .comp = d.comp};
    record_about(c, "commitment", x.id, x.ref, &about); /* what was delivered stays the main thing */
    record_also(c, "commitment", next);
    return NULL;
}

err_t
series_end(struct ctx *c, int64_t due)
{
    struct due_get_row x;
    struct series_get_row s;
    bool found;
    TRY(db_maybe(c, &SERIES_GET, DB_IN(db_int(due)), &s, &found));
    if (!found || s.ended)
        return err_new(c->mem, E_CONFLICT, "This does not repeat.");
    TRY(db_one(c, &DUE_GET, DB_IN(db_int(due)), &x));
    enum due_state state;
    int64_t step;
    INVARIANT(rules_state_find(x.state, &state));
    due_note(c, &x, &x, "series-end", x.state, NULL);
    record_change(c, "commitment", x.title, "repeats until", s.until_on, x.due_on);
    TRY(db_run(c, &SERIES_END, DB_IN(db_int(due)), NULL));
    return due_add_step(c, due, "series-end", state, x.due_on, NULL, &step);
}

err_t
series_words(struct ctx *c, int64_t due, const char **ret)
{
    struct series_get_row s;
    bool found;
    *ret = NULL;
    TRY(db_maybe(c, &SERIES_GET, DB_IN(db_int(due)), &s, &found));
    if (!found || s.ended)
        return NULL;
    const char *every = str_eq(s.every, "week") ? "every week" : str_eq(s.every, "month") ? "every month" : s.every_n == 1 ? "every business day"
                            : arena_printf(c->mem, "every %lld business days", (long long)s.every_n);
    *ret = arena_printf(c->mem, "%s until %s", every, date_words_iso(c->mem, s.until_on));
    return NULL;
}
