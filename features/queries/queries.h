/* queries.h: queries of the EDC as counts, ages and whose turn it is. See README.md. */
#ifndef FEATURES_QUERIES_H
#define FEATURES_QUERIES_H

#include "core/feature.h"

extern const struct feature queries_feature;

#endif
