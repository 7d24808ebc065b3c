/* parse.c: see parse.h. jansson reads the text; one walker carries the values over, by the tables
 * of parse_fields.c. It recurses only as deep as the tables are nested. */
#include "features/registry/parse.h"

#include "base/arena.h"
#include "base/str.h"
#include "features/registry/parse_fields.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where the walker stands: a chain from the element back to the root. */
struct place {
    const struct place *up;
    const char *key; /* NULL for an element of a list */
    size_t index;
};

struct reader {
    struct arena *a;
    struct registry_study *study;
    size_t unknown_size;
};

static const char *const milestones[REGISTRY_MILESTONES] = {
    [REGISTRY_STATUS_VERIFIED] = "status_verified",
    [REGISTRY_START] = "start",
    [REGISTRY_PRIMARY_COMPLETION] = "primary_completion",
    [REGISTRY_COMPLETION] = "completion",
    [REGISTRY_FIRST_SUBMIT] = "first_submit",
    [REGISTRY_FIRST_SUBMIT_QC] = "first_submit_qc",
    [REGISTRY_FIRST_POST] = "first_post",
    [REGISTRY_RESULTS_FIRST_SUBMIT] = "results_first_submit",
    [REGISTRY_RESULTS_FIRST_SUBMIT_QC] = "results_first_submit_qc",
    [REGISTRY_RESULTS_FIRST_POST] = "results_first_post",
    [REGISTRY_DISPOSITION_FIRST_SUBMIT] = "disposition_first_submit",
    [REGISTRY_DISPOSITION_FIRST_SUBMIT_QC] = "disposition_first_submit_qc",
    [REGISTRY_DISPOSITION_FIRST_POST] = "disposition_first_post",
    [REGISTRY_LAST_UPDATE_SUBMIT] = "last_update_submit",
    [REGISTRY_LAST_UPDATE_POST] = "last_update_post",
};

const char *
parse_milestone_name(enum registry_milestone m)
{
    INVARIANT(m < REGISTRY_MILESTONES);
    return milestones[m];
}

/* "protocolSection.contactsLocationsModule.locations[3].status"; without positions "[]". */
static const char *
path_of(struct arena *a, const struct place *p, bool positions)
{
    if (!p || (!p->up && !p->key))
        return "";
    const char *up = path_of(a, p->up, positions);
    if (!p->key)
        return positions ? arena_printf(a, "%s[%zu]", up, p->index) : arena_printf(a, "%s[]", up);
    return *up ? arena_printf(a, "%s.%s", up, p->key) : p->key;
}

