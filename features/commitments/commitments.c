/* commitments.c: the table of this feature. See README.md. */
#include "features/commitments/commitments.h"

#include "db/db.h"
#include "features/commitments/clock.h"
#include "features/commitments/pages.h"
#include "features/studies/studies.h"

static const struct field note_form[] = {
    {"title", "what", FIELD_TEXT, .required = true, .max = 300},
    {"due_on", "day", FIELD_DATE, .required = true},
    {NULL},
};
static const struct field ask_form[] = {
    {"to", "person", FIELD_TEXT, .required = true, .max = 20},
    {"title", "what is asked", FIELD_TEXT, .required = true, .max = 300},
    {"kind", "kind", FIELD_TEXT, .max = 40},
    {"body", "details", FIELD_TEXT, .max = 8000},
    {"due_on", "day", FIELD_DATE},
    {"repeat", "how often", FIELD_TEXT, .max = 10},
    {"every_n", "business days", FIELD_INT, .least = 1, .most = 60},
    {"until", "last day", FIELD_DATE},
    {NULL},
};
static const struct field step_form[] = {
    {"why", "why", FIELD_TEXT, .max = 1000},
    {"date", "day", FIELD_DATE},
    {"told", "told by telephone", FIELD_BOOL},
    {"next", NULL, FIELD_HIDDEN, .max = 10},
    {NULL},
};
static const struct field say_form[] = {
    {"text", "words", FIELD_TEXT, .required = true, .max = 8000},
    {NULL},
};
static const struct field wait_form[] = {{"other", "what it waits on", FIELD_TEXT, .required = true, .max = 20}, {NULL}};
static const struct field pass_form[] = {
    {"to", "colleague", FIELD_TEXT, .required = true, .max = 20},
    {"why", "why", FIELD_TEXT, .max = 1000},
    {NULL},
};
static const struct field back_form[] = {{"why", "why", FIELD_TEXT, .max = 1000}, {NULL}};
static const struct field ladder_form[] = {
    {"after", "business days", FIELD_INT, .many = true, .least = 0, .most = 60},
    {"role", "role", FIELD_TEXT, .many = true, .max = 40},
    {NULL},
};
static const struct field none_form[] = {{NULL}};

static const struct route routes[] = {
    {GET,  "/my-day",                 page_day,      .perm = PERM_SELF, .view = "commitments/day"},
    {POST, "/my-day",                 page_day_note, .perm = PERM_SELF, .view = "commitments/day", .form = note_form, .audit = "due.note"},
    {GET,  "/my-day/feed",            page_feed,     .perm = PERM_SELF, .view = "commitments/feed"},
    {POST, "/my-day/feed",            page_feed_make, .perm = PERM_SELF, .view = "commitments/feed", .form = none_form, .audit = "due.feed"},
    {POST, "/my-day/feed/end",        page_feed_end, .perm = PERM_SELF, .view = "commitments/feed", .form = none_form, .audit = "due.feed.end"},
    {GET,  "/feed/{feed}",            page_feed_read, .perm = PERM_PUBLIC},
    {GET,  "/due/{due}",              page_due,      .perm = PERM_SELF, .view = "commitments/item"},
    {POST, "/due/{due}/say",          page_due_say,  .perm = PERM_SELF, .view = "commitments/item", .form = say_form, .audit = "due.say"},
    {POST, "/due/{due}/undo",         page_due_undo, .perm = PERM_SELF, .view = "commitments/item", .form = none_form, .audit = "due.undo"},
    {POST, "/due/{due}/step/{step}",  page_due_step, .perm = PERM_SELF, .view = "commitments/item", .form = step_form, .audit = "due.step"},
    {POST, "/due/{due}/wait",         page_due_wait,     .perm = PERM_SELF, .view = "commitments/item", .form = wait_form, .audit = "due.wait"},
    {POST, "/due/{due}/wait/end",     page_due_wait_end, .perm = PERM_SELF, .view = "commitments/item", .form = none_form, .audit = "due.wait-end"},
    {POST, "/due/{due}/pass",         page_due_pass,     .perm = PERM_SELF, .view = "commitments/item", .form = pass_form, .audit = "due.pass"},
    {POST, "/due/{due}/pass/back",    page_due_pass_back, .perm = PERM_SELF, .view = "commitments/item", .form = back_form, .audit = "due.pass-back"},
    {POST, "/due/{due}/series/end",   page_due_series_end, .perm = PERM_SELF, .view = "commitments/item", .form = none_form, .audit = "due.series-end"},
    {GET,  "/help/due",               page_due_help, .perm = PERM_SELF, .view = "commitments/help"},
    {GET,  "/studies/{study}/due",    page_study_due, .perm = PERM_STUDY_READ, .view = "commitments/study"},
    {GET,  "/studies/{study}/ladder", page_ladder,   .perm = PERM_DUE_READ, .view = "commitments/ladder"},
    {POST, "/studies/{study}/ladder", page_ladder_set, .perm = PERM_DUE_LADDER, .view = "commitments/ladder", .form = ladder_form, .audit = "due.ladder"},
    {GET,  "/studies/{study}/ask",    page_ask,      .perm = PERM_DUE_ASK, .view = "commitments/ask"},
    {POST, "/studies/{study}/ask",    page_ask_send, .perm = PERM_DUE_ASK, .view = "commitments/ask", .form = ask_form, .audit = "due.ask"},
};

