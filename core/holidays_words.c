/* holidays_words.c: due dates and the words of why they are due then. Pure, no database. See holidays.h.
 *
 * Every sentence stands whole in a table, with named places in it, so that a catalogue of another language
 * can turn it round. */
#include "core/holidays.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "core/countries.h"

#include <stdlib.h>
#include <string.h>

static const char *const unit_words[] = {
    [HOLIDAYS_CALENDAR_DAYS] = "calendar", [HOLIDAYS_BUSINESS_DAYS] = "business", [HOLIDAYS_HOURS] = "hours"};
enum { UNITS = sizeof unit_words / sizeof *unit_words };

const char *
holidays_unit_word(enum holidays_unit u)
{
    return unit_words[u];
}

bool
holidays_unit_find(const char *word, enum holidays_unit *ret)
{
    for (size_t i = 0; word && i < UNITS; i++) {
        if (strcmp(word, unit_words[i]) == 0) {
            *ret = (enum holidays_unit)i;
            return true;
        }
    }
    return false;
}

/* ---- when ---- */

static int64_t
whole_days(int64_t hours)
{
    return hours >= 0 ? hours / 24 : -((-hours + 23) / 24);
}

err_t
holidays_due(struct ctx *c, int32_t day, int64_t n, enum holidays_unit u, const struct holidays *h,
             struct calendar_sum *ret)
{
    static const int64_t most = 10000 * 366; /* days; keeps the sum in range */
    int32_t first = 0, last = 0;
    bool fits;
    struct calendar_sum sum = {.n = n};
    if (u == HOLIDAYS_BUSINESS_DAYS) {
        fits = calendar_add(&h->calendar, day, n, &sum);
    } else {
        int64_t days = u == HOLIDAYS_HOURS ? whole_days(n) : n;
        int64_t to = days > most || days < -most ? INT64_MAX : day + days;
        fits = date_from_civil(1, 1, 1, &first) && date_from_civil(9999, 12, 31, &last) && to >= first && to <= last;
        sum.day = fits ? (int32_t)to : 0;
    }
    if (!fits)
        return err_new(c->mem, E_BAD_INPUT, "That is further from the event than there are years. Give fewer days.");
    *ret = sum;
    return NULL;
}

/* ---- why ---- */

struct value {
    const char *name, *text;
};

/* The text with every {name} replaced. */
static const char *
filled(struct arena *a, const char *text, const struct value *values, size_t n)
{
    struct buf b;
    buf_init(&b, a);
    while (*text) {
        size_t plain = strcspn(text, "{");
        buf_add(&b, text, plain);
        text += plain;
        if (!*text)
            break;
        size_t len = strcspn(text + 1, "}"), i = 0;
        while (i < n && (strlen(values[i].name) != len || strncmp(values[i].name, text + 1, len) != 0))
            i++;
        INVARIANT(i < n);
        buf_str(&b, values[i].text);
        text += len + 2;
    }
    return buf_text(&b);
}

/* [unit][0 after, 1 before][0 one, 1 several] */
static const char *const offsets[UNITS][2][2] = {
    [HOLIDAYS_CALENDAR_DAYS] = {{"{anchor} + {n} calendar day", "{anchor} + {n} calendar days"},
                                {"{anchor} − {n} calendar day", "{anchor} − {n} calendar days"}},
    [HOLIDAYS_BUSINESS_DAYS] = {{"{anchor} + {n} business day, {calendar}", "{anchor} + {n} business days, {calendar}"},
                                {"{anchor} − {n} business day, {calendar}", "{anchor} − {n} business days, {calendar}"}},
    [HOLIDAYS_HOURS] = {{"{anchor} + {n} hour", "{anchor} + {n} hours"}, {"{anchor} − {n} hour", "{anchor} − {n} hours"}},
};

/* In a sentence: "the Netherlands". */
static const char *
country_words(struct arena *a, const char *code)
{
    static const char *const with_the[] = {"AE", "BS", "CF", "CG", "DO", "FK", "FO", "GB", "GM", "KM", "KY",
                                           "MH", "MV", "NL", "PH", "SB", "SC", "US", "VG", "VI"};
    const char *name = str_or(countries_name(code), code);
    for (size_t i = 0; i < sizeof with_the / sizeof *with_the; i++) {
        if (strcmp(code, with_the[i]) == 0 && !str_starts(name, "The "))
            return arena_printf(a, "the %s", name);
    }
    return name;
}

static const char *
weekend_words(struct arena *a, unsigned weekend)
{
    static const char *const names[] = {"Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"};
    struct buf b;
    int left = __builtin_popcount(weekend), said = 0;
    buf_init(&b, a);
    for (unsigned i = 0; i < 7; i++) {
        if (!(weekend >> i & 1))
            continue;
        buf_printf(&b, "%s%s", said == 0 ? "" : left == 1 ? " and " : ", ", names[i]);
        said++;
        left--;
    }
    return said ? buf_text(&b) : "no weekends";
}

const char *
holidays_words(struct arena *a, const struct holidays *h)
{
    const char *known[2] = {NULL}, *missing[2] = {NULL};
    size_t n_known = 0, n_missing = 0;
    for (int i = 0; i < 2; i++) {
        if (h->country[i] && h->missing[i])
            missing[n_missing++] = country_words(a, h->country[i]);
        else if (h->country[i])
            known[n_known++] = country_words(a, h->country[i]);
    }
    /* [known][missing] */
    static const char *const texts[3][3] = {
        {"{weekend} only: no country is given", "{weekend} only: no holidays are known for {m0}",
         "{weekend} only: no holidays are known for {m0} and {m1}"},
        {"holidays of {k0}", "holidays of {k0}: none are known for {m0}", ""},
        {"holidays of {k0} and {k1}", "", ""},
    };
    const struct value values[] = {{"weekend", weekend_words(a, h->calendar.weekend)}, {"k0", known[0]}, {"k1", known[1]},
                                   {"m0", missing[0]}, {"m1", missing[1]}};
    return filled(a, texts[n_known][n_missing], values, sizeof values / sizeof *values);
}

/* Of no known holidays at all the words of the calendar have told already. */
static const char *
guess_words(struct arena *a, const char *reason, const struct holidays *h)
{
    if (!h->calendar.last_year)
        return reason;
    const struct value values[] = {{"reason", reason},
                                   {"first", arena_printf(a, "%d", h->calendar.first_year)},
                                   {"last", arena_printf(a, "%d", h->calendar.last_year)}};
    return filled(a, "{reason}; holidays are known for {first} to {last} only, in other years weekends alone were skipped",
                  values, sizeof values / sizeof *values);
}

const char *
holidays_reason(struct arena *a, const char *anchor, int64_t n, enum holidays_unit u, const struct holidays *h,
                bool guessed)
{
    if (n == 0)
        return anchor;
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    const struct value values[] = {{"anchor", anchor},
                                   {"n", arena_printf(a, "%llu", (unsigned long long)size)},
                                   {"calendar", u == HOLIDAYS_BUSINESS_DAYS ? holidays_words(a, h) : NULL}};
    const char *reason = filled(a, offsets[u][n < 0][size != 1], values, sizeof values / sizeof *values);
    return guessed && u == HOLIDAYS_BUSINESS_DAYS ? guess_words(a, reason, h) : reason;
}
