/* http.h: the web server: routes, requests, answers. The only room that sees libmicrohttpd. Knows
 * no SQL and no rights: sessions, permission, transactions and rendering are reached through
 * struct http_hooks, which app fills.
 *
 * Life of a request: the epoll thread reads it (size cap per route, large bodies and files spooled
 * to a temporary file), queues it (a full queue or one that waited too long answers 503); a worker
 * runs begin, route, allow, form, CSRF, prepare, then the handler inside read or write, then
 * renders. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/ctx.h"
#include "base/view.h"

#include <stdbool.h>
#include <stddef.h>

enum http_method { GET, POST };

enum field_kind {
    FIELD_TEXT,     /* one line */
    FIELD_LONG,     /* several lines */
    FIELD_INT,
    FIELD_REAL,
    FIELD_DATE,     /* 2026-11-23, also partial where `partial` */
    FIELD_EMAIL,
    FIELD_PASSWORD, /* never shown again, never kept */
    FIELD_CHOICE,   /* one of `choices` */
    FIELD_BOOL,     /* a tick box: "1" or absent */
    FIELD_FILE,
    FIELD_HIDDEN
};

/* One field of a form. The table is the whole check of form and size; what a value means is the
 * handler's to decide. A name that ends in '*' stands for every field that begins so ("column_*");
 * fields that no line names are left out, except csrf, reason, next and _form. */
struct field {
    const char *name;  /* NULL ends the list */
    const char *label; /* as in a sentence: "title" in "Please give the title."; NULL = name */
    enum field_kind kind;
    bool required, partial, many; /* many: the field may stand several times */
    size_t max;                   /* characters; 0 = 200 (FIELD_LONG 20,000) */
    int64_t least, most;          /* of FIELD_INT when most > least */
    const char *const *choices;   /* NULL-terminated values of FIELD_CHOICE */
};

struct req;
typedef err_t http_handler(struct ctx *c, struct req *r, struct view *page);

enum {
    ROUTE_REASON = 1,  /* GxP: a reason must be given when what exists changes (field "reason") */
    ROUTE_UPLOAD = 2,  /* multipart with files, up to body_max */
    ROUTE_SLOW = 4,    /* prepare runs in the slow pool (hashing, parsing) */
    ROUTE_NO_CSRF = 8, /* before anybody is signed in: Origin is checked instead */
    ROUTE_CSV = 16,    /* also answers at path + ".csv" (req_wants_csv) */
    ROUTE_QUIET = 32   /* asked by a page by itself: does not keep a session from ending */
};

struct route {
    enum http_method method;
    const char *path; /* "/studies/{study}/sites/{site}" */
    http_handler *handler;
    http_handler *prepare;    /* before any transaction, on the reader; may be NULL */
    int perm;                 /* enum perm of core/may.h; 0 is refused at start */
    const char *view;         /* template; NULL: the handler uses req_body or req_redirect */
    const struct field *form; /* required for POST */
    const char *audit;        /* the action's name in the record; required for POST */
    size_t body_max;          /* bytes; 0 = 256 KiB */
    unsigned flags;
};

/* ---- what a handler reads ---- */

const struct route *req_route(const struct req *r);
const char *req_path(const struct req *r);                     /* as it came, decoded, no query */
/* Of the path; never NULL for one that the route has. */
const char *req_param(const struct req *r, const char *name);
const char *req_query(const struct req *r, const char *name);  /* NULL when absent */
size_t req_query_count(const struct req *r);
void req_query_at(const struct req *r, size_t i, const char **ret_name, const char **ret_value);
const char *req_form(const struct req *r, const char *name); /* trimmed; NULL: absent or empty */
/* All values of a field, empty ones too. */
size_t req_form_many(const struct req *r, const char *name, const char *const **ret);
bool req_form_int(const struct req *r, const char *name, int64_t *ret); /* false when absent */
size_t req_form_count(const struct req *r);                    /* every field that came, in order */
void req_form_at(const struct req *r, size_t i, const char **ret_name, const char **ret_value);
struct req_file {
    const char *name;  /* as the browser said, folders cut off */
    const char *data;  /* mapped read-only */
    size_t size;
};
/* NULL when none was sent. */
const struct req_file *req_file(const struct req *r, const char *field);
const char *req_cookie(const struct req *r, const char *name);
const char *req_header(const struct req *r, const char *name);
/* The peer's, or the client's behind a trusted proxy. */
const char *req_address(const struct req *r);
bool req_secure(const struct req *r);         /* came over https */
bool req_wants_json(const struct req *r);     /* ".json" or Accept */
bool req_wants_csv(const struct req *r);
const char *req_query_string(const struct req *r); /* "" or the raw text after '?' */

/* Every file of a field, in the order sent. */
size_t req_files(const struct req *r, const char *field, const struct req_file *const **ret);
/* Inside render: the request failed and r now stands for the GET route of the form that was sent,
 * whose page has been filled again ("form": what was typed, "errors": [{field, text}]). Render that
 * route's view, not the error page. */
bool req_form_again(const struct req *r);

/* What `begin` and `allow` keep for the handler: the resolved things of the path. */
void req_set_thing(struct req *r, void *thing);
void *req_thing(const struct req *r);
/* What `prepare` made for the handler; kept when allow runs again. */
void req_set_prepared(struct req *r, void *prepared);
void *req_prepared(const struct req *r);

/* ---- what a handler answers ---- */

/* 303 to a path of this installation; `fmt` as printf. Values in it must be refs or codes. What is
 * no such path (another host, a control character: a forged `next`) becomes "/". */
