/* account.c: accounts, passwords, one-time links and sessions. See account.h. */
#include "core/account.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/record.h"
#include "core/vault.h"
#include "db/db.h"

#include <ctype.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

/* Argon2id, 3 passes over 32 MiB: about 0.1 s of one core. */
enum { PASSES = 3, MEMORY = 32 << 20 };

err_t
password_check(struct arena *a, const char *password, const char *email)
{
    static const char *const guessed[] = {"password", "passwort", "123456", "qwert", "letmein", "rapport"};
    size_t n = password ? utf8_length(password) : 0;
    if (n < PASSWORD_LEAST)
        return err_field(a, E_BAD_INPUT, "password",
                         "Give a password of at least %d characters. A few words in a row are easy to remember.",
                         PASSWORD_LEAST);
    if (n > PASSWORD_MOST)
        return err_field(a, E_BAD_INPUT, "password", "Give a password of at most %d characters.", PASSWORD_MOST);
    if (email && strcasecmp(password, email) == 0)
        return err_field(a, E_BAD_INPUT, "password", "The password must not be the e-mail address.");
    bool one_letter = strspn(password, (char[]){password[0], '\0'}) == strlen(password);
    for (size_t i = 0; i < sizeof guessed / sizeof *guessed; i++) {
        if (one_letter || (strncasecmp(password, guessed[i], strlen(guessed[i])) == 0 && n < 16))
            return err_field(a, E_BAD_INPUT, "password", "This password is guessed first. Please choose another.");
    }
    return NULL;
}

/* One at a time: each takes MEMORY, and many people signing in at once must not take it many times. */
static pthread_mutex_t hashing = PTHREAD_MUTEX_INITIALIZER;

err_t
password_hash(struct arena *a, const char *password, const char **ret)
{
    char hash[crypto_pwhash_STRBYTES];
    pthread_mutex_lock(&hashing);
    int r = crypto_pwhash_str_alg(hash, password, strlen(password), PASSES, MEMORY,
                                  crypto_pwhash_ALG_ARGON2ID13);
    pthread_mutex_unlock(&hashing);
    if (r != 0)
        return err_new(a, E_UNAVAILABLE, "There was not enough memory to keep the password. Please try again.");
    *ret = arena_strdup(a, hash);
    return NULL;
}

