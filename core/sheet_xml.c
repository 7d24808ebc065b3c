/* sheet_xml.c: see sheet_xml.h. */
#include "core/sheet_xml.h"

#include "base/arena.h"
#include "core/sheet.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <zip.h>

enum { CHUNK = 32 << 10, RATIO_FROM = 1 << 20 };

struct sheet_zip {
    struct arena *a;
    zip_t *zip;
    uint64_t total; /* bytes unpacked so far */
};

struct sheet_xml {
    struct arena *a;
    xmlParserCtxtPtr parser;
    const struct sheet_xml_handler *h;
    void *state;
    const xmlChar **att; /* libxml2's fives: local name, prefix, URI, value, its end */
    int n_att, depth;
    bool capturing;
    struct buf text;
    err_t error;
};

err_t
sheet_xml_damaged(struct arena *a, const char *what)
{
    return err_new(
        a, E_BAD_INPUT,
        "This .xlsx file is damaged or cut off (%s). Open it in your spreadsheet program, "
        "save it again and try once more.",
        what);
}

err_t
sheet_zip_open(struct arena *a, const char *data, size_t n, struct sheet_zip **ret)
{
    zip_error_t ze;
    zip_error_init(&ze);
    zip_source_t *source = zip_source_buffer_create(data, n, 0, &ze);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &ze) : NULL;
    if (!zip) {
        zip_source_free(source);
        zip_error_fini(&ze);
        return sheet_xml_damaged(a, "the list of its parts cannot be read");
    }
    zip_error_fini(&ze);
    if (zip_get_num_entries(zip, 0) > SHEET_MAX_ENTRIES) {
        zip_discard(zip);
        return err_new(a, E_TOO_LARGE,
                       "This .xlsx file has more than %d parts. Copy the table into "
                       "a new file, or save it as CSV.",
                       SHEET_MAX_ENTRIES);
    }
    struct sheet_zip *z = arena_alloc(a, sizeof *z);
    *z = (struct sheet_zip){.a = a, .zip = zip};
    *ret = z;
    return NULL;
}

void
sheet_zip_close(struct sheet_zip *z)
{
    zip_discard(z->zip);
}

static zip_int64_t
locate(struct sheet_zip *z, const char *path)
{
    zip_int64_t i = zip_name_locate(z->zip, path, 0);
    return i >= 0 ? i : zip_name_locate(z->zip, path, ZIP_FL_NOCASE);
}

bool
sheet_zip_has(struct sheet_zip *z, const char *path)
{
    return locate(z, path) >= 0;
}

void
sheet_xml_fail(struct sheet_xml *x, err_t e)
{
    if (!x->error)
        x->error = e;
    xmlStopParser(x->parser);
}

/* -- what libxml2 tells */

static void
on_dtd(void *user, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct sheet_xml *x = user;
    sheet_xml_fail(
        x, err_new(x->a, E_BAD_INPUT,
                   "This .xlsx file holds a document type declaration, which no spreadsheet "
                   "program writes. It was not read."));
}

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
         const xmlChar **ns, int n_att, int n_default, const xmlChar **att)
{
    struct sheet_xml *x = user;
    if (x->error)
        return;
    if (++x->depth > SHEET_MAX_DEPTH) {
        sheet_xml_fail(x, sheet_xml_damaged(x->a, "elements lie too deep inside one another"));
        return;
    }
    x->att = att;
    x->n_att = n_att;
    if (x->h->start)
        x->h->start(x, x->state, (const char *)name);
    x->n_att = 0;
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct sheet_xml *x = user;
    x->depth--;
    if (!x->error && x->h->end)
        x->h->end(x, x->state, (const char *)name);
}

static void
on_text(void *user, const xmlChar *s, int n)
{
    struct sheet_xml *x = user;
    if (!x->capturing || x->error)
        return;
    if (x->text.len + (size_t)n > SHEET_MAX_TEXT) {
        sheet_xml_fail(
            x, err_new(x->a, E_TOO_LARGE, "A cell is longer than %d characters.", SHEET_MAX_TEXT));
        return;
    }
    buf_add(&x->text, (const char *)s, (size_t)n);
}

/* -- for handlers */

static const xmlChar **
find_attr(struct sheet_xml *x, const char *name)
{
    for (int i = 0; i < x->n_att; i++) {
        if (strcmp((const char *)x->att[i * 5], name) == 0)
            return &x->att[i * 5];
    }
    return NULL;
}

/* An attribute's value into `to`, NUL-ended. libxml2 leaves every ampersand as "&#38;" as long as
 * it is not told to replace entities, which it never is here. */
static void
copy_value(char *to, const char *from, const char *end)
{
    while (from < end) {
        bool amp = end - from >= 5 && memcmp(from, "&#38;", 5) == 0;
        *to++ = *from;
        from += amp ? 5 : 1;
    }
    *to = '\0';
}

