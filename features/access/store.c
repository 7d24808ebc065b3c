/* store.c: how persons get accounts and first roles. See access.h. */
#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/account.h"
#include "core/core_sql.h"
#include "core/holidays.h"
#include "core/party.h"
#include "core/record.h"
#include "db/db.h"
#include "features/access/access.h"
#include "features/studies/studies.h"

#include <string.h>

const char *
access_name_of(struct arena *a, const char *email)
{
    return email ? arena_strndup(a, email, strcspn(email, "@")) : NULL;
}

err_t
access_ready(struct ctx *c, bool *ret)
{
    char today[DATE_TEXT];
    date_iso(c->today, today);
    struct core_account_count_admin_row row;
    TRY(db_one(c, &CORE_ACCOUNT_COUNT_ADMIN, DB_IN(db_text(today)), &row));
    *ret = row.n > 0;
    return NULL;
}

static err_t
grant(struct ctx *c, const struct access_new *n, int64_t person)
{
    char today[DATE_TEXT];
    date_iso(c->inst->demo ? tz_day(c->inst->zone, c->now) - 3650 : c->today, today);
    struct tie_new tie = {.person = person, .organisation = n->organisation, .study = n->study,
                          .study_site = n->study_site, .role = n->role, .from_on = today, .to_on = n->until,
                          .comp = (enum compartment)n->comp};
    const char *ref;
    bool audience;
    TRY(tie_grant(c, &tie, &ref, &audience));
    return audience ? study_list_audience(c, n->organisation) : NULL;
}

err_t
access_add(struct ctx *c, const struct access_new *n, int64_t *ret_person)
{
    struct person_new p = {.name = n->name, .origin = "typed"};
    bool joined;
    TRY(person_get(c, &p, ret_person, &joined));
    struct core_person_row person;
    TRY(db_one(c, &CORE_PERSON, DB_IN(db_int(*ret_person)), &person));
    record_about(c, "person", *ret_person, person.ref, NULL);
    record_change(c, "person", n->name, "name", NULL, n->name);
    TRY(account_create(c, *ret_person, n->email, n->hash));
    return n->role ? grant(c, n, *ret_person) : NULL;
}

static err_t
make_home(struct ctx *c, const char *name, int64_t *ret)
{
    struct org_new o = {.name = name, .kind = "operator", .origin = "typed",
                        .join_key = arena_printf(c->mem, "%s||", utf8_fold(c->mem, name))};
    bool joined;
    TRY(org_get(c, &o, ret, &joined));
    return setting_set(c, "home", arena_printf(c->mem, "%lld", (long long)*ret));
}

err_t
access_first(struct ctx *c, const struct first_person *f, int64_t *ret_person)
{
    int64_t home = c->inst->home;
    if (!home)
        TRY(make_home(c, f->organisation, &home));
    if (f->public_url)
        TRY(setting_set(c, "public_url", f->public_url));
    if (f->zone) {
        if (!tz_find(f->zone))
            return err_field(c->mem, E_BAD_INPUT, "zone", "There is no time zone %s. Use a name such as Europe/Berlin.", f->zone);
        TRY(setting_set(c, "zone", f->zone));
    }
    TRY(holidays_ship(c));
    struct access_new n = {.name = f->name, .email = f->email, .hash = f->hash, .role = role_word(ROLE_ADMINISTRATOR)};
    TRY(access_add(c, &n, ret_person));
    n.role = role_word(ROLE_DIRECTOR);
    n.organisation = home;
    return f->only_administrator ? NULL : grant(c, &n, *ret_person);
}
