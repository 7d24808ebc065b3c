/* dates.c: see dates.h. A text is cut into tokens (dates_scan.c), its shape tells which orders come
 * into question, and each order gives a reading or a reason why not. */
#include "features/recruitment/dates.h"

#include "base/arena.h"
#include "base/str.h"
#include "features/recruitment/dates_scan.h"

#include <stdio.h>
#include <string.h>

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

static const enum dates_order all_orders[] = {DATES_YMD, DATES_DMY, DATES_MDY};

/* What is wrong with a text, or nothing. */
enum fault {
    FINE,
    NO_DATE,
    BARE_NUMBER,
    ONLY_YEAR,
    NO_YEAR,
    SHORT_YEAR,
    NO_SUCH_MONTH,
    NO_SUCH_DAY,
    TOO_EARLY,
};

/* Numbers in the order written, not yet put in an order. */
struct shape {
    enum fault fault;
    unsigned orders;     /* that come into question; DATES_ANY with `fixed` */
    bool fixed;          /* y, m, d are known whatever the order */
    bool iso;            /* fixed by a year of four digits in front */
    bool month_only;     /* fixed, and no day in it */
    int part[3];         /* not fixed: as written; fixed: y, m, d */
    bool two_digit_year; /* only if fixed; else wherever the order puts a part of two digits */
    bool short_part[3];
};

static int
first_year(const struct dates_rule *rule)
{
    return rule->first_year ? rule->first_year : 1900;
}

/* The year of two digits, by the rule in dates.h. */
static int
whole_year(int yy, const struct dates_rule *rule)
{
    int y, m, d;
    date_to_civil(rule->today, &y, &m, &d);
    int last = y + (rule->future ? DATES_FUTURE_YEARS : 0);
    int year = last - last % 100 + yy;
    return year > last ? year - 100 : year;
}

static struct shape
bad(enum fault fault)
{
    return (struct shape){.fault = fault};
}

static struct shape
fixed(int y, bool two_digits, int m, int d)
{
    return (struct shape){
        .orders = DATES_ANY, .fixed = true, .part = {y, m, d}, .two_digit_year = two_digits};
}

static struct shape
month_of(int y, bool two_digits, int m)
{
    struct shape s = fixed(y, two_digits, m, 1);
    s.month_only = true;
    return s;
}

/* -- shapes: one function for each number of tokens */

/* One number: 20240312, 12032024, and where the rule says so 82888. */
static struct shape
shape_of_one(const struct dates_token *t, const struct dates_rule *rule)
{
    int v = t->value;
    if (t->kind != DATES_NUMBER)
        return bad(t->kind == DATES_MONTH_NAME ? NO_YEAR : NO_DATE);
    if (t->digits == 4 && v >= 1900 && v <= 2100)
        return bad(ONLY_YEAR);
    if (t->digits == 8 && v / 10000 >= 1900 && v / 10000 <= 2100 && v / 100 % 100 <= 12) {
        struct shape s = fixed(v / 10000, false, v / 100 % 100, v % 100);
        s.iso = true;
        return s;
    }
    if (t->digits == 8)
        return (struct shape){.orders = DATES_DMY | DATES_MDY,
                              .part = {v / 1000000, v / 10000 % 100, v % 10000}};
    if (rule->numerals && (t->digits == 5 || t->digits == 6))
        return (struct shape){.orders = DATES_ANY,
                              .part = {v / 10000, v / 100 % 100, v % 100},
                              .short_part = {true, true, true}};
    return bad(BARE_NUMBER);
}

/* A month: 2024-03, 03/2024, Mar 2024, Mar-24. */
static struct shape
shape_of_two(const struct dates_token *t)
{
    for (int i = 0; i < 2; i++) {
        const struct dates_token *y = &t[i], *m = &t[1 - i];
        if (y->kind != DATES_NUMBER || m->kind == DATES_UNKNOWN)
            continue;
        bool decimal = i == 0 && m->before == '.'; /* 2024.3 is a number, 03.2024 a month */
        if (y->digits == 4 && (m->kind == DATES_MONTH_NAME || (m->digits <= 2 && !decimal)))
            return month_of(y->value, false, m->value);
        if (i == 1 && y->digits == 2 && m->kind == DATES_MONTH_NAME && y->before != ' ')
            return month_of(y->value, true, m->value);
    }
    if (t[0].kind == DATES_UNKNOWN || t[1].kind == DATES_UNKNOWN)
        return bad(NO_DATE);
    if (t[0].kind == DATES_MONTH_NAME || t[1].kind == DATES_MONTH_NAME)
        return bad(NO_YEAR);
    return bad(t[0].digits <= 2 && t[1].digits <= 2 ? SHORT_YEAR : NO_DATE);
}

