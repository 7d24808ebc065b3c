/* import_read.c: what is in a file before its rows are read: its table, which column is what, in what
 * order its dates are, and what a person must decide. See import.h; reads the database only for what
 * the study calls enrolled. */
#include "features/recruitment/import.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/sheet.h"
#include "db/db.h"
#include "features/recruitment/recruitment_import_sql.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define MATCH_MEMORY ((size_t)2 << 30) /* a full file of 32 MB and a full study */

const char *const import_kind_words[] = {"enrolment", "sites", "plan"};

enum columns_table
import_table(enum import_kind kind)
{
    switch (kind) {
    case IMPORT_LOG:
        return COLUMNS_LOG;
    case IMPORT_SITES:
        return COLUMNS_SITES;
    case IMPORT_PLAN:
        break;
    }
    return COLUMNS_PLAN;
}

/* ---- what was chosen by hand ---- */

static bool
field_named(const char *name, size_t n, enum columns_table table, enum columns_field *ret)
{
    for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
        const char *is = columns_field_name((enum columns_field)f);
        if (strlen(is) == n && strncasecmp(is, name, n) == 0 &&
            columns_field_in((enum columns_field)f, table)) {
            *ret = (enum columns_field)f;
            return true;
        }
    }
    return false;
}

/* "C" -> 2, "AA" -> 26; -1: no letters of a column. */
static int
column_of_letters(const char *s)
{
    int at = 0, n = 0;
    for (; isalpha((unsigned char)s[n]) && n < 3; n++)
        at = at * 26 + (toupper((unsigned char)s[n]) - 'A' + 1);
    return n > 0 && !s[n] ? at - 1 : -1;
}

static const char *
headers(struct arena *a, const struct sheet *s)
{
    struct buf b;
    buf_init(&b, a);
    const struct sheet_row *row = &s->rows[s->header];
    for (size_t i = 0; i < row->n && i < 40; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", row->cells[i].text);
    return buf_text(&b);
}

/* The column that a person means: "#3" the third, else by its header, else by its letters. */
static err_t
column_named(struct arena *a, const struct sheet *s, const char *text, int *ret)
{
    int64_t number;
    *ret = -1;
    if (str_empty(text))
        return NULL;
    const struct sheet_row *row = &s->rows[s->header];
    const char *folded = utf8_fold(a, text);
    if (*text == '#' && str_int(text + 1, &number) && number > 0 && number <= SHEET_MAX_COLUMNS) {
        *ret = (int)number - 1;
        return NULL;
    }
    for (size_t i = 0; i < row->n && *ret < 0; i++) {
        if (strcmp(row->cells[i].text, text) == 0 ||
            (*folded && strcmp(utf8_fold(a, row->cells[i].text), folded) == 0))
            *ret = (int)i;
    }
    if (*ret < 0)
        *ret = column_of_letters(text);
    if (*ret < 0 || (size_t)*ret >= s->width)
        return err_field(a, E_BAD_INPUT, "map", "The table has no column “%s”. It has: %s.", text,
                         headers(a, s));
    return NULL;
}

static err_t
read_choices(struct arena *a, const struct import_how *how, const struct sheet *s,
             struct columns_choice **ret)
{
    struct columns_choice *choice = arena_alloc(a, (how->n_mapping + 1) * sizeof *choice);
    for (size_t i = 0; i < how->n_mapping; i++) {
        const char *pair = how->mapping[i], *equals = strchr(pair, '=');
        if (!equals || !field_named(pair, (size_t)(equals - pair), import_table(how->kind),
                                    &choice[i].field))
            return err_field(a, E_BAD_INPUT, "map",
                             "“%s” does not say which field a column is: write SITE=Centre.", pair);
        TRY(column_named(a, s, str_trim(a, equals + 1), &choice[i].column));
    }
    *ret = choice;
    return NULL;
}

/* ---- dates ---- */

static const char *const *
column_values(struct arena *a, const struct import_look *look, int column, size_t *ret_n)
{
    const struct sheet *s = look->sheet;
    const char **v = arena_alloc(a, (s->n + 1) * sizeof *v);
    size_t n = 0;
    for (size_t i = s->header + 1; i < s->n; i++) {
        if (import_wants(a, look, &s->rows[i]))
            v[n++] = sheet_cell(&s->rows[i], (size_t)column)->text;
    }
    *ret_n = n;
    return v;
}

static unsigned
order_said(const char *order)
{
    return !order                       ? 0
           : strcmp(order, "dmy") == 0 ? DATES_DMY
           : strcmp(order, "mdy") == 0 ? DATES_MDY
           : strcmp(order, "ymd") == 0 ? DATES_YMD
                                       : 0;
}

static void
question_add(struct arena *a, struct import_look *look, int column, const struct dates_column *d)
{
    static const enum dates_order both[] = {DATES_DMY, DATES_MDY};
    struct import_question *q = &look->questions[look->n_questions++];
    *q = (struct import_question){.column = column, .text = d->text, .n = d->n_readings};
    memcpy(q->readings, d->readings, sizeof q->readings);
    for (size_t i = 0; d->n_readings == 0 && i < 2; i++) /* contradictory: the misfits are refused */
        q->readings[q->n++] = (struct dates_reading){both[i], dates_order_label(both[i]), "", 0};
}

/* Log dates lie in the past; openings and plans may lie ahead. */
static err_t
order_dates(struct ctx *c, const struct import_how *how, struct import_look *look)
{
    unsigned said = order_said(how->order);
    if (how->order && !said)
        return err_field(c->mem, E_BAD_INPUT, "dates", "The order of dates is dmy or mdy.");
    look->questions = arena_alloc(c->mem, COLUMNS_FIELD_COUNT * sizeof *look->questions);
    for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
        int column = look->found.of[f];
        if (column < 0 || !columns_field_is_date((enum columns_field)f))
            continue;
        size_t n;
        struct dates_column d;
        look->rule[f] = (struct dates_rule){.today = c->today, .future = how->kind != IMPORT_LOG,
                                            .numerals = look->found.columns[column].numerals};
        const char *const *v = column_values(c->mem, look, column, &n);
        dates_find(c->mem, v, n, &look->rule[f], &d);
        bool open = d.finding == DATES_AMBIGUOUS || d.finding == DATES_CONTRADICTORY;
        look->order[f] = open ? said : d.finding == DATES_SETTLED ? d.orders : 0;
        if (d.finding == DATES_AMBIGUOUS && said && !(d.orders & said))
            return err_field(c->mem, E_BAD_INPUT, "dates",
                             "The dates of “%s” cannot be read %s.",
                             look->found.columns[column].header,
                             dates_order_label((enum dates_order)said));
        if (open && !said)
            question_add(c->mem, look, column, &d);
    }
    return NULL;
}

