/* holidays.c: calendars of holidays in their versions: reading, keeping, shipping. See holidays.h. */
#include "core/holidays.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "core/core_sql.h"
#include "core/countries.h"
#include "core/holidays_ics.h"
#include "core/inst.h"
#include "core/keep.h"
#include "core/may.h"
#include "core/record.h"
#include "db/db.h"
#include "web/asset.h"

#include <sodium.h>
#include <string.h>

enum { HASH_DIGITS = 16 };
static const char shipped_under[] = "holidays/";

/* ---- the name of a version ---- */

/* "fri.sat": a weekend as it stands in a version. */
static const char *
weekend_part(struct arena *a, unsigned weekend)
{
    char *text = arena_strdup(a, calendar_weekend_words(a, weekend));
    for (char *p = text; *p; p++)
        *p = *p == ',' ? '.' : *p;
    return text;
}

static const char *
version_of(struct arena *a, const char *country, unsigned weekend, const char *hash)
{
    if (weekend == CALENDAR_SAT_SUN)
        return arena_printf(a, "%s-%.*s", country, HASH_DIGITS, hash);
    return arena_printf(a, "%s-%s-%.*s", country, weekend_part(a, weekend), HASH_DIGITS, hash);
}

static const char *
hash_of(struct arena *a, const char *data, size_t n)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)data, n);
    return str_hex(a, hash, sizeof hash);
}

/* ---- days as text ---- */

static const char *
days_text(struct arena *a, const struct calendar *k)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < k->n; i++) {
        char iso[DATE_TEXT];
        date_iso(k->days[i].day, iso);
        buf_printf(&b, "%s %s\n", iso, str_or(k->days[i].name, ""));
    }
    return buf_text(&b);
}

static err_t
text_days(struct arena *a, const char *text, struct calendar_day **ret, size_t *ret_n)
{
    size_t n;
    char **line = str_split(a, text, '\n', &n);
    struct calendar_day *days = arena_alloc(a, n * sizeof *days);
    for (size_t i = 0; i + 1 < n; i++) {
        if (strlen(line[i]) < DATE_TEXT || line[i][DATE_TEXT - 1] != ' ')
            return err_new(a, E_INTERNAL, "The days of a calendar are not as they were written.");
        line[i][DATE_TEXT - 1] = '\0';
        if (!date_parse(line[i], &days[i].day))
            return err_new(a, E_INTERNAL, "The days of a calendar are not as they were written.");
        days[i].name = line[i][DATE_TEXT] ? line[i] + DATE_TEXT : NULL;
    }
    *ret = days;
    *ret_n = n - 1;
    return NULL;
}

/* A version never changes, so what was read of it once is good for ever. */
static err_t
stored_days(struct ctx *c, int64_t id, const char *version, const char **ret)
{
    unsigned char key[KEEP_KEY];
    const char *what = arena_printf(c->mem, "calendar %s", version);
    const void *kept;
    size_t n;
    crypto_hash_sha256(key, (const unsigned char *)what, strlen(what));
    if (keep_get(c->inst->keep, key, c->mem, &kept, &n)) {
        *ret = arena_strndup(c->mem, kept, n);
        return NULL;
    }
    struct core_calendar_days_row row;
    TRY(db_one(c, &CORE_CALENDAR_DAYS, DB_IN(db_int(id)), &row));
    keep_put(c->inst->keep, key, row.days, strlen(row.days));
    *ret = row.days;
    return NULL;
}

/* ---- one country ---- */

static err_t
weekends_only(struct ctx *c, const char *country, unsigned weekend, struct holidays *ret)
{
    struct holidays h = {.country = {country}, .missing = {true}};
    const char *part = weekend_part(c->mem, weekend);
    h.version = country ? arena_printf(c->mem, "%s-%s", country, part) : part;
    TRY(calendar_make(c->mem, weekend, NULL, 0, 0, 0, &h.calendar));
    *ret = h;
    return NULL;
}

static err_t
from_row(struct ctx *c, const struct core_calendar_at_row *row, const char *country, struct holidays *ret)
{
    struct holidays h = {.version = row->version, .country = {country}};
    struct calendar_day *days = NULL;
    const char *text;
    size_t n = 0;
    TRY(stored_days(c, row->id, row->version, &text));
    TRY(text_days(c->mem, text, &days, &n));
    TRY(calendar_make(c->mem, (unsigned)row->weekend, days, n, (int)row->first_year, (int)row->last_year, &h.calendar));
    *ret = h;
    return NULL;
}

