/* test_server.c: the server on real sockets: what well-behaved, slow, broken and hostile clients
 * get. */
#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "http/test_app.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

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
    atomic_store(&app.hold, false);
    http_stop(http);
    arena_free(mem);
    return 0;
}

static void
start(struct http_options o)
{
    err_t e = http_start(mem, http, &o);
    if (e)
        print_error("%s\n", e->text);
    assert_null(e);
    assert_true(http_port(http) > 0);
}

static int64_t
now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- a client ---- */

static int
try_connect(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in sa = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_port(http)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr *)&sa, sizeof sa) == 0)
        return fd;
    close(fd);
    return -1;
}

static int
dial(void)
{
    int fd = try_connect();
    assert_true(fd >= 0);
    return fd;
}

static bool
put(int fd, const char *data, size_t n)
{
    while (n) {
        ssize_t done = send(fd, data, n, MSG_NOSIGNAL);
        if (done <= 0)
            return false;
        data += done;
        n -= (size_t)done;
    }
    return true;
}

static bool
puts_(int fd, const char *text)
{
    return put(fd, text, strlen(text));
}

struct got {
    char data[256 << 10];
    size_t n;
    bool closed;
};

/* Reads until `want` answers are whole, the other end closes, or the time is over. */
static size_t
answers_in(const struct got *g)
{
    size_t count = 0;
    const char *p = g->data;
    for (;;) {
        const char *end = strstr(p, "\r\n\r\n");
        if (!end)
            return count;
        if (strncmp(p, "HTTP/1.1 100", 12) == 0) {
            p = end + 4;
            continue;
        }
        const char *length = strcasestr(p, "Content-Length: ");
        size_t n = length && length < end ? (size_t)atol(length + 16) : 0;
        if (strncmp(p, "HTTP/1.1 304", 12) == 0)
            n = 0;
        if ((size_t)(g->data + g->n - (end + 4)) < n)
            return count;
        p = end + 4 + n;
        count++;
    }
}

static void
get(int fd, struct got *g, size_t want, int most_ms)
{
    *g = (struct got){0};
    int64_t until = now_ms() + most_ms;
    while (answers_in(g) < want && g->n < sizeof g->data - 1) {
        int left = (int)(until - now_ms());
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&p, 1, left) <= 0)
            return;
        ssize_t n = recv(fd, g->data + g->n, sizeof g->data - 1 - g->n, 0);
        if (n <= 0) {
            g->closed = true;
            return;
        }
        g->n += (size_t)n;
        g->data[g->n] = '\0';
    }
}

static int
status(const struct got *g)
{
    return strncmp(g->data, "HTTP/1.1 ", 9) == 0 ? atoi(g->data + 9) : 0;
}

/* True when the other end closes within the time; what comes before is thrown away. */
static bool
is_closed(int fd, int most_ms)
{
    int64_t until = now_ms() + most_ms;
    char rest[4096];
    for (;;) {
        int left = (int)(until - now_ms());
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&p, 1, left) <= 0)
            return false;
        if (recv(fd, rest, sizeof rest, 0) <= 0)
            return true;
    }
}

static struct got *
ask(const char *text, int most_ms)
{
    struct got *g = arena_alloc(mem, sizeof *g);
    int fd = dial();
    puts_(fd, text);
    get(fd, g, 1, most_ms);
    close(fd);
    return g;
}

static bool
has(const struct got *g, const char *part)
{
    bool found = strstr(g->data, part);
    if (!found)
        print_error("no \"%s\" in: %.2000s\n", part, g->data);
    return found;
}

static void
until(atomic_int *value, int wanted)
{
    for (int64_t end = now_ms() + 10000; atomic_load(value) != wanted && now_ms() < end;)
        usleep(1000);
    assert_int_equal(atomic_load(value), wanted);
}

/* ---- tests ---- */

#define HOST "Host: h\r\n"

