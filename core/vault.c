/* vault.c: see vault.h. */
#include "core/vault.h"

#include "base/date.h"
#include "base/str.h"
#include "core/core_sql.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/may.h"
#include "db/db.h"

#include <sodium.h>
#include <string.h>

enum {
    KEY = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES
};

static const unsigned char *
seal(struct arena *a, const unsigned char *key, const char *purpose, const void *data, size_t n,
     size_t *ret_n)
{
    unsigned char *out = arena_alloc(a, NONCE + n + TAG);
    randombytes_buf(out, NONCE);
    unsigned long long len;
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &len, data, n,
                                               (const unsigned char *)purpose, strlen(purpose), NULL,
                                               out, key);
    *ret_n = NONCE + (size_t)len;
    return out;
}

static err_t
unseal(struct arena *a, const unsigned char *key, const char *purpose, const unsigned char *sealed,
       size_t n, char **ret, size_t *ret_n)
{
    unsigned long long len;
    char *out = arena_alloc(a, n + 1);
    if (n < NONCE + TAG ||
        crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)out, &len, NULL, sealed + NONCE,
                                                   n - NONCE, (const unsigned char *)purpose,
                                                   strlen(purpose), sealed, key) != 0)
        return err_new(a, E_CONFIG, "What is sealed cannot be opened: the key file does not belong to "
                                    "this database, or the data are damaged.");
    out[len] = '\0';
    *ret = out;
    *ret_n = (size_t)len;
    return NULL;
}

/* The person's key; made when `make` and there is none yet. ret_found false: no key. */
static err_t
person_key(struct ctx *c, int64_t person, bool make, unsigned char ret[static KEY], bool *ret_found)
{
    struct core_vault_key_get_row row;
    const char *purpose = arena_printf(c->mem, "person %lld", (long long)person);
    TRY(db_maybe(c, &CORE_VAULT_KEY_GET, DB_IN(db_int(person)), &row, ret_found));
    if (*ret_found) {
        char *key;
        size_t n;
        TRY(unseal(c->mem, c->inst->keys->master, purpose, row.wrapped, row.wrapped_len, &key, &n));
        INVARIANT(n == KEY);
        memcpy(ret, key, KEY);
        return NULL;
    }
    if (!make)
        return NULL;
    randombytes_buf(ret, KEY);
    size_t n;
    const unsigned char *wrapped = seal(c->mem, c->inst->keys->master, purpose, ret, KEY, &n);
    *ret_found = true;
    return db_run(c, &CORE_VAULT_KEY_ADD, DB_IN(db_int(person), db_blob(wrapped, n)), NULL);
}

err_t
vault_put(struct ctx *c, int64_t person, const char *kind, struct vault_ground ground, const char *value)
{
    unsigned char key[KEY], value_key[32];
    bool found;
    TRY(person_key(c, person, true, key, &found));
    size_t n;
    const unsigned char *sealed = seal(c->mem, key, kind, value, strlen(value), &n);
    keys_lookup(c->inst->keys, kind, value, value_key);
    TRY(db_run(c, &CORE_VAULT_ADD,
               DB_IN(db_int(person), db_text(kind), db_blob(sealed, n), db_blob(value_key, sizeof value_key),
                     db_time(c->now)),
               NULL));
    return db_run(c, &CORE_VAULT_GROUND,
                  DB_IN(db_int(person), db_text(kind), db_blob(value_key, sizeof value_key),
                        db_int(ground.study), db_int(ground.study_site), db_text(ground.origin)),
                  NULL);
}

/* ---- who sees what ---- */

/* The studies in which c->who has any tie, or only `study` when she has one there. */
static int64_t *
studies_of(struct ctx *c, int64_t study, size_t *ret_n)
{
    const struct who *w = c->who;
    size_t n = 0;
    int64_t *list = arena_alloc(c->mem, (w->n_rights + 1) * sizeof *list);
    for (size_t i = 0; i < w->n_rights; i++) {
        if (w->rights[i].study && (!study || w->rights[i].study == study))
            list[n++] = w->rights[i].study;
    }
    *ret_n = n;
    return list;
}

static bool
may_see(const struct who *w, int64_t study, int64_t study_site)
{
    struct thing t = {.study = study, .study_site = study_site};
    return may(w, PERM_CONTACTS_READ, &t);
}

static err_t
works_where_seen(struct ctx *c, int64_t person, const int64_t *studies, size_t n_studies, bool *ret)
{
    struct core_vault_works_row *x;
    size_t n;
    char today[DATE_TEXT];
    date_iso(c->today, today);
    TRY(db_list(c, &CORE_VAULT_WORKS, DB_IN(db_int(person), db_ints(studies, n_studies), db_text(today)),
                &x, &n));
    *ret = false;
    for (size_t i = 0; i < n && !*ret; i++)
        *ret = may_see(c->who, x[i].study, x[i].study_site_null ? 0 : x[i].study_site);
    return NULL;
}

