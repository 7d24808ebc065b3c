/* test_walk.c: the permission walk: every route, as everybody, on everything, against the one declared
 * table of rights (core/perms.def, roles.def). Both engines.
 *
 * It also holds what no single page's test can: whatever a person of sponsor A's is answered holds
 * nothing of sponsor B's, and is byte for byte what it was before B came; every POST writes one row of
 * the record or, when it fails, none; and none is taken without the token of its form. */
#include "paths.h"

#include "base/str.h"
#include "core/seal.h"
#include "core/sign.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { BAD_MOST = 25 };

struct walk {
    struct world *w;
    struct arena *mem; /* emptied after each request */
    int64_t asked, done, refused, unknown, bad, seen_by_b;
    int n;
    bool route_done;
    char why[200]; /* it was not */
    /* what A's people were told before B came */
    struct said {
        const char *path, *name, *body;
        int status;
    } *said;
    size_t n_said, size_said, next_said;
    bool compare;
};

static const char *
status_wanted(enum verdict v)
{
    static const char *const words[] = {"401 or sign-in", "404", "403", "done", "done, 403 or 404"};
    return words[v];
}

static void
complain(struct walk *k, const char *method, const char *path, const struct actor *a, const char *what)
{
    if (++k->bad <= BAD_MOST)
        print_error("%s %s as %s: %s\n", method, path, a->name, what);
}

static void
count(struct walk *k, int status)
{
    k->asked++;
    k->done += status == 200 || status == 303;
    k->refused += status == 403 || status == 401;
    k->unknown += status == 404;
}

/* Nothing of B's for A's people, in whatever form. */
static void
no_canary(struct walk *k, const char *method, const char *path, const struct actor *a, const struct http_answer *answer)
{
    bool says = world_says(answer, CANARY);
    k->seen_by_b += says && a->side == SIDE_B;
    if (!says || (a->side != SIDE_A && a->side != SIDE_NONE))
        return;
    const char *at = answer->body;
    size_t from = 0;
    while (at && from + strlen(CANARY) <= answer->body_n && strncasecmp(at + from, CANARY, strlen(CANARY)) != 0)
        from++;
    from = from > 60 ? from - 60 : 0;
    complain(k, method, path, a, arena_printf(k->mem, "%d tells of sponsor B: ...%.160s", answer->status, at ? at + from : ""));
}

static void
end_walk(struct walk *k, const char *what)
{
    print_message("           %s: %lld requests, %lld answered, %lld refused, %lld not found\n", what, (long long)k->asked,
                  (long long)k->done, (long long)k->refused, (long long)k->unknown);
    arena_free(k->mem);
    assert_true(k->done > 50 && k->refused > 50 && k->unknown > 50); /* the world is not empty */
    assert_int_equal(k->bad, 0);
}

/* ---- reading ---- */

static void
get_as_everybody(struct world *w, const struct path *p, void *arg)
{
    struct walk *k = arg;
    for (size_t i = 0; i < w->n_actors; i++) {
        const struct actor *a = &w->actor[i];
        enum verdict v = path_verdict(p, a);
        struct http_answer answer = world_ask(w, k->mem, &(struct ask){.actor = a, .path = p->text});
        count(k, answer.status);
        if (!path_status_fits(v, p, &answer))
            complain(k, "GET", p->text, a, arena_printf(k->mem, "%d, expected %s", answer.status, status_wanted(v)));
        no_canary(k, "GET", p->text, a, &answer);
        int status = answer.status;
        arena_reset(k->mem);
        if (!p->route->view)
            continue;
        const char *json = arena_printf(k->mem, "%s.json", p->text);
        answer = world_ask(w, k->mem, &(struct ask){.actor = a, .path = json});
        bool same = answer.status == status || (v == MUST_SIGN_IN && answer.status == 401);
        if (!same)
            complain(k, "GET", json, a, arena_printf(k->mem, "%d, the page %d", answer.status, status));
        no_canary(k, "GET", json, a, &answer);
        arena_reset(k->mem);
    }
}