static void
answers_requests(void **state)
{
    static const struct {
        const char *request;
        int status; /* 0: closed without an answer is fine too */
        const char *part;
    } cases[] = {
        {"GET /hello?name=a%20b HTTP/1.1\r\n" HOST "\r\n", 200, "\"hello\":\"a b\""},
        {"GET /hello?name=a+b&x=1&x HTTP/1.1\r\n" HOST "\r\n", 200, "\"hello\":\"a b\""},
        {"GET / HTTP/1.0\r\n" HOST "\r\n", 200, "view=home"},
        {"GET /hello.json HTTP/1.1\r\n" HOST "\r\n", 200, "\"address\":\"127.0.0.1\""},
        {"GET /studies/S1 HTTP/1.1\r\n" HOST "Cookie: x=y; who=ana\r\n\r\n", 200, "view=study"},
        {"GET /studies/S1?a=b HTTP/1.1\r\n" HOST "\r\n", 303,
         "Location: /sign-in?next=/studies/S1%3Fa%3Db\r\n"},
        {"GET /static/plain.css HTTP/1.1\r\n" HOST "\r\n", 200, "a{}"},
        {"GET /static/plain.css HTTP/1.1\r\n" HOST "If-None-Match: W/\"ffeeddccbbaa9988\"\r\n\r\n",
         304, "ETag"},
        {"GET /nowhere HTTP/1.1\r\n" HOST "\r\n", 404, "Content-Security-Policy: "},
        {"POST /sign-in HTTP/1.1\r\n" HOST "Content-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>",
         415, "Content-Security-Policy: "},
        {"GET /a%zz HTTP/1.1\r\n" HOST "\r\n", 400, "BAD_REQUEST"},
        {"GET /hello?name=%00 HTTP/1.1\r\n" HOST "\r\n", 400, "BAD_REQUEST"},
        {"GET /hello/../hello HTTP/1.1\r\n" HOST "\r\n", 404, "NOT_FOUND"},
        {"GET /../../../etc/passwd HTTP/1.1\r\n" HOST "\r\n", 404, "NOT_FOUND"},
        {"GET /static/../template/secret.html HTTP/1.1\r\n" HOST "\r\n", 404, "nothing at this"},
        {"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" HOST "\r\n", 404, "NOT_FOUND"},
        {"GET http://other/hello HTTP/1.1\r\n" HOST "\r\n", 400, "BAD_REQUEST"},
        {"OPTIONS /hello HTTP/1.1\r\n" HOST "\r\n", 405, "Allow: GET, HEAD\r\n"},
        {"PUT /sign-in HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 405,
         "Allow: GET, HEAD, POST\r\n"},
        {"DELETE /nowhere HTTP/1.1\r\n" HOST "\r\n", 404, "NOT_FOUND"},
        {"POST /hello HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 405,
         "Allow: GET, HEAD\r\n"},
        {"POST /sign-in HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: 10\r\n\r\npassword=x",
         303, "Location: /\r\n"},
        {"POST /sign-in HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
         "Transfer-Encoding: chunked\r\n\r\n4\r\npass\r\n6\r\nword=x\r\n0\r\n\r\n",
         303, "Set-Cookie: who=ana; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600\r\n"},
        {"POST /sign-in HTTP/1.1\r\n" HOST "\r\n", 422, "error=BAD_INPUT again=1"},
        {"GET /hello HTTP/1.1\r\n\r\n", 400, ""},
        {"GET /hello HTTP/1.1\r\n" HOST "Host: other\r\n\r\n", 400, "BAD_REQUEST"},
        {"NONSENSE\r\n\r\n", 0, ""},
        {"POST /sign-in HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, ""},
    };
    start((struct http_options){0});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct got *g = ask(cases[i].request, 5000);
        if (cases[i].status && status(g) != cases[i].status)
            print_error("%s\n%.500s\n", cases[i].request, g->data);
        if (cases[i].status)
            assert_int_equal(status(g), cases[i].status);
        else
            assert_true(status(g) == 400 || g->closed);
        assert_true(has(g, cases[i].part));
    }
}

static void
answers_head_without_body(void **state)
{
    start((struct http_options){0});
    struct got *g = ask("HEAD /hello HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", 300);
    assert_int_equal(status(g), 200);
    assert_true(g->closed);
    assert_true(has(g, "Content-Length: "));
    assert_string_equal(strstr(g->data, "\r\n\r\n"), "\r\n\r\n");
}

