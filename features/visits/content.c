/* content.c: what the papers of a visit say, as views. A view written as JSON is the content that is signed;
 * the paper is made of it and of nothing else. Called by step.c and the pages. */
#include "features/visits/store.h"

#include "base/date.h"
#include "base/str.h"
#include "base/view.h"
#include "core/inst.h"
#include "db/db.h"
#include "features/delegation/delegation.h"
#include "features/studies/studies.h"
#include <jansson.h>
#include <string.h>

/* ---- pieces ---- */

static err_t
add_head(struct ctx *c, const struct visit_get_row *v, const char *kind, const char *title, const char *tmf, struct view *x)
{
    struct thing t = {0};
    enum visit_kind k = VISIT_IMV;
    TRY(study_thing(c, v->study, &t));
    visit_kind_find(v->kind, &k);
    view_text(x, "paper", kind);
    view_text(x, "title", title);
    view_text(x, "tmf", tmf);
    view_text(x, "study", t.study_ref);
    view_text(x, "study_title", t.study_title);
    view_text(x, "site", visit_site(c, v));
    view_text(x, "visit", visit_short(c->mem, v->kind, v->n));
    view_text(x, "kind", visit_kind_words(k));
    view_bool(x, "remote", v->remote);
    view_text(x, "first_on", v->first_on);
    view_text(x, "last_on", v->last_on);
    view_text(x, "monitor", v->monitor_name);
    return NULL;
}

static err_t
add_people(struct ctx *c, const struct visit_get_row *v, struct view *x)
{
    struct visit_people_row *p;
    size_t n;
    TRY(db_list(c, &VISIT_PEOPLE, DB_IN(db_int(v->id)), &p, &n));
    struct view *list = view_list(x, "people");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_text(m, "name", p[i].name);
        view_text(m, "role", p[i].role);
        view_bool(m, "at_site", p[i].at_site);
    }
    return NULL;
}

static err_t
add_enrolment(struct ctx *c, const struct visit_get_row *v, struct view *x)
{
    struct visit_enrolment_row n;
    TRY(db_one(c, &VISIT_ENROLMENT, DB_IN(db_int(v->study), db_int(v->site), db_text(v->last_on), db_text(v->last_on)), &n));
    struct view *m = view_map(x, "enrolment");
    view_int(m, "screened", n.screened);
    view_int(m, "failed", n.failed);
    view_int(m, "enrolled", n.enrolled);
    view_int(m, "left", n.left);
    return NULL;
}

static err_t
add_sections(struct ctx *c, const struct visit_get_row *v, struct view *x)
{
    struct visit_sections_row *s;
    size_t n;
    TRY(db_list(c, &VISIT_SECTIONS, DB_IN(db_int(v->id)), &s, &n));
    struct view *list = view_list(x, "sections");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_text(m, "key", s[i].key);
        view_text(m, "title", s[i].title);
        view_text(m, "mark", s[i].mark);
        view_text(m, "text", s[i].text);
    }
    view_int(x, "sections_version", v->template);
    return NULL;
}

static err_t
add_findings(struct ctx *c, const struct visit_get_row *v, struct view *x)
{
    struct finding_earlier_row *e;
    struct finding_of_visit_row *f;
    size_t n;
    TRY(db_list(c, &FINDING_EARLIER, DB_IN(db_int(v->id), db_int(v->site), db_int(v->comp), db_text(v->first_on)), &e, &n));
    struct view *list = view_list(x, "earlier");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_textf(m, "of", "%s, no. %lld", visit_short(c->mem, e[i].kind, e[i].visit_n), (long long)e[i].n);
        view_text(m, "title", e[i].title);
        view_text(m, "owner", e[i].owner_name);
        view_text(m, "due_on", e[i].due_on);
        view_text(m, "status", e[i].status);
        view_text(m, "note", e[i].note);
    }
    TRY(db_list(c, &FINDING_OF_VISIT, DB_IN(db_int(v->id)), &f, &n));
    list = view_list(x, "findings");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_int(m, "n", f[i].n);
        view_text(m, "section", f[i].section);
        view_text(m, "title", f[i].title);
        view_text(m, "weight", f[i].weight);
        view_text(m, "owner", f[i].owner_name);
        view_text(m, "due_on", f[i].due_on);
    }
    return NULL;
}

