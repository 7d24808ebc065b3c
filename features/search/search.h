/* search.h: one box that finds studies, organisations and people. */
#ifndef FEATURES_SEARCH_H
#define FEATURES_SEARCH_H

#include "core/feature.h"

extern const struct feature search_feature;

#endif