static void
answers_in_order(void **state)
{
    start((struct http_options){0});
    int fd = dial();
    puts_(fd, "GET /hello.json?name=1 HTTP/1.1\r\n" HOST "\r\n"
              "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\npassword=x"
              "GET /hello.json?name=2 HTTP/1.1\r\n" HOST "\r\n");
    struct got *g = arena_alloc(mem, sizeof *g);
    get(fd, g, 3, 5000);
    assert_int_equal(answers_in(g), 3);
    const char *one = strstr(g->data, "\"hello\":\"1\""), *two = strstr(g->data, "Location: /"),
               *three = strstr(g->data, "\"hello\":\"2\"");
    assert_true(one && two && three && one < two && two < three);
    close(fd);
}

static void
refuses_large_bodies(void **state)
{
    start((struct http_options){0});
    /* a little too large: read, thrown away, answered with a page; the connection lives on */
    size_t n = (256 << 10) + 1;
    char *body = malloc(n);
    memset(body, 'x', n);
    struct got *g = arena_alloc(mem, sizeof *g);
    int fd = dial();
    puts_(fd,
          arena_printf(mem, "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n", n));
    assert_true(put(fd, body, n));
    get(fd, g, 1, 5000);
    assert_int_equal(status(g), 413);
    assert_true(has(g, "error=TOO_LARGE"));
    puts_(fd, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    get(fd, g, 1, 5000);
    assert_int_equal(status(g), 200);
    /* the same in chunks, of which nobody knows the sum beforehand */
    puts_(fd, "POST /sign-in HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    puts_(fd, arena_printf(mem, "%zx\r\n", n));
    put(fd, body, n);
    puts_(fd, "\r\n0\r\n\r\n");
    get(fd, g, 1, 5000);
    assert_int_equal(status(g), 413);
    close(fd);
    free(body);
    /* far too large, or with Expect: refused before it is read */
    g = ask("POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 209715200\r\n\r\n", 5000);
    assert_int_equal(status(g), 413);
    assert_true(has(g, "Content-Security-Policy: "));
    g = ask("POST /sign-in HTTP/1.1\r\n" HOST
            "Content-Length: 300000\r\nExpect: 100-continue\r\n\r\n",
            5000);
    assert_int_equal(status(g), 413);
    assert_null(strstr(g->data, "100 Continue"));
    g = ask("GET /hello HTTP/1.1\r\n" HOST "Content-Length: 209715200\r\n\r\n", 5000);
    assert_int_equal(status(g), 413);
}

static size_t
resident(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    size_t all = 0, pages = 0;
    assert_non_null(f);
    assert_int_equal(fscanf(f, "%zu %zu", &all, &pages), 2);
    fclose(f);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void
refuses_200_mb_in_little_memory(void **state)
{
    start((struct http_options){0});
    ask("GET /hello HTTP/1.1\r\n" HOST "\r\n", 5000);
    size_t before = resident();
    static char chunk[1 << 20];
    int fd = dial();
    puts_(fd, "POST /upload HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    int sent = 0;
    for (; sent < 200; sent++) {
        if (!puts_(fd, "100000\r\n") || !put(fd, chunk, sizeof chunk) || !puts_(fd, "\r\n"))
            break;
    }
    assert_true(sent < 200);
    assert_true(is_closed(fd, 5000));
    close(fd);
    assert_true(resident() < before + (16 << 20));
    assert_int_equal(status(ask("GET /hello HTTP/1.1\r\n" HOST "\r\n", 5000)), 200);
}

static void
spools_files(void **state)
{
    start((struct http_options){0});
    enum { SIZE = 900000 };
    static char file[SIZE];
    uint32_t sum = 0;
    for (size_t i = 0; i < SIZE; i++) {
        file[i] = (char)(i * 7 + i / 251);
        sum = sum * 31 + (unsigned char)file[i];
    }
    static const char head[] = "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; "
                               "filename=\"x.bin\"\r\n\r\n";
    static const char tail[] = "\r\n--XyZ--\r\n";
    int fd = dial();
    puts_(fd, arena_printf(mem,
                           "POST /upload.json HTTP/1.1\r\n" HOST
                           "Content-Type: multipart/form-data; boundary=XyZ\r\n"
                           "Expect: 100-continue\r\nContent-Length: %zu\r\n\r\n",
                           SIZE + sizeof head + sizeof tail - 2));
    puts_(fd, head);
    put(fd, file, SIZE);
    puts_(fd, tail);
    struct got *g = arena_alloc(mem, sizeof *g);
    get(fd, g, 1, 5000);
    assert_true(has(g, "HTTP/1.1 100 Continue"));
    assert_true(has(g, "HTTP/1.1 200"));
    assert_true(
        has(g, arena_printf(mem, "{\"name\":\"x.bin\",\"size\":%d,\"sum\":%u}", SIZE, sum)));
    close(fd);
    /* a client that goes away in the middle leaves nothing behind */
    fd = dial();
    puts_(fd, "POST /upload HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n");
    put(fd, file, 500000);
    close(fd);
    assert_int_equal(status(ask("GET /hello HTTP/1.1\r\n" HOST "\r\n", 5000)), 200);
}

static void
needs_a_spool_folder_for_large_bodies(void **state)
{
    start((struct http_options){.spool_dir = "/nonexistent"});
    size_t n = 400000;
    char *body = calloc(1, n);
    int fd = dial();
    puts_(fd, arena_printf(mem, "POST /upload HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n", n));
    put(fd, body, n);
    struct got *g = arena_alloc(mem, sizeof *g);
    get(fd, g, 1, 5000);
    assert_int_equal(status(g), 503);
    close(fd);
    free(body);
}

static void
limits_headers(void **state)
{
    start((struct http_options){0});
    char *big = arena_alloc(mem, 40001);
    memset(big, 'a', 40000);
    int got =
        status(ask(arena_printf(mem, "GET /hello HTTP/1.1\r\n" HOST "X: %s\r\n\r\n", big), 5000));
    assert_true(got == 431 || got == 0);
    got = status(ask(arena_printf(mem, "GET /hello?q=%s HTTP/1.1\r\n" HOST "\r\n", big), 5000));
    assert_true(got == 414 || got == 431 || got == 0);
    big[5000] = '\0';
    got = status(
        ask(arena_printf(mem, "GET /hello HTTP/1.1\r\n" HOST "Cookie: %s\r\n\r\n", big), 5000));
    assert_int_equal(got, 200);
    memset(big, 'a', 9000);
    big[9000] = '\0';
    got = status(
        ask(arena_printf(mem, "GET /hello HTTP/1.1\r\n" HOST "Cookie: c=%s\r\n\r\n", big), 5000));
    assert_int_equal(got, 431); /* said, not hung up on */
    for (size_t i = 0; i < 9000; i += 4)
        memcpy(big + i, "a=1&", 4);
    got = status(ask(arena_printf(mem, "GET /hello?%s HTTP/1.1\r\n" HOST "\r\n", big), 5000));
    assert_int_equal(got, 400); /* 2,250 arguments */
}

/* Sends `byte` every 100 ms until the other end closes; how long that took. */
static int64_t
drip(int fd, const char *byte, int most_ms, struct got *g)
{
    int64_t began = now_ms();
    while (now_ms() < began + most_ms) {
        if (!puts_(fd, byte))
            break;
        get(fd, g, 1, 100);
        if (g->closed || status(g))
            break;
    }
    return now_ms() - began;
}

static void
ends_slow_senders(void **state)
{
    start((struct http_options){.idle_s = 1});
    struct got *g = arena_alloc(mem, sizeof *g);
    int fd = dial(); /* silent */
    assert_true(is_closed(fd, 4000));
    close(fd);
    fd = dial(); /* headers drip */
    puts_(fd, "GET /hello HTTP/1.1\r\n" HOST "X: ");
    assert_in_range(drip(fd, "a", 8000, g), 500, 5000);
    assert_true(status(g) == 408 || g->closed);
    close(fd);
    fd = dial(); /* a body drips */
    puts_(fd, "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n");
    assert_in_range(drip(fd, "a", 8000, g), 500, 5000);
    assert_int_equal(status(g), 408);
    assert_true(has(g, "Content-Security-Policy: "));
    assert_true(has(g, "X-Content-Type-Options: nosniff"));
    close(fd);
    fd = dial(); /* a body stops */
    puts_(fd, "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\nabc");
    assert_true(is_closed(fd, 4000));
    close(fd);
    fd = dial(); /* the slow are ended, the rest is not */
    for (int i = 0; i < 4; i++) {
        puts_(fd, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
        get(fd, g, 1, 5000);
        assert_int_equal(status(g), 200);
        usleep(700000);
    }
    close(fd);
}

static void
says_busy_when_full(void **state)
{
    start((struct http_options){.workers = 1, .queue = 1});
    atomic_store(&app.hold, true);
    int one = dial(), two = dial(), three = dial();
    puts_(one, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    until(&app.waiting, 1);
    puts_(two, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    usleep(200000);
    puts_(three, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    struct got *g = arena_alloc(mem, sizeof *g);
    get(three, g, 1, 5000);
    assert_int_equal(status(g), 503);
    assert_true(has(g, "Retry-After: 5\r\n"));
    assert_true(has(g, "<h1>Rapport is busy"));
    struct got *json = ask("GET /hello HTTP/1.1\r\n" HOST "Accept: application/json\r\n\r\n", 5000);
    assert_int_equal(status(json), 503);
    assert_true(has(json, "application/problem+json"));
    /* slow routes have workers of their own */
    assert_int_equal(
        status(ask("POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\npassword=x", 5000)),
        303);
    atomic_store(&app.hold, false);
    get(one, g, 1, 5000);
    assert_int_equal(status(g), 200);
    get(two, g, 1, 5000);
    assert_int_equal(status(g), 200);
    close(one);
    close(two);
    close(three);
}

static void
says_busy_when_waiting_too_long(void **state)
{
    start((struct http_options){.workers = 1, .queue_ms = 200});
    atomic_store(&app.hold, true);
    int one = dial(), two = dial();
    puts_(one, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    until(&app.waiting, 1);
    puts_(two, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    struct got *g = arena_alloc(mem, sizeof *g);
    get(two, g, 1, 5000); /* while the only worker still waits */
    assert_int_equal(status(g), 503);
    assert_int_equal(atomic_load(&app.waiting), 1);
    atomic_store(&app.hold, false);
    get(one, g, 1, 5000);
    assert_int_equal(status(g), 200);
    close(one);
    close(two);
}

static void
answers_the_half_closed(void **state)
{
    start((struct http_options){.workers = 2, .idle_s = 1});
    int fd = dial();
    puts_(fd, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    shutdown(fd, SHUT_WR);
    struct got *g = arena_alloc(mem, sizeof *g);
    get(fd, g, 1, 5000);
    assert_int_equal(status(g), 200);
    close(fd);
    /* half-closed in the middle of a body: ended at once or as a slow sender */
    fd = dial();
    puts_(fd, "POST /sign-in HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nabc");
    shutdown(fd, SHUT_WR);
    assert_true(is_closed(fd, 5000));
    close(fd);
    /* gone while a worker is at it */
    atomic_store(&app.hold, true);
    fd = dial();
    puts_(fd, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    until(&app.waiting, 1);
    struct linger reset = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
    atomic_store(&app.hold, false);
    until(&app.waiting, 0);
    assert_int_equal(status(ask("GET /hello HTTP/1.1\r\n" HOST "\r\n", 5000)), 200);
}

static void
holds_the_connection_limit(void **state)
{
    start((struct http_options){.connections = 8, .idle_s = 2});
    int fds[30];
    for (int i = 0; i < 30; i++)
        fds[i] = dial(); /* those over the limit wait in the kernel */
    int answered = 0;
    struct got *g = arena_alloc(mem, sizeof *g);
    for (int i = 0; i < 30; i++)
        puts_(fds[i], "GET /hello HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    for (int i = 0; i < 30; i++) {
        get(fds[i], g, 1, 20000);
        answered += status(g) == 200;
        close(fds[i]);
    }
    assert_int_equal(answered, 30);
}

static void *
client_main(void *arg)
{
    intptr_t number = (intptr_t)arg, good = 0;
    int fd = try_connect();
    struct got *g = malloc(sizeof *g);
    for (int i = 0; i < 20 && fd >= 0; i++) {
        char request[200], wanted[40];
        snprintf(request, sizeof request, "GET /hello.json?name=c%ldx%d HTTP/1.1\r\n" HOST "\r\n",
                 (long)number, i);
        snprintf(wanted, sizeof wanted, "\"hello\":\"c%ldx%d\"", (long)number, i);
        if (!puts_(fd, request))
            break;
        get(fd, g, 1, 20000);
        good += status(g) == 200 && strstr(g->data, wanted);
    }
    close(fd);
    free(g);
    return (void *)good;
}

static void
answers_many_at_once(void **state)
{
    start((struct http_options){0});
    pthread_t clients[64];
    for (intptr_t i = 0; i < 64; i++)
        assert_int_equal(pthread_create(&clients[i], NULL, client_main, (void *)i), 0);
    intptr_t good = 0;
    for (int i = 0; i < 64; i++) {
        void *one;
        pthread_join(clients[i], &one);
        good += (intptr_t)one;
    }
    assert_int_equal(good, 64 * 20);
    assert_int_equal(app.reads, 64 * 20);
}

static void
believes_only_its_proxy(void **state)
{
    start((struct http_options){.trusted_proxy = "127.0.0.1"});
    struct got *g =
        ask("GET /hello.json HTTP/1.1\r\n" HOST "X-Forwarded-For: 203.0.113.1, 198.51.100.9\r\n"
            "X-Forwarded-Proto: https\r\n\r\n",
            5000);
    assert_true(has(g, "\"address\":\"198.51.100.9\""));
    assert_true(has(g, "Strict-Transport-Security: "));
    g = ask("GET /hello.json HTTP/1.1\r\n" HOST "X-Forwarded-For: <b>\r\n\r\n", 5000);
    assert_true(has(g, "\"address\":\"127.0.0.1\""));
    assert_null(strstr(g->data, "Strict-Transport-Security"));
}

static void *
stop_main(void *arg)
{
    http_stop(http);
    return NULL;
}

static void
stops_cleanly(void **state)
{
    start((struct http_options){.workers = 2});
    int idle = dial(), busy = dial();
    atomic_store(&app.hold, true);
    puts_(busy, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    until(&app.waiting, 1);
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_main, NULL), 0);
    usleep(300000);
    /* a request on a connection that was open before is told to come again */
    struct got *g = arena_alloc(mem, sizeof *g);
    puts_(idle, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
    get(idle, g, 1, 5000);
    assert_int_equal(status(g), 503);
    atomic_store(&app.hold, false);
    get(busy, g, 1, 5000);
    assert_int_equal(status(g), 200);
    int64_t began = now_ms();
    pthread_join(stopper, NULL);
    assert_true(now_ms() - began < 5000);
    close(idle);
    close(busy);
    /* and again */
    start((struct http_options){0});
    assert_int_equal(status(ask("GET /hello HTTP/1.1\r\n" HOST "\r\n", 5000)), 200);
}

static void
says_why_it_cannot_start(void **state)
{
    app.worker_fails = true;
    err_t e = http_start(mem, http, &(struct http_options){0});
    assert_non_null(e);
    assert_string_equal(e->text, "No database here.");
    app.worker_fails = false;
    start((struct http_options){0});
    struct test_app other_app = {0};
    struct http *other = test_app_new(mem, &other_app);
    e = http_start(mem, other, &(struct http_options){.port = http_port(http)});
    assert_non_null(e);
    assert_int_equal(e->code, E_UNAVAILABLE);
    assert_non_null(strstr(e->text, "Address already in use"));
    e = http_start(mem, other, &(struct http_options){.address = "not an address"});
    assert_int_equal(e->code, E_CONFIG);
    test_app_new(mem, &app);
}

static void
listens_on_ipv6(void **state)
{
    err_t e = http_start(mem, http, &(struct http_options){.address = "::1"});
    if (e)
        skip(); /* a machine without IPv6 */
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 sa = {.sin6_family = AF_INET6,
                              .sin6_port = htons((uint16_t)http_port(http)),
                              .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof sa), 0);
    puts_(fd, "GET /hello.json HTTP/1.1\r\n" HOST "\r\n");
    struct got *g = arena_alloc(mem, sizeof *g);
    get(fd, g, 1, 5000);
    assert_true(has(g, "\"address\":\"::1\""));
    close(fd);
}

/* With an argument: only the tests of that name (a pattern with *). */
int
main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(answers_requests),
        T(answers_head_without_body),
        T(answers_in_order),
        T(refuses_large_bodies),
        T(refuses_200_mb_in_little_memory),
        T(spools_files),
        T(needs_a_spool_folder_for_large_bodies),
        T(limits_headers),
        T(ends_slow_senders),
        T(says_busy_when_full),
        T(says_busy_when_waiting_too_long),
        T(answers_the_half_closed),
        T(holds_the_connection_limit),
        T(answers_many_at_once),
        T(believes_only_its_proxy),
        T(stops_cleanly),
        T(says_why_it_cannot_start),
        T(listens_on_ipv6),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
