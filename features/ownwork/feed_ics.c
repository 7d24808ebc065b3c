/* feed_ics.c: a calendar, read entry by entry. See lines.h. The size, the text and the first line are
 * checked before libical sees a byte: it reads anything. */
#include "features/ownwork/lines.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"

#include <libical/ical.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { BACK = 31, ROUNDS = 50000, UID = 500 };

struct reading {
    struct arena *mem;
    int32_t today;
    const struct tz *zone;
    struct own_line *list;
    size_t n;
    int number;
    int rounds;
};

static bool
day_of(const struct reading *r, struct icaltimetype t, int32_t *ret)
{
    if (icaltime_is_null_time(t) || !date_from_civil(t.year, t.month, t.day, ret))
        return false;
    if (!t.is_date && icaltime_is_utc(t)) /* a time elsewhere can be another day here */
        *ret = tz_day(r->zone, (int64_t)icaltime_as_timet(t) * 1000000);
    return true;
}

/* Of what recurs, the first day that is not over. */
static bool
next_of(struct reading *r, icalproperty *rule, struct icaltimetype start, int32_t *ret)
{
    struct icalrecurrencetype recurring = icalproperty_get_rrule(rule);
    icalrecur_iterator *it = icalrecur_iterator_new(recurring, start);
    bool found = false;
    struct icaltimetype now = start;
    date_to_civil(r->today - 1, &now.year, &now.month, &now.day); /* a day before: the zone may be another */
    if (it && !recurring.count && icaltime_compare(now, start) > 0)
        (void)icalrecur_iterator_set_start(it, now);
    while (it && !found && r->rounds++ < ROUNDS) {
        struct icaltimetype t = icalrecur_iterator_next(it);
        int32_t day;
        if (icaltime_is_null_time(t) || !day_of(r, t, &day))
            break;
        found = day >= r->today;
        *ret = day;
    }
    if (it)
        icalrecur_iterator_free(it);
    return found;
}

static const char *
words(struct reading *r, const char *text)
{
    return text && utf8_valid(text, strlen(text)) ? str_or(str_squeeze(r->mem, text), NULL) : NULL;
}

/* "Ann Ray" of ORGANIZER;CN="Ann Ray":mailto:...; the address is never kept. */
static const char *
who_of(struct reading *r, icalcomponent *part)
{
    icalproperty *p = icalcomponent_get_first_property(part, ICAL_ORGANIZER_PROPERTY);
    icalparameter *cn = p ? icalproperty_get_first_parameter(p, ICAL_CN_PARAMETER) : NULL;
    const char *name = cn ? words(r, icalparameter_get_cn(cn)) : NULL;
    return name ? str_short(r->mem, str_without_addresses(r->mem, name), LINES_WHO) : NULL;
}

static struct icaltimetype
start_of(icalcomponent *part)
{
    icalproperty *due = icalcomponent_get_first_property(part, ICAL_DUE_PROPERTY);
    icalproperty *start = icalcomponent_get_first_property(part, ICAL_DTSTART_PROPERTY);
    return due ? icalproperty_get_due(due) : start ? icalproperty_get_dtstart(start) : icaltime_null_time();
}

static enum line_state
state_of(icalcomponent *part)
{
    icalproperty *p = icalcomponent_get_first_property(part, ICAL_STATUS_PROPERTY);
    icalproperty_status s = p ? icalproperty_get_status(p) : ICAL_STATUS_NONE;
    return s == ICAL_STATUS_CANCELLED ? LINE_CANCELLED : s == ICAL_STATUS_COMPLETED ? LINE_DONE : LINE_DUE;
}

static void
add(struct reading *r, const struct own_line *x)
{
    if (r->n < LINES_MOST)
        r->list[r->n] = *x;
    r->n++;
}

static void
read_part(struct reading *r, icalcomponent *part)
{
    icalproperty *uid = icalcomponent_get_first_property(part, ICAL_UID_PROPERTY);
    icalproperty *summary = icalcomponent_get_first_property(part, ICAL_SUMMARY_PROPERTY);
    icalproperty *rule = icalcomponent_get_first_property(part, ICAL_RRULE_PROPERTY);
    icalproperty *moved = icalcomponent_get_first_property(part, ICAL_RECURRENCEID_PROPERTY);
    struct icaltimetype start = start_of(part);
    struct own_line x = {.number = ++r->number, .state = state_of(part), .who = who_of(r, part)};
    char iso[DATE_TEXT];
    int32_t day = 0;
    if (moved) /* one day of what recurs, moved: the entry itself stands elsewhere in the file */
        return;
    x.what = summary ? words(r, icalproperty_get_summary(summary)) : NULL;
    x.text = str_short(r->mem, str_or(x.what, "an entry without words"), 120);
    bool dated = day_of(r, start, &day);
    bool over = dated && rule && !next_of(r, rule, start, &day), often = over && r->rounds >= ROUNDS;
    if (!often && (over || (dated && day < r->today - BACK)))
        return;
    x.uid = uid ? words(r, icalproperty_get_uid(uid)) : NULL;
    x.refused = often                         ? "It recurs too often to be read."
                : !x.what                     ? "It does not say what is due."
                : !dated                      ? "It has no day."
                : x.uid && strlen(x.uid) > UID ? "Its UID is too long." : NULL;
    if (!x.refused) {
        date_iso(day, iso);
        x.day = arena_strdup(r->mem, iso);
        x.what = str_short(r->mem, x.what, LINES_WHAT);
        x.uid = str_or(x.uid, arena_printf(r->mem, "%s\n%s", x.what, x.day));
    }
    add(r, &x);
}

static void
read_parts(struct reading *r, icalcomponent *in)
{
    for (icalcomponent *part = icalcomponent_get_first_component(in, ICAL_ANY_COMPONENT); part;
         part = icalcomponent_get_next_component(in, ICAL_ANY_COMPONENT)) {
        icalcomponent_kind kind = icalcomponent_isa(part);
        if (kind == ICAL_VEVENT_COMPONENT || kind == ICAL_VTODO_COMPONENT)
            read_part(r, part);
        else if (kind == ICAL_VCALENDAR_COMPONENT)
            read_parts(r, part);
    }
}

static void
free_component(void *component)
{
    icalcomponent_free(component);
}

err_t
feed_ics_read(struct arena *a, const char *data, size_t n, int32_t today, const struct tz *zone, struct own_line **ret, size_t *ret_n)
{
    struct reading r = {.mem = a, .today = today, .zone = zone, .list = arena_alloc(a, LINES_MOST * sizeof *r.list)};
    if (n >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
        data += 3, n -= 3;
    if (!utf8_valid(data, n) || n < 15 || strncasecmp(data, "BEGIN:VCALENDAR", 15) != 0)
        return err_field(a, E_BAD_INPUT, "file", "This is no calendar: it does not begin with BEGIN:VCALENDAR.");
    if (!memmem(data, n, "END:VCALENDAR", 13))
        return err_field(a, E_BAD_INPUT, "file", "This calendar ends in its middle: it may have been cut off.");
    icalcomponent *root = icalparser_parse_string(arena_strndup(a, data, n));
    if (!root)
        return err_field(a, E_BAD_INPUT, "file", "This could not be read as a calendar.");
    arena_defer(a, free_component, root);
    read_parts(&r, root);
    if (r.n > LINES_MOST)
        return err_field(a, E_TOO_LARGE, "file", "It holds %zu entries; at most %d can be taken.", r.n, LINES_MOST);
    *ret = r.list;
    *ret_n = r.n;
    return NULL;
}