err_t
holidays_of(struct ctx *c, const char *country, struct holidays *ret)
{
    struct core_calendar_in_force_row row;
    bool found = false;
    if (country)
        TRY(db_maybe(c, &CORE_CALENDAR_IN_FORCE, DB_IN(db_text(country)), &row, &found));
    if (!found)
        return weekends_only(c, country, CALENDAR_SAT_SUN, ret);
    struct core_calendar_at_row at = {.id = row.id, .version = row.version, .weekend = row.weekend,
                                      .first_year = row.first_year, .last_year = row.last_year};
    return from_row(c, &at, country, ret);
}

/* ---- two ---- */

static err_t
joined(struct ctx *c, const struct holidays *x, const struct holidays *y, struct holidays *ret)
{
    struct holidays h = {.country = {x->country[0], y->country[0]}, .missing = {x->missing[0], y->missing[0]}};
    TRY(calendar_union(c->mem, &x->calendar, &y->calendar, &h.calendar));
    h.version = arena_printf(c->mem, "%s+%s", x->version, y->version);
    *ret = h;
    return NULL;
}

err_t
holidays_of_both(struct ctx *c, const char *country, const char *other, struct holidays *ret)
{
    struct holidays x, y;
    if (!country || !other || strcmp(country, other) == 0)
        return holidays_of(c, country ? country : other, ret);
    TRY(holidays_of(c, country, &x));
    TRY(holidays_of(c, other, &y));
    return joined(c, &x, &y, ret);
}

static err_t
no_version(struct ctx *c, const char *version)
{
    return err_new(c->mem, E_NOT_FOUND, "There is no calendar of holidays %s.", str_short(c->mem, version, 60));
}

/* "TD-sat.sun" or "sat.sun". */
static err_t
weekends_at(struct ctx *c, const char *version, struct holidays *ret)
{
    const char *country = NULL;
    unsigned weekend;
    if (strlen(version) > 3 && version[2] == '-') {
        country = arena_strndup(c->mem, version, 2);
        version += 3;
    }
    char *words = arena_strdup(c->mem, version);
    for (char *p = words; *p; p++)
        *p = *p == '.' ? ',' : *p;
    if (!calendar_weekend_parse(words, &weekend))
        return no_version(c, version);
    return weekends_only(c, country, weekend, ret);
}

static err_t
one_at(struct ctx *c, const char *version, struct holidays *ret)
{
    struct core_calendar_at_row row;
    bool found;
    TRY(db_maybe(c, &CORE_CALENDAR_AT, DB_IN(db_text(version)), &row, &found));
    if (!found)
        return weekends_at(c, version, ret);
    return from_row(c, &row, arena_strndup(c->mem, version, 2), ret);
}

err_t
holidays_at(struct ctx *c, const char *version, struct holidays *ret)
{
    struct holidays x, y;
    const char *plus = strchr(version, '+');
    if (!plus)
        return one_at(c, version, ret);
    TRY(one_at(c, arena_strndup(c->mem, version, (size_t)(plus - version)), &x));
    TRY(one_at(c, plus + 1, &y));
    return joined(c, &x, &y, ret);
}

/* ---- keeping ---- */

static const char *
label_of(const char *country)
{
    return str_or(countries_name(country), country);
}

static err_t
check_file(struct ctx *c, const struct holidays_file *f)
{
    if (!f->country || !countries_name(f->country))
        return err_field(c->mem, E_BAD_INPUT, "country", "Say which country the holidays are of, such as DE.");
    return NULL;
}

static err_t
insert(struct ctx *c, const struct holidays_file *f, const struct holidays_ics *ics, const struct calendar *k,
       const char *version)
{
    struct core_calendar_add_row *row;
    size_t n;
    const char *who = f->who ? f->who : c->who ? c->who->name : "Rapport";
    TRY(db_list(c, &CORE_CALENDAR_ADD,
                DB_IN(db_text(f->country), db_text(version), db_int(k->weekend), db_int(k->first_year),
                      db_int(k->last_year), db_int((int64_t)k->n), db_text(ics->name), db_text(ics->note),
                      db_text(f->name), db_text(hash_of(c->mem, f->data, f->n)), db_bool(f->shipped),
                      db_int_or_null(c->who ? c->who->person : 0, !c->who), db_text(who), db_time(c->now)),
                &row, &n));
    if (n == 0) /* the version is there already */
        return NULL;
    TRY(db_run(c, &CORE_CALENDAR_DAYS_ADD, DB_IN(db_int(row[0].id), db_text(days_text(c->mem, k))), NULL));
    record_about(c, "calendar", row[0].id, version, NULL);
    record_change(c, "calendar", label_of(f->country), "version", NULL, version);
    record_change(c, "calendar", label_of(f->country), "file", NULL, f->name);
    return NULL;
}

