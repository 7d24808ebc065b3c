/* world.c: see world.h. */
#include "world.h"

#include "base/date.h"
#include "base/log.h"
#include "base/str.h"
#include "core/account.h"
#include "core/core_sql.h"
#include "core/holidays.h"
#include "core/keys.h"
#include "core/party.h"
#include "core/record.h"
#include "core/seal.h"
#include "features/access/access.h"
#include "features/answers/answers.h"
#include "features/commitments/commitments.h"
#include "features/contacts/contacts.h"
#include "features/delegation/delegation.h"
#include "features/documents/documents.h"
#include "features/playbooks/playbooks.h"
#include "features/recruitment/recruitment.h"
#include "features/registry/registry.h"
#include "features/studies/studies.h"
#include "features/visits/visits.h"
#include "walk_sql.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

int
world_setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->engine = strcmp(*state, "sqlite") == 0 ? DB_SQLITE : DB_POSTGRES;
    w->mem = arena_new((size_t)512 << 20);
    strcpy(w->dir, "/tmp/rapport-walk.XXXXXX");
    if (!mkdtemp(w->dir))
        return -1;
    w->where = w->engine == DB_SQLITE ? arena_printf(w->mem, "%s/walk.db", w->dir) : getenv("RAPPORT_TEST_PG_APP");
    w->owner = w->engine == DB_SQLITE ? NULL : getenv("RAPPORT_TEST_PG");
    w->keys = arena_printf(w->mem, "%s/walk.keys", w->dir);
    *state = w;
    return 0;
}

int
world_teardown(void **state)
{
    struct world *w = *state;
    app_close(&w->o);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", w->dir);
    int rc = system(command);
    arena_free(w->mem);
    free(w);
    return rc;
}

static void
empty_postgres(const char *url)
{
    PGconn *conn = PQconnectdb(url);
    PQclear(PQexec(conn, "set client_min_messages = error"));
    PGresult *res = PQexec(conn, "drop schema public cascade; create schema public");
    assert_int_equal(PQresultStatus(res), PGRES_COMMAND_OK);
    PQclear(res);
    PQfinish(conn);
}

/* ---- arranging ---- */

static err_t
in_write(struct world *w, const char *action, db_work *work, void *arg)
{
    return record_transaction(&w->o.ctx, &(struct record_work){action, NULL, "command line (walk)", work, arg});
}

static err_t
first_person(struct ctx *c, void *arg)
{
    int64_t person;
    TRY(seal_publish_key(c));
    return access_first(c, &(struct first_person){.name = "Ada Administrator", .email = "ada@home.example",
                                                  .organisation = "Home Research Unit", .only_administrator = true}, &person);
}

/* ---- studies ---- */

static char *
replaced(struct arena *a, const char *text, const char *what, const char *with)
{
    struct buf b;
    buf_init(&b, a);
    for (const char *at; (at = strstr(text, what)); text = at + strlen(what)) {
        buf_add(&b, text, (size_t)(at - text));
        buf_str(&b, with);
    }
    buf_str(&b, text);
    return arena_strdup(a, buf_text(&b));
}

const char *
world_study(struct world *w, struct arena *a, const char *nct, const char *tag, const char *sponsor, const char *date)
{
    if (!w->study_text) {
        char *text = arena_alloc(w->mem, 65536);
        FILE *f = fopen(WALK_STUDY, "r");
        assert_non_null(f);
        assert_true(fread(text, 1, 65535, f) > 0);
        fclose(f);
        w->study_text = text;
    }
    const char *text = replaced(a, w->study_text, "@NCT@", nct);
    text = replaced(a, text, "@TAG@", tag);
    text = replaced(a, text, "@SPONSOR@", sponsor);
    return replaced(a, text, "@DATE@", date);
}

static void
import_study(struct world *w, const char *nct, const char *tag, const char *sponsor, const char *date)
{
    const char *text = world_study(w, w->mem, nct, tag, sponsor, date);
    const char *path = arena_printf(w->mem, "%s/%s.json", w->dir, nct);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    struct registry_result result = {0};
    assert_ok(registry_import_fd(&w->o.ctx, arena_printf(w->mem, "%s.json", tag), fd, "command line (walk)", &result));
    assert_int_equal(result.created, 1);
    close(fd);
}

