/* demo_visits.c: what happened at the demonstration's site: a playbook that both sides signed, a delegation log,
 * visits held, reported, sent back and to come. Called by demo.c after demo_due. */
#include "app/demo.h"
#include "base/date.h"
#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "db/db.h"
#include "features/commitments/commitments.h"
#include "features/delegation/delegation.h"
#include "features/playbooks/playbooks.h"
#include "features/visits/visits.h"

enum { NO_DAY = 9999, FINDINGS = 3 };

struct told_finding {
    const char *title;
    enum role owner;
    int due; /* days after the visit */
    bool important;
    int agreed, delivered, received; /* days after the letter; 0: not */
};
struct told_visit {
    enum visit_kind kind;
    bool remote;
    int planned, day; /* days from the first of the demonstration */
    int agreed, confirmed, held, submitted, back, approved, letter; /* NO_DAY: not */
    const char *back_why, *words;
    struct told_finding finding[FINDINGS];
};

static const struct told_visit visits[] = {
    {VISIT_SIV, false, -150, -126, -148, -142, -125, -121, NO_DAY, -118, -116, NULL, "Thank you for a good start.",
     {{"Send the signed training record of the pharmacist", ROLE_COORDINATOR, 21, false, 1, 14, 16}}},
    {VISIT_IMV, false, -80, -54, -78, -69, -53, -49, NO_DAY, -45, -43, NULL, "Consent forms and source were in good order.",
     {{"Page 4 of the consent form of 1003 was filed twice, page 5 is missing", ROLE_COORDINATOR, 30, true, 2, 34, 0},
      {"Calibrate the second centrifuge", ROLE_COORDINATOR, 45, false, 3, 0, 0}}},
    {VISIT_IMV, false, -30, -8, -28, -22, -7, -4, -2, NO_DAY, NO_DAY,
     "Please say which participants were verified, and why the laboratory was not looked at.", "",
     {{"Temperature log of the product has a gap on two days", ROLE_COORDINATOR, 30, true, 0, 0, 0}}},
    {VISIT_IMV, true, -12, 13, -10, NO_DAY, NO_DAY, NO_DAY, NO_DAY, NO_DAY, NO_DAY, NULL, NULL, {{0}}},
    {VISIT_IMV, false, -1, 41, NO_DAY, NO_DAY, NO_DAY, NO_DAY, NO_DAY, NO_DAY, NO_DAY, NULL, NULL, {{0}}},
};

struct visit_job {
    const struct demo_study *s;
    const struct told_visit *v;
    int64_t id;
    const char *why;
    size_t finding;
    enum due_action action;
};

static const char *
iso_of(struct ctx *c, int32_t day)
{
    char text[DATE_TEXT];
    date_iso(day, text);
    return arena_strdup(c->mem, text);
}

/* A working day: the demonstration begins on any day of the week. */
static int32_t
worked(int32_t day)
{
    while (date_weekday(day) > 4)
        day++;
    return day;
}

static err_t
fetch(struct ctx *c, const struct visit_job *j, struct visit_get_row *ret)
{
    return db_one(c, &VISIT_GET, DB_IN(db_int(j->id)), ret);
}

/* ---- one visit ---- */

static err_t
plan(struct ctx *c, void *arg)
{
    struct visit_job *j = arg;
    const char *ref;
    struct thing site = {.study = j->s->study, .study_site = j->s->site};
    struct visit_new n = {.site = &site, .kind = j->v->kind, .remote = j->v->remote, .days = 1,
                          .monitor = {j->s->person[ROLE_CRA], "cra", false}, .host = {j->s->person[ROLE_INVESTIGATOR], "principal_investigator", true},
                          .first_on = iso_of(c, worked(c->today - j->v->planned + j->v->day))};
    return visit_plan(c, &n, &j->id, &ref);
}

