/* columns.c: see columns.h. Every column gets points for every field, from its name and then its
 * content; the best pairs are taken first; what a person chose stands before all. */
#include "features/recruitment/columns.h"

#include "base/arena.h"
#include "base/str.h"
#include "features/recruitment/columns_content.h"
#include "features/recruitment/columns_names.h"
#include "features/recruitment/columns_privacy.h"

#include <string.h>

enum {
    SURE = 70,         /* points below which a person is asked */
    RIVAL = 5,         /* points within which two columns compete */
    FLAG_BY_NAME = 85, /* "Enrolled" with yes and no */
    GUESSED_DATE = 50,
    MOST_STUDIES = 50,
    CLEAR_PLAN = 82, /* a plan's name that says per month or in all */
};

enum value_kind { D, N, T, F };

static const struct {
    const char *name, *title;
    unsigned tables;
    enum value_kind kind;
} fields[] = {
#define L COLUMNS_LOG
#define S COLUMNS_SITES
#define P COLUMNS_PLAN
#define FIELD(name_, tables_, kind_, title_) {#name_, title_, tables_, kind_},
#include "features/recruitment/columns_field.def"
#undef FIELD
#undef L
#undef S
#undef P
};

/* One column at work. */
struct candidate {
    struct columns_header header;
    struct columns_content content;
    bool known; /* its name means some field */
    int points[COLUMNS_FIELD_COUNT];
    const char *mismatch; /* why the field its name means cannot be, or NULL */
    const char *doubt;    /* what speaks against the field it got, or NULL */
};

struct work {
    struct arena *a;
    const struct sheet *sheet;
    enum columns_table table;
    struct dates_rule rule;
    size_t n;
    struct candidate *at;
    struct columns_column *columns;
    int of[COLUMNS_FIELD_COUNT];
    bool unkept;
    bool blocked[COLUMNS_FIELD_COUNT]; /* chosen: this table has none */
};

const char *
columns_field_name(enum columns_field field)
{
    return fields[field].name;
}

const char *
columns_field_title(enum columns_field field)
{
    return fields[field].title;
}

bool
columns_field_in(enum columns_field field, enum columns_table table)
{
    return field < COLUMNS_FIELD_COUNT && (fields[field].tables & table) != 0;
}

bool
columns_field_is_date(enum columns_field field)
{
    return fields[field].kind == D;
}

/* "Column C (“Surname”)". */
static const char *
called(const struct work *w, size_t i)
{
    const char *letter = sheet_column(w->a, i);
    if (!*w->columns[i].header)
        return arena_printf(w->a, "Column %s", letter);
    return arena_printf(w->a, "Column %s (“%s”)", letter, w->columns[i].header);
}

/* -- what the columns are like */

static void
look(struct work *w)
{
    const struct sheet_row *header = &w->sheet->rows[w->sheet->header];
    w->at = arena_alloc(w->a, w->n * sizeof *w->at);
    w->columns = arena_alloc(w->a, w->n * sizeof *w->columns);
    for (size_t i = 0; i < w->n; i++) {
        struct candidate *c = &w->at[i];
        const char *text = str_squeeze(w->a, sheet_cell(header, i)->text);
        w->columns[i] =
            (struct columns_column){.header = text,
                                    .place = arena_printf(w->a, "column %s", sheet_column(w->a, i)),
                                    .use = COLUMNS_IGNORED,
                                    .field = COLUMNS_NOTHING};
        c->header = columns_names_read(w->a, text);
        c->content = columns_content_read(w->a, w->sheet, i, &w->rule);
        for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
            c->points[f] = columns_names_score(&c->header, w->table, (enum columns_field)f);
            c->known |= c->points[f] > 0;
        }
    }
}

/* The day from which on participants came, as far as the named columns tell. The latest of their
 * first days, so that one slip of the pen in one column does not matter. */
