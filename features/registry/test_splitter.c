/* test_splitter.c: cutting files into records: every shape, every way of being broken. */
#include "base/arena.h"
#include "base/str.h"
#include "features/registry/splitter.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

struct bytes {
    const char *data;
    size_t n;
};

static int
setup(void **state)
{
    *state = arena_new(0);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* All records of a file joined with bars, and the error that ended it, if any. */
static const char *
split(struct arena *a, struct bytes in, const struct splitter_limits *limits, err_t *ret_error)
{
    struct buf out;
    buf_init(&out, a);
    struct splitter *s = NULL;
    *ret_error = splitter_open_bytes(a, "file.json", in.data, in.n, limits, &s);
    while (!*ret_error) {
        struct splitter_record r;
        *ret_error = splitter_next(s, &r);
        if (*ret_error) {
            assert_ptr_equal(splitter_next(s, &r), *ret_error);
            break;
        }
        if (!r.data)
            break;
        assert_int_equal(strlen(r.data), r.n);
        buf_printf(&out, "%s%s", out.len ? "|" : "", r.data);
    }
    return buf_text(&out);
}

static struct bytes
text(const char *s)
{
    return (struct bytes){s, strlen(s)};
}

static struct bytes
gzip(struct arena *a, struct bytes in)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&z, in.n) + 64;
    char *out = arena_alloc(a, room);
    z.next_in = (unsigned char *)(uintptr_t)in.data;
    z.avail_in = (uInt)in.n;
    z.next_out = (unsigned char *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t n = z.total_out;
    deflateEnd(&z);
    return (struct bytes){out, n};
}

static struct bytes
join(struct arena *a, struct bytes x, struct bytes y)
{
    char *both = arena_alloc(a, x.n + y.n);
    memcpy(both, x.data, x.n);
    memcpy(both + x.n, y.data, y.n);
    return (struct bytes){both, x.n + y.n};
}

static const struct {
    const char *text, *records;
} shapes[] = {
    {"{\"a\":1}", "{\"a\":1}"},
    {"\xEF\xBB\xBF {\"a\":1}\n", "{\"a\":1}"},
    {"[{\"a\":1}, {\"b\":[{}]}\n]", "{\"a\":1}|{\"b\":[{}]}"},
    {"[]", ""},
    {"{\"studies\":[]}", ""},
    {"{\"studies\":[{\"a\":1},{\"b\":2}],\"nextPageToken\":\"x{[\"}", "{\"a\":1}|{\"b\":2}"},
    {"{\"totalCount\":9,\"studies\":[{\"a\":1}],\"x\":[{\"y\":{}}]}", "{\"a\":1}"},
    {"{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}|{\"b\":2}"},
    {"{\"a\":1}\r\n\r\n{\"b\":2}", "{\"a\":1}|{\"b\":2}"},
    {"{\"studies\":[{\"a\":1}]}\n{\"studies\":[{\"b\":2}]}", "{\"a\":1}|{\"b\":2}"},
    {"{\"studies\":{\"a\":1}}", "{\"studies\":{\"a\":1}}"},
    {"{\"studies\":3}", "{\"studies\":3}"},
    {"{\"a\":\"studies\",\"b\":[1]}", "{\"a\":\"studies\",\"b\":[1]}"},
    {"{\"a\":{\"studies\":[{\"b\":1}]}}", "{\"a\":{\"studies\":[{\"b\":1}]}}"},
    {"[{\"a\":\"}]\\\"{\"}]", "{\"a\":\"}]\\\"{\"}"},
};

static void
takes_every_shape(void **state)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        err_t e;
        assert_string_equal(split(*state, text(shapes[i].text), NULL, &e), shapes[i].records);
        if (e)
            fail_msg("%s: %s", shapes[i].text, err_line(*state, e));
        struct bytes zipped = gzip(*state, text(shapes[i].text));
        assert_string_equal(split(*state, zipped, NULL, &e), shapes[i].records);
        assert_null(e);
    }
}

struct trickle {
    const char *data;
    size_t n, at, step;
};

static ssize_t
read_trickle(void *arg, void *buf, size_t n)
{
    struct trickle *t = arg;
    size_t got = t->n - t->at < t->step ? t->n - t->at : t->step;
    got = got < n ? got : n;
    memcpy(buf, t->data + t->at, got);
    t->at += got;
    return (ssize_t)got;
}

