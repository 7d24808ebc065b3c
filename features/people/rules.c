/* rules.c: see rules.h. */
#include "features/people/rules.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"

#include <string.h>

static const struct org_kind org_kinds[] = {
    {"site", "Hospital or practice", true},
    {"sponsor", "Sponsor", true},
    {"cro", "Contract research organisation", true},
    {"laboratory", "Laboratory", true},
    {"university", "University", true},
    {"committee", "Ethics committee", true},
    {"authority", "Authority", true},
    {"supplier", "Supplier", true},
    {"patients", "Patient organisation", true},
    {"other", "Other", true},
    {"operator", "Runs this installation", false},
};

static const struct tie_kind tie_kinds[] = {
    {"employment", "Works at", NULL},
    {"membership", "Member of", NULL},
    {"advice", "Advises", NULL},
    {"mentoring", "Mentors", "Mentored by"},
    {"training", "Trained", "Trained by"},
    {"colleague", "Works with", "Works with"},
    {"introduction", "Introduced", "Introduced by"},
};

const struct org_kind *
rules_org_kinds(size_t *ret_n)
{
    *ret_n = sizeof org_kinds / sizeof *org_kinds;
    return org_kinds;
}

const char *
rules_org_kind_words(const char *literal)
{
    for (size_t i = 0; literal && i < sizeof org_kinds / sizeof *org_kinds; i++) {
        if (strcmp(org_kinds[i].literal, literal) == 0)
            return org_kinds[i].words;
    }
    return literal;
}

const struct tie_kind *
rules_tie_kinds(size_t *ret_n)
{
    *ret_n = sizeof tie_kinds / sizeof *tie_kinds;
    return tie_kinds;
}

const struct tie_kind *
rules_tie_kind(const char *literal)
{
    for (size_t i = 0; literal && i < sizeof tie_kinds / sizeof *tie_kinds; i++) {
        if (strcmp(tie_kinds[i].literal, literal) == 0)
            return &tie_kinds[i];
    }
    return NULL;
}

const char *
rules_org_key(struct arena *a, const char *name, const char *city, const char *country)
{
    return arena_printf(a, "%s|%s|%s", utf8_fold(a, name), utf8_fold(a, str_or(city, "")),
                        str_or(country, ""));
}

const char *
rules_person_key(struct arena *a, const char *name, const char *affiliation)
{
    if (str_empty(affiliation))
        return NULL;
    return arena_printf(a, "%s|%s", utf8_fold(a, name), utf8_fold(a, affiliation));
}
