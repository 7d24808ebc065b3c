/* pages_draft.c: what was read in a file that was sent: its columns, what they are taken for, the order
 * of its dates, what would be taken in and what is refused. Nothing is kept of the answers: they stand
 * in the address, and the page is read anew with them. */
#include "features/recruitment/pages_import.h"

#include "base/arena.h"
#include "base/csv.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/flash.h"
#include "core/record.h"
#include "db/db.h"
#include "features/recruitment/import_draft.h"
#include "features/studies/studies.h"
#include "http/url.h"

#include <string.h>

enum { WORK_MEMORY = 512 << 20, SHOWN_REFUSED = 50, SHOWN_ROWS = 10, SHOWN_COLUMNS = 12, SAMPLE = 40 };

/* A draft read with the answers of the address or of the form. */
struct sight {
    struct draft draft;
    const struct draft_sheet *sheet;
    struct import_how how;
    int *answer;           /* of each column: its field, COLUMNS_NOTHING; NULL: nobody answered */
    size_t n_answer;
    struct import_look look;
    bool looked, ready;    /* ready: every question is answered */
    err_t wrong;           /* why it cannot be looked at so */
    struct import_plan *plan;
    struct import_result result;
};

static void
free_arena(void *a)
{
    arena_free(a);
}

/* ---- the answers ---- */

static bool
field_of(const char *name, size_t n, enum columns_table table, int *ret)
{
    for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
        const char *is = columns_field_name((enum columns_field)f);
        if (columns_field_in((enum columns_field)f, table) && strlen(is) == n && strncmp(is, name, n) == 0) {
            *ret = f;
            return true;
        }
    }
    return false;
}

static void
answer(struct ctx *c, struct sight *s, int64_t column, int field)
{
    if (column < 0 || column >= SHEET_MAX_COLUMNS)
        return;
    if (!s->answer) {
        s->answer = arena_alloc(c->mem, SHEET_MAX_COLUMNS * sizeof *s->answer);
        for (size_t i = 0; i < SHEET_MAX_COLUMNS; i++)
            s->answer[i] = COLUMNS_NOTHING;
    }
    s->answer[column] = field;
    if ((size_t)column >= s->n_answer)
        s->n_answer = (size_t)column + 1;
}

/* The form has a field for each column, of the sheet it shows; the address "SITE.1,STATUS.4". */
static void
read_answers(struct ctx *c, struct req *r, struct sight *s)
{
    enum columns_table table = import_table(s->draft.kind);
    int64_t column;
    const char *shown = req_form(r, "shown");
    bool other = shown && strcmp(shown, s->sheet->name) != 0; /* another sheet was chosen just now */
    for (size_t i = 0; !other && i < req_form_count(r); i++) {
        const char *name, *value;
        int field = COLUMNS_NOTHING;
        req_form_at(r, i, &name, &value);
        if (!str_starts(name, "column_") || !str_int(name + 7, &column))
            continue;
        field_of(value, strlen(value), table, &field);
        answer(c, s, column - 1, field);
    }
    const char *text = req_form_count(r) ? NULL : req_query(r, "columns");
    size_t n = 0;
    char **part = text ? str_split(c->mem, text, ',', &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        const char *dot = strchr(part[i], '.');
        int field;
        if (dot && str_int(dot + 1, &column) && field_of(part[i], (size_t)(dot - part[i]), table, &field))
            answer(c, s, column - 1, field);
    }
}

/* Once somebody answered, what is not chosen is not there. */
static void
mapping(struct ctx *c, struct sight *s)
{
    if (!s->answer)
        return;
    const char **pair = arena_alloc(c->mem, (s->n_answer + COLUMNS_FIELD_COUNT) * sizeof *pair);
    bool chosen[COLUMNS_FIELD_COUNT + 1] = {false};
    for (size_t i = 0; i < s->n_answer; i++) {
        if (s->answer[i] != COLUMNS_NOTHING)
            pair[s->how.n_mapping++] = arena_printf(c->mem, "%s=#%zu", columns_field_name((enum columns_field)s->answer[i]), i + 1);
        chosen[s->answer[i]] = true;
    }
    for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
        if (!chosen[f] && columns_field_in((enum columns_field)f, import_table(s->draft.kind)))
            pair[s->how.n_mapping++] = arena_printf(c->mem, "%s=", columns_field_name((enum columns_field)f));
    }
    s->how.mapping = pair;
}