/* However the bytes come, the records and their places are the same. */
static void
reads_in_any_pieces(void **state)
{
    const char *file = "\xEF\xBB\xBF{\"studies\":\n[{\"a\":\"é\"},\n  {\"b\":2}]}";
    for (int zipped = 0; zipped < 2; zipped++) {
        struct bytes in = zipped ? gzip(*state, text(file)) : text(file);
        for (size_t step = 1; step < 9; step++) {
            struct trickle t = {in.data, in.n, 0, step};
            struct splitter *s;
            struct splitter_record r;
            assert_null(splitter_open(*state, "x", read_trickle, &t, NULL, &s));
            assert_null(splitter_next(s, &r));
            assert_string_equal(r.data, "{\"a\":\"é\"}");
            assert_int_equal(r.line, 2);
            assert_memory_equal(file + r.offset, r.data, r.n);
            assert_null(splitter_next(s, &r));
            assert_string_equal(r.data, "{\"b\":2}");
            assert_int_equal(r.number, 2);
            assert_int_equal(r.line, 3);
            assert_memory_equal(file + r.offset, r.data, r.n);
            assert_null(splitter_next(s, &r));
            assert_null(r.data);
            assert_null(splitter_next(s, &r));
            assert_null(r.data);
        }
    }
}

#define B(literal) {literal, sizeof(literal) - 1}

static void
refuses_kindly(void **state)
{
    static const struct {
        struct bytes in;
        enum err_code code;
        const char *place, *says;
    } cases[] = {
        {B(""), E_BAD_INPUT, "file.json", "empty"},
        {B(" \n\t "), E_BAD_INPUT, "file.json", "empty"},
        {B("\xEF\xBB\xBF"), E_BAD_INPUT, "file.json", "empty"},
        {B("%PDF-1.7 ..."), E_MEDIA_TYPE, "file.json", "PDF"},
        {B("PK\3\4...."), E_MEDIA_TYPE, "file.json", "ZIP"},
        {B("\xFF\xFE{\0}\0"), E_MEDIA_TYPE, "file.json", "UTF-16"},
        {B("\xFE\xFF\0{\0}"), E_MEDIA_TYPE, "file.json", "UTF-16"},
        {B("{\0\"\0"), E_MEDIA_TYPE, "file.json", "UTF-16"},
        {B("\0{\0\""), E_MEDIA_TYPE, "file.json", "UTF-16"},
        {B("BZh91AY"), E_MEDIA_TYPE, "file.json", "bzip2"},
        {B("<?xml version=\"1.0\"?>\n<clinical_study rank=\"1\">"), E_MEDIA_TYPE, "file.json",
         "older XML"},
        {B("<?xml version=\"1.0\"?><ODM/>"), E_MEDIA_TYPE, "file.json", "XML"},
        {B("\n<!DOCTYPE html><html>"), E_MEDIA_TYPE, "file.json", "web page"},
        {B("NCT Number,Study Title\nNCT00000410,x\n"), E_MEDIA_TYPE, "file.json", "CSV"},
        {B("NCT00000410\nNCT00000411\n"), E_MEDIA_TYPE, "file.json", "registry numbers"},
        {B("hello"), E_MEDIA_TYPE, "file.json", "not JSON"},
        {B("{\\rtf1\\ansi"), E_MEDIA_TYPE, "file.json", "rich text"},
        {B("{\"a\":1"), E_BAD_INPUT, "line 1, byte 6", "cut off"},
        {B("[{\"a\":1},\n"), E_BAD_INPUT, "line 2, byte 10", "cut off"},
        {B("[{\"a\":1}\n,2]"), E_BAD_INPUT, "line 2, byte 11", "study record"},
        {B("[\"NCT00000410\"]"), E_BAD_INPUT, "line 1", "study record"},
        {B("[[]]"), E_BAD_INPUT, "line 1", "study record"},
        {B("{\"studies\":[1]}"), E_BAD_INPUT, "line 1", "study record"},
        {B("{\"studies\":[[]]}"), E_BAD_INPUT, "line 1", "study record"},
        {B("{\"studies\":[],\"studies\":[{}]}"), E_BAD_INPUT, "line 1", "two lists"},
        {B("{\"a\":1}\nxyz"), E_BAD_INPUT, "line 2, byte 8", "follows the end"},
        {B("[{\"a\":1}]\n[]"), E_BAD_INPUT, "line 2", "follows the end of the list"},
        {B("[{\"a\":1}]{}"), E_BAD_INPUT, "line 1", "follows the end of the list"},
        {B("[{\"a\":1}]]"), E_BAD_INPUT, "line 1, byte 9", "follows the end"},
        {B("{\"a\":1}{\"b\":2}"), E_BAD_INPUT, "line 1", "same line"},
        {B("{\"a\":1}\n[{\"b\":2}]"), E_BAD_INPUT, "line 2", "A list follows"},
        {B("{\"a\":\n\n\"\xC3(\"}"), E_BAD_INPUT, "line 3, byte 9", "UTF-8"},
        {B("{\"a\":\"\0\"}"), E_BAD_INPUT, "line 1, byte 6", "control character"},
        {B("{\"a\":1,}"), E_BAD_INPUT, "line 1, byte 7", "double quotes"},
        {B("{'a':1}"), E_BAD_INPUT, "line 1, byte 1", "double quotes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int zipped = 0; zipped < 2; zipped++) {
            err_t e;
            split(*state, zipped ? gzip(*state, cases[i].in) : cases[i].in, NULL, &e);
            if (!e)
                fail_msg("case %zu: taken", i);
            if (e->code != cases[i].code || !strstr(e->text, cases[i].says) ||
                !strstr(e->place, cases[i].place) || !str_starts(e->place, "file.json"))
                fail_msg("case %zu: %s", i, err_line(*state, e));
        }
    }
}

