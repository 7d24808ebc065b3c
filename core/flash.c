/* flash.c: see flash.h. Hexadecimal, because a cookie takes few characters. */
#include "core/flash.h"

#include "base/str.h"
#include "base/utf8.h"

#include <string.h>

enum { MOST = 300 };
static const char cookie[] = "rapport-done";

void
flash_set(struct ctx *c, struct req *r, const char *text)
{
    size_t n = strlen(text);
    INVARIANT(n <= MOST);
    req_cookie_set(r, cookie, str_hex(c->mem, text, n), 60);
}

const char *
flash_take(struct ctx *c, struct req *r)
{
    const char *hex = req_cookie(r, cookie);
    size_t n = hex ? strlen(hex) / 2 : 0;
    if (n == 0 || n > MOST)
        return NULL;
    char *text = arena_alloc(c->mem, n + 1);
    req_cookie_drop(r, cookie);
    return str_unhex(hex, (unsigned char *)text, n) && utf8_valid(text, n) ? text : NULL;
}
