/* pages_details.c: see pages_details.h. */
#include "features/studies/pages_details.h"

#include "base/date.h"
#include "base/str.h"
#include "core/record.h"
#include "db/db.h"
#include "features/studies/pages.h"
#include "features/studies/rules.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <string.h>

static const struct date_field {
    const char *kind, *date, *type, *options;
} dates[] = {
    {"start", "start", "start_type", "start_options"},
    {"primary_completion", "primary", "primary_type", "primary_options"},
    {"completion", "completion", "completion_type", "completion_options"},
};
static const char *const date_types[] = {"ESTIMATED", "ACTUAL", NULL};
static const char *const sexes[] = {"ALL", "FEMALE", "MALE", NULL};
static const char *const yes_no[] = {"Yes", "No", NULL};
static const char *const arm_types[] = {"EXPERIMENTAL", "ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR",
                                        "SHAM_COMPARATOR", "NO_INTERVENTION", "OTHER", NULL};

enum { CONDITIONS_MOST = 200, ARMS_MOST = 40, ARMS_BLANK = 2 };

const char *
pages_same(struct arena *a, const char *kept, const char *typed)
{
    if (!kept || !typed)
        return !typed && kept && !*str_trim(a, kept) ? kept : typed;
    char *plain = arena_strdup(a, kept), *to = plain;
    for (const char *p = kept; *p; p++) {
        if (*p != '\r' || p[1] != '\n')
            *to++ = *p == '\r' ? '\n' : *p;
    }
    *to = '\0';
    return strcmp(str_trim(a, plain), typed) == 0 ? kept : typed;
}

const char *
pages_sent(const struct req *r, const char *name, const char *kept)
{
    const char *const *values;
    return req_form_many(r, name, &values) ? req_form(r, name) : kept;
}

/* ---- the form ---- */

static const struct study_dates_row *
date_kept(const struct study_dates_row *rows, size_t n, const char *kind)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i].kind, kind) == 0)
            return &rows[i];
    }
    return NULL;
}

static err_t
form_dates(struct ctx *c, struct req *r, int64_t study, struct view *form, struct view *page)
{
    struct study_dates_row *rows;
    size_t n;
    TRY(db_list(c, &STUDY_DATES, DB_IN(db_int(study)), &rows, &n));
    for (size_t i = 0; i < COUNT_OF(dates); i++) {
        const struct study_dates_row *x = date_kept(rows, n, dates[i].kind);
        view_text(form, dates[i].date, x ? x->value : NULL);
        pages_options(c, page, dates[i].options, "dated", date_types,
                      pages_typed(r, dates[i].type, x ? x->type : NULL));
    }
    return NULL;
}

