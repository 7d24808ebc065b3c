/* app.h: the room that knows all others: the command line, the installation's opening, the hooks of
 * the web server. */
#ifndef APP_APP_H
#define APP_APP_H

#include "core/feature.h"
#include "core/inst.h"
#include "db/db.h"
#include "http/http.h"

/* ---- features.c ---- */

extern const struct feature *const app_features[];
extern const size_t app_features_n;
/* The schema files of core and of every feature, in the order of features.def. */
err_t app_migrations(struct arena *a, struct migration **ret, size_t *ret_n);
/* The resolver of a "{param}" of a path, or NULL. */
const struct resolver *app_resolver(const char *param);
/* Start-up checks beyond http_new's: every view exists, every "{param}" has a resolver, every feature
 * a feature depends on is listed. Gives core the words of every action (core/deeds.h). */
struct tmpl_set;
err_t app_check(struct arena *a, const struct tmpl_set *templates);
err_t app_templates(struct arena *a, struct tmpl_set **ret);

/* ---- cli.c ---- */

/* The whole program: parses, opens, runs, prints; returns the exit code. */
int app_main(int argc, char **argv);
const struct command *app_command_find(int argc, char **argv, int *ret_words);
void app_help(const char *about);
void app_routes_print(void);

/* ---- open.c ---- */

struct opened {
    struct arena *mem;
    struct inst inst;
    struct ctx ctx; /* with a connection of its own */
};
struct open_how {
    const char *where, *keys, *owner;
    bool need_keys, create, no_migrate;
};
/* Opens the database, migrates an SQLite one (after a copy), reads keys and installation. */
err_t app_open(struct arena *a, const struct open_how *how, struct opened *ret);
void app_close(struct opened *o);
/* Where the key file of a database is when --keys does not say. */
const char *app_keys_path(struct arena *a, const char *where);

/* ---- web.c ---- */

struct web;
/* Templates, routes and hooks for an opened installation. */
err_t app_web_new(struct arena *a, struct inst *inst, struct web **ret);
struct http *app_web_http(struct web *w);
/* Runs the jobs of all features once, each in an arena of its own; the first error is the answer, after
 * the others had their turn. */
err_t app_jobs(struct ctx *c);
/* Listens, seals, notes sessions until SIGINT or SIGTERM. `ready` is called once with the port. */
err_t app_web_serve(struct web *w, const struct http_options *o, void (*ready)(void *arg, int port), void *arg);

/* ---- shell.c ---- */

/* The address with its question as_of set to a day, or without one for 0: where the demonstration's
 * clock returns to, showing what came since the day it stood at. */
const char *app_look_back(struct arena *a, const char *address, int32_t day);
/* Fills page key "shell": navigation, account, demo, csrf. */
void app_shell(struct ctx *c, struct req *r, const char *csrf, struct view *page);

#endif