bool
password_is(const char *hash, const char *password)
{
    unsigned char out[32], salt[crypto_pwhash_SALTBYTES] = {0};
    pthread_mutex_lock(&hashing);
    bool is = hash ? crypto_pwhash_str_verify(hash, password, strlen(password)) == 0
                   : crypto_pwhash(out, sizeof out, password, strlen(password), salt, PASSES,
                                   MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0;
    pthread_mutex_unlock(&hashing);
    return hash && is;
}

static const char *
fold_email(struct arena *a, const char *email)
{
    char *e = str_trim(a, email);
    for (char *p = e; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return e;
}

/* Something on either side of one @, and no white space: all that can be said of an address. */
static bool
is_address(const char *folded)
{
    const char *at = strchr(folded, '@');
    return at && at > folded && at[1] && !strchr(at + 1, '@') && !strpbrk(folded, " \t\r\n<>,;");
}

/* The key under which a fresh address is looked up. */
static err_t
fresh_address(struct ctx *c, const char *email, const char **ret_folded, unsigned char ret_key[static 32])
{
    if (str_empty(email) || !is_address(fold_email(c->mem, email)))
        return err_field(c->mem, E_BAD_INPUT, "email", "Give an e-mail address, such as anna@example.org.");
    struct account had;
    bool found;
    *ret_folded = fold_email(c->mem, email);
    TRY(account_find(c, *ret_folded, &had, &found));
    if (found)
        return err_field(c->mem, E_CONFLICT, "email", "This address has an account already.");
    keys_lookup(c->inst->keys, "account", *ret_folded, ret_key);
    return NULL;
}

static err_t
keep_address(struct ctx *c, int64_t person, const char *folded)
{
    TRY(vault_drop(c, person, "email", "account"));
    TRY(vault_put(c, person, "email", (struct vault_ground){.origin = "account"}, folded));
    record_secret(c, "Account", "e-mail", folded);
    record_also(c, "person", person);
    return NULL;
}

err_t
account_create(struct ctx *c, int64_t person, const char *email, const char *hash)
{
    const char *folded;
    unsigned char key[32];
    TRY(fresh_address(c, email, &folded, key));
    TRY(db_run(c, &CORE_ACCOUNT_ADD,
               DB_IN(db_int(person), db_blob(key, sizeof key), db_text(hash), db_time(c->now)), NULL));
    return keep_address(c, person, folded);
}

err_t
account_move(struct ctx *c, int64_t person, const char *email)
{
    const char *folded;
    unsigned char key[32];
    TRY(fresh_address(c, email, &folded, key));
    TRY(db_run(c, &CORE_ACCOUNT_MOVE, DB_IN(db_int(person), db_blob(key, sizeof key)), NULL));
    return keep_address(c, person, folded);
}

err_t
account_find(struct ctx *c, const char *email, struct account *ret, bool *ret_found)
{
    unsigned char key[32];
    keys_lookup(c->inst->keys, "account", fold_email(c->mem, email), key);
    struct core_account_by_email_row row;
    TRY(db_maybe(c, &CORE_ACCOUNT_BY_EMAIL, DB_IN(db_blob(key, sizeof key)), &row, ret_found));
    if (*ret_found)
        *ret = (struct account){row.person, row.ref, row.name, row.password, row.disabled};
    return NULL;
}

err_t
account_password(struct ctx *c, int64_t person, const char *hash)
{
    TRY(db_run(c, &CORE_ACCOUNT_PASSWORD, DB_IN(db_int(person), db_text(hash), db_time(c->now)), NULL));
    record_change(c, "account", "Account", "password", NULL, "changed");
    record_also(c, "person", person);
    return NULL;
}

err_t
account_disable(struct ctx *c, int64_t person, bool disabled)
{
    TRY(db_run(c, &CORE_ACCOUNT_DISABLE, DB_IN(db_int(person), db_bool(disabled)), NULL));
    record_change(c, "account", "Account", "may sign in", disabled ? "yes" : "no", disabled ? "no" : "yes");
    record_also(c, "person", person);
    if (!disabled)
        return NULL;
    TRY(session_end_all(c, person, NULL));
    return db_run(c, &CORE_ONE_TIME_VOID, DB_IN(db_int(person), db_time(c->now)), NULL);
}

/* ---- one-time links ---- */

err_t
link_new(struct ctx *c, const char *kind, int64_t person, int64_t seconds, bool reusable,
         const char **ret_token)
{
    const char *token = token_new(c->mem, 24);
    unsigned char hash[32];
    token_hash(token, hash);
    if (person && !reusable)
        TRY(db_run(c, &CORE_ONE_TIME_VOID, DB_IN(db_int(person), db_time(c->now)), NULL));
    else if (!reusable)
        TRY(db_run(c, &CORE_ONE_TIME_VOID_KIND, DB_IN(db_text(kind), db_time(c->now)), NULL));
    TRY(db_run(c, &CORE_ONE_TIME_ADD,
               DB_IN(db_blob(hash, sizeof hash), db_text(kind), db_int_or_null(person, !person),
                     db_time(c->now), db_time(c->now + seconds * 1000000), db_bool(reusable)),
               NULL));
    record_change(c, "link", kind, "made", NULL, reusable ? "reusable" : "once");
    if (person)
        record_also(c, "person", person);
    *ret_token = token;
    return NULL;
}

err_t
link_find(struct ctx *c, const char *token, struct link *ret)
{
    unsigned char hash[32];
    token_hash(token, hash);
    struct core_one_time_find_row row;
    bool found;
    TRY(db_maybe(c, &CORE_ONE_TIME_FIND, DB_IN(db_blob(hash, sizeof hash)), &row, &found));
    if (!found || (!row.used_null && !row.reusable) || row.expires < c->now)
        return err_new(c->mem, E_NOT_FOUND,
                       "This link was used already or is too old. Ask your administrator for a new one.");
    *ret = (struct link){row.id, row.person_null ? 0 : row.person, row.kind, row.reusable};
    return NULL;
}

err_t
link_use(struct ctx *c, const struct link *l)
{
    int64_t n;
    TRY(db_run(c, &CORE_ONE_TIME_USE, DB_IN(db_int(l->id), db_time(c->now)), &n));
    if (n != 1 && !l->reusable)
        return err_new(c->mem, E_NOT_FOUND, "This link was used a moment ago. Ask your administrator for a new one.");
    return NULL;
}

/* ---- sessions ---- */

err_t
session_new(struct ctx *c, int64_t person, const char **ret_token)
{
    const char *token = token_new(c->mem, 32);
    unsigned char hash[32];
    token_hash(token, hash);
    struct core_session_add_row row;
    TRY(db_run(c, &CORE_SESSION_EXPIRE,
               DB_IN(db_time(c->now - (int64_t)SESSION_IDLE_S * 1000000),
                     db_time(c->now - (int64_t)SESSION_MOST_S * 1000000)),
               NULL));
    TRY(db_one(c, &CORE_SESSION_ADD, DB_IN(db_blob(hash, sizeof hash), db_int(person), db_time(c->now)), &row));
    *ret_token = token;
    return NULL;
}

/* Fills the rights that are valid today. Ties of words that are no role give none. */
static err_t
rights_load(struct ctx *c, struct who *w)
{
    char today[DATE_TEXT];
    date_iso(c->today, today);
    struct core_tie_rights_row *rows;
    size_t n, kept = 0;
    TRY(db_list(c, &CORE_TIE_RIGHTS, DB_IN(db_int(w->person), db_text(today)), &rows, &n));
    struct right *rights = arena_alloc(c->mem, n * sizeof *rights);
    for (size_t i = 0; i < n; i++) {
        enum role role;
        if (role_find(rows[i].role, &role))
            rights[kept++] = (struct right){role, rows[i].organisation, rows[i].study, rows[i].study_site,
                                            (enum compartment)rows[i].comp};
    }
    w->rights = rights;
    w->n_rights = kept;
    return NULL;
}

err_t
who_load(struct ctx *c, int64_t person, const struct who **ret)
{
    struct core_person_row row;
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(person)), &row));
    struct who *w = arena_alloc(c->mem, sizeof *w);
    w->person = person;
    w->ref = row.ref;
    w->name = row.name;
    TRY(rights_load(c, w));
    *ret = w;
    return NULL;
}