static void
every_page_as_everybody(void **state)
{
    struct world *w = world_begin(state);
    world_add_b(w);
    struct walk k = {.w = w, .mem = arena_new(0)};
    const struct route *const *r;
    size_t n = http_routes(app_web_http(w->web), &r);
    int64_t before = world_records(w);
    for (size_t i = 0; i < n; i++) {
        if (r[i]->method == GET)
            paths_each(w, r[i], get_as_everybody, &k);
    }
    assert_int_equal(world_records(w), before); /* reading writes nothing */
    assert_true(k.seen_by_b > 100); /* B's own people read it */
    end_walk(&k, "pages");
}

/* ---- what others do changes nothing for whom it does not concern ---- */

static void
remember(struct walk *k, const char *path, const struct actor *a, const struct http_answer *answer)
{
    if (k->n_said == k->size_said) {
        size_t size = k->size_said ? k->size_said * 2 : 1024;
        struct said *more = arena_alloc(k->w->mem, size * sizeof *more);
        if (k->n_said)
            memcpy(more, k->said, k->n_said * sizeof *more);
        k->said = more;
        k->size_said = size;
    }
    k->said[k->n_said++] = (struct said){arena_strdup(k->w->mem, path), a->name,
                                         arena_strndup(k->w->mem, str_or(answer->body, ""), answer->body_n), answer->status};
}

static void
must_be_as_before(struct walk *k, const char *path, const struct actor *a, const struct http_answer *answer)
{
    const struct said *s = &k->said[k->next_said++];
    assert_string_equal(s->path, path);
    assert_string_equal(s->name, a->name);
    const char *now = arena_strndup(k->mem, str_or(answer->body, ""), answer->body_n);
    if (s->status == answer->status && (s->status != 200 || strcmp(s->body, now) == 0))
        return;
    size_t at = 0;
    while (s->body[at] && s->body[at] == now[at])
        at++;
    at = at > 40 ? at - 40 : 0;
    complain(k, "GET", path, a, arena_printf(k->mem, "%d was %d; \"%.120s\" was \"%.120s\"", answer->status, s->status, now + at, s->body + at));
}

static void
get_as_a(struct world *w, const struct path *p, void *arg)
{
    struct walk *k = arg;
    for (size_t i = 0; i < p->n_named; i++) {
        if (p->named[i]->side == SIDE_B)
            return;
    }
    for (size_t i = 0; i < w->n_actors; i++) {
        const struct actor *a = &w->actor[i];
        if (a->side != SIDE_A && a->side != SIDE_NONE)
            continue;
        const char *json = arena_printf(k->mem, "%s%s", p->text, p->route->view ? ".json" : "");
        struct http_answer answer = world_ask(w, k->mem, &(struct ask){.actor = a, .path = json});
        count(k, answer.status);
        if (k->compare)
            must_be_as_before(k, json, a, &answer);
        else
            remember(k, json, a, &answer);
        arena_reset(k->mem);
    }
}

static const char *const searches[] = {
    "/search.json?q=leeds", "/search.json?q=jane", "/search.json?q=a", "/search.json?q=" CANARY, "/search.json?q=title",
    "/studies.json?q=title", "/studies.json?q=" CANARY, "/studies.json?status=RECRUITING&country=GB&phase=PHASE2&sponsor=INDUSTRY",
    "/organisations.json?q=leeds", "/organisations.json?q=" CANARY, "/people.json?q=jane", "/people.json?q=" CANARY,
    "/studies/NCT00000001/history.json?what=study.edit", "/studies/NCT00000001/sites.json?country=GB",
};

static void
search_as_a(struct world *w, struct walk *k)
{
    for (size_t s = 0; s < sizeof searches / sizeof *searches; s++) {
        struct route any = {.path = "", .view = NULL};
        get_as_a(w, &(struct path){.route = &any, .text = searches[s]}, k);
    }
}

static void
b_changes_nothing_for_a(void **state)
{
    struct world *w = world_begin(state);
    struct walk k = {.w = w, .mem = arena_new(0)};
    const struct route *const *r;
    size_t n = http_routes(app_web_http(w->web), &r);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < n; i++) {
            if (r[i]->method == GET)
                paths_each(w, r[i], get_as_a, &k);
        }
        search_as_a(w, &k);
        if (round == 0)
            world_add_b(w);
        k.compare = true;
    }
    assert_int_equal(k.next_said, k.n_said);
    end_walk(&k, "before and after");
}

/* ---- writing ---- */