static err_t
wrong(struct reader *r, const struct place *p, const char *expected, const json_t *found)
{
    static const char *const types[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",    [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number",   [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    return err_at(r->a,
                  err_new(r->a, E_BAD_INPUT, "%s was expected here, and %s was found.", expected,
                          types[json_typeof(found)]),
                  "%s", path_of(r->a, p, true));
}

static err_t
unreadable(struct reader *r, const struct place *p, const char *value, const char *expected)
{
    return err_at(r->a,
                  err_new(r->a, E_BAD_INPUT, "\"%.60s\" cannot be read: %s was expected.", value,
                          expected),
                  "%s", path_of(r->a, p, true));
}

/* Notes a value (or, NULL, an element) that we do not know. */
static void
note_unknown(struct reader *r, const struct place *p, const char *value)
{
    struct registry_study *s = r->study;
    struct arena_mark mark = arena_save(r->a);
    const char *path = path_of(r->a, p, false);
    for (size_t i = 0; i < s->n_unknown; i++) {
        if (str_eq(s->unknown[i].path, path) && str_eq(s->unknown[i].value, value)) {
            s->unknown[i].times++;
            arena_restore(r->a, mark);
            return;
        }
    }
    if (s->n_unknown == REGISTRY_MAX_UNKNOWN) {
        s->more_unknown++;
        arena_restore(r->a, mark);
        return;
    }
    if (s->n_unknown == r->unknown_size) {
        r->unknown_size = r->unknown_size ? r->unknown_size * 2 : 8;
        struct registry_unknown *more = arena_alloc(r->a, r->unknown_size * sizeof *more);
        if (s->n_unknown)
            memcpy(more, s->unknown, s->n_unknown * sizeof *more);
        s->unknown = more;
    }
    s->unknown[s->n_unknown++] =
        (struct registry_unknown){.path = path, .value = arena_strdup(r->a, value), .times = 1};
}

/* ---- single values ---- */

static err_t
read_text(struct reader *r, const struct place *p, const json_t *v, const char *const *values,
          const char **ret)
{
    if (!json_is_string(v))
        return wrong(r, p, "A text", v);
    const char *text = json_string_value(v);
    const char *const *known = values;
    while (known && *known && strcmp(*known, text) != 0)
        known++;
    if (known && !*known)
        note_unknown(r, p, text);
    *ret = arena_strndup(r->a, text, json_string_length(v));
    return NULL;
}

static err_t
read_texts(struct reader *r, const struct place *p, const json_t *v, const char *const *values,
           struct registry_texts *ret)
{
    if (!json_is_array(v))
        return wrong(r, p, "A list of texts", v);
    size_t n = json_array_size(v);
    if (n > REGISTRY_MAX_ROWS)
        return err_at(r->a, err_new(r->a, E_TOO_LARGE, "The list is too long."), "%s",
                      path_of(r->a, p, true));
    const char **texts = arena_alloc(r->a, n * sizeof *texts);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct place here = {.up = p, .index = i};
        const json_t *value = json_array_get(v, i);
        if (!json_is_null(value))
            TRY(read_text(r, &here, value, values, &texts[kept++]));
    }
    *ret = (struct registry_texts){kept, texts};
    return NULL;
}

static err_t
read_yes(struct reader *r, const struct place *p, const json_t *v, enum registry_yes *ret)
{
    if (!json_is_boolean(v))
        return wrong(r, p, "true or false", v);
    *ret = json_is_true(v) ? REGISTRY_YES : REGISTRY_NO;
    return NULL;
}

static err_t
read_count(struct reader *r, const struct place *p, const json_t *v, struct registry_count *ret)
{
    double x = json_number_value(v);
    if (!json_is_number(v))
        return wrong(r, p, "A number", v);
    if (x < 0 || x > 1e15 || x != floor(x))
        return unreadable(r, p, str_from_real(r->a, x), "a whole number that is not negative");
    *ret = (struct registry_count){true, (int64_t)x};
    return NULL;
}

static err_t
read_date(struct reader *r, const struct place *p, const json_t *v, struct registry_date *ret)
{
    struct registry_date d = {0};
    TRY(read_text(r, p, v, NULL, &d.text));
    if (!*d.text)
        d.text = NULL;
    else if (!date_parse_partial(d.text, &d.precision, &d.first))
        return unreadable(r, p, d.text, "a date such as 2021, 2021-08 or 2021-08-31");
    *ret = d;
    return NULL;
}

static err_t
read_date_struct(struct reader *r, const struct place *p, const json_t *v,
                 struct registry_date *ret)
{
    if (!json_is_object(v))
        return wrong(r, p, "An object with date and type", v);
    struct registry_date d = {0};
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)v, key, value) {
        struct place here = {.up = p, .key = key};
        if (json_is_null(value))
            continue;
        if (strcmp(key, "date") == 0) {
            const char *type = d.type;
            TRY(read_date(r, &here, value, &d));
            d.type = type;
        } else if (strcmp(key, "type") == 0) {
            TRY(read_text(r, &here, value, parse_fields_date_types, &d.type));
        } else {
            note_unknown(r, &here, NULL);
        }
    }
    *ret = d;
    return NULL;
}

/* "2019-04-10" or "2019-04-10T14:17", seconds allowed. */
static err_t
read_stamp(struct reader *r, const struct place *p, const json_t *v, const char **ret)
{
    const char *text = NULL;
    int32_t day;
    TRY(read_text(r, p, v, NULL, &text));
    const char *t = strchr(text, 'T');
    const char *date = t ? arena_strndup(r->a, text, (size_t)(t - text)) : text;
    bool good = date_parse(date, &day);
    if (t)
        good = good && strspn(t + 1, "0123456789:.Z") == strlen(t + 1) && strlen(t + 1) >= 5;
    if (!good)
        return unreadable(r, p, text, "a time such as 2019-04-10T14:17");
    *ret = text;
    return NULL;
}

static err_t
read_age(struct reader *r, const struct place *p, const json_t *v, struct registry_age *ret)
{
    struct registry_age age = {.days = -1};
    TRY(read_text(r, p, v, NULL, &age.text));
    if (!date_age_days(age.text, &age.days) && strcasecmp(age.text, "N/A") != 0)
        note_unknown(r, p, age.text);
    *ret = age;
    return NULL;
}

