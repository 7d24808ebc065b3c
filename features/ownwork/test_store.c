/* test_store.c: studies that a site's people keep for themselves: who knows of them, taking the same calendar
 * in again, reading an address, and where it may not lead. On both engines. */
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/test_case.h"
#include "core/vault.h"
#include "features/ownwork/ownwork_sql.h"
#include "features/ownwork/store.h"
#include "web/asset.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct world {
    struct core_case *k;
    int64_t cora, paul, meg;
    struct own own;
    const char *text; /* what the calendar says now */
};

static void
as(struct world *w, int64_t person)
{
    assert_ok(who_load(&w->k->c, person, &w->k->c.who));
}

static err_t
make(struct ctx *c, void *arg)
{
    return own_new(c, "Far study", "A sponsor far away", &((struct world *)arg)->own);
}

static struct world
begin(void **state)
{
    struct world w = {.k = case_use(state)};
    struct core_case *k = w.k;
    struct migration list[] = {
        {"core", "0001-core.sql", asset_find("schema/core/0001-core.sql")->data},
        {"studies", "0001-study.sql", asset_find("schema/studies/0001-study.sql")->data},
        {"commitments", "0001-commitment.sql", asset_find("schema/commitments/0001-commitment.sql")->data},
        {"ownwork", "0001-own.sql", asset_find("schema/ownwork/0001-own.sql")->data}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, COUNT_OF(list), false, &report));
    w.cora = case_account(k, "Cora", "cora@example.org", NULL);
    w.paul = case_account(k, "Paul", "paul@example.org", NULL);
    w.meg = case_account(k, "Meg", "meg@example.org", NULL);
    as(&w, w.cora);
    assert_ok(case_write(k, "own.new", make, &w));
    assert_true(date_parse("2026-11-24", &k->c.today));
    return w;
}

struct taking {
    struct world *w;
    struct own_taken t;
};

static err_t
take(struct ctx *c, void *arg)
{
    struct taking *x = arg;
    struct own_line *line;
    size_t n;
    TRY(feed_ics_read(c->mem, x->w->text, strlen(x->w->text), c->today, tz_find("UTC"), &line, &n));
    TRY(own_take(c, &x->w->own, line, n, &x->t));
    own_note(c, &x->w->own);
    return NULL;
}

static struct own_taken
take_text(struct world *w, const char *text)
{
    struct taking x = {w, {0}};
    w->text = text;
    assert_ok(case_write(w->k, "own.take", take, &x));
    return x.t;
}

#define ICS(body) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" body "END:VCALENDAR\r\n"
#define TASK(uid, what, day, more) "BEGIN:VTODO\r\nUID:" uid "\r\nSUMMARY:" what "\r\nDUE;VALUE=DATE:" day "\r\n" more "END:VTODO\r\n"

static struct own_items_row *
items(struct world *w, size_t want)
{
    struct own_items_row *x;
    size_t n;
    assert_ok(db_list(&w->k->c, &OWN_ITEMS, DB_IN(db_int(w->own.id), db_int(99)), &x, &n));
    assert_int_equal(n, want);
    return x;
}

static void
the_same_entry_moves_what_it_made(void **state)
{
    struct world w = begin(state);
    struct own_taken t = take_text(&w, ICS(TASK("a", "Send the log", "20261201", "") TASK("b", "Call", "20261202", "") TASK("c", "Count", "20261203", "")));
    assert_int_equal(t.added, 3);
    t = take_text(&w, ICS(TASK("a", "Send the log", "20261201", "") TASK("b", "Call", "20261202", "") TASK("c", "Count", "20261203", "")));
    assert_true(t.same == 3 && t.added == 0 && t.moved == 0);
    t = take_text(&w, ICS(TASK("a", "Send the signed log", "20261209", "") TASK("b", "Call", "20261202", "STATUS:CANCELLED\r\n")
                              TASK("c", "Count", "20261203", "STATUS:COMPLETED\r\n") TASK("d", "New", "20261201", "STATUS:COMPLETED\r\n")));
    assert_true(t.moved == 1 && t.ended == 2 && t.added == 0);
    struct own_items_row *x = items(&w, 1);
    assert_string_equal(x[0].title, "Send the signed log");
    assert_string_equal(x[0].due_on, "2026-12-09");
    assert_int_equal(case_number(w.k, "select count(*) from commitment where state = 'kept'"), 1);
    assert_int_equal(case_number(w.k, "select count(*) from commitment where state = 'withdrawn'"), 1);
    /* a study of somebody else's takes the same entries as its own */
    as(&w, w.meg);
    assert_ok(case_write(w.k, "own.new", make, &w));
    t = take_text(&w, ICS(TASK("a", "Send the log", "20261201", "")));
    assert_int_equal(t.added, 1);
}

