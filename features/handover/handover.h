/* handover.h: handing over and covering. Pages only; nothing for other features to call. */
#ifndef FEATURES_HANDOVER_H
#define FEATURES_HANDOVER_H

#include "core/feature.h"

extern const struct feature handover_feature;

#endif
