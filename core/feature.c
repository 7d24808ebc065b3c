/* feature.c: what features add to each other's pages without knowing each other. See feature.h. */
#include "core/feature.h"

#include "base/err.h"
#include "core/inst.h"

err_t
feature_study_cards(struct ctx *c, const struct thing *study, struct view *page)
{
    struct view *cards = view_list(page, "cards");
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->study_cards)
            TRY(f->study_cards(c, study, cards));
    }
    return NULL;
}

err_t
feature_papers(struct ctx *c, const struct thing *study, struct view *list)
{
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->papers)
            TRY(f->papers(c, study, list));
    }
    return NULL;
}

err_t
feature_site_cards(struct ctx *c, const struct thing *site, struct view *page)
{
    struct view *cards = view_list(page, "cards");
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->site_cards)
            TRY(f->site_cards(c, site, cards));
    }
    return NULL;
}

err_t
feature_person_cards(struct ctx *c, int64_t person, struct view *page)
{
    struct view *cards = view_list(page, "cards");
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->person_cards)
            TRY(f->person_cards(c, person, cards));
    }
    return NULL;
}

err_t
feature_site_seen(struct ctx *c, const struct thing *site, const char *since, struct view *list)
{
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->site_seen)
            TRY(f->site_seen(c, site, since, list));
    }
    return NULL;
}

err_t
feature_due_cards(struct ctx *c, const struct due_seen *d, struct view *page)
{
    struct view *cards = view_list(page, "cards");
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->due_cards)
            TRY(f->due_cards(c, d, cards));
    }
    return NULL;
}

err_t
feature_due_asides(struct ctx *c, const int64_t *due, size_t n, const char **ret)
{
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->due_asides)
            TRY(f->due_asides(c, due, n, ret));
    }
    return NULL;
}

err_t
feature_stepped(struct ctx *c, const struct due_stepped *s)
{
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->stepped)
            TRY(f->stepped(c, s));
    }
    return NULL;
}

const char *
feature_due_href(struct ctx *c, const char *origin_key)
{
    for (size_t i = 0; origin_key && i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        const char *href = f->due_href ? f->due_href(c, origin_key) : NULL;
        if (href)
            return href;
    }
    return NULL;
}

err_t
feature_lined(struct ctx *c, int64_t due, const char *action, int64_t step)
{
    for (size_t i = 0; i < c->inst->n_features; i++) {
        const struct feature *f = c->inst->features[i];
        if (f->lined)
            TRY(f->lined(c, due, action, step));
    }
    return NULL;
}
