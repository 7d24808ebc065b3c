/* pages.c: the contacts with a site, a line each, and writing one. */
#include "features/contacts/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/reach.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/contacts/contacts_sql.h"
#include "features/contacts/rules.h"
#include "features/studies/studies.h"

enum { PAGE = 50, PEOPLE = 200 };

static const struct {
    const char *channel, *words, *icon;
} channels[] = {{"call", "call", "icon_phone"}, {"mail", "mail", "icon_mail"}, {"meeting", "meeting", "icon_users"}, {"video", "video", "icon_users"},
                {"letter", "letter", "icon_mail"}, {"note", "note", "icon_message_square"}};

/* On which side c->who writes at this site. */
static bool
at_site(struct ctx *c, const struct thing *t)
{
    return may(c->who, PERM_DUE_ACT_SITE, t);
}

/* Whom one may have spoken with: of the site for the sponsor's side, of the sponsor's for the site. */
static err_t
people(struct ctx *c, const struct thing *t, const char ***ret, size_t *ret_n)
{
    struct due_people_row *x;
    size_t n, kept = 0;
    bool site = at_site(c, t);
    const char **names = arena_alloc(c->mem, PEOPLE * sizeof *names);
    TRY(people_askable(c, t, &x, &n));
    for (size_t i = 0; i < n && kept < PEOPLE; i++) {
        bool there = people_at_site(x[i].role);
        if (site ? !there : there && !x[i].study_site_null && x[i].study_site == t->study_site)
            names[kept++] = x[i].name;
    }
    *ret = names;
    *ret_n = kept;
    return NULL;
}

err_t
page_contacts(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    struct contact_list_row *x;
    const char *name, *before = str_or(req_query(r, "before"), "9999-12-31");
    int64_t before_id = INT64_MAX;
    int32_t last;
    size_t n;
    if (req_query(r, "id") && !str_int(req_query(r, "id"), &before_id))
        return err_new(c->mem, E_BAD_INPUT, "This address is damaged. Please begin at the first page.");
    TRY(study_head(c, t, "sites", page));
    TRY(study_site_name(c, t, &name));
    view_text(page, "site", name);
    view_textf(page, "site_href", "/studies/%s/sites/%s", t->study_ref, req_param(r, "site"));
    TRY(db_list(c, &CONTACT_LIST, DB_IN(db_int(t->study_site), db_bool(at_site(c, t)), db_int(reach_comp(c->who, PERM_CONTACT_LOG, t)), db_text(before), db_int(before_id), db_int(PAGE + 1)), &x, &n));
    struct view *list = view_list(page, "rows");
    for (size_t i = 0; i < n && i < PAGE; i++) {
        struct view *v = view_add_map(list);
        view_text(v, "day", date_words_iso(c->mem, x[i].day));
        view_text(v, "who", x[i].who);
        view_text(v, "with", x[i].with_name);
        view_text(v, "words", x[i].words);
        for (size_t k = 0; k < COUNT_OF(channels); k++) {
            if (str_eq(channels[k].channel, x[i].channel)) {
                view_text(v, "channel", channels[k].words);
                view_bool(v, channels[k].icon, true);
            }
        }
    }
    if (n > PAGE)
        view_textf(view_map(page, "pager"), "next", "/studies/%s/sites/%s/contacts?before=%s&id=%lld", t->study_ref, req_param(r, "site"),
                   x[PAGE - 1].day, (long long)x[PAGE - 1].id);
    if (n && !req_query(r, "before") && date_parse(x[0].day, &last))
        view_textf(page, "last", last == c->today ? "Last contact today" : c->today - last == 1 ? "Last contact yesterday" : "Last contact %d days ago",
                   (int)(c->today - last));
    if (n == 0) {
        struct view *e = view_map(page, "empty");
        view_text(e, "title", "No contacts noted yet");
        view_text(e, "text", "Write one line, as you would tell a colleague: who, how, when, what.");
    }
    return NULL;
}

err_t
page_contact_add(struct ctx *c, struct req *r, struct view *page)
{
    const struct thing *t = req_thing(r);
    const char **names, *text = req_form(r, "line");
    struct contact_line l;
    char iso[DATE_TEXT];
    size_t n;
    TRY(people(c, t, &names, &n));
    contact_read(c->mem, text, names, n, c->today, &l);
    if (l.two)
        return err_field(c->mem, E_BAD_INPUT, "line", "Two people have that name. Write the first name too.");
    date_iso(l.day, iso);
    const char *day = arena_strdup(c->mem, iso);
    TRY(db_run(c, &CONTACT_ADD,
               DB_IN(db_int(t->study), db_int(t->study_site), db_bool(at_site(c, t)), db_int(reach_comp(c->who, PERM_CONTACT_LOG, t)), db_int(c->who->person), db_text(c->who->name), db_text(l.channel),
                     db_text(l.with), db_text(day), db_text(text), db_time(c->now)),
               NULL));
    record_about(c, "contact", t->study_site, req_param(r, "site"), NULL); /* the words are for one side: not in the site's history */
    record_event(c);
    flash_set(c, r, arena_printf(c->mem, "Noted: %s%s%s, %s.", l.channel, l.with ? " with " : "", str_or(l.with, ""), date_words(c->mem, l.day, DATE_DAY)));
    req_redirect(r, "/studies/%s/sites/%s/contacts", t->study_ref, req_param(r, "site"));
    return NULL;
}
