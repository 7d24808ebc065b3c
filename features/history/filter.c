/* filter.c: who, what and when: the filters of a study's history. Only what they offer is taken, so
 * that a filter answers no question about people or studies that the page does not. */
#include "base/date.h"
#include "base/str.h"
#include "core/deeds.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/history/history_sql.h"
#include "features/history/pages.h"
#include "features/history/rules.h"

#include <stdlib.h>
#include <string.h>

enum { ACTIONS = 256 };
typedef const char *getter(const struct req *, const char *);

static void
option(struct view *list, const char *value, const char *text, bool selected)
{
    struct view *o = view_add_map(list);
    view_text(o, "value", value);
    view_text(o, "text", text);
    view_bool(o, "selected", selected);
}

static struct view *
select_new(struct view *filters, const char *name, const char *label, const char *any)
{
    struct view *s = view_add_map(filters);
    view_text(s, "name", name);
    view_text(s, "label", label);
    struct view *options = view_list(s, "options");
    option(options, "", any, false);
    return options;
}

static err_t
filter_who(struct ctx *c, const char *ref, struct list_ask *ask, struct view *filters)
{
    struct history_actors_row *x;
    size_t n;
    const struct thing *t = ask->thing;
    TRY(db_list(c, &HISTORY_ACTORS,
                DB_IN(db_int(t->study), db_int(t->organisations[0]), db_int(t->organisations[1])), &x, &n));
    struct view *options = select_new(filters, "who", "Who", "Everybody");
    for (size_t i = 0; i < n; i++) {
        bool chosen = str_eq(x[i].ref, ref);
        if (chosen)
            ask->actor = x[i].id;
        option(options, x[i].ref, x[i].name, chosen);
    }
    return NULL;
}

static int
by_words(const void *a, const void *b)
{
    const struct deed *x = *(const struct deed *const *)a, *y = *(const struct deed *const *)b;
    int order = strcmp(x->words, y->words);
    return order ? order : strcmp(x->action, y->action);
}

static void
filter_what(const char *action, struct list_ask *ask, struct view *filters)
{
    const struct deed *deed[ACTIONS], *d;
    size_t n = 0;
    for (size_t i = 0; (d = deed_at(i)) && n < ACTIONS; i++) {
        if (rules_of_study(d->action))
            deed[n++] = d;
    }
    if (n)
        qsort(deed, n, sizeof *deed, by_words);
    struct view *options = select_new(filters, "what", "What", "Everything");
    for (size_t i = 0; i < n; i++) {
        if (i && strcmp(deed[i]->action, deed[i - 1]->action) == 0)
            continue;
        bool chosen = str_eq(deed[i]->action, action);
        if (chosen)
            ask->action = deed[i]->action;
        option(options, deed[i]->action, deed[i]->words, chosen);
    }
}

/* Midnight of a day in the installation's zone; 0 for text that is no date. */
static int64_t
midnight(struct ctx *c, const char *iso, int days)
{
    int32_t day;
    if (!iso || !date_parse(iso, &day))
        return 0;
    int64_t us = time_from_day(day + days);
    return us - (int64_t)tz_offset(c->inst->zone, us, NULL) * 1000000;
}

static void
href_part(struct buf *b, const char *name, const char *value)
{
    if (value)
        buf_printf(b, "%s=%s&", name, value);
}

err_t
pages_filter(struct ctx *c, const struct req *r, getter *get, struct list_ask *ask, struct view *page,
             const char **ret_href)
{
    struct view *filters = view_list(page ? page : view_map_new(c->mem), "filters");
    const char *from = get(r, "from"), *to = get(r, "to");
    TRY(filter_who(c, get(r, "who"), ask, filters));
    filter_what(get(r, "what"), ask, filters);
    ask->since = midnight(c, from, 0);
    ask->until = midnight(c, to, 1);
    from = ask->since ? from : NULL;
    to = ask->until ? to : NULL;
    struct buf b;
    buf_init(&b, c->mem);
    buf_printf(&b, "/studies/%s/history?", ask->thing->study_ref);
    href_part(&b, "who", ask->actor ? get(r, "who") : NULL);
    href_part(&b, "what", ask->action);
    href_part(&b, "from", from);
    href_part(&b, "to", to);
    *ret_href = buf_text(&b);
    if (page) {
        struct view *kept = view_map(page, "kept");
        view_text(kept, "who", ask->actor ? get(r, "who") : NULL);
        view_text(kept, "what", ask->action);
        view_text(kept, "from", from);
        view_text(kept, "to", to);
    }
    return NULL;
}
