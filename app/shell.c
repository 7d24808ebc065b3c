/* shell.c: what stands around every page: navigation, account, demo banner. See app.h and the view
 * described in web/layout/staff.html. Only what exists and what the person may open is shown. */
#include "app/app.h"
#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/may.h"
#include "features/news/news.h"
#include "features/studies/studies.h"
#include "http/url.h"

#include <stdlib.h>
#include <string.h>

enum { MENUS_MOST = 64, PHONE_MOST = 4, SWITCH_MOST = 12, OWN_MOST = 3 };

/* What the frame of one page is made of. */
struct frame {
    struct ctx *c;
    struct req *r;
    const char *path;
    const struct menu *menu[MENUS_MOST];
    size_t n;
    const struct thing *at; /* what the page is about, or NULL */
    const struct thing *t;  /* the page's study as a whole, or NULL */
    struct site_brief *own; /* the sites of it that the person works at */
    size_t n_own;
};

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
in_study(struct ctx *c, const char *href, const struct thing *t)
{
    const char *brace = strstr(href, "{study}");
    if (!brace)
        return href;
    return arena_printf(c->mem, "%.*s%s%s", (int)(brace - href), href, t->study_ref, brace + 7);
}

static const char *
menu_href(struct ctx *c, const struct menu *m, const struct thing *t)
{
    return in_study(c, m->href, t);
}

static const char *
site_href(struct ctx *c, const struct menu *m, const struct thing *t, const char *site)
{
    const char *href = menu_href(c, m, t), *brace = strstr(href, "{site}");
    INVARIANT(brace);
    return arena_printf(c->mem, "%.*s%s%s", (int)(brace - href), href, site, brace + 6);
}

/* Links of the site whose page this is: "site_links" [ { text, href } ]. */
static void
add_site_links(const struct frame *f, struct view *shell)
{
    struct view *list = view_list(shell, "site_links");
    for (size_t i = 0; i < f->n; i++) {
        if (!f->menu[i]->site || !may(f->c->who, f->menu[i]->perm, f->at))
            continue;
        struct view *v = view_add_map(list);
        view_text(v, "text", f->menu[i]->text);
        view_text(v, "href", site_href(f->c, f->menu[i], f->t, req_param(f->r, "site")));
    }
}

/* How much of the path an entry's address stands for; 0: none of it. */
static size_t
covers(const char *href, const char *path)
{
    size_t n = strlen(href);
    return strncmp(path, href, n) == 0 && (!path[n] || path[n] == '/') ? n : 0;
}

static size_t
entry_covers(const struct frame *f, const struct menu *m)
{
    if (m->site || (m->study && !f->t))
        return 0;
    size_t best = covers(menu_href(f->c, m, f->t), f->path);
    for (size_t i = 0; i < COUNT_OF(m->also) && m->also[i]; i++) {
        size_t n = covers(in_study(f->c, m->also[i], f->t), f->path);
        best = n > best ? n : best;
    }
    return best;
}

static const char *
own_href(const struct frame *f, const struct site_brief *s)
{
    return arena_printf(f->c->mem, "/studies/%s/sites/%s", f->t->study_ref, s->ref);
}

/* How much of the path the best of all entries stands for. */
static size_t
covered(const struct frame *f)
{
    size_t best = 0;
    for (size_t i = 0; i < f->n; i++) {
        size_t n = entry_covers(f, f->menu[i]);
        best = n > best ? n : best;
    }
    for (size_t k = 0; k < f->n_own; k++) {
        size_t n = covers(own_href(f, &f->own[k]), f->path);
        best = n > best ? n : best;
        for (size_t i = 0; n && i < f->n; i++) {
            size_t deeper = f->menu[i]->site ? covers(site_href(f->c, f->menu[i], f->t, f->own[k].ref), f->path) : 0;
            best = deeper > best ? deeper : best;
        }
    }
    return best;
}

