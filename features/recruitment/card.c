/* card.c: recruitment in a few words on a study's first page. See struct feature. */
#include "features/recruitment/pages.h"

#include "base/str.h"
#include "core/draw.h"
#include "features/recruitment/sight.h"

#include <math.h>

static void
add_fact(struct view *facts, const char *name, const char *value)
{
    struct view *v = view_add_map(facts);
    view_text(v, "name", name);
    view_text(v, "value", value);
}

static const char *
day_of(struct sight *s, enum sight_level level)
{
    double days = s->now.result->days[level];
    return isfinite(days) ? sight_words(s, sight_day(&s->now, days)) : "beyond the horizon";
}

static void
add_forecast(struct sight *s, struct view *facts)
{
    struct arena *a = s->c->mem;
    if (!s->now.result || s->now.enrolled >= s->now.target)
        return;
    add_fact(facts, "Likely last participant", day_of(s, P50));
    add_fact(facts, "In 80 of 100 futures", arena_printf(a, "%s to %s", day_of(s, P10), day_of(s, P90)));
    if (s->now.has_deadline)
        add_fact(facts, arena_printf(a, "Chance of %s", sight_words(s, s->now.deadline)),
                 arena_printf(a, "%s in 100", sight_in_100(a, s->now.result->deadline_probability)));
}

static void
add_numbers(struct sight *s, struct view *card)
{
    const struct forecast_of *f = &s->now;
    struct arena *a = s->c->mem;
    struct view *facts = view_list(card, "facts");
    if (!f->has_target) {
        add_fact(facts, "Enrolled", arena_printf(a, "%lld", (long long)f->enrolled));
        return;
    }
    struct buf b;
    buf_init(&b, a);
    draw_meter(&b, (double)f->enrolled, (double)f->target, NULL, NULL);
    view_html(card, "picture", buf_text(&b));
    add_fact(facts, "Enrolled", arena_printf(a, "%lld of %lld, %s", (long long)f->enrolled, (long long)f->target, means_word(f->means)));
    add_forecast(s, facts);
}

err_t
card_study(struct ctx *c, const struct thing *t, struct view *cards)
{
    if (!may(c->who, PERM_RECRUITMENT_READ, t))
        return NULL;
    struct sight *s;
    TRY(sight_look(c, t, NULL, &s));
    bool plans = may(c->who, PERM_PLAN_EDIT, t), empty = !s->d->has_targets && s->d->n_enrolled == 0;
    if (empty && !plans)
        return NULL;
    struct view *card = view_add_map(cards);
    view_text(card, "title", "Recruitment");
    view_textf(card, "href", "/studies/%s/recruitment", t->study_ref);
    view_text(card, "action", "Open recruitment");
    if (!empty)
        add_numbers(s, card);
    if (s->now.refusal)
        view_text(card, "text", s->now.refusal);
    return NULL;
}
