/* holidays_ics.c: see holidays_ics.h. The outward shape (size, UTF-8, nesting, where each event begins)
 * is checked before libical sees a byte: it reads anything, and knows no lines. */
#include "core/holidays_ics.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"

#include <libical/ical.h>
#include <string.h>
#include <strings.h>

enum { DEPTH = 4, SPAN = 31, NAME = 120, NOTE = 400, ROUNDS = 50000 };

/* A rule without end waits until the years of the file are known. */
struct endless {
    struct icalrecurrencetype rule;
    int32_t start;
    int span;
    const char *name;
    const int32_t *but;
    size_t n_but;
    int line;
};

struct reading {
    struct arena *mem;
    const char *file;
    int *line; /* of the i-th event */
    size_t n_events, at;
    int now;          /* line of the event being read; 0: not known */
    const char *name; /* and what it is called */
    struct calendar_day *day;
    size_t n_days;
    struct endless *endless;
    size_t n_endless;
    int rounds;
};

static err_t
wrong(struct reading *r, int line, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static err_t
wrong(struct reading *r, int line, const char *name, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *what = arena_vprintf(r->mem, fmt, ap);
    va_end(ap);
    err_t e = err_field(r->mem, E_BAD_INPUT, "file", "%s", what);
    const char *place = line ? arena_printf(r->mem, "%s, line %d", r->file, line) : r->file;
    if (name)
        place = arena_printf(r->mem, "%s, event \"%s\"", place, name);
    return err_at(r->mem, e, "%s", place);
}

#define WRONG(...) wrong(r, r->now, r->name, __VA_ARGS__)

static err_t
too_large(struct reading *r, const char *what, int most)
{
    return err_at(r->mem, err_field(r->mem, E_TOO_LARGE, "file", "A file of holidays holds at most %d %s.", most, what),
                  "%s", r->file);
}

/* ---- the outward shape ---- */

static const char *
cut(struct arena *a, const char *text, size_t most)
{
    const char *one = text ? str_squeeze(a, text) : NULL;
    return str_empty(one) ? NULL : utf8_cut(a, one, most);
}

static err_t
begins(struct reading *r, int line, const char *what, int *depth)
{
    if (++*depth > DEPTH)
        return wrong(r, line, NULL, "Parts of a calendar do not lie so deep in one another.");
    if (strcasecmp(what, "VEVENT") != 0)
        return NULL;
    if (r->n_events == HOLIDAYS_ICS_EVENTS)
        return too_large(r, "events", HOLIDAYS_ICS_EVENTS);
    r->line[r->n_events++] = line;
    return NULL;
}

/* One line as it stands in the file, without its end. */
static err_t
see_line(struct reading *r, int number, const char *line, int *depth, const char **open)
{
    if (number == 1 && strcasecmp(line, "BEGIN:VCALENDAR") != 0)
        return wrong(r, 1, NULL, "This is no iCalendar file: it does not begin with BEGIN:VCALENDAR.");
    if (strncasecmp(line, "BEGIN:", 6) == 0) {
        TRY(begins(r, number, line + 6, depth));
        open[*depth] = line + 6;
    } else if (strncasecmp(line, "END:", 4) == 0) {
        if (*depth == 0 || strcasecmp(open[*depth], line + 4) != 0)
            return wrong(r, number, NULL, "END:%.40s stands without its BEGIN.", line + 4);
        --*depth;
    } else if (*depth == 0 && *line) {
        return wrong(r, number, NULL, "This line stands outside of the calendar.");
    }
    return NULL;
}

static err_t
look_over(struct reading *r, const char *text)
{
    const char *open[DEPTH + 2] = {NULL};
    size_t n;
    int depth = 0;
    char **line = str_split(r->mem, text, '\n', &n);
    r->line = arena_alloc(r->mem, HOLIDAYS_ICS_EVENTS * sizeof *r->line);
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(line[i]);
        while (len && strchr("\r \t", line[i][len - 1]))
            line[i][--len] = '\0';
        if (line[i][0] != ' ' && line[i][0] != '\t')
            TRY(see_line(r, (int)i + 1, line[i], &depth, open));
    }
    if (depth)
        return wrong(r, (int)n, NULL, "The file ends inside %.40s: it may have been cut off.", open[depth]);
    return NULL;
}