static int32_t
first_enrolment(const struct work *w)
{
    bool any = false;
    int32_t day = w->rule.today;
    for (size_t i = 0; i < w->n; i++) {
        const struct candidate *c = &w->at[i];
        bool dated = false;
        for (int f = 0; f < COLUMNS_FIELD_COUNT; f++)
            dated |= fields[f].kind == D && c->points[f] >= SURE;
        if (!dated || !columns_content_share(c->content.dates, c->content.filled, 80))
            continue;
        day = !any || c->content.first > day ? c->content.first : day;
        any = true;
    }
    return day;
}

/* Where nothing is kept, such columns are only passed over. */
static err_t
refuse_personal(const struct work *w)
{
    err_t all = NULL;
    int32_t enrolment = first_enrolment(w);
    for (size_t i = 0; i < w->n; i++) {
        const struct candidate *c = &w->at[i];
        const char *what =
            columns_privacy_personal(&c->header, &c->content, w->table, c->known, enrolment);
        if (!what)
            continue;
        if (w->unkept) {
            memset(w->at[i].points, 0, sizeof w->at[i].points);
            w->columns[i].reason = arena_printf(w->a, "Not used: it looks like %s of participants.", what);
            continue;
        }
        err_t e =
            err_field(w->a, E_BAD_INPUT, w->columns[i].header,
                      "%s looks like %s of participants. Rapport keeps none: delete that column "
                      "and try again.",
                      called(w, i), what);
        all = err_join(w->a, all, err_at(w->a, e, "%s", w->columns[i].place));
    }
    return all;
}

/* Whether all values are dates once bare numbers count as such. */
static bool
are_numerals(const struct work *w, size_t i)
{
    size_t n;
    struct dates_column found;
    struct dates_rule rule = w->rule;
    const struct columns_content *c = &w->at[i].content;
    if (c->numbers < c->filled || c->filled == 0 || c->dates > 0)
        return false;
    const char *const *values = columns_content_values(w->a, w->sheet, i, &n);
    rule.numerals = true;
    dates_find(w->a, values, n, &rule, &found);
    return found.n_dates == found.n && found.finding != DATES_CONTRADICTORY;
}

static void
leave_out(struct work *w)
{
    for (size_t i = 0; i < w->n && w->table == COLUMNS_LOG; i++) {
        const char *why = columns_privacy_allocation(&w->at[i].header, &w->at[i].content);
        if (!why || (w->at[i].points[COLUMNS_RANDOMISED] > 0 && are_numerals(w, i)))
            continue; /* "random" with 82888 is the day, not the arm */
        w->columns[i].use = COLUMNS_LEFT_OUT;
        w->columns[i].reason = arena_printf(w->a, "Left out: %s.", why);
        w->columns[i].confidence = 100;
    }
}

/* -- does the content bear out the name */

static bool
fits_date(const struct work *w, size_t i, const char **ret_doubt)
{
    const struct columns_content *c = &w->at[i].content;
    if (columns_content_share(c->dates, c->filled, 95))
        return true;
    if (columns_content_share(c->dates, c->filled, 30)) {
        *ret_doubt =
            arena_printf(w->a, "some of its values are no dates, such as “%s”", c->odd_date);
        return true;
    }
    if (!are_numerals(w, i))
        return false;
    *ret_doubt = arena_printf(w->a, "its dates are bare numbers, such as %s", c->few[0]);
    return true;
}

static bool
fits_text(const struct work *w, enum columns_field f, const struct columns_content *c,
          const char **ret_doubt)
{
    if (columns_content_share(c->dates, c->filled, 80))
        return false;
    if (f == COLUMNS_STATUS) {
        if (!columns_content_share(c->statuses, c->filled, 80))
            *ret_doubt = "some of its values are no known status";
        return columns_content_share(c->statuses, c->filled, 30);
    }
    if (f == COLUMNS_COUNTRY)
        return !columns_content_share(c->digits, c->filled, 50);
    if (f == COLUMNS_STUDY) /* "Study ID" may be that of the participant */
        return c->distinct == 1 || (c->distinct <= MOST_STUDIES && c->distinct * 2 <= c->filled);
    bool many = c->filled >= 20;
    if (f == COLUMNS_SUBJECT && many && c->distinct * 10 <= c->filled)
        *ret_doubt = "the same few values come again and again";
    if (f == COLUMNS_SITE && w->table == COLUMNS_LOG && many && c->distinct * 10 >= c->filled * 9)
        *ret_doubt = "nearly every row has another value";
    return true;
}

