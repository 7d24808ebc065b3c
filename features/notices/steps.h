/* steps.h: telling people by mail what moved: reads the steps of what is due behind a cursor, notes whom to
 * tell of which and when, and makes one mail of what one person is to be told. Called by the job. */
#ifndef FEATURES_NOTICES_STEPS_H
#define FEATURES_NOTICES_STEPS_H

#include "base/ctx.h"

/* Notes new steps older than a minute, which nobody took back: who did it is not told, the other side is. */
err_t steps_read(struct ctx *c);
/* Puts the mail of those whose time has come in the outbox. Subject and text name no study, person or
 * thing; links open pages, which ask who one is. */
err_t steps_mail(struct ctx *c);

#endif