static err_t
share(struct ctx *c, void *arg)
{
    struct world *w = arg;
    record_event(c);
    return db_run(c, &OWN_PERSON_ADD, DB_IN(db_int(w->own.id), db_int(w->paul), db_time(c->now)), NULL);
}

static void
those_named_know_of_it_and_nobody_else(void **state)
{
    struct world w = begin(state);
    struct own o;
    struct thing t;
    bool owing, asking;
    (void)take_text(&w, ICS(TASK("a", "Send the log", "20261201", "")));
    int64_t due = case_number(w.k, "select max(id) from commitment");
    assert_ok(due_look(&w.k->c, due, &t, &owing, &asking));
    assert_true(owing && asking && t.study == 0);
    as(&w, w.paul);
    assert_err(own_find(&w.k->c, w.own.ref, &o), E_NOT_FOUND);
    assert_err(due_look(&w.k->c, due, &t, &owing, &asking), E_NOT_FOUND);
    assert_ok(case_write(w.k, "own.share", share, &w));
    assert_ok(own_find(&w.k->c, w.own.ref, &o));
    assert_ok(due_look(&w.k->c, due, &t, &owing, &asking));
    assert_true(owing && asking);
    as(&w, w.meg);
    assert_err(own_find(&w.k->c, w.own.ref, &o), E_NOT_FOUND);
    assert_err(due_look(&w.k->c, due, &t, &owing, &asking), E_NOT_FOUND);
}

/* ---- reading an address ---- */

struct answerer {
    int fd, port;
    const char *answer;
    size_t n;
    pthread_t thread;
};

static void *
answer_once(void *arg)
{
    struct answerer *s = arg;
    char asked[2000];
    int fd = accept(s->fd, NULL, NULL);
    if (fd < 0)
        return NULL;
    (void)!read(fd, asked, sizeof asked);
    for (size_t at = 0; at < s->n;) {
        ssize_t n = send(fd, s->answer + at, s->n - at, MSG_NOSIGNAL);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    close(fd);
    return NULL;
}

static void
answerer_begin(struct answerer *s, const char *answer, size_t n)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    *s = (struct answerer){.fd = socket(AF_INET, SOCK_STREAM, 0), .answer = answer, .n = n};
    assert_int_equal(bind(s->fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(s->fd, 4), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&a, &len), 0);
    s->port = ntohs(a.sin_port);
    assert_int_equal(pthread_create(&s->thread, NULL, answer_once, s), 0);
}

static void
answerer_end(struct answerer *s)
{
    shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->fd);
}

struct feeding {
    struct world *w;
    const char *url;
};

static err_t
set_feed(struct ctx *c, void *arg)
{
    struct feeding *f = arg;
    const unsigned char *sealed;
    size_t n;
    TRY(vault_seal(c, OWN_FEED_PURPOSE, f->url, strlen(f->url), &sealed, &n));
    TRY(db_run(c, &OWN_FEED_DROP, DB_IN(db_int(f->w->own.id)), NULL));
    own_note(c, &f->w->own);
    return db_run(c, &OWN_FEED_ADD, DB_IN(db_int(f->w->own.id), db_int(f->w->cora), db_text("calendar"), db_blob(sealed, n), db_time(c->now)), NULL);
}