/* ---- content that was signed, read again ---- */

static void read_value(struct view *into, const char *key, const json_t *x);

static void
read_into(struct view *into, const json_t *x)
{
    const char *key;
    json_t *one;
    size_t i;
    if (json_is_object(x)) {
        json_object_foreach((json_t *)x, key, one)
            read_value(into, arena_strdup(into->kids.mem, key), one);
        return;
    }
    json_array_foreach(x, i, one) {
        if (json_is_object(one))
            read_into(view_add_map(into), one);
        else
            view_add_text(into, arena_strdup(into->kids.mem, str_or(json_string_value(one), "")));
    }
}

static void
read_value(struct view *into, const char *key, const json_t *x)
{
    if (json_is_object(x))
        read_into(view_map(into, key), x);
    else if (json_is_array(x))
        read_into(view_list(into, key), x);
    else if (json_is_integer(x))
        view_int(into, key, json_integer_value(x));
    else if (json_is_boolean(x))
        view_bool(into, key, json_is_true(x));
    else
        view_text(into, key, json_is_string(x) ? arena_strdup(into->kids.mem, json_string_value(x)) : NULL);
}

err_t
visit_content_read(struct ctx *c, const char *text, struct view **ret)
{
    struct view *x = view_map_new(c->mem);
    json_t *root = json_loads(text, 0, NULL);
    if (!json_is_object(root)) {
        json_decref(root);
        return err_new(c->mem, E_INTERNAL, "The content of this paper cannot be read.");
    }
    read_into(x, root);
    json_decref(root);
    *ret = x;
    return NULL;
}

/* ---- the papers ---- */

err_t
visit_report_content(struct ctx *c, const struct visit_get_row *v, struct view **ret)
{
    enum visit_kind k = VISIT_IMV;
    struct view *x = view_map_new(c->mem);
    visit_kind_find(v->kind, &k);
    TRY(add_head(c, v, "visit_report", "Monitoring visit report", visit_kind_tmf(k), x));
    view_text(x, "why", v->why);
    TRY(add_people(c, v, x));
    TRY(add_enrolment(c, v, x));
    TRY(add_sections(c, v, x));
    TRY(add_findings(c, v, x));
    *ret = x;
    return NULL;
}

/* The sections whose subject was looked at, by title: what the letter says of the work done. */
static void
add_reviewed(const struct view *report, struct view *x)
{
    struct view *list = view_list(x, "reviewed");
    const struct view *sections = view_get(report, "sections");
    for (const struct view_item *i = sections ? sections->kids.first : NULL; i; i = i->next) {
        const char *key = view_get_text(&i->value, "key");
        bool own = str_eq(key, "purpose") || str_eq(key, "discussion") || str_eq(key, "escalation") || str_eq(key, "next");
        if (!own && str_eq(view_get_text(&i->value, "mark"), "reviewed"))
            view_add_text(list, view_get_text(&i->value, "title"));
    }
}

/* What the letter takes over from the report, so that the two cannot differ. */
err_t
visit_letter_content(struct ctx *c, const struct visit_get_row *v, struct view **ret)
{
    static const char *const shared[] = {"people", "enrolment", "earlier", "findings"};
    struct view *report, *x = view_map_new(c->mem);
    struct document_version d;
    bool found = false;
    if (str_eq(v->report, "approved"))
        TRY(document_find(c, visit_key(c->mem, v, "report"), &d, &found));
    if (found)
        TRY(visit_content_read(c, d.content, &report));
    else
        TRY(visit_report_content(c, v, &report));
    TRY(add_head(c, v, "letter", "Follow-up letter", "05.04.12", x));
    for (size_t i = 0; i < COUNT_OF(shared); i++)
        view_set(x, shared[i], view_get(report, shared[i]));
    add_reviewed(report, x);
    view_text(x, "to", v->host_name);
    view_text(x, "words", v->letter_words);
    *ret = x;
    return NULL;
}

