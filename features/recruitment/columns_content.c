/* columns_content.c: see columns_content.h. */
#include "features/recruitment/columns_content.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "features/recruitment/columns_status.h"

#include <ctype.h>
#include <string.h>

enum { SLOTS = 8192 }; /* of the table of distinct values; more than twice the sample */

bool
columns_content_share(size_t part, size_t whole, unsigned percent)
{
    return whole > 0 && part > 0 && part * 100 >= whole * percent;
}

/* -- one value */

static bool
is_letter(unsigned char c)
{
    return isalpha(c) || c >= 0x80;
}

/* Two to four words of letters, each with a capital: "Smith, Anna M.", "Anna van Smith". */
static bool
is_person(const char *s)
{
    size_t words = 0, capitals = 0;
    for (const char *p = s; *p;) {
        if (is_letter((unsigned char)*p)) {
            words++;
            capitals += isupper((unsigned char)*p) || (unsigned char)*p >= 0x80;
            while (is_letter((unsigned char)*p) || *p == '\'' || *p == '-')
                p++;
        } else if (strchr(" ,.", *p)) {
            p++;
        } else {
            return false;
        }
    }
    return words >= 2 && words <= 4 && capitals >= 2;
}

/* Two to four capitals, with or without full stops. */
static bool
is_initials(const char *s)
{
    size_t letters = 0;
    for (; *s; s++) {
        if (isupper((unsigned char)*s))
            letters++;
        else if (!strchr(". -", *s))
            return false;
    }
    return letters >= 2 && letters <= 4;
}

static bool
is_email(const char *s)
{
    const char *at = strchr(s, '@');
    return at && at > s && strchr(at, '.') && !strchr(at + 1, '@');
}

static bool
is_phone(const char *s)
{
    size_t digits = 0;
    if (*s != '+')
        return false;
    for (s++; *s; s++) {
        if (isdigit((unsigned char)*s))
            digits++;
        else if (!strchr(" ()-/.", *s))
            return false;
    }
    return digits >= 8 && digits <= 15;
}

/* Words that name what a participant is given. */
static bool
is_arm(struct arena *a, const char *s)
{
    static const char *const words[] = {
        "placebo", "plazebo",        "verum",        "sham",
        "active",  "control",        "kontrolle",    "standard of care",
        "soc",     "intervention",   "experimental", "comparator",
        "arm a",   "arm b",          "arm 1",        "arm 2",
        "temoin",  "kontrollgruppe", "pbo"};
    struct arena_mark mark = arena_save(a);
    const char *folded = utf8_fold(a, s);
    bool found = strncmp(folded, "placebo", 7) == 0;
    for (size_t i = 0; !found && i < sizeof words / sizeof *words; i++)
        found = strcmp(folded, words[i]) == 0;
    arena_restore(a, mark);
    return found;
}

static bool
is_number(const struct sheet_cell *cell)
{
    double x;
    return cell->kind == SHEET_NUMBER || (cell->kind == SHEET_TEXT && str_real(cell->text, &x));
}

/* -- counting */

/* A day for the value, in the likeliest order: good enough for a year. A date in the future is
 * today, as far as its age goes. */
static bool
some_day(struct arena *a, const struct sheet_cell *cell, const struct dates_rule *rule,
         struct dates_value *ret)
{
    if (cell->kind == SHEET_DATE) {
        *ret = (struct dates_value){cell->day, (enum date_precision)cell->precision};
        return true;
    }
    struct arena_mark mark = arena_save(a);
    unsigned set = dates_orders(a, cell->text, rule);
    unsigned order = set & DATES_DMY ? DATES_DMY : set & DATES_MDY ? DATES_MDY : DATES_YMD;
    if (set && dates_read(a, cell->text, order, rule, ret))
        *ret = (struct dates_value){rule->today, DATE_DAY};
    arena_restore(a, mark);
    return set != 0;
}

static void
count_date(struct arena *a, const struct sheet_cell *cell, const struct dates_rule *rule,
           struct columns_content *c)
{
    struct dates_value v;
    if (!some_day(a, cell, rule, &v)) {
        c->odd_date = c->odd_date ? c->odd_date : cell->text;
        return;
    }
    c->first = c->dates == 0 || v.day < c->first ? v.day : c->first;
    c->last = c->dates == 0 || v.day > c->last ? v.day : c->last;
    c->months += v.precision == DATE_MONTH;
    c->dates++;
}