static void
add_target(struct world *w, struct target t)
{
    assert_true(w->n_targets < TARGETS);
    w->target[w->n_targets++] = t;
}

static struct target *
target_of(struct world *w, const char *param, const char *value)
{
    for (size_t i = 0; i < w->n_targets; i++) {
        if (strcmp(w->target[i].param, param) == 0 && strcmp(w->target[i].value, value) == 0)
            return &w->target[i];
    }
    fail_msg("the world has no %s %s", param, value);
    return NULL;
}

/* A study and its sites as targets. */
static void
study_targets(struct world *w, const char *nct, enum side side)
{
    struct ctx *c = &w->o.ctx;
    struct target t = {.param = "study", .value = nct, .side = side, .there = true, .study = -1};
    struct walk_sites_row *site;
    size_t n;
    int64_t id;
    assert_ok(study_find(c, nct, &id));
    assert_ok(study_thing(c, id, &t.thing));
    int index = (int)w->n_targets;
    add_target(w, t);
    assert_ok(db_list(c, &WALK_SITES, DB_IN(db_int(id)), &site, &n));
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        struct target s = {.param = "site", .value = site[i].ref, .side = side, .there = true, .thing = t.thing, .study = index};
        s.thing.study_site = site[i].id;
        add_target(w, s);
    }
}

static int64_t
org_target(struct world *w, const char *name, enum side side)
{
    struct walk_org_row row;
    assert_ok(db_one(&w->o.ctx, &WALK_ORG, DB_IN(db_text(name)), &row));
    add_target(w, (struct target){.param = "org", .value = row.ref, .side = side, .there = true});
    return row.id;
}

static void
person_target(struct world *w, const char *name, enum side side)
{
    struct walk_person_row row;
    assert_ok(db_one(&w->o.ctx, &WALK_PERSON, DB_IN(db_text(name)), &row));
    add_target(w, (struct target){.param = "person", .value = row.ref, .side = side, .there = true});
}

/* ---- people ---- */

struct newcomer {
    const char *name, *email;
    struct access_new n;
    int64_t person;
    const char *token;
};

static err_t
add_person(struct ctx *c, void *arg)
{
    struct newcomer *x = arg;
    return access_add(c, &x->n, &x->person);
}

static err_t
open_session(struct ctx *c, void *arg)
{
    struct newcomer *x = arg;
    return session_new(c, x->person, &x->token);
}

void
world_sign_in(struct world *w, struct actor *a)
{
    struct newcomer x = {.person = a->person};
    assert_ok(db_write(&w->o.ctx, open_session, &x));
    unsigned char hash[32], token[32];
    token_hash(x.token, hash);
    keys_lookup(w->o.inst.keys, "csrf", str_hex(w->mem, hash, 32), token);
    a->cookie = arena_printf(w->mem, "rapport=%s", x.token);
    a->csrf = str_hex(w->mem, token, 16);
}

static struct actor *
add_actor(struct world *w, enum side side, enum role role, const struct access_new *place)
{
    static const char *const tags[] = {FRIEND, CANARY, "home", "plain"};
    assert_true(w->n_actors < ACTORS);
    struct actor *a = &w->actor[w->n_actors++];
    bool none = !place->role;
    *a = (struct actor){.side = side, .role = role};
    snprintf(a->name, sizeof a->name, "%s %s %zu", tags[side], none ? "nothing" : role_word(role), w->n_actors);
    struct newcomer x = {.n = *place};
    x.n.name = a->name;
    x.n.email = arena_printf(w->mem, "p%zu@%s.example", w->n_actors, tags[side]);
    assert_ok(in_write(w, "user.add", add_person, &x));
    a->person = x.person;
    assert_ok(who_load(&w->o.ctx, x.person, &a->who));
    world_sign_in(w, a);
    return a;
}

