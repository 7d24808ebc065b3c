/* store.c: see store.h. Called by the pages of this feature. */
#include "features/handover/store.h"

#include "base/str.h"
#include "core/account.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"

/* Whether the successor may stand where the item is: the sponsor's side in the study, or that site. */
static bool
fits(const struct who *to, const struct thing *study, const struct hand_open_row *x)
{
    struct thing t = *study;
    t.study_site = x->site_null ? 0 : x->site;
    t.comp = (enum compartment)x->comp;
    if (x->at_site)
        return may(to, PERM_DUE_ACT_SITE, &t);
    t.study_site = 0;
    return may(to, PERM_DUE_ASK, &t) && may(to, PERM_SITE_LIST, &t);
}

err_t
handover_offer(struct ctx *c, const struct handover_new *n, const char **ret_ref, size_t *ret_left)
{
    const struct who *to;
    struct hand_open_row *x;
    struct hand_add_row row;
    struct hand_offered_row offered;
    size_t found, added = 0;
    if (n->from == n->to)
        return err_field(c->mem, E_BAD_INPUT, "to", "Choose somebody else.");
    TRY(who_load(c, n->to, &to));
    TRY(db_list(c, &HAND_OPEN, DB_IN(db_int(n->study->study), db_int(n->from), db_int(HANDOVER_ITEMS)), &x, &found));
    const char *ref = ref_new(c->mem);
    TRY(db_one(c, &HAND_ADD,
               DB_IN(db_text(ref), db_int(n->study->study), db_int(n->from), db_int(n->to), db_int(c->who->person), db_text(n->why), db_time(c->now)), &row));
    for (size_t i = 0; i < found; i++) {
        TRY(db_one(c, &HAND_OFFERED, DB_IN(db_int(x[i].id)), &offered));
        if (offered.n || !fits(to, n->study, &x[i]))
            continue;
        TRY(db_run(c, &HAND_ITEM_ADD, DB_IN(db_int(row.id), db_int(x[i].id)), NULL));
        record_change(c, "hand-over", x[i].title, "offered to", NULL, to->name);
        added++;
    }
    if (!added)
        return err_field(c->mem, E_BAD_INPUT, "to", "There is nothing open that could go to this person: things of a site stay at the site, "
                         "and what is offered already waits for its answer.");
    record_about(c, "study", n->study->study, n->study->study_ref, n->study);
    *ret_ref = ref;
    *ret_left = found - added;
    return NULL;
}

static err_t
find_item(struct ctx *c, const struct hand_get_row *h, const char *due_ref, struct hand_items_row *ret)
{
    struct hand_items_row *x;
    size_t n;
    TRY(db_list(c, &HAND_ITEMS, DB_IN(db_int(h->id), db_int(h->giver)), &x, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_eq(x[i].ref, due_ref)) {
            *ret = x[i];
            return str_eq(x[i].state, "offered") ? NULL : err_new(c->mem, E_CONFLICT, "You have answered that already.");
        }
    }
    return err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
}

static err_t
answer(struct ctx *c, const struct hand_get_row *h, const struct hand_items_row *x, const char *state, const char *why)
{
    struct hand_left_row left;
    int64_t changed;
    struct thing about = {.study = h->study};
    TRY(db_run(c, &HAND_ITEM_SET, DB_IN(db_int(h->id), db_int(x->due), db_text(state), db_text(why)), &changed));
    if (!changed)
        return err_new(c->mem, E_CONFLICT, "You have answered that already.");
    TRY(db_one(c, &HAND_LEFT, DB_IN(db_int(h->id)), &left));
    if (!left.n)
        TRY(db_run(c, &HAND_CLOSE, DB_IN(db_int(h->id)), NULL));
    record_about(c, "commitment", x->due, x->ref, &about);
    record_change(c, "hand-over", x->title, "answer", "offered", state);
    return NULL;
}

err_t
handover_take(struct ctx *c, const struct hand_get_row *h, const char *due_ref)
{
    struct hand_items_row x;
    TRY(find_item(c, h, due_ref, &x));
    if (x.open) /* what ended meanwhile needs no hands */
        TRY(due_hand(c, x.due, h->giver, h->taker, h->to_name, h->from_name));
    return answer(c, h, &x, "taken", NULL);
}

err_t
handover_refuse(struct ctx *c, const struct hand_get_row *h, const char *due_ref, const char *why)
{
    struct hand_items_row x;
    if (str_empty(why))
        return err_field(c->mem, E_BAD_INPUT, "why", "Please say why in a few words.");
    TRY(find_item(c, h, due_ref, &x));
    return answer(c, h, &x, "refused", why);
}
