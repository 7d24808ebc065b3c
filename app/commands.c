/* commands.c: the commands that belong to no feature. See commands.h. */
#include "app/commands.h"

#include "app/app.h"
#include "base/log.h"
#include "base/str.h"
#include "core/keys.h"
#include "core/record.h"
#include "tmpl/tmpl.h"

#include <jansson.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- serve ---- */

static void
say_ready(void *arg, int port)
{
    printf("Rapport is ready: http://127.0.0.1:%d/\n", port);
    fflush(stdout);
}

static err_t
number_option(struct ctx *c, const struct args *a, const char *name, int64_t least, int64_t most, int *ret)
{
    int64_t v;
    const char *text = args_option(a, name);
    if (!text)
        return NULL;
    if (!str_int(text, &v) || v < least || v > most)
        return err_new(c->mem, E_USAGE, "%s: give a number from %lld to %lld.", name, (long long)least, (long long)most);
    *ret = (int)v;
    return NULL;
}

/* A large page's memory goes back to the system instead of staying with each worker's heap: after
 * large pages the process is a third smaller. Its peak is the same. */
static void
give_back_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

static err_t
command_serve(struct ctx *c, const struct args *a)
{
    struct http_options o = {.address = args_option(a, "--address"), .port = 8080,
                             .trusted_proxy = args_option(a, "--trusted-proxy")};
    TRY(number_option(c, a, "--port", 0, 65535, &o.port));
    TRY(number_option(c, a, "--workers", 1, 256, &o.workers));
    struct web *w;
    give_back_memory();
    TRY(app_web_new(c->mem, (struct inst *)c->inst, &w));
    return app_web_serve(w, &o, say_ready, NULL);
}

/* ---- migrate ---- */

static err_t
command_migrate(struct ctx *c, const struct args *a)
{
    struct migration *list;
    size_t n;
    struct db_pool *pool;
    struct migrate_report report;
    const char *what = str_or(args_at(a, 0), "up");
    bool dry = strcmp(what, "status") == 0 || args_option(a, "--dry-run");
    if (strcmp(what, "up") != 0 && strcmp(what, "status") != 0)
        return err_new(c->mem, E_USAGE, "Say: rapport migrate status, or rapport migrate up.");
    TRY(app_migrations(c->mem, &list, &n));
    struct db_options o = {.no_create = true, .owner = args_option(a, "--owner-db")};
    TRY(db_open(c->mem, str_or(args_option(a, "--db"), str_or(getenv("RAPPORT_DB"), "rapport.db")), &o, &pool));
    err_t e = db_migrate(c->mem, pool, list, n, dry, &report);
    db_close(pool);
    TRY(e);
    const char *text = arena_printf(c->mem, "%d schema files %s, %d were applied before.\n", report.applied,
                                    dry ? "to apply" : "applied", report.already);
    args_print(a, text, strlen(text));
    return NULL;
}

/* ---- check ---- */

static const char *
flags_of(struct arena *a, const struct route *r)
{
    return arena_printf(a, "%s%s", r->flags & ROUTE_REASON ? " reason" : "", r->flags & ROUTE_UPLOAD ? " upload" : "");
}

static void
print_routes(struct ctx *c, const struct args *a)
{
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_routes; k++) {
            const struct route *r = &app_features[i]->routes[k];
            buf_printf(&b, "%-4s %-52s %-17s %-22s %s%s\n", r->method == GET ? "GET" : "POST", r->path,
                       perm_name((enum perm)r->perm), str_or(r->view, "-"), str_or(r->audit, ""), flags_of(c->mem, r));
        }
    }
    args_print(a, buf_text(&b), b.len);
}

static err_t
command_check(struct ctx *c, const struct args *a)
{
    struct inst inst = {.keys = keys_temporary(c->mem), .zone = tz_find("UTC")};
    struct web *w;
    TRY(app_web_new(c->mem, &inst, &w));
    if (args_option(a, "--routes"))
        print_routes(c, a);
    else
        args_print(a, "Routes, views and features fit together.\n", 41);
    return NULL;
}