static const char *
given(const struct req *r, const char *name)
{
    const char *v = req_form_count(r) ? req_form(r, name) : req_query(r, name);
    return str_empty(v) ? NULL : v;
}

/* The address of the page with these answers. */
static const char *
address(struct ctx *c, const struct thing *t, const struct req *r, const struct sight *s, const char *suffix)
{
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "/studies/%s/imports/draft/%s%s", t->study_ref, req_param(r, "draft"), suffix);
    const char *sign = "?";
    if (s->sheet && *s->sheet->name) {
        buf_printf(&b, "%ssheet=%s", sign, url_encode(c->mem, s->sheet->name));
        sign = "&";
    }
    if (s->how.order) {
        buf_printf(&b, "%sdates=%s", sign, url_encode(c->mem, s->how.order));
        sign = "&";
    }
    const struct {
        const char *name, *value;
    } said[] = {{"only", s->how.only}, {"site", s->how.site}};
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        if (!said[i].value)
            continue;
        buf_printf(&b, "%s%s=%s", sign, said[i].name, url_encode(c->mem, said[i].value));
        sign = "&";
    }
    for (size_t i = 0; i < s->n_answer; i++) {
        if (s->answer[i] == COLUMNS_NOTHING)
            continue;
        buf_printf(&b, "%s%s.%zu", *sign == ',' ? "," : arena_printf(c->mem, "%scolumns=", sign),
                   columns_field_name((enum columns_field)s->answer[i]), i + 1);
        sign = ",";
    }
    return buf_text(&b);
}

/* ---- looking ---- */

static void
choose_sheet(const struct req *r, struct sight *s)
{
    const char *name = given(r, "sheet");
    s->sheet = &s->draft.sheets[0];
    for (size_t i = 0; name && i < s->draft.n; i++) {
        if (strcmp(s->draft.sheets[i].name, name) == 0)
            s->sheet = &s->draft.sheets[i];
    }
}

/* With answers that cannot be, the page still shows the columns as they are by themselves. */
static err_t
look(struct ctx *c, struct sight *s)
{
    struct arena_mark mark = arena_save(c->mem);
    err_t e = import_look(c, &s->how, &s->look);
    if (e && e->code == E_BAD_INPUT && (s->how.n_mapping || s->how.order || s->how.only)) {
        struct import_how plain = s->how;
        plain.n_mapping = 0;
        plain.order = plain.only = NULL;
        s->wrong = e;
        e = import_look(c, &plain, &s->look);
    }
    if (e && e->code != E_BAD_INPUT)
        return e;
    s->looked = !e;
    if (e)
        s->wrong = e;
    s->ready = s->looked && !s->wrong && !import_ask(c, &s->look);
    if (!s->ready)
        return NULL;
    arena_restore(c->mem, mark); /* it is looked at again, and must not be there twice */
    TRY(import_read(c, &s->how, &s->plan, &s->result));
    s->look = s->plan->look;
    memcpy(s->plan->hash, s->draft.hash, sizeof s->plan->hash);
    return NULL;
}

