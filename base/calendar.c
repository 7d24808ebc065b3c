/* calendar.c: business days by arithmetic: whole weeks by their number, holidays by a binary search.
 * See calendar.h. */
#include "base/calendar.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* 0001-01-01, which was a Monday, and 9999-12-31. */
enum { FIRST_DAY = -719162, LAST_DAY = 2932896 };

static int
worked_a_week(unsigned weekend)
{
    return 7 - __builtin_popcount(weekend);
}

/* Days outside the weekend from the beginning up to and with `day`. */
static int64_t
rank(unsigned weekend, int64_t day)
{
    int64_t since = day + 1 - FIRST_DAY;
    int64_t n = since / 7 * worked_a_week(weekend);
    for (int i = 0; i < since % 7; i++)
        n += !(weekend >> i & 1);
    return n;
}

/* The day that makes `rank` come to n, n >= 1. */
static int64_t
day_of_rank(unsigned weekend, int64_t n)
{
    int64_t day = FIRST_DAY + (n - 1) / worked_a_week(weekend) * 7;
    int64_t left = (n - 1) % worked_a_week(weekend);
    for (int i = 0; i < 7; i++) {
        if (!(weekend >> i & 1) && left-- == 0)
            return day + i;
    }
    err_broken("a weekend leaves a day to work", __FILE__, __LINE__);
}

/* How many of the sorted days are at or before `day`. */
static size_t
off_until(const struct calendar *k, int64_t day)
{
    size_t low = 0, high = k->n_off;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (k->off[middle] <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t
worked_until(const struct calendar *k, int64_t day)
{
    return rank(k->weekend, day) - (int64_t)off_until(k, day);
}

/* The day on which `worked_until` first comes to `n`: the holidays before it are those that leave fewer
 * than n days worked until and with them. */
static int64_t
day_worked(const struct calendar *k, int64_t n)
{
    size_t low = 0, high = k->n_off;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rank(k->weekend, k->off[middle]) - (int64_t)(middle + 1) < n)
            low = middle + 1;
        else
            high = middle;
    }
    return day_of_rank(k->weekend, n + (int64_t)low);
}

/* Whether the way from the event to `to` passes a year without known holidays; the event's own day is
 * not on it. */
static bool
guessed(const struct calendar *k, int64_t event, int64_t to)
{
    int32_t first = 0, last = 0;
    if (event == to)
        return false;
    if (!k->last_year || !date_from_civil(k->first_year, 1, 1, &first) || !date_from_civil(k->last_year, 12, 31, &last))
        return true;
    return to > event ? event + 1 < first || to > last : to < first || event - 1 > last;
}

bool
calendar_add(const struct calendar *k, int32_t day, int64_t n, struct calendar_sum *ret)
{
    int64_t to = day;
    if (n > LAST_DAY - FIRST_DAY || n < FIRST_DAY - LAST_DAY)
        return false;
    if (n) {
        int64_t wanted = n > 0 ? worked_until(k, day) + n : worked_until(k, (int64_t)day - 1) + n + 1;
        if (wanted < 1)
            return false;
        to = day_worked(k, wanted);
    }
    if (to > LAST_DAY || to < FIRST_DAY)
        return false;
    *ret = (struct calendar_sum){.day = (int32_t)to, .n = n, .guessed = guessed(k, day, to)};
    return true;
}

struct calendar_sum
calendar_count(const struct calendar *k, int32_t from, int32_t to)
{
    struct calendar_sum sum = {.day = to, .guessed = guessed(k, from, to)};
    if (to >= from)
        sum.n = worked_until(k, to) - worked_until(k, from);
    else
        sum.n = worked_until(k, (int64_t)to - 1) - worked_until(k, (int64_t)from - 1);
    return sum;
}

enum calendar_why
calendar_why(const struct calendar *k, int32_t day, const char **ret_name)
{
    size_t low = 0, high = k->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (k->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    bool holiday = low < k->n && k->days[low].day == day;
    if (ret_name)
        *ret_name = holiday ? k->days[low].name : NULL;
    if (k->weekend >> date_weekday(day) & 1)
        return CALENDAR_WEEKEND;
    return holiday ? CALENDAR_HOLIDAY : CALENDAR_WORKED;
}

static int
by_day(const void *a, const void *b)
{
    const struct calendar_day *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return strcmp(str_or(x->name, ""), str_or(y->name, ""));
}

/* Whether `name` stands among "A, B". */
static bool
among(const char *names, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = strstr(names, name); p; p = strstr(p + 1, name)) {
        bool begins = p == names || (p - names >= 2 && strncmp(p - 2, ", ", 2) == 0);
        if (begins && (p[n] == '\0' || strncmp(p + n, ", ", 2) == 0))
            return true;
    }
    return false;
}

