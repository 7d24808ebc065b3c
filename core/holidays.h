/* holidays.h: the business-day calendars of the installation: public holidays by country, in versions.
 *
 * Calendars of 12 countries ship inside the binary and are stored when an installation is opened; an
 * administrator may bring in others (holidays_add). A version, once stored, is never changed or
 * removed: what was computed with it names it and can be computed again. base/calendar.h does the
 * counting; the words of a due date are made here. Any feature may call. */
#ifndef CORE_HOLIDAYS_H
#define CORE_HOLIDAYS_H

#include "base/calendar.h"
#include "base/ctx.h"

struct holidays_ics;

/* One country's holidays, or those of two sides together. */
struct holidays {
    struct calendar calendar;
    /* Names weekend and days exactly, for ever: "DE-3f2a8c0de1b2c3d4", "AE-fri.sat-...", of both sides
     * "DE-...+FR-...", for weekends alone "TD-sat.sun" or "sat.sun". To be kept beside a date that was
     * computed with it. */
    const char *version;
    const char *country[2]; /* ISO alpha-2 of those meant; NULL: none, or no second */
    bool missing[2];        /* for that country no holidays are stored: only its weekend counts */
};

/* The calendar in force for a country. NULL or a country without one: Saturdays and Sundays, and
 * `missing` says so. Texts and days are in c->mem. One small query; the days are kept by version. */
err_t holidays_of(struct ctx *c, const char *country, struct holidays *ret);
/* Of both sides. The same country twice, or one NULL, is that of one. */
err_t holidays_of_both(struct ctx *c, const char *country, const char *other, struct holidays *ret);
/* A version as it was written beside a date. E_NOT_FOUND: nobody ever stored it. */
err_t holidays_at(struct ctx *c, const char *version, struct holidays *ret);

/* ---- keeping calendars ---- */

/* What a file would become, before anything is stored. */
struct holidays_file {
    const char *country, *name, *data; /* country: ISO alpha-2; name: of the file */
    size_t n;
    unsigned weekend;
    bool shipped;
    const char *who; /* who brings it, in words; NULL: c->who */
};
/* Reads the file (holidays_ics.h says what is refused) and adds it as a version, not in force yet, and
 * records it. A version that is there already stays as it is. `ret_ics` may be NULL. */
err_t holidays_add(struct ctx *c, const struct holidays_file *f, const char **ret_version,
                   struct holidays_ics *ret_ics);
/* Puts a version of a country in force from now on, and records it with the one it takes the place of
 * (a GxP change: that needs a reason). Dates that were computed with another stay. E_NOT_FOUND: no such
 * version of that country. */
err_t holidays_use(struct ctx *c, const char *country, const char *version);
/* Brings in the calendars inside the binary that are not stored yet, and records them; puts them in force
 * where nobody brought in a calendar of their own. holidays_ship_due: whether there is any. */
err_t holidays_ship(struct ctx *c);
err_t holidays_ship_due(struct ctx *c, bool *ret);

/* ---- words ---- */

enum holidays_unit { HOLIDAYS_CALENDAR_DAYS, HOLIDAYS_BUSINESS_DAYS, HOLIDAYS_HOURS };
/* "calendar", "business", "hours": as they stand in tables. */
const char *holidays_unit_word(enum holidays_unit u);
bool holidays_unit_find(const char *word, enum holidays_unit *ret);

/* A due date: the event's day, so many days (or hours: then `ret->day` is the day the last hour falls
 * on when the event was at 00:00) after it or before it. E_BAD_INPUT when it lies outside the years 1
 * to 9999. `h` is read for business days only and may be NULL otherwise. */
err_t holidays_due(struct ctx *c, int32_t day, int64_t n, enum holidays_unit u, const struct holidays *h,
                   struct calendar_sum *ret);
/* Why it is due then, for a person: "visit end + 10 business days, holidays of Germany"; "visit - 5
 * business days, holidays of Germany and France"; "awareness + 15 calendar days"; "known + 24 hours";
 * "visit end" for 0. `anchor` is the event in the words of the viewer's language. Where a country has
 * no calendar, and where `guessed`, it says that too. */
const char *holidays_reason(struct arena *a, const char *anchor, int64_t n, enum holidays_unit u,
                            const struct holidays *h, bool guessed);
/* "holidays of Germany and France"; "Saturdays and Sundays only: no holidays are known for Chad". */
const char *holidays_words(struct arena *a, const struct holidays *h);

#endif
