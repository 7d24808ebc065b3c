/* date.h: civil dates, partial dates and UTC time. No clock is read here: "now" and "today" come
 * from the caller (struct ctx). A day is the number of days since 1970-01-01; a time is int64
 * microseconds UTC since then. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum date_precision { DATE_YEAR, DATE_MONTH, DATE_DAY };

enum { DATE_TEXT = 11, TIME_TEXT = 28 };

/* Day number of a proleptic Gregorian date; the date need not be checked by the caller. False: no
 * such date, or a year outside 1 to 9999. */
bool date_from_civil(int year, int month, int day, int32_t *ret_day);
void date_to_civil(int32_t day, int *ret_year, int *ret_month, int *ret_day);
int date_days_in_month(int year, int month);
int date_weekday(int32_t day); /* 0 = Monday */
/* "2026-11-23", nothing else. */
bool date_parse(const char *iso, int32_t *ret_day);
void date_iso(int32_t day, char ret[static DATE_TEXT]);
/* "2021", "2021-08" or "2021-08-31": its precision and its first day. */
bool date_parse_partial(const char *iso, enum date_precision *ret_precision, int32_t *ret_first);
/* The last day of a partial date's span: 2021-08 gives 2021-08-31. */
int32_t date_last_day(int32_t first, enum date_precision precision);
int32_t date_add_months(int32_t day, int months); /* 31 Jan + 1 month = 28 or 29 Feb */

/* For people: "23 Nov 2026", "Nov 2026", "2026". */
const char *date_words(struct arena *a, int32_t day, enum date_precision precision);
/* The same from ISO text; text that is no date comes back as it is. NULL gives NULL. */
const char *date_words_iso(struct arena *a, const char *iso);

/* "18 Years" in days, rounded down: a year is 365.25, a month 30.4375, under a day 0. False: no age in
 * years, months, weeks, days, hours or minutes. */
bool date_age_days(const char *text, int32_t *ret);

int64_t time_from_day(int32_t day); /* 00:00 UTC of that day */
/* "2026-11-23T20:50:23.000001Z". */
void time_iso(int64_t us, char ret[static TIME_TEXT]);
bool time_parse(const char *iso, int64_t *ret_us);

/* Time zones, from the system's TZif files. NULL when there is no such zone. Never freed: zones are
 * kept for the life of the process. Thread-safe. */
struct tz;
const struct tz *tz_find(const char *name);
/* Seconds east of UTC at a time; `ret_abbr` (may be NULL) gets the zone's letters, such as CET. */
int32_t tz_offset(const struct tz *z, int64_t us, const char **ret_abbr);
/* The civil date in a zone at a time. */
int32_t tz_day(const struct tz *z, int64_t us);

#endif