/* Somebody in every role, on a study and at its first site. */
static void
add_roles(struct world *w, enum side side, const char *nct, int64_t sponsor)
{
    struct target *study = target_of(w, "study", nct);
    const struct target *site = study + 1;
    for (int r = 0; r < ROLE_COUNT; r++) {
        struct access_new n = {.role = role_word((enum role)r)};
        switch (role_scope((enum role)r)) {
        case SCOPE_INSTALLATION:
            continue; /* runs the whole; is of no side */
        case SCOPE_ORGANISATION:
            n.organisation = sponsor;
            break;
        case SCOPE_STUDY:
            n.study = study->thing.study;
            n.until = r == ROLE_INSPECTOR ? "2099-12-31" : NULL;
            break;
        case SCOPE_SITES:
            n.study = study->thing.study;
            n.study_site = site->thing.study_site;
            break;
        }
        add_actor(w, side, (enum role)r, &n);
    }
    struct access_new every = {.role = role_word(ROLE_CRA), .study = study->thing.study}; /* all its sites */
    add_actor(w, side, ROLE_CRA, &every);
}

static err_t
end_yesterday(struct ctx *c, void *arg)
{
    const struct actor *a = arg;
    char yesterday[DATE_TEXT];
    date_iso(c->today - 1, yesterday);
    struct walk_tie_row tie;
    TRY(db_one(c, &WALK_TIE, DB_IN(db_int(a->person), db_text(role_word(a->role))), &tie));
    return tie_end(c, tie.id, true, "test", NULL, yesterday);
}

static void
add_those_without(struct world *w, const char *nct)
{
    struct target *study = target_of(w, "study", nct);
    struct access_new inspector = {.role = role_word(ROLE_INSPECTOR), .study = study->thing.study, .until = "2099-12-31"}, none = {0};
    struct actor *a = add_actor(w, SIDE_A, ROLE_INSPECTOR, &inspector);
    a->over = true;
    assert_ok(in_write(w, "role.end", end_yesterday, a));
    assert_ok(who_load(&w->o.ctx, a->person, &a->who));
    assert_int_equal(a->who->n_rights, 0);
    add_actor(w, SIDE_NONE, ROLE_COUNT, &none);
    w->actor[w->n_actors++] = (struct actor){.name = "nobody", .side = SIDE_NONE, .role = ROLE_COUNT, .nobody = true};
}

static err_t
note_tie(struct ctx *c, void *arg)
{
    struct world *w = arg;
    const char *ref;
    bool audience;
    struct walk_person_row jane;
    struct walk_org_row leeds;
    TRY(db_one(c, &WALK_PERSON, DB_IN(db_text("Jane Shared")), &jane));
    TRY(db_one(c, &WALK_ORG, DB_IN(db_text("Leeds General Infirmary")), &leeds));
    TRY(tie_grant(c, &(struct tie_new){.person = jane.id, .organisation = leeds.id, .role = "employment", .from_on = "2020-01-01"}, &ref, &audience));
    add_target(w, (struct target){.param = "tie", .value = arena_strdup(w->mem, ref), .side = SIDE_NONE, .there = true});
    return NULL;
}

static void
add_dummy(struct world *w)
{
    struct target *study = target_of(w, "study", "NCT00000001");
    w->dummy_email = "dummy@plain.example";
    struct newcomer x = {.n = {.name = "Dora Dummy", .email = w->dummy_email, .role = role_word(ROLE_CTA), .study = study->thing.study}};
    assert_ok(in_write(w, "user.add", add_person, &x));
    w->dummy = x.person;
    struct core_person_row person;
    struct walk_tie_row tie;
    assert_ok(db_one(&w->o.ctx, &CORE_PERSON, DB_IN(db_int(x.person)), &person));
    assert_ok(db_one(&w->o.ctx, &WALK_TIE, DB_IN(db_int(x.person), db_text("cta")), &tie));
    add_target(w, (struct target){.param = "user", .value = person.ref, .side = SIDE_NONE, .there = true});
    add_target(w, (struct target){.param = "role", .value = tie.ref, .side = SIDE_A, .there = true});
    add_target(w, (struct target){.param = "person", .value = person.ref, .side = SIDE_NONE, .there = true});
}

/* ---- the world ---- */

struct log_work {
    struct import_how how;
};

static err_t
bring_log(struct ctx *c, void *arg)
{
    struct log_work *x = arg;
    struct import_plan *plan;
    struct import_result result;
    TRY(import_read(c, &x->how, &plan, &result));
    for (size_t i = 0; i < result.n_refused; i++)
        print_error("row %zu: %s\n", result.refused[i].row, result.refused[i].reason);
    return import_apply(c, plan, &result);
}

