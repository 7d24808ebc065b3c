/* test_life.c: whole requests in process against the small application of test_app.c. */
#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "http/test_app.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

static struct arena *mem;
static struct test_app app;
static struct http *http;

static int
set_up(void **state)
{
    log_level(LOG_QUIET);
    mem = arena_new(0);
    app = (struct test_app){0};
    http = test_app_new(mem, &app);
    return 0;
}

static int
tear_down(void **state)
{
    arena_free(mem);
    return 0;
}

#define H(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool
has(const char *text, const char *part)
{
    bool found = text && strstr(text, part);
    if (!found)
        print_error("no \"%s\" in: %s\n", part, text ? text : "(null)");
    return found;
}

static void
answers_by_address(void **state)
{
    static const struct {
        const char *target, *cookie;
        int status;
        const char *part; /* of the body, or of the location of a 303 */
    } cases[] = {
        {"/", NULL, 200, "view=home"},
        {"/hello?name=%C3%A9+x", NULL, 200, "\"hello\":\"\xc3\xa9 x\""},
        {"/hello.json?name=x", NULL, 200, "{\"hello\":\"x\",\"address\":\"127.0.0.1\"}"},
        {"/nowhere", NULL, 404, "error=NOT_FOUND"},
        {"/nowhere.json", NULL, 404, "\"code\":\"NOT_FOUND\""},
        {"/hello/", NULL, 303, "/hello"},
        {"/hello/?a=b", NULL, 303, "/hello?a=b"},
        {"//evil.org/", NULL, 404, "NOT_FOUND"},
        {"/hello?name=%zz", NULL, 400, "error=BAD_REQUEST"},
        {"/hello?name=%00", NULL, 400, "error=BAD_REQUEST"},
        {"/h%ffllo", NULL, 400, "error=BAD_REQUEST"},
        {"/../../etc/passwd", NULL, 404, "NOT_FOUND"},
        {"/upload", NULL, 405, "error=METHOD"},
        {"/studies/new", NULL, 200, "view=new"},
        {"/studies/S1?week=2&q=a%26b", NULL, 303,
         "/sign-in?next=/studies/S1%3Fweek%3D2%26q%3Da%2526b"},
        {"/studies/S1?week=2", "who=ana", 200, "{\"study\":\"S1\",\"week\":\"2\"}"},
        {"/studies/S1.csv", "who=ana", 200, "a,b\r\n"},
        {"/studies/S1.json", NULL, 401, "\"code\":\"SIGN_IN\""},
        {"/studies/S1.csv", NULL, 401, "SIGN_IN"},
        {"/closed", "who=ana", 403, "error=FORBIDDEN"},
        {"/closed.json", "who=ana", 403, "urn:rapport:problem:FORBIDDEN"},
        {"/nothing", NULL, 500, "error=INTERNAL"},
        {"/fail/NOT_FOUND", NULL, 404, "text=It said <NOT_FOUND>."},
        {"/fail/INTERNAL", NULL, 500, "text=If it happens again"},
        {"/fail/UNAVAILABLE", NULL, 503, "error=UNAVAILABLE"},
        {"/fail/TOO_MANY", NULL, 429, "error=TOO_MANY"},
        {"/fail/NOT_FOUND.json", NULL, 404, "\"detail\":\"It said \\u003cNOT_FOUND\\u003e.\""},
        {"/static/app-5KXW2T7A.js", NULL, 200, "let x = 1"},
        {"/static/none.js", NULL, 404, "nothing at this address"},
        {"/static/../template/secret.html", NULL, 404, "nothing at this address"},
        {"/static/%2e%2e/template/secret.html", NULL, 404, "nothing at this address"},
        {"/template/secret.html", NULL, 404, "NOT_FOUND"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_answer an = test_app_get(http, mem, cases[i].target,
                                             cases[i].cookie ? H("Cookie", cases[i].cookie) : NULL);
        if (an.status != cases[i].status)
            print_error("%s\n", cases[i].target);
        assert_int_equal(an.status, cases[i].status);
        if (an.status == 303)
            assert_string_equal(an.location, cases[i].part);
        else
            assert_true(has(an.body, cases[i].part));
    }
}

static void
speaks_json_when_asked(void **state)
{
    static const struct {
        const char *accept;
        bool json;
    } cases[] = {
        {"application/json", true},
        {"application/problem+json, */*", true},
        {"*/*", false},
        {"text/html,application/json;q=0.9", false},
        {"text/csv", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_answer an = test_app_get(http, mem, "/hello", H("Accept", cases[i].accept));
        assert_int_equal(strcmp(an.content_type, "application/json") == 0, cases[i].json);
        an = test_app_get(http, mem, "/nowhere", H("Accept", cases[i].accept));
        assert_int_equal(strcmp(an.content_type, "application/problem+json") == 0, cases[i].json);
    }
}

static void
sends_headers(void **state)
{
    static const char *const always[] = {
        "Content-Security-Policy: default-src 'none'; script-src 'self'; ",
        "X-Content-Type-Options: nosniff\n",
        "Referrer-Policy: same-origin\n",
        "Cross-Origin-Opener-Policy: same-origin\n",
        "Permissions-Policy: ",
    };
    static const char *const targets[] = {"/",
                                          "/nowhere",
                                          "/studies/S1",
                                          "/static/plain.css",
                                          "/static/none",
                                          "/hello?name=%",
                                          "/fail/INTERNAL.json"};
    for (size_t t = 0; t < sizeof targets / sizeof *targets; t++) {
        struct http_answer an = test_app_get(http, mem, targets[t], NULL);
        for (size_t i = 0; i < sizeof always / sizeof *always; i++)
            assert_true(has(an.headers, always[i]));
        assert_null(strstr(an.headers, "Strict-Transport-Security"));
    }
    struct http_answer an = test_app_get(http, mem, "/", NULL);
    assert_true(has(an.headers, "Cache-Control: no-store\n"));
    an = test_app_get(http, mem, "/fail/UNAVAILABLE", NULL);
    assert_true(has(an.headers, "Retry-After: 5\n"));
    an = test_app_get(http, mem, "/upload", NULL);
    assert_true(has(an.headers, "Allow: POST\n"));
    an = test_app_post(http, mem, "/hello", NULL, "", NULL);
    assert_int_equal(an.status, 405);
    assert_true(has(an.headers, "Allow: GET, HEAD\n"));
    an = test_app_get(http, mem, "/studies/S.csv", H("Cookie", "who=ana"));
    assert_true(has(an.headers, "Content-Disposition: attachment; filename=\"stud__es.csv\"; "
                                "filename*=UTF-8''stud%C3%ADes.csv\n"));
}

static void
serves_files(void **state)
{
    struct http_answer an = test_app_get(http, mem, "/static/app-5KXW2T7A.js", NULL);
    assert_true(has(an.headers, "Cache-Control: public, max-age=31536000, immutable\n"));
    assert_true(has(an.headers, "ETag: W/\"00112233aabbccdd\"\n"));
    assert_string_equal(an.content_type, "text/javascript");
    an = test_app_get(http, mem, "/static/app-5KXW2T7A.js", H("Accept-Encoding", "gzip, br"));
    assert_true(has(an.headers, "Content-Encoding: gzip\n"));
    assert_string_equal(an.body, "GZIPPED");
    an = test_app_get(http, mem, "/static/plain.css", H("Accept-Encoding", "gzip"));
    assert_true(has(an.headers, "Cache-Control: public, no-cache\n"));
    assert_null(strstr(an.headers, "Content-Encoding"));
    an = test_app_get(http, mem, "/static/plain.css",
                      H("If-None-Match", "\"x\", W/\"ffeeddccbbaa9988\""));
    assert_int_equal(an.status, 304);
    assert_int_equal(an.body_n, 0);
    an = test_app_get(http, mem, "/static/plain.css", H("If-None-Match", "W/\"other\""));
    assert_int_equal(an.status, 200);
    an = test_app_post(http, mem, "/static/plain.css", NULL, "", NULL);
    assert_int_equal(an.status, 405);
    assert_int_equal(app.begins, 0);
}

static void
compresses_pages(void **state)
{
    struct http_answer plain = test_app_get(http, mem, "/large", NULL);
    struct http_answer an = test_app_get(http, mem, "/large", H("Accept-Encoding", "gzip"));
    assert_true(has(an.headers, "Content-Encoding: gzip\n"));
    assert_true(has(an.headers, "Vary: "));
    assert_true(an.body_n < 2000);
    char *back = arena_alloc(mem, plain.body_n + 1);
    z_stream z = {.next_in = (Bytef *)(void *)an.body,
                  .avail_in = (uInt)an.body_n,
                  .next_out = (Bytef *)back,
                  .avail_out = (uInt)plain.body_n + 1};
    assert_int_equal(inflateInit2(&z, 31), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    assert_string_equal(back, plain.body);
    an = test_app_get(http, mem, "/hello", H("Accept-Encoding", "gzip"));
    assert_null(strstr(an.headers, "Content-Encoding"));
}

#define URLENCODED "application/x-www-form-urlencoded"

static void
answers_posts(void **state)
{
    static const struct {
        const char *target, *type, *body;
        const char *headers[9];
        int status;
        const char *part;
    } cases[] = {
        {"/studies/S1",
         NULL,
         "title=A&tag=a&tag=b&n=3&unknown=1&csrf=right-token",
         {NULL},
         303,
         "/studies/S1?tags=2&n=3&unknown=0&prepared=yes"},
        {"/studies/S1",
         "application/json",
         "{\"title\":\"A\",\"tag\":[\"a\",\"b\"],\"n\":3}",
         {"X-CSRF-Token", "right-token"},
         303,
         "/studies/S1?tags=2&n=3&unknown=0&prepared=yes"},
        {"/studies/S1",
         "multipart/form-data; boundary=X",
         "--X\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nA\r\n--X--\r\n",
         {"X-CSRF-Token", "right-token"},
         303,
         "/studies/S1?tags=0&n=0&unknown=0&prepared=yes"},
        {"/studies/S1",
         "text/xml",
         "<a/>",
         {"X-CSRF-Token", "right-token"},
         415,
         "error=MEDIA_TYPE"},
        {"/studies/S1",
         NULL,
         "title=%ff",
         {"X-CSRF-Token", "right-token"},
         400,
         "error=BAD_REQUEST"},
        {"/studies/S1",
         "application/json",
         "{",
         {"X-CSRF-Token", "right-token"},
         400,
         "BAD_REQUEST"},
        /* the token */
        {"/studies/S1", NULL, "title=A", {"X", "y"}, 403, "again=0"},
        {"/studies/S1", NULL, "title=A&csrf=wrong-token", {"X", "y"}, 403, "again=0"},
        {"/studies/S1", NULL, "title=A&csrf=right-toke", {"X", "y"}, 403, "again=0"},
        {"/studies/S1", "application/json", "{\"title\":\"A\"}", {"X", "y"}, 403, "\"status\":403"},
        {"/studies/S1",
         NULL,
         "title=A&csrf=old",
         {"Origin", "http://h", "Host", "h"},
         403,
         "again=1"},
        {"/studies/S1",
         NULL,
         "title=A&csrf=old",
         {"Origin", "http://e", "Host", "h"},
         403,
         "again=0"},
        /* masked: "right-token" under a pad of zeros, of one bit, and what is no such thing */
        {"/studies/S1",
         NULL,
         "title=A&csrf=000000000000000000000072696768742d746f6b656e",
         {"X", "y"},
         303,
         "/studies/S1?tags=0&n=0&unknown=0&prepared=yes"},
        {"/studies/S1",
         NULL,
         "title=A&csrf=010000000000000000000073696768742d746f6b656e",
         {"X", "y"},
         303,
         "/studies/S1?tags=0&n=0&unknown=0&prepared=yes"},
        {"/studies/S1",
         NULL,
         "title=A&csrf=010000000000000000000072696768742d746f6b656e",
         {"X", "y"},
         403,
         "again=0"},
        {"/studies/S1",
         NULL,
         "title=A&csrf=zz0000000000000000000072696768742d746f6b656e",
         {"X", "y"},
         403,
         "again=0"},
        /* no token yet: where does it come from? */
        {"/sign-in", NULL, "password=x", {"X", "y"}, 303, "/"},
        {"/sign-in", NULL, "password=x", {"Origin", "http://h", "Host", "h"}, 303, "/"},
        {"/sign-in", NULL, "password=x", {"Origin", "HTTP://H", "Host", "h"}, 303, "/"},
        {"/sign-in", NULL, "password=x", {"Origin", "https://h", "Host", "h"}, 403, "FORBIDDEN"},
        {"/sign-in", NULL, "password=x", {"Origin", "null", "Host", "h"}, 403, "FORBIDDEN"},
        {"/sign-in", NULL, "password=x", {"Origin", "http://h"}, 403, "FORBIDDEN"},
        {"/sign-in", NULL, "password=x", {"Sec-Fetch-Site", "same-origin"}, 303, "/"},
        {"/sign-in", NULL, "password=x", {"Sec-Fetch-Site", "none"}, 303, "/"},
        /* a proxy in front speaks TLS, and we were not told to believe it */
        {"/sign-in",
         NULL,
         "password=x",
         {"Sec-Fetch-Site", "same-origin", "Origin", "https://h", "Host", "h"},
         303,
         "/"},
        {"/sign-in",
         NULL,
         "password=x",
         {"Sec-Fetch-Site", "none", "Origin", "https://e", "Host", "h"},
         403,
         "FORBIDDEN"},
        {"/sign-in", NULL, "password=x", {"Sec-Fetch-Site", "same-site"}, 403, "FORBIDDEN"},
        {"/sign-in",
         NULL,
         "password=x",
         {"Sec-Fetch-Site", "cross-site", "Origin", "http://h", "Host", "h"},
         403,
         "FORBIDDEN"},
        /* where to */
        {"/sign-in",
         NULL,
         "password=x&next=/studies/S1%3Fweek=2",
         {"X", "y"},
         303,
         "/studies/S1?week=2"},
        {"/sign-in", NULL, "password=x&next=//evil.org", {"X", "y"}, 303, "/"},
        {"/sign-in", NULL, "password=x&next=https://evil.org", {"X", "y"}, 303, "/"},
        {"/sign-in", NULL, "password=x&next=/%5Cevil.org", {"X", "y"}, 303, "/"},
        {"/sign-in", NULL, "password=x&next=/%0d%0aSet-Cookie:+a=b", {"X", "y"}, 303, "/"},
        /* headers that may not stand twice */
        {"/sign-in", NULL, "password=x", {"Host", "h", "Host", "i"}, 400, "BAD_REQUEST"},
        {"/sign-in",
         NULL,
         "password=x",
         {"Content-Length", "9", "Transfer-Encoding", "chunked"},
         400,
         "BAD_"},
        {"/sign-in", NULL, "password=x", {"User-Agent", "\xff"}, 400, "BAD_REQUEST"},
        {"/nowhere", NULL, "a=b", {"X", "y"}, 404, "NOT_FOUND"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct http_answer an =
            test_app_post(http, mem, cases[i].target, cases[i].type, cases[i].body,
                          cases[i].headers[0] ? cases[i].headers : H("X", "y"));
        if (an.status != cases[i].status)
            print_error("case %zu: %s\n%s\n", i, cases[i].body, an.body);
        assert_int_equal(an.status, cases[i].status);
        if (an.status == 303)
            assert_string_equal(an.location, cases[i].part);
        else
            assert_true(has(an.body, cases[i].part));
    }
}

static void
shows_the_form_again(void **state)
{
    struct http_answer an =
        test_app_post(http, mem, "/studies/S1", NULL,
                      "title=&n=99&note=kept&password=pw&tag=a&tag=b&csrf=c", NULL);
    assert_int_equal(an.status, 422);
    assert_true(has(an.body, "view=study error=BAD_INPUT again=1"));
    assert_string_equal(view_get_text(an.page, "study"), "S1");
    assert_string_equal(view_at(an.page, "form.note")->text, "kept");
    assert_string_equal(view_at(an.page, "form.tag.1")->text, "b");
    assert_null(view_at(an.page, "form.password"));
    assert_null(view_at(an.page, "form.csrf"));
    assert_string_equal(view_at(an.page, "errors.0.field")->text, "title");
    assert_string_equal(view_at(an.page, "errors.1.field")->text, "n");
    assert_null(view_at(an.page, "errors.2"));
    assert_int_equal(app.writes, 0);
    assert_non_null(an.error);
    /* an error of the handler */
    an = test_app_post(http, mem, "/studies/S1", NULL, "title=taken&note=x", NULL);
    assert_int_equal(an.status, 422);
    assert_true(has(an.body, "again=1 text=That title is taken."));
    assert_string_equal(view_at(an.page, "form.title")->text, "taken");
    assert_null(an.cookies);
    assert_null(strstr(an.headers, "X-Tries"));
    an = test_app_post(http, mem, "/studies/S1", NULL, "title=busy", NULL);
    assert_int_equal(an.status, 503);
    assert_true(has(an.body, "again=1"));
    /* a page at another path */
    an = test_app_post(http, mem, "/studies/S1/title", NULL,
                       "title=taken&_form=/studies/S2%3Fweek=3", NULL);
    assert_true(has(an.body, "view=study error=BAD_INPUT again=1"));
    assert_string_equal(view_get_text(an.page, "study"), "S2");
    assert_string_equal(view_get_text(an.page, "week"), "3");
    static const char *const unusable[] = {"",
                                           "&_form=//evil",
                                           "&_form=/nothing",
                                           "&_form=/nowhere",
                                           "&_form=/closed",
                                           "&_form=/studies/S1.json"};
    for (size_t i = 0; i < sizeof unusable / sizeof *unusable; i++) {
        const char *body = arena_printf(mem, "title=taken%s", unusable[i]);
        an = test_app_post(http, mem, "/studies/S1/title", NULL, body, NULL);
        assert_int_equal(an.status, 422);
        assert_true(has(an.body, "view=- error=BAD_INPUT again=0"));
        assert_string_equal(view_at(an.page, "form.title")->text, "taken");
    }
    /* programs get the list */
    an = test_app_post(http, mem, "/studies/S1", "application/json", "{\"n\":0}", NULL);
    assert_int_equal(an.status, 422);
    assert_string_equal(an.content_type, "application/problem+json");
    assert_true(has(an.body,
                    "\"errors\":[{\"field\":\"title\",\"text\":\"Please give the title.\"},"
                    "{\"field\":\"n\""));
    an = test_app_post(http, mem, "/sign-in", NULL, "password=slow+down", H("X", "y"));
    assert_int_equal(an.status, 429);
    assert_true(has(an.headers, "Retry-After: 60\n"));
    assert_true(has(an.body, "view=sign-in error=TOO_MANY again=1"));
}

static void
hides_what_is_inside(void **state)
{
    struct http_answer an = test_app_post(http, mem, "/studies/S1", NULL, "title=bug", NULL);
    assert_int_equal(an.status, 500);
    assert_null(strstr(an.body, "secret detail"));
    assert_true(has(an.error->text, "secret detail"));
    an = test_app_post(http, mem, "/studies/S1.json", NULL, "title=bug", NULL);
    assert_null(strstr(an.body, "secret detail"));
    assert_true(has(an.body, "\"instance\":\""));
}

static struct http_answer
post_signed_out(const char *target, const char *type, const char *body, const char *const *headers)
{
    struct http_fake f = {.method = POST,
                          .target = target,
                          .content_type = type,
                          .body = body,
                          .body_n = strlen(body),
                          .headers = headers};
    struct ctx *c = arena_alloc(mem, sizeof *c);
    c->mem = mem;
    struct http_answer an;
    assert_null(http_handle(http, c, &f, &an));
    return an;
}

static void
keeps_what_was_typed(void **state)
{
    const char *const *ours = H("Origin", "http://h", "Host", "h");
    const char *body = "title=A&password=pw&csrf=old&note=long+text&_form=/x";
    struct http_answer an = post_signed_out("/studies/S1?week=1", NULL, body, ours);
    assert_int_equal(an.status, 401);
    assert_true(has(an.body, "error=SIGN_IN again=0"));
    assert_string_equal(view_at(an.page, "kept.action")->text, "/studies/S1");
    assert_string_equal(view_at(an.page, "kept.fields.0.value")->text, "A");
    assert_string_equal(view_at(an.page, "kept.fields.1.name")->text, "note");
    assert_null(view_at(an.page, "kept.fields.2"));
    assert_null(strstr(an.body, "pw"));
    /* another site's form must not be sent with the rights of whoever signs in */
    an = post_signed_out("/studies/S1", NULL, body, H("Origin", "http://evil", "Host", "h"));
    assert_int_equal(an.status, 401);
    assert_null(view_get(an.page, "kept"));
    an = post_signed_out("/studies/S1", NULL, body, NULL);
    assert_null(view_get(an.page, "kept"));
    an = post_signed_out("/studies/S1", "text/xml", "<a>", ours);
    assert_int_equal(an.status, 401);
    assert_null(view_get(an.page, "kept"));
    an = post_signed_out("/studies/S1", "application/json", "{}", ours);
    assert_int_equal(an.status, 401);
    assert_string_equal(an.content_type, "application/problem+json");
    assert_int_equal(app.writes, 0);
}

static void
runs_writes_again(void **state)
{
    app.tries = 3;
    struct http_answer an = test_app_post(http, mem, "/studies/S1", NULL, "title=A&tag=x", NULL);
    assert_int_equal(an.status, 303);
    assert_string_equal(an.location, "/studies/S1?tags=1&n=0&unknown=0&prepared=yes");
    assert_string_equal(an.cookies, "saved=1; Path=/; HttpOnly; SameSite=Lax\n");
    assert_int_equal(app.reads, 0);
    assert_int_equal(app.writes, 1);
}

static void
sets_cookies(void **state)
{
    struct http_answer an = test_app_post(http, mem, "/sign-in", NULL, "password=x", H("X", "y"));
    assert_string_equal(an.cookies, "who=ana; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600\n");
    struct http_fake f = {.method = POST,
                          .target = "/sign-in",
                          .body = "password=x",
                          .body_n = 10,
                          .secure = true,
                          .address = "192.0.2.7",
                          .headers = H("Origin", "https://h", "Host", "h")};
    struct ctx c = {.mem = mem};
    assert_null(http_handle(http, &c, &f, &an));
    assert_int_equal(an.status, 303);
    assert_string_equal(an.cookies,
                        "who=ana; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600\n");
    assert_true(has(an.headers, "Strict-Transport-Security: max-age="));
    /* begin drops a cookie that means nothing; that holds on an error page too */
    an = test_app_get(http, mem, "/nowhere", H("Cookie", "who=bob"));
    assert_true(has(an.cookies, "who=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0\n"));
    /* an address told by just anybody is not believed */
    an = test_app_get(http, mem, "/hello.json",
                      H("X-Forwarded-For", "198.51.100.9", "X-Forwarded-Proto", "https"));
    assert_true(has(an.body, "\"address\":\"127.0.0.1\""));
    assert_null(strstr(an.headers, "Strict-Transport"));
}

static void
survives_its_hooks(void **state)
{
    app.begin_fails = true;
    struct http_answer an = test_app_get(http, mem, "/hello", NULL);
    assert_int_equal(an.status, 503);
    app.render_fails = true;
    an = test_app_get(http, mem, "/hello", NULL);
    assert_int_equal(an.status, 503);
    assert_true(has(an.body, "<!doctype html>"));
    assert_true(has(an.body, "Number in the log: "));
    app.begin_fails = false;
    an = test_app_get(http, mem, "/hello", NULL);
    assert_int_equal(an.status, 500);
    assert_true(has(an.body, "<!doctype html>"));
    an = test_app_get(http, mem, "/fail/NOT_FOUND", NULL);
    assert_int_equal(an.status, 404);
    assert_true(has(an.body, "It said &lt;NOT_FOUND&gt;."));
    an = test_app_post(http, mem, "/studies/S1", NULL, "title=", NULL);
    assert_int_equal(an.status, 422);
    assert_true(has(an.body, "Please give the title."));
}

static void
takes_files(void **state)
{
    static const char body[] =
        "--X\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nT\r\n"
        "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a/b.csv\"\r\n\r\nabc\r\n"
        "--X\r\nContent-Disposition: form-data; name=\"file\"; "
        "filename=\"c.csv\"\r\n\r\n12\r\n--X--\r\n";
    struct http_answer an = test_app_post(http, mem, "/upload.json",
                                          "multipart/form-data; boundary=X", body, H("X", "y"));
    assert_int_equal(an.status, 200);
    assert_true(has(an.body, "{\"files\":[{\"name\":\"b.csv\",\"size\":3,\"sum\":96354},"
                             "{\"name\":\"c.csv\",\"size\":2,\"sum\":1569}],\"title\":\"T\"}"));
    an = test_app_post(
        http, mem, "/upload", "multipart/form-data; boundary=X",
        "--X\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nT\r\n--X--\r\n", H("X", "y"));
    assert_int_equal(an.status, 422);
    assert_true(has(an.body, "Please choose a file: file."));
}

static void
refuses_what_is_too_large(void **state)
{
    size_t n = 256 * 1024 + 1;
    char *body = arena_alloc(mem, n + 1);
    memset(body, 'a', n);
    struct http_answer an = test_app_post(http, mem, "/studies/S1", NULL, body, NULL);
    assert_int_equal(an.status, 413);
    assert_true(has(an.body, "At most 256 KB can be sent here."));
    body[n - 1] = '\0';
    an = test_app_post(http, mem, "/studies/S1", NULL, body, NULL);
    assert_int_equal(an.status, 400); /* the name of a field of 256 KiB */
}

static void
lists_its_routes(void **state)
{
    const struct route *const *routes;
    size_t n = http_routes(http, &routes);
    assert_int_equal(n, 15);
    assert_string_equal(routes[1]->path, "/hello");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(answers_by_address),   T(speaks_json_when_asked),
        T(sends_headers),        T(serves_files),
        T(compresses_pages),     T(answers_posts),
        T(shows_the_form_again), T(hides_what_is_inside),
        T(keeps_what_was_typed), T(runs_writes_again),
        T(sets_cookies),         T(survives_its_hooks),
        T(takes_files),          T(refuses_what_is_too_large),
        T(lists_its_routes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
