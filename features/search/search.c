/* search.c: the table of this feature. See README.md. */
#include "features/search/search.h"

#include "features/search/pages.h"

static const struct route routes[] = {
    {GET, "/search", page_search, .perm = PERM_SELF, .view = "search/search"},
};
static const char *const depends[] = {"studies", "people", NULL};

const struct feature search_feature = {
    .name = "search", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
};
