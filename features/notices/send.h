/* send.h: the sender: what waits in the outbox goes to the mail server, each mail once. Called by the job
 * of this feature and by the command "mail send". */
#ifndef FEATURES_NOTICES_SEND_H
#define FEATURES_NOTICES_SEND_H

#include "base/ctx.h"

#include <stdint.h>

enum { SEND_TRIES = 5 };

/* Sends what is due at c->now, at most 50 mails or half a minute long; outside any transaction. Each is
 * claimed in a transaction first and can be claimed by one process only. What a server refuses for now is
 * tried again after 1, 5, 30 and 120 minutes. Without a mail server it does nothing. */
err_t send_due(struct ctx *c, int64_t *ret_sent);

#endif