err_t
page_draft_look(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct ctx own = *c; /* lives as long as the request, which must not be filled with the file */
    own.mem = arena_new(WORK_MEMORY);
    arena_defer(c->mem, free_arena, own.mem);
    struct sight *s = arena_alloc(own.mem, sizeof *s);
    TRY(draft_open(&own, t->study, req_param(r, "draft"), &s->draft));
    choose_sheet(r, s);
    s->how = (struct import_how){.kind = s->draft.kind, .study = t->study, .file_name = s->draft.file_name,
                                 .data = s->sheet->data, .n = s->sheet->n, .order = given(r, "dates"),
                                 .only = given(r, "only"), .site = given(r, "site"),
                                 .reason = req_form(r, "reason")};
    read_answers(&own, r, s);
    mapping(&own, s);
    const char *what = req_form(r, "do"); /* only "take" needs the rows */
    if (req_route(r)->method == GET || str_eq(what, "take"))
        TRY(look(&own, s));
    req_set_prepared(r, s);
    return NULL;
}

/* ---- showing ---- */

static const char *
sample_of(struct ctx *c, const struct sheet *s, size_t column)
{
    for (size_t i = s->header + 1; i < s->n; i++) {
        const struct sheet_cell *cell = sheet_cell(&s->rows[i], column);
        if (cell->kind != SHEET_EMPTY)
            return utf8_cut(c->mem, cell->text, SAMPLE);
    }
    return NULL;
}

static void
add_options(struct view *v, enum columns_table table, int chosen)
{
    struct view *list = view_list(v, "options");
    for (int f = 0; f < COLUMNS_FIELD_COUNT; f++) {
        if (!columns_field_in((enum columns_field)f, table))
            continue;
        struct view *o = view_add_map(list);
        view_text(o, "value", columns_field_name((enum columns_field)f));
        view_text(o, "text", columns_field_title((enum columns_field)f));
        view_bool(o, "selected", f == chosen);
    }
}

static void
add_columns(struct ctx *c, const struct sight *s, struct view *page)
{
    struct view *list = view_list(page, "columns"), *out = view_list(page, "left_out");
    for (size_t i = 0; i < s->look.found.n; i++) {
        const struct columns_column *col = &s->look.found.columns[i];
        bool left_out = col->use == COLUMNS_LEFT_OUT;
        struct view *v = view_add_map(left_out ? out : list);
        view_int(v, "n", (int64_t)i + 1);
        view_text(v, "header", col->header);
        view_text(v, "place", col->place);
        view_text(v, "reason", col->reason);
        if (left_out)
            continue;
        int chosen = s->answer && i < s->n_answer ? s->answer[i] : s->answer ? COLUMNS_NOTHING : (int)col->field;
        view_text(v, "sample", sample_of(c, s->look.sheet, i));
        view_bool(v, "used", col->use == COLUMNS_USED);
        view_bool(v, "doubt", col->use == COLUMNS_USED && col->in_doubt);
        add_options(v, import_table(s->draft.kind), chosen);
    }
    const struct columns_found *f = &s->look.found;
    view_text(page, "missing", f->lacks_site ? NULL : f->missing);
    view_bool(page, "ask_site", f->lacks_site);
    view_text(page, "site", s->how.site);
}

/* A file of several studies: which one. */
static void
add_studies(const struct sight *s, struct view *page)
{
    struct view *list = view_list(page, "studies");
    view_bool(page, "ask_study", s->look.n_studies > 1 && !s->look.only);
    for (size_t i = 0; s->look.n_studies > 1 && i < s->look.n_studies; i++) {
        struct view *o = view_add_map(list);
        view_text(o, "value", s->look.studies[i].name);
        view_int(o, "rows", (int64_t)s->look.studies[i].rows);
        view_bool(o, "selected", s->look.studies[i].chosen);
    }
}

