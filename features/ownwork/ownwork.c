/* ownwork.c: the table of this feature. See README.md. */
#include "features/ownwork/ownwork.h"

#include "features/ownwork/pages.h"

static const struct field new_form[] = {
    {"name", "name of the study", FIELD_TEXT, .required = true, .max = 200},
    {"sponsor", "sponsor", FIELD_TEXT, .max = 200},
    {NULL},
};
static const struct field item_form[] = {
    {"title", "what", FIELD_TEXT, .required = true, .max = LINES_WHAT},
    {"who", "who asks", FIELD_TEXT, .max = LINES_WHO},
    {"due_on", "day", FIELD_DATE, .required = true},
    {NULL},
};
static const struct field person_form[] = {
    {"person", "person", FIELD_TEXT, .required = true, .max = 20},
    {NULL},
};
static const struct field feed_form[] = {
    {"url", "address", FIELD_TEXT, .required = true, .max = 1000},
    {NULL},
};
static const struct field paste_form[] = {
    {"text", "list", FIELD_LONG, .required = true, .max = 60000},
    {NULL},
};
static const struct field file_form[] = {
    {"file", "file", FIELD_FILE, .required = true},
    {NULL},
};
static const struct field none_form[] = {{NULL}};

static const struct route routes[] = {
    {GET,  "/own",                  page_own_list, .perm = PERM_OWN_WORK, .view = "ownwork/list"},
    {POST, "/own",                  page_own_new,  .perm = PERM_OWN_WORK, .view = "ownwork/list", .form = new_form, .audit = "own.new"},
    {GET,  "/own/{own}",            page_own_one,      .perm = PERM_SELF, .view = "ownwork/one"},
    {POST, "/own/{own}/item",       page_own_item, .perm = PERM_SELF, .view = "ownwork/one", .form = item_form, .audit = "own.item"},
    {POST, "/own/{own}/end",        page_own_end,  .perm = PERM_SELF, .view = "ownwork/one", .form = none_form, .audit = "own.end"},
    {POST, "/own/{own}/share",      page_own_share, .perm = PERM_SELF, .view = "ownwork/one", .form = person_form, .audit = "own.share"},
    {POST, "/own/{own}/unshare",    page_own_unshare, .perm = PERM_SELF, .view = "ownwork/one", .form = person_form, .audit = "own.unshare"},
    {POST, "/own/{own}/feed",       page_own_feed, .perm = PERM_SELF, .view = "ownwork/one", .form = feed_form, .audit = "own.feed"},
    {POST, "/own/{own}/feed/end",   page_own_feed_end, .perm = PERM_SELF, .view = "ownwork/one", .form = none_form, .audit = "own.feed.end"},
    {POST, "/own/{own}/list",       page_own_paste, .perm = PERM_SELF, .view = "ownwork/one", .form = paste_form, .audit = "own.list"},
    {POST, "/own/{own}/file",       page_own_file, .perm = PERM_SELF, .view = "ownwork/one", .form = file_form, .audit = "own.list",
     .body_max = FETCH_MOST + (64 << 10), .flags = ROUTE_UPLOAD},
    {GET,  "/own/{own}/look/{own_draft}", page_own_draft, .perm = PERM_SELF, .view = "ownwork/draft"},
    {POST, "/own/{own}/look/{own_draft}", page_own_take, .perm = PERM_SELF, .view = "ownwork/draft", .form = none_form, .audit = "own.take"},
};

static err_t
resolve_own(struct ctx *c, const char *value, struct thing *t)
{
    struct own o;
    return own_find(c, value, &o);
}
/* Looked up by its handler, inside the study that was resolved before it. */
static err_t
resolve_later(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"own", resolve_own}, {"own_draft", resolve_later}};

static const struct menu menus[] = {
    {"Other studies", "/own", "folder", PERM_OWN_WORK, .phone = true, .mine = true, .place = 6},
};
static const struct deed deeds[] = {
    {"own.new", "added a study of the site’s own"},
    {"own.item", "added something due to a study of the site’s own"},
    {"own.end", "changed whether a study of the site’s own goes on"},
    {"own.share", "shared a study of the site’s own with a colleague"},
    {"own.unshare", "shared a study of the site’s own no longer"},
    {"own.feed", "gave the calendar address of a study of the site’s own"},
    {"own.feed.end", "ended the calendar address of a study of the site’s own"},
    {"own.feed.read", "read the calendar of a study of the site’s own"},
    {"own.list", "looked over a list for a study of the site’s own"},
    {"own.take", "took a list into a study of the site’s own"},
};
static const char *const depends[] = {"commitments", NULL};

const struct feature ownwork_feature = {
    .name = "ownwork", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .far_job = own_job,
};
