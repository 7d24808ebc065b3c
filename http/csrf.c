/* csrf.c: see csrf.h. Called by life.c. */
#include "http/csrf.h"

#include "base/arena.h"
#include "base/str.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

enum csrf_origin
csrf_origin(const struct req *r)
{
    const char *origin = req_header(r, "Origin"), *site = req_header(r, "Sec-Fetch-Site");
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return CSRF_OTHER;
    if (str_eq(site, "same-origin")) /* no page can make a browser say so; Origin may name the scheme */
        return CSRF_SAME;            /* of a proxy in front that we are not told to believe */
    if (origin) {
        const char *ours = arena_printf(r->mem, "%s://%s", req_secure(r) ? "https" : "http",
                                        str_or(req_header(r, "Host"), ""));
        return strcasecmp(origin, ours) == 0 ? CSRF_SAME : CSRF_OTHER;
    }
    return CSRF_UNKNOWN;
}

enum { MASKED_MOST = 64 };

const char *
csrf_mask(struct arena *a, const char *token)
{
    size_t n = strlen(token);
    INVARIANT(n <= MASKED_MOST);
    unsigned char both[2 * MASKED_MOST];
    randombytes_buf(both, n);
    for (size_t i = 0; i < n; i++)
        both[n + i] = both[i] ^ (unsigned char)token[i];
    return str_hex(a, both, 2 * n);
}

static bool
equal(const char *sent, const char *token)
{
    size_t n = strlen(token);
    if (!sent || n > MASKED_MOST)
        return false;
    if (strlen(sent) == n)
        return sodium_memcmp(sent, token, n) == 0;
    unsigned char both[2 * MASKED_MOST];
    if (strlen(sent) != 4 * n || !str_unhex(sent, both, 2 * n))
        return false;
    for (size_t i = 0; i < n; i++)
        both[i] ^= both[n + i];
    return sodium_memcmp(both, token, n) == 0;
}

err_t
csrf_check(const struct req *r, const char *token)
{
    if (!token) {
        if (csrf_origin(r) != CSRF_OTHER)
            return NULL;
        return ERR_STATIC(
            E_FORBIDDEN,
            "This was sent from another site, so it was not done. Please use the page here.");
    }
    if (equal(form_value(&r->form, "csrf"), token) || equal(req_header(r, "X-CSRF-Token"), token))
        return NULL;
    return ERR_STATIC(E_FORBIDDEN,
                      "This page is no longer current, perhaps because you signed in again. "
                      "Nothing was changed. Please look it over and send it once more.");
}