/* Cut at every byte: never taken as whole, unless what is left is whole by itself. */
static void
notices_every_cut(void **state)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct bytes whole = text(shapes[i].text);
        bool lines = strchr(shapes[i].text, '\n') && *shapes[i].text == '{';
        while (whole.n && strchr("\r\n", whole.data[whole.n - 1]))
            whole.n--;
        for (size_t n = 0; n < whole.n; n++) {
            err_t e;
            char *part = malloc(n ? n : 1); /* its own block, so that a read beyond it is seen */
            assert_non_null(part);
            memcpy(part, whole.data, n);
            const char *got = split(*state, (struct bytes){part, n}, NULL, &e);
            free(part);
            size_t len = strlen(got);
            assert_true(strncmp(got, shapes[i].records, len) == 0);
            if (!e && !lines)
                fail_msg("%.*s was taken as whole", (int)n, shapes[i].text);
        }
        struct bytes zipped = gzip(*state, whole);
        for (size_t n = 0; n < zipped.n; n++) {
            err_t e;
            split(*state, (struct bytes){zipped.data, n}, NULL, &e);
            if (!e)
                fail_msg("gzip cut at %zu of %zu was taken as whole", n, zipped.n);
        }
    }
}

static void
reads_gzip_of_any_make(void **state)
{
    struct arena *a = *state;
    struct bytes one = gzip(a, text("[{\"a\":1},")), two = gzip(a, text("{\"b\":2}]"));
    err_t e;
    assert_string_equal(split(a, join(a, one, two), NULL, &e), "{\"a\":1}|{\"b\":2}");
    assert_null(e);
    struct bytes padded = join(a, join(a, one, two), (struct bytes){"\0\0\0", 3});
    assert_string_equal(split(a, padded, NULL, &e), "{\"a\":1}|{\"b\":2}");
    assert_null(e);
    split(a, join(a, join(a, one, two), text("more")), NULL, &e);
    assert_non_null(e);
    assert_non_null(strstr(e->text, "follows the compressed data"));
    split(a, gzip(a, gzip(a, text("[]"))), NULL, &e);
    assert_non_null(e);
    assert_non_null(strstr(e->text, "compressed twice"));
    char *damaged = arena_copy(a, one.data, one.n);
    damaged[one.n - 6] ^= 1; /* in its checksum */
    split(a, join(a, (struct bytes){damaged, one.n}, two), NULL, &e);
    assert_non_null(e);
    assert_non_null(strstr(e->text, "damaged"));
}

/* n times the same character, then an end. */
static struct bytes
repeat(struct arena *a, const char *begin, char c, size_t n, const char *end)
{
    size_t b = strlen(begin), z = strlen(end);
    char *out = arena_alloc(a, b + n + z);
    memcpy(out, begin, b);
    memset(out + b, c, n);
    memcpy(out + b + n, end, z);
    return (struct bytes){out, b + n + z};
}