/* With a part unknown: the month, if year and month are there. */
static struct shape
shape_with_unknown(const struct dates_token *t)
{
    const struct dates_token *year = NULL, *month = NULL;
    for (int i = 0; i < 3; i++) {
        if (t[i].kind == DATES_NUMBER && t[i].digits == 4)
            year = &t[i];
        else if (t[i].kind != DATES_UNKNOWN && !month)
            month = &t[i];
    }
    if (!year)
        return bad(NO_DATE);
    /* the month stands in the middle, or has a name */
    if (!month || (month->kind == DATES_NUMBER && (month != &t[1] || month->digits > 2)))
        return bad(ONLY_YEAR);
    return month_of(year->value, false, month->value);
}

/* Three tokens, one of them a month's name. */
static struct shape
shape_with_name(const struct dates_token *t)
{
    const struct dates_token *n0 = &t[0], *n1 = &t[1], *n2 = &t[2];
    if (n1->kind == DATES_MONTH_NAME && n0->kind == DATES_NUMBER && n2->kind == DATES_NUMBER) {
        if (n0->digits == 4 && n2->digits <= 2)
            return fixed(n0->value, false, n1->value, n2->value);
        if (n0->digits <= 2 && (n2->digits == 4 || n2->digits == 2))
            return fixed(n2->value, n2->digits == 2, n1->value, n0->value);
    }
    if (n0->kind == DATES_MONTH_NAME && n1->kind == DATES_NUMBER && n2->kind == DATES_NUMBER &&
        n1->digits <= 2 && (n2->digits == 4 || n2->digits == 2))
        return fixed(n2->value, n2->digits == 2, n0->value, n1->value);
    return bad(NO_DATE);
}

static struct shape
shape_of_three(const struct dates_token *t)
{
    bool name = false, unknown = false;
    for (int i = 0; i < 3; i++) {
        name |= t[i].kind == DATES_MONTH_NAME;
        unknown |= t[i].kind == DATES_UNKNOWN;
    }
    if (unknown)
        return shape_with_unknown(t);
    if (name)
        return shape_with_name(t);
    if (t[1].digits > 2)
        return bad(NO_DATE);
    if (t[0].digits == 4 && t[2].digits <= 2) {
        struct shape s = fixed(t[0].value, false, t[1].value, t[2].value);
        s.iso = true;
        return s;
    }
    struct shape s = {.part = {t[0].value, t[1].value, t[2].value}};
    if (t[0].digits <= 2 && t[2].digits == 4)
        s.orders = DATES_DMY | DATES_MDY;
    else if (t[0].digits <= 2 && t[2].digits <= 2)
        s.orders = DATES_DMY | DATES_MDY | (t[0].digits == 2 ? DATES_YMD : 0);
    else
        return bad(NO_DATE);
    if (t[2].digits == 1)
        s.orders &= DATES_YMD; /* a year has two digits or four */
    for (int i = 0; i < 3; i++)
        s.short_part[i] = t[i].digits <= 2;
    return s.orders ? s : bad(NO_DATE);
}

static struct shape
shape_of(struct arena *a, const char *text, const struct dates_rule *rule)
{
    struct dates_token t[DATES_TOKENS] = {0};
    size_t n;
    if (!dates_scan(a, text, t, &n))
        return bad(NO_DATE);
    return n == 1 ? shape_of_one(t, rule) : n == 2 ? shape_of_two(t) : shape_of_three(t);
}

/* -- readings */

