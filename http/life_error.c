/* life_error.c: what is answered when a request fails; see life_error.h. The one place that logs an
 * error of a request. */
#include "http/life_error.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "http/csrf.h"
#include "http/problem.h"

#include <string.h>

const char *
life_log_path(const struct life *l)
{
    return l->r.route ? l->r.route->path : l->r.path ? l->r.path : "?";
}

static enum log_level
level_of(enum err_code code)
{
    if (err_status(code) >= 500)
        return code == E_UNAVAILABLE ? LOG_WARN : LOG_ERROR;
    return code == E_SIGN_IN ? LOG_DEBUG : LOG_INFO;
}

/* What people typed is in the texts of 4xx errors, so only the text of our own failures
 * is logged. */
static void
log_error(const struct life *l, err_t e)
{
    int status = err_status(e->code);
    log_line(level_of(e->code),
             "request_failed id=%s method=%.12s path=%.200s status=%d code=%s field=%s ms=%lld%s%s",
             l->c->log_id, l->raw->method, life_log_path(l), status, err_name(e->code),
             str_or(e->field, "-"), (long long)(life_clock_ms() - l->began_ms),
             status >= 500 ? " error=" : "", status >= 500 ? err_line(l->c->mem, e) : "");
}

static void
plain(struct life *l, err_t shown, struct answer *an)
{
    struct buf out;
    buf_init(&out, l->c->mem);
    if (l->r.json) {
        problem_json(&out, shown, l->c->log_id);
        an->content_type = "application/problem+json";
    } else {
        problem_html(&out, shown, l->c->log_id);
        an->content_type = "text/html; charset=utf-8";
    }
    an->body = buf_text(&out);
    an->body_n = out.len;
}

static void
begin_error(struct life *l, err_t e, struct answer *an)
{
    log_error(l, e);
    an->error = e;
    an->status = err_status(e->code);
    an->location = NULL;
    an->page = l->page;
    if (e->code == E_UNAVAILABLE)
        answer_header(an, "Retry-After", "5");
}

void
life_plain_error(struct life *l, err_t e, struct answer *an)
{
    begin_error(l, e, an);
    plain(l, problem_shown(l->c->mem, e), an);
}

/* A person who only looked is taken to sign in and back again. */
static bool
to_sign_in(struct life *l, err_t e, struct answer *an)
{
    if (e->code != E_SIGN_IN || l->r.method != GET || l->r.json || l->r.csv)
        return false;
    an->status = 303;
    an->location =
        arena_printf(l->c->mem, "/sign-in?next=%s",
                     url_encode(l->c->mem, url_local(l->raw->target) ? l->raw->target : "/"));
    return true;
}

/* Failures after which what was typed is worth another try on the same page. */
static bool
form_worth_showing(const struct life *l, err_t e)
{
    switch (e->code) {
    case E_BAD_INPUT:
    case E_REASON:
    case E_CONFLICT:
    case E_TOO_MANY:
    case E_UNAVAILABLE:
        return true;
    case E_FORBIDDEN: /* an outdated token: but never show what another site has typed */
        return csrf_origin(&l->r) == CSRF_SAME;
    default:
        return false;
    }
}

/* Makes r stand for the GET route of the page that the form was on. */
static bool
find_form_page(struct life *l)
{
    struct req *r = &l->r;
    const char *page = form_value(&r->form, "_form");
    const char *target = page && url_local(page) ? page : r->raw->target;
    const char *question = strchr(target, '?'), *suffix;
    struct router_match *m = arena_alloc(l->c->mem, sizeof *m);
    size_t n = question ? (size_t)(question - target) : strlen(target);
    if (router_match(l->c->mem, l->h->router, target, n, m, &suffix) || *suffix || !m->route[GET] ||
        !m->route[GET]->view)
        return false;
    if (req_read_query(r, question ? question + 1 : ""))
        return false;
    r->route = m->route[GET];
    r->match = m;
    r->params = router_params(l->c->mem, r->route, m);
    return true;
}

static bool
form_again(struct life *l, err_t e, struct answer *an)
{
    struct req *r = &l->r;
    if (r->method != POST || !r->route || !r->route->form || !form_worth_showing(l, e))
        return false;
    const struct req was = *r;
    const struct field *table = r->route->form;
    struct http_hooks const *hooks = &l->h->hooks;
    r->thing = r->prepared = NULL;
    if (find_form_page(l) && !hooks->allow(hooks->arg, l->c, r) && !life_handler(l) &&
        !r->reply.location && !r->reply.body) {
        r->form_again = true;
        r->reply.status = 0;
        form_show(l->page, table, &r->form);
        form_errors(l->page, e);
        an->page = l->page;
        if (!life_render(l, e, an))
            return true;
    }
    *r = was;
    l->page = NULL;
    return false;
}

/* Of a POST that needs signing in first: what was typed goes into the sign-in page, to be sent
 * again. Only if the browser says that it came from our own page: else another site could have its
 * form sent with the rights of whoever signs in. */
static void
keep_typed(struct life *l)
{
    struct req *r = &l->r;
    if (r->method != POST || !r->route || l->raw->too_large || csrf_origin(r) != CSRF_SAME ||
        form_read(l->c->mem, r->route->form, req_header(r, "Content-Type"), l->raw->body,
                  l->raw->body_n, &r->form))
        return;
    form_keep(l->page, r->route->form, &r->form, r->path);
}

static bool
error_page(struct life *l, err_t e, struct answer *an)
{
    struct req *r = &l->r;
    if (!l->page)
        l->page = view_map_new(l->c->mem);
    an->page = l->page;
    form_errors(l->page, e);
    if (e->code == E_SIGN_IN)
        keep_typed(l);
    else if (r->route && r->method == POST)
        form_show(l->page, r->route->form, &r->form);
    err_t worse = life_render(l, e, an);
    if (!worse)
        return true;
    log_error(l, worse);
    return false;
}

void
life_error(struct life *l, err_t e, struct answer *an)
{
    begin_error(l, e, an);
    if (to_sign_in(l, e, an))
        return;
    err_t shown = problem_shown(l->c->mem, e);
    if (l->r.json || l->r.csv) {
        l->r.json = true;
        plain(l, shown, an);
        return;
    }
    if (!form_again(l, shown, an) && !error_page(l, shown, an))
        plain(l, shown, an);
}
