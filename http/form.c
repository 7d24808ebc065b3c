/* form.c: a body becomes fields and files; see form.h. The check of the values is form_check.c's.
 * Called by life.c. */
#include "http/form.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "http/multipart.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

static bool
is_type(const char *content_type, const char *type)
{
    size_t n = strlen(type);
    return strncasecmp(content_type, type, n) == 0 && strchr("; \t", content_type[n]);
}

enum form_media
form_media(const char *content_type)
{
    if (!content_type || is_type(content_type, "application/x-www-form-urlencoded"))
        return FORM_URLENCODED;
    if (is_type(content_type, "multipart/form-data"))
        return FORM_MULTIPART;
    return is_type(content_type, "application/json") ? FORM_JSON : FORM_OTHER;
}

const struct field *
form_field(const struct field *table, const char *name)
{
    for (const struct field *f = table; f && f->name; f++) {
        size_t n = strlen(f->name);
        if (f->name[n - 1] == '*' ? strncmp(f->name, name, n - 1) == 0 : strcmp(f->name, name) == 0)
            return f;
    }
    return NULL;
}

/* CR LF and a lone CR become LF: browsers send CR LF, people count one character. */
static char *
line_breaks(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s);
    if (!strchr(s, '\r'))
        return out;
    char *o = out;
    for (; *s; s++) {
        if (*s == '\r' && s[1] == '\n')
            continue;
        *o++ = *s == '\r' ? '\n' : *s;
    }
    *o = '\0';
    return out;
}

/* The fields while they are read. */
struct reading {
    struct arena *mem;
    const struct field *table;
    struct form form;
};

static err_t
add(struct reading *r, const char *name, const char *value)
{
    struct pairs *fields = &r->form.fields;
    if (fields->n >= URL_MAX_PAIRS || strlen(name) > URL_MAX_NAME)
        return ERR_STATIC(E_BAD_REQUEST, "The form has too many fields, or a name is too long.");
    if (!fields->v)
        fields->v = arena_alloc(r->mem, URL_MAX_PAIRS * sizeof *fields->v);
    const struct field *f = form_field(r->table, name);
    const char *text = line_breaks(r->mem, value);
    if (!f || f->kind != FIELD_PASSWORD)
        text = str_trim(r->mem, text);
    fields->v[fields->n++] = (struct pair){name, text};
    return NULL;
}

static err_t
read_urlencoded(struct reading *r, const char *body, size_t n)
{
    struct pairs raw;
    TRY(url_pairs(r->mem, body, n, &raw));
    for (size_t i = 0; i < raw.n; i++)
        TRY(add(r, raw.v[i].name, raw.v[i].value));
    return NULL;
}

static err_t
add_file(struct reading *r, const struct multipart_part *p)
{
    if (!*p->filename && p->size == 0)
        return NULL; /* the browser sends an empty part when no file was chosen */
    const struct field *f = form_field(r->table, p->name);
    if (!f || f->kind != FIELD_FILE)
        return ERR_STATIC(E_MEDIA_TYPE, "A file was sent where none is asked for.");
    struct form *form = &r->form;
    if (form->n_files >= FORM_MAX_FILES)
        return ERR_STATIC(E_TOO_LARGE, "At most 50 files can be sent at once.");
    if (!form->files)
        form->files = arena_alloc(r->mem, FORM_MAX_FILES * sizeof *form->files);
    form->files[form->n_files++] = (struct form_file){
        .field = p->name, .file = {.name = p->filename, .data = p->data, .size = p->size}};
    return NULL;
}

static err_t
read_multipart(struct reading *r, const char *content_type, const char *body, size_t n)
{
    struct multipart m;
    TRY(multipart_begin(r->mem, content_type, body, n, &m));
    for (;;) {
        struct multipart_part p;
        bool more;
        TRY(multipart_next(&m, &p, &more));
        if (!more)
            return NULL;
        if (p.filename) {
            TRY(add_file(r, &p));
            continue;
        }
        if (p.size > FORM_MAX_TEXT)
            return ERR_STATIC(E_TOO_LARGE, "A text in the form is too long.");
        if (!utf8_valid(p.data, p.size))
            return ERR_STATIC(E_BAD_REQUEST, "The form holds bytes that are not UTF-8 text.");
        TRY(add(r, p.name, arena_strndup(r->mem, p.data, p.size)));
    }
}

