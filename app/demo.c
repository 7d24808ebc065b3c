/* demo.c: "demo": a throw-away installation with the public records of samples/, served on loopback,
 * with a sign-in link for each role. Enrolment logs are replayed to a day in their middle. */
#include "app/app.h"
#include "app/commands.h"
#include "app/demo.h"
#include "base/str.h"
#include "base/utf8.h"
#include "core/account.h"
#include "core/core_sql.h"
#include "core/keys.h"
#include "core/record.h"
#include "core/seal.h"
#include "features/access/access.h"
#include "features/registry/registry.h"
#include "features/studies/studies.h"
#include "features/studies/studies_sql.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct demo {
    struct ctx *c;
    const struct args *args;
    const char *folder, *samples;
    struct opened o;
    struct {
        const char *title, *token;
    } links[16];
    size_t n_links;
    struct demo_study at;
    const char *password; /* hashed */
};

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    return remove(path);
}

static bool
empty_folder(const char *path)
{
    DIR *d = opendir(path);
    int n = 0;
    for (struct dirent *e; d && (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    if (d)
        closedir(d);
    return d && n == 0;
}

static err_t
make_folder(struct demo *d)
{
    struct ctx *c = d->c;
    const char *keep = args_option(d->args, "--keep");
    if (keep) {
        if (mkdir(keep, 0700) != 0 && errno != EEXIST)
            return err_new(c->mem, E_IO, "The folder %s could not be made: %s.", keep, strerror(errno));
        if (!empty_folder(keep))
            return err_new(c->mem, E_CONFLICT, "The folder %s is not empty. A demonstration needs one of its own.", keep);
        d->folder = keep;
        return NULL;
    }
    char *temporary = arena_printf(c->mem, "%s/rapport-demo-XXXXXX", str_or(getenv("TMPDIR"), "/tmp"));
    if (!mkdtemp(temporary))
        return err_new(c->mem, E_IO, "No temporary folder could be made: %s.", strerror(errno));
    d->folder = temporary;
    return NULL;
}

/* samples/ stands beside the program, in its folder's parent, or where we are. */
static err_t
find_samples(struct demo *d)
{
    struct arena *a = d->c->mem;
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    const char *places[] = {args_option(d->args, "--samples"), arena_printf(a, "%s/samples", self),
                            arena_printf(a, "%s/../samples", self), "samples", "/usr/share/rapport/samples"};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct stat st;
        if (places[i] && stat(arena_printf(a, "%s/ctgov", places[i]), &st) == 0) {
            d->samples = places[i];
            return NULL;
        }
    }
    return err_new(a, E_CONFIG, "The folder samples was not found. Say where it is with --samples.");
}

static err_t
set_up(struct ctx *c, void *arg)
{
    int64_t person;
    struct first_person f = {.name = "Ada Admin", .email = "admin@demo.invalid", .organisation = "Rapport Demonstration Unit", .only_administrator = true};
    TRY(seal_publish_key(c));
    return access_first(c, &f, &person);
}

/* Where the demonstration's unit works: its business days are those of the Netherlands. */
static err_t
set_country(struct ctx *c, void *arg)
{
    struct core_org_row o;
    TRY(db_one(c, &CORE_ORG, DB_IN(db_int(c->inst->home)), &o));
    record_change(c, "organisation", o.name, "country", o.country, "NL");
    return db_run(c, &CORE_ORG_EDIT,
                  DB_IN(db_int(o.id), db_text(o.name), db_text(utf8_fold(c->mem, o.name)), db_text(o.kind), db_text(o.city), db_text(o.state),
                        db_text("NL"), db_text(NULL)),
                  NULL);
}

struct cast {
    const char *name, *email;
    enum role role;
};

struct cast_job {
    struct demo *d;
    const struct cast *cast;
    int64_t study, site;
};

/* A person of the demonstration, with the role and a session that is the link. */
static err_t
add_cast(struct ctx *c, void *arg)
{
    struct cast_job *j = arg;
    int64_t person;
    char until[DATE_TEXT];
    date_iso(tz_day(c->inst->zone, c->now) + 365, until);
    struct access_new n = {.name = j->cast->name, .email = j->cast->email, .role = role_word(j->cast->role)};
    switch (role_scope(j->cast->role)) {
    case SCOPE_INSTALLATION:
        break;
    case SCOPE_ORGANISATION:
        n.organisation = c->inst->home;
        break;
    case SCOPE_SITES:
        n.study_site = j->site;
        n.study = j->study;
        break;
    case SCOPE_STUDY:
        n.study = j->study;
        break;
    }
    if (j->cast->role == ROLE_INSPECTOR)
        n.until = until;
    TRY(access_add(c, &n, &person));
    j->d->at.person[j->cast->role] = person;
    TRY(account_password(c, person, j->d->password));
    const char *token;
    TRY(session_new(c, person, &token));
    j->d->links[j->d->n_links].title = role_title(j->cast->role);
    j->d->links[j->d->n_links++].token = arena_strdup(j->d->c->mem, token);
    return NULL;
}

static const struct cast casts[] = {
    {"Dana Director", "director@demo.invalid", ROLE_DIRECTOR},
    {"Milan Manager", "manager@demo.invalid", ROLE_STUDY_MANAGER},
    {"Ana Ribeiro", "cra@demo.invalid", ROLE_CRA},
    {"Tess Tarrant", "cta@demo.invalid", ROLE_CTA},
    {"Cora Coordinator", "coordinator@demo.invalid", ROLE_COORDINATOR},
    {"Rui Vaz", "investigator@demo.invalid", ROLE_INVESTIGATOR},
    {"Ivo Inspector", "inspector@demo.invalid", ROLE_INSPECTOR},
};

static void
progress(void *arg, int64_t done, int64_t total)
{
    args_progress(arg, "Studies", done, total);
}

static err_t
transaction(struct demo *d, const char *action, err_t (*work)(struct ctx *, void *), void *arg)
{
    return record_transaction(&d->o.ctx, &(struct record_work){action, NULL, "demonstration", work, arg});
}

static err_t
site_first(struct ctx *c, int64_t study, int64_t *ret)
{
    struct site_list_row *rows;
    size_t n;
    TRY(db_list(c, &SITE_LIST, DB_IN(db_int(study), db_text(NULL), db_text(NULL), db_null(DB_INT), db_int(1)), &rows, &n));
    *ret = n ? rows[0].id : 0;
    return NULL;
}

static err_t
load(struct demo *d)
{
    struct ctx *c = &d->o.ctx;
    TRY(transaction(d, "init", set_up, NULL));
    TRY(inst_load(c, &d->o.inst));
    TRY(password_hash(c->mem, INST_DEMO_PASSWORD, &d->password));
    TRY(transaction(d, "org.edit", set_country, NULL));
    /* the director first: what is brought in then is listed for the organisation at once */
    struct cast_job j = {.d = d, .cast = &casts[0]};
    TRY(transaction(d, "user.add", add_cast, &j));
    struct registry_result x = {0};
    TRY(registry_import_path(c, arena_printf(c->mem, "%s/ctgov", d->samples), "demonstration", progress, (void *)d->args, &x));
    int64_t study = 0, site = 0;
    TRY(demo_enrolment(c, arena_printf(c->mem, "%s/enrolment", d->samples), &study));
    TRY(site_first(c, study, &site));
    for (size_t i = 1; i < COUNT_OF(casts); i++) {
        j = (struct cast_job){.d = d, .cast = &casts[i], .study = study, .site = site};
        TRY(transaction(d, "user.add", add_cast, &j));
    }
    d->at.study = study;
    d->at.site = site;
    if (!study || !site)
        return NULL;
    TRY(demo_due(c, &d->at));
    TRY(demo_visits(c, &d->at));
    TRY(demo_week(c, &d->at));
    TRY(demo_own(c, &d->at));
    TRY(demo_answers(c, &d->at));
    return app_jobs(c); /* what time brought since */
}

static void
say_links(void *arg, int port)
{
    struct demo *d = arg;
    printf("\nRapport's demonstration: http://127.0.0.1:%d/\n"
           "Public records, invented people. Nothing here is kept%s.\n\n",
           port, args_option(d->args, "--keep") ? " but in the folder you named" : "");
    for (size_t i = 0; i < d->n_links; i++)
        printf("  %-30s http://127.0.0.1:%d/demo/as/%s\n", d->links[i].title, port, d->links[i].token);
    if (d->at.answer)
        printf("  %-30s http://127.0.0.1:%d/a/%s\n", "Asked, without an account", port, d->at.answer);
    printf("\nTo sign a paper, each has the password: %s\n", INST_DEMO_PASSWORD);
    printf("The banner on every page moves the day. Ctrl-C ends it.\n");
    fflush(stdout);
}

static err_t
run(struct demo *d)
{
    struct ctx *c = d->c;
    int64_t port = 8080;
    const char *text = args_option(d->args, "--port");
    if (text && (!str_int(text, &port) || port < 0 || port > 65535))
        return err_new(c->mem, E_USAGE, "--port: give a number from 0 to 65535.");
    const char *where = arena_printf(c->mem, "%s/demo.db", d->folder);
    const struct keys *keys;
    TRY(keys_create(c->mem, app_keys_path(c->mem, where), &keys));
    TRY(app_open(c->mem, &(struct open_how){.where = where, .need_keys = true, .create = true}, &d->o));
    d->o.inst.demo = true;
    err_t e = load(d);
    struct web *w;
    if (!e)
        e = app_web_new(c->mem, &d->o.inst, &w);
    if (!e)
        e = app_web_serve(w, &(struct http_options){.port = (int)port}, say_links, d);
    app_close(&d->o);
    return e;
}

err_t
command_demo(struct ctx *c, const struct args *a)
{
    struct demo d = {.c = c, .args = a};
    TRY(find_samples(&d));
    TRY(make_folder(&d));
    err_t e = run(&d);
    if (!args_option(a, "--keep"))
        nftw(d.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return e;
}
