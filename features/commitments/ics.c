/* ics.c: see ics.h. libical escapes texts and folds lines. Called by pages_feed.c. */
#include "features/commitments/ics.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"

#include <libical/ical.h>

static struct icaltimetype
day_time(const char *iso)
{
    int32_t day;
    int year, month, n;
    if (!date_parse(iso, &day))
        return icaltime_null_time();
    date_to_civil(day, &year, &month, &n);
    struct icaltimetype t = icaltime_null_time();
    t.year = year, t.month = month, t.day = n, t.is_date = 1;
    return t;
}

static const char *
plain(struct arena *a, const char *text)
{
    struct buf b;
    buf_init(&b, a);
    for (const char *p = text; *p; p++) {
        if (*p == '\\')
            buf_str(&b, "\u29f5");
        else if (*p != '\r')
            buf_add(&b, p, 1);
    }
    return buf_text(&b);
}

static icalcomponent *
event(struct arena *a, const struct ics_event *x, struct icaltimetype start)
{
    struct icaltimetype end = start;
    icaltime_adjust(&end, 1, 0, 0, 0);
    icalcomponent *e = icalcomponent_vanew(
        ICAL_VEVENT_COMPONENT, icalproperty_new_uid(x->uid),
        icalproperty_new_dtstamp(icaltime_from_timet_with_zone((time_t)(x->stamp / 1000000), 0, icaltimezone_get_utc_timezone())),
        icalproperty_new_dtstart(start), icalproperty_new_dtend(end), icalproperty_new_summary(plain(a, x->title)),
        icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT), (void *)0);
    if (x->text)
        icalcomponent_add_property(e, icalproperty_new_description(plain(a, x->text)));
    if (x->url)
        icalcomponent_add_property(e, icalproperty_new_url(x->url));
    return e;
}

const char *
ics_calendar(struct arena *a, const char *name, const struct ics_event *v, size_t n)
{
    icalcomponent *all = icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
                                             icalproperty_new_prodid("-//Rapport//What is due//EN"), (void *)0);
    icalproperty *called = icalproperty_new_x(name);
    icalproperty_set_x_name(called, "X-WR-CALNAME");
    icalcomponent_add_property(all, called);
    for (size_t i = 0; i < n; i++) {
        struct icaltimetype start = day_time(v[i].day);
        if (!icaltime_is_null_time(start))
            icalcomponent_add_component(all, event(a, &v[i], start));
    }
    char *text = icalcomponent_as_ical_string_r(all);
    INVARIANT(text);
    const char *copy = arena_strdup(a, text);
    icalmemory_free_buffer(text);
    icalcomponent_free(all);
    return copy;
}
