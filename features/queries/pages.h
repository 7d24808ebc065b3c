/* pages.h: the handlers and the command of this feature. */
#ifndef FEATURES_QUERIES_PAGES_H
#define FEATURES_QUERIES_PAGES_H

#include "core/feature.h"
#include "features/queries/file.h"

http_handler page_queries, page_queries_new, page_queries_check, page_queries_take;
extern const struct option queries_options[];
err_t command_import_queries(struct ctx *c, const struct args *a);

#endif
