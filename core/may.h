/* may.h: who may do what: one function over one declared table (roles.def, perms.def).
 *
 * A person gets rights from dated ties. Every list, search, count, feed and export passes through
 * may() or through queries that take the reach of the person (struct who) as their parameters. */
#ifndef CORE_MAY_H
#define CORE_MAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum compartment { COMP_OPEN, COMP_UNBLINDED, COMP_COMMITTEE };

enum scope { SCOPE_INSTALLATION, SCOPE_ORGANISATION, SCOPE_STUDY, SCOPE_SITES };

enum role {
#define ROLE(name, word, title, scope, comp) ROLE_##name,
#include "core/roles.def"
#undef ROLE
    ROLE_COUNT
};

enum perm {
    PERM_NONE, /* a route without a permission is refused at start */
#define PERM(name, words, all, own) PERM_##name,
#include "core/perms.def"
#undef PERM
    PERM_COUNT
};

/* One current tie that gives rights. 0 = not of this scope; study_site 0 in a SCOPE_SITES tie means
 * every site of the study. */
struct right {
    enum role role;
    int64_t organisation, study, study_site;
    enum compartment comp;
};

/* Who asks: made by who_load, or by tests. */
struct who {
    int64_t person;
    const char *ref, *name;
    int64_t session;
    const unsigned char *session_hash; /* 32 bytes, or NULL */
    bool seen_old;                     /* the session's last use was noted over a minute ago */
    const struct right *rights;
    size_t n_rights;
};

/* What is asked about. A study's thing names the organisations whose directors read it. */
struct thing {
    int64_t study, study_site;
    int64_t organisations[2]; /* sponsor and operator of the study; or the organisation itself */
    int64_t organisation, person, tie;
    enum compartment comp;
    const char *study_ref, *study_title; /* for pages; NULL when no study */
};

/* True when `w` may. `w` NULL: nobody signed in. `t` NULL: something that does not exist yet or a
 * list; then a tie of any place counts, and the list itself must filter. */
bool may(const struct who *w, enum perm p, const struct thing *t);

/* True when `w` holds the role anywhere. */
bool may_has_role(const struct who *w, enum role r);

const char *role_word(enum role r);   /* "study_manager" */
const char *role_title(enum role r);  /* "Study manager" */
enum scope role_scope(enum role r);
int role_compartment(enum role r);    /* highest compartment a tie of this role may be given */
bool role_find(const char *word, enum role *ret);
const char *perm_name(enum perm p);   /* "STUDY_READ" */
const char *perm_words(enum perm p);
bool perm_of_role(enum perm p, enum role r, bool *ret_own_only); /* for the declared matrix */

#endif