/* ---- several studies in one file ---- */

enum { MOST_STUDIES = 200 };

static const char *
study_of(struct arena *a, const struct import_look *look, const struct sheet_row *row)
{
    return utf8_fold(a, sheet_cell(row, (size_t)look->found.of[COLUMNS_STUDY])->text);
}

bool
import_wants(struct arena *a, const struct import_look *look, const struct sheet_row *row)
{
    if (!look->only)
        return true;
    struct arena_mark mark = arena_save(a);
    bool wants = strcmp(study_of(a, look, row), look->only) == 0;
    arena_restore(a, mark);
    return wants;
}

static err_t
list_studies(struct arena *a, struct import_look *look)
{
    struct map *seen = map_new(a);
    look->studies = arena_alloc(a, MOST_STUDIES * sizeof *look->studies);
    for (size_t i = look->sheet->header + 1; i < look->sheet->n; i++) {
        const struct sheet_row *row = &look->sheet->rows[i];
        struct arena_mark mark = arena_save(a);
        const char *key = study_of(a, look, row);
        size_t at;
        if (map_get(seen, key, &at)) {
            look->studies[at].rows++;
            arena_restore(a, mark);
            continue;
        }
        if (look->n_studies == MOST_STUDIES)
            return err_field(a, E_BAD_INPUT, "map", "“%s” has more than %d values: it is not the study.",
                             look->found.columns[look->found.of[COLUMNS_STUDY]].header, MOST_STUDIES);
        at = look->n_studies++;
        look->studies[at] = (struct import_study){
            .name = str_squeeze(a, sheet_cell(row, (size_t)look->found.of[COLUMNS_STUDY])->text), .rows = 1};
        map_set(seen, key, at);
    }
    return NULL;
}

