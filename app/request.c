/* request.c: "request": requests answered in process, for scenarios and scripts.
 *
 * Lines of the file; exit 1 at the first expectation that fails:
 *
 *   GET /path                       POST /path name=value&name=value
 *   UPLOAD /path FILE name=value    a form with a file in its field "file"
 *   as EMAIL, as nobody             who asks from here on; signing in and out changes it too
 *   expect STATUS                   of the answer before, as all that follow
 *   expect KEY.PATH VALUE           in what the page shows (what its JSON says)
 *   expect count KEY.PATH N         entries of a list; 0 when there is none
 *   expect text WORDS               stands in the page as it is sent; `expect no text`: does not
 *   expect to /path                 where it leads; expect type TYPE: content type
 *   jobs                            what time brings is done now, as a running server does each minute
 *   keep NAME KEY.PATH              {NAME} in later lines; `keep NAME to`: where it leads
 *   # comment
 *
 * Prints each status, and what a GET answers, unless --quiet. */
#include "app/app.h"
#include "app/commands.h"
#include "base/str.h"
#include "core/account.h"
#include "core/keys.h"
#include "core/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 64 << 10, KEPT_MOST = 50, UPLOAD_MOST = 64 << 20 };

struct scenario {
    struct ctx *c;
    const struct args *args;
    struct web *web;
    const char *cookie, *csrf;
    struct http_answer last;
    struct {
        const char *name, *value;
    } kept[KEPT_MOST];
    size_t n_kept;
    int64_t line;
    bool asked;
};

struct sign {
    const char *email, *token;
};

static err_t
begin_session(struct ctx *c, void *arg)
{
    struct sign *s = arg;
    struct account account;
    bool found;
    TRY(account_find(c, s->email, &account, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "Nobody signs in with %s.", s->email);
    record_about(c, "person", account.person, account.ref, NULL);
    record_event(c);
    return session_new(c, account.person, &s->token);
}

/* Asks as the session of this token from here on. NULL: as nobody. */
static void
use_session(struct scenario *s, const char *given)
{
    s->cookie = s->csrf = NULL;
    if (str_empty(given))
        return;
    s->cookie = arena_printf(s->c->mem, "rapport=%s", given);
    unsigned char hash[32], token[32];
    token_hash(given, hash);
    keys_lookup(s->c->inst->keys, "csrf", str_hex(s->c->mem, hash, 32), token);
    s->csrf = str_hex(s->c->mem, token, 16);
}

static err_t
as_person(struct scenario *s, const char *email)
{
    struct sign sign = {.email = email};
    TRY(record_transaction(s->c, &(struct record_work){"sign_in", NULL, args_who(s->c->mem), begin_session, &sign}));
    use_session(s, sign.token);
    return NULL;
}

/* ---- asking ---- */

/* A session begins or ends where the answer says so. */
static void
take_cookies(struct scenario *s)
{
    for (const char *p = s->last.cookies; p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
        if (str_starts(p, "rapport="))
            use_session(s, arena_strndup(s->c->mem, p + 8, strcspn(p + 8, ";\n")));
    }
}

/* Of a whole address the path counts: links that are handed over name the installation. */
static const char *
path_of(const char *target)
{
    const char *host = strstr(target, "://"), *path = host ? strchr(host + 3, '/') : target;
    return path ? path : "/";
}

static err_t
send(struct scenario *s, struct http_fake *f)
{
    const char *headers[] = {"Host", "localhost", "X-CSRF-Token", str_or(s->csrf, ""), NULL};
    f->target = path_of(f->target);
    f->cookies = s->cookie;
    f->headers = headers;
    TRY(http_handle(app_web_http(s->web), s->c, f, &s->last));
    s->asked = true;
    take_cookies(s);
    bool leads = s->last.location;
    const char *line = arena_printf(s->c->mem, "%d %s%s%s\n", s->last.status, f->target, leads ? " -> " : "", str_or(s->last.location, ""));
    args_print(s->args, line, strlen(line));
    if (!args_option(s->args, "--quiet") && s->last.body_n && f->method == GET) {
        args_print(s->args, s->last.body, s->last.body_n);
        args_print(s->args, "\n", 1);
    }
    return NULL;
}

/* The first word of a line; `ret_rest`: what follows it, NULL when nothing does. */
static const char *
first_word(struct scenario *s, const char *line, const char **ret_rest)
{
    const char *space = strchr(line, ' ');
    *ret_rest = space ? space + 1 : NULL;
    return arena_strndup(s->c->mem, line, space ? (size_t)(space - line) : strlen(line));
}

static err_t
ask(struct scenario *s, enum http_method method, const char *rest)
{
    struct http_fake f = {.method = method};
    f.target = first_word(s, rest, &f.body);
    f.body_n = f.body ? strlen(f.body) : 0;
    return send(s, &f);
}

static err_t
read_file(struct scenario *s, const char *path, struct buf *out)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return err_new(s->c->mem, E_IO, "Line %lld: %s could not be opened.", (long long)s->line, path);
    char *piece = arena_alloc(s->c->mem, LINE);
    size_t n;
    while ((n = fread(piece, 1, LINE, f)) > 0 && out->len < UPLOAD_MOST)
        buf_add(out, piece, n);
    bool whole = !ferror(f) && feof(f);
    fclose(f);
    return whole ? NULL : err_new(s->c->mem, E_IO, "Line %lld: %s could not be read.", (long long)s->line, path);
}