static void
add_log(struct world *w, const char *nct, const char *tag)
{
    struct target *study = target_of(w, "study", nct);
    const char *csv = arena_printf(w->mem, "site,subject,randomisation date\nLeeds General Infirmary,%s-001,2026-01-05\n"
                                           "%s Clinic,%s-002,2026-02-09\n%s Clinic,%s-003,2026-02-10\n", tag, tag, tag, tag, tag);
    struct log_work x = {{.kind = IMPORT_LOG, .study = study->thing.study, .file_name = arena_printf(w->mem, "%s.csv", tag), .data = csv, .n = strlen(csv)}};
    assert_ok(in_write(w, "import.apply", bring_log, &x));
}

static struct actor *
actor_of(struct world *w, enum side side, enum role role)
{
    for (size_t i = 0; i < w->n_actors; i++) {
        if (w->actor[i].side == side && w->actor[i].role == role)
            return &w->actor[i];
    }
    fail_msg("the world has no %s", role_word(role));
    return NULL;
}

/* An import that was taken in, and a file that waits to be looked at. */
static void
import_targets(struct world *w, const char *nct, const char *tag, enum side side)
{
    const struct target *study = target_of(w, "study", nct);
    struct walk_import_row row;
    assert_ok(db_one(&w->o.ctx, &WALK_IMPORT, DB_IN(db_int(study->thing.study)), &row));
    add_target(w, (struct target){.param = "import", .value = row.ref, .side = side, .there = true});
    const char *form = arena_printf(w->mem, "--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nenrolment\r\n"
                                            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s.csv\"\r\n\r\n"
                                            "site,subject,randomisation date\r\nLeeds General Infirmary,%s-009,2026-01-07\r\n\r\n--x--\r\n", tag, tag);
    struct ask ask = {.actor = actor_of(w, side, ROLE_STUDY_MANAGER), .path = arena_printf(w->mem, "/studies/%s/imports/new", nct),
                      .form = form, .content_type = "multipart/form-data; boundary=x"};
    struct http_answer answer = world_ask(w, w->mem, &ask);
    const char *slash = answer.location ? strrchr(answer.location, '/') : NULL;
    if (answer.status != 303 || !slash)
        fail_msg("%s: %d %.*s", ask.path, answer.status, (int)answer.body_n, answer.body);
    add_target(w, (struct target){.param = "draft", .value = arena_strdup(w->mem, slash + 1), .side = side, .there = true});
}

/* Two things that are due: a site owes one to its sponsor, and the other stays among the sponsor's people. */
struct due_work {
    const struct due_new *d;
};

static err_t
ask_for(struct ctx *c, void *arg)
{
    struct due_work *x = arg;
    int64_t id;
    const char *ref;
    return due_create(c, x->d, &id, &ref);
}

static void
due_targets(struct world *w, const char *nct, const char *tag, enum side side)
{
    const struct target *site = target_of(w, "study", nct) + 1;
    struct due_party manager = {actor_of(w, side, ROLE_STUDY_MANAGER)->person, "study_manager", false};
    struct due_party cra = {actor_of(w, side, ROLE_CRA)->person, "cra", false};
    struct due_party coordinator = {actor_of(w, side, ROLE_COORDINATOR)->person, "coordinator", true};
    struct due_party owing[] = {coordinator, cra};
    for (size_t i = 0; i < COUNT_OF(owing); i++) {
        const char *title = arena_printf(w->mem, "%s owes %zu", tag, i);
        struct due_new d = {.class = CLASS_COMMITMENT, .kind = "ask", .title = title, .body = tag, .study = site->thing.study,
                            .study_site = site->thing.study_site, .owing = owing[i], .asking = manager, .due_on = "2099-01-05"};
        struct due_work x = {&d};
        struct walk_due_row row;
        assert_ok(in_write(w, "due.ask", ask_for, &x));
        assert_ok(db_one(&w->o.ctx, &WALK_DUE, DB_IN(db_text(title)), &row));
        add_target(w, (struct target){.param = "due", .value = row.ref, .side = side, .there = true});
    }
}

/* A link to answer by: whoever has it opens that one thing. */
struct link_work {
    struct outsider_ask ask;
    const struct who *who;
    const char *token;
};

