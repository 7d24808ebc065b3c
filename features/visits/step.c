/* step.c: from the draft of a report to the letter: submitting, sending back, approving, sending. Each step
 * delivers what the playbook made due by it. See store.h; the password was checked by the handler. */
#include "features/visits/store.h"

#include "base/date.h"
#include "base/str.h"
#include "base/view.h"
#include "core/record.h"
#include "core/sign.h"
#include "db/db.h"
#include "features/playbooks/playbooks.h"

#include <string.h>

static const char *
today_of(struct ctx *c)
{
    char iso[DATE_TEXT];
    date_iso(c->today, iso);
    return arena_strdup(c->mem, iso);
}

static err_t
refuse(struct ctx *c, const char *why)
{
    return err_new(c->mem, E_CONFLICT, "%s", why);
}

static void
changed(struct ctx *c, const struct visit_get_row *v, const char *field, const char *old, const char *new)
{
    visit_about(c, v);
    record_change(c, "visit", visit_short(c->mem, v->kind, v->n), field, old, new);
}

/* What the playbook's line made due, when it did. */
static err_t
due_of_line(struct ctx *c, const struct visit_get_row *v, const char *line, struct visit_due_of_key_row *ret, bool *ret_found)
{
    return db_maybe(c, &VISIT_DUE_OF_KEY, DB_IN(db_text(visit_key(c->mem, v, line))), ret, ret_found);
}

/* ---- papers ---- */

static const char *
json_of(struct ctx *c, const struct view *x)
{
    struct buf b;
    buf_init(&b, c->mem);
    view_json(&b, x);
    return buf_text(&b);
}

static err_t
put_paper(struct ctx *c, const struct visit_get_row *v, const char *part, const struct view *content, bool site_reads, struct document_version *ret)
{
    struct document_new d = {.key = visit_key(c->mem, v, part), .kind = view_get_text(content, "paper"), .tmf = view_get_text(content, "tmf"),
                             .title = arena_printf(c->mem, "%s, %s", view_get_text(content, "title"), visit_title(c, v)), .study = v->study,
                             .study_site = v->site, .comp = (enum compartment)v->comp, .site_reads = site_reads};
    return document_put(c, &d, json_of(c, content), ret);
}

static err_t
sign_paper(struct ctx *c, const struct document_version *d, const char *meaning)
{
    int64_t id;
    return sign_now(c, &(struct sign_work){"document", d->id, d->hash, meaning}, &id);
}

static err_t
file_paper(struct ctx *c, const struct view *content, const struct document_version *d, const char *mark)
{
    const char *pdf;
    size_t n;
    if (d->filed)
        return NULL;
    TRY(visit_paper(c, content, d, mark, &pdf, &n));
    return document_file(c, d, pdf, n);
}

/* ---- the confirmation ---- */

err_t
visit_confirm(struct ctx *c, const struct visit_get_row *v)
{
    struct view *content;
    struct document_version d;
    int64_t due;
    if (!str_eq(v->state, "agreed"))
        return refuse(c, "A visit is confirmed when its day is agreed with the site, and before it is held.");
    TRY(visit_confirmation_content(c, v, &content));
    TRY(put_paper(c, v, "confirmation", content, true, &d));
    TRY(file_paper(c, content, &d, NULL));
    TRY(db_run(c, &VISIT_CONFIRMED, DB_IN(db_int(v->id), db_text(today_of(c))), NULL));
    TRY(playbook_done(c, visit_key(c->mem, v, "agreed"), "confirm", &due));
    changed(c, v, "confirmed on", v->confirmed_on, today_of(c));
    record_event(c);
    return NULL;
}

/* ---- the report ---- */

/* What the check stops, in words. */
static err_t
must_agree(struct ctx *c, const struct visit_get_row *v)
{
    struct check_line *line;
    size_t n, stops = 0;
    struct buf b;
    buf_init(&b, c->mem);
    TRY(visit_check_of(c, v, &line, &n));
    for (size_t i = 0; i < n; i++) {
        if (line[i].stops && stops++ < 5)
            buf_printf(&b, " %s", line[i].text);
    }
    if (!stops)
        return NULL;
    return err_new(c->mem, E_CONFLICT, "The report cannot be submitted yet.%s%s", buf_text(&b), stops > 5 ? " And more; the check lists all." : "");
}