static err_t
upload(struct scenario *s, const char *rest)
{
    static const char edge[] = "----scenario-7c1d5e";
    const char *file, *form, *slash;
    struct http_fake f = {.method = POST, .content_type = arena_printf(s->c->mem, "multipart/form-data; boundary=%s", edge)};
    f.target = first_word(s, rest, &file);
    if (!file)
        return err_new(s->c->mem, E_USAGE, "Line %lld: which file?", (long long)s->line);
    file = first_word(s, file, &form);
    struct buf b;
    buf_init(&b, s->c->mem);
    size_t n;
    char **pair = str_split(s->c->mem, str_or(form, ""), '&', &n);
    for (size_t i = 0; i < n; i++) {
        char *equals = strchr(pair[i], '=');
        if (equals)
            buf_printf(&b, "--%s\r\nContent-Disposition: form-data; name=\"%.*s\"\r\n\r\n%s\r\n", edge,
                       (int)(equals - pair[i]), pair[i], equals + 1);
    }
    slash = strrchr(file, '/');
    buf_printf(&b, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n", edge, slash ? slash + 1 : file);
    TRY(read_file(s, file, &b));
    buf_printf(&b, "\r\n--%s--\r\n", edge);
    f.body = buf_text(&b);
    f.body_n = b.len;
    return send(s, &f);
}

/* ---- expecting ---- */

static const struct view *
value_at(struct scenario *s, const char *path)
{
    return s->last.page ? view_at(s->last.page, path) : NULL;
}

static const char *
text_at(struct scenario *s, const char *path)
{
    if (str_eq(path, "to"))
        return str_or(s->last.location, "");
    const struct view *v = value_at(s, path);
    struct buf b;
    buf_init(&b, s->c->mem);
    if (v && v->type == V_TEXT)
        buf_str(&b, v->text);
    else if (v)
        view_json(&b, v);
    return buf_text(&b);
}

static err_t
expect_text(struct scenario *s, const char *words, bool there)
{
    bool found = s->last.body_n && memmem(s->last.body, s->last.body_n, words, strlen(words));
    if (found == there)
        return NULL;
    return err_new(s->c->mem, E_BAD_INPUT, "Line %lld: \"%s\" is %s the page.", (long long)s->line, words, found ? "in" : "not in");
}

static err_t
expect(struct scenario *s, const char *line)
{
    const char *want, *got, *key = first_word(s, line, &want), *path;
    if (!s->asked)
        return err_new(s->c->mem, E_USAGE, "Line %lld: nothing was asked yet.", (long long)s->line);
    if (want && str_eq(key, "text"))
        return expect_text(s, want, true);
    if (want && str_starts(line, "no text "))
        return expect_text(s, line + 8, false);
    if (!want) {
        want = key;
        got = arena_printf(s->c->mem, "%d", s->last.status);
    } else if (str_eq(key, "type")) {
        got = str_or(s->last.content_type, "");
        got = arena_strndup(s->c->mem, got, strcspn(got, ";"));
    } else if (str_eq(key, "count")) {
        path = first_word(s, want, &want);
        const struct view *v = value_at(s, path);
        want = str_or(want, "");
        got = arena_printf(s->c->mem, "%zu", v ? v->kids.n : 0);
    } else {
        got = text_at(s, key);
    }
    if (!str_eq(got, want))
        return err_new(s->c->mem, E_BAD_INPUT, "Line %lld: expected %s, got %s.", (long long)s->line, want, got);
    return NULL;
}

/* ---- what is kept for later lines ---- */

static err_t
keep(struct scenario *s, const char *line)
{
    const char *path, *name = first_word(s, line, &path), *value = path && s->asked ? text_at(s, path) : "";
    if (s->n_kept == KEPT_MOST || !*value)
        return err_new(s->c->mem, E_BAD_INPUT, "Line %lld: there is nothing to keep as %s.", (long long)s->line, name);
    s->kept[s->n_kept].name = arena_printf(s->c->mem, "{%s}", name);
    s->kept[s->n_kept++].value = value;
    return NULL;
}

static const char *
fill_in(struct scenario *s, const char *line)
{
    struct buf b;
    buf_init(&b, s->c->mem);
    for (const char *p = line; *p;) {
        size_t i = s->n_kept;
        while (*p == '{' && i > 0 && !str_starts(p, s->kept[i - 1].name))
            i--;
        bool found = *p == '{' && i > 0; /* the last one of the name */
        buf_add(&b, found ? s->kept[i - 1].value : p, found ? strlen(s->kept[i - 1].value) : 1);
        p += found ? strlen(s->kept[i - 1].name) : 1;
    }
    return buf_text(&b);
}

static err_t
one_line(struct scenario *s, char *text)
{
    text[strcspn(text, "\r\n")] = '\0';
    if (!*text || *text == '#')
        return NULL;
    const char *line = fill_in(s, text);
    if (str_starts(line, "GET "))
        return ask(s, GET, line + 4);
    if (str_starts(line, "POST "))
        return ask(s, POST, line + 5);
    if (str_starts(line, "UPLOAD "))
        return upload(s, line + 7);
    if (str_eq(line, "as nobody")) {
        use_session(s, NULL);
        return NULL;
    }
    if (str_starts(line, "as "))
        return as_person(s, line + 3);
    if (str_starts(line, "expect "))
        return expect(s, line + 7);
    if (str_starts(line, "keep "))
        return keep(s, line + 5);
    if (str_eq(line, "jobs"))
        return app_jobs(s->c);
    return err_new(s->c->mem, E_USAGE, "Line %lld: begin with GET, POST, UPLOAD, as, jobs, expect or keep.", (long long)s->line);
}

err_t
command_request(struct ctx *c, const struct args *a)
{
    struct scenario s = {.c = c, .args = a};
    const char *path = args_at(a, 0);
    FILE *f = path ? fopen(path, "re") : stdin;
    if (!f)
        return err_new(c->mem, E_IO, "%s could not be opened.", path);
    err_t e = app_web_new(c->mem, (struct inst *)c->inst, &s.web);
    if (!e && args_option(a, "--as"))
        e = as_person(&s, args_option(a, "--as"));
    char *line = arena_alloc(c->mem, LINE);
    while (!e && fgets(line, LINE, f)) {
        s.line++;
        e = one_line(&s, line);
    }
    if (path)
        fclose(f);
    return e;
}
