/* calendars.h: the pages of business-day calendars. The calendars themselves are core/holidays.h. */
#ifndef FEATURES_CALENDARS_H
#define FEATURES_CALENDARS_H

#include "core/feature.h"

extern const struct feature calendars_feature;

#endif
