/* sign.c: see sign.h. Called by features whose papers are signed. */
#include "core/sign.h"

#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/record.h"
#include "db/db.h"

#include <sodium.h>
#include <string.h>

/* What prepare found out: a session left open must not be a way to guess the password. */
struct sign_proof {
    struct try_of try;
    bool right;
};

err_t
sign_prepare(struct ctx *c, struct req *r, struct view *page)
{
    struct core_account_of_row account;
    struct sign_proof *p = arena_alloc(c->mem, sizeof *p);
    *p = (struct sign_proof){.try = {.email = c->who->ref, .device = "signature", .known_device = true}};
    TRY(try_allowed(c, &p->try, NULL));
    TRY(db_one(c, &CORE_ACCOUNT_OF, DB_IN(db_int(c->who->person)), &account));
    p->right = account.password && password_is(account.password, req_form(r, "password"));
    req_set_prepared(r, p);
    return NULL;
}

bool
sign_proved(const struct req *r)
{
    const struct sign_proof *p = req_prepared(r);
    return p && p->right;
}

err_t
sign_refused(struct ctx *c, struct req *r, struct view *page)
{
    const struct sign_proof *p = req_prepared(r);
    struct view *item = view_add_map(view_list(page, "errors"));
    view_text(item, "field", "password");
    view_text(item, "text", "This is not your password. Nothing was signed.");
    req_status(r, 422);
    TRY(try_failed(c, &p->try));
    record_action(c, "sign.failed");
    record_event(c);
    return NULL;
}

/* "24 Nov 2026, 13:05 CET". */
static const char *
sign_moment(struct ctx *c, int64_t at)
{
    const char *zone;
    int64_t local = at + (int64_t)tz_offset(c->inst->zone, at, &zone) * 1000000;
    int64_t minutes = local / 60000000 % (24 * 60);
    return arena_printf(c->mem, "%s, %02d:%02d %s", date_words(c->mem, tz_day(c->inst->zone, at), DATE_DAY),
                        (int)(minutes / 60), (int)(minutes % 60), zone);
}

/* What the key proves: every value that a person reads, and what ties it to the thing. */
static const char *
message(struct ctx *c, const char *what, int64_t id, int64_t person, const char *name, const char *at, const char *meaning,
        const unsigned char *hash)
{
    return arena_printf(c->mem, "rapport signature\n%s\n%lld\n%lld\n%s\n%s\n%s\n%s\n", what, (long long)id, (long long)person,
                        name, at, meaning, str_hex(c->mem, hash, SIGN_HASH));
}

err_t
sign_now(struct ctx *c, const struct sign_work *w, int64_t *ret_id)
{
    struct core_sign_add_row row;
    unsigned char proof[KEY_SIGNATURE];
    const char *at = sign_moment(c, c->now);
    const char *text = message(c, w->what, w->id, c->who->person, c->who->name, at, w->meaning, w->hash);
    crypto_sign_detached(proof, NULL, (const unsigned char *)text, strlen(text), c->inst->keys->sign);
    TRY(db_one(c, &CORE_SIGN_ADD,
               DB_IN(db_text(w->what), db_int(w->id), db_int(c->who->person), db_text(c->who->name), db_time(c->now), db_text(at),
                     db_text(w->meaning), db_blob(w->hash, SIGN_HASH), db_blob(proof, sizeof proof)),
               &row));
    record_change(c, "signature", c->who->name, "meaning", NULL, w->meaning);
    record_change(c, "signature", c->who->name, "signed content", NULL, str_hex(c->mem, w->hash, SIGN_HASH));
    *ret_id = row.id;
    return NULL;
}

/* One row as it is read: proved when the key says that it is as it was written. */
static struct signature
read_row(struct ctx *c, const char *what, const struct core_sign_of_many_row *row)
{
    struct signature s = {row->id, row->of, row->person, row->name, row->meaning, row->at_words, NULL, false};
    if (row->hash_len != SIGN_HASH || row->proof_len != KEY_SIGNATURE)
        return s;
    s.hash = row->hash;
    const char *text = message(c, what, row->of, row->person, row->name, row->at_words, row->meaning, row->hash);
    s.proved = crypto_sign_verify_detached(row->proof, (const unsigned char *)text, strlen(text), c->inst->keys->public_key) == 0;
    return s;
}

err_t
sign_many(struct ctx *c, const char *what, const int64_t *ids, size_t n_ids, struct signature **ret, size_t *ret_n)
{
    struct core_sign_of_many_row *row = NULL;
    size_t n = 0;
    if (n_ids)
        TRY(db_list(c, &CORE_SIGN_OF_MANY, DB_IN(db_text(what), db_ints(ids, n_ids)), &row, &n));
    struct signature *s = arena_alloc(c->mem, (n + 1) * sizeof *s);
    for (size_t i = 0; i < n; i++)
        s[i] = read_row(c, what, &row[i]);
    *ret = s;
    *ret_n = n;
    return NULL;
}

err_t
sign_list(struct ctx *c, const char *what, int64_t id, struct signature **ret, size_t *ret_n)
{
    return sign_many(c, what, &id, 1, ret, ret_n);
}

bool
sign_holds(const struct signature *s, const unsigned char *hash)
{
    return s->proved && s->hash && memcmp(s->hash, hash, SIGN_HASH) == 0;
}

err_t
sign_view(struct ctx *c, const char *what, int64_t id, const unsigned char *hash, struct view *page)
{
    struct signature *s;
    size_t n;
    TRY(sign_list(c, what, id, &s, &n));
    struct view *list = view_list(page, "signatures");
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "name", s[i].name);
        view_text(v, "meaning", s[i].meaning);
        view_text(v, "at", s[i].at_words);
        view_bool(v, "holds", hash && sign_holds(&s[i], hash));
    }
    return NULL;
}