static const char *
both_names(struct arena *a, const char *x, const char *y)
{
    if (str_empty(x) || str_empty(y))
        return str_empty(x) ? y : x;
    if (among(x, y) || among(y, x))
        return among(x, y) ? x : y;
    return arena_printf(a, "%s, %s", x, y);
}

/* Each day once, in order. */
static size_t
gather(struct arena *a, struct calendar_day *days, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(days, n, sizeof *days, by_day);
    for (size_t i = 0; i < n; i++) {
        if (kept && days[kept - 1].day == days[i].day)
            days[kept - 1].name = both_names(a, days[kept - 1].name, days[i].name);
        else
            days[kept++] = days[i];
    }
    return kept;
}

static err_t
check(struct arena *a, unsigned weekend, const struct calendar_day *days, size_t n, int first, int last)
{
    int32_t from = 0, to = 0;
    if (weekend & ~(unsigned)CALENDAR_WEEKDAYS || weekend == CALENDAR_WEEKDAYS)
        return err_new(a, E_BAD_INPUT, "A weekend of all seven days leaves no day to work.");
    if (!n && !last)
        return NULL;
    if (first > last || !date_from_civil(first, 1, 1, &from) || !date_from_civil(last, 12, 31, &to))
        return err_new(a, E_BAD_INPUT, "The years %d to %d are no years that holidays can be known for.", first, last);
    if (n && (days[0].day < from || days[n - 1].day > to))
        return err_new(a, E_BAD_INPUT, "A holiday lies outside the years %d to %d.", first, last);
    return NULL;
}

err_t
calendar_make(struct arena *a, unsigned weekend, const struct calendar_day *days, size_t n,
              int first_year, int last_year, struct calendar *ret)
{
    struct calendar_day *own = arena_alloc(a, (n + 1) * sizeof *own);
    if (n)
        memcpy(own, days, n * sizeof *own);
    n = gather(a, own, n);
    TRY(check(a, weekend, own, n, first_year, last_year));
    int32_t *off = arena_alloc(a, (n + 1) * sizeof *off);
    size_t n_off = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(weekend >> date_weekday(own[i].day) & 1))
            off[n_off++] = own[i].day;
    }
    *ret = (struct calendar){.weekend = weekend, .days = own, .n = n, .off = off, .n_off = n_off,
                             .first_year = first_year, .last_year = last_year};
    return NULL;
}

err_t
calendar_union(struct arena *a, const struct calendar *x, const struct calendar *y, struct calendar *ret)
{
    int first = x->first_year > y->first_year ? x->first_year : y->first_year;
    int last = x->last_year < y->last_year ? x->last_year : y->last_year;
    struct calendar_day *days = arena_alloc(a, (x->n + y->n + 1) * sizeof *days);
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++)
        days[n++] = x->days[i];
    for (size_t i = 0; i < y->n; i++)
        days[n++] = y->days[i];
    struct calendar all; /* holidays that one side knows count in any year */
    TRY(calendar_make(a, x->weekend | y->weekend, days, n, n ? 1 : 0, n ? 9999 : 0, &all));
    all.first_year = first <= last && first > 0 ? first : 0;
    all.last_year = all.first_year ? last : 0;
    *ret = all;
    return NULL;
}

bool
calendar_weekend_parse(const char *text, unsigned *ret)
{
    unsigned weekend = 0;
    if (strcasecmp(text, "none") == 0) {
        *ret = 0;
        return true;
    }
    for (const char *p = text;; p++) {
        unsigned i = 0;
        p += strspn(p, " ");
        while (i < 7 && strncasecmp(p, words[i], 3) != 0)
            i++;
        if (i == 7)
            return false;
        weekend |= 1U << i;
        p += 3 + strspn(p + 3, " ");
        if (!*p)
            break;
        if (*p != ',')
            return false;
    }
    if (weekend == CALENDAR_WEEKDAYS)
        return false;
    *ret = weekend;
    return true;
}

const char *
calendar_weekend_words(struct arena *a, unsigned weekend)
{
    struct buf b;
    buf_init(&b, a);
    for (unsigned i = 0; i < 7; i++) {
        if (weekend >> i & 1)
            buf_printf(&b, "%s%s", b.len ? "," : "", words[i]);
    }
    return b.len ? buf_text(&b) : "none";
}