/* The page's own entry, or the nearest one above it. */
static bool
is_current(const struct frame *f, size_t mine)
{
    return mine > 0 && mine == covered(f);
}

static struct view *
add_item(const struct frame *f, struct view *items, const char *text, const char *icon_name, const char *href, size_t mine)
{
    struct view *item = view_add_map(items);
    view_text(item, "href", href);
    view_text(item, "text", text);
    char *icon = arena_printf(f->c->mem, "icon_%s", icon_name);
    for (char *dash = strchr(icon, '-'); dash; dash = strchr(dash, '-'))
        *dash = '_';
    view_bool(item, icon, true);
    view_bool(item, "current", is_current(f, mine));
    return item;
}

static void
add_path(const struct frame *f, struct view *items, const char *text, const char *icon, const char *href)
{
    add_item(f, items, text, icon, href, covers(href, f->path));
}

/* How much waits behind an entry. What cannot be counted now is left out. */
static void
add_count(const struct frame *f, const struct menu *m, struct view *item)
{
    int64_t n;
    bool hot;
    if (!m->count || m->count(f->c, &n, &hot) || n == 0)
        return;
    view_int(item, "n", n);
    view_bool(item, "hot", hot);
}

enum group { OWN, OF_STUDY, OTHERS };

static enum group
group_of(const struct menu *m)
{
    return m->study ? OF_STUDY : m->mine ? OWN : OTHERS;
}

/* One group of the navigation: what is one's own, entries of the study, or the others. */
static void
add_group(const struct frame *f, struct view *nav, const char *title, enum group g)
{
    struct view *items = NULL;
    const struct thing *t = g == OF_STUDY ? f->t : NULL;
    for (size_t i = 0; i < f->n; i++) {
        const struct menu *m = f->menu[i];
        if (m->site || group_of(m) != g || !may(f->c->who, m->perm, t))
            continue;
        if (!items) {
            struct view *group = view_add_map(nav);
            view_text(group, "group", title);
            items = view_list(group, "items");
        }
        add_count(f, m, add_item(f, items, m->text, m->icon, menu_href(f->c, m, t), entry_covers(f, m)));
    }
}

/* A group for each site that the person works at: these pages are hers, and nothing else leads there. */
static void
add_own_sites(const struct frame *f, struct view *nav)
{
    for (size_t k = 0; k < f->n_own; k++) {
        struct view *group = view_add_map(nav);
        view_text(group, "group", f->own[k].title);
        struct view *items = view_list(group, "items");
        add_path(f, items, "Our site", "building-2", own_href(f, &f->own[k]));
        for (size_t i = 0; i < f->n; i++) {
            if (f->menu[i]->site && may(f->c->who, f->menu[i]->perm, &f->own[k].thing))
                add_path(f, items, f->menu[i]->text, f->menu[i]->icon, site_href(f->c, f->menu[i], f->t, f->own[k].ref));
        }
    }
}

/* The site of the person's own that the phone's bar is about: the only one, or the page's; NULL where
 * she works at several and the page is about none of them. */
static const struct site_brief *
bar_site(const struct frame *f)
{
    for (size_t k = 0; k < f->n_own; k++) {
        if (f->n_own == 1 || f->own[k].thing.study_site == f->at->study_site)
            return &f->own[k];
    }
    return NULL;
}

static void
add_bar_group(const struct frame *f, struct view *bar, enum group g)
{
    const struct thing *t = g == OF_STUDY ? f->t : NULL;
    for (size_t i = 0; i < f->n && bar->kids.n < PHONE_MOST; i++) {
        const struct menu *m = f->menu[i];
        if (m->phone && !m->site && group_of(m) == g && (g != OF_STUDY || t) && may(f->c->who, m->perm, t))
            add_item(f, bar, m->text, m->icon, menu_href(f->c, m, t), entry_covers(f, m));
    }
}