/* ---- one event ---- */

static bool
day_of(struct icaltimetype t, int32_t *ret)
{
    return date_from_civil(t.year, t.month, t.day, ret);
}

static const char *
iso(struct reading *r, int32_t day)
{
    char text[DATE_TEXT];
    date_iso(day, text);
    return arena_strdup(r->mem, text);
}

static err_t
whole_day(struct reading *r, const char *what, struct icaltimetype t, int32_t *ret)
{
    if (icaltime_is_null_time(t) || !day_of(t, ret))
        return WRONG("%s is no day that there is.", what);
    if (!t.is_date)
        return WRONG("%s has a time of day. A holiday is a whole day: %s;VALUE=DATE:%04d%02d%02d.", what, what, t.year, t.month, t.day);
    return NULL;
}

static err_t
add_day(struct reading *r, int32_t day)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    if (y < HOLIDAYS_ICS_FIRST || y > HOLIDAYS_ICS_LAST)
        return WRONG("%s lies outside the years %d to %d.", iso(r, day), HOLIDAYS_ICS_FIRST, HOLIDAYS_ICS_LAST);
    if (r->n_days == HOLIDAYS_ICS_DAYS)
        return too_large(r, "days", HOLIDAYS_ICS_DAYS);
    r->day[r->n_days++] = (struct calendar_day){day, r->name};
    return NULL;
}

static err_t
add_span(struct reading *r, int32_t day, int span)
{
    for (int i = 0; i < span; i++)
        TRY(add_day(r, day + i));
    return NULL;
}

/* Days from DTSTART to DTEND, which is the day after the last. */
static err_t
span_of(struct reading *r, icalcomponent *event, int32_t start, int *ret)
{
    icalproperty *end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY);
    icalproperty *length = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
    int64_t span = 1;
    int32_t last;
    if (end) {
        TRY(whole_day(r, "DTEND", icalproperty_get_dtend(end), &last));
        span = (int64_t)last - start;
        if (span == 0) /* not after RFC 5545, but seen: one day */
            span = 1;
    } else if (length) {
        struct icaldurationtype d = icalproperty_get_duration(length);
        if (d.is_neg || d.hours || d.minutes || d.seconds || d.weeks > SPAN)
            return WRONG("The DURATION of a holiday is whole days, such as P1D.");
        span = (int64_t)d.days + 7 * (int64_t)d.weeks;
    }
    if (span < 1 || span > SPAN)
        return WRONG("It lasts %lld days; a holiday has 1 to %d. (DTEND is the day after the last.)", (long long)span, SPAN);
    *ret = (int)span;
    return NULL;
}

static err_t
left_out(struct reading *r, icalcomponent *event, int32_t **ret, size_t *ret_n)
{
    size_t n = 0;
    int32_t *but = arena_alloc(r->mem, ((size_t)icalcomponent_count_properties(event, ICAL_EXDATE_PROPERTY) + 1) * sizeof *but);
    for (icalproperty *p = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY); p;
         p = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
        TRY(whole_day(r, "EXDATE", icalproperty_get_exdate(p), &but[n++]));
    *ret = but;
    *ret_n = n;
    return NULL;
}

static bool
among(const int32_t *days, size_t n, int32_t day)
{
    for (size_t i = 0; i < n; i++) {
        if (days[i] == day)
            return true;
    }
    return false;
}

