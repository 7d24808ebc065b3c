/* test_two.c: see test_two.h. */
#include "features/people/test_two.h"

#include "base/log.h"
#include "base/str.h"
#include "core/account.h"
#include "core/party.h"
#include "core/vault.h"
#include "features/people/people_sql.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"
#include "tmpl/tmpl.h"
#include "web/asset.h"

#include <stdio.h>
#include <string.h>

const char two_alba_only[] = "A-1|Alpaca|ALPINE|A01|Farrier|Afar|Officier|Ahelp|555-0001|555-0002";
const char two_boreas_only[] = "B-9|Zebrafinch|ZEBRA|B77|Bruno|Bfar|Bert|Oboe|Bhelp|EUDRA-B|555-0009|jane@example.org";

/* ---- arranging ---- */

static err_t
an_org(struct ctx *c, const char *name, const char *key, const char *city, int64_t *ret_id,
       const char **ret_at)
{
    bool joined;
    struct org_new o = {.name = name,
                        .kind = "site",
                        .class = "OTHER",
                        .city = city,
                        .zip = "LS1",
                        .country = "GB",
                        .join_key = key,
                        .placeholder = !key,
                        .origin = "registry"};
    struct people_org_ref_row row;
    TRY(org_get(c, &o, ret_id, &joined));
    TRY(db_one(c, &PEOPLE_ORG_REF, DB_IN(db_int(*ret_id)), &row));
    *ret_at = arena_printf(c->mem, "/organisations/%s", row.ref);
    return NULL;
}

static err_t
a_person(struct ctx *c, const char *name, const char *affiliation, const char *key, int64_t *ret_id,
         const char **ret_at)
{
    bool joined;
    struct person_new p = {.name = name,
                           .affiliation = affiliation,
                           .join_key = key,
                           .desk = !key,
                           .origin = "registry"};
    struct people_person_ref_row row;
    TRY(person_get(c, &p, ret_id, &joined));
    TRY(db_one(c, &PEOPLE_PERSON_REF, DB_IN(db_int(*ret_id)), &row));
    *ret_at = arena_printf(c->mem, "/people/%s", row.ref);
    return NULL;
}

static err_t
name_org(struct ctx *c, int64_t study, const char *role, int64_t org, const char *name)
{
    return db_run(c, &STUDY_ORGANISATION_ADD,
                  DB_IN(db_int(study), db_text(role), db_int(0), db_int(org), db_text(name),
                        db_text("OTHER")),
                  NULL);
}

static err_t
name_person(struct ctx *c, int64_t study, int64_t site, int64_t person, const char *kind)
{
    struct study_person_add_row row;
    return db_one(c, &STUDY_PERSON_ADD,
                  DB_IN(db_int(study), db_int_or_null(site, !site), db_int(person), db_text(kind),
                        db_int(person), db_text(NULL), db_text("PRINCIPAL_INVESTIGATOR"),
                        db_text(NULL), db_text(NULL)),
                  &row);
}

static err_t
a_tie(struct ctx *c, int64_t person, const char *role, struct tie_new t)
{
    const char *ref;
    bool audience;
    t.person = person;
    t.role = role;
    t.from_on = "2026-01-01";
    TRY(tie_grant(c, &t, &ref, &audience));
    return audience ? study_list_audience(c, t.organisation) : NULL;
}

struct sites {
    int64_t hospital, far;
};

static err_t
a_study(struct ctx *c, const struct study_new *s, int64_t hospital, const char *number, int64_t far,
        const char *far_name, int64_t *ret_id, struct sites *ret_sites)
{
    const char *ref;
    TRY(study_create(c, s, ret_id, &ref));
    struct site_new x = {.study = *ret_id,
                         .organisation = hospital,
                         .number = number,
                         .facility = "General Hospital",
                         .city = "Leeds",
                         .country = "GB",
                         .status = "RECRUITING",
                         .origin = "registry"};
    TRY(site_create(c, &x, &ret_sites->hospital, &ref));
    x.organisation = far;
    x.number = NULL;
    x.facility = far_name;
    TRY(site_create(c, &x, &ret_sites->far, &ref));
    return name_org(c, *ret_id, "sponsor", s->sponsor, s->sponsor_name);
}

