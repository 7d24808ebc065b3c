/* date.c: civil dates. See date.h. The day-number arithmetic is that of the proleptic Gregorian
 * calendar counted from 1 March (H. Hinnant, "chrono-compatible low-level date algorithms"). */
#include "base/date.h"

#include "base/arena.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int
date_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

bool
date_from_civil(int year, int month, int day, int32_t *ret_day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > date_days_in_month(year, month))
        return false;
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, yoe = y % 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    *ret_day = era * 146097 + doe - 719468;
    return true;
}

void
date_to_civil(int32_t day, int *ret_year, int *ret_month, int *ret_day)
{
    int z = day + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *ret_day = doy - (153 * mp + 2) / 5 + 1;
    *ret_month = mp < 10 ? mp + 3 : mp - 9;
    *ret_year = yoe + era * 400 + (*ret_month <= 2);
}

int
date_weekday(int32_t day)
{
    return (int)(((int64_t)day + 3) % 7 + 7) % 7;
}

/* Reads `n` digits; advances; false when there are not that many. */
static bool
digits(const char **p, int n, int *ret)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)(*p)[i]))
            return false;
        v = v * 10 + ((*p)[i] - '0');
    }
    *p += n;
    *ret = v;
    return true;
}

bool
date_parse_partial(const char *iso, enum date_precision *ret_precision, int32_t *ret_first)
{
    int y, m = 1, d = 1;
    enum date_precision precision = DATE_YEAR;
    const char *p = iso;
    if (!p || !digits(&p, 4, &y))
        return false;
    if (*p == '-') {
        p++;
        precision = DATE_MONTH;
        if (!digits(&p, 2, &m))
            return false;
        if (*p == '-') {
            p++;
            precision = DATE_DAY;
            if (!digits(&p, 2, &d))
                return false;
        }
    }
    int32_t day;
    if (*p || !date_from_civil(y, m, d, &day))
        return false;
    *ret_precision = precision;
    *ret_first = day;
    return true;
}

bool
date_parse(const char *iso, int32_t *ret_day)
{
    enum date_precision precision;
    int32_t day;
    if (!date_parse_partial(iso, &precision, &day) || precision != DATE_DAY)
        return false;
    *ret_day = day;
    return true;
}

void
date_iso(int32_t day, char ret[static DATE_TEXT])
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    char text[40];
    snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
    memcpy(ret, text, DATE_TEXT - 1);
    ret[DATE_TEXT - 1] = '\0';
}

int32_t
date_last_day(int32_t first, enum date_precision precision)
{
    int y, m, d;
    date_to_civil(first, &y, &m, &d);
    int32_t last = first;
    switch (precision) {
    case DATE_YEAR:
        date_from_civil(y, 12, 31, &last);
        break;
    case DATE_MONTH:
        date_from_civil(y, m, date_days_in_month(y, m), &last);
        break;
    case DATE_DAY:
        break;
    }
    return last;
}

int32_t
date_add_months(int32_t day, int months)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    int count = y * 12 + m - 1 + months;
    y = count / 12;
    m = count % 12 + 1;
    int last = date_days_in_month(y, m);
    int32_t moved = day;
    date_from_civil(y, m, d < last ? d : last, &moved);
    return moved;
}

const char *
date_words(struct arena *a, int32_t day, enum date_precision precision)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    switch (precision) {
    case DATE_YEAR:
        return arena_printf(a, "%d", y);
    case DATE_MONTH:
        return arena_printf(a, "%s %d", month_names[m - 1], y);
    case DATE_DAY:
        break;
    }
    return arena_printf(a, "%d %s %d", d, month_names[m - 1], y);
}

const char *
date_words_iso(struct arena *a, const char *iso)
{
    enum date_precision precision;
    int32_t day;
    if (!iso)
        return NULL;
    if (!date_parse_partial(iso, &precision, &day))
        return iso;
    return date_words(a, day, precision);
}

bool
date_age_days(const char *text, int32_t *ret)
{
    static const struct {
        const char *unit;
        int64_t numerator, denominator;
    } units[] = {{"year", 1461, 4}, {"month", 1461, 48}, {"week", 7, 1},
                 {"day", 1, 1},     {"hour", 1, 24},     {"minute", 1, 1440}};
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 6)
        return false;
    int64_t n = strtoll(text, NULL, 10);
    const char *word = text + digits;
    while (*word == ' ')
        word++;
    size_t len = strlen(word);
    if (len && tolower((unsigned char)word[len - 1]) == 's')
        len--;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (len == strlen(units[i].unit) && strncasecmp(word, units[i].unit, len) == 0) {
            *ret = (int32_t)(n * units[i].numerator / units[i].denominator);
            return true;
        }
    }
    return false;
}

int64_t
time_from_day(int32_t day)
{
    return (int64_t)day * 86400 * 1000000;
}

void
time_iso(int64_t us, char ret[static TIME_TEXT])
{
    int64_t day_us = (int64_t)86400 * 1000000;
    int64_t day = us / day_us, rest = us % day_us;
    if (rest < 0) {
        rest += day_us;
        day--;
    }
    char date[DATE_TEXT], text[64];
    date_iso((int32_t)day, date);
    int sec = (int)(rest / 1000000);
    snprintf(text, sizeof text, "%sT%02d:%02d:%02d.%06dZ", date, sec / 3600, sec / 60 % 60,
             sec % 60, (int)(rest % 1000000));
    memcpy(ret, text, TIME_TEXT - 1);
    ret[TIME_TEXT - 1] = '\0';
}

bool
time_parse(const char *iso, int64_t *ret_us)
{
    char date[DATE_TEXT];
    if (!iso || strlen(iso) < 20 || iso[10] != 'T')
        return false;
    memcpy(date, iso, DATE_TEXT - 1);
    date[DATE_TEXT - 1] = '\0';
    int32_t day;
    int h, m, s, us = 0;
    const char *p = iso + 11;
    if (!date_parse(date, &day) || !digits(&p, 2, &h) || *p++ != ':' || !digits(&p, 2, &m) ||
        *p++ != ':' || !digits(&p, 2, &s))
        return false;
    if (*p == '.') {
        p++;
        int scale = 100000;
        for (; isdigit((unsigned char)*p); p++, scale /= 10)
            us += (*p - '0') * scale;
    }
    if (strcmp(p, "Z") != 0 || h > 23 || m > 59 || s > 59)
        return false;
    *ret_us = time_from_day(day) + ((int64_t)(h * 3600 + m * 60 + s)) * 1000000 + us;
    return true;
}