static err_t
own_code(struct ctx *c, int64_t study, const char **ret)
{
    struct import_study_row row;
    bool found = false;
    *ret = NULL;
    if (study)
        TRY(db_maybe(c, &IMPORT_STUDY, DB_IN(db_int(study)), &row, &found));
    if (found)
        *ret = row.code;
    return NULL;
}

/* Which study is wanted: the one said, else the one of this study's code, else a person is asked. */
static err_t
choose_study(struct ctx *c, const struct import_how *how, struct import_look *look)
{
    const char *code = how->only;
    if (look->found.of[COLUMNS_STUDY] < 0)
        return !how->only ? NULL
                          : err_field(c->mem, E_BAD_INPUT, "study", "The table has no column of studies to choose “%s” in.", how->only);
    TRY(list_studies(c->mem, look));
    if (!code && look->n_studies > 1)
        TRY(own_code(c, how->study, &code));
    for (size_t i = 0; code && i < look->n_studies; i++) {
        struct import_study *s = &look->studies[i];
        s->chosen = strcmp(utf8_fold(c->mem, s->name), utf8_fold(c->mem, code)) == 0;
        if (s->chosen)
            look->only = utf8_fold(c->mem, code);
    }
    if (how->only && !look->only)
        return err_field(c->mem, E_BAD_INPUT, "study", "The file has no rows of “%s”.", how->only);
    return NULL;
}

static const char *
studies_text(struct arena *a, const struct import_look *look)
{
    enum { SHOWN = 12 };
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < look->n_studies && i < SHOWN; i++)
        buf_printf(&b, "%s%s (%zu rows)", i ? ", " : "", str_or(look->studies[i].name, "no name"), look->studies[i].rows);
    if (look->n_studies > SHOWN)
        buf_printf(&b, " and %zu more", look->n_studies - SHOWN);
    return buf_text(&b);
}

err_t
import_look(struct ctx *c, const struct import_how *how, struct import_look *ret)
{
    struct import_look look = {0};
    struct columns_choice *choice = NULL;
    TRY(sheet_read(c->mem, how->data, how->n, how->sheet, &look.book));
    look.sheet = &look.book.sheets[look.book.chosen];
    if (!look.sheet->has_table)
        return err_field(c->mem, E_BAD_INPUT, "file",
                         "No table was found: a row of column names with rows of values beneath.");
    TRY(read_choices(c->mem, how, look.sheet, &choice));
    TRY((how->unkept ? columns_find_unkept : columns_find)(c->mem, look.sheet, import_table(how->kind), choice,
                                                           how->n_mapping, c->today, &look.found));
    look.site = look.found.of[COLUMNS_SITE] < 0 && !str_empty(how->site) ? str_squeeze(c->mem, how->site) : NULL;
    TRY(choose_study(c, how, &look));
    TRY(order_dates(c, how, &look));
    *ret = look;
    return NULL;
}

err_t
import_ask(struct ctx *c, const struct import_look *look)
{
    const struct columns_found *f = &look->found;
    err_t all = NULL;
    if (f->missing && f->lacks_site && !look->site)
        all = err_field(c->mem, E_BAD_INPUT, "site", "%s Say which column it is or, if the whole file is of one site, "
                                                     "which.", f->missing);
    else if (f->missing && !f->lacks_site)
        all = err_field(c->mem, E_BAD_INPUT, "map", "%s Say which column it is.", f->missing);
    if (look->n_studies > 1 && !look->only)
        all = err_join(c->mem, all, err_field(c->mem, E_BAD_INPUT, "study", "This file holds %zu studies: %s. Say which one is "
                                              "meant; the other rows are then left out.", look->n_studies, studies_text(c->mem, look)));
    for (size_t i = 0; i < f->n; i++) {
        const struct columns_column *col = &f->columns[i];
        if (col->use == COLUMNS_USED && col->in_doubt && !col->odd_values)
            all = err_join(c->mem, all,
                           err_field(c->mem, E_BAD_INPUT, columns_field_name(col->field),
                                     "It is not clear what %s (“%s”) is. %s Say so, or that it is none.",
                                     col->place, col->header, col->reason));
    }
    for (size_t i = 0; i < look->n_questions; i++) {
        const struct columns_column *col = &f->columns[look->questions[i].column];
        all = err_join(c->mem, all,
                       err_field(c->mem, E_BAD_INPUT, "dates", "Dates of %s (“%s”): %s", col->place,
                                 col->header, look->questions[i].text));
    }
    return all;
}

