/* commands.c: mail from the command line: sending what waits without waiting for the minute, and a test of
 * the mail server's settings. */
#include "features/notices/pages.h"

#include "base/str.h"
#include "core/inst.h"
#include "core/record.h"
#include "features/notices/outbox.h"
#include "features/notices/send.h"
#include "features/notices/smtp.h"
#include "features/notices/steps.h"

#include <string.h>

static err_t
need_server(struct ctx *c)
{
    struct smtp_config f;
    bool on;
    TRY(smtp_config(c, &f, &on));
    return on ? NULL : err_new(c->mem, E_CONFIG, "No mail server is told. Set RAPPORT_SMTP_URL and RAPPORT_MAIL_FROM.");
}

err_t
command_mail_send(struct ctx *c, const struct args *a)
{
    int64_t sent;
    TRY(need_server(c));
    TRY(steps_read(c));
    TRY(steps_mail(c));
    TRY(send_due(c, &sent));
    const char *text = arena_printf(c->mem, "Sent: %lld\n", (long long)sent);
    args_print(a, text, strlen(text));
    return NULL;
}

static err_t
add_test(struct ctx *c, void *arg)
{
    record_event(c);
    return outbox_add(c, arg);
}

err_t
command_mail_test(struct ctx *c, const struct args *a)
{
    int64_t sent;
    struct mail m = {.address = args_at(a, 0), .subject = "A test of Rapport – it arrived", .not_before = c->now,
                     .text = "This mail was sent to see whether mail works. It did.\n",
                     .key = arena_printf(c->mem, "test:%s", ref_new(c->mem))};
    TRY(need_server(c));
    TRY(record_transaction(c, &(struct record_work){"mail.test", NULL, args_who(c->mem), add_test, &m}));
    TRY(send_due(c, &sent));
    if (sent == 0)
        return err_new(c->mem, E_UNAVAILABLE, "It was not sent yet. What the mail server said is in the log and on the page Mail; "
                                              "an address outside gets at most one mail a day.");
    args_print(a, "It was sent.\n", 13);
    return NULL;
}
