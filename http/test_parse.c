/* test_parse.c: what comes in as bytes: addresses, forms, multipart, JSON, the table of routes. */
#include "base/arena.h"
#include "base/str.h"
#include "http/form.h"
#include "http/gzip.h"
#include "http/multipart.h"
#include "http/router.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena *mem;

static int
set_up(void **state)
{
    mem = arena_new(0);
    return 0;
}

static int
tear_down(void **state)
{
    arena_free(mem);
    return 0;
}

static void
decodes_strictly(void **state)
{
    static const struct {
        const char *in;
        bool plus;
        const char *out; /* NULL: refused */
    } cases[] = {
        {"", false, ""},
        {"abc", false, "abc"},
        {"a+b", true, "a b"},
        {"a+b", false, "a+b"},
        {"%41%2f%2F", false, "A//"},
        {"caf%C3%A9", false, "caf\xc3\xa9"},
        {"%", false, NULL},
        {"%4", false, NULL},
        {"%4g", false, NULL},
        {"%%41", false, NULL},
        {"%00", false, NULL},
        {"a%C3", false, NULL},
        {"%C0%80", false, NULL},
        {"%ED%A0%80", false, NULL},
        {"\xff", false, NULL},
        {"%F4%90%80%80", false, NULL},
        {"%u0041", false, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *out = NULL;
        err_t e = url_decode(mem, cases[i].in, strlen(cases[i].in), cases[i].plus, &out);
        if (cases[i].out) {
            assert_null(e);
            assert_string_equal(out, cases[i].out);
        } else {
            assert_non_null(e);
            assert_int_equal(e->code, E_BAD_REQUEST);
        }
    }
    const char *out;
    assert_non_null(url_decode(mem, "a\0b", 3, false, &out));
}

static const char *
joined(const struct pairs *p)
{
    struct buf b;
    buf_init(&b, mem);
    for (size_t i = 0; i < p->n; i++)
        buf_printf(&b, "[%s|%s]", p->v[i].name, p->v[i].value);
    return buf_text(&b);
}

static void
splits_pairs(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"", ""},
        {"a=1", "[a|1]"},
        {"a=1&a=2&b", "[a|1][a|2][b|]"},
        {"&&a=1&", "[a|1]"},
        {"a=b=c", "[a|b=c]"},
        {"=x", "[|x]"},
        {"a+b=%26+%3D", "[a b|& =]"},
        {"a=%0", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pairs p = {0};
        err_t e = url_pairs(mem, cases[i].in, strlen(cases[i].in), &p);
        assert_int_equal(e != NULL, cases[i].out == NULL);
        if (!e)
            assert_string_equal(joined(&p), cases[i].out);
    }
    struct pairs p;
    char many[URL_MAX_PAIRS * 2 + 4] = "a";
    for (int i = 1; i < URL_MAX_PAIRS; i++)
        strcat(many, "&a");
    assert_null(url_pairs(mem, many, strlen(many), &p));
    assert_int_equal(p.n, URL_MAX_PAIRS);
    strcat(many, "&a");
    assert_non_null(url_pairs(mem, many, strlen(many), &p));
    char name[URL_MAX_NAME + 2];
    memset(name, 'n', sizeof name);
    assert_null(url_pairs(mem, name, URL_MAX_NAME, &p));
    assert_non_null(url_pairs(mem, name, URL_MAX_NAME + 1, &p));
}