/* The rows that c->who may see: one for each detail, as the first ground that lets her tells it. */
static err_t
seen_rows(struct ctx *c, int64_t person, int64_t study, struct core_vault_list_row **ret, size_t *ret_n)
{
    size_t n_studies, n, kept = 0;
    int64_t *studies = studies_of(c, study, &n_studies);
    struct core_vault_list_row *rows;
    bool works = false;
    *ret_n = 0;
    if (n_studies == 0)
        return NULL;
    TRY(db_list(c, &CORE_VAULT_LIST, DB_IN(db_int(person), db_ints(studies, n_studies)), &rows, &n));
    if (n)
        TRY(works_where_seen(c, person, studies, n_studies, &works));
    for (size_t i = 0; i < n; i++) {
        if (kept && rows[kept - 1].item == rows[i].item)
            continue;
        if (rows[i].study ? may_see(c->who, rows[i].study, rows[i].study_site) : works)
            rows[kept++] = rows[i];
    }
    *ret = rows;
    *ret_n = kept;
    return NULL;
}

static err_t
own_rows(struct ctx *c, struct core_vault_list_row **ret, size_t *ret_n)
{
    struct core_vault_own_row *own;
    TRY(db_list(c, &CORE_VAULT_OWN, DB_IN(db_int(c->who->person)), &own, ret_n));
    struct core_vault_list_row *rows = arena_alloc(c->mem, (*ret_n + 1) * sizeof *rows);
    for (size_t i = 0; i < *ret_n; i++)
        rows[i] = (struct core_vault_list_row){.item = own[i].item, .kind = own[i].kind, .sealed = own[i].sealed,
                                               .sealed_len = own[i].sealed_len, .origin = own[i].origin};
    *ret = rows;
    return NULL;
}

err_t
vault_list(struct ctx *c, int64_t person, int64_t study, struct vault_detail **ret, size_t *ret_n)
{
    struct core_vault_list_row *rows = NULL;
    size_t n = 0;
    if (c->who && c->who->person == person)
        TRY(own_rows(c, &rows, &n));
    else if (c->who)
        TRY(seen_rows(c, person, study, &rows, &n));
    struct vault_detail *list = arena_alloc(c->mem, (n + 1) * sizeof *list);
    unsigned char key[KEY];
    bool found = false;
    if (n)
        TRY(person_key(c, person, false, key, &found));
    for (size_t i = 0; found && i < n; i++) {
        char *value;
        size_t len;
        TRY(unseal(c->mem, key, rows[i].kind, rows[i].sealed, rows[i].sealed_len, &value, &len));
        list[i] = (struct vault_detail){rows[i].kind, rows[i].origin, value};
    }
    *ret = list;
    *ret_n = found ? n : 0;
    return NULL;
}

static err_t
address_of(struct ctx *c, int64_t person, const char *origin, const char **ret)
{
    struct core_vault_own_row *own;
    size_t n, len;
    unsigned char key[KEY];
    bool found;
    *ret = NULL;
    TRY(person_key(c, person, false, key, &found));
    TRY(db_list(c, &CORE_VAULT_OWN, DB_IN(db_int(person)), &own, &n));
    for (size_t i = 0; found && i < n; i++) {
        char *value;
        if (strcmp(own[i].kind, "email") != 0 || strcmp(own[i].origin, origin) != 0)
            continue;
        TRY(unseal(c->mem, key, own[i].kind, own[i].sealed, own[i].sealed_len, &value, &len));
        *ret = value;
    }
    return NULL;
}

err_t
vault_account(struct ctx *c, int64_t person, const char **ret)
{
    return address_of(c, person, "account", ret);
}

err_t
vault_outside(struct ctx *c, int64_t person, const char **ret)
{
    return address_of(c, person, "outside", ret);
}

err_t
vault_drop(struct ctx *c, int64_t person, const char *kind, const char *origin)
{
    TRY(db_run(c, &CORE_VAULT_GROUND_DROP, DB_IN(db_int(person), db_text(kind), db_text(origin)), NULL));
    return db_run(c, &CORE_VAULT_DROP, DB_IN(db_int(person), db_text(kind)), NULL);
}

err_t
vault_seal(struct ctx *c, const char *purpose, const void *data, size_t n, const unsigned char **ret,
           size_t *ret_n)
{
    *ret = seal(c->mem, c->inst->keys->master, purpose, data, n, ret_n);
    return NULL;
}

err_t
vault_open(struct ctx *c, const char *purpose, const unsigned char *sealed, size_t n, const char **ret,
           size_t *ret_n)
{
    char *out;
    TRY(unseal(c->mem, c->inst->keys->master, purpose, sealed, n, &out, ret_n));
    *ret = out;
    return NULL;
}
