/* rules.c: see rules.h. */
#include "features/playbooks/rules.h"

#include "base/str.h"
#include "core/may.h"

#include <string.h>

const struct playbook_def playbook_events[] = {
#define EVENT(key, words, anchor) {key, words, anchor},
#include "features/playbooks/default.def"
};
const size_t playbook_n_events = sizeof playbook_events / sizeof *playbook_events;

#define D CLASS_DUTY
#define R CLASS_ROUTINE
#define BUSINESS HOLIDAYS_BUSINESS_DAYS
#define CALENDAR HOLIDAYS_CALENDAR_DAYS
#define HOURS HOLIDAYS_HOURS
#define OWING "owing"
#define ASKING "asking"
#define BOTH "both"
const struct playbook_line playbook_lines[] = {
#define LINE(event, key, what, owing, asking, class, n, unit, calendar, gxp, hours, source)        \
    {event, key, what, owing, asking, class, n, unit, calendar, gxp, hours, source, false},
#include "features/playbooks/default.def"
};
const size_t playbook_n_lines = sizeof playbook_lines / sizeof *playbook_lines;

const struct playbook_def *
playbook_event_find(const char *key)
{
    for (size_t i = 0; i < playbook_n_events; i++) {
        if (str_eq(playbook_events[i].key, key))
            return &playbook_events[i];
    }
    return NULL;
}

bool
playbook_role_at_site(const char *role)
{
    enum role r;
    bool own;
    return role_find(role, &r) && perm_of_role(PERM_DUE_ACT_SITE, r, &own);
}

const char *
playbook_when(struct arena *a, const struct playbook_line *l)
{
    static const char *const units[][2] = {[HOLIDAYS_CALENDAR_DAYS] = {"calendar day", "calendar days"},
                                           [HOLIDAYS_BUSINESS_DAYS] = {"business day", "business days"}, [HOLIDAYS_HOURS] = {"hour", "hours"}};
    const struct playbook_def *e = playbook_event_find(l->event);
    int64_t n = l->n < 0 ? -l->n : l->n;
    if (n == 0)
        return e ? e->anchor : l->event;
    return arena_printf(a, "%s %s %lld %s", e ? e->anchor : l->event, l->n < 0 ? "\u2212" : "+", (long long)n, units[l->unit][n != 1]);
}

const char *
playbook_content(struct arena *a, const struct playbook_line *l, size_t n)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < n; i++) {
        const char *text[] = {l[i].event, l[i].key, l[i].what, l[i].owing, l[i].asking, rules_class_word(l[i].class),
                              arena_printf(a, "%lld", (long long)l[i].n), holidays_unit_word(l[i].unit), l[i].calendar,
                              l[i].gxp ? "gxp" : "", arena_printf(a, "%lld", (long long)l[i].hours), str_or(l[i].source, ""), l[i].off ? "off" : "on"};
        for (size_t k = 0; k < sizeof text / sizeof *text; k++) {
            if (k)
                buf_char(&b, '\t');
            for (const char *p = text[k]; *p; p++) /* a tab or line end inside a value is not a border */
                buf_char(&b, *p == '\t' || *p == '\n' ? ' ' : *p);
        }
        buf_char(&b, '\n');
    }
    return buf_text(&b);
}

bool
playbook_begins(const struct playbook_line *l, const struct playbook_signs *s)
{
    bool between = playbook_role_at_site(l->owing) != playbook_role_at_site(l->asking) || playbook_role_at_site(l->owing);
    if (l->class == CLASS_DUTY)
        return true;
    if (l->off)
        return false;
    if (!between)
        return !s->own || s->sponsor;
    return s->own && s->sponsor && s->site;
}
