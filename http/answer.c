/* answer.c: see answer.h. Called by life.c and server.c. */
#include "http/answer.h"

#include "base/arena.h"
#include "base/str.h"
#include "web/asset.h"

#include <string.h>
#include <strings.h>

enum { SQUEEZE_FROM = 1024 };

static const struct pair security[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

void
answer_init(struct answer *an, struct arena *a)
{
    *an = (struct answer){.status = 200, .body = ""};
    an->headers.v = arena_alloc(a, ANSWER_MAX_HEADERS * sizeof *an->headers.v);
}

static void
append(struct answer *an, const char *name, const char *value)
{
    INVARIANT(an->headers.n < ANSWER_MAX_HEADERS);
    an->headers.v[an->headers.n++] = (struct pair){name, value};
}

void
answer_header(struct answer *an, const char *name, const char *value)
{
    for (size_t i = 0; i < an->headers.n; i++) {
        if (strcasecmp(an->headers.v[i].name, name) == 0) {
            an->headers.v[i].value = value;
            return;
        }
    }
    append(an, name, value);
}

void
answer_security(struct answer *an, bool secure)
{
    for (size_t i = 0; i < sizeof security / sizeof *security; i++)
        answer_header(an, security[i].name, security[i].value);
    if (secure)
        answer_header(an, "Strict-Transport-Security", "max-age=31536000");
}

const char *
answer_disposition(struct arena *a, const char *filename)
{
    if (!filename)
        return "inline";
    char *plain = arena_strdup(a, filename);
    for (char *p = plain; *p; p++) {
        if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f || strchr("\"\\/%", *p))
            *p = '_';
    }
    if (strcmp(plain, filename) == 0)
        return arena_printf(a, "attachment; filename=\"%s\"", plain);
    const char *slash = strrchr(filename, '/');
    return arena_printf(a, "attachment; filename=\"%s\"; filename*=UTF-8''%s", plain,
                        url_encode(a, slash ? slash + 1 : filename));
}

static bool
squeezable(const char *type)
{
    return str_starts(type, "text/") || str_starts(type, "application/json") ||
           str_starts(type, "application/problem+json") || str_starts(type, "image/svg+xml");
}

/* The handler's own headers, oldest first so that the newest of a name is the one sent. */
static void
own_headers(struct answer *an, const struct reply_line *line, size_t left)
{
    if (!line || left == 0)
        return;
    own_headers(an, line->older, left - 1);
    answer_header(an, line->name, line->value);
}

static void
own_cookies(struct answer *an, const struct reply_line *line, size_t left)
{
    if (!line || left == 0)
        return;
    own_cookies(an, line->older, left - 1);
    append(an, line->name, line->value);
}

void
answer_finish(struct answer *an, struct req *r, struct gzip *g)
{
    enum { MOST_OWN = 20 };
    answer_security(an, req_secure(r));
    if (!an->persistent)
        answer_header(an, "Cache-Control", "no-store");
    if (an->content_type)
        answer_header(an, "Content-Type", an->content_type);
    if (an->location)
        answer_header(an, "Location", an->location);
    if (!an->persistent && an->content_type && squeezable(an->content_type)) {
        answer_header(an, "Vary", "Accept-Encoding, Accept, Cookie");
        if (an->body_n > SQUEEZE_FROM && gzip_accepted(req_header(r, "Accept-Encoding")) &&
            gzip_squeeze(g, r->mem, an->body, an->body_n, &an->body, &an->body_n))
            answer_header(an, "Content-Encoding", "gzip");
    }
    own_headers(an, r->reply.headers, MOST_OWN);
    own_cookies(an, r->reply.cookies, MOST_OWN);
}

/* A bundled file's name holds a hash of its bytes, "static/app-5KXW2T7A.js": such an address never
 * comes to mean other bytes. */
static bool
holds_hash(const char *name)
{
    const char *dash = strrchr(name, '-');
    return dash && strspn(dash + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == 8 && dash[9] == '.';
}

err_t
answer_asset(struct answer *an, const struct req *r, const char *name)
{
    const struct asset *asset = asset_find(name);
    if (!asset)
        return ERR_STATIC(E_NOT_FOUND, "There is no such file.");
    bool get = strcmp(r->raw->method, "GET") == 0 || strcmp(r->raw->method, "HEAD") == 0;
    if (!get) {
        answer_header(an, "Allow", "GET, HEAD");
        return ERR_STATIC(E_METHOD, "Files can only be read.");
    }
    const char *etag = arena_printf(r->mem, "W/\"%s\"", asset->hash);
    const char *had = req_header(r, "If-None-Match");
    an->persistent = true;
    an->content_type = asset->content_type;
    answer_header(an, "ETag", etag);
    answer_header(an, "Cache-Control",
                  holds_hash(name) ? "public, max-age=31536000, immutable" : "public, no-cache");
    if (had && strstr(had, etag + 2)) {
        an->status = 304;
        an->content_type = NULL;
        return NULL;
    }
    an->body = (const char *)asset->data;
    an->body_n = asset->size;
    if (asset->gz_data) {
        answer_header(an, "Vary", "Accept-Encoding");
        if (gzip_accepted(req_header(r, "Accept-Encoding"))) {
            an->body = (const char *)asset->gz_data;
            an->body_n = asset->gz_size;
            answer_header(an, "Content-Encoding", "gzip");
        }
    }
    return NULL;
}
