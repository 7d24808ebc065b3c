/* outsider.c: see answers.h and outsider.h. */
#include "features/answers/outsider.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/party.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/answers/answers_sql.h"
#include "http/http.h"

#include <string.h>

enum { TOKEN = 32, LINKS_A_DAY = 50, BEYOND_DAYS = 14 };
static const int64_t day_us = (int64_t)86400 * 1000000;

/* "h…@example.org" */
static const char *
mask(struct ctx *c, const char *email)
{
    const char *at = strrchr(email, '@');
    size_t n = 1;
    while (((unsigned char)email[n] & 0xC0) == 0x80)
        n++;
    return at ? arena_printf(c->mem, "%.*s…%s", (int)n, email, at) : "…";
}

/* ---- links ---- */

static err_t
check_many(struct ctx *c)
{
    struct answer_links_by_row made;
    TRY(db_one(c, &ANSWER_LINKS_BY, DB_IN(db_int(c->who->person), db_time(c->now - day_us)), &made));
    return made.n < LINKS_A_DAY ? NULL : err_new(c->mem, E_TOO_MANY, "You made %d links in a day. Please go on tomorrow.", LINKS_A_DAY);
}

struct link_of {
    int64_t due, person;
    const char *masked;
    int64_t expires;
    bool by_step; /* for a mail about a step, beside the one that was asked with */
};

static err_t
add_link(struct ctx *c, const struct link_of *l, const char **ret_token)
{
    unsigned char hash[32];
    struct answer_link_add_row row;
    const char *token = token_new(c->mem, TOKEN);
    token_hash(token, hash);
    TRY(db_one(c, &ANSWER_LINK_ADD,
               DB_IN(db_blob(hash, sizeof hash), db_int(l->due), db_int(l->person), db_int(c->who->person), db_bool(l->by_step),
                     db_text(l->masked), db_time(c->now), db_time(l->expires)),
               &row));
    *ret_token = token;
    return NULL;
}

static err_t
newest(struct ctx *c, int64_t due, struct answer_link_newest_row *ret)
{
    bool found;
    TRY(db_maybe(c, &ANSWER_LINK_NEWEST, DB_IN(db_int(due)), ret, &found));
    return found ? NULL : err_new(c->mem, E_NOT_FOUND, "Nobody outside was asked for this.");
}

err_t
outsider_renew(struct ctx *c, int64_t due, int64_t days, const char **ret_token)
{
    struct answer_link_newest_row old;
    TRY(check_many(c));
    TRY(newest(c, due, &old));
    TRY(outsider_end(c, due));
    return add_link(c, &(struct link_of){due, old.person, old.masked, c->now + days * day_us, false}, ret_token);
}

err_t
outsider_more(struct ctx *c, int64_t due, const char **ret_token)
{
    struct answer_link_newest_row old;
    TRY(newest(c, due, &old));
    return add_link(c, &(struct link_of){due, old.person, old.masked, old.expires, true}, ret_token);
}

err_t
outsider_end(struct ctx *c, int64_t due)
{
    return db_run(c, &ANSWER_LINK_END, DB_IN(db_int(due), db_time(c->now)), NULL);
}

err_t
outsider_stay(struct ctx *c, int64_t due, const char *day)
{
    int32_t on;
    if (!day || !date_parse(day, &on) || on < c->today)
        return NULL;
    int64_t until = c->now + (on - c->today + BEYOND_DAYS) * day_us;
    return db_run(c, &ANSWER_LINK_STAY, DB_IN(db_int(due), db_time(until)), NULL);
}

err_t
outsider_find(struct ctx *c, const char *token, const char *address, struct outsider *ret)
{
    struct answer_link_find_row row;
    unsigned char hash[32];
    bool found;
    TRY(misses_allowed(c, address));
    token_hash(token, hash);
    TRY(db_maybe(c, &ANSWER_LINK_FIND, DB_IN(db_blob(hash, sizeof hash)), &row, &found));
    if (!found || !row.ended_null || row.expires <= c->now) {
        if (!found)
            misses_note(address);
        return err_new(c->mem, E_NOT_FOUND, "This link leads nowhere, or not any more. Please ask who sent it for a new one.");
    }
    *ret = (struct outsider){
        .link = row.id, .due = row.due, .person = row.person, .due_ref = row.due_ref, .name = row.name, .masked = row.masked,
        .how = arena_printf(c->mem, "by link sent to %s", row.masked), .expires = row.expires,
        .who = {.person = row.person, .ref = row.person_ref, .name = row.name}};
    return NULL;
}

const char *
outsider_url(struct ctx *c, const struct req *r, const char *token)
{
    const char *host = str_or(req_header(r, "Host"), "127.0.0.1");
    const char *base = c->inst->public_url ? c->inst->public_url
                                           : arena_printf(c->mem, "%s://%s", req_secure(r) ? "https" : "http", host);
    return arena_printf(c->mem, "%s/a/%s", base, token);
}

/* ---- asking ---- */

/* The person asked before from the same place at the same address under the same name, or a new one:
 * nothing tells one place of whom another asked. */
static err_t
person_of(struct ctx *c, const struct outsider_ask *a, int64_t *ret)
{
    struct answer_outsider_find_row row;
    unsigned char key[32];
    bool found, joined;
    const char *where = arena_printf(c->mem, "%lld %lld\n%s\n%s", (long long)a->study->study, (long long)a->study_site,
                                     utf8_fold(c->mem, a->email), utf8_fold(c->mem, a->name));
    keys_lookup(c->inst->keys, "outsider", where, key);
    TRY(db_maybe(c, &ANSWER_OUTSIDER_FIND, DB_IN(db_blob(key, sizeof key)), &row, &found));
    if (found) {
        *ret = row.person;
        return NULL;
    }
    struct person_new p = {.name = a->name, .affiliation = a->organisation, .origin = "typed"};
    TRY(person_get(c, &p, ret, &joined));
    TRY(vault_put(c, *ret, "email", (struct vault_ground){"outside", a->study->study, a->study_site}, a->email));
    record_secret(c, a->name, "email", a->email);
    return db_run(c, &ANSWER_OUTSIDER_ADD, DB_IN(db_blob(key, sizeof key), db_int(*ret)), NULL);
}

err_t
outsider_ask(struct ctx *c, const struct outsider_ask *a, int64_t *ret_due, const char **ret_ref, const char **ret_token)
{
    int64_t person, due;
    if (a->days < 1 || a->days > OUTSIDER_DAYS_MOST)
        return err_field(c->mem, E_BAD_INPUT, "days", "A link holds from 1 to %d days.", OUTSIDER_DAYS_MOST);
    TRY(check_many(c));
    TRY(person_of(c, a, &person));
    struct due_new d = {.class = CLASS_COMMITMENT, .kind = "ask", .title = a->title, .body = a->body, .study = a->study->study,
                        .study_site = a->study_site, .owing = {person, DUE_OUTSIDE, false}, .asking = a->asking, .due_on = a->due_on};
    TRY(due_create(c, &d, &due, ret_ref));
    TRY(add_link(c, &(struct link_of){due, person, mask(c, a->email), c->now + a->days * day_us, false}, ret_token));
    *ret_due = due;
    return NULL;
}