static err_t
command_version(struct ctx *c, const struct args *a)
{
    struct migration *list;
    size_t n;
    TRY(app_migrations(c->mem, &list, &n));
    const char *text = arena_printf(c->mem, "rapport %s, %zu schema files, built with %s\n", RAPPORT_VERSION, n, __VERSION__);
    args_print(a, text, strlen(text));
    return NULL;
}

static const struct option serve_options[] = {
    {"--port", "N", "port to listen on (default 8080; 0: any free)"},
    {"--address", "ADDRESS", "address to listen on (default 127.0.0.1)"},
    {"--workers", "N", "requests worked on at the same time (default 8)"},
    {"--trusted-proxy", "ADDRESS", "believe X-Forwarded-For and -Proto of this peer"},
    {NULL, NULL, NULL},
};
static const struct option demo_options[] = {
    {"--port", "N", "port to listen on (default 8080; 0: any free)"},
    {"--keep", "FOLDER", "keep the demonstration's database in this empty folder"},
    {"--samples", "FOLDER", "take the records from here (default: samples beside the program)"},
    {NULL, NULL, NULL},
};
static const struct option init_options[] = {
    {"--email", "ADDRESS", "the first person, who becomes administrator and director"},
    {"--password-stdin", NULL, "the password is the first line of standard input"},
    {"--name", "NAME", "the person's name (default: what stands before the @)"},
    {"--organisation", "NAME", "the organisation that runs this installation"},
    {"--zone", "ZONE", "its time zone, such as Europe/Berlin (default UTC)"},
    {"--public-url", "URL", "the address under which others reach it"},
    {"--only-administrator", NULL, "do not make the first person a director: no study content is seen"},
    {NULL, NULL, NULL},
};
static const struct option migrate_options[] = {
    {"--dry-run", NULL, "say what would be done"},
    {NULL, NULL, NULL},
};
static const struct option check_options[] = {
    {"--routes", NULL, "print the table of routes with permission, view and audit name"},
    {NULL, NULL, NULL},
};
static const struct option request_options[] = {
    {"--as", "EMAIL", "ask as this person"},
    {NULL, NULL, NULL},
};

static const struct command commands[] = {
    {"serve", "", "run the web server", serve_options, NEEDS_DB, 0, 0, command_serve},
    {"demo", "", "a throw-away server with real public studies and a sign-in link for each role", demo_options, NEEDS_OPEN, 0, 0, command_demo},
    {"init", "", "make a new installation", init_options, NEEDS_OPEN, 0, 0, command_init},
    {"migrate", "status|up", "bring the schema up to date", migrate_options, NEEDS_OPEN, 0, 1, command_migrate},
    {"request", "[FILE]", "answer requests from a file or standard input, one a line: GET /studies", request_options, NEEDS_DB, 0, 1, command_request},
    {"check", "", "see that routes, views and features fit together", check_options, NEEDS_NOTHING, 0, 0, command_check},
    {"version", "", "version, schema, compiler", NULL, NEEDS_NOTHING, 0, 0, command_version},
};

static err_t
set_demo_clock(struct ctx *c, struct req *r, struct view *page)
{
    int32_t day;
    if (!c->inst->demo)
        return err_new(c->mem, E_NOT_FOUND, "There is no clock to move: this is no demonstration.");
    if (!date_parse(req_form(r, "day"), &day))
        return err_field(c->mem, E_BAD_INPUT, "day", "Give a day such as 2026-11-23.");
    record_event(c);
    atomic_store(&((struct inst *)c->inst)->demo_day, day);
    bool on = req_form(r, "looks_back") && day > c->today;
    req_redirect(r, "%s", app_look_back(c->mem, str_or(req_form(r, "next"), "/"), on ? c->today : 0));
    return NULL;
}

static const struct field clock_form[] = {
    {"day", "day", FIELD_DATE, .required = true},
    {"looks_back", NULL, FIELD_BOOL},
    {NULL},
};
static const struct route routes[] = {
    {POST, "/demo/clock", set_demo_clock, .perm = PERM_SELF, .form = clock_form, .audit = "demo.clock"},
};
static const struct deed deeds[] = {{"demo.clock", "moved the demonstration's clock"}};

const struct feature app_feature = {
    .name = "app",
    .routes = routes, .n_routes = COUNT_OF(routes),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .commands = commands, .n_commands = COUNT_OF(commands),
};