/* The year, month and day of a shape in an order. */
static void
arrange(const struct shape *s, enum dates_order order, const struct dates_rule *rule, int ret[3])
{
    static const int at[3][3] = {{0, 1, 2}, {2, 1, 0}, {2, 0, 1}}; /* where y, m, d stand */
    const int *where = at[order == DATES_YMD ? 0 : order == DATES_DMY ? 1 : 2];
    for (int i = 0; i < 3; i++)
        ret[i] = s->part[s->fixed ? i : where[i]];
    if (s->fixed ? s->two_digit_year : s->short_part[where[0]])
        ret[0] = whole_year(ret[0], rule);
}

/* One reading of a shape. The future is not looked at. */
static enum fault
read_as(const struct shape *s, enum dates_order order, const struct dates_rule *rule,
        struct dates_value *ret)
{
    int ymd[3];
    if (s->fault)
        return s->fault;
    arrange(s, order, rule, ymd);
    if (ymd[1] < 1 || ymd[1] > 12)
        return NO_SUCH_MONTH;
    if (!date_from_civil(ymd[0], ymd[1], ymd[2], &ret->day))
        return NO_SUCH_DAY;
    ret->precision = s->month_only ? DATE_MONTH : DATE_DAY;
    return ymd[0] < first_year(rule) ? TOO_EARLY : FINE;
}

static unsigned
orders_of(const struct shape *s, const struct dates_rule *rule)
{
    struct dates_value v;
    unsigned set = 0;
    for (size_t i = 0; i < 3; i++) {
        if ((s->orders & all_orders[i]) && read_as(s, all_orders[i], rule, &v) == FINE)
            set |= all_orders[i];
    }
    return set;
}

unsigned
dates_orders(struct arena *a, const char *text, const struct dates_rule *rule)
{
    struct shape s = shape_of(a, text, rule);
    return orders_of(&s, rule);
}

const char *
dates_order_label(enum dates_order order)
{
    return order == DATES_YMD ? "year first" : order == DATES_DMY ? "day first" : "month first";
}

static const char *
words_of(struct arena *a, const struct dates_value *v)
{
    return date_words(a, v->day, v->precision);
}

static err_t
no_such_day(struct arena *a, const char *text, const struct shape *s, enum dates_order order,
            const struct dates_rule *rule)
{
    int ymd[3];
    arrange(s, order, rule, ymd);
    if (ymd[0] < 1 || ymd[0] > 9999)
        return err_new(a, E_BAD_INPUT, "“%s” is not a date.", text);
    return err_new(a, E_BAD_INPUT, "“%s” is not a date: %s %d has days 1 to %d.", text,
                   month_names[ymd[1] - 1], ymd[0], date_days_in_month(ymd[0], ymd[1]));
}

static err_t
fault_error(struct arena *a, enum fault fault, const char *text, const struct shape *s,
            enum dates_order order, const struct dates_rule *rule)
{
    int ymd[3] = {0};
    switch (fault) {
    case FINE:
    case NO_DATE:
        break;
    case BARE_NUMBER:
        return err_new(a, E_BAD_INPUT,
                       "“%s” is a bare number, not a date. In the spreadsheet, format "
                       "the column as a date and save again.",
                       text);
    case ONLY_YEAR:
        return err_new(a, E_BAD_INPUT, "“%s” is only a year; a month is needed too.", text);
    case NO_YEAR:
        return err_new(a, E_BAD_INPUT,
                       "“%s” has no year that can be told from a day. Write the year "
                       "with four digits.",
                       text);
    case SHORT_YEAR:
        return err_new(a, E_BAD_INPUT,
                       "“%s” may be a day or a month. Write the year with four digits.", text);
    case NO_SUCH_MONTH:
        arrange(s, order, rule, ymd);
        if (s->fixed)
            return err_new(a, E_BAD_INPUT, "“%s” is not a date: there is no month %d.", text,
                           ymd[1]);
        return err_new(a, E_BAD_INPUT, "“%s” is not a date with the %s: there is no month %d.",
                       text, dates_order_label(order), ymd[1]);
    case NO_SUCH_DAY:
        return no_such_day(a, text, s, order, rule);
    case TOO_EARLY:
        return err_new(a, E_BAD_INPUT, "“%s” lies before %d.", text, first_year(rule));
    }
    return err_new(a, E_BAD_INPUT, "“%s” is not a date.", text);
}

