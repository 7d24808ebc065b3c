/* notices.h: telling people. What other features call is in outbox.h. */
#ifndef FEATURES_NOTICES_H
#define FEATURES_NOTICES_H

#include "core/feature.h"

extern const struct feature notices_feature;

#endif
