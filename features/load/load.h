/* load.h: what a person can carry and has agreed to. See README.md. Other features call nothing here. */
#ifndef FEATURES_LOAD_H
#define FEATURES_LOAD_H

#include "core/feature.h"

extern const struct feature load_feature;

#endif