static void
add_questions(struct ctx *c, const struct sight *s, struct view *page)
{
    static const struct {
        const char *value;
        enum dates_order order;
    } orders[] = {{"dmy", DATES_DMY}, {"mdy", DATES_MDY}, {"ymd", DATES_YMD}};
    struct view *list = view_list(page, "questions");
    for (size_t i = 0; i < s->look.n_questions; i++) {
        const struct import_question *q = &s->look.questions[i];
        struct view *v = view_add_map(list), *readings = view_list(v, "readings");
        view_text(v, "header", s->look.found.columns[q->column].header);
        view_text(v, "text", q->text);
        for (size_t k = 0; k < q->n; k++) {
            struct view *x = view_add_map(readings);
            view_text(x, "label", q->readings[k].label);
            view_text(x, "example", q->readings[k].example);
            view_int(x, "future", (int64_t)q->readings[k].n_future);
        }
    }
    view_bool(page, "ask_dates", s->look.n_questions || s->how.order);
    struct view *options = view_list(page, "dates");
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct view *o = view_add_map(options);
        view_text(o, "value", orders[i].value);
        view_text(o, "text", dates_order_label(orders[i].order));
        view_bool(o, "selected", str_eq(orders[i].value, s->how.order));
    }
}

/* The first rows as they were read, of the columns that are used. */
static void
add_rows(const struct sight *s, struct view *page)
{
    const struct sheet *sheet = s->look.sheet;
    size_t shown[SHOWN_COLUMNS], n = 0;
    struct view *heads = view_list(page, "heads"), *rows = view_list(page, "rows");
    for (size_t i = 0; i < s->look.found.n && n < SHOWN_COLUMNS; i++) {
        if (s->look.found.columns[i].use != COLUMNS_USED)
            continue;
        shown[n++] = i;
        view_text(view_add_map(heads), "text", columns_field_title(s->look.found.columns[i].field));
    }
    for (size_t i = sheet->header + 1; i < sheet->n && i <= sheet->header + SHOWN_ROWS; i++) {
        struct view *row = view_add_map(rows), *cells = view_list(row, "cells");
        view_int(row, "line", sheet->rows[i].line);
        for (size_t k = 0; k < n; k++)
            view_text(view_add_map(cells), "text", sheet_cell(&sheet->rows[i], shown[k])->text);
    }
}

static void
add_result(const struct sight *s, struct view *page, struct view *notes)
{
    const struct import_result *x = &s->result;
    struct view *v = view_map(page, "result");
    view_int(v, "rows", x->rows);
    view_int(v, "new", x->added);
    view_int(v, "known", x->known);
    view_int(v, "changed", x->changed);
    view_int(v, "sites", s->draft.kind == IMPORT_LOG ? x->sites_made : 0);
    view_int(v, "refused", (int64_t)x->n_refused);
    for (size_t i = 0; i < x->n_notes; i++)
        view_text(view_add_map(notes), "text", x->notes[i]);
    struct view *list = view_list(page, "refused");
    for (size_t i = 0; i < x->n_refused && i < SHOWN_REFUSED; i++) {
        struct view *row = view_add_map(list);
        view_int(row, "row", (int64_t)x->refused[i].row);
        view_text(row, "column", x->refused[i].column);
        view_text(row, "value", x->refused[i].value);
        view_text(row, "reason", x->refused[i].reason);
    }
    view_bool(page, "more_refused", x->n_refused > SHOWN_REFUSED);
}

static void
add_sheets(const struct sight *s, struct view *page)
{
    struct view *list = view_list(page, "sheets");
    for (size_t i = 0; s->draft.n > 1 && i < s->draft.n; i++) {
        struct view *o = view_add_map(list);
        view_text(o, "value", s->draft.sheets[i].name);
        view_bool(o, "selected", &s->draft.sheets[i] == s->sheet);
    }
    view_text(page, "shown", s->sheet->name);
}

/* Every refused row, for whoever mends the file. */
static void
refused_csv(struct ctx *c, struct req *r, const struct thing *t, const struct sight *s)
{
    struct buf b;
    buf_init(&b, c->mem);
    buf_str(&b, "row,column,value,reason\r\n");
    for (size_t i = 0; i < s->result.n_refused; i++) {
        const struct refused_row *x = &s->result.refused[i];
        csv_int(&b, (int64_t)x->row);
        csv_cell(&b, x->column);
        csv_cell(&b, x->value);
        csv_cell(&b, x->reason);
        csv_end(&b);
    }
    req_body(r, "text/csv; charset=utf-8", arena_printf(c->mem, "%s-refused.csv", t->study_ref), buf_text(&b), b.len);
}

