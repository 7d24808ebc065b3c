/* playbooks.c: the table of this feature. See README.md. */
#include "features/playbooks/playbooks.h"

#include "core/sign.h"
#include "features/playbooks/pages.h"

static const struct field line_form[] = {
    {"event", "event", FIELD_TEXT, .required = true, .max = 40},
    {"key", "line", FIELD_TEXT, .required = true, .max = 40},
    {"what", "what", FIELD_TEXT, .required = true, .max = 200},
    {"owing", "who owes it", FIELD_TEXT, .required = true, .max = 40},
    {"asking", "whom it is owed to", FIELD_TEXT, .required = true, .max = 40},
    {"n", "how many", FIELD_INT, .required = true, .least = -3660, .most = 3660},
    {"unit", "unit", FIELD_TEXT, .required = true, .max = 20},
    {"calendar", "calendar", FIELD_TEXT, .required = true, .max = 20},
    {"hours", "hours", FIELD_INT, .least = 0, .most = 1000},
    {"source", "source", FIELD_TEXT, .max = 300},
    {"off", "left out", FIELD_BOOL},
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};
static const struct field sign_form[] = {SIGN_FIELD, {NULL}};
static const struct field event_form[] = {
    {"event", "event", FIELD_TEXT, .required = true, .max = 40},
    {"site", "site", FIELD_TEXT, .max = 20},
    {"day", "day", FIELD_DATE, .required = true},
    {"time", "time", FIELD_TEXT, .max = 5},
    {"subject", "which one", FIELD_TEXT, .max = 120},
    {NULL},
};
static const struct field move_form[] = {{"day", "day", FIELD_DATE, .required = true}, {NULL}};
static const struct field end_form[] = {{"why", "why", FIELD_TEXT, .required = true, .max = 500}, {NULL}};

static const struct route routes[] = {
    {GET,  "/studies/{study}/playbook",      page_playbook,      .perm = PERM_STUDY_READ,    .view = "playbooks/playbook"},
    {POST, "/studies/{study}/playbook",      page_playbook_line, .perm = PERM_PLAYBOOK_EDIT, .view = "playbooks/playbook", .form = line_form, .audit = "playbook.change", .flags = ROUTE_REASON},
    {POST, "/studies/{study}/playbook/sign", page_playbook_sign, .prepare = sign_prepare, .perm = PERM_PLAYBOOK_EDIT, .view = "playbooks/playbook", .form = sign_form, .audit = "playbook.sign", .flags = ROUTE_SLOW},
    {POST, "/studies/{study}/sites/{site}/playbook", page_playbook_sign_site, .prepare = sign_prepare, .perm = PERM_PLAYBOOK_SIGN_SITE, .view = "playbooks/playbook", .form = sign_form, .audit = "playbook.sign_site", .flags = ROUTE_SLOW},
    {GET,  "/studies/{study}/events",        page_events,        .perm = PERM_PLAYBOOK_EVENTS, .view = "playbooks/events"},
    {POST, "/studies/{study}/events",        page_event_add,     .perm = PERM_PLAYBOOK_EVENTS, .view = "playbooks/events", .form = event_form, .audit = "event.note"},
    {POST, "/studies/{study}/events/{event}/move", page_event_move, .perm = PERM_PLAYBOOK_EVENTS, .view = "playbooks/events", .form = move_form, .audit = "event.move"},
    {POST, "/studies/{study}/events/{event}/end", page_event_end, .perm = PERM_PLAYBOOK_EVENTS, .view = "playbooks/events", .form = end_form, .audit = "event.end"},
};

/* Looked up inside its study by the handler. */
static err_t
resolve_event(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"event", resolve_event}};

static const struct menu menus[] = {
    {"Playbook", "/studies/{study}/playbook", "handshake", PERM_STUDY_READ, .study = true, .place = 50, .also = {"/studies/{study}/events"}},
};
static const struct deed deeds[] = {
    {"playbook.change", "changed a line of the playbook"},
    {"playbook.sign", "signed the playbook for the sponsor"},
    {"playbook.sign_site", "signed the playbook for the site"},
    {"event.note", "noted an event"},
    {"event.move", "moved an event"},
    {"event.end", "ended an event"},
};
static const char *const depends[] = {"studies", "commitments", NULL};

const struct feature playbooks_feature = {
    .name = "playbooks", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
};