static err_t
arrange_alba(struct ctx *c, struct two *t, int64_t jane)
{
    int64_t far, help, unnamed, fara, olaf, desk;
    struct sites site;
    TRY(an_org(c, "Afar Clinic", "afar clinic|york|GB", "York", &far, &t->at_afar));
    TRY(an_org(c, "Ahelp Institute", "ahelp institute||", NULL, &help, &t->at_ahelp));
    TRY(an_org(c, "Not named by the sponsor", NULL, "York", &unnamed, &t->at_unnamed));
    TRY(a_person(c, "Fara Farrier", "Afar Clinic", "fara farrier|afar clinic", &fara, &t->at_fara));
    TRY(a_person(c, "Olaf Officier", "Ahelp Institute", "olaf officier|ahelp institute", &olaf,
                 &t->at_olaf));
    TRY(a_person(c, "Study Desk", NULL, NULL, &desk, &t->at_desk));
    struct study_new s = {.code = "A-1",
                          .title = "Alpaca wool in asthma",
                          .acronym = "ALPINE",
                          .enrolment = -1,
                          .status = "RECRUITING",
                          .sponsor = t->alba,
                          .sponsor_name = "Alba Pharma",
                          .updated_on = "2026-05-01",
                          .origin = "registry"};
    TRY(a_study(c, &s, t->hospital, "A01", far, "Afar Clinic", &t->study_a, &site));
    struct site_new nameless = {
        .study = t->study_a, .organisation = unnamed, .facility = "Site 3", .origin = "registry"};
    int64_t id;
    const char *ref;
    TRY(site_create(c, &nameless, &id, &ref));
    TRY(name_org(c, t->study_a, "collaborator", help, "Ahelp Institute"));
    TRY(name_person(c, t->study_a, site.hospital, jane, "contact"));
    TRY(name_person(c, t->study_a, site.far, fara, "contact"));
    TRY(name_person(c, t->study_a, 0, olaf, "official"));
    TRY(name_person(c, t->study_a, 0, desk, "central_contact"));
    TRY(vault_put(c, fara, "phone", (struct vault_ground){"registry", t->study_a, site.far}, "555-0001"));
    TRY(vault_put(c, fara, "email", (struct vault_ground){"account", 0, 0}, "fara@example.org"));
    return vault_put(c, jane, "phone", (struct vault_ground){"registry", t->study_a, site.hospital},
                     "555-0002");
}

static err_t
arrange_boreas(struct ctx *c, struct two *t, int64_t jane, struct sites *site)
{
    int64_t far, help, bruno, bert, oona;
    TRY(an_org(c, "Bfar Clinic", "bfar clinic|york|GB", "York", &far, &t->at_bfar));
    TRY(an_org(c, "Bhelp Institute", "bhelp institute|bath|GB", "Bath", &help, &t->at_bhelp));
    TRY(a_person(c, "Bruno Braun", "General Hospital", "bruno braun|general hospital", &bruno,
                 &t->at_bruno));
    TRY(a_person(c, "Bert Bird", "Bfar Clinic", "bert bird|bfar clinic", &bert, &t->at_bert));
    TRY(a_person(c, "Oona Oboe", "Bhelp Institute", "oona oboe|bhelp institute", &oona,
                 &t->at_oona));
    struct study_new s = {.code = "B-9",
                          .title = "Zebrafinch song",
                          .acronym = "ZEBRA",
                          .enrolment = -1,
                          .status = "COMPLETED",
                          .sponsor = t->boreas,
                          .sponsor_name = "Boreas Bio",
                          .updated_on = "2026-05-02",
                          .origin = "registry"};
    TRY(a_study(c, &s, t->hospital, "B77", far, "Bfar Clinic", &t->study_b, site));
    TRY(db_run(c, &STUDY_IDENTIFIER_ADD,
               DB_IN(db_int(t->study_b), db_int(0), db_text("EUDRA-B"), db_text("secondary"),
                     db_text(NULL), db_text(NULL), db_text(NULL)),
               NULL));
    TRY(name_org(c, t->study_b, "collaborator", help, "Bhelp Institute"));
    TRY(name_person(c, t->study_b, site->hospital, jane, "contact"));
    TRY(name_person(c, t->study_b, site->hospital, bruno, "contact"));
    TRY(name_person(c, t->study_b, site->far, bert, "contact"));
    TRY(name_person(c, t->study_b, 0, oona, "official"));
    TRY(vault_put(c, jane, "phone", (struct vault_ground){"registry", t->study_b, site->hospital},
                  "555-0009"));
    TRY(vault_put(c, jane, "phone", (struct vault_ground){"registry", t->study_b, site->hospital},
                  "555-0010"));
    TRY(vault_put(c, jane, "phone", (struct vault_ground){"registry", t->study_a, site->hospital},
                  "555-0010"));
    TRY(vault_put(c, jane, "email", (struct vault_ground){.origin = "account"}, "jane@example.org"));
    TRY(a_tie(c, jane, "principal_investigator",
              (struct tie_new){.study = t->study_b, .study_site = site->hospital}));
    return a_tie(c, bruno, "mentoring", (struct tie_new){.other = jane});
}

