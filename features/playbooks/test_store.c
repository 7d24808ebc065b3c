/* test_store.c: what an event makes due, when, and what a moved event moves. On both engines. */
#include "base/date.h"
#include "base/str.h"
#include "core/account.h"
#include "core/party.h"
#include "core/sign.h"
#include "core/test_case.h"
#include "features/commitments/commitments.h"
#include "features/commitments/commitments_sql.h"
#include "features/playbooks/store.h"
#include "features/studies/studies.h"
#include "web/asset.h"

#include <string.h>

struct stage {
    struct core_case *k;
    int64_t study, site, manager, cra, pi;
};

static int32_t
day_of(const char *iso)
{
    int32_t day = 0;
    assert_true(date_parse(iso, &day));
    return day;
}

struct granting {
    struct tie_new t;
};

static err_t
grant(struct ctx *c, void *arg)
{
    struct granting *g = arg;
    const char *ref;
    bool audience;
    return tie_grant(c, &g->t, &ref, &audience);
}

static int64_t
holder(struct stage *s, const char *name, const char *email, const char *role, bool at_site)
{
    int64_t person = case_account(s->k, name, email, NULL);
    struct granting g = {{.person = person, .role = role, .from_on = "2020-01-01", .study = s->study, .study_site = at_site ? s->site : 0}};
    assert_ok(case_write(s->k, "role.grant", grant, &g));
    return person;
}

static err_t
make_study(struct ctx *c, void *arg)
{
    struct stage *s = arg;
    const char *ref;
    struct org_new o = {.name = "Leeds General", .kind = "site", .origin = "typed"};
    int64_t org;
    bool joined;
    TRY(study_create(c, &(struct study_new){.code = "PLAY-1", .title = "A study", .enrolment = -1, .origin = "typed"}, &s->study, &ref));
    TRY(org_get(c, &o, &org, &joined));
    record_event(c);
    return site_create(c, &(struct site_new){.study = s->study, .organisation = org, .number = "1", .country = "GB", .origin = "typed"}, &s->site, &ref);
}

static struct stage
begin(void **state)
{
    struct stage s = {.k = case_use(state)};
    struct core_case *k = s.k;
    static const char *const files[][2] = {{"core", "0001-core.sql"}, {"studies", "0001-study.sql"}, {"commitments", "0001-commitment.sql"},
                                           {"playbooks", "0001-playbook.sql"}};
    struct migration list[COUNT_OF(files)];
    struct migrate_report report;
    for (size_t i = 0; i < COUNT_OF(files); i++)
        list[i] = (struct migration){files[i][0], files[i][1], asset_find(arena_printf(k->mem, "schema/%s/%s", files[i][0], files[i][1]))->data};
    assert_ok(db_migrate(k->mem, k->pool, list, COUNT_OF(list), false, &report));
    assert_ok(case_write(k, "study.create", make_study, &s));
    s.manager = holder(&s, "Meg Manager", "meg@example.org", "study_manager", false);
    s.cra = holder(&s, "Carl Monitor", "carl@example.org", "cra", true);
    s.pi = holder(&s, "Rui Vaz", "rui@example.org", "principal_investigator", true);
    k->c.today = day_of("2025-03-07");
    assert_ok(who_load(&k->c, s.cra, &k->c.who));
    return s;
}

struct telling {
    struct playbook_event e;
    const char *gone, *done, *line;
    int64_t due;
};

static err_t
tell(struct ctx *c, void *arg)
{
    struct telling *t = arg;
    record_event(c);
    if (t->gone)
        return playbook_gone(c, t->e.key, t->gone);
    if (t->line)
        return playbook_done(c, t->e.key, t->line, &t->due);
    return playbook_event(c, &t->e);
}

static void
happens(struct stage *s, const char *event, const char *day, const char *key)
{
    struct telling t = {{.study = s->study, .study_site = s->site, .event = event, .day = day, .subject = "IMV 1", .key = key}};
    assert_ok(case_write(s->k, "event", tell, &t));
}

/* "state due_on" of an item, or "-" when there is none. */
static const char *
item(struct stage *s, const char *key)
{
    struct play_due_row x;
    bool found;
    assert_ok(db_maybe(&s->k->c, &PLAY_DUE, DB_IN(db_text(key)), &x, &found));
    return found ? arena_printf(s->k->mem, "%s %s", x.state, str_or(x.due_on, "")) : "-";
}