/* Every day of a rule from its start up to the end of `last_year`. */
static err_t
expand(struct reading *r, const struct endless *s, int first_year, int last_year)
{
    struct icaltimetype from = {.is_date = 1}, t;
    date_to_civil(s->start, &from.year, &from.month, &from.day);
    icalrecur_iterator *it = icalrecur_iterator_new(s->rule, from);
    if (!it)
        return WRONG("Its RRULE could not be understood.");
    err_t e = NULL;
    while (!e) {
        int32_t day;
        t = icalrecur_iterator_next(it);
        if (icaltime_is_null_time(t) || t.year > last_year || !day_of(t, &day))
            break;
        if (++r->rounds > ROUNDS)
            e = too_large(r, "steps of recurring events", ROUNDS);
        else if (t.year >= first_year && !among(s->but, s->n_but, day))
            e = add_span(r, day, s->span);
    }
    icalrecur_iterator_free(it);
    return e;
}

static err_t
recurring(struct reading *r, icalproperty *p, struct endless *s)
{
    s->rule = icalproperty_get_rrule(p);
    if (s->rule.freq != ICAL_YEARLY_RECURRENCE)
        return WRONG("It recurs by another rule than the year (RRULE:FREQ=YEARLY), and is no holiday then.");
    bool until = !icaltime_is_null_time(s->rule.until);
    if (s->rule.count || (until && s->rule.until.year <= HOLIDAYS_ICS_LAST))
        return expand(r, s, 0, HOLIDAYS_ICS_LAST + 1);
    s->rule.until = icaltime_null_time();
    s->line = r->now;
    s->name = r->name;
    r->endless[r->n_endless++] = *s;
    return NULL;
}

/* What changes the days of an event and is not read. */
static err_t
not_read(struct reading *r, icalcomponent *event)
{
    static const icalproperty_kind kinds[] = {ICAL_EXRULE_PROPERTY, ICAL_RECURRENCEID_PROPERTY};
    icalproperty *bad = icalcomponent_get_first_property(event, ICAL_XLICERROR_PROPERTY);
    if (bad)
        return WRONG("%s", str_short(r->mem, str_or(arena_strdup(r->mem, icalproperty_get_xlicerror(bad)), "It could not be read."), 200));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (icalcomponent_get_first_property(event, kinds[i]))
            return WRONG("%s is not read here. Give the days one by one.", icalproperty_kind_to_string(kinds[i]));
    }
    if (icalcomponent_count_properties(event, ICAL_DTSTART_PROPERTY) != 1)
        return WRONG("It needs one DTSTART, the day.");
    if (icalcomponent_count_properties(event, ICAL_RRULE_PROPERTY) > 1)
        return WRONG("It has more than one RRULE.");
    return NULL;
}

static err_t
read_event(struct reading *r, icalcomponent *event)
{
    icalproperty *summary = icalcomponent_get_first_property(event, ICAL_SUMMARY_PROPERTY);
    r->now = r->at < r->n_events ? r->line[r->at] : 0;
    r->at++;
    r->name = summary ? cut(r->mem, icalproperty_get_summary(summary), NAME) : NULL;
    icalproperty *status = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    if (status && icalproperty_get_status(status) == ICAL_STATUS_CANCELLED)
        return NULL;
    TRY(not_read(r, event));
    struct endless s = {0};
    int32_t *but, day;
    TRY(whole_day(r, "DTSTART", icalproperty_get_dtstart(icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY)), &s.start));
    TRY(span_of(r, event, s.start, &s.span));
    TRY(left_out(r, event, &but, &s.n_but));
    s.but = but;
    for (icalproperty *p = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY); p;
         p = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
        TRY(whole_day(r, "RDATE", icalproperty_get_rdate(p).time, &day));
        if (!among(s.but, s.n_but, day))
            TRY(add_span(r, day, s.span));
    }
    icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    if (rule)
        return recurring(r, rule, &s);
    return among(s.but, s.n_but, s.start) ? NULL : add_span(r, s.start, s.span);
}

/* ---- the whole ---- */

