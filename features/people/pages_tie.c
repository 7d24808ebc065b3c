/* pages_tie.c: ties of a person outside studies, noted by hand: who works where, who mentors whom.
 * They give no rights; roles in studies are granted on the study's own page. */
#include "base/date.h"
#include "base/str.h"
#include "core/core_sql.h"
#include "core/flash.h"
#include "core/party.h"
#include "core/record.h"
#include "db/db.h"
#include "features/people/pages.h"
#include "features/people/rules.h"
#include "http/url.h"

#include <string.h>

enum { FOUND = 12 };

/* The other end as a form sends it: "organisation:REF" or "person:REF". */
static const char org_prefix[] = "organisation:", person_prefix[] = "person:";

static err_t
add_found(struct ctx *c, const struct sight *s, enum party_kind kind, const char *q, int64_t self,
          struct view *list)
{
    struct party_row *x;
    size_t n;
    bool more;
    TRY(party_list(c, s, kind, &(struct party_filter){.q = q, .most = FOUND}, &x, &n, &more));
    for (size_t i = 0; i < n; i++) {
        if (kind == PARTY_PERSON && x[i].id == self)
            continue;
        struct view *v = view_add_map(list);
        view_textf(v, "value", "%s%s", kind == PARTY_ORG ? org_prefix : person_prefix, x[i].ref);
        view_text(v, "ref", x[i].ref);
        view_text(v, "name", x[i].name);
        view_text(v, "more",
                  kind == PARTY_ORG ? pages_place(c->mem, x[i].city, x[i].country)
                                    : x[i].affiliation);
    }
    return NULL;
}

static void
add_kinds(struct view *page, const char *chosen)
{
    size_t n;
    const struct tie_kind *kinds = rules_tie_kinds(&n);
    struct view *list = view_list(page, "kind_options");
    for (size_t i = 0; i < n; i++) {
        struct view *o = view_add_map(list);
        view_text(o, "value", kinds[i].literal);
        view_textf(o, "text", "%s (%s)", kinds[i].words,
                   kinds[i].back ? "a person" : "an organisation");
        view_bool(o, "selected", str_eq(kinds[i].literal, chosen));
    }
}

err_t
page_ties(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *q = req_query(r, "q");
    char today[DATE_TEXT];
    date_iso(c->today, today);
    struct sight s = sight_of(c);
    struct core_person_row p;
    TRY(pages_person_head(c, t->person, &p, page));
    TRY(pages_ties(c, &s, t->person, true, page));
    view_text(page, "today", today);
    view_text(page, "q", q);
    if (str_empty(q))
        return NULL;
    view_textf(page, "again", "/people/%s/ties?q=%s", p.ref, url_encode(c->mem, q));
    struct view *found = view_list(page, "found");
    TRY(add_found(c, &s, PARTY_ORG, q, t->person, found));
    TRY(add_found(c, &s, PARTY_PERSON, q, t->person, found));
    view_bool(page, "asked", true);
    add_kinds(page, req_form(r, "kind"));
    return NULL;
}

/* The other end must be one that the writer may see, and of the side the kind asks for. */
static err_t
other_end(struct ctx *c, const char *with, const struct tie_kind *kind, struct tie_new *tie,
          const char **ret_name)
{
    struct sight s = sight_of(c);
    bool found = false, seen = false;
    struct people_org_row org;
    struct people_person_row person;
    if (kind->back && str_starts(with, person_prefix)) {
        TRY(db_maybe(c, &PEOPLE_PERSON, DB_IN(db_text(with + strlen(person_prefix))), &person,
                     &found));
        if (found)
            TRY(sight_of_person(c, &s, person.id, &seen));
        if (seen)
            tie->other = person.id, *ret_name = person.name;
    } else if (!kind->back && str_starts(with, org_prefix)) {
        TRY(db_maybe(c, &PEOPLE_ORG, DB_IN(db_text(with + strlen(org_prefix))), &org, &found));
        if (found)
            TRY(sight_of_org(c, &s, org.id, &seen));
        if (seen)
            tie->organisation = org.id, *ret_name = org.name;
    }
    if (!seen || tie->other == tie->person)
        return err_field(c->mem, E_BAD_INPUT, "with", "Choose %s for this kind of tie.",
                         kind->back ? "another person" : "an organisation");
    return NULL;
}

err_t
page_tie_add(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct core_person_row p;
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(t->person)), &p));
    const struct tie_kind *kind = rules_tie_kind(req_form(r, "kind"));
    const char *from = req_form(r, "from"), *until = req_form(r, "until"), *name = NULL, *ref;
    if (!kind)
        return err_field(c->mem, E_BAD_INPUT, "kind", "Choose a kind of tie.");
    if (until && strcmp(until, from) < 0)
        return err_field(c->mem, E_BAD_INPUT, "until", "The last day is before the first.");
    struct tie_new tie = {.person = t->person,
                          .role = kind->literal,
                          .from_on = from,
                          .to_on = until,
                          .note = req_form(r, "note")};
    TRY(other_end(c, req_form(r, "with"), kind, &tie, &name));
    bool audience;
    record_about(c, "person", t->person, p.ref, t);
    TRY(tie_grant(c, &tie, &ref, &audience));
    record_change(c, "tie", p.name, kind->words, NULL, name);
    record_change(c, "tie", p.name, "note", NULL, tie.note);
    if (tie.other)
        record_also(c, "person", tie.other);
    else
        record_also(c, "organisation", tie.organisation);
    flash_set(c, r, "The tie was noted.");
    req_redirect(r, "/people/%s", p.ref);
    return NULL;
}

err_t
page_tie_end(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct core_tie_by_ref_row tie;
    struct core_person_row p;
    TRY(db_one(c, &CORE_TIE_BY_REF, DB_IN(db_text(req_param(r, "tie"))), &tie));
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(tie.person)), &p));
    const char *on = req_form(r, "on");
    if (strcmp(on, tie.from_on) < 0)
        return err_field(c->mem, E_BAD_INPUT, "on", "The tie began later, on %s.",
                         date_words_iso(c->mem, tie.from_on));
    const char *label = arena_printf(c->mem, "%s, %s", p.name, rules_tie_kind(tie.role)->words);
    record_about(c, "person", tie.person, p.ref, t);
    if (!tie.other_null)
        record_also(c, "person", tie.other);
    if (!tie.organisation_null)
        record_also(c, "organisation", tie.organisation);
    TRY(tie_end(c, tie.id, false, label, tie.to_on, on));
    flash_set(c, r, "The tie ends on that day.");
    req_redirect(r, "/people/%s", p.ref);
    return NULL;
}
