/* when.h: at which moment a person is told, in her own time zone. Pure. Days of 23 and 25 hours: a time of
 * day that is left out stands as much later as was left out; of one that comes twice the first counts. */
#ifndef FEATURES_NOTICES_WHEN_H
#define FEATURES_NOTICES_WHEN_H

#include "base/date.h"

enum { WHEN_NEVER = -1, WHEN_DAY = 24 * 60 };

/* Minutes of the day; quiet from == until or WHEN_NEVER: no quiet hours. */
struct when_quiet {
    int from, until;
};
/* The first moment after `after` at which clocks of the zone show this minute of the day. */
int64_t when_next(const struct tz *z, int minute, int64_t after);
/* `at`, or the end of the quiet hours it lies in. */
int64_t when_loud(const struct tz *z, struct when_quiet q, int64_t at);
/* "07:00" as minutes of the day, and back. False: no such time. */
bool when_parse(const char *text, int *ret);
const char *when_text(struct arena *a, int minute);

#endif