void req_redirect(struct req *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool req_redirected(const struct req *r);
/* A body of the handler's own (CSV, SVG, the original). `filename` NULL: shown, not downloaded.
 * The bytes must live in c->mem. */
void req_body(struct req *r, const char *content_type, const char *filename, const char *data,
              size_t n);
void req_status(struct req *r, int status);          /* instead of 200 */
/* The answer stays open as a stream of server-sent events for `reader` (not 0), who is told by http_look
 * that there is something new, and nothing else. It ends by itself after some minutes; the browser then
 * asks again. In process (http_handle): its beginning alone. */
void req_stream(struct req *r, int64_t reader);
/* HttpOnly, SameSite=Lax, Path=/, and Secure over https. max_age_s 0: until the browser closes.
 * Cookies set by a handler that then fails are not sent. */
void req_cookie_set(struct req *r, const char *name, const char *value, int64_t max_age_s);
void req_cookie_drop(struct req *r, const char *name);
/* In place of the one http would have sent, if any (Cache-Control, Content-Security-Policy ...).
 * Dropped when the handler then fails, except with E_TOO_MANY (Retry-After). */
void req_header_set(struct req *r, const char *name, const char *value);

/* ---- wiring, for app and tests ---- */

struct http_hooks {
    void *arg;
    /* A worker thread begins or ends: its database connection. */
    err_t (*worker_begin)(void *arg, struct arena *a, struct db **ret);
    void (*worker_end)(void *arg, struct db *db);
    /* Fills c (now, today, inst, who, lang) from the session cookie. Reads only. */
    err_t (*begin)(void *arg, struct ctx *c, struct req *r);
    /* Resolves the things the path names and asks may(). Called before and again inside a write. */
    err_t (*allow)(void *arg, struct ctx *c, struct req *r);
    /* The token a POST must carry in the field "csrf"; NULL when nobody is signed in. */
    const char *(*csrf)(void *arg, struct ctx *c);
    /* Run the work in a read-only snapshot, or in a write transaction with its record row. */
    err_t (*read)(void *arg, struct ctx *c, err_t (*work)(struct ctx *, void *), void *work_arg);
    err_t (*write)(void *arg, struct ctx *c, struct req *r, err_t (*work)(struct ctx *, void *),
                   void *work_arg);
    /* HTML of a page, or of an error: then `e` is set, as it may be shown, and page holds "errors",
     * "form" (what was typed, of a POST) and, of a POST that needs signing in, "kept": {action,
     * fields: [{name, value}]} to be sent again from the sign-in page. See req_form_again. */
    err_t (*render)(void *arg, struct ctx *c, struct req *r, struct view *page, err_t e,
                    struct buf *out);
};

struct http_options {
    const char *address; /* NULL = 127.0.0.1 */
    int port;            /* 0 = any free */
    int workers;         /* 0 = 8 */
    int slow_workers;    /* 0 = 2 */
    int queue;           /* waiting requests at most; 0 = 256 */
    int queue_ms;        /* a request waits at most; 0 = 10,000 */
    int connections;     /* 0 = 512 */
    int idle_s;          /* keep-alive and slow senders; 0 = 30 */
    int streams;         /* open at once; 0 = half of connections */
    int stream_s;        /* a stream lives at most; 0 = 300 */
    int beat_s;          /* a stream that is silent says a word so often; 0 = 15 */
    const char *trusted_proxy; /* address whose X-Forwarded-For/-Proto are believed; NULL = none */
    const char *spool_dir;     /* NULL = TMPDIR or /tmp */
};

struct http;
/* Checks the routes, E_CONFIG naming the bad one (every POST has perm, form and audit; every GET a
 * perm, and a view or none; no path twice; every view exists is the caller's check), and keeps
 * them. Static files are answered at /static/ from `web/asset.h`. */
err_t http_new(struct arena *a, const struct route *const *tables, const size_t *sizes, size_t n,
               const struct http_hooks *hooks, struct http **ret);
/* Starts listening and the workers; returns at once. */
err_t http_start(struct arena *a, struct http *h, const struct http_options *o);
int http_port(const struct http *h);
/* Tells the open streams of `reader` (0: of everybody) that there is something new. From any thread,
 * between http_start and http_stop; does not wait. */
void http_look(struct http *h, int64_t reader);
/* Stops taking requests, waits for those under way (clients are given up after 10 s; a handler that
 * still runs is waited for), ends the threads and frees. Nothing when not started. */
void http_stop(struct http *h);

/* One request in process, without a socket: what tests and `rapport request` use. */
struct http_fake {
    enum http_method method;
    const char *target;       /* "/studies?q=x" */
    const char *content_type; /* NULL = application/x-www-form-urlencoded for a body */
    const char *body;
    size_t body_n;
    const char *cookies;      /* "name=value; name=value" */
    const char *const *headers; /* name, value, ..., NULL */
    const char *address;      /* NULL = 127.0.0.1 */
    bool secure;              /* as if it came over https */
};
struct http_answer {
    int status;
    const char *content_type, *location, *body;
    size_t body_n;
    const char *cookies;      /* Set-Cookie values, newline-separated, or NULL */
    const char *headers;      /* every header but Set-Cookie: "Name: value" lines */
    const struct view *page;  /* what the handler filled; NULL when none */
    err_t error;
};
/* Runs the whole life of a request on the calling thread, with connection c->db and memory
 * c->mem. */
err_t http_handle(struct http *h, struct ctx *c, const struct http_fake *f,
                  struct http_answer *ret);

/* The tables given to http_new, for `check --routes` and the permission walk. */
size_t http_routes(const struct http *h, const struct route *const **ret);

#endif
