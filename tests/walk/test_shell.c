/* test_shell.c: the frame around pages and what is one's own: the study switch, a site's navigation
 * and its view of recruitment, how pages look, one's contact details, the demonstration's clock. */
#include "tests/walk/world.h"

#include "base/str.h"
#include "core/record.h"
#include "features/recruitment/recruitment.h"
#include "features/studies/studies.h"

#include <string.h>


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

static struct http_answer
get(struct world *w, const struct actor *a, const char *path)
{
    return world_ask(w, w->mem, &(struct ask){.actor = a, .path = path});
}

static struct http_answer
post(struct world *w, const struct actor *a, const char *path, const char *form)
{
    return world_ask(w, w->mem, &(struct ask){.actor = a, .path = path, .form = form});
}

static const struct target *
site_of(struct world *w, const char *study, int which)
{
    for (size_t i = 0; i < w->n_targets; i++) {
        if (strcmp(w->target[i].param, "study") == 0 && strcmp(w->target[i].value, study) == 0)
            return &w->target[i + (size_t)which];
    }
    fail_msg("the world has no %s", study);
    return NULL;
}

static void
says(const struct http_answer *an, const char *text, bool must)
{
    if (world_says(an, text) != must)
        fail_msg("\"%s\" %s: %d %.4000s", text, must ? "is missing" : "is there", an->status, str_or(an->body, ""));
}

/* ---- the study switch ---- */

static void
switches_between_studies(void **state)
{
    struct world *w = world_begin(state);
    world_add_b(w);
    struct http_answer an = get(w, actor_of(w, SIDE_A, ROLE_DIRECTOR), "/studies/NCT00000001/recruitment");
    says(&an, "study-switch", true);
    says(&an, "href=\"/studies/NCT00000002/recruitment\"", true);
    says(&an, "NCT00000003", false);
    an = get(w, actor_of(w, SIDE_A, ROLE_DIRECTOR), "/studies/NCT00000001/people"); /* no entry of the menu */
    says(&an, "href=\"/studies/NCT00000002\"", true);
    an = get(w, actor_of(w, SIDE_A, ROLE_STUDY_MANAGER), "/studies/NCT00000001/recruitment");
    says(&an, "study-switch", true);
    says(&an, "NCT00000002", false);
    an = get(w, actor_of(w, SIDE_HOME, ROLE_DIRECTOR), "/studies/NCT00000001/recruitment"); /* runs all three */
    says(&an, "href=\"/studies/NCT00000003/recruitment\"", true);
    an = get(w, actor_of(w, SIDE_A, ROLE_DIRECTOR), "/studies");
    says(&an, "study-switch", false);
}

/* ---- a site's own view ---- */

static err_t
bring_in(struct ctx *c, void *arg)
{
    struct import_plan *plan;
    struct import_result result;
    TRY(import_read(c, arg, &plan, &result));
    return import_apply(c, plan, &result);
}

/* Seven more sites, "otherhouse 1" to "otherhouse 7", the n-th with n + 1 participants. */
static void
add_sites(struct world *w, int64_t study, int n)
{
    struct buf b;
    buf_init(&b, w->mem);
    buf_str(&b, "site,subject,randomisation date\n");
    for (int i = 1; i <= n; i++) {
        for (int k = 0; k <= i; k++)
            buf_printf(&b, "otherhouse %d,O-%d%02d,2026-%02d-%02d\n", i, i, k, 1 + k, 3 + i);
    }
    struct import_how how = {.kind = IMPORT_LOG, .study = study, .file_name = "o.csv", .data = buf_text(&b), .n = b.len};
    assert_ok(record_transaction(&w->o.ctx, &(struct record_work){"import.apply", NULL, "test", bring_in, &how}));
}

