/* request.c: "request": requests answered in process, for scenarios and scripts.
 *
 * Lines of the file: `GET /path`, or `POST /path name=value&name=value`; `# comment`; `as EMAIL` changes
 * who asks; `expect STATUS` and `expect KEY.PATH VALUE` check the answer before. Prints each status and
 * body unless everything is expected; exit 1 at the first expectation that fails. */
#include "app/app.h"
#include "app/commands.h"
#include "base/str.h"
#include "core/account.h"
#include "core/keys.h"
#include "core/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 64 << 10 };

struct scenario {
    struct ctx *c;
    const struct args *args;
    struct web *web;
    const char *cookie, *csrf;
    struct http_answer last;
    int64_t checks, line;
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

static err_t
as_person(struct scenario *s, const char *email)
{
    struct sign sign = {.email = email};
    TRY(record_transaction(s->c, &(struct record_work){"sign_in", NULL, args_who(s->c->mem), begin_session, &sign}));
    s->cookie = arena_printf(s->c->mem, "rapport=%s", sign.token);
    unsigned char hash[32], token[32];
    token_hash(sign.token, hash);
    keys_lookup(s->c->inst->keys, "csrf", str_hex(s->c->mem, hash, 32), token);
    s->csrf = str_hex(s->c->mem, token, 16);
    return NULL;
}

static err_t
ask(struct scenario *s, enum http_method method, char *rest)
{
    char *space = strchr(rest, ' ');
    const char *body = NULL;
    if (space) {
        *space = '\0';
        body = space + 1;
    }
    const char *headers[] = {"Host", "localhost", "X-CSRF-Token", str_or(s->csrf, ""), NULL};
    struct http_fake f = {.method = method, .target = arena_strdup(s->c->mem, rest), .body = body ? arena_strdup(s->c->mem, body) : NULL,
                          .body_n = body ? strlen(body) : 0, .cookies = s->cookie, .headers = headers};
    TRY(http_handle(app_web_http(s->web), s->c, &f, &s->last));
    s->asked = true;
    const char *line = arena_printf(s->c->mem, "%d %s%s%s\n", s->last.status, f.target, s->last.location ? " -> " : "", str_or(s->last.location, ""));
    args_print(s->args, line, strlen(line));
    if (!args_option(s->args, "--quiet") && s->last.body_n && method == GET) {
        args_print(s->args, s->last.body, s->last.body_n);
        args_print(s->args, "\n", 1);
    }
    return NULL;
}

static err_t
expect(struct scenario *s, char *rest)
{
    char *space = strchr(rest, ' ');
    const char *want = space ? space + 1 : NULL, *got;
    if (space)
        *space = '\0';
    if (!s->asked)
        return err_new(s->c->mem, E_USAGE, "Line %lld: nothing was asked yet.", (long long)s->line);
    s->checks++;
    if (!want) {
        got = arena_printf(s->c->mem, "%d", s->last.status);
        want = rest;
    } else {
        const struct view *v = s->last.page ? view_at(s->last.page, rest) : NULL;
        struct buf b;
        buf_init(&b, s->c->mem);
        if (v && v->type == V_TEXT)
            buf_str(&b, v->text);
        else if (v)
            view_json(&b, v);
        got = buf_text(&b);
    }
    if (!str_eq(got, want))
        return err_new(s->c->mem, E_BAD_INPUT, "Line %lld: expected %s, got %s.", (long long)s->line, want, got);
    return NULL;
}

static err_t
one_line(struct scenario *s, char *line)
{
    line[strcspn(line, "\r\n")] = '\0';
    if (!*line || *line == '#')
        return NULL;
    if (str_starts(line, "GET "))
        return ask(s, GET, line + 4);
    if (str_starts(line, "POST "))
        return ask(s, POST, line + 5);
    if (str_starts(line, "as "))
        return as_person(s, line + 3);
    if (str_starts(line, "expect "))
        return expect(s, line + 7);
    return err_new(s->c->mem, E_USAGE, "Line %lld: begin with GET, POST, as or expect.", (long long)s->line);
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