static err_t
resolve_due(struct ctx *c, const char *value, struct thing *t)
{
    struct due_find_row row;
    bool found, owing, asking;
    TRY(db_maybe(c, &DUE_FIND, DB_IN(db_text(value)), &row, &found));
    if (!found)
        return err_new(c->mem, E_NOT_FOUND, "There is nothing here, or it is not open to you.");
    return due_look(c, row.id, t, &owing, &asking);
}
/* What these parts name is looked up by their handlers. */
static err_t
resolve_later(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"due", resolve_due}, {"step", resolve_later}, {"feed", resolve_later}};

static const struct menu menus[] = {
    {"My day", "/my-day", "sun", PERM_SELF, .phone = true, .mine = true, .place = 1, .count = page_day_count},
    {"What is due", "/studies/{study}/due", "list-checks", PERM_STUDY_READ, .study = true, .phone = true, .place = 15,
     .also = {"/studies/{study}/ask"}},
};
static const struct deed deeds[] = {
    {"due.note", "noted something to do"},
    {"due.ask", "asked for something"},
    {"due.say", "wrote in a thread"},
    {"due.feed", "made a private calendar address"},
    {"due.feed.end", "ended the private calendar address"},
    {"due.undo", "took the last step back"},
    {"due.series-end", "ended what repeats"},
    {"due.ladder", "changed to whom lateness is told"},
    {"due.escalate", "told further up that something is late"},
    {"due.wait", "let something wait on another thing"},
    {"due.wait-end", "let something that waited go on"},
    {"due.pass", "asked a colleague to do something"},
    {"due.pass-back", "gave something back to who owes it"},
    {"due.step", "took a step"},
#define ACTION(name, word, button, done) {"due." word, done},
#include "features/commitments/steps.def"
};
/* Who works with others day by day begins with the queue, who manages one study with its first page; who directs,
 * or manages several, with the portfolio. */
static const char *
first_page(struct ctx *c)
{
    const struct who *w = c->who;
    struct thing t;
    int64_t study = 0;
    if (may(w, PERM_DUE_ACT_SITE, NULL) || may_has_role(w, ROLE_CRA) || may_has_role(w, ROLE_UNBLINDED_CRA) || may_has_role(w, ROLE_CTA))
        return "/my-day";
    for (size_t i = 0; i < w->n_rights; i++) {
        const struct right *r = &w->rights[i];
        if (r->role != ROLE_STUDY_MANAGER || (study && study != r->study))
            return NULL;
        study = r->study;
    }
    if (!study || study_thing(c, study, &t))
        return NULL;
    return arena_printf(c->mem, "/studies/%s", t.study_ref);
}
static const char *const depends[] = {"studies", NULL};

const struct feature commitments_feature = {
    .name = "commitments", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .menus = menus, .n_menus = COUNT_OF(menus),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .first_page = first_page,
    .job = clock_job,
};
