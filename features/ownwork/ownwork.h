/* ownwork.h: studies whose sponsor has no Rapport, kept by a site's people for themselves. See README.md. */
#ifndef FEATURES_OWNWORK_H
#define FEATURES_OWNWORK_H

#include "base/ctx.h"
#include "core/feature.h"

extern const struct feature ownwork_feature;

#endif