static err_t
read_degrees(struct reader *r, const struct place *p, const json_t *v, double limit, double *ret)
{
    if (!v)
        return err_at(r->a, err_new(r->a, E_BAD_INPUT, "A point needs both lat and lon."), "%s",
                      path_of(r->a, p->up, true));
    if (!json_is_number(v))
        return wrong(r, p, "A number", v);
    double x = json_number_value(v);
    if (!(fabs(x) <= limit))
        return unreadable(r, p, str_from_real(r->a, x),
                          arena_printf(r->a, "a number from -%g to %g", limit, limit));
    *ret = x;
    return NULL;
}

static err_t
read_point(struct reader *r, const struct place *p, const json_t *v, struct registry_point *ret)
{
    if (!json_is_object(v))
        return wrong(r, p, "An object with lat and lon", v);
    struct registry_point point = {.given = true};
    struct place lat = {.up = p, .key = "lat"}, lon = {.up = p, .key = "lon"};
    TRY(read_degrees(r, &lat, json_object_get(v, "lat"), 90, &point.lat));
    TRY(read_degrees(r, &lon, json_object_get(v, "lon"), 180, &point.lon));
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)v, key, value) {
        struct place here = {.up = p, .key = key};
        if (strcmp(key, "lat") != 0 && strcmp(key, "lon") != 0)
            note_unknown(r, &here, NULL);
    }
    *ret = point;
    return NULL;
}

/* ---- objects and lists ---- */

static err_t read_object(struct reader *r, const struct place *p, const json_t *v,
                         const struct field *fields, char *base);

static err_t
read_rows(struct reader *r, const struct place *p, const json_t *v, const struct field *f,
          char *base)
{
    if (!json_is_array(v))
        return wrong(r, p, "A list", v);
    size_t n = json_array_size(v);
    if (n > REGISTRY_MAX_ROWS || arena_full(r->a))
        return err_at(r->a,
                      err_new(r->a, E_TOO_LARGE, "This is more than can be read of one record."),
                      "%s", path_of(r->a, p, true));
    char *rows = arena_alloc(r->a, n * f->size);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct place here = {.up = p, .index = i};
        const json_t *value = json_array_get(v, i);
        if (!json_is_null(value))
            TRY(read_object(r, &here, value, f->sub, rows + kept++ * f->size));
    }
    memcpy(base + f->at, &(void *){rows}, sizeof(void *));
    memcpy(base + f->count_at, &kept, sizeof kept);
    return NULL;
}

static err_t
read_field(struct reader *r, const struct place *p, const json_t *v, const struct field *f,
           char *base)
{
    void *to = base + f->at;
    switch (f->kind) {
    case FIELD_TEXT:
        return read_text(r, p, v, f->values, to);
    case FIELD_TEXTS:
        return read_texts(r, p, v, f->values, to);
    case FIELD_YES:
        return read_yes(r, p, v, to);
    case FIELD_COUNT:
        return read_count(r, p, v, to);
    case FIELD_DATE:
        return read_date(r, p, v, to);
    case FIELD_DATE_STRUCT:
        return read_date_struct(r, p, v, to);
    case FIELD_STAMP:
        return read_stamp(r, p, v, to);
    case FIELD_AGE:
        return read_age(r, p, v, to);
    case FIELD_POINT:
        return read_point(r, p, v, to);
    case FIELD_GROUP:
        return read_object(r, p, v, f->sub, to);
    case FIELD_ROWS:
        return read_rows(r, p, v, f, base);
    case FIELD_SKIP:
        break;
    }
    return NULL;
}

static err_t
read_object(struct reader *r, const struct place *p, const json_t *v, const struct field *fields,
            char *base)
{
    if (!json_is_object(v))
        return wrong(r, p, "An object", v);
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)v, key, value) {
        struct place here = {.up = p, .key = key};
        const struct field *f = fields;
        while (f->key && strcmp(f->key, key) != 0)
            f++;
        if (!f->key)
            note_unknown(r, &here, NULL);
        else if (!json_is_null(value))
            TRY(read_field(r, &here, value, f, base));
    }
    return NULL;
}

/* ---- whole records ---- */

static err_t
load(struct arena *a, const char *json, size_t n, uint64_t first_line, json_t **ret)
{
    json_error_t error;
    *ret = json_loadb(json, n, JSON_REJECT_DUPLICATES, &error);
    if (*ret)
        return NULL;
    err_t e;
    switch ((int)json_error_code(&error)) {
    case json_error_null_character:
        e = err_new(a, E_BAD_INPUT, "A text holds the character U+0000, which no text may hold.");
        break;
    case json_error_duplicate_key:
        e = err_new(a, E_BAD_INPUT, "One element stands twice: %s.", error.text);
        break;
    case json_error_numeric_overflow:
        e = err_new(a, E_BAD_INPUT, "A number is too large to be read.");
        break;
    case json_error_invalid_utf8:
        e = err_new(a, E_BAD_INPUT, "The text is not valid UTF-8.");
        break;
    default:
        e = err_new(a, E_BAD_INPUT, "The JSON cannot be read: %s.", error.text);
    }
    uint64_t line = first_line + (error.line > 0 ? (uint64_t)error.line - 1 : 0);
    return err_at(a, e, "line %llu", (unsigned long long)line);
}

