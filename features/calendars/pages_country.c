/* pages_country.c: the holidays of one country: a year in twelve months, the versions that are kept, and
 * what another version would change. */
#include "base/date.h"
#include "base/str.h"
#include "core/core_sql.h"
#include "core/countries.h"
#include "db/db.h"
#include "features/calendars/pages.h"

#include <string.h>

enum { CHANGES = 12 };

/* ---- a year ---- */

static void
add_cell(struct ctx *c, const struct calendar *k, int32_t day, int number, struct view *v)
{
    const char *name;
    enum calendar_why why = calendar_why(k, day, &name);
    view_int(v, "d", number);
    view_bool(v, "weekend", why == CALENDAR_WEEKEND);
    view_bool(v, "holiday", why == CALENDAR_HOLIDAY || name);
    view_bool(v, "today", day == c->today);
    if (why == CALENDAR_HOLIDAY || name)
        view_text(v, "name", str_or(name, "holiday"));
}

/* Weeks from Monday to Sunday; the days of other months are empty. */
static void
add_month(struct ctx *c, const struct calendar *k, int year, int month, struct view *v)
{
    static const char *const names[] = {"January", "February", "March", "April", "May", "June", "July",
                                        "August", "September", "October", "November", "December"};
    int32_t first = 0;
    date_from_civil(year, month, 1, &first);
    int days = date_days_in_month(year, month), at = -date_weekday(first);
    view_text(v, "name", names[month - 1]);
    struct view *weeks = view_list(v, "weeks");
    while (at < days) {
        struct view *week = view_list(view_add_map(weeks), "days");
        for (int i = 0; i < 7; i++, at++) {
            struct view *cell = view_add_map(week);
            view_bool(cell, "there", at >= 0 && at < days);
            if (at >= 0 && at < days)
                add_cell(c, k, first + at, at + 1, cell);
        }
    }
}

static void
add_holidays(struct ctx *c, const struct calendar *k, int year, struct view *list)
{
    int32_t from = 0, to = 0;
    date_from_civil(year, 1, 1, &from);
    date_from_civil(year, 12, 31, &to);
    for (size_t i = 0; i < k->n; i++) {
        if (k->days[i].day < from || k->days[i].day > to)
            continue;
        struct view *v = view_add_map(list);
        const char *day = pages_day(c->mem, k->days[i].day);
        view_text(v, "day", arena_strndup(c->mem, day, strlen(day) - strlen(" 2026"))); /* the heading has the year */
        view_text(v, "name", str_or(k->days[i].name, "holiday"));
        view_bool(v, "weekend", calendar_why(k, k->days[i].day, NULL) == CALENDAR_WEEKEND);
    }
}

static err_t
year_asked(struct ctx *c, const struct req *r, int *ret)
{
    const char *text = req_query(r, "year");
    int64_t year;
    int m, d;
    date_to_civil(c->today, ret, &m, &d);
    if (!text)
        return NULL;
    if (!str_int(text, &year) || year < 1900 || year > 2200)
        return err_new(c->mem, E_NOT_FOUND, "There is no page for that year.");
    *ret = (int)year;
    return NULL;
}

static void
add_year(struct ctx *c, const struct holidays *h, const char *href, int year, struct view *page)
{
    const struct calendar *k = &h->calendar;
    struct view *months = view_list(page, "months");
    for (int month = 1; month <= 12; month++)
        add_month(c, k, year, month, view_add_map(months));
    add_holidays(c, k, year, view_list(page, "holidays"));
    view_int(page, "year", year);
    view_bool(page, "not_known", k->last_year && (year < k->first_year || year > k->last_year));
    if (year > 1900)
        view_textf(page, "before", "%syear=%d", href, year - 1);
    if (year < 2200)
        view_textf(page, "after", "%syear=%d", href, year + 1);
    view_int(page, "year_before", year - 1);
    view_int(page, "year_after", year + 1);
}

/* ---- versions ---- */

static void
add_change(struct ctx *c, const struct calendar *now, const struct calendar *then, int32_t day, struct view *list)
{
    const char *name, *old;
    enum calendar_why was = calendar_why(now, day, &old), is = calendar_why(then, day, &name);
    struct view *v = view_add_map(list);
    view_text(v, "day", pages_day(c->mem, day));
    view_text(v, "name", str_or(is == CALENDAR_WORKED ? old : name, is == CALENDAR_WORKED && was == CALENDAR_WEEKEND ? "weekend" : "holiday"));
    view_bool(v, "worked", is == CALENDAR_WORKED);
}