static void
stops_at_its_limits(void **state)
{
    struct arena *a = *state;
    err_t e;
    split(a, repeat(a, "{\"a\":", '[', 1000000, ""), NULL, &e);
    assert_non_null(e);
    assert_non_null(strstr(e->text, "too deep"));
    assert_string_equal(e->place, "file.json, line 1, byte 260");

    struct splitter_limits small = {.record = 1000};
    split(a, repeat(a, "[{\"a\":\"", 'x', 992, "\"}]"), &small, &e);
    assert_null(e);
    split(a, repeat(a, "[{\"a\":\"", 'x', 993, "\"}]"), &small, &e);
    assert_non_null(e);
    assert_int_equal(e->code, E_TOO_LARGE);

    struct splitter_limits few = {.weight = 7};
    split(a, text("[{\"a\":1,\"b\":2,\"c\":3},{\"a\":1,\"b\":2,\"c\":3}]"), &few, &e);
    assert_null(e);
    split(a, text("[{\"a\":1,\"b\":2,\"c\":3,\"d\":4}]"), &few, &e);
    assert_non_null(e);
    assert_int_equal(e->code, E_TOO_LARGE);

    struct splitter_limits total = {.inflow = {.total = 5000}};
    split(a, repeat(a, "[{\"a\":1}", ' ', 4991, "]"), &total, &e);
    assert_null(e);
    split(a, repeat(a, "[{\"a\":1}", ' ', 4992, "]"), &total, &e);
    assert_non_null(e);
    assert_int_equal(e->code, E_TOO_LARGE);

    struct bytes bomb = gzip(a, repeat(a, "[", ' ', 4000000, "{}]"));
    split(a, bomb, NULL, &e);
    assert_null(e); /* 4 MB are not worth the question */
    struct splitter_limits ratio = {.inflow = {.ratio_after = 1000000}};
    split(a, bomb, &ratio, &e);
    assert_non_null(e);
    assert_int_equal(e->code, E_TOO_LARGE);
    assert_non_null(strstr(e->text, "swells"));
}

struct endless {
    uint64_t left, at;
};

static ssize_t
read_endless(void *arg, void *buf, size_t n)
{
    static const char line[] = "{\"a\":\"0123456789012345678901234567890123456789\"}\n";
    struct endless *e = arg;
    size_t got = e->left < n ? (size_t)e->left : n;
    for (size_t i = 0; i < got; i++)
        ((char *)buf)[i] = line[e->at++ % (sizeof line - 1)];
    e->left -= got;
    return (ssize_t)got;
}

/* 49 MB of records go by, and memory does not grow: the file is never held. */
static void
memory_stays_small(void **state)
{
    uint64_t records = 1000000, line = 49;
    struct endless source = {.left = records * line};
    struct rusage before, after;
    struct splitter *s;
    struct splitter_record r = {0};
    getrusage(RUSAGE_SELF, &before);
    assert_null(splitter_open(*state, "endless", read_endless, &source, NULL, &s));
    size_t held = arena_used(*state);
    do
        assert_null(splitter_next(s, &r));
    while (r.data);
    getrusage(RUSAGE_SELF, &after);
    assert_int_equal(r.number, records);
    assert_int_equal(arena_used(*state), held);
    assert_true(held < 256 << 10);
    assert_true(after.ru_maxrss - before.ru_maxrss < 4096); /* KiB */
}

static ssize_t
read_broken(void *arg, void *buf, size_t n)
{
    if ((*(int *)arg)++ == 0) {
        memcpy(buf, "[{}", 3);
        return 3;
    }
    errno = EIO;
    return -1;
}

static void
passes_on_read_errors(void **state)
{
    int calls = 0;
    struct splitter *s;
    struct splitter_record r;
    err_t e = splitter_open(*state, "x", read_broken, &calls, NULL, &s);
    while (!e)
        e = splitter_next(s, &r);
    assert_int_equal(e->code, E_IO);
    assert_int_equal(splitter_open_fd(*state, "closed", -1, NULL, &s)->code, E_IO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes_every_shape, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_in_any_pieces, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_kindly, setup, teardown),
        cmocka_unit_test_setup_teardown(notices_every_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_gzip_of_any_make, setup, teardown),
        cmocka_unit_test_setup_teardown(stops_at_its_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_stays_small, setup, teardown),
        cmocka_unit_test_setup_teardown(passes_on_read_errors, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
