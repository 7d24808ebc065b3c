/* ics.h: what is due as an iCalendar file (RFC 5545), made with libical. */
#ifndef FEATURES_COMMITMENTS_ICS_H
#define FEATURES_COMMITMENTS_ICS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct ics_event {
    const char *uid, *day, *title, *text, *url; /* day: ISO; text and url may be NULL */
    int64_t stamp; /* when it was made: microseconds UTC */
};
/* A calendar of whole-day events, in `a`. An event whose day is no date is left out. A backslash in title or text is
 * written as U+29F5, which looks the same: several readers take "\\" and what follows for an escape of its own. */
const char *ics_calendar(struct arena *a, const char *name, const struct ics_event *v, size_t n);

#endif
