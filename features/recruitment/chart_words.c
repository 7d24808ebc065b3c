/* chart_words.c: the chart's texts. See chart_words.h. Called by the other chart files. */
#include "features/recruitment/chart_words.h"

#include "base/arena.h"
#include "base/date.h"

#include <stdio.h>
#include <string.h>

const struct chart_words chart_words_english = {
    .month = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    .day = "{d} {m}",
    .day_year = "{d} {m} {y}",
    .month_year = "{m} ’{y}",
    .thousands = ',',
    .title = "Participants enrolled: planned, actual and likely",
    .today = "{n} today",
    .on = "{n} on {date}",
    .target = "Target {n}",
    .plan = "Plan {date}",
    .plan_ends = "Plan ends {date}",
    .deadline = "Deadline {date}",
    .both = "Plan and deadline {date}",
    .likely = "Likely {date}",
    .reached = "Reached {date}",
    .came = "What really came",
    .range = "{from} to {to}",
    .later = "{from} or later",
    .futures = "80 in 100 futures",
    .futures_open = "90 in 100 futures",
    .never = "Likely not reached",
    .say_target = "The target is {n}.",
    .say_actual = "{n} enrolled by {date}.",
    .say_planned = "{n} enrolled by {date}, {plan} planned by then.",
    .say_plan = "The plan reaches {n} on {date}.",
    .say_plan_ends = "The plan ends on {date} with {n}.",
    .say_reached = "The target was reached on {date}.",
    .say_likely = "The target is likely reached around {date}; in 80 of 100 futures between {from} "
                  "and {to}.",
    .say_open = "The target is likely reached around {date}; not before {from} in 90 of 100 "
                "futures, and in more than 10 of 100 not within the time looked at.",
    .say_later = "The target is likely not reached within the time looked at; in 10 of 100 futures "
                 "it is reached by {from}.",
    .say_never = "In fewer than 10 of 100 futures is the target reached within the time looked at.",
    .say_none = "There is no forecast yet.",
    .say_deadline = "The deadline is {date}.",
};

const char *
chart_words_fill(struct arena *a, const char *text, const struct chart_blank *blanks)
{
    struct buf b;
    buf_init(&b, a);
    for (const char *s = text; *s; s++) {
        const struct chart_blank *hit = NULL;
        for (const struct chart_blank *k = blanks; *s == '{' && k->name && !hit; k++) {
            size_t n = strlen(k->name);
            if (strncmp(s + 1, k->name, n) == 0 && s[n + 1] == '}')
                hit = k;
        }
        if (hit) {
            buf_str(&b, hit->value);
            s += strlen(hit->name) + 1;
        } else {
            buf_char(&b, *s);
        }
    }
    return buf_text(&b);
}

const char *
chart_words_number(struct arena *a, const struct chart_words *w, double n)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.0f", n);
    size_t len = strlen(digits);
    if (len < 5 || !w->thousands || n < 0)
        return arena_strdup(a, digits);
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_char(&b, w->thousands);
        buf_char(&b, digits[i]);
    }
    return buf_text(&b);
}

const char *
chart_words_day(struct arena *a, const struct chart_words *w, int32_t day, bool year)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    return chart_words_fill(a, year ? w->day_year : w->day, (struct chart_blank[]){
        {"d", arena_printf(a, "%d", d)}, {"m", w->month[m - 1]},
        {"y", arena_printf(a, "%d", y)}, {0}});
}

const char *
chart_words_month(struct arena *a, const struct chart_words *w, int32_t day, bool year)
{
    int y, m, d;
    date_to_civil(day, &y, &m, &d);
    if (!year)
        return w->month[m - 1];
    return chart_words_fill(a, w->month_year, (struct chart_blank[]){
        {"m", w->month[m - 1]}, {"y", arena_printf(a, "%02d", y % 100)}, {0}});
}
