/* pages_ladder.c: to whom a study tells what is later than agreed, and after how long. */
#include "base/str.h"
#include "core/flash.h"
#include "core/record.h"
#include "features/commitments/ladder.h"
#include "features/commitments/pages.h"
#include "features/studies/studies.h"

err_t
page_ladder(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct ladder_rung rung[LADDER_RUNGS];
    size_t n;
    TRY(study_head(c, t, "due", page));
    TRY(ladder_of(c, t->study, rung, &n));
    struct view *list = view_list(page, "rungs");
    for (size_t i = 0; i < LADDER_RUNGS; i++) {
        struct view *v = view_add_map(list), *roles = view_list(v, "roles");
        view_int(v, "n", (int64_t)i + 1);
        view_bool(v, "there", i < n);
        if (i < n)
            view_textf(v, "after", "%lld", (long long)rung[i].after);
        for (int k = ROLE_STUDY_MANAGER; k <= ROLE_SAFETY; k++) {
            struct view *o = view_add_map(roles);
            view_text(o, "value", role_word((enum role)k));
            view_text(o, "text", role_title((enum role)k));
            view_bool(o, "selected", i < n && str_eq(rung[i].role, role_word((enum role)k)));
            if (i < n && str_eq(rung[i].role, role_word((enum role)k)))
                view_text(v, "role", role_title((enum role)k));
        }
    }
    view_bool(page, "edit", may(c->who, PERM_DUE_LADDER, t));
    return NULL;
}

/* Rungs without days are left out. */
err_t
page_ladder_set(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *const *after, *const *role;
    struct ladder_rung rung[LADDER_RUNGS];
    size_t n_after = req_form_many(r, "after", &after), n_role = req_form_many(r, "role", &role), n = 0;
    for (size_t i = 0; i < n_after && i < n_role && n < LADDER_RUNGS; i++) {
        if (str_empty(after[i]))
            continue;
        if (!str_int(after[i], &rung[n].after))
            return err_field(c->mem, E_BAD_INPUT, "after", "Give business days as a whole number.");
        rung[n++].role = role[i];
    }
    if (n == 0)
        return err_field(c->mem, E_BAD_INPUT, "after", "Leave at least one rung.");
    record_about(c, "study", t->study, t->study_ref, t);
    TRY(ladder_set(c, t->study, rung, n));
    flash_set(c, r, "Kept.");
    req_redirect(r, "/studies/%s/ladder", t->study_ref);
    return NULL;
}