static err_t
ask_outside(struct ctx *c, void *arg)
{
    struct link_work *x = arg;
    const struct who *before = c->who;
    int64_t due;
    const char *ref;
    c->who = x->who;
    err_t e = outsider_ask(c, &x->ask, &due, &ref, &x->token);
    c->who = before;
    return e;
}

static void
answer_target(struct world *w, const char *nct, const char *tag)
{
    const struct actor *manager = actor_of(w, SIDE_A, ROLE_STUDY_MANAGER);
    struct link_work x = {.who = manager->who,
                          .ask = {.name = arena_printf(w->mem, "%s outside", tag), .email = "outside@far.example", .title = "The certificate",
                                  .study = &target_of(w, "study", nct)->thing, .asking = {manager->person, "study_manager", false}, .days = 14}};
    assert_ok(in_write(w, "answer.ask", ask_outside, &x));
    add_target(w, (struct target){.param = "answer", .value = arena_strdup(w->mem, x.token), .side = SIDE_NONE, .there = true});
}

/* A report, which a site does not read, and a letter, which it does: both of the first site. */
static err_t
write_papers(struct ctx *c, void *arg)
{
    struct document_new *d = arg;
    struct document_version v;
    TRY(document_put(c, d, d->title, &v));
    record_event(c);
    return document_file(c, &v, d->title, strlen(d->title));
}

static void
paper_targets(struct world *w, const char *nct, const char *tag, enum side side)
{
    const struct target *site = target_of(w, "study", nct) + 1;
    for (int reads = 0; reads < 2; reads++) {
        struct document_new d = {.key = arena_printf(w->mem, "walk:%s/%d", tag, reads), .kind = reads ? "letter" : "visit_report",
                                 .title = arena_printf(w->mem, "%s paper %d", tag, reads), .tmf = "05.04.03", .study = site->thing.study,
                                 .study_site = site->thing.study_site, .site_reads = reads};
        struct document_version v;
        bool found;
        assert_ok(in_write(w, "paper.write", write_papers, &d));
        assert_ok(document_find(&w->o.ctx, d.key, &v, &found));
        add_target(w, (struct target){.param = "document", .value = arena_strdup(w->mem, v.ref), .side = side, .there = true});
    }
}

/* A visit that is planned, an event noted by hand, a line on the delegation log: all of the first site. */
struct site_work {
    const struct visit_new *visit;
    const struct playbook_event *event;
    const struct delegation_new *line;
    const char *visit_ref, *line_ref;
};

static err_t
work_at_site(struct ctx *c, void *arg)
{
    struct site_work *x = arg;
    int64_t id;
    TRY(visit_plan(c, x->visit, &id, &x->visit_ref));
    TRY(playbook_event(c, x->event));
    return delegation_write(c, x->line, &x->line_ref);
}

static void
site_targets(struct world *w, const char *nct, const char *tag, enum side side)
{
    const struct target *site = target_of(w, "study", nct) + 1;
    struct due_party cra = {actor_of(w, side, ROLE_CRA)->person, "cra", false};
    struct due_party pi = {actor_of(w, side, ROLE_INVESTIGATOR)->person, "principal_investigator", true};
    struct visit_new v = {.site = &site->thing, .kind = VISIT_IMV, .agenda = tag, .trip = tag, .monitor = cra, .host = pi, .first_on = "2099-03-03", .days = 1};
    struct playbook_event e = {.study = site->thing.study, .study_site = site->thing.study_site, .event = "invoice.received", .day = "2099-01-01",
                               .subject = tag, .key = arena_printf(w->mem, "event:walk-%s", tag), .by_hand = true};
    struct delegation_new d = {.study = site->thing.study, .study_site = site->thing.study_site, .name = tag, .role = tag, .tasks = tag, .from_on = "2026-01-05"};
    struct site_work x = {&v, &e, &d, NULL, NULL};
    struct walk_event_row row;
    assert_ok(in_write(w, "visit.plan", work_at_site, &x));
    assert_ok(db_one(&w->o.ctx, &WALK_EVENT, DB_IN(db_text(e.key)), &row));
    add_target(w, (struct target){.param = "visit", .value = arena_strdup(w->mem, x.visit_ref), .side = side, .there = true});
    add_target(w, (struct target){.param = "event", .value = row.ref, .side = side, .there = true});
    add_target(w, (struct target){.param = "line", .value = arena_strdup(w->mem, x.line_ref), .side = side, .there = true});
}

