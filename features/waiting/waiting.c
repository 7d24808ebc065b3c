/* waiting.c: the table of this feature. See README.md. */
#include "features/waiting/waiting.h"

#include "features/waiting/pages.h"

static const struct route routes[] = {
    {GET, "/waiting",                 page_waiting_all, .perm = PERM_SELF,       .view = "waiting/all"},
    {GET, "/studies/{study}/waiting", page_waiting,     .perm = PERM_STUDY_READ, .view = "waiting/study"},
    {GET, "/studies/{study}/sites/{site}/working", page_working, .perm = PERM_SITE_READ, .view = "waiting/site"},
    {GET, "/me/seen",                 page_seen,        .perm = PERM_SELF,       .view = "waiting/seen"},
};
static const struct menu menus[] = {
    {"Who waits for whom", "/waiting", "scale", PERM_SELF, .mine = true, .place = 5},
    {"Waiting on", "/studies/{study}/waiting", "scale", PERM_STUDY_READ, .study = true, .place = 16},
    {"Working together", "/studies/{study}/sites/{site}/working", "handshake", PERM_SITE_READ, .study = true, .site = true, .place = 20},
};
static const char *const depends[] = {"studies", "commitments", "load", NULL};

const struct feature waiting_feature = {
    .name = "waiting", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .study_cards = pages_waiting_card,
};