static err_t
arrange_viewers(struct ctx *c, struct two *t, const struct sites *site_b)
{
    static const char *const names[VIEWERS] = {"Ada Director",     "Mia Manager",
                                               "Cleo Cra",         "Bo Director",
                                               "Cora Coordinator", "Adam Administrator",
                                               "Cato Assistant"};
    const char *at[VIEWERS];
    for (int i = 0; i < VIEWERS; i++)
        TRY(a_person(c, names[i], NULL, names[i], &t->viewer[i], &at[i]));
    t->at_coordinator = at[BOREAS_COORDINATOR];
    TRY(a_tie(c, t->viewer[ALBA_DIRECTOR], "director", (struct tie_new){.organisation = t->alba}));
    TRY(a_tie(c, t->viewer[ALBA_MANAGER], "study_manager", (struct tie_new){.study = t->study_a}));
    TRY(a_tie(c, t->viewer[ALBA_CRA], "cra", (struct tie_new){.study = t->study_a}));
    TRY(a_tie(c, t->viewer[BOREAS_DIRECTOR], "director",
              (struct tie_new){.organisation = t->boreas}));
    TRY(a_tie(c, t->viewer[BOREAS_COORDINATOR], "coordinator",
              (struct tie_new){.study = t->study_b, .study_site = site_b->hospital}));
    TRY(a_tie(c, t->viewer[BOREAS_CTA], "cta", (struct tie_new){.study = t->study_b}));
    return a_tie(c, t->viewer[ADMINISTRATOR], "administrator", (struct tie_new){0});
}

static err_t
arrange(struct ctx *c, void *arg)
{
    struct two *t = arg;
    int64_t jane;
    struct sites site_b;
    record_event(c);
    TRY(an_org(c, "Alba Pharma", "alba pharma||", NULL, &t->alba, &t->at_alba));
    TRY(an_org(c, "Boreas Bio", "boreas bio||", NULL, &t->boreas, &t->at_boreas));
    TRY(an_org(c, "General Hospital", "general hospital|leeds|GB", "Leeds", &t->hospital,
               &t->at_hospital));
    TRY(a_person(c, "Jane Doe", "General Hospital", "jane doe|general hospital", &jane,
                 &t->at_jane));
    TRY(arrange_alba(c, t, jane));
    TRY(arrange_boreas(c, t, jane, &site_b));
    TRY(a_tie(c, jane, "employment", (struct tie_new){.organisation = t->hospital}));
    TRY(study_relist(c, t->study_a));
    TRY(study_relist(c, t->study_b));
    return arrange_viewers(c, t, &site_b);
}

struct clinics {
    struct two *t;
    int n;
};