/* A contact with the first site, noted by its monitor. */
struct contact_work {
    struct contact_new d;
    const struct who *who;
    const char *ref;
};

static err_t
note_contact(struct ctx *c, void *arg)
{
    struct contact_work *x = arg;
    const struct who *before = c->who;
    c->who = x->who;
    err_t e = contact_write(c, &x->d, &x->ref);
    c->who = before;
    return e;
}

static void
contact_target(struct world *w, const char *nct, const char *tag, enum side side)
{
    const struct target *site = target_of(w, "study", nct) + 1;
    struct contact_work x = {.d = {.site = &site->thing, .line = tag, .way = "call", .day = "2026-01-05"}, .who = actor_of(w, side, ROLE_CRA)->who};
    assert_ok(in_write(w, "contact.note", note_contact, &x));
    add_target(w, (struct target){.param = "contact", .value = arena_strdup(w->mem, x.ref), .side = side, .there = true});
}

/* A study that the coordinator keeps for herself. */
static void
own_target(struct world *w, const char *tag, enum side side)
{
    struct arena *mem = arena_new(0);
    struct ask ask = {.actor = actor_of(w, side, ROLE_COORDINATOR), .path = "/own", .form = arena_printf(mem, "name=%s+own&sponsor=%s+far", tag, tag)};
    struct http_answer answer = world_ask(w, mem, &ask);
    const char *slash = answer.location ? strrchr(answer.location, '/') : NULL;
    if (answer.status != 303 || !slash)
        fail_msg("%s: %d %.*s", ask.path, answer.status, (int)answer.body_n, answer.body);
    add_target(w, (struct target){.param = "own", .value = arena_strdup(w->mem, slash + 1), .side = side, .there = true});
    ask.path = arena_printf(mem, "/own%s/item", slash);
    ask.form = arena_printf(mem, "title=%s+asks&who=%s&due_on=2099-01-05", tag, tag);
    assert_int_equal(world_ask(w, mem, &ask).status, 303);
    struct walk_due_row row;
    assert_ok(db_one(&w->o.ctx, &WALK_DUE, DB_IN(db_text(arena_printf(mem, "%s asks", tag))), &row));
    add_target(w, (struct target){.param = "due", .value = arena_strdup(w->mem, row.ref), .side = side, .there = true});
    arena_free(mem);
}

static void
open_world(struct world *w)
{
    const struct keys *keys;
    if (w->engine == DB_POSTGRES)
        empty_postgres(w->owner);
    assert_ok(keys_create(w->mem, w->keys, &keys));
    struct open_how how = {.where = w->where, .keys = w->keys, .owner = w->owner, .need_keys = true, .create = true};
    assert_ok(app_open(w->mem, &how, &w->o));
    assert_ok(in_write(w, "init", first_person, NULL));
    assert_ok(inst_load(&w->o.ctx, &w->o.inst));
    assert_ok(app_web_new(w->mem, &w->o.inst, &w->web));
}

static err_t
bring_calendar(struct ctx *c, void *version)
{
    static const char file[] = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260505\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    struct holidays_file f = {.country = "DE", .name = "own.ics", .data = file, .n = sizeof file - 1, .weekend = CALENDAR_SAT_SUN};
    return holidays_add(c, &f, version, NULL);
}

/* Another calendar of Germany than the one that ships, not in force. */
static void
add_calendar(struct world *w)
{
    const char *version;
    assert_ok(record_transaction(&w->o.ctx, &(struct record_work){"calendar.add", NULL, "walk", bring_calendar, &version}));
    add_target(w, (struct target){.param = "version", .value = arena_strdup(w->mem, version), .there = true, .side = SIDE_NONE});
    add_target(w, (struct target){.param = "country", .value = "DE", .there = true, .side = SIDE_NONE});
    add_target(w, (struct target){.param = "country", .value = "TD", .there = true, .side = SIDE_NONE});
    add_target(w, (struct target){.param = "country", .value = "ZZ", .side = SIDE_NONE});
}

