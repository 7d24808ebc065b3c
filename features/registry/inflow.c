/* inflow.c: see inflow.h. zlib inflates; several gzip members after one another are one flow. */
#include "features/registry/inflow.h"

#include "base/arena.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum { RAW = 64 << 10, HEAD = 512 };

struct inflow {
    struct arena *mem;
    inflow_read_fn read;
    void *arg;
    struct inflow_limits limits;
    uint64_t in, out;
    bool ended, gzip, between; /* between: a gzip member has ended, the next has not begun */
    z_stream z;
    size_t raw_at, raw_n, head_at, head_n;
    unsigned char raw[RAW];
    char head[HEAD + 1]; /* the first bytes, looked at before they are handed out */
};

static err_t
fill(struct inflow *f)
{
    if (f->ended || f->raw_at < f->raw_n)
        return NULL;
    ssize_t n = f->read(f->arg, f->raw, sizeof f->raw);
    if (n < 0)
        return err_new(f->mem, E_IO, "The file could not be read: %s.", strerror(errno));
    f->raw_at = 0;
    f->raw_n = (size_t)n;
    f->in += (uint64_t)n;
    f->ended = n == 0;
    return NULL;
}

/* What follows a gzip member: another one, padding, or nothing. */
static err_t
next_member(struct inflow *f)
{
    while (!f->ended && f->between) {
        TRY(fill(f));
        if (f->raw_at == f->raw_n)
            continue;
        unsigned char c = f->raw[f->raw_at];
        if (c == 0x1f) {
            if (inflateReset(&f->z) != Z_OK)
                return err_new(f->mem, E_INTERNAL, "zlib could not begin again.");
            f->between = false;
        } else if (c == 0) {
            f->raw_at++;
        } else {
            return err_new(f->mem, E_BAD_INPUT,
                           "Something else follows the compressed data. Please send the file as it "
                           "was downloaded.");
        }
    }
    return NULL;
}

static err_t
inflate_some(struct inflow *f, char *buf, size_t n, size_t *ret_n)
{
    f->z.next_out = (unsigned char *)buf;
    f->z.avail_out = (uInt)(n < RAW ? n : RAW);
    uInt room = f->z.avail_out;
    while (f->z.avail_out == room) {
        TRY(next_member(f));
        TRY(fill(f));
        if (f->ended && f->between)
            break;
        if (f->ended)
            return err_new(f->mem, E_BAD_INPUT,
                           "The compressed file is cut off. Please download or copy it again.");
        f->z.next_in = f->raw + f->raw_at;
        f->z.avail_in = (uInt)(f->raw_n - f->raw_at);
        int rc = inflate(&f->z, Z_NO_FLUSH);
        f->raw_at = f->raw_n - f->z.avail_in;
        if (rc == Z_STREAM_END)
            f->between = true;
        else if (rc != Z_OK && rc != Z_BUF_ERROR)
            return err_new(f->mem, E_BAD_INPUT,
                           "The compressed file is damaged (%s). Please download or copy it again.",
                           f->z.msg ? f->z.msg : "zlib refuses it");
    }
    *ret_n = room - f->z.avail_out;
    return NULL;
}

static err_t
guard(struct inflow *f)
{
    if (f->out > f->limits.total)
        return err_new(
            f->mem, E_TOO_LARGE,
            "The file holds more than %llu MB of text, which is the most that is read at "
            "once. Please split it.",
            (unsigned long long)(f->limits.total >> 20));
    if (f->gzip && f->out > f->limits.ratio_after && f->out / f->limits.ratio > f->in)
        return err_new(f->mem, E_TOO_LARGE,
                       "The compressed file swells to more than %u times its size, which study "
                       "records never do. It was not read further.",
                       f->limits.ratio);
    return NULL;
}

static err_t
pull(struct inflow *f, char *buf, size_t n, size_t *ret_n)
{
    size_t got = 0;
    if (f->gzip) {
        TRY(inflate_some(f, buf, n, &got));
    } else {
        TRY(fill(f));
        got = f->raw_n - f->raw_at < n ? f->raw_n - f->raw_at : n;
        memcpy(buf, f->raw + f->raw_at, got);
        f->raw_at += got;
    }
    f->out += got;
    TRY(guard(f));
    *ret_n = got;
    return NULL;
}

err_t
inflow_read(struct inflow *f, char *buf, size_t n, size_t *ret_n)
{
    if (f->head_at == f->head_n)
        return pull(f, buf, n, ret_n);
    size_t got = f->head_n - f->head_at < n ? f->head_n - f->head_at : n;
    memcpy(buf, f->head + f->head_at, got);
    f->head_at += got;
    *ret_n = got;
    return NULL;
}

static void
end_inflate(void *z)
{
    inflateEnd(z);
}

/* ---- what the first bytes say ---- */

#define JSON_PLEASE "please download the records in JSON form"