static void
shows_a_site_itself_and_a_spread(void **state)
{
    struct world *w = world_begin(state);
    const struct target *site = site_of(w, "NCT00000001", 1), *other = site_of(w, "NCT00000001", 2);
    const struct actor *cora = actor_of(w, SIDE_A, ROLE_COORDINATOR);
    const char *path = arena_printf(w->mem, "/studies/NCT00000001/sites/%s/recruitment", site->value);
    struct http_answer an = get(w, cora, arena_printf(w->mem, "%s.json", path));
    assert_int_equal(an.status, 200);
    says(&an, "\"others\":\"", false); /* of so few sites nothing is said */
    add_sites(w, site->thing.study, 7);
    assert_int_equal(post(w, actor_of(w, SIDE_A, ROLE_STUDY_MANAGER), "/studies/NCT00000001/targets",
                          "means=randomised&target=77&deadline=2027-01-01&reason=why").status, 303);
    an = get(w, cora, arena_printf(w->mem, "%s.json", path));
    assert_int_equal(an.status, 200);
    says(&an, "\"own\":true", true);
    says(&an, "\"others\":\"", true);
    an = get(w, cora, path);
    assert_int_equal(an.status, 200);
    says(&an, "Leeds General", true);
    says(&an, "otherhouse", false);
    says(&an, FRIEND " Clinic", false);
    says(&an, other->value, false);
    says(&an, "What would help", false); /* what the team thinks comes in a conversation */
    an = get(w, cora, arena_printf(w->mem, "/studies/NCT00000001/sites/%s/recruitment", other->value));
    assert_int_equal(an.status, 404);
    an = get(w, cora, "/studies/NCT00000001/recruitment");
    assert_int_equal(an.status, 403);
    an = get(w, cora, "/studies/NCT00000001"); /* her pages are in the navigation */
    says(&an, arena_printf(w->mem, "href=\"%s\"", path), true);
    an = get(w, actor_of(w, SIDE_A, ROLE_STUDY_MANAGER), path);
    assert_int_equal(an.status, 200);
    says(&an, "This is what the site sees of itself", true);
}

static void
looks_back(void **state)
{
    struct world *w = world_begin(state);
    const struct target *site = site_of(w, "NCT00000001", 1);
    add_sites(w, site->thing.study, 7);
    const struct actor *manager = actor_of(w, SIDE_A, ROLE_STUDY_MANAGER);
    const char *then = "/studies/NCT00000001/recruitment.json?as_of=2026-02-20";
    struct http_answer an = get(w, manager, then);
    says(&an, "\"has_came\":true", true);
    says(&an, "\"as_of\":\"2026-02-20\"", true);
    an = get(w, manager, "/studies/NCT00000001/recruitment.json");
    says(&an, "\"has_came\":false", true);
    an = get(w, manager, "/studies/NCT00000001/recruitment.json?as_of=9999-01-01");
    says(&an, "\"has_came\":false", true);
}

/* ---- one's own ---- */

static void
keeps_how_pages_look(void **state)
{
    struct world *w = world_begin(state);
    struct actor *a = actor_of(w, SIDE_A, ROLE_DIRECTOR);
    int64_t rows = world_records(w);
    struct http_answer an = post(w, a, "/me/look", "theme=dark");
    assert_int_equal(an.status, 303);
    assert_int_equal(world_records(w), rows + 1);
    says(&an, "rapport-theme=dark", true);
    says(&an, "rapport-keys=off", true);
    assert_int_equal(post(w, a, "/me/look", "theme=purple").status, 422);
    const char *own = a->cookie;
    a->cookie = arena_printf(w->mem, "%s; rapport-theme=dark; rapport-keys=off", own);
    an = get(w, a, "/studies");
    says(&an, "data-theme=\"dark\"", true);
    says(&an, "data-keys=\"off\"", true);
    a->cookie = "rapport-theme=dark"; /* before anybody signs in, too */
    an = get(w, a, "/sign-in");
    says(&an, "data-theme=\"dark\"", true);
    a->cookie = arena_printf(w->mem, "%s; rapport-theme=\"zzz", own);
    an = get(w, a, "/studies");
    says(&an, "zzz", false);
    a->cookie = own;
}

