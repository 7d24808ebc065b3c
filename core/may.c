/* may.c: the one decision about rights. See may.h. Pure: it reads the tables and nothing else. */
#include "core/may.h"

#include <string.h>

static const struct {
    const char *word, *title;
    enum scope scope;
    int comp;
} roles[] = {
#define ROLE(name, word, title, scope, comp) {word, title, scope, comp},
#include "core/roles.def"
#undef ROLE
};

#define R(name) (1u << ROLE_##name)
#define ANYBODY (1u << 30)
#define SIGNED_IN (1u << 31)
static const struct {
    const char *name, *words;
    unsigned all, own;
} perms[] = {
    {"NONE", "", 0, 0},
#define PERM(name, words, all, own) {#name, words, all, own},
#include "core/perms.def"
#undef PERM
};

static bool
sees_compartment(const struct right *r, enum compartment comp)
{
    return comp == COMP_OPEN || r->comp == comp;
}

/* Whether a tie reaches the thing at all, before sites are looked at. */
static bool
reaches(const struct right *r, const struct thing *t)
{
    switch (roles[r->role].scope) {
    case SCOPE_INSTALLATION:
        return true;
    case SCOPE_ORGANISATION:
        return r->organisation && (r->organisation == t->organisations[0] ||
                                   r->organisation == t->organisations[1]);
    case SCOPE_STUDY:
    case SCOPE_SITES:
        return r->study && r->study == t->study;
    }
    return false;
}

static bool
allows(const struct right *r, enum perm p, const struct thing *t)
{
    unsigned bit = 1u << r->role;
    bool all = perms[p].all & bit, own = perms[p].own & bit;
    if (!all && !own)
        return false;
    if (!t)
        return true;
    if (!reaches(r, t) || !sees_compartment(r, t->comp))
        return false;
    return all || !r->study_site || r->study_site == t->study_site;
}

bool
may(const struct who *w, enum perm p, const struct thing *t)
{
    if (perms[p].all & ANYBODY)
        return true;
    if (!w)
        return false;
    if (perms[p].all & SIGNED_IN)
        return true;
    for (size_t i = 0; i < w->n_rights; i++) {
        if (allows(&w->rights[i], p, t))
            return true;
    }
    return false;
}

bool
may_has_role(const struct who *w, enum role r)
{
    for (size_t i = 0; w && i < w->n_rights; i++) {
        if (w->rights[i].role == r)
            return true;
    }
    return false;
}

const char *
role_word(enum role r)
{
    return roles[r].word;
}

const char *
role_title(enum role r)
{
    return roles[r].title;
}

enum scope
role_scope(enum role r)
{
    return roles[r].scope;
}

int
role_compartment(enum role r)
{
    return roles[r].comp;
}

bool
role_find(const char *word, enum role *ret)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(roles[i].word, word) == 0) {
            *ret = (enum role)i;
            return true;
        }
    }
    return false;
}

const char *
perm_name(enum perm p)
{
    return perms[p].name;
}

const char *
perm_words(enum perm p)
{
    return perms[p].words;
}

bool
perm_of_role(enum perm p, enum role r, bool *ret_own_only)
{
    unsigned bit = 1u << r;
    if (perms[p].all & (ANYBODY | SIGNED_IN | bit)) {
        *ret_own_only = false;
        return true;
    }
    *ret_own_only = true;
    return perms[p].own & bit;
}