static err_t
read_events(struct reading *r, icalcomponent *in)
{
    for (icalcomponent *part = icalcomponent_get_first_component(in, ICAL_ANY_COMPONENT); part;
         part = icalcomponent_get_next_component(in, ICAL_ANY_COMPONENT)) {
        if (icalcomponent_isa(part) == ICAL_VEVENT_COMPONENT)
            TRY(read_event(r, part));
        else if (icalcomponent_isa(part) == ICAL_VCALENDAR_COMPONENT)
            TRY(read_events(r, part));
    }
    r->now = 0;
    r->name = NULL;
    return NULL;
}

static const char *
own_word(struct reading *r, icalcomponent *calendar, const char *name, size_t most)
{
    for (icalproperty *p = icalcomponent_get_first_property(calendar, ICAL_X_PROPERTY); p;
         p = icalcomponent_get_next_property(calendar, ICAL_X_PROPERTY)) {
        const char *own = icalproperty_get_x_name(p);
        if (own && strcasecmp(own, name) == 0)
            return cut(r->mem, icalproperty_get_value_as_string(p), most);
    }
    return NULL;
}

static int
year_of(int32_t day)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    return y;
}

static void
years(const struct reading *r, struct holidays_ics *f)
{
    for (size_t i = 0; i < r->n_days; i++) {
        int year = year_of(r->day[i].day);
        if (!f->first_year || year < f->first_year)
            f->first_year = year;
        if (year > f->last_year)
            f->last_year = year;
    }
    f->endless = !r->n_days && r->n_endless;
    for (size_t i = 0; f->endless && i < r->n_endless; i++) {
        int year = year_of(r->endless[i].start);
        year = year < HOLIDAYS_ICS_FIRST ? HOLIDAYS_ICS_FIRST : year;
        f->first_year = !f->first_year || year < f->first_year ? year : f->first_year;
        f->last_year = HOLIDAYS_ICS_LAST;
    }
}

static err_t
fill_endless(struct reading *r, const struct holidays_ics *f)
{
    for (size_t i = 0; i < r->n_endless; i++) {
        r->now = r->endless[i].line;
        r->name = r->endless[i].name;
        TRY(expand(r, &r->endless[i], f->first_year, f->last_year));
    }
    return NULL;
}

static void
free_component(void *component)
{
    icalcomponent_free(component);
}

static err_t
check_bytes(struct reading *r, const char **data, size_t *n)
{
    if (*n > HOLIDAYS_ICS_BYTES)
        return too_large(r, "bytes", HOLIDAYS_ICS_BYTES);
    if (*n >= 3 && memcmp(*data, "\xEF\xBB\xBF", 3) == 0) {
        *data += 3;
        *n -= 3;
    }
    if (*n == 0)
        return wrong(r, 0, NULL, "The file is empty.");
    if (!utf8_valid(*data, *n))
        return wrong(r, 0, NULL, "The file is not text in UTF-8.");
    return NULL;
}

err_t
holidays_ics_read(struct arena *a, const char *file, const char *data, size_t n, struct holidays_ics *ret)
{
    struct reading r = {.mem = a, .file = file};
    struct holidays_ics f = {0};
    TRY(check_bytes(&r, &data, &n));
    const char *text = arena_strndup(a, data, n);
    TRY(look_over(&r, text));
    r.day = arena_alloc(a, HOLIDAYS_ICS_DAYS * sizeof *r.day);
    r.endless = arena_alloc(a, (r.n_events + 1) * sizeof *r.endless);
    icalcomponent *root = icalparser_parse_string(text);
    if (!root)
        return wrong(&r, 0, NULL, "The file could not be read as iCalendar.");
    arena_defer(a, free_component, root);
    if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
        f.name = own_word(&r, root, "X-WR-CALNAME", NAME), f.note = own_word(&r, root, "X-WR-CALDESC", NOTE);
    TRY(read_events(&r, root));
    years(&r, &f);
    TRY(fill_endless(&r, &f));
    if (!r.n_days)
        return wrong(&r, 0, NULL, "There is no holiday in it: no event (VEVENT) with a day.");
    f.days = r.day;
    f.n = r.n_days;
    *ret = f;
    return NULL;
}
