/* answers.c: the table of this feature. See README.md. */
#include "features/answers/answers.h"

#include "features/answers/pages.h"

static const char *const days[] = {"7", "14", "30", "90", NULL}; /* that a link holds */
static const struct field ask_form[] = {
    {"name", "name", FIELD_TEXT, .required = true, .max = 120},
    {"organisation", "organisation", FIELD_TEXT, .max = 200},
    {"email", "e-mail address", FIELD_EMAIL, .required = true},
    {"title", "what is asked", FIELD_TEXT, .required = true, .max = 300},
    {"body", "details", FIELD_LONG, .max = 8000},
    {"due_on", "day", FIELD_DATE},
    {"mail", "by mail", FIELD_BOOL},
    {"days", "days", FIELD_CHOICE, .choices = days},
    {NULL},
};
static const struct field step_form[] = {
    {"why", "why", FIELD_LONG, .max = 1000},
    {"date", "day", FIELD_DATE},
    {"file", "file", FIELD_FILE},
    {NULL},
};
static const struct field say_form[] = {
    {"text", "words", FIELD_LONG, .max = 8000},
    {"file", "file", FIELD_FILE},
    {NULL},
};
static const struct field none_form[] = {{NULL}};

enum { BODY = PAPER_MOST + (64 << 10) };
static const struct route routes[] = {
    {GET,  "/studies/{study}/ask/outside", page_outside, .perm = PERM_DUE_ASK, .view = "answers/ask"},
    {POST, "/studies/{study}/ask/outside", page_outside_ask, .perm = PERM_DUE_ASK, .view = "answers/ask", .form = ask_form, .audit = "answer.ask"},
    {GET,  "/a/{answer}",               page_answer,      .perm = PERM_PUBLIC, .view = "answers/link"},
    {POST, "/a/{answer}/step/{step}",   page_answer_step, .perm = PERM_PUBLIC, .view = "answers/link", .form = step_form,
     .audit = "due.step", .body_max = BODY, .flags = ROUTE_UPLOAD | ROUTE_NO_CSRF},
    {POST, "/a/{answer}/say",           page_answer_say,  .perm = PERM_PUBLIC, .view = "answers/link", .form = say_form,
     .audit = "due.say", .body_max = BODY, .flags = ROUTE_UPLOAD | ROUTE_NO_CSRF},
    {POST, "/a/{answer}/undo",          page_answer_undo, .perm = PERM_PUBLIC, .view = "answers/link", .form = none_form,
     .audit = "due.undo", .flags = ROUTE_NO_CSRF},
    {GET,  "/a/{answer}/files/{answer_file}", page_answer_file, .perm = PERM_PUBLIC},
    {GET,  "/due/{due}/files/{answer_file}", page_answer_paper, .perm = PERM_SELF},
    {POST, "/due/{due}/link",           page_answer_link, .perm = PERM_SELF, .view = "answers/made", .form = none_form, .audit = "answer.link"},
    {POST, "/due/{due}/link/end",       page_answer_end,  .perm = PERM_SELF, .view = "answers/made", .form = none_form, .audit = "answer.end"},
};

/* What these parts name is looked up by their handlers: a link opens itself alone. */
static err_t
resolve_later(struct ctx *c, const char *value, struct thing *t)
{
    return NULL;
}
static const struct resolver resolvers[] = {{"answer", resolve_later}, {"answer_file", resolve_later}};
static const struct deed deeds[] = {
    {"answer.ask", "asked somebody without an account"},
    {"answer.link", "made a new link to answer"},
    {"answer.end", "ended the link to answer"},
};
static const char *const depends[] = {"studies", "commitments", "notices", NULL};

const struct feature answers_feature = {
    .name = "answers", .depends = depends,
    .routes = routes, .n_routes = COUNT_OF(routes),
    .resolvers = resolvers, .n_resolvers = COUNT_OF(resolvers),
    .deeds = deeds, .n_deeds = COUNT_OF(deeds),
    .due_cards = page_answer_cards,
    .stepped = letter_stepped,
    .job = misses_job,
};