static err_t
agree(struct ctx *c, void *arg)
{
    struct visit_get_row v;
    TRY(fetch(c, arg, &v));
    return due_step(c, v.date_due, ACTION_ACCEPT, &(struct due_by){.side = SIDE_OWING});
}

static err_t
confirm(struct ctx *c, void *arg)
{
    struct visit_get_row v;
    TRY(fetch(c, arg, &v));
    return visit_confirm(c, &v);
}

static err_t
there(struct ctx *c, int64_t visit, int64_t person, const char *name, const char *role, bool at_site)
{
    return db_run(c, &VISIT_PEOPLE_ADD, DB_IN(db_int(visit), db_int(person), db_text(name), db_text(role), db_bool(at_site)), NULL);
}

static err_t
hold(struct ctx *c, void *arg)
{
    struct visit_job *j = arg;
    struct visit_get_row v;
    TRY(fetch(c, j, &v));
    TRY(visit_hold(c, &v, v.first_on, v.last_on));
    TRY(there(c, v.id, v.monitor, v.monitor_name, "Monitor", false));
    TRY(there(c, v.id, j->s->person[ROLE_INVESTIGATOR], "Rui Vaz", role_title(ROLE_INVESTIGATOR), true));
    return there(c, v.id, j->s->person[ROLE_COORDINATOR], "Cora Coordinator", role_title(ROLE_COORDINATOR), true);
}

static const struct {
    const char *key, *mark, *text;
} written[] = {
    {"purpose", "reviewed", "Records since the last visit; the site file; product and its storage."},
    {"enrolment", "reviewed", "Screening goes on as planned. The screening log agrees with the records."},
    {"consent", "reviewed", "All consents dated before the first procedure, by somebody on the delegation log."},
    {"sdv", "reviewed", "1001 to 1006 verified for the primary outcome and safety."},
    {"safety", "reviewed", "No serious adverse event since the last visit."},
    {"site_file", "reviewed", "Current; the laboratory certificate was renewed."},
    {"discussion", "reviewed", "Everything in this report was said to Dr Vaz on the day."},
    {"next", "reviewed", "The next visit in six to eight weeks, as enrolment asks."},
};

static err_t
write_section(struct ctx *c, int64_t visit, const struct visit_sections_row *s)
{
    const char *mark = "not_applicable", *text = "";
    for (size_t i = 0; i < COUNT_OF(written); i++) {
        if (str_eq(written[i].key, s->key))
            mark = written[i].mark, text = written[i].text;
    }
    record_change(c, "report section", s->title, "text", NULL, text);
    return db_run(c, &VISIT_SECTION_SET, DB_IN(db_int(visit), db_int(s->ordinal), db_text(mark), db_text(text)), NULL);
}

static err_t
write_findings(struct ctx *c, const struct visit_job *j, const struct visit_get_row *v)
{
    int32_t held = 0;
    struct finding_add_row row;
    date_parse(v->last_on, &held);
    for (size_t i = 0; i < FINDINGS && j->v->finding[i].title; i++) {
        const struct told_finding *f = &j->v->finding[i];
        record_change(c, "finding", f->title, "title", NULL, f->title);
        TRY(db_one(c, &FINDING_ADD,
                   DB_IN(db_text(ref_new(c->mem)), db_int(v->study), db_int(v->site), db_int(v->id), db_int((int64_t)i + 1), db_text(NULL), db_text(f->title),
                         db_text(f->important ? "important" : "usual"), db_int(j->s->person[f->owner]), db_text(role_word(f->owner)),
                         db_text("Cora Coordinator"), db_bool(true), db_text(iso_of(c, held + f->due))),
                   &row));
    }
    return NULL;
}