static err_t
add_json(struct reading *r, const char *name, const json_t *value, bool in_list)
{
    switch (json_typeof(value)) {
    case JSON_NULL:
    case JSON_FALSE:
        return in_list ? add(r, name, "") : NULL;
    case JSON_TRUE:
        return add(r, name, "1");
    case JSON_STRING:
        if (json_string_length(value) > FORM_MAX_TEXT)
            return ERR_STATIC(E_TOO_LARGE, "A text in the form is too long.");
        return add(r, name, json_string_value(value));
    case JSON_INTEGER:
        return add(r, name,
                   arena_printf(r->mem, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
    case JSON_REAL:
        return add(r, name, str_from_real(r->mem, json_real_value(value)));
    case JSON_ARRAY:
        if (in_list)
            break;
        for (size_t i = 0; i < json_array_size(value); i++)
            TRY(add_json(r, name, json_array_get(value, i), true));
        return NULL;
    case JSON_OBJECT:
        break;
    }
    return ERR_STATIC(E_BAD_REQUEST,
                      "The JSON must be one object of texts, numbers and lists of them.");
}

static void
drop_json(void *j)
{
    json_decref(j);
}

static err_t
read_json(struct reading *r, const char *body, size_t n)
{
    json_error_t why;
    json_t *j = json_loadb(body, n, JSON_REJECT_DUPLICATES, &why);
    if (!j)
        return err_new(r->mem, E_BAD_REQUEST, "The JSON could not be read: line %d, column %d: %s.",
                       why.line, why.column, why.text);
    arena_defer(r->mem, drop_json, j);
    if (!json_is_object(j))
        return ERR_STATIC(E_BAD_REQUEST, "The JSON must be one object.");
    const char *key;
    json_t *value;
    json_object_foreach (j, key, value)
        TRY(add_json(r, arena_strdup(r->mem, key), value, false));
    return NULL;
}

err_t
form_read(struct arena *a, const struct field *table, const char *content_type, const char *body,
          size_t n, struct form *ret)
{
    struct reading r = {.mem = a, .table = table};
    switch (n ? form_media(content_type) : FORM_URLENCODED) {
    case FORM_URLENCODED:
        TRY(read_urlencoded(&r, body, n));
        break;
    case FORM_MULTIPART:
        TRY(read_multipart(&r, content_type, body, n));
        break;
    case FORM_JSON:
        TRY(read_json(&r, body, n));
        break;
    case FORM_OTHER:
        return ERR_STATIC(E_MEDIA_TYPE, "Only forms and JSON can be sent here.");
    }
    *ret = r.form;
    return NULL;
}

const char *
form_value(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->fields.n; i++) {
        const struct pair *p = &f->fields.v[i];
        if (*p->value && strcmp(p->name, name) == 0)
            return p->value;
    }
    return NULL;
}

static bool
may_show(const struct field *table, const char *name)
{
    const struct field *f = form_field(table, name);
    return !(f && f->kind == FIELD_PASSWORD) && strcmp(name, "csrf") != 0 && name[0] != '_';
}

void
form_show(struct view *page, const struct field *table, const struct form *form)
{
    struct view *typed = view_map(page, "form");
    struct arena *a = page->kids.mem;
    for (size_t i = 0; i < form->fields.n; i++) {
        const struct pair *p = &form->fields.v[i];
        if (!may_show(table, p->name))
            continue;
        const struct field *f = form_field(table, p->name);
        const char *key = arena_strdup(a, p->name);
        if (!f || !f->many) {
            view_text(typed, key, p->value);
            continue;
        }
        const struct view *had = view_get(typed, key);
        if (!had) {
            view_list(typed, key);
            had = view_get(typed, key);
        }
        view_add_text((struct view *)had, p->value);
    }
}

void
form_keep(struct view *page, const struct field *table, const struct form *form, const char *action)
{
    struct view *kept = view_map(page, "kept");
    view_text(kept, "action", action);
    struct view *fields = view_list(kept, "fields");
    for (size_t i = 0; i < form->fields.n; i++) {
        const struct pair *p = &form->fields.v[i];
        if (!may_show(table, p->name))
            continue;
        struct view *one = view_add_map(fields);
        view_text(one, "name", p->name);
        view_text(one, "value", p->value);
    }
}

void
form_errors(struct view *page, err_t e)
{
    struct view *list = view_list(page, "errors");
    for (; e; e = e->next) {
        struct view *one = view_add_map(list);
        view_text(one, "field", e->field);
        view_text(one, "text", e->text);
    }
}