struct world *
world_begin(void **state)
{
    struct world *w = *state;
    assert_non_null(w->where);
    log_level(LOG_QUIET);
    open_world(w);
    import_study(w, "NCT00000001", FRIEND, FRIEND, "2026-01-02");
    import_study(w, "NCT00000002", FRIEND "two", FRIEND, "2026-01-03");
    study_targets(w, "NCT00000001", SIDE_A);
    study_targets(w, "NCT00000002", SIDE_A);
    add_target(w, (struct target){.param = "study", .value = "NCT99999999", .side = SIDE_NONE, .study = -1});
    org_target(w, "Leeds General Infirmary", SIDE_NONE);
    int64_t sponsor = org_target(w, FRIEND " Pharma", SIDE_A);
    person_target(w, "Jane Shared", SIDE_NONE);
    person_target(w, FRIEND " Official", SIDE_A);
    add_calendar(w);
    add_target(w, (struct target){.param = "token", .value = "bm90aGluZw", .side = SIDE_NONE});
    add_roles(w, SIDE_A, "NCT00000001", sponsor);
    add_those_without(w, "NCT00000001");
    struct access_new admin = {.role = role_word(ROLE_ADMINISTRATOR)};
    add_actor(w, SIDE_HOME, ROLE_ADMINISTRATOR, &admin);
    struct access_new director = {.role = role_word(ROLE_DIRECTOR), .organisation = w->o.inst.home};
    add_actor(w, SIDE_HOME, ROLE_DIRECTOR, &director);
    assert_ok(in_write(w, "tie.add", note_tie, w));
    add_dummy(w);
    add_log(w, "NCT00000001", FRIEND);
    import_targets(w, "NCT00000001", FRIEND, SIDE_A);
    due_targets(w, "NCT00000001", FRIEND, SIDE_A);
    paper_targets(w, "NCT00000001", FRIEND, SIDE_A);
    site_targets(w, "NCT00000001", FRIEND, SIDE_A);
    contact_target(w, "NCT00000001", FRIEND, SIDE_A);
    add_target(w, (struct target){.param = "handover", .value = "nothing", .side = SIDE_NONE});
    add_target(w, (struct target){.param = "cover", .value = "nothing", .side = SIDE_NONE});
    add_target(w, (struct target){.param = "finding", .value = "nothing", .side = SIDE_NONE});
    add_target(w, (struct target){.param = "version_n", .value = "1", .side = SIDE_NONE, .there = true});
    answer_target(w, "NCT00000001", FRIEND);
    own_target(w, FRIEND, SIDE_A);
    add_target(w, (struct target){.param = "own_draft", .value = "nothing", .side = SIDE_NONE});
    add_target(w, (struct target){.param = "answer_file", .value = "nothing", .side = SIDE_NONE});
    add_target(w, (struct target){.param = "stop", .value = "p1-00000000000000000000000000000000", .side = SIDE_NONE});
    add_target(w, (struct target){.param = "feed", .value = "bm90aGluZw.ics", .side = SIDE_NONE});
    static const char *const steps[] = {"accept", "thank", "nonsense"};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        add_target(w, (struct target){.param = "step", .value = steps[i], .side = SIDE_NONE, .there = true});
    return w;
}

static void
must_write(struct world *w, const struct actor *a, const char *path, const char *form)
{
    struct arena *mem = arena_new(0);
    int64_t before = world_records(w);
    struct http_answer answer = world_ask(w, mem, &(struct ask){.actor = a, .path = path, .form = form});
    if (answer.status != 303 || world_records(w) != before + 1)
        fail_msg("%s %s: %d %.*s", path, form, answer.status, (int)answer.body_n, answer.body);
    arena_free(mem);
}