static err_t
write_report(struct ctx *c, void *arg)
{
    struct visit_job *j = arg;
    struct visit_get_row v;
    struct visit_sections_row *s;
    struct finding_earlier_row *e;
    size_t n;
    TRY(fetch(c, j, &v));
    visit_about(c, &v);
    TRY(db_list(c, &VISIT_SECTIONS, DB_IN(db_int(v.id)), &s, &n));
    for (size_t i = 0; i < n; i++)
        TRY(write_section(c, v.id, &s[i]));
    TRY(db_list(c, &FINDING_EARLIER, DB_IN(db_int(v.id), db_int(v.site), db_int(v.comp), db_text(v.first_on)), &e, &n));
    for (size_t i = 0; i < n; i++)
        TRY(db_run(c, &FINDING_SEEN_ADD, DB_IN(db_int(v.id), db_int(e[i].id), db_text(i == 0 ? "done" : "open"), db_text(i == 0 ? "Seen in the file." : NULL)), NULL));
    TRY(write_findings(c, j, &v));
    return db_run(c, &VISIT_SAVED, DB_IN(db_int(v.id), db_int(v.saves), db_text(v.first_on), db_text(v.last_on), db_text(j->v->words)), NULL);
}

static err_t
submit(struct ctx *c, void *arg)
{
    struct visit_get_row v;
    TRY(fetch(c, arg, &v));
    return visit_submit(c, &v);
}

static err_t
send_back(struct ctx *c, void *arg)
{
    struct visit_job *j = arg;
    struct visit_get_row v;
    TRY(fetch(c, j, &v));
    return visit_send_back(c, &v, j->v->back_why);
}

static err_t
approve(struct ctx *c, void *arg)
{
    struct visit_get_row v;
    TRY(fetch(c, arg, &v));
    return visit_approve(c, &v);
}

static err_t
send_letter(struct ctx *c, void *arg)
{
    struct visit_get_row v;
    TRY(fetch(c, arg, &v));
    return visit_send_letter(c, &v);
}

static err_t
step_finding(struct ctx *c, void *arg)
{
    const struct visit_job *j = arg;
    struct finding_of_visit_row *x;
    size_t n;
    TRY(db_list(c, &FINDING_OF_VISIT, DB_IN(db_int(j->id)), &x, &n));
    INVARIANT(j->finding < n && !x[j->finding].due_null);
    return due_step(c, x[j->finding].due, j->action, &(struct due_by){.side = j->action == ACTION_RECEIVE ? SIDE_ASKING : SIDE_OWING});
}

/* What became of what the letter asked for. */
static err_t
tell_findings(const struct ctx *c, const struct demo_study *s, struct visit_job *j)
{
    for (j->finding = 0; j->finding < FINDINGS && j->v->letter != NO_DAY && j->v->finding[j->finding].title; j->finding++) {
        const struct told_finding *f = &j->v->finding[j->finding];
        const struct {
            int day;
            enum role who;
            enum due_action action;
        } acts[] = {{f->agreed, f->owner, ACTION_ACCEPT}, {f->delivered, f->owner, ACTION_DELIVER}, {f->received, ROLE_CRA, ACTION_RECEIVE}};
        for (size_t i = 0; i < COUNT_OF(acts) && acts[i].day; i++) {
            j->action = acts[i].action;
            TRY(demo_on_day(c, j->v->letter + acts[i].day, s->person[acts[i].who], "due.step", step_finding, j));
        }
    }
    return NULL;
}

static err_t
tell_visit(const struct ctx *c, const struct demo_study *s, const struct told_visit *v)
{
    struct visit_job j = {.s = s, .v = v};
    const struct {
        int day;
        enum role who;
        const char *action;
        db_work *work;
    } acts[] = {{v->planned, ROLE_CRA, "visit.plan", plan},           {v->agreed, ROLE_INVESTIGATOR, "due.step", agree},
                {v->confirmed, ROLE_CRA, "visit.confirm", confirm},   {v->held, ROLE_CRA, "visit.hold", hold},
                {v->submitted, ROLE_CRA, "report.save", write_report}, {v->submitted, ROLE_CRA, "report.submit", submit},
                {v->back, ROLE_STUDY_MANAGER, "report.send_back", send_back}, {v->approved, ROLE_STUDY_MANAGER, "report.approve", approve},
                {v->letter, ROLE_CRA, "letter.send", send_letter}};
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        int day = acts[i].day;
        if (day == NO_DAY)
            continue;
        if (acts[i].work != plan && v->day < 0 && day > v->day && day < v->day + 3) /* not before the visit, which may have slipped past a weekend */
            day = v->day + 3;
        TRY(demo_on_day(c, day, s->person[acts[i].who], acts[i].action, acts[i].work, &j));
    }
    return tell_findings(c, s, &j);
}

