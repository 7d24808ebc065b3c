/* shell.c: what stands around every page: navigation, account, demo banner. See app.h and the view
 * described in web/layout/staff.html. Only what exists and what the person may open is shown. */
#include "app/app.h"
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/may.h"

#include <stdlib.h>
#include <string.h>

enum { MENUS_MOST = 64, PHONE_MOST = 4 };

static int
by_place(const void *a, const void *b)
{
    const struct menu *x = *(const struct menu *const *)a, *y = *(const struct menu *const *)b;
    return x->place - y->place;
}

static size_t
all_menus(const struct menu **ret)
{
    size_t n = 0;
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_menus && n < MENUS_MOST; k++)
            ret[n++] = &app_features[i]->menus[k];
    }
    qsort(ret, n, sizeof *ret, by_place);
    return n;
}

static const char *
menu_href(struct ctx *c, const struct menu *m, const struct thing *t)
{
    const char *brace = strstr(m->href, "{study}");
    if (!brace)
        return m->href;
    return arena_printf(c->mem, "%.*s%s%s", (int)(brace - m->href), m->href, t->study_ref, brace + 7);
}

/* Links of the site whose page this is: "site_links" [ { text, href } ]. */
static void
add_site_links(struct ctx *c, struct req *r, const struct menu **menu, size_t n, const struct thing *t, struct view *shell)
{
    struct view *list = view_list(shell, "site_links");
    for (size_t i = 0; i < n; i++) {
        if (!menu[i]->site || !may(c->who, menu[i]->perm, t))
            continue;
        const char *href = menu_href(c, menu[i], t), *brace = strstr(href, "{site}");
        INVARIANT(brace);
        struct view *v = view_add_map(list);
        view_text(v, "text", menu[i]->text);
        view_textf(v, "href", "%.*s%s%s", (int)(brace - href), href, req_param(r, "site"), brace + 6);
    }
}

/* How much of the path an entry's address stands for; 0: none of it. */
static size_t
covers(const char *href, const char *path)
{
    size_t n = strlen(href);
    return strncmp(path, href, n) == 0 && (!path[n] || path[n] == '/') ? n : 0;
}

/* The page's own entry, or the nearest one above it. */
static bool
is_current(struct ctx *c, const struct menu *const *menu, size_t n, const struct thing *t, const char *href, const char *path)
{
    size_t mine = covers(href, path), best = 0;
    for (size_t i = 0; i < n; i++) {
        if ((menu[i]->study && !t) || menu[i]->site)
            continue;
        size_t theirs = covers(menu_href(c, menu[i], t), path);
        best = theirs > best ? theirs : best;
    }
    return mine > 0 && mine == best;
}

static void
add_item(struct ctx *c, struct view *items, const struct menu *m, const char *href, bool current)
{
    struct view *item = view_add_map(items);
    view_text(item, "href", href);
    view_text(item, "text", m->text);
    char *icon = arena_printf(c->mem, "icon_%s", m->icon);
    for (char *dash = strchr(icon, '-'); dash; dash = strchr(dash, '-'))
        *dash = '_';
    view_bool(item, icon, true);
    view_bool(item, "current", current);
}

/* One group of the navigation: entries of the study, or the others. */
static void
add_group(struct ctx *c, struct view *nav, const char *title, const struct menu **menu, size_t n,
          bool study, const struct thing *t, const char *path)
{
    struct view *group = NULL, *items = NULL;
    for (size_t i = 0; i < n; i++) {
        if (menu[i]->site || menu[i]->study != study || !may(c->who, menu[i]->perm, study ? t : NULL))
            continue;
        if (!group) {
            group = view_add_map(nav);
            view_text(group, "group", title);
            items = view_list(group, "items");
        }
        const char *href = menu_href(c, menu[i], t);
        add_item(c, items, menu[i], href, is_current(c, menu, n, t, href, path));
    }
}

static void
add_tabbar(struct ctx *c, struct view *shell, const struct menu **menu, size_t n, const struct thing *t,
           const char *path)
{
    struct view *bar = view_list(shell, "tabbar");
    for (int pass = 1; pass >= 0; pass--) { /* the study's entries first */
        for (size_t i = 0; i < n && bar->kids.n < PHONE_MOST; i++) {
            if (menu[i]->phone && !menu[i]->site && menu[i]->study == pass && (!pass || t) &&
                may(c->who, menu[i]->perm, pass ? t : NULL)) {
                const char *href = menu_href(c, menu[i], t);
                add_item(c, bar, menu[i], href, is_current(c, menu, n, t, href, path));
            }
        }
    }
}

static const char *
initials(struct arena *a, const char *name)
{
    struct buf b;
    buf_init(&b, a);
    size_t n;
    char **word = str_split(a, str_squeeze(a, name), ' ', &n);
    for (size_t i = 0; i < n; i += n > 1 ? n - 1 : 1) {
        size_t len = 1;
        while ((word[i][len] & 0xC0) == 0x80)
            len++;
        buf_add(&b, word[i], *word[i] ? len : 0);
    }
    return buf_text(&b);
}

static const char *
role_of(const struct who *w)
{
    return w->n_rights ? role_title(w->rights[0].role) : "";
}

static void
add_demo(struct ctx *c, struct view *shell)
{
    if (!c->inst->demo)
        return;
    char day[DATE_TEXT];
    date_iso(c->today, day);
    struct view *demo = view_map(shell, "demo");
    view_text(demo, "today", date_words(c->mem, c->today, DATE_DAY));
    view_text(demo, "date", day);
    if (c->who)
        view_text(demo, "action", "/demo/clock");
}

void
app_shell(struct ctx *c, struct req *r, const char *csrf, struct view *page)
{
    struct view *shell = view_map(page, "shell");
    view_text(shell, "lang", c->lang ? c->lang : "en");
    view_text(shell, "home", "/");
    view_text(shell, "csrf", csrf);
    add_demo(c, shell);
    const char *flash = flash_take(c, r);
    if (flash)
        view_text(view_map(shell, "flash"), "text", flash);
    if (!c->who)
        return;
    const struct thing *t = req_thing(r);
    if (t && !t->study)
        t = NULL;
    const struct menu *menu[MENUS_MOST];
    size_t n = all_menus(menu);
    struct view *nav = view_list(shell, "nav");
    struct thing *study = t ? arena_copy(c->mem, t, sizeof *t) : NULL;
    if (study) { /* its entries are about the whole of it, on the page of a site too */
        study->study_site = 0;
        add_group(c, nav, study->study_ref, menu, n, true, study, req_path(r));
    }
    add_group(c, nav, study ? "Organisation" : NULL, menu, n, false, study, req_path(r));
    add_tabbar(c, shell, menu, n, study, req_path(r));
    if (t && t->study_site)
        add_site_links(c, r, menu, n, t, shell);
    struct view *search = view_map(shell, "search");
    view_text(search, "action", "/search");
    view_text(search, "href", "/search");
    view_text(search, "q", str_starts(req_path(r), "/search") ? req_query(r, "q") : NULL);
    view_text(shell, "help", "/help");
    struct view *account = view_map(shell, "account");
    view_text(account, "initials", initials(c->mem, c->who->name));
    view_text(account, "name", c->who->name);
    view_text(account, "role", role_of(c->who));
    view_text(account, "href", "/me");
    view_text(account, "sign_out", "/sign-out");
}