err_t
visit_submit(struct ctx *c, const struct visit_get_row *v)
{
    struct view *content;
    struct document_version d;
    int64_t due;
    if (!str_eq(v->report, "draft") && !str_eq(v->report, "sent_back"))
        return refuse(c, "This report is not a draft: it was submitted already, or the visit was not held yet.");
    if (c->who->person != v->monitor)
        return err_new(c->mem, E_FORBIDDEN, "The report is signed and submitted by its author, %s.", v->monitor_name);
    TRY(must_agree(c, v));
    TRY(visit_report_content(c, v, &content));
    TRY(put_paper(c, v, "report", content, false, &d));
    TRY(sign_paper(c, &d, "I wrote this report. It says what was reviewed and what was found."));
    TRY(db_run(c, &VISIT_SUBMITTED, DB_IN(db_int(v->id), db_text(today_of(c))), NULL));
    TRY(playbook_done(c, visit_key(c->mem, v, NULL), "report", &due));
    changed(c, v, "report", v->report, "submitted");
    return NULL;
}

/* The version that was submitted, with its content as it is signed. */
static err_t
submitted(struct ctx *c, const struct visit_get_row *v, struct view **ret_content, struct document_version *ret)
{
    bool found;
    TRY(document_find(c, visit_key(c->mem, v, "report"), ret, &found));
    INVARIANT(found);
    return visit_content_read(c, ret->content, ret_content);
}

err_t
visit_send_back(struct ctx *c, const struct visit_get_row *v, const char *why)
{
    struct visit_due_of_key_row due;
    struct document_version d;
    struct view *content;
    bool found;
    if (!str_eq(v->report, "submitted") && !str_eq(v->report, "approved"))
        return refuse(c, "There is no submitted report to send back.");
    if (v->letter_on)
        return refuse(c, "The letter of this visit is sent. What must be corrected now goes into the next report.");
    if (str_empty(why))
        return err_field(c->mem, E_BAD_INPUT, "why", "Please say what is to be changed. The author reads it.");
    TRY(submitted(c, v, &content, &d));
    TRY(file_paper(c, content, &d, "Sent back"));
    TRY(db_run(c, &VISIT_SENT_BACK, DB_IN(db_int(v->id), db_text(why)), NULL));
    TRY(due_of_line(c, v, "report", &due, &found));
    if (found && str_eq(due.state, "delivered"))
        TRY(due_step(c, due.id, ACTION_SEND_BACK, &(struct due_by){.side = SIDE_ASKING, .reason = why}));
    record_reason(c, why);
    changed(c, v, "report", v->report, "sent_back");
    return NULL;
}

/* A finding that the visit saw done ends; what was still agreed about it is delivered and accepted. */
static err_t
end_finding(struct ctx *c, const struct visit_get_row *v, const struct finding_earlier_row *f)
{
    struct visit_due_state_row due;
    bool found = false;
    const char *how = arena_printf(c->mem, "seen done at %s", visit_short(c->mem, v->kind, v->n));
    TRY(db_run(c, &FINDING_END, DB_IN(db_int(f->id), db_bool(false), db_text(v->last_on)), NULL));
    record_change(c, "finding", f->title, "open", "yes", "no");
    if (!f->due_null)
        TRY(db_maybe(c, &VISIT_DUE_STATE, DB_IN(db_int(f->due)), &due, &found));
    if (!found)
        return NULL;
    if (str_eq(due.state, "asked") || str_eq(due.state, "countered"))
        return due_step(c, f->due, ACTION_WITHDRAW, &(struct due_by){.side = SIDE_ASKING, .reason = how});
    if (str_eq(due.state, "agreed") || str_starts(due.state, "move_"))
        TRY(due_step(c, f->due, ACTION_DELIVER, &(struct due_by){.side = SIDE_OWING, .how = how}));
    else if (!str_eq(due.state, "delivered"))
        return NULL;
    return due_step(c, f->due, ACTION_RECEIVE, &(struct due_by){.side = SIDE_ASKING, .how = how});
}