static void
keeps_ones_telephone(void **state)
{
    struct world *w = world_begin(state);
    const struct actor *a = actor_of(w, SIDE_A, ROLE_COORDINATOR);
    int64_t rows = world_records(w);
    assert_int_equal(post(w, a, "/me/contact", "phone=call+me").status, 422);
    assert_int_equal(world_records(w), rows);
    assert_int_equal(post(w, a, "/me/contact", "phone=%2B44+113+496+0000").status, 303);
    struct http_answer an = get(w, a, "/me");
    says(&an, "+44 113 496 0000", true);
    assert_int_equal(post(w, a, "/me/contact", "phone=%2B44+113+496+0001").status, 303);
    an = get(w, a, "/me");
    says(&an, "496 0001", true);
    says(&an, "496 0000", false);
    assert_int_equal(post(w, a, "/me/contact", "").status, 303);
    an = get(w, a, "/me");
    says(&an, "496 0001", false);
}

/* ---- the page's token, the demonstration's clock ---- */

static const char *
token_in(struct world *w, const struct http_answer *an)
{
    const char *at = strstr(an->body, "name=\"csrf\" value=\"");
    assert_non_null(at);
    at += strlen("name=\"csrf\" value=\"");
    return arena_strndup(w->mem, at, strcspn(at, "\""));
}

static void
masks_the_token(void **state)
{
    struct world *w = world_begin(state);
    struct actor *a = actor_of(w, SIDE_A, ROLE_DIRECTOR);
    struct http_answer one = get(w, a, "/me"), two = get(w, a, "/me");
    const char *first = token_in(w, &one), *second = token_in(w, &two), *own = a->csrf;
    assert_string_not_equal(first, second);
    says(&one, own, false);
    a->csrf = "";
    assert_int_equal(post(w, a, "/me/look", "theme=light").status, 403);
    assert_int_equal(post(w, a, "/me/look", arena_printf(w->mem, "theme=light&csrf=%s", first)).status, 303);
    assert_int_equal(post(w, a, "/me/look", arena_printf(w->mem, "theme=light&csrf=%s", second)).status, 303);
    a->csrf = own;
}

static void
clock_returns_to_its_page(void **state)
{
    static const struct {
        const char *address, *wanted;
        int32_t day;
    } cases[] = {
        {"/studies", "/studies", 0},
        {"/studies/A/recruitment", "/studies/A/recruitment?as_of=2026-11-23", 20780},
        {"/a?as_of=2026-01-01", "/a", 0},
        {"/a?sort=pace&as_of=2026-01-01", "/a?sort=pace&as_of=2026-11-23", 20780},
    };
    struct world *w = world_begin(state);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(app_look_back(w->mem, cases[i].address, cases[i].day), cases[i].wanted);
    struct actor *a = actor_of(w, SIDE_A, ROLE_DIRECTOR);
    assert_int_equal(post(w, a, "/demo/clock", "day=2026-11-30").status, 404);
    w->o.inst.demo = true;
    a->cookie = arena_printf(w->mem, "rapport-demo=%s", a->cookie + strlen("rapport="));
    struct http_answer an = get(w, a, "/studies/NCT00000001/recruitment?sort=pace");
    says(&an, "name=\"next\" value=\"/studies/NCT00000001/recruitment?sort=pace\"", true);
    says(&an, "name=\"looks_back\"", true);
    assert_int_equal(post(w, a, "/demo/clock", "day=2026-03-01").status, 303);
    an = post(w, a, "/demo/clock", "day=2026-04-01&looks_back=1&next=%2Fstudies%2FNCT00000001%2Frecruitment");
    assert_string_equal(an.location, "/studies/NCT00000001/recruitment?as_of=2026-03-01");
    an = post(w, a, "/demo/clock", "day=2026-03-01&looks_back=1&next=%2Fstudies%2FNCT00000001%2Frecruitment%3Fas_of%3D2026-03-01");
    assert_string_equal(an.location, "/studies/NCT00000001/recruitment");
    an = post(w, a, "/demo/clock", "day=2026-03-02&next=https%3A%2F%2Felsewhere.example%2F");
    assert_string_equal(an.location, "/");
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest cases[] = {
        BOTH(switches_between_studies), BOTH(shows_a_site_itself_and_a_spread), BOTH(looks_back),
        BOTH(keeps_how_pages_look), BOTH(keeps_ones_telephone), BOTH(masks_the_token),
        BOTH(clock_returns_to_its_page),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(cases, NULL, NULL);
}