/* How the doubts of fits begin that are about single values. */
static const char odd_values[] = "some of its values";

/* Whether a column's values can be the field's; `ret_doubt` when only partly. */
static bool
fits(const struct work *w, size_t i, enum columns_field f, const char **ret_doubt)
{
    const struct columns_content *c = &w->at[i].content;
    switch (fields[f].kind) {
    case D:
        return fits_date(w, i, ret_doubt);
    case N:
        if ((f == COLUMNS_ENROLLED_COUNT || f == COLUMNS_FAILED_COUNT) && c->several == 0)
            return false;
        if (!columns_content_share(c->numbers, c->filled, 95))
            *ret_doubt = "some of its values are no numbers";
        return columns_content_share(c->numbers, c->filled, 60);
    case F:
        return columns_content_share(c->flags, c->filled, 95) &&
               !(columns_content_share(c->numbers, c->filled, 100) &&
                 columns_content_share(c->several, c->filled, 1));
    case T:
        return fits_text(w, f, c, ret_doubt);
    }
    return false;
}

/* Takes the points of the fields that the content rules out, and of gaps in a code. */
static void
weigh(struct work *w, size_t i)
{
    struct candidate *c = &w->at[i];
    const struct columns_content *v = &c->content;
    int named = c->points[COLUMNS_ENROLLED] > c->points[COLUMNS_RANDOMISED]
                    ? c->points[COLUMNS_ENROLLED]
                    : c->points[COLUMNS_RANDOMISED];
    if (named >= SURE && c->points[COLUMNS_ENROLLED_FLAG] < FLAG_BY_NAME)
        c->points[COLUMNS_ENROLLED_FLAG] = FLAG_BY_NAME;
    int best = 0;
    for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
        const char *doubt = NULL;
        if (c->points[f] == 0)
            continue;
        if (v->filled > 0 && fits(w, i, (enum columns_field)f, &doubt)) {
            if (f == COLUMNS_SUBJECT || f == COLUMNS_SITE)
                c->points[f] -= (int)(20 * (v->rows - v->filled) / v->rows);
            continue;
        }
        if (c->points[f] > best && f != COLUMNS_ENROLLED_FLAG && v->filled > 0) {
            best = c->points[f];
            c->mismatch = arena_printf(w->a,
                                       "Not used: its name suggests the %s, but its values, such "
                                       "as “%s”, do not.",
                                       fields[f].title, v->few[0]);
        }
        c->points[f] = 0;
    }
}

/* -- who gets what */

static void
give(struct work *w, size_t i, enum columns_field f)
{
    struct columns_column *c = &w->columns[i];
    const char *doubt = NULL;
    fits(w, i, f, &doubt);
    c->use = COLUMNS_USED;
    c->field = f;
    c->confidence = w->at[i].points[f];
    c->in_doubt = doubt || c->confidence < SURE;
    c->odd_values = doubt && c->confidence >= SURE && str_starts(doubt, odd_values);
    c->numerals = fields[f].kind == D && !c->chosen && are_numerals(w, i);
    w->at[i].doubt = doubt;
    w->of[f] = (int)i;
}

/* The best pair of a free column and a free field; false when none is left. */
static bool
best_pair(const struct work *w, size_t *ret_column, enum columns_field *ret_field)
{
    int best = 0;
    for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
        for (size_t i = 0; i < w->n && w->of[f] < 0 && !w->blocked[f]; i++) {
            if (w->columns[i].use != COLUMNS_IGNORED || w->at[i].points[f] <= best)
                continue;
            best = w->at[i].points[f];
            *ret_column = i;
            *ret_field = (enum columns_field)f;
        }
    }
    return best > 0;
}

/* A column left over that might have been field `f` as well. Two codes that tell rows apart in the
 * same way do not compete. */
