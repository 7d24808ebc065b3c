/* inst.c: the installation. See inst.h. */
#include "core/inst.h"

#include "base/str.h"
#include "core/core_sql.h"
#include "core/record.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

void
inst_clock(struct ctx *c)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    c->now = (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
    int32_t demo = atomic_load(&((struct inst *)c->inst)->demo_day);
    c->today = demo ? demo : tz_day(c->inst->zone, c->now);
    c->lang = "en";
    memcpy(c->log_id, ref_new(c->mem), 11);
}

err_t
setting_get(struct ctx *c, const char *name, const char **ret)
{
    struct core_setting_get_row row;
    bool found;
    TRY(db_maybe(c, &CORE_SETTING_GET, DB_IN(db_text(name)), &row, &found));
    *ret = found ? row.value : NULL;
    return NULL;
}

err_t
setting_set(struct ctx *c, const char *name, const char *value)
{
    const char *old;
    TRY(setting_get(c, name, &old));
    if (!record_change(c, "setting", "Setting", name, old, value))
        return NULL;
    return db_run(c, &CORE_SETTING_SET, DB_IN(db_text(name), db_text(value)), NULL);
}

err_t
inst_load(struct ctx *c, struct inst *i)
{
    const char *home;
    TRY(setting_get(c, "zone", &i->zone_name));
    i->zone = i->zone_name ? tz_find(i->zone_name) : NULL;
    if (!i->zone) {
        i->zone_name = "UTC";
        i->zone = tz_find("UTC");
    }
    TRY(setting_get(c, "home", &home));
    if (home)
        str_int(home, &i->home);
    return setting_get(c, "public_url", &i->public_url);
}

char *
ref_new(struct arena *a)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char random[10];
    randombytes_buf(random, sizeof random);
    char *ref = arena_alloc(a, 11);
    for (int i = 0; i < 10; i++)
        ref[i] = digits[random[i] & 31];
    return ref;
}

char *
token_new(struct arena *a, size_t n)
{
    unsigned char *random = arena_alloc(a, n);
    randombytes_buf(random, n);
    size_t size = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(a, size);
    return sodium_bin2base64(text, size, random, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
token_hash(const char *token, unsigned char ret[static 32])
{
    crypto_hash_sha256(ret, (const unsigned char *)token, strlen(token));
}
