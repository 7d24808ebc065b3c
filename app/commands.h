/* commands.h: the commands that belong to no feature: serve, demo, migrate, request, check, version. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "core/feature.h"

extern const struct feature app_feature;

#endif
