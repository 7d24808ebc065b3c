/* req.h: one request inside the http room: what came (struct raw), what was made of it, and what
 * the handler wants answered (struct reply). Other rooms see only the functions of http.h. */
#ifndef HTTP_REQ_H
#define HTTP_REQ_H

#include "http/form.h"
#include "http/http.h"
#include "http/router.h"
#include "http/url.h"

/* A request as the transport hands it over; everything outlives the request. */
struct raw {
    const char *method; /* "GET" */
    const char *target; /* "/studies?q=x", as it stood in the request line */
    struct pairs headers;
    const char *body; /* never NULL */
    size_t body_n;
    const char *peer; /* address of the other end, "127.0.0.1" */
    bool secure;      /* the transport itself knows that it came over https */
    bool too_large;   /* the body was over the route's cap and thrown away */
};

/* A header or cookie to send; newest first. */
struct reply_line {
    const char *name, *value;
    const struct reply_line *older;
};

/* What the handler answered. Copied before a handler runs and put back before it runs again. */
struct reply {
    int status; /* 0: the usual one */
    const char *location;
    const char *content_type, *filename, *body; /* body NULL: none given */
    size_t body_n;
    int64_t reader; /* of a stream; 0: the answer is whole */
    const struct reply_line *headers, *cookies;
};

struct req {
    struct arena *mem;
    const struct raw *raw;
    const char *trusted_proxy;
    const char *path;  /* decoded, for showing */
    size_t raw_path_n; /* bytes of raw->target before '?' */
    const char *query_string;
    struct pairs query, params, cookies;
    enum http_method method; /* HEAD counts as GET */
    const struct route *route;
    const struct router_match *match;
    bool json, csv, form_again;
    struct form form;
    void *thing, *prepared;
    struct reply reply;
};

/* Fills r from raw. On E_BAD_REQUEST everything that could be read is there and the rest is empty,
 * so that an error page can be made. */
err_t req_init(struct req *r, struct arena *a, const struct raw *raw, const char *trusted_proxy);
/* Reads a query string into r. */
err_t req_read_query(struct req *r, const char *query_string);

#endif
