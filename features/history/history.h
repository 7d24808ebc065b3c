/* history.h: the pages that tell what was done to a thing, and the commands that prove the record. */
#ifndef FEATURES_HISTORY_H
#define FEATURES_HISTORY_H

#include "core/feature.h"

extern const struct feature history_feature;

#endif