/* ---- counts in place of participants ---- */

bool
import_counts(const struct import_look *look)
{
    return look->found.of[COLUMNS_ENROLLED_COUNT] >= 0 || look->found.of[COLUMNS_FAILED_COUNT] >= 0;
}

enum columns_field
import_count_date(const struct import_look *look)
{
    static const enum columns_field order[] = {COLUMNS_RANDOMISED, COLUMNS_ENROLLED, COLUMNS_DATE, COLUMNS_CONSENTED,
                                               COLUMNS_TREATED, COLUMNS_SCREENED};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (look->found.of[order[i]] >= 0)
            return order[i];
    }
    return COLUMNS_DATE;
}

/* ---- cells ---- */

/* What people and programs write where there is nothing. */
static bool
says_nothing(const char *s)
{
    static const char *const words[] = {"-", "--", "–", "—", ".", "/", "NA", "N/A", "n/a", "n.a.", "na",
                                        "NULL", "null", "none", "None", "nil"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(s, words[i]) == 0)
            return true;
    }
    return false;
}

const char *
import_cell(struct arena *a, const struct import_look *look, const struct sheet_row *row,
            enum columns_field f)
{
    if (look->found.of[f] < 0)
        return NULL;
    const struct sheet_cell *cell = sheet_cell(row, (size_t)look->found.of[f]);
    if (cell->kind == SHEET_EMPTY)
        return NULL;
    const char *text = str_squeeze(a, cell->text);
    bool namibia = f == COLUMNS_COUNTRY && strcmp(text, "NA") == 0;
    return !*text || (says_nothing(text) && !namibia) ? NULL : text;
}

const char *
import_column(const struct import_look *look, enum columns_field f)
{
    const char *title = columns_field_title(f);
    return look->found.of[f] < 0 ? title
                                 : str_or(look->found.columns[look->found.of[f]].header, title);
}

/* ---- the whole of it ---- */

static err_t
study_means(struct ctx *c, int64_t study, enum enrolled_means *ret)
{
    *ret = MEANS_RANDOMISED;
    struct import_study_row row;
    bool found = false;
    if (study)
        TRY(db_maybe(c, &IMPORT_STUDY, DB_IN(db_int(study)), &row, &found));
    for (int m = 0; found && row.means && m < MEANS_COUNT; m++) {
        if (strcmp(means_word((enum enrolled_means)m), row.means) == 0)
            *ret = (enum enrolled_means)m;
    }
    return NULL;
}

/* Of a log that belongs to no study: what its dates say. */
static enum enrolled_means
means_there(const struct import_look *look)
{
    const int *of = look->found.of;
    if (of[COLUMNS_RANDOMISED] >= 0 || of[COLUMNS_ENROLLED] >= 0 || of[COLUMNS_DATE] >= 0 || import_counts(look))
        return MEANS_RANDOMISED;
    return of[COLUMNS_TREATED] >= 0 ? MEANS_TREATED : of[COLUMNS_CONSENTED] >= 0 ? MEANS_CONSENTED : MEANS_RANDOMISED;
}

static void
note_studies(struct import_plan *p)
{
    const struct import_look *look = &p->look;
    for (size_t i = 0; look->only && i < look->n_studies; i++) {
        if (look->studies[i].chosen && look->n_studies > 1)
            import_note(p, "Only the rows of %s are read: %zu of %zu.", look->studies[i].name, look->studies[i].rows,
                        look->sheet->n - look->sheet->header - 1);
    }
    if (look->site)
        import_note(p, "Every row is taken to be of the site %s.", look->site);
}

static void
note_counts(struct import_plan *p)
{
    if (!import_counts(&p->look))
        return;
    import_note(p, "A row holds a number, not a participant: each counted one is kept without a code, on the date of "
                   "its row (“%s”). Codes can come with a later file only after this one is taken back.",
                import_column(&p->look, import_count_date(&p->look)));
    struct buf b;
    buf_init(&b, p->mem);
    for (size_t i = 0; i < p->look.found.n; i++) {
        const struct columns_column *col = &p->look.found.columns[i];
        if (col->use == COLUMNS_IGNORED && *col->header)
            buf_printf(&b, "%s“%s”", b.len ? ", " : "", col->header);
    }
    if (b.len)
        import_note(p, "Not read: %s.", buf_text(&b));
}