err_t
holidays_add(struct ctx *c, const struct holidays_file *f, const char **ret_version, struct holidays_ics *ret_ics)
{
    struct holidays_ics ics;
    struct calendar k;
    TRY(check_file(c, f));
    TRY(holidays_ics_read(c->mem, f->name, f->data, f->n, &ics));
    TRY(calendar_make(c->mem, f->weekend, ics.days, ics.n, ics.first_year, ics.last_year, &k));
    const char *version = version_of(c->mem, f->country, f->weekend, hash_of(c->mem, f->data, f->n));
    TRY(insert(c, f, &ics, &k, version));
    *ret_version = version;
    if (ret_ics)
        *ret_ics = ics;
    return NULL;
}

static err_t
put_in_force(struct ctx *c, const char *country, const char *version, bool gxp)
{
    struct core_calendar_in_force_row old;
    struct core_calendar_at_row row;
    bool had, found;
    TRY(db_maybe(c, &CORE_CALENDAR_AT, DB_IN(db_text(version)), &row, &found));
    if (!found || strncmp(version, country, 2) != 0)
        return no_version(c, version);
    TRY(db_maybe(c, &CORE_CALENDAR_IN_FORCE, DB_IN(db_text(country)), &old, &had));
    if (had && old.id == row.id)
        return NULL;
    TRY(db_run(c, &CORE_CALENDAR_USE, DB_IN(db_text(country), db_int(row.id)), NULL));
    record_about(c, "calendar", row.id, version, NULL);
    if (gxp)
        record_change_gxp(c, "calendar", label_of(country), "in force", had ? old.version : NULL, version);
    else
        record_change(c, "calendar", label_of(country), "in force", had ? old.version : NULL, version);
    return NULL;
}

err_t
holidays_use(struct ctx *c, const char *country, const char *version)
{
    return put_in_force(c, country, version, true);
}

/* ---- those that ship ---- */

static const char *
country_of(struct arena *a, const struct asset *file)
{
    return arena_strndup(a, file->name + sizeof shipped_under - 1, 2);
}

static bool
is_stored(struct ctx *c, const struct asset *file, const struct core_calendar_shipped_row *rows, size_t n)
{
    const char *version = version_of(c->mem, country_of(c->mem, file), CALENDAR_SAT_SUN, file->hash);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i].version, version) == 0)
            return true;
    }
    return false;
}

static err_t
stored(struct ctx *c, struct core_calendar_shipped_row **ret, size_t *ret_n)
{
    return db_list(c, &CORE_CALENDAR_SHIPPED, DB_NONE, ret, ret_n);
}

err_t
holidays_ship_due(struct ctx *c, bool *ret)
{
    struct core_calendar_shipped_row *rows;
    size_t n, n_files;
    const struct asset *file = asset_under(shipped_under, &n_files);
    TRY(stored(c, &rows, &n));
    *ret = false;
    for (size_t i = 0; i < n_files; i++)
        *ret |= !is_stored(c, &file[i], rows, n);
    return NULL;
}

/* Somebody's own calendar of the country is in force. */
static err_t
has_own(struct ctx *c, const char *country, bool *ret)
{
    struct core_calendar_versions_row *rows;
    size_t n;
    TRY(db_list(c, &CORE_CALENDAR_VERSIONS, DB_IN(db_text(country)), &rows, &n));
    *ret = false;
    for (size_t i = 0; i < n; i++)
        *ret |= rows[i].in_force && !rows[i].shipped;
    return NULL;
}

static err_t
ship_one(struct ctx *c, const struct asset *file)
{
    const char *version;
    bool own;
    struct holidays_file f = {.country = country_of(c->mem, file), .name = file->name + sizeof shipped_under - 1,
                              .data = file->data, .n = file->size, .weekend = CALENDAR_SAT_SUN, .shipped = true};
    TRY(holidays_add(c, &f, &version, NULL));
    TRY(has_own(c, f.country, &own));
    return own ? NULL : put_in_force(c, f.country, version, false);
}

err_t
holidays_ship(struct ctx *c)
{
    struct core_calendar_shipped_row *rows;
    size_t n, n_files;
    const struct asset *file = asset_under(shipped_under, &n_files);
    TRY(stored(c, &rows, &n));
    for (size_t i = 0; i < n_files; i++) {
        if (!is_stored(c, &file[i], rows, n))
            TRY(ship_one(c, &file[i]));
    }
    return NULL;
}