/* POSTs that the walk's forms cannot make go well, and why: other tests do. */
static const char *const never_done[] = {
    "/sign-in", "/me/password", "/me/address", /* the walk knows no password */
    "/users/{user}/end",                /* nor the ref of a role; run_access.py does */
    "/setup/{token}", "/link/{token}",  /* nor a link */
    "/studies/{study}/ask",             /* nor whom one may ask; scenarios/commitments.txt does */
    "/due/{due}/undo",                  /* only a step of a moment ago; scenarios/commitments.txt does */
    "/notices/stop/{stop}",             /* only with a link of a mail; run_mail.py does */
    "/a/{answer}/undo",                 /* the same; scenarios/answers.txt does */
    "/due/{due}/link", "/due/{due}/link/end", /* of what is asked of somebody outside; so too */
    "/due/{due}/wait", "/due/{due}/wait/end", "/due/{due}/pass", "/due/{due}/pass/back", "/due/{due}/series/end", /* needs another item or a colleague; commitments.txt */
    "/own/{own}/look/{own_draft}",      /* a list that was looked over; scenarios/ownwork.txt does */
    "/own/{own}/share", "/own/{own}/unshare", /* whom one works with; the same */
    "/own/{own}/list", "/own/{own}/file", "/own/{own}/feed", /* nor what is due by when; the same */
    "/my-load/away/end", "/my-load/share", "/my-load/share/end", /* nor what one noted, nor with whom one may share; scenarios/load.txt does */
    "/handover/cover", "/handover/cover/{cover}", "/handover/{handover}/take", "/handover/{handover}/all", "/handover/{handover}/refuse",
    "/studies/{study}/handover",        /* to whom, and what is offered: scenarios/handover.txt does these */
    "/demo/clock",
    "/studies/{study}/visits/plan",     /* nor which site to visit; scenarios/visits.txt does these */
    "/visits/{visit}/move", "/visits/{visit}/cancel", "/visits/{visit}/confirm", "/visits/{visit}/agree", "/visits/{visit}/hold",
    "/visits/{visit}/report", "/visits/{visit}/findings", "/visits/{visit}/findings/{finding}", "/visits/{visit}/send-back",
    "/visits/{visit}/letter",
    "/studies/{study}/sites/{site}/delegation/{line}",
};

static bool
may_be_undone(const struct route *r)
{
    const char *path = r->path;
    if (r->prepare == sign_prepare) /* the walk knows no password */
        return true;
    for (size_t i = 0; i < sizeof never_done / sizeof *never_done; i++) {
        if (strcmp(never_done[i], path) == 0)
            return true;
    }
    return false;
}

/* What is ended on the same day again was not changed, nor who is let in that is in, nor what is put in
 * force that is; of a file that is not ready nothing is taken. */
static bool
may_change_nothing(const char *path)
{
    return str_ends(path, "/end") || str_ends(path, "/disable") || str_ends(path, "/{draft}") || str_ends(path, "/use");
}

/* A sign-in that fails is an event that is kept. */
static int64_t
rows_wanted(const struct path *p, int status)
{
    static const char *const asks_password[] = {"/sign-in", "/me/password", "/me/address"};
    bool asks = p->route->prepare == sign_prepare;
    for (size_t i = 0; i < COUNT_OF(asks_password); i++)
        asks |= strcmp(p->route->path, asks_password[i]) == 0;
    if (asks)
        return status == 303 || status == 422;
    return status == 200 || status == 303;
}

static void
post_as(struct walk *k, const struct path *p, struct actor *a)
{
    struct world *w = k->w;
    const char *word = a->side == SIDE_B ? CANARY : "walk";
    enum verdict v = path_verdict(p, a);
    if (!a->nobody)
        world_sign_in(w, a); /* the last POST may have ended it */
    struct filled form = path_form(w, k->mem, p->route, word, ++k->n);
    int64_t before = world_records(w);
    struct http_answer answer = world_ask(w, k->mem, &(struct ask){.actor = a, .path = p->text, .form = form.body, .content_type = form.content_type});
    int64_t rows = world_records(w) - before;
    count(k, answer.status);
    if (!path_status_fits(v, p, &answer))
        complain(k, "POST", p->text, a, arena_printf(k->mem, "%d, expected %s: %.200s", answer.status, status_wanted(v), form.body));
    if (answer.status == 422 || answer.status == 409)
        snprintf(k->why, sizeof k->why, "%s", answer.error ? err_line(k->mem, answer.error) : "");
    k->route_done |= answer.status == 200 || answer.status == 303;
    if (rows != rows_wanted(p, answer.status) && !(rows == 0 && may_change_nothing(p->route->path)))
        complain(k, "POST", p->text, a, arena_printf(k->mem, "%d wrote %lld rows of the record: %.200s", answer.status, (long long)rows, form.body));
    no_canary(k, "POST", p->text, a, &answer);
    arena_reset(k->mem);
}