err_t
page_draft(struct ctx *c, struct req *r, struct view *page)
{
    static const char *const titles[] = {"Enrolment log", "Sites and openings", "Planned curve"};
    const struct thing *t = req_thing(r);
    const struct sight *s = req_prepared(r);
    if (req_wants_csv(r)) {
        refused_csv(c, r, t, s);
        return NULL;
    }
    TRY(study_head(c, t, "recruitment", page));
    view_text(page, "file", s->draft.file_name);
    view_text(page, "kind", titles[s->draft.kind]);
    view_text(page, "again", address(c, t, r, s, ""));
    view_textf(page, "action", "/studies/%s/imports/draft/%s", t->study_ref, req_param(r, "draft"));
    view_text(page, "csv", address(c, t, r, s, ".csv"));
    add_sheets(s, page);
    struct view *wrong = view_list(page, "wrong");
    for (err_t e = s->wrong; e; e = e->next)
        view_text(view_add_map(wrong), "text", e->text);
    struct view *notes = view_list(page, "notes");
    for (size_t i = 0; i < s->draft.n_notes; i++)
        view_text(view_add_map(notes), "text", s->draft.notes[i]);
    if (s->looked) {
        add_columns(c, s, page);
        add_studies(s, page);
        add_questions(c, s, page);
        add_rows(s, page);
    }
    view_bool(page, "ready", s->ready);
    if (!s->ready)
        return NULL;
    add_result(s, page, notes);
    view_bool(page, "can_take", !s->result.n_refused);
    if (s->result.needs_reason)
        view_text(view_map(page, "reason"), "value", req_form(r, "reason"));
    return NULL;
}

/* ---- taking it in ---- */

static err_t
done(struct ctx *c, struct req *r, const struct thing *t, const char *action, const char *flash)
{
    TRY(draft_drop(c, t->study, req_param(r, "draft")));
    if (!record_any(c)) { /* nothing but the draft has gone */
        record_action(c, action);
        record_about(c, "study", t->study, t->study_ref, t);
        record_event(c);
    }
    flash_set(c, r, flash);
    return NULL;
}

static const char *
sentence(struct ctx *c, const struct sight *s, const struct import_result *x)
{
    if (s->draft.kind == IMPORT_PLAN)
        return x->added ? "The plan was taken in." : "This is the plan there is: nothing was changed.";
    if (!x->added && !x->changed && !x->needs_reason && x->known == x->rows)
        return arena_printf(c->mem, "All %lld rows were here already: nothing was changed.", (long long)x->rows);
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "%lld rows: %lld new", (long long)x->rows, (long long)x->added);
    if (x->changed)
        buf_printf(&b, ", %lld filled in", (long long)x->changed);
    buf_printf(&b, ", %lld here already.", (long long)x->known);
    if (x->sites_made && s->draft.kind == IMPORT_LOG)
        buf_printf(&b, " New sites: %lld.", (long long)x->sites_made);
    return buf_text(&b);
}

err_t
page_draft_take(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const struct sight *s = req_prepared(r);
    const char *what = req_form(r, "do");
    if (str_eq(what, "drop")) {
        TRY(done(c, r, t, "import.drop", "The file was thrown away."));
        req_redirect(r, "/studies/%s/imports", t->study_ref);
        return NULL;
    }
    if (!str_eq(what, "take") || !s->ready || s->result.n_refused) {
        req_redirect(r, "%s", address(c, t, r, s, ""));
        return NULL;
    }
    struct import_result x;
    TRY(import_apply(c, s->plan, &x));
    TRY(done(c, r, t, "import.drop", sentence(c, s, &x)));
    req_redirect(r, s->draft.kind == IMPORT_SITES ? "/studies/%s/sites" : "/studies/%s/recruitment", t->study_ref);
    return NULL;
}
