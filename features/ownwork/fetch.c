/* fetch.c: a calendar address, read with libcurl. See store.h. An address is somebody's words: where it leads
 * is looked at when the connection is made, after names and redirects are resolved, so that it never reaches
 * into the network behind the server. Called by job.c, outside any transaction. */
#include "features/ownwork/store.h"

#include "base/arena.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 20, CONNECT_SECONDS = 8, REDIRECTS = 3, URL_MOST = 1000 };

struct fetch {
    struct buf text;
    bool private_too, refused, too_large;
};

/* ---- where it may lead ---- */

static bool
private_four(uint32_t a)
{
    static const struct {
        uint32_t net, mask;
    } nets[] = {
        {0x00000000, 0xff000000}, {0x0a000000, 0xff000000}, {0x64400000, 0xffc00000}, {0x7f000000, 0xff000000},
        {0xa9fe0000, 0xffff0000}, {0xac100000, 0xfff00000}, {0xc0000000, 0xffffff00}, {0xc0a80000, 0xffff0000},
        {0xc6120000, 0xfffe0000}, {0xe0000000, 0xe0000000},
    };
    for (size_t i = 0; i < COUNT_OF(nets); i++) {
        if ((a & nets[i].mask) == nets[i].net)
            return true;
    }
    return false;
}

static uint32_t
four_in(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Only what is routed on the internet (2000::/3) is open; forms that hold an address of IPv4 are that one. */
static bool
private_six(const unsigned char *b)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
    if (memcmp(b, mapped, 12) == 0 || memcmp(b, nat64, 12) == 0)
        return private_four(four_in(b + 12));
    if (b[0] == 0x20 && b[1] == 0x02)
        return private_four(four_in(b + 2));
    return (b[0] & 0xe0) != 0x20;
}

static bool
is_private(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET)
        return private_four(ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr));
    if (a->sa_family == AF_INET6)
        return private_six(((const struct sockaddr_in6 *)(const void *)a)->sin6_addr.s6_addr);
    return true;
}

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct fetch *f = arg;
    if (!f->private_too && is_private(&to->addr)) {
        f->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- reading ---- */

static size_t
take(char *data, size_t size, size_t n, void *arg)
{
    struct fetch *f = arg;
    if (f->text.len + size * n > FETCH_MOST) {
        f->too_large = true;
        return 0;
    }
    buf_add(&f->text, data, size * n);
    return size * n;
}

static void
free_easy(void *easy)
{
    curl_easy_cleanup(easy);
}

static void
free_url(void *url)
{
    curl_url_cleanup(url);
}

err_t
fetch_check(struct ctx *c, const char *url, const char **ret_host)
{
    char *scheme = NULL, *host = NULL, *user = NULL;
    CURLU *u = curl_url();
    INVARIANT(u);
    arena_defer(c->mem, free_url, u);
    if (strncmp(url, "webcal://", 9) == 0) /* as calendar programs write it */
        url = arena_printf(c->mem, "https://%s", url + 9);
    bool good = strlen(url) <= URL_MOST && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                curl_url_get(u, CURLUPART_USER, &user, 0) != CURLUE_OK &&
                (strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0);
    *ret_host = host ? arena_strdup(c->mem, host) : NULL;
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    return good ? NULL : err_field(c->mem, E_BAD_INPUT, "url", "Give the whole address, beginning with https://, without a name or password in it.");
}

static void
set_up(CURL *easy, struct fetch *f, const char *url)
{
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)SECONDS);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "Rapport calendar reader");
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, f);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, f);
}

err_t
fetch_read(struct ctx *c, const char *url, const char **ret, size_t *ret_n)
{
    struct fetch f = {.private_too = str_eq(getenv("RAPPORT_FEEDS_PRIVATE"), "1")};
    const char *host;
    long status = 0;
    TRY(fetch_check(c, url, &host));
    if (strncmp(url, "webcal://", 9) == 0)
        url = arena_printf(c->mem, "https://%s", url + 9);
    buf_init(&f.text, c->mem);
    CURL *easy = curl_easy_init();
    INVARIANT(easy);
    arena_defer(c->mem, free_easy, easy);
    set_up(easy, &f, url);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (f.refused)
        return err_new(c->mem, E_UNAVAILABLE, "%s lies in a private network, which is not read.", host);
    if (f.too_large)
        return err_new(c->mem, E_UNAVAILABLE, "The calendar is larger than %d KB.", FETCH_MOST >> 10);
    if (code == CURLE_HTTP_RETURNED_ERROR)
        return err_new(c->mem, E_UNAVAILABLE, "%s answered %ld. Is the address still right?", host, status);
    if (code != CURLE_OK)
        return err_new(c->mem, E_UNAVAILABLE, "%s could not be read: %s.", host, curl_easy_strerror(code));
    *ret = buf_text(&f.text);
    *ret_n = f.text.len;
    return NULL;
}
