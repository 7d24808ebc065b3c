/* form_check.c: the check of a form against the route's table of fields: is it there, how long is
 * it, does it read as a number or a date. What a value means is the handler's to decide. */
#include "http/form.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

enum { MAX_LINE = 200, MAX_LONG = 20000, MAX_EMAIL = 254 };

static const char *
label(const struct field *f)
{
    return f->label ? f->label : f->name;
}

static const char *
missing(struct arena *a, const struct field *f)
{
    switch (f->kind) {
    case FIELD_CHOICE:
        return arena_printf(a, "Please choose the %s.", label(f));
    case FIELD_BOOL:
        return arena_printf(a, "Please tick the box: %s.", label(f));
    case FIELD_FILE:
        return arena_printf(a, "Please choose a file: %s.", label(f));
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD_INT:
    case FIELD_REAL:
    case FIELD_DATE:
    case FIELD_EMAIL:
    case FIELD_PASSWORD:
    case FIELD_HIDDEN:
        break;
    }
    return arena_printf(a, "Please give the %s.", label(f));
}

static const char *
too_long(struct arena *a, const struct field *f, const char *value)
{
    size_t max = f->max ? f->max : f->kind == FIELD_LONG ? MAX_LONG : MAX_LINE;
    if (f->kind == FIELD_EMAIL && !f->max)
        max = MAX_EMAIL;
    size_t n = utf8_length(value);
    if (n <= max)
        return NULL;
    return arena_printf(a, "The %s can hold %zu characters; this has %zu.", label(f), max, n);
}

/* Control characters have no place in a text; line breaks and tabs only where there are lines. */
static const char *
odd_characters(struct arena *a, const struct field *f, const char *value)
{
    bool lines = f->kind == FIELD_LONG || f->kind == FIELD_HIDDEN;
    for (const char *p = value; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != 0x7f)
            continue;
        if (c == '\n' && !lines)
            return arena_printf(a, "The %s must be one line.", label(f));
        if (c != '\t' && c != '\n')
            return arena_printf(a, "The %s holds a character that cannot be shown.", label(f));
    }
    return NULL;
}

static const char *
bad_int(struct arena *a, const struct field *f, const char *value)
{
    int64_t i;
    if (!str_int(value, &i))
        return arena_printf(a, "The %s must be a whole number, such as 12.", label(f));
    if (f->most > f->least && (i < f->least || i > f->most))
        return arena_printf(a, "The %s must be between %" PRId64 " and %" PRId64 ".", label(f),
                            f->least, f->most);
    return NULL;
}

static const char *
bad_date(struct arena *a, const struct field *f, const char *value)
{
    int32_t day;
    enum date_precision precision;
    if (f->partial ? date_parse_partial(value, &precision, &day) : date_parse(value, &day))
        return NULL;
    return arena_printf(a, "The %s must be a date%s.", label(f),
                        f->partial ? ", such as 2026-11-23, 2026-11 or 2026"
                                   : ", such as 2026-11-23");
}

/* One '@' with something on both sides and a dot in what follows; the rest only sending can tell.
 */
static const char *
bad_email(struct arena *a, const struct field *f, const char *value)
{
    const char *at = strchr(value, '@');
    const char *dot = at ? strchr(at + 1, '.') : NULL;
    bool good = at && at > value && !strchr(at + 1, '@') && dot && dot > at + 1 &&
                !strstr(at, "..") && value[strlen(value) - 1] != '.' &&
                !strpbrk(value, " \t,;<>\"()");
    return good ? NULL
                : arena_printf(a, "The %s must be an e-mail address, such as ana@example.org.",
                               label(f));
}

static const char *
bad_choice(struct arena *a, const struct field *f, const char *value)
{
    for (const char *const *c = f->choices; c && *c; c++) {
        if (strcmp(*c, value) == 0)
            return NULL;
    }
    return f->choices ? arena_printf(a, "Please choose one of what is offered: %s.", label(f))
                      : NULL;
}

