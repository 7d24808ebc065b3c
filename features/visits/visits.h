/* visits.h: monitoring visits. What others may do with them stands in store.h: plan one, take it on, write its
 * papers, each inside the caller's write transaction. */
#ifndef FEATURES_VISITS_H
#define FEATURES_VISITS_H

#include "core/feature.h"
#include "features/visits/store.h"

extern const struct feature visits_feature;

#endif
