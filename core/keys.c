/* keys.c: see keys.h. The file is text: one "name hex" line a key, so that it can be printed and kept
 * in a safe. */
#include "core/keys.h"

#include "base/arena.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct keys *
keys_make(struct arena *a)
{
    INVARIANT(sodium_init() >= 0);
    struct keys *k = arena_alloc(a, sizeof *k);
    randombytes_buf(k->master, sizeof k->master);
    randombytes_buf(k->lookup, sizeof k->lookup);
    crypto_sign_keypair(k->public_key, k->sign);
    return k;
}

const struct keys *
keys_temporary(struct arena *a)
{
    return keys_make(a);
}

err_t
keys_create(struct arena *a, const char *path, const struct keys **ret)
{
    struct keys *k = keys_make(a);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_new(a, E_IO, "The key file %s could not be made: %s.", path, strerror(errno));
    struct buf b;
    buf_init(&b, a);
    buf_str(&b, "# Rapport's keys. Keep a copy in a safe place: without them contact details\n"
                "# cannot be opened. Never put them beside a backup of the database.\n");
    buf_printf(&b, "master %s\n", str_hex(a, k->master, sizeof k->master));
    buf_printf(&b, "lookup %s\n", str_hex(a, k->lookup, sizeof k->lookup));
    buf_printf(&b, "sign %s\n", str_hex(a, k->sign, sizeof k->sign));
    bool ok = write(fd, b.data, b.len) == (ssize_t)b.len && fsync(fd) == 0;
    if (close(fd) != 0 || !ok) {
        unlink(path);
        return err_new(a, E_IO, "The key file %s could not be written.", path);
    }
    *ret = k;
    return NULL;
}

static err_t
read_line(struct arena *a, const char *path, char *line, struct keys *k, unsigned *seen)
{
    static const char *const names[] = {"master ", "lookup ", "sign "};
    unsigned char *const into[] = {k->master, k->lookup, k->sign};
    static const size_t size[] = {KEY_MASTER, KEY_LOOKUP, KEY_SIGN};
    line[strcspn(line, "\r\n")] = '\0';
    if (*line == '#' || !*line)
        return NULL;
    for (unsigned i = 0; i < 3; i++) {
        if (str_starts(line, names[i]) && str_unhex(line + strlen(names[i]), into[i], size[i])) {
            *seen |= 1u << i;
            return NULL;
        }
    }
    return err_new(a, E_CONFIG, "The key file %s is damaged. Put back the copy you keep.", path);
}

err_t
keys_read(struct arena *a, const char *path, const struct keys **ret)
{
    INVARIANT(sodium_init() >= 0);
    FILE *f = fopen(path, "re");
    if (!f)
        return err_new(a, E_CONFIG,
                       "The key file %s could not be opened: %s. Name it with --keys, or run "
                       "rapport init for a new installation.",
                       path, strerror(errno));
    struct stat st;
    if (fstat(fileno(f), &st) != 0 || (st.st_mode & 077)) {
        fclose(f);
        return err_new(a, E_CONFIG, "Others can read the key file %s. Run: chmod 600 %s", path, path);
    }
    struct keys *k = arena_alloc(a, sizeof *k);
    char line[512];
    unsigned seen = 0;
    err_t e = NULL;
    while (!e && fgets(line, sizeof line, f))
        e = read_line(a, path, line, k, &seen);
    fclose(f);
    TRY(e);
    if (seen != 7)
        return err_new(a, E_CONFIG, "The key file %s is damaged. Put back the copy you keep.", path);
    crypto_sign_ed25519_sk_to_pk(k->public_key, k->sign);
    *ret = k;
    return NULL;
}

void
keys_lookup(const struct keys *k, const char *domain, const char *text, unsigned char ret[static 32])
{
    crypto_generichash_state s;
    crypto_generichash_init(&s, k->lookup, sizeof k->lookup, 32);
    crypto_generichash_update(&s, (const unsigned char *)domain, strlen(domain) + 1);
    crypto_generichash_update(&s, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&s, ret, 32);
}