/* The order to read a shape in: the only one if there is just one, else the column's. */
static enum dates_order
order_for(const struct shape *s, unsigned order, const struct dates_rule *rule)
{
    unsigned possible = orders_of(s, rule);
    if (s->fixed || s->fault)
        return DATES_YMD;
    if (order && (s->orders & order))
        return (enum dates_order)order;
    if (possible && !(possible & (possible - 1)))
        return (enum dates_order)possible;
    /* none fits: any that comes into question will do for the error */
    return possible ? 0 : s->orders & DATES_DMY ? DATES_DMY : DATES_YMD;
}

static err_t
ambiguous(struct arena *a, const char *text, const struct shape *s, const struct dates_rule *rule)
{
    struct buf b;
    unsigned set = orders_of(s, rule);
    buf_init(&b, a);
    for (size_t i = 0; i < 3; i++) {
        struct dates_value v;
        if (!(set & all_orders[i]))
            continue;
        read_as(s, all_orders[i], rule, &v);
        buf_printf(&b, "%s%s", b.len ? " or " : "", words_of(a, &v));
    }
    return err_new(a, E_BAD_INPUT,
                   "“%s” can be %s. Say which comes first, or write dates as "
                   "2024-03-12.",
                   text, buf_text(&b));
}

err_t
dates_read(struct arena *a, const char *text, unsigned order, const struct dates_rule *rule,
           struct dates_value *ret)
{
    INVARIANT(order == 0 || order == DATES_YMD || order == DATES_DMY || order == DATES_MDY);
    struct shape s = shape_of(a, text, rule);
    struct dates_value v;
    enum dates_order as = order_for(&s, order, rule);
    if (!as)
        return ambiguous(a, text, &s, rule);
    enum fault fault = read_as(&s, as, rule, &v);
    if (fault)
        return fault_error(a, fault, text, &s, as, rule);
    int32_t last =
        rule->future ? date_add_months(rule->today, 12 * DATES_FUTURE_YEARS) : rule->today;
    if (v.day > last)
        return err_new(a, E_BAD_INPUT, "“%s” (%s) lies %s.", text, words_of(a, &v),
                       rule->future ? "more than 20 years ahead" : "in the future");
    *ret = v;
    return NULL;
}

/* -- columns */

/* What the values of a column say together. */
struct survey {
    unsigned orders;
    size_t n_open, n_iso;   /* values that depend on the order; with the year in front */
    const char *differs;    /* a value that the possible orders read differently */
    const char *open;       /* any value that depends on the order */
    const char *against[3]; /* by order: a value that it cannot read */
};

static bool
blank(const char *s)
{
    return !s || !s[strspn(s, " \t\r\n")];
}

static void
survey_value(struct arena *a, const char *text, const struct dates_rule *rule, struct survey *sv,
             struct dates_column *ret)
{
    struct shape s = shape_of(a, text, rule);
    unsigned set = orders_of(&s, rule);
    if (!set) {
        ret->not_a_date = ret->not_a_date ? ret->not_a_date : text;
        return;
    }
    ret->n_dates++;
    sv->n_iso += s.iso;
    if (s.fixed)
        return;
    sv->n_open++;
    sv->open = sv->open ? sv->open : text;
    sv->orders &= set;
    for (size_t i = 0; i < 3; i++) {
        if (!(set & all_orders[i]) && !sv->against[i])
            sv->against[i] = text;
    }
}

/* The day of a text in an order; false when it is no date in it. */
static bool
day_in(struct arena *a, const char *text, enum dates_order order, const struct dates_rule *rule,
       struct dates_value *ret)
{
    struct shape s = shape_of(a, text, rule);
    return (s.orders & order) && read_as(&s, order, rule, ret) == FINE;
}

