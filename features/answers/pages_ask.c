/* pages_ask.c: asking somebody who has no account. */
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "features/answers/pages.h"
#include "features/studies/studies.h"

#include <string.h>

static const struct {
    const char *value, *words;
} lasts[] = {{"7", "a week"}, {"14", "two weeks"}, {"30", "a month"}, {"90", "three months"}};

err_t
page_outside(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct due_party me;
    int64_t site;
    TRY(due_asker(c, t, &me, &site));
    TRY(study_head(c, t, "due", page));
    view_bool(page, "may_mail", c->inst->public_url != NULL);
    view_bool(page, "mail", !req_form(r, "name") || req_form(r, "mail"));
    const char *chosen = str_or(req_form(r, "days"), "14");
    struct view *list = view_list(page, "lasts");
    for (size_t i = 0; i < COUNT_OF(lasts); i++) {
        struct view *v = view_add_map(list);
        view_text(v, "value", lasts[i].value);
        view_text(v, "text", lasts[i].words);
        view_bool(v, "selected", strcmp(chosen, lasts[i].value) == 0);
    }
    return NULL;
}

/* The link is in the page of this answer only: the database keeps a hash of its token. */
err_t
page_outside_ask(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char *ref, *token;
    int64_t due;
    struct outsider_ask a = {.name = req_form(r, "name"), .organisation = req_form(r, "organisation"), .email = req_form(r, "email"),
                             .title = req_form(r, "title"), .body = req_form(r, "body"), .due_on = req_form(r, "due_on"), .study = t,
                             .days = OUTSIDER_DAYS};
    (void)str_int(str_or(req_form(r, "days"), "14"), &a.days);
    TRY(due_asker(c, t, &a.asking, &a.study_site));
    TRY(outsider_ask(c, &a, &due, &ref, &token));
    bool mail = c->inst->public_url && req_form(r, "mail");
    if (mail)
        TRY(letter_asked(c, due, token));
    TRY(study_head(c, t, "due", page));
    struct view *v = view_map(page, "made");
    view_bool(v, "mailed", mail);
    view_text(v, "name", a.name);
    view_text(v, "ref", ref);
    view_textf(v, "path", "/a/%s", token);
    view_text(v, "url", outsider_url(c, r, token));
    return NULL;
}
