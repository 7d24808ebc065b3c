/* smtp.c: see smtp.h. The only file that knows libcurl. */
#include "features/notices/smtp.h"

#include "base/str.h"
#include "features/notices/outbox_seal.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CONNECT_MS = 5000, ALL_MS = 20000, NOT_LET_IN = 530, WRONG_PASSWORD = 535 };

struct smtp {
    CURL *curl;
    const struct smtp_config *config;
    const char *data; /* what is being said */
    size_t n, at;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
begin(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static err_t
read_password(struct ctx *c, const char *path, const char **ret)
{
    char line[512] = "";
    struct stat st;
    FILE *f = fopen(path, "re");
    bool good = f && fstat(fileno(f), &st) == 0, open = good && (st.st_mode & 077), got = good && fgets(line, sizeof line, f);
    if (f)
        fclose(f);
    if (open)
        return err_new(c->mem, E_CONFIG, "Others can read %s, where the mail server's password is. Say: chmod 600 %s", path, path);
    if (!got)
        return err_new(c->mem, E_CONFIG, "There is no password for the mail server in %s.", path);
    line[strcspn(line, "\r\n")] = '\0';
    *ret = arena_strdup(c->mem, line);
    return NULL;
}

err_t
smtp_config(struct ctx *c, struct smtp_config *ret, bool *ret_on)
{
    const char *file = getenv("RAPPORT_SMTP_PASSWORD_FILE");
    struct smtp_config f = {.url = getenv("RAPPORT_SMTP_URL"), .user = getenv("RAPPORT_SMTP_USER"), .from = getenv("RAPPORT_MAIL_FROM"),
                            .ca = getenv("RAPPORT_SMTP_CA_FILE")};
    *ret_on = f.url && *f.url;
    if (!*ret_on)
        return NULL;
    if (!str_starts(f.url, "smtp://") && !str_starts(f.url, "smtps://"))
        return err_new(c->mem, E_CONFIG, "RAPPORT_SMTP_URL begins with smtp:// or smtps://.");
    if (!f.from || !outbox_seal_address(f.from))
        return err_new(c->mem, E_CONFIG, "RAPPORT_MAIL_FROM is the address from which mail comes, such as rapport@example.org.");
    if (!f.user != !file)
        return err_new(c->mem, E_CONFIG, "RAPPORT_SMTP_USER and RAPPORT_SMTP_PASSWORD_FILE go together.");
    if (file)
        TRY(read_password(c, file, &f.password));
    *ret = f;
    return NULL;
}

/* To this machine itself nothing needs hiding. */
static bool
is_here(const char *url)
{
    const char *host = strstr(url, "://") + 3;
    return str_starts(host, "127.") || str_starts(host, "localhost") || str_starts(host, "[::1]");
}

err_t
smtp_open(struct ctx *c, const struct smtp_config *f, struct smtp **ret)
{
    pthread_once(&once, begin);
    struct smtp *s = arena_alloc(c->mem, sizeof *s);
    *s = (struct smtp){.curl = curl_easy_init(), .config = f};
    if (!s->curl)
        return err_new(c->mem, E_UNAVAILABLE, "There is no memory to send mail with.");
    *ret = s;
    return NULL;
}

void
smtp_close(struct smtp *s)
{
    curl_easy_cleanup(s->curl);
}

static size_t
give(char *room, size_t size, size_t n, void *arg)
{
    struct smtp *s = arg;
    size_t left = s->n - s->at, part = size * n < left ? size * n : left;
    memcpy(room, s->data + s->at, part);
    s->at += part;
    return part;
}

static void
set_up(struct ctx *c, struct smtp *s, struct curl_slist *to)
{
    const struct smtp_config *f = s->config;
    CURL *h = s->curl;
    curl_easy_reset(h); /* the connection stays */
    curl_easy_setopt(h, CURLOPT_URL, f->url);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(h, CURLOPT_PROXY, "");
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)ALL_MS);
    curl_easy_setopt(h, CURLOPT_USE_SSL, f->password && !is_here(f->url) ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY);
    if (f->ca && *f->ca)
        curl_easy_setopt(h, CURLOPT_CAINFO, f->ca);
    if (f->password) {
        curl_easy_setopt(h, CURLOPT_USERNAME, f->user);
        curl_easy_setopt(h, CURLOPT_PASSWORD, f->password);
    }
    curl_easy_setopt(h, CURLOPT_MAIL_FROM, arena_printf(c->mem, "<%s>", f->from));
    curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(h, CURLOPT_READDATA, s);
}

enum smtp_result
smtp_send(struct ctx *c, struct smtp *s, const char *to, const char *message, size_t n, const char **ret_why)
{
    struct curl_slist *list = curl_slist_append(NULL, arena_printf(c->mem, "<%s>", to));
    long code = 0;
    s->data = message;
    s->n = n;
    s->at = 0;
    set_up(c, s, list);
    CURLcode done = curl_easy_perform(s->curl);
    curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &code);
    curl_slist_free_all(list);
    *ret_why = NULL;
    if (done == CURLE_OK)
        return SMTP_SENT;
    if (code >= 400 && code < 600 && done != CURLE_OPERATION_TIMEDOUT) {
        *ret_why = arena_printf(c->mem, "The mail server said %ld.", code);
        return code >= 500 && code != NOT_LET_IN && code != WRONG_PASSWORD ? SMTP_NEVER : SMTP_LATER;
    }
    if (s->at == n) {
        *ret_why = "The mail server did not say whether it took it.";
        return SMTP_UNKNOWN;
    }
    *ret_why = arena_printf(c->mem, "The mail server could not be spoken to: %s.", curl_easy_strerror(done));
    return SMTP_LATER;
}
