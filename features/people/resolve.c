/* resolve.c: what the parts of a path between braces name. See pages.h. */
#include "core/core_sql.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/people/pages.h"
#include "features/people/rules.h"

static err_t
not_here(struct ctx *c)
{
    return err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
}

/* The organisation whose directors keep what studies share; before set-up nobody's. */
static int64_t
keeper(const struct ctx *c)
{
    return c->inst->home ? c->inst->home : -1;
}

err_t
resolve_org(struct ctx *c, const char *ref, struct thing *ret)
{
    struct people_org_row row;
    bool found, seen = false;
    TRY(db_maybe(c, &PEOPLE_ORG, DB_IN(db_text(ref)), &row, &found));
    if (found && !row.placeholder) {
        struct sight s = sight_of(c);
        TRY(sight_of_org(c, &s, row.id, &seen));
    }
    if (!seen)
        return not_here(c);
    ret->organisation = row.id;
    ret->organisations[0] = keeper(c);
    return NULL;
}

/* A person is kept by an organisation as organisations are; naming it in the thing makes a
 * permission be asked of it. */
static void
person_thing(struct ctx *c, int64_t person, struct thing *ret)
{
    ret->person = person;
    ret->organisation = ret->organisations[0] = keeper(c);
}

err_t
resolve_person(struct ctx *c, const char *ref, struct thing *ret)
{
    struct people_person_row row;
    bool found, seen = false;
    TRY(db_maybe(c, &PEOPLE_PERSON, DB_IN(db_text(ref)), &row, &found));
    if (found && !row.desk) {
        struct sight s = sight_of(c);
        TRY(sight_of_person(c, &s, row.id, &seen));
    }
    if (!seen)
        return not_here(c);
    person_thing(c, row.id, ret);
    return NULL;
}

/* Only ties noted by hand; roles are ended in their study. Both ends must be seen. */
err_t
resolve_tie(struct ctx *c, const char *ref, struct thing *ret)
{
    struct core_tie_by_ref_row row;
    bool found, seen = false, other = true;
    TRY(db_maybe(c, &CORE_TIE_BY_REF, DB_IN(db_text(ref)), &row, &found));
    if (found && row.study_null && rules_tie_kind(row.role)) {
        struct sight s = sight_of(c);
        TRY(sight_of_person(c, &s, row.person, &seen));
        if (seen && !row.other_null)
            TRY(sight_of_person(c, &s, row.other, &other));
        if (seen && !row.organisation_null)
            TRY(sight_of_org(c, &s, row.organisation, &other));
    }
    if (!seen || !other)
        return not_here(c);
    person_thing(c, row.person, ret);
    ret->tie = row.id;
    return NULL;
}
