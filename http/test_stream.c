/* test_stream.c: answers that stay open, on real sockets: what opens, who is told, what ends them. */
#include "base/arena.h"
#include "base/log.h"
#include "http/test_app.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { READERS = 30 };

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
    http_stop(http);
    arena_free(mem);
    return 0;
}

static void
start(struct http_options o)
{
    assert_null(http_start(mem, http, &o));
}

static int64_t
now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- a client ---- */

struct client {
    int fd;
    char data[16 << 10];
    size_t n;
    bool closed;
};

static struct client *
dial(const char *request)
{
    struct client *k = arena_alloc(mem, sizeof *k);
    *k = (struct client){.fd = socket(AF_INET, SOCK_STREAM, 0)};
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(http)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(k->fd, (struct sockaddr *)&sa, sizeof sa), 0);
    assert_int_equal(send(k->fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
    return k;
}

static struct client *
listen_as(int reader)
{
    return dial(arena_printf(mem, "GET /stream?of=%d HTTP/1.1\r\nHost: h\r\n\r\n", reader));
}

static size_t
count(const struct client *k, const char *part)
{
    size_t n = 0;
    for (const char *p = k->data; (p = strstr(p, part)); p += strlen(part))
        n++;
    return n;
}

/* Reads until `part` has come `n` times, the other end closes, or the time is over. */
static bool
hears(struct client *k, const char *part, size_t n, int most_ms)
{
    int64_t end = now_ms() + most_ms;
    while (count(k, part) < n && !k->closed && k->n < sizeof k->data - 1) {
        struct pollfd p = {.fd = k->fd, .events = POLLIN};
        int left = (int)(end - now_ms());
        if (left <= 0 || poll(&p, 1, left) <= 0)
            break;
        ssize_t got = recv(k->fd, k->data + k->n, sizeof k->data - 1 - k->n, 0);
        k->closed = got <= 0;
        k->n += got > 0 ? (size_t)got : 0;
        k->data[k->n] = '\0';
    }
    return count(k, part) >= n;
}

static const char opening[] = "retry: 3000\n\n", look[] = "event: look\ndata: 1\n\n", last_chunk[] = "\r\n0\r\n\r\n";

/* ---- tests ---- */

static void
opens_and_tells_its_reader_alone(void **state)
{
    start((struct http_options){0});
    struct client *one = listen_as(1), *again = listen_as(1), *two = listen_as(2);
    assert_true(hears(one, opening, 1, 5000) && hears(again, opening, 1, 5000) && hears(two, opening, 1, 5000));
    assert_non_null(strstr(one->data, "HTTP/1.1 200"));
    assert_non_null(strstr(one->data, "Content-Type: text/event-stream\r\n"));
    assert_non_null(strstr(one->data, "Cache-Control: no-store\r\n"));
    assert_non_null(strstr(one->data, "Content-Security-Policy: "));
    http_look(http, 1);
    assert_true(hears(one, look, 1, 5000) && hears(again, look, 1, 5000));
    assert_false(hears(two, look, 1, 300));
    http_look(http, 1);
    http_look(http, 0);
    assert_true(hears(one, look, 2, 5000) && hears(two, look, 1, 5000));
    http_look(http, 9); /* nobody */
    close(one->fd);
    http_look(http, 1); /* to a socket that is gone */
    assert_true(hears(again, look, 3, 5000));
}

static void
keeps_it_open_and_ends_it_in_time(void **state)
{
    start((struct http_options){.beat_s = 1, .stream_s = 3});
    struct client *k = listen_as(1);
    assert_true(hears(k, "\n:\n\n", 1, 5000));
    assert_true(hears(k, last_chunk, 1, 8000));
    const char *next = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"; /* the connection lives on */
    send(k->fd, next, strlen(next), MSG_NOSIGNAL);
    assert_true(hears(k, "view=hello", 1, 5000));
}

static void
bounds_how_many_are_open(void **state)
{
    start((struct http_options){.streams = 10});
    struct client *k[12];
    for (int i = 0; i < 8; i++) {
        k[i] = listen_as(1);
        assert_true(hears(k[i], opening, 1, 5000));
    }
    k[8] = listen_as(1); /* one too many of hers: her oldest ends */
    assert_true(hears(k[8], opening, 1, 5000));
    assert_true(hears(k[0], last_chunk, 1, 5000));
    assert_false(hears(k[1], last_chunk, 1, 200));
    int opened = 0;
    for (int i = 9; i < 12; i++) {
        k[i] = listen_as(2);
        opened += hears(k[i], opening, 1, 1000);
    }
    assert_int_equal(opened, 2);
    assert_non_null(strstr(k[11]->data, "HTTP/1.1 503"));
    assert_true(hears(dial("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"), "view=hello", 1, 5000));
    close(k[9]->fd);
    http_look(http, 2); /* a socket that is gone is noticed when it is written to */
    http_look(http, 2);
    int64_t end = now_ms() + 10000;
    bool room = false;
    while (!room && now_ms() < end) {
        http_look(http, 2);
        room = hears(listen_as(3), opening, 1, 200);
    }
    assert_true(room);
}

static void
answers_head_and_old_clients(void **state)
{
    start((struct http_options){0});
    struct client *k = dial("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_true(hears(k, "view=hello", 1, 5000));
    assert_int_equal(count(k, opening), 0);
    k = dial("GET /stream HTTP/1.0\r\nHost: h\r\n\r\n");
    assert_true(hears(k, opening, 1, 5000));
    http_look(http, 1);
    assert_true(hears(k, look, 1, 5000));
    struct http_answer an = test_app_get(http, mem, "/stream", NULL);
    assert_int_equal(an.status, 200);
    assert_string_equal(an.body, opening);
}

static void
stops_at_once_with_streams_open(void **state)
{
    start((struct http_options){0});
    struct client *k[READERS];
    for (int i = 0; i < READERS; i++) {
        k[i] = listen_as(1 + i % 9);
        assert_true(hears(k[i], opening, 1, 5000));
    }
    int64_t began = now_ms();
    http_stop(http);
    assert_true(now_ms() - began < 5000);
    for (int i = 0; i < READERS; i++) {
        (void)hears(k[i], "never said", 1, 2000);
        assert_true(k[i]->closed);
    }
}

static void *
tell_many(void *arg)
{
    for (int i = 0; i < 3000; i++)
        http_look(http, i % 10);
    return NULL;
}

static void
tells_while_readers_come_and_go(void **state)
{
    start((struct http_options){0});
    pthread_t tellers[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&tellers[i], NULL, tell_many, NULL);
    for (int i = 0; i < 60; i++) {
        struct client *k = listen_as(1 + i % 9);
        assert_true(hears(k, opening, 1, 5000));
        if (i % 3)
            close(k->fd);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(tellers[i], NULL);
    struct client *k = listen_as(5);
    assert_true(hears(k, opening, 1, 5000));
    http_look(http, 5);
    assert_true(hears(k, look, 1, 5000));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(opens_and_tells_its_reader_alone),
        T(keeps_it_open_and_ends_it_in_time),
        T(bounds_how_many_are_open),
        T(answers_head_and_old_clients),
        T(stops_at_once_with_streams_open),
        T(tells_while_readers_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