bool
sheet_xml_attr(struct sheet_xml *x, const char *name, char *ret, size_t size)
{
    const xmlChar **at = find_attr(x, name);
    if (!at || (size_t)(at[4] - at[3]) >= size)
        return false;
    copy_value(ret, (const char *)at[3], (const char *)at[4]);
    return true;
}

char *
sheet_xml_attr_text(struct sheet_xml *x, const char *name)
{
    const xmlChar **at = find_attr(x, name);
    if (!at)
        return NULL;
    char *text = arena_alloc(x->a, (size_t)(at[4] - at[3]) + 1);
    copy_value(text, (const char *)at[3], (const char *)at[4]);
    return text;
}

void
sheet_xml_capture(struct sheet_xml *x, bool on)
{
    x->capturing = on;
}

struct buf *
sheet_xml_text(struct sheet_xml *x)
{
    return &x->text;
}

/* -- one part */

/* What the package itself says of a part, before a byte is unpacked. */
static err_t
check_part(struct sheet_zip *z, const char *path, zip_stat_t *ret)
{
    zip_int64_t i = locate(z, path);
    if (i < 0)
        return sheet_xml_damaged(z->a, arena_printf(z->a, "the part %s is missing", path));
    zip_uint64_t need = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(z->zip, (zip_uint64_t)i, 0, ret) != 0 || (ret->valid & need) != need)
        return sheet_xml_damaged(z->a, arena_printf(z->a, "the part %s has no size", path));
    if ((ret->valid & ZIP_STAT_ENCRYPTION_METHOD) && ret->encryption_method != ZIP_EM_NONE)
        return err_new(z->a, E_BAD_INPUT,
                       "This file is protected with a password. Save it without "
                       "one and try again.");
    if (ret->comp_method != ZIP_CM_STORE && ret->comp_method != ZIP_CM_DEFLATE)
        return sheet_xml_damaged(z->a, "it is packed in a way no spreadsheet program uses");
    return NULL;
}

static err_t
too_large(struct sheet_zip *z)
{
    return err_new(z->a, E_TOO_LARGE,
                   "This .xlsx file unpacks to more than can be taken at once. "
                   "Copy the table into a new file, or save it as CSV.");
}

/* Whether `done` bytes unpacked of one part are within bounds. */
static bool
within(struct sheet_zip *z, const zip_stat_t *st, uint64_t done)
{
    return done <= SHEET_MAX_PART && z->total <= SHEET_MAX_TOTAL &&
           (done <= RATIO_FROM || done / SHEET_MAX_RATIO <= st->comp_size);
}

static err_t
pump(struct sheet_zip *z, struct sheet_xml *x, zip_file_t *f, const zip_stat_t *st)
{
    static _Thread_local char chunk[CHUNK];
    uint64_t done = 0;
    for (;;) {
        zip_int64_t got = zip_fread(f, chunk, sizeof chunk);
        if (got < 0)
            return sheet_xml_damaged(z->a, "a part cannot be unpacked");
        done += (uint64_t)got;
        z->total += (uint64_t)got;
        if (!within(z, st, done))
            return too_large(z);
        int failed = xmlParseChunk(x->parser, chunk, (int)got, got == 0);
        if (x->error)
            return x->error;
        if (failed || (got == 0 && !x->parser->wellFormed))
            return sheet_xml_damaged(z->a, arena_printf(z->a, "a part breaks off in its line %d",
                                                        xmlSAX2GetLineNumber(x->parser)));
        if (got == 0)
            return NULL;
    }
}

static err_t
parse(struct sheet_zip *z, struct sheet_xml *x, zip_file_t *f, const zip_stat_t *st)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .internalSubset = on_dtd,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .ignorableWhitespace = on_text,
                         .cdataBlock = on_text};
    xmlInitParser();
    x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
    INVARIANT(x->parser);
    xmlCtxtUseOptions(x->parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    err_t e = pump(z, x, f, st);
    xmlFreeParserCtxt(x->parser);
    return e;
}

err_t
sheet_xml_read(struct sheet_zip *z, const char *path, const struct sheet_xml_handler *h,
               void *state)
{
    zip_stat_t st;
    TRY(check_part(z, path, &st));
    if (st.size > SHEET_MAX_PART)
        return too_large(z);
    zip_file_t *f = zip_fopen_index(z->zip, st.index, 0);
    if (!f)
        return sheet_xml_damaged(z->a, arena_printf(z->a, "the part %s cannot be opened", path));
    struct sheet_xml x = {.a = z->a, .h = h, .state = state};
    buf_init(&x.text, z->a);
    err_t e = parse(z, &x, f, &st);
    zip_fclose(f);
    return e;
}
