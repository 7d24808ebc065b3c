/* news.c: the table of this feature. See README.md. */
#include "features/news/news.h"

#include "features/news/pages.h"

static const struct route routes[] = {
    {GET, "/me/news",        page_news,        .perm = PERM_SELF, .view = "news/list"},
    {GET, "/me/news/since",  page_news_since,  .perm = PERM_SELF, .view = "news/since", .flags = ROUTE_QUIET},
    {GET, "/me/news/stream", page_news_stream, .perm = PERM_SELF, .flags = ROUTE_QUIET},
};
static const char *const depends[] = {"commitments", NULL};

const struct feature news_feature = {
    .name = "news", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .job = lines_drop,
    .lined = lines_note,
};
