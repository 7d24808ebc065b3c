/* load.c: the table of this feature. See README.md. */
#include "features/load/load.h"

#include "features/load/pages.h"

static const struct field hours_form[] = {{"hours", "hours of a week", FIELD_REAL, .required = true}, {NULL}};
static const struct field kind_form[] = {
    {"kind", "kind", FIELD_TEXT, .required = true, .max = 40},
    {"each", "hours", FIELD_REAL, .required = true},
    {NULL},
};
static const struct field away_form[] = {
    {"from_on", "first day", FIELD_DATE, .required = true},
    {"to_on", "last day", FIELD_DATE},
    {NULL},
};
static const struct field ref_form[] = {{"ref", NULL, FIELD_HIDDEN, .required = true, .max = 20}, {NULL}};
static const struct field share_form[] = {
    {"to", "person", FIELD_TEXT, .required = true, .max = 20},
    {"until", "last day", FIELD_DATE, .required = true},
    {NULL},
};
static const struct field item_form[] = {
    {"estimated", "hours you expect", FIELD_REAL},
    {"spent", "hours spent", FIELD_REAL},
    {"on", "day", FIELD_DATE},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/my-load",           page_load,           .perm = PERM_SELF, .view = "load/mine"},
    {POST, "/my-load/hours",     page_load_hours,     .perm = PERM_SELF, .view = "load/mine", .form = hours_form, .audit = "load.hours"},
    {POST, "/my-load/kind",      page_load_kind,      .perm = PERM_SELF, .view = "load/mine", .form = kind_form, .audit = "load.kind"},
    {POST, "/my-load/away",      page_load_away,      .perm = PERM_SELF, .view = "load/mine", .form = away_form, .audit = "load.away"},
    {POST, "/my-load/away/end",  page_load_away_end,  .perm = PERM_SELF, .view = "load/mine", .form = ref_form, .audit = "load.away.end"},
    {POST, "/my-load/share",     page_load_share,     .perm = PERM_SELF, .view = "load/mine", .form = share_form, .audit = "load.share"},
    {POST, "/my-load/share/end", page_load_share_end, .perm = PERM_SELF, .view = "load/mine", .form = ref_form, .audit = "load.share.end"},
    {GET,  "/my-load/shared",    page_load_shared,    .perm = PERM_SELF, .view = "load/shared"},
    {POST, "/due/{due}/hours",   page_load_item,      .perm = PERM_SELF, .view = "commitments/item", .form = item_form, .audit = "load.item"},
    {GET,  "/studies/{study}/load", page_load_team,   .perm = PERM_LOAD_TEAM, .view = "load/team"},
};
static const struct menu menus[] = {
    {"My load", "/my-load", "gauge", PERM_SELF, .mine = true, .place = 3, .also = {"/my-load/shared"}},
    {"Load of my staff", "/studies/{study}/load", "gauge", PERM_LOAD_TEAM, .study = true, .place = 17},
};
static const struct deed deeds[] = {
    {"load.hours", "kept how much they can carry"},
    {"load.kind", "kept their hours of a kind of thing"},
    {"load.away", "noted when they are away"},
    {"load.away.end", "took away a note of when they are away"},
    {"load.share", "shared their load"},
    {"load.share.end", "ended sharing their load"},
    {"load.item", "kept their hours on something due"},
};
static const char *const depends[] = {"studies", "commitments", NULL};

const struct feature load_feature = {
    .name = "load", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .due_cards = page_load_cards,
    .due_asides = page_load_asides,
};
