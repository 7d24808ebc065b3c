/* template.c: see template.h. Called by the store and the pages of this feature. */
#include "features/visits/template.h"

#include "base/str.h"
#include "core/record.h"
#include "db/db.h"
#include "features/visits/visits_sql.h"

#include <string.h>

enum { SECTIONS_MOST = 60, TITLE_MOST = 120 };

/* ---- text ---- */

static bool
is_key_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
}

/* "Visit windows" gives "visit_windows": what a section is called in exports. */
static const char *
key_of(struct arena *a, const char *title)
{
    struct buf b;
    buf_init(&b, a);
    for (const char *p = title; *p && b.len < 40; p++) {
        char ch = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        if (is_key_char(ch))
            buf_char(&b, ch);
        else if (b.len && b.data[b.len - 1] != '_')
            buf_char(&b, '_');
    }
    return b.len ? buf_text(&b) : "section";
}

static err_t
read_text(struct arena *a, const char *text, struct template_section **ret, size_t *ret_n)
{
    size_t lines, n = 0;
    char **line = str_split(a, text, '\n', &lines);
    struct template_section *s = arena_alloc(a, (lines + 1) * sizeof *s);
    for (size_t i = 0; i < lines; i++) {
        const char *one = str_squeeze(a, line[i]);
        if (!*one)
            continue;
        const char *colon = strchr(one, ':');
        const char *title = colon ? str_trim(a, arena_strndup(a, one, (size_t)(colon - one))) : one;
        if (!*title || strlen(title) > TITLE_MOST)
            return err_field(a, E_BAD_INPUT, "sections", "Line %zu: the title before the colon has from 1 to %d characters.", i + 1, TITLE_MOST);
        s[n++] = (struct template_section){key_of(a, title), title, colon ? str_trim(a, colon + 1) : ""};
    }
    if (n == 0 || n > SECTIONS_MOST)
        return err_field(a, E_BAD_INPUT, "sections", "A report has from 1 to %d sections, one a line.", SECTIONS_MOST);
    *ret = s;
    *ret_n = n;
    return NULL;
}

const char *
template_text(struct ctx *c, const struct template_section *s, size_t n)
{
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s%s\n", s[i].title, *s[i].hint ? ": " : "", s[i].hint);
    return buf_text(&b);
}

/* ---- which are in force ---- */

static void
shipped(struct ctx *c, enum visit_kind kind, struct template_section **ret, size_t *ret_n)
{
    struct template_section *s = arena_alloc(c->mem, visit_n_sections * sizeof *s);
    size_t n = 0;
    for (size_t i = 0; i < visit_n_sections; i++) {
        const struct visit_section_def *d = &visit_sections[i];
        if (d->kinds & (1U << kind))
            s[n++] = (struct template_section){d->key, d->title, d->hint};
    }
    *ret = s;
    *ret_n = n;
}

err_t
template_sections(struct ctx *c, int64_t study, enum visit_kind kind, struct template_section **ret, size_t *ret_n, int64_t *ret_version)
{
    struct visit_template_row row;
    bool found;
    TRY(db_maybe(c, &VISIT_TEMPLATE, DB_IN(db_int(study), db_text(visit_kind_word(kind))), &row, &found));
    *ret_version = found ? row.version : 0;
    if (found)
        return read_text(c->mem, row.sections, ret, ret_n);
    shipped(c, kind, ret, ret_n);
    return NULL;
}

err_t
template_version(struct ctx *c, int64_t study, enum visit_kind kind, int64_t *ret)
{
    struct template_section *s;
    size_t n;
    return template_sections(c, study, kind, &s, &n, ret);
}

err_t
template_copy(struct ctx *c, int64_t study, enum visit_kind kind, int64_t visit)
{
    struct template_section *s;
    int64_t version;
    size_t n;
    TRY(template_sections(c, study, kind, &s, &n, &version));
    for (size_t i = 0; i < n; i++)
        TRY(db_run(c, &VISIT_SECTION_ADD,
                   DB_IN(db_int(visit), db_int((int64_t)i + 1), db_text(s[i].key), db_text(s[i].title), db_text(s[i].hint)), NULL));
    return NULL;
}

err_t
template_set(struct ctx *c, int64_t study, enum visit_kind kind, const char *text, const char *reason)
{
    struct template_section *now, *new;
    int64_t version;
    size_t n_now, n;
    TRY(template_sections(c, study, kind, &now, &n_now, &version));
    TRY(read_text(c->mem, str_or(text, ""), &new, &n));
    const char *old = template_text(c, now, n_now), *want = template_text(c, new, n);
    record_event(c);
    if (strcmp(old, want) == 0)
        return NULL;
    record_change_gxp(c, "report sections", visit_kind_words(kind), "sections", old, want);
    return db_run(c, &VISIT_TEMPLATE_ADD,
                  DB_IN(db_int(study), db_text(visit_kind_word(kind)), db_int(version + 1), db_text(want), db_text(c->who->name),
                        db_text(reason), db_time(c->now)),
                  NULL);
}
