/* log.c: what follows from a change of the log: one thing due from the investigator while any line waits for the
 * signature, which the signing delivers; and the log as a paper, in versions, as it was signed. */
#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/paper.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/delegation/delegation_sql.h"
#include "features/delegation/pages.h"
#include "features/documents/documents.h"

#include <string.h>

enum { LINES = 200, DAYS = 5 };

/* A site-signature sheet of the TMF reference model. */
static const char tmf[] = "05.02.18";

static const char *
key_of(struct ctx *c, int64_t study, int64_t site)
{
    return arena_printf(c->mem, "delegation:%lld:%lld", (long long)study, (long long)site);
}

/* ---- what is due ---- */

static err_t
ask(struct ctx *c, int64_t study, int64_t site, int64_t investigator)
{
    struct days when;
    int64_t id;
    const char *ref, *country;
    struct days_place place = {study, site, true};
    TRY(days_after(c, &place, DAYS, &when));
    TRY(days_country(c, &place, &country));
    struct due_party writer = {.person = c->who ? c->who->person : investigator, .role = role_word(ROLE_COORDINATOR), .at_site = true};
    struct due_new d = {.class = CLASS_ROUTINE, .kind = "document", .title = "Sign the delegation log",
                        .body = "Tasks are delegated by the investigator before they are done (ICH E6(R3) 2.3).", .study = study, .study_site = site,
                        .owing = {investigator, role_word(ROLE_INVESTIGATOR), true}, .asking = writer, .due_on = when.on,
                        .due_why = arena_printf(c->mem, "first line that waits + %d business days", DAYS), .due_calendar = when.version, .gxp = true,
                        .origin_key = key_of(c, study, site)};
    return due_create(c, &d, &id, &ref);
}

static err_t
deliver(struct ctx *c, int64_t due)
{
    TRY(due_step(c, due, ACTION_DELIVER, &(struct due_by){.side = SIDE_OWING}));
    return due_unkey(c, due);
}

static err_t
count_waiting(struct ctx *c, int64_t study, int64_t site, size_t *ret)
{
    struct delegation_list_row *x;
    size_t n;
    TRY(db_list(c, &DELEGATION_LIST, DB_IN(db_int(study), db_int(site), db_int(LINES)), &x, &n));
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        struct signature *s;
        TRY(delegation_signature(c, study, site, &x[i], &s));
        *ret += !s;
    }
    return NULL;
}

err_t
delegation_follow(struct ctx *c, int64_t study, int64_t site)
{
    struct delegation_due_row due;
    struct delegation_pi_row pi;
    char today[DATE_TEXT];
    size_t waits;
    bool there, found;
    date_iso(c->today, today);
    TRY(count_waiting(c, study, site, &waits));
    TRY(db_maybe(c, &DELEGATION_DUE, DB_IN(db_text(key_of(c, study, site))), &due, &there));
    if (there && waits == 0)
        return deliver(c, due.id);
    if (there || waits == 0)
        return NULL;
    TRY(db_maybe(c, &DELEGATION_PI, DB_IN(db_int(study), db_int(site), db_text(today)), &pi, &found));
    return found ? ask(c, study, site, pi.person) : NULL;
}

const char *
delegation_due_href(struct ctx *c, const char *key)
{
    struct delegation_place_row x;
    int64_t study, site;
    size_t n;
    char **part = str_split(c->mem, key, ':', &n);
    bool found;
    if (n != 3 || !str_eq(part[0], "delegation") || !str_int(part[1], &study) || !str_int(part[2], &site))
        return NULL;
    if (db_maybe(c, &DELEGATION_PLACE, DB_IN(db_int(study), db_int(site)), &x, &found) || !found)
        return NULL;
    return arena_printf(c->mem, "/studies/%s/sites/%s/delegation", x.study, x.site);
}

/* ---- the paper ---- */