static const struct kind {
    const char *bytes;
    size_t n, at;
    const char *what, *remedy;
} kinds[] = {
    {"\xFF\xFE", 2, 0, "text in UTF-16", "please save it as UTF-8"},
    {"\xFE\xFF", 2, 0, "text in UTF-16", "please save it as UTF-8"},
    {"{\0", 2, 0, "text in UTF-16 or UTF-32", "please save it as UTF-8"},
    {"[\0", 2, 0, "text in UTF-16 or UTF-32", "please save it as UTF-8"},
    {"\0{", 2, 0, "text in UTF-16", "please save it as UTF-8"},
    {"\0[", 2, 0, "text in UTF-16", "please save it as UTF-8"},
    {"\0\0", 2, 0, "not text", JSON_PLEASE},
    {"%PDF", 4, 0, "a PDF document", JSON_PLEASE},
    {"PK\3\4", 4, 0, "a ZIP archive or an Office document",
     "please unpack it and give the .json files inside, or gzip them"},
    {"\x1f\x8b", 2, 0, "compressed twice", "please decompress it once"},
    {"BZh", 3, 0, "compressed with bzip2", "please unpack it, or use gzip"},
    {"\xFD"
     "7zXZ",
     5, 0, "compressed with xz", "please unpack it, or use gzip"},
    {"\x28\xB5\x2F\xFD", 4, 0, "compressed with zstd", "please unpack it, or use gzip"},
    {"7z\xBC\xAF", 4, 0, "a 7-Zip archive", "please unpack it"},
    {"Rar!", 4, 0, "a RAR archive", "please unpack it"},
    {"ustar", 5, 257, "a tar archive", "please unpack it and give the .json files inside"},
    {"{\\rtf", 5, 0, "a rich text document", JSON_PLEASE},
    {"\xD0\xCF\x11\xE0", 4, 0, "an older Office document", JSON_PLEASE},
    {"SQLite format 3", 15, 0, "a SQLite database", JSON_PLEASE},
    {"\x89PNG", 4, 0, "a picture", JSON_PLEASE},
    {"\xFF\xD8\xFF", 3, 0, "a picture", JSON_PLEASE},
};

static err_t
refuse(struct inflow *f, const char *what, const char *remedy)
{
    return err_new(f->mem, E_MEDIA_TYPE, "This is %s, not JSON: %s.", what, remedy);
}

static err_t
refuse_markup(struct inflow *f)
{
    const char *h = f->head;
    if (strcasestr(h, "<clinical_study") || strcasestr(h, "<search_results"))
        return refuse(f, "the older XML form of the registry's records",
                      "please download the JSON form");
    if (strcasestr(h, "<html") || strcasestr(h, "<!doctype html"))
        return refuse(f, "a web page", JSON_PLEASE);
    return refuse(f, "XML", "please download the JSON form");
}

/* The head begins with neither { nor [: a table, or any other text. */
static err_t
refuse_text(struct inflow *f, const char *first)
{
    if (*first == '<')
        return refuse_markup(f);
    size_t line = strcspn(first, "\r\n");
    size_t cell = strcspn(first, ",;\t");
    if (cell < line)
        return refuse(f, "a table (CSV)", JSON_PLEASE);
    if (strncasecmp(first, "NCT", 3) == 0)
        return refuse(f, "a list of registry numbers", JSON_PLEASE);
    return refuse(f, "something else", JSON_PLEASE);
}

static err_t
sniff(struct inflow *f, unsigned *ret_skipped)
{
    size_t n = f->head_n;
    f->head[n] = '\0';
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct kind *k = &kinds[i];
        if (n >= k->at + k->n && memcmp(f->head + k->at, k->bytes, k->n) == 0)
            return refuse(f, k->what, k->remedy);
    }
    unsigned skipped = n >= 3 && memcmp(f->head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t at = skipped;
    while (at < n && strchr(" \t\r\n", f->head[at]) && f->head[at])
        at++;
    if (at == n && n < HEAD)
        return err_new(f->mem, E_BAD_INPUT, "The file is empty. Please download it again.");
    if (at < n && f->head[at] != '{' && f->head[at] != '[')
        return refuse_text(f, f->head + at);
    f->head_at = skipped;
    *ret_skipped = skipped;
    return NULL;
}

static err_t
begin_gzip(struct inflow *f)
{
    if (f->raw_n < 2 || f->raw[0] != 0x1f || f->raw[1] != 0x8b)
        return NULL;
    if (inflateInit2(&f->z, 15 + 16) != Z_OK)
        return err_new(f->mem, E_INTERNAL, "zlib could not begin.");
    arena_defer(f->mem, end_inflate, &f->z);
    f->gzip = true;
    return NULL;
}

/* The first block, at least two bytes of it when there are two: a pipe may give single bytes. */
static err_t
first_block(struct inflow *f)
{
    while (f->raw_n < 2 && !f->ended) {
        ssize_t n = f->read(f->arg, f->raw + f->raw_n, sizeof f->raw - f->raw_n);
        if (n < 0)
            return err_new(f->mem, E_IO, "The file could not be read: %s.", strerror(errno));
        f->raw_n += (size_t)n;
        f->in += (uint64_t)n;
        f->ended = n == 0;
    }
    return NULL;
}

err_t
inflow_open(struct arena *mem, inflow_read_fn read, void *arg, const struct inflow_limits *limits,
            struct inflow **ret, unsigned *ret_skipped)
{
    struct inflow *f = arena_alloc(mem, sizeof *f);
    f->mem = mem;
    f->read = read;
    f->arg = arg;
    if (limits)
        f->limits = *limits;
    if (!f->limits.total)
        f->limits.total = (uint64_t)8 << 30;
    if (!f->limits.ratio_after)
        f->limits.ratio_after = 100000000;
    if (!f->limits.ratio)
        f->limits.ratio = 200;
    TRY(first_block(f));
    TRY(begin_gzip(f));
    size_t got = 1;
    while (f->head_n < HEAD && got) {
        TRY(pull(f, f->head + f->head_n, HEAD - f->head_n, &got));
        f->head_n += got;
    }
    unsigned skipped = 0;
    TRY(sniff(f, &skipped));
    *ret = f;
    *ret_skipped = skipped;
    return NULL;
}