static struct own_feed_row
read_feed(struct world *w, const char *url)
{
    struct own_feed_row x;
    struct feeding f = {w, url};
    as(w, w->cora);
    assert_ok(case_write(w->k, "own.feed", set_feed, &f));
    w->k->c.who = NULL; /* as the job runs */
    assert_ok(own_job(&w->k->c));
    assert_null(w->k->c.who);
    assert_ok(db_one(&w->k->c, &OWN_FEED, DB_IN(db_int(w->own.id)), &x));
    return x;
}

static void
an_address_is_read_within_bounds(void **state)
{
    struct world w = begin(state);
    struct answerer s;
    static const char good[] = "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nConnection: close\r\n\r\n" ICS(TASK("a", "Send the log", "20261201", ""));
    static const char gone[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    setenv("RAPPORT_FEEDS_PRIVATE", "1", 1);
    answerer_begin(&s, good, sizeof good - 1);
    struct own_feed_row x = read_feed(&w, arena_printf(w.k->mem, "http://127.0.0.1:%d/private/secret.ics", s.port));
    answerer_end(&s);
    assert_true(x.last_ok);
    assert_true(str_starts(x.last_result, "1 new"));
    assert_int_equal(items(&w, 1)[0].owing, w.cora);
    assert_true(x.next_at > w.k->c.now); /* an hour later again */
    assert_int_equal(case_number(w.k, "select count(*) from record_body where body like '%secret.ics%'"), 0);
    answerer_begin(&s, gone, sizeof gone - 1);
    x = read_feed(&w, arena_printf(w.k->mem, "http://127.0.0.1:%d/", s.port));
    answerer_end(&s);
    assert_true(!x.last_ok && strstr(x.last_result, "404"));
    size_t n = FETCH_MOST + 4096;
    char *large = arena_alloc(w.k->mem, n);
    memset(large, 'x', n);
    memcpy(large, good, 70);
    answerer_begin(&s, large, n);
    x = read_feed(&w, arena_printf(w.k->mem, "http://127.0.0.1:%d/", s.port));
    answerer_end(&s);
    assert_true(!x.last_ok && strstr(x.last_result, "larger"));
    unsetenv("RAPPORT_FEEDS_PRIVATE");
}

static void
no_address_leads_behind_the_server(void **state)
{
    struct world w = begin(state);
    struct answerer s;
    static const char *const hidden[] = {"127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "172.16.5.4", "100.64.0.1",
                                         "[::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[fe80::1]", "0.0.0.0", "2130706433", "0x7f.1"};
    unsetenv("RAPPORT_FEEDS_PRIVATE");
    answerer_begin(&s, "", 0);
    for (size_t i = 0; i < COUNT_OF(hidden); i++) {
        struct own_feed_row x = read_feed(&w, arena_printf(w.k->mem, "http://%s:%d/", hidden[i], s.port));
        if (x.last_ok || !strstr(x.last_result, "private network"))
            fail_msg("%s: %s", hidden[i], x.last_result);
    }
    answerer_end(&s);
    static const char *const bad[] = {"file:///etc/passwd", "ftp://example.org/a.ics", "https://ann:secret@example.org/a.ics", "nonsense", "gopher://x"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *host;
        assert_err(fetch_check(&w.k->c, bad[i], &host), E_BAD_INPUT);
    }
    const char *host;
    assert_ok(fetch_check(&w.k->c, "webcal://calendar.example.org/x.ics", &host));
    assert_string_equal(host, "calendar.example.org");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(the_same_entry_moves_what_it_made),
        BOTH(those_named_know_of_it_and_nobody_else),
        BOTH(an_address_is_read_within_bounds),
        BOTH(no_address_leads_behind_the_server),
    };
    return cmocka_run_group_tests_name("a site's own studies", tests, NULL, NULL);
}
