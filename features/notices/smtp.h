/* smtp.h: handing a mail to the mail server, with libcurl. Where that is says the environment:
 *   RAPPORT_SMTP_URL            smtp://mail.example.org:587, or smtps://...; without it nothing is sent
 *   RAPPORT_SMTP_USER           and
 *   RAPPORT_SMTP_PASSWORD_FILE  a file that only its owner reads: for a server that asks who sends
 *   RAPPORT_SMTP_CA_FILE        who vouches for that server, as PEM: for one that the machine does not know
 *   RAPPORT_MAIL_FROM           rapport@example.org
 * With a password the way there is always encrypted, except to this machine itself. A server that cannot prove its
 * name is not spoken to. */
#ifndef FEATURES_NOTICES_SMTP_H
#define FEATURES_NOTICES_SMTP_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct smtp_config {
    const char *url, *user, *password, *from, *ca; /* ca NULL: as the machine says */
};
/* ret_on false: no mail server is told. Errors: E_CONFIG: half told, or the file is not there or open to others. */
err_t smtp_config(struct ctx *c, struct smtp_config *ret, bool *ret_on);

enum smtp_result {
    SMTP_SENT,
    SMTP_LATER,  /* not this time: 4xx, no connection, not let in */
    SMTP_NEVER,  /* 5xx */
    SMTP_UNKNOWN /* all was said and no answer came: it may have gone */
};
struct smtp; /* one connection, kept for several mails */
err_t smtp_open(struct ctx *c, const struct smtp_config *f, struct smtp **ret);
/* Waits at most 20 seconds. `ret_why`: in words, without any address; NULL when sent. */
enum smtp_result smtp_send(struct ctx *c, struct smtp *s, const char *to, const char *message, size_t n, const char **ret_why);
void smtp_close(struct smtp *s);

#endif