/* ---- the playbook and the log ---- */

static err_t
sign_sponsor(struct ctx *c, void *arg)
{
    const struct demo_study *s = arg;
    struct thing t = {.study = s->study};
    record_about(c, "study", s->study, NULL, &t);
    return playbook_sign_sponsor(c, &t);
}

static err_t
sign_site(struct ctx *c, void *arg)
{
    const struct demo_study *s = arg;
    struct thing t = {.study = s->study, .study_site = s->site};
    record_about(c, "site", s->site, NULL, &t);
    return playbook_sign_site(c, &t);
}

struct log_job {
    const struct demo_study *s;
    struct delegation_new d;
    int to; /* days after the first; 0: open */
    const char *ref;
};

static err_t
write_line(struct ctx *c, void *arg)
{
    struct log_job *j = arg;
    j->d.study = j->s->study;
    j->d.study_site = j->s->site;
    j->d.from_on = iso_of(c, c->today);
    if (j->to)
        j->d.to_on = iso_of(c, c->today + j->to);
    return delegation_write(c, &j->d, &j->ref);
}

static err_t
sign_line(struct ctx *c, void *arg)
{
    struct log_job *j = arg;
    return delegation_sign(c, j->s->study, j->s->site, &j->ref, 1);
}

static err_t
tell_log(const struct ctx *c, const struct demo_study *s)
{
    struct {
        int from;
        bool signs;
        struct delegation_new d;
        int to; /* 0: open */
    } lines[] = {
        {-170, true, {.person = s->person[ROLE_INVESTIGATOR], .name = "Rui Vaz", .role = "principal_investigator", .tasks = "consent, eligibility, medical decisions, adverse events"}},
        {-165, true, {.person = s->person[ROLE_COORDINATOR], .name = "Cora Coordinator", .role = "coordinator", .tasks = "specimens, data entry, queries, site file"}},
        {-130, true, {.name = "Ina Holm", .role = "pharmacist", .tasks = "investigational product, randomisation"}},
        {-120, true, {.name = "Mia Lund", .role = "sub_investigator", .tasks = "consent, eligibility"}, -34},
        {-3, false, {.name = "Jon Berg", .role = "sub_investigator", .tasks = "consent, physical examination"}},
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct log_job j = {.s = s, .d = lines[i].d, .to = lines[i].to ? lines[i].to - lines[i].from : 0};
        TRY(demo_on_day(c, lines[i].from, s->person[ROLE_COORDINATOR], "delegation.add", write_line, &j));
        if (lines[i].signs)
            TRY(demo_on_day(c, lines[i].from + 1, s->person[ROLE_INVESTIGATOR], "delegation.sign", sign_line, &j));
    }
    return NULL;
}

err_t
demo_visits(const struct ctx *c, const struct demo_study *study)
{
    TRY(tell_log(c, study));
    TRY(demo_on_day(c, -160, study->person[ROLE_STUDY_MANAGER], "playbook.sign", sign_sponsor, (void *)study));
    TRY(demo_on_day(c, -158, study->person[ROLE_INVESTIGATOR], "playbook.sign_site", sign_site, (void *)study));
    for (size_t i = 0; i < COUNT_OF(visits); i++)
        TRY(tell_visit(c, study, &visits[i]));
    return NULL;
}