/* The days from today on that one of the two calls off and the other worked, in order. */
static void
add_changes(struct ctx *c, const struct calendar *now, const struct calendar *then, struct view *page)
{
    struct view *v = view_map(page, "changes"), *list = view_list(v, "rows");
    size_t i = 0, j = 0, n = 0;
    while (i < now->n || j < then->n) {
        int32_t a = i < now->n ? now->days[i].day : INT32_MAX, b = j < then->n ? then->days[j].day : INT32_MAX;
        int32_t day = a < b ? a : b;
        i += a == day;
        j += b == day;
        bool was = calendar_why(now, day, NULL) == CALENDAR_WORKED, is = calendar_why(then, day, NULL) == CALENDAR_WORKED;
        if (day < c->today || was == is)
            continue;
        if (n++ < CHANGES)
            add_change(c, now, then, day, list);
    }
    view_int(v, "n", (int64_t)n);
    view_int(v, "more", n > CHANGES ? (int64_t)(n - CHANGES) : 0);
    if (then->last_year < now->last_year)
        view_int(v, "ends", then->last_year);
    if (now->weekend != then->weekend)
        view_text(v, "weekend", calendar_weekend_words(c->mem, then->weekend));
}

static const struct core_calendar_versions_row *
version_of(const struct core_calendar_versions_row *rows, size_t n, const char *version)
{
    for (size_t i = 0; i < n; i++) {
        if (version ? strcmp(rows[i].version, version) == 0 : rows[i].in_force)
            return &rows[i];
    }
    return NULL;
}

static void
add_version(struct ctx *c, const struct core_calendar_versions_row *x, bool current, struct view *v)
{
    char when[TIME_TEXT];
    time_iso(x->added, when);
    view_text(v, "version", x->version);
    view_textf(v, "href", "/calendars/%s?version=%s", x->country, x->version);
    view_bool(v, "current", current);
    view_bool(v, "in_force", x->in_force);
    view_bool(v, "shipped", x->shipped);
    view_text(v, "file", x->file_name);
    view_text(v, "by", x->added_who);
    view_text(v, "added", date_words_iso(c->mem, arena_strndup(c->mem, when, 10)));
    view_int(v, "first", x->first_year);
    view_int(v, "last", x->last_year);
    view_int(v, "n", x->n_days);
}

static void
add_shown(struct ctx *c, const struct core_calendar_versions_row *x, struct view *page)
{
    struct view *v = view_map(page, "shown");
    add_version(c, x, true, v);
    view_text(v, "title", x->name);
    view_text(v, "note", x->note);
    if (x->weekend != CALENDAR_SAT_SUN)
        view_text(v, "weekend", calendar_weekend_words(c->mem, (unsigned)x->weekend));
}

/* Another version than the one in force: what it would change, and for who may, the form. */
static err_t
add_preview(struct ctx *c, const char *country, const struct core_calendar_versions_row *x, const struct holidays *h,
            struct view *page)
{
    struct holidays now;
    TRY(holidays_of(c, country, &now));
    view_bool(page, "preview", true);
    add_changes(c, &now.calendar, &h->calendar, page);
    pages_empty_years(page, "empty_years", &h->calendar);
    if (!may(c->who, PERM_ADMIN, NULL))
        return NULL;
    view_textf(view_map(page, "use"), "action", "/calendars/%s/%s/use", country, x->version);
    if (!now.missing[0])
        view_map(page, "reason");
    return NULL;
}

err_t
page_calendar(struct ctx *c, struct req *r, struct view *page)
{
    const char *country = req_param(r, "country"), *version = req_query(r, "version");
    struct core_calendar_versions_row *rows;
    struct holidays h;
    size_t n;
    int year;
    TRY(year_asked(c, r, &year));
    TRY(db_list(c, &CORE_CALENDAR_VERSIONS, DB_IN(db_text(country)), &rows, &n));
    const struct core_calendar_versions_row *x = version_of(rows, n, version);
    if (version && !x)
        return err_new(c->mem, E_NOT_FOUND, "There is no such version of this calendar.");
    TRY(x ? holidays_at(c, x->version, &h) : holidays_of(c, country, &h));
    view_text(page, "country", countries_name(country));
    view_text(page, "code", country);
    view_bool(page, "none", !x);
    if (x)
        add_shown(c, x, page);
    if (x && !x->in_force)
        TRY(add_preview(c, country, x, &h, page));
    add_year(c, &h, arena_printf(c->mem, "/calendars/%s?%s%s%s", country, version ? "version=" : "", str_or(version, ""), version ? "&" : ""), year, page);
    struct view *list = view_list(page, "versions");
    for (size_t i = 0; i < n; i++)
        add_version(c, &rows[i], &rows[i] == x, view_add_map(list));
    return NULL;
}