/* Without a signed playbook the sponsor's own lines and duties come; what is between the sides does not. */
static void
before_it_is_signed(void **state)
{
    struct stage s = begin(state);
    happens(&s, "visit.ended", "2025-03-07", "visit:a");
    assert_string_equal(item(&s, "visit:a/report"), "agreed 2025-03-14");
    assert_string_equal(item(&s, "visit:a/review"), "agreed 2025-03-21");
    assert_string_equal(item(&s, "visit:a/letter"), "-");
    happens(&s, "sae.known", "2025-03-07", "event:s");
    assert_string_equal(item(&s, "event:s/report"), "due 2025-03-08");
}

static void
moved_events_move_what_is_open(void **state)
{
    struct stage s = begin(state);
    happens(&s, "visit.ended", "2025-03-07", "visit:a");
    struct telling done = {.e = {.key = "visit:a"}, .line = "report"};
    assert_ok(case_write(s.k, "report.submit", tell, &done));
    assert_true(done.due > 0);
    happens(&s, "visit.ended", "2025-03-10", "visit:a");
    assert_string_equal(item(&s, "visit:a/report"), "delivered 2025-03-14"); /* frozen */
    assert_string_equal(item(&s, "visit:a/review"), "agreed 2025-03-24");
    struct due_get_row x;
    struct play_due_row due;
    assert_ok(db_one(&s.k->c, &PLAY_DUE, DB_IN(db_text("visit:a/review")), &due));
    assert_ok(db_one(&s.k->c, &DUE_GET, DB_IN(db_int(due.id)), &x));
    assert_string_equal(x.first_due_on, "2025-03-21"); /* stays visible */
    assert_int_equal(x.moves, 0);
    s.k->c.today = day_of("2025-03-25"); /* overdue by a day: frozen too */
    happens(&s, "visit.ended", "2025-03-17", "visit:a");
    assert_string_equal(item(&s, "visit:a/review"), "agreed 2025-03-24");
}

static void
gone_and_there_again(void **state)
{
    struct stage s = begin(state);
    happens(&s, "visit.ended", "2025-03-07", "visit:a");
    struct telling gone = {.e = {.key = "visit:a"}, .gone = "It did not take place."};
    assert_ok(case_write(s.k, "visit.cancel", tell, &gone));
    assert_string_equal(item(&s, "visit:a/report"), "-");
    happens(&s, "visit.ended", "2025-03-10", "visit:a");
    assert_string_equal(item(&s, "visit:a/report"), "agreed 2025-03-17");
    assert_int_equal(case_number(s.k, "select count(*) from commitment where state = 'withdrawn'"), 2);
}

static err_t
sign_sponsor(struct ctx *c, void *arg)
{
    struct thing t = {.study = ((struct stage *)arg)->study};
    return playbook_sign_sponsor(c, &t);
}

static err_t
sign_site(struct ctx *c, void *arg)
{
    struct stage *s = arg;
    struct thing t = {.study = s->study, .study_site = s->site};
    return playbook_sign_site(c, &t);
}

static err_t
change(struct ctx *c, void *arg)
{
    struct playbook_line *l;
    size_t n, at = 0;
    TRY(playbook_load(c, 0, &l, &n));
    while (!str_eq(l[at].key, "letter"))
        at++;
    l[at].n = 15;
    record_reason(c, "as in the contract");
    return playbook_change(c, ((struct stage *)arg)->study, &l[at], "as in the contract");
}

static void
both_sides_sign(void **state)
{
    struct stage s = begin(state);
    assert_err(case_write(s.k, "playbook.sign_site", sign_site, &s), E_CONFLICT); /* the sponsor first */
    assert_ok(who_load(&s.k->c, s.manager, &s.k->c.who));
    assert_ok(case_write(s.k, "playbook.sign", sign_sponsor, &s));
    assert_err(case_write(s.k, "playbook.sign", sign_sponsor, &s), E_CONFLICT);
    happens(&s, "visit.ended", "2025-03-07", "visit:a");
    happens(&s, "visit.ended", "2025-01-07", "visit:old");
    assert_string_equal(item(&s, "visit:a/letter"), "-"); /* the site has not signed */
    assert_ok(who_load(&s.k->c, s.pi, &s.k->c.who));
    assert_ok(case_write(s.k, "playbook.sign_site", sign_site, &s));
    assert_err(case_write(s.k, "playbook.sign_site", sign_site, &s), E_CONFLICT);
    assert_string_equal(item(&s, "visit:a/letter"), "agreed 2025-03-21"); /* still to come: it begins with the signature */
    assert_string_equal(item(&s, "visit:old/letter"), "-"); /* nothing is late by a signature */
    happens(&s, "visit.ended", "2025-03-07", "visit:b");
    assert_string_equal(item(&s, "visit:b/letter"), "agreed 2025-03-21");
}