static void
note_rival(struct work *w, size_t i, enum columns_field f)
{
    size_t winner = (size_t)w->of[f];
    struct columns_column *c = &w->columns[winner];
    if (w->at[i].points[f] == 0 || w->columns[i].reason)
        return;
    w->columns[i].reason =
        arena_printf(w->a,
                     "Not used: it may be the %s as well, but column %s is taken "
                     "for it.",
                     fields[f].title, sheet_column(w->a, winner));
    bool close = w->at[i].points[f] >= c->confidence - RIVAL && !c->chosen;
    if (!close || (fields[f].kind == T && columns_content_same(w->a, w->sheet, i, winner)))
        return;
    c->in_doubt = true;
    c->odd_values = false;
    w->at[winner].doubt = arena_printf(w->a, "column %s (“%s”) looks like it too",
                                       sheet_column(w->a, i), w->columns[i].header);
}

static void
note_rivals(struct work *w)
{
    for (size_t i = 0; i < w->n; i++) {
        for (int f = 0; f < COLUMNS_FIELD_COUNT && w->columns[i].use == COLUMNS_IGNORED; f++) {
            if (w->of[f] >= 0)
                note_rival(w, i, (enum columns_field)f);
        }
    }
}

/* -- what a person chose */

static err_t
bad_choice(const struct work *w, enum columns_field f, const char *fmt, const char *what)
{
    return err_field(w->a, E_BAD_INPUT, fields[f].name, fmt, what, fields[f].title);
}

static err_t
take_choice(struct work *w, const struct columns_choice *choice)
{
    enum columns_field f = choice->field;
    if (!columns_field_in(f, w->table))
        return err_new(w->a, E_BAD_INPUT, "This kind of table has no such field.");
    if (choice->column < 0) {
        w->blocked[f] = true;
        return NULL;
    }
    size_t i = (size_t)choice->column;
    if (i >= w->n)
        return bad_choice(w, f, "%s, chosen as the %s, is not there.",
                          arena_printf(w->a, "Column %s", sheet_column(w->a, i)));
    struct columns_column *c = &w->columns[i];
    if (c->use == COLUMNS_LEFT_OUT)
        return bad_choice(w, f, "%s looks like allocation and cannot be the %s.", called(w, i));
    if (c->use == COLUMNS_USED || w->of[f] >= 0)
        return bad_choice(w, f, "%s cannot be chosen: it, or the %s, is chosen already.",
                          called(w, i));
    bool numerals = fields[f].kind == D && are_numerals(w, i);
    if (fields[f].kind == D && w->at[i].content.dates == 0 && !numerals)
        return bad_choice(w, f, "%s cannot be the %s: none of its values is a date.", called(w, i));
    c->chosen = true;
    give(w, i, f);
    c->confidence = 100;
    c->in_doubt = c->odd_values = false;
    c->numerals = numerals;
    c->reason = arena_printf(w->a, "Chosen by hand as the %s.", fields[f].title);
    return NULL;
}

/* -- after the names */

static bool
has_any_date(const struct work *w)
{
    for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
        if (fields[f].kind == D && w->of[f] >= 0)
            return true;
    }
    return false;
}

/* A log without a named date, but with just one column of dates. */
static void
guess_date(struct work *w)
{
    size_t found = 0, at = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct candidate *c = &w->at[i];
        if (w->columns[i].use == COLUMNS_IGNORED && !c->known &&
            columns_content_share(c->content.dates, c->content.filled, 95)) {
            at = i;
            found++;
        }
    }
    if (found != 1 || has_any_date(w) || w->blocked[COLUMNS_DATE])
        return;
    w->at[at].points[COLUMNS_DATE] = GUESSED_DATE;
    give(w, at, COLUMNS_DATE);
    w->at[at].doubt = "only its values say so: it is the one column of dates";
}

