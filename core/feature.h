/* feature.h: what a feature declares: one table in <name>.c, listed once in app/features.def.
 *
 * Routes, commands, menu entries, the things its paths name, the words of its record rows. app
 * gathers the tables of all features; nothing else knows which features there are. */
#ifndef CORE_FEATURE_H
#define CORE_FEATURE_H

#include "base/ctx.h"
#include "base/view.h"
#include "core/may.h"
#include "http/http.h"

#include <stdbool.h>
#include <stddef.h>

/* Turns the part of a path between braces into a thing: "{study}" -> ids. Adds to what earlier parts
 * of the same path filled. What the person may not know of is E_NOT_FOUND, exactly as what is not. */
struct resolver {
    const char *param;
    err_t (*resolve)(struct ctx *c, const char *value, struct thing *t);
};

/* An entry of the navigation, shown to who may. `study`: stands in the study's group, and href has
 * {study} in it. `phone`: also in the bottom bar. */
struct menu {
    const char *text, *href, *icon; /* icon: a name listed in web/icons.txt */
    enum perm perm;
    bool study, phone;
    bool site; /* stands on the page of a site; href has {study} and {site} in it */
    bool mine; /* stands first, in the group of what is one's own */
    int place; /* order within its group */
    const char *also[4]; /* further addresses, as href, that it stands for; NULL ends */
    /* How many things wait behind it, at most 99, and whether one is late; asked for every page: cheap. */
    err_t (*count)(struct ctx *c, int64_t *ret_n, bool *ret_hot);
};

/* Words of the record: action -> what was done ("changed the study"); for history sentences. */
struct deed {
    const char *action, *words;
};

/* ---- commands ---- */

struct option {
    const char *name;  /* "--target"; NULL ends the list */
    const char *value; /* "N" shown in help; NULL: a switch */
    const char *help;
};
struct args;
const char *args_option(const struct args *a, const char *name); /* NULL when not given; "" for a switch */
size_t args_count(const struct args *a);                         /* words that are no options */
const char *args_at(const struct args *a, size_t i);
/* Where the answer goes: collected in memory and written to standard output at the end, or at once. */
void args_print(const struct args *a, const char *text, size_t n);
/* A bar at a terminal, a line every few seconds otherwise; total 0: unknown. To standard error. */
void args_progress(const struct args *a, const char *what, int64_t done, int64_t total);
/* Who runs a command, for the record: "command line (anna)". */
const char *args_who(struct arena *a);

enum command_needs {
    NEEDS_NOTHING, /* no database: c->db and c->inst are NULL */
    NEEDS_DB,      /* open, schema checked (SQLite: migrated), keys read, installation loaded */
    NEEDS_DB_NO_KEYS, /* the same without keys: reports, verify */
    NEEDS_OPEN     /* the command opens what it needs itself */
};
struct command {
    const char *name;  /* "import registry" */
    const char *words; /* "PATH..." */
    const char *help;  /* one line */
    const struct option *options;
    enum command_needs needs;
    int least, most;   /* words; most -1: any number */
    err_t (*run)(struct ctx *c, const struct args *a);
    const char *unless; /* with this option no database is opened; or NULL */
};

/* Something due that took a step, or a step back ("undo"), or is in other hands ("hand"): told to all features, so that what it was made
 * for follows. Words of features/commitments/steps.def; texts live as long as the request. */
struct due_stepped {
    int64_t due;
    const char *kind, *origin_key; /* NULL: asked by hand */
    const char *action, *state;    /* "accept", "agreed"; of words in the thread "say", and the state as it was */
    const char *due_on;            /* after the step; or NULL */
};

/* Something due, as c->who sees it: for which side she acts. */
struct due_seen {
    int64_t due;
    const char *ref;
    bool owing, asking;
};

