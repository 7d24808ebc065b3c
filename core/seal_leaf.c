/* seal_leaf.c: see seal_leaf.h. */
#include "core/seal_leaf.h"

#include "base/arena.h"
#include "base/view.h"

#include <sodium.h>
#include <string.h>

static void
member_int(struct buf *b, const char *key, int64_t i, bool null)
{
    buf_printf(b, ",\"%s\":", key);
    if (null)
        buf_str(b, "null");
    else
        buf_printf(b, "%lld", (long long)i);
}

static void
member_text(struct buf *b, const char *key, const char *text)
{
    buf_printf(b, ",\"%s\":", key);
    if (text)
        view_json_string(b, text);
    else
        buf_str(b, "null");
}

void
seal_leaf_json(struct buf *b, const struct seal_row *r)
{
    buf_printf(b, "{\"id\":%lld", (long long)r->id);
    member_int(b, "at", r->at, false);
    member_int(b, "person", r->person, r->person_null);
    member_text(b, "who", r->who);
    member_text(b, "action", r->action);
    member_int(b, "study", r->study, r->study_null);
    member_int(b, "compartment", r->comp, false);
    member_text(b, "kind", r->kind);
    member_int(b, "thing_id", r->thing_id, r->thing_id_null);
    member_text(b, "thing", r->thing);
    member_text(b, "log", r->log);
    buf_char(b, '}');
}

void
seal_leaf_hash(struct arena *a, const struct seal_row *r, unsigned char ret[static MERKLE_HASH])
{
    struct buf b;
    buf_init(&b, a);
    seal_leaf_json(&b, r);
    unsigned char inner[MERKLE_HASH];
    crypto_hash_sha256_state s;
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, r->salt, r->salt_len);
    crypto_hash_sha256_update(&s, (const unsigned char *)r->body, strlen(r->body));
    crypto_hash_sha256_final(&s, inner);
    crypto_hash_sha256_init(&s);
    crypto_hash_sha256_update(&s, (const unsigned char *)"", 1); /* 0x00 */
    crypto_hash_sha256_update(&s, (const unsigned char *)b.data, b.len);
    crypto_hash_sha256_update(&s, inner, sizeof inner);
    crypto_hash_sha256_final(&s, ret);
}

const char *
seal_leaf_signed(struct arena *a, const struct seal_point *p)
{
    return arena_printf(a, "rapport checkpoint %lld %lld %s %s %s", (long long)p->size,
                        (long long)p->at, str_hex(a, p->root, MERKLE_HASH),
                        str_hex(a, p->frontier, p->frontier_len),
                        p->previous ? str_hex(a, p->previous, KEY_SIGNATURE) : "-");
}
