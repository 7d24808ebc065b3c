/* pages.c: how one wants to be told, with one's own mail and what became of it; and for who runs the
 * installation how much waits and what failed, without whose it is or what it says. */
#include "features/notices/pages.h"

#include "base/date.h"
#include "base/str.h"
#include "core/flash.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/notices/notices_sql.h"
#include "features/notices/outbox_seal.h"
#include "features/notices/smtp.h"
#include "features/notices/wish.h"

#include <string.h>

enum { OWN_MAILS = 30, FAILURES = 50, NINE_PM = 21 * 60, MORNING = 7 * 60 };

static const char *
moment_words(struct ctx *c, const struct tz *z, int64_t at)
{
    int64_t shown = at + (int64_t)tz_offset(z, at, NULL) * 1000000;
    int32_t day = tz_day(z, at);
    return arena_printf(c->mem, "%s, %s", date_words(c->mem, day, DATE_DAY),
                        when_text(c->mem, (int)((shown - time_from_day(day)) / 60000000)));
}

static err_t
add_mails(struct ctx *c, const struct wish *w, struct view *page)
{
    struct outbox_of_row *x;
    size_t n;
    TRY(db_list(c, &OUTBOX_OF, DB_IN(db_int(c->who->person), db_int(OWN_MAILS)), &x, &n));
    struct view *list = view_list(page, "mails");
    for (size_t i = 0; i < n; i++) {
        const char *subject, *text;
        TRY(outbox_seal_open(c, x[i].sealed, x[i].sealed_len, &subject, &text));
        struct view *v = view_add_map(list);
        bool sent = str_eq(x[i].state, "sent"), failed = str_eq(x[i].state, "failed");
        view_text(v, "subject", subject);
        view_bool(v, "sent", sent);
        view_bool(v, "failed", failed);
        view_bool(v, "again", !sent && !failed && x[i].tries);
        view_bool(v, "waiting", !sent && !failed && !x[i].tries);
        view_text(v, "at", moment_words(c, w->zone, x[i].ended_null ? x[i].not_before : x[i].ended));
        view_text(v, "why", sent ? NULL : x[i].why);
    }
    return NULL;
}

static void
add_choices(struct view *page, enum wish_mail now)
{
    static const char *const text[] = {[WISH_AT_ONCE] = "At once, when the other side moved something",
                                       [WISH_DAILY] = "One bundle a day", [WISH_NONE] = "No mail"};
    static const enum wish_mail order[] = {WISH_DAILY, WISH_AT_ONCE, WISH_NONE};
    struct view *list = view_list(page, "choices");
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        struct view *v = view_add_map(list);
        view_text(v, "value", wish_word(order[i]));
        view_text(v, "text", text[order[i]]);
        view_bool(v, "selected", order[i] == now);
    }
}

err_t
page_notices(struct ctx *c, struct req *r, struct view *page)
{
    struct wish w;
    struct smtp_config f;
    bool on;
    TRY(wish_get(c, c->who->person, &w));
    bool quiet = w.quiet.from != WHEN_NEVER;
    add_choices(page, w.mail);
    struct view *form = view_map(page, "form");
    if (!view_get(form, "zone")) { /* else what was typed */
        view_text(form, "at", when_text(c->mem, w.at));
        view_text(form, "zone", w.zone_name);
        view_bool(form, "quiet", quiet);
        view_text(form, "quiet_from", when_text(c->mem, quiet ? w.quiet.from : NINE_PM));
        view_text(form, "quiet_until", when_text(c->mem, quiet ? w.quiet.until : MORNING));
    }
    view_bool(page, "off", smtp_config(c, &f, &on) != NULL || !on);
    return add_mails(c, &w, page);
}

static err_t
minute_of(struct ctx *c, const struct req *r, const char *field, int *ret)
{
    const char *text = req_form(r, field);
    if (!text || !when_parse(text, ret))
        return err_field(c->mem, E_BAD_INPUT, field, "Give a time such as 07:00.");
    return NULL;
}

err_t
page_notices_set(struct ctx *c, struct req *r, struct view *page)
{
    struct wish w;
    TRY(wish_get(c, c->who->person, &w));
    INVARIANT(wish_find(req_form(r, "mail"), &w.mail));
    TRY(minute_of(c, r, "at", &w.at));
    w.quiet = (struct when_quiet){WHEN_NEVER, WHEN_NEVER};
    if (req_form(r, "quiet")) {
        TRY(minute_of(c, r, "quiet_from", &w.quiet.from));
        TRY(minute_of(c, r, "quiet_until", &w.quiet.until));
        if (w.quiet.from == w.quiet.until)
            return err_field(c->mem, E_BAD_INPUT, "quiet_until", "Quiet hours end at another time than they begin.");
    }
    w.zone_name = req_form(r, "zone");
    w.zone = tz_find(w.zone_name);
    if (!w.zone)
        return err_field(c->mem, E_BAD_INPUT, "zone", "There is no such time zone. Give one as in Europe/Lisbon.");
    TRY(wish_set(c, c->who->person, &w));
    flash_set(c, r, "Kept. This is how we tell you from now on.");
    req_redirect(r, "/me/notices");
    return NULL;
}

err_t
page_mail(struct ctx *c, struct req *r, struct view *page)
{
    struct outbox_counts_row *n_of;
    struct outbox_failed_row *x;
    struct smtp_config f;
    size_t n, states;
    bool on = false;
    err_t e = smtp_config(c, &f, &on);
    TRY(db_list(c, &OUTBOX_COUNTS, DB_NONE, &n_of, &states));
    TRY(db_list(c, &OUTBOX_FAILED, DB_IN(db_int(FAILURES)), &x, &n));
    view_bool(page, "off", !e && !on);
    view_text(page, "wrong", e ? e->text : NULL);
    view_text(page, "from", on ? f.from : NULL);
    view_bool(page, "no_links", !c->inst->public_url);
    struct view *counts = view_list(page, "counts"), *failed = view_list(page, "failed");
    for (size_t i = 0; i < states; i++) {
        struct view *v = view_add_map(counts);
        view_text(v, "state", n_of[i].state);
        view_int(v, "n", n_of[i].n);
        if (str_eq(n_of[i].state, "waiting"))
            view_text(v, "oldest", moment_words(c, c->inst->zone, n_of[i].oldest));
    }
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_add_map(failed);
        view_int(v, "number", x[i].id);
        view_text(v, "at", moment_words(c, c->inst->zone, x[i].ended));
        view_int(v, "tries", x[i].tries);
        view_text(v, "why", x[i].why);
    }
    return NULL;
}
