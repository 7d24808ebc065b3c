/* store.c: writing contacts. See contacts.h. */
#include "features/contacts/contacts.h"

#include "base/date.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/inst.h"
#include "core/reach.h"
#include "core/record.h"
#include "db/db.h"
#include "features/contacts/contacts_sql.h"
#include "features/contacts/rules.h"

bool
contact_side(struct ctx *c, const struct thing *site, bool *ret_at_site, enum compartment *ret_comp)
{
    struct thing t = *site;
    *ret_comp = reach_comp(c->who, PERM_CONTACT_LOG, site);
    t.comp = *ret_comp;
    *ret_at_site = may(c->who, PERM_DUE_ACT_SITE, &t);
    return may(c->who, PERM_CONTACT_LOG, &t);
}

/* A line is for one side: it is in no study's history, and of its words the record keeps a salted hash. */
static void
note_about(struct ctx *c, int64_t id, const char *ref)
{
    record_about(c, "contact", id, ref, NULL);
    record_event(c);
}

static err_t
check(struct ctx *c, const struct contact_new *d)
{
    int32_t day;
    if (!contact_way_find(d->way))
        return err_field(c->mem, E_BAD_INPUT, "way", "Choose how you were in contact.");
    if (!d->day || !date_parse(d->day, &day))
        return err_field(c->mem, E_BAD_INPUT, "day", "Give the day as in 2026-11-23.");
    if (day > c->today)
        return err_field(c->mem, E_BAD_INPUT, "day", "That day is still to come. Note a contact once it was.");
    return NULL;
}

static err_t
put_with(struct ctx *c, int64_t id, const struct contact_new *d)
{
    for (size_t i = 0; i < d->n_with; i++)
        TRY(db_run(c, &CONTACT_WITH_ADD, DB_IN(db_int(id), db_int(d->with[i])), NULL));
    return NULL;
}

err_t
contact_write(struct ctx *c, const struct contact_new *d, const char **ret_ref)
{
    struct contact_add_row row;
    TRY(check(c, d));
    if (str_empty(d->line))
        return err_field(c->mem, E_BAD_INPUT, "line", "Say in a line what happened.");
    if (utf8_length(d->line) > CONTACT_LINE)
        return err_field(c->mem, E_BAD_INPUT, "line", "One line, of %d letters at most.", CONTACT_LINE);
    const char *ref = ref_new(c->mem);
    TRY(db_one(c, &CONTACT_ADD,
               DB_IN(db_text(ref), db_int(d->site->study), db_int(d->site->study_site), db_bool(d->at_site), db_int(d->comp),
                     db_int(c->who->person), db_text(c->who->name), db_text(d->way), db_text(d->day), db_text(d->line), db_time(c->now)),
               &row));
    TRY(put_with(c, row.id, d));
    note_about(c, row.id, ref);
    record_change(c, "contact", "contact", "way", NULL, d->way);
    record_change(c, "contact", "contact", "day", NULL, d->day);
    record_secret(c, "contact", "line", d->line);
    *ret_ref = ref;
    return NULL;
}

err_t
contact_correct(struct ctx *c, const char *ref, const struct contact_new *d)
{
    struct contact_get_row x;
    bool found;
    TRY(db_maybe(c, &CONTACT_GET, DB_IN(db_int(d->site->study_site), db_bool(d->at_site), db_int(d->comp), db_text(ref)), &x, &found));
    if (!found || x.person != c->who->person)
        return err_new(c->mem, E_NOT_FOUND, "There is no such note of yours.");
    TRY(check(c, d));
    note_about(c, x.id, ref);
    record_change(c, "contact", "contact", "way", x.way, d->way);
    record_change(c, "contact", "contact", "day", x.day, d->day);
    TRY(db_run(c, &CONTACT_SET, DB_IN(db_int(x.id), db_text(d->way), db_text(d->day)), NULL));
    TRY(db_run(c, &CONTACT_WITH_DROP, DB_IN(db_int(x.id)), NULL));
    return put_with(c, x.id, d);
}