static void
knows_its_own_paths(void **state)
{
    static const struct {
        const char *s;
        bool local;
    } cases[] = {
        {"/", true},
        {"/a?b=c", true},
        {"//evil.org", false},
        {"/\\evil.org", false},
        {"https://evil.org", false},
        {"", false},
        {"a", false},
        {"/a\r\nSet-Cookie: x", false},
        {"/\tx", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(url_local(cases[i].s), cases[i].local);
    assert_string_equal(url_location(mem, "/a b\"<\xc3\xa9>?x=1#y"), "/a%20b%22%3C%C3%A9%3E?x=1#y");
    assert_string_equal(url_encode(mem, "/a?b=c&d e"), "/a%3Fb%3Dc%26d%20e");
}

/* ---- multipart ---- */

#define TYPE "multipart/form-data; boundary=XX"

static err_t
read_parts(const char *type, const char *body, size_t n, struct buf *out)
{
    struct multipart m;
    TRY(multipart_begin(mem, type, body, n, &m));
    for (;;) {
        struct multipart_part p;
        bool more;
        TRY(multipart_next(&m, &p, &more));
        if (!more)
            return NULL;
        buf_printf(out, "[%s|%s|%.*s]", p.name, p.filename ? p.filename : "-", (int)p.size, p.data);
    }
}

static void
reads_parts(void **state)
{
#define PART(head, data) "--XX\r\nContent-Disposition: form-data; " head "\r\n\r\n" data "\r\n"
    static const struct {
        const char *type, *body, *out;
    } cases[] = {
        {TYPE, PART("name=\"a\"", "1") "--XX--\r\n", "[a|-|1]"},
        {TYPE, PART("name=\"a\"", "1") "--XX--", "[a|-|1]"},
        {TYPE, PART("name=\"a\"", "") "--XX--\r\n", "[a|-|]"},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--XX--\r\n", "[a|-|]"},
        {TYPE, PART("name=a", "1") PART("name=\"b\"", "2\r\n--X") "--XX--",
         "[a|-|1][b|-|2\r\n--X]"},
        {TYPE, "preamble\r\n" PART("name=\"a\"", "1") "--XX--epilogue", "[a|-|1]"},
        {TYPE, PART("name=\"f\"; filename=\"C:\\dir\\x.csv\"", "d") "--XX--", "[f|x.csv|d]"},
        {TYPE, PART("name=\"f\"; filename=\"../../etc/passwd\"", "d") "--XX--", "[f|passwd|d]"},
        {TYPE, PART("name=\"f\"; filename=\"a;b.csv\"", "d") "--XX--", "[f|a;b.csv|d]"},
        {TYPE, PART("filename=\"name=x\"; name=\"f\"", "d") "--XX--", "[f|name=x|d]"},
        {TYPE, PART("name=\"f\"; filename=\"a\\\"b\"", "d") "--XX--", "[f|a\"b|d]"},
        {TYPE, PART("name=\"f\"; filename=\"..\"", "d") "--XX--", "[f|file|d]"},
        {TYPE, PART("name=\"f\"; filename=\"\"", "") "--XX--", "[f||]"},
        {"multipart/form-data; charset=utf-8; boundary=\"X X\"",
         "--X X \t\r\ncontent-disposition:form-data; name=\"a\"\r\nX-Y: z\r\n\r\n1\r\n--X X--",
         "[a|-|1]"},
        {"multipart/form-data", PART("name=\"a\"", "1") "--XX--", NULL},
        {"multipart/form-data; boundary=", PART("name=\"a\"", "1") "--XX--", NULL},
        {"multipart/form-data; boundary=YY", PART("name=\"a\"", "1") "--XX--", NULL},
        {TYPE, "", NULL},
        {TYPE, "--XX", NULL},
        {TYPE, "--XX--", ""},
        {TYPE, PART("filename=\"a\"", "1") "--XX--", NULL},
        {TYPE, "--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--XX--", NULL},
        {TYPE, "--XX\r\n\r\n1\r\n--XX--", NULL},
        {TYPE, "--XX\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n1\r\n--XX--", NULL},
        {TYPE,
         "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n1\r\n--XX--",
         NULL},
        {TYPE,
         "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n"
         "Content-Transfer-Encoding: 8bit\r\n\r\n1\r\n--XX--",
         "[a|-|1]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out;
        buf_init(&out, mem);
        err_t e = read_parts(cases[i].type, cases[i].body, strlen(cases[i].body), &out);
        if (cases[i].out && e)
            print_error("case %zu: %s\n", i, e->text);
        assert_int_equal(e != NULL, cases[i].out == NULL);
        if (!e)
            assert_string_equal(buf_text(&out), cases[i].out);
    }
}

/* However it is cut off: an error, never a read beyond the end (the copy is exactly as long). */
static void
refuses_cut_off_parts(void **state)
{
    static const char whole[] =
        PART("name=\"a\"", "1") PART("name=\"f\"; filename=\"x\"", "data") "--XX--";
    for (size_t n = 0; n < sizeof whole - 1; n++) {
        char *cut = malloc(n ? n : 1);
        memcpy(cut, whole, n);
        struct buf out;
        buf_init(&out, mem);
        err_t e = read_parts(TYPE, cut, n, &out);
        assert_non_null(e);
        assert_int_equal(e->code, E_BAD_REQUEST);
        free(cut);
    }
}

/* ---- forms ---- */

static const char *const roles[] = {"nurse", "doctor", NULL};
static const struct field table[] = {
    {.name = "title", .label = "title", .max = 5},
    {.name = "must", .required = true},
    {.name = "note", .kind = FIELD_LONG, .max = 6},
    {.name = "n", .kind = FIELD_INT, .least = 1, .most = 10},
    {.name = "any", .kind = FIELD_INT},
    {.name = "ratio", .kind = FIELD_REAL},
    {.name = "day", .kind = FIELD_DATE},
    {.name = "born", .kind = FIELD_DATE, .partial = true},
    {.name = "mail", .kind = FIELD_EMAIL},
    {.name = "role", .kind = FIELD_CHOICE, .choices = roles},
    {.name = "free", .kind = FIELD_CHOICE},
    {.name = "agree", .kind = FIELD_BOOL},
    {.name = "tag", .many = true},
    {.name = "password", .kind = FIELD_PASSWORD},
    {.name = "file", .label = "file", .kind = FIELD_FILE},
    {.name = "column_*", .max = 3},
    {0},
};

static void
checks_fields(void **state)
{
    static const struct {
        const char *body, *field; /* NULL: nothing is wrong */
        const char *text;         /* part of the error */
    } cases[] = {
        {"", NULL, NULL},
        {"title=12345", NULL, NULL},
        {"title=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9", NULL, NULL},
        {"title=123456", "title", "can hold 5 characters; this has 6"},
        {"title=++1+++", NULL, NULL},
        {"title=a%0Db", "title", "one line"},
        {"title=a%07", "title", "cannot be shown"},
        {"note=a%0D%0Ab%0D%0Ac%0D%0A", NULL, NULL},
        {"note=1234%0D%0A67", "note", "this has 7"},
        {"n=1", NULL, NULL},
        {"n=10", NULL, NULL},
        {"n=0", "n", "between 1 and 10"},
        {"n=11", "n", "between"},
        {"n=x", "n", "whole number"},
        {"n=1.0", "n", "whole number"},
        {"n=99999999999999999999", "n", "whole number"},
        {"any=-9223372036854775808", NULL, NULL},
        {"ratio=0.8", NULL, NULL},
        {"ratio=inf", "ratio", "number"},
        {"ratio=1,5", "ratio", "number"},
        {"day=2026-11-23", NULL, NULL},
        {"day=2026-11", "day", "date"},
        {"day=2026-02-30", "day", "date"},
        {"born=2026-11", NULL, NULL},
        {"born=2026", NULL, NULL},
        {"born=26", "born", "date"},
        {"mail=ana%40example.org", NULL, NULL},
        {"mail=ana", "mail", "e-mail"},
        {"mail=a%40b", "mail", "e-mail"},
        {"mail=a%40b%40c.de", "mail", "e-mail"},
        {"mail=%40b.de", "mail", "e-mail"},
        {"mail=a%40b.", "mail", "e-mail"},
        {"mail=a+b%40c.de", "mail", "e-mail"},
        {"mail=a%40.de", "mail", "e-mail"},
        {"role=nurse", NULL, NULL},
        {"role=Nurse", "role", "what is offered"},
        {"free=whatever", NULL, NULL},
        {"agree=1", NULL, NULL},
        {"agree=on", NULL, NULL},
        {"agree=false", NULL, NULL},
        {"agree=2", "agree", "ticked"},
        {"tag=a&tag=b", NULL, NULL},
        {"title=a&title=b", "title", "more than once"},
        {"title=&title=b", NULL, NULL},
        {"unknown=%09whatever", NULL, NULL},
        {"column_1=abc&column_2=abc", NULL, NULL},
        {"column_1=a&column_2=abcd", "column_2", "3 char"},
        {"csrf=x&reason=y&next=z", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *body = arena_printf(mem, "must=x&%s", cases[i].body);
        struct form f;
        assert_null(form_read(mem, table, NULL, body, strlen(body), &f));
        err_t e = form_check(mem, table, &f);
        if ((e != NULL) != (cases[i].field != NULL))
            print_error("%s: %s\n", body, e ? e->text : "accepted");
        assert_int_equal(e != NULL, cases[i].field != NULL);
        if (e) {
            assert_int_equal(e->code, E_BAD_INPUT);
            assert_null(e->next);
            assert_string_equal(e->field, cases[i].field);
            assert_non_null(strstr(e->text, cases[i].text));
        }
    }
}

static void
finds_everything_wrong_at_once(void **state)
{
    const char *body = "n=x&day=y&must=+++&reason=";
    struct form f;
    assert_null(form_read(mem, table, NULL, body, strlen(body), &f));
    err_t e = form_check(mem, table, &f);
    static const char *const fields[] = {"must", "n", "day"};
    for (size_t i = 0; i < 3; i++, e = e->next) {
        assert_non_null(e);
        assert_string_equal(e->field, fields[i]);
    }
    assert_null(e);
    char *reason = arena_alloc(mem, 2100);
    memset(reason, 'r', 2099);
    const char *longer = arena_printf(mem, "must=1&reason=%s", reason);
    assert_null(form_read(mem, table, NULL, longer, strlen(longer), &f));
    e = form_check(mem, table, &f);
    assert_non_null(e);
    assert_string_equal(e->field, "reason");
}

static void
keeps_what_the_table_names(void **state)
{
    const char *body = "must=+a+&unknown=1&agree=on&password=+p+&next=/x&_form=/y&column_7=q";
    struct form f;
    assert_null(form_read(mem, table, NULL, body, strlen(body), &f));
    assert_null(form_check(mem, table, &f));
    assert_string_equal(joined(&f.fields),
                        "[must|a][agree|1][password| p ][next|/x][_form|/y][column_7|q]");
    struct view *page = view_map_new(mem);
    form_show(page, table, &f);
    form_keep(page, table, &f, "/act");
    struct buf json;
    buf_init(&json, mem);
    view_json(&json, page);
    assert_null(strstr(json.data, " p "));
    assert_string_equal(view_get_text(view_get(page, "form"), "must"), "a");
    assert_string_equal(view_at(page, "kept.action")->text, "/act");
    assert_string_equal(view_at(page, "kept.fields.0.name")->text, "must");
}

static void
reads_json(void **state)
{
    static const struct {
        const char *body, *out;
    } cases[] = {
        {"{}", ""},
        {"{\"a\":\" x \",\"b\":12,\"c\":0.5,\"d\":true,\"e\":false,\"f\":null}",
         "[a|x][b|12][c|0.5][d|1]"},
        {"{\"tag\":[\"a\",\"b\",3]}", "[tag|a][tag|b][tag|3]"},
        {"{\"a\":{}}", NULL},
        {"{\"a\":[[1]]}", NULL},
        {"[1]", NULL},
        {"\"a\"", NULL},
        {"{", NULL},
        {"{\"a\":1,\"a\":2}", NULL},
        {"{\"a\":\"\\u0000\"}", NULL},
        {"{\"a\":99999999999999999999}", NULL},
        {"{\"a\":\"\xff\"}", NULL},
        {"{}x", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct form f = {0};
        err_t e = form_read(mem, table, "application/json; charset=utf-8", cases[i].body,
                            strlen(cases[i].body), &f);
        assert_int_equal(e != NULL, cases[i].out == NULL);
        if (e)
            assert_int_equal(e->code, E_BAD_REQUEST);
        else
            assert_string_equal(joined(&f.fields), cases[i].out);
    }
}

static void
reads_files(void **state)
{
    static const struct {
        const char *body;
        int code; /* of reading, or of the check; E_COUNT: neither fails */
        size_t files;
    } cases[] = {
        {PART("name=\"must\"", "m") PART("name=\"file\"; filename=\"a.csv\"", "x,y") "--XX--",
         E_COUNT, 1},
        {PART("name=\"must\"", "m") PART("name=\"file\"; filename=\"\"", "") "--XX--", E_COUNT, 0},
        {PART("name=\"must\"", "m") PART("name=\"file\"; filename=\"a\"", "") "--XX--", E_BAD_INPUT,
         1},
        {PART("name=\"must\"; filename=\"a\"", "m") "--XX--", E_MEDIA_TYPE, 0},
        {PART("name=\"other\"; filename=\"a\"", "m") "--XX--", E_MEDIA_TYPE, 0},
        {PART("name=\"must\"", "m") PART("name=\"file\"; filename=\"a\"", "1")
             PART("name=\"file\"; filename=\"b\"", "2") "--XX--",
         E_BAD_INPUT, 2},
        {PART("name=\"must\"", "\xff") "--XX--", E_BAD_REQUEST, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct form f = {0};
        err_t e = form_read(mem, table, TYPE, cases[i].body, strlen(cases[i].body), &f);
        if (!e)
            e = form_check(mem, table, &f);
        assert_int_equal(e ? (int)e->code : E_COUNT, cases[i].code);
        assert_int_equal(f.n_files, cases[i].files);
    }
    struct form f;
    assert_int_equal(form_read(mem, table, "text/plain", "a", 1, &f)->code, E_MEDIA_TYPE);
    assert_int_equal(form_read(mem, table, "application/jsonx", "a", 1, &f)->code, E_MEDIA_TYPE);
    assert_null(form_read(mem, table, "text/plain", "", 0, &f));
    struct buf big;
    buf_init(&big, mem);
    buf_str(&big, "--XX\r\nContent-Disposition: form-data; name=\"must\"\r\n\r\n");
    for (int i = 0; i <= FORM_MAX_TEXT; i++)
        buf_char(&big, 'x');
    buf_str(&big, "\r\n--XX--");
    assert_int_equal(form_read(mem, table, TYPE, big.data, big.len, &f)->code, E_TOO_LARGE);
}

/* ---- routes ---- */

static err_t
handler(struct ctx *c, struct req *r, struct view *page)
{
    return NULL;
}

static const struct field no_fields[] = {{0}};

static void
refuses_bad_tables(void **state)
{
    static const struct route good = {GET, "/a/{b}", handler, .perm = 1};
    static const struct {
        struct route r;
        const char *why; /* NULL: fine */
    } cases[] = {
        {{GET, "/a/{c}", handler, .perm = 1}, "twice"},
        {{POST, "/a/{c}", handler, .perm = 1, .form = no_fields, .audit = "x"}, NULL},
        {{GET, "/", handler, .perm = 1}, NULL},
        {{GET, "a", handler, .perm = 1}, "begin with /"},
        {{GET, "/a/", handler, .perm = 1}, "end with it"},
        {{GET, "/a//b", handler, .perm = 1}, "a-z0-9"},
        {{GET, "/A", handler, .perm = 1}, "a-z0-9"},
        {{GET, "/a/{}", handler, .perm = 1}, "a-z0-9"},
        {{GET, "/static/x", handler, .perm = 1}, "/static/"},
        {{GET, "/x", NULL, .perm = 1}, "no handler"},
        {{GET, "/x", handler}, "no permission"},
        {{GET, "/x", handler, .perm = 1, .audit = "x"}, "a GET has no"},
        {{POST, "/x", handler, .perm = 1, .form = no_fields}, "form and audit"},
        {{POST, "/x", handler, .perm = 1, .audit = "x"}, "form and audit"},
        {{POST, "/x", handler, .perm = 1, .form = no_fields, .audit = "x", .flags = ROUTE_UPLOAD},
         "together"},
        {{POST, "/x", handler, .perm = 1, .form = table, .audit = "x"}, "together"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct route *routes[] = {&good, &cases[i].r};
        struct router *rt;
        err_t e = router_new(mem, routes, 2, &rt);
        assert_int_equal(e != NULL, cases[i].why != NULL);
        if (e) {
            assert_int_equal(e->code, E_CONFIG);
            assert_non_null(strstr(e->text, cases[i].why));
        }
    }
}

static void
finds_routes(void **state)
{
    static const struct route list[] = {
        {GET, "/", handler, .perm = 1},
        {GET, "/studies", handler, .perm = 1, .flags = ROUTE_CSV},
        {GET, "/studies/{study}", handler, .perm = 1},
        {GET, "/studies/new", handler, .perm = 1},
        {GET, "/studies/{study}/sites/{site}", handler, .perm = 1},
        {GET, "/studies/new/x", handler, .perm = 1},
        {GET, "/openapi.json", handler, .perm = 1},
        {POST, "/post", handler, .perm = 1, .form = no_fields, .audit = "x"},
    };
    static const struct {
        const char *path;
        int route; /* -1: none */
        const char *suffix, *params;
    } cases[] = {
        {"/", 0, "", ""},
        {"/.json", 0, ".json", ""},
        {"/studies", 1, "", ""},
        {"/studies.json", 1, ".json", ""},
        {"/studies.csv", 1, ".csv", ""},
        {"/studies/NCT1", 2, "", "[study|NCT1]"},
        {"/studies/NCT1.json", 2, ".json", "[study|NCT1]"},
        {"/studies/NCT1.csv", 2, "", "[study|NCT1.csv]"},
        {"/studies/new", 3, "", ""},
        {"/studies/new.json", 3, ".json", ""},
        {"/studies/new/sites/1", 4, "", "[study|new][site|1]"},
        {"/studies/a%2Fb/sites/%C3%A9", 4, "", "[study|a/b][site|\xc3\xa9]"},
        {"/studies/new/x", 5, "", ""},
        {"/studies/new/y", -1, "", ""},
        {"/openapi.json", 6, "", ""},
        {"/studies/", -1, "", ""},
        {"//studies", -1, "", ""},
        {"/studies/../studies", -1, "", ""},
        {"/studies/%2e%2e", -1, "", ""},
        {"/studies/.", -1, "", ""},
        {"/nothing", -1, "", ""},
        {"", -1, "", ""},
        {"*", -1, "", ""},
        {"/studies/%00", -1, "", ""},
        {"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", -1, "", ""},
    };
    const struct route *routes[8];
    for (size_t i = 0; i < 8; i++)
        routes[i] = &list[i];
    struct router *rt;
    assert_null(router_new(mem, routes, 8, &rt));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct router_match m;
        const char *suffix = "";
        err_t e = router_match(mem, rt, cases[i].path, strlen(cases[i].path), &m, &suffix);
        assert_int_equal(e != NULL, cases[i].route < 0);
        if (e)
            continue;
        assert_ptr_equal(m.route[GET], &list[cases[i].route]);
        assert_string_equal(suffix, cases[i].suffix);
        struct pairs params = router_params(mem, m.route[GET], &m);
        assert_string_equal(joined(&params), cases[i].params);
    }
    assert_int_equal(router_body_cap(router_route(rt, "POST", "/post?x=1")), ROUTER_BODY_MAX);
    assert_int_equal(router_body_cap(router_route(rt, "GET", "/studies")), 0);
    assert_int_equal(router_body_cap(router_route(rt, "POST", "/studies")), 0);
}

static void
knows_who_takes_gzip(void **state)
{
    static const struct {
        const char *accept;
        bool yes;
    } cases[] = {
        {NULL, false},          {"", false},
        {"gzip", true},         {"deflate, gzip;q=0.5, br", true},
        {"gzip;q=0", false},    {"gzip;q=0.0", false},
        {"gzip;q=0.001", true}, {"br", false},
        {"GZIP", true},         {"xgzip", false},
        {"gzipx", false},       {"gzip;q=0, br;q=1", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(gzip_accepted(cases[i].accept), cases[i].yes);
    struct gzip g = {0};
    char *text = arena_alloc(mem, 10000), back[10001] = "";
    memset(text, 'a', 9999);
    for (int round = 0; round < 2; round++) {
        const char *out;
        size_t n;
        assert_true(gzip_squeeze(&g, mem, text, 9999, &out, &n));
        assert_true(n < 200);
        z_stream z = {.next_in = (Bytef *)(void *)out,
                      .avail_in = (uInt)n,
                      .next_out = (Bytef *)back,
                      .avail_out = sizeof back};
        assert_int_equal(inflateInit2(&z, 31), Z_OK);
        assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
        inflateEnd(&z);
        assert_memory_equal(back, text, 9999);
    }
    const char *out;
    size_t n;
    assert_false(gzip_squeeze(&g, mem, "ab", 2, &out, &n));
    gzip_clear(&g);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(decodes_strictly),
        T(splits_pairs),
        T(knows_its_own_paths),
        T(reads_parts),
        T(refuses_cut_off_parts),
        T(checks_fields),
        T(finds_everything_wrong_at_once),
        T(keeps_what_the_table_names),
        T(reads_json),
        T(reads_files),
        T(refuses_bad_tables),
        T(finds_routes),
        T(knows_who_takes_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
