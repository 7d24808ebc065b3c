/* weeks.c: see weeks.h. Called by plan.c. */
#include "features/load/weeks.h"

#include "base/date.h"

enum { BACK = 366, FORWARD = 60, WEEK = 7 };

int32_t
weeks_monday(int32_t day)
{
    return day - date_weekday(day);
}

bool
weeks_worked(const struct weeks_person *p, int32_t day)
{
    for (size_t i = 0; i < p->n_away; i++) {
        if (day >= p->away[i].from && day <= p->away[i].to)
            return false;
    }
    return calendar_why(p->calendar, day, NULL) == CALENDAR_WORKED;
}

int32_t
weeks_capacity(const struct weeks_person *p, int32_t monday)
{
    int usual = 0, worked = 0;
    for (int i = 0; i < WEEK; i++) {
        usual += !(p->calendar->weekend & 1u << i);
        worked += weeks_worked(p, monday + i);
    }
    return usual ? (int32_t)((int64_t)p->weekly * worked / usual) : 0;
}

void
weeks_make(const struct weeks_person *p, int32_t monday, size_t n, struct weeks_week *ret)
{
    for (size_t i = 0; i < n; i++) {
        int32_t m = monday + WEEK * (int32_t)i;
        ret[i] = (struct weeks_week){.monday = m, .capacity = weeks_capacity(p, m)};
    }
}

static void
put(int32_t day, int32_t minutes, int32_t monday, size_t n, int32_t *add)
{
    if (day < monday || (size_t)((day - monday) / WEEK) >= n)
        return;
    add[(day - monday) / WEEK] += minutes;
}

/* When no day is left before it: the next worked one. */
static int32_t
next_worked(const struct weeks_person *p, int32_t due)
{
    for (int32_t day = due + 1; day <= due + FORWARD; day++) {
        if (weeks_worked(p, day))
            return day;
    }
    return due;
}

void
weeks_spread(const struct weeks_person *p, const struct weeks_part *x, int32_t monday, size_t n, int32_t *add)
{
    int32_t due = x->due < x->earliest ? x->earliest : x->due;
    int32_t want = (x->minutes + WEEKS_A_DAY - 1) / WEEKS_A_DAY, days[BACK], k = 0;
    for (int32_t day = due; day >= x->earliest && day > due - BACK && k < want && k < BACK; day--) {
        if (weeks_worked(p, day))
            days[k++] = day;
    }
    if (x->minutes <= 0)
        return;
    if (k == 0) {
        put(next_worked(p, due), x->minutes, monday, n, add);
        return;
    }
    int32_t each = x->minutes / k;
    for (int32_t i = 0; i < k; i++)
        put(days[i], i ? each : x->minutes - each * (k - 1), monday, n, add);
}

size_t
weeks_room(const struct weeks_week *w, size_t n, size_t i, int32_t minutes)
{
    while (i < n && (w[i].capacity <= 0 || w[i].capacity - w[i].planned < minutes))
        i++;
    return i;
}
