/* commands.h: the commands that belong to no feature: serve, demo, migrate, request, check, version. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "core/feature.h"

extern const struct feature app_feature;

/* In init.c, demo.c, request.c. */
err_t command_init(struct ctx *c, const struct args *a);
err_t command_demo(struct ctx *c, const struct args *a);
err_t command_request(struct ctx *c, const struct args *a);

#endif
