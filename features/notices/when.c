/* when.c: see when.h. */
#include "features/notices/when.h"

#include "base/arena.h"

#include <string.h>

static const int64_t minute_us = 60 * (int64_t)1000000, day_us = 86400 * (int64_t)1000000;

/* The moment at which clocks show a minute of a day: with the offset of the day before, else that after. */
static int64_t
moment(const struct tz *z, int32_t day, int minute)
{
    int64_t shown = time_from_day(day) + minute * minute_us;
    int64_t before = (int64_t)tz_offset(z, shown - day_us, NULL) * 1000000, after = (int64_t)tz_offset(z, shown + day_us, NULL) * 1000000;
    if ((int64_t)tz_offset(z, shown - before, NULL) * 1000000 == before)
        return shown - before;
    if ((int64_t)tz_offset(z, shown - after, NULL) * 1000000 == after)
        return shown - after;
    return shown - before; /* left out: clocks were put forward over it */
}

int64_t
when_next(const struct tz *z, int minute, int64_t after)
{
    int32_t day = tz_day(z, after);
    int64_t at = moment(z, day, minute);
    while (at <= after)
        at = moment(z, ++day, minute);
    return at;
}

int64_t
when_loud(const struct tz *z, struct when_quiet q, int64_t at)
{
    if (q.from == WHEN_NEVER || q.until == WHEN_NEVER || q.from == q.until)
        return at;
    int64_t shown = at + (int64_t)tz_offset(z, at, NULL) * 1000000;
    int now = (int)((shown - time_from_day(tz_day(z, at))) / minute_us);
    bool quiet = q.from < q.until ? now >= q.from && now < q.until : now >= q.from || now < q.until;
    return quiet ? when_next(z, q.until, at) : at;
}

bool
when_parse(const char *text, int *ret)
{
    for (size_t i = 0; i < 5; i++) {
        if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
            return false;
    }
    int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
    if (text[5] || hour > 23 || minute > 59)
        return false;
    *ret = hour * 60 + minute;
    return true;
}

const char *
when_text(struct arena *a, int minute)
{
    return arena_printf(a, "%02d:%02d", minute / 60, minute % 60);
}