/* One's own first, then the site one works at, then the study, then the rest, as long as there is room. */
static void
add_tabbar(const struct frame *f, struct view *shell)
{
    struct view *bar = view_list(shell, "tabbar");
    const struct site_brief *site = bar_site(f);
    add_bar_group(f, bar, OWN);
    for (size_t i = 0; site && i < f->n && bar->kids.n < PHONE_MOST; i++) {
        if (f->menu[i]->phone && f->menu[i]->site && may(f->c->who, f->menu[i]->perm, &site->thing))
            add_path(f, bar, f->menu[i]->text, f->menu[i]->icon, site_href(f->c, f->menu[i], f->t, site->ref));
    }
    add_bar_group(f, bar, OF_STUDY);
    add_bar_group(f, bar, OTHERS);
}

/* ---- the study switch ---- */

static void
add_study_link(const struct frame *f, struct view *list, const struct study_brief *s, const struct menu *tab)
{
    struct view *v = view_add_map(list);
    bool there = tab && may(f->c->who, tab->perm, &s->thing);
    view_text(v, "name", s->name);
    view_text(v, "title", s->thing.study_title);
    view_text(v, "href", there ? menu_href(f->c, tab, &s->thing) : arena_printf(f->c->mem, "/studies/%s", s->thing.study_ref));
    view_bool(v, "current", s->thing.study == f->t->study);
}

/* The entry of the navigation that this page is: another study opens at the same. */
static const struct menu *
tab_of(const struct frame *f)
{
    for (size_t i = 0; i < f->n; i++) {
        if (f->menu[i]->study && !f->menu[i]->site && is_current(f, entry_covers(f, f->menu[i])))
            return f->menu[i];
    }
    return NULL;
}

