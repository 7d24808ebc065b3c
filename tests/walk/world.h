/* world.h: the small world of the permission walk: two sponsors that share a hospital and a person,
 * the organisation that runs the installation, and somebody in every role on either side.
 *
 * Everything of sponsor B's carries the word CANARY wherever a text can stand: nothing that anybody of
 * sponsor A's ever gets to read may hold it. */
#ifndef TESTS_WALK_WORLD_H
#define TESTS_WALK_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/app.h"
#include "core/may.h"

#define CANARY "zqxjb"
#define FRIEND "alfa"

enum side { SIDE_A, SIDE_B, SIDE_HOME, SIDE_NONE };

struct actor {
    char name[64];
    enum side side;
    enum role role;
    bool over, nobody; /* over: the role has ended; nobody: not signed in */
    int64_t person;
    const struct who *who; /* NULL: nobody */
    const char *cookie, *csrf;
};

/* Something that a part of a path can name. */
struct target {
    const char *param, *value;
    enum side side;     /* SIDE_NONE: shared or of no side */
    bool there;         /* false: there is no such thing */
    struct thing thing; /* studies and sites */
    int study;          /* of a site: the index of its study among the targets */
};

enum { ACTORS = 64, TARGETS = 64 };
struct world {
    enum db_engine engine;
    struct arena *mem;
    char dir[64];
    const char *where, *owner, *keys;
    struct opened o;
    struct web *web;
    struct actor actor[ACTORS];
    size_t n_actors;
    struct target target[TARGETS];
    size_t n_targets;
    int64_t dummy; /* a person on whom the walk may do what it likes */
    const char *dummy_email, *study_text;
};

#define ON(fn, engine)                                                                             \
    {#fn "/" engine, fn, world_setup, world_teardown, (void *)(uintptr_t)engine}
#define BOTH(fn) ON(fn, "sqlite"), ON(fn, "postgres")

int world_setup(void **state);
int world_teardown(void **state);
/* The world of sponsor A alone, and the organisation that runs the installation. */
struct world *world_begin(void **state);
/* Sponsor B joins, at the same hospital. */
void world_add_b(struct world *w);

/* One request by somebody, its answer in `a`; `form` NULL: GET. */
struct ask {
    const struct actor *actor;
    const char *path, *form, *content_type;
    bool no_csrf, foreign; /* without the token; from another site's page */
};
struct http_answer world_ask(struct world *w, struct arena *a, const struct ask *ask);
/* A new session, for an actor who may have ended the last. */
void world_sign_in(struct world *w, struct actor *a);
int64_t world_records(struct world *w);
/* A registry's record, every text of it with `tag`. */
const char *world_study(struct world *w, struct arena *a, const char *nct, const char *tag,
                        const char *sponsor, const char *date);
/* The text without regard to case, anywhere in what was answered. */
bool world_says(const struct http_answer *answer, const char *text);

#define assert_ok(expr)                                                                            \
    do {                                                                                           \
        err_t ok_e_ = (expr);                                                                      \
        if (ok_e_) {                                                                               \
            struct arena *ok_a_ = arena_new(0);                                                    \
            print_error("%s\n", err_line(ok_a_, ok_e_));                                           \
            arena_free(ok_a_);                                                                     \
        }                                                                                          \
        assert_null(ok_e_);                                                                        \
    } while (0)

#endif