struct feature {
    const char *name;
    const char *const *depends; /* features whose <name>.h it includes; NULL-terminated, or NULL */
    const struct route *routes;
    size_t n_routes;
    const struct resolver *resolvers;
    size_t n_resolvers;
    const struct menu *menus;
    size_t n_menus;
    const struct deed *deeds;
    size_t n_deeds;
    const struct command *commands;
    size_t n_commands;
    /* Adds maps to the list "cards" of a study's first page: { title, href, action, picture (markup),
     * text, facts [{ name, value }] }. Asks may() itself; nothing to show adds nothing. Or NULL. */
    err_t (*study_cards)(struct ctx *c, const struct thing *study, struct view *cards);
    /* Adds maps to the list "cards" of the page of something due: { title, text, lines [ { text, href, note } ],
     * forms [ { action, label } ] }. Decides itself who sees what; nothing to show adds nothing. Or NULL. */
    err_t (*due_cards)(struct ctx *c, const struct due_seen *d, struct view *cards);
    /* A few words beside what is asked of c->who, before she answers: ret[i] for due[i]; left as it is when there is
     * nothing to say. Or NULL. */
    err_t (*due_asides)(struct ctx *c, const int64_t *due, size_t n, const char **ret);
    /* The page on which c->who begins the day, or NULL; the first feature that says one has it. */
    const char *(*first_page)(struct ctx *c);
    /* What time brings: called about once a minute by a running server, outside any transaction, with
     * c->who NULL; c->mem is reset afterwards. Two processes may run it at once: each write goes through
     * record_transaction and looks again whether it is still to be done. An error is written in the
     * log, and the others go on. Or NULL. */
    err_t (*job)(struct ctx *c);
    /* Adds maps to `list`: the papers that what happened in a study makes expected: { key (of struct document_new), site
     * (id), site_title, what, tmf, why }. Those that c->who may not know of are not among them. Or NULL. */
    err_t (*papers)(struct ctx *c, const struct thing *study, struct view *list);
    /* Add maps to the list "cards" of the page of a site, or of a person: { title, text, href, more,
     * lines [ { text, href, note } ], input { name, label, hint, button } }, every key but lines set, null when not
     * there; what is typed in `input` is posted to href. Decide themselves who sees what. Or NULL. */
    err_t (*site_cards)(struct ctx *c, const struct thing *site, struct view *cards);
    err_t (*person_cards)(struct ctx *c, int64_t person, struct view *cards);
    /* Adds maps to `list`: who was seen at work at a site since that ISO day: { person (0: no account), name, day (ISO),
     * at ("IMV 2") }, newest first. What c->who may not know of is not among them. Or NULL. */
    err_t (*site_seen)(struct ctx *c, const struct thing *site, const char *since, struct view *list);
    /* The same for what waits on other machines (a mail server, a calendar elsewhere): from a thread of its own, so
     * that nothing else waits with it. Looks at inst->leaving between one and the next. Or NULL. */
    err_t (*far_job)(struct ctx *c);
    /* Where the work itself is done that something due was made for ("/visits/REF"), from its origin key; NULL: not
     * this feature's. Or NULL. */
    const char *(*due_href)(struct ctx *c, const char *origin_key);
    /* Inside the step's transaction, as part of its record row. Or NULL. */
    err_t (*stepped)(struct ctx *c, const struct due_stepped *s);
    /* Every line of every thread as it is written, `step` its number; inside its transaction. `action` as in struct
     * due_stepped, and "ask", "escalate" and the like, which are no steps. Or NULL. */
    err_t (*lined)(struct ctx *c, int64_t due, const char *action, int64_t step);
};
const char *feature_due_href(struct ctx *c, const char *origin_key);
err_t feature_stepped(struct ctx *c, const struct due_stepped *s);
err_t feature_lined(struct ctx *c, int64_t due, const char *action, int64_t step);
err_t feature_due_asides(struct ctx *c, const int64_t *due, size_t n, const char **ret);
/* The cards of all features, in their order, as list "cards" of the page. */
err_t feature_due_cards(struct ctx *c, const struct due_seen *d, struct view *page);
err_t feature_study_cards(struct ctx *c, const struct thing *study, struct view *page);
/* The papers expected in a study, by feature. */
err_t feature_papers(struct ctx *c, const struct thing *study, struct view *list);
err_t feature_site_cards(struct ctx *c, const struct thing *site, struct view *page);
err_t feature_person_cards(struct ctx *c, int64_t person, struct view *page);
/* All who were seen at work at a site since that day, by feature. */
err_t feature_site_seen(struct ctx *c, const struct thing *site, const char *since, struct view *list);

#define COUNT_OF(table) (sizeof(table) / sizeof *(table))

#endif
