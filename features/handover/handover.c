/* handover.c: the table of this feature. See README.md. */
#include "features/handover/handover.h"

#include "features/handover/pages.h"

static const struct field item_form[] = {{"item", "item", FIELD_TEXT, .required = true, .max = 20}, {NULL}};
static const struct field refuse_form[] = {
    {"item", "item", FIELD_TEXT, .required = true, .max = 20},
    {"why", "why", FIELD_TEXT, .required = true, .max = 500},
    {NULL},
};
static const struct field none_form[] = {{NULL}};
static const struct field cover_form[] = {
    {"cover", "person", FIELD_TEXT, .required = true, .max = 20},
    {"from_on", "first day", FIELD_DATE, .required = true},
    {"to_on", "last day", FIELD_DATE, .required = true},
    {NULL},
};
static const struct field answer_form[] = {{"answer", "answer", FIELD_TEXT, .required = true, .max = 10}, {NULL}};
static const struct field offer_form[] = {
    {"from", "whose", FIELD_TEXT, .required = true, .max = 30},
    {"to", "to whom", FIELD_TEXT, .required = true, .max = 30},
    {"why", "why", FIELD_TEXT, .max = 500},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/handover",                   page_handovers,       .perm = PERM_SELF, .view = "handover/mine"},
    {POST, "/handover/cover",             page_cover_ask,       .perm = PERM_SELF, .view = "handover/mine", .form = cover_form, .audit = "cover.ask"},
    {POST, "/handover/cover/{cover}",     page_cover_answer,    .perm = PERM_SELF, .view = "handover/mine", .form = answer_form, .audit = "cover.answer"},
    {GET,  "/handover/{handover}",        page_handover,        .perm = PERM_SELF, .view = "handover/one"},
    {POST, "/handover/{handover}/take",   page_handover_take,   .perm = PERM_SELF, .view = "handover/one", .form = item_form, .audit = "handover.take"},
    {POST, "/handover/{handover}/all",    page_handover_all,    .perm = PERM_SELF, .view = "handover/one", .form = none_form, .audit = "handover.all"},
    {POST, "/handover/{handover}/refuse", page_handover_refuse, .perm = PERM_SELF, .view = "handover/one", .form = refuse_form, .audit = "handover.refuse"},
    {GET,  "/studies/{study}/handover",   page_study_handover,  .perm = PERM_DUE_ASK, .view = "handover/study"},
    {POST, "/studies/{study}/handover",   page_study_handover_offer, .perm = PERM_DUE_ASK, .view = "handover/study", .form = offer_form, .audit = "handover.offer"},
};

/* The handlers look them up. */
static err_t
resolve_later(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"handover", resolve_later}, {"cover", resolve_later}};
static const struct menu menus[] = {
    {"Hand-over", "/handover", "users", PERM_SELF, .mine = true, .place = 8, .count = page_handover_count},
    {"Hand-over", "/studies/{study}/handover", "users", PERM_DUE_ASK, .study = true, .place = 70},
};
static const struct deed deeds[] = {
    {"cover.ask", "asked somebody to cover"},
    {"cover.answer", "answered about covering"},
    {"handover.take", "took something over"},
    {"handover.all", "took everything over"},
    {"handover.refuse", "did not take something over"},
    {"handover.offer", "offered a hand-over"},
};
static const char *const depends[] = {"studies", "commitments", NULL};

const struct feature handover_feature = {
    .name = "handover", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
};
