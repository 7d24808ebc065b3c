/* pages.h: pages of this feature. See README.md. */
#ifndef FEATURES_NOTICES_PAGES_H
#define FEATURES_NOTICES_PAGES_H

#include "core/feature.h"

http_handler page_notices, page_notices_set, page_mail;
err_t command_mail_send(struct ctx *c, const struct args *a);
err_t command_mail_test(struct ctx *c, const struct args *a);

#endif
