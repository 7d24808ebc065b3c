/* rules.c: see rules.h. Called by pages.c. */
#include "features/contacts/rules.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word, *channel;
} channels[] = {
    {"called", "call"},   {"call", "call"},       {"phoned", "call"},    {"rang", "call"},      {"telephone", "call"}, {"spoke", "call"},
    {"mailed", "mail"},   {"emailed", "mail"},    {"mail", "mail"},      {"email", "mail"},     {"wrote", "mail"},     {"met", "meeting"},
    {"saw", "meeting"},   {"visited", "meeting"}, {"meeting", "meeting"}, {"video", "video"},   {"zoom", "video"},     {"teams", "video"},
    {"letter", "letter"}, {"posted", "letter"},
};

/* The words of a text, folded: no marks, no case, no punctuation. */
static char **
words_of(struct arena *a, const char *text, size_t *ret_n)
{
    return str_split(a, utf8_fold(a, text), ' ', ret_n);
}

static void
read_channel(char *const *w, size_t n, struct contact_line *ret)
{
    ret->channel = "note";
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof channels / sizeof *channels; k++) {
            if (strcmp(w[i], channels[k].word) == 0) {
                ret->channel = channels[k].channel;
                return;
            }
        }
    }
}

/* How many words of the name stand in the line; those of one letter do not count. */
static size_t
fits(struct arena *a, const char *name, char *const *w, size_t n)
{
    size_t n_name, found = 0;
    char **part = words_of(a, name, &n_name);
    for (size_t k = 0; k < n_name; k++) {
        for (size_t i = 0; i < n && strlen(part[k]) > 1; i++) {
            if (strcmp(part[k], w[i]) == 0) {
                found++;
                break;
            }
        }
    }
    return found;
}

static void
read_person(struct arena *a, char *const *w, size_t n, const char *const *names, size_t n_names, struct contact_line *ret)
{
    size_t best = 0;
    for (size_t k = 0; k < n_names; k++) {
        size_t f = fits(a, names[k], w, n);
        if (f > best) {
            best = f;
            ret->with = names[k];
            ret->two = false;
        } else if (f && f == best) {
            ret->two = true;
        }
    }
    if (ret->two)
        ret->with = NULL;
}

/* ---- days ---- */

static int
month_of(const char *word)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    for (int m = 0; m < 12; m++) {
        if (strlen(word) >= 3 && strncmp(word, months[m], 3) == 0)
            return m + 1;
    }
    return 0;
}

static int
weekday_of(const char *word)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
    for (int d = 0; d < 7; d++) {
        if (strcmp(word, days[d]) == 0 || (strlen(word) == 3 && strncmp(word, days[d], 3) == 0))
            return d;
    }
    return -1;
}

static bool
day_month(char *const *w, size_t n, size_t i, int32_t today, int32_t *ret)
{
    int64_t day, year;
    int this_year, m, d;
    int month = i + 1 < n ? month_of(w[i + 1]) : 0;
    if (!month || !str_int(w[i], &day) || day < 1 || day > 31)
        return false;
    date_to_civil(today, &this_year, &m, &d);
    bool said = i + 2 < n && str_int(w[i + 2], &year) && year > 1999 && year < 2200;
    if (!date_from_civil(said ? (int)year : this_year, month, (int)day, ret))
        return false;
    if (*ret > today && !said && !date_from_civil(this_year - 1, month, (int)day, ret))
        return false;
    return *ret <= today;
}

/* "2026-11-02": three words once it is folded. */
static bool
year_month_day(char *const *w, size_t n, size_t i, int32_t today, int32_t *ret)
{
    int64_t y, m, d;
    return i + 2 < n && str_int(w[i], &y) && str_int(w[i + 1], &m) && str_int(w[i + 2], &d) && y > 1999 && y < 2200 && m > 0 && m < 13 &&
           d > 0 && d < 32 && date_from_civil((int)y, (int)m, (int)d, ret) && *ret <= today;
}

static void
read_day(char *const *w, size_t n, int32_t today, struct contact_line *ret)
{
    int32_t day;
    ret->day = today;
    for (size_t i = 0; i < n; i++) {
        int weekday = weekday_of(w[i]);
        if (strcmp(w[i], "yesterday") == 0)
            day = today - 1;
        else if (weekday >= 0)
            day = today - 1 - (date_weekday(today - 1) - weekday + 7) % 7;
        else if (!day_month(w, n, i, today, &day) && !year_month_day(w, n, i, today, &day))
            continue;
        ret->day = day;
        return;
    }
}

void
contact_read(struct arena *a, const char *text, const char *const *names, size_t n_names, int32_t today, struct contact_line *ret)
{
    size_t n;
    char **w = words_of(a, text, &n);
    *ret = (struct contact_line){0};
    read_channel(w, n, ret);
    read_person(a, w, n, names, n_names, ret);
    read_day(w, n, today, ret);
}