err_t
visit_confirmation_content(struct ctx *c, const struct visit_get_row *v, struct view **ret)
{
    struct finding_earlier_row *e;
    struct view *x = view_map_new(c->mem);
    size_t n;
    TRY(add_head(c, v, "confirmation", "Confirmation of a monitoring visit", VISIT_CONFIRMATION_TMF, x));
    view_text(x, "to", v->host_name);
    view_text(x, "agenda", v->agenda);
    TRY(db_list(c, &FINDING_EARLIER, DB_IN(db_int(v->id), db_int(v->site), db_int(v->comp), db_text(v->first_on)), &e, &n));
    struct view *list = view_list(x, "earlier");
    for (size_t i = 0; i < n; i++) {
        struct view *m = view_add_map(list);
        view_textf(m, "of", "%s, no. %lld", visit_short(c->mem, e[i].kind, e[i].visit_n), (long long)e[i].n);
        view_text(m, "title", e[i].title);
        view_text(m, "owner", e[i].owner_name);
        view_text(m, "due_on", e[i].due_on);
    }
    *ret = x;
    return NULL;
}

/* ---- what does not agree ---- */

static int32_t
day_or(const char *iso, int32_t none)
{
    int32_t day;
    return iso && date_parse(iso, &day) ? day : none;
}

static err_t
check_persons(struct ctx *c, const struct visit_get_row *v, struct check_facts *f)
{
    struct visit_people_row *p;
    struct delegation *log;
    size_t n, n_log;
    TRY(db_list(c, &VISIT_PEOPLE, DB_IN(db_int(v->id)), &p, &n));
    TRY(delegation_on(c, v->study, v->site, v->last_on, &log, &n_log));
    struct check_person *out = arena_alloc(c->mem, (n + 1) * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct check_person){.name = p[i].name, .at_site = p[i].at_site};
        f->monitor_there |= !p[i].at_site && !p[i].person_null && p[i].person == v->monitor;
        for (size_t k = 0; k < n_log; k++) {
            bool same = p[i].person_null ? str_eq(p[i].name, log[k].name) : log[k].person == p[i].person;
            out[i].on_log |= same;
            out[i].signed_log |= same && log[k].signed_by_pi;
        }
    }
    f->log_kept = n_log > 0;
    f->person = out;
    f->n_persons = n;
    return NULL;
}

static err_t
check_parts(struct ctx *c, const struct visit_get_row *v, struct check_facts *f)
{
    struct visit_sections_row *s;
    struct finding_of_visit_row *own;
    struct finding_earlier_row *e;
    size_t n, n_own, n_e;
    TRY(db_list(c, &VISIT_SECTIONS, DB_IN(db_int(v->id)), &s, &n));
    TRY(db_list(c, &FINDING_OF_VISIT, DB_IN(db_int(v->id)), &own, &n_own));
    TRY(db_list(c, &FINDING_EARLIER, DB_IN(db_int(v->id), db_int(v->site), db_int(v->comp), db_text(v->first_on)), &e, &n_e));
    struct check_section *sections = arena_alloc(c->mem, (n + 1) * sizeof *sections);
    for (size_t i = 0; i < n; i++)
        sections[i] = (struct check_section){s[i].title, s[i].mark, !str_empty(s[i].text)};
    struct check_finding *found = arena_alloc(c->mem, (n_own + n_e + 1) * sizeof *found);
    for (size_t i = 0; i < n_e; i++)
        found[i] = (struct check_finding){.n = e[i].n, .title = e[i].title, .earlier = true, .status = e[i].status};
    for (size_t i = 0; i < n_own; i++)
        found[n_e + i] = (struct check_finding){.n = own[i].n, .title = own[i].title, .owner = !str_empty(own[i].owner_name),
                                                .due = day_or(own[i].due_on, VISIT_NEVER)};
    f->section = sections;
    f->n_sections = n;
    f->finding = found;
    f->n_findings = n_own + n_e;
    return NULL;
}

err_t
visit_check_of(struct ctx *c, const struct visit_get_row *v, struct check_line **ret, size_t *ret_n)
{
    enum { LINES = 200 };
    struct check_facts f = {.agreed_first = day_or(v->agreed_on, VISIT_NEVER), .first = day_or(v->first_on, VISIT_NEVER),
                            .last = day_or(v->last_on, VISIT_NEVER), .today = c->today};
    TRY(check_persons(c, v, &f));
    TRY(check_parts(c, v, &f));
    *ret = arena_alloc(c->mem, LINES * sizeof **ret);
    *ret_n = visit_check(c->mem, &f, *ret, LINES);
    return NULL;
}