static void
post_as_everybody(struct world *w, const struct path *p, void *arg)
{
    for (size_t i = 0; i < w->n_actors; i++) {
        if (w->actor[i].side == SIDE_B && str_starts(p->route->path, "/a/"))
            continue; /* whoever has A's link writes to A by it */
        post_as(arg, p, &w->actor[i]);
    }
}

static void
post_route(struct walk *k, const struct route *r)
{
    k->route_done = false;
    paths_each(k->w, r, post_as_everybody, k);
    if (!k->route_done && !may_be_undone(r))
        complain(k, "POST", r->path, &k->w->actor[0],
                 arena_printf(k->mem, "nobody could do it, the forms of the walk do not fit: %s", k->why));
}

static void
every_form_as_everybody(void **state)
{
    struct world *w = world_begin(state);
    world_add_b(w);
    struct walk k = {.w = w, .mem = arena_new(0)};
    const struct route *const *r;
    size_t n = http_routes(app_web_http(w->web), &r);
    for (int turn = 0; turn < 2; turn++) { /* an import can be taken back while it is the last one */
        for (size_t i = 0; i < n; i++) {
            if (r[i]->method == POST && str_ends(r[i]->path, "/back") == !turn)
                post_route(&k, r[i]);
        }
    }
    /* and after all this has happened, A's people still read nothing of B's */
    for (size_t i = 0; i < w->n_actors; i++) {
        if (!w->actor[i].nobody)
            world_sign_in(w, &w->actor[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (r[i]->method == GET)
            paths_each(w, r[i], get_as_everybody, &k);
    }
    struct seal_report report;
    int64_t sealed = 1;
    while (sealed)
        assert_ok(seal_run(&w->o.ctx, 1000, &sealed));
    assert_ok(seal_verify(&w->o.ctx, NULL, &report));
    assert_int_equal(report.records, world_records(w));
    end_walk(&k, "forms");
}

/* ---- forged forms ---- */

static void
post_forged(struct world *w, const struct path *p, void *arg)
{
    struct walk *k = arg;
    for (size_t i = 0; i < w->n_actors; i++) {
        struct actor *a = &w->actor[i];
        if (path_verdict(p, a) != MAY_DO || a->nobody)
            continue;
        for (int foreign = 0; foreign < 2; foreign++) {
            if (!foreign && (p->route->flags & ROUTE_NO_CSRF))
                continue;
            struct filled form = path_form(w, k->mem, p->route, "walk", ++k->n);
            int64_t before = world_records(w);
            struct ask what = {.actor = a, .path = p->text, .form = form.body, .content_type = form.content_type,
                               .no_csrf = true, .foreign = foreign};
            struct http_answer answer = world_ask(w, k->mem, &what);
            k->asked++;
            if (answer.status != 403 || world_records(w) != before)
                complain(k, "POST", p->text, a, arena_printf(k->mem, "%d without the token of the form", answer.status));
            arena_reset(k->mem);
        }
    }
}

static void
no_form_without_its_token(void **state)
{
    struct world *w = world_begin(state);
    struct walk k = {.w = w, .mem = arena_new(0)};
    const struct route *const *r;
    size_t n = http_routes(app_web_http(w->web), &r);
    for (size_t i = 0; i < n; i++) {
        if (r[i]->method == POST)
            paths_each(w, r[i], post_forged, &k);
    }
    arena_free(k.mem);
    assert_true(k.asked > 50);
    assert_int_equal(k.bad, 0);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        BOTH(every_page_as_everybody),
        BOTH(b_changes_nothing_for_a),
        BOTH(every_form_as_everybody),
        BOTH(no_form_without_its_token),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
