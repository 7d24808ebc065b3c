/* holidays_ics.h: an iCalendar file (RFC 5545) read as a list of holidays. The only place that sees
 * libical; no database. Called by core/holidays.c and the fuzz target. */
#ifndef CORE_HOLIDAYS_ICS_H
#define CORE_HOLIDAYS_ICS_H

#include "base/calendar.h"

enum {
    HOLIDAYS_ICS_BYTES = 1 << 19,
    HOLIDAYS_ICS_EVENTS = 5000,
    HOLIDAYS_ICS_DAYS = 5000,
    HOLIDAYS_ICS_FIRST = 1970, /* years that a file may speak of */
    HOLIDAYS_ICS_LAST = 2100
};

struct holidays_ics {
    const char *name, *note; /* what the calendar calls itself and says of itself, or NULL */
    struct calendar_day *days; /* as they stood; a day may stand twice */
    size_t n;
    int first_year, last_year; /* the years of its days; what recurs without end is filled in between */
    bool endless;              /* everything in it recurs without end: then last_year is the limit */
};

/* Reads whole days: DTSTART as a date, DTEND (the day after the last) or a DURATION of days, RRULE by
 * the year, RDATE, EXDATE, SUMMARY, STATUS. Anything else that would change which days are off is
 * refused rather than passed over. `file`: its name, for errors, which name the line and the event
 * (E_BAD_INPUT, field "file"; E_TOO_LARGE). The bytes need not end with NUL. Memory is the arena's. */
err_t holidays_ics_read(struct arena *a, const char *file, const char *data, size_t n,
                        struct holidays_ics *ret);

#endif
