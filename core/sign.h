/* sign.h: electronic signatures (21 CFR 11.50, 11.70, 11.200): printed name, date and time with zone, and
 * meaning, over the hash of the content. The password is asked for again at every signing.
 *
 * A signature says of a thing ("report", 12) that a person signed the bytes with that hash. It is proved
 * with the installation's signing key, so that a row changed or moved behind the program's back does not
 * verify. Rows are never changed: what changes has a new hash, and the old signature stays with the old. */
#ifndef CORE_SIGN_H
#define CORE_SIGN_H

#include "base/view.h"
#include "http/http.h"

enum { SIGN_HASH = 32 };

/* For a route: `.form` has SIGN_FIELD, `.prepare = sign_prepare`, `.flags = ROUTE_SLOW`. The page has the
 * field "password" (partial/sign). */
#define SIGN_FIELD {"password", "password", FIELD_PASSWORD, .required = true}
http_handler sign_prepare;
/* In the handler: whether the password was the right one. When not, `return sign_refused(...)` after
 * filling the page again: it counts the try, says so beside the field, answers 422 and records it. */
bool sign_proved(const struct req *r);
err_t sign_refused(struct ctx *c, struct req *r, struct view *page);

struct sign_work {
    const char *what; /* kind of the thing: "report" */
    int64_t id;       /* of its row */
    const unsigned char *hash; /* SIGN_HASH bytes of the content (SHA-256) */
    const char *meaning; /* "I wrote this report", as the signer read it */
};
/* c->who signs, inside the handler's transaction; recorded. */
err_t sign_now(struct ctx *c, const struct sign_work *w, int64_t *ret_id);

struct signature {
    int64_t id, of, person; /* of: the row of the thing */
    const char *name, *meaning;
    const char *at_words; /* "24 Nov 2026, 13:05 CET" as it was where it was signed */
    const unsigned char *hash; /* SIGN_HASH bytes, or NULL */
    bool proved;          /* the row is as it was written */
};
/* The signatures of a thing, oldest first; those of earlier content too. In c->mem. */
err_t sign_list(struct ctx *c, const char *what, int64_t id, struct signature **ret, size_t *ret_n);
/* The same of many things at once, by the row of the thing. */
err_t sign_many(struct ctx *c, const char *what, const int64_t *ids, size_t n, struct signature **ret, size_t *ret_n);
/* Whether it holds for the content with this hash. */
bool sign_holds(const struct signature *s, const unsigned char *hash);
/* Fills list "signatures" of a view: { name, meaning, at, holds }. */
err_t sign_view(struct ctx *c, const char *what, int64_t id, const unsigned char *hash, struct view *page);

#endif
