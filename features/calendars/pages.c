/* pages.c: the list of calendars, bringing in a file, putting a version in force. */
#include "features/calendars/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/core_sql.h"
#include "core/countries.h"
#include "core/flash.h"
#include "core/holidays_ics.h"
#include "core/record.h"
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

enum { NEXT = 5 };

const char *
pages_day(struct arena *a, int32_t day)
{
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return arena_printf(a, "%s %s", names[date_weekday(day)], date_words(a, day, DATE_DAY));
}

void
pages_empty_years(struct view *v, const char *key, const struct calendar *k)
{
    struct view *list = view_list(v, key);
    size_t at = 0;
    for (int year = k->first_year; year && year <= k->last_year; year++) {
        int32_t end = 0;
        size_t from = at;
        date_from_civil(year, 12, 31, &end);
        while (at < k->n && k->days[at].day <= end)
            at++;
        if (at == from)
            view_int(view_add_map(list), "year", year);
    }
}

/* The next days that would be worked but for a holiday. */
static void
add_next(struct ctx *c, const struct calendar *k, struct view *list)
{
    int said = 0;
    for (size_t i = 0; i < k->n_off && said < NEXT; i++) {
        const char *name;
        if (k->off[i] < c->today)
            continue;
        calendar_why(k, k->off[i], &name);
        struct view *v = view_add_map(list);
        view_text(v, "day", pages_day(c->mem, k->off[i]));
        view_text(v, "name", name);
        said++;
    }
}

static err_t
add_row(struct ctx *c, const struct core_calendar_list_row *x, struct view *v)
{
    struct holidays h;
    int year, month, day;
    TRY(holidays_at(c, x->version, &h));
    date_to_civil(c->today, &year, &month, &day);
    view_text(v, "country", str_or(countries_name(x->country), x->country));
    view_textf(v, "href", "/calendars/%s", x->country);
    view_int(v, "first", x->first_year);
    view_int(v, "last", x->last_year);
    view_bool(v, "ends_soon", x->last_year <= year);
    view_bool(v, "shipped", x->shipped);
    view_text(v, "file", x->file_name);
    view_text(v, "by", x->added_who);
    view_text(v, "version", x->version);
    view_text(v, "weekend", x->weekend == CALENDAR_SAT_SUN ? NULL : calendar_weekend_words(c->mem, (unsigned)x->weekend));
    add_next(c, &h.calendar, view_list(v, "next"));
    return NULL;
}

static void
add_form(struct req *r, struct view *page)
{
    static const struct {
        const char *value, *text;
    } weekends[] = {{"sat,sun", "Saturday and Sunday"}, {"fri,sat", "Friday and Saturday"}, {"thu,fri", "Thursday and Friday"},
                    {"fri", "Friday alone"}, {"sun", "Sunday alone"}, {"none", "none: every day is worked"}};
    size_t n;
    const struct country *all = countries_all(&n);
    struct view *form = view_map(page, "add"), *list = view_list(form, "country_options");
    for (size_t i = 0; i < n && all[i].current; i++) {
        struct view *o = view_add_map(list);
        view_text(o, "value", all[i].code);
        view_text(o, "text", all[i].name);
        view_bool(o, "selected", str_eq(all[i].code, req_form(r, "country")));
    }
    list = view_list(form, "weekend_options");
    for (size_t i = 0; i < COUNT_OF(weekends); i++) {
        struct view *o = view_add_map(list);
        view_text(o, "value", weekends[i].value);
        view_text(o, "text", weekends[i].text);
        view_bool(o, "selected", str_eq(weekends[i].value, req_form(r, "weekend")));
    }
}

static int
by_country(const void *a, const void *b)
{
    const struct core_calendar_list_row *x = a, *y = b;
    return strcmp(str_or(countries_name(x->country), x->country), str_or(countries_name(y->country), y->country));
}

err_t
page_calendars(struct ctx *c, struct req *r, struct view *page)
{
    struct core_calendar_list_row *rows;
    size_t n;
    TRY(db_list(c, &CORE_CALENDAR_LIST, DB_NONE, &rows, &n));
    if (n)
        qsort(rows, n, sizeof *rows, by_country);
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n; i++)
        TRY(add_row(c, &rows[i], view_add_map(list)));
    if (may(c->who, PERM_ADMIN, NULL))
        add_form(r, page);
    return NULL;
}

err_t
page_calendar_add(struct ctx *c, struct req *r, struct view *page)
{
    const struct req_file *file = req_file(r, "file");
    const char *version;
    struct holidays_file f = {.country = req_form(r, "country")};
    if (!file || file->size == 0)
        return err_field(c->mem, E_BAD_INPUT, "file", "Choose the iCalendar file (.ics).");
    if (!calendar_weekend_parse(req_form(r, "weekend"), &f.weekend))
        return err_field(c->mem, E_BAD_INPUT, "weekend", "Choose one of the weekends.");
    f.name = utf8_cut(c->mem, file->name, 120);
    f.data = file->data;
    f.n = file->size;
    err_t e = holidays_add(c, &f, &version, NULL);
    if (e && (e->code == E_BAD_INPUT || e->code == E_TOO_LARGE)) /* with the place: line and event */
        return err_field(c->mem, E_BAD_INPUT, str_or(e->field, "file"), "%s", err_line(c->mem, e));
    TRY(e);
    flash_set(c, r, record_any(c) ? "The file was read. Have a look, then put it in force." : "This file is here already.");
    req_redirect(r, "/calendars/%s?version=%s", f.country, version);
    return NULL;
}

err_t
page_calendar_use(struct ctx *c, struct req *r, struct view *page)
{
    const char *country = req_param(r, "country");
    TRY(holidays_use(c, country, req_param(r, "version")));
    if (record_any(c))
        flash_set(c, r, "This calendar is in force from now on. Dates that were set before stay as they are.");
    req_redirect(r, "/calendars/%s", country);
    return NULL;
}
