/* outbox.c: mail to be sent. See outbox.h. */
#include "features/notices/outbox.h"

#include "base/str.h"
#include "base/utf8.h"
#include "core/inst.h"
#include "core/keys.h"
#include "core/vault.h"
#include "db/db.h"
#include "features/notices/notices_sql.h"
#include "features/notices/outbox_seal.h"

#include <string.h>

static const int64_t undo_us = 60 * (int64_t)1000000;
static const char purpose[] = "outbox";

/* Control characters, line ends first, become spaces: nothing can begin a header of its own. */
static const char *
one_line(struct arena *a, const char *text)
{
    char *line = arena_strdup(a, text);
    for (char *p = line; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    }
    return line;
}

bool
outbox_seal_address(const char *address)
{
    const char *at = strchr(address, '@');
    if (!at || at == address || !at[1] || strchr(at + 1, '@') || strlen(address) > 254)
        return false;
    for (const char *p = address; *p; p++) {
        if ((unsigned char)*p <= 0x20 || *p == 0x7f || strchr("<>,;:\"()[]\\", *p))
            return false;
    }
    return true;
}

void
outbox_seal_key(const struct ctx *c, const char *address, unsigned char ret[static 32])
{
    keys_lookup(c->inst->keys, "outbox address", utf8_fold(c->mem, address), ret);
}

err_t
outbox_seal(struct ctx *c, const char *subject, const char *text, const unsigned char **ret, size_t *ret_n)
{
    const char *both = arena_printf(c->mem, "%s\n%s", one_line(c->mem, subject), str_or(text, ""));
    return vault_seal(c, purpose, both, strlen(both), ret, ret_n);
}

err_t
outbox_seal_open(struct ctx *c, const unsigned char *sealed, size_t n, const char **ret_subject, const char **ret_text)
{
    const char *both;
    size_t len;
    TRY(vault_open(c, purpose, sealed, n, &both, &len));
    const char *end = strchr(both, '\n');
    INVARIANT(end);
    *ret_subject = arena_strndup(c->mem, both, (size_t)(end - both));
    *ret_text = end + 1;
    return NULL;
}

err_t
outbox_seal_to(struct ctx *c, const unsigned char *sealed, size_t n, const char **ret)
{
    size_t len;
    return vault_open(c, purpose, sealed, n, ret, &len);
}

err_t
outbox_add(struct ctx *c, const struct mail *m)
{
    const unsigned char *sealed, *address = NULL;
    unsigned char key[32];
    size_t n, n_address = 0;
    const char *outside = m->address;
    INVARIANT(m->key && m->subject && m->text);
    if (!outside && m->person) {
        const char *own;
        TRY(vault_account(c, m->person, &own));
        if (!own)
            TRY(vault_outside(c, m->person, &outside));
    }
    if ((!m->person && !outside) || (outside && !outbox_seal_address(outside)))
        return err_field(c->mem, E_BAD_INPUT, "address", "This is no e-mail address.");
    if (outside) {
        TRY(vault_seal(c, purpose, outside, strlen(outside), &address, &n_address));
        outbox_seal_key(c, outside, key);
    }
    TRY(outbox_seal(c, m->subject, m->text, &sealed, &n));
    return db_run(c, &OUTBOX_ADD,
                  DB_IN(db_text(m->key), db_int_or_null(m->person, !m->person), db_blob(address, n_address),
                        db_blob(address ? key : NULL, sizeof key), db_blob(sealed, n),
                        db_time(m->not_before ? m->not_before : c->now + undo_us), db_time(c->now)),
                  NULL);
}

err_t
outbox_drop(struct ctx *c, const char *key)
{
    return db_run(c, &OUTBOX_DROP, DB_IN(db_text(key)), NULL);
}