static err_t
form_conditions(struct ctx *c, int64_t study, struct view *form)
{
    struct study_terms_row *x;
    struct buf b;
    size_t n;
    buf_init(&b, c->mem);
    TRY(db_list(c, &STUDY_TERMS, DB_IN(db_int(study)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(x[i].kind, "condition") == 0)
            buf_printf(&b, "%s%s", b.len ? "\n" : "", x[i].term);
    }
    view_text(form, "conditions", buf_text(&b));
    return NULL;
}

static err_t
form_eligibility(struct ctx *c, struct req *r, int64_t study, struct view *form, struct view *page)
{
    struct study_eligibility_row e = {0};
    bool found;
    TRY(db_maybe(c, &STUDY_ELIGIBILITY, DB_IN(db_int(study)), &e, &found));
    if (!found)
        e = (struct study_eligibility_row){0};
    view_text(form, "criteria", e.criteria);
    view_text(form, "minimum_age", e.minimum_age);
    view_text(form, "maximum_age", e.maximum_age);
    pages_options(c, page, "sex_options", "sex", sexes, pages_typed(r, "sex", e.sex));
    pages_options(c, page, "healthy_options", "yes", yes_no, pages_typed(r, "healthy", e.healthy_volunteers));
    return NULL;
}

static void
add_arm(struct ctx *c, struct view *list, int64_t ordinal, const char *label, const char *type, const char *text)
{
    struct view *v = view_add_map(list);
    if (ordinal >= 0)
        view_int(v, "at", ordinal);
    view_int(v, "n", (int64_t)list->kids.n);
    view_text(v, "label", label);
    view_text(v, "description", text);
    pages_options(c, v, "type_options", "arm", arm_types, type);
}

static const char *
nth(const struct req *r, const char *name, size_t i)
{
    const char *const *v;
    return i < req_form_many(r, name, &v) && *v[i] ? v[i] : NULL;
}

static err_t
form_arms(struct ctx *c, struct req *r, int64_t study, struct view *page)
{
    struct view *list = view_list(page, "arms");
    struct study_arms_row *x;
    const char *const *typed;
    size_t n = req_form_many(r, "arm_label", &typed);
    for (size_t i = 0; i < n; i++) {
        int64_t at = -1;
        const char *text = nth(r, "arm_at", i);
        if (!text || !str_int(text, &at))
            at = -1;
        add_arm(c, list, at, nth(r, "arm_label", i), nth(r, "arm_type", i), nth(r, "arm_description", i));
    }
    if (n)
        return NULL;
    TRY(db_list(c, &STUDY_ARMS, DB_IN(db_int(study)), &x, &n));
    for (size_t i = 0; i < n && i < ARMS_MOST; i++)
        add_arm(c, list, x[i].ordinal, x[i].label, x[i].type, x[i].description);
    for (size_t i = 0; i < ARMS_BLANK; i++)
        add_arm(c, list, -1, NULL, NULL, NULL);
    return NULL;
}

err_t
details_form(struct ctx *c, struct req *r, int64_t study, struct view *form, struct view *page)
{
    TRY(form_dates(c, r, study, form, page));
    TRY(form_conditions(c, study, form));
    TRY(form_eligibility(c, r, study, form, page));
    return form_arms(c, r, study, page);
}

/* ---- saving ---- */

struct saving {
    struct ctx *c;
    const struct req *r;
    int64_t study;
    const char *code;
    bool any;
};

static bool
changed(struct saving *s, const char *field, const char *old, const char *now)
{
    bool differs = record_change_gxp(s->c, "study", s->code, field, old, now);
    s->any |= differs;
    return differs;
}

static err_t
save_dates(struct saving *s)
{
    struct study_dates_row *rows;
    size_t n;
    TRY(db_list(s->c, &STUDY_DATES, DB_IN(db_int(s->study)), &rows, &n));
    for (size_t i = 0; i < COUNT_OF(dates); i++) {
        const struct study_dates_row *x = date_kept(rows, n, dates[i].kind);
        const char *value = pages_sent(s->r, dates[i].date, x ? x->value : NULL);
        const char *type = value ? pages_sent(s->r, dates[i].type, x ? x->type : NULL) : NULL;
        const char *words = study_words("date", dates[i].kind);
        bool any = changed(s, words, x ? x->value : NULL, value);
        any |= changed(s, arena_printf(s->c->mem, "%s, expected or actual", words), x ? x->type : NULL, type);
        if (!any)
            continue;
        if (value)
            TRY(db_run(s->c, &STUDY_DATE_SET, DB_IN(db_int(s->study), db_text(dates[i].kind), db_text(value), db_text(type)), NULL));
        else
            TRY(db_run(s->c, &STUDY_DATE_DROP, DB_IN(db_int(s->study), db_text(dates[i].kind)), NULL));
        if (i == 0)
            TRY(db_run(s->c, &STUDY_START_KEY, DB_IN(db_int(s->study), db_text(rules_date_key(value))), NULL));
    }
    return NULL;
}

static err_t
save_conditions(struct saving *s)
{
    struct arena *a = s->c->mem;
    struct view *was = view_map_new(a);
    TRY(form_conditions(s->c, s->study, was));
    const char *old = view_get_text(was, "conditions");
    if (str_empty(old))
        old = NULL;
    const char *now = pages_same(a, old, pages_sent(s->r, "conditions", old));
    if (!changed(s, "conditions", old, now))
        return NULL;
    size_t n;
    char **line = str_split(a, str_or(now, ""), '\n', &n);
    if (n > CONDITIONS_MOST)
        return err_field(a, E_BAD_INPUT, "conditions", "Please write down at most %d conditions.", CONDITIONS_MOST);
    TRY(db_run(s->c, &STUDY_TERM_DROP, DB_IN(db_int(s->study), db_text("condition")), NULL));
    for (size_t i = 0; i < n; i++) {
        const char *term = str_squeeze(a, line[i]);
        if (*term)
            TRY(db_run(s->c, &STUDY_TERM_ADD, DB_IN(db_int(s->study), db_text("condition"), db_int((int64_t)i), db_text(term), db_text(NULL)), NULL));
    }
    return NULL;
}

static err_t
age_of(struct saving *s, const char *field, const char *kept, const char **ret, struct db_val *ret_days)
{
    const char *text = pages_sent(s->r, field, kept);
    int32_t days = -1;
    if (text && !date_age_days(text, &days) && !str_eq(text, kept))
        return err_field(s->c->mem, E_BAD_INPUT, field, "\"%s\" is no age: write it as 18 Years, or 6 Months.", text);
    *ret = text;
    *ret_days = db_int_or_null(days, days < 0);
    return NULL;
}

static err_t
save_eligibility(struct saving *s)
{
    struct study_eligibility_row e = {0};
    bool found;
    struct db_val least, most;
    const char *youngest, *oldest;
    TRY(db_maybe(s->c, &STUDY_ELIGIBILITY, DB_IN(db_int(s->study)), &e, &found));
    if (!found)
        e = (struct study_eligibility_row){0};
    TRY(age_of(s, "minimum_age", e.minimum_age, &youngest, &least));
    TRY(age_of(s, "maximum_age", e.maximum_age, &oldest, &most));
    const char *criteria = pages_same(s->c->mem, e.criteria, pages_sent(s->r, "criteria", e.criteria));
    const char *sex = pages_sent(s->r, "sex", e.sex), *healthy = pages_sent(s->r, "healthy", e.healthy_volunteers);
    bool any = changed(s, "criteria", e.criteria, criteria);
    any |= changed(s, "sex", e.sex, sex);
    any |= changed(s, "youngest", e.minimum_age, youngest);
    any |= changed(s, "oldest", e.maximum_age, oldest);
    any |= changed(s, "healthy volunteers", e.healthy_volunteers, healthy);
    if (!any)
        return NULL;
    return db_run(s->c, &STUDY_ELIGIBILITY_SET,
                  DB_IN(db_int(s->study), db_text(criteria), db_text(sex), db_text(youngest), db_text(oldest),
                        least, most, db_text(healthy)),
                  NULL);
}

static err_t
save_arm(struct saving *s, const struct study_arms_row *old, int64_t ordinal, size_t i)
{
    static const struct study_arms_row none = {0};
    const struct study_arms_row *was = old ? old : &none;
    struct arena *a = s->c->mem;
    const char *label = pages_same(a, was->label, nth(s->r, "arm_label", i));
    const char *text = pages_same(a, was->description, nth(s->r, "arm_description", i));
    const char *type = nth(s->r, "arm_type", i);
    const char *name = str_or(was->label, str_or(label, "without a name"));
    if (!label && !text)
        type = NULL;
    bool any = changed(s, arena_printf(a, "arm %s", name), was->label, label);
    any |= changed(s, arena_printf(a, "arm %s, kind", name), was->type, type);
    any |= changed(s, arena_printf(a, "arm %s, description", name), was->description, text);
    if (!any)
        return NULL;
    if (!label && !text)
        return db_run(s->c, &STUDY_ARM_DROP, DB_IN(db_int(s->study), db_int(ordinal)), NULL);
    return db_run(s->c, &STUDY_ARM_SET,
                  DB_IN(db_int(s->study), db_int(ordinal), db_text(label), db_text(type), db_text(text)), NULL);
}

/* An arm that the form names by its place changes, one without a place is new; what the form does not
 * speak of stays. */
static err_t
save_arms(struct saving *s)
{
    struct study_arms_row *x;
    const char *const *labels;
    size_t n, m = req_form_many(s->r, "arm_label", &labels);
    TRY(db_list(s->c, &STUDY_ARMS, DB_IN(db_int(s->study)), &x, &n));
    int64_t next = n ? x[n - 1].ordinal + 1 : 0;
    for (size_t i = 0; i < m && i < ARMS_MOST + ARMS_BLANK; i++) {
        const struct study_arms_row *old = NULL;
        const char *at = nth(s->r, "arm_at", i);
        int64_t ordinal = -1;
        for (size_t k = 0; at && str_int(at, &ordinal) && k < n && !old; k++)
            old = x[k].ordinal == ordinal ? &x[k] : NULL;
        if (!old && !nth(s->r, "arm_label", i) && !nth(s->r, "arm_description", i))
            continue;
        TRY(save_arm(s, old, old ? ordinal : next++, i));
    }
    return NULL;
}

err_t
details_save(struct ctx *c, const struct req *r, int64_t study, const char *code, bool *ret_any)
{
    struct saving s = {c, r, study, code, false};
    TRY(save_dates(&s));
    TRY(save_conditions(&s));
    TRY(save_eligibility(&s));
    TRY(save_arms(&s));
    *ret_any = s.any;
    return NULL;
}