err_t
session_load(struct ctx *c, const char *token, const struct who **ret)
{
    *ret = NULL;
    if (str_empty(token))
        return NULL;
    unsigned char *hash = arena_alloc(c->mem, 32);
    token_hash(token, hash);
    struct core_session_find_row row;
    bool found;
    TRY(db_maybe(c, &CORE_SESSION_FIND, DB_IN(db_blob(hash, 32)), &row, &found));
    if (!found || row.disabled || c->now - row.last_seen > (int64_t)SESSION_IDLE_S * 1000000 ||
        c->now - row.created > (int64_t)SESSION_MOST_S * 1000000)
        return NULL;
    struct who *w = arena_alloc(c->mem, sizeof *w);
    *w = (struct who){.person = row.person, .ref = row.ref, .name = row.name, .session = row.id, .session_hash = hash,
                       .seen_old = c->now - row.last_seen > (int64_t)60 * 1000000};
    TRY(rights_load(c, w));
    *ret = w;
    return NULL;
}

err_t
session_seen(struct ctx *c, int64_t session, int64_t at)
{
    return db_run(c, &CORE_SESSION_SEEN, DB_IN(db_int(session), db_time(at)), NULL);
}

err_t
session_end(struct ctx *c, int64_t session)
{
    return db_run(c, &CORE_SESSION_END, DB_IN(db_int(session)), NULL);
}

err_t
session_end_all(struct ctx *c, int64_t person, int64_t *ret_n)
{
    return db_run(c, &CORE_SESSION_END_ALL, DB_IN(db_int(person)), ret_n);
}