static bool
nct_id_good(const char *id)
{
    return strlen(id) == 11 && strncmp(id, "NCT", 3) == 0 && strspn(id + 3, "0123456789") == 8;
}

/* JSON that is no record of API v2, and what to do about it. */
static err_t
recognise(struct arena *a, const json_t *root)
{
    if (json_is_object(json_object_get(root, "protocolSection")))
        return NULL;
    if (json_object_get(root, "FullStudiesResponse") || json_object_get(root, "FullStudy") ||
        json_object_get(root, "Study") || json_object_get(root, "ProtocolSection"))
        return err_new(a, E_MEDIA_TYPE,
                       "This is a record of the registry's older interface, which was closed in "
                       "2024. Please download it again in JSON form.");
    if (json_object_get(root, "resourceType"))
        return err_new(a, E_MEDIA_TYPE,
                       "This is a FHIR resource. Please download the record in JSON form.");
    return err_new(
        a, E_MEDIA_TYPE,
        "This is not a study record: it has no protocolSection. Please download the full "
        "record in JSON form.");
}

static err_t
check_id(struct arena *a, const struct registry_study *s)
{
    err_t e = NULL;
    if (str_empty(s->nct_id))
        e = err_new(a, E_BAD_INPUT, "The record has no registry number.");
    else if (!nct_id_good(s->nct_id))
        e = err_new(a, E_BAD_INPUT, "\"%.40s\" is no registry number: NCT and eight digits were "
                                    "expected.",
                    s->nct_id);
    return err_at(a, e, "protocolSection.identificationModule.nctId");
}

static err_t
read_record(struct arena *a, const json_t *root, struct registry_study *s)
{
    struct reader r = {.a = a, .study = s};
    struct place top = {0};
    s->minimum_age.days = s->maximum_age.days = -1;
    if (!json_is_object(root))
        return wrong(&r, &top, "A study record", root);
    TRY(recognise(a, root));
    TRY(read_object(&r, &top, root, parse_fields_root, (char *)s));
    return check_id(a, s);
}

err_t
parse_study(struct arena *a, const char *json, size_t n, uint64_t first_line,
            const struct registry_study **ret)
{
    json_t *root = NULL;
    TRY(load(a, json, n, first_line, &root));
    struct registry_study *s = arena_alloc(a, sizeof *s);
    err_t e = read_record(a, root, s);
    json_decref(root);
    if (!e)
        *ret = s;
    else if (s->nct_id && !strstr(str_or(e->place, ""), "nctId"))
        e = err_at(a, e, "%.40s", s->nct_id);
    return e;
}

/* ---- without contacts ---- */

static bool
is_contact_key(const char *key)
{
    static const char *const keys[] = {"phone", "phoneExt", "email", "fax"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcasecmp(key, keys[i]) == 0)
            return true;
    }
    size_t n = strlen(key), m = strlen("contacts");
    return n >= m && strcasecmp(key + n - m, "contacts") == 0;
}

/* E-mail addresses stand in free text too, even where a name should be. */
static void
mask(struct arena *a, json_t *text)
{
    const char *was = json_string_value(text);
    struct arena_mark mark = arena_save(a);
    const char *now = str_without_addresses(a, was);
    if (now != was)
        INVARIANT(json_string_set(text, now) == 0);
    arena_restore(a, mark);
}

static void
strip(struct arena *a, json_t *v)
{
    if (json_is_string(v)) {
        mask(a, v);
        return;
    }
    if (json_is_array(v)) {
        for (size_t i = 0; i < json_array_size(v); i++)
            strip(a, json_array_get(v, i));
        return;
    }
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe (v, next, key, value) {
        if (is_contact_key(key) || str_without_addresses(a, key) != key)
            json_object_del(v, key);
        else
            strip(a, value);
    }
}

err_t
parse_without_contacts(struct arena *a, const char *json, size_t n, const char **ret)
{
    json_t *root = NULL;
    TRY(load(a, json, n, 1, &root));
    strip(a, root);
    char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(root);
    INVARIANT(text);
    *ret = arena_strdup(a, text);
    free(text);
    return NULL;
}