/* A draft moves nothing and says what it would move; signed, it moves; the site must sign again. */
static void
a_changed_version(void **state)
{
    struct stage s = begin(state);
    assert_ok(who_load(&s.k->c, s.manager, &s.k->c.who));
    assert_ok(case_write(s.k, "playbook.sign", sign_sponsor, &s));
    assert_ok(who_load(&s.k->c, s.pi, &s.k->c.who));
    assert_ok(case_write(s.k, "playbook.sign_site", sign_site, &s));
    happens(&s, "visit.ended", "2025-03-07", "visit:b");
    assert_ok(who_load(&s.k->c, s.manager, &s.k->c.who));
    assert_ok(case_write(s.k, "playbook.change", change, &s));
    assert_string_equal(item(&s, "visit:b/letter"), "agreed 2025-03-21");
    struct play_newest_row v;
    struct playbook_move *m;
    struct playbook_signs signs;
    int64_t in_force;
    size_t n;
    assert_ok(db_one(&s.k->c, &PLAY_NEWEST, DB_IN(db_int(s.study)), &v));
    assert_int_equal(v.n, 2);
    assert_ok(playbook_preview(&s.k->c, s.study, v.id, &m, &n));
    assert_int_equal(n, 1);
    assert_string_equal(m[0].old_on, "2025-03-21");
    assert_string_equal(m[0].new_on, "2025-03-28");
    assert_ok(case_write(s.k, "playbook.sign", sign_sponsor, &s));
    assert_ok(playbook_in_force(&s.k->c, s.study, s.site, &in_force, &signs));
    assert_int_equal(in_force, v.id);
    assert_true(signs.sponsor);
    assert_false(signs.site);
    assert_ok(who_load(&s.k->c, s.pi, &s.k->c.who));
    assert_ok(case_write(s.k, "playbook.sign_site", sign_site, &s));
    assert_string_equal(item(&s, "visit:b/letter"), "agreed 2025-03-28");
}

static err_t
leave_out_a_duty(struct ctx *c, void *arg)
{
    struct playbook_line *l;
    size_t n, at = 0;
    TRY(playbook_load(c, 0, &l, &n));
    while (l[at].class != CLASS_DUTY)
        at++;
    l[at].off = true;
    return playbook_change(c, ((struct stage *)arg)->study, &l[at], "why");
}

static void
duties_stay(void **state)
{
    struct stage s = begin(state);
    assert_err(case_write(s.k, "playbook.change", leave_out_a_duty, &s), E_BAD_INPUT);
    struct playbook_signs none = {.own = true};
    for (size_t i = 0; i < playbook_n_lines; i++) {
        if (playbook_lines[i].class == CLASS_DUTY)
            assert_true(playbook_begins(&playbook_lines[i], &none));
        else
            assert_false(playbook_begins(&playbook_lines[i], &none));
        assert_non_null(playbook_event_find(playbook_lines[i].event));
        assert_true(playbook_lines[i].class == CLASS_ROUTINE || playbook_lines[i].source);
    }
}

/* Hours run from the minute: the reason says by which. */
static void
hours_from_the_minute(void **state)
{
    struct stage s = begin(state);
    struct playbook_event e = {.study = s.study, .study_site = s.site, .event = "sae.known", .day = "2024-02-28", .time = "14:20"};
    struct playbook_day day;
    size_t at = 0;
    while (!str_eq(playbook_lines[at].event, "sae.known"))
        at++;
    assert_ok(playbook_day_of(&s.k->c, &playbook_lines[at], &e, &day));
    assert_string_equal(day.on, "2024-02-29");
    assert_non_null(strstr(day.why, "by 14:20 on 29 Feb 2024"));
    e.day = "nonsense";
    assert_err(playbook_day_of(&s.k->c, &playbook_lines[at], &e, &day), E_BAD_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {BOTH(before_it_is_signed), BOTH(moved_events_move_what_is_open), BOTH(gone_and_there_again),
                                       BOTH(both_sides_sign), BOTH(a_changed_version), BOTH(duties_stay), BOTH(hours_from_the_minute)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