/* B's people write what they can, everywhere with the canary. */
static void
b_writes(struct world *w)
{
    const struct actor *manager = actor_of(w, SIDE_B, ROLE_STUDY_MANAGER);
    const struct target *study = target_of(w, "study", "NCT00000003");
    must_write(w, manager, "/studies/NCT00000003/edit",
               "title=" CANARY "+retitled&official_title=" CANARY "+long&acronym=" CANARY "&status=RECRUITING&phases=PHASE2&summary=" CANARY "+said&reason=" CANARY "+why");
    for (int i = 1; i <= 2; i++) { /* at the shared hospital too */
        const char *site = arena_printf(w->mem, "/studies/NCT00000003/sites/%s", study[i].value);
        const char *named = arena_printf(w->mem, "number=" CANARY "%d&label=" CANARY "+label&status=RECRUITING", i);
        must_write(w, manager, arena_printf(w->mem, "%s/edit", site),
                   arena_printf(w->mem, "%s&reason=" CANARY "+why", named));
        must_write(w, manager, arena_printf(w->mem, "%s/opening", site), "opened_on=2025-12-01&goal=10&reason=" CANARY "+why");
        must_write(w, manager, arena_printf(w->mem, "%s/pauses", site), "from=2026-03-01&to=2026-03-05");
    }
    must_write(w, manager, "/studies/NCT00000003/targets", "means=randomised&target=77&deadline=2027-01-01&reason=" CANARY "+why");
    must_write(w, manager, "/studies/NCT00000003/team", /* to somebody whom A's people know */
               arena_printf(w->mem, "email=%s&role=cta&from=2026-01-01&reason=" CANARY "+why", w->dummy_email));
    must_write(w, manager, "/studies/NCT00000003/plan", "points=2026-03+40%0A2026-04+60&reason=" CANARY "+why");
}

void
world_add_b(struct world *w)
{
    import_study(w, "NCT00000003", CANARY, CANARY, "2026-01-04");
    study_targets(w, "NCT00000003", SIDE_B);
    int64_t sponsor = org_target(w, CANARY " Pharma", SIDE_B);
    org_target(w, CANARY " Clinic", SIDE_B);
    person_target(w, CANARY " Official", SIDE_B);
    person_target(w, CANARY " Investigator", SIDE_B);
    add_roles(w, SIDE_B, "NCT00000003", sponsor);
    add_log(w, "NCT00000003", CANARY);
    import_targets(w, "NCT00000003", CANARY, SIDE_B);
    due_targets(w, "NCT00000003", CANARY, SIDE_B);
    paper_targets(w, "NCT00000003", CANARY, SIDE_B);
    site_targets(w, "NCT00000003", CANARY, SIDE_B);
    contact_target(w, "NCT00000003", CANARY, SIDE_B);
    own_target(w, CANARY, SIDE_B);
    b_writes(w);
    struct walk_bodies_row bodies;
    assert_ok(db_one(&w->o.ctx, &WALK_BODIES, DB_IN(db_text(CANARY)), &bodies));
    assert_true(bodies.n > 20);
}

/* ---- asking ---- */

struct http_answer
world_ask(struct world *w, struct arena *a, const struct ask *ask)
{
    struct ctx c = {.mem = a, .db = w->o.ctx.db, .inst = &w->o.inst};
    const char *headers[] = {"Host", "walk.example", "Origin", ask->foreign ? "http://elsewhere.example" : "http://walk.example",
                             "X-CSRF-Token", ask->no_csrf ? "" : str_or(ask->actor->csrf, ""), NULL};
    struct http_fake f = {.method = ask->form ? POST : GET, .target = ask->path, .content_type = ask->content_type,
                          .body = ask->form, .body_n = ask->form ? strlen(ask->form) : 0,
                          .cookies = ask->actor->cookie, .headers = headers};
    struct http_answer answer = {0};
    assert_ok(http_handle(app_web_http(w->web), &c, &f, &answer));
    return answer;
}

int64_t
world_records(struct world *w)
{
    struct core_record_count_row row;
    assert_ok(db_one(&w->o.ctx, &CORE_RECORD_COUNT, DB_NONE, &row));
    return row.n;
}

static bool
holds(const char *text, size_t n, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; text && i + len <= n; i++) {
        if (strncasecmp(text + i, word, len) == 0)
            return true;
    }
    return false;
}

bool
world_says(const struct http_answer *answer, const char *text)
{
    return holds(answer->body, answer->body_n, text) ||
           holds(answer->location, answer->location ? strlen(answer->location) : 0, text) ||
           holds(answer->headers, answer->headers ? strlen(answer->headers) : 0, text) ||
           holds(answer->cookies, answer->cookies ? strlen(answer->cookies) : 0, text);
}