static err_t
add_clinics(struct ctx *c, void *arg)
{
    struct clinics *x = arg;
    record_event(c);
    for (int i = 1; i <= x->n; i++) {
        const char *name = arena_printf(c->mem, "Clinic %03d", i), *at, *ref;
        int64_t org, site;
        TRY(an_org(c, name, name, "Hull", &org, &at));
        struct site_new s = {.study = x->t->study_a,
                             .organisation = org,
                             .facility = name,
                             .city = "Hull",
                             .country = "GB",
                             .origin = "registry"};
        TRY(site_create(c, &s, &site, &ref));
    }
    return study_relist(c, x->t->study_a);
}

void
two_add_clinics(struct two *t, int n)
{
    assert_ok(case_write(t->k, "test.clinics", add_clinics, &(struct clinics){t, n}));
}

/* ---- the hooks: as the program's, with the viewer for a session ---- */

static err_t
hook_begin(void *arg, struct ctx *c, struct req *r)
{
    int64_t person = 0;
    if (!str_int(str_or(req_cookie(r, "viewer"), ""), &person))
        return NULL;
    return who_load(c, person, &c->who);
}

static const struct resolver *
resolver_of(const struct two *t, const char *param)
{
    for (size_t i = 0; i < t->n_features; i++) {
        for (size_t k = 0; k < t->features[i]->n_resolvers; k++) {
            if (strcmp(t->features[i]->resolvers[k].param, param) == 0)
                return &t->features[i]->resolvers[k];
        }
    }
    fail_msg("no resolver of %s", param);
    return NULL;
}

static err_t
hook_allow(void *arg, struct ctx *c, struct req *r)
{
    const char *path = req_route(r)->path;
    struct thing *thing = arena_alloc(c->mem, sizeof *thing);
    if (!c->who)
        return err_new(c->mem, E_SIGN_IN, "Please sign in.");
    for (const char *p = strchr(path, '{'); p; p = strchr(p + 1, '{')) {
        const char *name = arena_strndup(c->mem, p + 1, strcspn(p + 1, "}"));
        TRY(resolver_of(arg, name)->resolve(c, req_param(r, name), thing));
    }
    bool named = strchr(path, '{') && (thing->study || thing->organisation);
    if (!may(c->who, (enum perm)req_route(r)->perm, named ? thing : NULL))
        return err_new(c->mem, E_FORBIDDEN, "Your roles do not let you.");
    req_set_thing(r, thing);
    return NULL;
}

static const char *
hook_csrf(void *arg, struct ctx *c)
{
    return "token";
}

static err_t
hook_read(void *arg, struct ctx *c, err_t (*work)(struct ctx *, void *), void *work_arg)
{
    return db_read(c, work, work_arg);
}

static err_t
hook_write(void *arg, struct ctx *c, struct req *r, err_t (*work)(struct ctx *, void *),
           void *work_arg)
{
    return record_transaction(
        c, &(struct record_work){req_route(r)->audit, req_form(r, "reason"), NULL, work, work_arg});
}

static err_t
hook_render(void *arg, struct ctx *c, struct req *r, struct view *page, err_t e, struct buf *out)
{
    const struct two *t = arg;
    view_text(view_map(page, "shell"), "csrf", "token");
    if (e)
        view_text(view_map(page, "error"), "title", err_title(e->code));
    const char *view = !e || req_form_again(r) ? req_route(r)->view : "layout/error";
    return tmpl_render(t->templates, view, page, NULL, NULL, out);
}

static void
open_http(struct two *t)
{
    struct arena *a = t->k->mem;
    const struct route **tables = arena_alloc(a, t->n_features * sizeof *tables);
    size_t *sizes = arena_alloc(a, t->n_features * sizeof *sizes);
    for (size_t i = 0; i < t->n_features; i++) {
        tables[i] = t->features[i]->routes;
        sizes[i] = t->features[i]->n_routes;
    }
    struct http_hooks hooks = {.arg = t,
                               .begin = hook_begin,
                               .allow = hook_allow,
                               .csrf = hook_csrf,
                               .read = hook_read,
                               .write = hook_write,
                               .render = hook_render};
    assert_ok(
        http_new(a, tables, sizes, t->n_features, arena_copy(a, &hooks, sizeof hooks), &t->http));
}

