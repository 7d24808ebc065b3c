/* calendars.c: the table of this feature. See README.md. */
#include "features/calendars/calendars.h"

#include "core/countries.h"
#include "core/holidays_ics.h"
#include "features/calendars/pages.h"

static const char *const weekends[] = {"sat,sun", "fri,sat", "thu,fri", "fri", "sun", "none", NULL};
static const struct field add_form[] = {
    {"country", "country", FIELD_TEXT, .required = true, .max = 2},
    {"weekend", "weekend", FIELD_CHOICE, .required = true, .choices = weekends},
    {"file", "file", FIELD_FILE, .required = true},
    {NULL},
};
static const struct field use_form[] = {
    {"reason", "reason", FIELD_TEXT, .max = 500},
    {NULL},
};

static const struct route routes[] = {
    {GET,  "/calendars",           page_calendars,    .perm = PERM_SELF,  .view = "calendars/list"},
    {POST, "/calendars",           page_calendar_add, .perm = PERM_ADMIN, .view = "calendars/list", .form = add_form,
     .audit = "calendar.add", .body_max = HOLIDAYS_ICS_BYTES + (64 << 10), .flags = ROUTE_UPLOAD},
    {GET,  "/calendars/{country}", page_calendar,     .perm = PERM_SELF,  .view = "calendars/country"},
    {POST, "/calendars/{country}/{version}/use", page_calendar_use, .perm = PERM_ADMIN, .form = use_form,
     .audit = "calendar.use", .flags = ROUTE_REASON},
};

static err_t
country_resolve(struct ctx *c, const char *code, struct thing *t)
{
    if (!countries_name(code))
        return err_new(c->mem, E_NOT_FOUND, "There is no country with the code %s.", code);
    return NULL;
}

static err_t
version_resolve(struct ctx *c, const char *version, struct thing *t)
{
    return NULL; /* the handler looks it up inside the country */
}

static const struct resolver resolvers[] = {
    {"country", country_resolve},
    {"version", version_resolve},
};
static const struct menu menus[] = {
    {"Business days", "/calendars", "calendar-days", PERM_SELF, .place = 80},
};
static const struct deed deeds[] = {
    {"calendar.add", "brought in a calendar of holidays"},
    {"calendar.use", "put a calendar of holidays in force"},
    {"calendar.import", "brought in a calendar of holidays and put it in force"},
    {"calendar.ship", "brought the calendars that come with the program"},
};
static const struct option import_options[] = {
    {"--country", "CODE", "whose holidays they are, such as DE"},
    {"--weekend", "DAYS", "the days that are never worked: sat,sun (default), fri,sat, sun, none"},
    {"--reason", "TEXT", "why it takes the place of the one in force"},
    {"--dry-run", NULL, "read the file and say what is in it, change nothing"},
    {NULL, NULL, NULL},
};
static const struct command commands[] = {
    {"import holidays", "FILE.ics", "bring in a country's public holidays, an iCalendar file, and put them in force",
     import_options, NEEDS_DB, 1, 1, command_import_holidays},
};

const struct feature calendars_feature = {
    .name = "calendars",
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .commands = commands, .n_commands = COUNT_OF(commands),
};
