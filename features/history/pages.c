/* pages.c: histories of a study, a site, an organisation, a person, and one's own. */
#include "features/history/pages.h"

#include "base/str.h"
#include "core/core_sql.h"
#include "db/db.h"
#include "features/history/cursor.h"
#include "features/studies/studies.h"

static struct list_ask
ask_for(struct ctx *c, const struct req *r, enum page_of of, const char *kind, int64_t id)
{
    return (struct list_ask){.of = of, .thing = req_thing(r), .kind = kind, .id = id,
                             .before = cursor_id(c, req_query(r, "before"))};
}

err_t
page_study_history(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "history", page));
    struct list_ask ask = ask_for(c, r, OF_STUDY, "study", t->study);
    const char *href;
    TRY(pages_filter(c, r, req_query, &ask, page, &href));
    view_bool(page, "may_export", true);
    return list_view(c, &ask, href, page);
}

err_t
page_site_history(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    TRY(study_head(c, t, "sites", page));
    struct list_ask ask = ask_for(c, r, OF_SITE, "site", t->study_site);
    const char *href = arena_printf(c->mem, "/studies/%s/sites/%s", t->study_ref, req_param(r, "site"));
    view_text(page, "site_href", href);
    return list_view(c, &ask, arena_printf(c->mem, "%s/history?", href), page);
}

static void
head(struct view *page, const char *kicker, const char *title, const char *href)
{
    struct view *v = view_map(page, "thing");
    view_text(v, "kicker", kicker);
    view_text(v, "title", title);
    view_text(v, "href", href);
}

err_t
page_org_history(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct core_org_row org;
    TRY(db_one(c, &CORE_ORG, DB_IN(db_int(t->organisation)), &org));
    const char *href = arena_printf(c->mem, "/organisations/%s", org.ref);
    head(page, "Organisation", org.name, href);
    struct list_ask ask = ask_for(c, r, OF_SHARED, "organisation", org.id);
    return list_view(c, &ask, arena_printf(c->mem, "%s/history?", href), page);
}

err_t
page_person_history(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct core_person_row person;
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(t->person)), &person));
    const char *href = arena_printf(c->mem, "/people/%s", person.ref);
    head(page, "Person", person.name, href);
    struct list_ask ask = ask_for(c, r, OF_SHARED, "person", person.id);
    return list_view(c, &ask, arena_printf(c->mem, "%s/history?", href), page);
}

err_t
page_my_history(struct ctx *c, struct req *r, struct view *page)
{
    head(page, "Your account", "What you did", "/me");
    struct list_ask ask = ask_for(c, r, OF_SELF, "person", c->who->person);
    ask.thing = NULL;
    return list_view(c, &ask, "/me/history?", page);
}