static void
count_distinct(const char **slots, const char *text, struct columns_content *c)
{
    uint32_t hash = 2166136261u;
    for (const char *p = text; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    size_t at = hash % SLOTS;
    while (slots[at] && strcmp(slots[at], text) != 0)
        at = (at + 1) % SLOTS;
    if (slots[at])
        return;
    slots[at] = text;
    if (c->distinct < COLUMNS_FEW)
        c->few[c->distinct] = text;
    c->distinct++;
}

static void
count_value(struct arena *a, const struct sheet_cell *cell, const struct dates_rule *rule,
            struct columns_content *c)
{
    enum columns_status status;
    bool flag;
    double x;
    const char *s = cell->text;
    c->filled++;
    c->numbers += is_number(cell);
    c->several += is_number(cell) && str_real(s, &x) && x >= 2;
    c->flags += cell->kind == SHEET_BOOL || columns_flag(a, s, &flag);
    c->statuses += columns_status_find(a, s, &status);
    c->digits += strpbrk(s, "0123456789") != NULL;
    c->emails += is_email(s);
    c->phones += is_phone(s);
    c->people += is_person(s);
    c->initials += is_initials(s);
    c->arms += is_arm(a, s);
    count_date(a, cell, rule, c);
}

/* Row `i` of the sample of `n` rows beneath the header. */
static const struct sheet_cell *
sampled(const struct sheet *s, size_t column, size_t i, size_t n)
{
    size_t rows = s->n - s->header - 1;
    return sheet_cell(&s->rows[s->header + 1 + (size_t)((uint64_t)i * rows / n)], column);
}

static size_t
sample_size(const struct sheet *s)
{
    size_t rows = s->n - s->header - 1;
    return rows < COLUMNS_SAMPLE ? rows : COLUMNS_SAMPLE;
}

struct columns_content
columns_content_read(struct arena *a, const struct sheet *s, size_t column,
                     const struct dates_rule *rule)
{
    struct columns_content c = {.rows = sample_size(s)};
    struct arena_mark mark = arena_save(a);
    const char **slots = arena_alloc(a, SLOTS * sizeof *slots);
    double before = 0;
    size_t rises = 0, falls = 0;
    for (size_t i = 0; i < c.rows; i++) {
        const struct sheet_cell *cell = sampled(s, column, i, c.rows);
        double x;
        if (cell->kind == SHEET_EMPTY)
            continue;
        count_value(a, cell, rule, &c);
        count_distinct(slots, cell->text, &c);
        if (str_real(cell->text, &x)) {
            rises += c.numbers > 1 && x > before;
            falls += c.numbers > 1 && x < before;
            before = x;
        }
    }
    c.rising = rises >= 2 && falls == 0;
    arena_restore(a, mark);
    return c;
}

bool
columns_content_same(struct arena *a, const struct sheet *s, size_t one, size_t other)
{
    size_t n = sample_size(s);
    struct columns_content first = {0}, second = {0}, both = {0};
    struct arena_mark mark = arena_save(a);
    const char **slots = arena_alloc(a, 3 * SLOTS * sizeof *slots);
    for (size_t i = 0; i < n; i++) {
        const char *x = sampled(s, one, i, n)->text, *y = sampled(s, other, i, n)->text;
        count_distinct(slots, x, &first);
        count_distinct(slots + SLOTS, y, &second);
        count_distinct(slots + 2 * SLOTS, arena_printf(a, "%s\n%s", x, y), &both);
    }
    arena_restore(a, mark);
    return first.distinct == both.distinct && second.distinct == both.distinct;
}

const char *const *
columns_content_values(struct arena *a, const struct sheet *s, size_t column, size_t *ret_n)
{
    size_t n = sample_size(s);
    const char **values = arena_alloc(a, n * sizeof *values);
    for (size_t i = 0; i < n; i++)
        values[i] = sampled(s, column, i, n)->text;
    *ret_n = n;
    return values;
}