static err_t
end_findings(struct ctx *c, const struct visit_get_row *v)
{
    struct finding_earlier_row *e;
    size_t n;
    TRY(db_list(c, &FINDING_EARLIER, DB_IN(db_int(v->id), db_int(v->site), db_int(v->comp), db_text(v->first_on)), &e, &n));
    for (size_t i = 0; i < n; i++) {
        if (e[i].open && str_eq(e[i].status, "done"))
            TRY(end_finding(c, v, &e[i]));
    }
    return NULL;
}

err_t
visit_approve(struct ctx *c, const struct visit_get_row *v)
{
    struct visit_due_of_key_row due;
    struct document_version d;
    struct view *content;
    int64_t done;
    bool found;
    if (!str_eq(v->report, "submitted"))
        return refuse(c, "Only a report that was submitted can be approved.");
    if (c->who->person == v->monitor)
        return err_new(c->mem, E_FORBIDDEN, "A report is approved by somebody else than its author.");
    TRY(submitted(c, v, &content, &d));
    TRY(sign_paper(c, &d, "I reviewed this report and approve it."));
    TRY(file_paper(c, content, &d, NULL));
    TRY(db_run(c, &VISIT_APPROVED, DB_IN(db_int(v->id), db_text(today_of(c))), NULL));
    TRY(end_findings(c, v));
    TRY(due_of_line(c, v, "report", &due, &found));
    if (found && str_eq(due.state, "delivered"))
        TRY(due_step(c, due.id, ACTION_RECEIVE, &(struct due_by){.side = SIDE_ASKING}));
    TRY(playbook_done(c, visit_key(c->mem, v, NULL), "review", &done));
    changed(c, v, "report", v->report, "approved");
    return NULL;
}

/* ---- the letter ---- */

/* Each finding that somebody is to see to becomes an ask of its own, with the letter. */
static err_t
ask_findings(struct ctx *c, const struct visit_get_row *v)
{
    struct finding_of_visit_row *f;
    size_t n;
    TRY(db_list(c, &FINDING_OF_VISIT, DB_IN(db_int(v->id)), &f, &n));
    for (size_t i = 0; i < n; i++) {
        int64_t due;
        const char *ref;
        if (!f[i].open || f[i].owner_null || !f[i].due_null || f[i].owner == v->monitor)
            continue;
        struct due_new d = {.class = CLASS_COMMITMENT, .kind = "action_item", .title = f[i].title, .study = v->study, .study_site = v->site,
                            .comp = (enum compartment)v->comp, .owing = {f[i].owner, f[i].owner_role, f[i].owner_at_site},
                            .asking = {v->monitor, "cra", false}, .due_on = f[i].due_on, .gxp = true,
                            .body = arena_printf(c->mem, "Finding %lld of %s.", (long long)f[i].n, visit_title(c, v)),
                            .origin_key = arena_printf(c->mem, "finding:%s", f[i].ref)};
        TRY(due_create(c, &d, &due, &ref));
        TRY(db_run(c, &FINDING_DUE, DB_IN(db_int(f[i].id), db_int(due)), NULL));
    }
    return NULL;
}

err_t
visit_send_letter(struct ctx *c, const struct visit_get_row *v)
{
    struct document_version d;
    struct view *content;
    int64_t due;
    if (!str_eq(v->report, "approved"))
        return refuse(c, "The letter is sent when the report is approved: both say the same.");
    if (v->letter_on)
        return refuse(c, "The letter of this visit is sent.");
    TRY(visit_letter_content(c, v, &content));
    TRY(put_paper(c, v, "letter", content, true, &d));
    TRY(sign_paper(c, &d, "I send this letter. It says what the report says."));
    TRY(file_paper(c, content, &d, NULL));
    TRY(ask_findings(c, v));
    TRY(db_run(c, &VISIT_LETTER, DB_IN(db_int(v->id), db_text(today_of(c))), NULL));
    TRY(playbook_done(c, visit_key(c->mem, v, NULL), "letter", &due));
    changed(c, v, "letter sent on", NULL, today_of(c));
    return NULL;
}