static const char *
until(struct ctx *c, const struct delegation_list_row *x)
{
    const char *from = date_words_iso(c->mem, x->from_on), *to = date_words_iso(c->mem, x->to_on);
    return to ? arena_printf(c->mem, "%s to %s", from, to) : arena_printf(c->mem, "from %s", from);
}

/* Every line with its signature, as text: what a version is known by. */
static const char *
content_of(struct ctx *c, const struct delegation_list_row *x, struct signature *const *s, size_t n)
{
    struct buf b;
    buf_init(&b, c->mem);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&b, "%s\n%s\n%s\n%s\n%s\n", x[i].name, x[i].role, x[i].tasks, x[i].from_on, str_or(x[i].to_on, ""));
        buf_printf(&b, "%s\n%s\n\n", s[i] ? s[i]->name : "", s[i] ? s[i]->at_words : "");
    }
    return buf_text(&b);
}

static err_t
draw(struct ctx *c, const struct delegation_place_row *at, const char *site, const struct delegation_list_row *x, struct signature *const *s, size_t n,
     const struct document_version *v, const char **ret, size_t *ret_n)
{
    static const double share[] = {.26, .32, .18, .24};
    struct paper_about about = {.title = "Delegation log", .subtitle = arena_printf(c->mem, "%s\n%s", site, at->study), .made = c->now, .lang = "en",
                                .foot = arena_printf(c->mem, "%s · delegation log · TMF %s · version %lld", at->study, tmf, (long long)v->n)};
    struct paper *p = paper_new(c->mem, &about);
    paper_text(p, "Who does which tasks, as the principal investigator delegated them.");
    paper_row(p, (struct paper_cell[]){{"Who", share[0]}, {"Tasks", share[1]}, {"When", share[2]}, {"Signed by the investigator", share[3]}}, 4, PAPER_HEAD);
    for (size_t i = 0; i < n; i++) {
        enum role role;
        const char *title = role_find(x[i].role, &role) ? role_title(role) : x[i].role;
        const char *who = *title ? arena_printf(c->mem, "%s\n%s", x[i].name, title) : x[i].name;
        const char *signed_ = s[i] ? arena_printf(c->mem, "%s\n%s", s[i]->name, s[i]->at_words) : "not signed";
        paper_row(p, (struct paper_cell[]){{who, share[0]}, {x[i].tasks, share[1]}, {until(c, &x[i]), share[2]}, {signed_, share[3]}}, 4, 0);
    }
    paper_small(p, "Each line is signed for itself, in Rapport, with the investigator's password. Earlier versions of lines and their signatures are kept there.");
    paper_small(p, arena_printf(c->mem, "Version %lld. Content (SHA-256): %s", (long long)v->n, str_hex(c->mem, v->hash, DOCUMENT_HASH)));
    return paper_done(p, ret, ret_n);
}

err_t
delegation_file(struct ctx *c, int64_t study, int64_t site, const char *site_name)
{
    struct delegation_place_row at;
    struct delegation_list_row *x;
    struct document_version v;
    const char *pdf;
    size_t n, size;
    TRY(db_one(c, &DELEGATION_PLACE, DB_IN(db_int(study), db_int(site)), &at));
    TRY(db_list(c, &DELEGATION_LIST, DB_IN(db_int(study), db_int(site), db_int(LINES)), &x, &n));
    struct signature **s = arena_alloc(c->mem, (n + 1) * sizeof *s);
    for (size_t i = 0; i < n; i++)
        TRY(delegation_signature(c, study, site, &x[i], &s[i]));
    struct document_new d = {.key = key_of(c, study, site), .kind = "delegation_log", .title = arena_printf(c->mem, "Delegation log, %s", site_name),
                             .tmf = tmf, .study = study, .study_site = site, .site_reads = true};
    TRY(document_put(c, &d, content_of(c, x, s, n), &v));
    if (v.filed)
        return NULL;
    TRY(draw(c, &at, site_name, x, s, n, &v, &pdf, &size));
    return document_file(c, &v, pdf, size);
}