/* Whether the orders still possible give this text different days. */
static bool
differs(struct arena *a, const char *text, unsigned orders, const struct dates_rule *rule)
{
    struct dates_value v;
    int32_t first = 0;
    bool any = false;
    for (size_t i = 0; i < 3; i++) {
        if (!(orders & all_orders[i]) || !day_in(a, text, all_orders[i], rule, &v))
            continue;
        if (any && v.day != first)
            return true;
        first = v.day;
        any = true;
    }
    return false;
}

static void
ask(struct arena *a, const char *const *values, size_t n, const struct dates_rule *rule,
    const struct survey *sv, struct dates_column *ret)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < 3; i++) {
        struct dates_value v;
        if (!(sv->orders & all_orders[i]))
            continue;
        struct dates_reading *r = &ret->readings[ret->n_readings++];
        day_in(a, sv->differs, all_orders[i], rule, &v);
        r->order = all_orders[i];
        r->label = dates_order_label(r->order);
        r->example = arena_printf(a, "%s is %s", sv->differs, words_of(a, &v));
        buf_printf(&b, "%s%s", b.len ? " or " : "", words_of(a, &v));
        for (size_t k = 0; k < n; k++)
            r->n_future += !blank(values[k]) && day_in(a, values[k], r->order, rule, &v) &&
                           v.day > rule->today;
    }
    ret->text = arena_printf(a,
                             "Is %s %s? Every date of this column can be read in more than one "
                             "way.",
                             sv->differs, buf_text(&b));
}

/* "25/03/2024", the value that rules an order out. */
static void
settle(struct arena *a, const struct survey *sv, struct dates_column *ret)
{
    enum dates_order order = (enum dates_order)ret->orders;
    const char *proof = NULL;
    for (size_t i = 0; i < 3; i++) {
        if (order == DATES_DMY && all_orders[i] == DATES_MDY)
            proof = sv->against[i];
        if (order == DATES_MDY && all_orders[i] == DATES_DMY)
            proof = sv->against[i];
        if (order == DATES_YMD && all_orders[i] != DATES_YMD && !proof)
            proof = sv->against[i];
    }
    ret->text = arena_printf(a, "The dates have the %s, as %s shows.", dates_order_label(order),
                             proof ? proof : sv->open);
}

static void
contradict(struct arena *a, const struct survey *sv, struct dates_column *ret)
{
    const char *day_first = sv->against[2], *month_first = sv->against[1];
    if (day_first && month_first)
        ret->text = arena_printf(a,
                                 "The dates of this column have no one order: %s cannot have the "
                                 "month first, %s cannot have the day first. Write all dates as "
                                 "2024-03-12.",
                                 day_first, month_first);
    else
        ret->text = arena_printf(a,
                                 "The dates of this column have no one order, see %s. Write all "
                                 "dates as 2024-03-12.",
                                 sv->open);
}

void
dates_find(struct arena *a, const char *const *values, size_t n, const struct dates_rule *rule,
           struct dates_column *ret)
{
    struct survey sv = {.orders = DATES_ANY};
    struct dates_column c = {.text = "No value of this column is a date."};
    for (size_t i = 0; i < n; i++) {
        if (blank(values[i]))
            continue;
        c.n++;
        survey_value(a, values[i], rule, &sv, &c);
    }
    for (size_t i = 0; i < n && sv.n_open && !sv.differs; i++) {
        if (!blank(values[i]) && differs(a, values[i], sv.orders, rule))
            sv.differs = values[i];
    }
    c.orders = sv.orders;
    c.mixed = sv.n_iso > 0 && sv.n_open > 0;
    if (c.n_dates > 0 && sv.n_open == 0) {
        c.finding = DATES_FIXED;
        c.text = "The dates can be read in one way only.";
    } else if (c.n_dates > 0 && sv.orders == 0) {
        c.finding = DATES_CONTRADICTORY;
        contradict(a, &sv, &c);
    } else if (c.n_dates > 0 && sv.differs) {
        c.finding = DATES_AMBIGUOUS;
        ask(a, values, n, rule, &sv, &c);
    } else if (c.n_dates > 0) {
        /* one order, or several that agree on every value: then any of them will do */
        c.finding = DATES_SETTLED;
        c.orders &= 0u - c.orders; /* the lowest bit */
        settle(a, &sv, &c);
    }
    *ret = c;
}