static const char *
bad_value(struct arena *a, const struct field *f, const char *value)
{
    const char *wrong = too_long(a, f, value);
    if (!wrong && f->kind != FIELD_PASSWORD)
        wrong = odd_characters(a, f, value);
    if (wrong)
        return wrong;
    double real;
    switch (f->kind) {
    case FIELD_INT:
        return bad_int(a, f, value);
    case FIELD_REAL:
        return str_real(value, &real)
                   ? NULL
                   : arena_printf(a, "The %s must be a number, such as 0.8.", label(f));
    case FIELD_DATE:
        return bad_date(a, f, value);
    case FIELD_EMAIL:
        return bad_email(a, f, value);
    case FIELD_CHOICE:
        return bad_choice(a, f, value);
    case FIELD_BOOL:
        return strcmp(value, "1") == 0 ? NULL
                                       : arena_printf(a, "The %s must be ticked or not.", label(f));
    case FIELD_TEXT:
    case FIELD_LONG:
    case FIELD_PASSWORD:
    case FIELD_FILE:
    case FIELD_HIDDEN:
        break;
    }
    return NULL;
}

static const char *
bad_files(struct arena *a, const struct field *f, const struct form *form)
{
    size_t n = 0;
    for (size_t i = 0; i < form->n_files; i++) {
        if (form_field(f, form->files[i].field) != f)
            continue;
        n++;
        if (form->files[i].file.size == 0)
            return arena_printf(a, "The file %s is empty.", form->files[i].file.name);
    }
    if (n == 0 && f->required)
        return missing(a, f);
    return n > 1 && !f->many ? arena_printf(a, "Please choose only one file: %s.", label(f)) : NULL;
}

/* What is wrong with a field, or NULL; `ret_name` then is the name as it was sent. */
static const char *
bad_field(struct arena *a, const struct field *f, const struct form *form, const char **ret_name)
{
    if (f->kind == FIELD_FILE)
        return bad_files(a, f, form);
    bool pattern = f->name[strlen(f->name) - 1] == '*';
    size_t n = 0;
    for (size_t i = 0; i < form->fields.n; i++) {
        const struct pair *p = &form->fields.v[i];
        /* The first line of the table that fits a name is the one that checks it. */
        if (!*p->value || (pattern ? form_field(f, p->name) != f : strcmp(f->name, p->name) != 0))
            continue;
        n++;
        const char *wrong = bad_value(a, f, p->value);
        if (wrong) {
            *ret_name = p->name;
            return wrong;
        }
    }
    if (n == 0 && f->required)
        return missing(a, f);
    if (n > 1 && !f->many && !pattern)
        return arena_printf(a, "The %s stands there more than once.", label(f));
    return NULL;
}

/* What any form may carry beside its own fields. */
static const struct field always[] = {
    {.name = "csrf", .kind = FIELD_HIDDEN},
    {.name = "reason", .kind = FIELD_LONG, .max = 2000},
    {.name = "next", .kind = FIELD_HIDDEN, .max = 2000},
    {.name = "_form", .kind = FIELD_HIDDEN, .max = 2000},
    {0},
};

static const char *
ticked(const char *value)
{
    static const char *const yes[] = {"1", "on", "true", "yes"}, *const no[] = {"0", "off", "false",
                                                                                "no"};
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(value, yes[i]) == 0)
            return "1";
        if (strcmp(value, no[i]) == 0)
            return "";
    }
    return value;
}

static err_t
check_one(struct arena *a, const struct field *f, const struct form *form)
{
    const char *name = f->name;
    const char *wrong = bad_field(a, f, form, &name);
    return wrong ? err_field(a, E_BAD_INPUT, name, "%s", wrong) : NULL;
}

err_t
form_check(struct arena *a, const struct field *table, struct form *form)
{
    size_t kept = 0;
    for (size_t i = 0; i < form->fields.n; i++) {
        struct pair p = form->fields.v[i];
        if (!form_field(table, p.name) && !form_field(always, p.name))
            continue;
        const struct field *f = form_field(table, p.name);
        if (f && f->kind == FIELD_BOOL)
            p.value = ticked(p.value);
        form->fields.v[kept++] = p;
    }
    form->fields.n = kept;
    err_t all = NULL;
    for (const struct field *f = table; f && f->name; f++)
        all = err_join(a, all, check_one(a, f, form));
    for (const struct field *f = always; f->name; f++) {
        if (!form_field(table, f->name))
            all = err_join(a, all, check_one(a, f, form));
    }
    return all;
}