/* A plan's number whose name says neither "per month" nor "in all". */
static void
settle_plan(struct work *w)
{
    int i = w->of[COLUMNS_PLANNED_PER_PERIOD];
    if (i >= 0 && !w->columns[i].chosen && w->columns[i].confidence < CLEAR_PLAN) {
        bool rising = w->at[i].content.rising;
        if (rising && w->of[COLUMNS_PLANNED_CUMULATIVE] < 0 &&
            !w->blocked[COLUMNS_PLANNED_CUMULATIVE]) {
            w->of[COLUMNS_PLANNED_PER_PERIOD] = -1;
            w->of[COLUMNS_PLANNED_CUMULATIVE] = i;
            w->columns[i].field = COLUMNS_PLANNED_CUMULATIVE;
        }
        w->columns[i].in_doubt = true;
        w->columns[i].odd_values = false;
        w->at[i].doubt = rising ? "its name does not say so; its numbers never fall"
                                : "its name does not say so; its numbers rise and fall";
    }
    i = w->of[COLUMNS_PLANNED_CUMULATIVE];
    if (i >= 0 && !w->columns[i].chosen && !w->at[i].content.rising &&
        w->at[i].content.filled > 2) {
        w->columns[i].in_doubt = true;
        w->columns[i].odd_values = false;
        w->at[i].doubt = "its numbers fall again";
    }
}

/* Counts are of tables without participants; numbers that never fall may be totals so far. */
static void
settle_count(struct work *w, enum columns_field f)
{
    int i = w->of[f];
    if (i < 0 || w->columns[i].chosen)
        return;
    if (w->of[COLUMNS_SUBJECT] >= 0) {
        w->of[f] = -1;
        w->columns[i].use = COLUMNS_IGNORED;
        w->columns[i].field = COLUMNS_NOTHING;
        w->columns[i].in_doubt = w->columns[i].odd_values = false;
        w->columns[i].reason = "Not used: each row is a participant, so nothing is counted.";
    } else if (w->at[i].content.rising) {
        w->columns[i].in_doubt = true;
        w->columns[i].odd_values = false;
        w->at[i].doubt = "its numbers never fall, so they may be the total so far, which is not read";
    }
}

static void
settle_log(struct work *w)
{
    int i = w->of[COLUMNS_SCREENING_NO];
    if (w->of[COLUMNS_SUBJECT] < 0 && i >= 0 && !w->blocked[COLUMNS_SUBJECT]) {
        w->of[COLUMNS_SCREENING_NO] = -1;
        w->of[COLUMNS_SUBJECT] = i;
        w->columns[i].field = COLUMNS_SUBJECT;
    }
    settle_count(w, COLUMNS_ENROLLED_COUNT);
    settle_count(w, COLUMNS_FAILED_COUNT);
    guess_date(w);
}

/* What a table with a row per day and totals, none of which is known, is; NULL: it is no such. */
static const char *
totals(const struct work *w)
{
    static const char counts[] = "sum|sum*|count*|n|total*|rows|number|anzahl|summe|somme|nombre|"
                                 "numero|totale|aantal|nrows|cumul*";
    bool dated = false;
    struct buf b;
    size_t n = 0;
    if (w->of[COLUMNS_SITE] >= 0 || w->of[COLUMNS_SUBJECT] >= 0 || w->of[COLUMNS_ENROLLED_COUNT] >= 0 ||
        w->of[COLUMNS_FAILED_COUNT] >= 0)
        return NULL;
    buf_init(&b, w->a);
    for (size_t i = 0; i < w->n; i++) {
        const struct columns_content *c = &w->at[i].content;
        dated |=
            columns_content_share(c->dates, c->filled, 95) && c->distinct * 10 >= c->filled * 9;
        if (!columns_content_share(c->numbers, c->filled, 95) ||
            !columns_names_match(&w->at[i].header, counts, NULL))
            continue;
        buf_printf(&b, "%s%s", n++ ? ", " : "", w->columns[i].header);
    }
    if (!dated || n < 2)
        return NULL;
    return arena_printf(w->a, "This table has one row per day with totals (%s), not a row for each "
                              "participant, and none is clearly the number enrolled.", buf_text(&b));
}

/* -- words */

static const char *
reason_used(const struct work *w, size_t i)
{
    const struct columns_column *c = &w->columns[i];
    const char *doubt = w->at[i].doubt;
    if (!doubt && c->in_doubt)
        doubt = "its name is not quite clear";
    if (doubt)
        return arena_printf(w->a, "Perhaps the %s: %s.", fields[c->field].title, doubt);
    return arena_printf(w->a, "The %s, by its name and its values.", fields[c->field].title);
}

