/* news.h: what moved, shown at once. */
#ifndef FEATURES_NEWS_H
#define FEATURES_NEWS_H

#include "core/feature.h"

extern const struct feature news_feature;

/* The newest line shown to c->who, or 0: for the frame of a page, which asks for what comes after. */
err_t news_last(struct ctx *c, int64_t *ret);

#endif
