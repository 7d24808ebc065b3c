/* waiting.h: who waits for whom. Pages only; nothing for other features to call. */
#ifndef FEATURES_WAITING_H
#define FEATURES_WAITING_H

#include "core/feature.h"

extern const struct feature waiting_feature;

#endif