static err_t
add_switch(const struct frame *f, struct view *shell)
{
    struct study_brief *s, mine = {*f->t, f->t->study_ref};
    size_t n;
    bool more, listed = false;
    TRY(study_briefs(f->c, SWITCH_MOST, &s, &n, &more));
    for (size_t i = 0; i < n; i++) {
        if (s[i].thing.study == f->t->study) {
            mine = s[i];
            listed = true;
        }
    }
    const struct menu *tab = tab_of(f);
    struct view *study = view_map(shell, "study");
    view_text(study, "title", mine.name);
    view_textf(study, "href", "/studies/%s", f->t->study_ref);
    view_bool(study, "more", more || !listed);
    struct view *list = view_list(study, "switch");
    if (!listed)
        add_study_link(f, list, &mine, tab);
    for (size_t i = 0; i < n; i++)
        add_study_link(f, list, &s[i], tab);
    return NULL;
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

/* The address of the page a form on it comes back to: of a page that was shown again after a refused
 * form, that of the form's page. NULL: none that can be opened by a link. */
static const char *
page_address(struct ctx *c, struct req *r)
{
    if (req_form_again(r))
        return str_or(req_form(r, "_form"), req_path(r));
    if (!req_route(r) || req_route(r)->method != GET)
        return NULL;
    const char *query = req_query_string(r), *path = url_encode(c->mem, req_path(r));
    return *query ? arena_printf(c->mem, "%s?%s", path, query) : path;
}

const char *
app_look_back(struct arena *a, const char *address, int32_t day)
{
    const char *question = strchr(address, '?'), *before = "?";
    struct buf b;
    size_t n = 0;
    buf_init(&b, a);
    buf_add(&b, address, question ? (size_t)(question - address) : strlen(address));
    char **part = question ? str_split(a, question + 1, '&', &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        if (!*part[i] || str_starts(part[i], "as_of="))
            continue;
        buf_printf(&b, "%s%s", before, part[i]);
        before = "&";
    }
    char iso[DATE_TEXT];
    date_iso(day, iso);
    if (day)
        buf_printf(&b, "%sas_of=%s", before, iso);
    return buf_text(&b);
}

static void
add_demo(struct ctx *c, struct req *r, const struct view *page, struct view *shell)
{
    if (!c->inst->demo)
        return;
    char day[DATE_TEXT];
    date_iso(c->today, day);
    struct view *demo = view_map(shell, "demo");
    view_text(demo, "password", INST_DEMO_PASSWORD);
    view_text(demo, "today", date_words(c->mem, c->today, DATE_DAY));
    view_text(demo, "date", day);
    if (!c->who)
        return;
    view_text(demo, "action", "/demo/clock");
    view_text(demo, "next", page_address(c, r));
    view_bool(demo, "looks_back", view_get(page, "looks_back"));
}

/* How the person wants pages to look: kept in the browser, so that each device has its own, and told
 * to the server, so that no page flashes. */
static void
add_look(struct req *r, struct view *shell)
{
    const char *theme = req_cookie(r, "rapport-theme");
    if (str_eq(theme, "light") || str_eq(theme, "dark"))
        view_text(shell, "theme", theme);
    view_bool(shell, "keys_off", str_eq(req_cookie(r, "rapport-keys"), "off"));
}

/* The frame is never worth an error: what cannot be read now is left out. */
static void
add_study(struct frame *f, struct view *shell, struct view *nav)
{
    if (study_own_sites(f->c, f->t, OWN_MOST, &f->own, &f->n_own))
        f->n_own = 0;
    add_group(f, nav, f->t->study_ref, OF_STUDY);
    add_own_sites(f, nav);
    if (add_switch(f, shell))
        view_text(view_map(shell, "study"), "title", f->t->study_ref);
    if (f->at->study_site)
        add_site_links(f, shell);
}

static void
add_account(struct ctx *c, struct view *shell)
{
    struct view *account = view_map(shell, "account");
    view_text(account, "initials", initials(c->mem, c->who->name));
    view_text(account, "name", c->who->name);
    view_text(account, "role", role_of(c->who));
    view_text(account, "href", "/me");
    view_text(account, "sign_out", "/sign-out");
}

/* What an open page asks for when it hears that something moved. What cannot be known now is left out. */
static void
add_news(struct ctx *c, struct view *shell)
{
    int64_t last;
    if (news_last(c, &last))
        return;
    struct view *news = view_map(shell, "news");
    view_text(news, "stream", "/me/news/stream");
    view_textf(news, "since", "/me/news/since?after=%lld", (long long)last);
}

void
app_shell(struct ctx *c, struct req *r, const char *csrf, struct view *page)
{
    struct view *shell = view_map(page, "shell");
    view_text(shell, "lang", c->lang ? c->lang : "en");
    view_text(shell, "home", "/");
    view_text(shell, "csrf", csrf);
    add_look(r, shell);
    add_demo(c, r, page, shell);
    bool quiet = req_route(r) && req_route(r)->flags & ROUTE_QUIET; /* what was done is said on a page */
    const char *flash = quiet ? NULL : flash_take(c, r);
    if (flash)
        view_text(view_map(shell, "flash"), "text", flash);
    if (!c->who)
        return;
    struct frame f = {.c = c, .r = r, .path = req_path(r), .at = req_thing(r)};
    if (f.at && f.at->study) { /* the study's entries are about the whole of it, on a site's page too */
        struct thing *study = arena_copy(c->mem, f.at, sizeof *study);
        study->study_site = 0;
        f.t = study;
    }
    f.n = all_menus(f.menu);
    struct view *nav = view_list(shell, "nav");
    add_group(&f, nav, NULL, OWN);
    if (f.t)
        add_study(&f, shell, nav);
    add_group(&f, nav, f.t ? "Organisation" : NULL, OTHERS);
    add_tabbar(&f, shell);
    struct view *search = view_map(shell, "search");
    view_text(search, "action", "/search");
    view_text(search, "href", "/search");
    view_text(search, "q", str_starts(req_path(r), "/search") ? req_query(r, "q") : NULL);
    view_text(shell, "help", "/help");
    add_account(c, shell);
    add_news(c, shell);
}
