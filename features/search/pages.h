/* pages.h: the handler of this feature's route. */
#ifndef FEATURES_SEARCH_PAGES_H
#define FEATURES_SEARCH_PAGES_H

#include "core/feature.h"

http_handler page_search;

#endif