static const char *
reason_ignored(const struct work *w, size_t i)
{
    const struct candidate *c = &w->at[i];
    if (c->content.filled == 0)
        return "Not used: it is empty.";
    if (c->mismatch)
        return c->mismatch;
    if (columns_privacy_is_contact(&c->header))
        return "Not used: names and contacts of staff are not read from here.";
    return "Not used: nothing here needs it.";
}

static void
explain(struct work *w)
{
    for (size_t i = 0; i < w->n; i++) {
        struct columns_column *c = &w->columns[i];
        if (!c->reason || (c->use == COLUMNS_USED && !c->chosen))
            c->reason = c->use == COLUMNS_USED ? reason_used(w, i) : reason_ignored(w, i);
    }
}

static const char *
missing(const struct work *w)
{
    bool number = w->of[COLUMNS_PLANNED_CUMULATIVE] >= 0 ||
                  w->of[COLUMNS_PLANNED_PER_PERIOD] >= 0 || w->of[COLUMNS_PLANNED_OPENINGS] >= 0;
    switch (w->table) {
    case COLUMNS_LOG:
        if (totals(w))
            return totals(w);
        if (w->of[COLUMNS_SITE] < 0)
            return has_any_date(w) ? "No column looks like the site."
                                   : "No column looks like the site, and none like a date.";
        return has_any_date(w) ? NULL : "No column looks like a date.";
    case COLUMNS_SITES:
        if (w->of[COLUMNS_SITE] >= 0 || w->of[COLUMNS_SITE_NAME] >= 0)
            return NULL;
        return "No column looks like the site's number or name.";
    case COLUMNS_PLAN:
        if (w->of[COLUMNS_PERIOD] < 0)
            return "No column looks like the month.";
        return number ? NULL : "No column looks like a planned number.";
    }
    return NULL;
}

static err_t
find(struct arena *a, const struct sheet *s, enum columns_table table, bool unkept,
     const struct columns_choice *choices, size_t n_choices, int32_t today, struct columns_found *ret)
{
    INVARIANT(s->has_table);
    struct work w = {.a = a, .sheet = s, .table = table, .n = s->width, .unkept = unkept};
    w.rule = (struct dates_rule){.today = today, .future = table != COLUMNS_LOG};
    memset(w.of, -1, sizeof w.of);
    look(&w);
    TRY(refuse_personal(&w));
    leave_out(&w);
    for (size_t i = 0; i < w.n; i++)
        weigh(&w, i);
    for (size_t i = 0; i < n_choices; i++)
        TRY(take_choice(&w, &choices[i]));
    size_t column;
    enum columns_field field;
    while (best_pair(&w, &column, &field))
        give(&w, column, field);
    note_rivals(&w);
    if (table == COLUMNS_LOG)
        settle_log(&w);
    if (table == COLUMNS_PLAN)
        settle_plan(&w);
    explain(&w);
    struct columns_found found = {.n = w.n, .columns = w.columns, .missing = missing(&w)};
    found.lacks_site = table == COLUMNS_LOG && w.of[COLUMNS_SITE] < 0 && has_any_date(&w) && !totals(&w);
    memcpy(found.of, w.of, sizeof found.of);
    for (size_t i = 0; i < w.n; i++)
        found.in_doubt |= w.columns[i].in_doubt;
    *ret = found;
    return NULL;
}

err_t
columns_find(struct arena *a, const struct sheet *s, enum columns_table table,
             const struct columns_choice *choices, size_t n_choices, int32_t today,
             struct columns_found *ret)
{
    return find(a, s, table, false, choices, n_choices, today, ret);
}

err_t
columns_find_unkept(struct arena *a, const struct sheet *s, enum columns_table table,
                    const struct columns_choice *choices, size_t n_choices, int32_t today,
                    struct columns_found *ret)
{
    return find(a, s, table, true, choices, n_choices, today, ret);
}