static void
open_templates(struct two *t)
{
    static const char under[] = "template/";
    size_t n;
    const struct asset *file = asset_under(under, &n);
    struct tmpl_source *source = arena_alloc(t->k->mem, n * sizeof *source);
    for (size_t i = 0; i < n; i++) {
        const char *name = file[i].name + strlen(under);
        source[i] =
            (struct tmpl_source){arena_strndup(t->k->mem, name, strlen(name) - strlen(".html")),
                                 file[i].data, file[i].size};
    }
    assert_ok(tmpl_compile(t->k->mem, source, n, &t->templates));
}

struct two *
two_use(void **state, const struct feature *const *features, size_t n)
{
    log_level(LOG_WARN);
    struct core_case *k = case_use(state);
    struct two *t = arena_alloc(k->mem, sizeof *t);
    *t = (struct two){.k = k, .features = features, .n_features = n};
    struct migration list[] = {
        {"core", "0001-core.sql", asset_find("schema/core/0001-core.sql")->data},
        {"studies", "0001-study.sql", asset_find("schema/studies/0001-study.sql")->data}};
    struct migrate_report report;
    assert_ok(db_migrate(k->mem, k->pool, list, COUNT_OF(list), false, &report));
    assert_ok(case_write(k, "test.arrange", arrange, t));
    k->inst.home = t->alba;
    open_templates(t);
    open_http(t);
    return t;
}

/* ---- asking ---- */

static struct http_answer
ask(struct two *t, enum viewer v, struct http_fake f)
{
    struct ctx c = t->k->c;
    struct http_answer an;
    f.cookies = arena_printf(c.mem, "viewer=%lld", (long long)t->viewer[v]);
    assert_ok(http_handle(t->http, &c, &f, &an));
    return an;
}

struct http_answer
two_get(struct two *t, enum viewer v, const char *target)
{
    return ask(t, v, (struct http_fake){.target = target});
}

struct http_answer
two_post(struct two *t, enum viewer v, const char *target, const char *form)
{
    const char *body = arena_printf(t->k->mem, "csrf=token&%s", form);
    return ask(
        t, v,
        (struct http_fake){.method = POST, .target = target, .body = body, .body_n = strlen(body)});
}

bool
two_has(const struct http_answer *an, const char *text)
{
    return an->body && strstr(an->body, text);
}

static int
check_words(struct two *t, const struct look *l, const struct http_answer *an, const char *words,
            bool must)
{
    size_t n;
    char **word = str_split(t->k->mem, str_or(words, ""), '|', &n);
    int failed = 0;
    for (size_t i = 0; i < n; i++) {
        if (!*word[i] || two_has(an, word[i]) == must)
            continue;
        print_error("viewer %d, %s: \"%s\" %s\n%.3000s\n", l->viewer, l->target, word[i],
                    must ? "is missing" : "is there", str_or(an->body, ""));
        failed++;
    }
    return failed;
}

static int
look_once(struct two *t, const struct look *l, const char *target)
{
    struct http_answer an = two_get(t, l->viewer, target);
    if (an.status == l->status)
        return check_words(t, l, &an, l->has, true) + check_words(t, l, &an, l->has_not, false);
    print_error("viewer %d, %s: status %d, not %d: %s\n", l->viewer, target, an.status, l->status,
                an.error ? err_line(t->k->mem, an.error) : str_or(an.body, ""));
    return 1;
}

void
two_look(struct two *t, const struct look *look, size_t n)
{
    int failed = 0;
    for (size_t i = 0; i < n; i++) {
        const char *query = strchr(look[i].target, '?');
        int path = query ? (int)(query - look[i].target) : (int)strlen(look[i].target);
        failed += look_once(t, &look[i], look[i].target);
        failed += look_once(
            t, &look[i],
            arena_printf(t->k->mem, "%.*s.json%s", path, look[i].target, str_or(query, "")));
    }
    assert_int_equal(failed, 0);
}