static void
note_look(struct import_plan *p)
{
    const struct columns_found *f = &p->look.found;
    if (p->look.book.note)
        import_note(p, "%s", p->look.book.note);
    for (size_t i = 0; i < f->n; i++) {
        const struct columns_column *col = &f->columns[i];
        if (col->use == COLUMNS_LEFT_OUT)
            import_note(p, "“%s”, %s: %s", col->header, col->place, col->reason);
    }
    note_studies(p);
    note_counts(p);
    if (p->how.kind == IMPORT_LOG && f->of[COLUMNS_SUBJECT] < 0 && !import_counts(&p->look))
        import_note(p, "There is no column of participant codes. A row whose dates change in a later "
                       "file counts as another participant.");
}

static int
by_row(const void *a, const void *b)
{
    const struct refused_row *x = a, *y = b;
    return x->row < y->row ? -1 : x->row > y->row;
}

void
import_result_of(const struct import_plan *p, const struct matched *m, struct arena *a,
                 struct import_result *ret)
{
    size_t n = p->refused.n + m->refused.n;
    struct refused_row *all = arena_alloc(a, (n + 1) * sizeof *all);
    if (p->refused.n)
        memcpy(all, p->refused.v, p->refused.n * sizeof *all);
    for (size_t i = 0; i < m->refused.n; i++) { /* which may go before the result */
        const struct refused_row *r = &m->refused.v[i];
        all[p->refused.n + i] = (struct refused_row){r->row, arena_strdup(a, r->column), arena_strdup(a, r->value),
                                                     arena_strdup(a, r->reason)};
    }
    qsort(all, n, sizeof *all, by_row);
    *ret = (struct import_result){.rows = (int64_t)p->n_rows, .added = m->added, .known = m->known,
                                  .changed = m->changed, .sites_made = (int64_t)m->places.n_made,
                                  .refused = all, .n_refused = n, .notes = p->notes,
                                  .n_notes = p->n_notes, .needs_reason = m->needs_reason};
}

err_t
import_match(struct ctx *c, const struct import_plan *p, struct matched *ret)
{
    switch (p->how.kind) {
    case IMPORT_LOG:
        return match_people(c, p, ret);
    case IMPORT_SITES:
        return match_sites(c, p, ret);
    case IMPORT_PLAN:
        break;
    }
    return match_plan(c, p, ret);
}

err_t
import_read(struct ctx *c, const struct import_how *how, struct import_plan **ret,
            struct import_result *ret_result)
{
    struct import_plan *p = arena_alloc(c->mem, sizeof *p);
    struct matched m;
    p->mem = c->mem;
    p->how = *how;
    p->refused.mem = c->mem;
    TRY(study_means(c, how->study, &p->means));
    TRY(import_look(c, how, &p->look));
    if (how->unkept)
        p->means = means_there(&p->look);
    TRY(import_ask(c, &p->look));
    crypto_hash_sha256(p->hash, (const unsigned char *)how->data, how->n);
    for (size_t i = p->look.sheet->header + 1; i < p->look.sheet->n; i++)
        p->n_rows += import_wants(c->mem, &p->look, &p->look.sheet->rows[i]);
    note_look(p);
    if (how->kind == IMPORT_PLAN)
        import_plan_read(p);
    else
        import_rows(p);
    if (arena_full(c->mem))
        return err_new(c->mem, E_TOO_LARGE, "The file is too large. Split it into several files.");
    struct ctx own = *c; /* what is compared is compared anew when it is written */
    own.mem = arena_new(MATCH_MEMORY);
    err_t e = import_match(&own, p, &m);
    if (!e)
        import_result_of(p, &m, c->mem, ret_result);
    e = err_keep(c->mem, e);
    arena_free(own.mem);
    if (!e)
        *ret = p;
    return e;
}

void
import_of_study(struct import_plan *p, int64_t study)
{
    p->how.study = study;
}
