/* notices.c: the table of this feature. See README.md. */
#include "features/notices/notices.h"

#include "features/notices/pages.h"
#include "features/notices/send.h"
#include "features/notices/steps.h"
#include "features/notices/stop.h"

static const char *const mails[] = {"at_once", "daily", "none", NULL};
static const struct field wish_form[] = {
    {"mail", "how you want to be told", FIELD_CHOICE, .required = true, .choices = mails},
    {"at", "time of the bundle", FIELD_TEXT, .required = true, .max = 5},
    {"quiet", "quiet hours", FIELD_BOOL},
    {"quiet_from", "beginning of the quiet hours", FIELD_TEXT, .max = 5},
    {"quiet_until", "end of the quiet hours", FIELD_TEXT, .max = 5},
    {"zone", "time zone", FIELD_TEXT, .required = true, .max = 60},
    {NULL},
};
static const struct field stop_form[] = {
    {"List-Unsubscribe", NULL, FIELD_HIDDEN, .max = 40},
    {NULL},
};
static const struct route routes[] = {
    {GET,  "/me/notices",          page_notices,     .perm = PERM_SELF, .view = "notices/me"},
    {POST, "/me/notices",          page_notices_set, .perm = PERM_SELF, .view = "notices/me", .form = wish_form, .audit = "notice.wish"},
    {GET,  "/notices/stop/{stop}", stop_page,        .perm = PERM_PUBLIC, .view = "notices/stop"},
    {POST, "/notices/stop/{stop}", stop_do, .prepare = stop_check, .perm = PERM_PUBLIC, .view = "notices/stop", .form = stop_form, .audit = "notice.stop",
     .flags = ROUTE_NO_CSRF},
    {GET,  "/mail",                page_mail,        .perm = PERM_ADMIN, .view = "notices/mail"},
};

/* The token is read by its handler. */
static err_t
resolve_later(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"stop", resolve_later}};
static const struct menu menus[] = {
    {"Mail", "/mail", "mail", PERM_ADMIN, .place = 91},
};
static const struct deed deeds[] = {
    {"notice.wish", "chose how to be told"},
    {"notice.stop", "asked for no more mail"},
    {"mail.test", "sent a mail to test the mail server"},
};
static const struct command commands[] = {
    {"mail send", "", "send what waits in the outbox now", NULL, NEEDS_DB, 0, 0, command_mail_send},
    {"mail test", "ADDRESS", "send a mail there to see whether mail works", NULL, NEEDS_DB, 1, 1, command_mail_test},
};

static err_t
job(struct ctx *c)
{
    TRY(steps_read(c));
    return steps_mail(c);
}

static err_t
far_job(struct ctx *c)
{
    int64_t sent;
    return send_due(c, &sent);
}
static const char *const depends[] = {"commitments", NULL};

const struct feature notices_feature = {
    .name = "notices", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .commands = commands, .n_commands = COUNT_OF(commands),
    .job = job, .far_job = far_job,
};
